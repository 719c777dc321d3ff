"""The options for citations: --source, and the parts of the last one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import click

from timeline.newsroom.input import Dates

CITATION = {
    "title": "Title of the source.",
    "publisher": "Publisher of the source.",
    "published": "When the source was published: EDTF, or words.",
    "locator": "Where in the source: a page, a paragraph.",
    "via": "The agency, for a syndicated copy.",
    "attribution": "The person or document that the source attributes it to.",
}


def source_options(fields: Collection[str] = ()) -> list[click.Parameter]:
    """The options of a citation; prefixed where a record has a field of that name."""
    quote = ["--source-quote"] if "quote" in fields else ["--quote", "--source-quote"]
    return [
        click.Option(
            ["--source"], multiple=True, metavar="URL", help="The URL of a source. Repeatable."
        ),
        click.Option([*quote, "source_quote"], help="The source's own words."),
        *(
            click.Option(
                [f"--{name}" if name not in fields else f"--source-{name}", f"source_{name}"],
                help=help,
            )
            for name, help in CITATION.items()
        ),
    ]


def citations_of(given: Mapping[str, Any], dates: Dates) -> list[dict[str, str]] | None:
    """One citation for each --source; the other parts belong to the last of them."""
    citations: list[dict[str, str]] = [{"url": url} for url in given["source"]]
    parts = {name: given[f"source_{name}"] for name in CITATION}
    parts["quote"] = given["source_quote"]
    parts["published"] = dates.read(parts["published"], "--published")
    said = {name: text for name, text in parts.items() if text is not None}
    if said:
        last = citations.pop() if citations else {}
        citations.append({**last, **said})
    return citations or None
