"""The transparency record in the shape of the UK's Algorithmic Transparency Recording Standard."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant import wording
from assistant.disclosure import VERSION, Disclosure
from assistant.measured import Measured
from assistant.web import statements

OPEN = "To be completed by whoever runs this assistant"


@dataclass(frozen=True, slots=True)
class Statement:
    """One field of the record. With `is_open` it says what is still to be written, and by whom."""

    about: str
    said: tuple[str, ...]
    points: tuple[str, ...] = ()
    url: str = ""
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Statements under a heading."""

    heading: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class TransparencyRecord:
    """All of it: what a reader wants to know first, then the standard's two tiers."""

    privacy: Section
    tier_1: Section
    tier_2: tuple[Section, ...]


def transparency_record(
    told: Disclosure, material: tuple[str, ...], measured: Sequence[Measured], address: str
) -> TransparencyRecord:
    """Write the record of the assistant as it is set up."""
    return TransparencyRecord(
        _privacy(told),
        _overview(told, address),
        (
            _owner(told),
            _rationale(told),
            _oversight(told),
            _specification(told, material, measured),
            _risks(told),
        ),
    )


def _privacy(told: Disclosure) -> Section:
    return Section(
        "Privacy",
        (
            Statement("Who writes the answers", statements.who_writes(told)),
            Statement("Where your words go", statements.where_text_goes(told)),
            Statement("What is kept, and how long", _kept(told)),
            Statement("In your browser and in memory", statements.in_the_browser(told)),
            _contact(told, "Whom to ask, and how to complain"),
        ),
    )


def _kept(told: Disclosure) -> tuple[str, ...]:
    kept = statements.what_is_kept(
        told.keep_days, is_kept=told.keeps_records, is_masked=told.masks_personal_data
    )
    return (*kept, *statements.who_reads_it(is_kept=told.keeps_records, has_desk=told.has_desk))


def _contact(told: Disclosure, about: str) -> Statement:
    said = (
        f"{told.contact_name}. Say what you asked and when. Under an answer you can also say what was wrong "
        "with it."
    )
    return Statement(about, (said,), url=told.contact_url)


def _overview(told: Disclosure, address: str) -> Section:
    return Section(
        "Tier 1: overview",
        (
            Statement("Name", (wording.NAME,)),
            Statement(
                "Description",
                (
                    (
                        f"{wording.WHAT_IT_IS} It is for people in councils who commission services, and "
                        "for their partners in communities who want to know what others have done."
                    ),
                    "It refuses what the material does not answer. It makes no decision about anybody.",
                ),
            ),
            Statement("Website", (), url=address),
            _contact(told, "Contact"),
        ),
    )


def _owner(told: Disclosure) -> Section:
    return Section(
        "Tier 2, section 1: owner and responsibility",
        (
            _open("Organisation and team", "which organisation and which team answer for this assistant"),
            _open("Senior responsible owner", "the role, such as a director, that answers for its use"),
            Statement("Whom readers are sent to", (told.contact_name,), url=told.contact_url),
            _open("Suppliers", "who hosts it, who else has access, and how they were procured"),
        ),
    )


def _rationale(told: Disclosure) -> Section:
    return Section(
        "Tier 2, section 2: description and rationale",
        (
            Statement(
                "Detailed description",
                (
                    (
                        "A question is corrected for spelling, joined with what was said before, and "
                        "searched for in the material. If the material is judged to answer it, sentences "
                        "are chosen or written, each is checked against the exact words it rests on, and "
                        "what remains is shown with its sources."
                    ),
                ),
            ),
            Statement("What it can’t do", (wording.WHAT_IT_IS_NOT,), _CANT),
            Statement(
                "Benefits",
                ("A reader sees in seconds whether the material has something, and the words themselves.",),
            ),
            Statement(
                "Before it",
                ("Readers searched the publications one by one, and still can: each is linked.",),
            ),
            Statement("Scope", statements.limits(told)),
            _open("Alternatives considered", "what else was looked at, and why this was chosen"),
        ),
    )


_CANT = (
    "It does not search the web, and knows nothing outside the material.",
    "It gives no legal or procurement advice and can’t say what is right for one place.",
    "It does not know who asks, and remembers nothing from one conversation to the next.",
    "It can’t notice that a source is mistaken or out of date.",
)


def _oversight(told: Disclosure) -> Section:
    return Section(
        "Tier 2, section 3: decision-making process and human oversight",
        (
            Statement(
                "Place in a decision",
                (
                    (
                        "It helps to find and to quote. Nothing is decided by it, and nothing should be on "
                        "its word."
                    ),
                ),
            ),
            Statement(
                "Human review",
                (
                    (
                        "No person reads an answer before it is shown. The reader is the review: every "
                        "number opens the words behind a sentence, and they should be read before they are "
                        "quoted."
                    ),
                    *((_OPINIONS,) if told.keeps_records else ()),
                ),
            ),
            _open("Who looks at what went wrong", "how often records and opinions are read, and by whom"),
            _open("Training", "what its users are told before they rely on it"),
            _contact(told, "Appeals and complaints"),
        ),
    )


def _specification(told: Disclosure, material: tuple[str, ...], measured: Sequence[Measured]) -> Section:
    return Section(
        "Tier 2, section 4: tool specification",
        (
            Statement(
                "Version and licence",
                (
                    (
                        f"Version {VERSION}. The code is under the MIT licence; the originals remain their "
                        "authors’ work."
                    ),
                ),
            ),
            Statement("Model that writes", statements.who_writes(told)),
            Statement("Models that search and check", statements.what_searches(told)),
            Statement("Material", material),
            Statement("Data of readers", _kept(told)),
            Statement("Where text is sent", statements.where_text_goes(told)),
            _open("Data sharing", "agreements with whoever hosts the assistant, or a model that it asks"),
            *(_measured(run, told) for run in measured),
            Statement("Known weaknesses", (), statements.weaknesses(told)),
        ),
    )


def _measured(run: Measured, told: Disclosure) -> Statement:
    return Statement(
        f"Measured: {run.questions}", statements.run_in_words(run, told), statements.figures(run)
    )


def _risks(told: Disclosure) -> Section:
    sent = (
        "A reader’s words reach the model’s server. It is told nothing about who asks.",
        (
            "A model writes something untrue. Each sentence is checked against words of the material and "
            "shown with them; the check is not perfect, so read them."
        ),
        (
            "Text in a question or a document tries to steer the model. It gets no tools, and what it "
            "writes is checked like everything else."
        ),
    )
    return Section(
        "Tier 2, section 5: risks, mitigations and impact assessments",
        (
            Statement("Risks, and what is done about them", (), (*_RISKS, *(sent if told.model else ()))),
            _open("Data protection impact assessment", "whether one was made, when, and where to read it"),
            _open("Equality impact assessment", "whether one was made, when, and where to read it"),
            _open("Accessibility", "the statement for this address, after tests with people who use it"),
        ),
    )


_OPINIONS = "Opinions on answers are kept with them for the people who run the assistant."

_RISKS = (
    (
        "A quote is used out of its context in a paper. Every number opens the passage around it and the "
        "original."
    ),
    "A digest is taken for the original’s wording. Each reference says which of the two it is.",
    (
        "A question is answered that the material does not answer. Answers are held to thresholds and "
        "measured; the figures say how often it fails."
    ),
    "An old text is taken for the present state. Each reference has the date of its page where there is one.",
    "Somebody types personal data. The pages ask not to; what is kept of it, and how long, stands above.",
)


def _open(about: str, what: str) -> Statement:
    return Statement(about, (f"{what[0].upper()}{what[1:]}.",), is_open=True)
