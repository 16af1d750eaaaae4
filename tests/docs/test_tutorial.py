"""The tutorial works as written: its blocks are run in order, and its answers are what comes back."""

import os
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.support.product import FANWHEEL, Product

PAGE = Path(__file__).resolve().parents[2] / "docs/tutorial/first-hour.md"
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_DONE = "--- the block is done ---"
_CHANGES = re.compile(r" -d '|\bfanwheel\b|^send ", re.MULTILINE)


class Block(NamedTuple):
    """Commands, and the answer that the page gives for them, if it gives one."""

    commands: str
    answer: str | None

    @property
    def only_reads(self) -> bool:
        """Whether it can be asked again until what was sent before has been worked in."""
        return not _CHANGES.search(self.commands)


def blocks(text: str) -> Iterator[Block]:
    """Every ``sh`` block, with the ``json`` or ``text`` block that comes next."""
    fences = _FENCE.findall(text)
    for (kind, body), (following, answer) in zip(fences, [*fences[1:], ("", "")], strict=True):
        if kind == "sh":
            yield Block(body, answer if following in {"json", "text"} else None)


class Shell:
    """One shell for the whole page, so that its variables live on."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self._process = subprocess.Popen(
            ["/bin/sh", "-eu"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, env=environment, cwd=folder,
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


def is_answer(printed: str, expected: str) -> bool:
    """Whether they agree, white space aside; ``…`` stands for anything."""
    parts = ["".join(part.split()) for part in expected.split("…")]
    return re.fullmatch(".*".join(re.escape(part) for part in parts), "".join(printed.split())) is not None


def run_until_answered(shell: Shell, block: Block) -> None:
    """Run a block; one that only reads is asked again until it gives the page's answer."""
    deadline = time.monotonic() + 30
    while True:
        printed = shell.run(block.commands)
        if block.answer is None or is_answer(printed, block.answer):
            return
        if not block.only_reads or time.monotonic() > deadline:
            pytest.fail(f"{block.commands}\nanswered\n{printed}\nand not\n{block.answer}")
        time.sleep(0.3)


def test_the_tutorial_has_blocks_with_answers() -> None:
    found = list(blocks(PAGE.read_text()))

    assert len(found) > 12
    assert sum(block.answer is not None for block in found) > 10


@pytest.mark.parametrize(
    ("printed", "expected", "agrees"),
    [
        ('{"a": 1}\n', '{"a":1}', True),
        ('{"a": 1, "b": 2}', '{"a": 1, …', True),
        ('{"a": 1, "b": 2}', '{"a": 2, …', False),
        ('{"a": 1, "b": 2}', '{"a": 1}', False),
    ],
)
def test_an_answer_agrees_where_it_was_not_shortened(printed: str, expected: str, *, agrees: bool) -> None:
    assert is_answer(printed, expected) is agrees


def test_every_command_of_the_tutorial_works_as_written(product: Product, tmp_path: Path) -> None:
    beside = str(Path(FANWHEEL).parent)
    shell = Shell(product.environment | {"PATH": f"{beside}:{os.environ['PATH']}"}, tmp_path)

    for block in blocks(PAGE.read_text()):
        run_until_answered(shell, block)  # fails with the block that does not work

    shell.close()
    assert (tmp_path / "first-hour.zip").stat().st_size > 0
