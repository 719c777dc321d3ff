"""Which addresses are those of the public internet.

By the registries of IANA for special purposes (IPv4, IPv6) and RFC 6890. `ipaddress` has most
of them, but which depends on the version of Python (CVE-2024-4032), and it holds addresses
that carry another inside for global. So IPv4 has the whole list here. IPv6 has the other way
about: only what is allocated as global unicast, 2000::/3, is public, which leaves out
loopback, link-local, unique local, multicast, mapped and compatible IPv4, and NAT64
(64:ff9b::/96); what inside of it is special is listed.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

_SPECIAL_4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by the customers of a provider
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, and the metadata of cloud machines
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocols
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
        "2001::/23",  # protocols, and Teredo, which carries IPv4
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which carries IPv4
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet, for one machine."""
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
    """The address that a text is, or None."""
    try:
        return ip_address(text)
    except ValueError:
        return None
