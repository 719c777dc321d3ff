"""Asking why."""

from __future__ import annotations

from tests import views


def why(newsroom, entity="ann", property=None, as_of="2030", as_known=None):
    return views.why(newsroom, entity, newsroom.basis(as_of, as_known), property)


def only(newsroom, *args, **kwargs):
    (entry,) = why(newsroom, *args, **kwargs)["statements"]
    return entry


def amendment(type, id, **fields):
    return {"story": "story", "type": type, "id": id, **fields}


def ids(accounts):
    return [each["id"] for each in accounts]
