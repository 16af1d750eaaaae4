"""Decisions of the lake: which files to rewrite together, and into what."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log

from fanwheel.infra.lake.contracts import BUCKETS, FRESH, LakeFile, LakeOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    """Files of one month that become sorted ones: a file a bucket, or a single file."""

    month: int
    files: tuple[LakeFile, ...]
    is_bucketed: bool

    @property
    def row_count(self) -> int:
        """How many events are moved."""
        return sum(file.row_count for file in self.files)

    @property
    def buckets(self) -> tuple[int, ...]:
        """The buckets whose sorted files are among the input."""
        return tuple(sorted({file.bucket for file in self.files} - {FRESH}))


def app_id(epoch: object) -> str:
    """The name under which the export's watermark is kept in the table: another life of the database, another name."""
    return f"fanwheel-export-{epoch}"


def month_of(at: datetime) -> int:
    """The partition of an instant in UTC."""
    return at.year * 100 + at.month


def plan(files: Iterable[LakeFile], *, now: datetime, options: LakeOptions) -> list[Rewrite]:
    """The rewrites that are due, oldest month first."""
    by_month: dict[int, list[LakeFile]] = defaultdict(list)
    for file in files:
        by_month[file.month].append(file)
    # Events of the last minutes of a month still come in when it is over.
    open_month = month_of(now - timedelta(days=1))
    rewrites: list[Rewrite] = []
    for month, held in sorted(by_month.items()):
        due = _closed(held, options) if month < open_month else _open(held, options)
        rewrites += [Rewrite(month=month, files=tuple(part), is_bucketed=bucketed) for part, bucketed in due]
    return rewrites


def _closed(held: list[LakeFile], options: LakeOptions) -> list[tuple[list[LakeFile], bool]]:
    fresh = [file for file in held if file.bucket == FRESH]
    arranged = [file for file in held if file.bucket != FRESH]
    total = sum(file.row_count for file in held)
    if not arranged and total < options.bucket_rows:
        settled = max((file.row_count for file in fresh if file.run), default=0)
        return [(fresh, False)] if _is_worth_it(total - settled, total, len(fresh), options) else []
    if _has_too_many_runs(arranged, options):
        return [(held, True)]
    new = sum(file.row_count for file in fresh)
    return [(fresh, True)] if _is_worth_it(new, total, len(fresh), options) else []


def _is_worth_it(new: int, total: int, file_count: int, options: LakeOptions) -> bool:
    """Whether enough of a closed month is new; a trickle of late events does not rewrite it each time."""
    return new >= max(1.0, options.late_share * total) or file_count >= options.merge_files


def _has_too_many_runs(arranged: Sequence[LakeFile], options: LakeOptions) -> bool:
    runs: dict[int, set[str | None]] = {bucket: set() for bucket in range(BUCKETS)}
    for file in arranged:
        runs[file.bucket].add(file.run)
    return max(len(run) for run in runs.values()) > options.max_runs


def _open(held: list[LakeFile], options: LakeOptions) -> list[tuple[list[LakeFile], bool]]:
    """Enough small files are merged, and enough larger ones arranged, so that a row moves only a few times."""
    fresh = [file for file in held if file.bucket == FRESH]
    small = [file for file in fresh if file.row_count < options.small_rows]
    large = [file for file in fresh if file.row_count >= options.small_rows]
    due = [(small, False), (large, True)]
    return [
        *((files, is_arranged) for files, is_arranged in due if len(files) >= options.merge_files),
        *((files, True) for files in _like_runs([file for file in held if file.bucket != FRESH], options)),
    ]


def _like_runs(arranged: Sequence[LakeFile], options: LakeOptions) -> list[list[LakeFile]]:
    """The files of sorted runs of like size, where there are enough of these to become one."""
    runs: dict[str | None, list[LakeFile]] = defaultdict(list)
    for file in arranged:
        runs[file.run].append(file)
    alike: dict[int, list[list[LakeFile]]] = defaultdict(list)
    for files in runs.values():
        row_count = sum(file.row_count for file in files)
        alike[int(log(max(row_count, 1), options.merge_files))].append(files)
    return [[file for files in same for file in files] for same in alike.values() if len(same) >= options.merge_files]
