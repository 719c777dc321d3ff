"""The page of a story says what `timeline chronology` says, in words, to everybody."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from tests.publishing.editions import (
    HTML,
    PAGES,
    all_of,
    amendment,
    filled,
    page,
    publication,
    published,
    text_of,
)
from tests.rooms import event
from tests.running import inside


def told(**fields):
    return event("happened", fields.pop("when", "2026-03-03"), about=["lab"], **fields)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    room = filled(
        tmp_path / "room",
        told(
            id="fire",
            headline="The lab burns",
            body="It *burnt*.\n\n# Seen\n\n[by](https://a.example/)",
        ),
        told(id="vague", when="2026-03", headline="The lab is insured"),
        told(id="first", when="2026-04-01", headline="Ten were hurt"),
        told(id="second", when="2026-04-01", headline="Eleven were hurt"),
        amendment("conflict", id="rivals", between=["first", "second"]),
        told(id="after", when="2026-04-02", after=[{"id": "fire"}], headline="The lab reopens"),
        told(
            id="sourced",
            when="2026-05-01",
            headline="The lab closes",
            sources=[
                {
                    "url": "https://example.org/a?b=c&d=e",
                    "title": "The end",
                    "publisher": "Example",
                    "published": "2026-05-02",
                    "quote": "It is over.",
                    "attribution": "the director",
                }
            ],
        ),
        amendment(
            "correction", corrects="sourced", changes={"when": "2026-05-03"}, severity="minor"
        ),
        {"story": "story", "type": "alias", "entity": "ann", "names": ["Ann Lee"]},
        event("joined", "2026-06", person="ann", organisation="lab", id="ann-joins"),
    )
    return published(room, tmp_path / "out", "--as-of", "2027")


@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_right_html_with_a_language_a_title_and_landmarks(
    out: Path, name: str
) -> None:
    read = page(out, name)
    assert read.get("lang") == "en"
    assert text_of(next(all_of(read, "title")))
    assert len([*all_of(read, "main")]) == len([*all_of(read, "h1")]) == 1
    levels = [int(each.tag[-1]) for each in read.iter() if each.tag in _headings()]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def _headings() -> set[str]:
    return {f"{HTML}h{level}" for level in range(1, 7)}


@pytest.mark.parametrize("name", PAGES)
def test_every_link_within_leads_to_a_place_that_is_there(out: Path, name: str) -> None:
    places = {}
    for each in PAGES:
        ids = [found.get("id") for found in page(out, each).iter() if found.get("id")]
        assert len(ids) == len(set(ids))
        places[each] = set(ids)
    for link in all_of(page(out, name), "a"):
        address = link.get("href", "")
        if not address.startswith("https://"):
            file, _, place = address.partition("#")
            assert (out / (file or name)).is_file()
            assert not place or place in places[file or name], address


def test_the_page_says_what_it_is_as_of_and_as_known_at(out: Path) -> None:
    basis = text_of(next(all_of(page(out), "p", "basis")))
    assert re.match(r"At the end of 2027, as last known on .* 20\d\d; as known at @10 \(", basis)


def test_the_list_is_in_the_order_of_the_chronology(out: Path) -> None:
    listed = [text_of(each) for each in all_of(page(out), "h3")]
    assert listed == [
        "The lab is insured",
        "The lab burns",
        "Ten were hurt",
        "Eleven were hurt",
        "The lab reopens",
        "The lab closes",
        "Ann Lee joins lab",
    ]


def test_dates_are_said_as_what_they_are_and_possible_order_is_marked(out: Path) -> None:
    dates = [text_of(each) for each in all_of(page(out), "p", "when")]
    assert dates[:3] == [
        "March 2026",
        "3 March 2026, UTC possibly",
        "1 April 2026, UTC possibly (2 in no known order)",
    ]


def test_rival_accounts_stand_side_by_side(out: Path) -> None:
    beside = next(all_of(page(out), "ul", "beside"))
    assert [text_of(each) for each in all_of(beside, "li")] == [
        "This one: Ten were hurt (1 April 2026, UTC)",
        "Other account: Eleven were hurt (Example; 1 April 2026, UTC)",
    ]


def test_order_is_said_with_a_link_to_what_it_was_after(out: Path) -> None:
    (order,) = all_of(page(out), "p", "order")
    assert text_of(order) == "After The lab burns"
    assert next(all_of(order, "a")).get("href") == "#at-1"


def test_a_source_has_its_link_its_quote_and_who_says_so(out: Path) -> None:
    (closing,) = [each for each in all_of(page(out), "article") if each.get("id") == "at-7"]
    (source,) = all_of(next(all_of(closing, "ul", "sources")), "li")
    link = next(all_of(source, "a"))
    assert link.get("href") == "https://example.org/a?b=c&d=e"
    assert text_of(source) == (
        "The end (Example; 2 May 2026; attributed to the director) It is over."
    )


def test_a_correction_says_what_was_said_before_why_how_grave_and_by_whom(out: Path) -> None:
    (closing,) = [each for each in all_of(page(out), "article") if each.get("id") == "at-7"]
    (made,) = all_of(next(all_of(closing, "ul", "amendments")), "li")
    said = text_of(made)
    assert said.startswith("Correction (minor) ")
    assert "We dated it 1 May 2026; the right date is 3 May 2026." in said
    assert said.endswith("Reason: the desk erred")


def test_the_text_of_a_report_is_markdown_below_the_headings_of_the_page(out: Path) -> None:
    prose = next(all_of(page(out), "div", "prose"))
    assert [text_of(each) for each in all_of(prose, "em")] == ["burnt"]
    assert [text_of(each) for each in all_of(prose, "h4")] == ["Seen"]
    assert next(all_of(prose, "a")).get("href") == "https://a.example/"


def test_the_page_links_to_its_answer_and_names_its_digest(out: Path) -> None:
    digest = text_of(next(all_of(page(out), "code", "digest")))
    assert f'"digest": "{digest}"' in (out / "answer.json").read_text()


def test_the_answer_is_what_the_chronology_prints(tmp_path: Path, out: Path) -> None:
    asked = inside(
        tmp_path / "room",
        "chronology",
        "story",
        "--as-of",
        "2027",
        "--as-known",
        "10",
        "--format",
        "json",
    )
    assert asked.out == (out / "answer.json").read_text()


def test_a_story_of_which_nothing_is_known_yet_says_so(tmp_path: Path) -> None:
    room = filled(tmp_path / "empty", publication("soon"))
    read = page(published(room, tmp_path / "soon"))
    assert "Nothing is known to have happened." in text_of(read)


def test_where_the_page_will_be_put_makes_links_that_lead_there(tmp_path: Path, out: Path) -> None:
    placed = published(tmp_path / "room", tmp_path / "placed", "--url", "https://news.example/lab")
    (canonical,) = [each for each in all_of(page(placed), "link") if each.get("rel") == "canonical"]
    assert canonical.get("href") == "https://news.example/lab/"
    snippet = (placed / "embed.txt").read_text()
    assert 'src="https://news.example/lab/embed.html"' in snippet
    assert '<a href="https://news.example/lab/">Story</a>' in snippet
    assert "allow-scripts" not in snippet


def test_its_title_may_be_given(tmp_path: Path, out: Path) -> None:
    titled = published(tmp_path / "room", tmp_path / "titled", "--title", "Fire & <smoke>")
    assert text_of(next(all_of(page(titled), "h1"))) == "Fire & <smoke>"
    assert 'title="Fire &amp; &lt;smoke&gt;"' in (titled / "embed.txt").read_text()
