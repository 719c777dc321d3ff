"""The page in the words of schema.org."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pyld import jsonld

from tests.publishing.editions import (
    all_of,
    amendment,
    filled,
    json_file,
    page,
    publication,
    published,
)
from tests.rooms import event

SCHEMA = "https://schema.org/"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    room = filled(
        tmp_path / "room",
        event("happened", "2026-02-03", about=["lab"], headline="Fire", id="fire"),
        event("happened", "2026-05~", about=["lab"], headline="</script><b>", id="vague"),
        publication("Tuesday"),
        amendment("retraction", retracts="fire"),
        amendment("restoration", restores="fire"),
    )
    return published(room, tmp_path / "out", "--as-known", 5, "--url", "https://news.example/")


def expanded(linked: dict[str, Any]) -> Any:
    """The statements in it, where every word is looked up at schema.org without asking there."""

    def loader(url: str, options: object) -> dict[str, Any]:
        assert url == "https://schema.org"
        words = {"@context": {"@vocab": SCHEMA, "url": {"@type": "@id"}}}
        return {"contentType": None, "contextUrl": None, "documentUrl": url, "document": words}

    (found,) = jsonld.expand(linked, {"documentLoader": loader})
    return found


def test_it_is_an_article_about_events_in_order(out: Path) -> None:
    found = expanded(json_file(out, "timeline.jsonld"))
    assert found["@type"] == [f"{SCHEMA}Article"]
    (listed,) = found[f"{SCHEMA}mainEntity"]
    events = [each[f"{SCHEMA}item"][0] for each in listed[f"{SCHEMA}itemListElement"]]
    assert {event["@type"][0] for event in events} == {f"{SCHEMA}Event"}
    assert [event[f"{SCHEMA}name"][0]["@value"] for event in events] == ["Fire", "</script><b>"]
    assert events[0][f"{SCHEMA}url"] == [{"@id": "https://news.example/#at-1"}]


def test_only_an_exact_date_is_a_start_date_and_others_are_said_in_words(out: Path) -> None:
    listed = json_file(out, "timeline.jsonld")["mainEntity"]["itemListElement"]
    exact, vague = (each["item"] for each in listed)
    assert exact["startDate"] == "2026-02-03"
    assert "startDate" not in vague
    assert vague["description"].startswith(
        "some time between April and June 2026 (reported as about May)"
    )


def test_corrections_are_comments_of_that_kind(out: Path) -> None:
    found = json_file(out, "timeline.jsonld")["correction"]
    assert {each["@type"] for each in found} == {"CorrectionComment"}
    assert "We had retracted that report; it stands again." in found[0]["text"]


def test_the_page_carries_the_same_and_no_text_ends_it(out: Path) -> None:
    import orjson

    (script,) = all_of(page(out), "script")
    assert script.get("type") == "application/ld+json"
    assert orjson.loads(script.text or "") == json_file(out, "timeline.jsonld")
