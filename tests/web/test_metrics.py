"""What can be watched of a service."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.responses import StreamingResponse

from tests.rooms import event, file_newsroom, fill
from tests.web.rooms import service_at, token_of, visiting
from timeline.access.roles import Role
from timeline.newsroom.newsroom import Newsroom
from timeline.web.limits import Rates
from timeline.web.metrics import IndexLag


@pytest.fixture
def room(tmp_path):
    newsroom = file_newsroom(tmp_path)
    fill(newsroom, event("joined", "2026", person="ann", organisation="desk"))
    newsroom.close()
    return tmp_path


@pytest.fixture
def service(room):
    return service_at(room)


@pytest.fixture
def client(service):
    with visiting(service, token_of(service)) as found:
        yield found


def watched(client):
    """The metrics: name and labels → value."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_the_head_and_how_far_what_is_derived_is_behind(client):
    assert watched(client)["timeline_projection_lag", "effects"] == 1
    client.get("/api/snapshot/ann")
    found = watched(client)
    assert found["timeline_head",] == 1
    assert found["timeline_projection_lag", "effects"] == 0
    assert found["timeline_log_bytes",] > 0


def test_questions_are_counted_and_timed_by_view_and_never_by_what_they_ask(client):
    for entity in ("ann", "bob", "a%2Fb", "%00", "x" * 400):
        assert client.get(f"/api/snapshot/{entity}").status_code == 200
    client.get("/api/snapshot/ann?depth=0")
    client.get("/nowhere/at/all")
    client.get("/static/timeline.css")
    found = watched(client)
    snapshot = "/api/snapshot/{entity}"
    assert found["timeline_request_seconds_count", snapshot, "2xx", "GET"] == 5
    assert found["timeline_request_seconds_count", snapshot, "4xx", "GET"] == 1
    assert found["timeline_request_seconds_count", "4xx", "GET", "none"] == 1
    routes = {labels[1:] for labels in found if labels[0] == "timeline_request_seconds_count"}
    assert all("ann" not in "".join(labels) for labels in routes)
    assert len(routes) == 4


def test_methods_that_nobody_knows_are_one(client):
    for number in range(5):
        client.request(f"METHOD{number}", "/api/status")
    found = watched(client)
    assert found["timeline_request_seconds_count", "/api/status", "4xx", "other"] == 5


def test_what_is_refused_is_counted_by_reason(service):
    service = replace(service, rates=Rates(rate=0.001, burst=2))
    with visiting(service) as client:
        client.get("/api/status")
        client.headers["Authorization"] = f"Bearer {token_of(service)}"
        client.get("/api/status")
        client.get("/api/status")
        client.get("/api/status")
        text = service.metrics.text(0, 0, IndexLag("effects", 0)).decode()
    assert 'timeline_refused_total{reason="no-token"} 1.0' in text
    assert 'timeline_refused_total{reason="too-often"} 1.0' in text


def test_appends_are_timed(service, client):
    client.portal.call(service.executor.write, lambda newsroom: None)
    assert watched(client)["timeline_append_seconds_count",] == 1


def test_kept_replies_are_counted(client):
    for _ in range(3):
        client.get("/api/snapshot/ann?as_of=2026&as_known=1")
    assert watched(client)["timeline_kept_replies_total",] == 2


def test_bytes_are_counted_on_their_way_in_and_out(client):
    said = client.get("/api/status").content
    assert watched(client)["timeline_sent_bytes_total",] == len(said)


def test_followers_are_counted_while_they_follow(service, client):
    async def follow():
        following = service.feed.follow(0)
        await anext(following)
        during = service.metrics.text(0, 0, IndexLag("effects", 0))
        await following.aclose()
        return during

    assert b"timeline_followers 1.0" in client.portal.call(follow)
    assert watched(client)["timeline_followers",] == 0


def test_two_services_in_one_process_are_counted_apart(room, client):
    other = service_at(room)
    client.get("/api/status")
    with visiting(other, token_of(other)) as second:
        found = watched(second)
    assert ("timeline_request_seconds_count", "/api/status", "2xx", "GET") not in found


def test_the_process_is_watched_too(client):
    assert watched(client)["process_resident_memory_bytes",] > 0


def test_anybody_may_ask_whether_it_is_well(service):
    with visiting(service) as stranger:
        answer = stranger.get("/health")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "head": 1}
    assert answer.headers["cache-control"] == "no-store"


def test_it_is_not_well_when_the_log_has_not_been_read_for_a_while(service, monkeypatch):
    monkeypatch.setattr("timeline.web.feed.TOO_LONG", -1)
    with visiting(service) as stranger:
        answer = stranger.get("/health")
    assert answer.status_code == 503
    assert answer.json()["status"] == "failing"
    assert answer.headers["retry-after"]


def test_a_log_that_is_replaced_is_neither_written_nor_read(room, service):
    with visiting(service, token_of(service, Role.EDITOR)) as client:
        known = "/api/snapshot/ann?as_of=2026&as_known=1"
        assert client.get(known).status_code == 200
        shutil.copy(room / "log.sqlite", room / "backup.sqlite")
        (room / "backup.sqlite").rename(room / "log.sqlite")

        async def notice():
            while service.executor.replaced is None:
                await asyncio.sleep(0)
            return [each async for each in service.feed.follow(0)]

        # It gives out nothing that it has in memory either.
        assert client.portal.call(notice) == []
        for path in (known, "/api/follow?after=0", "/"):
            assert client.get(path).status_code == 503
        answer = client.post("/api/append", json=event("happened", "2026", about=["ann"]))
        assert answer.status_code == 503
        assert "removed or replaced" in answer.json()["detail"]
        answer = client.get("/health")
        assert answer.status_code == 503
        assert answer.json()["problems"] == ["the log was removed or replaced: restart the service"]


def test_it_is_not_well_when_nothing_can_be_appended(service, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with visiting(service) as stranger:
        answer = stranger.get("/health")
    assert answer.status_code == 503
    assert answer.json()["problems"] == ["nothing can be appended to the log"]


def test_a_last_record_in_the_future_is_a_warning_only(room, service):
    with Newsroom.open(room) as newsroom:
        ahead = {"id": "x", "recorded_at": "2206-01-01T00:00:00Z"}
        fill(newsroom, event("happened", "2026", about=["ann"], **ahead), importing=True)
    with visiting(service) as stranger:
        answer = stranger.get("/health")
    assert answer.status_code == 200
    (warning,) = answer.json()["warnings"]
    assert "2206-01-01T00:00:00.000000Z" in warning


def test_head_is_get_without_a_body(client):
    whole = client.get("/api/snapshot/ann?as_of=2026&as_known=1")
    head = client.head("/api/snapshot/ann?as_of=2026&as_known=1")
    assert head.status_code == 200
    assert head.content == b""
    for name in ("content-type", "etag", "cache-control", "content-length"):
        assert head.headers[name] == whole.headers[name]


def test_head_of_what_never_ends_ends(client):
    async def endless():
        while True:
            yield b"x"
            await asyncio.sleep(0)

    @client.app.get("/api/endless")
    async def route():
        return StreamingResponse(endless())

    assert client.head("/api/endless").status_code == 200
