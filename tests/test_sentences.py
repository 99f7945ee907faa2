"""Where sentences end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.sentences import split_sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One thing. Another thing.", ("One thing.", "Another thing.")),
        ("It cost £1.25m. That was in 2019.", ("It cost £1.25m.", "That was in 2019.")),
        ("Dr. Lowe wrote it. J. Blake did not.", ("Dr. Lowe wrote it.", "J. Blake did not.")),
        ("He calls it “scale fail.” It fails.", ("He calls it “scale fail.”", "It fails.")),
        ("“How? (A story)” is a guide. It is short.", ("“How? (A story)” is a guide.", "It is short.")),
        ("First paragraph\n\nSecond paragraph.", ("First paragraph", "Second paragraph.")),
        (
            "There are two:\n\n- a clean street;\n- a warm room.",
            ("There are two:\n\n- a clean street;\n- a warm room.",),
        ),
        ("", ()),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: tuple[str, ...]) -> None:
    assert split_sentences(text) == expected


@given(st.text(alphabet=st.sampled_from("aB1£. ,?!“”\"'\n-)("), max_size=200))
def test_every_sentence_is_words_of_the_text_and_nothing_is_lost(text: str) -> None:
    sentences = split_sentences(text)
    assert all(sentence in text for sentence in sentences)
    assert "".join("".join(sentences).split()) == "".join(text.split())


def test_a_numbered_list_of_sentences_stays_whole_and_no_numeral_is_a_sentence() -> None:
    listed = "They did two things:\n1. They asked the neighbours.\n2. They listened."
    assert split_sentences(f"{listed}\n\nIt worked. Nobody minded.") == (
        listed,
        "It worked.",
        "Nobody minded.",
    )
    alone = "1. They asked. Twice.\n2. They listened."
    assert split_sentences(f"It began in May.\n\n{alone}") == ("It began in May.", alone)
    assert split_sentences("It rose to 12. Then it fell.") == ("It rose to 12.", "Then it fell.")
