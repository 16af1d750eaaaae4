"""Having examples learned, by a program that takes its memory along when it is done."""

import asyncio
import os
import sys
from typing import Final

import msgspec
import structlog

from fanwheel.infra.postgres import Database
from fanwheel.loop.operate.autoreply import model
from fanwheel.loop.operate.autoreply.contracts import Intent
from fanwheel.loop.operate.autoreply.editing import print_of_examples
from fanwheel.loop.operate.autoreply.repository import ReplyRepository

_log: Final = structlog.get_logger()
_PROGRAM: Final = "fanwheel.loop.operate.autoreply.learning"
_LONGEST_S: Final = 300.0
_REST_S: Final = 1_800.0


class LearningFailedError(Exception):
    """The program that learns ended with an error."""


class Learner:
    """Has examples learned; where a busy machine took too long, again after half an hour."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._rests_until: dict[int, float] = {}

    async def run_once(self, *, now_s: float) -> bool:
        """Have the examples of every workspace learned that are new; whether there were any."""
        async with self._db.installation() as tx:
            found = [row["workspace_id"] for row in await ReplyRepository(tx).list_learning_work()]
        workspaces = [workspace for workspace in found if self._rests_until.get(workspace, 0.0) <= now_s]
        for workspace in workspaces:
            if not await learn(self._db, workspace):
                self._rests_until[workspace] = now_s + _REST_S
        return bool(workspaces)


async def learn(db: Database, workspace: int) -> bool:
    """Learn the examples of a workspace; false where that took too long, and they are still to be learned.

    Other rules answer meanwhile, and by meaning as was learned before.
    """
    async with db.transaction(workspace) as tx:
        rules = [rule for rule, _ in await ReplyRepository(tx).list_rules(only_on=True)]
    examples = {
        rule.rule_id: trigger.examples for rule in rules if isinstance(trigger := rule.definition.trigger, Intent)
    }
    if not examples:
        return True
    values: dict[str, object] = {"body": None, "report": "{}", "error": None}
    try:
        raw = await _ask(msgspec.json.encode(examples))
        report = msgspec.json.encode(model.decode(raw).report).decode()
        values = {"body": raw, "report": report, "error": None}
    except TimeoutError:
        # That tells of the machine, not of the examples: nobody could mend them.
        _log.warning("learning examples took too long", workspace=workspace, seconds=_LONGEST_S)
        return False
    except (LearningFailedError, msgspec.DecodeError) as error:
        # Kept as failed, so that the same examples are not tried for ever; a change of them tries again.
        _log.warning("examples could not be learned", workspace=workspace, error=str(error)[:500])
        values["error"] = "The examples could not be learned."
    async with db.transaction(workspace) as tx:
        repository = ReplyRepository(tx)
        if await repository.put_model(examples=print_of_examples(examples), format=model.FORMAT, **values):
            await repository.turn_page()
    return True


async def _ask(examples: bytes) -> bytes:
    """What the program learns of examples."""
    # One thread: a few hundred sentences are learned in a second, and others need the other cores.
    settings = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        _PROGRAM,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **settings},
    )
    try:
        told, failed = await asyncio.wait_for(process.communicate(examples), _LONGEST_S)
    except BaseException:
        process.kill()
        await process.wait()
        raise
    if process.returncode:
        raise LearningFailedError(failed.decode("utf-8", "replace").strip().rsplit("\n", 1)[-1])
    return told
