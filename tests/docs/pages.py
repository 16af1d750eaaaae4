"""Running a page: its blocks in order in one shell, and its answers compared with what comes back."""

import os
import re
import subprocess
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.support.product import FANWHEEL, Product

DOCS = Path(__file__).resolve().parents[2] / "docs"
_FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_DONE = "--- the block is done ---"
_CHANGES = re.compile(r" -d '|\bfanwheel\b|^send |^python ", re.MULTILINE)


class Block(NamedTuple):
    """Commands, and the answer that the page gives for them, if it gives one."""

    commands: str
    answer: str | None

    @property
    def only_reads(self) -> bool:
        """Whether it can be asked again until what was sent before has been worked in."""
        return not _CHANGES.search(self.commands)


class Shell:
    """One shell for a whole page, so that its variables live on."""

    def __init__(self, product: Product, folder: Path, **variables: str) -> None:
        self._process = subprocess.Popen(
            ["/bin/sh", "-eu"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, env=environment(product) | variables, cwd=folder,
        )  # fmt: skip

    def run(self, commands: str) -> str:
        """What the commands print; fails if one of them does."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{commands}\necho; echo '{_DONE}'\n")
        self._process.stdin.flush()
        printed = []
        for line in self._process.stdout:
            if line.strip() == _DONE:
                return "".join(printed)
            printed.append(line)
        pytest.fail(f"this block ended the shell:\n{commands}\n{''.join(printed)}")

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(timeout=10)


def environment(product: Product) -> dict[str, str]:
    """What a reader's terminal knows after ``export PATH``."""
    return product.environment | {"PATH": f"{Path(FANWHEEL).parent}:{os.environ['PATH']}"}


def fences(page: str) -> list[tuple[str, str]]:
    """The blocks of a page, each with the name of its language."""
    found = _FENCE.findall((DOCS / page).read_text(encoding="utf-8"))
    return [(kind, textwrap.dedent(body)) for _, kind, body in found]


def blocks(page: str) -> Iterator[Block]:
    """Every ``sh`` and ``python`` block, with the ``json`` or ``text`` block that comes next."""
    found = fences(page)
    for (kind, body), (following, answer) in zip(found, [*found[1:], ("", "")], strict=True):
        if kind in {"sh", "python"}:
            commands = body if kind == "sh" else f"python - <<'END'\n{body}END\n"
            yield Block(commands, answer if following in {"json", "text"} else None)


def is_answer(printed: str, expected: str) -> bool:
    """Whether they agree, white space aside; ``…`` stands for anything."""
    parts = ["".join(part.split()) for part in expected.split("…")]
    return re.fullmatch(".*".join(re.escape(part) for part in parts), "".join(printed.split())) is not None


def run(page: str, shell: Shell) -> int:
    """Run every block of a page; fails with the first that does not work as written. How many answers it shows."""
    found = list(blocks(page))
    for block in found:
        _run_until_answered(shell, block)
    shell.close()
    return sum(block.answer is not None for block in found)


def _run_until_answered(shell: Shell, block: Block) -> None:
    deadline = time.monotonic() + 30
    while True:
        printed = shell.run(block.commands)
        if block.answer is None or is_answer(printed, block.answer):
            return
        if not block.only_reads or time.monotonic() > deadline:
            pytest.fail(f"{block.commands}\nanswered\n{printed}\nand not\n{block.answer}")
        time.sleep(0.3)
