"""Makes the checker's lexicon from the packaged embedding model and from WordNet 3.0.

Run `python -m assistant.evaluation.lexicon WORDNET`, where WORDNET is the folder with WordNet's `data.noun`
and the other database files (Debian's package `wordnet-base` has them). Needed only to change what it holds.
"""

import importlib.util
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from assistant.checking.lexicon import FILE
from assistant.embedding import PACKAGED
from assistant.words import stem

WORDS = 40_000
SENSES = 3
DIMENSION = 96
OUT = Path("assistant") / FILE
_PARTS = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}

# Opposites of public services and of reports about them that WordNet does not pair.
_WRITTEN = """
    increase reduce, increase cut, increase fall, rise fall, rise drop, rise decline, grow shrink,
    growing shrinking, growing falling, growing declining, rising falling, rising declining, rising
    dropping, raise lower, raise cut, raise reduce, more less, more fewer, most least, larger smaller,
    large small, big small, bigger smaller, greater smaller, many few, higher lower, high low, better
    worse, best worst, good bad, good poor, better poorer, harder easier, hard easy, difficult easy,
    strengthen weaken, stronger weaker, strong weak, support oppose, backed opposed, accept reject,
    accept refuse, approve reject, approve refuse, agree disagree, allow forbid, allow prevent, allow
    stop, permit prohibit, enable prevent, help hinder, help harm, helpful harmful, benefit harm,
    benefit damage, improve damage, improve worsen, gain lose, win lose, won lost, include exclude,
    inclusive exclusive, inside outside, before after, early late, earlier later, first last, first
    second, second third, top bottom, open close, opened closed, start end, start stop, begin end, began
    ended, launch close, join leave, joined left, succeed fail, success failure, simple complex, simple
    complicated, clear unclear, local national, local central, local remote, local distant, public
    private, save waste, saved wasted, save cost, cheap expensive, cheaper dearer, efficient
    inefficient, effective ineffective, rich poor, richest poorest, widen narrow, widening narrowing,
    near far, closer distant, towards away, internal external, formal informal, merge split, gather
    scatter, keep drop, praise criticise, praised criticised, buy sell, spend save, same different,
    alike different, always never, all none, everyone nobody, flexible rigid, enabling restrictive,
    permissive restrictive, short long, temporary permanent, short lasting, prevention crisis,
    collaboration competition, relational transactional, active passive, domestic foreign, domestic
    european, majority minority, above below, over under, exceed below, up down, old new, oldest newest,
    young old, male female, man woman, men women, he she, his her, boy girl, north south, east west,
    left right, summer winter, day night, hot cold, alive dead, born died, love hate, positive negative,
    remember forget, deny confirm, denied confirmed, reveal hide, attack defend, defeat win, defeated
    won, asleep awake, sit stand, sitting standing, indoors outdoors, empty full, wet dry, happy sad,
    light dark, black white, husband wife, brother sister, father mother, son daughter, king queen,
    actor actress, guilty innocent, legal illegal, possible impossible, known unknown, alone together,
    only also, partly wholly, sufficient insufficient, enough insufficient, voluntary compulsory,
    optional mandatory, free fee
"""

OPPOSITES = tuple((line.split()[0], line.split()[1]) for line in _WRITTEN.split(","))


def read_wordnet(folder: Path) -> tuple[dict[str, list[str]], dict[str, set[str]], set[tuple[str, str]]]:
    """Return the first senses of each stem, what each sense is a kind of, and opposite stems."""
    common = _common_words()
    words: dict[str, list[str]] = {}
    above: dict[str, set[str]] = defaultdict(set)
    opposed: list[tuple[str, int, str, int]] = []
    for part, name in _PARTS.items():
        for line in _lines(folder / f"data.{name}"):
            fields = line.split("|")[0].split()
            count, key = int(fields[3], base=16), part + fields[0]
            words[key] = [fields[4 + 2 * at].lower().partition("(")[0] for at in range(count)]
            pointers = fields[5 + 2 * count :]
            for symbol, offset, other, ends in zip(*(pointers[at::4] for at in range(4)), strict=False):
                target = other.replace("s", "a") + offset
                if symbol in ("@", "@i"):
                    above[key].add(target)
                elif symbol == "!":
                    first, second = (int(each, base=16) for each in (ends[:2], ends[-2:]))
                    opposed.append((key, first, target, second))
    pairs = {
        (stem(a), stem(b))
        for key, first, target, second in opposed
        if first and second
        for a, b in [(words[key][first - 1], words[target][second - 1])]
        if a in common and b in common and stem(a) != stem(b)
    }
    return _senses(folder, common), above, pairs


def _senses(folder: Path, common: set[str]) -> dict[str, list[str]]:
    senses: dict[str, list[str]] = defaultdict(list)
    for part, name in _PARTS.items():
        for line in _lines(folder / f"index.{name}"):
            word, _, count, *rest = line.split()
            if word in common:
                senses[stem(word)] += [part + offset for offset in rest[-int(count) :][:SENSES]]
    return senses


def _common_words() -> set[str]:
    """Return the words that are used most, by the frequency list of SymSpell."""
    listed = (files("symspellpy") / "frequency_dictionary_en_82_765.txt").read_text("utf-8-sig").splitlines()
    counts = sorted(((int(count), word) for word, count in map(str.split, listed)), reverse=True)
    return {word for _, word in counts[:WORDS]}


def _lines(path: Path) -> Iterator[str]:
    return (line for line in path.read_text("latin-1").splitlines() if not line.startswith(" "))


def read_pieces() -> tuple[list[str], np.ndarray[tuple[int, int], np.dtype[np.int8]]]:
    """Return the packaged model's word pieces and their input vectors, on their first principal axes."""
    found = importlib.util.find_spec(PACKAGED.replace("-", "_"))
    assert found is not None
    assert found.origin is not None
    folder = Path(found.origin).parent / "model"
    table = load_file(folder / "model.safetensors")["embeddings.word_embeddings.weight"].astype(np.float32)
    pieces = (folder / "vocab.txt").read_text("utf-8").splitlines()
    centred = table - table[1000:].mean(axis=0)
    axes = np.linalg.svd(centred[1000:], full_matrices=False)[2][:DIMENSION]
    reduced = centred @ axes.T
    reduced /= np.abs(reduced).max(axis=1, keepdims=True) + 1e-9
    kept = [
        row
        for row, piece in enumerate(pieces)
        if piece.removeprefix("##").isascii() and piece.removeprefix("##").isalnum()
    ]
    return [pieces[row] for row in kept], np.round(reduced[kept] * 127).astype(np.int8)


def _numbers(
    groups: Iterable[Sequence[int]],
) -> tuple[np.ndarray[tuple[int], np.dtype[np.uint16]], np.ndarray[tuple[int], np.dtype[np.uint8]]]:
    listed = list(groups)
    return (
        np.array([number for group in listed for number in group], dtype=np.uint16),
        np.array([len(group) for group in listed], dtype=np.uint8),
    )


def main(folder: Path) -> int:
    """Write the file."""
    senses, above, opposites = read_wordnet(folder)
    opposites |= {(stem(a), stem(b)) for a, b in OPPOSITES}
    number = {
        sense: at for at, sense in enumerate(sorted({each for listed in senses.values() for each in listed}))
    }
    kinds = {
        number[sense]: sorted(
            {
                number[each]
                for each in (*above[sense], *(far for near in above[sense] for far in above[near]))
                if each in number
            }
        )
        for sense in number
    }
    stems = sorted(senses)
    pieces, vectors = read_pieces()
    flat, counts = _numbers(sorted({number[sense] for sense in senses[each]}) for each in stems)
    kind_of = [sense for sense, held in kinds.items() if held]
    kind_flat, kind_counts = _numbers(kinds[sense] for sense in kind_of)
    np.savez_compressed(
        OUT, pieces=np.array("\n".join(pieces)), vectors=vectors, stems=np.array("\n".join(stems)),
        senses=flat, sense_counts=counts, kinds=kind_flat, kind_counts=kind_counts,
        kind_of=np.array(kind_of, dtype=np.uint16),
        opposites=np.array("\n".join(sorted(" ".join(pair) for pair in opposites if pair[0] != pair[1]))),
    )  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
