"""Links, read once: what is checked is what is connected to and asked for."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

import idna

from timeline.citing.addresses import read_address
from timeline.citing.errors import RefusedError

_LONGEST = 4000
_PORTS = {"http": 80, "https": 443}
_PLAIN_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?")
# What readers of URLs differ about.
_DOUBTFUL = re.compile(r"[\x00-\x20\x7f\\]")
_KEPT = "%/:=&?~+!$,;'@()*[]"


class Link(NamedTuple):
    """Where to connect to, and what to ask for there. `host` is in ASCII."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """The host, with the port where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The link as a text, without a fragment."""
        return f"{self.scheme}://{self.authority}{self.target}"


def read_link(text: str, base: str | None = None) -> Link:
    """The link that a text is, or that it is beside a base.

    Raises:
        RefusedError: it is none, or none for a public page: not http or https, or with a name
            and password.
    """
    text = text.strip()
    if len(text) > _LONGEST:
        raise RefusedError(f"the link is longer than {_LONGEST} characters")
    if _DOUBTFUL.search(text):
        raise RefusedError("the link has characters that no link has")
    try:
        parts = urlsplit(text if base is None else urljoin(base, text))
        host, port = parts.hostname, parts.port
    except ValueError:
        raise RefusedError("this is no link") from None
    if port == 0:
        raise RefusedError("port 0 is no port")
    if parts.scheme not in _PORTS:
        raise RefusedError("only links that begin with http:// or https:// are fetched")
    if parts.username is not None or parts.password is not None:
        raise RefusedError("the link has a name or password in it")
    if not host:
        raise RefusedError("the link names no host")
    target = quote(parts.path or "/", safe=_KEPT, errors="replace")
    if parts.query:
        target += "?" + quote(parts.query, safe=_KEPT, errors="replace")
    return Link(parts.scheme, _host(host), _PORTS[parts.scheme] if port is None else port, target)


def _host(text: str) -> str:
    """A host in ASCII: names in other scripts as IDNA 2008 writes them, as browsers do."""
    address = read_address(text)
    if address is not None:
        return str(address)
    host = text.lower()
    if _PLAIN_HOST.fullmatch(host) and len(host) <= 253:
        return host
    try:
        return idna.encode(text, uts46=True).decode("ascii")
    except UnicodeError:
        raise RefusedError("the link's host is no name of a host") from None
