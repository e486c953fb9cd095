"""One `FetchResult` as one WARC 1.1 record, and back; records of others too (ISO 28500:2017)."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import uuid
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import BufferWARCWriter

from pipeline.collect.decoding import BadEncoding, decode_whole
from pipeline.collect.outcomes import decide_outcome
from pipeline.records import FetchResult

MAX_RECORD_BYTES = 64 * 2**20
_FIELD = "X-Wireledger"
_PREFIX = "X-Crawl-"
#: headers that speak of the bytes on the wire, not of the bytes in the record
_WIRE_HEADERS = frozenset({"content-encoding", "transfer-encoding", "content-length"})

Headers = tuple[tuple[str, str], ...]


def encode_result(result: FetchResult) -> bytes:
    """The gzip member of a response record. Header values beyond latin-1 raise UnicodeEncodeError."""
    body = result.body or b""
    block = _encode_head(result.status or 0, result.headers, len(body)) + body
    # from the content, so that writing the same again (a rewrite begun anew after a kill) gives the same bytes
    identity = uuid.uuid5(uuid.NAMESPACE_URL, f"{result.final_url} {result.fetched_at} {_digest(block)}")
    fields = [
        ("WARC-Type", "response"),
        ("WARC-Record-ID", f"<urn:uuid:{identity}>"),
        ("WARC-Target-URI", result.final_url),
        ("WARC-Date", _encode_time(result.fetched_at)),
        ("WARC-Payload-Digest", _digest(body)),
        ("WARC-Block-Digest", _digest(block)),
        (_FIELD, _encode_rest(result)),
        ("Content-Type", "application/http; msgtype=response"),
    ]
    return _encode_record("response", fields, block, "application/http; msgtype=response")


def encode_info(file_name: str, at: datetime) -> bytes:
    """The warcinfo record that begins a file."""
    block = b"software: wireledger\r\nformat: WARC File Format 1.1\r\n"
    fields = [
        ("WARC-Type", "warcinfo"),
        ("WARC-Record-ID", f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{file_name} {at}')}>"),
        ("WARC-Filename", file_name),
        ("WARC-Date", _encode_time(at)),
        ("Content-Type", "application/warc-fields"),
    ]
    return _encode_record("warcinfo", fields, block, "application/warc-fields")


def read_result(member: bytes) -> FetchResult:
    """The response in one record; ValueError where there is none or it is cut."""
    for _, _, result in iterate_results(io.BytesIO(member)):
        return result
    raise ValueError("no whole response record stands here")


def iterate_results(stream: BinaryIO) -> Iterator[tuple[int, int, FetchResult]]:
    """(offset, length, result) of every whole HTTP response in a WARC file, gzipped by record or plain. What cannot be
    decoded or is cut is passed over; so are revisits, which have no body of their own."""
    records = ArchiveIterator(stream, no_record_parse=True)
    try:
        for record in records:
            block = record.raw_stream.read()
            offset, length = records.get_record_offset(), records.get_record_length()
            declared = record.rec_headers.get_header("Content-Length") or ""
            if record.rec_type != "response" or not declared.isdigit() or int(declared) != len(block):
                continue
            result = _read_block(record, block)
            if result is not None:
                yield offset, length, result
    except (ArchiveLoadFailed, zlib.error, EOFError, UnicodeDecodeError):
        return


def find_torn_tail(path: Path) -> int:
    """Where the last whole gzip member of a file ends."""
    end = 0
    with path.open("rb") as file:
        stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
        position = 0
        while chunk := file.read(2**20):
            while chunk:
                try:
                    stream.decompress(chunk)
                except zlib.error:
                    return end
                if not stream.eof:
                    position += len(chunk)
                    break
                position += len(chunk) - len(stream.unused_data)
                end, chunk = position, stream.unused_data
                stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
    return end


def _encode_record(kind: str, fields: list[tuple[str, str]], block: bytes, content_type: str) -> bytes:
    """Through warcio's writer, without its HTTP headers: it would percent-encode what is not ASCII in them."""
    writer = BufferWARCWriter(gzip=True, warc_version="WARC/1.1")
    headers = StatusAndHeaders("", fields, protocol="WARC/1.1")
    record = ArcWarcRecord(
        "warc", kind, headers, io.BytesIO(block), None, content_type, len(block), payload_length=len(block)
    )
    writer.write_record(record)
    return bytes(writer.get_contents())


def _encode_head(status: int, headers: Headers, body_bytes: int) -> bytes:
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Unknown"
    lines = [f"HTTP/1.1 {status} {phrase}"]
    for name, value in headers:
        is_renamed = name.lower() in _WIRE_HEADERS or name.startswith(_PREFIX)
        lines.append(f"{_PREFIX if is_renamed else ''}{name}: {value}")
    lines.append(f"Content-Length: {body_bytes}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def _encode_rest(result: FetchResult) -> str:
    rest = {
        "request_url": result.request_url,
        "outcome": result.outcome,
        "status": result.status,
        "elapsed_s": result.elapsed_s,
        "detail": result.detail,
        "permanent_url": result.permanent_url,
        "retry_after_s": result.retry_after_s,
        "has_body": result.body is not None,
    }
    return json.dumps(rest, ensure_ascii=True, separators=(",", ":"))


def _read_block(record: Any, block: bytes) -> FetchResult | None:
    status, headers, payload = _split_head(block)
    url, at = record.rec_headers.get_header("WARC-Target-URI"), record.rec_headers.get_header("WARC-Date")
    fetched_at = _read_time(at)
    if status is None or not url or fetched_at is None:
        return None
    field = record.rec_headers.get_header(_FIELD)
    if field is None:
        cut = record.rec_headers.get_header("WARC-Truncated")
        return _read_foreign(url.strip("<>"), fetched_at, status, headers, payload, cut)
    rest = json.loads(field)
    given = tuple((name.removeprefix(_PREFIX), value) for name, value in headers[:-1])
    return FetchResult(
        request_url=rest["request_url"],
        final_url=url,
        outcome=rest["outcome"],
        status=rest["status"],
        headers=given,
        body=payload if rest["has_body"] else None,
        fetched_at=fetched_at,
        elapsed_s=rest["elapsed_s"],
        detail=rest["detail"],
        permanent_url=rest["permanent_url"],
        retry_after_s=rest["retry_after_s"],
    )


def _read_foreign(
    url: str, at: datetime, status: int, headers: Headers, payload: bytes, cut: str | None
) -> FetchResult | None:
    """A response of another crawler: body with its transfer and content encodings undone."""
    named = {name.lower(): value for name, value in headers}
    if "chunked" in named.get("transfer-encoding", "").lower():
        payload = ChunkedDataReader(io.BytesIO(payload)).read()
    try:
        payload = decode_whole(payload, named.get("content-encoding"), MAX_RECORD_BYTES)
    except BadEncoding:
        return None
    outcome, detail = ("truncated", f"by the crawler: {cut}") if cut else decide_outcome(status, True, False)
    given = tuple((name.removeprefix(_PREFIX), value) for name, value in headers)
    return FetchResult(url, url, outcome, status, given, payload, at, 0.0, detail)


def _split_head(block: bytes) -> tuple[int | None, Headers, bytes]:
    """Status, headers and payload of an HTTP response; status None where it is none."""
    head, mark, payload = block.partition(b"\r\n\r\n")
    if not mark:
        head, mark, payload = block.partition(b"\n\n")
    first, *lines = head.decode("latin-1").replace("\r\n", "\n").split("\n")
    words = first.split(" ", 2)
    if not first.startswith("HTTP/") or len(words) < 2 or not words[1].isdigit():
        return None, (), b""
    headers: list[tuple[str, str]] = []
    for line in lines:
        if line[:1] in " \t" and headers:
            headers[-1] = (headers[-1][0], f"{headers[-1][1]} {line.strip()}")
            continue
        name, colon, value = line.partition(":")
        if colon:
            headers.append((name, value.strip(" \t")))
    return int(words[1]), tuple(headers), payload


def _encode_time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _read_time(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _digest(content: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode("ascii")
