"""A model's stream, cut into sentences: markers whole, markup gone, however the pieces fall."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.composing.cutting import Cutter, Written


def cut(*pieces: str) -> list[Written]:
    cutter = Cutter()
    return [written for piece in pieces for written in cutter.feed(piece)] + list(cutter.end())


@pytest.mark.parametrize(
    ("reply", "text", "numbers"),
    [
        ("Leeds merged its contracts. [1]", "Leeds merged its contracts.", (1,)),
        ("Leeds merged its contracts [1].", "Leeds merged its contracts.", (1,)),
        ("Leeds merged its contracts.[1][2]", "Leeds merged its contracts.", (1, 2)),
        ("Leeds merged its contracts [1, 3].", "Leeds merged its contracts.", (1, 3)),
        ("Leeds merged its contracts [1-3].", "Leeds merged its contracts.", (1, 2, 3)),
        ("Leeds merged its contracts.\n[2]\n", "Leeds merged its contracts.", (2,)),
        ("[2] Leeds merged its contracts.", "Leeds merged its contracts.", (2,)),
        ("Leeds merged [2] its contracts [1].", "Leeds merged its contracts.", (2, 1)),
        ("Leeds merged its contracts [Passage 4].", "Leeds merged its contracts.", (4,)),
        ("Leeds merged its contracts.【4†source】", "Leeds merged its contracts.", (4,)),
        ("Leeds merged its contracts [3](http://e.org/x).", "Leeds merged its contracts.", (3,)),
        ("- Leeds merged its contracts [1]", "Leeds merged its contracts.", (1,)),
        ("3. **Leeds** merged *its* `contracts`. [1]", "Leeds merged its contracts.", (1,)),
        ("> _Leeds_ merged <b>its</b> contracts. [1]", "Leeds merged its contracts.", (1,)),
        ("Leeds [merged](https://e.org) its contracts. [1]", "Leeds merged its contracts.", (1,)),
        ("Leeds merged its contracts ![x](http://e.org/a.png). [1]", "Leeds merged its contracts.", (1,)),
        ("Leeds merged its contracts.", "Leeds merged its contracts.", ()),
        ("Text: Leeds merged its contracts. [1]", "Leeds merged its contracts.", (1,)),
        ("Leeds merged its\u200b contracts. [99999]", "Leeds merged its contracts.", ()),
        ("Dr. Field of Leeds merged 4.5 contracts. [1]", "Dr. Field of Leeds merged 4.5 contracts.", (1,)),
    ],
)
def test_a_sentence_is_plain_words_and_its_numbers(reply: str, text: str, numbers: tuple[int, ...]) -> None:
    assert [(each.text, each.numbers) for each in cut(*reply)] == [(text, numbers)]


@pytest.mark.parametrize(
    "reply",
    [
        "## Contracts in Leeds\n",
        "Heading: How did Leeds merge its contracts?\nBy: A. Field, Ph.D. [1]\n",
        "Sure!",
        "Here is what the passages say:\n",
        "NOTHING",
        "Leeds merged its contracts and then",
        "[1] [2]",
        "<think>Leeds merged its contracts. [1]</think>",
        "<think>Leeds merged its contracts. [1]",
        "",
    ],
)
def test_what_claims_nothing_is_no_sentence(reply: str) -> None:
    assert cut(*reply) == []


def test_a_sentence_is_told_as_soon_as_the_next_begins() -> None:
    cutter = Cutter()
    assert list(cutter.feed("Leeds merged its contracts. [1")) == []
    assert list(cutter.feed("][2]")) == []
    assert list(cutter.feed(" N")) == [Written("Leeds merged its contracts.", (1, 2))]
    assert list(cutter.feed("ewcastle did too. [3]")) == []
    assert list(cutter.end()) == [Written("Newcastle did too.", (3,))]


REPLY = (
    "Sure!\n\n## In short\n- **Leeds** merged its contracts in 2016. [1][2]\n- Newcastle spent £4.5m [3]\n"
    "<think>no. [1]\nNo.</think>1. Dr. Smith says so [1, 2]. It worked [4]! \n[2]\n"
    "Next [Passage 5] ![i](http://e/x.png) ends. [1-3] <b>Bold</b> claims are [click](javascript:alert(1)) "
    "here. [9](http://x) &lt;script&gt;x&lt;/script&gt;They saved money. [2] "
    "See www.example.org or https://e.org/a?b=1 for more. [7] “We did it,” she said. [1]"
)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=400))
def test_how_the_stream_was_cut_into_pieces_changes_nothing(sizes: list[int]) -> None:
    pieces: list[str] = []
    at = 0
    while at < len(REPLY):
        size = sizes[len(pieces) % len(sizes)]
        pieces.append(REPLY[at : at + size])
        at += size
    assert cut(*pieces) == cut(REPLY)


@given(st.text(st.sampled_from("ab A.!?\n[]()<>1,29*_`#-&;:/\\|【】\ue001\u202e"), max_size=200))
def test_whatever_a_model_writes_no_markup_and_no_marker_is_left(reply: str) -> None:
    for written in cut(*reply):
        assert not set(written.text) & set("<>[]*`\\【】\ue001\u202e")
        assert all(0 < number < 100 for number in written.numbers)
