"""Requests to a service: its address and token, retries, and its errors as our own."""

from __future__ import annotations

import os
import random
import ssl
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from time import monotonic, sleep
from typing import Any, NamedTuple, Self
from urllib.parse import unquote, urlsplit

import httpx2
import orjson
from pydantic import TypeAdapter, ValidationError

from timeline import __version__
from timeline.errors import (
    ConflictError,
    InputError,
    Moved,
    NotFoundError,
    Problem,
    StoreError,
    TimelineError,
    UnreachableError,
)
from timeline.files import exposed

SCHEMES = ("https://", "http://")

# The token, or the file that holds it: other users can read command lines.
TOKEN, TOKEN_FILE = "TIMELINE_TOKEN", "TIMELINE_TOKEN_FILE"

_LOOPBACK = ("127.0.0.1", "localhost", "::1")

# Timeouts in seconds: to connect, and for an answer, which the service gives up after sixty.
_CONNECT, _ANSWER = 10.0, 90.0

# The first and the longest wait between attempts, in seconds; each is twice the previous one.
FIRST_WAIT, LONGEST_WAIT = 0.25, 30.0

# Statuses to retry: too many requests, or a service that is busy or restarting.
_PASSING = (429, 502, 503, 504)

# The media types of an answer, and of an answer with its legend.
_JSON = ("application/json", "application/vnd.timeline.full+json")

# Characters of an address in a message.
_LONGEST = 200

Values = Mapping[str, object]


class Answered(NamedTuple):
    """A response: its body, its notes, and the address of the next page of a list."""

    body: bytes
    notes: tuple[str, ...]
    next: str | None

    def json(self, kind: Any = dict[str, Any]) -> Any:
        """The body, parsed, if it is of that type; unknown keys are ignored.

        Raises:
            StoreError: it is not.
        """
        return parsed(self.body, kind)


class Connection:
    """A connection to a service, for use by any thread.

    Requests that are not answered are retried for `patience` seconds.
    """

    def __init__(self, url: str, token: str | None = None, patience: float = 10):
        self.url = service_address(url)
        self.patience = patience
        headers = {"User-Agent": f"timeline/{__version__}"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        local = is_loopback(self.url)
        self._http = httpx2.Client(
            headers=headers,
            timeout=httpx2.Timeout(_ANSWER, connect=_CONNECT),
            verify=self.url.startswith("https://"),
            trust_env=not local,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def get(self, path: str, values: Values | None = None) -> Answered:
        """The answer to a GET request; values that are None are left out.

        Raises:
            InputError: the service rejects the request.
            StoreError: it failed, or does not answer.
        """
        return self._asked(self._http.build_request("GET", self._at(path), params=_query(values)))

    def post(
        self,
        path: str,
        body: bytes,
        media_type: str,
        values: Values | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answered:
        """The answer to a POST request, which must be safe to repeat.

        Raises:
            InputError: the service rejects it.
            ConflictError: another writer appended first.
            StoreError: it failed, or does not answer; whether it has written is not known.
        """
        request = self._http.build_request(
            "POST",
            self._at(path),
            content=body,
            params=_query(values),
            headers={"Content-Type": media_type, **(headers or {})},
        )
        return self._asked(request)

    def stream(self, path: str, values: Values, headers: Mapping[str, str]) -> Iterator[bytes]:
        """The bytes of one response as they arrive, until a minute passes without any.

        Raises:
            InputError: the service rejects it.
            UnreachableError: it does not answer, or has stopped sending.
        """
        timeout = httpx2.Timeout(_CONNECT, read=60.0)
        try:
            with self._http.stream(
                "GET", self._at(path), params=_query(values), headers=headers, timeout=timeout
            ) as response:
                if not response.is_success:
                    response.read()
                    raise failure(response)
                yield from response.iter_bytes()
        except httpx2.TransportError as error:
            raise lost(self.url, error) from error

    def _at(self, path: str) -> str:
        if path.startswith("/"):
            return self.url + path
        if not path.startswith(f"{self.url}/"):
            raise StoreError(f"{self.url} continues a list on another host")
        return path

    def _asked(self, request: httpx2.Request) -> Answered:
        started = monotonic()
        for wait in waits():
            try:
                return self._once(request)
            except _PassingError as passing:
                pause = max(wait, passing.after)
                if monotonic() + pause > started + self.patience:
                    raise passing.error from passing.__cause__
            sleep(pause)
        raise AssertionError("waits never end")

    def _once(self, request: httpx2.Request) -> Answered:
        try:
            response = self._http.send(request)
        except httpx2.ReadTimeout as error:
            raise lost(self.url, error) from error
        except httpx2.TransportError as error:
            if isinstance(wrong := lost(self.url, error), UnreachableError):
                raise _PassingError(wrong, 0) from error
            raise wrong from error
        if response.is_success:
            return _answered(response)
        wrong = failure(response)
        if response.status_code in _PASSING and isinstance(wrong, UnreachableError):
            raise _PassingError(wrong, _retry_after(response))
        raise wrong


class _PassingError(Exception):
    """A temporary failure; retry after `after` seconds."""

    def __init__(self, error: UnreachableError, after: float):
        self.error = error
        self.after = after
        super().__init__(str(error))


def waits() -> Iterator[float]:
    """Seconds between attempts: exponential backoff with jitter."""
    wait = FIRST_WAIT
    while True:
        yield wait * random.uniform(0.5, 1)
        wait = min(2 * wait, LONGEST_WAIT)


def _answered(response: httpx2.Response) -> Answered:
    kind = response.headers.get("content-type", "")
    if not kind.startswith(_JSON):
        raise StoreError(
            f"{response.url.host} answers with {kind or 'nothing'}: it is not a timeline service"
        )
    noted = response.headers.get("timeline-note")
    notes = () if noted is None else tuple(unquote(each) for each in noted.split(", "))
    following = response.links.get("next", {}).get("url")
    more = None if following is None else str(response.url.join(following))
    return Answered(response.content, notes, more)


def _query(values: Values | None) -> dict[str, list[str]] | None:
    """The values as text; None for a page of a list, whose address contains them."""
    if values is None:
        return None
    several = {
        name: list(value) if isinstance(value, list | tuple) else [value]
        for name, value in values.items()
        if value is not None
    }
    return {name: [str(each) for each in found] for name, found in several.items()}


def _retry_after(response: httpx2.Response) -> float:
    said = response.headers.get("retry-after", "")
    return float(said) if said.isascii() and said.isdecimal() else 0


# Errors


def failure(response: httpx2.Response) -> TimelineError:
    """The error that a response reports (RFC 9457 problem details); its body has been read."""
    status, said = response.status_code, _problem(response)
    detail = str(said.get("detail") or f"{status} {response.reason_phrase}")
    if response.is_redirect:
        place = response.headers.get("location", "elsewhere")
        return InputError(f"the service has moved to {place[:_LONGEST]}", "name that address")
    if status == 401:
        return InputError(detail, f"set {TOKEN} or {TOKEN_FILE}")
    if status in _PASSING:
        return UnreachableError(detail)
    if status == 409 and "stories" in said:
        return _conflict(detail, said)
    if status >= 500:
        return StoreError(detail)
    problems = [_read(each) for each in said.get("problems", ()) if isinstance(each, dict)]
    if not said:
        return InputError(f"{response.url} answers {detail}", "is it the address of a service?")
    if not problems:
        return InputError(detail)
    wrong = NotFoundError if status == 404 else InputError
    return wrong(problems, complete=bool(said.get("complete", True)))


def lost(url: str, error: httpx2.TransportError) -> TimelineError:
    """The error for a service that did not answer, or that is not to be trusted."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return InputError(
                f"{url} has no valid certificate: {cause.verify_message}",
                "check the address; SSL_CERT_FILE can name the certificate of your own authority",
            )
        cause = cause.__cause__ or cause.__context__
    return UnreachableError(f"{url} does not answer: {error or type(error).__name__}")


def parsed(text: bytes | str, kind: Any) -> Any:
    """A JSON value from a service, if it is of a type; unknown keys are ignored.

    Raises:
        StoreError: it is not.
    """
    try:
        found = orjson.loads(text)
        _checker(kind).validate_python(found)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise StoreError(f"the service sends an invalid answer: {place}: {first['msg']}") from error
    except orjson.JSONDecodeError as error:
        raise StoreError(f"the service sends an invalid answer: {error}") from error
    return found


@cache
def _checker(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _conflict(detail: str, said: dict[str, Any]) -> ConflictError:
    try:
        stories = [
            Moved(each["story"], each["expected"], each["found"]) for each in said["stories"]
        ]
        return ConflictError(detail, stories, said["between"])
    except (KeyError, TypeError) as error:
        raise StoreError(f"the service sends an invalid answer: {error!r}") from error


def _read(said: dict[str, Any]) -> Problem:
    return Problem(
        str(said.get("message", "")),
        said.get("hint"),
        said.get("field"),
        said.get("file"),
        said.get("line"),
    )


def _problem(response: httpx2.Response) -> dict[str, Any]:
    """The problem details, if the body has any."""
    try:
        said = response.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


# The address and the token


def service_address(text: str) -> str:
    """The address of a service, without a slash at the end.

    Raises:
        InputError: it is not one, contains a secret, or would send the token unencrypted.
    """
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise InputError(f"{text!r} is not an address: {error}") from None
    if not text.startswith(SCHEMES) or not host:
        raise InputError(
            f"{text!r} is not the address of a service", "https://timeline.example.org"
        )
    if parts.username is not None or parts.password is not None:
        raise InputError("an address must not contain secrets", f"put the token in {TOKEN}")
    if parts.query or parts.fragment:
        raise InputError(f"{text!r} has a query or a fragment", "leave out what follows ? or #")
    if parts.scheme == "http" and not is_loopback(text):
        raise InputError(
            f"the connection to {host} is not encrypted: others could read the token",
            f"https://{parts.netloc}",
        )
    return text.rstrip("/")


def is_loopback(url: str) -> bool:
    """Whether a service is on this machine."""
    return urlsplit(url).hostname in _LOOPBACK


def token_around(note: Callable[[str], None]) -> str | None:
    """The token in the environment, if there is one.

    That other users can read its file is noted.

    Raises:
        InputError: the file that TIMELINE_TOKEN_FILE names cannot be read.
    """
    if token := os.environ.get(TOKEN):
        return token.strip()
    if (name := os.environ.get(TOKEN_FILE)) is None:
        return None
    try:
        if (warning := exposed(Path(name))) is not None:
            note(warning)
        return Path(name).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read the token in {name}: {error}") from error
