"""Numbers as people write them: exact ("203 million") or vague ("more than 650").

A number has bounds, as a date has: `[lowest, highest]`, both included, so that the bounds contain
the number that was written. None is a side that is open.

| written | bounds |
|---|---|
| 203 million, 203,000,000 | exactly that |
| more than 650, at least 650, 650+ | from 650 |
| fewer than 20, up to 20 | to 20 |
| 650–700, between 650 and 700 | from 650 to 700 |
| about 500, some 500 | one unit of its last significant digit on each side: 400 to 600 |
| nearly 500, just over 500 | the same on one side: 400 to 500, 500 to 600 |

Nobody knows how near "nearly" is. As with `~` in a date, the written precision is all there is
to go by: "about 520" is 510 to 530.

What is not surely a number is text and has no bounds: words ("dozens"), and digits that mean
different numbers in different countries ("1.500", "1,5"). A currency sign or a percent sign stays
with its number, which is then text in one form: "$1.5bn" is "$1,500,000,000".
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

# The largest whole number that every JSON reader keeps exact (RFC 8785, RFC 7493).
EXACT = 2**53 - 1

Value = str | int | float

# A longer text is prose.
_LONGEST = 80

_SCALES = {
    "": 1,
    "hundred": 100,
    "thousand": 10**3,
    "k": 10**3,
    "lakh": 10**5,
    "million": 10**6,
    "mn": 10**6,
    "mln": 10**6,
    "crore": 10**7,
    "billion": 10**9,
    "bn": 10**9,
    "trillion": 10**12,
    "tn": 10**12,
}
_WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve"),
)

_DIGITS = (
    r"(?:0|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}"
    r"|[1-9][0-9]{0,2}(?: [0-9]{3})+|[1-9][0-9]*)(?:\.[0-9]+)?"
)
_SCALE = "|".join(sorted(filter(None, _SCALES), key=len, reverse=True))
_ONE = re.compile(
    r"(?P<currency>(?:US|AU|CA|HK|NZ|A|C|S|R)?\$|[€£¥₹])? ?(?P<minus>-)?"
    rf"(?:(?P<digits>{_DIGITS})|(?P<word>an?(?= (?:{_SCALE})\b)|{'|'.join(_WORDS)}))"
    rf"(?: ?(?P<hundred>hundred)(?= (?:{_SCALE})\b))?(?: ?(?P<scale>{_SCALE})\b)?"
    r"(?: ?(?P<percent>%|per ?cent))?",
    re.IGNORECASE,
)

# Three decimals after one to three digits may be a thousands group: 1.500.
_MAYBE_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")

# What comes before or after a number, and which sides of it are open.
_AT_LEAST = (
    "more than|greater than|over|above|upwards of|in excess of|at least|no fewer than|no less than|"
    "not less than|>=?|≥"
)
_AT_MOST = (
    "fewer than|less than|under|below|up to|as many as|at most|no more than|not more than|<=?|≤"
)
_ABOUT = (
    r"about|around|roughly|approximately|approx\.?|circa|ca?\.|some|close to|an estimated|"
    "estimated|~|≈"
)
_NEARLY, _JUST_OVER = "nearly|almost|just under|just below", "just over|just above"
_BEFORE = re.compile(
    rf"(?:(?P<over>{_JUST_OVER})|(?P<nearly>{_NEARLY})|(?P<least>{_AT_LEAST})|(?P<most>{_AT_MOST})"
    rf"|(?P<about>{_ABOUT}))(?:(?<![a-z]) ?| )(?P<number>.+)",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?P<number>.+?)(?:(?P<least>\+| ?-?plus| or more)|(?P<most> or (?:fewer|less))"
    r"|(?P<about> or so))",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"(?:between (?P<low1>.+) and (?P<high1>.+)|(?:from )?(?P<low2>.+) to (?P<high2>.+)"
    r"|(?P<low3>[^-–—]+?) ?[-–—] ?(?P<high3>[^-–—]+))",
    re.IGNORECASE,
)
_SPACES = str.maketrans({"\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u2212": "-"})


class NumberBounds(NamedTuple):
    """The lowest and the highest number that a text allows, both included; None is open.

    `unit` is the currency or percent sign that was written with it.
    """

    lowest: Decimal | None
    highest: Decimal | None
    unit: str = ""

    @property
    def exact(self) -> Decimal | None:
        """The number, if there is only one that it can be."""
        return self.lowest if self.lowest == self.highest else None

    def overlaps(self, other: NumberBounds) -> bool:
        """Whether some number is within both."""
        return self.unit == other.unit and not (self._below(other) or other._below(self))

    def _below(self, other: NumberBounds) -> bool:
        return self.highest is not None and other.lowest is not None and self.highest < other.lowest

    def as_json(self) -> list[Value | None]:
        """The bounds as numbers, or as text where JSON would not keep them exact."""
        return [None if side is None else _kept(side) for side in self[:2]]


class _Written(NamedTuple):
    """One number as it is written: `step` is one unit of its last significant digit."""

    number: Decimal
    step: Decimal
    unit: str
    scale: Decimal


def read(value: Value) -> NumberBounds | None:
    """The bounds of a number; None for a text that is not surely one."""
    if not isinstance(value, str):
        number = Decimal(repr(value))
        return NumberBounds(number, number)
    text = " ".join(value.translate(_SPACES).split())
    if len(text) > _LONGEST:
        return None
    if (one := _one(text)) is not None:
        return NumberBounds(one.number, one.number, one.unit)
    for pattern in (_BEFORE, _AFTER):
        if (found := pattern.fullmatch(text)) and (one := _one(found["number"])) is not None:
            return _vague(one, {name for name, part in found.groupdict().items() if part})
    return _between(text)


def canonical(value: Value) -> Value:
    """The value of a statement: the number itself, however it was written; other text as it is.

    A number that JSON does not keep exact, or that has a unit, is text in one form.
    """
    if type(value) is int and abs(value) <= EXACT:
        return value
    found = read(value)
    number = found and found.exact
    if found is None or number is None:
        return value
    if not found.unit:
        return _kept(number)
    written = _with_commas(abs(number))
    minus = "-" if number < 0 else ""
    return f"{minus}{written}%" if found.unit == "%" else f"{found.unit}{minus}{written}"


def said(value: Value) -> str:
    """A value as people read it: a number with commas between the thousands, text as it is."""
    return value if isinstance(value, str) else _with_commas(Decimal(repr(value)))


def why_text(text: str) -> str | None:
    """Why a text with digits is not read as a number, and what to write; None if it is."""
    if not any(each.isdigit() for each in text) or read(text) is not None:
        return None
    written = re.findall(r"[0-9]+(?:[.,'’][0-9]+)+", text)
    if any(read(each) is None for each in written):
        return "write 1,500 for thousands, 1.5 for a fraction (1.5000 for one with three digits)"
    return "write the number alone, such as 203 million or more than 650, and its unit apart"


def _one(text: str) -> _Written | None:
    found = _ONE.fullmatch(text)
    if found is None:
        return None
    digits = re.sub("[, ]", "", found["digits"] or _numeral(found["word"]))
    if _MAYBE_THOUSANDS.fullmatch(digits) and "," not in text:
        return None
    if found["scale"] == "K" or (found["currency"] and found["percent"]):
        return None
    scale = Decimal(_SCALES[(found["scale"] or "").casefold()])
    scale *= 100 if found["hundred"] else 1
    number = Decimal(digits)
    whole, _, fraction = digits.partition(".")
    zeros = len(whole) - len(whole.rstrip("0")) if whole != "0" else 0
    step = Decimal(1).scaleb(-len(fraction) if fraction else zeros)
    unit = "%" if found["percent"] else (found["currency"] or "").upper()
    sign = -1 if found["minus"] else 1
    return _Written(sign * number * scale, step * scale, unit, scale)


def _numeral(word: str) -> str:
    return "1" if word.casefold() in ("a", "an") else str(_WORDS.index(word.casefold()))


def _vague(one: _Written, words: set[str]) -> NumberBounds:
    lowest: Decimal | None = one.number
    highest: Decimal | None = one.number
    if "least" in words:
        highest = None
    if "most" in words:
        lowest = None
    if words & {"about", "nearly"}:
        lowest = one.number - one.step
    if words & {"about", "over"}:
        highest = one.number + one.step
    return NumberBounds(lowest, highest, one.unit)


def _between(text: str) -> NumberBounds | None:
    found = _RANGE.fullmatch(text)
    if found is None:
        return None
    lower, higher = (part for part in found.groups() if part is not None)
    low, high = _one(lower), _one(higher)
    if low is None or high is None or (low.unit and high.unit and low.unit != high.unit):
        return None
    # The scale of the second number is that of both: 1.5 to 2 million.
    lowest = low.number * (high.scale if low.scale == 1 else 1)
    if lowest > high.number:
        return None
    return NumberBounds(lowest, high.number, low.unit or high.unit)


def _kept(number: Decimal) -> Value:
    """A number as JSON keeps it, or its digits as text."""
    if number == number.to_integral_value():
        return int(number) if abs(number) <= EXACT else f"{number:f}".partition(".")[0]
    nearest = float(number)
    return nearest if Decimal(repr(nearest)) == number else f"{number.normalize():f}"


def _with_commas(number: Decimal) -> str:
    whole = number == number.to_integral_value()
    return f"{int(number):,}" if whole else f"{number.normalize():,f}"
