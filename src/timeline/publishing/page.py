"""The pages of an edition as HTML.

A page loads its own style sheet and nothing else, and runs nothing: its
Content-Security-Policy says so, in a meta element, since there is no server to say it.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from timeline.publishing import addresses
from timeline.publishing.corrections import AMENDMENTS
from timeline.publishing.edition import Edition
from timeline.publishing.jsonld import json_ld, script_text
from timeline.render.drawing.svg import chronology_svg
from timeline.render.markdown import prose
from timeline.render.text import clean
from timeline.render.wording import count

_POLICY = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'"


def index_page(edition: Edition) -> str:
    """The page of a story."""
    linked = Markup(script_text(json_ld(edition)))
    drawing = Markup(clean(chronology_svg(edition.answer, edition.zone)))
    return _rendered("index.html", edition, linked=linked, drawing=drawing)


def corrections_page(edition: Edition) -> str:
    """The corrections log."""
    return _rendered("corrections.html", edition)


def embed_page(edition: Edition) -> str:
    """A small page to show inside another."""
    return _rendered("embed.html", edition)


@cache
def style_sheet() -> str:
    """The style sheet that all pages share."""
    return (files("timeline.publishing") / "style.css").read_text("utf-8")


def _rendered(template: str, edition: Edition, **more: Any) -> str:
    found = _environment().get_template(template)
    return found.render(edition=edition, to=edition.addresses, policy=_POLICY, **more)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("timeline.publishing"),
        autoescape=True,
        finalize=_shown,
        keep_trailing_newline=True,
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals.update(
        files=addresses, anchor=addresses.anchor, count=count, titles=AMENDMENTS
    )
    environment.filters["prose"] = prose
    return environment


def _shown(value: Any) -> Any:
    """What an expression in a template shows: text that a page may hold."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value
