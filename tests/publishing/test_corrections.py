"""What did our page say on Tuesday, and what was wrong in it?"""

from __future__ import annotations

from pathlib import Path

from tests.publishing.editions import (
    all_of,
    amendment,
    filled,
    page,
    publication,
    published,
    text_of,
)
from tests.rooms import event

TUESDAY = "2026-03-03T09:00:00.000000Z"
WEDNESDAY = "2026-03-04T09:00:00.000000Z"
THURSDAY = "2026-03-05T09:00:00.000000Z"
FRIDAY = "2026-03-06T09:00:00.000000Z"


def joined(id: str, **fields):
    more = {"person": "ann", "organisation": "lab", "recorded_at": TUESDAY, **fields}
    return event("joined", more.pop("when", "2026-02-01"), id=id, **more)


def on(day: str, *records):
    return [{**each, "recorded_at": day, "recorded_by": "the desk"} for each in records]


def log(directory: Path) -> list[str]:
    """The entries of the log, the newest first."""
    entries = all_of(page(directory, "corrections.html"), "ol", "corrections")
    return [text_of(each) for found in entries for each in all_of(found, "li")]


def notices(directory: Path) -> dict[str, list[str]]:
    """By the heading of a publication, what was wrong in it."""
    found: dict[str, list[str]] = {}
    for section in all_of(page(directory, "corrections.html"), "section"):
        for heading in all_of(section, "h3"):
            if "publication-" in heading.get("id", ""):
                found[text_of(heading)] = [text_of(each) for each in all_of(section, "li")]
    return found


def test_it_says_what_our_page_said_what_it_says_now_why_and_who_and_when(tmp_path: Path) -> None:
    room = filled(
        tmp_path / "room",
        joined("in"),
        *on(TUESDAY, publication("Tuesday")),
        *on(
            WEDNESDAY,
            amendment(
                "correction", corrects="in", changes={"when": "2026-01-31"}, severity="grave"
            ),
        ),
    )
    out = published(room, tmp_path / "out", "--as-known", 3)
    assert log(out) == [
        "Correction, 2026-03-04 09:00, UTC "
        "Our page said ann joins lab (1 February 2026, UTC) "
        "It now says ann joins lab (31 January 2026, UTC) "
        "What was wrong We dated it 1 February 2026; the right date is 31 January 2026. "
        "Published in Tuesday Why the desk erred Severity grave "
        "Recorded by the desk, 2026-03-04 09:00, UTC"
    ]


def test_each_publication_says_what_was_wrong_in_it_and_in_no_other(tmp_path: Path) -> None:
    room = filled(
        tmp_path / "room",
        joined("in"),
        *on(TUESDAY, publication("Tuesday")),
        *on(WEDNESDAY, amendment("correction", corrects="in", changes={"person": "bob"})),
        *on(WEDNESDAY, publication("Wednesday")),
        *on(THURSDAY, amendment("retraction", retracts="in")),
    )
    found = notices(published(room, tmp_path / "out", "--as-known", 5))
    assert [*found] == ["Wednesday, 2026-03-04 09:00, UTC", "Tuesday, 2026-03-03 09:00, UTC"]
    wednesday, tuesday = found.values()
    assert wednesday == [
        "Retraction, 5 March 2026: we reported “bob joins lab”. We have withdrawn that report. "
        "(Reason: the desk erred.)"
    ]
    assert tuesday == [wednesday[0].replace("bob", "ann")]


def test_the_page_of_tuesday_stays_as_it_was_whatever_came_after(tmp_path: Path) -> None:
    records = [joined("in"), *on(TUESDAY, publication("Tuesday"))]
    early = published(filled(tmp_path / "early", *records), tmp_path / "before")
    records += on(WEDNESDAY, amendment("retraction", retracts="in"))
    late = filled(tmp_path / "late", *records)
    (late / "timeline.toml").write_text((early.parent / "early" / "timeline.toml").read_text())
    again = published(late, tmp_path / "after", "--as-known", "publication:Tuesday")
    for file in early.iterdir():
        assert (again / file.name).read_bytes() == file.read_bytes(), file.name


def test_the_newest_correction_comes_first_and_a_restoration_is_one(tmp_path: Path) -> None:
    room = filled(
        tmp_path / "room",
        joined("in"),
        *on(TUESDAY, publication("Tuesday")),
        *on(WEDNESDAY, amendment("retraction", retracts="in")),
        *on(THURSDAY, amendment("restoration", restores="in", reason="it was so")),
    )
    restored, retracted = log(published(room, tmp_path / "out", "--as-known", 4))
    assert restored.startswith("Restoration, 2026-03-05 09:00, UTC Our page said ann joins lab")
    assert "We had retracted that report; it stands again." in restored
    assert "We have withdrawn that report." in retracted


def test_what_is_withdrawn_reads_as_nothing_now(tmp_path: Path) -> None:
    room = filled(
        tmp_path / "room",
        joined("in"),
        *on(TUESDAY, publication("Tuesday")),
        *on(WEDNESDAY, amendment("retraction", retracts="in")),
    )
    (retracted,) = log(published(room, tmp_path / "out", "--as-known", 3))
    assert "It now says nothing about this" in retracted


def test_where_another_account_was_chosen_the_page_says_that_one_now(tmp_path: Path) -> None:
    room = filled(
        tmp_path / "room",
        joined("ann"),
        joined("bob", person="bob"),
        *on(TUESDAY, amendment("conflict", between=["ann", "bob"])),
        *on(TUESDAY, publication("Tuesday")),
        *on(WEDNESDAY, amendment("resolution", chosen="bob", over=["ann"], reason="bob it was")),
    )
    (decided,) = log(published(room, tmp_path / "out", "--as-known", 5))
    assert decided.startswith("Decision between accounts")
    assert "Our page said ann joins lab" in decided
    assert "It now says bob joins lab" in decided
    assert "We now hold that “bob joins lab”." in decided


def test_what_nobody_had_published_needs_no_correction(tmp_path: Path) -> None:
    room = filled(
        tmp_path / "room",
        joined("early"),
        *on(TUESDAY, amendment("correction", corrects="early", changes={"person": "bob"})),
        *on(TUESDAY, publication("Tuesday")),
        joined("late", recorded_at=WEDNESDAY),
        joined("scheduled", when="2026-04-01", recorded_at=WEDNESDAY),
        *on(THURSDAY, publication("Thursday")),
        *on(FRIDAY, amendment("correction", corrects="scheduled", changes={"person": "eve"})),
    )
    out = published(room, tmp_path / "out", "--as-known", 7)
    assert log(out) == []
    assert "Nothing published has been corrected." in text_of(page(out, "corrections.html"))


def test_the_publications_of_other_stories_are_not_ours(tmp_path: Path) -> None:
    room = filled(
        tmp_path / "room",
        joined("in"),
        *on(TUESDAY, publication("elsewhere", story="other")),
        *on(WEDNESDAY, amendment("retraction", retracts="in")),
    )
    out = published(room, tmp_path / "out")
    assert "Nothing was published before" in text_of(page(out, "corrections.html"))


def test_what_was_corrected_in_another_story_bears_on_ours(tmp_path: Path) -> None:
    room = filled(
        tmp_path / "room",
        joined("in"),
        *on(TUESDAY, publication("Tuesday")),
        *on(WEDNESDAY, amendment("retraction", retracts="in", story="other")),
    )
    assert len(log(published(room, tmp_path / "out", "--as-known", 3))) == 1


def test_corrected_sources_are_a_correction_and_tags_are_none(tmp_path: Path) -> None:
    sources = [{"title": "The minutes"}]
    room = filled(
        tmp_path / "room",
        joined("in"),
        *on(TUESDAY, publication("Tuesday")),
        *on(WEDNESDAY, amendment("correction", corrects="in", changes={"sources": sources})),
        *on(WEDNESDAY, amendment("correction", corrects="in", changes={"tags": ["staff"]})),
    )
    (found,) = log(published(room, tmp_path / "out", "--as-known", 4))
    assert "The sources of that report have been corrected." in found


def test_what_was_called_by_another_name_then_is_given_as_it_was_printed(tmp_path: Path) -> None:
    room = filled(
        tmp_path / "room",
        joined("in"),
        {
            "story": "story",
            "type": "alias",
            "entity": "ann",
            "names": ["Ann Li"],
            "recorded_at": TUESDAY,
        },
        *on(TUESDAY, publication("Tuesday")),
        {
            "story": "story",
            "type": "alias",
            "entity": "ann",
            "names": ["Anne Lee"],
            "recorded_at": WEDNESDAY,
        },
        *on(WEDNESDAY, amendment("correction", corrects="in", changes={"when": "2026-01"})),
    )
    (found,) = log(published(room, tmp_path / "out", "--as-known", 5))
    assert "Our page said Ann Li joins lab" in found
    assert "It now says Anne Lee joins lab" in found
