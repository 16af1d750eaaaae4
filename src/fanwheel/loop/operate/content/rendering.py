"""Wording messages: a version, the people, their languages and variants, and links that are followed up."""

import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec
from liquid.template import BoundTemplate

from fanwheel.domains.private.channels.contracts import AnyPart, Email, Text
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.pool import Row
from fanwheel.kernel.clock import utc_now
from fanwheel.loop.operate import links
from fanwheel.loop.operate.content import compiling, hrefs, sandbox, variables, writing
from fanwheel.loop.operate.content.contracts import Recipient, Refusal, Worded
from fanwheel.loop.operate.content.errors import (
    BadContentError,
    BadLiquidError,
    TemplateNotFoundError,
    TooMuchLiquidError,
)
from fanwheel.loop.operate.content.repository import TemplateRepository

_MOST_SUBJECT: Final = 500


class _Draft(NamedTuple):
    """A message that waits for its links."""

    built: Mapping[str, Any] | list[Any]
    taker: hrefs.Follower
    variant: str
    language: str


class Version(NamedTuple):
    """A version with its templates parsed."""

    version_id: int
    channel: str
    compiled: compiling.Compiled
    ready: Mapping[tuple[str, str], compiling.Ready]


class _Failed(NamedTuple):
    refusal: Refusal
    detail: Mapping[str, Any]


async def render(
    tx: Transaction, version_id: int, recipients: Sequence[Recipient], *, site_url: str, now: datetime | None = None
) -> list[Worded]:
    """What a version says to each of some people, in their order; a fixed number of statements for all of them.

    Raises
    ------
    TemplateNotFoundError
        If there is no such version.
    """
    version = await load(tx, version_id)
    templates = TemplateRepository(tx)
    people = await templates.list_people([each.person_id for each in recipients])
    brand = variables.brand_of(await templates.get_brand())
    base = str(brand.profile.get("link_url") or site_url).rstrip("/")
    drafts = [word(version, each, people.get(each.person_id), brand, site_url=site_url) for each in recipients]
    codes, own = await _follow(tx, version, recipients, drafts, now=now or utc_now())
    return [
        _finish(draft, _Links(base, codes, own.get(recipient.key, "")))
        for draft, recipient in zip(drafts, recipients, strict=True)
    ]


def fill(text: str, variables: Mapping[str, Any], *, zone: str = "UTC") -> str:
    """A short text with its variables filled in, such as a canned reply; what is not there is left out.

    Raises
    ------
    BadLiquidError, TooMuchLiquidError
        If it cannot be read, or takes too much.
    """
    return sandbox.fill(sandbox.parse(text, is_html=False), variables, zone=zone)[0]


async def load(tx: Transaction, version_id: int) -> Version:
    """A version, ready to be filled in; kept by this process, since versions never change."""
    kept = _kept(tx.workspace or 0, version_id)
    if not kept:
        row = await TemplateRepository(tx).find_compiled(version_id)
        if row is None:
            raise TemplateNotFoundError
        kept.append(prepare(version_id, row["channel"], msgspec.convert(row["compiled"], compiling.Compiled)))
    return kept[0]


def prepare(version_id: int, channel: str, compiled: compiling.Compiled) -> Version:
    """A version with its templates parsed."""
    ready = {
        (variant, language): compiling.make_ready(sheet)
        for variant, sheets in compiled.sheets.items()
        for language, sheet in sheets.items()
    }
    return Version(version_id, channel, compiled, ready)


@lru_cache(maxsize=256)
def _kept(workspace: int, version_id: int) -> list[Version]:
    """A place for a version: a failed load leaves it empty."""
    return []


def choose_variant(version: Version, recipient: Recipient) -> str:
    """The variant that was asked for, else one by weight: the same one for a person each time."""
    weights = version.compiled.weights
    if recipient.variant in weights:
        return recipient.variant
    seed = f"{version.version_id}:{recipient.person_id}".encode()
    mark = int.from_bytes(hashlib.sha256(seed).digest()[:8], "big") / 2**64 * sum(weights.values())
    for key, weight in weights.items():
        mark -= weight
        if mark < 0:
            return key
    return next(reversed([key for key, weight in weights.items() if weight]))


def word(
    version: Version, recipient: Recipient, row: Row | None, brand: variables.Brand, *, site_url: str
) -> "_Draft | Worded":
    """One message, but for its links."""
    variant = choose_variant(version, recipient)
    sheets = version.compiled.sheets[variant]
    wanted = [recipient.language] if recipient.language else variables.languages_of(row)
    language = writing.choose_language(sheets, wanted, version.compiled.language)
    given = variables.of_recipient(recipient, row, brand, version.compiled.defaults, site_url=site_url)
    taker = hrefs.Follower(secrets.token_hex(8))
    if recipient.key:
        # Links are known only once all messages of the portion are worded.
        given[compiling.PIXEL] = taker.mark("o")
        given[compiling.TRAP] = taker.mark("x")
    mark = hrefs.follower.set(taker if recipient.key else None)
    try:
        built = _fill(version.ready[variant, language], given, brand.time_zone)
    except (BadLiquidError, TooMuchLiquidError) as error:
        return Worded((), variant, language, "failed", {"message": error.message})
    finally:
        hrefs.follower.reset(mark)
    if isinstance(built, _Failed):
        return Worded((), variant, language, built.refusal, built.detail)
    return _Draft(built, taker, variant, language)


class _Links(NamedTuple):
    base: str
    codes: Mapping[str, str]
    own: str

    def settle(self, text: str, taker: hrefs.Follower, *, is_html: bool) -> str:
        """A text with links in the place of words."""
        links_of = {url: f"{self.base}/l/{self.codes[url]}{self.own}" for url in taker.urls if url in self.codes}
        marks = {"o": f"{self.base}/o/{self.own}.gif", "x": f"{self.base}/l/x{self.own}"}
        return taker.settle(text, links_of, marks, is_html=is_html)


async def _follow(
    tx: Transaction,
    version: Version,
    recipients: Sequence[Recipient],
    drafts: Sequence["_Draft | Worded"],
    *,
    now: datetime,
) -> tuple[dict[str, str], dict[str, str]]:
    """Codes of addresses, and of messages by their keys."""
    compiled = version.compiled
    urls = {url for draft in drafts if isinstance(draft, _Draft) for url in draft.taker.urls}
    codes = await links.put_links(tx, version.version_id, urls, compiled.utm)
    messages = [
        links.Message(
            recipient.key, recipient.person_id, version.version_id, version.channel, recipient.account_id,
            recipient.step, draft.variant, draft.language,
        )
        for recipient, draft in zip(recipients, drafts, strict=True)
        if isinstance(draft, _Draft) and recipient.key and not recipient.is_shared
        and (draft.taker.urls or version.channel == writing.MAIL)
    ]  # fmt: skip
    return codes, await links.put_messages(tx, messages, now=now)


def _fill(ready: compiling.Ready, given: Mapping[str, Any], zone: str) -> "Mapping[str, Any] | list[Any] | _Failed":
    missing: set[str] = set()

    def say(template: BoundTemplate) -> str:
        text, blank = sandbox.fill(template, given, zone=zone)
        missing.update(blank)
        return text

    built: Mapping[str, Any] | list[Any]
    if ready.mail is not None:
        built = {name: say(template) for name, template in ready.mail.items()}
        is_said = bool(built["subject"].strip())
    else:
        built = _said(ready.parts, say)
        is_said = bool(built)
    # What nobody knows of a person is left out; what should have come with the message must not be.
    lost = sorted(name for name in missing if name not in ("person", "account", "brand"))
    if lost:
        return _Failed("unknown_variable", {"names": lost})
    return built if is_said else _Failed("empty", {})


def _said(value: Any, say: Callable[[BoundTemplate], str]) -> Any:
    if isinstance(value, BoundTemplate):
        return say(value)
    if isinstance(value, dict):
        return {key: _said(each, say) for key, each in value.items()}
    return [_said(each, say) for each in value] if isinstance(value, list) else value


def _finish(draft: "_Draft | Worded", known: _Links) -> Worded:
    if isinstance(draft, Worded):
        return draft
    settled = _settled(draft.built, lambda name, text: known.settle(text, draft.taker, is_html=name == "html"))
    try:
        parts = (_mail(settled),) if isinstance(settled, dict) else read_parts(settled)
    except BadContentError as error:
        return Worded((), draft.variant, draft.language, "failed", {"message": error.message})
    return Worded(parts, draft.variant, draft.language)


def finish(draft: "_Draft | Worded") -> Worded:
    """A message whose links are not followed up, as in a preview."""
    return _finish(draft, _Links("", {}, ""))


def read_parts(built: Any) -> tuple[AnyPart, ...]:
    """Parts from what they were built as; those left without a word are left out."""
    try:
        parts = msgspec.convert(built, tuple[AnyPart, ...])
    except msgspec.ValidationError as error:
        raise BadContentError(f"{error}.") from error
    return tuple(part for part in parts if not isinstance(part, Text) or part.text.strip())


def _settled(value: Any, settle: Callable[[str, str], str], name: str = "") -> Any:
    if isinstance(value, str):
        return settle(name, value)
    if isinstance(value, dict):
        return {key: _settled(each, settle, key) for key, each in value.items()}
    return [_settled(each, settle, name) for each in value] if isinstance(value, list) else value


def _mail(built: Mapping[str, str]) -> Email:
    # A line break in a header would begin another header.
    one_line = {name: " ".join(built[name].split()) for name in ("subject", "preheader", "reply_to")}
    return Email(
        subject=one_line["subject"][:_MOST_SUBJECT],
        html=built["html"],
        text=built["text"],
        preheader=one_line["preheader"],
        reply_to=one_line["reply_to"] or None,
    )
