"""The document of the API says of every answer what it looks like, and is right."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import given
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.examples import examples
from tests.running import as_lines as as_json_lines
from tests.web.examples import EXAMPLES, VARIES, story_in
from tests.web.rooms import asking
from tests.web.writing import LINES, desk_at, told
from tests.worlds.logs import ENTITIES, logs, newsroom_with
from timeline import temporal
from timeline.newsroom.newsroom import Newsroom
from timeline.projections.question import QUESTIONS, question_type
from timeline.records.vocabulary import Vocabulary
from timeline.web.openapi import document as document_module
from timeline.web.openapi.document import all_types, schemas
from timeline.web.openapi.operations import as_lines
from timeline.web.problems import MEDIA_TYPE
from timeline.web.question import HttpQuestion, reply_to

DOCUMENT = "urn:document"


SCHEMAS = schemas()


def validator(shape: str) -> Draft202012Validator:
    document = {"components": {"schemas": SCHEMAS}}
    resource = Resource(document, DRAFT202012)
    registry: Registry[Any] = Registry().with_resource(DOCUMENT, resource)
    return Draft202012Validator(
        {"$ref": f"{DOCUMENT}#/components/schemas/{shape}"}, registry=registry
    )


SHAPES = {each.__name__: validator(each.__name__) for each in all_types()}

# The shape of the answer of each question.
OF = {name: question_type(name).answer_type().__name__ for name in QUESTIONS}


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    with asking(story_in(tmp_path_factory.mktemp("shapes") / "demo")) as found:
        yield found


@pytest.fixture(scope="module")
def document(ask):
    return ask("/openapi.json").json()


def fits(shape: str, answer: object) -> None:
    problem = next(SHAPES[shape].iter_errors(answer), None)
    assert problem is None, f"{problem.json_path}: {problem.message[:300]}"


def operations(document):
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def test_inherited_fields_are_described():
    assert "one-time link" in SCHEMAS["NewToken"]["properties"]["link"]["description"]
    assert "command that would settle it" in str(SCHEMAS["SingleSource"]["properties"]["settle"])


def test_the_document_is_made_once_however_many_ask_for_it_first(monkeypatch):
    made = []
    monkeypatch.setattr(document_module, "get_openapi", lambda **_: made.append(1) or {"paths": {}})
    app = FastAPI()
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: document_module.document(app, Vocabulary()), range(4)))
    assert made == [1]
    assert all(each is found[0] for each in found)


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_what_the_service_says_today(ask, name):
    asked = EXAMPLES[name]
    [kept] = [
        each["value"]
        for _, _, operation in operations(ask("/openapi.json").json())
        for content in [operation["responses"].get("200", {}).get("content", {})]
        for key, each in content.get("application/json", {}).get("examples", {}).items()
        if key == name
    ]
    said = ask(asked).json()
    if name == "status":
        said, kept = ({**each, **dict.fromkeys(VARIES)} for each in (said, kept))
    assert said == kept


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_of_lines_are_what_the_service_says_today(ask, name):
    asked = EXAMPLES[name]
    answer = ask(asked).json()
    lines = ask(f"{asked}{'&' if '?' in asked else '?'}format=jsonl")
    assert lines.headers["content-type"] == "application/jsonl"
    if name != "status":
        assert lines.text == as_lines(asked.split("?")[0].split("/")[2], answer)


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_fit_their_schemas(ask, document, name):
    answer = ask(EXAMPLES[name]).json()
    path = EXAMPLES[name].partition("?")[0].split("/")[2]
    fits(OF[path], answer)


def test_every_list_of_the_story_fits_its_schema(ask):
    for asked in (
        "snapshot/qwen-team?depth=9",
        "chronology/qwen",
        "why/qwen-team",
        "why/lin-junyang",
        "diff?as_known=1..139",
        "map/qwen-team",
        "holders/tongyi-lab?role=head",
        "replay",
        "check",
        "log",
        "entities",
    ):
        name = asked.partition("?")[0].partition("/")[0]
        fits(OF[name], ask(f"/api/{asked}").json())


def test_every_record_of_the_story_has_a_lineage_that_fits(ask):
    for record in ask("/api/log").json()["records"]:
        fits(OF["show"], ask(f"/api/show/{record['id']}").json())


@examples(60, few=15)
@given(logs(events=6, most=14))
def test_answers_to_random_logs_fit_their_schemas(records):
    newsroom = newsroom_with(records)
    head = newsroom.store.head().position
    times = {"as_of": "2000-01-01T00:00:00.000003Z", "as_known": str(head)}
    questions: list[tuple[str, dict[str, Any]]] = [
        ("chronology", {"story": "story", **times}),
        ("check", times),
        ("replay", {"limit": 100, **times}),
        ("diff", {"as_known": f"{head // 2}..{head}", "as_of": times["as_of"]}),
        ("log", {"limit": 100, **times}),
        ("entities", {}),
        ("verify", {}),
        *(("snapshot", {"entity": each, "depth": 2, **times}) for each in ENTITIES),
        *(("why", {"entity": each, **times}) for each in ENTITIES),
        *(("show", {"id": each["id"], **times}) for each in records if "id" in each),
    ]
    for name, asked in questions:
        reply = reply_to(newsroom, HttpQuestion(question_type(name)(**asked)), temporal.now())
        fits(OF[name], json.loads(reply.body))


@pytest.mark.parametrize(
    "expression",
    ["1984~", "2004-06~/2006-08", "[..1984]", "1984/..", "19XX", "-0044-03-15", "Y12?"],
)
def test_readings_of_dates_fit_their_schema(ask, expression):
    answer = ask("/api/when", params={"expression": expression})
    fits(OF["when"] if answer.status_code == 200 else "ProblemDetails", answer.json())


def test_problems_fit_their_schema(ask):
    for asked in ("snapshot/x?as_of=never", "snapshot/x?asof=2026", "show/nothing", "log?limit=0"):
        answer = ask(f"/api/{asked}")
        assert answer.status_code in (400, 404)
        fits("ProblemDetails", answer.json())


def test_answers_to_writers_fit_their_schemas(tmp_path):
    Newsroom.init(tmp_path / "room")
    with desk_at(tmp_path / "room") as desk:
        tried = "/api/append?dry_run=true"
        fits("TrialJson", desk.post(tried, told("a")).json())
        fits("AppendedRecords", desk.post(tried, [told("a"), told("b")]).json())
        fits("AppendedRecord", desk.post("/api/append", told("a")).json())
        fits("TrialJson", desk.post(tried, told("a")).json())
        fits("TrialJson", desk.post("/api/retract/a?dry_run=true", {"reason": "wrong"}).json())
        clash = desk.post(tried, told("c", when="2027", before=[{"id": "a"}])).json()
        assert clash["findings"]
        fits("TrialJson", clash)
        late = desk.post("/api/append", told("c"), headers={"If-Match": '"story=0"'})
        assert late.status_code == 409 and late.json()["stories"] and late.json()["between"]
        fits("ProblemDetails", late.json())
        lines = {"content": as_json_lines([told("d")]), "headers": LINES, "by": "admin"}
        fits("ImportedJson", desk.post("/api/import", **lines).json())


def test_answers_about_tokens_fit_their_schemas(tmp_path):
    Newsroom.init(tmp_path / "room")
    with desk_at(tmp_path / "room") as desk:
        fits("CallerJson", desk.get("/api/me").json())
        wanted = {"holder": "Ada", "role": "editor", "expires": "P90D"}
        token = desk.post("/api/tokens", wanted, by="admin").json()
        fits("NewToken", token)
        fits("TokenList", desk.get("/api/tokens", by="admin").json())
        revoked = desk.client.delete(f"/api/tokens/{token['id']}", headers=desk.by("admin"))
        fits("TokenJson", revoked.json())
        fits("Health", desk.get("/health").json())


def test_schemas_allow_nothing_that_they_do_not_name():
    open_ones = {"ContentJson", "RecordJson"}
    for name, schema in schemas().items():
        if schema.get("type") == "object" and name not in open_ones:
            assert schema["additionalProperties"] is False, name


def test_each_route_says_what_it_is_and_how_it_can_fail(document):
    for path, method, operation in operations(document):
        assert operation["summary"], path
        assert operation["tags"], path
        # FastAPI would describe a response of its own.
        refused = operation["responses"].get("422", {"content": {MEDIA_TYPE: {}}})
        assert refused["content"].keys() == {MEDIA_TYPE}, path
        assert {"400", "405", "421", "429"} <= operation["responses"].keys(), (method, path)
        if path != "/health":
            assert "WWW-Authenticate" in operation["responses"]["401"]["headers"]
            assert "Retry-After" in operation["responses"]["503"]["headers"]


def test_answers_that_are_known_by_a_digest_can_be_asked_for_again(document):
    snapshot = document["paths"]["/api/snapshot/{entity}"]["get"]["responses"]
    assert {"ETag", "Cache-Control", "Timeline-Note"} <= snapshot["200"]["headers"].keys()
    assert "ETag" in snapshot["304"]["headers"]
    assert "304" not in document["paths"]["/api/log"]["get"]["responses"]
    assert "Link" in document["paths"]["/api/log"]["get"]["responses"]["200"]["headers"]
    assert "404" in document["paths"]["/api/show/{id}"]["get"]["responses"]


def test_no_reference_of_the_document_leads_nowhere(document):
    def references(value):
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                yield value["$ref"]
            value = list(value.values())
        if isinstance(value, list):
            for each in value:
                yield from references(each)

    for reference in set(references(document)):
        at: Any = document
        for part in reference.removeprefix("#/").split("/"):
            at = at[part]


def test_the_document_asks_for_a_token_by_the_scheme_of_http(document):
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert document["paths"]["/health"]["get"]["security"] == []
