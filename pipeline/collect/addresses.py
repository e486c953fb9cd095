"""Which network addresses may be asked. Pure: no look-up, no socket."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

#: (network, why it is refused), first match wins. Written out, because ``is_private`` differs between the patch
#: releases of Python 3.11 to 3.13 (gh-113171). Sources: the IANA special-purpose registries of IPv4 and IPv6.
_REFUSED = tuple(
    (ipaddress.ip_network(network), why)
    for network, why in (
        ("169.254.169.254/32", "metadata"),
        ("169.254.170.2/32", "metadata"),
        ("100.100.100.200/32", "metadata"),
        ("168.63.129.16/32", "metadata"),
        ("192.0.0.192/32", "metadata"),
        ("fd00:ec2::/32", "metadata"),
        ("127.0.0.0/8", "loopback"),
        ("::1/128", "loopback"),
        ("0.0.0.0/8", "unspecified"),
        ("::/128", "unspecified"),
        ("10.0.0.0/8", "private"),
        ("172.16.0.0/12", "private"),
        ("192.168.0.0/16", "private"),
        ("100.64.0.0/10", "private"),
        ("fc00::/7", "private"),
        ("fec0::/10", "private"),
        ("169.254.0.0/16", "link-local"),
        ("fe80::/10", "link-local"),
        ("224.0.0.0/4", "multicast"),
        ("ff00::/8", "multicast"),
        ("192.0.0.0/24", "reserved"),
        ("192.0.2.0/24", "reserved"),
        ("192.88.99.0/24", "reserved"),
        ("198.18.0.0/15", "reserved"),
        ("198.51.100.0/24", "reserved"),
        ("203.0.113.0/24", "reserved"),
        ("240.0.0.0/4", "reserved"),
        ("100::/64", "reserved"),
        ("2001::/23", "reserved"),
        ("2001:db8::/32", "reserved"),
        ("3fff::/20", "reserved"),
        ("5f00::/16", "reserved"),
        ("64:ff9b:1::/48", "reserved"),
    )
)

#: IPv6 networks that carry an IPv4 address, and how far it is shifted to the left: the inner address is what counts.
_CARRIERS = tuple(
    (ipaddress.IPv6Network(network), shift)
    for network, shift in (
        ("::ffff:0:0/96", 0),  # IPv4-mapped
        ("::ffff:0:0:0/96", 0),  # IPv4-translated, RFC 2765
        ("::/96", 0),  # IPv4-compatible, deprecated, still routed by some stacks
        ("64:ff9b::/96", 0),  # NAT64, RFC 6052
        ("2002::/16", 80),  # 6to4
    )
)


@dataclass(frozen=True, slots=True)
class AddressVerdict:
    """``why`` is None where the address may be asked, else one word."""

    address: str
    why: str | None


def decide_address(text: str, allow_loopback: bool = False) -> AddressVerdict:
    """May this IP address be connected to? Anything that is no IP address is refused."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return AddressVerdict(text, "no address")
    why = _find_reason(address)
    if why == "loopback" and allow_loopback:
        why = None
    return AddressVerdict(text, why)


def decide_addresses(texts: Sequence[str], allow_loopback: bool = False) -> AddressVerdict:
    """The verdict on all addresses of one name: one that is refused refuses the name, since an attacker's name server
    may mix public and private ones."""
    verdicts = [decide_address(text, allow_loopback) for text in texts]
    if not verdicts:
        return AddressVerdict("", "no address")
    return next((verdict for verdict in verdicts if verdict.why), verdicts[0])


def _find_reason(address: Address) -> str | None:
    for network, why in _REFUSED:
        if address.version == network.version and address in network:
            return why
    if isinstance(address, ipaddress.IPv6Address):
        for carrier, shift in _CARRIERS:
            if address in carrier:
                return _find_reason(ipaddress.IPv4Address((int(address) >> shift) & 0xFFFFFFFF))
    return None
