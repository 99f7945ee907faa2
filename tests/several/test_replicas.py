"""Several whole servers share one index and one database, and no reader notices which of them answers."""

import json
import re
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from assistant import notices
from tests.several import chroma, postgres
from tests.several.postgres import PASSWORD
from tests.several.processes import wait_until
from tests.several.replicas import COMMAND, PER_MINUTE, PLACES, ROOT, Replica, Site, new_reader, running

QUESTIONS = (
    "How many meals did the council of place3 buy?",
    "Who reported on place2?",
    "What did place1 change?",
    "What is the weather like on Mars?",
    "Which documents are there?",
    "Hello",
)
_EDITION = re.compile(r"edition (\d+)")


@pytest.fixture(scope="module")
def site(
    server: postgres.Server, store: chroma.Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Run two servers over material that was ingested by a third machine."""
    site = Site(tmp_path_factory.mktemp("site"), store.new(), server.new())
    site.publish(1)
    done = site.run("ingest")
    assert done.returncode == 0, done.stderr
    with running(site, 2):
        yield site


def _same(text: str) -> str:
    """Leave out what is of one answer alone: its id and its times."""
    return re.sub(r'"id":"[0-9a-f-]{20,}"|"took_ms":\{[^}]*\}', "", text)


def _editions(*texts: str) -> set[int]:
    return {int(found) for text in texts for found in _EDITION.findall(text)}


def _is_of(edition: int, replica: Replica) -> bool:
    return _editions(replica.ask(QUESTIONS[0]).text) == {edition}


def test_whichever_answers_the_answer_is_the_same_to_the_byte(site: Site) -> None:
    one, other = site.replicas
    history = [
        {"role": "reader", "text": QUESTIONS[0]},
        {"role": "assistant", "text": one.ask(QUESTIONS[0]).json()["answer"]},
    ]
    asked = [(question, ()) for question in QUESTIONS] + [("And who reported on it?", history)]
    for question, before in asked:
        here, there = (replica.ask(question, before) for replica in (one, other))
        assert (here.status_code, there.status_code) == (200, 200)
        assert here.json()["id"] != there.json()["id"]
        assert _same(here.text) == _same(there.text)
    followed = other.ask("And who reported on it?", history).json()
    assert "place3" in followed["question_used"]  # the other server knew what was spoken of
    for path in ("/api/search?q=meals&limit=20", "/api/documents", "/api/documents/place4", "/about.json"):
        assert json.dumps(one.get(path)).replace(one.address, "") == json.dumps(other.get(path)).replace(
            other.address, ""
        )


def test_feedback_goes_to_any_server_and_what_is_kept_is_kept_once(site: Site) -> None:
    one, other = site.replicas
    answers = [replica.ask(QUESTIONS[1]).json()["id"] for replica in (one, other)]
    given = [replica.rate(answer, "down") for replica, answer in zip((other, one), answers, strict=True)]
    exported = site.run("records", "export")
    kept = {row["id"]: row["rating"] for row in map(json.loads, exported.stdout.splitlines())}

    assert given == [204, 204]
    assert [kept[answer] for answer in answers] == ["down", "down"]
    assert one.rate("nobodys", "up") == 404


def test_the_limit_is_one_limit(site: Site) -> None:
    reader = new_reader()
    asked = [site.replicas[n % 2].ask("Hello", reader=reader) for n in range(PER_MINUTE + 4)]

    assert [response.status_code for response in asked] == [200] * PER_MINUTE + [429] * 4
    waits = [int(response.headers["retry-after"]) for response in asked[PER_MINUTE:]]
    assert 1 <= min(waits) <= max(waits) <= 60


def test_a_rolling_ingest_never_shows_a_half_built_index(site: Site) -> None:
    """Readers ask both servers all the while; each answer, search and catalogue is of one edition alone."""
    newest, done = 3, threading.Event()

    def read(replica: Replica) -> list[int]:
        seen, turn = [1], 0
        while not (done.is_set() and seen[-1] == newest) and turn < 2_000:
            place = PLACES[turn % len(PLACES)]
            asked = replica.ask(f"How many meals did the council of {place} buy?")
            assert (asked.status_code, asked.json()["outcome"]) == (200, "answered")
            (edition,) = _editions(asked.text)
            seen.append(edition)
            searched = replica.get("/api/search?q=council+meals&limit=50")
            (_,) = _editions(json.dumps(searched))
            assert len(searched["passages"]) == 3 * len(PLACES)
            turn += 1
        return seen

    with ThreadPoolExecutor(2) as readers:
        reading = [readers.submit(read, replica) for replica in site.replicas]
        try:
            for edition in range(2, newest + 1):
                site.publish(edition)
                ingested = site.run("ingest")
                assert ingested.returncode == 0, ingested.stderr
        finally:
            done.set()
        seen = [each.result(300) for each in reading]

    for editions in seen:
        assert editions == sorted(editions)  # nobody is sent back to what was replaced
        assert (editions[0], editions[-1]) == (1, newest)
        assert len(editions) > 10


def test_two_ingests_from_two_machines_never_mix(site: Site) -> None:
    site.publish(4)
    both = [
        subprocess.Popen(
            [*COMMAND, "ingest"], cwd=ROOT, env=site.env | {"KIL_DATA": str(site.folder / f"machine{n}")},
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )
        for n in range(2)
    ]  # fmt: skip
    said = [process.communicate(timeout=180)[1] for process in both]

    assert sorted(process.returncode for process in both) in ([0, 0], [0, 1])
    assert all(
        "Another ingest" in text for process, text in zip(both, said, strict=True) if process.returncode
    )
    for replica in site.replicas:
        wait_until(partial(_is_of, 4, replica), "edition 4", 180)


def test_while_the_database_is_gone_questions_are_answered_and_feedback_waits(
    site: Site, server: postgres.Server
) -> None:
    one, other = site.replicas
    before = one.ask(QUESTIONS[0])
    server.stop()
    try:
        during = [replica.ask(QUESTIONS[0]) for replica in (one, other)]
        reader = new_reader()
        limited = [one.ask("Hello", reader=reader).status_code for _ in range(PER_MINUTE + 2)]
        refused = one.rate(before.json()["id"], "up")
    finally:
        server.start()

    assert [_same(answer.text) for answer in during] == [_same(before.text)] * 2
    assert limited == [200] * PER_MINUTE + [429] * 2
    assert refused == 503
    wait_until(lambda: other.rate(before.json()["id"], "up") == 204, "feedback again", 90)
    wait_until(lambda: one.rate(other.ask(QUESTIONS[1]).json()["id"], "up") == 204, "records again", 90)


def test_without_chroma_servers_go_on_and_one_that_starts_says_what_is_missing_and_recovers(
    site: Site, store: chroma.Server
) -> None:
    """The one that starts was killed right after an answer, of which nothing may be lost."""
    one, other = site.replicas
    before = one.ask(QUESTIONS[0])
    store.stop()
    try:
        acknowledged = other.ask(QUESTIONS[0])
        other.stop()
        other.start()
        assert one.rate(acknowledged.json()["id"], "up") == 204
        assert _same(one.ask(QUESTIONS[0]).text) == _same(before.text)
        assert one.is_ready()
        ingested = site.run("ingest")
        wait_until(lambda: other.status("/healthz") == 200, "the second server's start", 180)
        why = notices.not_started("StorageFailed")
        wait_until(lambda: other.get("/readyz")["detail"] == why, "the reason", 120)
        missing = other.ask(QUESTIONS[0])
    finally:
        store.start()

    assert (ingested.returncode, len(ingested.stderr.splitlines())) == (1, 1)
    assert "KIL_CHROMA_URL" in ingested.stderr
    assert (missing.status_code, missing.json()["type"]) == (503, "/docs#not-ready")
    wait_until(other.is_ready, "the second server", 180)
    assert _same(other.ask(QUESTIONS[0]).text) == _same(before.text)


def test_logs_hold_no_password_no_question_and_no_address_of_a_reader(site: Site) -> None:
    logs = "".join(replica.log.read_text(encoding="utf-8") for replica in site.replicas)

    assert "ready to answer questions" in logs
    assert PASSWORD not in logs
    assert "meals" not in logs
    assert "198.18." not in logs
    assert "Traceback" not in logs
