"""Reads HTML as a browser would, for tests of what is drawn."""

from datetime import date
from html.parser import HTMLParser

from assistant.vocabulary import Answer, Done, Question
from assistant.web.exchange import Exchange


class Reader(HTMLParser):
    """Takes HTML apart into its elements, with their attributes and what they say."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []
        self.open: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("img", "input", "meta", "link"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("img", "input", "meta", "link"):
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    @property
    def text(self) -> str:
        return "".join(self.said)

    def all(self, name: str, /, **attributes: str) -> list[dict[str, str | None]]:
        wanted = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
        return [has for tag, has in self.elements if tag == name and wanted.items() <= has.items()]


def exchange(answer: Answer) -> Exchange:
    asked = Exchange(Question(answer.question_used), date(2026, 11, 22))
    return asked.after(Done(answer))
