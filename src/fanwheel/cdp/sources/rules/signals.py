"""What an address, a referrer and a campaign say, as one flat table of names and texts."""

from typing import Final
from urllib.parse import unquote_plus, urlsplit

from fanwheel.cdp.sources.contracts import Evidence

MAX_URL: Final = 4096
MAX_CLICK_ID: Final = 512

# Parameters that only advertising platforms (and fbclid: Meta, paid or not) put into an address.
_CLICK_IDS: Final = (
    "gclid gbraid wbraid dclid gad_source msclkid fbclid ttclid twclid li_fat_id sccid yclid rdt_cid epik ctwa_clid "
    "bd_vid qz_gdt gdt_vid clickid ksclickid qhclickid ali_trackid xhs_click_id"
)
CLICK_IDS: Final = frozenset(_CLICK_IDS.split())
# Parameters with a common name: click ids only when the platform is named beside them.
SHARED_NAMES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "callback": (("kuaishou", "ks_callback"), ("gifshow", "ks_callback"), ("oceanengine", "clickid")),
    "click_id": (("xiaohongshu", "xhs_click_id"), ("xhs", "xhs_click_id"), ("red", "xhs_click_id")),
    "mark_id": (("weibo", "weibo_mark_id"),),
    "track_id": (("bilibili", "bili_track_id"), ("b23", "bili_track_id")),
    "cb": (("zhihu", "zhihu_cb"),),
}
_SECOND_LEVEL: Final = frozenset({"co", "com", "net", "org", "gov", "edu", "ac", "ne", "or"})
_UTM: Final = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")


def read_signals(evidence: Evidence) -> dict[str, str]:
    """The signals of ``evidence`` that are not empty; all in lower case but click ids."""
    query, host, path = _read_url(evidence.url)
    signals = {f"query.{name}": value.lower() for name, value in query.items()}
    for name, stated in zip(_UTM, evidence[2:7], strict=True):
        signals[name] = (stated or query.get(name, "")).strip().lower()
    signals["url"], signals["url_host"], signals["url_path"] = evidence.url[:MAX_URL].lower(), host, path
    referrer_host = _host(evidence.referrer)
    if referrer_host and not is_internal(referrer_host, host, evidence.own_hosts):
        signals["referrer"], signals["referrer_host"] = evidence.referrer[:MAX_URL].lower(), referrer_host
    signals["channel"] = evidence.channel.strip().lower().replace(" ", "_")
    signals["source"] = evidence.source.strip().lower()
    signals["link"] = query.get("fw_link", "").strip().lower()
    platform = signals["utm_source"] or referrer_host
    for kind, value in (_click_ids(query, platform) | dict(evidence.click_ids)).items():
        signals[f"click_id.{kind}"] = value
    return {name: text for name, text in signals.items() if text}


def tells(evidence: Evidence) -> bool:
    """Whether there is any point in asking the rules: an own address alone says nothing."""
    return "?" in evidence.url or any(evidence[1:11])


def campaign_of(evidence: Evidence) -> str:
    """The campaign's name as it was written."""
    return (evidence.campaign_name or _read_url(evidence.url)[0].get("utm_campaign", "")).strip()[:200]


def is_internal(referrer_host: str, host: str, own_hosts: frozenset[str]) -> bool:
    """Whether a visit from ``referrer_host`` only moved on within the brand's own pages."""
    if referrer_host in own_hosts or referrer_host == host:
        return True
    return bool(host) and _registrable(referrer_host) == _registrable(host)


def _registrable(host: str) -> str:
    """The part of a host that one owner registers; exact enough to tell own pages from others'."""
    labels = host.split(".")
    if labels[-1].isdigit():
        return host
    long = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    return ".".join(labels[-3:] if long else labels[-2:])


def _host(url: str) -> str:
    if "//" not in url:
        url = f"//{url}"
    try:
        host = urlsplit(url[:MAX_URL]).hostname or ""
    except ValueError:
        return ""
    host = host.removeprefix("www.")
    return host if "." in host or host == "localhost" else ""


def _read_url(url: str) -> tuple[dict[str, str], str, str]:
    """Query parameters (also those behind a "#"), host and path; the last of equal parameters counts."""
    if not url:
        return {}, "", ""
    url = url[:MAX_URL]
    address, _, query = url.partition("?")
    if "#" in query:
        query, _, fragment = query.partition("#")
        query += "&" + fragment.partition("?")[2]
    path = "/" + address.partition("//")[2].partition("/")[2]
    return _parameters(query), _host(address), path.partition("#")[0].lower()


def _parameters(query: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if value:
            plain = "%" not in value and "+" not in value
            found[name.lower()] = value if plain else unquote_plus(value)
    return found


def _click_ids(query: dict[str, str], platform: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in query.items():
        if name in CLICK_IDS:
            found[name] = value[:MAX_CLICK_ID]
        elif name in SHARED_NAMES and platform:
            kind = next((kind for hint, kind in SHARED_NAMES[name] if hint in platform), None)
            if kind is not None:
                found[kind] = value[:MAX_CLICK_ID]
    return found
