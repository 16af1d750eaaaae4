"""Computed traits of one workspace: formulas in, events in, values of people out."""

from functools import partial
from typing import Any

from fanwheel.cdp import computed
from tests.support.segments_live import Crowd, Json

BOUGHT: Json = {"name": "Bought"}


class Reckoned(Crowd):
    """A crowd with computed traits."""

    def define(self, **formulas: Json) -> None:
        """Have traits worked out by formulas, and everybody brought before them."""
        self.order(**formulas)
        self.settle()

    def order(self, **formulas: Json) -> None:
        """The same, before the worker has looked at it."""
        for name, formula in formulas.items():
            self.act(partial(computed.put, name=name, formula=computed.read_formula(formula)))

    def retire(self, name: str) -> None:
        """Have a trait worked out no more."""
        self.act(lambda tx: computed.retire(tx, name))
        self.settle()

    def values(self, name: str) -> dict[str, Any]:
        """What the trait is for whoever has it; what was written apart for the fold says the same."""
        named = {home: who for who, home in self._homes.items()}
        rows = self.rows(
            """SELECT person.person_id, person.traits -> %(name)s::text AS value, kept.traits -> %(name)s::text AS kept
                 FROM person
                 LEFT JOIN person_computed AS kept USING (workspace_id, person_id)
                WHERE workspace_id = %(workspace)s AND is_real""",
            name=name,
        )
        assert all(row["value"] == row["kept"] for row in rows), rows
        return {named[row["person_id"]]: row["value"] for row in rows if row["value"] is not None}

    def everything(self) -> dict[str, Json]:
        """All computed traits of everybody, as they are kept for the fold."""
        named = {home: who for who, home in self._homes.items()}
        rows = self.rows("SELECT person_id, traits FROM person_computed WHERE workspace_id = %(workspace)s")
        return {named[row["person_id"]]: row["traits"] for row in rows}


def hours(amount: int) -> Json:
    """A span of hours."""
    return {"amount": amount, "unit": "hours"}
