"""What is known of people beside their events: any number of conditions in one scan of the people."""

from collections.abc import Sequence
from dataclasses import dataclass

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.analytic import values
from fanwheel.cdp.segments.analytic.leaves import Leaf
from fanwheel.cdp.segments.analytic.params import Params, either, listed
from fanwheel.cdp.segments.analytic.values import Place, Turning
from fanwheel.cdp.segments.rules.leaves import MOMENT_FIELDS, SHARES
from fanwheel.kernel.domain import Domain


@dataclass(frozen=True, slots=True)
class Wants:
    """What the table ``person`` must have beside ``person_id``.

    Columns of their own names, ``trait<n>`` with the JSON of trait n, and ``layer<n>`` with the class in layer n.
    Moments are in epoch microseconds.
    """

    columns: frozenset[str]
    traits: tuple[str, ...]
    layers: tuple[str, ...]


class Profiles:
    """One statement for many conditions on people."""

    def __init__(self, conditions: Sequence[Leaf], params: Params, place: Place) -> None:
        self._params = params
        self._place = place
        self._columns: set[str] = set()
        self._traits: list[str] = []
        self._layers: list[str] = []
        self._turnings = [self._turning(condition) for condition in conditions]

    @property
    def sql(self) -> str:
        """The statement: a row for everybody."""
        traits = [f"@json_value(trait{number}) AS trait{number}" for number in range(len(self._traits))]
        layers = [f"layer{number}" for number in range(len(self._layers))]
        told = ["person_id", *sorted(self._columns), *layers, *traits]
        holds = [f"coalesce({each.holds}, FALSE) AS l{number}" for number, each in enumerate(self._turnings)]
        due = list(dict.fromkeys(each.due for each in self._turnings if each.due))
        found = ["person_id", *holds, f"least({listed([*due, 'NULL', 'CAST(NULL AS BIGINT)'])}) AS due_us"]
        table = "WITH told AS (\nSELECT " + listed(told) + "\n  FROM person\n)"
        return table + "\nSELECT " + listed(found) + "\n  FROM told"

    @property
    def wants(self) -> Wants:
        """What the statement reads."""
        return Wants(frozenset(self._columns), tuple(self._traits), tuple(self._layers))

    def _turning(self, condition: Leaf) -> Turning:
        if isinstance(condition, tree.Trait):
            return self._trait(condition)
        if isinstance(condition, tree.Field):
            return self._field(condition)
        return Turning(self._steady(condition))

    def _trait(self, condition: tree.Trait) -> Turning:
        column = f"trait{_place(condition.name, self._traits)}"
        test = condition.test
        if isinstance(test, tree.WithinLast | tree.LongerAgo | tree.ExactlyAgo | tree.WithinNext | tree.Anniversary):
            moment = values.text_moment(f"@text_of({column})", self._params, zone=self._place.zone_name)
            return values.of_moment(test, moment, self._params, self._place)
        return Turning(values.of_json(test, column, self._params))

    def _field(self, condition: tree.Field) -> Turning:
        column, test = self._column(condition.name), condition.test
        if isinstance(test, tree.Exists | tree.Missing):
            return Turning(f"{column} IS NOT NULL" if isinstance(test, tree.Exists) else f"{column} IS NULL")
        if condition.name in MOMENT_FIELDS:
            moment = values.epoch_moment(column, self._params, zone=self._place.zone_name)
            return values.of_moment(test, moment, self._params, self._place)
        return Turning(values.of_number(test, column, self._params))

    def _steady(self, condition: Leaf) -> str:
        """A condition that does not turn with time."""
        params = self._params
        match condition:
            case tree.Tag(tag=tag):
                return f"@has({self._column('tags')}, {params.add(tag)})"
            case tree.Layer(layer=layer, classes=classes):
                return f"@has({params.add_list(classes)}, layer{_place(layer, self._layers)})"
            case tree.Reachable(channel=channel):
                channels = self._column("channels")
                return (
                    f"cardinality({channels}) > 0" if channel == "any" else f"@has({channels}, {params.add(channel)})"
                )
            case tree.Listed(list_id=list_id):
                return f"@has({self._column('list_ids')}, {params.add(list_id)})"
            case tree.Referral(role=role):
                return self._column("is_inviter" if role == "inviter" else "is_invitee")
            case tree.Sample(percent=percent, salt=salt):
                digest = f"md5(concat({params.add(salt)}, ':', CAST(person_id AS STRING)))"
                share = f"@hex_number(substr({digest}, 1, 8)) % {SHARES}"
                return f"{share} < {params.add(float(percent * (SHARES / 100)))}"
            case tree.Source(sources=sources, touch=touch):
                known = [self._place.sources[slug] for slug in sources if slug in self._place.sources]
                return self._touch("source_id", touch, known)
            case tree.Domain(domain=domain, touch=touch):
                return self._touch("domain", touch, [Domain.of(domain).value])
            case _:
                raise TypeError(f"{type(condition).__name__} is not told by a person's row")

    def _touch(self, what: str, touch: str, wanted: Sequence[int]) -> str:
        named = ["first", "last"] if touch == "any" else [touch]
        columns = [self._column(f"{name}_{what}") for name in named]
        return either(
            [f"{column} = {self._params.add(each)}" for column in columns for each in wanted] or ["FALSE"], "OR"
        )

    def _column(self, name: str) -> str:
        self._columns.add(name)
        return name


def _place(name: str, names: list[str]) -> int:
    if name not in names:
        names.append(name)
    return names.index(name)
