"""Who held a role of an organisation when, certainly and possibly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from typing_extensions import TypedDict

from timeline.certainty.evaluate import Certainty
from timeline.certainty.evidence_index import EvidenceIndex
from timeline.certainty.order import Order
from timeline.errors import close_to
from timeline.history.event import Standing
from timeline.history.history import History
from timeline.history.offices import Office
from timeline.projections.answer import Basis, Count, ReachJson, Sealed, TimeRange, sealed
from timeline.projections.checks.offices import TooManyHolders, too_many
from timeline.projections.offices import Term, crowds, roles_of, terms, with_role
from timeline.projections.question import AS_OF, AsKnown, Entity, Param, Question
from timeline.projections.statement import HeldJson, held_json
from timeline.projections.validity import How, Stretch
from timeline.temporal.instant_bounds import MAX_INSTANT

if TYPE_CHECKING:
    from timeline.projections.room import Room


class StretchJson(TypedDict):
    """A time for which a person certainly, or only possibly, held a role."""

    valid: TimeRange
    """`as_of` from one instant to before another; null has no end."""
    certainty: Certainty
    standing: Standing


class TermJson(HeldJson):
    """A time for which a person held a role, and when in it they did certainly, or possibly.

    It is as it was at the end of the last certain stretch, or at `as_of` if that was asked; its
    lineage includes what may have ended it.
    """

    stretches: list[StretchJson]


class OfficeJson(TypedDict):
    """How many may hold a role at once, and the record that says so."""

    holders: Count
    declared_by: str


class HoldersAnswer(ReachJson, Sealed):
    """Who held a role of an organisation when, in valid order."""

    projection: Literal["holders"]
    organisation: str
    role: str
    as_of: str | None
    """Null if all terms were asked for."""
    office: OfficeJson | None
    """Null if it was not declared how many may hold the role."""
    holders: list[TermJson]
    findings: list[TooManyHolders]


@dataclass(frozen=True)
class Holders(Question[HoldersAnswer]):
    """Who held a role of an organisation when, certainly and possibly, in order.

    With --as-of, only those who held it then. The letter case of the role does not
    matter.
    """

    lists = "holders"
    depends_on_now = False

    organisation: Entity
    role: Annotated[str, Param("A role, such as CEO.", kind="argument", examples=("CEO",))]
    _: KW_ONLY
    as_of: Annotated[
        str | None,
        AS_OF._replace(doc="Only those who held it once that date has passed. Default: all."),
    ] = None
    as_known: AsKnown = None

    def answer(self, room: Room) -> HoldersAnswer:
        basis = room.basis(self.as_of, self.as_known)
        organisation = room.entity(self.organisation, basis)
        history = room.history_about(organisation, basis)
        if self.as_of is None:
            basis = basis._replace(as_of="", at=MAX_INSTANT)
        found = holders(history, organisation, self.role, basis)
        if not found["holders"]:
            self._note_if_unknown(history, organisation, basis, room)
        return found

    def _note_if_unknown(
        self, history: History, organisation: str, basis: Basis, room: Room
    ) -> None:
        """Note that no record gives anyone the role, with the roles that are recorded."""
        worlds = EvidenceIndex(history.derived(Order))
        slug = history.names.canonical(organisation)
        roles = {role.casefold(): role for role in roles_of(worlds, slug)}
        if self.role.casefold() in roles:
            return
        if not roles:
            room.note_if_unknown(organisation, basis)
            room.note(f"no record gives anyone a role in {organisation}")
            return
        nearest = [roles[each] for each in close_to(self.role.casefold(), roles, cutoff=0.5)]
        hint = f"did you mean {' or '.join(nearest)}?" if nearest else ", ".join(roles.values())
        known = "" if nearest else "the roles recorded there: "
        room.note(f"no record makes anyone {self.role} of {organisation}; {known}{hint}")

    def reads_all(self) -> bool:
        return True

    def mentions(self, answer: HoldersAnswer) -> Iterator[str]:
        for term in answer["holders"]:
            yield from term["because"]


def holders(history: History, organisation: str, role: str, basis: Basis) -> HoldersAnswer:
    """The terms of all who ever held a role, or of those who hold it at `as_of`.

    The history has all that bears on the organisation. An empty `as_of` in the basis asks for all.
    """
    worlds = EvidenceIndex(history.derived(Order))
    slug = history.names.canonical(organisation)
    found = terms(worlds, with_role(worlds, slug, role))
    office = history.names.office(slug, role)
    crowded = [] if office is None else list(crowds(office, worlds, basis.at))
    if basis.as_of:
        at = min(basis.at, MAX_INSTANT - 1)
        held = (_at(term, at, worlds) for term in found)
        found = [term for term in held if term is not None]
        crowded = [each for each in crowded if each.earliest <= at < each.latest]
    answer: HoldersAnswer = {
        "projection": "holders",
        "version": 1,
        "organisation": organisation,
        "role": role,
        "as_of": basis.as_of or None,
        **basis.reach_json(),
        "office": _office_json(office),
        "holders": [_term_json(term, history) for term in found],
        "findings": [too_many(each, history.names) for each in crowded],
        "digest": "",
    }
    return sealed(answer)


def _at(term: Term, at: int, worlds: EvidenceIndex) -> Term | None:
    """The term as it is at an instant; None if it does not include that."""
    if not any(each.earliest <= at < each.latest for each in term.stretches):
        return None
    held = worlds.evaluate(term.held.statement, at)
    return None if held is None else term._replace(held=held)


def _term_json(term: Term, history: History) -> TermJson:
    return {
        **held_json(term.held, history, history.derived(Order)),
        "stretches": [_stretch_json(each) for each in term.stretches],
    }


def _stretch_json(stretch: Stretch[How]) -> StretchJson:
    certainty, standing = stretch.what
    return {"valid": stretch.valid(), "certainty": certainty, "standing": standing}


def _office_json(office: Office | None) -> OfficeJson | None:
    if office is None:
        return None
    return {"holders": office.holders, "declared_by": office.declared_by}
