"""Writes the list of routes in docs/reference/api.md from the application itself: python tools/api_doc.py."""

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from fastapi.routing import APIRoute

from fanwheel.entrypoints.http import create_app
from fanwheel.infra.access import Allow
from fanwheel.infra.settings import Settings

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs/reference/api.md"
BEGIN: Final = "<!-- routes: written by tools/api_doc.py -->\n"
END: Final = "<!-- end of routes -->\n"
_METHODS: Final = ("get", "post", "put", "patch", "delete")


def render() -> str:
    """The list of routes, one table a tag."""
    with tempfile.TemporaryDirectory() as home:
        app = create_app(Settings(home=Path(home)), "postgresql://")  # connects to nothing until it is started
    described = app.openapi()
    needed = dict(_permissions(app.routes))
    tables: dict[str, list[str]] = {}
    for path, methods in described["paths"].items():
        for method in (name for name in _METHODS if name in methods):
            operation = methods[method]
            takes = _takes(operation, described["components"]["schemas"])
            row = (f"`{method.upper()} {path}`", needed[f"{method.upper()} {path}"], takes, _first_line(operation))
            tables.setdefault(operation["tags"][0], []).append("| " + " | ".join(row) + " |")
    head = "| route | permission | takes | does |\n|---|---|---|---|\n"
    return "\n".join(f"### {tag}\n\n{head}" + "\n".join(rows) + "\n" for tag, rows in tables.items())


def insert(page: str, routes: str) -> str:
    """The page with ``routes`` between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{routes}\n{END}{after}"


def _permissions(routes: list[Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for route in routes:
        if included := getattr(route, "original_router", None):
            yield from _permissions(included.routes, prefix + route.include_context.prefix)
        elif isinstance(route, APIRoute):
            path = re.sub(r":\w+}", "}", prefix + route.path)
            for method in route.methods:
                yield f"{method} {path}", next(_declared(route.dependant), "none")


def _declared(dependant: Any) -> Iterator[str]:
    for part in dependant.dependencies:
        if isinstance(part.call, Allow):
            yield f"`{part.call.permission}`"
        yield from _declared(part)


def _takes(operation: dict[str, Any], schemas: dict[str, Any]) -> str:
    parts = [_name(item["name"], item["required"]) for item in operation.get("parameters", []) if item["in"] == "query"]
    taken = [f"?{' '.join(parts)}"] if parts else []
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if body:
        fields = _resolve(body, schemas)
        wanted = fields.get("required", [])
        taken.append("{" + ", ".join(_name(name, name in wanted) for name in fields.get("properties", {})) + "}")
    return " · ".join(taken)


def _resolve(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    chosen = next((item for item in schema.get("anyOf", [schema]) if "$ref" in item), schema)
    found: dict[str, Any] = schemas[chosen["$ref"].rpartition("/")[2]] if "$ref" in chosen else chosen
    return found


def _name(name: str, is_required: bool) -> str:
    return f"**{name}**" if is_required else name


def _first_line(operation: dict[str, Any]) -> str:
    text = " ".join(operation.get("description", "").split("\n\n")[0].split())
    return text.replace("``", "`").replace("|", "\\|")


def main() -> None:
    """Bring the page up to date; with --check only say whether it is."""
    page = PAGE.read_text(encoding="utf-8")
    current = insert(page, render())
    if "--check" in sys.argv[1:]:
        sys.exit(0 if current == page else f"{PAGE.name} is out of date: run python tools/api_doc.py")
    PAGE.write_text(current, encoding="utf-8")


if __name__ == "__main__":
    main()
