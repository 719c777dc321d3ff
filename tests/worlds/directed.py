"""Random logs that aim at one thing each, where faults hide from logs about anything."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.rooms import SOURCE, event
from tests.worlds.logs import Draft, dates, periods, tick

ANN = {"person": "ann", "organisation": "lab"}
HER_ROLES = (None, "chief", "clerk")


def report(draft, type, when=None, **fields):
    """Add an event; its id."""
    dated = {"when": when} if when else {}
    draft.add(type, **fields, **dated, sources=SOURCE)
    id = draft.records[-1]["id"]
    draft.reads[id] = {"type": type, **fields, **dated}
    return id


def membership(draft, when, types=("joined", "departed", "appointed"), **links):
    """Ann joins, leaves or is appointed."""
    type = draft.one_of(types)
    role = draft.one_of(HER_ROLES[1:] if type == "appointed" else HER_ROLES)
    return report(draft, type, when, **ANN, **({"role": role} if role else {}), **links)


@st.composite
def rivalries(draw):
    """Three accounts of one thing, in one conflict or in two that share an account."""
    draft = Draft(draw)
    for _ in range(draw(st.integers(0, 2))):
        membership(draft, draw(dates()))
    types = draft.one_of([["joined"], ["departed"], ["joined", "departed", "appointed"]])
    days = [draw(dates()) for _ in range(2)]
    accounts = [membership(draft, draft.one_of(days), types) for _ in range(3)]
    if draft.chance(2):
        # What is placed by one of the accounts.
        links = {draft.one_of(["after", "before", "during"]): [{"id": draft.one_of(accounts)}]}
        membership(draft, None, ["departed", "joined"], **links)
    if draft.chance(3):
        draft.correct()
    for between in draft.one_of([[accounts], [accounts[:2], accounts[1:]]]):
        draft.groups = [set(accounts)]
        draft.add("conflict", between=list(between), reason="r")
    for _ in range(draw(st.integers(0, 2))):
        draft.amend(draft.one_of(["resolve", "retract", "restore", "dispute", "conflict"]))
    if draft.chance(3):
        membership(draft, draw(dates()))
    return draft.records


@st.composite
def spells(draw):
    """Terms of known, open and unknown ends, and ends and sets that come in between."""
    draft = Draft(draw)
    for number in range(draw(st.integers(2, 4))):
        if number == 0 or draft.chance(2):
            membership(draft, draw(periods()), ["joined", "appointed"])
        elif draft.chance(4):
            report(draft, "dissolved", draw(dates()), organisation="lab")
        else:
            membership(draft, draw(dates()))
    if draft.chance(2):
        draft.amend(draft.one_of(["dispute", "retract", "conflict", "correct"]))
    return draft.records


@st.composite
def chains(draw):
    """A few events in one component of order, two of them about one statement at least."""
    draft = Draft(draw)
    for number in range(draw(st.integers(3, 4))):
        links = draft.links(draft.reads) if number and not draft.chance(4) else {}
        first = draw(st.integers(1, 3))
        when = None if links and draft.chance(3) else f"[{tick(first)}..{tick(first + 2)}]"
        if number < 3 and draft.chance(4):
            report(draft, "happened", when or tick(first), about=["ann"], **links)
        else:
            when = when or (None if links else tick(first))
            membership(draft, when, ["joined", "departed", "departed"], **links)
    if draft.chance(2):
        draft.amend(draft.one_of(["dispute", "conflict", "correct", "retract"]))
    return draft.records


@st.composite
def merges(draw):
    """Entities that are joined twice or thrice, told apart and joined again, with their records."""
    draft = Draft(draw)
    for number in range(draw(st.integers(6, 10))):
        if number in (0, 1) or (len(draft.reads) < 4 and draft.chance(3)):
            person, place = draft.one_of(["ann", "bob"]), draft.one_of(["lab", "desk", "group"])
            fields = {"person": person, "organisation": place}
            report(draft, draft.one_of(["joined", "joined", "departed"]), draw(dates()), **fields)
        else:
            draft.amend(draft.one_of(["same", "same", "not-same", "correct"]))
    return draft.records


@st.composite
def takeovers(draw):
    """A firm that is sold over and over, as some say; what they say is amended, or in order."""
    records = []
    for number in range(draw(st.integers(4, 14))):
        into = draw(st.sampled_from(["north", "north", "south", "east"]))
        sold = {"subject": "firm", "property": "part-of"}
        merged = {"type": "merged", "into": into}
        forms = [
            {**merged, "organisations": ["firm"]},
            {**merged, "organisations": ["firm", "twin"]},
            {**sold, "type": "became", "value": into},
            {**sold, "type": "ended", "value": into},
            {**sold, "type": "ended"},
        ]
        record = event(when=draw(dates()), id=f"r{number}", **draw(st.sampled_from(forms)))
        if records and draw(st.integers(0, 4)) == 0:
            record["after"] = [{"id": records[-1]["id"]}]
        records.append(record)
    for id in draw(st.lists(st.sampled_from([each["id"] for each in records]), max_size=3)):
        changes = {"type": "correction", "corrects": id, "changes": {"when": draw(dates())}}
        amendment = draw(st.sampled_from([changes, {"type": "dispute", "disputes": id}]))
        records.append({"story": "story", "reason": "A slip.", **amendment})
    return records


@st.composite
def ends(draw):
    """Beginnings and ends of one membership on dates that overlap, and what may come between."""
    draft = Draft(draw)
    types = ["joined", "joined", "departed", "departed", "appointed", "appointed"]
    for _ in range(draw(st.integers(2, 4))):
        when = draw(periods()) if draft.chance(6) else draw(dates())
        kind = draft.one_of(types)
        if kind == "departed" and "/" in when:
            when = draw(dates())
        membership(draft, when, [kind])
    if draft.chance(4):
        report(draft, draft.one_of(["dissolved", "founded"]), draw(dates()), organisation="lab")
    for _ in range(draw(st.integers(0, 2))):
        draft.amend(draft.one_of(["dispute", "conflict", "resolve", "correct", "confirm"]))
    return draft.records


@st.composite
def periods_in_order(draw):
    """Periods of all kinds, and what came after, before or during them."""
    draft = Draft(draw)
    for number in range(draw(st.integers(2, 4))):
        links = draft.links(draft.reads) if number and not draft.chance(4) else {}
        when = draw(periods()) if draft.chance(2) else draw(dates())
        if draft.chance(2):
            report(draft, "happened", when, about=["ann"], **links)
        else:
            type = "joined" if "/" in when else draft.one_of(["joined", "departed"])
            membership(draft, when, [type], **links)
    if draft.chance(2):
        draft.amend(draft.one_of(["dispute", "conflict", "correct", "retract"]))
    return draft.records
