"""Templates as people make them: drafts, versions, and what stands between the two."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from fanwheel.domains.private.channels import registry
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.pool import Row
from fanwheel.loop.operate.content import checking, compiling, vocabulary, writing
from fanwheel.loop.operate.content.errors import (
    BadContentError,
    TemplateArchivedError,
    TemplateChangedError,
    TemplateNameTakenError,
    TemplateNotFoundError,
)
from fanwheel.loop.operate.content.repository import TemplateRepository
from fanwheel.loop.operate.content.writing import Content

_MOST_NAME: Final = 200


class Opened(NamedTuple):
    """A template with its draft and what is wrong with that."""

    about: Row
    content: Content
    issues: Sequence[checking.Issue]


class Change(NamedTuple):
    """One difference between two versions; None: it was, or is, not there."""

    path: str
    before: Any
    after: Any


async def list_templates(
    tx: Transaction, *, channel: str | None = None, q: str | None = None, is_archived: bool = False
) -> list[Row]:
    """Templates without what they say, those changed last first."""
    return await TemplateRepository(tx).list_templates(channel=channel, q=q, is_archived=is_archived)


async def get(tx: Transaction, template_id: int) -> Opened:
    """A template with its draft; raises ``TemplateNotFoundError``."""
    templates = TemplateRepository(tx)
    about = await templates.list_templates(template_id=template_id)
    row = await templates.find(template_id)
    if not about or row is None:
        raise TemplateNotFoundError
    content = writing.read(row["draft"], row["channel"])
    return Opened(about[0], content, await check(tx, content, row["channel"]))


async def check(tx: Transaction, content: Content, channel: str) -> list[checking.Issue]:
    """What is wrong with a template."""
    names = await vocabulary.list_person_names(tx)
    return checking.check(content, channel, checking.Known(names, checking.find_about(channel)))


async def add(tx: Transaction, values: Mapping[str, Any], draft: Any | None, *, language: str, actor: str) -> int:
    """The number of a new template.

    Raises
    ------
    TemplateNameTakenError, BadContentError
        If its name is taken, no such channel is installed, or its draft cannot be.
    """
    channel = values["channel"]
    if checking.find_about(channel) is None:
        known = ", ".join(registry.kinds())
        raise BadContentError(f"“channel”: there is no “{channel}”.", hint=f"It is one of: {known}.")
    content = writing.new(channel, language) if draft is None else writing.read(draft, channel)
    templates = TemplateRepository(tx)
    name = await _free_name(templates, values["name"])
    kept = {"folder": "", "labels": [], **values, "name": name}
    return await templates.add(kept, writing.to_json(content), actor=actor)


async def save(
    tx: Transaction, template_id: int, changes: Mapping[str, Any], *, revision: int | None, actor: str
) -> None:
    """Change a template's draft, name, folder or labels; what is left out stays.

    Raises
    ------
    TemplateNotFoundError, TemplateArchivedError, TemplateChangedError, TemplateNameTakenError, BadContentError
        If there is none, it is archived, somebody else changed it, or something about it cannot be.
    """
    templates = TemplateRepository(tx)
    row = await _open(templates, template_id)
    if revision is not None and revision != row["revision"]:
        raise TemplateChangedError(hint="Open it anew, and make your changes there.")
    draft = row["draft"]
    if changes.get("content") is not None:
        draft = writing.to_json(writing.read(changes["content"], row["channel"]))
    values = {name: changes.get(name, row[name]) for name in ("name", "folder", "labels")}
    values["name"] = await _free_name(templates, values["name"], template_id=template_id)
    await templates.change(template_id, values, draft, actor=actor)


async def publish(tx: Transaction, template_id: int, *, note: str, revision: int | None, actor: str) -> int:
    """The number of the version that the draft becomes; it never changes, and is said from now on.

    Raises
    ------
    TemplateNotFoundError, TemplateArchivedError, TemplateChangedError
        If there is none, it is archived, or somebody else changed it.
    BadContentError
        If there are mistakes in it.
    """
    templates = TemplateRepository(tx)
    row = await _open(templates, template_id)
    if revision is not None and revision != row["revision"]:
        raise TemplateChangedError(hint="Open it anew, and look at what is there now.")
    content = writing.read(row["draft"], row["channel"])
    mistakes = [issue for issue in await check(tx, content, row["channel"]) if issue.level == "error"]
    if mistakes:
        first = mistakes[0]
        raise BadContentError(
            f"{len(mistakes)} mistakes are to be mended first.",
            hint=f"{first.code} in {first.variant} {first.language}, {first.where}: {first.detail or ''}",
        )
    compiled = compiling.compile_content(content, title=row["name"])
    return await templates.add_version(row, writing.to_json(content), compiled, note=note.strip(), actor=actor)


async def duplicate(tx: Transaction, template_id: int, *, actor: str) -> int:
    """The number of a copy of a template's draft."""
    templates = TemplateRepository(tx)
    row = await templates.find(template_id)
    if row is None:
        raise TemplateNotFoundError
    taken = {name.lower() for name in await templates.list_names()}
    number = 2
    while f"{row['name'][: _MOST_NAME - 6]} {number}".lower() in taken:
        number += 1
    values = {name: row[name] for name in ("channel", "folder", "labels")}
    values["name"] = f"{row['name'][: _MOST_NAME - 6]} {number}"
    return await templates.add(values, row["draft"], actor=actor)


async def set_archived(tx: Transaction, template_id: int, *, is_archived: bool, actor: str) -> None:
    """Take a template out of the list or put it back; what it said goes on being said where it is used."""
    templates = TemplateRepository(tx)
    row = await templates.find(template_id)
    if row is None:
        raise TemplateNotFoundError
    if not is_archived:
        await _free_name(templates, row["name"], template_id=template_id)
    await templates.set_archived(template_id, is_archived=is_archived, actor=actor)


async def list_versions(tx: Transaction, template_id: int) -> list[Row]:
    """Versions of a template, newest first; raises ``TemplateNotFoundError``."""
    templates = TemplateRepository(tx)
    if not await templates.list_templates(template_id=template_id):
        raise TemplateNotFoundError
    return await templates.list_versions(template_id)


async def get_version(tx: Transaction, version_id: int) -> Row:
    """A version as it was written; raises ``TemplateNotFoundError``."""
    row = await TemplateRepository(tx).find_version(version_id)
    if row is None:
        raise TemplateNotFoundError("There is no such version.")
    return row


async def restore(tx: Transaction, version_id: int, *, actor: str) -> int:
    """Make a version the draft again; the number of its template."""
    version = await get_version(tx, version_id)
    changes = {"content": version["content"]}
    await save(tx, version["template_id"], changes, revision=None, actor=actor)
    return int(version["template_id"])


async def compare(tx: Transaction, template_id: int, *, before: int, after: int | None) -> list[Change]:
    """What is different from one version of a template to another, by their numbers; None: to the draft."""
    templates = TemplateRepository(tx)
    row = await templates.find(template_id)
    if row is None:
        raise TemplateNotFoundError
    ids = {version["number"]: version["version_id"] for version in await templates.list_versions(template_id)}
    old = (await get_version(tx, ids.get(before, 0)))["content"]
    new = row["draft"] if after is None else (await get_version(tx, ids.get(after, 0)))["content"]
    return differ(old, new)


def differ(before: Any, after: Any) -> list[Change]:
    """What is different from one value to another, by where it stands."""
    old, new = dict(_leaves(before, "")), dict(_leaves(after, ""))
    paths = [*old, *(path for path in new if path not in old)]
    return [Change(path, old.get(path), new.get(path)) for path in paths if old.get(path, _NOT) != new.get(path, _NOT)]


_NOT: Final = object()


def _leaves(value: Any, path: str) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [leaf for key, each in value.items() for leaf in _leaves(each, f"{path}.{key}" if path else key)]
    if isinstance(value, list):
        return [leaf for number, each in enumerate(value) for leaf in _leaves(each, f"{path}.{_name(each, number)}")]
    return [(path, value)]


def _name(value: Any, number: int) -> str:
    key = value.get("key") if isinstance(value, dict) else None
    return str(key) if isinstance(key, str) else str(number + 1)


async def _open(templates: TemplateRepository, template_id: int) -> Row:
    row = await templates.find(template_id)
    if row is None:
        raise TemplateNotFoundError
    if row["archived_at"] is not None:
        raise TemplateArchivedError(hint="Take it back first, or make a copy.")
    return row


async def _free_name(templates: TemplateRepository, name: str, *, template_id: int | None = None) -> str:
    clean = " ".join(name.split())
    if not clean or len(clean) > _MOST_NAME:
        raise BadContentError(f"A template needs a name of at most {_MOST_NAME} characters.")
    if await templates.is_name_taken(clean, template_id=template_id):
        raise TemplateNameTakenError(hint="Choose another name.")
    return clean
