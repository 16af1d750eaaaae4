"""Lists the server's sentences that the Chinese catalog lacks, or has for nothing: python tools/sentences.py.

The server speaks English. The web app says its sentences in Chinese from ``CATALOG``, whose keys are the sentences as
they stand in the source, with ``{0}``, ``{1}`` … where something is filled in.
"""

import ast
import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path
from typing import Final

from pydantic_core._pydantic_core import list_all_errors

ROOT: Final = Path(__file__).resolve().parent.parent
SOURCE: Final = ROOT / "src/fanwheel"
CATALOG: Final = ROOT / "web/src/kernel/i18n/server/zh-CN.json"

# What the command line, the log or the library for Python says; of its errors just the classes are asked for.
_ELSEWHERE: Final = re.compile(
    r"entrypoints/|cdp/imports/|measure/(?!ledger/|reports/)|infra/(engine/(?!on_duckdb)|operations/(?!readiness)"
    r"|postgres/(?!pool)|settings|lake/snapshot|http/pooling)"
)
# Statements, prompts for a model, texts to people, and names that have keys in the catalogs of the web app.
_OTHERS: Final = re.compile(
    r"cdp/segments/(analytic/|templates)|loop/operate/conversations/rules/prompts|entrypoints/simulator/"
)
_UNSEEN: Final = frozenset(
    {
        "A CSV file.",
        "A JSON file.",
        "Changes at once, or as events.",
        "A value cannot be used.",
        "Failed; try again.",
        "How was it? Answer with a number from 1 (bad) to 5 (very good).",
        "On {0}, {1} wrote:",
        "{0}/setup?token={1}",
    }
)
# Pydantic has these for programs in Python; no JSON leads to them.
_NEVER: Final = re.compile(
    r"dataclass|frozen|arguments|argument$|callable|is_(instance|subclass)|complex|fraction|counter|ordered_dict|deque"
    r"|named_tuple|needs_python|recursion|default_factory|sentinel|ellipsis|attribute|hashable|iter|mapping|json_type"
    r"|bytes|uuid|get_attr|multiple_argument|_naive|timezone_offset|_exact$"
)
_SENTENCE: Final = re.compile(r"[“\"A-Z{].*([.?!:]|\{\d\})|[a-z].* .* .*\.", re.DOTALL)
_WORD: Final = re.compile(r"\b[A-Za-z]+[a-z]\b")
_BLANK: Final = re.compile(r"\{[a-z_]+\}")
_HOLE: Final = re.compile(r"\{_\}")
_DESCRIPTIONS: Final = frozenset({"description", "help", "summary", "title"})


@cache
def sentences() -> dict[str, str]:
    """Every sentence that may be shown, with the place of its first use."""
    trees: dict[str, ast.Module] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        name, text = path.relative_to(SOURCE).as_posix(), path.read_text(encoding="utf-8")
        if not _OTHERS.match(name) and (not _ELSEWHERE.match(name) or "Error):" in text):
            trees[name] = ast.parse(text)
    errors = _errors(list(trees.values()))
    found: dict[str, str] = {}
    for name, tree in trees.items():
        for sentence, line in _said(tree, errors, is_shown=not _ELSEWHERE.match(name)):
            if sentence not in _UNSEEN:
                found.setdefault(sentence, f"{name}:{line}")
    return found


@cache
def pydantic_sentences() -> dict[str, str]:
    """What pydantic says of values, numbered like the others; of one and of several."""
    found = {}
    for known in list_all_errors():
        if not _NEVER.search(known["type"]):
            for text in {known["message_template_python"], known.get("message_template_json") or ""} - {""}:
                for plural in ("", "s") if "{expected_plural}" in text else ("",):
                    found[_numbered(text.replace("{expected_plural}", plural), blank=_BLANK)] = (
                        f"pydantic:{known['type']}"
                    )
    return found


def read_catalog() -> dict[str, dict[str, str]]:
    """The catalog's parts: ``sentences``, ``pydantic``, ``frames``, ``parts`` of sentences and ``names``."""
    catalog: dict[str, dict[str, str]] = json.loads(CATALOG.read_text(encoding="utf-8"))
    return catalog


def blanks(sentence: str) -> set[str]:
    """The numbers that a sentence fills in."""
    return set(re.findall(r"\{(\d+)(?::name)?\}", sentence))


def _numbered(text: str, *, blank: re.Pattern[str]) -> str:
    numbers = count()
    return blank.sub(lambda _: f"{{{next(numbers)}}}", text)


def _errors(trees: list[ast.Module]) -> set[str]:
    """The names of FanwheelError and of what inherits from it."""
    known: set[str] = set()
    more = {"FanwheelError"}
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    while more - known:
        known |= more
        more = {each.name for each in classes if any(_name(base) in known for base in each.bases)}
    return known


def _said(tree: ast.Module, errors: set[str], *, is_shown: bool) -> Iterator[tuple[str, int]]:
    waiting: list[tuple[ast.AST, bool]] = [(tree, False)]
    while waiting:
        node, is_told = waiting.pop()
        if isinstance(node, ast.ClassDef) and node.name in errors:
            yield " ".join((ast.get_docstring(node) or "").split()), node.lineno
        if isinstance(node, ast.expr) and (text := _text(node)) is not None:
            words = len(_WORD.findall(text))
            if is_shown and ((words and is_told) or (words >= 2 and _SENTENCE.fullmatch(text))):
                yield text, node.lineno
                continue
        waiting += _below(node, errors)


def _below(node: ast.AST, errors: set[str]) -> Iterator[tuple[ast.AST, bool]]:
    """What to look at inside, and whether it is what an error says."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return  # a docstring
    is_error = isinstance(node, ast.Call) and _name(node.func) in errors
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.keyword):
            if child.arg not in _DESCRIPTIONS:
                yield child.value, is_error and child.arg == "hint"
        else:
            yield child, is_error and isinstance(node, ast.Call) and child in node.args[:1]


def _text(node: ast.expr) -> str | None:
    """Text with numbered blanks; None of what is no text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = [str(each.value) if isinstance(each, ast.Constant) else "{_}" for each in node.values]
        # Nothing tells where one blank ends that another follows at once: they are filled in as one.
        return _numbered(re.sub(r"(\{_\})+", "{_}", "".join(parts)), blank=_HOLE)
    return None


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def main() -> int:
    catalog = read_catalog()
    wanted = sentences()
    missing = [f"{place} lacks: {text}" for text, place in wanted.items() if text not in catalog["sentences"]]
    missing += [
        f"{place} lacks: {text}" for text, place in pydantic_sentences().items() if text not in catalog["pydantic"]
    ]
    stale = [f"nobody says: {text}" for text in catalog["sentences"] if text not in wanted]
    print("\n".join(missing + stale) or "every sentence has its Chinese")
    return bool(missing or stale)


if __name__ == "__main__":
    sys.exit(main())
