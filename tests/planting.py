"""Questions with invented personal data in them, the same at every run, to measure the masking with."""

import re
from collections.abc import Callable, Iterator
from itertools import cycle
from random import Random

# In no order that the masking knows of; some of the names are in no list of first names.
PEOPLE = tuple(
    "Ada Field| Blodwen Pritchard| Oluwaseun Adeyemi| Siobhan O'Neill| Jean-Luc Moreau| Mary Ann Shore| "
    "Priya Raghunathan| Tomasz Kowalczyk| Ngozi Okafor| Mohammed Al-Rashid| Ben McAllister| Zeynep Kaya| "
    "Rhys ap Gwilym| Xiu Ying Chen| Hyacinth Bell-Moore| Dafydd Lloyd| Kwame Mensah| Joan Whitby| "
    "Ewa Nowak| Harjit Singh Gill".split("| ")
)
NAMED = (
    "My name is {} and I run a lunch club. How do I bid for a council contract?",
    "my mum {} waits for home care. What does the essay say about early intervention?",
    "I'm {}, a carer in Leeds. Which case study is about mental health?",
    "I am {} and I'd like to know what the Oldham Model is",
    "Hello, this is {} from the parish office. What is a reserved contract?",
    "Can the council refuse my daughter, {}, a place at the community centre?",
    "My neighbour {} lost her day centre. What did Bradford do?",
    "my late husband {} volunteered at a food bank; does local spend help such groups?",
    "What is social value? Kind regards, {}",
    "Our client {} has been moved between three services. Who writes about silos?",
    "my 82-year-old dad is called {} and needs meals on wheels. Is there evidence for small providers?",
    "Mrs {} asked me whether procurement law allows reserved contracts",
    "Her name is {}. Would a Keep it Local council fund her project?",
    "my brother-in-law {} thinks scale saves money, is that so?",
    "It's {} here, again about the Network: who convenes it?",
    "What did Newcastle spend locally? Thanks, {}",
)
SMALL = (
    "my name is {} how do we join the network",
    "i'm {} and i chair a charity, what are the six principles",
    "my nan {} cant get a carer what would keep it local do",
)
SMALL_PEOPLE = ("ada field", "joan whitby", "mohammed rashid", "susan shore", "kevin o'neill")
STREETS = (
    "12 Acacia Avenue", "Flat 3, 47 Station Road", "8a Mill Lane", "221 Queen Victoria Street",
    "5 St Mary's Close",
    "16 Orchard Gardens", "90 Lower Hill Crescent", "3 The Green", "14 elm grove",
    "102 Park Terrace", "27 Bishopsgate Court", "6 Kirkgate Mews",
)  # fmt: skip
LIVING = (
    "I live at {}. Which of these services is near me?",
    "Why was the library near {}, closed and what does the essay say about that?",
    "They moved us to {} and the day centre is gone, who decides?",
    "our hall, {}: could it be used for neighbourhood services?",
)
BESIDE = (
    "You can write to me, {}, but first: what is the Oldham Model?",
    "{} is mine. How did Leeds merge its contracts?",
    "What should a commissioner ask procurement? ({})",
    "please send the case studies to {}",
    "How can small groups win contracts? My details: {}.",
)


def planted(number: int = 200) -> tuple[tuple[str, str], ...]:
    """Return questions, each with what must not be left of it."""
    random = Random(20261122)
    makers: tuple[Callable[[Random], tuple[str, str]], ...] = (
        _name, _email, _phone, _postcode, _name, _nhs, _insurance, _street, _name, _bank, _phone, _small,
    )  # fmt: skip
    cases: dict[tuple[str, str], None] = {}
    for make in cycle(makers):
        if len(cases) == number:
            break
        cases[make(random)] = None
    return tuple(cases)


def _said(random: Random, frames: tuple[str, ...], secret: str) -> tuple[str, str]:
    return random.choice(frames).format(secret), secret


def _name(random: Random) -> tuple[str, str]:
    return _said(random, NAMED, random.choice(PEOPLE))


def _small(random: Random) -> tuple[str, str]:
    return _said(random, SMALL, random.choice(SMALL_PEOPLE))


def _street(random: Random) -> tuple[str, str]:
    return _said(random, LIVING, random.choice(STREETS))


def _email(random: Random) -> tuple[str, str]:
    first, last = random.choice(PEOPLE).lower().replace("'", "").split()[:2]
    shape = random.choice(
        (
            "{0}.{1}@example.org",
            "{1}{0}71@mail.example.co.uk",
            "{0}_{1}+kil@example.gov.uk",
            "{0} (at) example.org",
        )
    )
    return _said(random, BESIDE, shape.format(first, last))


def _digits(random: Random, number: int) -> str:
    return "".join(random.choice("0123456789") for _ in range(number))


def _phone(random: Random) -> tuple[str, str]:
    """Use the numbers that are kept free for films, in the ways in which people write them."""
    last = _digits(random, 3)
    written = random.choice(
        ("07700 900{}", "07700900{}", "+44 7700 900{}", "+44 (0)20 7946 0{}", "020 7946 0{}",
         "(0113) 496 0{}", "0113-496-0{}", "01632 960{}", "01632 960 {}", "0044 7700 900 {}", "0161.496.0{}")
    )  # fmt: skip
    return _said(random, BESIDE, written.format(last))


def _postcode(random: Random) -> tuple[str, str]:
    area = random.choice(("LS", "M", "SW1A ", "EC1V ", "BD", "OL", "B", "NE", "W1J "))
    outward = area if area.endswith(" ") else f"{area}{random.randint(1, 22)} "
    code = f"{outward}{random.randint(1, 9)}{''.join(random.choice('ABDEFGHJLNPQRSTUWXYZ') for _ in '12')}"
    code = random.choice((code, code.lower(), code.replace(" ", "")))
    return _said(
        random, ("I live in {}. Is there a lunch club?", "we're at {}, who convenes the network?"), code
    )


def _nhs(random: Random) -> tuple[str, str]:
    check = 10
    while check == 10:
        digits = f"9{_digits(random, 8)}"
        check = -sum(int(digit) * (10 - place) for place, digit in enumerate(digits)) % 11
    number = f"{digits}{check}"
    spaced = f"{number[:3]} {number[3:6]} {number[6:]}"
    frames = ("My NHS number is {}, who pays for social prescribing?", *BESIDE)
    return _said(random, frames, random.choice((number, spaced, spaced.replace(" ", "-"))))


def _insurance(random: Random) -> tuple[str, str]:
    pairs = [random.choice(("AB", "JG", "SL", "WM", "PX")), *(_digits(random, 2) for _ in "123")]
    number = random.choice((" ", "", "-")).join((*pairs, random.choice("ABCD")))
    frames = ("NI number {}: am I owed a service?", *BESIDE)
    return _said(random, frames, random.choice((number, number.lower())))


def _bank(random: Random) -> tuple[str, str]:
    card = f"4{_digits(random, 14)}"
    odd = sum(sum(divmod(int(digit) * 2, 10)) for digit in card[::2])
    card += str(-(odd + sum(map(int, card[1::2]))) % 10)
    account = _digits(random, 8)
    return random.choice(
        (
            _said(random, BESIDE, " ".join(card[start : start + 4] for start in range(0, 16, 4))),
            _said(random, BESIDE, card),
            _said(
                random,
                ("pay account {} please, and what is social value?", "Acc no. {}: who gets the grant?"),
                account,
            ),
            _said(
                random,
                ("sort code {}: who is paid in advance?",),
                f"20-45-{_digits(random, 2)}",
            ),
        )
    )


def left_of(secret: str, masked: str) -> Iterator[str]:
    """Yield the parts of a secret that can still be read."""
    told = set(re.findall(r"[^\s,.;:?!()]+", masked.lower()))
    parts = re.findall(r"[^\s,.;:?!()]+", secret.lower())
    yield from (
        part for part in parts if part in told and len(part) > 1 and part not in ("the", "flat", "at")
    )
