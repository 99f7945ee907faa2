"""What kind of answer is asked for."""

import pytest

from assistant.wanted import Wanted, holds, wanted


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How much does it cost to join?", Wanted.MONEY),
        ("What is the contract worth?", Wanted.MONEY),
        ("What share of the wealth do they hold?", Wanted.SHARE),
        ("How many providers are in it?", Wanted.COUNT),
        ("When did the cabinet approve it?", Wanted.DATE),
        ("Who wrote the essay?", Wanted.PERSON),
        ("Which councils joined?", Wanted.LIST),
        ("Why did Bradford join?", Wanted.REASON),
        ("How does a council join?", Wanted.MANNER),
        ("Tell me about commissioning", Wanted.OTHER),
    ],
)
def test_the_kind_is_read_off_the_question(question: str, kind: Wanted) -> None:
    assert wanted(question) is kind


@pytest.mark.parametrize(
    ("question", "text", "there"),
    [
        ("How much is it worth?", "It is worth £1.1m over three years.", True),
        ("How much is it worth?", "It is worth a great deal.", False),
        ("How many people did it support?", "It supported almost 300 people.", True),
        ("How many people did it support?", "It named four partners.", False),
        ("When was it approved?", "Cabinet approved it in February 2015.", True),
        ("When was the 2015 plan approved?", "The 2015 plan was approved.", False),
        ("What share is local?", "About 40% is local.", True),
        ("Who leads it?", "Susan Hinchcliffe leads it.", True),
        ("Who leads Oldham Council?", "Oldham Council leads it.", False),
        ("Which councils joined?", "They were Bristol, Bradford, Calderdale, Hackney and Wirral.", True),
        ("Which councils joined?", "There are two aims: better services; and less pressure.", True),
        ("Which councils joined?", "Bradford joined with Bristol.", False),
        ("Why did it join?", "Because it wanted to.", None),
    ],
)
def test_a_sentence_holds_the_kind_of_thing_only_if_it_is_new(
    question: str, text: str, there: bool | None
) -> None:
    assert holds(question, text) is there
