"""What /about says, sentence by sentence, as far as it depends on how the assistant is set up."""

from collections.abc import Sequence

from assistant.disclosure import USUAL, Disclosure, Place, Server
from assistant.measured import Measured, Share
from assistant.vocabulary import Entry, Material
from assistant.web.labels import long_date

NOT_WRITTEN = (
    "No language model. Answers are made of quotes: each sentence is taken from the material and not "
    "reworded, with a few fixed sentences of the program around them."
)
NOT_READY = "The material can’t be told at the moment, because the assistant is not ready. Try again later."
_NOWHERE = "Nowhere. Questions are read and answered on the server that you are connected to."
_WITH_THE_MODEL = (
    "What is sent is the question, the conversation before it, and the passages that were found for it; of "
    "a first question only when the material was judged to answer it."
)
_ITS_OWN_TERMS = (
    "What is done with the text there, how long it is kept and in which country, is for the one who runs "
    "that server to say: it is to be completed below, under data sharing."
)
_MEASURES = {
    "outcome right": "answers that were given, given in part or refused as they should have been",
    "right document": "answers that cite the right documents, where the material holds an answer",
    "fact recall": "of the expected facts found, on average over",
    "lists complete": "lists that were complete",
    "refused rightly": "questions that the material does not answer, and that were refused",
    "refused wrongly": "questions that the material answers, and that were refused (fewer is better)",
    "forbidden": "answers with something wrong in them that had been looked for (fewer is better)",
    "contract broken": (
        "answers that broke a promise, such as a sentence without its source (fewer is better)"
    ),
}
_QUESTIONS = {
    "own.jsonl": "A hundred more questions. Thresholds were set by hand on them too.",
    "public.jsonl": "Questions by people who had not read the material: broad ones, and many that it does "
    "not answer. They were asked when all but a few details was decided: what to expect of new readers.",
    "last.jsonl": "Questions by a reader who saw only the material, asked when all but a few details "
    "was decided: what to expect of those who know it.",
    "questions.jsonl": "The open questions. Thresholds were set by hand on them, so their figures flatter.",
}


def who_writes(told: Disclosure) -> tuple[str, ...]:
    """Say whether a language model writes, and which."""
    if not told.model:
        return (NOT_WRITTEN,)
    fails = (
        "When it is out of reach, answers are made of quotes and say so."
        if told.quotes_if_model_fails
        else "When it is out of reach, the question is not answered, and the reader is told so."
    )
    return (
        f"The language model {told.model}. {_where(told.model, told.model_server)}",
        (
            "It decides neither what is searched nor whether the material answers. Each of its sentences "
            "is held back until words that support it were found in the material, and dropped if there are "
            f"none. {fails}"
        ),
    )


def _where(model: str, server: Server) -> str:
    match server.place:
        case Place.THIS_MACHINE:
            return f"It is asked at an address on the same machine as the assistant ({server.host})."
        case Place.OWN_NETWORK:
            return f"It is asked at an address of the network that the assistant runs in ({server.host})."
        case Place.USUAL_HERE:
            return (
                "It is asked at Ollama’s usual address, which is the same machine as the assistant unless "
                "Ollama’s own settings name another."
            )
        case Place.PROVIDER:
            provider = model.partition(":")[0]
            return (
                f"It is asked at its provider’s usual address (provider: {provider}), unless a setting of "
                "the provider’s own names another."
            )
        case _:
            host = server.host or "an address that can’t be read"
            return f"It is asked at {host}, which may be outside the network that the assistant runs in."


def where_text_goes(told: Disclosure) -> tuple[str, ...]:
    """Say which machines see what a reader wrote."""
    if not told.model:
        return (_NOWHERE, *_index_elsewhere(told), *_database_elsewhere(told))
    said = f"To the language model’s server. {_where(told.model, told.model_server)} {_WITH_THE_MODEL}"
    terms = (_ITS_OWN_TERMS,) if told.leaves_the_machine else ()
    return (
        said,
        *terms,
        *_index_elsewhere(told),
        *_database_elsewhere(told),
        "Nothing is sent to anyone else.",
    )


def _index_elsewhere(told: Disclosure) -> tuple[str, ...]:
    """Say what an index on another server gets."""
    if told.index_server.place is Place.NOWHERE:
        return ()
    return (
        (
            f"The index of the material lies on a Chroma server ({told.index_server.host or 'unclear'}). It "
            "is read into memory before questions are answered, and nothing of a question goes there."
        ),
    )


def _database_elsewhere(told: Disclosure) -> tuple[str, ...]:
    """Say what a database that several servers share gets."""
    if told.database_server.place is Place.NOWHERE:
        return ()
    kept = "What is kept of questions and opinions, and " if told.keeps_records else ""
    counts = "how much is asked in a minute"
    said = (
        f"{kept}{counts}, lies in a database" if kept else f"{counts.capitalize()} is counted in a database"
    )
    return (f"{said} ({told.database_server.host or 'unclear'}), so that several servers can share it.",)


_HASHED = (
    "The database that the servers share has a number made of each address and a password instead; it is "
    "deleted once its minute is over and another question comes in. "
)


def who_reads_it(*, is_kept: bool, has_desk: bool) -> tuple[str, ...]:
    """Say where staff read what is kept."""
    if not has_desk:
        reads = "No page shows what is kept; whoever runs the server can read its file."
        return (reads,) if is_kept else ()
    kept = "what is kept of questions and opinions"
    told = kept if is_kept else "what was kept before recording was switched off"
    return (
        (
            "Staff who have the password can read at a page of this assistant, and download from there, "
            f"{told}. It does not show who asked, because that is not known."
        ),
    )


def what_is_kept(keep_days: int, *, is_kept: bool, is_masked: bool) -> tuple[str, ...]:
    """Say what the records hold, and how long."""
    if not is_kept:
        return ("No record is kept of questions, of answers, or of opinions on them.",)
    words = "its words, with personal data that was recognised masked" if is_masked else "its words as typed"
    typed = "Masking does not find everything" if is_masked else "What was typed is kept as it is"
    return (
        (
            f"Kept of each question: {words}, the time, the outcome, which documents were cited or came "
            "nearest, and how long the answer took. Of an opinion: whether the answer was useful, and the "
            "reason if one was typed."
        ),
        f"What is older than {_counted(keep_days, 'day')} is deleted when the next question is kept.",
        (
            "Not kept: who asked, from which address, and which questions belong together. There are no "
            f"accounts. {typed}, so please leave out names and personal details."
        ),
    )


def in_the_browser(told: Disclosure) -> tuple[str, ...]:
    """Say what stays with the reader and what is held in memory."""
    is_shared = told.database_server.place is not Place.NOWHERE
    return (
        (
            "A conversation in the chat is held in the server’s memory while its page is open. The reader’s "
            "own browser keeps it until the reader deletes it there, under “Earlier conversations”, or "
            "switches that off; at most fifty are kept. Opening one sends it to the server again. Whoever "
            "uses the same browser can read them. The widget on other websites keeps a conversation in the "
            "browser’s tab until the tab is closed or the reader starts over."
        ),
        (
            "To count what is asked in a minute, addresses are held in memory; they are never written "
            f"down. {_HASHED if is_shared else ''}The server’s own log holds no questions and no answers."
        ),
        (
            "A question in a link, to the chat or to the page without JavaScript, stands in that link, and "
            "so perhaps in the browser’s history and in the log of a server on the way. What is typed on "
            "either page does not stand in an address."
        ),
    )


def what_searches(told: Disclosure) -> tuple[str, ...]:
    """Name the models that search, which run where the assistant runs."""
    second = (
        f" {told.cross_encoder}, a second model there, puts what was found in order."
        if told.cross_encoder
        else ""
    )
    return (
        (
            f"Search by meaning: {told.embedding_model}, on the server itself.{second} It is joined with a "
            "search for the words themselves, and with questions that editors wrote beside the sections of "
            "the material."
        ),
        (
            "Whether the material answers at all is judged by small networks and a regression, trained on "
            "questions written for this purpose. Whether a sentence is supported is checked by rules that "
            "nothing overrules, and then weighed by a small network and trees. None of them writes, and "
            "none learns from readers."
        ),
    )


def limits(told: Disclosure) -> tuple[str, ...]:
    """Say how much may be asked, and from which websites."""
    one, every = told.rate_per_minute, told.rate_total
    reader = (
        f"{_counted(one, 'question')} a minute from one address" if one else "any number from one address"
    )
    total = (
        f"{_counted(every, 'question')} a minute from all readers together" if every else "any number in all"
    )
    sites = ", ".join(told.allowed_origins) or "none but the assistant’s own pages"
    return (f"Limits: {reader}, {total}.", f"Websites that may use the assistant in their pages: {sites}.")


def the_material(material: Material, entries: Sequence[Entry]) -> tuple[str, ...]:
    """Say what is searched, how old the index is, and how much of it is only digests."""
    digests = sum(entry.text_from == "digest" for entry in entries)
    return (
        (
            f"{_counted(material.documents, 'document')}, indexed on {long_date(material.indexed_on)}: "
            f"{_counted(digests, 'digest')} in our own words, and {len(entries) - digests} in the "
            "original’s words."
        ),
        (
            "A digest sums a text up and may leave parts out. Each reference says which of the two it is, "
            "and links to the original. What was published after the index was made is not known to the "
            "assistant."
        ),
    )


def run_in_words(run: Measured, told: Disclosure) -> tuple[str, ...]:
    """Say what was measured, when and with what, and what that does not say about the running assistant."""
    wrote = "without a language model" if run.answered_by == "quotes" else f"with {run.answered_by}"
    said = (
        f"Measured on {long_date(run.measured_on)}, {wrote}, on an index of "
        f"{_counted(run.documents, 'document')} made on {long_date(run.indexed_on)}. "
        "With other material, or originals in place of digests, they would differ."
    )
    searched = (told.embedding_model, told.cross_encoder) == (USUAL.embedding_model, USUAL.cross_encoder)
    alike = run.answered_by == (told.model or "quotes") and searched
    warning = "This assistant runs with other models, so these figures are not those of its answers."
    about = _QUESTIONS.get(run.questions, "A further set of questions.")
    return tuple(filter(None, (about, said, "" if alike else warning)))


def figures(run: Measured) -> tuple[str, ...]:
    """Write each figure with its denominator."""
    known = ((name, run.figures[name]) for name in _MEASURES if name in run.figures)
    return tuple(_figure(name, share) for name, share in known if share.of)


def _figure(name: str, share: Share) -> str:
    if name == "fact recall":
        return f"{share.sum / share.of:.0%} {_MEASURES[name]} {_counted(share.of, 'question')}"
    return f"{share.sum:g} of {share.of}: {_MEASURES[name]}"


def weaknesses(told: Disclosure) -> tuple[str, ...]:
    """Name what is known to go wrong."""
    written = (
        (
            "The check of a model’s sentences is strict and still not perfect: it drops many that are "
            "true, and a false one may get through."
        ),
        "A model was not measured here unless the figures name it.",
    )
    return (
        (
            "It answers questions that come close to the material and are not answered by it, and refuses "
            "some that are: the figures say how often."
        ),
        "Lists are often incomplete, and an answer can be true and beside the point.",
        "Most digests hold only parts of their originals; “not in the material” does not mean “not so”.",
        "It reads English only, and dates of pages may be later than the texts on them.",
        *(written if told.model else ()),
    )


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
