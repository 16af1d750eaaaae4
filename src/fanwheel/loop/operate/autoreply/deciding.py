"""Who is answered what: one portion of what came in, in its order, without looking anything up any more."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from fanwheel.domains.private.channels.contracts import AnyPart, Message, Tapped
from fanwheel.infra import outbox
from fanwheel.loop.operate import hours, menus
from fanwheel.loop.operate.autoreply import conditions, forms, loops, reading, saying
from fanwheel.loop.operate.autoreply.book import Book
from fanwheel.loop.operate.autoreply.contracts import (
    Answered,
    AskLead,
    Closed,
    HandOver,
    HandToAgent,
    Incoming,
    NoteEvent,
    Otherwise,
    PutTags,
    Rule,
)
from fanwheel.loop.operate.autoreply.effects import Effects, Saying, Standing
from fanwheel.loop.operate.autoreply.leads import facts_of_lead
from fanwheel.loop.operate.autoreply.matching import Said

_IGNORED: Final = Answered("ignored")


class Case(NamedTuple):
    """Something that came in, with the rules that it sets off."""

    place: int
    item: Incoming
    said: Said
    rules: Sequence[Rule]
    tap: tuple[int, str] | None


class Known(NamedTuple):
    """What was looked up for all cases together."""

    hours: hours.Hours
    segments: Mapping[int, set[int]]  # by person
    last_fired: dict[tuple[int, int], datetime]  # by person and rule
    people: Mapping[int, Mapping[str, Any]]
    standings: Mapping[tuple[int, int], Standing]


class Desk:
    """Decides case by case, and remembers what it decided for the next one of the same person."""

    def __init__(self, book: Book, known: Known, effects: Effects) -> None:
        self._book = book
        self._known = known
        self._effects = effects
        self._now = effects.now

    def decide(self, case: Case) -> Answered:
        """What becomes of a case."""
        item = case.item
        if isinstance(item.happening, Message) and item.happening.is_echo:
            return Answered("echo")
        if case.tap is not None:
            self._effects.taps.append(menus.Tap(*case.tap, item.account_id, item.home_id, item.happening.at))
        if item.with_agent:
            return Answered("with_agent")
        standing = self._known.standings[item.account_id, item.home_id]
        if standing.braked_until is not None and standing.braked_until > self._now:
            return Answered("braked")
        if isinstance(item.happening, Tapped) and item.happening.is_view:
            return _IGNORED
        answered = self._by_form(case, standing) or self._by_tap(case, standing)
        return answered or self._by_rules(case, standing)

    # ------------------------------------------------------------ lead forms
    def _by_form(self, case: Case, standing: Standing) -> Answered | None:
        """The next question, where a lead form is under way and the message is an answer to it."""
        progress = standing.form
        if progress is None or not isinstance(case.item.happening, Message):
            return None
        kept = self._book.forms.get(progress.form_id)
        if kept is None or standing.form_until is None or standing.form_until < self._now:
            standing.form, standing.form_until, standing.is_changed = None, None, True
            return None
        text = reading.text_of(case.item.happening)
        turn = forms.take(kept.form, progress, text, region=self._book.region, now=self._now)
        other = case.tap is not None or any(
            not isinstance(rule.definition.trigger, Otherwise | Closed) for rule in case.rules
        )
        if turn.outcome in ("invalid", "given_up") and (other or forms.has_paused(progress, self._now)):
            return None  # the person speaks of something else; the question waits
        self._keep_form(standing, kept.form, turn.progress)
        parts = [saying.of_line(line) for line in turn.lines]
        hand_over = None
        if turn.outcome == "done" or (turn.outcome == "given_up" and turn.values):
            self._effects.facts += facts_of_lead(kept, progress, turn, case.item, now=self._now)
            self._effects.tag(f"form:{kept.form_id}", case.item.home_id, kept.form.tags)
            if kept.form.hands_over:
                hand_over = HandOver("form", kept.form.team_id, kept.name)
        rule_id = progress.rule_id or None
        step = f"autoreply:{rule_id}" if rule_id else f"form:{kept.form_id}"
        return self._say(case, standing, Answered("form", rule_id, hand_over=hand_over), parts=parts, step=step)

    def _begin_form(self, case: Case, standing: Standing, form_id: int, *, rule_id: int) -> list[AnyPart]:
        kept = self._book.forms.get(form_id)
        if kept is None:
            return []
        progress = forms.Progress(
            form_id=form_id,
            version=kept.version,
            rule_id=rule_id,
            key=case.item.happening.key,
            asked_us=round(self._now.timestamp() * 1_000_000),
        )
        turn = forms.begin(kept.form, progress)
        self._keep_form(standing, kept.form, turn.progress)
        return [saying.of_line(line) for line in turn.lines]

    def _keep_form(self, standing: Standing, form: forms.Form, progress: forms.Progress | None) -> None:
        standing.form = progress
        standing.form_until = self._now + timedelta(minutes=form.minutes) if progress else None
        standing.is_changed = True

    # ------------------------------------------------------------ menus
    def _by_tap(self, case: Case, standing: Standing) -> Answered | None:
        """What an entry of a menu does; None where it does what somebody's words would."""
        if case.tap is None:
            return None
        menu_id, item_id = case.tap
        menu = self._book.menus.get(menu_id)
        entry = menu.find(item_id) if menu else None
        if entry is None or entry.kind == "keyword":
            return None
        if reading.is_answered_by_platform(case.item.channel, entry):
            return Answered("menu")
        hand_over = HandOver("menu", entry.team_id, entry.label) if entry.kind == "agent" else None
        if entry.kind == "form" and entry.form_id is not None:
            parts = self._begin_form(case, standing, entry.form_id, rule_id=0)
        else:
            parts = [part] if (part := saying.of_item(entry, menu_id)) else []
        return self._say(case, standing, Answered("menu", hand_over=hand_over), parts=parts, step=f"menu:{menu_id}")

    # ------------------------------------------------------------ rules
    def _by_rules(self, case: Case, standing: Standing) -> Answered:
        said = case.said._replace(is_closed=not self._known.hours.is_open(self._now))
        for rule in case.rules:
            if isinstance(rule.definition.trigger, Closed) and not said.is_closed:
                continue
            if self._refusal(rule, case.item) is None:
                answered = self._fire(rule, case, standing)
                if answered is not None:
                    return answered
        return Answered("no_rule")

    def _refusal(self, rule: Rule, item: Incoming) -> conditions.Refusal | None:
        seen = conditions.Circumstances(
            account_id=item.account_id,
            now=self._now,
            zone=self._book.zone,
            is_open=self._known.hours.is_open(self._now),
            segments=self._known.segments.get(item.person_id, ()),
            last_fired_at=self._known.last_fired.get((item.person_id, rule.rule_id)),
        )
        return conditions.refusal(rule.definition.when, seen)

    def _fire(self, rule: Rule, case: Case, standing: Standing) -> Answered | None:
        """What a rule does; None where the person hears nothing of it and the next one is asked."""
        item = case.item
        if rule.speaks and self._is_braked(case, standing):
            return Answered("braked")
        variables = self._known.people.get(item.person_id, {})
        parts: list[AnyPart] = []
        hand_over: HandOver | None = None
        words: tuple[str, ...] = ()
        for action in rule.definition.actions:
            match action:
                case PutTags(tags=tags):
                    words += tags
                case HandToAgent(team_id=team_id, note=note):
                    hand_over = HandOver("rule", team_id, note or rule.name)
                case NoteEvent(name=name):
                    self._effects.facts += _event(rule, case, name)
                case AskLead(form_id=form_id, card_id=card_id) if not (card_id and item.channel == "douyin"):
                    parts += self._begin_form(case, standing, form_id, rule_id=rule.rule_id)
                case _:
                    if part := saying.part_of(action, variables, self._book.menus):
                        parts.append(part)
        self._effects.tag(f"rule:{rule.rule_id}", item.home_id, words)
        self._known.last_fired[item.person_id, rule.rule_id] = self._now
        self._effects.firings.append(
            {
                "place": case.place,
                "rule_id": rule.rule_id,
                "home_id": item.home_id,
                "account_id": item.account_id,
                "key": item.happening.key,
            }
        )
        if not rule.speaks:
            return None
        answered = Answered("fired", rule.rule_id, hand_over=hand_over, tags=words, is_answer=rule.answers)
        return self._say(case, standing, answered, parts=parts, step=f"autoreply:{rule.rule_id}")

    def _is_braked(self, case: Case, standing: Standing) -> bool:
        """Whether this looks like a talk of two machines; then the conversation rests."""
        if not isinstance(case.item.happening, Message):
            return False
        turn = loops.Turn(_us(self._now), loops.print_of(case.said.text), is_ours=False)
        brake = loops.judge(standing.recent, turn, self._book.limits, brakes=standing.brakes)
        if brake is None:
            return False
        self._effects.brake(standing, brake)
        return True

    def _say(self, case: Case, standing: Standing, answered: Answered, *, parts: list[AnyPart], step: str) -> Answered:
        if not parts:
            return answered._replace(step=step)
        self._effects.sayings.append(Saying(case.place, step, answered.rule_id, parts))
        at = _us(self._now)
        turns = [loops.Turn(at, loops.print_of(saying.words_in(parts)), is_ours=True)]
        if isinstance(case.item.happening, Message):
            turns.insert(0, loops.Turn(at, loops.print_of(case.said.text), is_ours=False))
        standing.recent, standing.is_changed = loops.keep(standing.recent, *turns), True
        return answered._replace(parts=tuple(parts), step=step)


def _event(rule: Rule, case: Case, name: str) -> list[outbox.Fact]:
    item = case.item
    sender = item.happening.sender
    if sender is None:
        return []
    return [
        outbox.Fact(
            key=f"autoreply:{rule.rule_id}:{item.account_id}:{item.happening.key}:{name}",
            name=name,
            at=item.happening.at,
            refs=[(sender.kind, sender.value)],
            properties={
                "channel": item.channel,
                "account_id": item.account_id,
                "step": f"autoreply:{rule.rule_id}",
                "rule": rule.name,
            },
        )
    ]


def _us(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)
