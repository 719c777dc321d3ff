"""A cache of replies. The answer to a question about fixed times of the same log never changes.

The cache has two indexes: by question and head, and, so that a request need not be parsed again, by
the path and query that asked the question before.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, NamedTuple

from starlette.types import Scope

from timeline.web.question import HttpQuestion, Reply

# The most bytes of all cached replies with their questions, and of a single one.
MOST = 64 * 2**20
LARGEST = 2**20

# The most parsed requests to keep, a few hundred bytes each.
MOST_REQUESTS = 10_000


class ParsedRequest(NamedTuple):
    """The question that a request asks, and its route, by which requests are counted."""

    question: HttpQuestion
    route: Any


class ResponseCache:
    """A cache of the latest replies that do not depend on the current time.

    Replies are cached under the head of the log when they were requested. While records are being
    appended, a reply may be newer than that head, but never older.
    """

    def __init__(self) -> None:
        self._replies: OrderedDict[tuple[str, int], Reply] = OrderedDict()
        self._requests: OrderedDict[tuple[bytes, bytes], ParsedRequest] = OrderedDict()
        self._size = 0

    def get(self, question: HttpQuestion, head: int) -> Reply | None:
        """The reply to a question at a head, if it is cached."""
        if not question.is_timeless:
            return None
        key = _key(question, head)
        reply = self._replies.get(key)
        if reply is not None:
            self._replies.move_to_end(key)
        return reply

    def keep(self, question: HttpQuestion, head: int, reply: Reply) -> None:
        """Cache the reply to a question that was asked at a head."""
        if not question.is_timeless or len(reply.body) > LARGEST:
            return
        key = _key(question, head)
        if (old := self._replies.pop(key, None)) is not None:
            self._size -= _size(key, old)
        self._replies[key] = reply
        self._size += _size(key, reply)
        while self._size > MOST:
            self._size -= _size(*self._replies.popitem(last=False))

    def parsed(self, scope: Scope) -> ParsedRequest | None:
        """What a request asks, if the same path and query were parsed before."""
        if scope["type"] != "http" or scope["method"] != "GET":
            return None
        return self._requests.get((scope["raw_path"], scope["query_string"]))

    def keep_parsed(self, scope: Scope, question: HttpQuestion) -> None:
        """Remember what a request asks."""
        if scope["method"] == "GET" and scope.get("raw_path"):
            request = ParsedRequest(question, scope.get("route"))
            self._requests[scope["raw_path"], scope["query_string"]] = request
            if len(self._requests) > MOST_REQUESTS:
                self._requests.popitem(last=False)


def _key(question: HttpQuestion, head: int) -> tuple[str, int]:
    return question.key, 0 if question.is_fixed else head


def _size(key: tuple[str, int], reply: Reply) -> int:
    return len(key[0]) + len(reply.body)
