"""The archive: what is written comes back equal, at its exact place, whatever happened to the process."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.collect.archive import Archive
from pipeline.collect.warcrecord import encode_result, read_result
from pipeline.errors import SettingsError
from pipeline.records import ArchivePointer, FetchResult

AT = datetime(2026, 11, 23, 18, 30, 0, 123456, tzinfo=UTC)
RESULT = FetchResult(
    request_url="https://wire.example/feed",
    final_url="https://wire.example/new?a=1&b=ü",
    outcome="ok",
    status=200,
    headers=(
        ("ETag", 'W/"1"'),
        ("Content-Encoding", "gzip"),
        ("Content-Length", "7"),
        ("X-Crawl-Odd", "1"),
        ("X", "é"),
    ),
    body=b"<rss>\r\n\r\n\x00\xff</rss>",
    fetched_at=AT,
    elapsed_s=0.25,
    detail="wrong “length”",
    permanent_url="https://wire.example/new",
    retry_after_s=3.5,
)

_latin = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f\x85"), max_size=30)
_names = st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,20}", fullmatch=True)
results = st.builds(
    FetchResult,
    request_url=st.just("https://wire.example/feed"),
    final_url=st.sampled_from(["https://wire.example/feed", "http://wire.example/a?b=%20&c=ü"]),
    outcome=st.sampled_from(["ok", "truncated", "not_found"]),
    status=st.none() | st.integers(100, 599),
    headers=st.lists(st.tuples(_names, _latin.map(str.strip)), max_size=6).map(tuple),
    body=st.none() | st.binary(max_size=300),
    fetched_at=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    elapsed_s=st.floats(0, 1000),
    detail=st.text(max_size=50),
    permanent_url=st.none() | st.just("https://wire.example/x"),
    retry_after_s=st.none() | st.floats(0, 1e9),
)


@given(results)
def test_a_record_gives_the_equal_result(result: FetchResult) -> None:
    assert read_result(encode_result(result)) == result


def test_a_pointer_is_exact_and_leads_back(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        kept = [replace(RESULT, body=bytes([number]) * 1000 * number) for number in range(5)]
        pointers = [archive.write(result) for result in kept]
        assert [archive.read(pointer) for pointer in pointers] == kept
        assert list(archive.iterate(pointers[0].file)) == list(zip(pointers, kept, strict=True))
        assert archive.files() == ["2026/11/wire-20261123-001.warc.gz"]
    assert pointers[0].offset + pointers[0].length == pointers[1].offset
    whole = (tmp_path / pointers[0].file).read_bytes()
    member = whole[pointers[2].offset : pointers[2].offset + pointers[2].length]
    assert gzip.decompress(member).startswith(b"WARC/1.1\r\n")


def test_other_tools_read_it_without_being_misled(tmp_path: Path) -> None:
    from warcio.archiveiterator import ArchiveIterator

    with Archive(tmp_path) as archive:
        pointer = archive.write(RESULT)
    with (tmp_path / pointer.file).open("rb") as stream:
        kinds = []
        for record in ArchiveIterator(stream, check_digests="raise"):
            kinds.append(record.rec_type)
            content = record.content_stream().read()
    assert kinds == ["warcinfo", "response"]
    assert content == RESULT.body
    assert record.http_headers.get_header("Content-Length") == str(len(RESULT.body or b""))
    assert record.http_headers.get_header("Content-Encoding") is None
    assert record.rec_headers.get_header("WARC-Date") == "2026-11-23T18:30:00.123456Z"


def test_a_day_is_utc_and_a_new_day_is_a_new_file(tmp_path: Path) -> None:
    late = AT.replace(hour=23).astimezone(timezone(timedelta(hours=9)))
    with Archive(tmp_path) as archive:
        files = [archive.write(replace(RESULT, fetched_at=at)).file for at in (AT, late, AT + timedelta(days=9), AT)]
    assert files[0] == files[1] == files[3]
    assert files[2] == "2026/12/wire-20261202-001.warc.gz"


def test_a_full_file_is_followed_by_the_next(tmp_path: Path) -> None:
    with Archive(tmp_path, roll_bytes=2000) as archive:
        bodies = [os.urandom(1500) for _ in range(4)]
        pointers = [archive.write(replace(RESULT, body=body)) for body in bodies]
        assert len({pointer.file for pointer in pointers}) > 1
        assert [archive.read(pointer).body for pointer in pointers] == bodies


def test_two_writers_never_share_a_file_and_the_next_goes_on_where_one_stopped(tmp_path: Path) -> None:
    first, second = Archive(tmp_path), Archive(tmp_path)
    one, two = first.write(RESULT), second.write(RESULT)
    assert one.file != two.file
    first.close()
    three = Archive(tmp_path).write(RESULT)
    assert three.file == one.file
    assert three.offset == one.offset + one.length
    second.close()


def test_closing_leaves_no_mark(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        archive.write(RESULT)
        assert len(list(tmp_path.rglob("*.open"))) == 1
    assert not list(tmp_path.rglob("*.open"))


@pytest.mark.parametrize("kept_share", [0.0, 0.02, 0.3, 0.7, 0.99])
def test_a_torn_tail_is_passed_over_by_readers_and_cut_off_by_the_next_writer(
    tmp_path: Path, kept_share: float
) -> None:
    with Archive(tmp_path) as archive:
        pointer = archive.write(RESULT)
    path = tmp_path / pointer.file
    torn = encode_result(replace(RESULT, body=os.urandom(5000)))
    with path.open("ab") as file:
        file.write(torn[: int(len(torn) * kept_share)])
    path.with_name(path.name + ".open").touch()
    with Archive(tmp_path) as archive:
        assert [found for _, found in archive.iterate(pointer.file)] == [RESULT]
        later = archive.write(replace(RESULT, body=b"later"))
        assert later.offset == pointer.offset + pointer.length
        assert [found.body for _, found in archive.iterate(pointer.file)] == [RESULT.body, b"later"]


WRITER = """
import sys
from dataclasses import replace
from datetime import datetime, UTC
from pipeline.collect.archive import Archive
from pipeline.records import FetchResult
import os
archive = Archive(sys.argv[1])
while True:
    body = os.urandom(20_000)
    result = FetchResult("http://a.example/", "http://a.example/", "ok", 200, (), body, datetime.now(UTC), 0.0)
    pointer = archive.write(result)
    print(pointer.file, pointer.offset, pointer.length, body[:8].hex(), flush=True)
"""


def test_what_was_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    acknowledged: list[list[str]] = []
    for _ in range(3):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        acknowledged += [writer.stdout.readline().split() for _ in range(5)]
        writer.send_signal(signal.SIGKILL)
        rest = writer.stdout.read().splitlines()
        acknowledged += [line.split() for line in rest if len(line.split()) == 4 and len(line.split()[3]) == 16]
        writer.wait()
        writer.stdout.close()
    with Archive(tmp_path) as archive:
        archive.write(RESULT)
        for file, offset, length, start in acknowledged:
            body = archive.read(ArchivePointer(file, int(offset), int(length))).body
            assert body is not None
            assert body[:8].hex() == start
        found = {(pointer.file, pointer.offset) for name in archive.files() for pointer, _ in archive.iterate(name)}
    assert {(file, int(offset)) for file, offset, *_ in acknowledged} <= found


def test_a_full_disk_leaves_the_archive_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Archive(tmp_path) as archive:
        pointer = archive.write(RESULT)

        def fail(descriptor: int) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", fail)
            with pytest.raises(OSError, match="No space"):
                archive.write(RESULT)
        size = (tmp_path / pointer.file).stat().st_size
        assert size == pointer.offset + pointer.length
        assert archive.write(RESULT).offset == size


def test_a_fork_writes_a_file_of_its_own(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    mine = archive.write(RESULT)
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(write_end, archive.write(RESULT).file.encode())
            archive.close()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    os.close(write_end)
    theirs = os.read(read_end, 200).decode()
    os.close(read_end)
    assert theirs
    assert theirs != mine.file
    assert archive.write(RESULT).file == mine.file
    archive.close()


def _foreign(headers: bytes, payload: bytes, kind: str = "response", status: bytes = b"200 OK") -> bytes:
    block = b"HTTP/1.1 " + status + b"\r\n" + headers + b"\r\n" + payload
    fields = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Date: 2026-08-01T02:03:04Z\r\nWARC-Record-ID: <urn:uuid:{uuid.uuid4()}>\r\n"
        f"WARC-Target-URI: https://news.example/a\r\nContent-Type: application/http; msgtype={kind}\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    return fields.encode() + block + b"\r\n\r\n"


@pytest.mark.parametrize("is_packed", [True, False])
def test_files_of_other_crawlers_are_read(tmp_path: Path, is_packed: bool) -> None:
    page = b"<html>" + os.urandom(300).hex().encode() + b"</html>"
    packed = gzip.compress(page)
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    records = [
        _foreign(b"", b"", kind="request"),
        _foreign(b"Content-Type: text/html\r\nX-Crawl-Content-Encoding: br\r\n", page),
        _foreign(b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", chunked),
        _foreign(b"Content-Encoding: gzip\r\n", packed[:50]),
        _foreign(b"", b"gone", status=b"404 Not Found"),
    ]
    path = tmp_path / ("crawl.warc.gz" if is_packed else "crawl.warc")
    path.write_bytes(b"".join(gzip.compress(record) if is_packed else record for record in records))
    archive = Archive(tmp_path / "ours")
    found = list(archive.iterate(path))
    assert [result.body for _, result in found] == [page, page, b"gone"]
    assert [result.outcome for _, result in found] == ["ok", "ok", "not_found"]
    assert found[0][1].header("content-encoding") == "br"
    assert found[0][1].fetched_at == datetime(2026, 8, 1, 2, 3, 4, tzinfo=UTC)
    assert [archive.read(pointer) for pointer, _ in found] == [result for _, result in found]


def test_a_rewritten_file_has_new_places_and_the_old_bytes(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        kept = [replace(RESULT, body=os.urandom(500 * number)) for number in range(1, 4)]
        pointers = [archive.write(result) for result in kept]
        with pytest.raises(BlockingIOError):
            archive.remove(pointers[0].file)
    with Archive(tmp_path) as archive:
        blank = replace(kept[1], body=None, headers=(), detail="redacted: by order")

        def change(pointer: ArchivePointer, result: FetchResult) -> FetchResult | None:
            return blank if pointer == pointers[1] else None

        moved = archive.rewrite(pointers[0].file, change)
        assert moved == archive.rewrite(pointers[0].file, change), "a second try gives the same places"
        assert [archive.read(moved[pointer]) for pointer in pointers] == [kept[0], blank, kept[2]]
        assert [archive.read(pointer) for pointer in pointers] == kept
        assert len(archive.files()) == 2
        assert archive.files(is_latest=True) == ["2026/11/wire-20261123-001.g1.warc.gz"]
        archive.remove(pointers[0].file)
        archive.remove(pointers[0].file)
        assert archive.files() == ["2026/11/wire-20261123-001.g1.warc.gz"]
        assert archive.write(RESULT).file == "2026/11/wire-20261123-002.warc.gz"
        again = archive.rewrite(archive.files()[0], lambda pointer, result: None)
        assert next(iter(again.values())).file == "2026/11/wire-20261123-001.g2.warc.gz"
    whole = b"".join(path.read_bytes() for path in tmp_path.rglob("*001.g1*"))
    assert (kept[1].body or b"") not in gzip.decompress(whole)


def test_a_bucket_serves_as_well() -> None:
    with Archive(f"memory://{uuid.uuid4().hex}/archive") as archive:
        pointers = [archive.write(replace(RESULT, body=b"x" * number)) for number in range(3)]
        assert [len(archive.read(pointer).body or b"") for pointer in pointers] == [0, 1, 2]
        assert archive.files() == sorted(pointer.file for pointer in pointers)
        assert [found for found, _ in archive.iterate(pointers[1].file)] == [pointers[1]]
        archive.remove(pointers[0].file)
        archive.remove(pointers[0].file)
        assert len(archive.files()) == 2


def test_an_unknown_kind_of_archive_is_a_wrong_setting() -> None:
    with pytest.raises(SettingsError, match="ARCHIVE_URL: carrier-pigeon"):
        Archive("carrier-pigeon://loft")


def test_nothing_where_a_pointer_leads_wrong(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        pointer = archive.write(RESULT)
        with pytest.raises(ValueError, match="no whole response"):
            archive.read(replace(pointer, offset=pointer.offset + 1))
        with pytest.raises(ValueError, match="no whole response"):
            archive.read(replace(pointer, length=pointer.length - 20))
        with pytest.raises(FileNotFoundError):
            archive.read(replace(pointer, file="2026/11/none.warc.gz"))
