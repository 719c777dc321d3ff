"""A newsroom in a database, from the command line."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from tests.running import inside, records_of

STORY = Path(__file__).parents[2] / "events" / "qwen.jsonl"


@pytest.fixture
def empty(databases):
    """The address of a database without a log."""
    url = databases()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA timeline CASCADE")
    return url


@pytest.fixture
def gazette(empty):
    """The address of a newsroom."""
    made = inside(None, "init", "--log", empty, "--name", "Gazette", "--zone", "Europe/Berlin")
    assert made.code == 0
    return empty


def test_a_newsroom_is_made_used_and_moved_by_its_address_alone(empty, tmp_path):
    assert inside(None, "--log", empty, "status").code == 4
    assert inside(None, "--log", empty, "init", "--zone", "Asia/Shanghai").code == 0
    assert inside(None, "--log", empty, "import", STORY).code == 0
    status = inside(None, "--log", empty, "status", "--format", "json").json()
    assert (status["head"], status["zone"]) == (213, "Asia/Shanghai")
    assert "postgresql" in status
    assert records_of(inside(None, "--log", empty, "export").out) == STORY.read_text("utf-8")
    assert inside(None, "--log", empty, "verify").code == 0


def test_a_question_is_answered_as_from_a_file(gazette, tmp_path):
    room = tmp_path / "room"
    assert inside(None, "init", room, "--zone", "Europe/Berlin").code == 0
    for where in ((room,), (None, "--log", gazette)):
        assert inside(*where, "import", STORY).code == 0
    for question in (
        ("snapshot", "qwen-team", "--as-of", "2026-03-04", "--depth", "2"),
        ("why", "lin-junyang", "--as-of", "2026-03-05"),
        ("diff", "qwen-team", "--as-of", "2026-03-01..2026-04-01"),
        ("chronology", "qwen", "--as-of", "2026-04-01"),
        ("replay", "--entity", "lin-junyang", "--as-of", "2026-03-05"),
        ("check", "--as-of", "2026-04-01"),
        ("entities", "--as-known", "100"),
        ("show", "qwen2-beta-released", "--as-of", "2026-04-01"),
        ("log",),
    ):
        of_file = inside(room, *question, "--format", "json")
        of_database = inside(None, "--log", gazette, *question, "--format", "json")
        assert of_database.out == of_file.out, question
        assert of_file.code == of_database.code


def test_the_address_can_come_from_the_environment_and_what_is_typed_goes_before(gazette, tmp_path):
    room = tmp_path / "room"
    assert inside(None, "init", room, "--name", "Room").code == 0
    env = {"TIMELINE_LOG": gazette}
    assert "Gazette" in inside(None, "status", env=env).out
    assert "Room" in inside(room, "status", env=env).out
    assert "give only one of them" in inside(room, "--log", gazette, "status").err


def test_a_directory_can_say_where_the_log_is_and_follows_the_database(gazette, tmp_path):
    room = tmp_path / "room"
    assert inside(None, "init", room, "--log", gazette).code == 0
    assert (room / "timeline.toml").read_text() == f'log = "{gazette}"\n'
    status = inside(room, "status", "--format", "json").json()
    assert (status["newsroom"], status["zone"]) == ("Gazette", "Europe/Berlin")
    assert inside(room, "import", STORY).code == 0
    assert inside(None, "--log", gazette, "status", "--format", "json").json()["head"] == 213
    assert not (room / "log.sqlite").exists()


def test_a_directory_that_says_otherwise_is_refused_until_it_is_made_the_rule(gazette, tmp_path):
    room = tmp_path / "room"
    assert inside(None, "init", room, "--log", gazette).code == 0
    (room / "timeline.toml").write_text(f'name = "Tea"\nzone = "Asia/Tokyo"\nlog = "{gazette}"\n')
    refused = inside(room, "status")
    assert refused.code == 2
    assert "differ from those in the database" in refused.err
    assert inside(None, "init", room).code == 0
    assert "Asia/Tokyo" in inside(room, "status").out
    assert "Asia/Tokyo" in inside(None, "--log", gazette, "status").out


def test_a_newsroom_in_a_file_is_not_made_one_in_a_database(gazette, tmp_path):
    room = tmp_path / "room"
    assert inside(None, "init", room).code == 0
    refused = inside(None, "init", room, "--log", gazette)
    assert refused.code == 2
    assert "is a newsroom already" in refused.err


@pytest.mark.parametrize("url", ["ftp://example.org/log", "log.sqlite", "mysql://host/log"])
def test_another_kind_of_address_is_refused(url, tmp_path):
    refused = inside(None, "--log", url, "status")
    assert refused.code == 2
    assert "such as https://timeline.example.org or postgresql://host/database" in refused.err


def test_a_question_waits_for_a_position_or_says_that_it_is_not_there(gazette, monkeypatch):
    monkeypatch.setattr("timeline.newsroom.newsroom.Newsroom.wait_for.__defaults__", (0.05,))
    assert inside(None, "--log", gazette, "import", STORY).code == 0
    asked = ("chronology", "qwen", "--at-least")
    assert inside(None, "--log", gazette, *asked, "213").code == 0
    refused = inside(None, "--log", gazette, *asked, "214")
    assert refused.code == 4
    assert "the log is at position 213, and not at 214" in refused.err
