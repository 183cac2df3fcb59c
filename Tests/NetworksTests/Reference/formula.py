"""Numbers by formula, flat parameter vectors and summaries: what every stored reference value is made of.

A reader in another language needs only `unit` to rebuild all weights; README.md says it in words.
"""

import json

import numpy as np
import torch

PROJECTION = 1_000_000  # first index of the numbers that a projection is taken on


def unit(i):
    """u(i) in [-0.5, 0.5), a multiple of 2^-20. `i` is an integer or an array of integers."""
    x = (np.asarray(i, dtype=np.uint64) * 2654435761 + 12345) % 2**32
    x ^= x >> 15
    x = (x * 2246822519) % 2**32
    x ^= x >> 13
    return (x >> 12) / 2**20 - 0.5


def units(first, count):
    """u(first), u(first + 1), ..., `count` of them."""
    return unit(np.arange(first, first + count))


def token(i, vocabulary):
    """Token number i of a sequence task: the integer part of (u(i) + 0.5) * vocabulary."""
    return ((unit(i) + 0.5) * vocabulary).astype(np.int64)


class Layout:
    """Names and shapes in one flat vector. Entry j of the vector is shift + scale * u(j)."""

    def __init__(self):
        self.entries, self.count = [], 0

    def add(self, name, *shape, scale, shift=0.0):
        # A scale that is a power of two keeps every weight exact in float32.
        entry = {"name": name, "shape": list(shape), "offset": self.count, "scale": scale, "shift": shift}
        self.entries.append(entry)
        self.count += int(np.prod(shape))

    def values(self, entry):
        u = units(entry["offset"], int(np.prod(entry["shape"])))
        return (entry["shift"] + entry["scale"] * u).reshape(entry["shape"])

    def parameters(self):
        """name -> float64 leaf tensor that records its gradient."""
        return {e["name"]: torch.tensor(self.values(e), dtype=torch.float64, requires_grad=True) for e in self.entries}


def summary(tensor, entries=6):
    """What is stored of a tensor: its shape, its norm, a projection that depends on all entries, and a few entries."""
    flat = tensor.detach().to(torch.float64).numpy().reshape(-1)
    if flat.size <= entries:
        indices = list(range(flat.size))
    else:  # evenly spread, first and last included
        indices = [k * (flat.size - 1) // (entries - 1) for k in range(entries)]
    return {
        "shape": list(tensor.shape),
        "norm": float(np.sqrt(np.sum(flat * flat))),
        "projection": float(np.sum(flat * units(PROJECTION, flat.size))),
        "indices": indices,
        "values": [float(flat[i]) for i in indices],
    }


def write(path, document, long_keys):
    """JSON with one line for every value, except that the lists and objects under `long_keys` get one line per item."""

    def text(value, indent, key):
        pad = " " * (indent + 1)
        if key in long_keys and isinstance(value, list):
            items = [pad + text(v, indent + 1, None) for v in value]
            return "[\n" + ",\n".join(items) + "\n" + " " * indent + "]"
        if isinstance(value, dict) and (key in long_keys or key is None and set(value) & long_keys):
            items = [f"{pad}{json.dumps(k)}: {text(v, indent + 1, k)}" for k, v in value.items()]
            return "{\n" + ",\n".join(items) + "\n" + " " * indent + "}"
        return json.dumps(value, separators=(", ", ":"), allow_nan=False)

    with open(path, "w", encoding="ascii") as file:
        file.write(text(document, 0, None) + "\n")
