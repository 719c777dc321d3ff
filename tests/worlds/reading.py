"""How the oracle reads a log: what counts, and what it says (design §3 to §5).

A log is a list of portable records. Its dates are microseconds of the first second of 2000:
small whole numbers here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

# The times asked about are 0 to END; dates name instants within that.
END = 7

ENDS = ("departed", "withdrawn", "ended", "dissolved")
SETS = ("founded", "merged", "renamed", "measured", "became")
BEGINS = ("joined", "appointed", "released", "began", *SETS)
# What agreeing accounts need not have in common.
SHARED = (
    *("id", "story", "recorded_at", "recorded_by", "sources", "headline", "body", "tags"),
    *("when", "zone", "after", "before", "during", "type"),
)
ENTITIES = ("person", "organisation", "organisations", "into", "parent", "entity", "product")


@dataclass(eq=False)
class Event:
    """One that counts, as it reads: its possible instants, and a period's second ones.

    `links` are those of all accounts that agree on it.
    """

    id: str
    position: int
    reads: dict
    disputed: bool = False
    instants: range = range(0)
    until: range | None = None
    is_period: bool = False
    end_unknown: bool = False
    begins: list = field(default_factory=list)
    links: list = field(default_factory=list)


@dataclass
class Settled:
    """What a log comes to: the events that count by id, sets of rivals, accounts, and slugs.

    Accounts that agree count as one event, under the id of one of them. `accounts` has, for each
    event ever recorded, all that tell of the same.
    """

    counting: dict
    rivals: list
    accounts: dict
    slugs: dict


def settle(log):
    """Apply the amendments in order of position."""
    events, retracted, disputed, against, told_with = {}, set(), set(), set(), {}
    groups, merges, chosen = [], [], []
    for position, record in enumerate(log, 1):
        match record["type"]:
            case "correction":
                events[record["corrects"]].reads.update(record["changes"])
            case "retraction":
                retracted.add(record["retracts"])
            case "restoration":
                retracted.discard(record["restores"])
            case "dispute":
                disputed.add(record["disputes"])
            case "conflict":
                groups = joined([*groups, set(record["between"])])
                against -= set(record["between"])
                for id in record["between"]:
                    told_with.pop(id, None)
            case "resolution":
                choice, over = record["chosen"], record.get("over", [])
                agrees = record.get("agrees", [])
                groups = joined([*groups, {choice, *over, *agrees}])
                (accounts,) = (group for group in groups if choice in group)
                disputed -= accounts
                against = (against | accounts) - {choice, *agrees}
                for id in (choice, *over):
                    told_with.pop(id, None)
                told_with.update(dict.fromkeys(agrees, choice))
                chosen.append(choice)
            case "same-entity":
                name = record.get("as", record["entities"][0])
                merges.append(({*record["entities"], name}, name))
            case "not-same-entity":
                apart = set(record["entities"])
                merges = [merge for merge in merges if len(merge[0] & apart) < 2]
            case "alias" | "office" | "publication" | "confirmation":
                pass
            case _:
                events[record["id"]] = Event(record["id"], position, dict(record))
    slugs = {}
    for slug in set().union(*(names for names, _ in merges)):
        (group,) = (group for group in joined([names for names, _ in merges]) if slug in group)
        *_, slugs[slug] = (name for names, name in merges if names <= group)
    for each in events.values():
        each.reads = canonical(each.reads, slugs)
        each.begins = begun(each.reads)
    counting, rivals, accounts = {}, [], {id: {id} for id in events}
    for group in [*groups, *({id} for id in events if not any(id in each for each in groups))]:
        accounts.update(dict.fromkeys(group, group))
        told = [
            each
            for each in alike([events[id] for id in group], told_with)
            if any(id not in against for id in each) and not each <= retracted
        ]
        firsts = []
        for ids in told:
            standing = [events[id] for id in ids - retracted]
            choices = [id for id in chosen if id in ids - retracted]
            first = min(standing, key=lambda each: (each.id in told_with, each.position))
            first = events[choices[-1]] if choices else first
            first.disputed = len(told) == 1 and any(each.id in disputed for each in standing)
            first.links = [
                (key, link)
                for each in standing
                for key in ("after", "before", "during")
                for link in each.reads.get(key) or ()
            ]
            firsts.append(first)
            counting[first.id] = first
        if len(firsts) > 1:
            rivals.append({each.id for each in firsts})
    # Whoever is not held by a date can be moved as close to the dates and times asked about as
    # order allows, without a change of order, and with no gap growing: one instant for each.
    free = sum(has_an_open_side(each.reads.get("when")) for each in counting.values())
    window = range(-free, END + 1 + free)
    for each in counting.values():
        each.instants, each.until, each.is_period, each.end_unknown = instants_of(
            each.reads, window
        )
    return Settled(counting, rivals, accounts, slugs)


def alike(events, told_with):
    """The sets of ids of accounts that agree."""
    sets = [{each.id} for each in events]
    sets += [
        {one.id, other.id}
        for one in events
        for other in events
        if says(one.reads) == says(other.reads)
    ]
    sets += [{id, choice} for id, choice in told_with.items() if {id, choice} <= set().union(*sets)]
    return joined(sets)


def says(r):
    """What accounts that agree have in common."""
    first, period, last = (r.get("when") or "").partition("/")
    window = range(-99, 99)
    dates = (span(first, window), period, last and last != ".." and span(last, window), last == "")
    own = {k: v for k, v in r.items() if k not in SHARED}
    return r["type"], own, dates, None if r["type"] in (*BEGINS, *ENDS) else r.get("headline")


def joined(groups):
    """Sets that share a member are one."""
    result = []
    for group in groups:
        touching = [each for each in result if each & group]
        result = [each for each in result if not each & group] + [group.union(*touching)]
    return result


def has_an_open_side(when):
    """Whether a date leaves an instant free on one side, or on both."""
    return when is None or when.startswith(("..", "/", "[..")) or when.endswith("..]")


def instants_of(reads, window):
    """The instants at which it may have happened, a period's second ones, whether it is a
    period, and whether its end is unknown. An open side reaches to the side of the window."""
    first, period, last = (reads.get("when") or "..").partition("/")
    until = span(last, window) if last not in ("", "..") else None
    return span(first, window), until, bool(period), bool(period) and last == ""


def span(text, window):
    """The instants of a date that is no period."""
    first, dots, last = text.strip("[]").partition("..")
    first, last = (first, last) if dots else (text, text)
    wider = text.endswith("~")
    start = int(first[20:26]) - wider if first else window.start
    return range(start, int(last[20:26]) + wider + 1 if last else window.stop)


def canonical(reads, slugs):
    """A record in which each slug is the one that its entity is known by."""

    def slug(value):
        return (
            [slug(each) for each in value] if isinstance(value, list) else slugs.get(value, value)
        )

    return {
        key: slug(value) if key in (*ENTITIES, "subject", "value") else value
        for key, value in reads.items()
    }


def begun(r):
    """The statements that an event begins: (subject, property, value, qualifiers)."""
    return [(*each, qualifiers(r)) for each in triples(r)]


def qualifiers(r):
    found = dict(r.get("qualifiers") or {})
    if r["type"] in ("joined", "appointed", "departed") and r.get("role"):
        found["role"] = r["role"]
    return tuple(sorted(found.items()))


def triples(r):
    match r["type"]:
        case "joined" | "appointed":
            return [(r["person"], "member-of", r["organisation"])]
        case "founded":
            return [(r["organisation"], "part-of", r["parent"])] if r.get("parent") else []
        case "merged":
            return [(each, "part-of", r["into"]) for each in r["organisations"]]
        case "renamed":
            return [(r["entity"], "named", r["name"])]
        case "released":
            return [(r["product"], "released-by", r["organisation"])]
        case "measured":
            return [(r["subject"], r["measure"], r["value"])]
        case "began" | "became":
            return [(r["subject"], r["property"], r["value"])]
        case _:
            return []


def ends(r, statement):
    """Whether an event ends a statement, if it does not begin it."""
    subject, label, value, carried = statement
    role = dict(carried).get("role")
    match r["type"]:
        case "departed":
            member = (subject, label, value) == (r["person"], "member-of", r["organisation"])
            return member and r.get("role") in (None, role)
        case "appointed":
            member = (subject, label, value) == (r["person"], "member-of", r["organisation"])
            return member and r["role"] != role
        case "withdrawn":
            released = (subject, label) == (r["product"], "released-by")
            return released and r.get("organisation") in (None, value)
        case "ended":
            about = (subject, label) == (r["subject"], r["property"])
            return about and r.get("value") in (None, value)
        case "dissolved":
            return r["organisation"] in (subject, value)
        case _:
            return r["type"] in SETS and any((subject, label) == s[:2] for s in begun(r))


def spoken_end(r):
    """The statement that an end names in full."""
    match r["type"]:
        case "departed":
            return r["person"], "member-of", r["organisation"], qualifiers(r)
        case "withdrawn" if r.get("organisation"):
            return r["product"], "released-by", r["organisation"], qualifiers(r)
        case "ended" if r.get("value"):
            return r["subject"], r["property"], r["value"], qualifiers(r)
