"""Twelve pages in three generations of layouts, with which sentence is body and which clutter."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from html import escape

from tests.ingest.site.markup import STYLES, Style
from tests.ingest.site.prose import Prose

SITE = "Neighbourly"
NAV = """Home|About us|Our team|Jobs|What we do|Policy and campaigns|Keep it Nearby|Membership|Become a member
|Support for you|Training and events|Grants|Community assets|News and blogs|Reports|Case studies|Contact us
|My account|Search""".replace("\n", "").split("|")


@dataclass
class Page:
    """A page and what is true of it."""

    name: str
    layout: int
    style: str
    title: str
    authors: tuple[str, ...]
    organisation: str | None
    published: str
    head: str = ""
    html: str = ""
    body: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    clutter: list[str] = field(default_factory=list)

    @property
    def data(self) -> bytes:
        return (
            f'<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n{self.head}</head>\n'
            f"<body>\n{self.html}\n</body>\n</html>\n"
        ).encode()


class Writing:
    """Writes a page in one style and remembers what it wrote."""

    def __init__(self, page: Page, seed: int, said: set[str]) -> None:
        self.page, self.style, self.prose = page, STYLES[page.style], Prose(seed, said)
        self._random = random.Random(seed)
        self._headings = self.prose.headings()

    def paragraph(self, low: int = 2, high: int = 5) -> str:
        sentences = self.prose.paragraph(low, high)
        self.page.body += sentences
        return f"<p>{' '.join(self._inline(one) for one in sentences)}</p>\n"

    def paragraphs(self, number: int) -> str:
        return "".join(self.paragraph() for _ in range(number))

    def heading(self, level: int = 2) -> str:
        text = next(self._headings)
        self.page.headings.append(text)
        return f"<h{level}>{escape(text, quote=False)}</h{level}>\n"

    def items(self) -> str:
        items = [self.prose.item() for _ in range(4)]
        self.page.body += items
        return "<ul>\n" + "".join(f"<li>{escape(one, quote=False)}</li>\n" for one in items) + "</ul>\n"

    def steps(self) -> str:
        items = [self.prose.sentence() for _ in range(4)]
        self.page.body += items
        return self.style.numerals([escape(one, quote=False) for one in items])

    def table(self) -> str:
        rows = [["Area", "Provider", "Yearly cost"]]
        rows += [[self.prose.phrase(slot) for slot in ("place", "group", "cost")] for _ in range(4)]
        self.page.rows += rows
        head = "".join(f"<th>{escape(cell)}</th>" for cell in rows[0])
        body = "".join(
            f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>\n" for row in rows[1:]
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>\n"

    def pull(self, attribution: str = "") -> str:
        """Repeat a sentence of the body in large letters, and who said it."""
        sentence = self._random.choice(self.page.body[2:])
        self.page.clutter += [attribution] if attribution else []
        said = f"<p>{escape(attribution, quote=False)}</p>" if attribution else ""
        return self.style.part("pull", f"<p>{escape(sentence, quote=False)}</p>{said}")

    def caption(self) -> str:
        """Write what a counter leaves when its number is drawn by a script."""
        text = self._random.choice(
            [
                f"of {self.prose.phrase('people')} said that {self.prose.phrase('service')} had helped them",
                f"saved for every pound that went into {self.prose.phrase('service')}",
                f"of councils now plan for {self.prose.phrase('gain')}.",
                f"people supported by {self.prose.phrase('group')} each week",
            ]
        )
        self.page.clutter.append(text)
        return self.style.part("figure", '<img src="chart.png" alt="">' + self.style.line("caption", text))

    def photo(self) -> str:
        text = f"Photo: {self.prose.phrase('who')} / {self.prose.phrase('group')}"
        self.page.clutter.append(text)
        return self.style.part(
            "figure", '<img src="hall.jpg" alt="A hall">' + self.style.line("caption", text)
        )

    def lines(self, role: str, *texts: str) -> str:
        """Write lines of clutter as one part."""
        self.page.clutter += texts
        return self.style.part(role, "".join(f"<p>{escape(one, quote=False)}</p>" for one in texts))

    def links(self, role: str, *texts: str) -> str:
        self.page.clutter += [one for one in texts if len(one) > 14]
        return self.style.part(role, "".join(f'<li><a href="/x">{escape(one)}</a></li>' for one in texts))

    def cards(self, heading: str, number: int, *, dated: bool) -> str:
        """Write other reports' blurbs."""
        inside = f"<h2>{heading}</h2>"
        self.page.clutter.append(heading)
        for at in range(number):
            title, blurb = f"{next(self._headings)} ({at})", self.prose.paragraph(1, 3)
            self.page.clutter += [title, *blurb]
            small = (
                f"<p>Published: 0{at + 1} July 2022</p><p>90 minute read</p><p>1 document</p>"
                if dated
                else ""
            )
            link = f'<h3><a href="/reports/{at}">{escape(title)}</a></h3>'
            text = f"<p>{escape(' '.join(blurb), quote=False)}</p><a href='/reports/{at}'>Read more</a>"
            inside += self.style.part("card", link + small + text)
        return self.style.part("related", inside)

    def _inline(self, sentence: str) -> str:
        """Mark a few words up, as editors do."""
        words = [escape(word, quote=False) for word in sentence.split(" ")]
        if len(words) > 8 and self._random.random() < 0.35:
            at = self._random.randrange(1, len(words) - 4)
            tags = ['a href="/elsewhere"', "strong", "em", 'span style="color:#222"', "b"]
            tag = self._random.choice(tags)
            words[at] = f"<{tag}>{words[at]}"
            words[at + 2] += f"</{tag.split()[0]}>"
        if self._random.random() < 0.1:
            return "&nbsp;".join([" ".join(words[:3]), " ".join(words[3:])])
        return " ".join(words)


def _title_head(page: Page, *, meta: bool) -> str:
    head = f"<title>{escape(page.title)} | {SITE}</title>\n"
    if not meta:
        return head
    return head + (
        f'<meta property="og:title" content="{escape(page.title)} - {SITE}">\n'
        f'<meta property="og:site_name" content="{SITE}">\n'
        '<meta property="article:modified_time" content="2024-02-11T09:00:00+00:00">\n'
        '<meta name="description" content="A page about how services change when they are near.">\n'
    )


def first(page: Page, seed: int, said: set[str]) -> str:
    """Lay a page out as about 2015 to 2017."""
    w, date = Writing(page, seed, said), _in_words(page.published)
    page.head = _title_head(page, meta=seed % 2 == 0)
    top = w.style.part("skip", '<a href="#n">Skip to navigation</a> | <a href="#c">Skip to content</a>')
    page.clutter.append("Skip to navigation | Skip to content")
    top += w.style.part("title", escape(page.title)) + w.links("nav", *NAV)
    top += w.links("crumbs", "Home", "News and blogs", f"You are here: {page.title[:12]}")
    by = w.style.line("byline", f"Posted on {date} by {page.authors[0]}")
    page.clutter.append(f"Posted on {date} by {page.authors[0]}")
    tags = w.lines("tags", "Tags: commissioning, localism, public services, community anchors")
    body = w.paragraphs(3)
    body += body_with_tweets(w)
    body += w.heading(3) + w.paragraphs(2) + w.items() + w.table() + w.paragraphs(3)
    body += w.pull() + w.heading(3) + w.paragraphs(4) + w.paragraph()
    share = w.links("share", "Tweet this", "Share on Facebook", "Share on LinkedIn", "Print this page")
    comments = w.lines(
        "comments",
        "Leave a Reply",
        "Your email address will not be published. Required fields are marked *",
        "Notify me of follow-up comments by email.",
    )
    side = w.style.part(
        "sidebar", w.cards("Latest news", 3, dated=False) + w.lines("signup", "Follow us on Twitter")
    )
    main = w.style.part("head", w.style.part("title", escape(page.title)) + by) + w.style.part(
        "body", body + tags
    )
    return top + w.style.part("main", main + share + comments) + side + _footer(w, "2016")


def body_with_tweets(w: Writing) -> str:
    """Write paragraphs that end in a link to tweet them, and a box that repeats one."""
    sentences = w.prose.paragraph(2, 3)
    w.page.body += sentences
    w.page.clutter.append("Tweet this")
    text = " ".join(escape(one, quote=False) for one in sentences)
    link = "<a href='https://twitter.example/i'>Tweet this</a>"
    box = f"<div><p>{escape(sentences[0], quote=False)} {link}</p></div>\n"
    return f"<p>{text} {link}</p>\n" + w.paragraph() + box


def second(page: Page, seed: int, said: set[str]) -> str:
    """Lay a page out as from 2018 to 2022."""
    w = Writing(page, seed, said)
    page.head = _title_head(page, meta=seed % 2 == 1)
    top = w.lines(
        "cookies",
        "We use cookies to give you the best experience on our website.",
        "You can find out more about which cookies we are using or switch them off in settings. Accept",
    )
    top += w.links("nav", *NAV) + w.links(
        "crumbs", "Home", "Policy and campaigns", "Keep it Nearby resources"
    )
    head = w.style.part("title", escape(page.title))
    for name in page.authors:
        role = w.prose.choice(["Deputy Director", "Chief Executive", "Head of Policy", "Research Associate"])
        lines = w.style.line("author", name) + w.style.line("role", role)
        head += w.style.part("byline", lines + w.style.line("organisation", page.organisation or ""))
    head += w.style.line("date", _in_words(page.published))
    head += w.style.part("standfirst", w.paragraph(1, 2) + w.paragraph(1, 2))
    body = w.paragraphs(3) + w.caption() + w.heading() + w.paragraphs(2)
    body += w.pull(f"- {w.prose.phrase('who')}, {w.prose.phrase('group')}") + w.paragraphs(3) + w.heading()
    body += _case(w) + w.paragraphs(2) + w.items() + w.photo() + w.heading(3) + w.paragraphs(2) + w.caption()
    body += w.table() + w.paragraphs(2) + w.pull() + w.paragraph()
    share = w.links(
        "share", "Share this page", "Share on Twitter", "Share on Facebook", "Email this to a colleague"
    )
    related = w.cards("You might also like", 3, dated=False)
    signup = w.lines(
        "signup", "Sign up to our newsletter to hear about news, events and funding.", "Subscribe"
    )
    main = w.style.part("head", head) + w.style.part("body", body) + share + related
    return top + w.style.part("main", main) + signup + _footer(w, "2021")


def _case(w: Writing) -> str:
    """Write a label “Case study: ...” with one line about who speaks."""
    who, group = w.prose.phrase("who"), w.prose.phrase("group")
    line = f"{who} is the founder of {group} and chairs its board."
    w.page.body.append(line)
    label = f"Case study: {group[0].upper() + group[1:]}"
    w.page.headings.append(label)
    return f"<h3>{escape(label, quote=False)}</h3>\n<p><em>{escape(line, quote=False)}</em></p>\n"


def third(page: Page, seed: int, said: set[str]) -> str:
    """Lay a page out as since 2022."""
    w = Writing(page, seed, said)
    page.head = _title_head(page, meta=seed % 3 == 0)
    top = w.style.part("skip", '<a href="#main">Skip to main content</a>')
    page.clutter.append("Skip to main content")
    top += _banner(w, seed) + w.links("nav", *NAV)
    top += w.lines(
        "cookies", "This site uses cookies to measure how it is used.", "Accept all", "Manage preferences"
    )
    head = w.style.line("label", "Case Study:") + w.style.part("title", escape(f"Case Study: {page.title}"))
    head += w.style.part("standfirst", w.paragraph(1, 1))
    head += w.style.line("date", f"Published: {_in_words(page.published)}") + w.style.line(
        "minutes", "10 minute read"
    )
    head += w.style.line("minutes", "1 document")
    page.clutter += ["Case Study:", "minute read", "1 document", f"Published: {_in_words(page.published)}"]
    head += w.style.part("byline", "".join(w.style.line("author", name) for name in page.authors))
    body = w.paragraphs(3) + w.heading() + w.paragraphs(3) + w.steps() + w.paragraphs(2) + w.heading()
    body += (
        w.paragraphs(2)
        + w.items()
        + w.pull()
        + w.paragraphs(2)
        + w.caption()
        + w.heading(3)
        + w.paragraphs(3)
    )
    body += w.table() + w.paragraphs(2) + _bios(w)
    download = w.lines("share", "Download the report (PDF, 2 MB)") + w.links(
        "share", "Share on X", "Copy link"
    )
    related = w.cards("Related reports", 3, dated=True)
    signup = w.lines(
        "signup", "Stay in touch", "Get the latest from us straight to your inbox.", "Sign up now"
    )
    main = w.style.part("head", head) + w.style.part("body", body) + download + related
    return top + w.style.part("main", main) + signup + _footer(w, "2024")


def _banner(w: Writing, seed: int) -> str:
    texts = [
        ("Nominations for the Neighbourly Awards are open until Friday 30 July.", "Nominate now"),
        ("Early bird tickets for our Convention are on sale - save 15% until Tuesday.", "Book now"),
    ]
    slides = ""
    for text, link in texts if seed % 2 else texts[::-1]:
        w.page.clutter += [text, link]
        slides += f'<div><p>{text}</p><a href="/go">{link}</a></div>'
    return w.style.part("banner", slides)


def _bios(w: Writing) -> str:
    """Write biographies without a space after the full stop, as this layout runs them together."""
    texts = []
    for name in w.page.authors:
        group, other = w.prose.phrase("group"), w.prose.phrase("group")
        sentences = [f"{name} is a trustee of {group}.", f"Previously {name.split()[0]} worked with {other}."]
        w.page.body += sentences
        texts.append(
            "<span>" + "</span><span>".join(escape(one, quote=False) for one in sentences) + "</span>"
        )
    return w.style.part("bios", "".join(w.style.part("bio", text) for text in texts))


def _footer(w: Writing, year: str) -> str:
    return w.lines(
        "footer",
        f"© {year} {SITE}. All rights reserved.",
        f"{SITE} is a registered charity in England, number 0000000, and a company limited by guarantee.",
        "Registered office: 1 Example Street, Exampleton EX1 1EX",
        "Privacy policy | Accessibility | Terms and conditions",
    )


def _in_words(published: str) -> str:
    months = "January February March April May June July August September October November December".split()
    year, month, *day = published.split("-")
    return " ".join([*day, months[int(month) - 1], year])


Layout = Callable[[Page, int, set[str]], str]

# The last column: kept aside while the reader was written, to see whether its rules are general.
PLAN: tuple[tuple[str, int, str, str, tuple[str, ...], str | None, str, bool], ...] = (
    ("voices", 1, "soup", "Voices from the high street", ("Amara Finch",), None, "2016-03-12", False),
    ("grants", 1, "wordpress", "Grants, not contracts", ("Tom Ridley",), None, "2015-11-05", False),
    ("anchors", 1, "article", "What an anchor is for", ("Lena Okafor",), None, "2017-06-21", False),
    ("ledger", 1, "tables", "Reading the council’s ledger", ("Gethin Moss",), None, "2016-09-30", True),
    (
        "care",
        2,
        "wordpress",
        "Care that comes on foot",
        ("Priya Watling",),
        "The Lantern Trust",
        "2019-02-14",
        False,
    ),
    (
        "scale",
        2,
        "sections",
        "The trouble with scale",
        ("Sheila O’Dowd", "Tom Ridley"),
        "Localis North",
        "2020-03",
        False,
    ),
    (
        "doors",
        2,
        "article",
        "Open doors & long memories",
        ("Amara Finch",),
        "Saltbridge Neighbours",
        "2018-10-01",
        False,
    ),
    (
        "quiet",
        2,
        "builder",
        "A quiet revolution in Thornby",
        ("Gethin Moss",),
        "Fairmead Hub",
        "2021-05-17",
        True,
    ),
    (
        "early",
        3,
        "article",
        "Act early to spend less later",
        ("Jess Stanhope", "Omar Lund"),
        None,
        "2022-09-19",
        False,
    ),
    ("power", 3, "soup", "Sharing power: a beginner’s guide", ("Lena Okafor",), None, "2023-01-09", False),
    (
        "place",
        3,
        "sections",
        "Place before programme",
        ("Priya Watling", "Amara Finch"),
        None,
        "2024-06-03",
        True,
    ),
    (
        "trust",
        3,
        "builder",
        "Trust is the infrastructure",
        ("Tom Ridley", "Ines Calder"),
        None,
        "2022-12-01",
        True,
    ),
)
ASIDE = frozenset(row[0] for row in PLAN if row[-1])
LAYOUTS: dict[int, Layout] = {1: first, 2: second, 3: third}


@cache
def pages() -> tuple[Page, ...]:
    """Return the twelve pages."""
    said: set[str] = set()
    made = []
    for seed, (name, layout, style, title, authors, organisation, published, _) in enumerate(PLAN, 1):
        page = Page(name, layout, style, title, authors, organisation, published)
        page.html = LAYOUTS[layout](page, seed, said)
        made.append(page)
    return tuple(made)


__all__ = ["ASIDE", "Page", "Style", "pages"]
