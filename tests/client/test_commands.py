"""The commands say the same of a newsroom behind a service as of one in a directory."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

import timeline
from tests.running import inside
from tests.services import Service
from timeline.client.connection import Answered, Connection, Values
from timeline.newsroom.opening import open_log
from timeline.projections.question import QUESTIONS

AT = "--as-of 2026-03-04"

READING = [
    f"snapshot qwen-team {AT}",
    f"snapshot qwen-team {AT} --depth 2 --as-known 100",
    f"snapshot 'Lin Junyang' {AT}",
    f"snapshot nobody-at-all {AT}",
    f"snapshot 'a/b' {AT}",
    "map lin-junyang --as-known 120",
    f"why 'a/b%2F/c' '100%/d' {AT}",
    f"chronology {AT}",
    f"chronology qwen {AT} --as-known 2026-03-04",
    f"chronology qwem {AT}",
    f"chronology --entity lin-junyang {AT}",
    f"why qwen-team {AT}",
    f"why lin-junyang member-of {AT}",
    f"why lin-junyang member-off {AT}",
    f"diff qwen-team --as-known 10..100 {AT}",
    f"diff --as-known 10..100 {AT} --exit-code",
    "diff lin-junyang --as-of 2026-03-01..2026-03-09 --story qwen",
    f"replay {AT}",
    f"replay {AT} --limit 7 --from 20",
    f"replay {AT} --type joined --type departed --since 2020 --until 2027",
    f"check {AT}",
    f"check {AT} --only single-source --entity lin-junyang --stale-after P1D",
    "log",
    f"log --limit 3 {AT}",
    "log --story qwen --entity lin-junyang --type departed",
    "log --from 130 --as-known 137",
    f"show lin-post-dated-0011 {AT}",
    f"show no-such-record {AT}",
    "entities lin",
    "entities --kind person",
    "entities zzzz",
    "when 2026-03~",
    "when 'no date at all'",
    "verify",
    "log --type no-such-type",
    "snapshot qwen-team --as-known 99999",
]


@pytest.mark.parametrize("format", ["table", "json", "jsonl"])
@pytest.mark.parametrize("asked", READING)
def test_a_question_has_the_same_answer_from_a_service(
    shipped: Service, asked: str, format: str
) -> None:
    words = [*shlex.split(asked), "--format", format]
    assert shipped.asked_inside(*words) == inside(shipped.room, *words)


@pytest.mark.parametrize(
    "asked",
    ["export", "export --story qwen", "schema", "follow --after 130 --limit 4", "append --help"],
)
def test_the_log_is_the_same_from_a_service(shipped: Service, asked: str) -> None:
    words = shlex.split(asked)
    assert shipped.asked_inside(*words) == inside(shipped.room, *words)


def test_the_bytes_that_a_process_prints_are_the_same(shipped: Service) -> None:
    words = ("snapshot", "qwen-team", "--as-of", "2026-03-04", "--format", "json")
    assert shipped.asked(*words) == inside(shipped.room, *words)


def test_status_tells_of_the_service_log(shipped: Service) -> None:
    here = inside(shipped.room, "status", "--format", "json").json()
    assert shipped.asked_inside("status", "--format", "json").json() == here
    said = " ".join(shipped.asked_inside("status").out.split())
    assert f"{here['log']}, {here['bytes']:,} bytes" in said


def test_kept_answers_are_asked_again_of_a_service(shipped: Service, tmp_path: Path) -> None:
    words = ("snapshot", "qwen-team", "--as-of", "2026-03-04", "--format", "json")
    kept = tmp_path / "kept.json"
    kept.write_text(shipped.asked_inside(*words).out)
    done = shipped.asked_inside("replay", "--assert", kept, "--format", "json")
    assert done.code == 0
    assert done.json()["kept"][0]["unchanged"] is True


@pytest.mark.parametrize("asked", ["rebuild", "work --once", "serve", "token list", "init"])
def test_what_makes_sense_only_where_the_newsroom_is_kept_says_so(
    shipped: Service, asked: str
) -> None:
    done = shipped.asked_inside(*shlex.split(asked))
    assert done.code == 2
    assert "is a service" in done.err
    assert "where the newsroom is kept" in done.err or "on the machine of the service" in done.err


def test_own_types_and_the_zone_come_from_the_service(service: Service) -> None:
    config = service.room / "timeline.toml"
    config.write_text(
        'zone = "Asia/Shanghai"\n[types.docked]\nheadline = "{ship} docks"\n'
        'fields.ship = "entity!"\n'
    )
    service.kill()
    service.start()
    assert "docked" in service.asked_inside("append", "--help").out
    assert service.asked_inside("when", "2026", "--format", "json").json()["zone"] == (
        "Asia/Shanghai"
    )


class TestWhoAsks:
    def test_without_a_token_says_where_it_goes(self, shipped: Service) -> None:
        done = inside(None, "--log", shipped.url, "status")
        assert done.code == 2
        assert "TIMELINE_TOKEN" in done.err

    def test_a_token_can_be_in_a_file(self, shipped: Service, tmp_path: Path) -> None:
        file = tmp_path / "token"
        file.write_text(f"{shipped.token}\n")
        env = {"TIMELINE_TOKEN_FILE": str(file)}
        assert inside(None, "--log", shipped.url, "status", env=env).code == 0
        env["TIMELINE_TOKEN_FILE"] = str(tmp_path / "none")
        done = inside(None, "--log", shipped.url, "status", env=env)
        assert done.code == 2
        assert "cannot read the token" in done.err

    @pytest.mark.parametrize(
        ("address", "said"),
        [
            ("http://timeline.example.org", "is not encrypted"),
            ("https://ada:secret@timeline.example.org", "must not contain secrets"),
            ("https://timeline.example.org/?token=tl_x", "a query or a fragment"),
            ("https://", "not the address of a service"),
            ("https://timeline.example.org:port", "not an address"),
        ],
    )
    def test_an_address_that_would_tell_secrets_is_refused(self, address: str, said: str) -> None:
        done = inside(None, "--log", address, "status", env={"TIMELINE_TOKEN": "tl_x_y"})
        assert done.code == 2
        assert said in done.err
        assert "secret@" not in done.err


def test_a_service_that_is_not_there_is_a_failure_of_the_store(service: Service) -> None:
    service.kill()
    done = service.asked("status")
    assert done.code == 4
    assert "does not answer" in done.err


def test_the_whole_log_is_downloaded_as_it_is(shipped: Service) -> None:
    here, _ = open_log(shipped.room)
    with timeline.open(shipped.url, token=shipped.token) as room, room.whole() as whole:
        there = whole.store
        assert list(there.entries()) == list(here.entries())
        assert (there.head(), there.stories()) == (here.head(), here.stories())
    here.close()


# What each question is asked of the shipped story.
ASKED = {
    "log": "",
    "show": "qwen2-beta-released",
    "entities": "lin",
    "chronology": "",
    "snapshot": "qwen-team",
    "map": "lin-junyang",
    "holders": "tongyi-lab head",
    "why": "qwen-team",
    "diff": "--as-known 10..",
    "replay": "",
    "check": "",
    "when": "1984~",
    "status": "",
    "verify": "",
}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("format", ["table", "json", "jsonl"])
def test_a_question_is_one_request(
    shipped: Service, question: str, format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside that for the settings, which is made once a process, if at all."""
    sent: list[str] = []
    get = Connection.get

    def counted(self: Connection, path: str, values: Values | None = None) -> Answered:
        sent.append(path)
        return get(self, path, values)

    monkeypatch.setattr(Connection, "get", counted)
    shipped.asked_inside(question, *shlex.split(ASKED[question]), "--format", format)
    assert sent.count("/api/settings") <= 1
    (path,) = (each for each in sent if each != "/api/settings")
    assert path.split("/")[2] == question
