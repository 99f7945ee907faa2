"""The widget for everybody: keyboard, screen reader, zoom, colours. axe-core finds nothing in any state."""

import json
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.widget.conftest import Desk, answered, ask, open_widget
from tests.widget.samples import ANSWERED, GREETING, PARTLY, REFUSED

pytestmark = pytest.mark.browser

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RULES = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations", "incomplete"]}
NO_SCROLL = "document.documentElement.scrollWidth <= window.innerWidth"
SMALLEST = 24
ROOM_TO_READ = 100

# What is in the log and read out when it is added; aria-live=off parts are not.
WATCH = """() => {
  const log = document.querySelector("keep-it-local").shadowRoot.querySelector(".log");
  window.read = [];
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) {
      const parent = node.parentElement ?? change.target;
      if (!parent.closest("[aria-live=off]") && !node.matches?.("[aria-live=off]")) {
        const copy = node.cloneNode(true);
        copy.querySelectorAll?.("[aria-live=off]").forEach((one) => one.remove());
        window.read.push(copy.textContent.trim());
      }
    }
  }).observe(log, { childList: true, subtree: true, characterData: true });
}"""
FOCUSED = """() => {
  let one = document.activeElement;
  while (one.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  return [one.localName, one.getAttribute("aria-label") ?? one.textContent.trim()];
}"""
# The share of the focused element that nothing covers, at five points of it.
UNCOVERED = """() => {
  const root = document.activeElement.shadowRoot;
  const { x, y, width, height } = root.activeElement.getBoundingClientRect();
  const points = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]];
  const at = ([across, down]) => root.elementFromPoint(x + across * width, y + down * height);
  const seen = points.filter((point) => root.activeElement.contains(at(point)));
  return seen.length / points.length;
}"""


def _faults(page: Page) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate(f"axe.run(document, {json.dumps(RULES)})")
    unsure = [one for one in found["incomplete"] if one["id"] == "color-contrast"]
    return [
        f"{one['id']}: {node['target']} {node.get('any')}"
        for one in found["violations"] + unsure
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state(desk: Desk, scheme: str) -> None:
    tag = desk.tag(contact_url="https://example.org/contact", contact_name="Locality")
    page = desk.visit(tag, color_scheme=scheme, reduced_motion="reduce")
    assert _faults(page) == [], "closed"
    open_widget(page)
    assert _faults(page) == [], "open"
    desk.script.holds_after = 2
    turn = ask(page, ANSWERED)
    turn.locator(".sentence").wait_for()
    assert _faults(page) == [], "answering"
    desk.script.go_on.set()
    turn.locator(".more").wait_for()
    assert _faults(page) == [], "answered"
    turn.get_by_role("button", name="Source 2").click()
    assert _faults(page) == [], "source open"
    turn.get_by_role("button", name="No").click()
    assert _faults(page) == [], "reason asked"
    answered(page, PARTLY)
    assert _faults(page) == [], "partly answered"
    answered(page, REFUSED).locator("summary").click()
    assert _faults(page) == [], "refused"
    answered(page, GREETING)
    assert _faults(page) == [], "conversation"
    desk.script.status = 503
    ask(page, ANSWERED).locator(".error").wait_for()
    assert _faults(page) == [], "error"


@pytest.mark.parametrize("colour", ["#ffd400", "white", "oklch(0.57 0.2 270)"])
def test_any_colour_can_be_read_on_and_beside(desk: Desk, colour: str) -> None:
    for scheme in ("light", "dark"):
        page = desk.visit(desk.tag(colour=colour), color_scheme=scheme, reduced_motion="reduce")
        answered(page, ANSWERED).get_by_role("button", name="Source 1").first.click()
        assert _faults(page) == []


def test_axe_finds_nothing_inside_a_page(desk: Desk) -> None:
    page = desk.visit(f'<div id="here"></div>{desk.tag(target="#here")}', reduced_motion="reduce")
    answered(page, ANSWERED)

    assert _faults(page) == []


def test_the_whole_journey_by_keyboard_alone(desk: Desk) -> None:
    page = desk.visit(f'<a href="#x">Before</a>{desk.tag()}')
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert _focused(page) == ["button", "Ask Keep it Local"]
    page.keyboard.press("Enter")
    assert _focused(page)[0] == "textarea"
    page.keyboard.type(ANSWERED)
    page.keyboard.press("Enter")
    page.locator(".more").wait_for()
    _tab_back_to(page, "Source 2")
    page.keyboard.press("Space")
    expect(page.locator(".source")).to_be_visible()
    _tab_to(page, "Read that source (opens in a new tab)")
    _tab_to(page, "Close source")
    page.keyboard.press("Enter")
    assert _focused(page) == ["button", "Source 2"]
    _tab_to(page, "No")
    page.keyboard.press("Enter")
    _tab_to(page, PARTLY)
    page.keyboard.press("Enter")
    expect(page.locator(".partly_answered.outcome")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_have_count(0)
    assert _focused(page) == ["button", "Ask Keep it Local"]
    assert desk.script.told == [{"answer": "answer-1", "rating": "down", "reason": None}]


def test_focus_stays_in_the_open_widget(desk: Desk) -> None:
    page = desk.visit(f'<a href="#x">Outside</a>{desk.tag()}')
    open_widget(page)
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(_focused(page)[1])

    assert "Outside" not in reached
    assert {"Close", "Ask"} <= set(reached)


def test_it_closes_by_its_button_and_gives_the_focus_back(desk: Desk) -> None:
    page = desk.visit()
    open_widget(page).get_by_role("button", name="Close").click()

    expect(page.get_by_role("dialog")).to_have_count(0)
    assert _focused(page) == ["button", "Ask Keep it Local"]


def test_on_a_touch_screen_the_heading_has_the_focus_so_that_no_keyboard_comes_up(desk: Desk) -> None:
    page = desk.visit(width=390, height=700, has_touch=True, is_mobile=True)
    open_widget(page)

    assert _focused(page) == ["h2", "Ask Keep it Local"]


def test_every_control_has_a_name_and_a_role(desk: Desk) -> None:
    page = desk.visit()
    turn = answered(page, ANSWERED)
    turn.get_by_role("button", name="Yes").click()
    turn.get_by_role("button", name="Source 2").click()

    expect(page.get_by_role("dialog")).to_match_aria_snapshot(
        """
        - dialog "Ask Keep it Local":
          - heading "Ask Keep it Local" [level=2]
          - button "Start over"
          - button "Close"
          - log "Conversation":
            - article:
              - 'heading "You asked: What did Hollinbrook change?" [level=3]'
              - paragraph: Answered from the material
              - text: Hollinbrook let gardens run its service.
              - button "Source 1"
              - text: Saltmere talks before it buys.
              - button "Source 2" [expanded]
              - button "Source 1"
              - group "Source 2"
              - group "Was this useful?":
                - text: Was this useful?
                - button "Yes" [pressed]
                - button "No"
          - text: Your question
          - textbox "Your question"
          - button "Ask"
        """
    )


def test_the_log_reads_out_each_sentence_once_and_no_controls(desk: Desk) -> None:
    page = desk.visit()
    open_widget(page)
    page.evaluate(WATCH)
    answered(page, ANSWERED).get_by_role("button", name="Source 1").first.click()

    read = [words for words in page.evaluate("window.read") if words]
    assert sum("Hollinbrook let gardens" in words for words in read) == 1
    assert sum("Saltmere talks" in words for words in read) == 1
    assert read[0] == "Looking through the material…"
    assert read[-1] == "Answered from the material"
    assert not any("Copy" in words or "Was this useful" in words or "Before." in words for words in read)
    expect(page.get_by_role("log", name="Conversation")).to_have_count(1)


def test_a_restored_conversation_is_not_read_out_again(desk: Desk) -> None:
    page = desk.visit()
    answered(page, ANSWERED)
    page.reload()
    page.evaluate("""() => {
      const show = HTMLDialogElement.prototype.showModal;
      HTMLDialogElement.prototype.showModal = function () {
        window.there = this.querySelectorAll(".sentence").length;
        show.call(this);
      };
    }""")
    open_widget(page)

    assert page.evaluate("window.there") == 2


def test_every_target_is_at_least_24_pixels(desk: Desk) -> None:
    page = desk.visit()
    turn = answered(page, ANSWERED)
    turn.get_by_role("button", name="Yes").click()
    turn.get_by_role("button", name="Source 2").click()
    sizes = page.locator("keep-it-local :is(button, summary, textarea)").evaluate_all(
        "all => all.filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect())"
        ".filter(({width}) => width).map(({width, height}) => Math.min(width, height))"
    )

    assert len(sizes) > 10
    assert min(sizes) >= SMALLEST


@pytest.mark.parametrize(("width", "height"), [(320, 640), (320, 256), (1280, 720)])
def test_at_any_size_nothing_runs_over_the_side_and_nothing_covers_the_focus(
    desk: Desk, width: int, height: int
) -> None:
    page = desk.visit(width=width, height=height)
    turn = answered(page, ANSWERED)
    turn.get_by_role("button", name="Source 2").click()
    dialog = page.locator("dialog")

    assert page.locator(".log").evaluate("(one) => one.clientHeight") > ROOM_TO_READ
    assert page.evaluate(NO_SCROLL)
    assert dialog.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    assert page.locator(".log").evaluate("(one) => one.scrollWidth <= one.clientWidth")
    for _ in range(16):
        page.keyboard.press("Tab")
        if _focused(page)[0] not in ("div", "body"):
            assert page.evaluate(UNCOVERED) > 0, _focused(page)


def test_text_twice_as_large_fits(desk: Desk) -> None:
    page = desk.visit(f"<style>html {{ font-size: 200% }}</style>{desk.tag()}", width=640)
    answered(page, ANSWERED)

    assert page.locator(".log").evaluate("(one) => getComputedStyle(one).fontSize") == "32px"
    assert page.locator("dialog").evaluate("(one) => one.scrollWidth <= one.clientWidth")


def test_on_a_page_from_right_to_left_the_widget_is_mirrored_and_english_is_not(desk: Desk) -> None:
    page = desk.visit(f"<script>document.documentElement.dir = 'rtl'</script>{desk.tag()}")
    turn = answered(page, ANSWERED)
    dialog, box, send = (_box(page.locator(one)) for one in ("dialog", ".foot textarea", ".foot .send"))

    assert dialog["x"] < 40
    assert send["x"] < box["x"]
    paragraph = turn.locator(".text > div").first
    assert paragraph.evaluate("(one) => getComputedStyle(one).unicodeBidi") == "plaintext"
    first = turn.locator(".sentence").first
    assert _box(first.locator(".n"))["x"] > _box(first)["x"]


def test_in_forced_colours_marks_numbers_and_choices_can_be_seen(desk: Desk) -> None:
    page = desk.visit(forced_colors="active")
    launcher = page.get_by_role("button", name="Ask Keep it Local")
    assert launcher.evaluate("(one) => getComputedStyle(one).borderColor") != "rgba(0, 0, 0, 0)"
    turn = answered(page, ANSWERED)
    turn.get_by_role("button", name="Source 2").click()
    turn.get_by_role("button", name="Yes").click()

    shades = [_shade(turn.locator("mark")), _shade(page.locator("dialog"))]
    assert len(set(shades)) == 2
    assert _outline(turn.get_by_role("button", name="Source 2")) == "solid"
    assert _outline(turn.get_by_role("button", name="Yes")) == "solid"


def test_nothing_moves_where_less_motion_is_wanted(desk: Desk) -> None:
    desk.script.holds_after = 1
    moving = []
    for wish in ("reduce", "no-preference"):
        sign = ask(desk.visit(reduced_motion=wish), ANSWERED).locator(".looking svg")
        moving.append(sign.evaluate("(one) => one.getAnimations().length"))

    assert moving == [0, 1]


def test_headings_come_in_order(desk: Desk) -> None:
    page = desk.visit()
    answered(page, REFUSED)
    levels = page.evaluate("""() => {
      const inside = document.querySelector("keep-it-local").shadowRoot.querySelectorAll("h2, h3, h4");
      return [1, ...[...inside].map((one) => Number(one.localName[1]))];
    }""")

    assert all(after - before <= 1 for before, after in pairwise(levels))


def _focused(page: Page) -> list[str]:
    found: list[str] = page.evaluate(FOCUSED)
    return found


def _tab_to(page: Page, name: str, key: str = "Tab") -> None:
    for _ in range(20):
        page.keyboard.press(key)
        if _focused(page)[1] == name:
            return
    pytest.fail(f"{key} does not lead to {name}")


def _tab_back_to(page: Page, name: str) -> None:
    _tab_to(page, name, "Shift+Tab")


def _box(place: Locator) -> dict[str, float]:
    box = place.bounding_box()
    assert box
    return dict(box)  # type: ignore[arg-type]


def _outline(place: Locator) -> str:
    return str(place.evaluate("(one) => getComputedStyle(one).outlineStyle"))


def _shade(place: Locator) -> str:
    return str(place.evaluate("(one) => getComputedStyle(one).backgroundColor"))
