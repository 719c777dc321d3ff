"""The files are written all or not at all, into a directory of their own, and always the same."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.publishing.editions import filled, published
from tests.rooms import event
from tests.running import environment, inside, timeline

FILES = {
    "index.html",
    "corrections.html",
    "embed.html",
    "embed.txt",
    "style.css",
    "feed.json",
    "feed.atom",
    "timeline.jsonld",
    "timelinejs.json",
    "answer.json",
}


@pytest.fixture
def room(tmp_path: Path) -> Path:
    return filled(tmp_path / "room", event("happened", "2026", about=["lab"], headline="Fire"))


def contents(directory: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in directory.iterdir()}


def test_the_program_writes_the_files_and_prints_what_goes_into_an_article(
    room: Path, tmp_path: Path
) -> None:
    done = inside(room, "publish", "story", tmp_path / "out")
    assert done.code == 0
    assert {*contents(tmp_path / "out")} == FILES
    assert (tmp_path / "out" / "embed.txt").read_text() in done.out
    assert "story has no publication yet: using the head of the log" in done.err
    assert "use --url to make them absolute" in done.err


def test_the_same_question_gives_the_same_bytes_at_another_time_in_another_place(
    room: Path, tmp_path: Path
) -> None:
    first = published(room, tmp_path / "first")
    done = inside(
        room,
        "publish",
        "story",
        tmp_path / "again",
        env={"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7"},
    )
    assert done.code == 0
    assert contents(first) == contents(tmp_path / "again")


def test_what_was_published_is_replaced_by_what_is_published_next(
    room: Path, tmp_path: Path
) -> None:
    out = published(room, tmp_path / "out")
    before = contents(out)
    published(room, out, "--title", "Another")
    assert {*contents(out)} == FILES
    assert contents(out) != before
    assert {each.name for each in tmp_path.iterdir()} == {"room", "out"}


@pytest.mark.parametrize("name", ["notes.txt", "index.html", ".htaccess"])
def test_a_directory_with_the_files_of_others_is_refused_and_left_alone(
    room: Path, tmp_path: Path, name: str
) -> None:
    other = tmp_path / "site"
    other.mkdir()
    (other / name).write_text("<h1>Ours</h1>")
    done = inside(room, "publish", "story", other)
    assert done.code == 2
    assert f"has files not written by `timeline publish`: {name}" in done.err
    assert contents(other) == {name: b"<h1>Ours</h1>"}


def test_a_file_that_somebody_put_beside_ours_is_not_lost(room: Path, tmp_path: Path) -> None:
    out = published(room, tmp_path / "out")
    (out / "logo.svg").write_text("<svg/>")
    before = contents(out)
    assert inside(room, "publish", "story", out).code == 2
    assert contents(out) == before


def test_a_link_to_a_directory_is_followed_and_stays(room: Path, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    published(room, tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert {*contents(tmp_path / "real")} == FILES


def test_a_file_is_no_directory(room: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    done = inside(room, "publish", "story", tmp_path / "file")
    assert done.code == 2
    assert "is not a directory" in done.err


def test_where_nothing_can_be_written_what_was_there_stays(room: Path, tmp_path: Path) -> None:
    parent = tmp_path / "parent"
    out = published(room, parent / "out")
    before = contents(out)
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    parent.chmod(0o500)
    done = inside(room, "publish", "story", out)
    parent.chmod(0o700)
    assert done.code == 4
    assert contents(out) == before


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=["full", "ctrl-c"]
)
@pytest.mark.parametrize("method", ["write_bytes", "replace"])
def test_what_was_there_stays_when_publishing_is_interrupted(
    room: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    error: BaseException,
) -> None:
    out = published(room, tmp_path / "out")
    before = contents(out)
    usual = getattr(Path, method)

    def failing(path: Path, *given: object) -> object:
        if path.name in ("answer.json", "new"):
            raise error
        return usual(path, *given)

    monkeypatch.setattr(Path, method, failing)
    done = inside(room, "publish", "story", out, "--title", "Another")
    assert done.code == (4 if isinstance(error, OSError) else 1)
    assert "No space left on device" in done.err or "Aborted" in done.err
    assert contents(out) == before
    assert {each.name for each in tmp_path.iterdir()} == {"room", "out"}


def test_a_story_that_is_not_there_is_refused_with_one_that_is(room: Path, tmp_path: Path) -> None:
    done = inside(room, "publish", "stori", tmp_path / "out")
    assert done.code == 2
    assert "did you mean story?" in done.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "url", ["example.org", "ftp://example.org/", "https://e.org/?a=b", "https://"]
)
def test_what_is_no_place_on_the_web_is_refused(room: Path, tmp_path: Path, url: str) -> None:
    done = inside(room, "publish", "story", tmp_path / "out", "--url", url)
    assert done.code == 2
    assert "is not an http or https URL" in done.err


def test_without_what_makes_pages_it_says_what_to_install(room: Path, tmp_path: Path) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "jinja2.py").write_text("raise ModuleNotFoundError(name='jinja2')")
    found = os.pathsep.join([str(hidden), environment().get("PYTHONPATH", "")])
    done = timeline(room, "publish", "story", tmp_path / "out", env={"PYTHONPATH": found})
    assert done.code == 2
    assert "pages need the package jinja2" in done.err
    assert "newsroom-timeline[web]" in done.err
