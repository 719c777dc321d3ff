"""What somebody may mean by a name that they typed, and what to tell where it means nothing."""

from __future__ import annotations

from collections.abc import Iterable

from timeline.errors import InputError, Problem, close_to, did_you_mean
from timeline.newsroom.dates import Note
from timeline.newsroom.newsroom import Newsroom
from timeline.projections.answer import Basis

# A log of more records is not read only to suggest what somebody may have meant.
SUGGESTING = 20_000


def entity_named(newsroom: Newsroom, basis: Basis, text: str, note: Note) -> str:
    """The slug of the entity that somebody means: by its slug, or by a name it goes by.

    What a name was read as, and that a slug now reads as another, is noted. A text that
    names nothing is given back as it is.

    Raises:
        InputError: several entities go by that name.
    """
    slug = text if newsroom.is_known(text, basis) else _slug_of(newsroom, basis, text)
    if slug != text:
        note(f"{text!r} is read as {slug}")
    names = newsroom.names(basis)
    if (canonical := names.canonical(slug)) != slug:
        merge = names.merges_of(slug)[-1]
        note(
            f"{slug} is the same as {canonical} (same-entity {merge.id}, position {merge.position})"
        )
    return slug


def _slug_of(newsroom: Newsroom, basis: Basis, name: str) -> str:
    """The slug of the only entity that goes by a name; the name itself if there is none."""
    slugs = newsroom.going_by(name, basis)
    if len(slugs) > 1:
        raise InputError(
            f"{name!r} is a name of {', '.join(slugs[:-1])} and {slugs[-1]}",
            "ask for one of them; `timeline entities` tells who they are",
        )
    return slugs[0] if slugs else name


def note_if_unknown(newsroom: Newsroom, basis: Basis, entity: str, note: Note) -> None:
    """Say so if nothing at all is recorded about an entity, with a suggestion.

    There is none where the log is long: all of it would have to be read.
    """
    head = newsroom.store.head()
    basis = basis._replace(as_known=head.position, recorded_at=head.recorded_at)
    if newsroom.is_known(entity, basis):
        return
    is_long = head.position > SUGGESTING
    found = [] if is_long else newsroom.entities(basis, entity)["entities"]
    said = [
        each["slug"] if each["matched"] == each["slug"] else f"{each['slug']} ({each['matched']})"
        for each in found[:3]
    ]
    hint = f"; did you mean {' or '.join(said)}?" if said else ""
    note(f"nothing is recorded about {entity!r}{hint}")


def note_if_unnamed(
    newsroom: Newsroom, basis: Basis, name: str, kind: str | None, note: Note
) -> None:
    """Say that no entity of a kind goes by a name or part of one, and which come closest."""
    others = newsroom.entities(basis, name)["entities"]
    if not others:
        rows = newsroom.entities(basis)["entities"]
        called = {each: row for row in rows for each in (row["slug"], *row["names"])}
        others = [called[each] for each in close_to(name.casefold(), called, cutoff=0.5)]
    slugs = dict.fromkeys(
        f"{each['slug']} ({each['kind']})" if kind else each["slug"] for each in others
    )
    hint = f"; the closest: {', '.join(list(slugs)[:3])}" if slugs else ""
    note(f"there is no {kind or 'entity'} like {name!r}{hint}")


def note_if_no_story(newsroom: Newsroom, story: str | None, note: Note) -> None:
    """Say so if there is no such story, with a suggestion."""
    stories = newsroom.store.stories() if story is not None else {}
    if story is not None and story not in stories:
        note(f"there is no story {story!r}{suggestion(story, stories)}")


def refuse_unknown_types(types: Iterable[str], newsroom: Newsroom) -> None:
    """Refuse types that the vocabulary does not have.

    Raises:
        InputError: there are any; all of them are named.
    """
    known = [kind.name for kind in newsroom.settings.vocabulary]
    if problems := [
        Problem(f"there is no type {name!r}", did_you_mean(name, known), "--type")
        for name in types
        if name not in known
    ]:
        raise InputError(problems)


def suggestion(word: str, known: Iterable[str]) -> str:
    """`; did you mean …?`, or nothing."""
    close = close_to(word, known)
    return f"; did you mean {' or '.join(close)}?" if close else ""
