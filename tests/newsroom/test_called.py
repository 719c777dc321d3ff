"""Who goes by a name: found from what is derived as from the whole log."""

from __future__ import annotations

import pytest

from tests.rooms import file_newsroom, fill
from timeline.projections.entities import going_by

SOURCES = [{"title": "A page"}]


def happened(id: str, *about: str) -> dict[str, object]:
    return {
        "id": id,
        "story": "s",
        "type": "happened",
        "when": "2026",
        "about": list(about),
        "sources": SOURCES,
    }


def renamed(id: str, entity: str, name: str) -> dict[str, object]:
    return {
        "id": id,
        "story": "s",
        "type": "renamed",
        "when": "2026",
        "entity": entity,
        "name": name,
        "sources": SOURCES,
    }


def amending(type: str, **fields: object) -> dict[str, object]:
    reason = {} if type == "alias" else {"reason": "why"}
    return {"story": "s", "type": type, **reason, **fields}


RECORDS = [
    happened("a", "lin-junyang", "qwen-team"),
    happened("b", "junyang.lin", "zhou"),
    amending("alias", entity="qwen-team", names=["Qwen", "通义千问"]),
    renamed("c", "zhou", "Zhou Hao"),
    amending("correction", corrects="c", changes={"name": "Zhou Jingren"}),
    amending("alias", entity="qwen-team", names=["Tongyi"]),
    amending("retraction", retracts="a"),
    renamed("d", "x-1", "Élan"),
    amending("same-entity", entities=["x-1", "zhou"]),
    amending("retraction", retracts="d"),
]

NAMES = [
    "Lin Junyang",
    "lin junyang",
    "linjunyang",
    "Qwen",
    "QWEN-TEAM",
    "通义千问",
    "tongyi",
    "Zhou Hao",
    "zhou jingren",
    "Elan",
    "x 1",
    "nobody",
    "",
    "!",
]


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory):
    with file_newsroom(tmp_path_factory.mktemp("called") / "room") as newsroom:
        fill(newsroom, *RECORDS)
        yield newsroom


@pytest.mark.parametrize("name", NAMES)
def test_a_name_means_at_every_position_what_the_whole_log_says(newsroom, name):
    for position in range(len(RECORDS) + 1):
        basis = newsroom.basis("2027", str(position))
        expected = going_by(newsroom.history(basis), name)
        assert newsroom.going_by(name, basis) == expected, position


def test_a_name_that_is_new_is_found(newsroom):
    assert newsroom.going_by("Mei Li", newsroom.basis("2027", None)) == []
    fill(newsroom, happened("new", "mei-li"))
    assert newsroom.going_by("Mei Li", newsroom.basis("2027", None)) == ["mei-li"]
