"""Claims about the material, written and made, and how the checker does on those that are kept aside.

Run `python -m assistant.evaluation.claims` to measure the checker that ships; needs the index, no training.
"""

import json
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import numpy as np

from assistant.checking import Checker
from assistant.checking.overlap import WordChecker
from assistant.checking.supporting import load_checker
from assistant.embedding import embedder_name
from assistant.evaluation.corrupting import corrupt
from assistant.evaluation.lexicon import OPPOSITES
from assistant.index import open_index
from assistant.sentences import split_sentences
from assistant.settings import load_settings
from assistant.vocabulary import RECORD, Draft, Passage

CLAIMS = Path("tests/evaluation/claims/written.jsonl")
SEED = 7
_SHORTEST, _LONGEST = 4, 45
_SPEAKS = re.compile(
    r"^[A-Z][\w’]+(?: [A-Z][\w’]+)*(?: and [A-Z][\w’]+ [A-Z]\w+)? (?:says|argues|adds|said) that (\w)"
)


@dataclass(frozen=True)
class Claim:
    """A sentence, the passages that it claims, whether they support it; `made` by rules and not by hand."""

    text: str
    kind: str
    supported: bool
    kept: bool
    passages: tuple[Passage, ...]
    made: bool = False


def read_claims(passages: Sequence[Passage]) -> list[Claim]:
    """Return the written claims, sentences of their sections, and corruptions of both."""
    held: dict[tuple[str, str], list[Passage]] = defaultdict(list)
    for passage in passages:
        held[passage.document.id, passage.section].append(passage)
    written, kept = [], dict[tuple[str, str], bool]()
    for line in CLAIMS.read_text("utf-8").splitlines():
        item = json.loads(line)
        sections = [(each["document"], each["section"]) for each in item["sections"]]
        kept |= dict.fromkeys(sections, item["part"] == "kept")
        there = tuple(passage for section in sections for passage in held[section])
        written.append(Claim(item["claim"], item["kind"], item["supported"], item["part"] == "kept", there))
    sentences = [
        each for passage in passages if passage.section != RECORD for each in split_sentences(passage.text)
    ]
    random = Random(SEED)  # noqa: S311 - chance that can be had again
    said = [claim for section, aside in kept.items() for claim in _said(held[section], kept=aside)]
    alone = [claim for claim in written if claim.supported and claim.kind == "paraphrase"]
    made = [
        *_corrupted(alone, sentences, random, 4),
        *_corrupted([c for c in said if c.kind == "verbatim"], sentences, random, 3),
    ]
    return [*written, *said, *made]


def _said(passages: Sequence[Passage], *, kept: bool) -> Iterator[Claim]:
    """Yield the sentences of a section, and what is left of some without whose view it is."""
    for passage in passages:
        for sentence in split_sentences(passage.text):
            if _SHORTEST <= len(sentence.split()) <= _LONGEST:
                claim = Claim(sentence, "verbatim", supported=True, kept=kept, passages=(passage,), made=True)
                yield claim
                shorter = _SPEAKS.sub(lambda match: match[1].upper(), sentence)
                if shorter != sentence:
                    yield replace(claim, text=shorter, kind="shortened")


def _corrupted(
    claims: Sequence[Claim], sentences: Sequence[str], random: Random, most: int
) -> Iterator[Claim]:
    opposites: dict[str, list[str]] = defaultdict(list)
    for one, other in OPPOSITES:
        opposites[one].append(other)
        opposites[other].append(one)
    for claim in claims:
        changes = list(corrupt(claim.text, random.sample(sentences, 6), opposites, random))
        random.shuffle(changes)
        for change in changes[:most]:
            yield replace(claim, text=change.text, kind=change.kind, supported=False, made=True)


def passed(check: Checker, claims: Sequence[Claim]) -> list[bool]:
    """Return which claims the checker lets through when it has their own passages."""
    return [bool(check(Draft(claim.text, claim.passages), claim.passages)) for claim in claims]


def table(claims: Sequence[Claim], let: Sequence[bool]) -> Mapping[tuple[str, str], tuple[int, int]]:
    """Return, for each kind, written or made, how many were let through, and how many there are."""
    counts: dict[tuple[str, str], tuple[int, int]] = {}
    for claim, through in zip(claims, let, strict=True):
        key = (claim.kind, "made" if claim.made else "written")
        before, total = counts.get(key, (0, 0))
        counts[key] = before + through, total + 1
    return counts


def report(claims: Sequence[Claim], let: Sequence[bool]) -> Iterator[str]:
    """Yield the figures and the table, line by line."""
    for name, chosen in (
        ("written by hand", [not claim.made for claim in claims]),
        ("all but exact words", [claim.kind != "verbatim" for claim in claims]),
    ):
        right = sum(c.supported and t for c, t, use in zip(claims, let, chosen, strict=True) if use)
        through = sum(t for t, use in zip(let, chosen, strict=True) if use)
        supported = sum(c.supported for c, use in zip(claims, chosen, strict=True) if use)
        yield f"{name}: precision {right}/{through}, recall {right}/{supported}"
    for (kind, made), (through, total) in sorted(table(claims, let).items()):
        yield f"{kind:12} {made:8} let through {through:4} of {total}"


def main() -> int:
    """Measure the checker that ships on the claims kept aside."""
    settings = load_settings()
    name = embedder_name(settings.embedding_model)
    passages = open_index(settings.data, settings.chroma_url).load(name).passages
    claims = [claim for claim in read_claims(passages) if claim.kept]
    checker = load_checker()
    for title, check in (("The checker before: words alone", WordChecker()), ("The checker", checker)):
        print(title, *report(claims, passed(check, claims)), sep="\n")
    random = Random(SEED)  # noqa: S311
    eight = [
        replace(claim, passages=(*claim.passages[:1], *random.sample(passages, 7)))
        for claim in claims
        if claim.kind != "verbatim"
    ]
    times = [_timed(checker, Draft(claim.text, claim.passages[:1]), claim.passages) for claim in eight]
    print("milliseconds with 8 passages: p50 {:.1f}, p95 {:.1f}".format(*np.percentile(times, [50, 95])))
    return 0


def _timed(check: Checker, draft: Draft, passages: Sequence[Passage]) -> float:
    start = time.perf_counter()
    check(draft, passages)
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    sys.exit(main())
