"""Which offices one more record would give more certain holders than they allow."""

from __future__ import annotations

from collections.abc import Iterator

from timeline.certainty.evidence_index import EvidenceIndex
from timeline.certainty.order import Order
from timeline.history.entity_resolution import Resolver
from timeline.history.history import History
from timeline.projections.checks.offices import said_people, said_time
from timeline.projections.offices import Crowd, crowds

_ORDINALS = ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def crowding(before: History, after: History, at: int) -> Iterator[str]:
    """What to tell the author of what is new in `after`, once an office.

    It is about the largest new crowd in the office. `at` is the current time.
    """
    offices = list(after.names.offices())
    if not offices:
        return
    worlds, known = (EvidenceIndex(each.derived(Order)) for each in (after, before))
    for office in offices:
        was = before.names.office(office.organisation, office.role)
        there = [set(each.people) for each in crowds(was, known)] if was else []
        new = (each for each in crowds(office, worlds) if set(each.people) not in there)
        crowd = max(new, key=lambda each: len(each.held), default=None)
        if crowd is not None:
            yield _said(crowd, known, after.names, at)


def _said(crowd: Crowd, known: EvidenceIndex, names: Resolver, at: int) -> str:
    """Such as "Bob would be the second CEO of OpenAI; Sam Altman still is"."""
    held = [known.evaluate(each.statement, crowd.earliest) for each in crowd.held]
    certain = [each is not None and each.certainty == "certain" for each in held]
    pairs = list(zip(crowd.people, certain, strict=True))
    new = [person for person, was in pairs if not was]
    others = said_people([person for person, was in pairs if was] or crowd.people, names)
    role = f"{crowd.office.role} of {names.called(crowd.office.organisation)}"
    if len(new) != 1 or len(pairs) - 2 >= len(_ORDINALS):
        people = said_people(crowd.people, names)
        allowed = f"{crowd.office.declared_by} allows {crowd.office.holders}"
        return f"{people} would be {role} at once, {said_time(crowd)}, but {allowed}"
    would = f"{names.called(new[0])} would be the {_ORDINALS[len(pairs) - 2]} {role}"
    if crowd.earliest <= at < crowd.latest:
        still = "still is" if len(pairs) == 2 else "still are"
        return f"{would}; {others} {still}, as far as is recorded"
    return f"{would} {said_time(crowd)}, beside {others}"
