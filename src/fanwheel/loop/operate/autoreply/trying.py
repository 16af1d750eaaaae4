"""The tester: which rule would answer, and why each other one would not. Nothing is sent, and nothing noted."""

from datetime import datetime
from typing import Any, Literal, NamedTuple

import msgspec

from fanwheel.cdp import persons, segments
from fanwheel.domains.private.channels.contracts import AnyPart
from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate import hours, menus
from fanwheel.loop.operate.autoreply import book as books
from fanwheel.loop.operate.autoreply import conditions, matching, saying
from fanwheel.loop.operate.autoreply import model as models
from fanwheel.loop.operate.autoreply.contracts import AdWelcome, AskLead, Guess, Intent, Rule, Welcome, Word, words_of
from fanwheel.loop.operate.autoreply.folding import bare
from fanwheel.loop.operate.autoreply.forms import Line
from fanwheel.loop.operate.autoreply.matching import Kind, Said
from fanwheel.loop.operate.autoreply.repository import ReplyRepository

Verdict = Literal["fires", "goes_on", "later", "off", "other_kind", "no_word", "excluded", "other_origin", "open_now",
                  "too_early", "other_meaning", "unsure", "not_learned", "account", "dates", "hours", "time", "segment",
                  "once", "cooldown"]  # fmt: skip


class Question(NamedTuple):
    """What the tester is asked."""

    kind: Kind = "message"
    text: str = ""
    account_id: int | None = None
    origin: dict[str, str] = {}  # noqa: RUF012 - never changed
    scene: str = ""
    content: str = ""
    waited_minutes: int = 0
    person_id: int | None = None
    at: datetime | None = None


class Looked(NamedTuple):
    """What became of one rule; ``detail`` is the word that was found, or how sure one was."""

    rule_id: int
    name: str
    verdict: Verdict
    detail: str = ""


class Trial(NamedTuple):
    """What would happen."""

    folded: str
    bare: str
    fires: int | None
    parts: tuple[AnyPart, ...]
    looked: tuple[Looked, ...]
    guesses: tuple[Guess, ...]
    is_open: bool


async def try_out(tx: Transaction, question: Question, *, now: datetime) -> Trial:
    """Which rule would answer, and why each other one would not."""
    repository = ReplyRepository(tx)
    rules = await repository.list_rules(only_on=False)
    at = question.at or now
    open_hours = await hours.get(tx)
    is_open = open_hours.is_open(at)
    said = Said.of(
        question.kind,
        question.text,
        origin=question.origin,
        scene=question.scene,
        content=question.content,
        waited_s=question.waited_minutes * 60.0,
        is_closed=not is_open,
    )
    guesses = await _guess(repository, said)
    if guesses:
        said = said._replace(guess=guesses[0])
    seen = await _circumstances(tx, question, [rule for rule, _ in rules], at=at, zone_of=open_hours, is_open=is_open)
    looked: list[Looked] = []
    fires: Rule | None = None
    for rule, is_on in rules:
        verdict, detail = _judge(rule, said, is_on=is_on, has_model=guesses is not None)
        verdict = verdict or conditions.refusal(rule.definition.when, seen[rule.rule_id])
        if verdict is None:
            verdict = "later" if fires else "fires" if rule.speaks else "goes_on"
            fires = rule if verdict == "fires" else fires
        looked.append(Looked(rule.rule_id, rule.name, verdict, detail))
    parts = await _parts(tx, fires, question) if fires else ()
    return Trial(
        said.text,
        bare(said.text),
        fires.rule_id if fires else None,
        parts,
        tuple(looked),
        tuple(guesses or ()),
        is_open,
    )


def _judge(rule: Rule, said: Said, *, is_on: bool, has_model: bool) -> tuple[Verdict | None, str]:
    """Why a rule is not set off, and what it looked at; None if it is."""
    trigger = rule.definition.trigger
    if not is_on:
        return "off", ""
    if matching.holds(trigger, said):
        if not isinstance(trigger, Intent):
            return None, next((word.text for word in words_of(trigger) if matching.has(word, said.text)), "")
        return _judge_meaning(rule, said, has_model=has_model)
    kinds = {"welcome": ("followed", "entered"), "comment": ("comment",), "unanswered": ("unanswered",)}
    name = type(trigger).__struct_config__.tag
    if said.kind not in kinds.get(str(name), ("message",)) and not isinstance(trigger, AdWelcome):
        return "other_kind", ""
    match name:
        case "keyword":
            found = _found(trigger.but, said.text)  # type: ignore[union-attr]
            return ("excluded", found) if matching.has_one(words_of(trigger), said.text) else ("no_word", "")
        case "comment":
            return "no_word", ""
        case "ad_welcome":
            return "other_origin", ""
        case "welcome":
            return ("other_origin" if isinstance(trigger, Welcome) and trigger.scenes else "other_kind"), ""
        case "unanswered":
            return "too_early", ""
        case _:
            return "open_now", ""


def _judge_meaning(rule: Rule, said: Said, *, has_model: bool) -> tuple[Verdict | None, str]:
    if not has_model:
        return "not_learned", ""
    guess = said.guess
    if guess is None or guess.rule_id != rule.rule_id:
        return "other_meaning", ""
    detail = f"{guess.confidence:.2f}"
    return (None if matching.is_meant(rule, said) else "unsure"), detail


def _found(words: tuple[Word, ...], text: str) -> str:
    return next((word.text for word in words if matching.has(word, text)), "")


async def _guess(repository: ReplyRepository, said: Said) -> list[Guess] | None:
    """What the text may mean; None where nothing was learned yet."""
    found = await repository.find_model(version=models.FORMAT)
    if not found or not found["body"]:
        return None
    return models.Model(models.decode(found["body"]).model).guesses(said.text) if said.kind == "message" else []


async def _circumstances(
    tx: Transaction,
    question: Question,
    rules: list[Rule],
    *,
    at: datetime,
    zone_of: hours.Hours,
    is_open: bool,
) -> dict[int, conditions.Circumstances]:
    """What each rule's conditions look at."""
    person = None if question.person_id is None else await persons.get_living(tx, question.person_id)
    asked = {found for rule in rules if (found := rule.definition.when.segment_id) is not None}
    inside = (await segments.list_inside(tx, [person], asked)).get(person, set()) if person is not None else set()
    repository = ReplyRepository(tx)
    remembered = {rule.rule_id for rule in rules if conditions.remembers(rule.definition.when)}
    fired = await repository.list_last_firings([person], remembered) if person is not None else {}
    return {
        rule.rule_id: conditions.Circumstances(
            account_id=question.account_id,
            now=at,
            zone=zone_of.zone,
            is_open=is_open,
            segments=inside,
            last_fired_at=fired.get((person, rule.rule_id)) if person is not None else None,
        )
        for rule in rules
    }


async def _parts(tx: Transaction, rule: Rule, question: Question) -> tuple[AnyPart, ...]:
    """What the rule would say."""
    known = await menus.list_newest(tx)
    forms = {each.form_id: each.form for each in await books.list_forms(tx)}
    people = await ReplyRepository(tx).list_people([question.person_id]) if question.person_id is not None else {}
    variables: dict[str, Any] = people.get(question.person_id or 0, {})
    parts: list[AnyPart] = []
    for action in rule.definition.actions:
        if isinstance(action, AskLead) and not action.card_id and (form := forms.get(action.form_id)):
            lines = [form.intro] if form.intro else []
            parts += [saying.of_line(Line(line)) for line in lines]
            parts.append(saying.of_line(Line(form.fields[0].ask, form.fields[0].options)))
        elif part := saying.part_of(action, variables, known):
            parts.append(part)
    return tuple(parts)


def as_json(parts: tuple[AnyPart, ...]) -> list[dict[str, Any]]:
    """Parts as the API tells them."""
    found: list[dict[str, Any]] = msgspec.to_builtins(parts)
    return found
