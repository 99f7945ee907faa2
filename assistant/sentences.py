"""Where one sentence ends and the next begins; every sentence is exact words of its text."""

import re

_ABBREVIATIONS = frozenset(
    """dr mr mrs ms prof sir st rev hon jr sr no nos vol p pp e.g i.e etc vs cf al
    ltd co inc dept approx""".split()
)
_END = re.compile(r"[.!?]+[\"'”’)\]]*(?=\s+[\"'“‘(\[]?[A-Z0-9£$€])|\n\s*\n(?!\s*[-*•])")
# The full stop of “2.” ends no sentence, so a numeral counts as soon as it stands at the head of a line.
_LIST_ITEM = re.compile(r"\n\s*[-*•]\s|(?:^|\n)\s*\d{1,2}[.)](?:\s|$)")


def split_sentences(text: str) -> tuple[str, ...]:
    """Split `text`; a list stays in one piece with the line that introduces it."""
    sentences, start = [], 0
    for match in _END.finditer(text):
        piece = text[start : match.end()]
        if match.group().strip() and (
            _is_abbreviation(piece) or _LIST_ITEM.search(piece) or piece.count("“") > piece.count("”")
        ):
            continue
        sentences.append(piece.strip())
        start = match.end()
    sentences.append(text[start:].strip())
    return tuple(sentence for sentence in sentences if sentence)


def _is_abbreviation(piece: str) -> bool:
    """Whether the full stop at the end belongs to an abbreviation or an initial ("J. Smith")."""
    if not piece.endswith("."):
        return False
    before = piece[:-1].rsplit(maxsplit=1)
    word = before[-1].lstrip("\"'“‘(") if before else ""
    return word.lower() in _ABBREVIATIONS or (len(word) == 1 and word.isupper() and word != "I")
