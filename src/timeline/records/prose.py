"""Events that change no statement: prose, comments, questions."""

from timeline.records.declaration import RecordType, entities, entity, record, sentence, text

HAPPENED = RecordType(
    "happened",
    "Anything that happened; the headline and the body say what.",
    {"about": entities("The entities that it is about.", required=True)},
    headline="Something happened about {about}",
)

COMMENTED = RecordType(
    "commented",
    "Somebody says something in public; listed with the entities that it is about.",
    {
        "speaker": entity("Who speaks.", required=True),
        "about": entities("The entities spoken of.", required=True),
        "quote": text("The words themselves."),
    },
    headline="{speaker} comments on {about}",
)

ASKED = RecordType(
    "asked",
    "A question is open; it stays open on those entities until it is answered.",
    {
        "question": sentence("The question.", required=True),
        "about": entities("The entities that it is about.", required=True),
    },
    headline="{question}",
)

ANSWERED = RecordType(
    "answered",
    "A question is answered, and so closed.",
    {
        "answers": record("The id of the `asked` that it answers.", required=True),
        "answer": sentence("The answer.", required=True),
    },
    headline="Answered: {answer}",
)

TYPES = (HAPPENED, COMMENTED, ASKED, ANSWERED)
