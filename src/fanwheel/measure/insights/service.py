"""Product reports of a workspace: each question worked out by a thread, its answer kept on a desk."""

from datetime import date, datetime
from typing import NamedTuple, TypeAlias

from fanwheel.infra.settings import Settings
from fanwheel.kernel.clock import utc_now
from fanwheel.measure.insights import schemas
from fanwheel.measure.reports.desk import Desk, effort_of, give_memory_back

Answer: TypeAlias = schemas.Funnel | schemas.Events | schemas.Rfm | schemas.Clv | schemas.Paths


class FunnelAsked(NamedTuple):
    """A funnel: steps in order, and the days on which it may begin."""

    workspace: int
    steps: tuple[str, ...]
    window_days: int
    first: date
    last: date


class EventsAsked(NamedTuple):
    """The names of events."""

    workspace: int
    what: str = "events"


class RfmAsked(NamedTuple):
    """The grid of recency and frequency."""

    workspace: int
    what: str = "rfm"


class ClvAsked(NamedTuple):
    """Customer value."""

    workspace: int
    what: str = "clv"


class PathsAsked(NamedTuple):
    """The most frequent paths to an order."""

    workspace: int
    limit: int
    lookback_days: int


Question: TypeAlias = FunnelAsked | EventsAsked | RfmAsked | ClvAsked | PathsAsked


class Insights(Desk[Question, Answer]):
    """Product reports by question."""

    @classmethod
    def of(cls, settings: Settings, dsn: str) -> "Insights":
        """Product reports over the lake and the database of an installation."""
        return cls(lambda question: _answer(settings, dsn, question), effort=effort_of(settings))


def _answer(settings: Settings, dsn: str, question: Question) -> Answer:
    from fanwheel.infra.engine import EngineDownError

    try:
        return _answer_once(settings, dsn, question)
    except EngineDownError:
        # An erasure takes files away at once, even from under a reader; a new look finds those that replaced them.
        return _answer_once(settings, dsn, question)
    finally:
        give_memory_back()


def _answer_once(settings: Settings, dsn: str, question: Question) -> Answer:
    # DuckDB, Arrow, NumPy and SciPy are loaded with the first question, not with the server.
    from fanwheel.measure.insights import answers
    from fanwheel.measure.insights.sitting import sit

    as_of: datetime = utc_now()
    kept, with_events = answers.NEEDS[type(question)]
    with sit(settings, dsn, question.workspace, kept=kept, with_events=with_events) as sitting:
        return answers.answer(sitting, question, as_of=as_of)
