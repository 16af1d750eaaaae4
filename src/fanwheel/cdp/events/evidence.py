"""What an event's context and properties tell of where it came from and who sent it."""

from functools import lru_cache
from typing import Any, Final

import msgspec

from fanwheel.cdp.sources import Evidence


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


class Context(msgspec.Struct):
    """The parts of ``context`` that ingest reads."""

    page: _Page | None = None
    referrer: _Referrer | None = None
    campaign: dict[str, Any] | None = None
    device: _Device | None = None
    channel: Any = None
    link: Any = None
    traits: msgspec.Raw = msgspec.Raw(b"null")
    externalIds: list[_ExternalId] | None = None


class _Hints(msgspec.Struct):
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


_MARKS: Final = (b'"utm_', b'"url"', b'"channel"', b'"link"', b'"$current_url"', b'"referrer"', b'"source"')
_context_decoder: Final = msgspec.json.Decoder(Context)
_hints_decoder: Final = msgspec.json.Decoder(_Hints)
_NOTHING: Final = Context()
_NO_EVIDENCE: Final = Evidence()


@lru_cache(maxsize=4096)
def read_context(raw: bytes) -> Context:
    """The parts of a context that ingest reads; a context of another shape says nothing."""
    try:
        return _context_decoder.decode(raw)
    except msgspec.DecodeError:
        return _NOTHING


def find_evidence(context: Context, properties: bytes) -> Evidence | None:
    """What says where an event came from, or None where nothing does."""
    hints = None
    if any(mark in properties for mark in _MARKS):
        try:
            hints = _hints_decoder.decode(properties)
        except msgspec.DecodeError:
            hints = None
    page = context.page
    campaign = _campaign(context.campaign, hints)
    found = Evidence(
        url=_text((page and page.url) or (hints and (hints.url or hints.current_url))),
        referrer=_text(
            (page and page.referrer)
            or (context.referrer and context.referrer.url)
            or (hints and (hints.referrer or hints.ph_referrer))
        ),
        campaign_source=campaign.get("source", ""),
        campaign_medium=campaign.get("medium", ""),
        campaign_name=campaign.get("name", ""),
        campaign_term=campaign.get("term", ""),
        campaign_content=campaign.get("content", ""),
        channel=_text(context.channel or (hints and hints.channel)),
        source=_text(hints and hints.source),
        link=_text(context.link or (hints and hints.link)),
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
