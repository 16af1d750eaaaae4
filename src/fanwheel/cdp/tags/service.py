"""What people decide about tags: which there are, what they are called, which rules give them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from fanwheel.cdp.segments import hidden, mentions
from fanwheel.cdp.tags.contracts import GroupInfo, TagInfo
from fanwheel.cdp.tags.errors import (
    TagExistsError,
    TagGroupNameTakenError,
    TagGroupNotFoundError,
    TagMentionedError,
    TagNotFoundError,
)
from fanwheel.cdp.tags.giving import clean
from fanwheel.cdp.tags.repository import TagRepository
from fanwheel.infra.postgres import Transaction

_BLANK: Final[Mapping[str, Any]] = {
    "label": "", "description": "", "color": "", "group_id": None, "expires_after_s": None, "segment_id": None,
    "keeps_after_exit": False,
}  # fmt: skip


async def list_tags(tx: Transaction) -> list[TagInfo]:
    """Tags that are defined or that people carry, those of most people first."""
    return await TagRepository(tx).list_tags()


async def get(tx: Transaction, tag: str) -> TagInfo:
    """A tag that is defined or that people carry; raises ``TagNotFoundError``."""
    found = await TagRepository(tx).list_tags(one=tag)
    if not found:
        raise TagNotFoundError
    return found[0]


async def define(tx: Transaction, tag: str, values: Mapping[str, Any], *, actor: str, now: datetime) -> str:
    """Say what a tag is that nobody has defined yet; the tag as it is written from now on.

    Raises
    ------
    TagExistsError
        If it is defined already.
    BadTagError, BadSegmentError, TagGroupNotFoundError
        If something about it cannot be.
    """
    word = clean(tag)
    if await TagRepository(tx).find(word) is not None:
        raise TagExistsError(hint="Change the one that there is.")
    await _put(tx, word, values, actor=actor, now=now)
    return word


async def redefine(tx: Transaction, tag: str, changes: Mapping[str, Any], *, actor: str, now: datetime) -> None:
    """Change what a tag is; what is left out stays. One that people carry is defined by that.

    Raises
    ------
    TagNotFoundError
        If nobody has defined it and nobody carries it.
    BadSegmentError, TagGroupNotFoundError
        If something about it cannot be.
    """
    tags = TagRepository(tx)
    if await tags.find(tag) is None and not await tags.is_worn(tag):
        raise TagNotFoundError
    await _put(tx, tag, changes, actor=actor, now=now)


async def delete(tx: Transaction, tag: str, *, actor: str, now: datetime) -> None:
    """Forget a tag and take it off everybody.

    Raises
    ------
    TagNotFoundError, TagMentionedError
        If there is none, or rules mention it.
    """
    tags = await _hold(tx)
    definition = await tags.find(tag)
    if definition is None and not await tags.is_worn(tag):
        raise TagNotFoundError
    await _require_unmentioned(tx, tag)
    await tags.take_from_all(tag, only_ruled=False, by=actor, now=now)
    await tags.delete(tag)
    if definition is not None and definition["segment_id"] is not None:
        await hidden.delete(tx, [definition["segment_id"]])


async def rename(tx: Transaction, tag: str, other: str, *, actor: str, now: datetime) -> str:
    """Call a tag by another name, in rules too; with one that there is it becomes one. The name from now on.

    Raises
    ------
    TagNotFoundError, BadTagError
        If there is no such tag, or the name is none.
    TagMentionedError
        If it becomes one with another while rules mention it: who is in might change by that.
    """
    word = clean(other)
    tags = await _hold(tx)
    definition = await tags.find(tag)
    if definition is None and not await tags.is_worn(tag):
        raise TagNotFoundError
    if word == tag:
        return word
    is_merged = await tags.find(word) is not None or await tags.is_worn(word)
    if is_merged:
        await _require_unmentioned(tx, tag)
        if definition is not None and definition["segment_id"] is not None:
            await tags.take_from_all(tag, only_ruled=True, by=actor, now=now)
            await hidden.delete(tx, [definition["segment_id"]])
    else:
        await _rename_in_rules(tags, tag, word)
        await hidden.refresh(tx)
    await tags.note_wearers([tag])
    await tags.rename(tag, word, actor=actor, is_defined=definition is not None and not is_merged)
    return word


async def list_groups(tx: Transaction) -> list[GroupInfo]:
    """Groups of tags, by name."""
    return await TagRepository(tx).list_groups()


async def add_group(tx: Transaction, name: str, *, is_exclusive: bool, actor: str) -> GroupInfo:
    """Make a group of tags; raises ``TagGroupNameTakenError``."""
    tags = TagRepository(tx)
    cleaned = await _clean_name(tags, name, group_id=None)
    return GroupInfo(await tags.add_group(cleaned, is_exclusive=is_exclusive, actor=actor), cleaned, is_exclusive)


async def change_group(
    tx: Transaction, group_id: int, *, name: str | None = None, is_exclusive: bool | None = None
) -> GroupInfo:
    """Change a group; where its tags begin to exclude each other everybody keeps the one given last.

    Raises
    ------
    TagGroupNotFoundError, TagGroupNameTakenError, BadSegmentError
        If there is none, another has the name, or rules of its tags would lead to themselves.
    """
    tags = await _hold(tx)
    before = await _get_group(tags, group_id)
    cleaned = before.name if name is None else await _clean_name(tags, name, group_id=group_id)
    after = GroupInfo(group_id, cleaned, before.is_exclusive if is_exclusive is None else is_exclusive)
    await tags.change_group(after)
    if after.is_exclusive != before.is_exclusive:
        await _regroup(tx, [group_id])
    return after


async def delete_group(tx: Transaction, group_id: int) -> None:
    """Delete a group; its tags stay."""
    tags = await _hold(tx)
    group = await _get_group(tags, group_id)
    if group.is_exclusive:
        await tags.note_wearers(await tags.list_grouped(group_id))
    await tags.delete_group(group_id)


async def _put(tx: Transaction, tag: str, changes: Mapping[str, Any], *, actor: str, now: datetime) -> None:
    tags = await _hold(tx)
    before = dict(await tags.find(tag) or _BLANK)
    values = {**before, **{name: value for name, value in changes.items() if name != "rule"}, "tag": tag}
    values = {name: _BLANK[name] if value is None and name in _BLANK else value for name, value in values.items()}
    if values["group_id"] is not None:
        await _get_group(tags, values["group_id"])
    old = before["segment_id"]
    if changes.get("rule") is not None:
        values["segment_id"], _ = await hidden.put(tx, old, purpose="tag", name=tag, rule=changes["rule"], actor=actor)
    elif "rule" in changes and old is not None:
        values["segment_id"] = None
        await hidden.delete(tx, [old])
        if not values["keeps_after_exit"]:
            await tags.take_from_all(tag, only_ruled=True, by=actor, now=now)
    await tags.put({**values, "actor": actor})
    if values["segment_id"] is not None:
        await mentions.require_no_circles(tx, [values["segment_id"]])
        if (before["keeps_after_exit"], before["expires_after_s"]) != (
            values["keeps_after_exit"],
            values["expires_after_s"],
        ):
            await tags.carry_anew(values["segment_id"])
    if before["group_id"] != values["group_id"]:
        await _regroup(tx, [each for each in (before["group_id"], values["group_id"]) if each is not None])


async def _regroup(tx: Transaction, groups: list[int]) -> None:
    """Have everybody looked at again who carries tags of groups; their rules may not lead to themselves."""
    tags = TagRepository(tx)
    for group_id in groups:
        grouped = await tags.list_grouped(group_id)
        await mentions.require_no_circles(tx, [each for each in grouped.values() if each is not None])
        await tags.note_wearers(grouped)


async def _rename_in_rules(tags: TagRepository, tag: str, other: str) -> None:
    for row in await tags.list_rules():
        rule, live_rule = (_renamed(row[name], tag, other) for name in ("rule", "live_rule"))
        if (rule, live_rule) != (row["rule"], row["live_rule"]):
            await tags.put_rule(row["segment_id"], rule, live_rule)


def _renamed(told: Any, tag: str, other: str) -> Any:
    """A rule in which a tag goes by another name."""
    if isinstance(told, list):
        return [_renamed(each, tag, other) for each in told]
    if not isinstance(told, dict):
        return told
    if told.get("type") == "tag" and told.get("tag") == tag:
        return {**told, "tag": other}
    return {name: _renamed(value, tag, other) for name, value in told.items()}


async def _require_unmentioned(tx: Transaction, tag: str) -> None:
    if naming := (await mentions.read_web(tx)).naming("tag", tag):
        raise TagMentionedError(f"Rules mention this tag: {', '.join(naming)}.", hint="Take it out of them first.")


async def _hold(tx: Transaction) -> TagRepository:
    """Keep the judge, whoever follows rules and other changes of rules out until the transaction ends."""
    await hidden.hold(tx)
    tags = TagRepository(tx)
    await tags.hold()
    return tags


async def _get_group(tags: TagRepository, group_id: int) -> GroupInfo:
    found = await tags.list_groups(one=group_id)
    if not found:
        raise TagGroupNotFoundError
    return found[0]


async def _clean_name(tags: TagRepository, name: str, *, group_id: int | None) -> str:
    cleaned = " ".join(name.split())
    if await tags.is_group_name_taken(cleaned, group_id=group_id):
        raise TagGroupNameTakenError(hint="Choose another name.")
    return cleaned
