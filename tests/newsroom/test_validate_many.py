"""Records of a long input, checked by several processes: nothing else differs."""

from __future__ import annotations

import io
import os
import signal
from contextlib import contextmanager

import pytest

from tests.rooms import event, memory_newsroom
from tests.running import as_lines
from timeline import temporal
from timeline.errors import InputError, StoreError
from timeline.newsroom import validate_many
from timeline.newsroom.append import Appender, read_lines

# Enough for each process, and a chunk that is not full.
COUNT = 12 * validate_many.CHUNK + 7


@pytest.fixture(params=[1, 2], ids=["one other", "two others"])
def side_by_side(request, monkeypatch):
    """All but the first chunk may go to other processes."""
    monkeypatch.setattr(validate_many, "LONG", 1)
    monkeypatch.setattr(validate_many, "PORTION", 150)
    monkeypatch.setattr(validate_many, "processors", lambda: request.param + 1)
    started = []
    processes = validate_many.processes

    @contextmanager
    def counted(number):
        started.append(number)
        with processes(number) as executor:
            yield executor

    monkeypatch.setattr(validate_many, "processes", counted)
    yield
    assert started == [request.param]


def records():
    for number in range(COUNT):
        yield event("happened", "2026-03", id=f"r{number}", about=[f"entity-{number % 7}"])


def written(lines, importing=True):
    newsroom = memory_newsroom()
    Appender(newsroom, lambda: 0, importing=importing).write(read_lines(io.BytesIO(lines), "f"))
    return list(newsroom.store.entries())


def problems(lines, importing=True):
    with pytest.raises(InputError) as caught:
        written(lines, importing)
    return caught.value.problems, caught.value.complete


def test_the_log_is_the_same(side_by_side):
    lines = as_lines(records())
    found = written(lines)
    assert [entry.position for entry in found] == list(range(1, COUNT + 1))
    assert found == alone(written, lines)


def alone(work, *given):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(validate_many, "processors", lambda: 1)
        return work(*given)


@pytest.mark.parametrize("importing", [True, False])
def test_all_problems_are_told_in_the_order_of_the_lines(side_by_side, importing):
    lines = as_lines(records()).splitlines(keepends=True)
    lines[150] = b"{not JSON}\n"
    lines[420] = lines[420].replace(b"2026-03", b"2026-77")
    lines[421] = lines[421].replace(b'"about"', b'"abuot"')
    lines[777] = lines[777].replace(b'"happened"', b'"hapened"')
    lines[900] = lines[900].replace(b"}\n", b',"recorded_at":"2026-01-01T00:00:00Z"}\n')
    found, complete = problems(b"".join(lines), importing)
    assert (found, complete) == alone(problems, b"".join(lines), importing)
    expected = [151, 421, 422, 422, 778] + ([] if importing else [901])
    assert [each.line for each in found] == expected
    assert {each.file for each in found} == {"f"}


def test_too_many_problems_end_it(side_by_side):
    lines = as_lines(records()).replace(b"2026-03", b"2026-77")
    assert problems(lines) == alone(problems, lines)


def test_a_process_that_dies_is_told_of_and_nothing_is_written(side_by_side, monkeypatch):
    monkeypatch.setattr(validate_many, "_validate", _dying)
    newsroom = memory_newsroom()
    given = read_lines(io.BytesIO(as_lines(records())), "f")
    with pytest.raises(StoreError, match="has died"):
        Appender(newsroom, temporal.now, importing=True).write(given)
    assert newsroom.store.head().position == 0


def _dying(rules, values):
    """What a process does that is killed."""
    os.kill(os.getpid(), signal.SIGKILL)
