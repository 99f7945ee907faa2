"""The judge's weights, with and without what an index may lack."""

from assistant.judging import load_weights


def test_material_without_readers_questions_is_judged_without_them() -> None:
    weights = load_weights(networks=True)
    assert set(weights) == {"asked", "unasked"}
    assert any(name.startswith("asked") for name in weights["asked"]["answer"])
    for each in weights["unasked"].values():
        assert not any(name.startswith("asked") for name in each)


def test_another_embedding_model_is_judged_without_the_networks() -> None:
    assert any(name.startswith("answers") for name in load_weights(networks=True)["asked"]["answer"])
    for each in load_weights(networks=False).values():
        assert not any(name.startswith("answers") for name in each["answer"])
