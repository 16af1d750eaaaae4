"""A mail server on this machine that takes every mail, and gives it to whoever reads here."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

_LONGEST_LINE: Final = 1 << 20
_END: Final = b".\r\n"
_ANSWERS: Final = {"EHLO": "250 8BITMIME", "QUIT": "221 Goodbye", "DATA": "354 End with a dot on a line"}
_TAKEN: Final = {"HELO", "MAIL", "RCPT", "RSET", "NOOP"}


@asynccontextmanager
async def listening(take: Callable[[bytes], None]) -> AsyncIterator[int]:
    """Listen for the length of the block, and hand each mail to ``take``; the port."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _talk(reader, writer, take)

    server = await asyncio.start_server(talk, "127.0.0.1", 0, limit=_LONGEST_LINE)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def _talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, take: Callable[[bytes], None]) -> None:
    try:
        await _say(writer, "220 mistwood.example")
        while line := await reader.readline():
            verb = line[:4].decode("latin-1").upper()
            await _say(writer, _ANSWERS.get(verb, "250 OK" if verb in _TAKEN else "502 Not known here"))
            if verb == "DATA":
                take(await _receive(reader))
                await _say(writer, "250 Taken")
            elif verb == "QUIT":
                break
    except (ConnectionError, ValueError, asyncio.CancelledError):
        return  # it hung up, or we end
    finally:
        writer.close()


async def _receive(reader: asyncio.StreamReader) -> bytes:
    """A mail up to the dot that ends it; a dot that begins a line stands for one of two."""
    lines: list[bytes] = []
    while (line := await reader.readline()) != _END:
        if not line:
            raise ConnectionResetError
        lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
    return b"".join(lines)


async def _say(writer: asyncio.StreamWriter, answer: str) -> None:
    writer.write(f"{answer}\r\n".encode())
    await writer.drain()
