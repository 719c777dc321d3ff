"""Macrame, a bitemporal ledger of edges: a statement is an edge, cut anew as the tables are.

A record is a concept with its line as the content. The transaction time is Macrame's own
clock, so each record is loaded by itself, and a position is the instant after it. An
interval that no longer holds is asserted anew as empty. A read at both clocks folds the
whole log of the ledger; what is not about the entity is left out afterwards.

It writes with `synchronous = NORMAL`, so what was appended may be lost with the power.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.effects import Statement
from benchmarks.peers.peer import HeldStatement, SkippedError, at, size_of
from benchmarks.periods import FOREVER, Cutter, Period
from benchmarks.settled import Settled, settled
from benchmarks.workload import Question
from timeline import temporal

# It is loaded record by record, which takes too long for more.
MOST = 20_000
_DAWN = "1900-01-01T00:00:00.000000Z"


class MacrameLedger:
    """Edges such as `member-of:editor`, from the subject to the value."""

    name = "Macrame"
    vague = False
    durable = False

    def __init__(self, directory: Path):
        try:
            import macrame
        except ImportError:
            raise SkippedError("`macrame-db` is not installed: `pip install '.[bench]'`") from None
        self._macrame: Any = macrame
        self._directory = directory / "macrame"
        self._directory.mkdir()
        self._database = macrame.Database.open(str(self._directory / "ledger.db"))
        self._cutter = Cutter()
        self._known: set[str] = set()
        self._instants = [datetime.now(UTC)]

    def load(self, path: Path) -> float:
        start = time.perf_counter()
        for record in settled(path):
            if record.position > MOST:
                raise SkippedError(f"not for more than {MOST:,} records")
            self.append([record])
        return time.perf_counter() - start

    def append(self, records: Sequence[Settled]) -> None:
        before: dict[tuple[Any, ...], Period] = {}
        after: dict[tuple[Any, ...], Period] = {}
        for record in records:
            cut = self._cutter.cut(record)
            for row in cut.closed:
                if row[:5] not in after:
                    before[row[:5]] = row
                after[row[:5]] = row._replace(valid_to=row.valid_from)
            for row in cut.opened:
                after[row[:5]] = row
        # What becomes shorter comes first and by itself, as no two may ever overlap.
        growing = {key for key, row in after.items() if _grows(before.get(key), row)}
        shorter = [self._edge(row) for key, row in after.items() if key not in growing]
        longer = [self._edge(row) for key, row in after.items() if key in growing]
        try:
            self._make_known(longer, records)
            for edges in filter(None, (shorter, longer)):
                self._database.write_bulk_atomic(edges)
        except self._macrame.MacrameError as error:
            raise SkippedError(f"it refuses to be told: {error}") from error
        # All of a batch are known together.
        self._instants += [datetime.now(UTC)] * len(records)

    def ask(self, question: Question) -> HeldStatement:
        instant = temporal.format_instant(at(question) - 1)
        known = self._instants[question.as_known]
        plan = self._macrame.ReadPlan(valid=instant, recorded=known)
        found: dict[Statement, str] = {}
        for source, target, kind, *_ in self._database.edges(plan):
            if question.entity in (source, target):
                label, _, role = kind.partition(":")
                found[Statement(source, label, target, role)] = "certain"
        return found

    def size(self) -> int:
        return size_of(self._directory)

    def close(self) -> None:
        self._database.close()

    def _make_known(self, edges: Sequence[Any], records: Sequence[Settled]) -> None:
        """The records, with their lines, and the entities of edges that are new."""
        slugs = {slug for edge in edges for slug in (edge.source, edge.target)} - self._known
        self._known |= slugs
        upsert = self._macrame.ConceptUpsert
        concepts = [upsert(slug, slug, valid_from=_DAWN) for slug in slugs]
        for record in records:
            line = record.line.decode()
            name = f"record {record.position}"
            concepts.append(upsert(name, name, content=line, valid_from=_DAWN))
        self._database.write_concepts(concepts)

    def _edge(self, row: Period) -> Any:
        until = None if row.valid_to == FOREVER else temporal.format_instant(row.valid_to)
        return self._macrame.EdgeAssertion(
            row.subject,
            row.value,
            f"{row.property}:{row.role}" if row.role else row.property,
            valid_from=temporal.format_instant(row.valid_from),
            valid_to=until,
        )


def _grows(before: Period | None, after: Period) -> bool:
    return before is None or after.valid_to > before.valid_to
