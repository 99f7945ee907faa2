"""From a message and its conversation to the stand-alone question, and its parts."""

import re
from dataclasses import dataclass
from itertools import pairwise

from assistant.conversing import Concern, Talk, recognise_concern, recognise_talk, without_orders
from assistant.spelling import Corrector
from assistant.vocabulary import Question, Turn
from assistant.wording import is_refusal
from assistant.words import stems

_LONGEST_CONTEXT = 2_000  # letters, more than the embedding model reads
_MARKER = re.compile(r"\s*\[\d+(?:\s*,\s*\d+)*\]")
_PERSON = re.compile(
    r"\b(?:they|them|their|theirs|he|him|his|she|her|hers|those|these"
    r"|the (?:former|latter)|the (?:second|first|last|third|other) of (?:those|these|them))\b",
    re.IGNORECASE,
)
_THING = re.compile(
    r"""\b(?:it|its|this|that|there|then|instead|such|both|neither|either|again|as\ well|too
    |the\ (?:last|first|second|third|other|same|next|original)\ (?:one|two|of|three|point|bit|part|start)
    |any\ (?:more|others?)|(?:anyone|what|who|where)\ else|the\ (?:others?|rest|two|three|ones?)|i\ meant)\b
    |^(?:and|but|also|or)\b""",
    re.IGNORECASE | re.VERBOSE,
)
# "Why did Marlow change its mind?" says itself whose.
_OWN = re.compile(r"(\s[A-Z][\w’'-]+\b[^.?!;]*?)\b(?:its|their|his|her)\b")
_SWITCH = re.compile(
    r"\b(?:different (?:subject|topic|question|thing)|change (?:of|the) (?:subject|topic)"
    r"|another (?:thing|question|topic)|new (?:topic|question)|something else|moving on"
    r"|(?:leaving|leave|forget|never mind|enough (?:of|about)) (?:that|it|this)"
    r"|unrelated|on another note|separately)\b",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"(?<=[?])\s+|(?:,|;)?\s+(?:and|or|but)(?: also)?,?\s+"
    r"(?=(?:what|who|whom|whose|how|when|where|why|which"
    r"|is|are|was|were|does|do|did|has|have|can|could|will|would)\b(?! not\b))",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\?|\b(?:what|who|whom|whose|how|when|where|why|which"
    r"|list|tell|explain|describe|compare|give|show|set out|put|take me|talk me|name|spell out|summari[sz]e"
    r"|is|are|do|does|did|can|could|has|have|will|would|should)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_QUESTION_WORD = (
    r"(?:what|who|whom|whose|how|when|where|why|which|is|are|was|were|does|do|did|has|have|can|could|will|would"
    r"|should|list|tell|explain|describe|compare|give|show|name|summari[sz]e)\b"
)
# "So, for the cabinet report: what ...", "For a briefing next week, what ...": what a question is for.
_LEAD_IN = re.compile(
    rf"^(?!{_QUESTION_WORD})(?:[^:?]{{3,80}}(?::|\s[-–]|\.\.\.|…)\s+"
    r"|[^,?]{0,80}\b(?:report|paper|brief|briefing|meeting|committee|slides?|speech|talk|presentation|newsletter|bid"
    r"|colleagues?|boss|minutes|quick(?:ly)?|urgent(?:ly)?|deadline|wondering|asking|question|need|write|writing"
    r"|draft(?:ing)?|help|please|hello|hi|so|ok|well|right|sorry)\b[^,?]{0,60},\s+)"
    rf"(?={_QUESTION_WORD})",
    re.IGNORECASE,
)
_ASKING = re.compile(rf"\?\s*$|^(?:and |but |so |please |can you )?{_QUESTION_WORD}", re.IGNORECASE)
# "Each of the three shifts" is no "each of them".
_COMPARES = re.compile(
    r"\b(?:compare|comparing|each(?! of the (?!two\b))|both|respectively)\b,?", re.IGNORECASE
)
_PAIR = re.compile(
    r"(?<!, )\b([A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*) (?:and|with|versus) ([A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*)"
)
_ASKS_FOR = re.compile(r"(?:what|who|whom|whose|how|when|where|why|which)\b", re.IGNORECASE)
# "... and where does each come from?" asks of what the half before names.
_SHARED = re.compile(r"\b(?:each|both)\b", re.IGNORECASE)
_REFERS = re.compile(r"\b(?:it|its|this|that|they|them|their|those|these|he|she|there)\b", re.IGNORECASE)
# What joined the part to the one after it.
_JOINT = re.compile(r"(?:,|;)?\s+(?:and|or|but)(?: also)?,?\s*$", re.IGNORECASE)
_CAPITALS = r"\b[A-Z][\w’'-]+(?:\s+(?:(?:of|and|for|the|it)\s+)?[A-Z][\w’'-]+)"
_NAMED, _TITLE = re.compile(f"{_CAPITALS}*"), re.compile(f"{_CAPITALS}+")
_NO_NAME = re.compile(
    r"(?:Yes|No|The|It|They|He|She|Its|In|On|At|This|That|Each|All|Some|Two|Three|Four|There|January|February|March"
    r"|April|May|June|July|August|September|October|November|December)"
)


@dataclass(frozen=True, slots=True)
class Understood:
    """What the reader means. `parts` are stand-alone; `context` is the last exchange, for a follow-up.

    `setting` is what the message says of the reader before it asks ("For the cabinet report: ...").
    """

    question_used: str
    parts: tuple[str, ...]
    context: str = ""
    setting: str = ""
    talk: Talk | None = None
    concern: Concern | None = None


def understand(question: Question, correct: Corrector) -> Understood:
    """Resolve a follow-up by rule: what was asked and answered last, if the message leans on it.

    Gluing the whole conversation to a message finds less than the message alone, and the last
    exchange finds most (measured on public conversations), so nothing older is used.
    """
    talk = recognise_talk(question.text)
    text = without_orders(question.text) if talk is Talk.ORDER else question.text
    if talk is Talk.ORDER and len(stems(text)) >= 2:
        talk = None
    concern = recognise_concern(question.text)
    if talk is not None:
        return Understood(question.text, (), talk=talk, concern=concern)
    text = correct(text)
    exchange = _last_exchange(question.history)
    setting, asked = split_setting(text)
    if not exchange or not _leans_back(text):
        return Understood(text, split_parts(asked), setting=setting, concern=concern)
    context = " ".join(_MARKER.sub("", turn.text) for turn in exchange)[:_LONGEST_CONTEXT]
    return Understood(_stand_alone(text, exchange), split_parts(asked), context, setting, concern=concern)


def split_setting(text: str) -> tuple[str, str]:
    """Part what a question is for, or the reader's situation, from what is asked.

    Nothing is parted that the question leans on ("Our lawyers say so. Are they right?").
    """
    lead_in = _LEAD_IN.match(text)
    if lead_in and len(stems(text[lead_in.end() :])) >= 2:
        return lead_in[0].strip(), text[lead_in.end() :]
    sentences = _SENTENCE.split(text)
    asked = " ".join(sentence for sentence in sentences if _ASKING.search(sentence))
    said = " ".join(sentence for sentence in sentences if not _ASKING.search(sentence))
    if asked and len(stems(asked)) < 2 and len(stems(said)) >= 3:
        return asked, said  # "What can I tell her?": the matter is in what was said before
    if asked == text or len(stems(asked)) < 3 or _THING.search(asked) or _PERSON.search(asked):
        return "", text
    return said, asked


def refers_back(part: str) -> bool:
    """Whether a part of a question names by a pronoun what stands in another part ("its five steps").

    The "it" of a title ("Keep it Local") names nothing.
    """
    return _REFERS.search(_TITLE.sub("", part)) is not None


def split_parts(text: str) -> tuple[str, ...]:
    """Split two questions in one; what is too short to stand alone, or asks nothing, stays where it is."""
    cuts = [0]
    for match in _SPLIT.finditer(text):
        before, after = text[cuts[-1] : match.start()], text[match.end() :]
        asks = _ASKS.search(before) and _ASKS.search(after)
        if asks and len(stems(before)) >= 2 and _stands_alone(after):
            cuts.append(match.end())
    if len(cuts) == 1:
        return _each_of(text)
    pieces = (text[start:end] for start, end in pairwise((*cuts, len(text))))
    return tuple(_JOINT.sub("", piece).strip() for piece in pieces)


def _each_of(text: str) -> tuple[str, ...]:
    """Ask of each of two names what is asked of both; one passage seldom speaks of the two."""
    pair = _PAIR.search(text)
    if not pair or not _COMPARES.search(text):
        return (text,)
    return tuple(
        _COMPARES.sub("", f"{text[: pair.start()]}{name}{text[pair.end() :]}").replace("  ", " ").strip()
        for name in pair.groups()
    )


def _stands_alone(text: str) -> bool:
    """Whether the rest of a question is one itself: two words of a subject, or one and what is asked of it.

    "When did it start?" asks something else than what goes before it; "is it worth it?" may not.
    """
    subject = len(stems(text))
    if _SHARED.search(text):
        return False
    asks = _ASKS_FOR.match(text) or not _REFERS.search(text)
    return subject >= 2 or (subject == 1 and len(text.split()) >= 4 and bool(asks))


def _last_exchange(history: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """Return the last question and what was answered; orders in it are not obeyed, only searched.

    Of a refusal nothing is searched for: its words are none of the material's.
    """
    asked = [at for at, turn in enumerate(history) if turn.role == "reader"]
    last = history[asked[-1] :] if asked else ()
    return tuple(turn for turn in last if turn.role == "reader" or not is_refusal(turn.text))


def _leans_back(text: str) -> bool:
    """Whether the message needs the conversation to be understood."""
    if _SWITCH.search(text):
        return False
    text = _OWN.sub(r"\1", text)
    subject = len(stems(text))
    return subject < 3 or bool(_PERSON.search(text)) or (subject < 6 and bool(_THING.search(text)))


def _stand_alone(text: str, exchange: tuple[Turn, ...]) -> str:
    """Add the question before, and the names in its answer that neither has."""
    asked, answered = exchange[0].text, " ".join(_MARKER.sub("", turn.text) for turn in exchange[1:])
    known = set(stems(f"{text} {asked}"))
    found = dict.fromkeys(_NAMED.findall(answered))
    names = [name for name in found if not set(stems(name)) <= known and not _NO_NAME.fullmatch(name)]
    return f"{text} (after “{asked}”{''.join(f', {name}' for name in names[:3])})"
