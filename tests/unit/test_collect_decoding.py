"""Content encodings and addresses: any bytes in any pieces, any address in any disguise."""

from __future__ import annotations

import contextlib
import gzip
import ipaddress
import zlib
from itertools import pairwise

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from pipeline.collect.addresses import decide_address, decide_addresses
from pipeline.collect.decoding import BadEncoding, build_decoder, decode_whole

CODINGS = {
    "": bytes,
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "deflate, gzip": lambda body: gzip.compress(zlib.compress(body)),
    "br": brotli.compress,
    "zstd": zstd.compress,
}


@given(st.sampled_from(sorted(CODINGS)), st.binary(max_size=2000), st.lists(st.integers(0, 2000), max_size=6))
def test_decoding_gives_the_bytes_back_however_they_were_cut(coding: str, body: bytes, cuts: list[int]) -> None:
    encoded = CODINGS[coding](body)
    edges = [0, *sorted(min(cut, len(encoded)) for cut in cuts), len(encoded)]
    decoder = build_decoder(coding)
    decoded = b"".join(
        piece for start, end in pairwise(edges) if end > start for piece in decoder.decode(encoded[start:end])
    )
    assert decoded == body
    assert decoder.is_whole


@given(st.sampled_from(sorted(set(CODINGS) - {""})), st.binary(min_size=1, max_size=500), st.floats(0, 0.9))
def test_a_cut_stream_is_never_taken_for_whole(coding: str, body: bytes, share: float) -> None:
    encoded = CODINGS[coding](body)
    cut = encoded[: max(1, int(len(encoded) * share))]
    with pytest.raises(BadEncoding):
        decode_whole(cut, coding, 10_000)


@given(st.sampled_from(sorted(CODINGS)), st.binary(max_size=500))
def test_rubbish_is_refused_or_bounded_and_nothing_else(coding: str, rubbish: bytes) -> None:
    with contextlib.suppress(BadEncoding):
        assert len(decode_whole(rubbish, coding, 10_000)) <= 10_000


def test_more_than_three_layers_are_refused() -> None:
    with pytest.raises(BadEncoding, match="4 encodings"):
        build_decoder("gzip, gzip, gzip, gzip")


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_the_same_in_every_disguise(address: ipaddress.IPv4Address) -> None:
    plain = decide_address(str(address)).why
    number = int(address)
    disguises = [
        f"::ffff:{address}",
        f"64:ff9b::{number >> 16:x}:{number & 0xFFFF:x}",
        f"2002:{number >> 16:x}:{number & 0xFFFF:x}::1",
    ]
    assert {decide_address(disguise).why for disguise in disguises} == {plain}


@given(st.ip_addresses())
def test_what_python_knows_to_be_private_is_refused(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if not address.is_global or address.is_multicast or address.is_reserved:
        embeds_public = address.version == 6 and (address.ipv4_mapped or address.sixtofour or address.is_reserved)
        assert decide_address(str(address)).why is not None or embeds_public


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "1.1.1.1"])
def test_public_addresses_may_be_asked(address: str) -> None:
    assert decide_address(address).why is None


def test_loopback_may_be_allowed_and_nothing_else_with_it() -> None:
    assert decide_address("127.0.0.1", allow_loopback=True).why is None
    assert decide_address("::1", allow_loopback=True).why is None
    for other in ("10.0.0.1", "169.254.169.254", "fe80::1%eth0", "0.0.0.0", "::"):
        assert decide_address(other, allow_loopback=True).why is not None
    assert decide_addresses(["127.0.0.1", "10.0.0.1"], allow_loopback=True).why == "private"
    assert decide_addresses([]).why == "no address"
