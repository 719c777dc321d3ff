"""The desk: those who wait to append are written together, and only so many may wait."""

from __future__ import annotations

import asyncio
from threading import Event

import pytest

from tests.web.writing import told
from timeline.errors import InputError
from timeline.newsroom.append import Submission, Written
from timeline.newsroom.newsroom import Newsroom
from timeline.newsroom.validate_many import RawRecord
from timeline.web import executor as at
from timeline.web.budget import BusyError
from timeline.web.executor import Executor
from timeline.web.metrics import Metrics


def of(id: str, **more: object) -> Submission:
    return Submission([RawRecord(told(id, **more))], "ada")


@pytest.fixture
def desk(tmp_path):
    Newsroom.init(tmp_path / "room")
    desk = Executor(tmp_path / "room", Metrics())
    yield desk
    desk.close()


async def held(desk: Executor, *waiting: Submission) -> list[object]:
    """What becomes of submissions that come while the writer is held up; None is one given up."""
    free, begun = Event(), Event()

    def hold(newsroom: Newsroom) -> None:
        begun.set()
        assert free.wait(60)

    holding = asyncio.create_task(desk.write(hold))
    await asyncio.to_thread(begun.wait, 60)
    tasks = [asyncio.create_task(desk.append(each)) for each in waiting]
    await asyncio.sleep(0)  # They are in line before the writer goes on.
    gone = [task for task, each in zip(tasks, waiting, strict=True) if each.recorded_by is None]
    for task in gone:
        task.cancel()
    await asyncio.gather(*gone, return_exceptions=True)
    free.set()
    await holding
    return await asyncio.gather(*tasks, return_exceptions=True)


def test_those_who_wait_share_a_transaction_and_not_their_mistakes(desk, monkeypatch):
    together = []
    write_together = at.write_together
    monkeypatch.setattr(
        at,
        "write_together",
        lambda newsroom, clock, several: (
            together.append(len(several)) or write_together(newsroom, clock, several)
        ),
    )
    found = asyncio.run(held(desk, of("a"), of("b"), of("c", when="soon"), of("d")))
    assert together[0] == 4 and sum(together) == 4
    a, b, c, d = found
    assert isinstance(c, InputError)
    assert all(isinstance(each, Written) for each in (a, b, d))
    assert [each.entries[0].position for each in (a, b, d)] == [1, 2, 3]


def test_who_went_away_before_their_turn_has_appended_nothing(desk):
    given_up = Submission([RawRecord(told("b"))])
    found = asyncio.run(held(desk, of("a"), given_up, of("c")))
    assert isinstance(found[1], asyncio.CancelledError)
    kept = asyncio.run(desk.read(lambda newsroom: [each.id for each in newsroom.records()]))
    assert kept == ["a", "c"]


def test_only_so_many_may_wait(desk, monkeypatch):
    monkeypatch.setattr(at, "MOST_WAITING", 2)
    found = asyncio.run(held(desk, of("a"), of("b"), of("c")))
    assert isinstance(found[2], BusyError)
    assert [each.added for each in found[:2]] == [1, 1]
