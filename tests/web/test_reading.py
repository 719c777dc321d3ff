"""The questions over HTTP: the bytes of the command line, and what caches may make of them."""

from __future__ import annotations

import gzip
import re

import pytest
import zstandard

from tests.rooms import event
from tests.running import append, inside
from tests.web.examples import story_in
from tests.web.rooms import service_at, token_of, visiting
from timeline import temporal

AS_OF = "2026-04-30"
TIMES = f"as_of={AS_OF}&as_known=139"
OPTIONS = ["--as-of", AS_OF, "--as-known", "139"]

# What is asked over HTTP, and on the command line.
QUESTIONS = {
    f"snapshot/qwen-team?{TIMES}": ["snapshot", "qwen-team", *OPTIONS],
    f"snapshot/Junyang%20Lin?{TIMES}&depth=3": [
        *("snapshot", "Junyang Lin", *OPTIONS),
        *("--depth", "3"),
    ],
    f"chronology?{TIMES}": ["chronology", *OPTIONS],
    f"chronology/qwen?{TIMES}": ["chronology", "qwen", *OPTIONS],
    "map/lin-junyang": ["map", "lin-junyang"],
    "holders/tongyi-lab?role=head": ["holders", "tongyi-lab", "head"],
    f"holders/alibaba-token-hub?role=Head&{TIMES}": [
        *("holders", "alibaba-token-hub", "Head", *OPTIONS),
    ],
    f"chronology?entity=lin-junyang&{TIMES}": [
        *("chronology", "--entity", "lin-junyang", *OPTIONS),
    ],
    f"why/qwen-team?{TIMES}": ["why", "qwen-team", *OPTIONS],
    f"why/lin-junyang/member-of?{TIMES}": ["why", "lin-junyang", "member-of", *OPTIONS],
    f"diff?as_known=28..139&as_of={AS_OF}": [
        *("diff", "--as-known", "28..139", "--as-of", AS_OF),
    ],
    "diff/qwen-team?as_of=2026-03-01..2026-03-05&as_known=139": [
        *("diff", "qwen-team", "--as-of", "2026-03-01..2026-03-05", "--as-known", "139"),
    ],
    f"diff?as_known=publication:first%20page..&as_of={AS_OF}&story=qwen": [
        *("diff", "--as-known", "publication:first page..", "--as-of", AS_OF, "--story", "qwen"),
    ],
    f"replay?{TIMES}": ["replay", *OPTIONS],
    f"replay?{TIMES}&type=correction&type=dispute&from=20": [
        *("replay", *OPTIONS, "--type", "correction", "--type", "dispute", "--from", "20"),
    ],
    f"check?{TIMES}": ["check", *OPTIONS],
    f"check?{TIMES}&only=stale-question&only=disputed&stale_after=P10D": [
        *("check", *OPTIONS, "--only", "stale-question", "--only", "disputed"),
        *("--stale-after", "P10D"),
    ],
    "log": ["log"],
    f"log?entity=lin-junyang&{TIMES}&limit=5": [
        *("log", "--entity", "lin-junyang", *OPTIONS, "--limit", "5"),
    ],
    f"show/qwen-image-report-published?{TIMES}": [
        *("show", "qwen-image-report-published", *OPTIONS),
    ],
    "entities": ["entities"],
    "entities?query=Lin&kind=person": ["entities", "Lin", "--kind", "person"],
    "when?expression=1984~": ["when", "1984~"],
    "when?expression=2026-03-03&zone=Asia/Shanghai": [
        *("when", "2026-03-03", "--zone", "Asia/Shanghai"),
    ],
    "status": ["status"],
    "verify": ["verify"],
}


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    return story_in(tmp_path_factory.mktemp("reading") / "demo")


@pytest.fixture(scope="module")
def client(room):
    service = service_at(room)
    with visiting(service, token_of(service)) as found:
        yield found


def printed(room, words, format="json"):
    """What the command line prints, and notes."""
    done = inside(room, *words, "--format", format)
    assert done.code in (0, 1), done.err
    return done.out


@pytest.mark.parametrize("asked", QUESTIONS)
def test_the_bytes_are_those_of_the_command_line(room, client, asked):
    answer = client.get(f"/api/{asked}")
    assert answer.status_code == 200
    assert answer.text == printed(room, QUESTIONS[asked])


@pytest.mark.parametrize("asked", [each for each in QUESTIONS if "?" in each])
def test_the_lines_are_those_of_the_command_line(room, client, asked):
    answer = client.get(f"/api/{asked}&format=jsonl")
    assert answer.headers["content-type"] == "application/jsonl"
    assert answer.text == printed(room, QUESTIONS[asked], "jsonl")


def test_every_reading_route_is_asked_here(client):
    paths = client.get("/openapi.json").json()["paths"]
    routes = {
        path for path, item in paths.items() if "questions" in item.get("get", {}).get("tags", ())
    }
    patterns = [re.compile(re.sub(r"\{\w+\}", "[^/?]+", route) + r"$") for route in routes]
    asked = [f"/api/{each.partition('?')[0]}" for each in QUESTIONS]
    for pattern in patterns:
        assert any(pattern.match(each) for each in asked), pattern


def test_remarks_are_those_of_the_command_line(room, client):
    done = inside(room, "snapshot", "qwen-taem", *OPTIONS, "--format", "json")
    answer = client.get(f"/api/snapshot/qwen-taem?{TIMES}")
    assert "did%20you" not in answer.headers["timeline-note"]
    assert "did you mean qwen-team" in answer.headers["timeline-note"].replace("%3B", ";")
    assert "did you mean qwen-team" in done.err


def test_what_has_not_changed_is_not_sent_again(client):
    asked = f"/api/snapshot/qwen-team?{TIMES}"
    first = client.get(asked)
    tag = first.headers["etag"]
    assert tag == f'"{first.json()["digest"]}"'
    for known in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        again = client.get(asked, headers={"If-None-Match": known})
        assert again.status_code == 304
        assert again.content == b""
        for name in ("etag", "cache-control"):
            assert again.headers[name] == first.headers[name]
        assert "Authorization" in again.headers["vary"]
    assert client.get(asked, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    ("asked", "is_fixed"),
    [
        (f"snapshot/qwen-team?{TIMES}", True),
        ("log?as_known=20", True),
        ("entities?as_known=20", True),
        (f"diff?as_known=28..139&as_of={AS_OF}", True),
        ("snapshot/qwen-team?as_known=139", False),
        (f"snapshot/qwen-team?as_of={AS_OF}", False),
        (f"snapshot/qwen-team?as_of={AS_OF}&as_known=2026-03-05", False),
        (f"snapshot/qwen-team?as_of={AS_OF}&as_known=publication:first%20page", False),
        ("log", False),
        ("status", False),
    ],
)
def test_only_what_is_asked_by_fixed_points_of_both_clocks_is_immutable(client, asked, is_fixed):
    said = client.get(f"/api/{asked}").headers["cache-control"]
    assert ("immutable" in said) is is_fixed
    assert "private" in said


@pytest.mark.parametrize(
    "asked",
    [
        "snapshot/qwen-team?as_known=139&as_of=yesterday",
        "snapshot/qwen-team?as_known=139&as_of=now",
        "log?as_known=139&as_of=last%20week",
        "diff?as_known=28..139&as_of=2026-03-01..",
        "diff?as_known=28..139&as_of=2026-03-01..yesterday",
        "replay?as_known=139&as_of=2026&since=last%20month&limit=1",
    ],
)
def test_what_is_said_in_words_or_left_open_is_not_the_same_tomorrow(client, asked, monkeypatch):
    digests = []
    for day in ("2026-11-25", "2027-01-02"):
        instant = temporal.parse_instant(f"{day}T10:00:00Z")
        monkeypatch.setattr("timeline.temporal.now", lambda instant=instant: instant)
        answer = client.get(f"/api/{asked}")
        assert answer.status_code == 200
        assert "immutable" not in answer.headers["cache-control"]
        digests.append(answer.headers.get("etag") or answer.headers["timeline-note"])
    assert digests[0] != digests[1]


def test_answers_are_sent_compressed_to_who_can_read_that(client):
    asked = f"/api/snapshot/qwen-team?{TIMES}"
    plain = client.get(asked, headers={"Accept-Encoding": "identity"}).content
    assert len(plain) > 1000
    for encoding, undo in (
        ("gzip", gzip.decompress),
        ("zstd", lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body)),
    ):
        for kind in ("", "&format=jsonl"):
            with client.stream(
                "GET", f"{asked}{kind}", headers={"Accept-Encoding": encoding}
            ) as sent:
                assert sent.headers["content-encoding"] == encoding
                assert "accept-encoding" in sent.headers["vary"].casefold()
                body = b"".join(sent.iter_raw())
            assert len(body) < len(plain) / 2
            if not kind:
                assert undo(body) == plain


def test_a_long_answer_is_sent_in_pieces_and_whole(client, monkeypatch):
    asked = f"/api/check?{TIMES}"
    whole = client.get(asked)
    monkeypatch.setattr("timeline.web.responses.PIECE", 1000)
    in_pieces = client.get(asked)
    assert in_pieces.content == whole.content
    assert in_pieces.headers["etag"] == whole.headers["etag"]
    plain = client.get(asked, headers={"Accept-Encoding": "identity"})
    assert plain.content == whole.content
    assert int(plain.headers["content-length"]) == len(whole.content)
    assert client.head(asked).content == b""


def following(client, asked):
    """The parts of a list, as their links lead on."""
    while asked:
        answer = client.get(asked)
        assert answer.status_code == 200
        yield answer
        link = answer.links.get("next")
        asked = link and link["url"]


@pytest.mark.parametrize("limit", [1, 7, 213, 1000])
def test_parts_add_up_to_the_whole(client, limit):
    parts = list(following(client, f"/api/log?limit={limit}&format=jsonl"))
    assert "".join(part.text for part in parts) == client.get("/api/log?format=jsonl").text
    assert len(parts) == -(-213 // limit)


def test_steps_of_the_audit_add_up_to_the_whole(client):
    asked = f"/api/replay?format=jsonl&as_of={AS_OF}"
    parts = following(client, f"{asked}&limit=50")
    assert "".join(part.text for part in parts) == client.get(asked).text


def test_parts_add_up_to_what_there_was_when_the_first_was_asked_for(tmp_path):
    room = story_in(tmp_path / "grows")
    service = service_at(room)
    with visiting(service, token_of(service)) as client:
        whole = client.get("/api/log?format=jsonl").text
        said = ""
        for part in following(client, "/api/log?format=jsonl&limit=40"):
            said += part.text
            append(room, event("joined", "2026-05", person="ann", organisation="qwen-team"))
        assert said == whole
        assert client.get("/api/log?from=214&at_least=219&format=jsonl").text.count("\n") == 6


@pytest.mark.parametrize("id", ["a/b", "a%b", "a%2Fb", "/", "ü ∕ ?#&", "%25", "..", "a+b"])
def test_ids_and_names_may_have_any_characters_in_them(tmp_path, id):
    from urllib.parse import quote

    room = story_in(tmp_path / "odd")
    append(room, {**event("joined", "2026-05", person="ann", organisation="qwen-team"), "id": id})
    service = service_at(room)
    with visiting(service, token_of(service)) as client:
        part = quote(id, safe="").replace(".", "%2E")
        shown = client.get(f"/api/show/{part}")
        assert shown.status_code == 200, shown.text
        assert shown.json()["id"] == id
        for asked in (f"snapshot/{part}", f"why/{part}", f"why/{part}/member-of"):
            assert client.get(f"/api/{asked}").json()["entity"] == id
        assert client.get(f"/record/{part}").status_code == 200


@pytest.mark.parametrize(
    ("asked", "field", "hint"),
    [
        ("snapshot/x?asof=2026", "asof", "did you mean as_of?"),
        ("snapshot/x?depth=0", "depth", "at least 1"),
        ("snapshot/x?depth=99999999999999999999", "depth", "at most 9"),
        ("snapshot/x?depth=two", "depth", "such as 12"),
        ("snapshot/x?format=jsonnl", "format", "did you mean jsonl or json?"),
        ("snapshot/x?as_of=2026&as_of=2027", "as_of", "give it once"),
        ("check?only=disputted", "only.0", "did you mean disputed?"),
        ("log?from=x", "from", "such as 12"),
        ("when", "expression", None),
        ("when?expression=" + "x" * 501, "expression", None),
    ],
)
def test_what_is_wrong_with_a_parameter_is_said_and_what_would_be_right(client, asked, field, hint):
    answer = client.get(f"/api/{asked}")
    assert answer.status_code == 400
    (problem,) = answer.json()["problems"]
    assert problem["field"] == field
    assert problem.get("hint") == hint
    assert "pydantic" not in answer.text and "Input should" not in answer.text


@pytest.mark.parametrize("path", ["", "/", "/nothing", "/snapshot", "/snapshot/", "/log/"])
def test_what_is_not_there_is_not_there(client, path):
    answer = client.get(f"/api{path}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_are_told_which_are_right(client, method):
    answer = client.request(method, "/api/status")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"
