"""Recognising what is no question to the material: greetings, thanks, the assistant itself, orders to it."""

import re
from enum import StrEnum

from assistant.words import tokens


class Talk(StrEnum):
    """What a message is, when it is not a question to the material."""

    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    ABOUT = "about"
    ORDER = "order"


class Concern(StrEnum):
    """What somebody else has to answer, beside what the material says in general."""

    LEGAL = "legal"
    COMPLAINT = "complaint"
    DISTRESS = "distress"


_GREETING = r"hello|hi|hiya|hey|morning|afternoon|evening|good day|greetings"
_THANKS = (
    r"thanks?|thank (?:you|u)|thankyou|thx|ta|cheers|much appreciated|appreciate it"
    r"|brilliant|lovely|great stuff"
)
_GOODBYE = r"bye|goodbye|see you|see ya|that'?s all"
_TALK = {Talk.THANKS: _THANKS, Talk.GOODBYE: _GOODBYE, Talk.GREETING: _GREETING}

# Words that may stand around a greeting or thanks without making it a question.
_FILLER = frozenset(
    """a ace after again all and answer anybody anyone are brilliant but clear day doing ever everyone
    exactly excellent fab for fine from good got great help helped helpful how i indeed info information is
    it job just lot lots lovely makes mate me much my needed nice no now of ok okay on perfect really right
    same sense so spot super team that that's the then there this to today useful very wanted was we well
    what wonderful yes you your""".split()
)

_ABOUT = re.compile(
    r"""\b(?:
      who\ (?:are|made|built|wrote|runs?|owns?)\ (?:you|u|this\ (?:assistant|bot|chatbot|tool|thing))\b
    | what\ (?:are|r)\ (?:you|u)\b(?!\ (?:referring|talking))
    | what(?:'s|\ is)\ your\ (?:name|purpose|job|source)
    | are\ (?:you|u)\ (?:a|an|the)?\s*
      (?:real|human|robot|bot|person|chat\ ?bot|machine|ai|computer|program|chatgpt|locality)
    | am\ i\ (?:talking|speaking|chatting)\ to\ a
    | what\ (?:can|could|do|should|kinds?|sorts?)\b
      .{0,40}\b(?:i|we|you|u)\ (?:ask|do|know|help|answer|tell)\b
      (?:.{0,25}\b(?:you|u|me|us|with|about|help)\b)?\s*[?.!]*$
    | (?:how|what)\ (?:do|does|can)\ (?:you|u|this\ (?:assistant|bot|chatbot|tool))
      \ (?:work|do|know)\s*[?.!]*$
    | (?:can|should)\ (?:i|we)\ (?:trust|rely\ on)\ (?:you|u|this\ (?:assistant|bot)|your\ answers?)
    | where\ do\ (?:you|u|your\ answers?)\ (?:get|come|take)
    | (?:do|will|can)\ (?:you|u)\ (?:remember|store|keep|save|record)\ (?:me|my|our|what|this|these|the)\b
    | how\ (?:should|do|can)\ i\ (?:use|cite|quote)\ (?:you|this\ (?:assistant|tool))
    )""",
    re.IGNORECASE | re.VERBOSE,
)

_ORDER = re.compile(
    r"""\b(?:
      (?:ignore|forget|disregard|override|bypass)\b.{0,40}
      \b(?:instructions?|sources?|rules?|documents?|prompts?|citations?
         |anything|everything|told|above|previous)
    | (?:print|show|reveal|repeat|output|give|tell)\b.{0,30}
      \b(?:system\ prompt|text\ of\ your
         |your\ (?:(?:hidden|secret|initial|system|setup|original)\ )*
           (?:prompt|instructions|rules|settings|configuration|setup|text))
    | you\ are\ now\b | from\ now\ on,?\ you\b
    | pretend\ (?:to\ be|you|that)
    | act\ as\ (?:a|an|the|if)\b
    | role-?play
    | in\ (?:test|developer|debug)\ mode
    | (?:start|begin|end)\ (?:your|the)\ (?:reply|answer|response)\b
    | (?:reply|respond|answer|say|write|start|end)\ (?:only\ |just\ |exactly\ )?(?:with|in)
      \ (?:the\ word|html|capitals|json|code|the\ phrase|exactly|<)
    | without\ (?:any\ )?(?:sources|citations|references)
    | <\s*(?:script|img|iframe|a\ href)
    )""",
    re.IGNORECASE | re.VERBOSE,
)

_CONCERNS = {
    Concern.DISTRESS: re.compile(
        r"\b(?:suicid\w*|kill myself|end my life|want to die|self[- ]harm\w*|can'?t go on"
        r"|being (?:abused|beaten)"
        r"|(?:my|his|her) (?:husband|wife|partner|dad|mum|father|mother|carer) (?:hits|beats|hurts)"
        r"|i(?:'m| am) (?:desperate|homeless|starving|scared for my))\b",
        re.IGNORECASE,
    ),
    Concern.LEGAL: re.compile(
        r"\b(?:(?:can|could|should|shall|may) (?:we|i)\b.{0,60}"
        r"\b(?:sue|challenge|appeal|take .{0,20}to court)"
        r"|legal(?:ly)? (?:advice|binding|entitled|allowed|obliged|challenge)"
        r"|(?:is|would|was) (?:it|this|that) (?:legal|lawful|unlawful|illegal)"
        r"|in breach|our (?:current|live|ongoing) (?:tender|procurement)|judicial review"
        r"|are we breaking the law)\b",
        re.IGNORECASE,
    ),
    Concern.COMPLAINT: re.compile(
        r"\b(?:(?:make|raise|file|lodge|submit) (?:a |an )?(?:formal )?complaint|complain about"
        r"|report (?:my|the|our|a) (?:council|councillor)|ombudsman"
        r"|(?:my|our) council (?:is|are|has been|have been) (?:corrupt|useless|lying|ignoring))\b",
        re.IGNORECASE,
    ),
}


def recognise_talk(text: str) -> Talk | None:
    """Return what kind of talk the message is, or None for a question to the material."""
    if _ABOUT.search(text):
        return Talk.ABOUT
    if _ORDER.search(text):
        return Talk.ORDER
    for talk, pattern in _TALK.items():
        rest, found = re.subn(rf"\b(?:{pattern})\b", " ", text, flags=re.IGNORECASE)
        if found and not [token for token in tokens(rest) if token not in _FILLER]:
            return talk
    return None


def recognise_concern(text: str) -> Concern | None:
    """Return what somebody else has to answer, or None."""
    return next((concern for concern, pattern in _CONCERNS.items() if pattern.search(text)), None)


def without_orders(text: str) -> str:
    """Return the message without the sentences that give orders to the assistant."""
    sentences = re.split(r"(?<=[.!?:])\s+", text)
    return " ".join(sentence for sentence in sentences if not _ORDER.search(sentence)).strip()
