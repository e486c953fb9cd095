"""The archive: WARC files that hold what was fetched, before anything reads it.

A record is one gzip member, on the disk (or in the bucket) before `Archive.write` returns; its pointer is exact. In a
folder a process owns the file that it adds to, so records of two processes never mix (`archivefolder`). In a bucket,
where nothing can be added to an object, each response is an object of its own.

The body in a record is what the parser got: decoded. The headers that no longer fit it are renamed with the prefix
``X-Crawl-``, as Common Crawl does, so that other readers of WARC see a consistent record; everything else that a
`FetchResult` knows is in one extension field, ``X-Wireledger``. A record read gives the equal `FetchResult`.
"""

from __future__ import annotations

import io
import os
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any, BinaryIO, Protocol

import fsspec

from pipeline.collect.archivefolder import ROLL_BYTES, FolderStore
from pipeline.collect.warcrecord import encode_info, encode_result, iterate_results, read_result
from pipeline.errors import SettingsError
from pipeline.records import ArchivePointer, FetchResult

#: a response as it is to be kept -> as it shall be from now on; None: leave it alone
Change = Callable[[ArchivePointer, FetchResult], FetchResult | None]


class Store(Protocol):
    """Where files lie. Names are relative, with slashes."""

    def add(self, day: str, record: bytes) -> tuple[str, int]:
        """Keep a record of a day (YYYYMMDD); gives file and offset."""
        ...

    def open(self, name: str) -> BinaryIO:
        """A file for reading; FileNotFoundError."""
        ...

    def put(self, name: str, content: bytes) -> None:
        """Write a whole file at once: afterwards it is there, or it is not."""
        ...

    def remove(self, name: str) -> None:
        """Delete a file; gone already is fine. BlockingIOError where somebody is writing to it."""
        ...

    def names(self) -> list[str]:
        """All WARC files, sorted."""
        ...

    def close(self) -> None:
        """Let go of what is open."""
        ...


class Archive:
    """Writes and reads responses. A fork opens files of its own; threads may share one."""

    def __init__(self, url: str | Path, roll_bytes: int = ROLL_BYTES) -> None:
        """``url``: a folder (made when first written to), or any address that fsspec knows (``s3://…``)."""
        text = str(url).removeprefix("file://")
        self._store: Store
        if "://" in text:
            self._store = _ObjectStore(text)
        else:
            self._store = FolderStore(Path(text).absolute(), roll_bytes)

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def write(self, result: FetchResult) -> ArchivePointer:
        """Keep a response; it is durable when this returns. OSError where it cannot be kept (disk full): the archive is
        then as it was before."""
        record = encode_result(result)
        name, offset = self._store.add(result.fetched_at.astimezone(UTC).strftime("%Y%m%d"), record)
        return ArchivePointer(name, offset, len(record))

    def read(self, pointer: ArchivePointer) -> FetchResult:
        """The response at a pointer; FileNotFoundError, or ValueError where no whole record stands there."""
        with self._store.open(pointer.file) as file:
            file.seek(pointer.offset)
            return read_result(file.read(pointer.length))

    def iterate(self, file: str | Path) -> Iterator[tuple[ArchivePointer, FetchResult]]:
        """All responses of a WARC file in order: one of `files`, or anybody's by its absolute path. Records of other
        kinds and a torn tail are passed over."""
        with self._store.open(str(file)) as stream:
            for offset, length, result in iterate_results(stream):
                yield ArchivePointer(str(file), offset, length), result

    def files(self, is_latest: bool = False) -> list[str]:
        """All WARC files, oldest day first. ``is_latest``: without those whose next generation is there (`rewrite` was
        interrupted before `remove`); a replay wants these, a redaction wants all."""
        names = self._store.names()
        superseded = {name for name in names if _next_generation(name) in names} if is_latest else set()
        return [name for name in names if name not in superseded]

    def rewrite(self, file: str, change: Change) -> dict[ArchivePointer, ArchivePointer]:
        """Write the next generation of a file beside it, with some responses changed, the others byte for byte; gives
        where each record lies now. The old file stays until `remove`, so that pointers can be moved in between, and
        the whole can be begun again after a kill: the same generation is then written over."""
        name = _next_generation(file)
        moved: dict[ArchivePointer, ArchivePointer] = {}
        content = bytearray()
        with self._store.open(file) as stream:
            whole = stream.read()
        for offset, length, result in iterate_results(io.BytesIO(whole)):
            content = content or bytearray(encode_info(PurePosixPath(name).name, result.fetched_at))
            pointer = ArchivePointer(file, offset, length)
            changed = change(pointer, result)
            record = whole[offset : offset + length] if changed is None else encode_result(changed)
            moved[pointer] = ArchivePointer(name, len(content), len(record))
            content += record
        self._store.put(name, bytes(content))
        return moved

    def remove(self, file: str) -> None:
        """Delete a file, after its next generation has taken its place."""
        self._store.remove(file)

    def close(self) -> None:
        """Give the file being written up for another process."""
        self._store.close()


class _ObjectStore:
    """Any file system of fsspec; a response is an object."""

    def __init__(self, url: str) -> None:
        if url.startswith("s3://"):
            _register_s3()
        try:
            self._fs: Any
            self._fs, self._root = fsspec.core.url_to_fs(url)
        except (ValueError, ImportError) as error:
            raise SettingsError(f"ARCHIVE_URL: {url.split('://')[0]}: {error}") from error

    def add(self, day: str, record: bytes) -> tuple[str, int]:
        name = f"{day[:4]}/{day[4:6]}/wire-{day}-{uuid.uuid4().hex}.warc.gz"
        self.put(name, record)
        return name, 0

    def open(self, name: str) -> BinaryIO:
        if Path(name).is_absolute():
            return Path(name).open("rb")
        opened: BinaryIO = self._fs.open(f"{self._root}/{name}", "rb")
        return opened

    def put(self, name: str, content: bytes) -> None:
        path = f"{self._root}/{name}"
        try:
            self._fs.makedirs(path.rpartition("/")[0], exist_ok=True)
            self._fs.pipe_file(path, content)
        except Exception as error:  # every file system has errors of its own
            raise OSError(f"archive: {path}: {str(error).splitlines()[0]}") from error

    def remove(self, name: str) -> None:
        if self._fs.exists(f"{self._root}/{name}"):
            self._fs.rm_file(f"{self._root}/{name}")

    def names(self) -> list[str]:
        root = self._root.rstrip("/")
        found = (str(path)[len(root) + 1 :] for path in self._fs.find(root))
        return sorted(name for name in found if name.endswith(".warc.gz"))

    def close(self) -> None:
        """Nothing is open."""


def _register_s3() -> None:
    """S3 by obstore: one wheel. It takes keys, region and endpoint from the usual AWS_ variables; that an endpoint is plain
    HTTP it wants said, and the address says so."""
    from obstore.fsspec import register  # loaded only where a bucket is used

    if os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://"):
        os.environ.setdefault("AWS_ALLOW_HTTP", "true")
    register("s3")


def _next_generation(name: str) -> str:
    """``wire-20261123-001.warc.gz`` → ``wire-20261123-001.g1.warc.gz`` → ``….g2.warc.gz``."""
    stem = name.removesuffix(".warc.gz")
    base, mark, number = stem.rpartition(".g")
    if mark and number.isdecimal():
        return f"{base}.g{int(number) + 1}.warc.gz"
    return f"{stem}.g1.warc.gz"
