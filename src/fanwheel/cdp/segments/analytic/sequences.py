"""Things done one after the other: sequences of the same steps are a statement over their events, sorted by person."""

from collections.abc import Sequence

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.analytic.gathering import Look
from fanwheel.cdp.segments.analytic.params import Params, either, listed
from fanwheel.cdp.segments.analytic.selecting import Selection
from fanwheel.cdp.segments.analytic.values import Place, Turning
from fanwheel.cdp.segments.metrics import Metric
from fanwheel.cdp.segments.rules import moments


def statement(conditions: Sequence[tree.Sequence], params: Params, place: Place, *, selection: Selection) -> str:
    """The statement: a row for each person who took all steps, or may have when an event to come has come.

    The conditions differ in their spans alone.

    ``s<n>`` says of a moment whether step n was taken then, ``b<n>`` when the latest chain began whose step n is that
    moment. Chains that began later are never worse.
    """
    steps = [Metric(event=step) for step in conditions[0].steps]
    look = Look(selection, steps, params, place)
    last = len(steps) - 1
    taken = [f"bool_or(coalesce({look.event(step)}, FALSE)) AS s{n}" for n, step in enumerate(steps)]
    any_step = either([look.event(step) for step in dict.fromkeys(steps)], "OR")
    tables = [
        look.table,
        "moment AS (\nSELECT " + listed(["person_id", "at_us", *taken])
        + f"\n  FROM met\n WHERE {any_step}\n GROUP BY person_id, at_us\n)",
        "chain0 AS (\nSELECT " + listed(["person_id", "at_us", *_flags(1, last), "CASE WHEN s0 THEN at_us END AS b0"])
        + "\n  FROM moment\n)",
    ]  # fmt: skip
    tables += [_step(n, last) for n in range(1, last + 1)]
    turnings = [_turning(condition, params, place, ended_us=f"at_us - b{last}") for condition in conditions]
    holds = [f"bool_or(coalesce({each.holds}, FALSE)) AS l{number}" for number, each in enumerate(turnings)]
    columns = ["person_id", *holds, f"least({listed([*(each.due or 'NULL' for each in turnings), 'NULL'])}) AS due_us"]
    end = [f"  FROM chain{last}", f" WHERE b{last} IS NOT NULL", " GROUP BY person_id"]
    return "\n".join(["WITH " + ", ".join(tables), "SELECT " + listed(columns), *end])


def begin(condition: tree.Sequence, now: int) -> int | None:
    """Since when events matter to a sequence."""
    if condition.completed is None:
        return None
    return now - moments.span_us(condition.completed) - moments.span_us(condition.within)


def _turning(condition: tree.Sequence, params: Params, place: Place, *, ended_us: str) -> Turning:
    """Whether a chain that ended at a moment counts, and when any of a person's may turn the answer."""
    now = params.add(place.now)
    ended = f"{ended_us} <= {params.add(moments.span_us(condition.within))}"
    is_done = f"{ended} AND at_us <= {now}"
    due = f"min(CASE WHEN {ended} AND at_us > {now} THEN at_us END)"
    if condition.completed is not None:
        completed = moments.span_us(condition.completed)
        is_done += f" AND at_us > {params.add(place.now - completed)}"
        due += f",\n       max(CASE WHEN {is_done} THEN at_us END) + {params.add(completed)}"
    return Turning(is_done, due)


def _step(n: int, last: int) -> str:
    """The table in which step n has been taken."""
    before = (
        f"max(b{n - 1}) OVER (PARTITION BY person_id ORDER BY at_us ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
    )
    columns = ["person_id", "at_us", *_flags(n + 1, last), f"CASE WHEN s{n} THEN {before} END AS b{n}"]
    return f"chain{n} AS (\nSELECT " + listed(columns) + f"\n  FROM chain{n - 1}\n)"


def _flags(first: int, last: int) -> list[str]:
    return [f"s{n}" for n in range(first, last + 1)]
