"""The file that a backup is: a ZIP archive whose last member lists the others with their digests."""

import hashlib
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

import msgspec

from fanwheel.infra.operations.contracts import FORMAT, MANIFEST, FilePart, Manifest, TablePart
from fanwheel.infra.operations.errors import BackupTargetError, NewerBackupError, NotABackupError

_CHUNK: Final = 1 << 20
_COMPRESSED: Final = frozenset({".parquet", ".gz", ".zst"})


class Writer:
    """Puts members into a new archive; the manifest last, so that an archive without one is incomplete."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def put_stream(self, member: str, fill: Callable[[Callable[[bytes], object]], int]) -> tuple[int, str]:
        """A member written piece by piece by ``fill``, which says how many rows it wrote; rows and digest."""
        digest = hashlib.sha256()
        with self._archive.open(member, "w", force_zip64=True) as file:

            def put(piece: bytes) -> None:
                digest.update(piece)
                file.write(piece)

            rows = fill(put)
        return rows, digest.hexdigest()

    def put_file(self, path: Path, *, name: str) -> FilePart:
        """A member with the content of ``path``; ``name`` is where it belongs in the data directory."""
        part = FilePart(path=name, size=path.stat().st_size, sha256="")
        info = zipfile.ZipInfo.from_file(path, part.member, strict_timestamps=False)
        is_packed = path.suffix in _COMPRESSED
        info.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
        digest = hashlib.sha256()
        with path.open("rb") as source, self._archive.open(info, "w") as file:
            while piece := source.read(_CHUNK):
                digest.update(piece)
                file.write(piece)
        return msgspec.structs.replace(part, sha256=digest.hexdigest())

    def put_manifest(self, manifest: Manifest) -> None:
        """The table of contents."""
        self._archive.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))


@contextmanager
def create(target: Path) -> Iterator[Writer]:
    """A new archive that appears under its name only when it is complete and on disk.

    Raises
    ------
    BackupTargetError
        If the file exists already or cannot be written.
    """
    if target.exists():
        raise BackupTargetError(f"{target} exists already.", hint="Name another file; a backup is never overwritten.")
    partial = target.with_name(f"{target.name}.partial")
    try:
        # It holds what the data directory holds, people's data included.
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        raise BackupTargetError(f"{partial} cannot be written: {error.strerror}.") from error
    try:
        with os.fdopen(handle, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True, compresslevel=1) as archive:
                yield Writer(archive)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)


class Reader:
    """Takes members out of an archive, each checked against its digest as it is read."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self._archive = archive
        self.manifest = manifest

    def table(self, part: TablePart) -> Iterator[bytes]:
        """The rows of a table, piece by piece.

        Raises
        ------
        NotABackupError
            At the end, if they are not those that were written.
        """
        yield from self._pieces(part.member, part.sha256)

    def extract(self, part: FilePart, *, home: Path) -> None:
        """Write a file to its place below ``home``."""
        target = home / part.path
        if not target.resolve().is_relative_to(home.resolve()):
            raise NotABackupError(f"{part.path} lies outside the data directory.")
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            for piece in self._pieces(part.member, part.sha256):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        if target.suffix == ".key":
            target.chmod(0o600)

    def _pieces(self, member: str, sha256: str) -> Iterator[bytes]:
        digest = hashlib.sha256()
        try:
            with self._archive.open(member) as file:
                while piece := file.read(_CHUNK):
                    digest.update(piece)
                    yield piece
        except (KeyError, zipfile.BadZipFile) as error:
            raise NotABackupError(f"{member} is missing or damaged.", hint="Use another backup.") from error
        if digest.hexdigest() != sha256:
            raise NotABackupError(f"{member} is not what was written.", hint="Use another backup.")


@contextmanager
def read(source: Path | IO[bytes]) -> Iterator[Reader]:
    """An archive to restore from.

    Raises
    ------
    NotABackupError
        If it is none, or incomplete.
    NewerBackupError
        If a newer version wrote it.
    """
    try:
        archive = zipfile.ZipFile(source)
    except (OSError, zipfile.BadZipFile) as error:
        raise NotABackupError(f"{source} cannot be read as a backup: {error}.") from error
    with archive:
        try:
            manifest = msgspec.json.decode(archive.read(MANIFEST), type=Manifest)
        except (KeyError, msgspec.DecodeError) as error:
            raise NotABackupError(f"{source} has no manifest that can be read.", hint="Use another backup.") from error
        if manifest.format > FORMAT:
            raise NewerBackupError(
                f"The backup was written by Fanwheel {manifest.fanwheel}.", hint="Install that version or a newer one."
            )
        yield Reader(archive, manifest)
