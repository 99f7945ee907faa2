"""The staff's desk in a real browser: signing in, reading, printing, and what axe-core finds."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from assistant.vocabulary import Outcome, Question
from tests import fakes
from tests.browser.conftest import serving
from tests.browser.test_looks import NO_SCROLL
from tests.browser.test_sheets import AXE, RULES
from tests.fakes import FakeAssistant
from tests.staff.planting import answer, plant
from tests.web.pages import mounted
from tests.web.test_guarding import LINE, PASSWORD, WRONG

pytestmark = pytest.mark.browser

Look = Callable[..., Page]


@pytest.fixture(scope="module")
def staff_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    records = plant(tmp_path_factory.mktemp("staff"), fakes.PASSAGES, 60, days=3650)
    for place in ("at", "of"):
        asked = Question(f"How deep is the harbour {place} Saltmere?")
        records.keep(asked, answer(place, Outcome.NOT_IN_MATERIAL, [fakes.TALKS]))
    assistant = FakeAssistant()
    with serving(lambda: mounted(lambda: assistant, records, staff_password=LINE)) as url:
        yield url


@pytest.fixture
def look(chromium: Browser, staff_url: str) -> Iterator[Look]:
    """Open the page of staff, signed in unless told otherwise; nothing may be asked from elsewhere."""
    contexts: list[BrowserContext] = []
    elsewhere: list[str] = []

    def look(width: int = 1280, scheme: str = "light", *, scripts: bool = False, signed: bool = True) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]
            java_script_enabled=scripts,
        )
        contexts.append(context)
        page = context.new_page()
        page.on(
            "request", lambda asked: None if asked.url.startswith(staff_url) else elsewhere.append(asked.url)
        )
        page.goto(f"{staff_url}staff?days=all")
        if signed:
            page.get_by_label("Password").fill(PASSWORD)
            page.keyboard.press("Enter")
            expect(page.get_by_role("button", name="Sign out")).to_be_visible()
            page.goto(f"{staff_url}staff?days=all")
        return page

    yield look
    for context in contexts:
        context.close()
    assert elsewhere == []


def test_staff_sign_in_read_take_a_table_and_sign_out_without_scripts(look: Look, tmp_path: Path) -> None:
    page = look(signed=False)
    page.get_by_label("Password").fill(WRONG)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("That is not the password.")).to_be_visible()
    expect(page.get_by_label("Password")).to_have_value("")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()

    page.get_by_role("link", name="All", exact=True).click()
    expect(page.get_by_role("heading", name="What to write next")).to_be_visible()
    page.locator(".gaps summary").first.click()
    expect(page.locator(".gaps details li").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="All with every wording").click()
    download.value.save_as(tmp_path / "gaps.csv")
    assert (tmp_path / "gaps.csv").read_text(encoding="utf-8-sig").startswith("group,asked in group,")

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Password")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("What to write next")).to_have_count(0)  # nothing of it was kept by the browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_and_nothing_is_scrolled_sideways(look: Look, width: int, scheme: str) -> None:
    for page in (look(width, scheme, scripts=True, signed=False), look(width, scheme, scripts=True)):
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        page.evaluate(AXE)
        found = page.evaluate(f"axe.run(document, {json.dumps(RULES)})")
        faults = [
            f"{one['id']}: {node['target']} {node.get('failureSummary')}"
            for one in found["violations"]
            for node in one["nodes"]
        ]
        assert faults == []
        assert len(found["passes"]) > 15
        assert page.evaluate(NO_SCROLL)


def test_columns_of_the_plot_are_as_high_as_their_numbers(look: Look) -> None:
    page = look(scripts=True)
    heights = page.locator(".drawing rect").evaluate_all(
        "rects => rects.map((one) => one.getBoundingClientRect().height)"
    )
    numbers = [
        int(number.replace(",", ""))
        for row in page.locator(".wide", has_text="Questions by time and outcome").locator("tbody tr").all()
        for number in row.locator("td").all_text_contents()[1:]
    ]
    shown = [number for number in numbers if number]

    assert len(heights) == len(shown)
    shares = [height / number for height, number in zip(heights, shown, strict=True)]
    assert max(shares) / min(shares) < 1.3  # a pixel's breadth of rim on every piece


def test_printed_it_has_the_wordings_and_not_the_buttons(look: Look) -> None:
    page = look()
    page.emulate_media(media="print")

    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(page.get_by_role("link", name="All with every wording")).to_be_hidden()
    expect(page.get_by_role("heading", name="What to write next")).to_be_visible()
    expect(page.locator(".gaps details li").first).to_be_visible()
