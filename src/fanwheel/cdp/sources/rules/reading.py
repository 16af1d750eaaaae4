"""Evidence out of an event's JSON: Segment's and RudderStack's context, PostHog's properties."""

import re
from typing import Any, Final

import msgspec

from fanwheel.cdp.sources.contracts import Evidence
from fanwheel.cdp.sources.rules.signals import CLICK_IDS, MAX_CLICK_ID, campaign_of, read_signals, tells

MAX_TEXT: Final = 512
_MAX_ADDRESS: Final = 4096


class _Page(msgspec.Struct):
    url: Any = None
    referrer: Any = None


class _Campaign(msgspec.Struct):
    source: Any = None
    medium: Any = None
    name: Any = None
    term: Any = None
    content: Any = None


class _Referrer(msgspec.Struct):
    url: Any = None


class _Context(msgspec.Struct):
    page: _Page | None = None
    campaign: _Campaign | None = None
    referrer: _Referrer | None = None
    channel: Any = None
    link: Any = None


class _Properties(msgspec.Struct, rename={"posthog_url": "$current_url", "posthog_referrer": "$referrer"}):
    url: Any = None
    referrer: Any = None
    channel: Any = None
    source: Any = None
    link_code: Any = None
    posthog_url: Any = None
    posthog_referrer: Any = None
    utm_source: Any = None
    utm_medium: Any = None
    utm_campaign: Any = None
    utm_term: Any = None
    utm_content: Any = None


_NOTHING: Final = _Properties()
_NO_PAGE: Final = _Page()
_NO_CAMPAIGN: Final = ("",) * 5
_MAY_TELL: Final = re.compile(rb'"(?:url|referrer|channel|source|link_code|utm_|\$)').search
_MAY_CLICK: Final = re.compile(('"(?:' + "|".join(sorted(CLICK_IDS)) + ')"').encode()).search
_context = msgspec.json.Decoder(_Context)
_properties = msgspec.json.Decoder(_Properties)
_object = msgspec.json.Decoder(dict[str, Any])
_click_properties = msgspec.json.Decoder(
    msgspec.defstruct("_Clicks", [(kind, Any, None) for kind in sorted(CLICK_IDS)])
)


def read_evidence(
    properties: bytes | str, context: bytes | str, *, own_hosts: frozenset[str] = frozenset()
) -> Evidence | None:
    """What an event tells about where it came from, or None when it tells nothing.

    Parameters
    ----------
    properties, context
        JSON objects as they were sent; parts of another type than expected count as absent.
    own_hosts
        Hosts of the brand, lower case without "www.": coming from one is no arrival.
    """
    said = _decode_context(context)
    raw = properties if isinstance(properties, bytes) else properties.encode()
    # Most events name nothing of the kind, and looking is cheaper than decoding.
    named = _decode_properties(raw) if _MAY_TELL(raw) else _NOTHING
    page = said.page or _NO_PAGE
    referrer = page.referrer or (said.referrer.url if said.referrer else None)
    evidence = Evidence(
        _text(page.url or named.posthog_url or named.url, _MAX_ADDRESS),
        _text(referrer or named.posthog_referrer or named.referrer, _MAX_ADDRESS),
        *(_NO_CAMPAIGN if named is _NOTHING and said.campaign is None else _campaign(said.campaign, named)),
        channel=_text(named.channel or said.channel),
        source=_text(named.source),
        link=_text(named.link_code or said.link),
        click_ids=_sent_click_ids(raw),
        own_hosts=own_hosts,
    )
    return evidence if tells(evidence) else None


def click_ids_of(evidence: Evidence) -> dict[str, str]:
    """Every click id of an event; with Baidu's also the whole landing address, which its feedback asks for."""
    signals = read_signals(evidence)
    clicks = {name[9:]: text for name, text in signals.items() if name.startswith("click_id.")}
    if "bd_vid" in clicks and evidence.url:
        clicks["bd_landing_url"] = evidence.url
    return clicks


def campaign_name(evidence: Evidence) -> str:
    """The campaign's name as it was written, or empty."""
    return campaign_of(evidence)


def _campaign(stated: _Campaign | None, named: _Properties) -> tuple[str, str, str, str, str]:
    campaign = stated or _Campaign()
    return (
        _text(campaign.source or named.utm_source),
        _text(campaign.medium or named.utm_medium),
        _text(campaign.name or named.utm_campaign),
        _text(campaign.term or named.utm_term),
        _text(campaign.content or named.utm_content),
    )


def _text(value: object, limit: int = MAX_TEXT) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value[:limit]
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _decode_context(raw: bytes | str) -> _Context:
    try:
        return _context.decode(raw)
    except msgspec.ValidationError:
        loose = _loose(raw)
        return _Context(
            page=msgspec.convert(_dict(loose.get("page")), _Page),
            campaign=msgspec.convert(_dict(loose.get("campaign")), _Campaign),
            referrer=msgspec.convert(_dict(loose.get("referrer")), _Referrer),
            channel=loose.get("channel"),
            link=loose.get("link"),
        )
    except msgspec.DecodeError:
        return _Context()


def _decode_properties(raw: bytes) -> _Properties:
    try:
        return _properties.decode(raw)
    except msgspec.DecodeError:
        return _Properties()


def _loose(raw: bytes | str) -> dict[str, Any]:
    try:
        return _object.decode(raw)
    except msgspec.DecodeError:
        return {}


def _dict(value: object) -> dict[Any, Any]:
    return value if isinstance(value, dict) else {}


def _sent_click_ids(properties: bytes) -> tuple[tuple[str, str], ...]:
    """Click ids sent as properties of their own, as PostHog does."""
    if not _MAY_CLICK(properties):
        return ()
    try:
        sent = _click_properties.decode(properties)
    except msgspec.DecodeError:
        return ()
    found = ((kind, getattr(sent, kind)) for kind in sorted(CLICK_IDS))
    return tuple((kind, value[:MAX_CLICK_ID]) for kind, value in found if isinstance(value, str) and value)
