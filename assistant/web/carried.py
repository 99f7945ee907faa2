"""What a form carries along unseen."""

from collections.abc import Sequence

from assistant.vocabulary import Turn
from assistant.web.chatting import Asked
from assistant.web.markup import Html, element, join

MOST_TURNS = 4  # the last two exchanges, which the largest body that is taken has room for


def said_before(turns: Sequence[Turn]) -> Html:
    """Carry the conversation, of which the server keeps nothing."""
    return join(*(hidden(turn.role, turn.text) for turn in turns[-MOST_TURNS:]))


def filters(where: Asked) -> Html:
    """Carry where to look."""
    principles = (hidden("principle", str(number)) for number in where.principles)
    return join(*principles, *(hidden("kind", kind) for kind in where.kinds))


def hidden(name: str, value: str) -> Html:
    """Carry one value."""
    return element("input", type="hidden", name=name, value=value)
