"""Killed at any moment of a fetch or an ingest: the index always answers, and the next run completes.

`python -m tests.ingest.test_killing 20` kills more often than the test has time for.
"""

import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from assistant.index import open_index
from ingest.originals import Originals
from tests.ingest.material import write_digest
from tests.ingest.originals import paragraph, written
from tests.ingest.webserver import Misbehaviour, Site, served

ROOT = Path(__file__).parents[2]
IDS = [f"place{number}" for number in range(8)]


class Council:
    """A catalogue whose pages stand on a slow site, and the folder that they are kept and indexed in."""

    def __init__(self, folder: Path, site: Site) -> None:
        self.corpus, self.data, self.site = folder / "digests", folder / "data", site
        for id_ in IDS:
            digest = write_digest(self.corpus, id_)
            text = digest.read_text(encoding="utf-8").replace("https://example.org/", site.at("/"))
            digest.write_text(text, encoding="utf-8")

    def publish(self, edition: int) -> None:
        """Give every page another text."""
        for id_ in IDS:
            first, second = paragraph(f"{id_}first{edition}"), paragraph(f"{id_}second{edition}")
            self.site.pages[f"/{id_}"] = _slowly(
                written(f"Report on {id_}", f"Edition {edition}. {first}", second)
            )

    def start(self) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "tests.ingest.slow_fetch", str(self.corpus), str(self.data)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "fetching\n"
        return process

    def complete(self) -> float:
        """Let a run end; return how many seconds its fetch and ingest took."""
        with self.start() as process:
            started = time.monotonic()
            output, _ = process.communicate(timeout=60)
        assert output.endswith("done\n")
        return time.monotonic() - started

    def edition(self) -> int:
        """Ask the index: it has every page whole, and all of one edition, which is returned."""
        assert len(Originals(self.data / "originals").all()) == len(IDS)
        index = open_index(self.data)
        held = index.load("fake")
        assert len(held.nearest(held.passage_vectors[0], len(held.passages))) == len(held.passages)
        index.close()
        texts = [passage.text for passage in held.passages if passage.text_from == "original"]
        assert len(texts) == 2 * len(IDS)
        (found,) = {int(text.split()[1][:-1]) for text in texts if text.startswith("Edition")}
        return found


def _slowly(body: bytes) -> Misbehaviour:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.03)
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def kill(times: int, folder: Path, seed: int) -> Counter[str]:
    """Kill a run that often, at random moments; return in what it was."""
    moments, killed_in = random.Random(seed), Counter[str]()
    with served() as site:
        council = Council(folder, site)
        council.publish(0)
        longest = council.complete()
        for edition in range(1, times + 1):
            council.publish(edition)
            with council.start() as process:
                time.sleep(moments.uniform(0, longest))
                process.kill()
                assert process.stdout is not None
                killed_in["indexing" if "indexing" in process.stdout.read() else "fetching"] += 1
            assert council.edition() <= edition
        council.publish(times + 1)
        council.complete()
        assert council.edition() == times + 1
    return killed_in


def test_a_killed_run_leaves_an_index_that_answers_and_the_next_completes(tmp_path: Path) -> None:
    assert kill(3, tmp_path, seed=7).total() == 3


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        print(dict(kill(int(sys.argv[1]), Path(scratch), seed=int(time.time()))))
