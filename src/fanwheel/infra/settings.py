"""Settings: one environment variable each, read once at start; an unknown name is an error."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final, get_args

from fanwheel.kernel.errors import FanwheelError

PREFIX: Final = "FANWHEEL_"


class BadSettingError(FanwheelError):
    """A setting is unknown or has a value that cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an installation is told from outside; every field is ``FANWHEEL_<NAME>``."""

    home: Path = field(default=Path("~/.fanwheel"), metadata={"doc": "Data directory: database, lake, keys, logs."})
    database_url: str | None = field(
        default=None, metadata={"doc": "DSN of an external PostgreSQL >= 15; without it one is embedded."}
    )
    postgres_bin: Path | None = field(
        default=None, metadata={"doc": "Directory with the PostgreSQL programs to embed."}
    )
    host: str = field(default="127.0.0.1", metadata={"doc": "Address to listen on; 0.0.0.0 for all."})
    port: int = field(default=8400, metadata={"doc": "TCP port to listen on."})
    api_processes: int = field(
        default=0,
        metadata={
            "doc": "Processes that answer on the port; 0: one for each processor, up to 4. Only Linux can have several."
        },
    )
    public_url: str | None = field(
        default=None,
        metadata={"doc": "Address under which people reach the product, e.g. https://wheel.example."},
    )
    owner_email: str | None = field(default=None, metadata={"doc": "First start: the owner's e-mail address."})
    owner_password: str | None = field(default=None, metadata={"doc": "First start: the owner's password."})
    engine: str = field(default="duckdb", metadata={"doc": "Where reports run: duckdb, or spark://host:port."})
    engine_memory_mb: int = field(default=1024, metadata={"doc": "Memory that a report may use, in MB."})
    lake_seconds: int = field(default=5, metadata={"doc": "How often events move to the lake, in seconds."})
    hot_days: int = field(
        default=40,
        metadata={"doc": "How long archived events also stay in PostgreSQL, in days (at least 8)."},
    )
    segment_history_days: int = field(
        default=400,
        metadata={"doc": "How long entries into segments and exits from them are kept, in days (at least 90)."},
    )
    ingest_queue_mb: int = field(
        default=64, metadata={"doc": "How much may wait for its commit before clients are told 429, in MB."}
    )
    secret_key: str | None = field(
        default=None,
        metadata={"doc": "Key that encrypts accounts' secrets; otherwise a file in the data directory."},
    )
    log_level: str = field(default="info", metadata={"doc": "debug, info, warning or error."})

    @property
    def url(self) -> str:
        """Where a browser finds the product."""
        host = "localhost" if self.host in {"0.0.0.0", "::", "127.0.0.1"} else self.host  # noqa: S104
        return (self.public_url or f"http://{host}:{self.port}").rstrip("/")

    @property
    def servers(self) -> int:
        """How many processes answer on the port; only Linux shares one port out among several."""
        if sys.platform != "linux":
            return 1
        return self.api_processes or min(len(os.sched_getaffinity(0)), 4)

    @property
    def lake_path(self) -> Path:
        """The directory of the lake."""
        return self.home / "lake"


def load(environ: Mapping[str, str]) -> Settings:
    """Settings from ``FANWHEEL_*`` variables.

    Raises
    ------
    BadSettingError
        If a ``FANWHEEL_`` variable is unknown or a value does not fit.
    """
    known = {f"{PREFIX}{item.name.upper()}": item for item in fields(Settings)}
    values: dict[str, Any] = {}
    for name, text in environ.items():
        if not name.startswith(PREFIX) or text == "":
            continue
        if name not in known:
            raise BadSettingError(f"{name} is not a setting.", hint=f"Known: {', '.join(sorted(known))}.")
        values[known[name].name] = _convert(name, text, known[name].type)
    settings = Settings(**values)
    _check(settings)
    return Settings(**{**values, "home": settings.home.expanduser().absolute()})


def _convert(name: str, text: str, kind: Any) -> Any:
    kinds = get_args(kind) or (kind,)
    if int in kinds:
        try:
            return int(text)
        except ValueError:
            raise BadSettingError(f"{name}={text!r} is not a whole number.") from None
    return Path(text) if Path in kinds else text


def _check(settings: Settings) -> None:
    if not 0 < settings.port < 65536:
        raise BadSettingError(f"{PREFIX}PORT={settings.port} is not a TCP port.", hint="Use 1 to 65535.")
    if not 0 <= settings.api_processes <= 64:
        raise BadSettingError(f"{PREFIX}API_PROCESSES={settings.api_processes} cannot be.", hint="Use 0 to 64.")
    if settings.engine != "duckdb" and not settings.engine.startswith("spark://"):
        raise BadSettingError(
            f"{PREFIX}ENGINE={settings.engine!r} is no engine.", hint="Use duckdb or spark://host:port."
        )
    if settings.hot_days < 8:
        raise BadSettingError(f"{PREFIX}HOT_DAYS must be at least 8.", hint="Duplicates are recognized for 7 days.")
    if settings.segment_history_days < 90:
        raise BadSettingError(f"{PREFIX}SEGMENT_HISTORY_DAYS must be at least 90.", hint="Trends look back so far.")
    if settings.log_level not in {"debug", "info", "warning", "error"}:
        raise BadSettingError(
            f"{PREFIX}LOG_LEVEL={settings.log_level!r} is unknown.", hint="Use debug, info, warning or error."
        )
