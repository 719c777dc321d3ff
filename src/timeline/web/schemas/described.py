"""What a route answers with, as the document of the API says it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from timeline.projections.legend import Legend
from timeline.projections.question import question_type
from timeline.render.json_output import json_text
from timeline.web.question import FULL, JSON, LINES
from timeline.web.schemas.examples import example

Responses = dict[int | str, dict[str, Any]]

PLACE = "#/components/schemas/"

_LINES = "JSON lines: each line is one of what the answer lists, and ends with a line feed."
_ONE_LINE = "JSON lines: one line, which is the answer."
_KNOWN = "Who asks has the answer already: its digest is one of those in `If-None-Match`."

# Headers of an answer, with what they say.
HEADERS = {
    "ETag": "The digest of the answer. Send it in `If-None-Match` to be told if it is the same.",
    "Cache-Control": "`immutable` where nothing can change the answer: it was asked by fixed "
    "points of both clocks.",
    "Vary": "What else the response depends on.",
    "Timeline-Note": "Remarks that the command line writes to standard error, percent-encoded.",
    "Link": 'Where the list goes on, if it does: `<…>; rel="next"`.',
    "Retry-After": "Seconds after which to ask again.",
    "Allow": "By which methods it can be asked for.",
    "WWW-Authenticate": "How to say who asks.",
}


def header(name: str) -> dict[str, str]:
    """A header as a part of a response."""
    return {"$ref": f"#/components/headers/{name}"}


def answers(
    shape: Any, line: Any = None, *examples: str, digest: bool = True, part: bool = False
) -> Responses:
    """The answer of a question: of a shape, and one of `line` a line where it is a list.

    It has a `digest` by which it is known again, or none; where it may be a `part` of a
    list, it says where that goes on.
    """
    names = ["Cache-Control", "Vary", "Timeline-Note"]
    names += ["ETag"] * digest + ["Link"] * part
    headers = {name: header(name) for name in names}
    found: Responses = {
        200: {
            "description": "The answer.",
            "headers": headers,
            "content": {
                JSON: {"schema": _reference(shape), "examples": _examples(examples)},
                FULL: {"schema": _full(shape)},
                LINES: {
                    "schema": {
                        "type": "string",
                        "description": _LINES if line else _ONE_LINE,
                        "x-line": _reference(line or shape),
                    },
                    "examples": _examples(examples, lines=True),
                },
            },
        }
    }
    if digest:
        found[304] = {"description": _KNOWN, "headers": headers}
    return found


def _full(shape: Any) -> dict[str, Any]:
    """An answer with its legend and notes."""
    properties = {
        "answer": _reference(shape),
        "legend": _reference(Legend),
        "notes": {"type": "array", "items": {"type": "string"}},
    }
    return {"type": "object", "required": [*properties], "properties": properties}


def _reference(shape: Any) -> dict[str, str]:
    return {"$ref": PLACE + shape.__name__}


def _examples(names: Iterable[str], lines: bool = False) -> dict[str, Any]:
    """The examples by their names, each with what was asked.

    What was answered is put in when the document is made: FastAPI leaves out what is null.
    """
    found = {}
    for name in names:
        asked = example(name).asked
        mark = "&" if "?" in asked else "?"
        found[name] = {"summary": f"{asked}{mark}format=jsonl" if lines else asked}
    return found


def fill_examples(media_type: str, examples: dict[str, Any]) -> None:
    """Put into the examples of a response what was answered."""
    for name, each in examples.items():
        asked, answer = example(name)
        question = asked.removeprefix("/api/").partition("?")[0].partition("/")[0]
        each["value"] = as_lines(question, answer) if media_type == LINES else answer


def as_lines(question: str, answer: dict[str, Any]) -> str:
    """What an answer lists, one a line; the answer itself where it lists nothing."""
    listed = question_type(question).lists
    entries = [answer] if listed is None else answer[listed]
    return "".join(f"{json_text(entry, indent=False)}\n" for entry in entries)
