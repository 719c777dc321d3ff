"""Which records of the log concern an entity."""

from __future__ import annotations

import pytest

from tests.rooms import event, fill, memory_newsroom
from timeline.projections.log import listing

RECORDS = [
    event("joined", "2026-01", id="a", person="ada", organisation="lab"),
    event("joined", "2026-02", id="b", person="bob", organisation="desk"),
    event("joined", "2026-03", id="c", person="cyd", organisation="desk"),
    {"type": "conflict", "id": "d", "between": ["a", "b"], "reason": "r"},
    {"type": "confirmation", "id": "e", "confirms": "b", "reason": "r"},
    {"type": "correction", "id": "f", "corrects": "c", "changes": {"person": "ada"}, "reason": "r"},
    {"type": "dispute", "id": "g", "disputes": "c"},
    {"type": "alias", "id": "h", "entity": "lab", "names": ["The Lab"]},
    {"type": "same-entity", "id": "i", "entities": ["ada", "a-l"], "reason": "r"},
    {"type": "publication", "id": "j", "name": "report"},
]


@pytest.mark.parametrize(
    ("entity", "ids"),
    [("ada", "adfgi"), ("bob", "bde"), ("lab", "adh"), ("a-l", "i"), ("desk", "bcdefg")],
)
def test_a_record_concerns_what_it_names_and_what_it_amends_concerns(entity, ids):
    newsroom = memory_newsroom()
    fill(newsroom, *({"story": "story", **record} for record in RECORDS))
    assert "".join(each.id for each in listing(newsroom.records(), entity=entity)) == ids


def test_an_entity_goes_by_every_slug_that_means_it():
    newsroom = memory_newsroom()
    fill(newsroom, *({"story": "story", **record} for record in RECORDS))
    for known, ids in (("10", "adfgi"), ("8", "")):
        basis = newsroom.basis(None, known)
        records, names = newsroom.records(basis.as_known), newsroom.names(basis)
        listed = listing(records, entity="a-l", names=names)
        assert "".join(record.id for record in listed) == ids
