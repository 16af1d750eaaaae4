"""The child: reads what to do from its input and writes the answer to its output."""

import sys

import msgspec
from pydantic import TypeAdapter

from fanwheel.kernel.errors import FanwheelError
from fanwheel.measure.ledger import answering, work


def main() -> None:
    """Answer one question."""
    work.give_way()
    wanted = msgspec.json.decode(sys.stdin.buffer.read(), type=work.Work)
    try:
        found = answering.answer(wanted)
        done = work.Done(answer=msgspec.Raw(TypeAdapter(type(found)).dump_json(found, by_alias=True)))
    except FanwheelError as error:
        done = work.Done(message=error.message, hint=error.hint)
    sys.stdout.buffer.write(msgspec.json.encode(done))


if __name__ == "__main__":
    main()
