"""What a snapshot has to know, from the rows of the projection `acts`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from timeline.acts import Acts, Handle, Value
from timeline.component import links_of
from timeline.derived.abridged import Abridged, id_of, read
from timeline.derived.acts import ANSWERS, ENTITY, LINKED, keys_of
from timeline.derived.projection import Rows
from timeline.events.vocabulary import Vocabulary
from timeline.history import Happening, History
from timeline.judgement import Held
from timeline.log import Reader
from timeline.lookup import happenings_at
from timeline.names import Names
from timeline.order import Order
from timeline.projections.reach import Reach


class AtRest:
    """What stands at position `at`, as far as it has been asked about.

    Happenings are read from the rows, abridged; in full, from the log, are only those that
    are linked by order with others, or have rival accounts.
    """

    def __init__(self, rows: Rows, log: Reader, vocabulary: Vocabulary, names: Names, at: int):
        self.names = names
        self.history = History(names=names)
        self.order = Order(self.history)
        self._rows = rows
        self._log = log
        self._vocabulary = vocabulary
        self._at = at
        self._any_links = rows.has_kind(LINKED)
        self._read: dict[int, Abridged] = {}
        self._placed: set[str] = set()
        self._reach = Reach(self.order, self)

    def about(self, names: Collection[Value], at: int) -> list[Held]:
        """The statements about any of these names that hold at `at`."""
        return self._reach.about(names, at)

    def find(self, handles: Collection[Handle]) -> Iterator[Acts]:
        """What the happenings that count do that are found by any of these."""
        found = self._found([key for handle in handles for key in keys_of(handle)])
        return (each.acts for each in found if each.acts is not None)

    def listed_with(self, entity: str) -> Iterator[Happening]:
        """The comments and questions about an entity, and what answers these."""
        for each in self._found([ENTITY + entity]):
            happening = each.told() if each.listed else None
            if happening is not None and entity in happening.content.get("about", ()):
                yield happening
                if happening.type.name == "asked":
                    answers = self._found([ANSWERS + happening.id])
                    yield from (answer.told() for answer in answers)

    def linked_with(self, entity: str) -> Iterator[str]:
        """The ids of the happenings that name an entity and have a known order to others."""
        if self._placed:
            for each in self._found([ENTITY + entity]):
                if self.order.component(each.id) is not None:
                    yield each.id

    def entities_among(self, names: Collection[Value]) -> set[Value]:
        """Those of the names that are known as entities."""
        return {
            name
            for name in names
            if isinstance(name, str) and self._rows.stands(ENTITY + name, self._at)
        }

    def _found(self, keys: Collection[str]) -> list[Abridged]:
        """The happenings found by any of these keys, each once."""
        found: dict[int, Abridged] = {}
        fresh: list[int] = []
        for position, state in self._rows.found(keys, self._at) if keys else ():
            if position not in found:
                if position not in self._read:
                    self._read[position] = read(position, state, self._vocabulary)
                    fresh.append(position)
                found[position] = self._read[position]
        if fresh:
            self._complete(fresh)
        return [self._read[position] for position in found]

    def _complete(self, positions: Collection[int]) -> None:
        """Take from the log what the rows do not tell of some happenings."""
        new = [self._read[position] for position in positions]
        linked = {each.id for each in new if each.linked}
        linked |= self._linking(each.id for each in new)
        rivalled = [each.id for each in new if each.rivalled]
        if linked:
            self._take_components(linked)
        if rivalled:
            self.history.include(self._in_full(rivalled))
        if linked or rivalled:
            for position, each in zip(positions, new, strict=True):
                if (full := self.history.get(each.id)) is not None:
                    self._read[position] = each.told_by(full)

    def _take_components(self, ids: Iterable[str]) -> None:
        """Take in all that is linked with these, directly or by way of others."""
        waiting = set(ids) - self._placed
        while waiting:
            self._placed |= waiting
            beside = self._linking(waiting)
            part = self._in_full(waiting)
            self.history.include(part)
            for id in waiting:
                if (happening := part.get(id)) is not None:
                    self.order.take(happening)
                    beside.update(
                        end for link in links_of(happening) for end in (link.earlier, link.later)
                    )
            waiting = beside - self._placed

    def _linking(self, ids: Iterable[str]) -> set[str]:
        """The happenings that say they came after or before any of these."""
        if not self._any_links:
            return set()
        rows = self._rows.found([LINKED + id for id in ids], self._at)
        return {id_of(state) for _, state in rows}

    def _in_full(self, ids: Iterable[str]) -> History:
        return happenings_at(ids, self._log, self._vocabulary, self._at, self.names)
