"""Products are released and withdrawn."""

from timeline.records.declaration import Begin, End, RecordType, entity, text

RELEASED = RecordType(
    "released",
    "An organisation makes a product public.",
    {
        "product": entity("What is released.", required=True, of="product"),
        "organisation": entity("Who releases it.", required=True, of="organisation"),
        "version": text("Which version."),
        "licence": text("Under which licence."),
    },
    headline="{organisation} releases {product}",
    effects=(Begin("product", "organisation", "released-by"),),
)

WITHDRAWN = RecordType(
    "withdrawn",
    "A product is no longer offered, by the organisation given or by any.",
    {
        "product": entity("What is withdrawn.", required=True, of="product"),
        "organisation": entity("Who withdraws it.", of="organisation"),
    },
    headline="{product} is withdrawn",
    effects=(End("product", "organisation", "released-by"),),
)

TYPES = (RELEASED, WITHDRAWN)
