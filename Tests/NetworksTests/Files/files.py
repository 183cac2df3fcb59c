"""Writes the weight files of this folder with torch.save and the safetensors package, and what they hold as files.json.

    python3 -m venv venv && venv/bin/pip install torch numpy safetensors
    venv/bin/python Tests/NetworksTests/Files/files.py

README.md lists the files. The weights are those of ../Reference/formula.py.
"""

import hashlib
import json
import pathlib
import platform
import sys
import zipfile
from collections import OrderedDict

import numpy as np
import safetensors
import safetensors.torch
import torch

FOLDER = pathlib.Path(__file__).parent
sys.path.insert(0, str(FOLDER.parent / "Reference"))

import formula  # noqa: E402
import models  # noqa: E402

MODULUS = 5
CONFIGURATION = {
    "n_layers": 1, "d_vocab": MODULUS + 1, "d_vocab_out": MODULUS + 1, "n_ctx": 3, "d_model": 8, "n_heads": 2, "d_head": 4,
    "d_mlp": 12, "act_fn": "relu", "normalization_type": None, "attention_bias": False, "unembed_bias": False,
}  # fmt: skip


def float32(x):
    return torch.as_tensor(x).detach().to(torch.float32).contiguous()


def network():
    """The tiny transformer in float32, by TransformerLens name."""
    layout = formula.Layout()
    models.transformer_layout(layout, CONFIGURATION, embed=2.0, weight=1.0)
    return {e["name"]: float32(layout.values(e)) for e in layout.entries}


def trained(steps=1500):
    """The same architecture trained on all pairs until every answer is right by a wide margin."""
    weights = {n: w.double().requires_grad_() for n, w in network().items()}
    optimiser = torch.optim.AdamW(weights.values(), lr=0.01, weight_decay=0.01)
    tokens, right = all_pairs()
    for _ in range(steps):
        optimiser.zero_grad()
        logits, _ = models.transformer(weights, CONFIGURATION, tokens)
        torch.nn.functional.cross_entropy(logits[:, -1], right).backward()
        optimiser.step()
    return {n: float32(w) for n, w in weights.items()}


def all_pairs():
    a, b = np.divmod(np.arange(MODULUS**2), MODULUS)
    return torch.tensor(np.stack([a, b, np.full(a.size, MODULUS)], 1)), torch.tensor((a + b) % MODULUS)


def transformer_lens(weights):
    """With the buffers and the zero biases that HookedTransformer.state_dict() has."""
    c, attention = CONFIGURATION, "blocks.0.attn."
    state = OrderedDict(weights)
    for name in ("b_Q", "b_K", "b_V"):
        state[attention + name] = torch.zeros(c["n_heads"], c["d_head"])
    state[attention + "b_O"] = torch.zeros(c["d_model"])
    state[attention + "mask"] = torch.ones(c["n_ctx"], c["n_ctx"], dtype=torch.bool).tril()
    state[attention + "IGNORE"] = torch.tensor(-torch.inf)
    state["unembed.b_U"] = torch.zeros(c["d_vocab_out"])
    return state


def transposed(weights):
    """The convention of the published modular-addition networks: same names, W_pos and W_U as they are, no other biases."""
    state = OrderedDict()
    for name, w in weights.items():
        kind = name.split(".")[-1]
        if kind in ("W_E", "W_in", "W_out"):
            w = w.T
        elif kind in ("W_Q", "W_K", "W_V"):  # [head, d, d_head] -> [head, d_head, d]
            w = w.transpose(1, 2)
        elif kind == "W_O":  # [head, d_head, d] -> [d, head * d_head]
            w = w.flatten(0, 1).T
        state[name] = w.contiguous()
    state["blocks.0.attn.mask"] = torch.ones(3, 3).tril()
    return state


def all_dtypes():
    values = torch.tensor([[0.0, -1.5, 3.25], [1e-3, 65504.0, -2.0**-14]], dtype=torch.float64)
    return {
        "float64": values,
        "float32": values.float(),
        "float16": values.half(),
        "bfloat16": values.bfloat16(),
        "int64": torch.tensor([-(2**40), 0, 2**40]),
        "int32": torch.tensor([-7, 7], dtype=torch.int32),
        "uint8": torch.tensor([0, 255], dtype=torch.uint8),
        "bool": torch.tensor([True, False, True]),
        "scalar": torch.tensor(2.5),
        "empty": torch.zeros(0, 3),
    }


def views():
    """Tensors that are not the whole of their storage in order."""
    base = float32(formula.units(0, 24)).reshape(4, 6)
    return {
        "base": base,
        "transposed": base.T,
        "rows": base[1:3],
        "column": base[:, 2],
        "expanded": base[0, :1].expand(3),
        "parameter": torch.nn.Parameter(base[2] * 2),
    } | all_dtypes()


def nested(state):
    return {"model": state, "config": {"p": MODULUS, "lr": 1e-3, "name": "tiny"}, "epoch": 3, "train_losses": [1.5, 0.25]}


def refused_call(path):
    """An archive whose pickle would call print. A reader that executes nothing must refuse it."""
    pickle = b"\x80\x02cbuiltins\nprint\nX\x0e\x00\x00\x00this was calledq\x00\x85q\x01Rq\x02."
    pickle = pickle.replace(b"\x0e\x00\x00\x00", len(b"this was called").to_bytes(4, "little"))
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in [("data.pkl", pickle), ("byteorder", b"little"), ("version", b"3\n")]:
            archive.writestr(zipfile.ZipInfo(f"refused-call/{name}"), data)


def number(x):
    return x if isinstance(x, (int, float)) and np.isfinite(x) else str(x)


def contents(state):
    """Every tensor: dtype, shape, SHA-256 of its row-major little-endian bytes, and its values, exact."""
    result = {}
    for name, t in state.items():
        t = t.detach().contiguous()
        raw = bytes(t.reshape(-1).view(torch.uint8).tolist()) if t.numel() else b""
        values = [number(int(v) if t.dtype == torch.bool else v) for v in t.reshape(-1).tolist()]
        dtype = str(t.dtype).removeprefix("torch.")
        result[name] = {"dtype": dtype, "shape": list(t.shape), "sha256": hashlib.sha256(raw).hexdigest(), "values": values}
    return result


def behaviour(weights):
    """What the network computes for a + b over all pairs, row a * MODULUS + b; logits [pair, class] of the last position."""
    tokens, right = all_pairs()
    logits, _ = models.transformer({n: w.double() for n, w in weights.items()}, CONFIGURATION, tokens)
    logits = logits[:, -1]
    others = logits.scatter(1, right[:, None], -torch.inf)
    margins = logits.gather(1, right[:, None])[:, 0] - others.max(1).values
    return {
        "loss": torch.nn.functional.cross_entropy(logits, right).item(),
        "correct": int((margins > 0).sum()),
        "least_margin": margins.min().item(),
        "logits": logits.flatten().tolist(),
    }


def main():
    torch.set_num_threads(1)
    weights, solution = network(), trained()
    lens, old, dtypes, parts = transformer_lens(weights), transposed(weights), all_dtypes(), views()
    metadata = {"format": "pt"}  # one key: the package writes several in no fixed order
    safetensors.torch.save_file(lens, FOLDER / "transformerlens.safetensors", metadata)
    safetensors.torch.save_file(old, FOLDER / "transposed.safetensors")
    safetensors.torch.save_file(dtypes, FOLDER / "dtypes.safetensors", metadata)
    safetensors.torch.save_file(solution, FOLDER / "trained.safetensors")
    torch.save(lens, FOLDER / "transformerlens.pt")
    torch.save(old, FOLDER / "transposed.pt")
    torch.save(parts, FOLDER / "views.pt")
    torch.save(nested(old), FOLDER / "nested.pt")
    torch.save({"w": parts["rows"]}, FOLDER / "legacy.pt", _use_new_zipfile_serialization=False)
    refused_call(FOLDER / "refused-call.pt")
    document = {
        "provenance": {
            "command": "python3 Tests/NetworksTests/Files/files.py",
            "torch": torch.__version__, "numpy": np.__version__, "safetensors": safetensors.__version__,
            "python": platform.python_version(),
        },  # fmt: skip
        "configuration": CONFIGURATION,
        "task": f"a + b mod {MODULUS} over all pairs, tokens a, b, {MODULUS}; row a * {MODULUS} + b, logits of the last position",
        "behaviour": {"transformerlens": behaviour(weights), "trained": behaviour(solution)},
        "files": {
            "transformerlens": contents(lens),
            "transposed": contents(old),
            "trained": contents(solution),
            "dtypes": contents(dtypes),
            "views": contents(parts),
        },
    }
    formula.write(FOLDER / "files.json", document, {"provenance", "behaviour", "files", *document["files"]})
    for path in FOLDER.glob("*.safetensors"):
        path.chmod(0o644)  # the package writes 0600


if __name__ == "__main__":
    main()
