"""Who held a role of an organisation when, and when more people held it than its office allows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from timeline.certainty.effects import Statement
from timeline.certainty.evaluate import HeldStatement
from timeline.certainty.evidence_index import EvidenceIndex
from timeline.history.offices import Office
from timeline.projections.statement import rank
from timeline.projections.validity import How, Stretch, stretches_of
from timeline.temporal.instant_bounds import MAX_INSTANT, MIN_INSTANT

# The property of the statements that say who is in an organisation, and their qualifier for a role.
MEMBER, ROLE = "member-of", "role"


class Term(NamedTuple):
    """A time for which a person held a role, without a certain end in between.

    `stretches` say when they held it certainly or possibly, and `held` how they did at the end of
    the last certain stretch, or of the last one if none is certain, with what may have ended it.
    """

    held: HeldStatement
    stretches: list[Stretch[How]]

    def place(self) -> tuple[Any, ...]:
        """The sort key of valid order: by its beginning, or its end if that is all we know."""
        since, until = self.held.since or (), self.held.until or ()
        known = (side for side in (*since, *until) if MIN_INSTANT < side < MAX_INSTANT)
        return next(known, MIN_INSTANT), bool(since), rank(self.held.statement)


class Crowd(NamedTuple):
    """More people than an office allows, who certainly held it at once.

    They did from `earliest` to before `latest`. `held` has one statement for each of them, those
    who began first first.
    """

    office: Office
    earliest: int
    latest: int
    held: list[HeldStatement]

    @property
    def people(self) -> list[str]:
        return [each.statement.subject for each in self.held]


def roles_of(worlds: EvidenceIndex, organisation: str) -> dict[str, list[Statement]]:
    """The statements that a person has a role in an organisation, by the role as it is written."""
    found: dict[str, list[Statement]] = defaultdict(list)
    for statement in worlds.named_about(organisation):
        if statement.property == MEMBER and statement.value == organisation:
            role = dict(statement.qualifiers).get(ROLE)
            if role is not None:
                found[role].append(statement)
    return found


def with_role(worlds: EvidenceIndex, organisation: str, role: str) -> list[Statement]:
    """The statements that a person has a role; letter case does not matter."""
    written = roles_of(worlds, organisation).items()
    fitting = (found for each, found in written if each.casefold() == role.casefold())
    return [statement for found in fitting for statement in found]


def terms(worlds: EvidenceIndex, statements: Iterable[Statement]) -> list[Term]:
    """The terms of some statements, in valid order."""
    found = (term for each in statements for term in _terms_of(each, worlds))
    return sorted(found, key=Term.place)


def _terms_of(statement: Statement, worlds: EvidenceIndex) -> Iterator[Term]:
    term: list[Stretch[How]] = []
    for stretch in stretches_of(statement, worlds):
        if term and _is_another(stretch, term):
            yield _term(statement, term, worlds)
            term = []
        term.append(stretch)
    if term:
        yield _term(statement, term, worlds)


def _is_another(stretch: Stretch[How], term: list[Stretch[How]]) -> bool:
    """Whether a stretch is of another term than the stretches before it.

    What was certain, then only possible, and is certain again has begun again.
    """
    last = term[-1]
    certain = [_is_certain(each) for each in term]
    resumed = _is_certain(stretch) and any(certain) and not certain[-1]
    return resumed or last.latest != stretch.earliest


def _term(statement: Statement, stretches: list[Stretch[How]], worlds: EvidenceIndex) -> Term:
    telling = [each for each in stretches if _is_certain(each)] or stretches
    held, last = (
        worlds.evaluate(statement, each.latest - 1) for each in (telling[-1], stretches[-1])
    )
    assert held is not None and last is not None
    return Term(held._replace(doubts=last.doubts), stretches)


def _is_certain(stretch: Stretch[How]) -> bool:
    return stretch.what[0] == "certain"


def crowds(office: Office, worlds: EvidenceIndex, until: int = MAX_INSTANT) -> Iterator[Crowd]:
    """The times before `until` at which more people certainly held an office than it allows.

    Each time ends when a person leaves or joins.
    """
    statements = with_role(worlds, office.organisation, office.role)
    changes: dict[int, list[tuple[int, Statement]]] = defaultdict(list)
    for statement in statements:
        for stretch in filter(_is_certain, stretches_of(statement, worlds)):
            changes[stretch.earliest].append((1, statement))
            changes[stretch.latest].append((-1, statement))
    holding: Counter[Statement] = Counter()
    last: Crowd | None = None
    for earliest, latest in pairwise(sorted(changes)):
        for change, statement in changes[earliest]:
            holding[statement] += change
        crowd = _crowd(office, earliest, latest, +holding, worlds) if earliest < until else None
        if last and crowd and crowd.people == last.people:
            last = last._replace(latest=latest)
            continue
        if last:
            yield last
        last = crowd
    if last:
        yield last


def _crowd(
    office: Office, earliest: int, latest: int, holding: Iterable[Statement], worlds: EvidenceIndex
) -> Crowd | None:
    by_person = {statement.subject: statement for statement in holding}
    if len(by_person) <= office.holders:
        return None
    held = [worlds.evaluate(statement, earliest) for statement in by_person.values()]
    found = sorted((each for each in held if each is not None), key=_begun)
    return Crowd(office, earliest, latest, found)


def _begun(held: HeldStatement) -> tuple[Any, ...]:
    return held.since or (MIN_INSTANT, MIN_INSTANT), rank(held.statement)
