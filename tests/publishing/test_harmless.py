"""Nothing that was recorded has a say in what a page does, whatever it holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import html5lib
import pytest

from tests.examples import some
from tests.naughty import naughty
from tests.publishing.editions import (
    HTML,
    PAGES,
    all_of,
    amendment,
    filled,
    json_file,
    page,
    publication,
    published,
)
from tests.rooms import event

HOSTILE = [
    "<script>fetch('https://evil.example')</script>",
    "</script><script>alert(1)</script>",
    "</style><svg onload=alert(1)>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }} {% raw %}",
    "<!-- <script>",
    "]]><b>&lt;script&gt;",
    "javascript:alert(1)",
    "\u202eevil\u2066",
    "nul\x00bell\x07esc\x1b[31m\x85",
    "\ufffe\uffff",
]
PROSE = """
<script>alert(1)</script>

[run](javascript:alert(1)) [data](data:text/html,<script>alert(1)</script>)
![picture](https://evil.example/pixel.png "seen") <img src=x onerror=alert(1)>

<https://evil.example/?"onclick=alert(1)>

| a |
|:-:|
| b |

```js" onclick="alert(1)
alert(1)
```
"""
TRUSTED = {"http", "https"}


def hostile(number: int, text: str) -> list[dict[str, Any]]:
    """Records that hold a text wherever they may."""
    source = {
        "url": text,
        "title": text,
        "publisher": text,
        "quote": text,
        "locator": text,
        "via": text,
        "attribution": text,
    }
    told: dict[str, Any] = {
        "about": ["lab"],
        "headline": text.replace("\n", " "),
        "body": f"{text}\n{PROSE}",
        "sources": [source, {"url": f"https://example.org/{text}"}],
        "recorded_by": text,
        "tags": [text],
    }
    one, two = f"one {number} {text}"[:180], f"two {number} {text}"[:180]
    return [
        event("happened", "2026-01", id=one, **told),
        event("happened", "2026-01", id=two, after=[{"id": one}], **told),
        {"story": "story", "type": "alias", "entity": "ann", "names": [text]},
        event("joined", "2026-02", id=f"in {number}", person="ann", organisation="lab"),
        publication(f"{number} {text}", recorded_by=text),
        amendment("conflict", between=[one, two], reason=text, recorded_by=text),
        amendment("resolution", chosen=two, over=[one], reason=text, recorded_by=text),
        amendment(
            "correction",
            corrects=f"in {number}",
            changes={"when": "2026-03"},
            reason=text,
            severity=text,
            recorded_by=text,
        ),
    ]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("hostile")
    records = [each for number, text in enumerate(HOSTILE) for each in hostile(number, text)]
    room = filled(directory / "room", *records)
    return published(
        room,
        directory / "out",
        "--title",
        "".join(HOSTILE).replace("\x00", ""),
        "--as-known",
        len(records),
    )


def faults(read: Element, scripts: int) -> Iterator[str]:
    """What a page could do, or load, that it should not."""
    if len([*all_of(read, "script")]) != scripts:
        yield "a script"
    for each in read.iter():
        tag = str(each.tag).removeprefix(HTML)
        if tag in ("img", "iframe", "object", "embed", "form", "input", "base", "video", "audio"):
            yield tag
        for name, value in each.attrib.items():
            if name.startswith("on") or name in ("style", "src", "srcset", "action"):
                yield f"{tag} {name}={value}"
            if name in ("href", "cite") and urlsplit(value).scheme not in {*TRUSTED, "data", ""}:
                yield f"{tag} {name}={value}"
            if name == "href" and value.startswith("data:") and tag != "link":
                yield f"{tag} {name}={value}"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_holds_no_script_no_handler_and_no_picture(out: Path, name: str) -> None:
    assert [*faults(page(out, name), scripts=name == "index.html")] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_allows_itself_nothing_but_its_style(out: Path, name: str) -> None:
    (policy,) = [
        each.get("content", "")
        for each in all_of(page(out, name), "meta")
        if each.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy.startswith("default-src 'none'; style-src '")
    assert "script-src" not in policy
    assert "unsafe" not in policy


def test_what_feeds_and_other_programs_get_can_do_nothing_either(out: Path) -> None:
    texts = [item["content_html"] for item in json_file(out, "feed.json")["items"]]
    feed = ElementTree.fromstring((out / "feed.atom").read_bytes())
    texts += [each.text or "" for each in feed.iter("{http://www.w3.org/2005/Atom}content")]
    told = json_file(out, "timelinejs.json")
    slides = [told["title"], *told["events"]]
    texts += [text for slide in slides for text in slide["text"].values()]
    assert len(texts) > 3 * len(HOSTILE)
    for text in texts:
        read = html5lib.parseFragment(text, treebuilder="etree")
        assert [*faults(read, scripts=0)] == [], text


def test_what_was_recorded_can_still_be_read(out: Path) -> None:
    headlines = {"".join(each.itertext()) for each in all_of(page(out), "h3")}
    for text in HOSTILE[:9]:
        assert text in headlines


@pytest.mark.parametrize("chunk", some(range(4)))
def test_naughty_strings_come_to_nothing(tmp_path: Path, chunk: int) -> None:
    strings = [each for each in naughty() if each.strip()]
    records = [
        each for number, text in enumerate(strings[chunk::4]) for each in hostile(number, text)
    ]
    room = filled(tmp_path / "room", *records)
    directory = published(room, tmp_path / "out", "--as-known", len(records))
    for name in PAGES:
        assert [*faults(page(directory, name), scripts=name == "index.html")] == []
    assert ElementTree.fromstring((directory / "feed.atom").read_bytes())
