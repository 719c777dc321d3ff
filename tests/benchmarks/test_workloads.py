"""The logs that speed is measured with, and the peers that the product is compared with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from benchmarks.compare import DifferentAnswersError, Figure, Work, same, table
from benchmarks.effects import Statement
from benchmarks.overwriting import Story, later
from benchmarks.peers.library import ActRows, Entities, Stories
from benchmarks.peers.peer import Peer
from benchmarks.peers.sqlite_periods import SQLitePeriods
from benchmarks.product import Room, held
from benchmarks.reference import drafts
from benchmarks.workload import Question, Workload

from benchmarks import careers, gitlog, product
from tests.running import inside
from tests.shared import shared
from timeline import temporal

SIZES = careers.Sizes.of(1200)
EXACT = careers.Sizes.of(1200, exact=True)


@pytest.fixture(scope="module")
def vague(tmp_path_factory: pytest.TempPathFactory) -> Workload:
    return careers.write(tmp_path_factory.mktemp("vague") / "careers.jsonl", SIZES)


@pytest.fixture(scope="module")
def exact(tmp_path_factory: pytest.TempPathFactory) -> Workload:
    return careers.write(tmp_path_factory.mktemp("exact") / "careers.jsonl", EXACT)


def room_with(workload: Workload, directory: Path) -> Path:
    """A newsroom into which the workload was imported by the program."""
    room = directory / "newsroom"
    assert inside(None, "init", room).code == 0
    done = inside(room, "import", workload.path)
    assert done.code == 0, done.err
    return room


def asked(workload: Workload) -> list[Question]:
    """Questions about ordinary entities and hubs."""
    of_hubs = [question for hub in workload.hubs for question in workload.about(hub, 5)]
    return [*workload.questions(100), *of_hubs]


def test_careers_is_the_same_log_every_time() -> None:
    assert list(careers.records(SIZES)) == list(careers.records(SIZES))


def test_careers_has_the_types_amendments_and_sizes_it_says(tmp_path: Path) -> None:
    workload = careers.write(tmp_path / "log.jsonl", careers.Sizes.of(20_000))
    lines = workload.path.read_bytes().splitlines()
    records = [orjson.loads(line) for line in lines]
    kinds = Counter(record["type"] for record in records)
    assert set(kinds) == {
        *("joined", "departed", "appointed", "merged", "released", "commented"),
        *("correction", "retraction"),
    }
    assert 0.015 < kinds["correction"] / len(records) < 0.025
    assert 0.003 < kinds["retraction"] / len(records) < 0.007
    assert sum(600 <= len(line) <= 900 for line in lines) > 0.97 * len(lines)
    for hub in careers.HUBS:
        assert 150 < sum(f'"{hub}"'.encode() in line for line in lines) < 260
    stamps = [record["recorded_at"] for record in records]
    assert stamps == sorted(stamps)
    assert len({record["story"] for record in records}) == careers.STORIES


def test_valid_order_is_not_recorded_order(exact: Workload) -> None:
    dates = [
        record["when"]
        for record in map(orjson.loads, exact.path.read_bytes().splitlines())
        if "when" in record
    ]
    assert dates != sorted(dates)


def test_the_bitemporal_table_agrees_with_the_product(exact: Workload, tmp_path: Path) -> None:
    peer = SQLitePeriods(tmp_path)
    peer.load(exact.path)
    with Room(room_with(exact, tmp_path)) as room:
        alike = compared(room, peer, asked(exact))
        assert alike > 50
        story = Story(exact)
        for number in (1, 2):
            overwrite(story, number, room, peer)
    peer.close()


def compared(room: Room, peer: Peer, questions: list[Question]) -> int:
    found = [held(room.ask(question)) for question in questions]
    return same(peer.name, questions, peer.ask, found, peer.vague)


def overwrite(story: Story, number: int, room: Room, peer: Peer) -> None:
    """Correct every date of a story in both, and ask about its entities."""
    corrections = list(story.overwrite(number, room.head()))
    room.append(correction for correction, _ in corrections)
    peer.append([settled for _, settled in corrections])
    names = story.entities(20)
    assert compared(room, peer, [Question(name, "2026-01-01", room.head()) for name in names])


def test_the_library_used_plainly_agrees_on_vague_dates(vague: Workload, tmp_path: Path) -> None:
    questions = asked(vague)
    stories, rows = Stories(tmp_path / "stories.sqlite"), ActRows(tmp_path)
    stories.load(vague.path)
    rows.rebuild(stories)
    entities = Entities(tmp_path, {question.entity for question in questions})
    entities.load(vague.path)
    with Room(room_with(vague, tmp_path)) as room:
        found = [held(room.ask(question)) for question in questions]
        assert "possible" in {word for each in found for word in each.values()}
        for peer in (rows, entities):
            assert same(peer.name, questions, peer.ask, found, peer.vague) > 50
    stories.close()
    rows.close()
    entities.close()


def test_one_entity_alone_can_be_got_from_the_library(vague: Workload, tmp_path: Path) -> None:
    with Room(room_with(vague, tmp_path)) as room:
        for number, entity in enumerate(("organisation-1", "organisation-7", "hub-subsidiary")):
            directory = tmp_path / str(number)
            directory.mkdir()
            peer = Entities(directory, {entity})
            peer.load(vague.path)
            questions = vague.about(entity, 5)
            found = [held(room.ask(question)) for question in questions]
            assert same(peer.name, questions, peer.ask, found, peer.vague)
            peer.close()


def test_another_answer_is_told() -> None:
    question = Question("desk", "2026", 1)
    ours = {Statement("ann", "member-of", "desk"): "certain"}
    with pytest.raises(DifferentAnswersError, match="ann"):
        same("a peer", [question], lambda _: {}, [ours], vague=True)


def test_what_is_only_possible_is_not_asked_of_a_peer_that_knows_no_maybe() -> None:
    ours = {Statement("ann", "member-of", "desk"): "possible"}
    assert same("a peer", [Question("desk", "2026", 1)], lambda _: {}, [ours], vague=False) == 0


def test_a_story_can_be_overwritten_and_more_appended(vague: Workload, tmp_path: Path) -> None:
    with Room(room_with(vague, tmp_path)) as room:
        story = Story(vague)
        for number in (1, 2):
            room.append([correction for correction, _ in story.overwrite(number, room.head())])
        given = drafts(vague, "again")
        room.append(next(given) for _ in range(2500))
        assert room.head() == vague.records + 2 * len(story) + 2500


@pytest.mark.parametrize(
    ("when", "moved"),
    [
        ("2025-12-31", "2026-01-01"),
        ("2025-02-28~", "2025-03-01~"),
        ("2025-12?", "2026-01?"),
        ("2025-24", "2026-21"),
        ("2025", "2026"),
        ("[2025-01-31..2025-02-28]", "[2025-02-01..2025-03-01]"),
        ("2025-12-31T23:59:01Z", "2026-01-01T23:59:01Z"),
    ],
)
def test_dates_are_moved_by_their_own_unit(when: str, moved: str) -> None:
    assert later(when) == moved
    temporal.read(moved)


def test_real_commits_can_be_imported(tmp_path: Path) -> None:
    commits = shared("gitlog") / "git.jsonl.gz"
    workload = gitlog.write(tmp_path / "gitlog.jsonl", commits, 3000)
    room = room_with(workload, tmp_path)
    assert workload.records == 3000
    assert len(workload.hubs) == 3
    with Room(room) as newsroom:
        answer = newsroom.ask(Question(workload.hubs[0], "2026", 3000))
    assert answer["statements"]


def test_a_newsroom_has_a_log_and_what_is_derived(vague: Workload, tmp_path: Path) -> None:
    log, _ = product.sizes(room_with(vague, tmp_path))
    assert log > vague.size


def test_the_table_shows_how_many_times_longer_the_product_takes() -> None:
    work = Work("reading", {"timeline": Figure("2 s", 2), "raw": Figure("1 s", 1)})
    lines: Iterator[Any] = table([work], ("timeline", "raw", "other"))
    assert list(lines)[2] == "| reading | 2 s | 1 s (×2.00) |  |"
