"""How the oracle reads a log: what counts, and what it says (design §3 to §5).

A log is a list of portable records. Its dates are microseconds of the first second of 2000:
small whole numbers here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

# The times asked about are 0 to END; dates name instants within that.
END = 7

SETS = ("founded", "merged", "renamed", "measured", "became")
BEGINS = ("joined", "appointed", "released", "began", *SETS)
ENTITIES = ("person", "organisation", "organisations", "into", "parent", "entity", "product")


@dataclass(eq=False)
class Event:
    """One that counts, as it reads: its possible instants, and a spell's second ones."""

    id: str
    position: int
    reads: dict
    disputed: bool = False
    instants: range = range(0)
    until: range | None = None
    end_unknown: bool = False
    begins: list = field(default_factory=list)


def settle(log):
    """The events that count, by id; the groups of rivals; and how slugs read."""
    events, retracted, disputed, dissent, groups, merges = {}, set(), set(), set(), [], []
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
            case "confirmation":
                disputed.discard(record["confirms"])
            case "conflict":
                groups = joined([*groups, set(record["between"])])
                dissent -= set(record["between"])
            case "resolution":
                accounts = set().union(*(each for each in groups if record["chosen"] in each))
                dissent = (dissent | set(record["over"]) | accounts) - {record["chosen"]}
            case "same-entity":
                name = record.get("as", record["entities"][0])
                merges.append(({*record["entities"], name}, name))
            case "not-same-entity":
                apart = set(record["entities"])
                merges = [merge for merge in merges if len(merge[0] & apart) < 2]
            case "alias" | "office" | "publication":
                pass
            case _:
                events[record["id"]] = Event(record["id"], position, dict(record))
    slugs = {}
    for slug in set().union(*(names for names, _ in merges)):
        (group,) = (group for group in joined([names for names, _ in merges]) if slug in group)
        *_, slugs[slug] = (name for names, name in merges if names <= group)
    counting = {id: h for id, h in events.items() if id not in retracted | dissent}
    for id, each in counting.items():
        each.disputed = id in disputed
        each.reads = canonical(each.reads, slugs)
        each.begins = begun(each.reads)
    # Whoever is not held by a date can be moved as close to the dates and times asked about as
    # order allows, without a change of order, and with no gap growing: one instant for each.
    free = sum(has_an_open_side(each.reads.get("when")) for each in counting.values())
    window = range(-free, END + 1 + free)
    for each in counting.values():
        each.instants, each.until, each.end_unknown = instants_of(each.reads, window)
    return counting, groups, slugs


def joined(groups):
    """Sets that share a member are one."""
    result = []
    for group in groups:
        touching = [each for each in result if each & group]
        result = [each for each in result if not each & group] + [group.union(*touching)]
    return result


def links(counting):
    """(earlier, later, the most that may lie between) for each `after` and `before`."""
    for each in counting.values():
        for key in ("after", "before"):
            for link in each.reads.get(key) or ():
                if link["id"] in counting:
                    pair = (link["id"], each.id)
                    within = round(float(link["within"][2:-1]) * 1e6) if "within" in link else 10**6
                    yield *(pair if key == "after" else pair[::-1]), within


def has_an_open_side(when):
    """Whether a date leaves an instant free on one side, or on both."""
    return when is None or when.startswith(("..", "/", "[..")) or when.endswith("..]")


def instants_of(reads, window):
    """The instants at which it may have happened, a spell's second ones, and whether its
    end is unknown. An open side reaches to the side of the window."""
    first, period, last = (reads.get("when") or "..").partition("/")
    if period and reads["type"] not in BEGINS and last not in ("", ".."):
        return range(span(first, window).start, span(last, window).stop), None, False
    until = span(last, window) if last not in ("", "..") else None
    return span(first, window), until, bool(period) and last == ""


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
    """The statements that an event begins: (subject, property, value, role)."""
    match r["type"]:
        case "joined" | "appointed":
            return [(r["person"], "member-of", r["organisation"], r.get("role"))]
        case "founded":
            return [(r["organisation"], "part-of", r["parent"], None)] if r.get("parent") else []
        case "merged":
            return [(each, "part-of", r["into"], None) for each in r["organisations"]]
        case "renamed":
            return [(r["entity"], "named", r["name"], None)]
        case "released":
            return [(r["product"], "released-by", r["organisation"], None)]
        case "measured":
            return [(r["subject"], r["measure"], r["value"], None)]
        case "began" | "became":
            return [(r["subject"], r["property"], r["value"], None)]
        case _:
            return []


def ends(r, statement):
    """Whether an event ends a statement, if it does not begin it."""
    subject, label, value, role = statement
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
            return r["person"], "member-of", r["organisation"], r.get("role")
        case "withdrawn" if r.get("organisation"):
            return r["product"], "released-by", r["organisation"], None
        case "ended" if r.get("value"):
            return r["subject"], r["property"], r["value"], None
