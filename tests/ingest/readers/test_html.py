"""Reading web pages: the article, all of it, and nothing else."""

from collections import defaultdict

import pytest

from assistant.errors import Unreadable
from ingest.readers import Reading, read
from tests.ingest.site.measuring import Measured, measure
from tests.ingest.site.pages import Page, pages

WORDS = "The council asked its neighbours what they wanted before it wrote the specification. " * 3
MORE = "Three years on, the hall is full on every weekday and the waiting list is short. " * 3


def text_of(reading: Reading) -> str:
    return "\n".join(f"{section.heading}\n{section.text}" for section in reading.sections)


def article(inside: str, *, title: str = "A plain title", before: str = "", after: str = "") -> Reading:
    """Read a page with one paragraph, and `inside` in front of it."""
    text = f"<p>{WORDS}</p><h2>Second part</h2><p>It paid for what they asked for. {MORE}</p>"
    html = (
        f"<html><head><title>{title} | Site</title></head><body>{before}<main><h1>{title}</h1>"
        f"{inside}{text}</main>{after}</body>"
    )
    return read(html.encode(), "page.html", "text/html")


def test_98_in_100_sentences_are_kept_and_99_in_100_of_the_clutter_dropped_in_each_layout() -> None:
    by_layout: dict[int, list[Measured]] = defaultdict(list)
    for page in pages():
        by_layout[page.layout].append(measure(page, text_of(read(page.data, page.name, "text/html"))))
    print("\nlayout  body kept         clutter dropped   neither")
    for layout, measured in by_layout.items():
        body, lost = sum(one.body for one in measured), sum(len(one.lost) for one in measured)
        clutter, came = sum(one.clutter for one in measured), sum(len(one.came_along) for one in measured)
        strange = sum(len(one.strange) for one in measured)
        kept, dropped = 1 - lost / body, 1 - came / clutter
        figures = f"{body - lost:4} of {body} {kept:6.1%}  {clutter - came:3} of {clutter} {dropped:7.1%}"
        print(f"{layout:6}  {figures}  {strange:4} lines")
        assert kept >= 0.98, [one.lost for one in measured]
        assert dropped >= 0.99, [one.came_along for one in measured]
        assert strange == 0, [one.strange for one in measured]


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_title_authors_organisation_and_date_are_right(page: Page) -> None:
    reading = read(page.data, page.name, "text/html")
    found = (reading.title, reading.authors, reading.organisation, reading.published)
    assert found == (page.title, page.authors, page.organisation, page.published)


def test_a_list_stays_a_list_and_its_lead_is_above_it() -> None:
    reading = article(
        "<p>They asked for three things:</p><ul><li>one hall;</li><li>a <b>warm</b> room.</li></ul>"
    )
    assert reading.sections[0].text.startswith(
        "They asked for three things:\n- one hall;\n- a warm room.\n\n"
    )


@pytest.mark.parametrize(
    "steps",
    [
        "<p>1.</p><p>Ask the neighbours.</p><p>2.</p><p>Then ask again.</p>",
        "<div><i>1</i></div><div>Ask the neighbours.</div><div><i>2</i></div><div>Then ask again.</div>",
        "<ol><li>Ask the neighbours.</li><li>Then ask again.</li></ol>",
    ],
)
def test_a_numeral_on_a_line_of_its_own_numbers_the_line_after_it(steps: str) -> None:
    text = article(f"<h2>First part</h2>{steps}").sections[0].text
    assert text.startswith("1. Ask the neighbours.\n2. Then ask again.")


def test_a_figure_is_given_to_its_words_and_words_that_lost_their_figure_go() -> None:
    with_figure = article("<div class='n'>78%</div><p>of members said that the hall had helped them</p>")
    assert "78% of members said that the hall had helped them" in text_of(with_figure)
    without = article(f"<p>{WORDS}</p><figure><p>of members said that the hall had helped them</p></figure>")
    assert "of members" not in text_of(without)


def test_each_row_of_a_table_can_be_read_alone() -> None:
    head = "<tr><th>Ward</th><th>Cost</th></tr>"
    rows = "<tr><td>Quay</td><td>£40</td></tr><tr><td>Marl</td><td>£70</td></tr>"
    text = article(f"<table>{head}{rows}</table>").sections[0].text
    assert text.startswith("Ward: Quay | Cost: £40\n\nWard: Marl | Cost: £70")


def test_biographies_that_run_together_are_parted_and_addresses_are_not() -> None:
    bio = "<p>Ann Lee leads the trust.She wrote this at gov.uk and example.org, with a grant of £1.5m.</p>"
    assert "leads the trust. She wrote this at gov.uk and example.org, with a grant of £1.5m." in text_of(
        article(bio)
    )


@pytest.mark.parametrize("title", ["Case Study: A plain title", "Case study: Case Study: A plain title"])
def test_a_title_is_said_once_and_without_its_label(title: str) -> None:
    assert article("", title=title).title == "A plain title"


def test_what_a_site_builder_calls_a_widget_is_not_thrown_away() -> None:
    wrapped = (
        f"<div class='elementor-widget elementor-widget-text'><p>A sentence that counts. {MORE}</p></div>"
    )
    assert "A sentence that counts." in text_of(article(wrapped))


def test_a_section_named_after_its_heading_is_not_taken_for_a_share_bar() -> None:
    text = f"<h2>Sharing power</h2><p>They gave it away. {MORE}</p>"
    section = f"<section id='sharing-power-with-local-people'>{text}</section>"
    assert "They gave it away." in text_of(article(section))


@pytest.mark.parametrize(
    "box", ["<aside>{}</aside>", "<div class='c-newsletter-signup'>{}</div>", "<div role='dialog'>{}</div>"]
)
def test_a_box_in_the_middle_that_is_named_as_no_part_of_it_goes(box: str) -> None:
    inside = box.format("<p>Every Friday we send what members tell us to more than a thousand people.</p>")
    text = text_of(article(f"<p>{WORDS}</p>{inside}<p>The article goes on here. {MORE}</p>"))
    assert "Every Friday" not in text
    assert "The article goes on here." in text


def test_a_related_report_in_the_middle_ends_with_its_box() -> None:
    box = "<div><h3>Related reports</h3><p>Another report about buses.</p></div>"
    text = text_of(article(f"<p>{WORDS}</p>{box}<p>The article goes on here. {WORDS}</p>"))
    assert "buses" not in text
    assert "The article goes on here." in text


def test_dates_of_other_reports_and_of_changes_are_not_the_date() -> None:
    meta = "<meta property='article:modified_time' content='2024-01-01'><p>Updated: 3 May 2023</p>"
    related = "<div><h2>Related reports</h2><p>Published: 11 July 2022</p></div>"
    assert article(meta, after=related).published is None


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("Published: 09 August 2022", "2022-08-09"),
        ("Posted on 3rd May, 2016 by Ann Lee", "2016-05-03"),
        ("Published: March 2020", "2020-03"),
        ("04/12/2019", "2019-12-04"),
        ("Published: 2017", "2017"),
        ("Published: 31 April 2020", None),
    ],
)
def test_dates_are_read_as_british_pages_write_them(line: str, date: str | None) -> None:
    assert article(f"<p>{line}</p>").published == date


@pytest.mark.parametrize(
    ("lines", "authors", "organisation"),
    [
        (["By Ann Lee and Raj Patel"], ("Ann Lee", "Raj Patel"), None),
        (["Ann Lee", "Chief Executive", "Fairmead Hub"], ("Ann Lee",), "Fairmead Hub"),
        (
            ["Published: 1 May 2022", "10 minute read", "Ann Lee", "Ines O’Dowd"],
            ("Ann Lee", "Ines O’Dowd"),
            None,
        ),
        (["By Cllr Ann Lee, Leader, Thornby Council"], ("Cllr Ann Lee",), "Thornby Council"),
        (["Public Services", "Keep it Local"], (), None),
    ],
)
def test_who_wrote_it_is_read_from_the_lines_under_the_title(
    lines: list[str], authors: tuple[str, ...], organisation: str | None
) -> None:
    reading = article("".join(f"<p>{line}</p>" for line in lines))
    assert (reading.authors, reading.organisation) == (authors, organisation)
    assert not any(line in text_of(reading) for line in lines)


def test_a_page_to_log_in_on_is_named_as_one() -> None:
    page = "<html><title>Sign in</title><h1>Sign in</h1><form><input type='password'></form><p>Welcome back."
    with pytest.raises(Unreadable, match="log in"):
        read(page.encode(), "https://example.org/report", "text/html")


@pytest.mark.parametrize(
    "page", ["<html><body><div id='app'></div><script>start()</script></body></html>", "<p></p>", "<!-- -->"]
)
def test_a_page_without_an_article_is_named_and_not_indexed_empty(page: str) -> None:
    with pytest.raises(Unreadable, match=r"no article|empty"):
        read(page.encode(), "https://example.org/app", "text/html")
