"""Renders pages from templates, and the page of an error."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

import jinja2
from fastapi import Request, Response
from starlette.responses import HTMLResponse

from timeline.errors import InputError, Problem, TimelineError
from timeline.render import measurements, wording
from timeline.render.json_output import json_text
from timeline.render.markdown import prose
from timeline.render.text import web_address
from timeline.temporal.wording import said_duration
from timeline.web.pages.asking import link
from timeline.web.pages.grouping import statement_key
from timeline.web.problems import status_of
from timeline.web.service import service_of

TEMPLATES = Path(__file__).parent.parent / "templates"

# The labels on pages of options of the command line.
_FIELDS = {"--as-of": "As of", "--as-known": "As known"}

_TITLES = {
    400: "Invalid request",
    403: "Not allowed",
    404: "Not found",
    409: "Someone else saved first",
    503: "Temporarily unavailable",
}


@cache
def environment() -> jinja2.Environment:
    """The templates, which escape everything they are given."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "link": link,
        "said_duration": said_duration,
        "wording": wording,
        "measurements": measurements,
    }
    made.tests["web"] = web_address
    made.filters |= {
        "field_name": _field_name,
        "json_text": json_text,
        "prose": prose,
        "remark": _remark,
        "statement_key": statement_key,
    }
    return made


def page(request: Request, name: str, status: int = 200, **values: Any) -> Response:
    """A response with a template, rendered with some values.

    `say` is the `Words` of the answer on the page.
    """
    service = service_of(request)
    values.setdefault("say", wording.Words(service.settings))
    text = (
        environment()
        .get_template(name)
        .render(
            newsroom=service.settings.name,
            holder=getattr(request.state, "holder", None),
            path=request.url.path,
            **values,
        )
    )
    return HTMLResponse(text, status, {"Cache-Control": "private, no-store"})


def error_page(request: Request, error: TimelineError) -> Response:
    """A page with the problems of an error, and how to fix them."""
    status, headers = status_of(error)
    problems = error.problems if isinstance(error, InputError) else (Problem(str(error)),)
    title = _TITLES.get(status) or HTTPStatus(status).phrase
    response = page(
        request, "error.html", status, may_not=status == 403, title=title, problems=problems
    )
    response.headers.update(headers)
    return response


def _field_name(name: str) -> str:
    """The label of a field that a problem names."""
    return _FIELDS.get(name, name)


def _remark(note: str) -> str:
    """A remark on how a question was read, in terms of the page."""
    option, space, rest = note.partition(" ")
    return _field_name(option) + space + rest
