"""The pages to amend an event: a form for each type of amendment."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import APIRouter, Request, Response

from timeline import temporal
from timeline.errors import InputError, NotFoundError, Problem
from timeline.newsroom.amending import WAYS, Choice, amendment, conflict, events_of, resolution
from timeline.newsroom.input import Dates, field_value, link, read_date
from timeline.newsroom.newsroom import Newsroom
from timeline.projections.show import ShowAnswer, reads_of
from timeline.records.declaration import Kind, RecordType
from timeline.records.record import LINKS
from timeline.records.vocabulary import Vocabulary
from timeline.web.api.parameters import RecordId
from timeline.web.forms.fields import FormField, common_fields, own_fields, time_fields
from timeline.web.forms.reading import citations, count_of_citations, lines, parts
from timeline.web.pages.appending import Read, cited, done, filled_in, fresh, kind_named, shown
from timeline.web.service import service_of

amending_pages = APIRouter(include_in_schema=False)

_BY_TYPE = {way.type: way for way in WAYS.values()}

# Fields of an event that the form cannot correct.
_LEFT_OUT = ("tags", "qualifiers")


@amending_pages.get("/amend/{type}")
@amending_pages.get("/amend/{type}/{id:record}")
async def form(request: Request, type: str, id: RecordId | None = None) -> Response:
    """The form of an amendment, for the events in the URL."""
    kind = _kind(request, type)
    ids = [each for each in (id, *request.query_params.getlist("with")) if each]
    given = fresh(request, {"ids": "\n".join(dict.fromkeys(ids))})
    if reason := request.query_params.get("reason"):
        given["reason"] = reason
    over = request.query_params.getlist("over")
    if type == "resolution" and id is not None:
        given |= {"chosen": id, "ids": "\n".join(dict.fromkeys([*ids, *over]))}
    accounts = await _accounts(request, given)
    return await shown(
        request, kind, given, template="amend.html", **_about(request, type, accounts)
    )


@amending_pages.post("/amend/{type}")
@amending_pages.post("/amend/{type}/{id:record}")
async def amend(request: Request, type: str, id: RecordId | None = None) -> Response:
    """Submit the form: preview the amendment, or append it."""
    kind = _kind(request, type)
    given = await filled_in(request)
    accounts = await _accounts(request, given)
    about = _about(request, type, accounts)
    if given.get("form-act") == "more":
        others = parts(given.pop("another", ""))
        given["ids"] = "\n".join(dict.fromkeys([*lines(given.get("ids")), *others]))
        about = _about(request, type, await _accounts(request, given))
        room = count_of_citations(given) + (not others)
        return await shown(request, kind, given, room=room, template="amend.html", **about)
    if given.get("form-act", "").startswith("cite-"):
        notes = await cited(request, given)
        return await shown(request, kind, given, notes=notes, template="amend.html", **about)
    read = _reading(type, given)
    return await done(request, kind, given, read, "amend.html", **about)


def _kind(request: Request, type: str) -> Any:
    """The type of an amendment.

    Raises:
        NotFoundError: it is not a type with a form here.
    """
    kind = kind_named(request, type)
    if type not in _BY_TYPE and type not in ("conflict", "resolution"):
        raise NotFoundError([Problem(f"a {type} has a form of its own", f"/append/{type}")])
    return kind


async def _accounts(request: Request, given: dict[str, str]) -> list[ShowAnswer]:
    """The events to amend, as they read now."""
    ids = lines(given.get("ids"))
    return await service_of(request).executor.read(lambda newsroom: events_of(newsroom, *ids))


def _about(request: Request, type: str, accounts: list[ShowAnswer]) -> dict[str, Any]:
    """The values of the template about the events to amend."""
    fields: list[tuple[FormField, str]] = []
    if type == "correction" and accounts:
        kind = service_of(request).settings.vocabulary[accounts[0]["record"]["type"]]
        fields = _correctable(accounts[0], kind)
    return {"accounts": accounts, "fields": fields}


def _correctable(event: ShowAnswer, kind: RecordType) -> list[tuple[FormField, str]]:
    """The fields of an event that can be corrected, with their current text."""
    content = reads_of(event)["content"]
    offered = [*time_fields(), *own_fields(kind), *common_fields()]
    return [
        (field, _as_typed(content.get(field.name)))
        for field in offered
        if field.name not in _LEFT_OUT
    ]


def _as_typed(value: Any) -> str:
    """A value as it is typed into the form."""
    match value:
        case None:
            return ""
        case [{"id": _}, *_]:
            links = (
                f"{each['id']}={each['within']}" if "within" in each else each["id"]
                for each in value
            )
            return "\n".join(links)
        case list():
            return ", ".join(map(str, value))
        case str():
            return value
        case _:
            return orjson.dumps(value).decode()


def _reading(type: str, given: dict[str, str]) -> Read:
    """Makes the amendment from the form."""

    def read(newsroom: Newsroom, notes: list[str]) -> dict[str, Any]:
        newsroom.note = notes.append
        vocabulary = newsroom.settings.vocabulary
        dates = Dates(vocabulary, notes.append)
        said: dict[str, Any] = {"reason": given.get("reason"), "severity": given.get("severity")}
        said["sources"] = citations(given, dates) or None
        said = {name: value for name, value in said.items() if value is not None}
        ids = lines(given.get("ids"))
        if not ids:
            raise InputError([Problem("names no event", "give the id of one", "ids")])
        if type == "conflict":
            return conflict(newsroom, ids, said)
        if type == "resolution":
            chosen = given.get("chosen")
            if chosen not in ids:
                raise InputError([Problem("no account is chosen", "choose one", "chosen")])
            (account,) = events_of(newsroom, chosen)
            over = [id for id in ids if id not in (chosen, *account["agrees_with"])]
            return resolution(newsroom, Choice(chosen, over, []), said)
        if type == "correction":
            (event,) = events_of(newsroom, *ids[:1])
            said["changes"] = _changes(event, vocabulary, given, notes)
        return amendment(newsroom, _BY_TYPE[type], ids[0], said)

    return read


def _changes(
    event: ShowAnswer, vocabulary: Vocabulary, given: dict[str, str], notes: list[str]
) -> dict[str, Any]:
    """The fields that were changed; null for those that were emptied.

    Raises:
        InputError: a date cannot be read, or nothing was changed.
    """
    changes: dict[str, Any] = {}
    kind = vocabulary[event["record"]["type"]]
    for field, reads in _correctable(event, kind):
        typed = given.get(f"new-{field.name}", "")
        if typed != reads.strip():
            changes[field.name] = _value(event, kind, field.name, typed, notes) if typed else None
    if not changes:
        raise InputError("nothing is corrected", "change at least one field")
    return changes


def _value(event: ShowAnswer, kind: RecordType, name: str, typed: str, notes: list[str]) -> Any:
    if name == "when":
        return read_date(typed, reads_of(event)["zone"], temporal.now(), "when", notes.append)
    if name in LINKS:
        return [link(text) for text in lines(typed)]
    field = kind.fields.get(name)
    if field is None:
        return typed
    if field.kind is Kind.SENTENCES:
        return lines(typed)
    return parts(typed) if field.kind is Kind.RECORDS else field_value(field, typed)
