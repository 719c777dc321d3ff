"""A newsroom's own types work wherever the built-in ones do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.rooms import event
from tests.running import append, as_lines, head, inside

SHIPS = """
name = "harbour"
zone = "Europe/Berlin"

[types.docked]
doc = "A ship makes fast at a port."
headline = "{ship} docks at {port}"
fields.ship = "entity!"
fields.port = "entity!"
fields.berth = "text"
effects = [{ set = ["ship", "docked-at", "port"], qualifiers = ["berth"] }]

[types.set-sail]
doc = "Ships leave the port they are in."
fields.ships = "entities!"
effects = [{ end = ["ships", "docked-at", ""] }]

[types.rated]
fields.ship = "entity!"
fields.scale = "name!"
fields.mark = "value!"
effects = [{ set = ["ship", "{scale}", "mark"] }]
"""
DOCKED = event("docked", "2026-03-01", id="in", ship="ever-given", port="suez", berth="4")


@pytest.fixture
def harbour(room: Path) -> Path:
    """A newsroom that writes about ships."""
    (room / "timeline.toml").write_text(SHIPS)
    return room


def held(room: Path, entity: str) -> list[tuple[str, object, str]]:
    statements = inside(room, "snapshot", entity, "--format", "json").json()["statements"]
    return [(each["property"], each["value"], each["certainty"]) for each in statements]


def test_options_are_made_from_the_declaration(harbour: Path) -> None:
    shown = inside(harbour, "append", "docked", "--help").out
    assert "A ship makes fast at a port." in shown and "--berth TEXT" in shown
    assert "set-sail" in inside(harbour, "append", "--help").out
    done = inside(
        harbour, "append", "docked", "--story", "s", "--ship", "ever-given", "--port", "suez",
        "--berth", "4", "--when", "2026-03-01", "--source", "https://example.org",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert "+ ever-given docked-at suez (berth: 4): certain" in done.out
    assert "ever-given docks at suez" in inside(harbour, "log").out


def test_json_lines_take_effect_on_the_state(harbour: Path) -> None:
    append(harbour, DOCKED, event("rated", "2025", ship="ever-given", scale="draught", mark=15))
    assert held(harbour, "ever-given") == [
        ("docked-at", "suez", "certain"),
        ("draught", 15, "certain"),
    ]
    append(harbour, event("set-sail", "2026-03-02", ships=["ever-given"]))
    assert ("docked-at", "suez", "certain") not in held(harbour, "ever-given")


def test_a_set_ends_the_value_before(harbour: Path) -> None:
    append(harbour, DOCKED, {**DOCKED, "id": "on", "when": "2026-03-05", "port": "rotterdam"})
    assert held(harbour, "ever-given") == [("docked-at", "rotterdam", "certain")]


def test_mistakes_are_named_as_for_built_in_types(harbour: Path) -> None:
    wrong = {key: value for key, value in DOCKED.items() if key != "ship"} | {"prot": "x"}
    done = inside(harbour, "append", "--json", "-", given=as_lines([wrong]))
    assert done.code == 2 and "ship: is required" in done.err and "did you mean port?" in done.err
    done = inside(harbour, "append", "--json", "-", given=as_lines([{**DOCKED, "type": "doked"}]))
    assert done.code == 2 and "did you mean docked" in done.err
    sail = event("set-sail", "2026-03-01/2026-03-05", ships=["ever-given"])
    done = inside(harbour, "append", "--json", "-", given=as_lines([sail]))
    assert done.code == 2 and "[2026-03-01..2026-03-05]" in done.err and head(harbour) == 0


def test_the_schema_knows_them(harbour: Path) -> None:
    schema = Draft202012Validator(inside(harbour, "schema").json())
    assert schema.is_valid(DOCKED)
    assert not schema.is_valid({**DOCKED, "berth": 4})
    assert not schema.is_valid({**DOCKED, "sail": "x"})


def test_every_view_shows_them(harbour: Path) -> None:
    append(harbour, DOCKED, event("set-sail", "2026-03-02", ships=["ever-given"]))
    for view in (
        ["log"],
        ["replay"],
        ["chronology", "story"],
        ["chronology", "--entity", "ever-given"],
        ["snapshot", "suez", "--as-of", "2026-03-01"],
        ["show", "in"],
        ["verify"],
    ):
        done = inside(harbour, *view)
        assert done.code == 0 and (view == ["verify"] or "ever-given" in done.out)
    steps = inside(harbour, "replay", "--format", "jsonl").lines()
    assert [len(step["changes"]) for step in steps] == [1, 1]


def test_a_field_may_share_its_name_with_an_option(room: Path) -> None:
    fields = ("source", "tag", "by", "format", "help", "title", "quote")
    with (room / "timeline.toml").open("a") as settings:
        settings.write("[types.paid]\n" + "".join(f'fields.{name} = "text"\n' for name in fields))
    options = [["--field-" + name, name] for name in ("source", "tag", "by", "format", "help")]
    done = inside(
        room, "append", "paid", "--story", "s", "--when", "2026", "--title", "title",
        "--quote", "quote", "--source", "u", "--source-quote", "q", "--source-title", "t",
        *(word for option in options for word in option),
    )  # fmt: skip
    assert done.code == 0, done.err
    (kept,) = inside(room, "log", "--format", "jsonl").lines()
    assert {name: kept[name] for name in fields} == {name: name for name in fields}
    assert kept["sources"] == [{"url": "u", "title": "t", "quote": "q"}]


def test_they_are_corrected_like_any_other(harbour: Path) -> None:
    append(harbour, DOCKED)
    assert inside(harbour, "correct", "in", "port=aden", "--reason", "Misread.").code == 0
    assert held(harbour, "ever-given") == [("docked-at", "aden", "certain")]


def test_they_are_exported_and_imported(harbour: Path, tmp_path: Path) -> None:
    append(harbour, DOCKED, event("set-sail", "2026-03-02", ships=["ever-given"]))
    log = inside(harbour, "export").out
    assert json.loads(log.splitlines()[1])["zone"] == "Europe/Berlin"
    other = tmp_path / "other"
    inside(None, "init", other)
    done = inside(other, "import", "-", given=log)
    assert done.code == 2 and "unknown type 'docked'" in done.err
    (other / "timeline.toml").write_text(SHIPS)
    assert inside(other, "import", "-", given=log).code == 0
    assert inside(other, "export").out == log


def test_records_of_a_type_that_is_no_longer_declared_are_left_out_and_named(harbour: Path) -> None:
    append(harbour, DOCKED)
    (harbour / "timeline.toml").write_text('name = "harbour"\nzone = "UTC"\n')
    done = inside(harbour, "log")
    assert done.code == 0 and "It is left out" in done.err
    assert "'docked'" in done.err and "timeline.toml" in done.err


WRONG = """
nmae = "harbour"
zone = 7

[types.joined]
fields.x = "text"

[types.Docked]
colour = "red"
fields.ship = "vessel"
fields.when = "text"
fields.Port = "entity"
effects = [
    { begin = ["shp", "docked-at", "port"] },
    { begin = ["ship", "docked-at"] },
    { begin = ["ship", "a", "b"], end = ["ship", "a", "b"] },
    7,
]

[types.sunk]
fields = "ship"
effects = "none"
"""


def test_all_problems_of_a_declaration_are_listed_at_once(room: Path) -> None:
    file = room / "timeline.toml"
    file.write_text(WRONG)
    done = inside(room, "log")
    assert done.code == 2 and "Traceback" not in done.err
    lines = done.err.splitlines()
    assert all(line.startswith(f"Error: {file}: ") for line in lines)
    fields = [line.split(": ")[2] for line in lines]
    for field in (
        "nmae", "zone", "types.joined", "types.Docked", "types.Docked.colour",
        "types.Docked.fields.ship", "types.Docked.fields.when", "types.Docked.fields.Port",
        "types.Docked.effects[0]", "types.Docked.effects[1]", "types.Docked.effects[2]",
        "types.Docked.effects[3]", "types.sunk.fields", "types.sunk.effects",
    ):  # fmt: skip
        assert field in fields, field


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ("name = ", "not TOML"),
        ('zone = "Asia/Peking"', "Asia/Peking"),
        ("types = 7", "types"),
        ("types.x = 7", "types.x"),
        ("types.y.fields.b = 7", "types.y.fields.b"),
        ('types.x.effects = [{begin = ["a", "p", "c"], qualifiers = 7}]', "types.x.effects[0]"),
        ('types.x.effects = [{begin = ["a", "p", "c"], qualifiers = [7]}]', "types.x.effects[0]"),
        ('types.x.effects = [{begin = ["a", "p", "c"], qualfiers = []}]', "types.x.effects[0]"),
        ('types.x.effects = [{set = ["", "", ""]}]', "types.x.effects[0]"),
        ('types.x.headline = "{nobody}"', "types.x.headline"),
        ('types.x.headline = "{"', "types.x.headline"),
        ("types.x.doc = 7", "types.x.doc"),
        ("name = 7", "name"),
    ],
)
def test_wrong_settings_name_their_place(room: Path, settings: str, words: str) -> None:
    file = room / "timeline.toml"
    fields = 'types.x.fields = {a = "entity!", c = "entity!"}'
    file.write_text(settings + "\n" + (fields if settings.startswith("types.x.") else ""))
    done = inside(room, "log")
    assert done.code == 2 and f"{file}" in done.err and words in done.err


def test_settings_that_are_no_text_are_refused(room: Path) -> None:
    (room / "timeline.toml").write_bytes(b"\xff\xfe\x00")
    done = inside(room, "log")
    assert done.code == 2 and "timeline.toml" in done.err and "Traceback" not in done.err
