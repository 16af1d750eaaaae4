"""Fails where a file or a function has outgrown its limit."""

import ast
import subprocess
import sys
from pathlib import Path

FILE, WEB_FILE, FUNCTION = 400, 300, 50


def main() -> int:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    faults: list[str] = []
    for name in listed:
        path = Path(name)
        if not path.is_file() or "/generated/" in name or name.endswith(".d.ts"):
            continue
        if path.suffix in {".ts", ".tsx"}:
            faults += too_long(path, WEB_FILE)
        elif path.suffix == ".py":
            faults += too_long(path, FILE)
            faults += long_functions(path)
    print("\n".join(faults) or "sizes are fine")
    return bool(faults)


def too_long(path: Path, limit: int) -> list[str]:
    lines = path.read_text(encoding="utf-8").count("\n")
    return [f"{path}: {lines} lines, the limit is {limit}"] if lines > limit else []


def long_functions(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        f"{path}:{node.lineno}: {node.name} has {length} lines, the limit is {FUNCTION}"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION
    ]


if __name__ == "__main__":
    sys.exit(main())
