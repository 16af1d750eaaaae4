"""What the sender is given: accounts that are open, and words for templates."""

from collections.abc import Mapping, Sequence

import msgspec

from fanwheel.cdp import consent
from fanwheel.domains.private.channels import accounts
from fanwheel.domains.private.channels.contracts import AnyPart, Email
from fanwheel.domains.private.email import unsubscribe_headers
from fanwheel.infra.postgres import Database, Transaction
from fanwheel.infra.settings import Settings
from fanwheel.kernel.clock import utc_now
from fanwheel.loop.operate import content, reach
from fanwheel.loop.operate.preferences import Links
from fanwheel.loop.operate.receiving import Speaking


class Accounts:
    """Accounts as the sender wants them."""

    def __init__(self, opener: accounts.Opener) -> None:
        self._opener = opener

    async def open(self, workspace: int, account_id: int) -> reach.Opened:
        """The account, with what decides which addresses are its own."""
        found = await self._opener.look(workspace, account_id)
        return reach.Opened(found.adapter, found.row.settings)


class Writer:
    """Words templates, and gives marketing by mail its way out."""

    def __init__(self, settings: Settings, hasher: consent.AddressHasher) -> None:
        self._site_url = settings.url
        self._links = Links(settings, hasher)

    async def write(self, tx: Transaction, writings: Sequence[reach.Writing]) -> list[reach.Written]:
        """What is said to each, in their order; one rendering for all of a version."""
        found: dict[int, reach.Written] = {}
        by_version: dict[int, list[int]] = {}
        for place, writing in enumerate(writings):
            by_version.setdefault(writing.version_id, []).append(place)
        for version_id, places in by_version.items():
            asked = [writings[place] for place in places]
            found |= zip(places, await self._write_version(tx, version_id, asked), strict=True)
        return [found[place] for place in range(len(writings))]

    async def _write_version(
        self, tx: Transaction, version_id: int, writings: Sequence[reach.Writing]
    ) -> list[reach.Written]:
        ways_out = [self._ways_out(tx, writing) for writing in writings]
        recipients = [
            content.Recipient(
                key=writing.key,
                person_id=writing.person_id,
                variables=writing.variables,
                variant=writing.variant or str(writing.variables.get("variant", "")),
                step=writing.step,
                account_id=writing.account_id,
                unsubscribe_url=urls.get("unsubscribe", ""),
                preferences_url=urls.get("preferences", ""),
                is_shared=writing.is_shared,
            )
            for writing, urls in zip(writings, ways_out, strict=True)
        ]
        worded = await content.render(tx, version_id, recipients, site_url=self._site_url)
        return [_written(each, urls) for each, urls in zip(worded, ways_out, strict=True)]

    def _ways_out(self, tx: Transaction, writing: reach.Writing) -> Mapping[str, str]:
        if writing.address.kind != "email" or tx.workspace is None:
            return {}
        link = consent.Link(tx.workspace, writing.person_id, "email", writing.intent_id)
        found = {"preferences": self._links.preferences(link)}
        return found | ({"unsubscribe": self._links.unsubscribe(link)} if writing.purpose == "marketing" else {})


def make_sender(settings: Settings, database: Database, opener: accounts.Opener) -> reach.Sender:
    """The sender of a worker."""
    hasher = consent.AddressHasher(settings)
    write = Writer(settings, hasher).write
    # The worker hears for all its steps.
    return reach.Sender(database, Accounts(opener), write, hasher=hasher, clock=utc_now, listens=False)


def make_speaking(settings: Settings, database: Database) -> Speaking:
    """What says the answers of rules in the answers to callbacks."""
    hasher = consent.AddressHasher(settings)
    callbacks = reach.Callbacks(database, Writer(settings, hasher).write, hasher=hasher, clock=utc_now)
    return Speaking(database, callbacks, hasher=hasher, clock=utc_now)


def make_follower(settings: Settings, database: Database, opener: accounts.Opener) -> reach.Follower:
    """What asks after messages that wait for staff."""
    return reach.Follower(database, Accounts(opener), hasher=consent.AddressHasher(settings), clock=utc_now)


def _written(worded: content.Worded, urls: Mapping[str, str]) -> reach.Written:
    if worded.refusal is not None:
        return reach.Written((), {"why": worded.refusal, **worded.detail})
    note = {name: value for name, value in (("variant", worded.variant), ("language", worded.language)) if value}
    return reach.Written(tuple(_with_headers(part, urls) for part in worded.parts), note=note)


def _with_headers(part: AnyPart, urls: Mapping[str, str]) -> AnyPart:
    """A marketing mail offers to unsubscribe by one click."""
    if not isinstance(part, Email) or "unsubscribe" not in urls:
        return part
    return msgspec.structs.replace(part, headers={**part.headers, **unsubscribe_headers(urls["unsubscribe"])})
