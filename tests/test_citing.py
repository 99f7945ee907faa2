"""Numbers and links."""

from assistant.citing import Citing, link, number_answer
from assistant.vocabulary import Evidence, Hit, Sentence, Source
from tests.fakes import document, passage

QUOTE = "Leeds merged four contracts."
PASSAGE = passage(f"{QUOTE} It took time.", of=document(url="https://example.org/leeds"))


def test_the_same_words_keep_their_number_and_are_sent_once() -> None:
    citing = Citing([Hit(PASSAGE, 0.7)])
    first = citing.cite(QUOTE, (Evidence(PASSAGE, QUOTE, 1.0),))
    again = citing.cite(QUOTE, (Evidence(PASSAGE, QUOTE, 1.0),))
    assert [citation.number for citation in first.new] == [1]
    assert first.new[0].score == 0.7
    assert again.new == ()
    assert again.sentence.citations == (1,)


def test_a_section_with_a_source_of_its_own_links_there() -> None:
    elsewhere = passage(QUOTE, source=Source("E3M", "https://example.org/e3m"))
    assert link(elsewhere, QUOTE) == "https://example.org/e3m"
    assert link(passage(QUOTE, source=Source("A report on paper")), QUOTE) == document().url


def test_a_digest_links_to_the_page_and_an_original_to_the_words() -> None:
    assert link(PASSAGE, QUOTE) == "https://example.org/leeds"
    web = passage(QUOTE, of=PASSAGE.document, text_from="original")
    assert link(web, QUOTE) == "https://example.org/leeds#:~:text=Leeds%20merged%20four%20contracts."
    pdf = passage(QUOTE, of=PASSAGE.document, text_from="original", page=7)
    assert link(pdf, QUOTE) == "https://example.org/leeds#page=7"


def test_an_address_with_a_place_of_its_own_keeps_it_beside_the_words() -> None:
    there = document(url="https://example.org/leeds#costs")
    web = passage(QUOTE, of=there, text_from="original")
    assert link(web, QUOTE) == "https://example.org/leeds#costs:~:text=Leeds%20merged%20four%20contracts."
    pdf = passage(QUOTE, of=there, text_from="original", page=7)
    assert link(pdf, QUOTE) == "https://example.org/leeds#page=7"


def test_a_file_that_is_on_no_web_page_is_named_with_its_page() -> None:
    file = document(url="Annual report.pdf")
    assert link(passage(QUOTE, of=file, text_from="original", page=7), QUOTE) == "Annual report.pdf, page 7"
    assert link(passage(QUOTE, of=file, text_from="original"), QUOTE) == "Annual report.pdf"


def test_words_that_stand_twice_on_the_page_are_told_apart_by_the_rest_of_the_page() -> None:
    first = passage(f"{QUOTE} It took time.", of=PASSAGE.document, text_from="original", id="leeds/1")
    second = passage(f"{QUOTE} Nobody minded.", of=PASSAGE.document, text_from="original", id="leeds/2")
    citing = Citing([], lambda _: (first, second))
    shown = citing.cite(QUOTE, (Evidence(second, QUOTE, 1.0),))
    assert shown.new[0].link.endswith("#:~:text=Leeds%20merged%20four%20contracts.,-Nobody%20minded.")


def test_markers_stand_directly_behind_their_sentence_and_a_list_ends_its_paragraph() -> None:
    sentences = (Sentence("There are two:\n\n- a;\n- b.", (1,), 1.0), Sentence("Both count.", (2, 3), 1.0))
    assert number_answer(sentences) == "There are two:\n\n- a;\n- b. [1]\n\n Both count. [2][3]"
