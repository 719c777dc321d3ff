"""Editorial acts: on events, on what entities are called, and on the log itself.

An amendment names events or entities, never amendments.
"""

from timeline.records.declaration import (
    Field,
    Kind,
    RecordType,
    entities,
    entity,
    record,
    records,
    sentence,
    text,
)

_WHY = sentence("Why.", required=True)

CORRECTION = RecordType(
    "correction",
    "From here on, the fields named in `changes` read so.",
    {
        "corrects": record("The id of the event corrected.", required=True),
        "changes": Field(Kind.CHANGES, "Field → new value; null removes the field.", required=True),
        "reason": _WHY,
        "severity": text("How grave it was, in the newsroom's own words."),
    },
    headline="Correction of {corrects}: {reason}",
    amends=("corrects",),
)

RETRACTION = RecordType(
    "retraction",
    "The event is withdrawn: it stands no longer.",
    {
        "retracts": record("The id of the event retracted.", required=True),
        "reason": _WHY,
    },
    headline="Retraction of {retracts}: {reason}",
    amends=("retracts",),
)

RESTORATION = RecordType(
    "restoration",
    "A retracted event stands again.",
    {
        "restores": record("The id of the event restored.", required=True),
        "reason": _WHY,
    },
    headline="Restoration of {restores}: {reason}",
    amends=("restores",),
)

CONFIRMATION = RecordType(
    "confirmation",
    "The event is confirmed, until somebody disputes it.",
    {
        "confirms": record("The id of the event confirmed.", required=True),
        "reason": text("Why."),
    },
    headline="Confirmation of {confirms}",
    amends=("confirms",),
)

DISPUTE = RecordType(
    "dispute",
    "The event is disputed, until somebody confirms it: it may or may not have happened.",
    {
        "disputes": record("The id of the event disputed.", required=True),
        "reason": text("Why."),
    },
    headline="Dispute of {disputes}",
    amends=("disputes",),
)

CONFLICT = RecordType(
    "conflict",
    "The events are rival accounts of one event: exactly one of them is so.",
    {
        "between": records("The ids of the rival events, two or more.", different=2),
        "reason": _WHY,
    },
    headline="Conflict between {between}: {reason}",
    amends=("between",),
)

RESOLUTION = RecordType(
    "resolution",
    "Of rival accounts one is chosen; the others stand as dissent, and count no more.",
    {
        "chosen": record("The id of the event that counts.", required=True),
        "over": records("The ids of the events that count no more.", different=1),
        "reason": _WHY,
    },
    headline="{chosen} is chosen over {over}: {reason}",
    amends=("chosen", "over"),
)

SAME_ENTITY = RecordType(
    "same-entity",
    "From here on, several slugs mean one entity, which reads as the slug in `as`.",
    {
        "entities": entities("The slugs that mean one entity.", required=True, different=2),
        "as": entity("The slug that it reads as; the first of `entities` where left out."),
        "reason": _WHY,
    },
    headline="{entities} are the same: {reason}",
    amends=(),
)

NOT_SAME_ENTITY = RecordType(
    "not-same-entity",
    "Entities that were taken for one are not: each `same-entity` that names two of them is "
    "undone.",
    {
        "entities": entities("The slugs of different entities.", required=True, different=2),
        "reason": _WHY,
    },
    headline="{entities} are not the same: {reason}",
    amends=(),
)

ALIAS = RecordType(
    "alias",
    "An entity goes by these names, in place of those of its `alias` before.",
    {
        "entity": entity("The entity.", required=True),
        "names": Field(Kind.SENTENCES, "The names it goes by.", required=True, different=1),
        "kind": Field(Kind.ENTITY_KIND, "What it is: person, organisation, product or place."),
    },
    headline="{entity} goes by {names}",
    amends=(),
)

PUBLICATION = RecordType(
    "publication",
    "Something is published: its name stands for this position of the log from here on.",
    {
        "name": sentence("Its name, which no other publication has.", required=True),
        "url": text("Where it is."),
    },
    headline="Publication of {name}",
    amends=(),
)

TYPES = (
    CORRECTION,
    RETRACTION,
    RESTORATION,
    CONFIRMATION,
    DISPUTE,
    CONFLICT,
    RESOLUTION,
    SAME_ENTITY,
    NOT_SAME_ENTITY,
    ALIAS,
    PUBLICATION,
)
