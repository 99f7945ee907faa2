"""Counts what happens, for Prometheus; nothing of what is asked, and nothing of who asks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from assistant.vocabulary import Answer, Material

_REQUEST_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_STAGE_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60)
_STAGES = ("retrieve", "compose", "check", "total")


@dataclass(frozen=True, slots=True)
class Standing:
    """How the server stands when it is asked: what can't be counted as it happens."""

    material: Callable[[], Material | None]
    generation: Callable[[], str | None]
    refused: Callable[[], int]

    def collect(self) -> Iterator[Any]:
        """Yield what Prometheus calls families of metrics."""
        from prometheus_client.core import (  # noqa: PLC0415 - only a server that is watched needs it
            CounterMetricFamily,
            GaugeMetricFamily,
        )

        material, generation = self.material(), self.generation() or ""
        yield CounterMetricFamily("kil_rate_limited", "Questions refused as too many", value=self.refused())
        yield GaugeMetricFamily("kil_ready", "1 if questions can be answered", value=int(bool(material)))
        if material is None:
            return
        info = GaugeMetricFamily(
            "kil_index_info", "The index that answers", labels=("generation", "indexed_on")
        )
        info.add_metric((generation, material.indexed_on), 1)
        yield info
        yield GaugeMetricFamily("kil_index_documents", "Documents in it", value=material.documents)
        yield GaugeMetricFamily("kil_index_age_seconds", "Seconds since it was made", value=_age(material))


class Metrics:
    """All counts of one server."""

    def __init__(self, standing: Standing) -> None:
        from prometheus_client import (  # noqa: PLC0415 - likewise
            CollectorRegistry,
            Counter,
            Gauge,
            Histogram,
            ProcessCollector,
        )

        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)  # memory, processor time, open files
        self._registry.register(standing)
        here: Any = {"registry": self._registry}
        self.in_flight = Gauge("kil_requests_in_flight", "Requests being answered", **here)
        self.pages_open = Gauge("kil_chat_pages_open", "Chat pages that are open", **here)
        self._requests = Counter("kil_requests", "Requests", ("method", "path", "status"), **here)
        self._seconds = Histogram(
            "kil_request_seconds",
            "Seconds to the end of a response",
            ("path",),
            buckets=_REQUEST_SECONDS,
            **here,
        )
        self._problems = Counter("kil_problems", "Problems that were told over HTTP", ("kind",), **here)
        self._answers = Counter("kil_answers", "Answers by outcome", ("outcome", "answered_by"), **here)
        self._fell_short = Counter("kil_model_failures", "Answers where a language model fell short", **here)
        self._stages = Histogram(
            "kil_answer_seconds", "Seconds of an answer by stage", ("stage",), buckets=_STAGE_SECONDS, **here
        )

    def note_request(self, method: str, path: str, status: int, seconds: float, problem: str | None) -> None:
        """Count one request that has ended."""
        self._requests.labels(method, path, str(status)).inc()
        self._seconds.labels(path).observe(seconds)
        if problem:
            self._problems.labels(problem).inc()

    def note_answer(self, answer: Answer) -> None:
        """Count one answer, whichever front it was given through."""
        self._answers.labels(answer.outcome.value, answer.answered_by).inc()
        for stage in _STAGES:
            self._stages.labels(stage).observe(getattr(answer.took, stage) / 1_000)
        if answer.note:
            self._fell_short.inc()

    def page(self) -> tuple[bytes, str]:
        """Write everything down as Prometheus reads it, with the media type."""
        from prometheus_client import CONTENT_TYPE_LATEST, generate_latest  # noqa: PLC0415 - likewise

        return generate_latest(self._registry), CONTENT_TYPE_LATEST


def _age(material: Material) -> float:
    made = datetime.fromisoformat(material.indexed_on)
    return (datetime.now(UTC) - (made if made.tzinfo else made.replace(tzinfo=UTC))).total_seconds()
