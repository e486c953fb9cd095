"""A folder of WARC files, ``YYYY/MM/wire-YYYYMMDD-NNN.warc.gz``, written by many processes at once.

Each process owns the file that it adds to, through an advisory lock, and gives it up when it closes; the next one goes
on with it until it is full. While a file is being written a mark ``NAME.open`` lies beside it. Where the mark outlived
its process (kill -9, power), the next owner first cuts off what may be torn.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from pipeline.collect.warcrecord import encode_info, find_torn_tail
from pipeline.errors import SettingsError

ROLL_BYTES = 256 * 2**20


class FolderStore:
    """See `archive.Store`."""

    def __init__(self, root: Path, roll_bytes: int) -> None:
        self._root = root
        self._roll_bytes = roll_bytes
        self._file: BinaryIO | None = None
        self._path = root
        self._day = ""
        self._pid = 0
        self._lock = threading.Lock()

    def add(self, day: str, record: bytes) -> tuple[str, int]:
        """Add to the file of this process and wait for the disk."""
        if self._pid != os.getpid():
            self._lock = threading.Lock()  # a fork may have copied it while it was held
        with self._lock:
            file = self._open_for(day)
            offset = file.seek(0, os.SEEK_END)
            try:
                file.write(record)
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                self._undo(file, offset)
                raise
            return self._path.relative_to(self._root).as_posix(), offset

    def open(self, name: str) -> BinaryIO:
        """An absolute name leads out of the folder, to WARC files of others."""
        return (self._root / name).open("rb")

    def put(self, name: str, content: bytes) -> None:
        """Through a temporary file, so that half of it is never seen."""
        path = self._root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f"{path.name}.{os.getpid()}.part")
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        _sync_folder(path.parent)

    def remove(self, name: str) -> None:
        """BlockingIOError where a process is adding to the file."""
        path = self._root / name
        if not path.exists():
            return
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()
            _mark(path).unlink(missing_ok=True)

    def names(self) -> list[str]:
        """Sorted by day, then number."""
        found = self._root.glob("*/*/*.warc.gz") if self._root.is_dir() else ()
        return sorted(path.relative_to(self._root).as_posix() for path in found)

    def close(self) -> None:
        """Give the file up; a fork leaves its parent's mark alone."""
        if self._file is None:
            return
        if self._pid == os.getpid():
            _mark(self._path).unlink(missing_ok=True)
        self._file.close()
        self._file = None

    def _open_for(self, day: str) -> BinaryIO:
        if self._file is not None:
            is_fit = self._pid == os.getpid() and day == self._day and self._file.tell() < self._roll_bytes
            if is_fit and self._path.exists():
                return self._file
            self.close()
        self._day, self._pid = day, os.getpid()
        folder = self._root / day[:4] / day[4:6]
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(1, 100_000):
            path = folder / f"wire-{day}-{number:03d}.warc.gz"
            file = _claim(path, self._roll_bytes)
            if file is not None:
                self._file, self._path = file, path
                return file
        raise SettingsError(f"no free archive file in {folder}")

    def _undo(self, file: BinaryIO, offset: int) -> None:
        """Forget a record that could not be written whole, in the file and in its buffer."""
        descriptor = os.dup(file.fileno())
        try:
            self._file = None
            with contextlib.suppress(OSError):  # closing flushes the buffer, which fails again as the write did
                file.close()
            os.ftruncate(descriptor, offset)
        finally:
            os.close(descriptor)


def _claim(path: Path, roll_bytes: int) -> BinaryIO | None:
    """The file, locked and ready to be added to; None where another process has it, it is full, or a later generation
    has taken its place."""
    if any(path.parent.glob(f"{path.name.removesuffix('.warc.gz')}.g*.warc.gz")):
        return None
    file = path.open("ab+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    size = file.seek(0, os.SEEK_END)
    if _mark(path).exists() and size:
        file.truncate(find_torn_tail(path))
        size = file.seek(0, os.SEEK_END)
    if size >= roll_bytes or not path.exists():
        _mark(path).unlink(missing_ok=True)
        file.close()
        return None
    _mark(path).touch()
    if size == 0:
        file.write(encode_info(path.name, datetime.now(UTC)))
        file.flush()
    _sync_folder(path.parent)
    return file


def _mark(path: Path) -> Path:
    return path.with_name(path.name + ".open")


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
