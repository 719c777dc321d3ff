"""Asking why."""

from __future__ import annotations

from timeline import temporal


def why(newsroom, entity="ann", property=None, as_of="2030", as_known=None):
    return newsroom.why(entity, newsroom.basis(as_of, as_known, temporal.now()), property)


def only(newsroom, *args, **kwargs):
    (entry,) = why(newsroom, *args, **kwargs)["statements"]
    return entry


def amendment(type, id, **fields):
    return {"story": "story", "type": type, "id": id, **fields}


def ids(accounts):
    return [each["id"] for each in accounts]
