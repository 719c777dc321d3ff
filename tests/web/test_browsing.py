"""What pages are tried with finds what is wrong with a page, and nothing on one that is right."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.web.browsing import DESK, PHONE, at_width, axe, fill, press, stops, tab_to
from tests.web.complaints import Complaints
from tests.web.small_server import serving
from tests.web.visitors import Visitors

HEAD = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title>'
    '<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'
    '<link rel="stylesheet" href="/style.css"></head><body>'
)
STYLE = """
:root { color-scheme: light dark; color: #111; background: #fff; }
@media (prefers-color-scheme: dark) { :root { color: #eee; background: #111; } a { color: #9cf; } }
body, input, button { font: 1rem sans-serif; }
.wide { width: 500px; }
.scrolls { overflow-x: auto; }
.hidden-focus :focus { outline: none; }
.faint { color: #eee; }
.faint-when-dark { color: #444; background: inherit; }
"""


def body(main: str, script: str = "") -> str:
    source = f'<script type="module" src="{script}"></script>' if script else ""
    return f"{HEAD}<main><h1>A page</h1>{main}</main>{source}</body></html>"


FORM = (
    '<p id="said">nothing said</p><form><label>Name <input name="name" value="old"></label> '
    '<button>Say</button></form><p><a href="/elsewhere">Elsewhere</a></p>'
)
FILES = {
    "/style.css": STYLE,
    "/right": body(FORM, "/form.js"),
    "/form.js": """
        const form = document.querySelector('form');
        form.addEventListener('submit', event => {
          event.preventDefault();
          document.querySelector('#said').textContent = form.elements.name.value;
        });""",
    "/elsewhere": body("<p>Elsewhere.</p>"),
    "/logs": body("", "/log.js"),
    "/log.js": "console.log('left behind')",
    "/throws": body("", "/throw.js"),
    "/throw.js": "throw new Error('out of order')",
    "/rejects": body("", "/reject.js"),
    "/reject.js": "Promise.reject(new Error('never kept'))",
    "/asks": body("", "/ask.js"),
    "/ask.js": "alert(document.title)",
    "/inline-script": body("<script>document.title = 'Owned'</script>"),
    "/inline-style": body('<p style="color: red">Red</p>'),
    "/outside": body('<img alt="" src="https://example.org/pixel.png">'),
    "/outside-link": body('<p><a href="https://example.org/">Outside</a></p>'),
    "/absent-picture": body('<img alt="" src="/none.png">'),
    "/late": body("", "/late.js"),
    "/late.js": "fetch('/none.json')",
    "/given-up": body("", "/give-up.js"),
    "/give-up.js": """
        const stop = new AbortController();
        fetch('/style.css?slow', {signal: stop.signal}).catch(() => {});
        stop.abort();""",
    "/no-text-instead": body('<img src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=">'),
    "/faint": body('<p class="faint">Can you read this?</p>'),
    "/faint-when-dark": body('<p class="faint-when-dark">Can you read this at night?</p>'),
    "/wide": body('<p class="wide">Wide</p>'),
    "/wide-within": body('<div class="scrolls" tabindex="0"><p class="wide">Wide</p></div>'),
    "/no-viewport": body("").replace('name="viewport"', 'name="author"'),
    "/hidden-focus": body(f'<div class="hidden-focus">{FORM}</div>'),
    "/by-mouse-only": body('<p id="only">Press me</p>'),
}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the pages are."""
    with serving(FILES) as found:
        yield found


def faults(browser: Browser, url: str) -> str:
    """What a visitor to one page has to complain of."""
    visitors = Visitors(browser)
    visitors.new().goto(url)
    try:
        visitors.leave()
    except AssertionError as error:
        return str(error)
    return ""


def test_a_page_that_is_right_passes_everything(page: Page, address: str) -> None:
    page.goto(f"{address}/right")
    axe(page)
    at_width(page, PHONE)
    at_width(page, DESK)
    assert [stop.partition(" ")[0] for stop in stops(page)] == [
        "<input",
        "<button>Say</button>",
        "<a",
    ]
    fill(page, page.get_by_label("Name"), "Ada")
    press(page, page.get_by_role("button", name="Say"))
    assert page.locator("#said").text_content() == "Ada"
    press(page, page.get_by_role("link", name="Elsewhere"))
    page.wait_for_url("**/elsewhere")


@pytest.mark.parametrize(
    ("path", "complaint"),
    [
        ("logs", "console log: left behind"),
        ("throws", "uncaught: Error: out of order"),
        ("rejects", "uncaught: Error: never kept"),
        ("asks", "dialogue alert: A page"),
        ("inline-script", "Content Security Policy"),
        ("inline-style", "Content Security Policy"),
        ("outside", "request to another host: example.org"),
        ("absent-picture", "refused request: GET 404"),
        ("late", "refused request: GET 404"),
        ("not-there", "refused request: GET 404"),
    ],
)
def test_what_is_wrong_with_a_page_is_complained_of(
    chromium: Browser, address: str, path: str, complaint: str
) -> None:
    assert complaint in faults(chromium, f"{address}/{path}")


def test_a_visit_to_another_host_is_complained_of(chromium: Browser, address: str) -> None:
    visitors = Visitors(chromium)
    page = visitors.new()
    page.goto(f"{address}/outside-link")
    with page.expect_event("requestfailed"):
        page.get_by_role("link").click()
    with pytest.raises(AssertionError, match=r"request to another host: example\.org"):
        visitors.leave()


def test_a_request_that_the_page_gives_up_is_no_fault(page: Page, address: str) -> None:
    page.goto(f"{address}/given-up")


def test_what_is_expected_is_no_fault(page: Page, complaints: Complaints, address: str) -> None:
    complaints.expect("404")
    page.goto(f"{address}/not-there")


def test_what_is_expected_must_come(chromium: Browser, address: str) -> None:
    visitors = Visitors(chromium)
    visitors.complaints.expect("404")
    visitors.new().goto(f"{address}/right")
    with pytest.raises(AssertionError, match="expected, but never came: 404"):
        visitors.leave()


def test_every_visitor_is_watched(chromium: Browser, address: str) -> None:
    visitors = Visitors(chromium)
    visitors.new().goto(f"{address}/right")
    second = visitors.new().context.new_page()
    second.goto(f"{address}/logs")
    with pytest.raises(AssertionError, match="left behind"):
        visitors.leave()


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("no-text-instead", "image-alt, light"),
        ("faint", "color-contrast, light"),
        ("faint-when-dark", "color-contrast, dark"),
    ],
)
def test_what_shuts_readers_out_is_found(page: Page, address: str, path: str, rule: str) -> None:
    page.goto(f"{address}/{path}")
    with pytest.raises(AssertionError, match=rule):
        axe(page)


def test_what_is_dark_only_is_no_fault_of_the_light_page(page: Page, address: str) -> None:
    page.goto(f"{address}/faint-when-dark")
    with pytest.raises(AssertionError) as found:
        axe(page)
    assert ", light" not in str(found.value)


def test_a_page_wider_than_a_phone_is_found(page: Page, address: str) -> None:
    page.goto(f"{address}/wide")
    at_width(page, DESK)
    with pytest.raises(AssertionError, match=r'<p class="wide">Wide</p> ends at \d+'):
        at_width(page, PHONE)


def test_a_wide_part_may_scroll_by_itself(page: Page, address: str) -> None:
    page.goto(f"{address}/wide-within")
    at_width(page, PHONE)


def test_a_page_that_phones_shrink_is_found(page: Page, address: str) -> None:
    page.goto(f"{address}/no-viewport")
    with pytest.raises(AssertionError, match="viewport"):
        at_width(page, PHONE)


def test_focus_that_is_not_seen_is_found(page: Page, address: str) -> None:
    page.goto(f"{address}/hidden-focus")
    with pytest.raises(AssertionError, match="focus is not seen"):
        stops(page)


def test_what_only_a_mouse_reaches_is_found(page: Page, address: str) -> None:
    page.goto(f"{address}/by-mouse-only")
    with pytest.raises(AssertionError, match="is not reached"):
        tab_to(page, page.locator("#only"), presses=5)


def test_a_visitor_without_script_reads_the_page(page_without_script: Page, address: str) -> None:
    page_without_script.goto(f"{address}/throws")
    assert page_without_script.get_by_role("heading").text_content() == "A page"
    at_width(page_without_script, PHONE)
    with pytest.raises(AssertionError, match="runs script"):
        axe(page_without_script)
