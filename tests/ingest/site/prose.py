"""Invented text: sentences about councils and community organisations that nobody has written."""

import random
from collections.abc import Iterator

SLOTS = {
    "council": "Aldermoor Council|the county council|Thornby District Council|the unitary authority|"
    "Westerleigh City Council|the combined authority|Hexcombe Borough Council|the town council",
    "group": "Fairmead Community Hub|the Lantern Trust|Saltbridge Neighbours|the Old Mill Association|"
    "Copperfield Settlement|the Harbour Street Project|Ryecroft Together|St Oswin’s Centre",
    "service": "home care|debt advice|youth work|welfare rights|the befriending scheme|family support|"
    "the library|mental health day services|the lunch club|employment coaching|the winter shelter",
    "people": "older residents|young carers|tenants|families with small children|people who live alone|"
    "newly arrived neighbours|commissioners|front-line staff|volunteers|parish councillors",
    "thing": "the grant agreement|the framework|a three-year contract|the tender|an asset transfer|"
    "the service specification|a memorandum of understanding|the alliance agreement",
    "gain": "fewer emergency admissions|shorter waiting lists|steadier staffing|more local jobs|"
    "calls answered the same day|a fuller hall on weekdays|better use of empty rooms|lower travel costs",
    "cost": "£48,000|£1.2 million|£310,500|£7,250|£96,000|£2.4m|£640|£150 a week",
    "share": "one in five|62%|almost half|a third|81 per cent|seven out of ten|nine in every hundred",
    "count": "14|230|1,140|six|thirty-two|about 400|more than 2,000|eleven",
    "year": "2009|2012|2014|2016|2017|2019|2020|2021",
    "place": "Aldermoor|Thornby|the Saltbridge estate|Westerleigh|the Quay ward|Hexcombe|Ryecroft|Lower Marl",
    "who": "Amara Finch|Councillor Tom Ridley|Dr. Lena Okafor|Priya Watling|Gethin Moss|Sheila O’Dowd",
}

TEMPLATES = """
In {year} {council} paid {cost} for {service}, and {group} delivered it from a shopfront in {place}.
{People} told us that {service} only worked once somebody they knew was on the other side of the desk.
{Council} decided to divide {thing} into {count} smaller lots so that {group} could bid for one of them.
“We had been asked for evidence for years,” says {who}, “and nobody had ever asked what we'd do with it.”
By the end of {year}, {share} of referrals to {service} came from {people} rather than from a professional.
The result, according to {group}, was {gain} within {count} months of the first meeting.
None of this would have been possible if {council} had kept to the timetable in {thing}.
{Group} employs {count} people from {place}, most of whom first came through the door as volunteers.
What {people} wanted was not another survey; they wanted {service} to be open on a Friday evening.
{Council} now asks every bidder how {thing} would bring {gain} to {place}.
An independent review (published in {year}) put the saving at {cost} for each household it followed.
It took {count} drafts before {thing} said in plain words who was responsible for {service}.
For {people}, the difference between {service} and nothing at all was often a single telephone call.
{Who} remembers the evening when {group} was told that {thing} would not be renewed.
Rather than tender again, {council} extended {thing} and moved {cost} from reserves into {service}.
{Share} of the budget for {service} is now spent with organisations that are based in {place}.
There is, however, no guarantee that {gain} will follow when {thing} is copied from one district to the next.
Officers visited {group} in {place} before they wrote a line of the specification for {service}.
Since {year} the building has housed {service}, a nursery and {count} desks for {people}.
“Trust arrives on foot and leaves on horseback,” as {who} likes to say of {thing}.
The cost of running {service} from {place} fell by {cost}, and {gain} came as a surprise to everyone.
{Group} and {council} share one waiting list, which is why {people} are no longer assessed twice.
Some {people} were sceptical: they had seen {thing} come and go in {year} without much to show for it.
A small fund of {cost} lets {people} try out an idea for {service} without writing a business plan.
{Council} measures {gain} alongside price when it weighs bids for {service}.
In the first winter {group} supported {count} households in {place}, {share} of them for the first time.
The lesson for {council} was that {service} is a relationship before it is a transaction.
After a difficult year, {group} took over the lease in {place} and reopened {service} with {count} volunteers.
{Who}, who led the work for {council}, describes {thing} as the least exciting document of her career.
Social value counts for {share} of the marks in {thing}, up from almost nothing in {year}.
Staff from {group} and {council} meet every fortnight, and {people} set the first item of the agenda.
That is a modest sum beside the {cost} that {council} spends each year on {service} outside {place}.
Where {thing} runs for five years, {group} can train {people} and keep them.
“If you want {gain}, you have to let go of the steering wheel,” {who} told the scrutiny committee.
It is too early to say whether {service} caused the change, but {gain} was recorded in {place} every month.
{Council} published its reasons, and {group} was invited to comment on {thing} before it was signed.
"""

STARTS = ["", "", "", "", "Even so, ", "In practice ", "At the same time, ", "Locally, ", "Three years on, "]
TOPICS = """Why did {council} change course?|What happened to {service}|Starting with {people}|The money
|Who runs {service} now?|Lessons for other councils|How {group} began|A different kind of {thing_}
|What it took|From {thing_} to trust|Room for {people}|Looking ahead|Working with {group}"""
ITEMS = """give {people} a say in {service};|pay for {service} up front, in {place} first;
|publish {thing} for {service};|ask {group} before {thing} is drafted;|keep {gain} in view for {people};
|visit {place} with {people};""".replace("\n", "")
_HEADINGS = [line.strip() for line in TOPICS.replace("\n", "").split("|")]
_BODY = [line for line in TEMPLATES.strip().splitlines() if line]


class Prose:
    """Invented sentences for one page; none comes twice, on any page made with the same `said`."""

    def __init__(self, seed: int, said: set[str]) -> None:
        self._random = random.Random(seed)
        self._said = said

    def sentence(self) -> str:
        """Return a sentence that has not been said."""
        while True:
            text = self._filled(self._random.choice(_BODY))
            start = self._random.choice(STARTS)
            if start and text.split()[0] in ("The", "A", "In", "It", "There", "That", "None", "What"):
                text = start + text[0].lower() + text[1:]
            if text not in self._said:
                self._said.add(text)
                return text

    def paragraph(self, low: int = 2, high: int = 5) -> list[str]:
        """Return some sentences that stand together."""
        return [self.sentence() for _ in range(self._random.randint(low, high))]

    def headings(self) -> Iterator[str]:
        """Return headings, none twice."""
        for template in self._random.sample(_HEADINGS, len(_HEADINGS)):
            yield self._filled(template)

    def phrase(self, slot: str) -> str:
        """Return one of the fillers."""
        return self._random.choice(SLOTS[slot].split("|"))

    def item(self) -> str:
        """Return a line for a list that has not been said."""
        while True:
            text = self._filled(self._random.choice(ITEMS.split("|")))
            if text not in self._said:
                self._said.add(text)
                return text

    def choice(self, options: list[str]) -> str:
        """Return one of the options."""
        return self._random.choice(options)

    def _filled(self, template: str) -> str:
        for name in SLOTS:
            while "{" + name + "}" in template:
                template = template.replace("{" + name + "}", self.phrase(name), 1)
            capital = name[0].upper() + name[1:]
            while "{" + capital + "}" in template:
                filler = self.phrase(name)
                template = template.replace("{" + capital + "}", filler[0].upper() + filler[1:], 1)
        return template.replace("{thing_}", self.phrase("thing").split(" ", 1)[1])
