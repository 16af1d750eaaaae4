"""All that answers in a workspace, compiled once and kept until something of it changes."""

from collections import OrderedDict
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate import hours, menus
from fanwheel.loop.operate.autoreply import model as models
from fanwheel.loop.operate.autoreply.contracts import Closed, Limits, Rule, Unanswered
from fanwheel.loop.operate.autoreply.forms import Form
from fanwheel.loop.operate.autoreply.matching import Matcher
from fanwheel.loop.operate.autoreply.repository import ReplyRepository

_MOST_KEPT: Final = 64  # workspaces whose rules a worker keeps compiled


class KeptForm(NamedTuple):
    """A lead form with its version."""

    form_id: int
    name: str
    version: int
    form: Form


class Book:
    """The rules, forms and menus of a workspace at one revision."""

    def __init__(self, revision: int, row: dict[str, Any], rules: list[Rule], model: models.Model | None) -> None:
        self.revision = revision
        self.zone = ZoneInfo(row["time_zone"])
        self.region: str = row["default_region"]
        self.limits = msgspec.json.decode(row["settings"], type=Limits)
        self.rules = rules
        self.model = model
        self.forms: dict[int, KeptForm] = {}
        self.shown: dict[int, menus.Shown] = {}
        self.menus: dict[int, menus.Menu] = {}
        self._matchers: dict[int, Matcher] = {}
        self.asks_hours = any(
            isinstance(rule.definition.trigger, Closed) or rule.definition.when.hours != "always" for rule in rules
        )

    def matcher(self, account_id: int) -> Matcher:
        """The rules that may answer on an account, ready to be asked at once."""
        found = self._matchers.get(account_id)
        if found is None:
            own = [
                rule
                for rule in self.rules
                if not rule.definition.when.accounts or account_id in rule.definition.when.accounts
            ]
            found = self._matchers[account_id] = Matcher(own)
        return found

    @property
    def shortest_wait_minutes(self) -> int | None:
        """The shortest time after which a rule answers for want of another answer."""
        waits = [
            rule.definition.trigger.minutes for rule in self.rules if isinstance(rule.definition.trigger, Unanswered)
        ]
        return min(waits, default=None)


class Shelf:
    """The books of the workspaces that a process has to do with; the least used one makes room."""

    def __init__(self) -> None:
        self._books: OrderedDict[int, Book] = OrderedDict()

    async def open(self, tx: Transaction) -> Book | None:
        """The book of the workspace as it is now; None where nothing was ever set up."""
        workspace = int(tx.workspace or 0)
        row = await ReplyRepository(tx).get_book()
        if row is None:
            return None
        kept = self._books.get(workspace)
        if kept is not None and kept.revision == row["revision"]:
            self._books.move_to_end(workspace)
            kept.zone, kept.region = ZoneInfo(row["time_zone"]), row["default_region"]
            return kept
        book = await _read(tx, row)
        self._books[workspace] = book
        self._books.move_to_end(workspace)
        while len(self._books) > _MOST_KEPT:
            self._books.popitem(last=False)
        return book


async def _read(tx: Transaction, row: dict[str, Any]) -> Book:
    repository = ReplyRepository(tx)
    rules = [rule for rule, _ in await repository.list_rules(only_on=True)]
    found = await repository.find_model(version=models.FORMAT) if row["examples"] else None
    model = models.Model(models.decode(found["body"]).model) if found and found["body"] else None
    book = Book(row["revision"], row, rules, model)
    book.forms = {each.form_id: each for each in await list_forms(tx)}
    book.shown = {each.account_id: each for each in await menus.list_shown(tx)}
    book.menus = await menus.list_newest(tx)
    return book


async def list_forms(tx: Transaction) -> list[KeptForm]:
    """The lead forms of the workspace."""
    return [
        KeptForm(row["form_id"], row["name"], row["version"], msgspec.json.decode(row["definition"], type=Form))
        for row in await ReplyRepository(tx).list_forms()
    ]


async def read_hours(tx: Transaction, book: Book) -> hours.Hours:
    """When the workspace is open, asked only where a rule goes by it."""
    return await hours.get(tx) if book.asks_hours else hours.Hours(book.zone)
