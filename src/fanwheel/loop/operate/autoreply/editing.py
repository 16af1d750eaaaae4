"""What operators do with rules and lead forms."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import msgspec

from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate import menus
from fanwheel.loop.operate.autoreply import checking
from fanwheel.loop.operate.autoreply.book import KeptForm, list_forms
from fanwheel.loop.operate.autoreply.contracts import (
    DEFAULT_PRIORITY,
    AskLead,
    BrakeInfo,
    Definition,
    HandToAgent,
    Intent,
    Limits,
    RuleInfo,
    ShowMenu,
)
from fanwheel.loop.operate.autoreply.errors import (
    BadRuleError,
    BrakeNotFoundError,
    FormInUseError,
    FormNotFoundError,
    RuleNameTakenError,
    RuleNotFoundError,
)
from fanwheel.loop.operate.autoreply.forms import Form
from fanwheel.loop.operate.autoreply.model import FORMAT
from fanwheel.loop.operate.autoreply.repository import ReplyRepository

MOST_RULES: Final = 5_000
COUNTED: Final = timedelta(days=30)
_MAX_NAME: Final = 100
_MOST_BRAKES: Final = 100


class Learning(NamedTuple):
    """What was learned from examples: whether it is what they say by now, and how well it tells them apart."""

    state: str  # none, learning, ready, failed
    learned_at: datetime | None = None
    report: Mapping[str, Any] | None = None
    error: str | None = None


async def list_rules(tx: Transaction, *, now: datetime) -> list[RuleInfo]:
    """Rules in the order in which they are asked, with how often they answered in the last 30 days."""
    return await ReplyRepository(tx).list_infos(since=now - COUNTED)


async def get_rule(tx: Transaction, rule_id: int, *, now: datetime) -> RuleInfo:
    """A rule; raises ``RuleNotFoundError``."""
    found = await ReplyRepository(tx).list_infos(since=now - COUNTED, one=rule_id)
    if not found:
        raise RuleNotFoundError
    return found[0]


async def add_rule(
    tx: Transaction,
    name: str,
    raw: Mapping[str, Any],
    *,
    priority: int | None = None,
    is_on: bool = True,
    actor: str,
) -> int:
    """Make a rule; its number.

    Raises
    ------
    BadRuleError, RuleNameTakenError
        If it cannot be used, or another has its name.
    """
    repository = ReplyRepository(tx)
    definition = await _read(tx, raw)
    name = await _clean_name(repository, name, rule_id=None)
    if len(await repository.list_rules(only_on=False)) >= MOST_RULES:
        raise BadRuleError(f"There are {MOST_RULES} rules already.", hint="Delete some that never answer.")
    place = DEFAULT_PRIORITY[_kind(raw)] if priority is None else priority
    encoded = msgspec.json.encode(definition).decode()
    rule_id = await repository.add_rule(name=name, is_on=is_on, priority=place, definition=encoded, actor=actor)
    await _turn_page(repository)
    return rule_id


async def change_rule(tx: Transaction, rule_id: int, changes: Mapping[str, Any], *, actor: str, now: datetime) -> None:
    """Change a rule's name, place, definition, or whether it is on.

    Raises
    ------
    BadRuleError, RuleNameTakenError, RuleNotFoundError
        If it cannot be used, another has its name, or there is none.
    """
    repository = ReplyRepository(tx)
    was = await get_rule(tx, rule_id, now=now)
    definition = await _read(tx, changes.get("definition", was.definition))
    await repository.change_rule(
        rule_id=rule_id,
        name=await _clean_name(repository, changes.get("name", was.name), rule_id=rule_id),
        is_on=changes.get("is_on", was.is_on),
        priority=changes.get("priority", was.priority),
        definition=msgspec.json.encode(definition).decode(),
        actor=actor,
    )
    await _turn_page(repository)


async def delete_rule(tx: Transaction, rule_id: int) -> None:
    """Delete a rule; raises ``RuleNotFoundError``."""
    repository = ReplyRepository(tx)
    if not await repository.delete_rule(rule_id):
        raise RuleNotFoundError
    await _turn_page(repository)


async def place_rules(tx: Transaction, rules: Sequence[int]) -> None:
    """Ask rules in this order; raises ``RuleNotFoundError`` unless it names every rule once."""
    repository = ReplyRepository(tx)
    if sorted(rules) != sorted(rule.rule_id for rule, _ in await repository.list_rules(only_on=False)):
        raise RuleNotFoundError("The order does not name every rule once.", hint="Load the rules anew.")
    await repository.place_rules(rules)
    await repository.turn_page()


async def list_days(tx: Transaction, rule_id: int, *, now: datetime) -> list[dict[str, Any]]:
    """How often a rule answered on each of the last 30 days."""
    await get_rule(tx, rule_id, now=now)
    return await ReplyRepository(tx).list_days(rule_id, since=now - COUNTED)


async def get_learning(tx: Transaction) -> Learning:
    """How learning from examples stands."""
    repository = ReplyRepository(tx)
    book = await repository.get_book()
    if book is None or not book["examples"]:
        return Learning("none")
    found = await repository.find_model(version=FORMAT)
    if found is None:
        return Learning("learning")
    if found["examples"] != book["examples"]:
        return Learning("learning", found["learned_at"], found["report"])
    state = "failed" if found["error"] else "ready"
    return Learning(state, found["learned_at"], found["report"], found["error"])


# ---------------------------------------------------------------- settings and brakes
async def get_limits(tx: Transaction) -> Limits:
    """When conversations are braked."""
    book = await ReplyRepository(tx).get_book()
    return msgspec.json.decode(book["settings"], type=Limits) if book else Limits()


async def put_limits(tx: Transaction, limits: Limits) -> None:
    """Set when conversations are braked."""
    await ReplyRepository(tx).put_settings(msgspec.json.encode(limits).decode())


async def list_brakes(tx: Transaction) -> list[BrakeInfo]:
    """Brakes, newest first."""
    return await ReplyRepository(tx).list_brakes(most=_MOST_BRAKES)


async def release_brake(tx: Transaction, brake_id: int, *, actor: str, now: datetime) -> None:
    """Let a conversation be answered again; raises ``BrakeNotFoundError``."""
    if not await ReplyRepository(tx).release_brake(brake_id, actor=actor, now=now):
        raise BrakeNotFoundError


# ---------------------------------------------------------------- lead forms
async def add_form(tx: Transaction, name: str, raw: Mapping[str, Any], *, actor: str) -> int:
    """Make a lead form; its number. Raises ``BadRuleError``."""
    form = checking.read(raw, Form, "lead form")
    checking.check_form(form)
    repository = ReplyRepository(tx)
    encoded = msgspec.json.encode(form).decode()
    form_id = await repository.add_form(name=_tidy(name, "lead form"), definition=encoded, actor=actor)
    await repository.turn_page()
    return form_id


async def change_form(tx: Transaction, form_id: int, name: str, raw: Mapping[str, Any], *, actor: str) -> None:
    """Store a lead form as another version; raises ``BadRuleError`` or ``FormNotFoundError``."""
    form = checking.read(raw, Form, "lead form")
    checking.check_form(form)
    repository = ReplyRepository(tx)
    encoded = msgspec.json.encode(form).decode()
    values = {"form_id": form_id, "name": _tidy(name, "lead form"), "definition": encoded, "actor": actor}
    if not await repository.change_form(**values):
        raise FormNotFoundError
    await repository.turn_page()


async def delete_form(tx: Transaction, form_id: int) -> None:
    """Take a lead form away that nothing uses; raises ``FormNotFoundError`` or ``FormInUseError``."""
    repository = ReplyRepository(tx)
    used = [
        rule.name
        for rule, _ in await repository.list_rules(only_on=False)
        if any(isinstance(each, AskLead) and each.form_id == form_id for each in rule.definition.actions)
    ]
    used += [
        menu.name
        for menu in await menus.list_menus(tx)
        if any(each.form_id == form_id for each in msgspec.convert(menu.definition, menus.Menu).leaves())
    ]
    if used:
        raise FormInUseError(hint=f"Change these first: {', '.join(used[:5])}.")
    if not await repository.delete_form(form_id):
        raise FormNotFoundError
    await repository.turn_page()


# ---------------------------------------------------------------- within
async def _read(tx: Transaction, raw: Mapping[str, Any]) -> Definition:
    """A rule as it was sent; what it names must be there."""
    definition = checking.read(raw, Definition, "rule")
    checking.check_rule(definition)
    forms: list[KeptForm] = []
    known: dict[int, menus.Menu] = {}
    if any(isinstance(each, AskLead) for each in definition.actions):
        forms = await list_forms(tx)
    if any(isinstance(each, ShowMenu) for each in definition.actions):
        known = await menus.list_newest(tx)
    for action in definition.actions:
        if isinstance(action, AskLead) and action.form_id not in {each.form_id for each in forms}:
            raise BadRuleError("The lead form is not there.", hint="Choose another one.")
        if isinstance(action, ShowMenu) and action.menu_id not in known:
            raise BadRuleError("The menu is not there.", hint="Choose another one.")
    for team_id in {each.team_id for each in definition.actions if isinstance(each, HandToAgent)}:
        if team_id is not None and not await ReplyRepository(tx).has_team(team_id):
            raise BadRuleError("The team is not there.", hint="Choose another one.")
    if gone := await ReplyRepository(tx).list_gone_accounts(definition.when.accounts):
        raise BadRuleError(f"There is no account {gone[0]}.", hint="Choose the accounts anew.")
    return definition


async def _turn_page(repository: ReplyRepository) -> None:
    rules = [rule for rule, is_on in await repository.list_rules(only_on=True) if is_on]
    await repository.turn_page(
        print_of_examples(
            {rule.rule_id: trigger.examples for rule in rules if isinstance(trigger := rule.definition.trigger, Intent)}
        )
    )


def print_of_examples(examples: Mapping[int, Sequence[str]]) -> str:
    """What tells two sets of examples apart; empty where there are none."""
    if not examples:
        return ""
    told = sorted((rule, sorted(sentences)) for rule, sentences in examples.items())
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()


async def _clean_name(repository: ReplyRepository, name: str, *, rule_id: int | None) -> str:
    cleaned = _tidy(name, "rule")
    if await repository.is_name_taken(cleaned, rule_id=rule_id):
        raise RuleNameTakenError(hint="Choose another name.")
    return cleaned


def _tidy(name: str, what: str) -> str:
    cleaned = " ".join(name.split())
    if not cleaned or len(cleaned) > _MAX_NAME:
        raise BadRuleError(f"The {what} needs a name.", hint=f"1 to {_MAX_NAME} characters.")
    return cleaned


def _kind(raw: Mapping[str, Any]) -> str:
    trigger: Mapping[str, Any] = raw["trigger"]
    return str(trigger["kind"])
