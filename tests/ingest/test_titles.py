"""Whether two titles name one document."""

import pytest

from ingest.titles import alike, equal, stands_in


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("Newcastle's Social Value Approach", "Case Study: Newcastle’s social value approach"),
        (
            "Focus on early intervention now to save costs tomorrow",
            "Keep it Local Principle 4: Focus on early intervention now to save costs tomorrow | Locality",
        ),
        ("Keep it Local (LGIU article by Ed Wallis)", "Keep it Local"),
        ("How councils can Keep it Local (after Carillion)", "How councils can keep it local"),
        ("The Oldham Model: a social prescribing innovation partnership", "The Oldham Model"),
        ("Lessons from Bradford and Bristol", "Lessons from Bradford & Bristol"),
        ("Power Partnerships: learning on localism", "Power Partnership: Learning on localism"),
    ],
)
def test_a_title_may_be_written_a_little_differently(title: str, other: str) -> None:
    assert alike(title, other)
    assert alike(other, title)


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("Newcastle's Social Value Approach", "Page not found"),
        ("Focus on early intervention now to save costs tomorrow", "Locality – the power of community"),
        ("Keep it Local: lessons from Bradford and Bristol", "Keep it Local"),
        ("Join the Keep it Local Network", "Keep it Local Network councils"),
        ("The Keep it Local Manifesto", "The Keep it Local guide"),
        ("Case study: Leeds", "Case study: Oldham"),
        ("Principle 2: neighbourhoods", "Principle 3: local spend"),
        ("We Were Built For This: key findings", "Power Partnerships: learning on localism"),
        ("Something", ""),
        ("", ""),
    ],
)
def test_another_title_is_another_document(title: str, other: str) -> None:
    assert not alike(title, other)


def test_the_title_of_a_paper_may_stand_on_its_first_page() -> None:
    opening = "Locality, July 2021. Gardens before contracts: how Marlow buys. Ada Field"
    assert stands_in("Gardens before contracts: how Marlow buys", opening)
    assert not stands_in("Markets before contracts: how Oldham sells", opening)


def test_equal_titles_differ_in_case_and_marks_only() -> None:
    assert equal("Gardens first!", "gardens – first")
    assert not equal("Gardens first", "Gardens second")
    assert not equal("", "")
