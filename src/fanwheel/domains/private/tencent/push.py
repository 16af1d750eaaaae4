"""Reading what Tencent's platforms push: XML, or JSON where an account is set so, into one kind of tree."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from xml.parsers import expat

import msgspec

from fanwheel.domains.private.channels.errors import MalformedError

MAX_BYTES: Final = 256 * 1024
_MAX_DEPTH: Final = 12
_MAX_NODES: Final = 5_000


class Node:
    """An element: its text and what stands in it, in order."""

    __slots__ = ("children", "name", "text")

    def __init__(self, name: str, text: str = "") -> None:
        self.name = name
        self.text = text
        self.children: list[Node] = []

    def find(self, *path: str) -> "Node | None":
        """The first element on this path, if there is one."""
        node: Node | None = self
        for name in path:
            node = next((child for child in node.children if child.name == name), None) if node else None
        return node

    def get(self, *path: str) -> str:
        """The text there; empty where there is no such element."""
        found = self.find(*path)
        return found.text.strip() if found else ""

    def all(self, name: str) -> Iterator["Node"]:
        """Every element of that name in this one."""
        return (child for child in self.children if child.name == name)

    def plain(self) -> dict[str, Any]:
        """Everything in it, as JSON can keep it."""
        found: dict[str, Any] = {}
        for child in self.children:
            value: Any = child.plain() if child.children else child.text
            if child.name in found:
                before = found[child.name]
                found[child.name] = [*before, value] if isinstance(before, list) else [before, value]
            else:
                found[child.name] = value
        return found


def read(body: bytes) -> Node:
    """The tree of a push.

    Raises
    ------
    MalformedError
        If it is too large, neither XML nor JSON, or XML that declares a document type or entities.
    """
    if len(body) > MAX_BYTES:
        raise MalformedError(f"The callback is larger than {MAX_BYTES // 1024} KiB.")
    stripped = body.strip()
    if stripped.startswith(b"{"):
        return _from_json(stripped)
    return _from_xml(stripped)


def moment(node: Node, otherwise: datetime) -> datetime:
    """When it happened as the platform says, else when it came."""
    seconds = node.get("CreateTime")
    if not seconds.isascii() or not seconds.isdigit() or len(seconds) > 11:
        return otherwise
    return datetime.fromtimestamp(int(seconds), UTC)


def write(name: str, values: Mapping[str, Any]) -> str:
    """XML of nested values; whole numbers stand bare, text in CDATA."""
    return f"<{name}>{''.join(_element(key, value) for key, value in values.items())}</{name}>"


def _element(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return write(name, value)
    if isinstance(value, list | tuple):
        return "".join(_element(name, one) for one in value)
    if isinstance(value, int):
        return f"<{name}>{value}</{name}>"
    return f"<{name}><![CDATA[{_printable(value).replace(']]>', ']]]]><![CDATA[>')}]]></{name}>"


def _printable(text: str) -> str:
    """Without what XML cannot carry."""
    return "".join(sign for sign in text if sign in "\t\n\r" or (sign >= " " and sign not in "\ufffe\uffff"))


class _Reader:
    """Builds the tree, and refuses whatever could reach beyond the document."""

    def __init__(self) -> None:
        self.root = Node("")
        self._open = [self.root]
        self._nodes = 0

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        self._nodes += 1
        if self._nodes > _MAX_NODES or len(self._open) > _MAX_DEPTH:
            raise MalformedError("The callback is too deep or too long.")
        node = Node(name)
        self._open[-1].children.append(node)
        self._open.append(node)

    def end(self, _name: str) -> None:
        self._open.pop()

    def text(self, data: str) -> None:
        self._open[-1].text += data

    def refuse(self, *_arguments: Any) -> None:
        raise MalformedError("The callback declares a document type or entities, which no platform does.")


def _from_xml(body: bytes) -> Node:
    reader = _Reader()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = reader.refuse
    parser.EntityDeclHandler = reader.refuse
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, ValueError) as error:
        raise MalformedError("The callback is not XML.") from error
    return reader.root.children[0]


def _from_json(body: bytes) -> Node:
    try:
        values = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedError("The callback is not JSON.") from error
    root = Node("xml")
    _fill(root, values, depth=0)
    return root


def _fill(node: Node, values: Mapping[str, Any], *, depth: int) -> None:
    if depth > _MAX_DEPTH:
        raise MalformedError("The callback is too deep or too long.")
    for name, value in values.items():
        for one in value if isinstance(value, list) else [value]:
            child = Node(name, "" if isinstance(one, dict | list) or one is None else str(one))
            node.children.append(child)
            if isinstance(one, dict):
                _fill(child, one, depth=depth + 1)
