"""A crowd of people whose tags and layers follow rules, with a clock of their own."""

from typing import Any

from fanwheel.cdp import carrying, tags
from fanwheel.cdp.layers import NewClass
from fanwheel.cdp.layers import service as layers
from fanwheel.cdp.tags import service as definitions
from tests.support.segments_live import Crowd, Json


class Portraits(Crowd):
    """A crowd; ``settle`` lets tags and layers follow as well, until nothing moves."""

    def settle(self) -> None:
        """Build, judge and follow until nothing is left to do now."""
        super().settle()
        while self.follow():
            super().settle()

    def follow(self) -> bool:
        """Let tags and layers follow for one transaction; whether there was anything to do."""
        follower = carrying.Follower(clock=lambda: self.now, most=3)
        return self.run(lambda db: follower.follow(db, self.workspace))

    def give(self, who: str, *words: str, **more: Any) -> tags.Outcome:
        """Put tags on somebody by hand."""
        home = self.home(who)
        told: Json = {"origin": "user", "by": "user:1", "now": self.now, **more}
        return self.act(lambda tx: tags.give(tx, [home], words, **told))

    def take(self, who: str, *words: str) -> tags.Outcome:
        """Take tags off somebody by hand."""
        home = self.home(who)
        return self.act(lambda tx: tags.take(tx, [home], words, origin="user", by="user:1", now=self.now))

    def define(self, tag: str, condition: Json | None = None, **values: Any) -> None:
        """Say what a tag is; with a condition a rule gives it."""
        if condition is not None:
            values["rule"] = {"version": 1, "condition": condition}
        self.act(lambda tx: definitions.define(tx, tag, values, actor="user:1", now=self.now))
        self.settle()

    def group(self, name: str, *words: str, is_exclusive: bool = True) -> int:
        """A group of tags, which are defined by that."""
        made = self.act(lambda tx: definitions.add_group(tx, name, is_exclusive=is_exclusive, actor="user:1"))
        for word in words:
            self.define(word, group_id=made.group_id)
        return made.group_id

    def layer(self, key: str, *, may_fall: bool = True, is_new: bool = True, **classes: Json) -> None:
        """A layer whose classes, the lowest first, have these conditions."""
        told = [NewClass(name, name.title(), {"version": 1, "condition": rule}) for name, rule in classes.items()]
        act = layers.add if is_new else layers.change
        self.act(
            lambda tx: act(tx, key, name=key.title(), description="", may_fall=may_fall, classes=told, actor="user:1")
        )
        self.settle()

    def tags(self, who: str) -> list[str]:
        """The tags that somebody carries."""
        found: list[str] = self.person(who)["tags"]
        return found

    def classes(self, who: str) -> dict[str, str]:
        """The classes that somebody is in, of layers that users define."""
        found: dict[str, str] = self.person(who)["layers"]
        return found

    def wearers(self, tag: str) -> set[str]:
        """Everybody who carries a tag, by their oldest identifier."""
        return self._who("tags @> ARRAY[%(word)s::text]", tag)

    def inside(self, layer: str, key: str) -> set[str]:
        """Everybody in a class, by their oldest identifier."""
        return self._who(f"layers ->> '{layer}' = %(word)s", key)

    def log(self, who: str) -> list[tuple[str, str, str]]:
        """What was put on a home and taken off: which, how, by what."""
        rows = self.rows(
            "SELECT * FROM tag_log WHERE workspace_id = %(workspace)s AND home_id = %(home)s ORDER BY log_id",
            home=self.home(who),
        )
        return [(row["tag"], "on" if row["is_added"] else "off", row["origin"]) for row in rows]

    def told(self, who: str, kind: str) -> list[tuple[str, Any, Any]]:
        """The facts about somebody of one kind: of what, from, to."""
        rows = self.rows(
            "SELECT name, old, new FROM portrait_change WHERE workspace_id = %(workspace)s AND kind = %(kind)s"
            " AND person_id = %(person)s AND name NOT IN ('stage', 'rfm_tier', 'member_level') ORDER BY change_id",
            kind=kind, person=self.person(who)["person_id"],
        )  # fmt: skip
        return [(row["name"], row["old"], row["new"]) for row in rows]

    def _who(self, condition: str, word: str) -> set[str]:
        named = {home: who for who, home in self._homes.items()}
        rows = self.rows(
            f"SELECT person_id FROM person WHERE workspace_id = %(workspace)s AND is_real AND {condition}", word=word
        )
        return {named.get(row["person_id"], str(row["person_id"])) for row in rows}
