"""Offices that more people certainly hold at once than they allow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from timeline.history.entity_resolution import Resolver
from timeline.projections.answer import Count, TimeRange, timestamps
from timeline.projections.checks.check_context import CheckContext, dated
from timeline.projections.checks.commands import end_of
from timeline.projections.finding import FindingJson, command, finding, named
from timeline.projections.offices import Crowd, crowds
from timeline.temporal.instant_bounds import MAX_INSTANT, MIN_INSTANT
from timeline.temporal.wording import said_day_of


class TooManyHolders(FindingJson):
    """More people certainly hold an office at once than it allows."""

    kind: Literal["too-many-holders"]
    organisation: str
    role: str
    holders: Count
    """How many may hold it at once."""
    people: list[str]
    at_once: TimeRange
    """`as_of` from one instant to before another."""
    entities: list[str]


def too_many_holders(context: CheckContext) -> Iterator[TooManyHolders]:
    """Offices that more people certainly hold, or held, at once than they allow."""
    names = context.history.names
    for office in names.offices():
        for crowd in crowds(office, context.evidence, context.at):
            yield too_many(crowd, names)


def too_many(crowd: Crowd, names: Resolver) -> TooManyHolders:
    """The finding about people who hold an office at once; it ends no term."""
    office, first = crowd.office, crowd.held[0]
    events = {each.id: each for held in crowd.held for each in held.because}
    accounts = "; ".join(f"{named(each)}, dated {dated(each)}" for each in events.values())
    more = ["--organisation", office.organisation, "--role", office.role]
    return {
        "kind": "too-many-holders",
        **finding(
            f"{said_people(crowd.people, names)} are {office.role} of "
            f"{names.called(office.organisation)} at once, {said_time(crowd)}, but "
            f"{office.declared_by} allows {office.holders}: {accounts}",
            [*events, office.declared_by],
            end_of(first.statement, first.because[0]),
            alternative=command(
                *("append", "office", "--story", office.story, *more),
                *("--holders", str(len(crowd.people))),
            ),
        ),
        "organisation": office.organisation,
        "role": office.role,
        "holders": office.holders,
        "people": crowd.people,
        "at_once": timestamps(crowd.earliest, crowd.latest),
        "entities": [office.organisation, *crowd.people],
    }


def said_people(people: Iterable[str], names: Resolver) -> str:
    """People by their names: Ann, Bob and Cy."""
    *others, last = map(names.called, people)
    return f"{', '.join(others)} and {last}" if others else last


def said_time(crowd: Crowd) -> str:
    """The days on which people hold an office at once, in the zone of the last who began."""
    zone = crowd.held[-1].because[0].zone
    # What is so at T happened before it: the day that ends at midnight is the one before.
    first = said_day_of(crowd.earliest - 1, zone) if crowd.earliest > MIN_INSTANT else ""
    last = said_day_of(crowd.latest - 2, zone) if crowd.latest < MAX_INSTANT else ""
    if first and last:
        return f"on {first}" if first == last else f"from {first} to {last}"
    return f"from {first} on" if first else f"up to {last}" if last else "at all times"
