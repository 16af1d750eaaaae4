"""What an event's context and properties tell of where it came from and who sent it."""

from functools import lru_cache
from typing import Any, Final

import msgspec

from fanwheel.cdp.events.wire import is_too_deep
from fanwheel.cdp.sources import Evidence

Ref = tuple[str, str]  # kind and raw value of an identifier

_NULL: Final = msgspec.Raw(b"null")
_EXTERNAL_KINDS: Final = frozenset(
    {
        "email", "phone", "user_id", "anonymous_id", "openid", "unionid", "wecom_external_userid", "douyin_open_id",
        "tiktok_open_id", "telegram_id", "line_id",
    }
)  # fmt: skip


# Traits that identify; an openid needs a look at its app.
_CONTACTS: Final = (
    "email", "phone", "unionid", "wecom_external_userid", "douyin_open_id", "tiktok_open_id", "telegram_id", "line_id",
)  # fmt: skip


class _Page(msgspec.Struct):
    url: Any = None
    referrer: Any = None


class _Referrer(msgspec.Struct):
    url: Any = None


class _Device(msgspec.Struct):
    id: Any = None


class _ExternalId(msgspec.Struct):
    id: Any = None
    type: Any = None


class _Context(msgspec.Struct):
    """The parts of ``context`` that ingest reads."""

    page: _Page | None = None
    referrer: _Referrer | None = None
    campaign: dict[str, Any] | None = None
    device: _Device | None = None
    channel: Any = None
    link: Any = None
    traits: msgspec.Raw = _NULL
    externalIds: list[_ExternalId] | None = None


class _Hints(msgspec.Struct):
    """The parts of ``properties`` that tell where an event came from."""

    url: Any = None
    referrer: Any = None
    channel: Any = None
    link: Any = None
    source: Any = None
    current_url: Any = msgspec.field(name="$current_url", default=None)
    ph_referrer: Any = msgspec.field(name="$referrer", default=None)
    utm_source: Any = None
    utm_medium: Any = None
    utm_campaign: Any = None
    utm_term: Any = None
    utm_content: Any = None


class _Contact(msgspec.Struct):
    """The traits that identify somebody."""

    email: Any = None
    phone: Any = None
    unionid: Any = None
    openid: Any = None
    openid_app: Any = None
    wecom_external_userid: Any = None
    douyin_open_id: Any = None
    tiktok_open_id: Any = None
    telegram_id: Any = None
    line_id: Any = None


class ContextFacts(msgspec.Struct, frozen=True):
    """What one context tells: identifiers in it, its traits, and where the event came from."""

    refs: tuple[Ref, ...] = ()
    devices: tuple[Ref, ...] = ()
    traits: bytes = b"{}"
    evidence: Evidence | None = None
    too_deep: bool = False


_context_decoder: Final = msgspec.json.Decoder(_Context)
_hints_decoder: Final = msgspec.json.Decoder(_Hints)
_contact_decoder: Final = msgspec.json.Decoder(_Contact)
_NOTHING: Final = ContextFacts()
_TOO_DEEP: Final = ContextFacts(too_deep=True)
_NO_HINTS: Final = _Hints()
_NO_EVIDENCE: Final = Evidence()


@lru_cache(maxsize=8192)
def read_context(raw: bytes) -> ContextFacts:
    """What a context tells; a context of another shape tells nothing. Servers send the same one again and again."""
    if is_too_deep(raw):
        return _TOO_DEEP
    try:
        said = _context_decoder.decode(raw)
    except msgspec.DecodeError:
        return _NOTHING
    traits = bytes(said.traits)
    traits = traits if traits[:1] == b"{" else b"{}"
    external = [
        (item.type, value)
        for item in said.externalIds or ()
        if item.type in _EXTERNAL_KINDS and (value := read_id(item.id))
    ]
    device = read_id(said.device.id) if said.device else ""
    return ContextFacts(
        refs=(*read_contacts(traits), *external),
        devices=(("device_id", device),) if device else (),
        traits=traits,
        evidence=_evidence(said, None),
    )


def find_evidence(raw: bytes, facts: ContextFacts, properties: bytes) -> Evidence | None:
    """What says where an event came from, or None where nothing does."""
    try:
        hints = _hints_decoder.decode(properties)
        return facts.evidence if hints == _NO_HINTS else _evidence(_context_decoder.decode(raw), hints)
    except msgspec.DecodeError:
        return facts.evidence


def read_contacts(traits: bytes) -> list[Ref]:
    """The identifiers among traits."""
    if traits == b"{}":
        return []
    try:
        contact = _contact_decoder.decode(traits)
    except msgspec.DecodeError:
        return []
    refs = [(kind, value) for kind in _CONTACTS if (value := read_id(getattr(contact, kind)))]
    if openid := read_id(contact.openid):
        # An openid is unique within one app only.
        refs.append(("openid", f"{read_id(contact.openid_app)}:{openid}" if contact.openid_app else openid))
    return refs


def read_id(value: object) -> str:
    """An identifier as text; empty for anything that cannot be one."""
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _evidence(said: _Context, hints: _Hints | None) -> Evidence | None:
    campaign = _campaign(said.campaign, hints)
    page = said.page
    found = Evidence(
        url=_text((page and page.url) or (hints and (hints.url or hints.current_url))),
        referrer=_text(
            (page and page.referrer)
            or (said.referrer and said.referrer.url)
            or (hints and (hints.referrer or hints.ph_referrer))
        ),
        campaign_source=campaign.get("source", ""),
        campaign_medium=campaign.get("medium", ""),
        campaign_name=campaign.get("name", ""),
        campaign_term=campaign.get("term", ""),
        campaign_content=campaign.get("content", ""),
        channel=_text(said.channel or (hints and hints.channel)),
        source=_text(hints and hints.source),
        link=_text(said.link or (hints and hints.link)),
    )
    return None if found == _NO_EVIDENCE else found


def _campaign(campaign: dict[str, Any] | None, hints: _Hints | None) -> dict[str, str]:
    found = {name: text for name, value in (campaign or {}).items() if (text := _text(value))}
    if hints:
        for name in ("source", "medium", "campaign", "term", "content"):
            if text := _text(getattr(hints, f"utm_{name}")):
                found.setdefault("name" if name == "campaign" else name, text)
    return found


def _text(value: object) -> str:
    return value[:2048] if isinstance(value, str) else ""
