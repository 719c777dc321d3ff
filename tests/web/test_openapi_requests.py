"""What the OpenAPI document allows to send is what the service accepts."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator

from tests.rooms import SOURCE, file_newsroom
from tests.web.rooms import service_at, token_of, visiting
from timeline.access.roles import Role
from timeline.web.app import make_app

EVENT = {"story": "s", "type": "happened", "when": "2026", "about": ["lab"], "sources": SOURCE}
DOCKED = {"story": "s", "type": "docked", "when": "2026", "ship": "ever-given", "sources": SOURCE}
MEASURED = {
    "story": "s",
    "type": "measured",
    "when": "2026",
    "subject": "lab",
    "measure": "size",
    "sources": SOURCE,
}


@pytest.fixture(scope="module")
def admin(tmp_path_factory):
    room = tmp_path_factory.mktemp("room")
    file_newsroom(room).close()
    with (room / "timeline.toml").open("a") as settings:
        settings.write('[types.docked]\nfields.ship = "entity!"\n')
    service = service_at(room)
    with visiting(service, token_of(service, Role.ADMIN)) as client:
        client.post("/api/append", json={**EVENT, "id": "event"})
        yield client


@pytest.fixture(scope="module")
def document(admin):
    return make_app(admin.app.state.service).openapi()


def fits(document, schema, value) -> bool:
    whole = {**schema, "components": document["components"]}
    checker = Draft202012Validator.FORMAT_CHECKER
    return Draft202012Validator(whole, format_checker=checker).is_valid(value)


OFFICE = {"story": "s", "type": "office", "organisation": "lab", "role": "CEO"}
BODIES = [
    ("/api/append", OFFICE),
    ("/api/append", {**OFFICE, "holders": 2}),
    ("/api/append", EVENT),
    ("/api/append", [EVENT, {**EVENT, "when": "[2026-03..]", "zone": "Asia/Tokyo"}]),
    ("/api/append", {**DOCKED, "zone": None}),
    ("/api/append", {**MEASURED, "value": 2**53 - 1}),
    ("/api/append", {**EVENT, "when": None, "after": [{"id": "event", "within": "PT48H"}]}),
    ("/api/append", {**EVENT, "sources": [{"title": "T", "published": "2026-03-04T00:11+08:00"}]}),
    ("/api/confirm/event", {"reason": "Seen."}),
    ("/api/confirm/event", {"sources": [{"publisher": "Agency"}]}),
    ("/api/correct/event", {"changes": {"when": "2025"}, "reason": "Misread.", "story": "t"}),
    ("/api/tokens", {"holder": "Ada Lovelace", "role": "reader", "expires": "P90D"}),
    ("/api/tokens", {"holder": "李", "role": "admin", "expires": None}),
]
WRONG_BODIES = [
    ("/api/append", {**EVENT, "type": "happend"}),
    ("/api/append", {**EVENT, "story": "Not a slug"}),
    ("/api/append", {**EVENT, "story": "s" * 201}),
    ("/api/append", {**EVENT, "about": []}),
    ("/api/append", {**EVENT, "sources": []}),
    ("/api/append", {**EVENT, "sources": [{"quote": "No source."}]}),
    ("/api/append", {**EVENT, "sources": [{"url": ""}]}),
    ("/api/append", {**EVENT, "sources": [{"url": "u", "published": "last week"}]}),
    ("/api/append", {**EVENT, "zone": "Mars/Olympus"}),
    ("/api/append", {**EVENT, "when": None}),
    ("/api/append", {**EVENT, "when": None, "after": []}),
    ("/api/append", {**EVENT, "after": [{"id": "event", "within": "P1M"}]}),
    ("/api/append", {**EVENT, "recorded_by": "Somebody else"}),
    ("/api/append", {**EVENT, "recorded_at": "2026-01-01T00:00:00Z"}),
    ("/api/append", {**EVENT, "ship": "ever-given"}),
    ("/api/append", {**EVENT, "tags": [1]}),
    ("/api/append", {**MEASURED, "value": 2**53}),
    ("/api/append", {**OFFICE, "holders": 0}),
    ("/api/append", {**OFFICE, "holders": 1.5}),
    ("/api/append", {**OFFICE, "role": " "}),
    ("/api/append", {**MEASURED, "value": True}),
    ("/api/confirm/event", {}),
    ("/api/confirm/event", {"reason": "Seen.", "confirms": "event"}),
    ("/api/retract/event", {}),
    ("/api/retract/event", {"reason": " "}),
    ("/api/correct/event", {"changes": {}, "reason": "Misread."}),
    ("/api/conflict", {"between": ["event"], "reason": "One alone."}),
    ("/api/conflict", {"between": ["event", "event"], "reason": "The same."}),
    ("/api/resolve/event", {"over": [], "reason": "None."}),
    ("/api/tokens", {"holder": " ", "role": "reader"}),
    ("/api/tokens", {"holder": "a\nb", "role": "reader"}),
    ("/api/tokens", {"holder": "a\u202eb", "role": "reader"}),
    ("/api/tokens", {"holder": "Ada", "role": "boss"}),
    ("/api/tokens", {"holder": "Ada", "role": "reader", "expires": "P1M"}),
]


@pytest.mark.parametrize(("path", "body"), BODIES)
def test_a_body_that_is_allowed_is_accepted(admin, document, path, body):
    assert admin.post(path, json=body, params=dry(path)).is_success
    assert fits(document, body_schema(document, path), body)


@pytest.mark.parametrize(("path", "body"), WRONG_BODIES)
def test_a_body_that_is_refused_is_not_allowed(admin, document, path, body):
    assert admin.post(path, json=body, params=dry(path)).status_code == 400
    assert not fits(document, body_schema(document, path), body)


def dry(path):
    return {} if path == "/api/tokens" else {"dry_run": "true"}


def body_schema(document, path):
    [operation] = [
        item["post"]
        for template, item in document["paths"].items()
        if "post" in item and path.replace("event", "") == template.partition("{")[0]
    ]
    return operation["requestBody"]["content"]["application/json"]["schema"]


PARAMETERS = [
    ("/api/snapshot/lab", "as_of", ["2026-03-04", "2026-03~", "2026", "2026-03-04T12:00:00+08:00"]),
    ("/api/log", "as_known", ["@0", "@1", "2026-03-04", "2026-03-04T12:00:00Z"]),
    ("/api/log", "type", ["happened", "docked"]),
    ("/api/when", "zone", ["UTC", "Europe/Berlin"]),
    ("/api/check", "silence", ["P30D", "PT48H"]),
    ("/api/diff", "as_known", ["@0..@1", "@1.."]),
    ("/api/diff", "as_of", ["2026-03..2026-04", "2026-03.."]),
    ("/api/head", "instant", ["2026-03-04T12:00:00.5Z"]),
]
WRONG_PARAMETERS = [
    ("/api/snapshot/lab", "as_of", ["", "0", "2026-13", "2026-02-30", "2026-03-04T12:00:00+23:00"]),
    ("/api/log", "as_known", ["", "-1", "1.5", "later"]),
    ("/api/log", "type", ["", "happend"]),
    ("/api/replay", "type", ["happend"]),
    ("/api/when", "zone", ["Mars/Olympus", "localtime"]),
    ("/api/check", "silence", ["", "0", "PT0H", "P1M"]),
    ("/api/diff", "as_known", ["1"]),
    ("/api/diff", "as_of", ["2026", ".."]),
    ("/api/head", "instant", ["", "2026", "2026-03-04T12:00:00"]),
]


def each_value(table):
    return [(path, name, value) for path, name, values in table for value in values]


@pytest.mark.parametrize(("path", "name", "value"), each_value(PARAMETERS))
def test_a_parameter_that_is_allowed_is_accepted(admin, document, path, name, value):
    assert asked(admin, path, name, value).status_code == 200
    assert fits(document, parameter_schema(document, path, name), value)


@pytest.mark.parametrize(("path", "name", "value"), each_value(WRONG_PARAMETERS))
def test_a_parameter_that_is_refused_is_not_allowed(admin, document, path, name, value):
    assert asked(admin, path, name, value).status_code == 400
    assert not fits(document, parameter_schema(document, path, name), value)


def asked(admin, path, name, value):
    more = {"expression": "1984"} if path == "/api/when" else {}
    return admin.get(path, params={name: value, **more})


def parameter_schema(document, path, name):
    item = document["paths"][path.replace("/lab", "/{entity}")]
    [schema] = [each["schema"] for each in item["get"]["parameters"] if each["name"] == name]
    return schema.get("items", schema)


@pytest.mark.parametrize("path", ["/api/log", "/api/show/event"])
def test_what_does_not_exist_yet_is_not_found(admin, path):
    for known in ("999", "publication:none"):
        assert admin.get(path, params={"as_known": known}).status_code == 404
