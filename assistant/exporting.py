"""Writes the packaged model as a graph in int8; the only file that knows onnx.

The weights are rounded to int8 by output channel, what goes into each multiplication by one fixed range. So a
text has the same vector whatever it is read together with, which ranges taken from each batch do not give
(they moved vectors by up to 0.015 in cosine). Input channels are first scaled alike, which costs nothing and
takes most of the loss away (SmoothQuant: Xiao and others, 2023, arXiv 2211.10438). The scales and ranges ship
with the package; `assistant.evaluation.rounding` measured them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

from assistant.packaged import TOKENIZER, WEIGHTS

Array = np.ndarray[Any, Any]

LAYERS, HEADS, WIDTH = 6, 12, 384
# The layers after which states are taken on the way: to read questions on from, and passages.
SHALLOW, DEEP = 2, 4
OUTPUTS = ("last_hidden_state", f"hidden_{SHALLOW}", f"hidden_{DEEP}")

_ONNX, _MICROSOFT = 18, "com.microsoft"  # the fused operators of onnxruntime
_EPSILON = 1e-12
# How much of a channel's size moves from the input to the weight: of 0.3 to 1.0 the one with the highest mean
# cosine to the original, 0.998 (0.7: 0.997, 1.0: 0.997, 0.5: 0.982; without: 0.993).
_SHARE = 0.85


@dataclass(frozen=True, slots=True)
class Range:
    """What goes into one multiplication: the `scale` of each channel; divided by it, `low` to `high`."""

    scale: Array
    low: float
    high: float


def smooth(low: Array, high: Array, weight: Array) -> Range:
    """Return the range of an input whose channels were from `low` to `high`, before this weight."""
    size = np.maximum(np.abs(low), np.abs(high)) + 1e-6
    scale = size**_SHARE / (np.abs(weight).max(axis=0) + 1e-6) ** (1 - _SHARE)
    scale = (scale / np.exp(np.log(scale).mean())).astype(np.float32)
    # Nothing is 0, so 0 has to be within.
    least, greatest = float((low / scale).min()), float((high / scale).max())
    return Range(scale, min(0.0, least), max(0.0, greatest))


def export(folder: Path, ranges: Mapping[str, Range]) -> bytes:
    """Return the graph of the packaged model in int8, with its tokenizer; `ranges` by names of inputs."""
    model = _model(load_file(folder / WEIGHTS), _Int8(ranges))
    helper.set_model_props(model, {"tokenizer": (folder / TOKENIZER).read_text(encoding="utf-8")})
    written: bytes = model.SerializeToString(deterministic=True)
    return written


def export_original(folder: Path) -> tuple[bytes, tuple[str, ...], dict[str, Array]]:
    """Return the graph unrounded, with the inputs of all multiplications as outputs, and their weights."""
    rounding = _Unrounded()
    model = _model(load_file(folder / WEIGHTS), rounding)
    inputs = tuple(rounding.weights)
    told = {output.name for output in model.graph.output}
    model.graph.output.extend(_floats(name) for name in inputs if name not in told)
    return model.SerializeToString(), inputs, rounding.weights


def inputs_of(layer: int) -> tuple[str, str, str, str]:
    """Return the names of what goes into a layer's multiplications, in a graph of layers alone."""
    here = f"layer.{layer}"
    return _between(layer), f"{here}.seen", f"{here}.attended", f"{here}.bent"


def export_layers(weights: Mapping[str, Array], ranges: Mapping[str, Range] | None, layers: int = 1) -> bytes:
    """Return the graph of some layers, from `states` to `read`, in int8 or, without ranges, unrounded.

    `weights` have the names of the packaged model's first layers.
    """
    graph = _Graph()
    graph.add("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
    rounding = _Int8(ranges) if ranges else _Unrounded()
    for layer in range(layers):
        to = "read" if layer == layers - 1 else _between(layer + 1)
        _layer(graph, weights, rounding, layer, _between(layer), to)
    mask = helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["texts", "pieces"])
    model = _whole(graph, "layers", [_floats("states", WIDTH), mask], [_floats("read", WIDTH)])
    written: bytes = model.SerializeToString(deterministic=True)
    return written


def _between(layer: int) -> str:
    return f"state.{layer}" if layer else "states"


@dataclass
class _Graph:
    nodes: list[NodeProto] = field(default_factory=list)
    constants: list[TensorProto] = field(default_factory=list)

    def constant(self, name: str, value: Array) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, operator: str, inputs: list[str], *outputs: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(operator, inputs, outputs, **attributes))
        return outputs[0]


class _Unrounded:
    def __init__(self) -> None:
        self.weights: dict[str, Array] = {}

    def multiply(self, graph: _Graph, source: str, weight: Array, bias: Array, to: str) -> str:
        self.weights[source] = weight
        graph.add("MatMul", [source, graph.constant(f"{to}.weight", weight.T)], f"{to}.plain")
        return graph.add("Add", [f"{to}.plain", graph.constant(f"{to}.bias", bias)], to)


class _Int8:
    def __init__(self, ranges: Mapping[str, Range]) -> None:
        self._ranges = ranges

    def multiply(self, graph: _Graph, source: str, weight: Array, bias: Array, to: str) -> str:
        """Multiply in whole numbers: inputs from 0 to 255 within their range, weights from -127 to 127."""
        seen = self._ranges[source]
        step = np.float32((seen.high - seen.low) / 255)
        zero = np.uint8(np.clip(np.rint(-seen.low / step), 0, 255))
        rounded, steps = _round(weight * seen.scale)
        inverse = graph.constant(f"{to}.inverse", (1 / seen.scale).astype(np.float32))
        zero_name = graph.constant(f"{to}.zero", np.asarray(zero))
        graph.add("Mul", [source, inverse], f"{to}.scaled")
        step_name = graph.constant(f"{to}.step", np.asarray(step))
        graph.add("QuantizeLinear", [f"{to}.scaled", step_name, zero_name], f"{to}.rounded")
        weight_name = graph.constant(f"{to}.weight", rounded.T)
        worth = graph.constant(f"{to}.steps", steps[:, 0])
        inputs = [
            f"{to}.rounded",
            weight_name,
            step_name,
            worth,
            zero_name,
            "",
            graph.constant(f"{to}.bias", bias),
        ]
        return graph.add("MatMulIntegerToFloat", inputs, to, domain=_MICROSOFT)


def _round(rows: Array) -> tuple[Array, Array]:
    """Return the rows in int8, and what one is worth in each of them."""
    steps = np.abs(rows).max(axis=1, keepdims=True) / np.float32(127)
    steps[steps == 0] = 1
    return np.rint(rows / steps).astype(np.int8), steps.astype(np.float32)


def _model(weights: Mapping[str, Array], rounding: _Unrounded | _Int8) -> ModelProto:
    graph = _Graph()
    state = _embed(graph, weights)
    for layer in range(LAYERS):
        to = dict(zip((LAYERS, SHALLOW, DEEP), OUTPUTS, strict=True)).get(layer + 1, f"state.{layer + 1}")
        state = _layer(graph, weights, rounding, layer, state, to)
    ids = ("input_ids", "attention_mask")
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "pieces"]) for name in ids]
    return _whole(graph, "all-MiniLM-L6-v2", inputs, [_floats(name) for name in OUTPUTS])


def _whole(graph: _Graph, name: str, inputs: list[Any], outputs: list[Any]) -> ModelProto:
    made = helper.make_graph(graph.nodes, name, inputs, outputs, graph.constants)
    operators = [helper.make_opsetid("", _ONNX), helper.make_opsetid(_MICROSOFT, 1)]
    return helper.make_model(made, opset_imports=operators, ir_version=9)


def _floats(name: str, width: int | None = None) -> Any:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["texts", "pieces", width])


def _embed(graph: _Graph, weights: Mapping[str, Array]) -> str:
    """Add up what each piece is and where it stands. The pieces' own vectors are kept in int8, by row."""
    held = {name.removeprefix("embeddings."): value for name, value in weights.items()}
    words, steps = _round(held["word_embeddings.weight"])
    graph.add("Gather", [graph.constant("words", words), "input_ids"], "words.rounded")
    graph.add("Cast", ["words.rounded"], "words.real", to=TensorProto.FLOAT)
    graph.add("Gather", [graph.constant("words.steps", steps), "input_ids"], "words.step")
    graph.add("Mul", ["words.real", "words.step"], "words.vector")
    # Every piece is of the first of two texts that the model could read together.
    places = held["position_embeddings.weight"] + held["token_type_embeddings.weight"][0]
    graph.add("Shape", ["input_ids"], "pieces", start=1, end=2)
    first = graph.constant("first", np.array([0], dtype=np.int64))
    graph.add("Slice", [graph.constant("places", places), first, "pieces"], "places.here")
    graph.add("Add", ["words.vector", "places.here"], "embedded")
    graph.add("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
    norm = [graph.constant(f"embedded.{part}", held[f"LayerNorm.{part}"]) for part in ("weight", "bias")]
    return graph.add("LayerNormalization", ["embedded", *norm], "state.0", epsilon=_EPSILON)


def _layer(
    graph: _Graph, weights: Mapping[str, Array], rounding: _Unrounded | _Int8, layer: int, state: str, to: str
) -> str:
    held = {name.removeprefix(f"encoder.layer.{layer}."): value for name, value in weights.items()}
    here = f"layer.{layer}"

    def multiplied(block: str, source: str, name: str) -> str:
        return rounding.multiply(graph, source, held[f"{block}.weight"], held[f"{block}.bias"], name)

    def normed(block: str, source: str, beside: str, name: str) -> str:
        """Add what went past the block, and bring it all to one size.

        In two steps these take a third of the time of onnxruntime's operator for both.
        """
        parts = [
            graph.constant(f"{name}.{part}", held[f"{block}.LayerNorm.{part}"]) for part in ("weight", "bias")
        ]
        graph.add("Add", [source, beside], f"{name}.sum")
        return graph.add("LayerNormalization", [f"{name}.sum", *parts], name, epsilon=_EPSILON)

    asked = [f"attention.self.{name}" for name in ("query", "key", "value")]
    weight, bias = (np.concatenate([held[f"{name}.{part}"] for name in asked]) for part in ("weight", "bias"))
    all_three = rounding.multiply(graph, state, weight, bias, f"{here}.asked")
    three = [f"{here}.{name}" for name in ("query", "key", "value")]
    graph.add("Split", [all_three], *three, axis=2, num_outputs=3)
    seen = graph.add(
        "MultiHeadAttention", [*three, "", "mask"], f"{here}.seen", domain=_MICROSOFT, num_heads=HEADS
    )
    taken = multiplied("attention.output.dense", seen, f"{here}.taken")
    attended = normed("attention.output", taken, state, f"{here}.attended")
    wide = multiplied("intermediate.dense", attended, f"{here}.wide")
    graph.add("Gelu", [wide], f"{here}.bent", domain=_MICROSOFT)
    narrow = multiplied("output.dense", f"{here}.bent", f"{here}.narrow")
    return normed("output", narrow, attended, to)
