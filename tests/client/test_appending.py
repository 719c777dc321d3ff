"""Appending through a service: nothing is there twice, and nothing acknowledged is lost."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx2
import pytest

import timeline
from tests.rooms import event
from tests.running import append, as_lines, inside, json_lines, records_of
from tests.services import Service
from timeline.errors import ConflictError, InputError, UnreachableError
from timeline.newsroom.api import NewsroomApi
from timeline.newsroom.remote import RemoteNewsroom
from timeline.records.jsonl import content_of


def said(number: object, **more: object) -> dict[str, Any]:
    """An event with an id by which it is told from others."""
    return event("happened", "2026-01", id=f"said-{number}", about=["lab"], **more)


# The times at which records are made, and the ids that they are then given.
MADE = re.compile(r"20\d\d-\d\d-\d\d[T ][0-9:.]+Z?|[0-9a-f]{8}-[0-9a-f-]{27}")


def without_times(text: str) -> str:
    """What was printed, without what differs each time."""
    return MADE.sub("…", text)


class TestTheClient:
    def test_appends_all_or_nothing(self, client: NewsroomApi) -> None:
        rows = client.append_all([said(0), said(1, story="other")]).records
        assert [(row["id"], row["position"], row["version"]) for row in rows] == [
            ("said-0", 1, 1),
            ("said-1", 2, 1),
        ]
        with pytest.raises(InputError) as wrong:
            client.append_all([said(2), {"story": "story", "type": "joined"}, {"type": "none"}])
        assert {problem.line for problem in wrong.value.problems} == {2, 3}
        assert client.status()["head"] == 2

    def test_gives_records_their_ids_before_it_sends_them(self, client: NewsroomApi) -> None:
        record = said(0)
        del record["id"]
        (row,) = client.append_all([record]).records
        assert len(row["id"]) == 36
        assert "id" not in record

    def test_appends_the_same_once_only(self, client: NewsroomApi) -> None:
        first, again = (client.append_all([said(0)]) for _ in range(2))
        assert first.records == again.records
        assert client.status()["head"] == 1

    def test_tries_without_writing(self, client: NewsroomApi) -> None:
        (row,) = client.append_all([said(0)], dry_run=True).records
        assert row["position"] == 1
        assert client.status()["head"] == 0

    def test_says_who_came_between(self, client: NewsroomApi) -> None:
        client.append_all([said(0)])
        with pytest.raises(ConflictError) as conflict:
            client.append_all([said(1)], expected={"story": 0})
        assert conflict.value.stories == (("story", 0, 1),)
        assert [row["id"] for row in conflict.value.between] == ["said-0"]
        client.append_all([said(1)], expected={"story": 1})

    def test_may_do_what_its_token_may(self, service: Service, client: NewsroomApi) -> None:
        client.append_all([said(0)])
        amendment = {"story": "story", "type": "retraction", "retracts": "said-0", "reason": "no"}
        with timeline.open(service.url, token=service.new_token("reporter", "Grace")) as reporter:
            with pytest.raises(InputError, match="editor"):
                reporter.append_all([amendment])
            reporter.append_all([said(1)])
        client.append_all([amendment])
        signed = [record["recorded_by"] for record in client.log()["records"]]
        assert signed == ["Ada Lovelace", "Grace", "Ada Lovelace"]

    def test_sends_again_what_was_cut_off_and_appends_it_once(
        self, service: Service, client: NewsroomApi, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        http = client.connection._http
        send, lost = http.send, iter([True])

        def losing(request: httpx2.Request, **how: Any) -> httpx2.Response:
            response = send(request, **how)
            if request.method == "POST" and next(lost, False):
                raise httpx2.RemoteProtocolError("cut off", request=request)
            return response

        monkeypatch.setattr(http, "send", losing)
        (row,) = client.append_all([said(0)]).records
        assert row["position"] == 1
        assert [record["id"] for record in client.log()["records"]] == ["said-0"]

    def test_says_when_nobody_answers(self, service: Service) -> None:
        with timeline.open(service.url, token=service.token, patience=0) as client:
            service.kill()
            with pytest.raises(UnreachableError):
                client.append_all([said(0)])

    def test_loses_nothing_that_was_acknowledged_when_the_service_is_killed(
        self, service: Service, client: NewsroomApi
    ) -> None:
        """One appends and one follows while the service is killed three times."""
        count, kills = 60, 3
        acknowledged: list[str] = []
        due = [Event() for _ in range(kills)]

        def write() -> None:
            for number in range(count):
                (row,) = client.append_all([said(number)]).records
                acknowledged.append(row["id"])
                if number % (count // kills) == 5:
                    due[number // (count // kills)].set()

        followed: list[str] = []

        def follow() -> None:
            with timeline.open(service.url, token=service.token) as following:
                seen = islice(following.follow(0), count)
                followed.extend(record["id"] for record in seen)

        threads = [Thread(target=write), Thread(target=follow)]
        for thread in threads:
            thread.start()
        for each in due:
            assert each.wait(120)
            service.kill()
            service.start()
        for thread in threads:
            thread.join(120)
        expected = [f"said-{number}" for number in range(count)]
        assert acknowledged == expected
        assert followed == expected
        assert [record["id"] for record in client.log()["records"]] == expected


class TestTheCommands:
    """What appends prints the same through a service; `--by` is what a directory needs besides."""

    @pytest.fixture
    def pair(self, service: Service, tmp_path: Path) -> tuple[Service, Path]:
        """A newsroom behind a service, and another one in a directory that is like it."""
        other = tmp_path / "other"
        assert inside(None, "init", other).code == 0
        records = [said(0), event("joined", "2026-01", id="in", person="ada",
                                      organisation="lab", role="lead")]  # fmt: skip
        for room in (service.room, other):
            append(room, *records)
        return service, other

    def both(self, pair: tuple[Service, Path], *words: object, given: bytes = b"") -> str:
        """Do the same in both; what was printed, which must be the same."""
        service, other = pair
        there = service.asked_inside(*words, given=given)
        here = inside(other, *words, given=given, env={"TIMELINE_BY": "Ada Lovelace"})
        assert without_times(there.out) == without_times(here.out)
        assert without_times(there.err) == without_times(here.err)
        assert there.code == here.code
        return there.out + there.err

    def test_append_and_amend(self, pair: tuple[Service, Path]) -> None:
        joined = ("append", "joined", "--story", "story", "--person", "lin", "--organisation",
                  "lab", "--when", "2026-02", "--source", "https://example.org")  # fmt: skip
        assert "would append" in self.both(pair, *joined, "--id", "lin-in", "--dry-run")
        assert "appended lin-in at @3" in self.both(pair, *joined, "--id", "lin-in")
        self.both(pair, *joined, "--id", "lin-in", "--expect", 1)
        self.both(pair, *joined, "--id", "another", "--expect", 1)
        self.both(pair, *joined, "--id", "other-lab", "--organisation", "labb")
        self.both(pair, "correct", "lin-in", "when=2026-03", "--reason", "a slip")
        self.both(pair, "correct", "lin-in", "person:=null", "--reason", "a slip")
        self.both(pair, "retract", "in", "--reason", "it was not so")
        self.both(pair, "retract", "in", "--reason", "it was not so", "--id", "twice")
        self.both(pair, "restore", "in", "--reason", "it was so")
        self.both(pair, "dispute", "in", "--reason", "who says so?")
        self.both(pair, "confirm", "none", "--reason", "who says so?")
        self.both(pair, "conflict", "in", "lin-in", "--reason", "one of them")
        self.both(pair, "resolve", "in", "--over", "lin-in", "--reason", "the memo", "--id", "r")
        self.both(pair, "append", "publication", "--story", "story", "--name", "first",
                  "--id", "p")  # fmt: skip
        self.both(pair, "append", "same-entity", "--story", "story", "--entities", "lab,labb",
                  "--reason", "a slip", "--id", "same")  # fmt: skip
        service, other = pair
        here = json_lines(inside(other, "log", "--format", "jsonl").out)
        there = json_lines(service.asked_inside("log", "--format", "jsonl").out)
        made = ("recorded_at", "id", "recorded_by")
        plain = [{k: v for k, v in each.items() if k not in made} for each in here]
        assert [{k: v for k, v in each.items() if k not in made} for each in there] == plain

    def test_json_lines(self, pair: tuple[Service, Path]) -> None:
        lines = as_lines(said(number) for number in range(5))
        assert "appended 4 records; 1 already there" in self.both(
            pair, "append", "--json", "-", given=lines
        )
        self.both(pair, "append", "--json", "-", "--dry-run", given=as_lines([said(7)]))
        self.both(pair, "append", "--json", "-", given=b'{"type": "none"}\n[]\n')
        self.both(pair, "append", "--json", "-", "--expect", "story=1", given=as_lines([said(8)]))

    def test_what_others_appended_meanwhile_comes_before(
        self, service: Service, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The place that is told is the place in the log."""
        sent = RemoteNewsroom.append_items

        def later(self: RemoteNewsroom, *given: Any, **how: Any) -> Any:
            append(service.room, said("between"))
            return sent(self, *given, **how)

        monkeypatch.setattr(RemoteNewsroom, "append_items", later)
        done = service.asked_inside("append", "--json", "-", given=as_lines([said(0)]))
        assert done.out == "appended said-0 at @2, story version 2\n"

    def test_nobody_signs_for_somebody_else(self, service: Service) -> None:
        words = ("append", "happened", "--story", "story", "--about", "lab", "--when", "2026",
                 "--source", "https://example.org")  # fmt: skip
        done = service.asked_inside(*words, "--by", "Grace Hopper")
        assert done.code == 2
        assert "you append as" in done.err
        assert service.asked_inside(*words, "--by", "Ada Lovelace").code == 0

    def test_a_portable_log_is_imported_as_it_is(self, service: Service, tmp_path: Path) -> None:
        file = Path(__file__).parents[2] / "events" / "qwen.jsonl"
        done = service.asked_inside("import", file)
        assert (done.code, done.out) == (0, "imported 213 records; the head is at 213\n")
        again = service.asked_inside("import", file).out
        assert again == "imported 0 records, 213 were already in the log; the head is at 213\n"
        assert records_of(service.asked_inside("export").out) == file.read_text("utf-8")

    def test_who_may_not_import_is_told_so(self, service: Service) -> None:
        line = as_lines([{**said(0), "recorded_at": "2026-01-01T00:00:00Z"}])
        token = service.new_token("editor", "Grace")
        done = service.asked("import", "-", given=line, token=token)
        assert done.code == 2
        assert "admin" in done.err


def test_what_the_service_keeps_is_what_was_sent(service: Service, client: NewsroomApi) -> None:
    client.append_all([said(0, body="é \u2028 \x01 “”")])
    (entry,) = client.whole().store.entries()
    assert content_of(entry)["body"] == "é \u2028 \x01 “”"
