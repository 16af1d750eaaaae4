"""Packed files that were put together from several, as log shippers and parallel packers write them."""

import bz2
import gzip
import lzma
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from fanwheel.cdp.imports.contracts import Reading
from fanwheel.cdp.imports.readers import open_rows

PARTS = {
    "csv": [b"user_id,x\nu1,1\nu", b"2,2\n", b"", b"u3,3\n"],
    "jsonl": [b'{"user_id": "u1"}\n{"us', b'er_id": "u2"}\n', b"", b'{"user_id": "u3"}\n'],
    "txt": [b"user_id x\nu1 1\nu", b"2 2\n", b"", b"u3 3\n"],
}


@pytest.mark.parametrize("kind", PARTS)
@pytest.mark.parametrize(
    ("suffix", "pack"),
    [
        ("gz", gzip.compress),
        ("bz2", bz2.compress),
        ("xz", lzma.compress),
        ("zst", lambda part: pa.compress(part, codec="zstd", asbytes=True)),
    ],
)
def test_every_member_of_a_packed_file_is_read(
    tmp_path: Path, kind: str, suffix: str, pack: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / f"people.{kind}.{suffix}"
    path.write_bytes(b"".join(pack(part) for part in PARTS[kind]))

    rows = open_rows(path, Reading())

    assert [user for batch in rows.batches for user in batch.column("user_id").to_pylist()] == ["u1", "u2", "u3"]
    assert not rows.broken
