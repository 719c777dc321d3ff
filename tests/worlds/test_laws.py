"""The laws of design §5, on random logs."""

from __future__ import annotations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.rooms import SOURCE, fill, held, memory_newsroom, state
from tests.worlds.logs import amended_logs
from tests.worlds.test_against_enumeration import PEOPLE, PLACES, TICKS, dates, tick
from timeline.history import History
from timeline.projections.replay import effect

ENTITIES = (*PEOPLE, *PLACES, "group")
TIMES = ["1998", "1999-06", *(tick(number) for number in TICKS), "2000", "2002"]
fast = settings(max_examples=120, deadline=None)


def newsroom_with(records):
    newsroom = memory_newsroom()
    fill(newsroom, *records, importing=True)
    return newsroom


@fast
@given(amended_logs(), st.data())
def test_1_appending_never_changes_an_answer_as_known_before(records, data):
    known = data.draw(st.integers(0, len(records)))
    whole, part = newsroom_with(records), newsroom_with(records[:known])
    for entity in ENTITIES:
        for at in TIMES:
            now = state(whole, entity, at, str(known))
            assert now == state(part, entity, at)


@fast
@given(amended_logs())
def test_4_exporting_and_importing_gives_the_same_log(records):
    from timeline import portable

    def exported(newsroom):
        return [portable.line_of(entry) for entry in newsroom.log.entries()]

    first = newsroom_with(records)
    lines = exported(first)
    second = newsroom_with([portable.parse(line) for line in lines])
    assert exported(second) == lines
    assert list(second.log.entries()) == list(first.log.entries())


@fast
@given(st.lists(st.tuples(dates(), dates()), min_size=1, max_size=4), st.data())
def test_5_widening_a_date_never_makes_the_possible_impossible(pairs, data):
    """One wider date in each log: the hull of two."""
    types = [data.draw(st.sampled_from(["joined", "departed", "appointed"])) for _ in pairs]
    chosen = data.draw(st.integers(0, len(pairs) - 1))
    narrow, wide = [], []
    for number, (((when, span), (_, other)), type) in enumerate(zip(pairs, types, strict=True)):
        fields = {"person": "ann", "organisation": "lab", "role": "chief"}
        record = {"story": "story", "type": type, "when": when, "sources": SOURCE, **fields}
        first, last = min(span[0], other[0]), max(span[-1], other[-1])
        widened = {**record, "when": f"[{tick(first)}..{tick(last)}]"}
        narrow.append(record)
        wide.append(widened if number == chosen else record)
    before, after = memory_newsroom(), memory_newsroom()
    fill(before, *narrow)
    fill(after, *wide)
    # An end may gain a known beginning by the wider date, and then implies nothing any more.
    assume(not any(entry["since"] is None for entry in all_entries(before)))
    for at in TIMES:
        assert held(before, "ann", at).keys() <= held(after, "ann", at).keys()


def all_entries(newsroom):
    return [entry for at in TIMES for entry in state(newsroom, "ann", at)["statements"]]


@fast
@given(amended_logs(most=6), st.data())
def test_6_retracting_and_restoring_gives_the_answer_from_before_but_for_lineage(records, data):
    newsroom = newsroom_with(records)
    standing = [happening.id for happening in newsroom.history(now(newsroom)).standing()]
    assume(standing)
    target = data.draw(st.sampled_from(standing))
    before = {entity: stripped(newsroom, entity) for entity in ENTITIES}
    fill(newsroom, {"story": "story", "type": "retraction", "retracts": target, "reason": "r"})
    fill(newsroom, {"story": "story", "type": "restoration", "restores": target, "reason": "r"})
    assert {entity: stripped(newsroom, entity) for entity in ENTITIES} == before


def now(newsroom):
    return newsroom.basis("2002", None, 0)


def stripped(newsroom, entity):
    """The statements of an entity at all times, without their lineage."""
    return [
        {name: value for name, value in entry.items() if name != "because"}
        for at in TIMES
        for entry in state(newsroom, entity, at)["statements"]
    ]


@fast
@given(amended_logs(), st.sampled_from(TIMES))
def test_7_the_same_question_gives_the_same_bytes(records, at):
    from timeline.cli.output import json_text

    first, second = newsroom_with(records), newsroom_with(records)
    for entity in ENTITIES:
        assert json_text(state(first, entity, at)) == json_text(state(second, entity, at))


@fast
@given(amended_logs(), st.sampled_from(TIMES))
def test_the_audit_adds_up_to_the_snapshot(records, at):
    """What the steps of `replay` say has changed leads to what `snapshot` says holds."""
    newsroom = newsroom_with(records)
    found = {}
    for step in newsroom.replay(newsroom.basis(at, None, 0)):
        for change in step["changes"]:
            key = (change["subject"], change["property"], change["value"])
            key = (*key, tuple(change["qualifiers"].items()))
            assert found.get(key) == change["before"]
            found[key] = change["after"]
    expected = {}
    for entity in ENTITIES:
        for entry in state(newsroom, entity, at)["statements"]:
            key = (entry["subject"], entry["property"], entry["value"])
            kept = ("certainty", "standing", "since", "until")
            expected[(*key, tuple(entry["qualifiers"].items()))] = {
                name: entry[name] for name in kept
            }
    assert {key: entry for key, entry in found.items() if entry} == expected


@fast
@given(amended_logs(least=2), st.sampled_from(TIMES))
def test_the_preview_of_a_record_is_what_the_audit_will_say_of_it(records, at):
    newsroom = newsroom_with(records)
    basis = newsroom.basis(at, None, 0)
    *_, step = newsroom.replay(basis)
    *earlier, last = newsroom.records()
    assert effect(History(earlier), last, basis) == step
