"""The laws of design §5, on random logs."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from tests import views
from tests.examples import examples
from tests.rooms import fill, state
from tests.worlds.logs import ENTITIES, PEOPLE, PLACES, TICKS, logs, newsroom_with, tick
from tests.worlds.oracle import Worlds
from tests.worlds.reading import says
from timeline.history.history import History
from timeline.projections.preview import effect

TIMES = ["1998", *(tick(number) for number in (*TICKS, 6)), "2002"]
SAYS = ("subject", "property", "value", "qualifiers")
fast = examples(30)


def amendment(type, **fields):
    return {"story": "story", "type": type, "reason": "r", **fields}


def states(newsroom, without=()):
    """All that is known of all entities at all times, but for the questions' own marks."""
    without = {"as_known", "recorded_at", "digest", *without}
    return {
        (entity, at): stripped(state(newsroom, entity, at), without)
        for entity in ENTITIES
        for at in TIMES
    }


def stripped(value, without):
    if isinstance(value, list):
        return [stripped(each, without) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: stripped(each, without) for name, each in value.items() if name not in without}


def now(newsroom):
    return newsroom.basis("2002", None)


@fast
@given(logs(), st.data())
def test_1_appending_never_changes_an_answer_as_known_before(records, data):
    known = data.draw(st.integers(0, len(records)))
    whole, part = newsroom_with(records), newsroom_with(records[:known])
    for entity in ENTITIES:
        for at in TIMES:
            assert state(whole, entity, at, str(known)) == state(part, entity, at)


@fast
@given(logs())
def test_4_exporting_and_importing_gives_the_same_log(records):
    from timeline.records import jsonl

    def exported(newsroom):
        return [jsonl.line_of(entry) for entry in newsroom.store.entries()]

    first = newsroom_with(records)
    lines = exported(first)
    second = newsroom_with([jsonl.parse(line) for line in lines])
    assert exported(second) == lines
    assert list(second.store.entries()) == list(first.store.entries())


@fast
@given(logs(), st.data())
def test_5_widening_a_date_never_makes_the_possible_impossible(records, data):
    """But for what an end implies: by a wider date it may gain a known beginning."""
    worlds = Worlds(records)
    assume(not worlds.contradictory())
    dated = [place for place, record in enumerate(records) if "when" in record]
    assume(dated)
    place = data.draw(st.sampled_from(dated))
    wider = {**records[place], "when": widened(records[place]["when"])}
    narrow = newsroom_with(records)
    wide = newsroom_with([*records[:place], wider, *records[place + 1 :]])
    implied = set(worlds.implied.values())
    for entity in ENTITIES:
        for at in TIMES:
            before, after = said(state(narrow, entity, at)), said(state(wide, entity, at))
            assert before - implied <= after


def widened(when):
    """A date with a microsecond more on each side that it has."""
    ends = when.strip("[]").replace("/", "..").split("..")
    if len(ends) == 1:
        ends = [when.rstrip("~")] * 2
    elif "/" in when:
        return "/".join(
            f"{end}~" if "T" in end and "~" not in end else end for end in when.split("/")
        )
    first, last = (int(end[20:26]) if end else None for end in ends)
    wide = 2 if when.endswith("~") else 1
    first = "" if first is None else tick(max(0, first - wide))
    return f"[{first}..{'' if last is None else tick(last + wide)}]"


def said(answer):
    """The statements of a snapshot, as the oracle has them."""
    return {
        (*(entry[part] for part in SAYS[:3]), tuple(sorted(entry["qualifiers"].items())))
        for entry in answer["statements"]
    }


@fast
@given(logs(most=8), st.data())
def test_6_retracting_and_restoring_gives_the_answer_from_before_but_for_lineage(records, data):
    newsroom = newsroom_with(records)
    standing = [event.id for event in newsroom.history(now(newsroom)).standing()]
    assume(standing)
    target = data.draw(st.sampled_from(standing))
    before = states(newsroom, ["because"])
    fill(newsroom, amendment("retraction", retracts=target))
    fill(newsroom, amendment("restoration", restores=target))
    assert states(newsroom, ["because"]) == before


@fast
@given(logs(most=8), st.data())
def test_resolving_a_dispute_gives_the_answer_from_before_but_for_lineage(records, data):
    newsroom = newsroom_with(records)
    told = {id for record in records for id in (*record.get("between", ()), record.get("chosen"))}
    undisputed = [
        each.id
        for each in newsroom.history(now(newsroom)).all()
        if each.standing in ("reported", "confirmed") and each.id not in told
    ]
    assume(undisputed)
    target = data.draw(st.sampled_from(undisputed))
    before = states(newsroom, ["because"])
    fill(newsroom, amendment("dispute", disputes=target))
    fill(newsroom, amendment("confirmation", confirms=target))
    fill(newsroom, amendment("resolution", chosen=target))
    assert states(newsroom, ["because", "standing"]) == without(before, "standing")


@fast
@given(logs(most=8), st.data())
def test_undoing_a_merge_gives_the_answer_from_before(records, data):
    newsroom, canonical = newsroom_with(records), Worlds(records).canonical
    pair = st.lists(st.sampled_from(data.draw(st.sampled_from([PEOPLE, PLACES]))), unique=True)
    entities = data.draw(pair.filter(lambda slugs: len(slugs) == 2))
    first, second = (canonical.get(entity, entity) for entity in entities)
    assume(first != second)
    before = states(newsroom)
    fill(newsroom, amendment("same-entity", entities=entities))
    fill(newsroom, amendment("not-same-entity", entities=entities))
    assert states(newsroom) == before


@fast
@given(logs(most=8), st.data())
def test_choosing_one_account_is_retracting_the_other_but_for_what_is_told_of_it(records, data):
    between = [record["between"] for record in records if record["type"] == "conflict"]
    disputing = set().union(*between)
    counting = [id for id in Worlds(records).counting if id not in disputing]
    assume(len(counting) > 1)
    chosen, over, *_ = data.draw(st.permutations(counting))
    # Those that agree are one event, and links to one are links to the other.
    events = Worlds(records).counting
    assume(says(events[chosen].reads) != says(events[over].reads))
    assume(not any(link["id"] == over for each in events.values() for _, link in each.links))
    resolved, retracted = newsroom_with(records), newsroom_with(records)
    fill(resolved, amendment("conflict", between=[chosen, over]))
    fill(resolved, amendment("resolution", chosen=chosen, over=[over]))
    fill(retracted, amendment("retraction", retracts=over))
    told = ["because", "sources", "attested", "standing", "dissent"]
    assert states(resolved, told) == states(retracted, told)


@fast
@given(logs(), st.sampled_from(TIMES))
def test_7_the_same_question_gives_the_same_bytes(records, at):
    from timeline.render.json_output import json_text

    first, second = newsroom_with(records), newsroom_with(records)
    for entity in ENTITIES:
        assert json_text(state(first, entity, at)) == json_text(state(second, entity, at))


@fast
@given(logs(), st.sampled_from(TIMES))
def test_the_audit_adds_up_to_the_snapshot(records, at):
    """What the steps of `replay` say has changed leads to what `snapshot` says holds."""
    newsroom = newsroom_with(records)
    found = {}
    for step in views.replay(newsroom, newsroom.basis(at, None)):
        for change in step["changes"]:
            if "subject" in change:
                assert found.get(key(change)) == change["before"]
                found[key(change)] = change["after"]
    expected = {}
    for entity in ENTITIES:
        for entry in state(newsroom, entity, at)["statements"]:
            kept = ("certainty", "standing", "since", "until", "unbounded")
            expected[key(entry)] = {name: entry[name] for name in kept if name in entry}
    assert {key: entry for key, entry in found.items() if entry} == expected


def without(answers, name):
    return {
        question: {
            **answer,
            "statements": [
                {key: value for key, value in each.items() if key != name}
                for each in answer["statements"]
            ],
        }
        for question, answer in answers.items()
    }


def key(entry):
    return *(entry[part] for part in SAYS[:3]), tuple(entry["qualifiers"].items())


@fast
@given(logs(), st.sampled_from(TIMES))
def test_the_preview_of_a_record_is_what_the_audit_will_say_of_it(records, at):
    newsroom = newsroom_with(records)
    basis = newsroom.basis(at, None)
    *_, step = views.replay(newsroom, basis)
    *earlier, last = newsroom.records()
    assert effect(History(earlier), last, basis) == step
