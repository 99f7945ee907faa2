"""The thesaurus."""

from assistant.retrieval.everyday import Everyday, load_everyday
from assistant.words import stem

TEXT = "# a comment = nothing\ncouncil, authority = town hall, guildhall\n[texting]\nwot = what\n"


def test_a_phrase_stands_for_the_words_of_the_material() -> None:
    everyday = Everyday(TEXT)
    assert everyday.meant_by("Our town halls") == {stem("council"), stem("authority")}
    assert everyday.meant_by("the guildhall") == {stem("council"), stem("authority")}
    assert everyday.meant_by("the hall in town") == frozenset()


def test_short_forms_are_not_concepts() -> None:
    everyday = Everyday(TEXT)
    assert dict(everyday.short_forms) == {"wot": "what"}
    assert everyday.meant_by("what") == frozenset()


def test_the_one_that_ships_has_both() -> None:
    everyday = load_everyday()
    assert everyday.short_forms["wot"] == "what"
    assert "town" not in everyday.short_forms
    assert stem("council") in everyday.meant_by("the town hall")


def test_words_that_a_dictionary_may_lack_are_known_to_the_spelling() -> None:
    assert "lockdown" in load_everyday().words
