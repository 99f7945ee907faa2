"""The `keep-it-local` command and the server; the only file that sees both `assistant` and `ingest`."""

# Only what is quick to import stands at the top: `--help` and a mistyped option are answered at once. The
# rest takes seconds, so the command that needs it imports it. That is the reason for every PLC0415 here.
# ruff: noqa: PLC0415
import contextlib
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from assistant import memory, notices
from assistant.ending import print_anything, status_of
from assistant.options import parser
from assistant.vocabulary import Outcome

if TYPE_CHECKING:
    from fastapi import FastAPI
    from pydantic import BaseModel

    from assistant.answering import Assistant
    from assistant.embedding import Progress
    from assistant.index import Index
    from assistant.records import Records
    from assistant.settings import Settings
    from assistant.standby import Standby, Tell
    from ingest.building import Report

OPEN_QUESTIONS = Path("tests/evaluation/questions.jsonl")

Model = TypeVar("Model", bound="BaseModel")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status, as `API.md` promises it."""
    _calm_libraries()
    print_anything()
    options = parser().parse_args(arguments)
    return status_of(lambda: COMMANDS[options.command](options))


def _calm_libraries() -> None:
    """Set what libraries read from the environment once, when they are imported.

    Threads that spin while they wait make a busy machine collapse, numpy's do so for products too small to be
    worth a second thread (answers took three times as long there), the tokenizers warn about their own, and
    three libraries report home unless they are told not to. Whoever sets one of these knows why.
    """
    for name, value in {
        "OMP_WAIT_POLICY": "PASSIVE",
        "OPENBLAS_NUM_THREADS": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "ANONYMIZED_TELEMETRY": "False",
        "GRADIO_ANALYTICS_ENABLED": "False",
        "HF_HUB_DISABLE_TELEMETRY": "1",
    }.items():
        os.environ.setdefault(name, value)
    memory.share()


def _ask(options: Namespace) -> int:
    from assistant.terminal import save_briefing, show_answer
    from assistant.typed import to_question
    from assistant.web.schema import AnswerBody

    question = to_question(options.question, (), options.principle, options.kind)
    answer = _assistant().answer(question)
    _print(options, AnswerBody.model_validate(answer), lambda: show_answer(answer))
    if options.briefing:
        save_briefing(options.briefing, question, answer)
    return 3 if answer.outcome is Outcome.NOT_IN_MATERIAL else 0


def _chat(_: Namespace) -> int:
    from assistant.terminal import converse
    from assistant.typed import to_question

    assistant = _assistant()
    with contextlib.suppress(EOFError, KeyboardInterrupt):  # Ctrl-D and Ctrl-C are ways to leave
        converse(assistant.answer, to_question)
    return 0


def _search(options: Namespace) -> int:
    from assistant.terminal import show_hits
    from assistant.typed import checked, typed_text
    from assistant.web.schema import SearchBody, SearchRequest

    words = {"q": typed_text(options.words), "limit": options.limit}
    request = checked(SearchRequest, words | {"principle": options.principle, "kind": options.kind})
    hits = _assistant().search(request.to_question(), request.limit)
    return _print(options, SearchBody.of(hits), lambda: show_hits(hits))


def _documents(options: Namespace) -> int:
    from assistant.terminal import show_catalogue, show_document
    from assistant.typed import typed_text
    from assistant.web.schema import CatalogueBody, DocumentWithSections, EntryBody

    if options.id is None:
        entries = _assistant().documents()
        catalogue = CatalogueBody(documents=[EntryBody.of(entry) for entry in entries])
        return _print(options, catalogue, lambda: show_catalogue(entries))
    entry, passages = _assistant().document(typed_text(options.id))
    body = DocumentWithSections.of_passages(entry, passages)
    return _print(options, body, lambda: show_document(entry, passages))


def _evaluate(options: Namespace) -> int:
    from assistant.evaluation.questions import choose, read_questions
    from assistant.evaluation.results import read
    from assistant.evaluation.running import Run, evaluate
    from assistant.evaluation.written import compare_model
    from assistant.web.schema import answer_json

    files = tuple(options.files) or (OPEN_QUESTIONS,)
    cases = choose(read_questions(files), only=options.only, part=options.part)
    earlier = read(options.compare) if options.compare else None
    run = Run(files, options.only, options.part, options.json, earlier, options.failures)
    assistant = _assistant(options.model)
    if options.model:
        compare_model(run, assistant.in_quotes(), assistant, answer_json, cases)
    else:
        evaluate(run, assistant, answer_json, cases)
    return 0


def _ingest(options: Namespace) -> int:
    from assistant.embedding import embedder_name
    from assistant.index import open_index
    from assistant.terminal import show_line, show_progress, show_table
    from ingest import commands

    settings = _settings()
    place = commands.Place(
        settings.corpus, settings.originals, settings.fetch_contact, private=settings.fetch_private
    )
    say = commands.Saying(show_progress, show_line, show_table)
    is_well = commands.change(options, place, say)
    index = open_index(settings.data, settings.chroma_url)
    if commands.is_due(options, place, index, embedder_name(settings.embedding_model), say):
        report = _build_index(settings, index)
        counts = (report.documents, report.added, report.removed, report.seconds)
        print(notices.ingested(*counts, changed=report.changed))
    return 0 if is_well else 1


def _serve(_: Namespace) -> int:
    from assistant.counts import Counts
    from assistant.records import Records
    from assistant.serving import address_of, listen, serve
    from assistant.steadiness import Steadiness

    settings = _settings()
    with listen(settings.host, settings.port) as listener:
        print(notices.serving(address_of(settings.host, settings.port)), flush=True)
        from assistant.disclosing import disclose
        from assistant.web.later import mount_later
        from assistant.web.server import build_app

        url = settings.database_url.get_secret_value()
        may_forget = Steadiness().may_forget
        records = Records(
            settings.data, settings.keep_days, record=settings.record, url=url, may_forget=may_forget
        )
        counts = Counts(url) if url else None
        standby = _standby(settings, [records.warm, *([counts.warm] if counts else [])])
        knobs = {"rate_per_minute", "rate_total", "allowed_origins", "trusted_proxies"}
        secret = settings.staff_password.get_secret_value()
        app = build_app(
            standby,
            records,
            disclosure=disclose(settings),
            generation=standby.built_from,
            counts=counts,
            staff_password=secret,
            **settings.model_dump(include=knobs),
        )
        mount_later(app, lambda behind: _load_chat(behind, standby, records))
        standby.start()
        started = serve(app, listener)
        standby.stop()
        records.close()
        if counts:
            counts.close()
    return 0 if started else 1


def _load_chat(app: "FastAPI", standby: "Standby[Assistant]", records: "Records") -> None:
    from assistant.web.chat import mount_chat

    mount_chat(app, standby, records)


def _records(options: Namespace) -> int:
    from assistant.keeping import act

    settings = _settings()
    return act(options, settings.data, settings.keep_days, settings.database_url.get_secret_value())


def _staff_password(_: Namespace) -> int:
    from assistant.passwords import setting, typed

    print(setting(typed()))
    return 0


def _standby(settings: "Settings", warm: Sequence[Callable[[], None]] = ()) -> "Standby[Assistant]":
    """Wire what keeps the assistant ready: the index, built if it is missing or of another model.

    What is to be `warm` is so before the first question, which then waits for no import and no connection.
    """
    from assistant.embedding import embedder_name
    from assistant.reopening import Opening
    from assistant.standby import Standby

    index = Opening(settings.data, settings.chroma_url)

    def prepare(tell: "Tell") -> None:
        state = index().state()
        if state is None or state.embedder != embedder_name(settings.embedding_model):
            tell(notices.LOADING)
            _build_index(settings, index(), lambda done, total: tell(notices.indexing(done, total)))

    def generation() -> str | None:
        state = index().state()
        return state.generation if state else None

    def build() -> "Assistant":
        assistant = _assistant(settings=settings)
        for each in warm:
            each()
        return assistant

    return Standby(
        prepare=prepare,
        generation=generation,
        build=build,
        tidy=memory.give_back,
        is_self_sufficient=bool(settings.chroma_url),
    )


def _build_index(settings: "Settings", index: "Index", also: "Progress | None" = None) -> "Report":
    """Make the index, showing on the terminal how far it is."""
    from assistant.opening import open_embedder
    from assistant.terminal import showing_progress
    from ingest.building import build
    from ingest.combining import read_material

    read_material(
        settings.corpus, settings.originals
    )  # faults are told at once, and not after the model is loaded
    embedder = open_embedder(settings.embedding_model, settings.threads, settings.data)
    with showing_progress(notices.INDEXING, also) as on_progress:
        return build(settings.corpus, index, embedder, on_progress, settings.originals)


def _assistant(model: str | None = None, settings: "Settings | None" = None) -> "Assistant":
    """Make the assistant of the settings, or with another language model than theirs."""
    from assistant.assembly import build_assistant

    settings = settings or _settings()
    return build_assistant(settings.model_copy(update={"model": model}) if model else settings)


def _settings() -> "Settings":
    from assistant.settings import load_settings

    return load_settings()


def _print(options: Namespace, body: "BaseModel", show: Callable[[], None]) -> int:
    """Print what the HTTP interface would tell, or the same for people."""
    if options.json:
        print(body.model_dump_json(indent=2))
    else:
        show()
    return 0


COMMANDS: Mapping[str, Callable[[Namespace], int]] = {
    "ask": _ask,
    "chat": _chat,
    "search": _search,
    "documents": _documents,
    "serve": _serve,
    "ingest": _ingest,
    "records": _records,
    "staff-password": _staff_password,
    "evaluate": _evaluate,
}


if __name__ == "__main__":
    sys.exit(main())
