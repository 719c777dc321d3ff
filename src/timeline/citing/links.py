"""Links, parsed once: what is checked here is what is connected to and requested."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

import idna

from timeline.citing.addresses import read_address

_LONGEST = 4000
_PORTS = {"http": 80, "https": 443}
_PLAIN_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?")
# Characters that URL parsers disagree about.
_AMBIGUOUS = re.compile(r"[\x00-\x20\x7f\\]")
_SAFE = "%/:=&?~+!$,;'@()*[]"


class FetchError(Exception):
    """A link cannot or may not be fetched, or gives no page. The message is for the user."""


class WebLink(NamedTuple):
    """Where to connect, and what to request there. `host` is ASCII."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def url(self) -> str:
        """The link as text, without a fragment, and without the scheme's default port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.target}"


def read_link(text: str, base: str | None = None) -> WebLink:
    """Parse a link, relative to `base` if one is given.

    Raises:
        FetchError: it is not a link to a public page: malformed, not http or https, or with a
            user name or password.
    """
    text = text.strip()
    if len(text) > _LONGEST:
        raise FetchError(f"the link is longer than {_LONGEST} characters")
    if _AMBIGUOUS.search(text):
        raise FetchError("the link contains characters that are not allowed in links")
    try:
        parts = urlsplit(text if base is None else urljoin(base, text))
        host, port = parts.hostname, parts.port
    except ValueError:
        raise FetchError("this is not a link") from None
    if port == 0:
        raise FetchError("port 0 cannot be used")
    if parts.scheme not in _PORTS:
        raise FetchError("only links that begin with http:// or https:// are fetched")
    if parts.username is not None or parts.password is not None:
        raise FetchError("the link contains a user name or password")
    if not host:
        raise FetchError("the link has no host")
    target = quote(parts.path or "/", safe=_SAFE, errors="replace")
    if parts.query:
        target += "?" + quote(parts.query, safe=_SAFE, errors="replace")
    return WebLink(
        parts.scheme, _host(host), _PORTS[parts.scheme] if port is None else port, target
    )


def _host(text: str) -> str:
    """A host name in ASCII: other scripts are encoded by IDNA 2008, as browsers do."""
    address = read_address(text)
    if address is not None:
        return str(address)
    host = text.lower()
    if _PLAIN_HOST.fullmatch(host) and len(host) <= 253:
        return host
    try:
        return idna.encode(text, uts46=True).decode("ascii")
    except UnicodeError:
        raise FetchError("the link's host is not a valid host name") from None
