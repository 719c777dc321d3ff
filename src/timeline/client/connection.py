"""Requests to a service: tried again where that is safe, and refused with our own errors."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from time import monotonic, sleep
from typing import Any, NamedTuple, Self
from urllib.parse import unquote

import httpx2
import orjson

from timeline import __version__
from timeline.client.address import is_loopback, service_address
from timeline.client.failures import PASSING, failure, lost
from timeline.errors import StoreError, UnreachableError

# Seconds: to be let in; for an answer, of which the service gives up the longest after sixty.
_CONNECT, _ANSWER = 10.0, 90.0

# Seconds before the second attempt, and at most; each is twice as long as the one before.
FIRST_WAIT, LONGEST_WAIT = 0.25, 30.0

# What a service answers with: an answer, or one with its legend.
_JSON = ("application/json", "application/vnd.timeline.full+json")

Values = Mapping[str, object]


class Answered(NamedTuple):
    """A response: its body, the remarks beside it, and where a list goes on."""

    body: bytes
    notes: tuple[str, ...]
    next: str | None

    def json(self) -> Any:
        """What the body says."""
        return orjson.loads(self.body)


class Connection:
    """A connection to a service, to be used by any thread.

    What is asked is asked again for `patience` seconds while the service does not answer.
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
        """Let go of it."""
        self._http.close()

    def get(self, path: str, values: Values | None = None) -> Answered:
        """What a path answers, asked with some values; those that are None are left out.

        Raises:
            InputError: the service refuses the question.
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
        """What a path answers to a body that may safely come twice.

        Raises:
            InputError: the service refuses it.
            ConflictError: somebody else appended first.
            StoreError: it failed, or does not answer; whether it did what was asked is not known.
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
        """The bytes of an answer as they come, once; silence ends it after a while.

        Raises:
            InputError: the service refuses it.
            UnreachableError: it does not answer, or stopped to.
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
        return path if path.startswith(self.url) else self.url + path

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
        raise AssertionError("there is always a next attempt")

    def _once(self, request: httpx2.Request) -> Answered:
        try:
            response = self._http.send(request)
        except httpx2.ReadTimeout as error:
            raise lost(self.url, error) from error
        except httpx2.TransportError as error:
            raise _PassingError(lost(self.url, error), 0) from error
        if response.is_success:
            return _answered(response)
        wrong = failure(response)
        if response.status_code in PASSING and isinstance(wrong, UnreachableError):
            raise _PassingError(wrong, _retry_after(response))
        raise wrong


class _PassingError(Exception):
    """What may be over `after` some seconds; else it is the `error`."""

    def __init__(self, error: UnreachableError, after: float):
        self.error = error
        self.after = after
        super().__init__(str(error))


def waits() -> Iterator[float]:
    """Seconds between attempts, longer and longer, so that not all who wait come at once."""
    wait = FIRST_WAIT
    while True:
        yield wait * random.uniform(0.5, 1)
        wait = min(2 * wait, LONGEST_WAIT)


def _answered(response: httpx2.Response) -> Answered:
    kind = response.headers.get("content-type", "")
    if not kind.startswith(_JSON):
        raise StoreError(f"{response.url.host} answers with {kind or 'nothing'}: no such service")
    noted = response.headers.get("timeline-note")
    notes = () if noted is None else tuple(unquote(each) for each in noted.split(", "))
    following = response.links.get("next", {}).get("url")
    more = None if following is None else str(response.url.join(following))
    return Answered(response.content, notes, more)


def _query(values: Values | None) -> dict[str, list[str]] | None:
    """The values as text; the part of a list that is asked for next has them in its address."""
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
