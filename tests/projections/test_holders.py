"""Who held an office when: certainly and possibly, as known then."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.rooms import event, fill, memory_newsroom
from tests.worlds.logs import PLACES, logs, newsroom_with, tick
from timeline.newsroom.newsroom import Newsroom

ALTMAN = {"person": "sam-altman", "organisation": "openai", "role": "CEO"}
MURATI = {"person": "mira-murati", "organisation": "openai", "role": "CEO"}
SHEAR = {"person": "emmett-shear", "organisation": "openai", "role": "CEO"}
NOVEMBER = [
    event("appointed", "2019-03", id="altman-first", **ALTMAN),
    event("departed", "2023-11-17", id="altman-out", **ALTMAN),
    event("appointed", "2023-11-17", id="murati-in", qualifiers={"interim": "yes"}, **MURATI),
    event("departed", "2023-11-20", id="murati-out", **MURATI),
    event("appointed", "2023-11-20", id="shear-in", **SHEAR),
    event("departed", "2023-11-22", id="shear-out", **SHEAR),
    event("appointed", "2023-11-22", id="altman-again", **ALTMAN),
]


@pytest.fixture
def newsroom() -> Newsroom:
    return memory_newsroom()


def office(holders: int | None = None, id: str = "one-ceo", **fields: Any) -> dict[str, Any]:
    declared = {"organisation": "openai", "role": "CEO", **fields}
    number = {} if holders is None else {"holders": holders}
    return {"story": "story", "type": "office", "id": id, **declared, **number}


def amendment(type: str, **fields: Any) -> dict[str, Any]:
    return {"story": "story", "type": type, **fields}


def asked(newsroom: Newsroom, role: str = "CEO", **times: str) -> Any:
    return newsroom.holders("openai", role, **times)


def people(answer: Any) -> list[tuple[str, str]]:
    return [(each["subject"], each["certainty"]) for each in answer["holders"]]


def noted(newsroom: Newsroom, *asking: Any, **times: str) -> list[str]:
    found: list[str] = []
    newsroom.note = found.append
    newsroom.holders(*asking, **times)
    return found


def test_five_days_in_november(newsroom):
    fill(newsroom, *NOVEMBER)
    answer = asked(newsroom)
    assert people(answer) == [
        ("sam-altman", "certain"),
        ("mira-murati", "certain"),
        ("emmett-shear", "certain"),
        ("sam-altman", "certain"),
    ]
    first, interim, _, again = answer["holders"]
    assert first["since"] == ["2019-03-01T00:00:00.000000Z", "2019-04-01T00:00:00.000000Z"]
    assert first["until"] == ["2023-11-17T00:00:00.000000Z", "2023-11-18T00:00:00.000000Z"]
    assert first["because"] == ["altman-first", "altman-out"] and first["sources"] == 1
    assert interim["qualifiers"] == {"role": "CEO", "interim": "yes"}
    assert again["because"] == ["altman-again"] and again["until"] is None


def test_when_it_was_certain_and_when_only_possible(newsroom):
    fill(newsroom, *NOVEMBER[:2])
    (term,) = asked(newsroom)["holders"]
    assert [(each["certainty"], each["valid"]) for each in term["stretches"]] == [
        ("possible", ["2019-03-01T00:00:00.000001Z", "2019-04-01T00:00:00.000000Z"]),
        ("certain", ["2019-04-01T00:00:00.000000Z", "2023-11-17T00:00:00.000001Z"]),
        ("possible", ["2023-11-17T00:00:00.000001Z", "2023-11-18T00:00:00.000000Z"]),
    ]


def test_only_those_who_hold_it_then(newsroom):
    fill(newsroom, *NOVEMBER)
    assert people(asked(newsroom, as_of="2023-11-18")) == [("mira-murati", "certain")]
    # On the day of the change, either may have it.
    assert people(asked(newsroom, as_of="2023-11-20T12:00")) == [
        ("mira-murati", "possible"),
        ("emmett-shear", "possible"),
    ]
    assert asked(newsroom, as_of="2018")["holders"] == []


def test_as_it_was_known_then(newsroom):
    fill(newsroom, *NOVEMBER)
    answer = asked(newsroom, as_of="2023-11-18", as_known="1")
    assert people(answer) == [("sam-altman", "certain")]
    assert answer["as_known"] == 1


def test_a_role_in_another_letter_case_is_the_same_role(newsroom):
    fill(newsroom, office(), event("joined", "2024", **{**ALTMAN, "role": "ceo"}))
    assert people(asked(newsroom, "Ceo")) == [("sam-altman", "certain")]
    assert asked(newsroom, "ceo")["office"] == {"holders": 1, "declared_by": "one-ceo"}


def test_a_holder_known_only_from_the_end_comes_at_the_end(newsroom):
    fill(newsroom, *NOVEMBER[2:4], event("departed", "2023-11-17", id="altman-out", **ALTMAN))
    assert people(asked(newsroom)) == [("sam-altman", "possible"), ("mira-murati", "certain")]


def test_rival_accounts_of_who_was_appointed_are_only_possible(newsroom):
    fill(
        newsroom,
        event("appointed", "2024", id="a", **ALTMAN),
        event("appointed", "2024", id="b", **MURATI),
        amendment("conflict", between=["a", "b"], reason="Two names."),
    )
    assert people(asked(newsroom)) == [("mira-murati", "possible"), ("sam-altman", "possible")]


def test_an_office_that_was_not_declared_has_no_limit(newsroom):
    fill(newsroom, event("joined", "2024", **ALTMAN), event("joined", "2024", **MURATI))
    answer = asked(newsroom)
    assert answer["office"] is None and answer["findings"] == []


def test_the_latest_declaration_counts_as_known_then(newsroom):
    fill(
        newsroom,
        office(),
        event("joined", "2024", id="a", **ALTMAN),
        event("joined", "2025", id="b", **MURATI),
        office(2, "co-ceos", role="ceo"),
    )
    assert asked(newsroom)["office"] == {"holders": 2, "declared_by": "co-ceos"}
    assert asked(newsroom)["findings"] == []
    then = asked(newsroom, as_known="3")
    assert then["office"] == {"holders": 1, "declared_by": "one-ceo"}
    assert [each["people"] for each in then["findings"]] == [["sam-altman", "mira-murati"]]
    assert asked(newsroom, as_known="3", as_of="2024")["findings"] == []


def test_the_offices_of_merged_organisations_are_one(newsroom):
    fill(
        newsroom,
        event("joined", "2024", **{**ALTMAN, "organisation": "open-ai"}),
        event("joined", "2025", **MURATI),
        office(3, "three", organisation="open-ai"),
        office(2, "two"),
        amendment("same-entity", id="one", entities=["openai", "open-ai"], reason="One firm."),
    )
    answer = asked(newsroom)
    assert people(answer) == [("sam-altman", "certain"), ("mira-murati", "certain")]
    assert answer["office"] == {"holders": 2, "declared_by": "two"}
    assert newsroom.holders("open-ai", "CEO")["office"] == answer["office"]
    fill(newsroom, amendment("not-same-entity", entities=["openai", "open-ai"], reason="No."))
    assert newsroom.holders("open-ai", "CEO")["office"]["declared_by"] == "three"
    assert people(asked(newsroom)) == [("mira-murati", "certain")]


def test_a_role_nobody_has_had_is_noted_with_the_nearest(newsroom):
    fill(
        newsroom,
        event("joined", "2024", **{**ALTMAN, "role": "chair of the board"}),
        event("joined", "2024", **{**MURATI, "role": "CTO"}),
    )
    assert noted(newsroom, "openai", "Chair of Board") == [
        "no record makes anyone Chair of Board of openai; did you mean chair of the board?"
    ]
    assert noted(newsroom, "openai", "secretary") == [
        "no record makes anyone secretary of openai; "
        "the roles recorded there: chair of the board, CTO"
    ]
    assert noted(newsroom, "openai", "cto", as_of="2001") == []


def test_an_unknown_organisation_is_noted_with_the_nearest(newsroom):
    fill(newsroom, *NOVEMBER)
    unknown, roleless = noted(newsroom, "openia", "CEO")
    assert "openia" in unknown and "openai" in unknown
    assert roleless == "no record gives anyone a role in openia"


@examples(150)
@given(logs(most=14), st.sampled_from(["1998", *map(tick, range(1, 5)), "2002"]))
def test_who_holds_a_role_at_a_time_is_what_a_snapshot_says(records, as_of):
    newsroom = newsroom_with(records)
    times = {"as_of": as_of, "as_known": str(len(records))}
    names = newsroom.names(newsroom.basis(*times.values()))
    for place in {names.canonical(each) for each in PLACES}:
        expected = {
            (each["subject"], *sorted(each["qualifiers"].items())): each
            for each in newsroom.snapshot(place, **times)["statements"]
            if each["value"] == place and each["qualifiers"].get("role") == "chief"
        }
        found = newsroom.holders(place, "chief", **times)["holders"]
        for term in found:
            said = {key: value for key, value in term.items() if key != "stretches"}
            assert said == expected.pop((term["subject"], *sorted(term["qualifiers"].items())))
        assert not expected
