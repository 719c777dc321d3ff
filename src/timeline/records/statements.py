"""Statements made directly: measures, and anything the other types have no word for."""

from timeline.records.declaration import Begin, End, RecordType, entity, name, text, value

MEASURED = RecordType(
    "measured",
    "A measure of something takes a value.",
    {
        "subject": entity("What is measured.", required=True),
        "measure": name("Which measure, such as `monthly-active-users`.", required=True),
        "value": value("The value: a number, or text.", required=True),
        "unit": text("In which unit."),
        "attributed_to": entity("Whose figure it is."),
    },
    headline="{subject}: {measure} {value}",
    effects=(Begin("subject", "value", property_field="measure", exclusive=True),),
)

BEGAN = RecordType(
    "began",
    "A statement begins to hold, beside others of its property.",
    {
        "subject": entity("The subject.", required=True),
        "property": name("The property.", required=True),
        "value": value("The value: an entity, text or a number.", required=True),
    },
    headline="{subject}: {property} {value}",
    effects=(Begin("subject", "value", property_field="property"),),
)

ENDED = RecordType(
    "ended",
    "A statement ceases to hold: the value given, or every value of the property.",
    {
        "subject": entity("The subject.", required=True),
        "property": name("The property.", required=True),
        "value": value("The value, where it is only that one."),
    },
    headline="{subject}: {property} ends",
    effects=(End("subject", "value", property_field="property"),),
)

BECAME = RecordType(
    "became",
    "A property takes a value, and its other values end.",
    {
        "subject": entity("The subject.", required=True),
        "property": name("The property.", required=True),
        "value": value("The value: an entity, text or a number.", required=True),
    },
    headline="{subject}: {property} becomes {value}",
    effects=(Begin("subject", "value", property_field="property", exclusive=True),),
)

TYPES = (MEASURED, BEGAN, ENDED, BECAME)
