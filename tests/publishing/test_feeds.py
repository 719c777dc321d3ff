"""The changes of a story in feed readers: JSON Feed 1.1 and Atom, by their own rules."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import feedparser
import pytest

from tests.publishing.editions import amendment, filled, json_file, publication, published
from tests.rooms import event

TUESDAY = "2026-03-03T09:00:00.000000Z"
WEDNESDAY = "2026-03-04T09:00:00.000000Z"
ATOM = "{http://www.w3.org/2005/Atom}"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@pytest.fixture
def room(tmp_path: Path) -> Path:
    return filled(
        tmp_path / "room",
        event(
            "joined",
            "2026-02",
            id="in",
            person="ann",
            organisation="lab",
            body="With *joy* & <b>pride</b>.",
            recorded_at=TUESDAY,
            recorded_by="asia-desk",
        ),
        {**publication("Tuesday"), "recorded_at": TUESDAY},
        {
            **amendment("correction", corrects="in", changes={"when": "2026-01"}),
            "recorded_at": WEDNESDAY,
            "recorded_by": "editor",
        },
    )


@pytest.fixture
def out(room: Path, tmp_path: Path) -> Path:
    url = "https://news.example/lab"
    return published(room, tmp_path / "out", "--as-known", 3, "--url", url)


def test_the_json_feed_keeps_the_rules_of_version_1_1(out: Path) -> None:
    feed = json_file(out, "feed.json")
    assert next(iter(feed)) == "version"
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"] and isinstance(feed["title"], str)
    assert feed["home_page_url"] == "https://news.example/lab/"
    assert feed["feed_url"] == "https://news.example/lab/feed.json"
    assert feed["language"] == "en"
    assert "author" not in feed
    _authors(feed)
    ids = [item["id"] for item in feed["items"]]
    assert len(ids) == len(set(ids)) == 2
    for item in feed["items"]:
        assert item.keys() <= {
            "id",
            "url",
            "title",
            "content_html",
            "date_published",
            "date_modified",
            "authors",
        }
        assert all(isinstance(item[key], str) for key in item.keys() - {"authors"})
        assert item["url"].startswith("https://news.example/lab/")
        assert RFC_3339.fullmatch(item["date_published"])
        assert item["date_published"] <= item["date_modified"]
        _authors(item)


def _authors(told: dict[str, Any]) -> None:
    assert all(author["name"] for author in told["authors"])


def test_a_correction_is_a_change_and_the_report_it_corrects_is_updated(out: Path) -> None:
    items = json_file(out, "feed.json")["items"]
    by_title = {item["title"]: item for item in items}
    correction = by_title["Correction: ann joins lab"]
    assert (
        "We dated it February 2026; the right date is January 2026." in correction["content_html"]
    )
    assert correction["authors"] == [{"name": "editor"}]
    assert correction["url"] == "https://news.example/lab/corrections.html#at-3"
    report = by_title["ann joins lab"]
    assert report["date_published"] == "2026-03-03T09:00:00Z"
    assert report["date_modified"] == "2026-03-04T09:00:00Z"
    assert report["url"] == "https://news.example/lab/#at-1"


def test_the_text_of_a_report_comes_as_html_that_can_do_nothing(out: Path) -> None:
    report = json_file(out, "feed.json")["items"][-1]["content_html"]
    assert "With <em>joy</em> &amp; &lt;b&gt;pride&lt;/b&gt;." in report
    assert '<a href="https://example.org/report" rel="noopener noreferrer">Example</a>' in report


def test_feed_readers_read_the_atom_feed_without_a_complaint(out: Path) -> None:
    read = feedparser.parse((out / "feed.atom").read_bytes(), sanitize_html=False)
    assert not read.bozo
    assert read.version == "atom10"
    assert read.feed.title == "Story"
    assert read.feed.link == "https://news.example/lab/"
    assert [entry.title for entry in read.entries].count("ann joins lab") == 1
    assert {entry.author for entry in read.entries} == {"asia-desk", "editor"}


def test_the_atom_feed_has_what_rfc_4287_asks_for(out: Path) -> None:
    feed = ElementTree.fromstring((out / "feed.atom").read_bytes())
    assert feed.tag == f"{ATOM}feed"
    for parent in (feed, *feed.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(parent.findall(f"{ATOM}{name}")) == 1
        assert UUID(str(parent.findtext(f"{ATOM}id")).removeprefix("urn:uuid:"))
        assert RFC_3339.fullmatch(str(parent.findtext(f"{ATOM}updated")))
        kinds = [link.get("rel") for link in parent.findall(f"{ATOM}link")]
        assert kinds.count("alternate") == 1
    assert [link.get("href") for link in feed.findall(f"{ATOM}link[@rel='self']")] == [
        "https://news.example/lab/feed.atom"
    ]
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    newest = max(str(each.findtext(f"{ATOM}updated")) for each in feed.iter(f"{ATOM}entry"))
    assert str(feed.findtext(f"{ATOM}updated")) >= newest


def test_an_entry_has_one_id_in_both_feeds_wherever_and_whenever_it_is_published(
    room: Path, out: Path, tmp_path: Path
) -> None:
    ids = {item["id"] for item in json_file(out, "feed.json")["items"]}
    feed = ElementTree.fromstring((out / "feed.atom").read_bytes())
    assert {each.findtext(f"{ATOM}id") for each in feed.iter(f"{ATOM}entry")} == ids
    first = json_file(published(room, tmp_path / "first"), "feed.json")
    assert {item["id"] for item in first["items"]} < ids


def test_without_an_address_links_lead_to_the_files_beside(room: Path, tmp_path: Path) -> None:
    out = published(room, tmp_path / "beside")
    assert json_file(out, "feed.json")["items"][0]["url"] == "index.html#at-1"
    read = feedparser.parse((out / "feed.atom").read_bytes())
    assert read.entries[0].link == "index.html#at-1"


def test_a_feed_ends_after_its_200_newest_changes(tmp_path: Path) -> None:
    many = [
        event("happened", "2026-01", about=["lab"], id=f"h{number}", recorded_at=TUESDAY)
        for number in range(210)
    ]
    out = published(filled(tmp_path / "many", *many), tmp_path / "out")
    assert len(json_file(out, "feed.json")["items"]) == 200
