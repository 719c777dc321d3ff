"""The definition of design §5, word for word: enumerate the worlds and fold each.

Slow, obvious, and shared with nothing in `src/`.
"""

from __future__ import annotations

from itertools import combinations, product

from tests.worlds.reading import ENDS, SETS, ends, says, settle, spoken_end


class TooManyError(Exception):
    """There are more worlds than are wanted."""


class Worlds:
    """All worlds of a log. A world is a cast, which is what happened, and instants for it."""

    def __init__(self, log, leave_out=(), most=None):
        """`leave_out` are sets of ids; the links between members of one are left out.

        Raises:
            TooManyError: there are more than `most`.
        """
        settled = settle(log)
        self.counting, self.canonical = settled.counting, settled.slugs
        self.left_out = [set(ids) for ids in leave_out]
        self.accounts = settled.accounts
        ordinary = self.counting.keys() - set().union(*settled.rivals)
        self.casts = [
            frozenset().union(*cast)
            for cast in product(
                *([{id} for id in group] for group in settled.rivals),
                *([{id}, set()] if self.counting[id].disputed else [{id}] for id in ordinary),
            )
        ]
        self.worlds = []
        for cast in self.casts:
            timings = self.choose(cast, most)
            self.worlds += [(cast, timing) for timing in self.with_presupposed(cast, timings)]
            if most is not None and len(self.worlds) > most:
                raise TooManyError
        self.cuts = {
            spell.id: [end.id for end in self.counting.values() if self.is_cut(spell, end)]
            for spell in self.counting.values()
            if spell.until and spell.begins
        }
        # What must have begun some time, since it is said to end: end → statement.
        self.implied = {
            end.id: statement
            for end in self.counting.values()
            if (statement := spoken_end(end.reads))
            and not any(self.may_begin(each, end) for each in self.counting.values())
        }

    def choose(self, ids, most=None):
        """Every choice of (instant, second instant) for these, in which their links hold."""
        chosen = [{}]
        for id in sorted(ids):
            each = self.counting[id]
            pairs = [(t, u) for t in each.instants for u in each.until or [t] if t <= u]
            chosen = [{**world, id: pair} for world in chosen for pair in pairs]
            if most is not None and len(chosen) > 4 * most:
                raise TooManyError
            chosen = [world for world in chosen if self.allows(world, id)]
        return chosen

    def allows(self, timing, new):
        """Whether the links that `new` has, or that others have to it, hold in a choice."""
        for id in timing:
            for key, link in self.counting[id].links:
                named = self.accounts.get(link["id"], set())
                for other in named & timing.keys():
                    if id in named or new not in (id, other):
                        continue
                    if any({id, other} <= ids for ids in self.left_out):
                        continue
                    if not self.holds(key, link, id, other, timing):
                        return False
        return True

    def holds(self, key, link, a, b, timing):
        """Whether a is after, before or during b."""
        within = round(float(link["within"][2:-1]) * 1e6) if "within" in link else 10**6
        (a1, a2), (b1, b2) = timing[a], timing[b]
        match key:
            case "after":
                return 0 < a1 - b2 <= within
            case "before":
                return 0 < b1 - a2 <= within
        if not self.counting[b].is_period:
            return a1 == a2 == b1
        if self.counting[b].until is None:
            return 0 < a1 - b1 <= within
        return 0 < a1 - b1 <= within and a2 < b2

    def place(self, id, timing):
        return timing[id][0], self.counting[id].position

    def with_presupposed(self, cast, timings):
        """The choices in which each end comes after what it presupposes."""
        wanted = {}
        for end in map(self.counting.get, sorted(cast)):
            if end.reads["type"] in (*ENDS[:3], "appointed") and end.until is None:
                found = self.presupposed(end, cast, timings)
                if found:
                    wanted[end.id] = found
        for end in sorted(wanted, key=lambda id: self.counting[id].position):
            if any(end in wanted.get(begin, ()) for begin in wanted[end]):
                continue
            left = [
                timing
                for timing in timings
                if all(self.place(id, timing) < self.place(end, timing) for id in wanted[end])
            ]
            timings = left or timings
        return timings

    def presupposed(self, end, cast, timings):
        """The beginnings that an end presupposes, by the dates and links of a cast."""
        others = [self.counting[id] for id in cast if id != end.id]
        begins = [each for each in others if any(closes(end, s) for s in each.begins)]
        left = [
            each
            for each in begins
            if not (each.until and all(t[each.id][1] < t[end.id][0] for t in timings))
            and not any(
                closer is not each
                and closer.until is None
                and not (each.until and closer.reads["type"] in SETS)
                and any(closes(end, s) and closes(closer, s) for s in each.begins)
                and all(
                    self.place(each.id, t) < self.place(closer.id, t) < self.place(end.id, t)
                    for t in timings
                )
                for closer in others
            )
            and any(self.place(each.id, t) < self.place(end.id, t) for t in timings)
        ]
        if left and all(says(each.reads) == says(left[0].reads) for each in left):
            return {each.id for each in left}
        return set()

    def is_cut(self, spell, end):
        """Whether an end comes within a spell, in every world in which both are so."""
        if end is spell or end.until or end.reads["type"] not in (*ENDS, "appointed"):
            return False
        if not any(closes(end, s) for s in spell.begins):
            return False
        return all(
            self.place(spell.id, t) < self.place(end.id, t) and t[end.id][0] < t[spell.id][1]
            for cast, t in self.worlds
            if {spell.id, end.id} <= cast
        )

    def contradictory(self):
        return not self.worlds

    def clashes(self):
        """The smallest sets of events of a cast that have no choice: all of that size."""
        for size in range(1, len(self.counting) + 1):
            found = [
                set(few)
                for few in combinations(sorted(self.counting), size)
                if any(set(few) <= cast for cast in self.casts) and not self.choose(few)
            ]
            if found:
                return found
        return []

    def ruled_out(self):
        """The events that are so in no world."""
        return self.counting.keys() - set().union(*(cast for cast, _ in self.worlds))

    def order(self, a, b):
        """Whether a comes before b: at an earlier instant, where both happened."""
        said = {t[a][0] < t[b][0] for cast, t in self.worlds if {a, b} <= cast}
        return "no" if True not in said else "possible" if False in said else "certain"

    def answers(self, at):
        """Statement → "certain" or "possible" at `at`, which what happens then is not before."""
        in_every, in_some = None, set()
        for cast, timing in self.worlds:
            for id, statement in self.implied.items():
                if id in cast and timing[id][0] >= at and self.founded(statement, at, cast, timing):
                    in_some.add(statement)
        for cast, past, spells, founded in {self.past(at, *world) for world in self.worlds}:
            surely, maybe = fold(past, spells)
            surely, maybe = (
                {s for s in found if self.is_founded(s, cast, founded)} for found in (surely, maybe)
            )
            in_every = surely if in_every is None else in_every & surely
            in_some |= maybe
        return {s: "certain" if s in in_every else "possible" for s in in_some}

    def past(self, at, cast, timing):
        """What has happened before `at` in a world, in order, but for spells; and those running."""
        places = sorted((*self.place(id, timing), id) for id in cast)
        before = [self.counting[id] for t, _, id in places if t < at]
        running = frozenset(
            each
            for each in before
            if each.id in self.cuts
            and at <= timing[each.id][1]
            and not any(id in cast and timing[id][0] < at for id in self.cuts[each.id])
        )
        founded = frozenset(each for each in before if each.reads["type"] == "founded")
        return cast, tuple(each for each in before if each.until is None), running, founded

    def founded(self, statement, at, cast, timing):
        *_, founded = self.past(at, cast, timing)
        return self.is_founded(statement, cast, founded)

    def is_founded(self, statement, cast, founded):
        """Whether the organisations of a statement have been founded, where a world has that."""
        for entity in (statement[0], statement[2]):
            ever = [
                id
                for id in cast
                if (reads := self.counting[id].reads)["type"] == "founded"
                and reads["organisation"] == entity
            ]
            if ever and not any(each.id in ever for each in founded):
                return False
        return True

    def stretches(self, at):
        """(statement, start, end or None) of the stretches that reach `at`, but for spells."""
        found = set()
        for cast, timing in self.worlds:
            places = sorted((*self.place(id, timing), id) for id in cast)
            began, ended = {}, {}
            for t, _, id in places:
                each = self.counting[id]
                if each.until is not None:
                    continue
                if t >= at:
                    ended |= {s: t for s in began if s not in ended and closes(each, s)}
                    continue
                began = {s: start for s, start in began.items() if not closes(each, s)}
                began |= {s: t for s in each.begins if s not in began}
            found |= {(s, start, ended.get(s)) for s, start in began.items()}
        return found

    def may_begin(self, begin, end):
        """Whether a beginning may be of what the other ends, and come before it, not yet over."""
        if begin is end or not any(ends(end.reads, s) for s in begin.begins):
            return False
        return any(
            self.place(begin.id, t) < self.place(end.id, t)
            and (begin.until is None or t[end.id][0] <= t[begin.id][1])
            for cast, t in self.worlds
            if {begin.id, end.id} <= cast
        )


def fold(past, spells):
    """The statements that surely hold after these, and those that maybe do."""
    holding, doubtful = set(), set()
    for each in past:
        holding = {s for s in holding if not closes(each, s)}
        doubtful = (doubtful & holding) - set(each.begins)
        holding.update(each.begins)
        doubtful.update(each.begins if each.end_unknown else [])
    running = {s for each in spells for s in each.begins}
    return (holding - doubtful) | running, holding | running


def closes(each, statement):
    """Whether an event ends a statement, where it happens."""
    return statement not in each.begins and ends(each.reads, statement)
