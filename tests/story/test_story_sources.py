"""The founding story says nothing that its sources do not say, and leaves out none of it.

`events/qwen.jsonl` is held against the texts it was written from: every quote is verbatim,
every line of the research file is told, and so is every claim of the article.
"""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
STORY = ROOT / "events" / "qwen.jsonl"
DATA = ROOT.parent / "shared" / "data" / "qwen"

TITLE = "Alibaba sees key Qwen AI staff exit after Qwen3.5 open-source release"
README = "https://github.com/QwenLM/"

Record = dict[str, Any]
Citation = dict[str, Any]

# What the article claims, in its order: where, and words of it that some record quotes there.
# Several claims stand more than once, each time a little otherwise: each is its own line.
CLAIMS = [
    ("headline", "Alibaba sees key Qwen AI staff exit"),
    ("second headline", "Alibaba Qwen AI Team Fractures After Open-Source Move"),
    ("standfirst", "team members departing after Qwen3.5 open-source release"),
    ("standfirst", "impacting future development"),
    ("paragraph 1", "in the spotlight lately, not for a new product launch"),
    ("paragraph 1", "several senior engineers walked out shortly after"),
    ("paragraph 1", "to the open‑source world"),
    ("paragraph 1", "raise questions about internal alignment and the strategic direction"),
    ("paragraph 1", "promises more than incremental chat improvements"),
    ("paragraph 1", "the code is now freely available"),
    ("paragraph 1", "signals a shift in how Alibaba envisions its AI assets serving the market"),
    ("paragraph 2", "coincided with a broader push"),
    ("paragraph 2", "90,000‑plus enterprises that rely on Alibaba’s cloud services"),
    ("paragraph 2", "could reshape expectations around automation and integration"),
    ("paragraph 2", "why the developer community is watching closely"),
    ("paragraph 3", 'it was a blueprint for the "Agentic Inflection,"'),
    ("paragraph 3", "90,000+ enterprises currently deploying Qwen via DingTalk or Alibaba Cloud"),
    ("paragraph 3", "the leadership vacuum creates a crisis of confidence"),
    ("paragraph 3", 'Many companies migrated to Qwen because it offered a "third way"'),
    ("paragraph 3", "the performance of a proprietary US model with the transparency"),
    ("paragraph 3", 'consolidated its AI efforts into the "Qwen C-end Business Group,"'),
    ("paragraph 3", "merging its model labs with consumer hardware teams"),
    ("paragraph 4", "Did Alibaba just kneecap its powerful Qwen AI team?"),
    ("paragraph 4", "Key figures have left just hours after"),
    ("paragraph 4", "the Qwen3.5 small model series went public"),
    ("paragraph 4", "Elon Musk, who called its intelligence density impressive"),
    ("paragraph 5", "was marketed as a blueprint for the so‑called “Agentic Inflection,”"),
    ("paragraph 5", "the sudden departure of the technical architect"),
    ("paragraph 5", "several other staff"),
    ("paragraph 5", "raises questions about internal alignment"),
    ("paragraph 5", "dozens of open‑source generative models since last summer"),
    ("paragraph 5", "an enterprise dilemma affecting over 90,000 customers"),
    ("paragraph 6", "unclear whether the staffing changes will hamper further development"),
    ("paragraph 6", "Observers note the contrast between external acclaim and internal turnover"),
    ("paragraph 6", "concrete outcomes remain unknown"),
    ("paragraph 6", "will be judged on delivery rather than hype"),
    ("first answer", "Several senior engineers, including the technical architect, departed"),
    ("first answer", "questions about internal team dynamics"),
    ("second answer", "is positioned as a blueprint for transforming AI models"),
    ("second answer", "promises to navigate user interfaces and execute complex code"),
    ("third answer", "praising its intelligence density and potential"),
    ("third answer", "attracted attention from the developer community"),
]


def load(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


RECORDS: list[Record] = load(STORY)


@pytest.fixture(scope="module")
def data() -> Path:
    if not DATA.is_dir():
        pytest.skip("the texts that the story was written from are not beside this checkout")
    return DATA


@pytest.fixture(scope="module")
def article(data: Path) -> str:
    return (data / "article.txt").read_text(encoding="utf-8")


def citations(record: Record) -> list[Citation]:
    """The sources of a record, and those that a correction gives to another."""
    changed = record.get("changes", {}).get("sources") or []
    return [*record.get("sources", []), *changed]


ALL = [citation for record in RECORDS for citation in citations(record)]
OF_ARTICLE = [citation for citation in ALL if citation.get("title") == TITLE]


def test_article_quotes_are_verbatim(article: str) -> None:
    assert OF_ARTICLE
    assert [c for c in OF_ARTICLE if not c["quote"] or c["quote"] not in article] == []


def test_the_article_brings_no_date_and_no_address() -> None:
    assert [c for c in OF_ARTICLE if {"published", "url"} & set(c)] == []


@pytest.mark.parametrize(("where", "words"), CLAIMS)
def test_every_claim_of_the_article_is_recorded(where: str, words: str, article: str) -> None:
    assert words in article
    assert [c for c in OF_ARTICLE if c["locator"] == where and words in c["quote"]]


def test_the_table_of_claims_reaches_every_article_record() -> None:
    told = [c for c in OF_ARTICLE if not any(w in c["quote"] or c["quote"] in w for _, w in CLAIMS)]
    assert told == []


def test_every_line_of_the_research_file_is_recorded(data: Path) -> None:
    def told(line: Record) -> bool:
        source = line["source"]
        if not source.startswith("http"):  # "QwenLM/Qwen3.5 README.md @7e103aebdbff"
            repo, commit = re.fullmatch(r"(\S+) README\.md @(\w+)", source).groups()  # type: ignore[union-attr]
            return any(
                c.get("url") == f"https://github.com/{repo}"
                and commit in c["locator"]
                and c["quote"] == line["quote"]
                and c["published"] == line["source_date"]
                for c in ALL
            )
        return any(
            c.get("url") == source
            and c["quote"] == line["quote"]
            and c["published"] == line["source_date"]
            for c in ALL
        )

    assert [line["id"] for line in load(data / "dossier.jsonl") if not told(line)] == []


def test_nothing_else_is_cited(data: Path) -> None:
    known = {line["source"] for line in load(data / "dossier.jsonl")}
    strangers = [
        c
        for c in ALL
        if c.get("title") != TITLE
        and c.get("url") not in known
        and not c.get("url", "").startswith(README)
    ]
    assert strangers == []


def test_readme_quotes_are_verbatim_and_from_the_commit_cited(data: Path) -> None:
    lines = load(data / "readme_news.jsonl")
    quoted = [c for c in ALL if c.get("url", "").startswith(README)]
    assert quoted
    for citation in quoted:
        assert any(
            citation["url"] == f"https://github.com/{line['repo']}"
            and line["commit"] in citation["locator"]
            and line["recorded"] == citation["published"]
            and citation["quote"] in line["text"]
            for line in lines
        ), citation


def test_no_product_is_released_twice() -> None:
    products = [record["product"] for record in RECORDS if record["type"] == "released"]
    assert sorted(products) == sorted(set(products))


def test_times_never_decrease_and_ids_are_unique() -> None:
    times = [record["recorded_at"] for record in RECORDS]
    assert all(one <= next_ for one, next_ in itertools.pairwise(times))
    written = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
    assert [time for time in times if not written.fullmatch(time)] == []
    assert len({record["id"] for record in RECORDS}) == len(RECORDS)


def test_what_is_amended_or_answered_was_recorded_before() -> None:
    seen: set[str] = set()
    for record in RECORDS:
        for field in ("corrects", "retracts", "restores", "answers"):
            assert record.get(field) is None or record[field] in seen, record["id"]
        seen.add(record["id"])


def test_every_record_has_a_short_headline() -> None:
    assert [r["id"] for r in RECORDS if not 0 < len(r.get("headline", "")) <= 90] == []


def test_lines_are_canonical() -> None:
    lines = STORY.read_text(encoding="utf-8").split("\n")
    assert lines.pop() == ""
    for line in lines:
        text = json.dumps(json.loads(line), ensure_ascii=False, separators=(",", ":"))
        assert line == text
