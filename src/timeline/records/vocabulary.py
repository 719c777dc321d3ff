"""All types of record that a newsroom knows: the built-in ones and its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from timeline.errors import StoreError
from timeline.records import amendments, organisations, people, products, prose, statements
from timeline.records.declaration import RecordType

FAMILIES = {
    "Prose": prose.TYPES,
    "People": people.TYPES,
    "Organisations": organisations.TYPES,
    "Products": products.TYPES,
    "Statements": statements.TYPES,
    "Amendments": amendments.TYPES,
}

BUILT_IN = tuple(kind for family in FAMILIES.values() for kind in family)


class Vocabulary:
    """The types by name, and by the topic under which the log stores them.

    It is the allow-list of what may be decoded: a stored row that names anything else
    is refused, never imported. `zone` is the newsroom's: the IANA zone in which dates are
    read that bring neither a zone nor an offset.
    """

    def __init__(self, own: Iterable[RecordType] = (), zone: str = "UTC"):
        self.own = tuple(own)
        self.zone = zone
        self._by_name = {kind.name: kind for kind in (*BUILT_IN, *self.own)}
        self._by_topic = {kind.topic: kind for kind in self._by_name.values()}

    def __iter__(self) -> Iterator[RecordType]:
        return iter(self._by_name.values())

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __getitem__(self, name: str) -> RecordType:
        return self._by_name[name]

    def get(self, name: str) -> RecordType | None:
        """The type of that name, or None."""
        return self._by_name.get(name)

    @property
    def events(self) -> tuple[str, ...]:
        """The topics of all types of event, in order."""
        return tuple(sorted(kind.topic for kind in self if not kind.is_amendment))

    def of_topic(self, topic: str) -> RecordType:
        """The type stored under `topic`.

        Raises:
            StoreError: the vocabulary has no such type in no such version.
        """
        kind = self._by_topic.get(topic)
        if kind is None:
            name = topic.rpartition("/")[0]
            known = self._by_name.get(name)
            raise StoreError(
                f"the log holds a record of type {topic!r}; this version of timeline reads "
                f"{known.topic!r}: a newer timeline wrote it"
                if known
                else f"the log holds a record of the unknown type {name!r}: "
                "was it declared in timeline.toml when it was recorded?"
            )
        return kind
