"""The archive: WARC files that hold what was fetched, before anything reads it.

A process owns the files that it writes to (an advisory lock), so records of two processes never mix. A record is one
gzip member, flushed and fsynced before `Archive.write` returns; its pointer is exact. While a file is being written a
mark ``NAME.open`` lies beside it; where the mark outlived its process, the next owner cuts the torn tail off.

The body in a record is what the parser got: decoded. The headers that no longer fit it are renamed with the prefix
``X-Crawl-``, as Common Crawl does, so that other readers of WARC see a consistent record; everything else that a
`FetchResult` knows is in one extension field, ``X-Wireledger``. A record read gives the equal `FetchResult`.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from pipeline.collect.warcrecord import encode_info, encode_result, find_torn_tail, iterate_results, read_result
from pipeline.errors import SettingsError
from pipeline.records import ArchivePointer, FetchResult

ROLL_BYTES = 256 * 2**20


class Archive:
    """A folder of WARC files (``YYYY/MM/wire-YYYYMMDD-NNN.warc.gz``). Not for sharing between threads; a fork opens
    files of its own."""

    def __init__(self, url: str | Path, roll_bytes: int = ROLL_BYTES) -> None:
        """``url``: a folder, as path or ``file://``; made when first written to. SettingsError for other schemes."""
        text = str(url)
        if "://" in text and not text.startswith("file://"):
            raise SettingsError(f"ARCHIVE_URL: {text.split('://')[0]} archives are not supported, name a folder")
        self._root = Path(text.removeprefix("file://")).absolute()
        self._roll_bytes = roll_bytes
        self._file: BinaryIO | None = None
        self._path = self._root
        self._day = ""
        self._pid = 0

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def write(self, result: FetchResult) -> ArchivePointer:
        """Add a response; it is on the disk when this returns. OSError where it cannot be (disk full): the file is then
        as it was before."""
        file = self._open_for(result.fetched_at)
        offset = file.seek(0, os.SEEK_END)
        record = encode_result(result)
        try:
            file.write(record)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            file.truncate(offset)
            raise
        return ArchivePointer(self._path.relative_to(self._root).as_posix(), offset, len(record))

    def read(self, pointer: ArchivePointer) -> FetchResult:
        """The response at a pointer; FileNotFoundError, or ValueError where no whole record stands there."""
        with (self._root / pointer.file).open("rb") as file:
            file.seek(pointer.offset)
            return read_result(file.read(pointer.length))

    def iterate(self, file: str | Path) -> Iterator[tuple[ArchivePointer, FetchResult]]:
        """All responses of a WARC file in order, ours or anybody's (relative to the archive, or absolute). Records of
        other kinds and a torn tail are passed over."""
        path = self._root / file
        name = path.relative_to(self._root).as_posix() if path.is_relative_to(self._root) else path.as_posix()
        with path.open("rb") as stream:
            for offset, length, result in iterate_results(stream):
                yield ArchivePointer(name, offset, length), result

    def files(self) -> list[str]:
        """All WARC files, oldest day first."""
        found = self._root.glob("*/*/*.warc.gz") if self._root.is_dir() else ()
        return sorted(path.relative_to(self._root).as_posix() for path in found)

    def close(self) -> None:
        """Give the file up for another process."""
        if self._file is not None and self._pid == os.getpid():
            _mark(self._path).unlink(missing_ok=True)
        if self._file is not None:
            self._file.close()
            self._file = None

    def _open_for(self, at: datetime) -> BinaryIO:
        day = at.astimezone(UTC).strftime("%Y%m%d")
        if self._file is not None:
            is_mine = self._pid == os.getpid()
            if is_mine and day == self._day and self._file.tell() < self._roll_bytes:
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


def _claim(path: Path, roll_bytes: int) -> BinaryIO | None:
    """The file, locked and ready to be added to; None where another process has it or it is full."""
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
    if size >= roll_bytes:
        _mark(path).unlink(missing_ok=True)
        file.close()
        return None
    _mark(path).touch()
    if size == 0:
        file.write(encode_info(path.name))
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
