"""What a route declares for the OpenAPI document: its body, its responses, and examples."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from timeline.projections.legend import Legend
from timeline.projections.question import question_type
from timeline.render.json_output import json_text
from timeline.web.openapi.examples import example
from timeline.web.problems import MEDIA_TYPE, ProblemDetails
from timeline.web.question import FULL, JSON, LINES

Schema = dict[str, Any]
Responses = dict[int | str, dict[str, Any]]

PLACE = "#/components/schemas/"

# The schema of a record of any type.
RECORD = "Record"

# Keywords for what depends on the newsroom's vocabulary, which `document` replaces: the body of an
# amendment by its type, and the fields of it that the path gives.
X_RECORD, X_GIVEN = "x-record", "x-given"

_LINES = "JSON lines: one line for each entry of the list in the answer."
_ONE_LINE = "JSON lines: a single line, the answer."
_NOT_MODIFIED = "The answer has not changed: its digest is one of those in `If-None-Match`."

# Headers of responses, and their descriptions.
HEADERS = {
    "ETag": "The digest of the answer. Send it in `If-None-Match` to learn if it has changed.",
    "Cache-Control": "`immutable` if the answer can never change: the question fixes both clocks.",
    "Vary": "The request headers that the response depends on.",
    "Timeline-Note": "Remarks that the command line writes to standard error, percent-encoded.",
    "Link": 'The next page of the list, if there is one: `<…>; rel="next"`.',
    "Retry-After": "Seconds to wait before the next attempt.",
    "Allow": "The methods that the path accepts.",
    "WWW-Authenticate": "How to authenticate.",
}

# How a request that writes, or that is about tokens, may fail.
_REFUSALS = {
    400: "The request is invalid; `problems` lists everything that is wrong, each with its line "
    "and field.",
    401: "A token is required.",
    403: "The caller's role does not allow it.",
    404: "There is no such record or token.",
    409: "A story is not at the version in `If-Match`. `stories` are those that have changed, "
    "`between` are the records appended since. Nothing was written.",
    413: "The body is too large: send it in parts.",
    415: "The media type of the body is not supported.",
    429: "Too many requests with one token.",
    503: "The log cannot be written at the moment.",
}


def header(name: str) -> dict[str, str]:
    """A header as a part of a response."""
    return {"$ref": f"#/components/headers/{name}"}


def reference(shape: Any) -> dict[str, str]:
    """A reference to the schema of a type, which `document.all_types` must list."""
    return {"$ref": PLACE + shape.__name__}


def body(content: dict[str, Schema]) -> Schema:
    """A required body, by its media types."""
    return {"requestBody": {"required": True, "content": content}}


def response(description: str, *shapes: Any, example: Any = None, **more: Any) -> Schema:
    """A JSON response of one of these types."""
    references = [reference(shape) for shape in shapes]
    content: Schema = {"schema": references[0] if len(shapes) == 1 else {"anyOf": references}}
    if example is not None:
        content["example"] = example
    return {"description": description, "content": {JSON: content}, **more}


def problem_response(description: str) -> Schema:
    """A response with problem details."""
    return {
        "description": description,
        "content": {MEDIA_TYPE: {"schema": reference(ProblemDetails)}},
    }


def refused(*statuses: int) -> Responses:
    """The responses to requests that are refused with one of these statuses."""
    return {status: problem_response(_REFUSALS[status]) for status in statuses}


def not_there() -> Responses:
    """The response of a route whose path names something that may not exist."""
    return {404: problem_response("It does not exist.")}


def answers(
    shape: Any, line: Any = None, *examples: str, digest: bool = True, part: bool = False
) -> Responses:
    """The responses of a question.

    Args:
        shape: The type of the answer.
        line: The type of one line of JSON lines, if the answer is a list.
        examples: The names of the examples.
        digest: Whether the answer has a digest, which becomes its `ETag`.
        part: Whether the answer may be one page of a list, with a link to the next.
    """
    names = ["Cache-Control", "Vary", "Timeline-Note"]
    names += ["ETag"] * digest + ["Link"] * part
    headers = {name: header(name) for name in names}
    found: Responses = {
        200: {
            "description": "The answer.",
            "headers": headers,
            "content": {
                JSON: {"schema": reference(shape), "examples": _examples(examples)},
                FULL: {"schema": _full(shape)},
                LINES: {
                    "schema": {
                        "type": "string",
                        "description": _LINES if line else _ONE_LINE,
                        "x-line": reference(line or shape),
                    },
                    "examples": _examples(examples, lines=True),
                },
            },
        }
    }
    if digest:
        found[304] = {"description": _NOT_MODIFIED, "headers": headers}
    return found


def _full(shape: Any) -> Schema:
    """An answer with its legend and notes."""
    properties = {
        "answer": reference(shape),
        "legend": reference(Legend),
        "notes": {"type": "array", "items": {"type": "string"}},
    }
    return {"type": "object", "required": [*properties], "properties": properties}


def _examples(names: Iterable[str], lines: bool = False) -> Schema:
    """Examples by name, each with its request.

    The answers are added by `fill_examples`: FastAPI would remove what is null in them.
    """
    found = {}
    for name in names:
        asked = example(name).asked
        mark = "&" if "?" in asked else "?"
        found[name] = {"summary": f"{asked}{mark}format=jsonl" if lines else asked}
    return found


def fill_examples(media_type: str, examples: Schema) -> None:
    """Add the answers to the examples of a response."""
    for name, each in examples.items():
        asked, answer = example(name)
        question = asked.removeprefix("/api/").partition("?")[0].partition("/")[0]
        each["value"] = as_lines(question, answer) if media_type == LINES else answer


def as_lines(question: str, answer: dict[str, Any]) -> str:
    """The entries of an answer as JSON lines; the answer itself if it has no list."""
    listed = question_type(question).lists
    entries = [answer] if listed is None else answer[listed]
    return "".join(f"{json_text(entry, indent=False)}\n" for entry in entries)
