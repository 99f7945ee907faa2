"""The one place where the real parts are made, and listed in the order in which they work."""

from functools import partial

from assistant import memory
from assistant.alike import load_alike
from assistant.answerability import Answerability, Answering, load_networks
from assistant.answering import Assistant
from assistant.checking.supporting import load_checker
from assistant.compact import open_graph
from assistant.composing.catalogue import Catalogue
from assistant.composing.model import Model
from assistant.composing.quotes import Quotes
from assistant.embedding import Embedder, Remembering
from assistant.index import Indexed, open_index
from assistant.joint import Joint, load_network
from assistant.judging import Judge, load_weights
from assistant.llm import open_writer
from assistant.opening import open_embedder
from assistant.precedents import ByPrecedent, load_precedents
from assistant.rarity import Rarity
from assistant.retrieval import Step
from assistant.retrieval.choosing import Choosing
from assistant.retrieval.everyday import load_everyday
from assistant.retrieval.fusing import Fusing
from assistant.retrieval.interaction import Interaction, Reranking
from assistant.retrieval.meaning import Meaning, NearestQuestion, NearestSentence
from assistant.retrieval.reading import Reading
from assistant.retrieval.tokens import load_tokens
from assistant.retrieval.words import Words, searchable_stems
from assistant.settings import Settings
from assistant.spelling import Spelling
from assistant.understanding import understand
from assistant.vocabulary import RECORD, Entry
from assistant.weighing import Weighing
from assistant.wording import EXAMPLES
from assistant.words import stems
from assistant.writing import Author


def build_assistant(settings: Settings) -> Assistant:
    """Make an assistant over the index as it stands; raises `NotReady` without one."""
    assistant = assemble(settings, open_embedder(settings.embedding_model, settings.threads, settings.data))
    memory.give_back()  # reading everything in takes much that holding it doesn't
    return assistant


def assemble(settings: Settings, model: Embedder) -> Assistant:
    """Make an assistant that searches with this model."""
    embedder = Remembering(model)
    indexed = open_index(settings.data, settings.chroma_url).load(embedder.name)
    passages = indexed.passages
    everyday = load_everyday()
    tokens = load_tokens(settings.data, passages, embedder)
    interaction = Interaction(embedder, tokens)
    networks = load_networks(embedder.name)
    answerability = Answerability(embedder, tokens, networks)
    joint = Joint(
        embedder, tokens, load_network(embedder.name, partial(open_graph, threads=1), settings.threads)
    )
    precedents = load_precedents(
        load_alike(embedder, partial(open_graph, threads=settings.threads)), passages
    )
    rarity = Rarity([searchable_stems(passage) for passage in passages])
    texts = [f"{passage.document.title} {passage.section} {passage.text}" for passage in passages]
    return Assistant(
        understand=partial(understand, correct=Spelling((*texts, *everyday.words), everyday.short_forms)),
        weighing=Weighing(
            steps=(
                Meaning(indexed, embedder),
                NearestSentence(indexed, embedder),
                NearestQuestion(indexed, embedder),
                Words(passages, everyday),
                Fusing(
                    {"asked": 0.5, "words": 0.2, "meaning": 0.15, "sentence": 0.15},
                    optional=frozenset({"asked"}),
                ),
                Reranking(interaction),
                Answering(answerability),
                ByPrecedent(precedents, {passage.id: passage for passage in passages}),
                *_second_opinion(settings),
            ),
            choose=Choosing(),
            catalogue=Catalogue(tuple(passage for passage in passages if passage.section == RECORD)),
            composer=Quotes(interaction, rarity, joint, precedents),
            judge=Judge(
                interaction,
                joint,
                precedents,
                rarity,
                everyday,
                _stems_of_asked(indexed),
                load_weights(networks=bool(networks)),
            ),
        ),
        check=load_checker(),
        passages=passages,
        entries=_catalogue(indexed),
        material=indexed.material,
        contact=(settings.contact_name, settings.contact_url),
        starters=EXAMPLES[:3],
        read=embedder.tokens,
        author=_author(settings),
    )


def _stems_of_asked(indexed: Indexed) -> dict[str, frozenset[str]]:
    """Gather the words of the questions that each passage is known to answer."""
    asked: dict[str, frozenset[str]] = {}
    for each in indexed.asked:
        asked[each.passage.id] = asked.get(each.passage.id, frozenset()) | frozenset(stems(each.text))
    return asked


def _second_opinion(settings: Settings) -> tuple[Step, ...]:
    if not settings.cross_encoder:
        return ()
    from assistant.original import CrossEncoderScorer  # noqa: PLC0415 - takes seconds to import

    return (Reading(CrossEncoderScorer(settings.cross_encoder, settings.threads)),)


def _author(settings: Settings) -> Author | None:
    """Make the language model that writes, where one is set."""
    if not settings.model:
        return None
    key = settings.model_key.get_secret_value()
    writer = open_writer(settings.model, settings.model_url, key, settings.model_timeout)
    return Author(Model(writer), settings.quotes_if_model_fails)


def _catalogue(indexed: Indexed) -> tuple[Entry, ...]:
    held = [passage.document.id for passage in indexed.passages]
    originals = {passage.document.id for passage in indexed.passages if passage.text_from == "original"}
    return tuple(
        Entry(
            document,
            "original" if document.id in originals else "digest",
            held.count(document.id),
            indexed.material.indexed_on,
        )
        for document in indexed.documents
    )
