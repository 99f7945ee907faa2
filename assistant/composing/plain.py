"""Plain words out of what a model or a reader wrote: no markup, no links, nothing that can't be seen."""

import html
import re
import unicodedata

_SCRIPTS = re.compile(r"<\s*(script|style|svg|iframe)\b.*?(?:</\s*\1\s*>|$)", re.IGNORECASE | re.DOTALL)
_TAGS = re.compile(r"<!--.*?-->|</?[a-z!?|][^<>]*>", re.IGNORECASE | re.DOTALL)
_IMAGES = re.compile(r"!\[[^\[\]]*\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\[\]]*\])?")
_LINKS = re.compile(r"\[([^\[\]]+)\]\([^()]*(?:\([^()]*\)[^()]*)*\)")
_DEFINITIONS = re.compile(r"^\s*\[[^\[\]]+\]:\s*\S+.*$", re.MULTILINE)
_ADDRESSES = re.compile(
    r"\b(?:https?|ftp|file|data|javascript|vbscript|mailto|tel)\s*:(?:/{0,2})\S+|//\S+\.\S+|\bwww\.\S+|\S+@\S+\.\S+",
    re.IGNORECASE,
)
_EMPHASIS = re.compile(r"[*`~]+|(?<!\w)_+|_+(?!\w)")
# Angle brackets of every script: a look-alike closes a fence for a model as well as the real one does.
_ANGLES = str.maketrans(dict.fromkeys("<＜﹤‹〈《⟨⧼❮❬", "(") | dict.fromkeys(">＞﹥›〉》⟩⧽❯❭", ")"))
_SQUARES = str.maketrans(
    {"[": "(", "]": ")", "【": "(", "】": ")", "［": "(", "］": ")", "〔": "(", "〕": ")"}
)
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
_ROUNDS = 5  # of taking markup out of markup, such as <<b>script>


def plain_text(text: str) -> str:
    """Take markup and links out; their words stay. Square brackets that are no link stay too."""
    text = _folded(visible(text))
    for _ in range(_ROUNDS):
        before, text = text, _unmarked(html.unescape(text))
        if text == before:
            break
    return text.replace("<", "").replace(">", "").replace("\\", "")


def visible(text: str) -> str:
    """Take out what can't be seen, such as zero-width letters and tags; line breaks stay."""
    if text.isprintable():
        return text
    return "".join(
        letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in _UNSEEN
    )


def _folded(text: str) -> str:
    """Write letters that are only dressed up, such as wide or bold ones, as the letters that they are."""
    if text.isascii():
        return text
    return "".join(
        plain if letter.isalpha() and (plain := unicodedata.normalize("NFKC", letter)).isascii() else letter
        for letter in text
    )


def fenced(text: str) -> str:
    """Make material safe to stand in a prompt: it can't close its fence, cite, or lead anywhere."""
    return _without_addresses(visible(text)).translate(_ANGLES).translate(_SQUARES)


def one_line(text: str) -> str:
    """Fence what has to stay on its line, such as a title."""
    return " ".join(fenced(text).split())


def _unmarked(text: str) -> str:
    text = _TAGS.sub("", _SCRIPTS.sub("", text))
    return _EMPHASIS.sub("", _without_addresses(text))


def _without_addresses(text: str) -> str:
    text = _DEFINITIONS.sub("", _IMAGES.sub("", text))
    return _ADDRESSES.sub("", _LINKS.sub(_words, text))


def _words(link: re.Match[str]) -> str:
    """Keep the words of a link; where they are a number it is a marker."""
    return f"[{link[1]}]" if link[1].strip().isdigit() else link[1]
