"""The definition of design §5, word for word: enumerate the worlds and fold each.

Slow, obvious, and shared with nothing in `src/`.
"""

from __future__ import annotations

from itertools import combinations, product

from tests.worlds.reading import ends, links, settle, spoken_end


class Worlds:
    """All worlds of a log. A world is a choice of instants, and of who happened."""

    def __init__(self, log, leave_out=()):
        """`leave_out` are sets of ids; the links between members of one are left out."""
        self.counting, groups, self.canonical = settle(log)
        self.links = [
            link
            for link in links(self.counting)
            if not any({link[0], link[1]} <= set(ids) for ids in leave_out)
        ]
        rivals = [group & self.counting.keys() for group in groups]
        rivals = [group for group in rivals if len(group) > 1]
        ordinary = self.counting.keys() - set().union(*rivals)
        self.casts = [
            set().union(*cast)
            for cast in product(
                *([{id} for id in group] for group in rivals),
                *([{id}, set()] if self.counting[id].disputed else [{id}] for id in ordinary),
            )
        ]
        self.timings = self.choose(self.counting)
        # What must have begun some time, since it is said to end: end → statement.
        self.implied = {
            end.id: statement
            for end in self.counting.values()
            if (statement := spoken_end(end.reads))
            and not any(self.may_begin(each, end) for each in self.counting.values())
        }

    def choose(self, ids):
        """Every choice of (instant, second instant) for these, in which their links hold."""
        chosen = [{}]
        for id in ids:
            each = self.counting[id]
            pairs = [(t, u) for t in each.instants for u in each.until or [t] if t <= u]
            chosen = [{**world, id: pair} for world in chosen for pair in pairs]
            chosen = [world for world in chosen if self.allows(world)]
        return chosen

    def allows(self, timing):
        return all(
            0 < timing[later][0] - timing[earlier][0] <= within
            for earlier, later, within in self.links
            if earlier in timing and later in timing
        )

    def contradictory(self):
        return not self.timings

    def clashes(self, among=None):
        """The smallest sets of events that have no world: all of that size."""
        ids = self.counting if among is None else among
        for size in range(1, len(ids) + 1):
            found = [set(few) for few in combinations(ids, size) if not self.choose(few)]
            if found:
                return found
        return []

    def order(self, a, b):
        """Whether a comes before b: at an earlier instant."""
        said = {timing[a][0] < timing[b][0] for timing in self.timings}
        return "no" if True not in said else "possible" if False in said else "certain"

    def answers(self, at):
        """Statement → "certain" or "possible" at `at`, which what happens then is not before."""
        in_every, in_some = None, set()
        for id, statement in self.implied.items():
            if any(timing[id][0] >= at for timing in self.timings):
                in_some.add(statement)
        for past in {self.past(at, cast, timing) for cast in self.casts for timing in self.timings}:
            surely, maybe = fold(past)
            in_every = surely if in_every is None else in_every & surely
            in_some |= maybe
        return {s: "certain" if s in in_every else "possible" for s in in_some}

    def past(self, at, cast, timing):
        """What has happened before `at` in a world, in order, but for spells that are over."""
        places = [(timing[id][0], self.counting[id].position, id) for id in cast]
        past = [self.counting[id] for t, _, id in sorted(places) if t < at]
        return tuple(each for each in past if each.until is None or at <= timing[each.id][1])

    def stretches(self, at):
        """(statement, start, end or None) of the stretches that reach `at`, but for spells."""
        found = set()
        for cast in self.casts:
            for timing in self.timings:
                places = sorted((timing[id][0], self.counting[id].position, id) for id in cast)
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
        """Whether an ordinary beginning may be of what the other ends, and come before it."""
        fits = begin.until is None and any(ends(end.reads, s) for s in begin.begins)
        return fits and any(
            (timing[begin.id][0], begin.position) < (timing[end.id][0], end.position)
            for timing in self.timings
        )


def fold(past):
    """The statements that surely hold after these, and those that maybe do."""
    holding, doubtful, spells = set(), set(), set()
    for each in past:
        if each.until is not None:
            spells.update(each.begins)
            continue
        holding = {s for s in holding if not ends(each.reads, s)}
        doubtful = (doubtful & holding) - set(each.begins)
        holding.update(each.begins)
        doubtful.update(each.begins if each.end_unknown else [])
    return (holding - doubtful) | spells, holding | spells


def closes(each, statement):
    """Whether an event ends a statement, where it happens."""
    return statement not in each.begins and ends(each.reads, statement)
