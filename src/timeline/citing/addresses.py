"""Which addresses belong to the public internet.

The rules are those of the IANA special-purpose registries (IPv4, IPv6) and RFC 6890. `ipaddress`
knows most of them, but which ones depends on the Python version (CVE-2024-4032), and it counts
addresses that embed another address as global. So IPv4 has the whole list here. For IPv6, only what
is allocated as global unicast, 2000::/3, is public, minus the special networks in it: this excludes
loopback, link-local, unique local, multicast, mapped and compatible IPv4, and NAT64 (64:ff9b::/96).
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

_SPECIAL_4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, and the metadata services of clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # IETF protocols
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
_GLOBAL_6 = IPv6Network("2000::/3")
_SPECIAL_6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # IETF protocols, and Teredo, which embeds IPv4
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which embeds IPv4
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)


def is_public(address: Address) -> bool:
    """Whether an address is a unicast address of the public internet."""
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _SPECIAL_4)
    return (
        address in _GLOBAL_6
        and address.scope_id is None
        and not any(address in network for network in _SPECIAL_6)
    )


def read_address(text: str) -> Address | None:
    """Parse an address; None if the text is not one."""
    try:
        return ip_address(text)
    except ValueError:
        return None
