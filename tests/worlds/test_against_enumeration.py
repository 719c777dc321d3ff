"""Law 2: the closed form equals the definition, by brute force over small worlds."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rooms import fill, happening, memory_newsroom, state
from tests.worlds.oracle import Act, answers

TICKS = range(1, 7)
PEOPLE = ("ann", "bob")
PLACES = ("desk", "lab")
ROLES = (None, "chief", "clerk")


def tick(number: int) -> str:
    """One microsecond as EDTF."""
    return f"2000-01-01T00:00:00.{number:06d}Z"


@st.composite
def dates(draw):
    """An EDTF expression and the instants that it leaves possible."""
    first = draw(st.sampled_from(TICKS))
    last = draw(st.integers(first, min(first + 2, TICKS[-1])))
    if first == last:
        return tick(first), range(first, first + 1)
    return f"[{tick(first)}..{tick(last)}]", range(first, last + 1)


@st.composite
def periods(draw):
    """A period: its text, the instants of its beginning, those of its end, and whether
    the end is unknown."""
    first = draw(st.sampled_from(TICKS))
    last = draw(st.integers(first, TICKS[-1]))
    begin = f"{tick(first)}~" if draw(st.booleans()) else tick(first)
    end = f"{tick(last)}~" if draw(st.booleans()) else tick(last)
    begins = range(first - 1, first + 2) if begin.endswith("~") else range(first, first + 1)
    ends = range(last - 1, last + 2) if end.endswith("~") else range(last, last + 1)
    match draw(st.sampled_from(["known", "known", "open", "unknown"])):
        case "open":
            return f"{begin}/..", begins, None, False
        case "unknown":
            return f"{begin}/", begins, None, True
        case _:
            return f"{begin}/{end}", begins, ends, False


@st.composite
def reports(draw, position: int):
    """One happening as a record, and as the oracle's act."""
    kind = draw(
        st.sampled_from(
            ["joined", "departed", "appointed", "became", "began", "ended", "merged", "dissolved"]
        )
    )
    person, place = draw(st.sampled_from(PEOPLE)), draw(st.sampled_from(PLACES))
    role = draw(st.sampled_from(ROLES))
    when, instants = draw(dates())
    until, unknown = None, False
    if kind in ("joined", "appointed", "became", "began", "merged") and draw(st.booleans()):
        when, instants, until, unknown = draw(periods())
    spell = until is not None
    carried = {"role": role} if role else {}
    member = (person, "member-of", place, role)
    match kind:
        case "joined":
            record = {"person": person, "organisation": place, **carried}
            act = Act(position, instants, member, until=until, end_unknown=unknown)
        case "departed":
            record = {"person": person, "organisation": place, **carried}
            act = Act(position, instants, ends=(member,))
        case "appointed":
            role = role or "chief"
            record = {"person": person, "organisation": place, "role": role}
            member = (person, "member-of", place, role)
            others = None if spell else member
            act = Act(
                position, instants, member, other_roles=others, until=until, end_unknown=unknown
            )
        case "merged":
            record = {"organisations": [place], "into": "group"}
            part = (place, "part-of", "group", None)
            act = Act(
                position, instants, part, exclusive=not spell, until=until, end_unknown=unknown
            )
        case "dissolved":
            record = {"organisation": place}
            act = Act(
                position,
                instants,
                ends=((place, None, None, None), (None, None, place, None)),
            )
        case "ended":
            value = draw(st.sampled_from([None, "red", "blue"]))
            record = {"subject": person, "property": "colour"}
            if value:
                record["value"] = value
            act = Act(position, instants, ends=((person, "colour", value, None),))
        case _:
            value = draw(st.sampled_from(["red", "blue", "desk"]))
            record = {"subject": person, "property": "colour", "value": value}
            statement = (person, "colour", value, None)
            exclusive = kind == "became" and not spell
            act = Act(
                position,
                instants,
                statement,
                exclusive=exclusive,
                until=until,
                end_unknown=unknown,
            )
    return happening(kind, when, **record), act


@st.composite
def logs(draw):
    """A few reports."""
    return [draw(reports(position)) for position in range(1, draw(st.integers(1, 5)) + 1)]


@settings(max_examples=600, deadline=None)
@given(logs())
def test_certain_and_possible_are_what_the_worlds_say(log):
    newsroom = memory_newsroom()
    fill(newsroom, *(record for record, _ in log))
    acts = [act for _, act in log]
    for at in range(TICKS[-1] + 3):
        expected = answers(acts, at)
        found = {}
        for entity in (*PEOPLE, *PLACES, "group"):
            for entry in state(newsroom, entity, as_of=tick(at - 1) if at else "1999")[
                "statements"
            ]:
                key = (entry["subject"], entry["property"], entry["value"])
                found[(*key, entry["qualifiers"].get("role"))] = entry["certainty"]
        assert found == expected, f"at {at}"
