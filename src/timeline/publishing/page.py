"""The pages of an edition as HTML.

A page loads its style sheet and nothing else, and has no scripts. A Content-Security-Policy in a
meta element enforces that, since there is no server to send one.
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

_SNIPPET = """\
<iframe src="{embed}" title="{title}" width="640" height="480"
  sandbox="allow-popups allow-popups-to-escape-sandbox" loading="lazy"
  referrerpolicy="no-referrer" style="border:0;width:100%"></iframe>
<p><a href="{page}">{title}</a></p>
"""
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
    """A small page to embed in another."""
    return _rendered("embed.html", edition)


def snippet(edition: Edition) -> str:
    """The HTML to paste into an article: a sandboxed frame without scripts, and a link."""
    to = edition.addresses
    found = Markup(_SNIPPET).format(
        embed=to.of(addresses.EMBED), page=to.of(addresses.PAGE), title=clean(edition.title)
    )
    return str(found)


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
    """The output of an expression in a template: text without forbidden characters."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value
