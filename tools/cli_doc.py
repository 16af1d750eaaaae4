"""Writes docs/reference/cli.md from the commands themselves: python tools/cli_doc.py."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import typer.main

from fanwheel.entrypoints import cli

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs/reference/cli.md"
BEGIN: Final = "<!-- commands: written by tools/cli_doc.py -->\n"


def render() -> str:
    """One section a command: what it does, what it takes."""
    if not any(command.name == "import" for command in cli.app.registered_commands):
        cli._add_parts()
    return "\n".join(_section(path, command) for path, command in _commands(typer.main.get_command(cli.app)))


def insert(page: str, commands: str) -> str:
    """The page with ``commands`` below its mark."""
    return f"{page.partition(BEGIN)[0]}{BEGIN}\n{commands}"


def _commands(group: Any, path: str = "fanwheel") -> Iterator[tuple[str, Any]]:
    for name, command in sorted(group.commands.items()):
        if hasattr(command, "commands"):
            yield from _commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def _section(path: str, command: Any) -> str:
    arguments = [item for item in command.params if item.param_type_name == "argument"]
    options = [item for item in command.params if item.param_type_name == "option" and not item.hidden]
    usage = " ".join([path, *(["[OPTIONS]"] if options else []), *(item.name.upper() for item in arguments)])
    text = f"## {path}\n\n{' '.join(command.help.split())}\n\n    {usage}\n"
    rows = [*map(_argument, arguments), *map(_option, options)]
    return text + ("\n| | |\n|---|---|\n" + "\n".join(rows) + "\n" if rows else "")


def _argument(item: Any) -> str:
    return f"| `{item.name.upper()}` | {item.help} |"


def _option(item: Any) -> str:
    value = "" if item.is_flag else f" {item.name.upper()}"
    # A command line keeps to itself what a default of None means.
    shown = "" if item.is_flag or item.default is None else f" Default: `{item.default}`."
    wanted = " Needed." if item.required else ""
    return f"| `{', '.join(item.opts)}{value}` | {item.help}{shown}{wanted} |"


def main() -> None:
    """Bring the page up to date; with --check only say whether it is."""
    page = PAGE.read_text(encoding="utf-8")
    current = insert(page, render())
    if "--check" in sys.argv[1:]:
        sys.exit(0 if current == page else f"{PAGE.name} is out of date: run python tools/cli_doc.py")
    PAGE.write_text(current, encoding="utf-8")


if __name__ == "__main__":
    main()
