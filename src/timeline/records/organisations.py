"""Organisations are founded, merged, renamed and dissolved."""

from timeline.records.declaration import Begin, End, RecordType, entities, entity, text

FOUNDED = RecordType(
    "founded",
    "An organisation comes to be, as part of a parent where one is given.",
    {
        "organisation": entity("What is founded.", required=True, of="organisation"),
        "parent": entity("What it is part of.", of="organisation"),
    },
    headline="{organisation} is founded",
    effects=(Begin("organisation", "parent", "part-of", exclusive=True),),
)

MERGED = RecordType(
    "merged",
    "Organisations become part of another.",
    {
        "organisations": entities("What is merged.", required=True, of="organisation"),
        "into": entity("What they become part of.", required=True, of="organisation"),
    },
    headline="{organisations} merge into {into}",
    effects=(Begin("organisations", "into", "part-of", exclusive=True),),
)

RENAMED = RecordType(
    "renamed",
    "An entity takes a new name; its slug stays.",
    {
        "entity": entity("What is renamed.", required=True),
        "name": text("Its new name.", required=True),
    },
    headline="{entity} is renamed {name}",
    effects=(Begin("entity", "name", "named", exclusive=True),),
)

DISSOLVED = RecordType(
    "dissolved",
    "An organisation ceases to be: every statement in which it is subject or value ends.",
    {"organisation": entity("What is dissolved.", required=True, of="organisation")},
    headline="{organisation} is dissolved",
    effects=(End(subject="organisation"), End(value="organisation")),
)

TYPES = (FOUNDED, MERGED, RENAMED, DISSOLVED)
