"""Templates, and the response that one makes."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from fastapi import Request, Response
from starlette.responses import HTMLResponse

from timeline.render.text import web_address
from timeline.web.pages.asking import link
from timeline.web.pages.map_data import statement_key
from timeline.web.pages.text_helpers import Words
from timeline.web.service import service_of

TEMPLATES = Path(__file__).parent.parent / "templates"


@cache
def environment() -> jinja2.Environment:
    """The templates. What they are given is text, and never HTML."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["link"] = link
    made.tests["web"] = web_address
    made.filters["statement_key"] = statement_key
    return made


def page(request: Request, name: str, status: int = 200, **values: Any) -> Response:
    """The page that a template makes of some values."""
    service = service_of(request)
    values.setdefault("say", Words(service.settings.zone))
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
