"""Writes models.json and optimisers.json, the PyTorch values that NetworksTests and LearnerTests compare with.

    python3 -m venv venv && venv/bin/pip install torch numpy
    venv/bin/python Tests/NetworksTests/Reference/reference.py

Everything is computed in float64 on one thread. README.md explains the files.
"""

import pathlib
import platform

import numpy as np
import torch

import formula
import models
import optimisers

COMMAND = "python3 Tests/NetworksTests/Reference/reference.py"
FORMULA = (
    "x = (i*2654435761 + 12345) mod 2^32; x ^= x >> 15; x = x*2246822519 mod 2^32; x ^= x >> 13; "
    "u(i) = floor(x / 2^12) / 2^20 - 0.5; parameter j of the flat vector = shift + scale*u(j)"
)


def provenance():
    return {
        "command": COMMAND,
        "torch": torch.__version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
        "scalar": "float64",
        "formula": FORMULA,
    }


def pairs(count, modulus, columns):
    """`count` distinct pairs (a, b) spread over all pairs, and (a + b) mod modulus. A third column is the token '='."""
    index = np.arange(count) * 1000 % modulus**2
    a, b = index // modulus, index % modulus
    tokens = np.stack([a, b] + [np.full(count, modulus)] * (columns - 2), 1)
    return tokens, ((a + b) % modulus)[:, None]


def sequences(rows, length, vocabulary, classes, read):
    """Token sequences; the target at time t is the sum of the tokens so far mod `classes`; some are not counted."""
    index = np.arange(rows * length)
    tokens = formula.token(index + 2_000_000, vocabulary).reshape(rows, length)
    targets = tokens.cumsum(1) % classes
    if read == "last":
        return tokens, targets[:, -1:]
    return tokens, np.where((index % 7 == 3).reshape(rows, length), -1, targets)


def case(name, kind, configuration, data, read, embed=2.0, weight=1.0):
    """One model on one batch: loss, logits, activations and gradient."""
    layout = formula.Layout()
    add, forward = models.KINDS[kind]
    add(layout, configuration, embed, weight)
    parameters = layout.parameters()
    inputs, targets = data
    logits, activations = forward(parameters, configuration, torch.tensor(inputs))
    logits = logits[:, -1:] if read == "last" else logits  # [batch, read position, class]
    flat, expected = logits.flatten(0, 1), torch.tensor(targets).flatten()
    loss = torch.nn.functional.cross_entropy(flat, expected, ignore_index=-1)
    loss.backward()
    return {
        "name": name,
        "kind": kind,
        "configuration": configuration,
        "read": read,
        "count": layout.count,
        "parameters": layout.entries,
        "inputs": inputs.tolist(),
        "targets": targets.tolist(),
        "loss": loss.item(),
        "correct": int(((flat.argmax(-1) == expected) & (expected >= 0)).sum()),
        "logits": formula.summary(logits, entries=12),
        "activations": {n: formula.summary(t, entries=4) for n, t in activations.items()},
        "gradient": {n: formula.summary(p.grad) for n, p in parameters.items()},
    }


def mlp_cases():
    for tied in (True, False):
        for act in ("relu", "gelu", "gelu_new", "square"):
            for bias in (False, True):
                c = {"n_inputs": 2, "d_vocab": 11, "d_model": 6, "d_mlp": 10, "d_vocab_out": 13}
                c |= {"act_fn": act, "tied": tied, "mlp_bias": bias}
                name = f"mlp-{'tied' if tied else 'untied'}-{act}{'-bias' if bias else ''}"
                yield case(name, "mlp", c, pairs(24, 11, 2), "last")
    c = {"n_inputs": 3, "d_vocab": 8, "d_model": 6, "d_mlp": 10, "d_vocab_out": 7}
    c |= {"act_fn": "relu", "tied": False, "mlp_bias": False}
    yield case("mlp-untied-relu-three-inputs", "mlp", c, pairs(24, 7, 3), "last")
    c = {"n_inputs": 2, "d_vocab": 113, "d_model": 128, "d_mlp": 256, "d_vocab_out": 113}
    c |= {"act_fn": "relu", "tied": True, "mlp_bias": False}
    yield case("mlp-fast-recipe", "mlp", c, pairs(300, 113, 2), "last", embed=0.5, weight=0.5)


def transformer_cases():
    base = {"n_layers": 1, "d_vocab": 8, "d_vocab_out": 9, "n_ctx": 3, "d_model": 10, "n_heads": 3, "d_head": 4, "d_mlp": 14}
    base |= {"act_fn": "relu", "normalization_type": None, "attention_bias": False, "unembed_bias": False}
    for act in ("relu", "gelu", "gelu_new"):
        yield case(f"transformer-1-{act}", "transformer", base | {"act_fn": act}, pairs(40, 7, 3), "last")
    yield case("transformer-1-all-positions", "transformer", base, sequences(12, 3, 8, 9, "all"), "all")
    biased = base | {"attention_bias": True, "unembed_bias": True}
    yield case("transformer-1-biases", "transformer", biased, pairs(40, 7, 3), "last")
    deep = base | {"n_layers": 2, "n_ctx": 7, "normalization_type": "LN", "act_fn": "gelu_new"}
    yield case("transformer-2-ln-all-positions", "transformer", deep, sequences(6, 7, 8, 9, "all"), "all")
    yield case("transformer-2-ln-last", "transformer", deep, sequences(10, 7, 8, 9, "last"), "last")
    yield case("transformer-2-ln-shorter", "transformer", deep, sequences(10, 5, 8, 9, "last"), "last")
    biased = deep | {"attention_bias": True, "unembed_bias": True, "act_fn": "relu"}
    yield case("transformer-2-ln-biases", "transformer", biased, sequences(6, 7, 8, 9, "all"), "all")
    c = base | {"d_vocab": 114, "d_vocab_out": 114, "d_model": 128, "n_heads": 4, "d_head": 32, "d_mlp": 512}
    yield case("transformer-published", "transformer", c, pairs(300, 113, 3), "last", embed=0.5, weight=0.25)
    assert sum(np.prod(e["shape"]) for e in published_layout(c)) == 226_816


def published_layout(c):
    layout = formula.Layout()
    models.transformer_layout(layout, c, 0.5, 0.25)
    return layout.entries


def recurrent_cases():
    for cell in ("gru", "lstm"):
        c = {"cell": cell, "d_vocab": 5, "d_embed": 6, "d_hidden": 7, "d_vocab_out": 4}
        yield case(f"{cell}-all-positions", "recurrent", c, sequences(4, 9, 5, 4, "all"), "all")
        yield case(f"{cell}-last", "recurrent", c, sequences(6, 8, 5, 4, "last"), "last")
        yield case(f"{cell}-longer", "recurrent", c, sequences(2, 25, 5, 4, "all"), "all")


def main():
    torch.set_num_threads(1)
    folder = pathlib.Path(__file__).parent
    cases = [*mlp_cases(), *transformer_cases(), *recurrent_cases()]
    long_keys = {"cases", "parameters", "activations", "gradient", "provenance"}
    formula.write(folder / "models.json", {"provenance": provenance(), "cases": cases}, long_keys)
    trajectories = {"provenance": provenance(), **optimisers.document()}
    long_keys = {"provenance", "problem", "runs", "parameters", "steps"}
    formula.write(folder / "optimisers.json", trajectories, long_keys)
    for c in cases:
        print(f"{c['name']:32} {c['count']:7} parameters, loss {c['loss']:.6f}, {c['correct']} right")


if __name__ == "__main__":
    main()
