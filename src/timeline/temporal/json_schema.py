"""Dates, instants and lengths of time in JSON Schema, for what programs send.

Each schema covers a part of what is read, so that whatever fits is accepted. No schema can say
what all of EDTF is, or dates in words.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

INSTANT: Schema = {"format": "date-time"}

# A day that exists, but for leap days in years that end with 00.
_DAY = (
    "([0-9]{4}-((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)"
    "|(0[13578]|1[02])-31)|[0-9]{2}(0[48]|[2468][048]|[13579][26])-02-29)"
)
_TIME = "T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?(Z|[+-](0[0-9]|1[01]):[0-5][0-9])"

DATE: Schema = {"pattern": f"^([0-9]{{4}}(-(0[1-9]|1[0-2]))?[?~%]?|{_DAY}([?~%]|{_TIME})?)$"}

DURATION: Schema = {"pattern": "^P(T[1-9][0-9]{0,4}[HMS]|[1-9][0-9]{0,4}[DW])$"}
