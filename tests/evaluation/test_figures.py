"""Each figure is out of the questions that it applies to, and says of how many."""

from assistant.evaluation.figures import ALL, Figure, Latency, figures, latency
from assistant.vocabulary import Outcome
from tests.evaluation.samples import case, scored

REFUSE = Outcome.NOT_IN_MATERIAL
SCORES = [
    scored(case("a", facts=(("x",),), documents=("d",), sections=("s",)), on_point=0.5),
    scored(case("b", facts=(("x",), ("y",)), documents=("d",), sections=("s",)), missed=("y",), rank=4),
    scored(
        case("c", documents=("d",), sections=("s",)), outcome="not_in_material", document_right=False, rank=0
    ),
    scored(case("d", type="list", facts=(("x",),)), missed=("x",)),
    scored(case("e", type="list", facts=(("x",),)), said=("z",)),
    scored(case("f", REFUSE, type="near-miss")),
    scored(case("g", REFUSE, type="near-miss"), outcome="answered", broken=("p", "q")),
]


def test_figures_over_all_have_their_denominators() -> None:
    found = figures(SCORES)[ALL]
    assert found == {
        "outcome right": Figure(5, 7),
        "right document": Figure(2, 3),
        "fact recall": Figure(2.5, 4),
        "lists complete": Figure(1, 2),
        "on point": Figure(0.5, 1),
        "refused rightly": Figure(1, 2),
        "refused wrongly": Figure(1, 5),
        "forbidden": Figure(1, 7),
        "contract broken": Figure(1, 7),
        "hit@1": Figure(1, 3),
        "hit@3": Figure(1, 3),
        "hit@5": Figure(2, 3),
        "MRR": Figure(1.25, 3),
    }


def test_each_type_has_its_own_figures() -> None:
    found = figures(SCORES)
    assert list(found) == [ALL, "fact", "list", "near-miss"]
    assert found["list"]["lists complete"] == Figure(1, 2)
    assert found["fact"]["lists complete"] == Figure(0, 0)
    assert found["near-miss"]["refused rightly"] == Figure(1, 2)


def test_a_figure_without_a_denominator_has_no_share() -> None:
    assert Figure(0, 0).share is None
    assert Figure(1, 4).share == 0.25


def test_a_question_that_may_be_refused_or_answered_counts_in_neither_refusal_figure() -> None:
    either = case("h", outcomes=(Outcome.ANSWERED, REFUSE))
    found = figures([scored(either)])[ALL]
    assert (found["refused rightly"].of, found["refused wrongly"].of) == (0, 0)


def test_latency_is_the_nearest_rank() -> None:
    hundred = [scored(case(str(ms)), ms=float(ms)) for ms in range(100, 0, -1)]
    assert latency(hundred) == Latency(50, 95)
    assert latency(hundred[:1]) == Latency(100, 100)
