"""A table with one column for the product, and one for each of what it is compared with."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from benchmarks.effects import Statement
from benchmarks.measure import milliseconds
from benchmarks.workload import Question

PRODUCT = "timeline"


class Figure(NamedTuple):
    """What was measured, as it is shown, and the number that ratios are made of.

    `cost` is what one would have less of: seconds or bytes for the same work. A figure
    without one is shown without a ratio.
    """

    text: str
    cost: float = 0


class Work(NamedTuple):
    """One row: the same work, done by each."""

    name: str
    figures: Mapping[str, Figure]


class DifferentAnswersError(Exception):
    """Somebody found something else than the product: there is nothing to compare."""


def rate(count: float, seconds: float, what: str = "records", more: str = "") -> Figure:
    return Figure(f"{count / seconds:,.0f} {what}/s{more}", seconds / count)


def latency(seconds: Sequence[float]) -> Figure:
    """The median and the slowest of a hundred."""
    median = statistics.median(seconds)
    slowest = sorted(seconds)[min(len(seconds) - 1, len(seconds) * 99 // 100)]
    return Figure(f"p50 {fine(median)}, p99 {fine(slowest)}", median)


def duration(seconds: float, more: str = "") -> Figure:
    return Figure(fine(seconds) + more, seconds)


def weight(size: float, count: int) -> Figure:
    return Figure(f"{size / count:,.0f} bytes", size / count)


def fine(seconds: float) -> str:
    """A duration down to the microsecond."""
    if seconds < 0.001:
        return f"{seconds * 1e6:,.0f} µs"
    return milliseconds(seconds) if seconds < 10 else f"{seconds:,.1f} s"


def table(works: Iterable[Work], columns: Sequence[str]) -> Iterator[str]:
    """The lines of a Markdown table; in brackets the time of the product over that one."""
    yield f"| work | {' | '.join(columns)} |"
    yield f"|---|{'---|' * len(columns)}"
    for work in works:
        product = work.figures.get(PRODUCT)
        cells = (_cell(work.figures.get(column), column, product) for column in columns)
        yield f"| {work.name} | {' | '.join(cells)} |"


def _cell(figure: Figure | None, column: str, product: Figure | None) -> str:
    if figure is None:
        return ""
    if product is None or column == PRODUCT or not figure.cost or not product.cost:
        return figure.text
    ratio = product.cost / figure.cost
    digits = 2 if ratio < 10 else 1 if ratio < 100 else 0
    return f"{figure.text} (×{ratio:,.{digits}f})"


def same(
    who: str,
    questions: Sequence[Question],
    theirs: Callable[[Question], Mapping[Statement, str]],
    ours: Sequence[Mapping[Statement, str]],
    vague: bool,
) -> int:
    """Ask the same questions; how many statements were found alike.

    Who does not know vague dates is held to the statements that are certain.

    Raises:
        DifferentAnswersError: some answer differs.
    """
    alike = 0
    for question, expected in zip(questions, ours, strict=False):
        if not vague:
            expected = {each: word for each, word in expected.items() if word == "certain"}
        found = theirs(question)
        if found != expected:
            differing = sorted(set(found.items()) ^ set(expected.items()))[:4]
            raise DifferentAnswersError(f"{who} answers {question} otherwise: {differing}")
        alike += len(expected)
    return alike
