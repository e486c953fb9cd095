"""Print the part of requirements.lock that a program needs when it runs: no linters, no test tools.

usage: python select_packages.py LOCK [PACKAGE ...]

The lock says of each package what wants it (``# via``). Kept is what pyproject.toml's own dependencies need, and what
the named packages need besides; versions and hashes stand as they are. Raises SystemExit for a package that the lock
does not have.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

OWN = "wireledger (pyproject.toml)"


def read_lock(text: str) -> dict[str, tuple[str, set[str]]]:
    """Package name to its lines and to the names of what wants it."""
    found: dict[str, tuple[str, set[str]]] = {}
    for block in re.split(r"(?m)^(?=[A-Za-z0-9])", text):
        head = re.match(r"([A-Za-z0-9._-]+)", block)
        if head:
            comments = "".join(line.partition("#")[2] + "\n" for line in block.splitlines() if "#" in line)
            wanted_by = {name.strip() for name in comments.replace("via", "", 1).splitlines() if name.strip()}
            found[head[1]] = (block, wanted_by)
    return found


def select(packages: dict[str, tuple[str, set[str]]], extra: list[str]) -> list[str]:
    """Names of the packages to keep, sorted; raises SystemExit for an extra that is not there."""
    if unknown := [name for name in extra if name not in packages]:
        raise SystemExit(f"requirements.lock has no {', '.join(unknown)}")
    kept = {name for name, (_, wanted_by) in packages.items() if OWN in wanted_by} | set(extra)
    while grown := {name for name, (_, wanted_by) in packages.items() if wanted_by & kept} - kept:
        kept |= grown
    return sorted(kept)


def main() -> None:
    """Print the selection."""
    packages = read_lock(Path(sys.argv[1]).read_text(encoding="utf-8"))
    sys.stdout.write("".join(packages[name][0] for name in select(packages, sys.argv[2:])))


if __name__ == "__main__":
    main()
