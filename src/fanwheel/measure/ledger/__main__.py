"""The child: reads what to do from its input and writes the answer to its output."""

import sys
from typing import Final

import msgspec
from pydantic import TypeAdapter

from fanwheel.kernel.errors import FanwheelError
from fanwheel.measure.ledger import answering, schemas, work
from fanwheel.measure.ledger.datasets import PastDay

_WRITER: Final = TypeAdapter(schemas.Ledger | list[PastDay])


def main() -> None:
    """Answer one question."""
    work.give_way()
    wanted = msgspec.json.decode(sys.stdin.buffer.read(), type=work.Work)
    try:
        found = answering.look_back(wanted) if wanted.history_days else answering.answer(wanted)
        done = work.Done(answer=msgspec.Raw(_WRITER.dump_json(found, by_alias=True)))
    except FanwheelError as error:
        done = work.Done(message=error.message, hint=error.hint)
    sys.stdout.buffer.write(msgspec.json.encode(done))


if __name__ == "__main__":
    main()
