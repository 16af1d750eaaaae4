"""A menu on TikTok: words of welcome, suggested questions, and prompts above the keyboard.

TikTok keeps them one by one and refuses one that is there already, so what is there is taken away before what is to be
there is put up. Switching a kind on hides what it had, so that comes before.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

from fanwheel.domains.private.channels import calls, reading, wording

_API: Final = "/business/message/auto_message"
_WELCOME, _QUESTION, _PROMPT = "WELCOME_MESSAGE", "SUGGESTED_QUESTION", "CHAT_PROMPT"
_MOST: Final = {_WELCOME: 1, _QUESTION: 3, _PROMPT: 6}
_LENGTHS: Final = {"title": 18, "content": 150, "question": 80, "answer": 200}
_WELCOME_LENGTH: Final = 250

Ask = Callable[..., Awaitable[calls.Reply]]


async def publish(menu: Mapping[str, Any], ask: Ask, *, business: str) -> None:
    """Put it in the place of the one that is shown; TikTok reviews every piece of it first.

    Raises
    ------
    RefusedError
        If a piece is longer than TikTok takes; nothing is changed then.
    SendError
        If TikTok refuses it; a part of it may be up already.
    """
    wanted = {kind: _pieces(kind, menu) for kind in _MOST}
    for kind, pieces in wanted.items():
        _require_fitting(kind, pieces)
    for kind, pieces in wanted.items():
        await _replace(kind, pieces, ask, business=business)


async def _replace(kind: str, pieces: Sequence[dict[str, Any]], ask: Ask, *, business: str) -> None:
    owner = {"business_id": business, "auto_message_type": kind}
    found = (await ask("GET", f"{_API}/get/", params=owner)).data.get("data", {})
    shown = [reading.text(each, "auto_message_id") for each in reading.objects(found, "auto_messages")]
    is_on = reading.text(found, "operation_status") == "ENABLE"
    if bool(pieces) != is_on:
        status = {**owner, "operation_status": "ENABLE" if pieces else "DISABLE"}
        await ask("POST", f"{_API}/status/update/", json=status)
    if kind == _WELCOME:
        if pieces:  # it can be changed and switched off, and never be deleted
            known = {"auto_message_id": shown[0]} if shown else {}
            await ask("POST", f"{_API}/{'update' if shown else 'create'}/", json={**owner, **known, **pieces[0]})
        return
    for number in shown:
        await ask("POST", f"{_API}/delete/", json={**owner, "auto_message_id": number})
    for piece in pieces:
        await ask("POST", f"{_API}/create/", json={**owner, **piece})


def _pieces(kind: str, menu: Mapping[str, Any]) -> list[dict[str, Any]]:
    if kind == _WELCOME:
        return [{"welcome_message": {"content": menu["welcome"]}}] if menu.get("welcome") else []
    name, listed = ("chat_prompt", "prompts") if kind == _PROMPT else ("suggested_question", "questions")
    return [{name: dict(each)} for each in menu.get(listed, ())]


def _require_fitting(kind: str, pieces: Sequence[dict[str, Any]]) -> None:
    wording.require_count(1, kind.lower().replace("_", " ") + "s", len(pieces), least=0, most=_MOST[kind])
    for number, piece in enumerate(pieces, start=1):
        for inside in piece.values():
            for name, text in inside.items():
                most = _WELCOME_LENGTH if kind == _WELCOME else _LENGTHS[name]
                wording.require_text(number, name, str(text), most=most)
