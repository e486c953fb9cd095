"""A folder into which agencies write files: which are whole, and how one is taken so that nothing is lost.

A file is first moved into ``.taking`` beside it: a new version that comes under the same name meanwhile is another file.
What a killed process has left there is taken first by the next one.
"""

from __future__ import annotations

import hashlib
import os
import stat
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from pipeline.collect.dropread import MAX_FILE_BYTES

TAKING = ".taking"
REFUSED = ".refused"
#: a file is whole when nobody has written to it for so long
SETTLE_S = 2.0
#: how programs that deliver name a file that is not whole yet
_PARTIAL = (".part", ".partial", ".filepart", ".tmp", ".temp", ".crdownload", ".swp")


def list_files(folder: Path) -> list[Path]:
    """Regular files to be taken: those left half taken first, then by time of writing and name. Hidden and partial
    files, links, folders and pipes are none."""
    found = []
    for place in (folder / TAKING, folder):
        if place.is_dir():
            files = [(path.lstat(), path) for path in place.iterdir() if not _is_partial(path.name)]
            found += [path for at, path in sorted((i.st_mtime, p) for i, p in files if stat.S_ISREG(i.st_mode))]
    return found


def find_wait(path: Path, now: datetime) -> float:
    """Seconds until a file counts as whole; a time in the future is a wrong clock and waits for nothing."""
    age = now.timestamp() - path.stat().st_mtime
    return max(0.0, SETTLE_S - age) if age >= 0 else 0.0


def claim_file(path: Path) -> Path:
    """Move a file to where nobody writes; gives its new place. OSError where that cannot be."""
    if path.parent.name == TAKING:
        return path
    place = path.parent / TAKING
    place.mkdir(exist_ok=True)
    return path.rename(place / path.name)


def read_file(path: Path) -> bytes:
    """The bytes, one more than `MAX_FILE_BYTES` at most. Follows no link and waits for no pipe; OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        return file.read(MAX_FILE_BYTES + 1)


def refuse_file(path: Path) -> Path:
    """Set aside what is not to be taken, under a name of its own; gives its new place."""
    place = path.parent.parent / REFUSED if path.parent.name == TAKING else path.parent / REFUSED
    place.mkdir(exist_ok=True)
    return path.rename(place / f"{path.stat().st_mtime_ns}-{path.name}")


def build_address(feed_key: str, name: str, body: bytes) -> str:
    """The address of a delivered file: by its bytes too, since agencies use names again."""
    return f"drop:{feed_key}/{quote(os.fsencode(name))}?sha256={hashlib.sha256(body).hexdigest()[:32]}"


def find_feed_key(address: str) -> str | None:
    """The feed of a delivered file's address; None for what is none."""
    return address.removeprefix("drop:").partition("/")[0] if address.startswith("drop:") else None


def _is_partial(name: str) -> bool:
    return name.startswith(".") or name.endswith("~") or name.lower().endswith(_PARTIAL)
