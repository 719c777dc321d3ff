"""Replies that are kept: what was asked by the same times of the same log is the same for ever."""

from __future__ import annotations

from collections import OrderedDict

from timeline.web.question import HttpQuestion, Reply

# So many bytes of replies are kept, with their questions.
MOST = 64 * 2**20

# A reply that is larger is not kept: it would push out many others.
LARGEST = 2**20


class ResponseCache:
    """The replies that were given last, each under its question and the head it was asked at.

    Only what "now" is no part of is kept. A reply that was given while records came in may
    be newer than the head says, and is never older.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, int], Reply] = OrderedDict()
        self._size = 0

    def get(self, asked: HttpQuestion, head: int) -> Reply | None:
        """The reply to a question at a head, if it is still there."""
        if not asked.is_timeless:
            return None
        key = asked.key, 0 if asked.is_fixed else head
        reply = self._kept.get(key)
        if reply is not None:
            self._kept.move_to_end(key)
        return reply

    def keep(self, asked: HttpQuestion, head: int, reply: Reply) -> None:
        """Keep a reply that was asked for at a head."""
        if not asked.is_timeless or len(reply.body) > LARGEST:
            return
        key = asked.key, 0 if asked.is_fixed else head
        if (known := self._kept.pop(key, None)) is not None:
            self._size -= _size(key, known)
        self._kept[key] = reply
        self._size += _size(key, reply)
        while self._size > MOST:
            self._size -= _size(*self._kept.popitem(last=False))


def _size(key: tuple[str, int], reply: Reply) -> int:
    return len(key[0]) + len(reply.body)
