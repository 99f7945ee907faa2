"""Personal data in what readers write: masked, and nothing else touched."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.masking import is_card_number, is_nhs_number, mask
from tests.planting import left_of, planted

ROOT = Path(__file__).parents[1]


def _clean() -> list[str]:
    """Return the questions that are evaluated, and those in everyday words; none holds personal data."""
    files = sorted((ROOT / "tests/evaluation").glob("*.jsonl"))
    evaluated = [
        json.loads(line)["question"] for path in files for line in path.read_text("utf-8").splitlines()
    ]
    asked = [
        line.removeprefix("- ")
        for path in sorted((ROOT / "corpus/asked").glob("*.md"))
        for line in path.read_text("utf-8").splitlines()
        if line.startswith("- ")
    ]
    return evaluated + asked


def test_98_of_100_planted_questions_keep_nothing_personal() -> None:
    cases = planted(200)
    assert len(set(cases)) == 200
    left = [(question, mask(question)) for question, secret in cases if any(left_of(secret, mask(question)))]
    assert len(left) <= 0.02 * len(cases), left


def test_under_1_in_100_clean_questions_is_touched() -> None:
    clean = _clean()
    assert len(clean) >= 300
    touched = [question for question in clean if mask(question) != question]
    assert len(touched) < 0.01 * len(clean), touched


def test_no_passage_of_the_material_is_touched() -> None:
    lines = [
        line
        for path in (ROOT / "corpus/digests").glob("*.md")
        for line in path.read_text("utf-8").splitlines()
    ]
    assert [line for line in lines if mask(line) != line] == []


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Mail ada.field+x@example.co.uk.", "Mail [e-mail]."),
        ("I'm ada [at] example [dot] org", "I'm [e-mail]"),
        ("call me on +44 (0)20 7946 0018 or 07700 900123", "call me on [phone number] or [phone number]"),
        ("text me on 960123", "text me on [phone number]"),
        ("from Paris: +33 1 70 18 99 00", "from Paris: [phone number]"),
        ("I live in ls6 2ab, near SW1A1AA", "I live in [postcode], near [postcode]"),
        ("NHS no. 943 476 5919", "NHS no. [NHS number]"),
        ("9434765919 is mine", "[NHS number] is mine"),
        ("943 476 5918 is mistyped", "[number] is mistyped"),
        ("ab 12 34 56 c", "[National Insurance number]"),
        ("my NI number is QQ123456C", "my NI number is [National Insurance number]"),
        ("card 4111-1111-1111-1111", "card [card number]"),
        ("card 4111 1111 1111 1112", "card [number]"),
        ("sort code 204553, account 12345678", "sort code [sort code], account [account number]"),
        ("GB29 NWBK 6016 1331 9268 19", "[account number]"),
        ("20-45-53", "[sort code]"),
        ("my dob is 12/03/1950", "my dob is [date of birth]"),
        ("He was born on 3rd March 1950", "He was born on [date of birth]"),
        ("I live at Flat 2, 12 Acacia Avenue, Leeds", "I live at [address], Leeds"),
        ("she lives at 12 acacia avenue", "she lives at [address]"),
        ("my mum Ada Field", "my mum [name]"),
        ("my mum, Mrs Field, and Ben", "my mum, Mrs [name], and Ben"),
        ("My mum Ada Field's care. Will Ada get it?", "My mum [name]'s care. Will [name] get it?"),
        ("my name is ada field and I ask", "my name is [name] and I ask"),
        ("This is Ben O'Shea from Leeds", "This is [name] from Leeds"),
        ("I’m Dr Ada Field", "I’m Dr [name]"),
        ("I'm Dafydd from Wales", "I'm [name] from Wales"),
        ("It's Tom again", "It's [name] again"),
        ("Reply to Xiu Chen, xiu@example.org", "Reply to [name], [e-mail]"),
        ("The patient, Xiu Ying Chen, was sent home", "The patient, [name], was sent home"),
    ],
)
def test_each_kind_is_named_in_its_place(written: str, kept: str) -> None:
    assert mask(written) == kept


@pytest.mark.parametrize(
    "text",
    [
        "Between 2019-2020 and 2021-22 we spent £1,250,000.",
        "What changed in 2015 2016 2017 2018 2019?",
        "From 01-04-24 the budget is £123456789, or 1,250,000,000 in all.",
        "I'm Leeds City Council's lead on adult care. I am Commissioning Manager at Bristol City Council.",
        "I am Barnsley Council's head. I'm Tower Hamlets council's lead. I'm Wigan based. Thanks, Leeds",
        "Is this Preston Model stuff? This is Community Wealth Building. This is Tony Armstrong's view.",
        "Our partner Barca Leeds told me, and text 200000 people.",
        "I am Head of Procurement; this is Keep it Local, isn't it?",
        "my council Tower Hamlets and my charity Halifax Opportunities Trust",
        "My boss says Ed Wallis wrote the introduction. Our partner Locality agrees. My colleague Newcastle?",
        "my name is on the list, my daughter will need care, I am so happy",
        "What does Julian Blake say, and is this Tony Armstrong's view?",
        "Company number SC123456 and charity 1036460",
        "There are 12 Community Gardens, 5 high street banks and a 10 year road map.",
        "In 2019 Green Park Road was closed. Principle 4, section 12, page 110.",
        "Q1 2nd quarter, B2B, E10 million, PPN 06/20",
    ],
)
def test_years_amounts_councils_authors_and_offices_stay(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize("prefix", ["BG", "GB", "NK", "KN", "TN", "NT", "ZZ", "DA", "AO", "QQ"])
def test_a_prefix_that_is_never_given_makes_no_insurance_number(prefix: str) -> None:
    assert mask(f"Form {prefix}123456C") == f"Form {prefix}123456C"


def test_check_digits_are_checked() -> None:
    assert [last for last in range(10) if is_nhs_number(f"943 476 591{last}")] == [9]
    assert [last for last in range(10) if is_card_number(f"4111 1111 1111 111{last}")] == [1]


@given(st.text(max_size=300))
def test_any_text_can_be_masked_and_masking_again_changes_nothing(text: str) -> None:
    once = mask(text)
    assert mask(once) == once


@pytest.mark.parametrize(
    "piece", ["my ", "a@", "0 ", "1-", "A ", "Ada ", "+44(0)", "my mum ", "a.", "flat 1, ", "call me on "]
)
def test_no_text_keeps_the_masking_busy(piece: str) -> None:
    """Readers choose the text; a pattern that goes back and back over it would stop the server."""
    mask((piece * 1000)[:1000])
