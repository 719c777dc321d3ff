"""A log that is removed or replaced under a process that has it open: nothing is lost."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.rooms import event, fill
from tests.running import append, inside
from timeline.errors import StoreError, StoreReplacedError
from timeline.newsroom.newsroom import Newsroom


def record(id: str) -> dict[str, object]:
    return event("happened", "2026", id=id, about=["lab"])


def remove(room: Path) -> None:
    """`rm log.sqlite*`"""
    for each in room.glob("log.sqlite*"):
        each.unlink()


def remove_journal(room: Path) -> None:
    """`rm log.sqlite-wal`, which has the last records."""
    (room / "log.sqlite-wal").unlink()


def move_over(room: Path) -> None:
    """`cp log.sqlite copy; mv copy log.sqlite`: a backup as people make them."""
    shutil.copy(room / "log.sqlite", room / "copy.sqlite")
    (room / "copy.sqlite").replace(room / "log.sqlite")


ACTS = [remove, remove_journal, move_over]


@pytest.fixture
def newsroom(room: Path) -> Iterator[Newsroom]:
    """A newsroom that a process has open, and has written to."""
    with Newsroom.open(room) as newsroom:
        fill(newsroom, record("first"))
        yield newsroom


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_nothing_is_appended_to_a_log_that_is_gone(
    room: Path, newsroom: Newsroom, act: Callable[[Path], None]
) -> None:
    act(room)
    with pytest.raises(StoreReplacedError, match=r"removed or replaced .* restart"):
        fill(newsroom, record("lost"))
    with pytest.raises(StoreReplacedError):
        newsroom.snapshot("lab")


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_a_log_that_goes_during_a_transaction_acknowledges_nothing(
    room: Path, newsroom: Newsroom, act: Callable[[Path], None]
) -> None:
    with (
        pytest.raises(StoreReplacedError),
        newsroom.store.recorder.exclusive() as transaction,
    ):
        assert transaction.reader.head().position == 1
        act(room)


def test_a_log_that_goes_with_the_commit_is_not_acknowledged(
    room: Path, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last moment at which it can go: the check before the commit has passed."""
    checked = iter([lambda: None, lambda: remove(room)])
    file = newsroom.store.file
    check = file.check
    monkeypatch.setattr(file, "check", lambda: next(checked, check)())
    with pytest.raises(StoreReplacedError), newsroom.store.recorder.exclusive():
        pass


def test_others_who_come_and_go_replace_nothing(room: Path, newsroom: Newsroom) -> None:
    for number in range(3):
        append(room, record(f"other-{number}"))
        assert inside(room, "rebuild").code == 0
    fill(newsroom, record("mine"))
    assert newsroom.status()["head"] == 5


def test_a_full_disk_is_known_before_anything_is_lost(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.store.check_appendable()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StoreError, match=r"nothing can be appended .* No space left"):
        newsroom.store.check_appendable()
