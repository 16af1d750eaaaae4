"""Writes what every installed channel can do, and which rights it seeds, into docs/reference/channels.md."""

import sys
from pathlib import Path

from fanwheel.domains.private.channels import registry
from fanwheel.domains.private.channels.adapter import About, Allowance

PAGE = Path(__file__).resolve().parents[1] / "docs/reference/channels.md"
BEGIN, END = "<!-- channels: written by tools/channel_doc.py -->", "<!-- end of channels -->"
HEAD = "| right | opened by | messages | for | whose | covers | source, as of |"
UNITS = ((86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


def main() -> None:
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(insert(page, render()), encoding="utf-8")


def insert(page: str, text: str) -> str:
    """The page with the text between its two marks."""
    head, _, rest = page.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n\n{text}\n{END}{tail}"


def render() -> str:
    """Every channel that can be loaded, in the order of its name."""
    return "\n".join(_channel(about) for about in sorted(map(_about, registry.kinds()), key=lambda each: each.kind))


def _about(kind: str) -> About:
    return registry.find(kind).about


def _channel(about: About) -> str:
    fields = ", ".join(f"`{field.name}`" + (" (secret)" if field.is_secret else "") for field in about.fields)
    lines = [
        f"## `{about.kind}`",
        "",
        f"Reached by `{about.address}`. Can: {', '.join(sorted(about.capabilities))}.",
        f"Settings: {fields or 'none'}.",
        f"Text: {_most(about.text_limit, 'character')}. Pace: {_pace(about.per_second)}.",
        "",
    ]
    if about.allowances:
        lines += [
            "| right | opened by | messages | for | whose | covers | source, as of |",
            "|---|---|---|---|---|---|---|",
        ]
        lines += [_allowance(each) for each in about.allowances]
        lines.append("")
    return "\n".join(lines)


def _allowance(right: Allowance) -> str:
    cells = [
        f"`{right.name}`",
        right.opens,
        "any number" if right.most is None else f"{right.most:,}",
        "no end" if right.lasts_s is None else _duration(right.lasts_s),
        right.per,
        right.covers,
        f"{right.cite or '–'}, {right.as_of or '–'}".replace("|", "/"),
    ]
    return f"| {' | '.join(cells)} |"


def _duration(seconds: int) -> str:
    size, unit = next((size, unit) for size, unit in UNITS if seconds % size == 0)
    return _most(seconds // size, unit)


def _most(count: int | None, unit: str) -> str:
    if count is None:
        return f"any number of {unit}s"
    return f"{count:,} {unit}" + ("s" if count != 1 else "")


def _pace(per_second: float | None) -> str:
    return "the sending rules' own" if per_second is None else f"{per_second:g} a second for an account at first"


if __name__ == "__main__":
    sys.exit(main())
