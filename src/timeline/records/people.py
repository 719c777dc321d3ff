"""People come, go, and take roles."""

from timeline.records.declaration import Begin, End, RecordType, entity, text

JOINED = RecordType(
    "joined",
    "A person becomes a member of an organisation.",
    {
        "person": entity("Who joins.", required=True, of="person"),
        "organisation": entity("What they join.", required=True, of="organisation"),
        "role": text("In which role."),
    },
    headline="{person} joins {organisation}",
    effects=(Begin("person", "organisation", "member-of", qualifiers=("role",)),),
)

DEPARTED = RecordType(
    "departed",
    "A person leaves an organisation: the role given, or every role where none is given.",
    {
        "person": entity("Who leaves.", required=True, of="person"),
        "organisation": entity("What they leave.", required=True, of="organisation"),
        "role": text("The role given up, where it is only that one."),
    },
    headline="{person} leaves {organisation}",
    effects=(End("person", "organisation", "member-of", qualifiers=("role",)),),
)

APPOINTED = RecordType(
    "appointed",
    "A person takes a role; their other roles in that organisation end.",
    {
        "person": entity("Who is appointed.", required=True, of="person"),
        "organisation": entity("By which organisation.", required=True, of="organisation"),
        "role": text("To which role.", required=True),
    },
    headline="{person} is appointed {role} of {organisation}",
    effects=(
        End("person", "organisation", "member-of", other_than=("role",)),
        Begin("person", "organisation", "member-of", qualifiers=("role",)),
    ),
)

TYPES = (JOINED, DEPARTED, APPOINTED)
