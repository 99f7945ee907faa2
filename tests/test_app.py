"""The command line as `API.md` promises it: what is printed, and with which exit status."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

import app
from assistant import assembly, embedding, notices, opening
from assistant.errors import ModelUnavailable, NotReady
from assistant.records import Records
from assistant.settings import Settings
from assistant.web.schema import answer_json
from ingest import fetching as ingest_fetching
from tests import fakes
from tests.fakes import FakeAssistant
from tests.fakes_embedding import FakeEmbedder
from tests.ingest.material import write_corpus, write_digest
from tests.ingest.originals import paragraph
from tests.ingest.test_fetching import HURRIED
from tests.ingest.webserver import Page, served
from tests.web.clients import client_of

ROOT = Path(__file__).parents[1]
COMMANDS = ("ask", "chat", "search", "documents", "serve", "ingest", "records", "staff-password", "evaluate")
GONE = "The page is not there any more (404)."
BOTH = "1 NOT GOT; 1 got"
HEAVY = (
    "torch",
    "docx",
    "gradio",
    "chromadb",
    "sentence_transformers",
    "fastapi",
    "pydantic",
    "rich",
    "numpy",
)

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def _settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"KIL_{name.upper()}", raising=False)
    monkeypatch.setenv("KIL_CORPUS", str(tmp_path / "corpus"))
    monkeypatch.setenv("KIL_DATA", str(tmp_path / "data"))


@pytest.fixture
def assistant(monkeypatch: pytest.MonkeyPatch) -> FakeAssistant:
    fake = FakeAssistant()
    monkeypatch.setattr(assembly, "build_assistant", lambda settings: fake)
    return fake


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def main(*arguments: str) -> tuple[int, str, str]:
        status = app.main(arguments)
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return main


# --- ask ---


@pytest.mark.parametrize(
    ("question", "expected"),
    [(fakes.ANSWERED, 0), (fakes.PARTLY_ANSWERED, 0), (fakes.CONVERSATION, 0), (fakes.NOT_IN_MATERIAL, 3)],
)
def test_the_exit_status_tells_a_refusal_from_an_answer(
    run: Run, assistant: FakeAssistant, question: str, expected: int
) -> None:
    status, out, err = run("ask", question)
    assert (status, err) == (expected, "")
    assert out.startswith(assistant.answer(assistant.asked[0]).answer[:20])


@pytest.mark.parametrize("question", [fakes.ANSWERED, fakes.NOT_IN_MATERIAL])
def test_an_answer_is_also_written_as_a_briefing(
    run: Run, assistant: FakeAssistant, tmp_path: Path, question: str
) -> None:
    plain = run("ask", question)
    for name in ("paper.DOCX", "paper.md"):
        file = str(tmp_path / name)
        assert run("ask", question, "--briefing", file) == (*plain[:2], f"{notices.saved(file)}\n")
    assert f"## {question}\n" in (tmp_path / "paper.md").read_text(encoding="utf-8")
    assert question in [line.text for line in docx.Document(str(tmp_path / "paper.DOCX")).paragraphs]


@pytest.mark.parametrize("file", ["paper.pdf", "paper", "nowhere/paper.docx"])
def test_a_briefing_that_can_not_be_written_is_refused_before_anything_is_asked(
    run: Run, assistant: FakeAssistant, file: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        run("ask", fakes.ANSWERED, "--briefing", file)
    assert stopped.value.code == 2
    assert assistant.asked == []


def test_a_briefing_in_a_place_that_takes_none_says_so(
    run: Run, assistant: FakeAssistant, tmp_path: Path
) -> None:
    (tmp_path / "folder.md").mkdir()
    status, _, err = run("ask", fakes.ANSWERED, "--briefing", str(tmp_path / "folder.md"))
    assert status == 1
    assert "Choose another place" in err
    assert "Traceback" not in err


def test_json_is_the_answer_object_of_the_interface(run: Run, assistant: FakeAssistant) -> None:
    _, out, _ = run("ask", fakes.ANSWERED, "--json")
    told = json.loads(out)
    assert told | {"id": "", "question_used": ""} == answer_json(fakes.answered()) | {
        "id": "",
        "question_used": "",
    }


def test_filters_and_the_trimmed_question_reach_the_assistant(run: Run, assistant: FakeAssistant) -> None:
    run("ask", f"  {fakes.ANSWERED} ", "--principle", "4", "--principle", "6", "--kind", "essay")
    (asked,) = assistant.asked
    assert (asked.text, asked.principles, asked.kinds) == (
        fakes.ANSWERED,
        frozenset({4, 6}),
        frozenset({"essay"}),
    )


@pytest.mark.parametrize("question", ["", "   ", "x" * 1001])
def test_an_impossible_question_is_wrong_use(run: Run, assistant: FakeAssistant, question: str) -> None:
    status, out, err = run("ask", question)
    assert (status, out, len(err.splitlines())) == (2, "", 1)
    assert "question" in err
    assert assistant.asked == []


def test_bytes_that_are_no_text_are_a_question_like_any_other(run: Run, assistant: FakeAssistant) -> None:
    status, _, _ = run("ask", b"caf\xff".decode(errors="surrogateescape") + "\ud800!")
    assert (status, assistant.asked[0].text) == (3, "caf??!")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("ask",),
        ("ask", "a?", "--principle", "7"),
        ("ask", "a?", "--kind", "blog"),
        ("tell",),
        ("ask", "a", "b"),
    ],
)
def test_what_is_no_command_is_wrong_use(arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as left:
        app.main(arguments)
    assert left.value.code == 2


# --- what can go wrong ---


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (NotReady("There is no index yet. Build it."), "There is no index yet. Build it."),
        (ModelUnavailable("The model is out of reach."), "The model is out of reach."),
    ],
)
def test_a_failure_is_one_sentence_and_status_1(
    run: Run, monkeypatch: pytest.MonkeyPatch, failure: Exception, said: str
) -> None:
    def build(_: Settings) -> FakeAssistant:
        raise failure

    monkeypatch.setattr(assembly, "build_assistant", build)
    assert run("ask", "Anything?") == (1, "", f"{said}\n")


def test_a_fault_of_ours_is_one_sentence_that_says_where(run: Run, assistant: FakeAssistant) -> None:
    assistant.failure = KeyError("lost")
    status, out, err = run("ask", fakes.ANSWERED)
    assert (status, out, len(err.splitlines())) == (1, "", 1)
    assert "KeyError('lost')" in err
    assert "fakes.py:" in err


def test_a_setting_that_makes_no_sense_is_wrong_use_and_named(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIL_PORT", "lots")
    status, _, err = run("search", "gardens")
    assert status == 2
    assert "KIL_PORT" in err


def test_a_reader_of_our_output_may_leave_early() -> None:
    script = (
        "import app; from assistant import assembly; from tests.fakes import FakeAssistant;"
        "assembly.build_assistant = lambda settings: FakeAssistant();"
        "raise SystemExit(app.main(['documents']))"
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


# --- the other commands ---


def test_a_conversation_ends_with_the_input(
    run: Run, assistant: FakeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = iter([fakes.ANSWERED, "x" * 1001, "And the cost?"])

    def type_next(_: str) -> str:
        try:
            return next(typed)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr("builtins.input", type_next)
    status, out, _ = run("chat")
    assert status == 0
    assert out.startswith(notices.CHAT_WELCOME.splitlines()[0])
    assert "at most 1000 characters" in out
    assert [question.text for question in assistant.asked] == [fakes.ANSWERED, "And the cost?"]
    assert assistant.asked[1].history[0].text == fakes.ANSWERED


def test_ctrl_c_leaves_a_conversation_as_cleanly(
    run: Run, assistant: FakeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant.failure = KeyboardInterrupt()  # type: ignore[assignment]
    monkeypatch.setattr("builtins.input", lambda _: fakes.ANSWERED)
    assert run("chat")[0] == 0


def test_search_documents_and_the_server_tell_the_same(
    run: Run, assistant: FakeAssistant, tmp_path: Path
) -> None:
    client = client_of(lambda: assistant, Records(tmp_path, keep_days=1))
    for arguments, address in {
        ("search", "gardens", "--limit", "2", "--kind", "essay"): "/api/search?q=gardens&limit=2&kind=essay",
        ("documents",): "/api/documents",
        ("documents", "saltmere-essay"): "/api/documents/saltmere-essay",
    }.items():
        status, out, _ = run(*arguments, "--json")
        assert (status, json.loads(out)) == (0, client.get(address).json())


def test_search_and_documents_are_readable_too(run: Run, assistant: FakeAssistant) -> None:
    assert "The gardens cost £30,000 a year." in run("search", "gardens")[1]
    assert run("documents")[1].splitlines()[0].startswith("hollinbrook-gardens  Hollinbrook: gardens")
    assert "What was reported?" in run("documents", "saltmere-essay")[1]


def test_an_unknown_document_is_status_1(run: Run, assistant: FakeAssistant) -> None:
    status, out, err = run("documents", "nowhere")
    assert (status, out, len(err.splitlines())) == (1, "", 1)


@pytest.mark.parametrize("limit", ["0", "51"])
def test_a_limit_outside_1_to_50_is_wrong_use(run: Run, assistant: FakeAssistant, limit: str) -> None:
    status, _, err = run("search", "gardens", "--limit", limit)
    assert status == 2
    assert "limit" in err


def test_questions_are_evaluated_and_written(run: Run, assistant: FakeAssistant, tmp_path: Path) -> None:
    questions = tmp_path / "some.jsonl"
    questions.write_text(
        json.dumps({"id": "t1", "type": "fact", "question": fakes.ANSWERED, "outcome": ["answered"]})
    )
    status, out, _ = run("evaluate", str(questions), "--json", str(tmp_path / "results.json"))
    assert status == 0
    assert "1/1 100%" in out
    assert json.loads((tmp_path / "results.json").read_text())["questions"][0]["faults"] == []


def test_a_model_is_evaluated_beside_quotes(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[Settings] = []

    def build(settings: Settings) -> FakeAssistant:
        built.append(settings)
        return FakeAssistant()

    monkeypatch.setattr(assembly, "build_assistant", build)
    questions = tmp_path / "some.jsonl"
    questions.write_text(
        json.dumps({"id": "t1", "type": "fact", "question": fakes.ANSWERED, "outcome": ["answered"]})
    )
    status, out, _ = run("evaluate", str(questions), "--model", "fake:writer")
    assert status == 0
    assert [settings.model for settings in built] == ["fake:writer"]
    assert "The model wrote 0 sentences for 0 answers" in out


def test_questions_are_read_before_anything_slow_happens(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assembly, "build_assistant", None)  # calling it would be a fault of ours, status 1
    assert run("evaluate", "nowhere.jsonl")[0] == 2


def test_the_index_is_built_and_its_state_told(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "open_embedder", lambda model, *_: FakeEmbedder(model))
    monkeypatch.setattr(embedding, "embedder_name", lambda model: model)
    corpus = write_corpus(tmp_path / "corpus", "marlow", "henley")
    assert run("ingest", "status")[1].startswith("There is no index yet.\nnew: henley, marlow\n")

    status, out, err = run("ingest")
    assert status == 0
    assert out.startswith("The index holds 2 documents.")
    assert "Indexing the material: " in err
    assert run("ingest")[1] == "The index was up to date already: 2 documents.\n"
    assert "up to date with the material" in run("ingest", "status")[1]

    write_digest(corpus, "marlow", text="Marlow changed its mind.")
    (corpus / "henley.md").unlink()
    assert "changed: marlow\ngone: henley\n" in run("ingest", "status")[1]


@pytest.fixture
def fake_model(monkeypatch: pytest.MonkeyPatch) -> list[FakeEmbedder]:
    """Index with a fake, and remember each that was made."""
    made: list[FakeEmbedder] = []

    def make(model: str, threads: int, data: Path) -> FakeEmbedder:
        made.append(FakeEmbedder(model))
        return made[-1]

    monkeypatch.setattr(opening, "open_embedder", make)
    monkeypatch.setattr(embedding, "embedder_name", lambda model: model)
    return made


def test_originals_are_fetched_indexed_and_told_of(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fake_model: list[FakeEmbedder]
) -> None:
    monkeypatch.setattr(ingest_fetching, "Patience", lambda: HURRIED)
    monkeypatch.setenv("KIL_FETCH_PRIVATE", "true")
    digest = write_digest(tmp_path / "corpus", "marlow")
    write_digest(tmp_path / "corpus", "henley")
    text = f"# Report on marlow\n\n{paragraph('one')}\n"
    with served() as site:
        site.pages["/marlow"] = Page(text.encode(), etag='"one"', headers={"Content-Type": "text/markdown"})
        for path in digest.parent.iterdir():
            path.write_text(path.read_text().replace("https://example.org/", site.at("/")), encoding="utf-8")
        assert run("ingest", "fetch")[0] == 2  # nobody said who asks
        monkeypatch.setenv("KIL_FETCH_CONTACT", "officer@example.org")

        assert run("ingest", "fetch", "--dry-run")[:2] == (
            1,
            f"henley\tNOT GOT\t{GONE}\nmarlow\tgot\n{BOTH}\n",
        )
        assert fake_model == []
        status, out, err = run("ingest", "fetch")
        assert (status, "The index holds 2 documents." in out) == (1, True)
        assert "henley: NOT GOT\nmarlow: got\n" in err
        sent = site.sent

        assert run("ingest", "fetch", "marlow")[:2] == (0, "1 as before\n")
        assert (site.sent, len(fake_model)) == (sent, 1)  # no page was sent again and no model loaded

    lines = run("ingest", "status")[1].splitlines()
    assert "henley\tdigest\t" in lines[-2]
    assert lines[-2].endswith(f"{GONE}\tThe interviews.")
    assert "marlow\toriginal, got on 20" in lines[-1]
    assert lines[-1].endswith("as we have it")
    assert run("ingest", "remove", "marlow")[0] == 0
    assert "marlow\tdigest\t" in run("ingest", "status")[1]


def test_a_file_is_added_and_indexed(run: Run, tmp_path: Path, fake_model: list[FakeEmbedder]) -> None:
    write_corpus(tmp_path / "corpus", "henley")
    (tmp_path / "Minutes.txt").write_text("# Minutes\n\nThe council met.\n")
    status, out, _ = run(
        "ingest", "add", "Minutes.txt", "--authors", "Ada Field; Ben Shore", "--date", "2025"
    )
    assert status == 0
    assert "minutes\tgot\t“Minutes”: article, Ada Field, Ben Shore, 2025." in out
    assert "The index holds 2 documents." in out
    assert run("ingest", "add", "nowhere.pdf")[0] == 2
    assert run("ingest", "remove", "nowhere")[0] == 1


def test_material_with_faults_is_named_before_the_model_is_loaded(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "open_embedder", None)  # calling it would be another failure
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "bad.md").write_text("no front matter")
    status, _, err = run("ingest")
    assert status == 1
    assert "bad.md:1: no front matter" in err


# --- the start of the process ---


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        app.main([command, "--help"])
    assert left.value.code == 0
    assert (
        f"Example:\n  {'KIL_PORT=8000 ' if command == 'serve' else ''}keep-it-local {command}"
        in capsys.readouterr().out
    )


def test_every_command_that_can_be_parsed_can_be_run() -> None:
    assert set(app.COMMANDS) == set(COMMANDS)


def test_help_needs_nothing_heavy() -> None:
    script = f"import app, sys; app.parser(); print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_libraries_are_kept_quiet_unless_somebody_decided_otherwise(
    run: Run, assistant: FakeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    monkeypatch.setenv("ANONYMIZED_TELEMETRY", "True")
    run("ask", fakes.CONVERSATION)
    assert (os.environ["OMP_WAIT_POLICY"], os.environ["ANONYMIZED_TELEMETRY"]) == ("PASSIVE", "True")
