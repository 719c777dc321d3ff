"""Random small logs: few entities and instants, so that what is recorded interacts.

Dates are microseconds, so that the instants between two of them can be counted.
"""

from __future__ import annotations

from hypothesis import strategies as st

from tests.rooms import SOURCE, fill, memory_newsroom
from tests.worlds.reading import BEGINS, joined

PEOPLE = ("ann", "bob")
PLACES = ("desk", "lab", "group")
ENTITIES = (*PEOPLE, *PLACES)
ROLES = (None, None, "chief", "clerk")
COLOURS = ("red", "desk", "lab")
TICKS = range(1, 5)
LINKS = ("after", "before", "during")

# What a log is mostly about, and how it is mostly amended.
MEMBERS = ["joined", "joined", "departed", "appointed"]
THEMES = [
    MEMBERS,
    [*MEMBERS, "dissolved", "happened"],
    ["began", "became", "ended", "dissolved"],
    ["released", "withdrawn", "released", "dissolved"],
    ["merged", "founded", "dissolved", "renamed", "measured"],
    [*MEMBERS, "founded", "founded"],
    [*MEMBERS, "began", "became", "ended", "merged", "dissolved"],
]
RIVALRY = [
    "conflict",
    "conflict",
    "conflict",
    "resolve",
    "resolve",
    "retract",
    "restore",
    "dispute",
]
DOUBTS = ["dispute", "dispute", "confirm", "conflict", "retract"]
REPAIRS = ["correct", "correct", "retract", "restore"]
NAMES = ["same", "same", "not-same", "correct"]
ORDERS = ["correct", "correct", "correct", "retract", "resolve", "conflict"]
MANNERS = [RIVALRY, RIVALRY, DOUBTS, REPAIRS, NAMES, ORDERS, RIVALRY + DOUBTS + REPAIRS + NAMES]


def tick(number: int) -> str:
    """One microsecond as EDTF."""
    return f"2000-01-01T00:00:00.{number:06d}Z"


def newsroom_with(records):
    """A newsroom that has imported a log."""
    newsroom = memory_newsroom()
    fill(newsroom, *records, importing=True)
    return newsroom


@st.composite
def dates(draw):
    """An EDTF expression that is no period."""
    first = draw(st.sampled_from(TICKS))
    last = draw(st.integers(first, min(first + 2, TICKS[-1])))
    form = draw(st.sampled_from(["plain", "plain", "plain", "about", "before", "after"]))
    match form:
        case "about":
            return f"{tick(first)}~"
        case "before":
            return f"[..{tick(last)}]"
        case "after":
            return f"[{tick(first)}..]"
        case _:
            return tick(first) if first == last else f"[{tick(first)}..{tick(last)}]"


@st.composite
def periods(draw):
    """A period: a spell, or a beginning whose end is open or unknown."""
    first = draw(st.sampled_from(TICKS))
    begin = tick(first) + draw(st.sampled_from(["", "", "~"]))
    end = tick(draw(st.integers(first, TICKS[-1]))) + draw(st.sampled_from(["", "~"]))
    form = draw(st.sampled_from(["known", "known", "open", "unknown", "unknown", "since ever"]))
    match form:
        case "open":
            return f"{begin}/.."
        case "unknown":
            return f"{begin}/"
        case "since ever":
            return draw(st.sampled_from(["", ".."])) + f"/{end}"
        case _:
            return f"{begin}/{end}"


@st.composite
def whens(draw, kind):
    """A date that suits a type."""
    if kind in (*BEGINS, "happened") and draw(st.integers(0, 2)) == 0:
        return draw(periods())
    return draw(dates())


@st.composite
def reports(draw, kind):
    """The own fields of an event of some type."""
    # The first more often than the others, so that they meet.
    person = draw(st.sampled_from([PEOPLE[0], *PEOPLE]))
    place = draw(st.sampled_from([PLACES[0], PLACES[0], *PLACES]))
    match kind:
        case "joined" | "departed" | "appointed":
            role = draw(st.sampled_from(ROLES[2 * (kind == "appointed") :]))
            fields = {"person": person, "organisation": place, "role": role}
        case "merged":
            several = st.lists(st.sampled_from(PLACES), min_size=1, max_size=2, unique=True)
            fields = {"organisations": draw(several), "into": place}
        case "founded":
            fields = {"organisation": place, "parent": draw(st.sampled_from([None, *PLACES]))}
        case "renamed":
            fields = {"entity": place, "name": draw(st.sampled_from(["lab", "Lab"]))}
        case "dissolved":
            fields = {"organisation": place}
        case "released":
            fields = {"product": person, "organisation": place}
        case "withdrawn":
            fields = {"product": person, "organisation": draw(st.sampled_from([None, *PLACES]))}
        case "measured":
            fields = {"subject": place, "measure": "size", "value": draw(st.integers(1, 2))}
        case "began" | "became":
            value = draw(st.sampled_from(COLOURS))
            fields = {"subject": person, "property": "colour", "value": value}
            if draw(st.integers(0, 2)) == 0:
                fields["qualifiers"] = {"tone": draw(st.sampled_from(["dark", "light"]))}
        case "ended":
            value = draw(st.sampled_from([None, *COLOURS]))
            fields = {"subject": person, "property": "colour", "value": value}
        case _:
            fields = {"about": [person]}
    return {name: value for name, value in fields.items() if value is not None}


class Draft:
    """A log while it is drawn: enough is known of it that what comes next is admissible."""

    def __init__(self, draw):
        self.draw = draw
        self.records = []
        self.reads = {}
        self.retracted = set()
        self.groups = []
        self.merges = []

    def one_of(self, choices):
        return self.draw(st.sampled_from(list(choices)))

    def chance(self, of):
        return self.draw(st.integers(1, of)) == 1

    def several(self, choices, least, most):
        choices = st.sampled_from(list(choices))
        return self.draw(st.lists(choices, min_size=least, max_size=most, unique=True))

    def add(self, type, **fields):
        position = len(self.records) + 1
        stamp = f"2020-01-01T00:00:00.{position // 2:06d}Z"
        record = {"id": f"r{position}", "story": "story", "type": type, **fields}
        self.records.append({**record, "recorded_at": stamp})

    def links(self, ids):
        """One or two links to other events, or none."""
        links = {}
        for key in self.several(["after", "after", *LINKS][1:], 1, 1 if self.chance(2) else 2):
            link = {"id": self.one_of(ids)}
            if self.chance(2):
                link["within"] = f"PT0.00000{self.one_of([1, 2, 3])}S"
            links[key] = [link]
        return links

    def report(self, theme, linked):
        """An event; one of `linked` is after or before another."""
        kind = self.one_of(theme)
        fields = self.draw(reports(kind))
        told = None
        if self.reads and self.chance(3):
            # Another account of the same, it may be.
            told = self.reads[self.one_of(self.reads)]
            kind = told["type"]
            fields = {name: told[name] for name in sorted(told.keys() - {"type", "when", *LINKS})}
        if self.reads and self.chance(linked):
            fields = self.links(self.reads) | fields
        if told is not None and "when" in told and self.chance(2):
            fields = {"when": told["when"], **fields}
        elif not fields.keys() & {*LINKS} or not self.chance(3):
            fields = {"when": self.draw(whens(kind)), **fields}
        self.add(kind, **fields, sources=SOURCE)
        self.reads[self.records[-1]["id"]] = {"type": kind, **fields}

    def correct(self):
        standing = self.reads.keys() - self.retracted
        if not standing:
            return
        id = self.one_of(sorted(standing))
        reads = self.reads[id]
        others = [other for other in self.reads if other != id]
        changes = {}
        match self.one_of(["when", "links", "fields"]):
            case "when":
                changes = {"when": self.draw(whens(reads["type"]))}
                if reads.keys() & {*LINKS} and self.chance(2):
                    changes = {"when": None}
            case "links" if others:
                changes = self.links(others)
                if "when" in reads:
                    changes = self.one_of([changes, {"after": None}, {"before": None}])
            case _:
                changes = self.draw(reports(reads["type"]))
        self.reads[id] = {k: v for k, v in {**reads, **changes}.items() if v is not None}
        self.add("correction", corrects=id, changes=changes, reason="r")

    def amend(self, act):
        """One amendment, if there is something to amend in this way."""
        id = self.one_of(self.reads)
        match act:
            case "correct":
                self.correct()
            case "retract":
                self.retracted.add(id)
                self.add("retraction", retracts=id, reason="r")
            case "restore":
                id = self.one_of(sorted(self.retracted) or self.reads)
                self.retracted.discard(id)
                self.add("restoration", restores=id, reason="r")
            case "dispute":
                if self.groups and self.chance(2):
                    id = self.one_of(self.one_of(sorted(map(sorted, self.groups))))
                self.add("dispute", disputes=id, reason="r")
            case "confirm":
                self.add("confirmation", confirms=id, reason="r")
            case "conflict" if len(self.reads) > 1:
                between = self.several(self.reads, 2, 3)
                self.groups = joined([*self.groups, set(between)])
                self.add("conflict", between=between, reason="r")
            case "resolve" if self.groups:
                group = self.one_of(sorted(group) for group in self.groups)
                chosen, *others = self.draw(st.permutations(group))
                over = others[: self.draw(st.integers(0, len(others)))]
                agrees = others[len(over) :] if self.chance(3) else []
                named = {"over": over, "agrees": agrees}
                named = {name: ids for name, ids in named.items() if ids}
                self.add("resolution", chosen=chosen, **named, reason="r")
            case "resolve" if self.chance(4):
                self.add("resolution", chosen=id, reason="r")
            case "same":
                entities = self.several(self.one_of([PEOPLE, PLACES, PLACES]), 2, 2)
                name = self.one_of([{}, {}, {"as": entities[-1]}, {"as": self.one_of(PLACES)}])
                self.merges.append({*entities, name.get("as", entities[0])})
                self.add("same-entity", entities=entities, **name, reason="r")
            case "not-same":
                # Most tell apart what was joined; the others, whatever there is.
                merges = sorted(sorted(merge) for merge in self.merges)
                if merges and not self.chance(4):
                    apart = self.one_of(merges)[:2]
                else:
                    apart = sorted(self.several(ENTITIES, 2, 2))
                if len(apart) > 1:
                    self.merges = [merge for merge in self.merges if not {*apart} <= merge]
                    self.add("not-same-entity", entities=apart, reason="r")


@st.composite
def logs(draw, events: int = 5, most: int = 11, manners=MANNERS):
    """Records as `import` takes them: events and their amendments."""
    draft = Draft(draw)
    theme, manner = draft.one_of(THEMES), draft.one_of(manners)
    linked = 2 if manner is ORDERS else 4
    # Where accounts conflict, they come first, and then what is made of them.
    first = draw(st.integers(2, 4)) if "conflict" in manner else 2
    for _ in range(draw(st.integers(first, most))):
        early = len(draft.reads) < first
        if len(draft.reads) < events and (early or draft.chance(2)):
            draft.report(theme, linked)
        else:
            draft.amend(draft.one_of(manner))
    return draft.records
