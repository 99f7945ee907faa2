"""Hands chosen answers of a conversation to the page: as a file, or to be pasted."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from assistant.web.exchange import Exchange
from assistant.web.markup import Html, element
from assistant.web.papers import MEDIA_TYPES, file_name, paper
from assistant.web.references import plain_text, rich_text

COPY = "copy"

Exchanges = tuple[Exchange, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader wants to take away: how, and which answers, counted from 1; none is all."""

    kind: str
    numbers: tuple[int, ...] = ()

    @classmethod
    def sent(cls, data: object) -> Self:
        """Read what the page sent."""
        fields = data if isinstance(data, Mapping) else {}
        numbers = fields.get("numbers")
        listed = numbers if isinstance(numbers, list) else []
        kinds = (kind for kind in MEDIA_TYPES if kind == fields.get("kind"))
        return cls(next(kinds, COPY), tuple(n for n in listed if isinstance(n, int)))

    def of(self, exchanges: Exchanges) -> Exchanges:
        """Choose from a conversation, in its order; what is not answered yet is left out."""
        counted = enumerate(exchanges, 1)
        return tuple(
            exchange
            for number, exchange in counted
            if exchange.answer and (not self.numbers or number in self.numbers)
        )


def taken(kind: str, exchanges: Exchanges) -> Html:
    """Write what the script gives to the reader, and to nobody else."""
    if kind == COPY:
        return element("span", data_copy=plain_text(*exchanges), data_rich=rich_text(*exchanges))
    content = b64encode(paper(kind, exchanges)).decode()
    day = max(exchange.asked_on for exchange in exchanges)
    return element("span", data_content=content, data_name=file_name(kind, day), data_type=MEDIA_TYPES[kind])
