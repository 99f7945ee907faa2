"""What an editor can choose."""

import json
import re

import pytest
from playwright.sync_api import Locator, expect

from tests.widget.conftest import Desk, answered, open_widget
from tests.widget.samples import ANSWERED, REFUSED

pytestmark = pytest.mark.browser

WELSH = {
    "button": "Gofynnwch",
    "title": "Gofynnwch i ni",
    "ask": "Gofyn",
    "question": "Eich cwestiwn",
    "answered": "Atebwyd o’r deunydd",
    "material": "{documents} dogfen, {date}.",
}


def _style(place: Locator, name: str) -> str:
    return str(place.evaluate("(one, name) => getComputedStyle(one)[name]", name))


def test_words_and_example_questions_are_the_editors(desk: Desk) -> None:
    tag = desk.tag(
        button="Help", title="Our assistant", greeting="Welcome.", examples=f"{ANSWERED}|{REFUSED}"
    )
    page = desk.visit(tag)
    page.get_by_role("button", name="Help").click()
    dialog = page.get_by_role("dialog", name="Our assistant")

    expect(dialog.get_by_text("Welcome.")).to_be_visible()
    expect(dialog.locator(".ask button")).to_have_text([ANSWERED, REFUSED])
    dialog.get_by_role("button", name=ANSWERED).click()
    expect(dialog.locator(".answered.outcome")).to_be_visible()


@pytest.mark.parametrize("inline", [True, False])
def test_labels_speak_the_pages_language(desk: Desk, inline: bool) -> None:
    table = json.dumps(WELSH)
    held = f'<script type="application/json" id="words">{table}</script>'
    tag = desk.tag(lang="cy", labels=table) if inline else held + desk.tag(lang="cy", labels="#words")
    page = desk.visit(tag)
    page.get_by_role("button", name="Gofynnwch").click()
    page.get_by_label("Eich cwestiwn").fill(ANSWERED)
    page.get_by_role("button", name="Gofyn", exact=True).click()

    expect(page.locator(".outcome")).to_have_text("Atebwyd o’r deunydd")
    expect(page.get_by_text(re.compile("57 dogfen, 20 (Tachwedd|November) 2026."))).to_be_visible()
    expect(page.locator(".kil")).to_have_attribute("lang", "cy")
    expect(page.locator(".text")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("options", [{"labels": "{not json"}, {"labels": "#nowhere"}, {"lang": "no_such!"}])
def test_a_mistake_of_the_editor_leaves_english_and_is_told(desk: Desk, options: dict[str, str]) -> None:
    page = desk.visit(desk.tag(**options))
    answered(page, ANSWERED)

    expect(page.get_by_text("indexed on 20 November 2026")).to_be_visible()
    assert desk.errors[0].startswith("Keep it Local: data-lang or data-labels")


def test_a_colour_by_attribute_or_by_custom_property_and_words_on_it_that_can_be_read(desk: Desk) -> None:
    seen = []
    for body in (
        desk.tag(colour="#ffd400"),
        "<style>keep-it-local { --kil-colour: #004d40 }</style>" + desk.tag(),
        desk.tag(colour="no colour at all"),
    ):
        launcher = desk.visit(body).get_by_role("button", name="Ask Keep it Local")
        dark_words = launcher.evaluate(
            "(one) => Number(getComputedStyle(one).color.match(/[\\d.]+/g).at(-1)) < 0.5"
        )
        seen.append((_style(launcher, "backgroundColor"), dark_words))

    assert seen == [("rgb(255, 212, 0)", True), ("rgb(0, 77, 64)", False), ("rgb(81, 34, 131)", False)]


@pytest.mark.parametrize(
    ("corner", "left", "top"),
    [
        ("bottom-end", False, False),
        ("bottom-start", True, False),
        ("top-end", False, True),
        ("top-start", True, True),
    ],
)
def test_any_corner(desk: Desk, corner: str, left: bool, top: bool) -> None:
    page = desk.visit(desk.tag(corner=corner))
    launcher = page.get_by_role("button", name="Ask Keep it Local").bounding_box()
    dialog = open_widget(page).bounding_box()

    for box in (launcher, dialog):
        assert box
        assert (box["x"] < 100) == left
        assert (box["y"] < 60) == top


def test_on_a_small_screen_it_fills_the_screen_from_any_corner(desk: Desk) -> None:
    page = desk.visit(desk.tag(corner="top-start"), width=360, height=640)

    assert open_widget(page).bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 640}


def test_it_fills_an_element_that_has_a_height_and_scrolls_in_it(desk: Desk) -> None:
    place = '<div id="here" style="height: 500px; width: 400px"></div><p>Below</p>'
    page = desk.visit(place + desk.tag(target="#here"))
    answered(page, ANSWERED)
    region = page.get_by_role("region", name="Ask Keep it Local")
    box = region.bounding_box()

    assert box
    assert (round(box["width"]), round(box["height"])) == (400, 500)
    assert page.evaluate("document.activeElement.localName") == "keep-it-local"
    expect(page.get_by_role("button", name="Close", exact=True)).to_have_count(0)


def test_an_inline_widget_does_not_take_the_focus_when_the_page_opens(desk: Desk) -> None:
    page = desk.visit(f'<div id="here"></div>{desk.tag(target="#here")}')
    answered(page, ANSWERED)
    page.reload()
    expect(page.locator(".turn")).to_have_count(1)

    assert page.evaluate("document.activeElement.localName") == "body"


@pytest.mark.parametrize(
    ("options", "system", "dark"),
    [
        ({}, "dark", True),
        ({}, "light", False),
        ({"scheme": "light"}, "dark", False),
        ({"scheme": "dark"}, "light", True),
    ],
)
def test_it_is_dark_where_the_page_is_unless_the_editor_says_otherwise(
    desk: Desk, options: dict[str, str], system: str, dark: bool
) -> None:
    page = desk.visit(desk.tag(**options), color_scheme=system)
    dialog = open_widget(page)

    assert _style(dialog, "backgroundColor") == ("rgb(26, 22, 31)" if dark else "rgb(255, 255, 255)")


def test_on_a_page_that_knows_no_dark_it_is_light_unless_told_to_follow_the_system(desk: Desk) -> None:
    shades = []
    for options in ({}, {"scheme": "auto"}):
        page = desk.visit(
            f"<style>:root {{ color-scheme: normal }}</style>{desk.tag(**options)}", color_scheme="dark"
        )
        shades.append(_style(open_widget(page), "backgroundColor"))

    assert shades == ["rgb(255, 255, 255)", "rgb(26, 22, 31)"]


def test_it_speaks_in_the_pages_typeface_and_never_in_small_print(desk: Desk) -> None:
    page = desk.visit(f"<style>html {{ font: 62.5%/1 Georgia }}</style>{desk.tag()}")
    log = open_widget(page).locator(".log")

    assert _style(log, "fontFamily") == "Georgia"
    assert _style(log, "fontSize") == "16px"
