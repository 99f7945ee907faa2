"""Masks personal data in what readers write, before it is kept: who they are is nobody's business."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from assistant.names import find_names

EMAIL = "[e-mail]"
PHONE = "[phone number]"
POSTCODE = "[postcode]"
ADDRESS = "[address]"
NHS_NUMBER = "[NHS number]"
NI_NUMBER = "[National Insurance number]"
NAME = "[name]"
CARD = "[card number]"
SORT_CODE = "[sort code]"
ACCOUNT = "[account number]"
BORN = "[date of birth]"
NUMBER = "[number]"

_AREAS = """
AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH
EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M
ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST
SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE
""".split()

_STREETS = (
    "street|st|road|rd|avenue|ave|lane|ln|drive|close|court|crescent|cres|terrace|place|gardens|grove|way|walk"
    "|square|hill|row|mews|park|view|green|rise|parade|quay|wharf|gate|bank|croft|fold|yard|heights|villas"
)
_SURE_STREETS = "street|road|rd|avenue|ave|lane|crescent|terrace|grove|mews|close|drive|court"
_HOUSE = (
    r"(?:\b(?:flat|apartment|apt|unit|room)\s+\w{1,4},?\s+)?(?<![\d£.,-])\b(?!(?:19|20)\d\d\b)\d{1,4}[a-z]?,?"
)
# What stands between a number and "road" or "drive" where no street is meant: "a 5 year road map".
_NO_STREET = (
    "years?|months?|weeks?|days?|steps?|points?|million|billion|percent|per|the|a|an|of|to|in|on|or|and|for|at|"
    "with|main|new|different|local|community|small|big|large|more|other|council|councils|people|contracts?|"
    "providers?|services?|projects?|public|town|city|times?|were|will|did|are|that|which|who|is|from|by|can|"
    "should|would|could|way|whole|more|pounds?|pence|hours?|minutes?|homes?|houses|shops|keep|every|each|our|my"
)
_YEARS = re.compile(r"(?:(?:19|20)\d\d\D*)+")
_SPACED = r"[\s.-]?"
_FLAGS = re.IGNORECASE


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of personal data: how it looks, what else has to hold, and what stands there afterwards."""

    mask: str
    looks: re.Pattern[str]
    holds: Callable[[str], bool] = bool


def _digits(text: str) -> list[int]:
    return [int(letter) for letter in text if letter.isdecimal()]


def is_nhs_number(text: str) -> bool:
    """Tell whether the tenth digit is the check digit of the nine before it."""
    *digits, check = _digits(text)
    remainder = sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True)) % 11
    return (11 - remainder) % 11 == check


def is_card_number(text: str) -> bool:
    """Tell whether the digits pass Luhn's check, as those of every payment card do."""
    odd, even = _digits(text)[::-2], _digits(text)[-2::-2]
    return (sum(odd) + sum(sum(divmod(digit * 2, 10)) for digit in even)) % 10 == 0


def _is_no_day(text: str) -> bool:
    """Tell a sort code from a day written as 01-04-24."""
    day, month, year = (int(part) for part in re.findall(r"\d\d", text))
    try:
        date(2000 + year, month, day)
    except ValueError:
        return True
    return False


def _labelled(label: str, value: str) -> re.Pattern[str]:
    """Look for a value behind its label, with a few words between, such as "number is"."""
    return re.compile(
        rf"\b(?:{label})\b[\s.:#(-]*(?:(?:number|no|num|details?|code|is|was|on|of|me|us|him|her|at|reference|ref|"
        rf"the|my)\b[\s.:#(-]*){{0,4}}(?P<value>{value})",
        _FLAGS,
    )


def _look(value: str) -> re.Pattern[str]:
    return re.compile(rf"(?P<value>{value})", _FLAGS)


_BORN = r"d\.?o\.?b|date\s+of\s+birth|born(?:\s+on)?|birthday"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?[\s./-]+(?:of\s+)?(?:\d{1,2}|[a-z]{3,9}),?[\s./-]+\d{2,4}\b"
_NI_PREFIX = "(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
_NI_DIGITS = rf"(?:{_SPACED}\d\d){{3}}{_SPACED}"
_AT = r"\s?[\[({]\s?at\s?[\])}]\s?"
_DOT = r"(?:\.|\s?[\[({]\s?dot\s?[\])}]\s?|\sdot\s)"
_UK_CODE = r"\(?(?:\+|00)\s?44\)?[\s.-]*(?:\(0\)[\s.-]*|0)?|\b44\s?(?=\d{4})|\(?0"
_CALL = r"phone|telephone|tel|mobile|mob|whatsapp|landline|(?:call|ring|text)\s+(?:me|us|him|her|on)"
_IBAN = r"[A-Z]{2}\d\d\s?[A-Z]{4}"
_ALONE = r"(?<![\d£€$+.,-])"  # no part of an amount or of a longer number
_NAMED_STREET = r"(?-i:(?!(?:Community|Local|New|Million)\b)[A-Z][\w'’.-]*\s+){1,3}"
_ENDS = (
    r"(?=\s*(?:$|[.,;:?!)\[])|\s+(?:in|and|near|where|which|is|has|but|since|so|i|we|my|who|with|for|to)\b)"
)

# In this order: the digits of a card may begin as a phone number does.
_KINDS = (
    _Kind(EMAIL, _look(r"[\w.+'’&%=-]{1,64}\s?@\s?(?:[\w-]{1,63}\.){1,6}[^\W\d_]{2,24}")),
    _Kind(EMAIL, _look(rf"[\w.+-]{{1,64}}{_AT}[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{1,5}}")),
    _Kind(EMAIL, _look(r"[\w.+-]{1,64}\sat\s[\w-]{1,63}(?:\sdot\s[\w-]{1,63}){1,5}")),
    _Kind(NI_NUMBER, _look(rf"\b{_NI_PREFIX}{_NI_DIGITS}[A-D]\b")),
    _Kind(
        NI_NUMBER,
        _labelled(
            r"national\s+insurance|n\.?i\.?|nino", rf"[A-Z]{{2}}(?:{_SPACED}\d){{6}}(?:{_SPACED}[A-Z]\b)?"
        ),
    ),
    _Kind(BORN, _labelled(_BORN, _DAY)),
    _Kind(SORT_CODE, _labelled(r"sort\s*-?\s*code|s/c", r"\d\d[\s.-]?\d\d[\s.-]?\d\d\b")),
    _Kind(ACCOUNT, _labelled("account|acc|acct|a/c|iban", rf"(?:{_IBAN}[\s-]?)?\d(?:[\s-]?\d){{5,17}}\b")),
    _Kind(ACCOUNT, _look(rf"\b{_IBAN}(?:\s?\d){{14}}\b")),
    _Kind(CARD, _look(rf"{_ALONE}\d(?:[\s-]?\d){{12,18}}(?!,?\d)"), is_card_number),
    _Kind(NHS_NUMBER, _look(rf"{_ALONE}\d{{3}}[\s-]?\d{{3}}[\s-]?\d{{4}}(?!,?\d)"), is_nhs_number),
    _Kind(NHS_NUMBER, _labelled("nhs", r"\d(?:[\s-]?\d){8,10}\b")),
    _Kind(
        PHONE, _look(rf"(?<![\d£])(?<!\d[.,])(?:{_UK_CODE})[\s.-]?[1-9](?:[\s().-]{{0,3}}\d){{8,9}}(?!\d)")
    ),
    _Kind(PHONE, _look(r"(?<!\w)\+\d(?:[\s().-]{0,2}\d){7,14}(?!\d)")),
    _Kind(PHONE, _labelled(_CALL, r"(?!(?:19|20)\d\d\b)\d(?:[\s-]?\d){5,13}\b")),
    _Kind(SORT_CODE, _look(r"(?<![\d£/.-])\d\d-\d\d-\d\d(?![\d/-])"), _is_no_day),
    _Kind(NUMBER, _look(rf"{_ALONE}(?:\d{{9,}}|\d{{3}}[\s-]\d{{3}}[\s-]\d{{4}})(?!,?\d|%)")),
    _Kind(NUMBER, _look(rf"{_ALONE}\d{{4}}(?:[\s-]\d{{4}}){{3}}(?![,-]?\d|%)")),
    _Kind(
        POSTCODE,
        _look(rf"\b(?:{'|'.join(_AREAS)})\d[A-HJKMNP-Y\d]?[\s-]{{0,2}}[\dO][ABD-HJLNP-UW-Z]{{2}}\b"),
    ),
    _Kind(ADDRESS, _look(rf"{_HOUSE}\s+{_NAMED_STREET}(?-i:(?=[A-Z]))(?:{_STREETS})\b")),
    _Kind(
        ADDRESS,
        _look(rf"{_HOUSE}\s+(?:(?!(?:{_NO_STREET})\b)[a-z][\w'’]+\s+){{1,2}}(?:{_SURE_STREETS})\b{_ENDS}"),
    ),
)


def mask(text: str) -> str:
    """Put the name of its kind in the place of each piece of personal data."""
    for kind in _KINDS:
        text = _masked(text, kind.mask, _found(kind, text))
    return _masked(text, NAME, find_names(text))


def _found(kind: _Kind, text: str) -> Iterator[tuple[int, int]]:
    for found in kind.looks.finditer(text):
        if not _YEARS.fullmatch(found["value"]) and kind.holds(found["value"]):
            yield found.span("value")


def _masked(text: str, mask: str, spans: Iterable[tuple[int, int]]) -> str:
    """Put the mask over the spans; those that touch become one."""
    kept: list[str] = []
    end = 0
    for start, stop in sorted(spans):
        if start >= end:
            gap = text[end:start]
            if not (kept and gap.isspace()):
                kept += [gap, mask]
        end = max(end, stop)
    return "".join((*kept, text[end:]))
