"""The definition of design §5, word for word: enumerate the worlds and fold each.

Slow, obvious, and shared with nothing in `src/`: times are small whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product


@dataclass(frozen=True)
class Act:
    """A happening: its possible instants, and what it does.

    `begins` and `ends` are (subject, property, value, role); None in an end fits anything.
    `exclusive` makes the beginning a set; `others` makes the ends spare the role given.
    A spell has `until`, the possible instants of its own end.
    """

    position: int
    instants: range
    begins: tuple | None = None
    ends: tuple = ()
    exclusive: bool = False
    other_roles: tuple | None = None
    until: range | None = None
    end_unknown: bool = False


def fits(end, statement):
    return all(part is None or part == own for part, own in zip(end, statement, strict=True))


def fold(timed, at):
    """The statements that hold just before `at`; doubtful ones that may have ended since."""
    holding, doubtful = set(), set()
    for instant, _, act in sorted(timed, key=lambda each: each[:2]):
        if instant >= at:
            break
        gone = {s for s in holding if any(fits(end, s) for end in act.ends)}
        if act.exclusive:
            gone |= {s for s in holding if s[:2] == act.begins[:2] and s[2] != act.begins[2]}
        if act.other_roles:
            gone |= {
                s for s in holding if s[:3] == act.other_roles[:3] and s[3] != act.other_roles[3]
            }
        holding -= gone
        doubtful -= gone
        if act.begins:
            holding.add(act.begins)
            doubtful.discard(act.begins)
            if act.end_unknown:
                doubtful.add(act.begins)
    return holding, doubtful


def worlds(acts):
    """Every choice of an instant for each act: two for a spell, the first not after the second."""
    choices = []
    for act in acts:
        if act.until is None:
            choices.append([(t, None) for t in act.instants])
        else:
            choices.append([(t, u) for t in act.instants for u in act.until if t <= u])
    return product(*choices)


def answers(acts, at):
    """Statement → "certain" or "possible", over all worlds."""
    in_every, in_some = None, set()
    for world in worlds(acts):
        timed = [
            (t, act.position, act)
            for act, (t, u) in zip(acts, world, strict=True)
            if act.until is None
        ]
        holding, doubtful = fold(timed, at)
        spells = {
            act.begins
            for act, (t, u) in zip(acts, world, strict=True)
            if act.until is not None and t < at <= u
        }
        implied = {
            end
            for act, (t, _) in zip(acts, world, strict=True)
            if t >= at
            for end in act.ends
            if None not in end[:3] and not beginning_known(acts, act, end)
        }
        surely = (holding - doubtful) | spells
        in_every = surely if in_every is None else in_every & surely
        in_some |= holding | spells | implied
    return {statement: "certain" if statement in in_every else "possible" for statement in in_some}


def beginning_known(acts, end_act, end):
    """Whether another happening begins what this ends, and may come before it."""
    last = (end_act.instants[-1], end_act.position)
    return any(
        act.begins is not None
        and act.until is None
        and act.position != end_act.position
        and fits(end, act.begins)
        and (act.instants[0], act.position) < last
        for act in acts
    )
