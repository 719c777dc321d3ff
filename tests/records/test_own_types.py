"""A newsroom's own types do all that built-in ones do."""

from __future__ import annotations

import tomllib

import pytest

from tests.rooms import event, fill, held, memory_newsroom
from timeline.records.validation import validate
from timeline.records.vocabulary import Vocabulary, own_types

SHIPS = """
[docked]
doc = "A ship makes fast at a port."
headline = "{ship} docks at {port}"
fields.ship = "entity!"
fields.port = "entity!"
fields.berth = "text"
effects = [{ set = ["ship", "docked-at", "port"], qualifiers = ["berth"] }]

[sailed]
fields.ship = "entity!"
fields.port = "entity"
effects = [{ end = ["ship", "docked-at", "port"] }]

[harbours-closed]
fields.about = "text"
effects = [{ end = ["", "docked-at", ""] }]

[noted]
fields.thing = "entity!"
fields.trait = "name!"
fields.level = "value!"
effects = [{ begin = ["thing", "{trait}", "level"] }]
"""


@pytest.fixture
def newsroom():
    tables = tomllib.loads(SHIPS.replace("fields.about", "fields.why"))
    types, problems = own_types(tables)
    assert problems == []
    return memory_newsroom(vocabulary=Vocabulary(types))


def test_they_begin_set_and_end_statements(newsroom):
    fill(
        newsroom,
        event("docked", "2020", ship="ark", port="bergen", berth="3"),
        event("docked", "2021", ship="ark", port="oslo"),
        event("sailed", "2022", ship="ark"),
    )
    assert held(newsroom, "ark", "2020") == {("ark", "docked-at", "bergen", "3"): "certain"}
    assert held(newsroom, "ark", "2021") == {("ark", "docked-at", "oslo"): "certain"}
    assert held(newsroom, "ark", "2022") == {}


def test_an_end_may_name_neither_subject_nor_value(newsroom):
    fill(
        newsroom,
        event("docked", "2020", ship="ark", port="bergen"),
        event("docked", "2020", ship="fram", port="oslo"),
        event("harbours-closed", "2021", why="storm"),
    )
    for entity in ("ark", "oslo"):
        assert len(held(newsroom, entity, "2020")) == 1
        assert held(newsroom, entity, "2021") == {}


def test_a_property_may_be_read_from_a_field(newsroom):
    fill(newsroom, event("noted", "2020", thing="ark", trait="draught", level=4.5))
    assert held(newsroom, "ark", "2020") == {("ark", "draught", 4.5): "certain"}


WRONG = """
[joined]
[Upper]
[ship-lost]
colour = "red"
fields.when = "text"
fields.ship = "vessel"
fields.port = "entity"
effects = [
    "begin",
    { begin = ["ship", "lost-at"] },
    { begin = ["port", "lost-at", "sea"] },
    { set = ["port", "", "port"] },
]
"""


def test_all_that_is_wrong_with_a_declaration_is_said_at_once():
    types, problems = own_types(tomllib.loads(WRONG))
    assert types == []
    assert [(problem.field, problem.message) for problem in problems] == [
        ("types.joined", "is the name of a built-in type"),
        ("types.Upper", "should be kebab-case"),
        ("types.ship-lost.colour", "is unknown"),
        ("types.ship-lost.fields.when", "is a key of every record"),
        ("types.ship-lost.fields.ship", "unknown kind 'vessel'"),
        ("types.ship-lost.effects[0]", "should be a table"),
        (
            "types.ship-lost.effects[1]",
            "should be one of begin, end, set: [subject field, property, value field]",
        ),
        ("types.ship-lost.effects[2]", "is not a field: 'sea'"),
        ("types.ship-lost.effects[3]", "needs a subject, a property and a value"),
    ]


UNFIT = """
[crewed]
headline = "{ship!r} {crew:>5}"
fields.ship = "value!"
fields.crew = "entities"
fields._x = "text"
fields.port = { kind = "text", doc = 7, limit = 3 }
fields.mate = { kind = "entity", different = 2 }
amends = []
effects = [
    { begin = ["ship", "{crew}", "crew"], qualifiers = ["crew"] },
]
"""


def test_a_field_that_cannot_take_its_part_is_refused():
    _, problems = own_types(tomllib.loads(UNFIT))
    assert [problem.message for problem in problems] == [
        "is unknown",
        "should be lower-case letters, digits and _",
        "is unknown",
        "should be a string",
        "should be a number, on a list",
        "cannot format 'ship'",
        "cannot format 'crew'",
        "'ship' is of kind value, which cannot be used here",
        "'crew' is of kind entities, which cannot be used here",
        "'crew' is of kind entities, which cannot be used here",
    ]


CREWS = """
[signed-on]
fields.sailor = "entity of person!"
fields.ships = "entities of product"
fields.port = "entity!"
"""


DOCUMENTED = """
[signed-on]
fields.sailors = { kind = "entities of person!", doc = "Who signs on.", different = 2 }
fields.copy = { kind = "text", doc = "The copy of the articles." }
effects = [{ begin = ["sailors", "has", "copy"] }]
"""


def test_a_field_may_be_documented_and_its_entries_be_different():
    (kind,), problems = own_types(tomllib.loads(DOCUMENTED))
    assert not problems
    assert kind.fields["copy"].doc == "The copy of the articles."
    record = event("signed-on", "2020", sailors=["ada", "ada"], copy="2")
    (problem,) = validate(record, Vocabulary([kind]))
    assert str(problem) == "sailors: names 'ada' twice (name each once)"


def test_a_field_may_say_what_its_entities_are():
    (kind,), problems = own_types(tomllib.loads(CREWS))
    assert not problems
    assert {name: (field.of, field.required) for name, field in kind.fields.items()} == {
        "sailor": ("person", True),
        "ships": ("product", False),
        "port": (None, True),
    }


@pytest.mark.parametrize("kind", ["entity of ship", "text of person", "value of place!", "records"])
def test_entities_are_of_kinds_that_are_known(kind):
    _, (problem,) = own_types({"sunk": {"fields": {"ship": kind}}})
    assert problem.field == "types.sunk.fields.ship" and repr(kind) in problem.message
