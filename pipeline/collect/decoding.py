"""Content-Encoding undone in bounded pieces, with proof that the stream was whole.

httpx2's own decoders bound memory too, but (2.16.2) take a gzip stream without its end for good and drop all members of
a gzip stream but the first; both would lose entries without a trace.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

import brotli  # type: ignore[import-untyped]
from backports.zstd import DecompressionParameter, ZstdDecompressor, ZstdError

#: no decoder returns more than about this much at a time
PIECE_BYTES = 256 * 1024


class BadEncoding(Exception):
    """The bytes are not what Content-Encoding says."""


class Decoder(Protocol):
    """Bytes in, decoded pieces out. ``is_whole`` tells whether the stream may end here."""

    is_whole: bool

    def decode(self, received: bytes) -> Iterator[bytes]:
        """Decoded pieces of at most about `PIECE_BYTES`; `BadEncoding` where they cannot be had."""
        ...


class Identity:
    """No encoding: every end is a good end."""

    is_whole = True

    def decode(self, received: bytes) -> Iterator[bytes]:
        """The bytes as they came."""
        yield received


class Inflate:
    """gzip with any number of members, and deflate in both its readings (zlib by RFC 9110, bare by custom)."""

    def __init__(self, is_gzip: bool) -> None:
        self._is_gzip = is_gzip
        self._stream = zlib.decompressobj(zlib.MAX_WBITS | 16 if is_gzip else zlib.MAX_WBITS)
        self._seen: bytes | None = None if is_gzip else b""
        self.is_whole = False

    def decode(self, received: bytes) -> Iterator[bytes]:
        """See `Decoder`. What follows a whole stream and is no further member is dropped, as browsers do."""
        pending = received
        while pending:
            if self._stream.eof:
                if not self._is_gzip or not pending.startswith(b"\x1f\x8b"):
                    return
                self._stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
            piece = self._inflate(pending)
            self.is_whole = self._stream.eof
            pending = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail
            if piece:
                yield piece

    def _inflate(self, pending: bytes) -> bytes:
        try:
            piece = self._stream.decompress(pending, PIECE_BYTES)
        except zlib.error as error:
            if self._seen is None:
                raise BadEncoding(str(error)) from error
            whole, self._seen = self._seen + pending, None
            self._stream = zlib.decompressobj(-zlib.MAX_WBITS)
            return self._inflate(whole)
        if self._seen is not None:
            # zlib's header has two bytes: only before they are read can a bare stream be mistaken for it
            self._seen = self._seen + pending if not piece and len(self._seen) < 2 else None
        return piece


class Brotli:
    """br, RFC 7932."""

    def __init__(self) -> None:
        self._stream = brotli.Decompressor()
        self.is_whole = False

    def decode(self, received: bytes) -> Iterator[bytes]:
        """See `Decoder`."""
        try:
            if self._stream.is_finished():
                return
            piece = self._stream.process(received, output_buffer_limit=PIECE_BYTES)
            while piece:
                yield piece
                if self._stream.can_accept_more_data():
                    break
                piece = self._stream.process(b"", output_buffer_limit=PIECE_BYTES)
            self.is_whole = self._stream.is_finished()
        except brotli.error as error:
            raise BadEncoding(str(error)) from error


class Zstandard:
    """zstd, RFC 8878, with any number of frames, the window at most 8 MiB as RFC 9659 asks of HTTP."""

    def __init__(self) -> None:
        self._stream = self._begin()
        self.is_whole = False

    @staticmethod
    def _begin() -> ZstdDecompressor:
        return ZstdDecompressor(options={DecompressionParameter.window_log_max: 23})

    def decode(self, received: bytes) -> Iterator[bytes]:
        """See `Decoder`."""
        pending = received
        try:
            while True:
                if self._stream.eof:
                    pending = self._stream.unused_data or pending
                    if not pending:
                        return
                    self._stream = self._begin()
                piece = self._stream.decompress(pending, PIECE_BYTES)
                pending = b""
                self.is_whole = self._stream.eof
                if piece:
                    yield piece
                if self._stream.needs_input or (self._stream.eof and not self._stream.unused_data):
                    return
        except ZstdError as error:
            raise BadEncoding(str(error)) from error


_DECODERS: dict[str, Callable[[], Decoder]] = {
    "gzip": lambda: Inflate(is_gzip=True),
    "x-gzip": lambda: Inflate(is_gzip=True),
    "deflate": lambda: Inflate(is_gzip=False),
    "br": Brotli,
    "zstd": Zstandard,
}

ACCEPT_ENCODING = "gzip, deflate, br, zstd"


class Chain:
    """Several encodings on top of each other, undone from the last to the first."""

    def __init__(self, decoders: list[Decoder]) -> None:
        self._decoders = decoders

    @property
    def is_whole(self) -> bool:
        """Did every stream of the chain end well?"""
        return all(decoder.is_whole for decoder in self._decoders)

    @property
    def is_proof(self) -> bool:
        """Does the end of the stream prove that it is whole? (Without an encoding nothing does.)"""
        return bool(self._decoders) and self.is_whole

    def decode(self, received: bytes) -> Iterator[bytes]:
        """See `Decoder`."""
        pieces: Iterator[bytes] = iter((received,))
        for decoder in self._decoders:
            pieces = _pipe(decoder, pieces)
        return pieces


def build_decoder(content_encoding: str | None) -> Chain:
    """The decoder for a Content-Encoding header. Unknown words (``utf-8``, ``none``) count as no encoding, because
    servers that send them send plain bytes; more than three layers raise `BadEncoding`."""
    words = [word.strip().lower() for word in (content_encoding or "").split(",")]
    known = [word for word in words if word in _DECODERS]
    if len(known) > 3:
        raise BadEncoding(f"{len(known)} encodings on top of each other")
    return Chain([_DECODERS[word]() for word in reversed(known)])


def decode_whole(encoded: bytes, content_encoding: str | None, max_bytes: int) -> bytes:
    """All of it at once, for archives. `BadEncoding` where it is broken, cut or larger than ``max_bytes``."""
    decoder = build_decoder(content_encoding)
    decoded = bytearray()
    for piece in decoder.decode(encoded):
        decoded += piece
        if len(decoded) > max_bytes:
            raise BadEncoding(f"more than {max_bytes} bytes")
    if encoded and not decoder.is_whole:
        raise BadEncoding("the stream is cut")
    return bytes(decoded)


def _pipe(decoder: Decoder, pieces: Iterator[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        yield from decoder.decode(piece)
