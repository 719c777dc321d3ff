"""What requests came to that ask in the same words as one before."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, NamedTuple

from starlette.types import Scope

from timeline.web.question import HttpQuestion

# So many are remembered: a few hundred bytes each.
MOST = 10_000

Words = tuple[bytes, bytes]


class Route(NamedTuple):
    """What a request came to: the question, and the route, by which requests are counted."""

    asked: HttpQuestion
    route: Any


class RequestCaches:
    """What requests for questions came to, by their path and query."""

    def __init__(self) -> None:
        self._known: OrderedDict[Words, Route] = OrderedDict()

    def get(self, scope: Scope) -> Route | None:
        """What a request in these words came to before."""
        if scope["type"] != "http" or scope["method"] != "GET":
            return None
        return self._known.get(_words(scope))

    def learn(self, scope: Scope, asked: HttpQuestion) -> None:
        """Remember what a request came to."""
        if scope["method"] == "GET" and scope.get("raw_path"):
            self._known[_words(scope)] = Route(asked, scope.get("route"))
            if len(self._known) > MOST:
                self._known.popitem(last=False)


def _words(scope: Scope) -> Words:
    return scope["raw_path"], scope["query_string"]
