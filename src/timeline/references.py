"""What a record names in the log, and whether it is there and is what it is taken for."""

from __future__ import annotations

from collections.abc import Iterator

from timeline.errors import Problem
from timeline.events.record import LINKS, Content, Draft, Record, named_by
from timeline.events.vocabulary import Vocabulary
from timeline.log import Reader
from timeline.lookup import find_happening, find_record, names_at, publications
from timeline.names import way


def check_happening(content: Content, log: Reader, vocabulary: Vocabulary) -> list[Problem]:
    """Whether a happening's question, and the happenings it comes after and before, are there."""
    problems = []
    if content["type"] == "answered":
        problems += _check_question(content, log, vocabulary)
    for field in LINKS:
        for number, link in enumerate(content.get(field, ())):
            found = find_happening(log, vocabulary, link["id"])
            if isinstance(found, Problem):
                problems.append(found._replace(field=f"{field}[{number}].id"))
    return problems


def check_amended(draft: Draft, log: Reader, vocabulary: Vocabulary) -> list[Problem]:
    """Whether all that an amendment names are happenings in the log."""
    found = (
        (place, find_happening(log, vocabulary, id))
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


def check_apart(content: Content, log: Reader, vocabulary: Vocabulary) -> list[Problem]:
    """Whether entities would be apart once they are told apart, and not held by others."""
    names = names_at(log, vocabulary)
    undone = {merge.id for merge in names.undone_by(content)}
    left = [merge for merge in names.merges() if merge.id not in undone]
    return list(_still_one(content["entities"], left))


def _still_one(entities: list[str], merges: list[Record]) -> Iterator[Problem]:
    """Which of the entities others still hold together."""
    for number, other in enumerate(entities):
        for one in entities[:number]:
            if found := way(one, other, merges):
                by = " and ".join(map(repr, found[1:-1]))
                yield Problem(
                    f"{one!r} and {other!r} are the same by way of {by}",
                    "tell one of them from what joins them first",
                    f"entities[{number}]",
                )


def _check_question(content: Content, log: Reader, vocabulary: Vocabulary) -> list[Problem]:
    question = find_record(log, vocabulary, content["answers"])
    if isinstance(question, Problem):
        return [question._replace(field="answers")]
    if question.type.name != "asked":
        what = f"{question.id!r} is not a question (it is of type {question.type.name})"
        return [Problem(what, "name the `asked` that it answers", "answers")]
    return []
