"""Figures, names and turns of phrase: what the checker's rules see."""

import pytest

from assistant.checking.figures import missing
from assistant.checking.names import (
    misattributed,
    missing_names,
    missing_quotations,
    parted_names,
    replaced_names,
)
from assistant.checking.polarity import overclaims, reversed_words


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("£1.2m", "£1.2 million"),
        ("£1,200,000", "£1.2 million"),
        ("six councils", "6 councils"),
        ("40 per cent", "40%"),
        ("a dozen years", "over 12 years"),
        ("nearly a decade", "almost ten years"),
        ("half of it", "50% of it"),
        ("in 2022", "in September 2022"),
        ("in September 2022", "on 19 September 2022"),
        ("over 100 people", "269 people"),
        ("at least five", "seven"),
        ("about 270 people", "269 people"),
        ("15% to 20%", "from 15 to 20 per cent and 15% or 20%"),
        ("two of the principles", "six principles"),
        ("half a million parcels", "500,000 parcels"),
    ],
)
def test_a_figure_may_be_written_in_another_way_or_less_precisely(text: str, said: str) -> None:
    assert missing(text, said) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("£1.3m", "£1.2 million"),
        ("£1.2bn", "£1.2 million"),
        ("seven councils", "six councils"),
        ("40%", "40 councils"),
        ("on 19 September 2022", "in September 2022"),
        ("in March 2020", "in May 2020"),
        ("300 people", "almost 300 people"),
        ("more than 300 people", "almost 300 people"),
        ("less than £180 million", "more than £180 million"),
        ("the second report", "the first report"),
        ("millions of pounds", "billions of pounds"),
    ],
)
def test_a_figure_that_says_more_or_something_else_is_missing(text: str, said: str) -> None:
    assert len(missing(text, said)) == 1


def test_names_are_known_in_short_and_at_full_length_and_in_the_possessive() -> None:
    said = "The Local Government Information Unit (LGIU) praised Leeds’s work in Britain."
    assert missing_names("The LGIU praised Leeds in the UK.", said) == ()
    assert missing_names("It praised Bradford and the IFS.", said) == ("Bradford", "IFS")
    assert missing_names("Councils were praised.", said) == ()


def test_the_words_of_a_name_belong_together() -> None:
    said = "Tony Armstrong spoke after the collapse of Carillion in Leeds City."
    assert parted_names("There, Tony Armstrong’s speech", said) == ()
    assert parted_names("There, Tony Carillion spoke", said) == ("Tony Carillion",)


def test_a_quotation_has_to_be_word_for_word() -> None:
    assert missing_quotations("It is “local by default”.", "made Local, by default") == ()
    assert missing_quotations("It is “local by law”.", "made local by default") == ("local by law",)


def test_nobody_is_given_the_view_of_another() -> None:
    said = "Ada Field says that bees are useful. Ben Moss lives next door."
    assert not misattributed("Ada Field argues that bees help.", said, ("Locality",))
    assert misattributed("Locality argues that bees help.", said, ("Locality",))
    assert not misattributed("Locality argues that bees help.", "Bees are useful.", ("Locality",))


@pytest.mark.parametrize(
    ("text", "quote", "too_far"),
    [
        ("All councils pay.", "Many councils pay.", ["all"]),
        ("Councils always pay.", "Councils often pay.", ["always"]),
        ("Councils must pay.", "Councils can pay.", ["must"]),
        ("It is proven.", "Locality thinks so.", ["proved"]),
        ("Only councils pay.", "Councils pay.", ["only"]),
        ("It fell because of volunteers.", "It fell. There were volunteers.", ["cause"]),
        ("Every council pays.", "Each council pays.", []),
    ],
)
def test_a_claim_that_goes_further_than_the_quote_is_seen(text: str, quote: str, too_far: list[str]) -> None:
    assert list(overclaims(text, quote)) == too_far


def test_a_word_that_is_denied_on_one_side_only_is_seen() -> None:
    assert reversed_words("The rules do stop councils.", "The rules do not stop councils.")
    assert reversed_words("Councils cannot join.", "Councils can join.")
    assert not reversed_words("The rules don’t stop councils.", "The rules do not stop councils.")


def test_a_name_in_the_place_of_another_is_seen() -> None:
    said = "Beta council was dissolved in 2020."
    assert replaced_names("Alpha council was dissolved in 2020.", said)
    assert replaced_names("Alpha council was dissolved in 2020.", f"It is about Alpha council. {said}")
    assert not replaced_names("Beta council was dissolved in 2020.", said)
    assert not replaced_names("In 2020 the council was dissolved.", said)
