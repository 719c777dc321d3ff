"""Random evidence on one statement, and what its worlds say: the definition, without a log."""

from __future__ import annotations

from itertools import product
from types import SimpleNamespace

from hypothesis import strategies as st

from timeline.certainty.effects import Effects, Evidence, Statement
from timeline.temporal.instant_bounds import MAX_INSTANT, MIN_INSTANT, InstantBounds

SEAT = Statement("ann", "member-of", "lab")

# Bounds lie within 0 to 5, so that nothing changes before 0 or after 6.
TIMES = range(7)

# Most are of an instant, so that some surely come before others.
BOUNDS = st.sampled_from(
    [(first, first + width) for first in range(5) for width in (1, 1, 1, 2, 3) if first + width < 6]
)


def act(
    earliest, latest, position, *, until=None, end_unknown=False, rivals=(), standing="reported"
):
    """The effects of an event with the id `e<position>`; None is an open side."""
    id = f"e{position}"
    return Effects(
        id,
        _bounds(earliest, latest, position),
        until and _bounds(*until, position),
        end_unknown,
        [],
        [],
        bool(rivals) or standing == "disputed",
        tuple(each for each in rivals if each != id),
        SimpleNamespace(id=id, standing=standing),
    )


def _bounds(earliest, latest, position):
    return InstantBounds(
        MIN_INSTANT if earliest is None else earliest,
        MAX_INSTANT if latest is None else latest,
        position,
    )


@st.composite
def evidence(draw, simple=False):
    """What begins and ends a statement, at times that meet and overlap.

    Simple evidence is sure and independent. Other evidence is disputed, has rivals, some of
    them elsewhere, comes in spells, or begins what may have ended at any time.
    """
    begins, spells, ends = [], [], []
    positions = draw(st.permutations(range(1, draw(st.integers(1, 5)) + 1)))
    rivals = () if simple else tuple(f"e{n}" for n in draw(st.sets(st.integers(1, 6), max_size=3)))
    for position in positions:
        first, last = draw(BOUNDS)
        earliest, latest = draw(
            st.sampled_from([(first, last)] * 8 + [(None, last), (first, None)])
        )
        kinds = ["begin", "end"] if simple else ["begin", "begin", "end", "end", "open", "spell"]
        kind = draw(st.sampled_from(kinds))
        standings = ["reported", "confirmed"] if simple else ["reported", "confirmed", "disputed"]
        options = {"standing": draw(st.sampled_from(standings))}
        if len(rivals) > 1 and f"e{position}" in rivals:
            options["rivals"] = rivals
        match kind:
            case "begin":
                begins.append(act(earliest, latest, position, **options))
            case "end":
                ends.append(act(earliest, latest, position, **options))
            case "open":
                begins.append(act(earliest, latest, position, end_unknown=True, **options))
            case "spell":
                until = draw(st.sampled_from([(last, last + 1), (first, last), (last, None)]))
                spells.append(act(first, last, position, until=until, **options))
    return Evidence(begins, spells, ends, [])


def episodes(evidence, at):
    """The episodes that include a time: per world in which one does, their (start, end) pairs.

    The end of an episode is None where nothing ends it.
    """
    for world in _worlds(evidence):
        found = [pair for each in evidence.spells if (pair := world.get(each.id))]
        found = [(start, end) for start, end in found if start < at <= end]
        start, end = None, None
        for instant, begins, _ in _in_order(world, evidence):
            if instant >= at and start is None:
                break
            if begins and start is None:
                start = instant
            elif not begins and instant < at:
                start = None
            elif not begins:
                end = instant
                break
        if start is not None:
            found.append((start, end))
        if found:
            yield found


def certainties(evidence):
    """T → "certain", "possible" or None, by the worlds."""
    said = {at: (set(), set()) for at in TIMES}
    for world in _worlds(evidence):
        for at in TIMES:
            surely, maybe = _holds(world, evidence, at)
            said[at][0].add(surely)
            said[at][1].add(maybe)
    return {
        at: None if True not in maybe else "possible" if False in surely else "certain"
        for at, (surely, maybe) in said.items()
    }


def _worlds(evidence):
    """Each choice of what happened, and of its instants: act → (instant, second instant)."""
    acts = [*evidence.begins, *evidence.spells, *evidence.ends]
    # Room for each event with an open side to come before or after all others.
    free = sum(each.at.earliest == MIN_INSTANT or each.at.latest == MAX_INSTANT for each in acts)
    window = range(-1 - free, TIMES.stop + 1 + free)
    for cast in _casts(acts):
        yield from map(dict, product(*(_choices(each, window) for each in cast)))


def _casts(acts):
    rivals = next((each.accounts() for each in acts if each.rivals), frozenset())
    disputed = [each for each in acts if each.doubtful and not each.rivals]
    sure = [each for each in acts if not each.doubtful]
    for one in rivals or {None}:
        for happened in product([True, False], repeat=len(disputed)):
            yield [
                *sure,
                *(each for each in acts if each.id == one),
                *(each for each, did in zip(disputed, happened, strict=True) if did),
            ]


def _choices(act, window):
    seconds = act.until and _instants(act.until, window)
    return [
        (act.id, (first, second))
        for first in _instants(act.at, window)
        for second in seconds or [first]
        if first <= second
    ]


def _instants(bounds, window):
    return range(max(bounds.earliest, window.start), min(bounds.latest, window.stop))


def _holds(world, evidence, at):
    """Whether the statement surely holds in a world, and whether it may hold."""
    past = [each for each in _in_order(world, evidence) if each[0] < at]
    _, maybe, end_unknown = past[-1] if past else (None, False, False)
    surely = maybe and not end_unknown
    running = any(
        world[each.id][0] < at <= world[each.id][1] for each in evidence.spells if each.id in world
    )
    return surely or running, maybe or running


def _in_order(world, evidence):
    """What begins and ends the statement in a world: (instant, whether it begins, is open)."""
    happened = sorted(
        (world[each.id][0], each.at.position, begins, each.end_unknown)
        for begins, acts in ((True, evidence.begins), (False, evidence.ends))
        for each in acts
        if each.id in world
    )
    return [(instant, begins, is_open) for instant, _, begins, is_open in happened]
