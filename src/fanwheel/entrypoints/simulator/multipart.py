"""Bodies of uploads."""

from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any


def read_multipart(body: bytes, content_type: str) -> dict[str, Any]:
    """The fields of a form; a file is told by its name, type and size."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    parsed = BytesParser(_class=Message, policy=HTTP).parsebytes(head + body)  # type: ignore[arg-type]
    fields: dict[str, Any] = {}
    parts = parsed.get_payload()
    assert isinstance(parts, list)
    for part in parts:
        assert isinstance(part, Message)
        name = part.get_param("name", header="content-disposition")
        file = part.get_filename()
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        if file is None:
            fields[str(name)] = content.decode()
        else:
            fields[str(name)] = {"file": file, "type": part.get_content_type(), "size": len(content)}
    return fields
