"""The documentation says what the program does."""

from __future__ import annotations

import importlib.util
import re
import sqlite3
import tomllib
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree

import pytest
from benchmarks.records import records

from tests.docs.transcripts import PAGES, ROOT, Scratch, blocks, checked, fits
from tests.rooms import fill, memory_newsroom
from timeline.cli.program import COMMANDS
from timeline.index.rows import FOREVER
from timeline.records.vocabulary import BUILT_IN, own_types

DOCUMENTS = (*PAGES, *(ROOT / name for name in ("CONTRIBUTING.md", "benchmarks/README.md")))
FIGURES = tuple((ROOT / "docs").glob("*.svg"))


def text_of(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_transcript_is_what_the_program_prints(path: Path, tmp_path: Path) -> None:
    outdated = [
        f"{transcript.prompt}{transcript.line}\nsays\n{transcript.said}\nprints\n{printed}"
        for transcript, printed in checked(path.read_text("utf-8"), tmp_path)
        if not fits(transcript.said, printed)
    ]
    assert not outdated, "\n".join(outdated)


def test_a_mark_stands_for_text_in_a_line_or_for_lines() -> None:
    assert fits("…\n2 … 3\n", "0\n1\n2 of 3\n")
    assert fits("{\n…\n}\n", "{\n}\n")
    assert not fits("2 … 3\n", "2 of\n3\n")
    assert not fits("1\n", "1\n2\n")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_its_help_on_the_commands_page(command: str) -> None:
    page = text_of("docs/commands.md")
    assert f"\n## {command}\n" in page
    assert f"\n$ timeline {command} --help\nUsage: timeline {command} " in page


def test_the_vocabulary_page_is_what_its_generator_makes() -> None:
    spec = importlib.util.spec_from_file_location("vocabulary", ROOT / "docs" / "vocabulary.py")
    assert spec is not None and spec.loader is not None
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)
    assert generator.page() == text_of("docs/vocabulary.md")


@pytest.mark.parametrize("kind", BUILT_IN, ids=lambda kind: kind.name)
def test_every_type_is_on_the_vocabulary_page(kind) -> None:
    section = text_of("docs/vocabulary.md").partition(f"\n### {kind.name}\n")[2].split("\n##")[0]
    assert kind.doc in section
    for name, field in kind.fields.items():
        assert f"\n| `{name}`{'*' if field.required else ''} | " in section


def test_the_types_that_the_vocabulary_page_declares_are_right() -> None:
    (block,) = (text for lang, text in blocks(text_of("docs/vocabulary.md")) if lang == "toml")
    types, problems = own_types(tomllib.loads(block)["types"])
    assert [kind.name for kind in types] == ["docked", "sailed"]
    assert not problems


def test_the_digest_is_computed_again_as_the_formats_page_says(tmp_path: Path) -> None:
    (code,) = (text for lang, text in blocks(text_of("docs/formats.md")) if lang == "python")
    text = Scratch(tmp_path).run("timeline snapshot qwen-team --as-of 2026-03-03 --format json")
    exec(code, {"text": text})
    with pytest.raises(AssertionError):
        exec(code, {"text": text.replace('"certain"', '"possible"', 1)})


def test_the_rows_on_the_projections_page_are_those_of_the_file(tmp_path: Path) -> None:
    (block,) = (text for lang, text in blocks(text_of("docs/projections.md")) if lang == "rows")
    Scratch(tmp_path).run("timeline snapshot qwen-team")
    (file,) = (tmp_path / "derived").glob("*.sqlite")
    query = "SELECT key, event, since, until, state FROM rows WHERE key = ? AND event = ?"
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute(query, ("elin-junyang", 113)).fetchall()
    said = block.split()[5:]
    kept = [
        str(part)
        for *at, until, state in rows
        for part in (*at, *([until] if until < FOREVER else []), *state.decode().split())
    ]
    assert said == " ".join(kept).split()


def test_the_readme_gives_the_two_commands_each_in_a_block_of_its_own() -> None:
    first, second, *_ = (text for lang, text in blocks(text_of("README.md")) if lang == "sh")
    assert first.count("\n") == second.count("\n") == 1
    assert first.endswith("timeline demo\n")
    assert "pytest" in second
    assert f"<!-- second command -->\n```sh\n{second}```" in text_of("README.md")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_within_the_repository_leads_somewhere(path: Path) -> None:
    prose = re.sub(r"^```.*?^```$", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", prose):
        if "://" in target:
            continue
        name, _, heading = target.partition("#")
        linked = (path.parent / name).resolve() if name else path
        assert linked.exists(), target
        if heading:
            assert heading in anchors(linked.read_text("utf-8")), target


def anchors(page: str) -> set[str]:
    """The anchors that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page, flags=re.MULTILINE)
    return {
        re.sub(r"[^\w -]", "", heading.casefold()).replace(" ", "-").strip() for heading in headings
    }


@pytest.mark.parametrize("path", FIGURES, ids=lambda path: path.name)
def test_every_figure_is_described_for_those_who_do_not_see_it(path: Path) -> None:
    figure = ElementTree.parse(path).getroot()
    for part in ("title", "desc"):
        found = figure.find(f"{{http://www.w3.org/2000/svg}}{part}")
        assert found is not None and found.text and found.text.strip()


def test_the_log_that_the_benchmarks_make_up_can_be_imported() -> None:
    newsroom = memory_newsroom()
    fill(newsroom, *records(2000), importing=True)
    assert newsroom.store.head().position == 2000
    assert {"correction", "retraction"} < {record.type.name for record in newsroom.records()}


def test_the_readme_shows_every_picture_and_says_what_is_on_it() -> None:
    from docs.screenshots import ALL, PICTURES

    readme = text_of("README.md")
    images = dict(re.findall(r'<img src="([^"]+)" width="\d+" alt="([^"]+)">', readme))
    used = {*images, *re.findall(r'<source [^>]*srcset="([^"]+)">', readme)}
    assert used == {f"docs/pictures/{each.name}.png" for each in ALL}
    assert {path.stem for path in PICTURES.iterdir()} == {each.name for each in ALL}
    assert all(len(words) > 40 for words in images.values())


def test_the_pictures_are_small_to_load() -> None:
    for path in (ROOT / "docs" / "pictures").iterdir():
        picture = path.read_bytes()
        assert picture.startswith(b"\x89PNG\r\n\x1a\n")
        assert int.from_bytes(picture[16:20]) == 1200
        assert len(picture) < 150_000, path.name
