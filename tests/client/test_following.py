"""Following a newsroom: each record once, in order, whatever breaks in between."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from itertools import islice
from threading import Thread

import httpx2
import pytest

import timeline
from tests.rooms import event
from tests.running import append, as_lines, command, environment, inside, json_lines
from tests.services import Service
from timeline.client.sse import ServerSentEvent, events_in
from timeline.errors import InputError, StoreError
from timeline.newsroom.api import NewsroomApi


def said(number: int, **more: object) -> dict[str, object]:
    """An event with an id by which it is told from others."""
    return event("happened", "2026-01", id=f"said-{number}", about=["lab"], **more)


def ids(records: Iterator[dict[str, object]], count: int) -> list[object]:
    """The ids of the records that come next."""
    return [record["id"] for record in islice(records, count)]


class TestTheStream:
    @pytest.fixture
    def lines(self, service: Service) -> Iterator[str]:
        """The lines of a stream that somebody resumes who has seen the first record."""
        append(service.room, *(said(number) for number in range(3)))
        headers = {
            "Authorization": f"Bearer {service.token}",
            "Last-Event-ID": "1",
            "Accept-Encoding": "gzip, br, zstd",
        }
        address = f"{service.url}/api/follow?after=0"
        with httpx2.stream("GET", address, headers=headers) as response:
            assert response.status_code == 200
            assert response.headers["content-type"].startswith("text/event-stream")
            assert "content-encoding" not in response.headers
            assert response.headers["cache-control"] == "no-store"
            yield response.iter_lines()

    def test_goes_on_after_the_last_event_with_the_bytes_of_the_log(
        self, service: Service, lines: Iterator[str]
    ) -> None:
        log = inside(service.room, "log", "--format", "jsonl").out.splitlines()
        expected = [":", ""]
        for position in (2, 3):
            expected += [
                f"id: {position}",
                "event: record",
                f"data: {log[position - 1]}",
                "",
            ]
        assert list(islice(lines, len(expected))) == expected

    def test_what_other_processes_append_comes_too(
        self, service: Service, lines: Iterator[str]
    ) -> None:
        assert len(list(islice(lines, 10))) == 10
        append(service.room, said(3))
        assert next(lines) == "id: 4"

    @pytest.mark.parametrize("asked", ["after=-1", "after=x", "before=3"])
    def test_a_place_that_is_none_is_refused(self, service: Service, asked: str) -> None:
        headers = {"Authorization": f"Bearer {service.token}"}
        response = httpx2.get(f"{service.url}/api/follow?{asked}", headers=headers)
        assert response.status_code == 400
        assert response.json()["problems"]

    def test_nobody_follows_without_a_token(self, service: Service) -> None:
        assert httpx2.get(f"{service.url}/api/follow").status_code == 401


class TestTheClient:
    def test_gets_each_record_once_and_in_order(
        self, service: Service, client: NewsroomApi
    ) -> None:
        append(service.room, *(said(number) for number in range(5)))
        records = client.follow(after=2)
        assert ids(records, 3) == ["said-2", "said-3", "said-4"]
        append(service.room, said(5), said(6))
        assert ids(records, 2) == ["said-5", "said-6"]

    def test_gets_what_comes_from_now_on(self, service: Service, client: NewsroomApi) -> None:
        append(service.room, said(0))
        status = client.status()["head"]
        assert status == 1
        coming = client.follow()
        heard: list[object] = []
        reader = Thread(target=lambda: heard.extend(ids(coming, 1)))
        reader.start()
        number = 1
        while not heard:  # It may begin to follow at any moment.
            append(service.room, said(number))
            number += 1
            reader.join(0.2)
        assert heard[0] != "said-0"

    def test_gets_only_one_story(self, service: Service, client: NewsroomApi) -> None:
        append(service.room, said(0), said(1, story="other"), said(2), said(3, story="other"))
        assert ids(client.follow(0, "other"), 2) == ["said-1", "said-3"]

    def test_reads_a_log_that_is_longer_than_what_is_kept_at_hand(
        self, service: Service, client: NewsroomApi
    ) -> None:
        append(service.room, *(said(number, body="x" * 5000) for number in range(300)))
        service.kill()
        append(service.room, *(said(number, body="x" * 5000) for number in range(300, 1300)))
        service.start()
        assert ids(client.follow(0), 1300) == [f"said-{number}" for number in range(1300)]

    def test_goes_on_by_itself_when_the_service_was_killed(
        self, service: Service, client: NewsroomApi
    ) -> None:
        append(service.room, said(0))
        broken: list[StoreError] = []
        records = client.follow(0, broken=lambda error, wait: broken.append(error))
        assert ids(records, 1) == ["said-0"]
        service.kill()
        append(service.room, said(1), said(2))
        service.start()
        assert ids(records, 2) == ["said-1", "said-2"]
        append(service.room, said(3))
        assert ids(records, 1) == ["said-3"]
        assert broken

    def test_goes_on_when_the_service_was_stopped_which_does_not_wait_for_it(
        self, service: Service, client: NewsroomApi
    ) -> None:
        append(service.room, said(0))
        records = client.follow(0)
        assert ids(records, 1) == ["said-0"]
        assert service.kill(signal.SIGTERM) in (0, -signal.SIGTERM)
        service.start()
        append(service.room, said(1))
        assert ids(records, 1) == ["said-1"]

    def test_is_let_go_when_its_token_is_revoked(self, service: Service) -> None:
        append(service.room, said(0))
        token = service.new_token("reader", "Grace")
        with timeline.open(service.url, token=token) as client:
            records = client.follow(0)
            assert ids(records, 1) == ["said-0"]
            id = token.split("_")[1]
            assert inside(service.room, "token", "revoke", id).code == 0
            append(service.room, said(1))
            with pytest.raises(InputError, match="token"):
                next(records)


class TestTheCommand:
    @pytest.mark.parametrize("where", ["directory", "service"])
    def test_prints_records_as_they_come(self, service: Service, where: str) -> None:
        append(service.room, said(0), said(1))
        room = service.room if where == "directory" else None
        words = command(room, "follow", "--after", 0, "--limit", 3, "--format", "jsonl")
        env = environment(TIMELINE_TOKEN=service.token)
        if where == "service":
            env["TIMELINE_LOG"] = service.url
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=env) as process:
            assert process.stdout is not None
            printed = [process.stdout.readline() for _ in range(2)]
            append(service.room, said(2))
            printed += process.stdout.readlines()
        assert process.returncode == 0
        assert "".join(printed) == inside(service.room, "log", "--format", "jsonl").out

    def test_follows_a_database(self, database: str) -> None:
        words = ("--log", database, "append", "--json", "-")
        given = as_lines(said(number) for number in range(3))
        assert inside(None, *words, given=given).code == 0
        done = inside(None, "--log", database, "follow", "--after", 0, "--limit", 3,
                      "--format", "jsonl")  # fmt: skip
        assert [record["id"] for record in json_lines(done.out)] == ["said-0", "said-1", "said-2"]

    @pytest.mark.parametrize("where", ["directory", "service"])
    def test_ends_quietly_when_it_is_interrupted(self, service: Service, where: str) -> None:
        process = self.following(service, where)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out, err) == (0, "", "")

    @pytest.mark.parametrize("where", ["directory", "service"])
    def test_ends_quietly_when_nobody_reads_any_more(self, service: Service, where: str) -> None:
        process = self.following(service, where)
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(60) == 128 + signal.SIGPIPE
        assert process.stderr is not None
        assert process.stderr.read() == ""
        process.stderr.close()

    def test_says_that_the_service_is_gone_and_goes_on_when_it_is_back(
        self, service: Service
    ) -> None:
        process = self.following(service, "service")
        service.kill()
        assert process.stderr is not None and process.stdout is not None
        assert "retrying in" in process.stderr.readline()
        append(service.room, said(1))
        service.start()
        assert "said-1" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        assert process.returncode == 0

    def following(self, service: Service, where: str) -> subprocess.Popen[str]:
        """A process that follows, and has printed its first record."""
        append(service.room, said(0))
        room = service.room if where == "directory" else None
        env = environment(TIMELINE_TOKEN=service.token)
        if where == "service":
            env["TIMELINE_LOG"] = service.url
        process = subprocess.Popen(
            command(room, "follow", "--after", 0, "--format", "jsonl"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=env,
        )
        assert process.stdout is not None
        assert "said-0" in process.stdout.readline()
        return process


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_events_are_read_however_they_are_cut(size: int) -> None:
    stream = (
        ': hello\n\nid: 1\nevent: record\ndata: {"é":1}\n\n:\n\nid:2\r\ndata:{}\r\n\r\nid: 3\n:\n\n'
    )
    octets = f"{stream}id: 4\ndata: cut of".encode()
    chunks = [octets[start : start + size] for start in range(0, len(octets), size)]
    assert list(events_in(chunks)) == [
        ServerSentEvent("1", '{"é":1}'),
        ServerSentEvent("2", "{}"),
        ServerSentEvent("3", None),
    ]
