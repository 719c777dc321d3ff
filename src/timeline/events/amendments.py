"""Editorial acts on earlier happenings. They name happenings, never amendments."""

from timeline.events.declaration import Field, Kind, RecordType, record, sentence, text

CORRECTION = RecordType(
    "correction",
    "From here on, the fields named in `changes` read so.",
    {
        "corrects": record("The id of the happening corrected.", required=True),
        "changes": Field(Kind.CHANGES, "Field → new value; null removes the field.", required=True),
        "reason": sentence("Why.", required=True),
        "severity": text("How grave it was, in the newsroom's own words."),
    },
    headline="Correction of {corrects}: {reason}",
    amends="corrects",
)

RETRACTION = RecordType(
    "retraction",
    "The happening is withdrawn: it stands no longer.",
    {
        "retracts": record("The id of the happening retracted.", required=True),
        "reason": sentence("Why.", required=True),
    },
    headline="Retraction of {retracts}: {reason}",
    amends="retracts",
)

RESTORATION = RecordType(
    "restoration",
    "A retracted happening stands again.",
    {
        "restores": record("The id of the happening restored.", required=True),
        "reason": sentence("Why.", required=True),
    },
    headline="Restoration of {restores}: {reason}",
    amends="restores",
)

TYPES = (CORRECTION, RETRACTION, RESTORATION)
