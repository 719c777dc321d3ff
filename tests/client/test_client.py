"""The client in Python: its methods answer what the commands print."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

import timeline
from tests.running import inside
from tests.services import Service
from timeline.errors import InputError, NotFoundError
from timeline.newsroom.api import NewsroomApi
from timeline.projections.log import Log
from timeline.projections.replay import Replay

AT = "2026-03-04"


@pytest.fixture
def asking(shipped: Service) -> Iterator[NewsroomApi]:
    """Asks the service with the shipped story."""
    with timeline.open(shipped.url, token=shipped.token) as client:
        yield client


@pytest.mark.parametrize(
    ("ask", "command"),
    [
        (lambda asks: asks.snapshot("qwen-team", as_of=AT), f"snapshot qwen-team --as-of {AT}"),
        (
            lambda asks: asks.snapshot("qwen-team", as_of=AT, as_known=100, depth=2),
            f"snapshot qwen-team --as-of {AT} --as-known 100 --depth 2",
        ),
        (lambda asks: asks.chronology("qwen", as_of=AT), f"chronology qwen --as-of {AT}"),
        (lambda asks: asks.why("lin-junyang", "member-of", as_of=AT),
         f"why lin-junyang member-of --as-of {AT}"),
        (lambda asks: asks.diff("qwen-team", as_known="10..100", as_of=AT),
         f"diff qwen-team --as-known 10..100 --as-of {AT}"),
        (lambda asks: asks.check(only=("single-source",), as_of=AT),
         f"check --only single-source --as-of {AT}"),
        (lambda asks: asks.show("lin-post-dated-0011", as_of=AT),
         f"show lin-post-dated-0011 --as-of {AT}"),
        (lambda asks: asks.entities("lin", kind="person"), "entities lin --kind person"),
        (lambda asks: asks.when("2026-03~"), "when 2026-03~"),
        (lambda asks: asks.status(), "status"),
        (lambda asks: asks.verify(), "verify"),
    ],
)  # fmt: skip
def test_a_method_answers_what_the_command_prints(
    shipped: Service, asking: NewsroomApi, ask: Callable[[NewsroomApi], Any], command: str
) -> None:
    assert ask(asking) == inside(shipped.room, *command.split(), "--format", "json").json()


@pytest.mark.parametrize("size", [1, 50, 138, 139, 1000])
def test_lists_are_read_to_their_end_in_parts(
    shipped: Service, asking: NewsroomApi, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("timeline.newsroom.remote.PAGE", size)
    first = 139 - 3 * size if size < 50 else 1
    words = ("--from", first, "--format", "jsonl")
    assert list(asking.entries(Log(first=first))) == inside(shipped.room, "log", *words).lines()
    steps = inside(shipped.room, "replay", "--as-of", AT, *words).lines()
    assert list(asking.entries(Replay(first=first, as_of=AT))) == steps


@pytest.mark.parametrize("limit", [1, 3, 4, 7])
def test_lists_are_cut_where_they_are_to_be(
    asking: NewsroomApi, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("timeline.newsroom.remote.PAGE", 3)
    found: list[Any] = list(asking.entries(Log(limit=limit)))
    assert [record["position"] for record in found] == list(range(1, limit + 1))


def test_what_is_not_there_is_told_from_what_cannot_be_read(asking: NewsroomApi) -> None:
    with pytest.raises(NotFoundError, match="no record"):
        asking.show("no-such-record")
    with pytest.raises(InputError) as wrong:
        asking.snapshot("qwen-team", as_of="13 o'clock on the never")
    assert not isinstance(wrong.value, NotFoundError)
    assert wrong.value.problems[0].hint


def test_remarks_are_told_to_who_wants_them(shipped: Service) -> None:
    notes: list[str] = []
    with timeline.open(shipped.url, token=shipped.token, note=notes.append) as client:
        client.snapshot("Lin Junyang", as_of=AT)
    assert notes == ["'Lin Junyang' is read as lin-junyang"]


def test_what_is_no_service_is_named(shipped: Service) -> None:
    room = timeline.open(f"{shipped.url}/elsewhere", token=shipped.token)
    with room, pytest.raises(InputError):
        room.status()
