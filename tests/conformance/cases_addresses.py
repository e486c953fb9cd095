"""Where a request may go: names, addresses, schemes, TLS."""

from __future__ import annotations

import contextlib
import datetime as dt
import socket
import ssl
import tempfile
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pipeline.collect.client import Client
from pipeline.records import FetchRequest

from . import feeds
from .server import Exchange, ScriptedServer, answer
from .world import PATIENT, World, case, expect, has_ipv6

FEED = feeds.rss("Dam holds")


def _enter_refused(name: str, url: str, why: str) -> None:
    @case("addresses", f"{name} is refused")
    def check(world: World) -> None:
        expect(world.fetch(path="/", url=url), "forbidden_address", why)
        assert world.server.asked == []

    check.__module__ = __name__


for _row in (
    ("private 10/8", "http://10.0.0.7/", "private"),
    ("private 172.16/12", "http://172.31.255.254/", "private"),
    ("private 192.168/16", "http://192.168.1.1/", "private"),
    ("shared 100.64/10", "http://100.64.1.1/", "private"),
    ("link-local", "http://169.254.10.10/", "link-local"),
    ("the metadata address", "http://169.254.169.254/latest/meta-data/", "metadata"),
    ("another cloud's metadata address", "http://168.63.129.16/", "metadata"),
    ("the unspecified address", "http://0.0.0.0/", "unspecified"),
    ("multicast", "http://224.0.0.1/", "multicast"),
    ("broadcast", "http://255.255.255.255/", "reserved"),
    ("IPv6 link-local", "http://[fe80::1]/", "link-local"),
    ("IPv6 unique local", "http://[fd12:3456::1]/", "private"),
    ("IPv4 mapped into IPv6", "http://[::ffff:10.0.0.7]/", "private"),
    ("IPv4 behind NAT64", "http://[64:ff9b::a9fe:a9fe]/", "metadata"),
    ("IPv4 in 6to4", "http://[2002:a00:7::]/", "private"),
):
    _enter_refused(*_row)


@case("addresses", "loopback is refused unless the feed allows it")
def _loopback(world: World) -> None:
    expect(world.fetch(answer(200, FEED), allow_loopback=False), "forbidden_address", "loopback")
    assert world.server.connection_count == 0
    expect(world.fetch(), "ok")


def _enter_spelling(spelling: str) -> None:
    @case("addresses", f"loopback spelt {spelling} is refused")
    def check(world: World) -> None:
        result = world.fetch(path="/", url=f"http://{spelling}:{world.server.port}/", allow_loopback=False)
        assert result.outcome in ("forbidden_address", "dns_failed", "client_error")
        assert world.server.connection_count == 0

    check.__module__ = __name__


for _spelling in ("localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]"):
    _enter_spelling(_spelling)


@case("addresses", "a kept loopback connection serves nobody who may not use it")
def _no_sharing(world: World) -> None:
    expect(world.fetch(answer(200, FEED)), "ok")
    expect(world.fetch(allow_loopback=False), "forbidden_address")


def _enter_redirect(name: str, target: str) -> None:
    @case("addresses", f"a redirect to {name} is refused")
    def check(world: World) -> None:
        result = world.fetch(answer(302, Location=target))
        expect(result, "forbidden_address")
        assert result.final_url.startswith(target.split(":")[0])
        assert result.body is None

    check.__module__ = __name__


for _row in (
    ("the metadata address", "http://169.254.169.254/latest/"),
    ("a private address", "http://10.1.2.3/"),
    ("file:", "file:///etc/passwd"),
    ("ftp:", "ftp://wire.example/feed"),
    ("javascript:", "javascript:alert(1)"),
    ("data:", "data:text/xml,x"),
):
    _enter_redirect(*_row)


@case("addresses", "a name that leads to a private address is refused at connect time")
def _private_name(world: World) -> None:
    client = world.connect(lambda host, port: ["192.168.7.7"])
    expect(client.fetch(FetchRequest("http://wire.example/")), "forbidden_address", "wire.example leads to 192.168.7.7")


@case("addresses", "a name with one public and one private address is refused")
def _mixed_name(world: World) -> None:
    client = world.connect(lambda host, port: ["8.8.8.8", "127.0.0.1"])
    expect(client.fetch(FetchRequest("http://wire.example/")), "forbidden_address", "loopback")


@case("addresses", "a name that changes to a private address after the first answer")
def _rebinding(world: World) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"], ["10.0.0.1"]])

    def step(exchange: Exchange) -> None:
        answer(302, Location=f"http://wire.example:{world.server.port}/inner")(exchange)
        exchange.close()

    world.server.script("/feed", step)
    client = world.connect(lambda host, port: next(answers))
    asked = FetchRequest(f"http://wire.example:{world.server.port}/feed", allow_loopback=True)
    expect(client.fetch(asked), "forbidden_address", "10.0.0.1")
    assert world.server.paths() == ["/feed"]


@case("addresses", "the address that was checked is the one connected to")
def _checked_once(world: World) -> None:
    lookups: list[str] = []

    def resolver(host: str, port: int) -> list[str]:
        lookups.append(host)
        return ["127.0.0.1"]

    world.server.script("/feed", answer(200, FEED))
    asked = FetchRequest(f"http://wire.example:{world.server.port}/feed", allow_loopback=True)
    expect(world.connect(resolver).fetch(asked), "ok")
    assert lookups == ["wire.example"]
    assert world.server.asked[0].headers["host"] == f"wire.example:{world.server.port}"


@case("addresses", "connect_to leads a host to loopback, for feeds that allow it only")
def _connect_to(world: World) -> None:
    world.server.script("/feed", answer(200, FEED))
    table = {"Wire.example": f"127.0.0.1:{world.server.port}"}
    client = world.connect(lambda host, port: ["10.9.9.9"], connect_to=table)
    expect(client.fetch(FetchRequest("http://wire.example/feed", allow_loopback=True)), "ok")
    assert world.server.asked[0].headers["host"] == "wire.example"
    expect(client.fetch(FetchRequest("http://wire.example/feed")), "forbidden_address", "10.9.9.9")


@case("addresses", "connect_to to anything but loopback is a mistake of the caller")
def _connect_elsewhere(world: World) -> None:
    for target in ("10.0.0.1:80", "8.8.8.8:80", "wire.example:80", "127.0.0.1"):
        with pytest.raises(ValueError, match="loopback"):
            world.connect(lambda host, port: [], connect_to={"wire.example": target})


@case("names", "a name that does not exist")
def _no_such_name(world: World) -> None:
    def resolver(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    expect(world.connect(resolver).fetch(FetchRequest("http://nowhere.example/")), "dns_failed", "nowhere.example")


@case("names", "a name without addresses")
def _empty_name(world: World) -> None:
    expect(world.connect(lambda host, port: []).fetch(FetchRequest("http://wire.example/")), "dns_failed")


@case("names", "a name server that does not answer ends at the deadline")
def _deaf_resolver(world: World) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.settimeout(5.0)

        def resolver(host: str, port: int) -> list[str]:
            with contextlib.suppress(TimeoutError):
                deaf.recv(1)
            return []

        result = world.connect(resolver, is_hurried=True).fetch(FetchRequest("http://wire.example/"))
        deaf.sendto(b"x", deaf.getsockname())
    expect(result, "timeout")
    assert result.elapsed_s < 3.0


@case("names", "IPv6 only")
def _ipv6(world: World) -> None:
    if not has_ipv6():
        pytest.skip("this machine has no ::1")
    server = ScriptedServer("::1")
    server.script("/feed", answer(200, FEED))
    client = world.connect(lambda host, port: ["::1"])
    expect(client.fetch(FetchRequest(f"http://wire.example:{server.port}/feed", allow_loopback=True)), "ok")
    server.close()


@case("names", "a dead IPv6 address does not hide a living IPv4 one")
def _fallback(world: World) -> None:
    if not has_ipv6():
        pytest.skip("this machine has no ::1")
    world.server.script("/feed", answer(200, FEED))
    client = world.connect(lambda host, port: ["::1", "127.0.0.1"])
    expect(client.fetch(FetchRequest(f"http://wire.example:{world.server.port}/feed", allow_loopback=True)), "ok")


@case("names", "letters beyond ASCII are asked for in Punycode")
def _idn(world: World) -> None:
    asked: list[str] = []
    client = world.connect(lambda host, port: asked.append(host) or [])
    client.fetch(FetchRequest("http://größe.example/"))
    assert asked == ["xn--gre-6ka8i.example"]


def _enter_no_address(name: str, url: str, outcome: str) -> None:
    @case("names", name)
    def check(world: World) -> None:
        expect(world.client.fetch(FetchRequest(url)), outcome)

    check.__module__ = __name__


for _row in (
    ("an empty address", "", "forbidden_address"),
    ("an address without a host", "http:///feed", "client_error"),
    ("an address with a broken port", "http://wire.example:99999/", "client_error"),
    ("an address with a control character", "http://wire.example/\n", "client_error"),
    ("file: asked for directly", "file:///etc/passwd", "forbidden_address"),
):
    _enter_no_address(*_row)


@cache
def _certificate(name: str, days: int) -> tuple[Path, Path]:
    """A self-signed certificate and its key, for a name, valid for so many days from yesterday."""
    folder = Path(tempfile.mkdtemp(prefix="wire-tls-"))
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begin = dt.datetime.now(dt.UTC) - dt.timedelta(days=30)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + dt.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "cert.pem", folder / "key.pem"


def _fetch_tls(host: str, name: str, days: int, is_trusted: bool) -> tuple[str, str]:
    """Outcome and detail of asking a TLS server for ``host`` whose certificate is for ``name``."""
    certificate, key = _certificate(name, days)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate, key)
    server = ScriptedServer(context=serving)
    server.script("/feed", answer(200, FEED))
    asking = ssl.create_default_context(cafile=str(certificate)) if is_trusted else ssl.create_default_context()
    table = {host: f"127.0.0.1:{server.port}"}
    with Client("Wireledger/test", PATIENT, connect_to=table, ssl_context=asking) as client:
        result = client.fetch(FetchRequest(f"https://{host}/feed", allow_loopback=True))
    server.close()
    return result.outcome, result.detail


@case("TLS", "the certificate is checked against the host name, not the address")
def _good_tls(world: World) -> None:
    assert _fetch_tls("wire.example", "wire.example", 365, True)[0] == "ok"


@case("TLS", "a certificate for another name")
def _wrong_name(world: World) -> None:
    outcome, detail = _fetch_tls("wire.example", "other.example", 365, True)
    assert outcome == "tls_failed"
    assert "wire.example" in detail


@case("TLS", "a certificate that nobody vouches for")
def _self_signed(world: World) -> None:
    assert _fetch_tls("wire.example", "wire.example", 365, False)[0] == "tls_failed"


@case("TLS", "a certificate that has run out")
def _expired(world: World) -> None:
    outcome, detail = _fetch_tls("wire.example", "wire.example", 10, True)
    assert outcome == "tls_failed"
    assert "expired" in detail


@case("TLS", "a server that speaks no TLS")
def _plain_on_tls(world: World) -> None:
    def step(exchange: Exchange) -> None:
        exchange.close()

    world.server.script("/feed", step)
    url = world.server.url("/feed").replace("http:", "https:")
    result = world.fetch(path="/feed", url=url, is_hurried=True)
    assert result.outcome in ("tls_failed", "timeout")


@case("TLS", "a handshake that hangs ends at the deadline")
def _deaf_tls(world: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        result = world.fetch(path="/", url=f"https://127.0.0.1:{deaf.getsockname()[1]}/", is_hurried=True)
    expect(result, "timeout")
    assert result.elapsed_s < 3.0


@case("TLS", "a redirect from https to http is not remembered")
def _downgrade(world: World) -> None:
    certificate, key = _certificate("wire.example", 365)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate, key)
    server = ScriptedServer(context=serving)
    server.script("/feed", answer(301, Location=world.server.script("/plain", answer(200, FEED))))
    table = {"wire.example": f"127.0.0.1:{server.port}"}
    asking = ssl.create_default_context(cafile=str(certificate))
    with Client("Wireledger/test", PATIENT, connect_to=table, ssl_context=asking) as client:
        result = client.fetch(FetchRequest("https://wire.example/feed", allow_loopback=True))
    server.close()
    expect(result, "ok")
    assert result.permanent_url is None
