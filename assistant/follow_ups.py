"""What the material can answer next: its own headings, near what was cited and not asked before."""

from collections.abc import Iterable, Sequence

from assistant.vocabulary import Passage
from assistant.words import stems

# Headings that only say who wrote a text are no next step.
_ALIKE = 0.6


def suggest(
    cited: Sequence[Passage], neighbours: Iterable[Passage], asked: Iterable[str], limit: int = 3
) -> tuple[str, ...]:
    """Return headings that are questions: first those of the cited documents, then those of other hits.

    What was asked, answered or suggested already is left out by its words.
    """
    seen = [set(stems(text)) for text in asked] + [set(stems(passage.section)) for passage in cited]
    found: list[str] = []
    for passage in neighbours:
        words = set(stems(passage.section))
        if passage.section.endswith("?") and words and not any(_alike(words, other) for other in seen):
            seen.append(words)
            found.append(passage.section)
        if len(found) == limit:
            break
    return tuple(found)


def _alike(words: set[str], other: set[str]) -> bool:
    return len(words & other) > _ALIKE * min(len(words), len(other)) if other else False
