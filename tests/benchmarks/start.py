"""How long the server takes to its page, to its first answer and to the chat, and what it holds then.

Run `python -m tests.benchmarks.start`. It starts a server over the data folder of the settings, where the
index has to be. Seconds of the processor are told beside those of the clock: they hardly depend on what else
the machine does.
"""

import os
import time

import httpx

from tests.benchmarks.load import resident, served, used

QUESTION = {"question": "Who convenes the Keep it Local Network?"}
PATIENCE = 300.0
STEPS = ("page", "answer", "chat")


def reached(client: httpx.Client, step: str) -> bool:
    """Whether a reader gets this far."""
    try:
        if step == "answer":
            return client.post("/api/ask", json=QUESTION).status_code == 200
        page = client.get("/")
    except httpx.TransportError:
        return False
    return page.status_code == 200 and (step == "page" or "Retry-After" not in page.headers)


def main() -> None:
    """Measure and tell."""
    began = time.monotonic()
    print("| step | seconds | of the processor | memory |\n|---|---|---|---|")
    with (
        served() as (address, process),
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        for step in STEPS:
            while not reached(client, step):
                if time.monotonic() - began > PATIENCE:
                    raise TimeoutError(f"The {step} was not there within five minutes.")
                time.sleep(0.05)
            took = time.monotonic() - began
            print(f"| {step} | {took:.1f} | {used(process):.1f} | {resident(process):.0f} MB |", flush=True)
    print(f"load of the machine {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
