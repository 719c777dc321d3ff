"""The suites that compare: a workload, and those who work on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import careers, gitlog, large, reference, rivals
from benchmarks.compare import table
from benchmarks.reference import Effort
from benchmarks.workload import Workload

MILLION = 1_000_000

Suite = Callable[[Path, Effort, int | None, int | None], Iterator[str]]


def on_careers(
    scratch: Path, effort: Effort, records: int | None, entities: int | None
) -> Iterator[str]:
    """The reference workload, beside the physical limit and the library."""
    sizes = careers.Sizes.of(records or MILLION, entities)
    workload = careers.write(scratch / "careers.jsonl", sizes)
    yield from _described(workload)
    yield from table(reference.reference(workload, scratch, effort), reference.COLUMNS)


def on_gitlog(
    scratch: Path, effort: Effort, records: int | None, entities: int | None
) -> Iterator[str]:
    """Real commits; skipped where they are not."""
    commits = gitlog.source()
    if commits is None:
        yield "gitlog is skipped: the commits are not there, set TIMELINE_SHARED"
        return
    workload = gitlog.write(scratch / "gitlog.jsonl", commits, records)
    yield from _described(workload)
    yield from table(reference.reference(workload, scratch, effort), reference.COLUMNS)


def on_large(
    scratch: Path, effort: Effort, records: int | None, entities: int | None
) -> Iterator[str]:
    """The reference workload, ten times as large, for the product alone."""
    sizes = careers.Sizes.of(records or 10 * MILLION, entities)
    workload = careers.write(scratch / "large.jsonl", sizes)
    yield from _described(workload)
    yield from table(large.large(workload, scratch, effort), large.COLUMNS)


def against_peers(
    scratch: Path, effort: Effort, records: int | None, entities: int | None
) -> Iterator[str]:
    """The reference workload with exact dates, beside what else a user would pick."""
    sizes = careers.Sizes.of(records or MILLION, entities, exact=True)
    workload = careers.write(scratch / "exact.jsonl", sizes)
    yield from _described(workload)
    notes: list[str] = []
    yield from table(rivals.rivals(workload, scratch, effort, notes), rivals.COLUMNS)
    yield from (f"\nskipped: {note}" for note in notes)


def _described(workload: Workload) -> Iterator[str]:
    yield (
        f"{workload.name}: {workload.records:,} records, {workload.size / 1e6:,.1f} MB of lines, "
        f"{len(workload.entities):,} ordinary entities\n"
    )


TABLES: dict[str, Suite] = {
    "careers": on_careers,
    "gitlog": on_gitlog,
    "large": on_large,
    "peers": against_peers,
}
