"""An index of all names that entities have ever had, to find candidates for a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from timeline.history.name_matching import same_as, words_of
from timeline.log.protocol import Reader
from timeline.records import jsonl
from timeline.records.vocabulary import Vocabulary


class NameIndex:
    """The slugs that a text may mean, by every name that they ever had, retracted ones included.

    It only narrows down the candidates. It is kept in memory and extended as the log grows, since
    there are many entities, and few of them are new.
    """

    def __init__(self, log: Reader, vocabulary: Vocabulary):
        self._log = log
        self._vocabulary = vocabulary
        self._head = -1
        # Each slug with each of its names, and the name in words that are joined.
        self._seen: dict[tuple[str, str], str] = {}
        self._slugs: dict[str, set[str]] = defaultdict(set)

    def may_mean(self, text: str, slugs: Iterable[str], head: int) -> set[str]:
        """The slugs, of all those known at the head, that may go by a text."""
        self._catch_up(slugs, head)
        return {slug for way in same_as(text) for slug in self._slugs.get(way, ())}

    def containing(self, text: str, slugs: Iterable[str], head: int) -> dict[str, list[str]]:
        """The slugs that contain a text or have a name that does, each with all such names.

        Those that begin with it come first.
        """
        self._catch_up(slugs, head)
        sought = "".join(words_of(text))
        found: dict[str, list[str]] = {}
        if not sought:
            return found
        fitting = [pair for pair in self._seen if sought in self._seen[pair]]
        for slug, name in sorted(fitting, key=lambda pair: self._place(sought, pair)):
            found.setdefault(slug, []).append(name)
        return found

    def _place(self, sought: str, called: tuple[str, str]) -> tuple[bool, int, str]:
        joined = self._seen[called]
        return not joined.startswith(sought), len(joined), called[0]

    def _catch_up(self, slugs: Iterable[str], head: int) -> None:
        if head != self._head:
            self._learn((slug, slug) for slug in slugs)
            self._learn(self._names())
            self._head = head

    def _learn(self, called: Iterable[tuple[str, str]]) -> None:
        for slug, name in called:
            if (slug, name) not in self._seen:
                self._seen[slug, name] = "".join(words_of(name))
                for way in same_as(name):
                    self._slugs[way].add(slug)

    def _names(self) -> Iterator[tuple[str, str]]:
        """The names given by aliases, and by `renamed` events with all their corrections."""
        for entry in self._log.of_type(self._vocabulary["alias"].topic):
            content = jsonl.content_of(entry)
            for name in content["names"]:
                yield content["entity"], name
        for entry in self._log.of_type(self._vocabulary["renamed"].topic):
            content = dict(jsonl.content_of(entry))
            yield content["entity"], content["name"]
            for amendment in self._log.amendments_of(content["id"]):
                content |= jsonl.content_of(amendment).get("changes", {})
                if isinstance(content["entity"], str) and isinstance(content["name"], str):
                    yield content["entity"], content["name"]
