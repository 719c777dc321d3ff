"""What a record names in the log, and whether it is there and is what it is taken for."""

from __future__ import annotations

from collections.abc import Iterator

from timeline.errors import Problem
from timeline.log.lookup import find_event, find_record, publications
from timeline.log.protocol import Reader
from timeline.records.record import LINKS, Content, Draft, named_by
from timeline.records.vocabulary import Vocabulary


def names_in(draft: Draft) -> Iterator[str]:
    """The ids of the records that a draft names in the log."""
    kind, content = draft.type, draft.content
    if kind.amends:
        for _, id in named_by(kind.amends, content):
            yield id
    elif not kind.is_amendment:
        if kind.name == "answered":
            yield content["answers"]
        for field in LINKS:
            if field in content:
                for link in content[field]:
                    yield link["id"]


def check_event(content: Content, log: Reader, vocabulary: Vocabulary) -> list[Problem]:
    """Whether an event's question, and the events it comes after and before, are there."""
    problems: list[Problem] = []
    if content["type"] == "answered":
        problems += _check_question(content, log, vocabulary)
    for field in LINKS:
        if field not in content:
            continue
        for number, link in enumerate(content[field]):
            found = find_event(log, vocabulary, link["id"])
            if isinstance(found, Problem):
                problems.append(found._replace(field=f"{field}[{number}].id"))
    return problems


def check_amended(draft: Draft, log: Reader, vocabulary: Vocabulary) -> list[Problem]:
    """Whether all that an amendment names are events in the log."""
    found = (
        (place, find_event(log, vocabulary, id))
        for place, id in named_by(draft.type.amends or (), draft.content)
    )
    return [each._replace(field=place) for place, each in found if isinstance(each, Problem)]


def check_name(content: Content, log: Reader, vocabulary: Vocabulary) -> list[Problem]:
    """Whether the name of a publication is free."""
    name = content["name"]
    position = publications(log, vocabulary).get(name)
    if position is None:
        return []
    message = f"{name!r} is taken, by the publication at position {position}"
    return [Problem(message, "choose another, such as the name with its date", "name")]


def _check_question(content: Content, log: Reader, vocabulary: Vocabulary) -> list[Problem]:
    question = find_record(log, vocabulary, content["answers"])
    if isinstance(question, Problem):
        return [question._replace(field="answers")]
    if question.type.name != "asked":
        what = f"{question.id!r} is not a question (it is of type {question.type.name})"
        return [Problem(what, "name the `asked` that it answers", "answers")]
    return []
