"""What the checker lets through, and what it never does, with the weights that ship."""

from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.checking.features import Told, measure
from assistant.checking.supporting import SupportChecker, is_quoted, load_checker
from assistant.checking.weigher import logit
from assistant.evaluation.entailing import Network, Pair, weights_of
from assistant.sentences import split_sentences
from assistant.vocabulary import Draft, Evidence, Passage
from tests.fakes import document, passage

MARKET = passage(
    "Hollinbrook Council spent more than £180 million in 2019 with 14 local firms. Ada Field says that small "
    "firms can bid because contracts are short. The market opened on 3 March 2020 and is run by the Trellis "
    "Trust on behalf of the council. It is a myth that European law prohibits buying locally."
)
BEES = passage("Volunteers keep bees behind the library. There is no fee to join the Bee Club.", position=1)
SALTMERE = passage(
    "Saltmere Council closed two libraries in 2018.",
    of=document("saltmere-libraries", place="Saltmere"),
    position=2,
)
SENTENCES = [sentence for each in (MARKET, BEES, SALTMERE) for sentence in split_sentences(each.text)]


@lru_cache(maxsize=1)
def checker() -> SupportChecker:
    return load_checker()


def check(text: str, *claimed: Passage) -> tuple[Evidence, ...]:
    return checker()(Draft(text, claimed), (MARKET, BEES, SALTMERE))


@pytest.mark.parametrize("sentence", SENTENCES)
def test_the_exact_words_of_a_passage_are_supported_wholly(sentence: str) -> None:
    (evidence,) = check(sentence, MARKET)
    assert (evidence.quote, evidence.support) == (sentence, 1.0)
    assert sentence in evidence.passage.text


def test_words_that_mean_something_else_without_what_stands_before_them_do_not_support_themselves() -> None:
    assert is_quoted("small firms can bid because contracts are short", MARKET.text)
    assert not is_quoted("European law prohibits buying locally.", MARKET.text)
    assert check("European law prohibits buying locally.", MARKET) == ()


def test_a_sentence_on_the_wrong_passage_gets_the_right_one() -> None:
    (evidence,) = check("Volunteers keep bees behind the library.", MARKET)
    assert evidence.passage is BEES


@pytest.mark.parametrize(
    "text",
    [
        "Volunteers keep bees behind the library",
        "The market has been run by the Trellis Trust for the council since it opened in March 2020.",
    ],
)
def test_what_a_passage_says_is_supported_in_other_words(text: str) -> None:
    (evidence,) = check(text, MARKET, BEES)
    assert evidence.quote in evidence.passage.text
    assert 0 < evidence.support <= 1


@pytest.mark.parametrize(
    "wrong",
    [
        "Hollinbrook Council spent more than £190 million in 2019 with 14 local firms.",
        "Hollinbrook Council spent less than £180 million in 2019 with 14 local firms.",
        "Hollinbrook Council spent more than £180 million in 2018 with 14 local firms.",
        "Hollinbrook Council spent more than £180 billion in 2019 with 14 local firms.",
        "Hollinbrook Council spent more than £180 million in 2019 with 40 local firms.",
        "Saltmere Council spent more than £180 million in 2019 with 14 local firms.",
        "The market opened on 4 March 2020.",
        "The market is run by the council on behalf of the Trellis Trust.",
        "The market is run by the Lattice Trust on behalf of the council.",
        "Ada Field says that small firms cannot bid because contracts are short.",
        "Ada Field says that all small firms must bid because contracts are short.",
        "Brian Moss says that small firms can bid because contracts are short.",
        "Ada Field says that “small firms always win”.",
        "There is a fee to join the Bee Club.",
        "The mayor has resigned.",
        "",
        " ",
    ],
)
def test_what_no_passage_says_is_dropped(wrong: str) -> None:
    assert check(wrong, MARKET) == ()


def test_each_half_of_a_sentence_may_rest_on_a_passage_of_its_own() -> None:
    both = check(
        "Volunteers keep bees behind the library, and Saltmere Council closed two libraries in 2018.",
        BEES,
        SALTMERE,
    )
    assert [evidence.passage for evidence in both] == [BEES, SALTMERE]
    assert all(evidence.quote in evidence.passage.text for evidence in both)
    assert (
        check(
            "Volunteers keep bees behind the library, and Saltmere Council closed nine libraries in 2018.",
            BEES,
            SALTMERE,
        )
        == ()
    )


def test_what_the_front_matter_says_may_be_said() -> None:
    support = checker().support
    there = support("In Saltmere, the council closed two libraries in 2018.", SALTMERE)
    assert there > support("In Oldham, the council closed two libraries in 2018.", SALTMERE)


def test_support_is_graded_and_too_little_where_a_rule_forbids_it() -> None:
    support = checker().support
    said = "Volunteers keep bees behind the library."
    assert support(said, BEES) == 1.0
    assert support("The library's bees are kept by volunteers.", BEES) > support(
        "The library is closed.", BEES
    )
    assert support("Volunteers keep 12 bees behind the library.", BEES) < checker().threshold


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SENTENCES), st.integers(0, 10**9), st.data())
def test_a_changed_figure_never_passes(sentence: str, number: int, data: st.DataObject) -> None:
    digits = [word for word in sentence.replace("£", "").split() if word.strip(".,").isdigit()]
    if digits:
        old = data.draw(st.sampled_from(digits)).strip(".,")
        changed = sentence.replace(old, str(number))
        if changed not in (sentence, *SENTENCES):
            assert check(changed, MARKET, BEES, SALTMERE) == ()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(" ".join(SENTENCES).split()), max_size=14),
    st.sampled_from([MARKET, BEES, SALTMERE]),
)
def test_whatever_passes_has_a_quote_that_is_words_of_its_passage(words: list[str], claimed: Passage) -> None:
    for evidence in check(" ".join(words), claimed):
        assert evidence.quote in evidence.passage.text
        assert 0 < evidence.support <= 1


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_any_text_at_all_is_checked_without_failing(text: str) -> None:
    check(text, MARKET)
    checker().support(text, MARKET)


def test_the_network_that_answers_is_the_one_that_was_trained() -> None:
    reader = checker().reader
    claim, quote = reader.read("Volunteers keep bees."), reader.read(BEES.text)
    relations = reader.relate(claim, quote)
    measured = measure("Volunteers keep bees.", BEES.text, Told(), claim, quote, relations)
    network = Network(claim.vectors.shape[1], len(measured)).eval()
    long = reader.read(MARKET.text)
    pairs = [
        Pair(claim, quote, relations, measured, supported=True),
        Pair(quote, long, reader.relate(quote, long), measured, supported=False),
    ]
    expected = network(pairs).tolist()
    found = [logit(weights_of(network), pair.claim, pair.quote, pair.relations, measured) for pair in pairs]
    assert found == pytest.approx(expected, abs=1e-4)
