"""The changes of a story as a JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

from typing import Any

from timeline.publishing.addresses import JSON_FEED, PAGE
from timeline.publishing.changes import Item, changes
from timeline.publishing.edition import Edition
from timeline.render.json_output import json_text
from timeline.render.text import clean


def json_feed(edition: Edition) -> str:
    """The feed as text."""
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": clean(edition.title),
        "home_page_url": edition.addresses.of(PAGE),
        "feed_url": edition.addresses.of(JSON_FEED),
        "description": clean(edition.basis_line),
        "authors": [{"name": clean(edition.newsroom)}],
        "language": "en",
        "items": [_item(each, edition) for each in changes(edition)],
    }
    return f"{json_text(feed)}\n"


def _item(item: Item, edition: Edition) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "content_html": item.html,
        "date_published": edition.stamp(item.published),
        "date_modified": edition.stamp(item.updated),
    }
    if item.by:
        found["authors"] = [{"name": clean(item.by)}]
    return found
