"""Each entity once, by whichever slug or name somebody asks, as it was known."""

from __future__ import annotations

import pytest

from tests import views
from tests.rooms import event, fill, held, memory_newsroom
from timeline.history.name_matching import words_of
from timeline.projections.entities import Entities, going_by
from timeline.records.vocabulary import Vocabulary, own_types

LIN = ["林俊旸", "Lin Junyang", "José Lin"]


def amendment(type, **fields):
    return {"story": "story", "type": type, **fields}


def alias(entity, *names, **fields):
    return amendment("alias", entity=entity, names=list(names), **fields)


def merge(*slugs, **fields):
    return amendment("same-entity", entities=list(slugs), reason="r", **fields)


def about(*slugs, when="2026-03", **fields):
    return event("happened", when, about=list(slugs), **fields)


def rows(newsroom, query=None, kind=None, as_known=None):
    basis = newsroom.basis(None, as_known)
    return views.entities(newsroom, basis, query, kind)["entities"]


def slugs(newsroom, *question, **more):
    return [row["slug"] for row in rows(newsroom, *question, **more)]


def matches(newsroom, query):
    return [(row["slug"], row["match"], row["matched"]) for row in rows(newsroom, query)]


@pytest.fixture
def newsroom():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        event("joined", "2026-01", id="in", person="lin-j", organisation="lab", role="lead"),
        alias("lin-j", *LIN),
        about("lin-h"),
        about("lin-j", "harbour"),
    )
    return newsroom


def test_each_entity_is_told_with_its_names_and_what_names_it(newsroom):
    assert rows(newsroom, kind="person") == [
        {
            "slug": "lin-j",
            "other_slugs": [],
            "names": LIN,
            "kind": "person",
            "events": 2,
            "first": 1,
            "last": 4,
            "merged_by": [],
        }
    ]
    assert slugs(newsroom) == ["harbour", "lab", "lin-h", "lin-j"]


@pytest.mark.parametrize(
    "asked",
    ["林俊旸", "Lin Junyang", "junyang lin", "Lin, Junyang", "LIN Jun-yang", "jose lin", "lin-j"],
)
def test_a_name_is_found_in_any_script_order_and_spelling(newsroom, asked):
    assert rows(newsroom, asked)[0]["slug"] == "lin-j"
    assert rows(newsroom, asked)[0]["match"] == ("slug" if asked == "lin-j" else "name")


@pytest.mark.parametrize(
    ("asked", "match", "matched"),
    [
        ("junyang", "part", "Lin Junyang"),
        ("俊旸", "part", "林俊旸"),
        ("Lin Junyung", "close", "Lin Junyang"),
        ("Junyung", "close", "Lin Junyang"),
        ("林俊洋", "close", "林俊旸"),
    ],
)
def test_a_part_or_a_misspelt_name_is_found_and_says_so(newsroom, asked, match, matched):
    assert ("lin-j", match, matched) in matches(newsroom, asked)


def test_what_fits_exactly_comes_first_then_parts_then_what_is_close():
    newsroom = memory_newsroom()
    fill(newsroom, about("qwen-max", "qwem", "qwen"))
    found = [("qwen", "slug"), ("qwen-max", "part"), ("qwem", "close")]
    assert [(row["slug"], row["match"]) for row in rows(newsroom, "qwen")] == found


def test_what_is_like_nothing_finds_nothing(newsroom):
    assert rows(newsroom, "zanzibar") == rows(newsroom, "   ") == []


def test_a_name_that_is_no_letters_is_compared_as_it_is():
    newsroom = memory_newsroom()
    fill(newsroom, about("robot", "tree"), alias("robot", "🤖"), alias("tree", "🌲"))
    assert slugs(newsroom, "🤖") == ["robot"]


def test_letters_that_marks_make_another_stay_another():
    assert words_of("Ｑｗｅｎ Søren İ ß") == ("qwen", "soren", "i", "ss")
    assert words_of("が") != words_of("か")
    assert words_of("कि") != words_of("का")
    assert words_of("مُحَمَّد") == words_of("محمد")
    assert words_of("O’Brien") == words_of("O'Brien") == ("obrien",)
    assert words_of("양준") == ("양준",)


def test_a_renaming_gives_a_name_while_it_stands(newsroom):
    fill(newsroom, event("renamed", "2026-04", id="new", entity="lab", name="The Lab"))
    assert matches(newsroom, "the lab") == [("lab", "name", "The Lab")]
    assert rows(newsroom, kind="organisation")[0]["names"] == ["The Lab"]
    fill(newsroom, amendment("retraction", retracts="new", reason="r"))
    assert rows(newsroom, kind="organisation")[0]["names"] == []


def test_later_aliases_take_the_place_of_earlier_ones_as_known(newsroom):
    fill(newsroom, alias("lin-j", "Justin"))
    assert slugs(newsroom, "林俊旸") == []
    assert slugs(newsroom, "林俊旸", as_known="4") == ["lin-j"]
    assert slugs(newsroom, "林俊旸", as_known="1") == []


def test_what_was_retracted_names_nobody(newsroom):
    fill(newsroom, about("ghost", id="g"), amendment("retraction", retracts="g", reason="r"))
    assert "ghost" not in slugs(newsroom)
    assert "ghost" in slugs(newsroom, as_known="5")


def test_an_entity_with_names_alone_is_known_before_it_is_news(newsroom):
    fill(newsroom, alias("new", "Newcomer", kind="place"))
    (row,) = rows(newsroom, kind="place")
    assert (row["slug"], row["events"], row["first"], row["last"]) == ("new", 0, None, None)


def test_the_kind_is_what_the_alias_says_or_else_what_the_fields_are_for():
    tables = {"docked": {"fields": {"ship": "entity of product!", "port": "entity!"}}}
    types, problems = own_types(tables)
    assert not problems
    newsroom = memory_newsroom(vocabulary=Vocabulary(types))
    fill(
        newsroom,
        event("docked", "2026", ship="ever", port="bremen"),
        event("merged", "2026", organisations=["a", "b"], into="c"),
    )
    kinds = {row["slug"]: row["kind"] for row in rows(newsroom)}
    organisations = dict.fromkeys("abc", "organisation")
    assert kinds == {"ever": "product", "bremen": None, **organisations}
    fill(newsroom, alias("bremen", "Bremen", kind="place"), alias("ever", "E", kind="place"))
    assert slugs(newsroom, kind="place") == ["bremen", "ever"]


@pytest.fixture
def merged(newsroom):
    """Two until position 5; one from 6 (`same`) to 7; two again from 8."""
    fill(
        newsroom,
        about("junyang", when="2026-05", id="later"),
        merge("lin-j", "junyang", id="same"),
        alias("junyang", "J. Y. Lin"),
        amendment("not-same-entity", entities=["junyang", "lin-j"], reason="r"),
    )
    return newsroom


@pytest.mark.parametrize(("as_known", "one"), [("5", False), ("6", True), ("8", False)])
def test_what_was_made_one_is_listed_once_as_known(merged, as_known, one):
    known = {row["slug"]: row for row in rows(merged, as_known=as_known)}
    assert ("junyang" in known) is not one
    assert known["lin-j"]["other_slugs"] == (["junyang"] if one else [])
    assert known["lin-j"]["merged_by"] == (["same"] if one else [])
    assert known["lin-j"]["events"] == (3 if one else 2)


def test_names_of_all_slugs_are_names_of_the_one(merged):
    (row,) = rows(merged, "J Y Lin", as_known="7")[:1]
    assert (row["slug"], row["names"]) == ("lin-j", [*LIN, "J. Y. Lin"])
    assert rows(merged, "junyang", as_known="7")[0]["match"] == "slug"
    assert rows(merged, "J Y Lin")[0]["slug"] == "junyang"


@pytest.mark.parametrize(("as_known", "one"), [("5", False), ("7", True), ("8", False)])
@pytest.mark.parametrize("asked", ["lin-j", "junyang"])
def test_a_snapshot_under_any_slug_is_that_of_the_one_as_known(merged, asked, as_known, one):
    expected = {} if asked == "junyang" and not one else {("lin-j", "member-of", "lab", "lead")}
    assert held(merged, asked, "2027", as_known).keys() == set(expected)
    snapshot = views.snapshot(merged, asked, merged.basis("2027", as_known))
    assert snapshot["entity"] == asked


@pytest.mark.parametrize(("as_known", "found"), [("5", 1), ("7", 3), ("8", 1)])
def test_a_chronology_under_any_slug_is_that_of_the_one_as_known(merged, as_known, found):
    basis = merged.basis("2027", as_known)
    ids = [each["id"] for each in views.chronology(merged, basis, entity="junyang")["events"]]
    assert len(ids) == found and ids[-1] == "later"


def test_a_name_is_read_as_all_who_go_by_it_and_as_written_first(newsroom):
    fill(newsroom, alias("lin-h", "Junyang Lin", "Jôse Lin"))
    history = newsroom.history(newsroom.basis(None, None))
    assert going_by(history, "Lin Junyang") == ["lin-j"]
    assert going_by(history, "junyang lin") == ["lin-h"]
    assert going_by(history, "Lin, Junyang") == ["lin-h", "lin-j"]
    assert going_by(history, "Lin Junyung") == []


def test_the_answer_carries_its_question_and_says_nothing_of_the_time_of_asking(newsroom):
    answers = [newsroom.ask(Entities("lin"), now=now) for now in (0, 10**15)]
    assert answers[0] == answers[1]
    asked = {"projection": "entities", "query": "lin", "kind": None, "as_known": 4}
    assert asked.items() <= answers[0].items()
    assert answers[0]["digest"].startswith("sha256:")
