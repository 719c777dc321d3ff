"""Accounts: several records that tell of one event, and what is so of them.

A conflict says that some events are accounts of one thing, and a resolution which of them the
newsroom believes. Accounts that say the same are one group, and count as one event, whoever
recorded them and whether the conflict names all of them. So what a conflict leaves open is which
*group* is true (docs/concepts.md, "Competing accounts").
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from timeline.history.event import Event, Standing
from timeline.records.record import Record

# The amendments that name several accounts of one event.
OF_RIVALS = ("conflict", "resolution")


def settled(accounts: Collection[Event]) -> Iterator[Event]:
    """All accounts of one event, or an event without others, with what follows for each.

    Which accounts agree is judged as they read now. Accounts that could not be read are not
    among them.
    """
    marks = _Marks({each.id: each for each in accounts})
    if len(accounts) == 1:
        (only,) = accounts
        yield _alone(only, marks)
        return
    groups = list(_groups(accounts, marks))
    counting = [group for group in groups if marks.is_open(group) and _standing_of(group)]
    firsts = [_representative(group, marks) for group in counting]
    by_position = sorted(firsts, key=lambda each: each.position)
    for group in groups:
        if group in counting:
            first = firsts[counting.index(group)]
            rivals = tuple(each.id for each in by_position if each is not first)
            yield from _as_one_event(group, first, rivals, marks)
        else:
            yield from (_alone(each, marks) for each in group)


class _Marks:
    """What conflicts and resolutions say of accounts, applied in order of position.

    `against` is the resolution that decided against an account; `told_with` is the account
    that a resolution says an otherwise dated one agrees with; `chosen` are those that were
    chosen, the last choice last. Disputes up to the position `settled_at` are settled.
    """

    def __init__(self, accounts: Mapping[str, Event]):
        self.against: dict[str, Record] = {}
        self.told_with: dict[str, str] = {}
        self.chosen: list[str] = []
        self.settled_at: dict[str, int] = {}
        joined: dict[str, set[str]] = {id: {id} for id in accounts}
        for amendment in _of_rivals(accounts.values()):
            named = [id for id in amendment.amends if id in accounts]
            whole = set().union(*(joined[id] for id in named))
            joined.update(dict.fromkeys(whole, whole))
            if amendment.type.name == "conflict":
                for id in named:
                    self.against.pop(id, None)
                    self.told_with.pop(id, None)
                continue
            chosen = amendment.content["chosen"]
            agrees = amendment.content.get("agrees", ())
            over = amendment.content.get("over", ())
            self.chosen.append(chosen)
            self.settled_at.update(dict.fromkeys(whole, amendment.position))
            for id in whole:
                if id == chosen or id in agrees:
                    self.against.pop(id, None)
                else:
                    self.against[id] = amendment
                if id == chosen or id in over:
                    self.told_with.pop(id, None)
                elif id in agrees:
                    self.told_with[id] = chosen

    def is_open(self, group: Collection[Event]) -> bool:
        """Whether any of the accounts is not decided against."""
        return any(each.id not in self.against for each in group)


def _of_rivals(accounts: Iterable[Event]) -> list[Record]:
    """The conflicts and resolutions that name any of these, in order of position."""
    found = {
        amendment.position: amendment
        for each in accounts
        for amendment in each.amendments
        if amendment.type.name in OF_RIVALS
    }
    return [found[position] for position in sorted(found)]


def _groups(accounts: Iterable[Event], marks: _Marks) -> Iterator[list[Event]]:
    """The accounts that agree with one another, in order of position."""
    alike: dict[object, list[Event]] = {}
    for each in sorted(accounts, key=lambda each: each.position):
        alike.setdefault(what_it_says(each), []).append(each)
    groups = list(alike.values())
    for id, chosen in marks.told_with.items():
        one, other = (
            next((group for group in groups if any(each.id == name for each in group)), None)
            for name in (id, chosen)
        )
        if one is not None and other is not None and one is not other:
            groups = [group for group in groups if group is not one and group is not other]
            groups.append(sorted([*one, *other], key=lambda each: each.position))
    return iter(groups)


def what_it_says(event: Event) -> object:
    """What accounts that agree have in common.

    Type, own fields, qualifiers and the bounds of `when`; for an event without effect on
    statements, the headline too.
    """
    kind, content = event.type, event.content
    when = event.when
    dated = when and (when.kind == "period", when.bounds, when.begin, when.end, when.end_is)
    own = [(name, _hashable(content[name])) for name in kind.fields if name in content]
    qualifiers = frozenset(content.get("qualifiers", {}).items())
    return kind.name, tuple(own), qualifiers, dated, None if kind.effects else event.headline


def _hashable(value: Any) -> object:
    return tuple(value) if isinstance(value, list) else value


def _standing_of(group: Iterable[Event]) -> list[Event]:
    return [each for each in group if each.stands]


def _representative(group: Collection[Event], marks: _Marks) -> Event:
    """The account that gives date, fields and place: the chosen one, or else the first."""
    standing = _standing_of(group)
    for id in reversed(marks.chosen):
        for each in standing:
            if each.id == id:
                return each
    return min(standing, key=lambda each: (each.id in marks.told_with, each.position))


def _alone(event: Event, marks: _Marks) -> Event:
    """An account that is not one of several that count."""
    return event._replace(
        standing=_standing([event], marks),
        dissent=marks.against.get(event.id),
        rivals=(),
        agreeing=(),
        told_by=None,
    )


def _as_one_event(
    group: Collection[Event], first: Event, rivals: tuple[str, ...], marks: _Marks
) -> Iterator[Event]:
    """The accounts of one group; while the conflict is open, each keeps its own standing."""
    of_all = _standing(_standing_of(group), marks)
    others: list[Event] = []
    for each in group:
        if each is not first:
            own = rivals or not each.stands
            other = _alone(each, marks)._replace(
                standing=_standing([each], marks) if own else of_all,
                dissent=None,
                told_by=first.id,
            )
            others.append(other)
            yield other
    yield _alone(first, marks)._replace(
        standing=_standing([first], marks) if rivals else of_all,
        dissent=None,
        rivals=rivals,
        agreeing=tuple(each for each in others if each.stands),
    )


def _standing(accounts: Iterable[Event], marks: _Marks) -> Standing:
    """The standing of an event that these tell of.

    A confirmation does not erase a dispute, nor the reverse.
    """
    confirmed = disputed = False
    for each in accounts:
        settled_at = marks.settled_at.get(each.id, 0)
        for amendment in each.amendments:
            if amendment.type.name == "confirmation":
                confirmed = True
            elif amendment.type.name == "dispute" and amendment.position > settled_at:
                disputed = True
    if confirmed:
        return "contested" if disputed else "confirmed"
    return "disputed" if disputed else "reported"
