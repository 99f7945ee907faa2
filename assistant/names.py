"""Where a text says a person's name: "my mum Ada Field", "I am …", "my name is …", "Mrs …", "Regards, …"."""

import re
from collections.abc import Iterator

# Whom people speak of with "my". Not here: council, ward, charity and the like, whose names are no secret.
_FAMILY = """
mum mummy mam mom mother dad daddy father parents? stepmum stepdad stepmother stepfather husband wife spouse
fianc[eé]e? boyfriend girlfriend ex son daughter stepson stepdaughter child baby kids? boy girl twins?
brother sister sibling nan nana nanna nanny gran granny grandma grandmother grandad granddad grandpa
grandfather grandson granddaughter grandchild aunt auntie aunty uncle cousin niece nephew mate friend lad lass
""".split()
_OTHERS = """
partner neighbou?r flatmate housemate landlord landlady lodger tenant colleague co-?worker boss manager
supervisor assistant mentor intern apprentice employee volunteer carer caregiver guardian client
customer patient resident applicant complainant pupil student gp doctor nurse midwife therapist counsellor
solicitor (?:social|support|key|case|youth)[ -]?worker contact councillor mp
""".split()

# First names that are no other word in small letters; a name in small letters is known by its first.
_FIRST = """
aaron abdul abigail ada adam adrian agnes ahmed aisha alan albert alex alexander alexandra alfie ali alice
alison amanda amelia amina amy andrea andrew angela anita ann anna anne annie anthony antonia arthur asha
ashley audrey barbara barry beatrice ben benjamin bernard beth bethany betty beverley brenda brian bridget
callum carl carol caroline carolyn catherine charles charlie charlotte chloe chris christine christopher
claire clare colin connor craig daisy daniel danielle darren dave david deborah debbie denise dennis derek
diana diane donna doreen doris dorothy douglas duncan dylan eddie edith edward eileen elaine eleanor elizabeth
ella ellen elsie emily emma eric erica ethan ethel eva evelyn fatima fiona florence frances francis freddie
gareth gary gavin gemma geoff geoffrey george georgia gerald gillian glenn gordon graham gwen hannah harriet
harry hasan hassan heather helen henry hilda holly howard hugh hussein ian ibrahim imran irene isaac isabel
isabella isla jacob jacqueline jake james jamie jane janet janice jasmine jason jayne jean jeff jeffrey
jennifer jenny jeremy jessica jill jim joan joanna joanne jodie joe joel john jonathan jordan joseph josephine
josh joshua joyce judith julia julian julie karen kate katherine kathleen kathryn katie keith kelly ken
kenneth kerry kevin khalid kieran kim kirsty kyle laura lauren lawrence leanne lee leo lesley leslie lewis
liam lilian linda lindsay lisa liz lorraine louis louise lucy luke lynn lynne mabel malcolm margaret maria
marian marie marion marjorie martin martyn mary matthew maureen maurice mavis megan mehmet melanie melissa
mia michael michelle mike mildred miriam mohamed mohammad mohammed molly monica muhammad muriel nadia nancy
naomi natalie natasha nathan neil nicholas nicola nigel nina noah norah noreen norma olive oliver olivia omar
oscar pamela patricia patrick paul paula pauline peter philip phillip phoebe phyllis priya rachel rajesh
ralph raymond rebecca reginald richard rita robert roger ronald rosemary rosie roy russell ruth ryan sabrina
sadia samantha samuel sandra sanjay sara sarah sean sebastian shannon sharon sheila shirley simon sophia
sophie stacey stanley stephanie stephen steve steven stewart stuart susan suzanne sylvia teresa terence
thelma theresa thomas tim timothy tina toby tom tony tracey trevor usman valerie vanessa veronica victoria
vincent violet walter wayne wendy wilfred william winifred yasmin yusuf yvonne zainab zara zoe
""".split()

# A run of capitals with one of these is an office, a body, a place, a title of something: no person.
_NO_PERSON = frozenset(
    """
academy acting act adult adults age alliance area assembly assistant association authority bid big bill
board borough brexit britain british bureau business cabinet campaign care case cabinets ceo cfo chair
chairman chairwoman charity chief children cic city client college combined commission commissioner
commissioners commissioning committee communities community company consortium contract contracts
cooperative co-operative corporate council councillor councils county covid debt democratic department
deputy development digital director district east economic economies england english enterprise essay
european event executive federation finance forum foundation framework fund general government grant
greater green group head health home hospital house housing hub human information innovation institute
integrated interim introduction investment joint junior keep labour lead leader legal lib library
lincolnshire local locality london lord low manager manifesto market mayor member midlands ministry
model monitoring mp national neighbourhood neighbourhoods network new nhs no north northern office officer
operations organisation org outcomes parish parliament part partnership partnerships people place places
planning police policy portfolio practice press prevention primary principle principles private
procurement programme project provider providers public regional registered report royal school scotland
scottish scrutiny secretary section senior service services shire sme social society solace south
southern specialist spend st standing state strategic strategy supply support team tender tendering third
thriving toolkit town towns trading treasurer treasury trust uk uni union unitary university upper value
vcse vice voluntary volunteer wales ward welfare welsh west wealth work yorkshire
""".split()
)
# With one of these, in small letters or at the beginning of a sentence, a name is over.
_NO_NAME = frozenset(
    """
march april may june july august september october november december january february monday tuesday
wednesday thursday friday saturday sunday i i'm i’m we you he she they this that these those there here
when which can could should would will do does did has have had are was were if but or so not yes hi
hello dear thanks please just also from about at by as an a my our your his her their is it in and the to
with what how who why where for of on being going needed used known given too very now still only after
before then because than up out off down over under listed missing wrong spelt spelled written mentioned
there's it's into always never needs wants says said lives
    """.split()
)

_TITLE = r"(?:(?:mr|mrs|ms|miss|mx|dr|prof|professor|cllr|councillor|rev|reverend|sir)\.?\s+)?"
_CAPITAL = r"(?-i:[A-Z]\.(?=\s)|[A-ZÀ-ÖØ-Þ][\w-]*(?:['’][A-ZÀ-Þ]\w+)?)"
_CAPITALS = rf"{_CAPITAL}(?:\s+(?:(?-i:de|van|von|bin|al|el|la|du|ap)\s+){{0,2}}{_CAPITAL}){{0,3}}"
_SMALL = r"(?-i:[a-zà-ÿ][\w'’-]+)"
_FULL_SMALL = rf"(?-i:{'|'.join(_FIRST)})\b(?:\s+{_SMALL})?"
_ANY_SMALL = rf"{_SMALL}(?:\s+{_SMALL})?"
_CALLED = (
    r"(?:['’]s\s+(?:full\s+)?name\s+is|['’]s\s+called|is\s+called|who(?:\s+is|['’]s)\s+called|is|was|named|"
    r"called|whose\s+name\s+is|who(?:\s+is|['’]s)|name)"
)
_IS_CALLED = (
    r"(?:\b(?:my|his|her|their|whose|full|first|last)\s+(?:(?:full|real|own|first|last)\s+)?(?:sur)?name"
    r"(?:['’]?s|\s+is|\s*:|\s+was)?\s+|\bname\s*:\s*|\bi(?:\s+am|['’]?m)\s+called\s+)"
)
_I_AM = r"\b(?:i\s+am|i['’]?m)\s*,?\s+"
_THIS_IS = r"\b(?:this\s+is|it\s+is|it['’]s)\s*,?\s+"
_THE_CLIENT = (
    r"\b(?:the|a)\s+(?:client|patient|tenant|resident|applicant|complainant|claimant|pupil)\b[\s,:(]*"
)
_NO_BODY = r"(?!['’]s?\b|\s+(?:council|borough|city|county|trust|charity|based)\b)"
_REACHED = r"(?=[\s,:;(–-]*\[(?:e-mail|phone|address|NHS|National|date|account|card|sort))"
_SOMEBODY = r"\b(?:my|our|his|her|their)\s+(?:[\w'’-]+,?\s+){0,3}?\b"
_AND_CALLED = rf"(?:-in-law|\s+in\s+law)?\b[\s,:(–-]*(?:{_CALLED}\s+)?"
_HIS_MUM = rf"{_SOMEBODY}(?:{'|'.join(_FAMILY)}){_AND_CALLED}"
_OURS = r"(?!\bour\s+(?:\w+\s+)?partner)"  # mostly an organisation
_HIS_BOSS = rf"{_OURS}{_SOMEBODY}(?:{'|'.join(_OTHERS)}){_AND_CALLED}"
_SIGNED = r"(?:\bregards|\bthanks|\bthank\s+you|\bcheers|\bsincerely|\bfaithfully|\bsigned|\bbest\s+wishes)"

# How a name is led in, the name, and how many words it has at least where nothing but capitals shows it.
_FLAGS = re.IGNORECASE
_INTRODUCED = (
    (re.compile(rf"{_IS_CALLED}{_TITLE}(?P<name>{_CAPITALS}|{_ANY_SMALL})", _FLAGS), 1),
    (re.compile(rf"{_HIS_MUM}{_TITLE}(?P<name>{_CAPITALS}|{_FULL_SMALL}\b)", _FLAGS), 1),
    (re.compile(rf"{_HIS_BOSS}{_TITLE}(?P<name>{_CAPITALS}|{_FULL_SMALL}\b)", _FLAGS), 2),
    (re.compile(rf"{_THE_CLIENT}{_TITLE}(?P<name>{_CAPITALS})", _FLAGS), 2),
    (re.compile(rf"{_I_AM}{_TITLE}(?P<name>(?>{_CAPITALS})|{_FULL_SMALL}\b){_NO_BODY}", _FLAGS), 2),
    (re.compile(rf"{_I_AM}{_TITLE}(?P<name>{_CAPITAL})(?=\s+from\b)", _FLAGS), 1),
    (re.compile(rf"\bthis\s+is\s+{_TITLE}(?P<name>(?>{_CAPITALS})|{_FULL_SMALL}\b){_NO_BODY}", _FLAGS), 2),
    (
        re.compile(
            rf"{_THIS_IS}{_TITLE}(?P<name>{_CAPITALS})(?=\s+(?:here|again|speaking|calling)\b)", _FLAGS
        ),
        1,
    ),
    (re.compile(rf"(?P<name>{_CAPITALS}){_REACHED}", _FLAGS), 2),
    (re.compile(rf"\b(?:mr|mrs|ms|miss|mx)\.?\s+(?P<name>{_CAPITALS})", _FLAGS), 1),
    (re.compile(rf"{_SIGNED}[\s,.!–-]+(?P<name>{_CAPITALS}|{_FULL_SMALL}\b)[\s.]*$", _FLAGS), 2),
    (re.compile(rf"^\W*(?P<name>{_CAPITALS})\s+here\b", _FLAGS), 2),
)


def find_names(text: str) -> tuple[tuple[int, int], ...]:
    """Return where names of persons begin and end: those that are led in, and where they come again."""
    led_in = tuple(dict.fromkeys(_led_in(text)))
    words = {word for start, end in led_in for word in _words(text[start:end]) if _is_telling(word)}
    if not words:
        return led_in
    again = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(words)))})\b")
    return (*led_in, *(found.span() for found in again.finditer(text)))


def _led_in(text: str) -> Iterator[tuple[int, int]]:
    for pattern, least in _INTRODUCED:
        for found in pattern.finditer(text):
            name = _person(found["name"])
            if name and (len(_words(name)) >= least or _is_known(name)):
                yield found.start("name"), found.start("name") + len(name)


def _person(name: str) -> str:
    """Return the words of it that name a person; nothing where they name an office, a body or a place."""
    words = list(re.finditer(r"\S+", name))
    over = next((word.start() for word in words if _plain(word[0]) in _NO_NAME), len(name))
    kept = name[:over].rstrip()
    body = next((word.start() for word in words if _plain(word[0]) in _NO_PERSON), over)
    if body < over:  # "Leeds City Council" is no person; "Ada Field Housing" is one before it
        kept = kept[:body].rstrip()
        return _without_ending(kept) if kept and _is_known(kept) else ""
    return _without_ending(kept)


def _plain(word: str) -> str:
    return re.sub(r"['’]s$", "", word.lower().rstrip("."))


def _without_ending(name: str) -> str:
    return re.sub(r"(?:['’]s?|[.-]+)$", "", name)


def _words(name: str) -> list[str]:
    return re.findall(r"[\w'’-]+", name)


def _is_known(name: str) -> bool:
    return _words(name)[0].lower() in _FIRST


def _is_telling(word: str) -> bool:
    """Tell whether a word of a name names the person by itself, wherever it comes again."""
    return len(word) > 2 and word[0].isupper() and word.lower() not in _NO_PERSON | _NO_NAME
