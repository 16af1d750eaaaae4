"""Messages that staff must confirm before they go out (企业群发): made as tasks, and asked after."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import msgspec

from fanwheel.domains.private.channels import reading
from fanwheel.domains.private.channels.contracts import Address, Outgoing, Receipt, Sent
from fanwheel.domains.private.channels.errors import RefusedError, SendError
from fanwheel.domains.private.tencent import Api
from fanwheel.domains.private.wecom import wire
from fanwheel.domains.private.wecom.about import ADDRESS

MOST_TOGETHER: Final = 10_000
_PAGE: Final = 1000
_OUTCOMES: Final[Mapping[int, tuple[str, str]]] = {
    1: ("confirmed", ""),
    2: ("failed", "not_in_contact"),
    3: ("failed", "had_another_message"),
}


class _Asked(NamedTuple):
    """A task, and whom of its people we want to hear of."""

    task: str
    people: frozenset[str]


class Tasks:
    """Makes tasks and tells what became of them. ``sender`` is who must confirm, unless a message says who."""

    def __init__(self, api: Api, *, sender: str) -> None:
        self._api = api
        self._sender = sender

    async def make(self, messages: Sequence[Outgoing]) -> list[Sent | SendError]:
        """One task for all messages of the same words and staff; the outcome for each, in their order."""
        together: dict[tuple[bytes, str], list[int]] = {}
        for number, message in enumerate(messages):
            same = (msgspec.json.encode(message.parts), message.staff or self._sender)
            together.setdefault(same, []).append(number)
        outcomes: dict[int, Sent | SendError] = {}
        for (_, staff), numbers in together.items():
            for begin in range(0, len(numbers), MOST_TOGETHER):
                some = numbers[begin : begin + MOST_TOGETHER]
                made = await self._make_one([messages[number] for number in some], staff)
                outcomes |= zip(some, made, strict=True)
        return [outcomes[number] for number in range(len(messages))]

    async def _make_one(self, messages: Sequence[Outgoing], staff: str) -> Sequence[Sent | SendError]:
        try:
            body: dict[str, Any] = {
                "chat_type": "single",
                "external_userid": list(dict.fromkeys(message.to.value for message in messages)),
                **await wire.letter(messages[0].parts, self._api.media),
            }
            if staff:
                body["sender"] = staff
            answer = await self._api.post("/cgi-bin/externalcontact/add_msg_template", body)
        except SendError as error:
            return [error] * len(messages)
        failed = frozenset(answer.get("fail_list") or ())
        task = reading.text(answer, "msgid")
        return [_outcome(message.to.value, task, failed) for message in messages]

    async def follow_up(self, platform_ids: Sequence[str], *, now: datetime) -> list[Receipt]:
        """What staff have confirmed by now, and whom it did not reach."""
        return [
            receipt
            for asked in _by_task(platform_ids)
            async for staff in self._staff(asked.task)
            async for receipt in self._results(asked, staff, now)
        ]

    async def remind(self, platform_id: str) -> None:
        """Remind staff of a task; WeCom allows it three times a day."""
        body = {"msgid": platform_id.partition("/")[0]}
        await self._api.post("/cgi-bin/externalcontact/remind_groupmsg_send", body)

    async def _staff(self, task: str) -> AsyncIterator[str]:
        async for page in self._pages("/cgi-bin/externalcontact/get_groupmsg_task", {"msgid": task}):
            for one in reading.objects(page, "task_list"):
                if staff := reading.text(one, "userid"):
                    yield staff

    async def _results(self, asked: _Asked, staff: str, now: datetime) -> AsyncIterator[Receipt]:
        question = {"msgid": asked.task, "userid": staff}
        async for page in self._pages("/cgi-bin/externalcontact/get_groupmsg_send_result", question):
            for one in reading.objects(page, "send_list"):
                person, status = reading.text(one, "external_userid"), one.get("status")
                outcome = _OUTCOMES.get(status) if isinstance(status, int) else None
                if outcome and person in asked.people:
                    state, detail = outcome
                    yield Receipt(
                        key=f"{asked.task}/{person}/{status}",
                        at=reading.moment(one.get("send_time"), otherwise=now),
                        sender=Address(ADDRESS, person),
                        state="confirmed" if state == "confirmed" else "failed",
                        platform_id=f"{asked.task}/{person}",
                        is_permanent=detail == "not_in_contact",
                        detail=detail,
                    )

    async def _pages(self, path: str, question: Mapping[str, Any]) -> AsyncIterator[Mapping[str, Any]]:
        cursor = ""
        while True:
            page = await self._api.post(path, {**question, "limit": _PAGE, **({"cursor": cursor} if cursor else {})})
            yield page
            cursor = reading.text(page, "next_cursor")
            if not cursor:
                return


def _outcome(person: str, task: str, failed: frozenset[str]) -> Sent | SendError:
    if person in failed:
        # Another member of staff, or next month's quota, may reach them: who really left is told by callbacks.
        return RefusedError("WeCom cannot reach this customer through the staff named.", code="fail_list")
    return Sent(platform_id=f"{task}/{person}", state="task")


def _by_task(platform_ids: Sequence[str]) -> list[_Asked]:
    people: dict[str, set[str]] = {}
    for platform_id in platform_ids:
        task, separator, person = platform_id.partition("/")
        if separator:
            people.setdefault(task, set()).add(person)
    return [_Asked(task, frozenset(some)) for task, some in people.items()]
