"""Optimiser trajectories on a gradient given by formula, computed twice: by torch.optim and by the plain formulas below.

The two must agree to 1e-12, so the formulas are also the documentation. All in float64, every tensor on its own.
"""

import math

import numpy as np
import torch
import torch.optim._muon as torch_muon

import formula

TARGET, NOISE, MATRIX = 3_000_000, 4_000_000, 5_000_000  # first indices of the numbers u(i) used here
QUINTIC = (3.4445, -4.7750, 2.0315)
STORED = (1, 2, 3, 4, 5, 12)


def problem():
    """A tall matrix, a wide one, a vector that starts at zero, and a stack of two matrices."""
    layout = formula.Layout()
    layout.add("tall", 6, 4, scale=1.0)
    layout.add("wide", 3, 7, scale=1.0)
    layout.add("zero", 5, scale=0.0)
    layout.add("stack", 2, 4, 3, scale=1.0)
    return layout


def gradient(entry, w, t):
    """Step t = 1, 2, ...: g_j = w_j - u(TARGET + j) + u(NOISE + 1000 t + j) / 4, j the index in the flat vector."""
    j, n = entry["offset"], w.size
    return w - (formula.units(TARGET + j, n) - formula.units(NOISE + 1000 * t + j, n) / 4).reshape(w.shape)


def perpendicular(w, g):
    """Prieto et al. 2025: the part of g perpendicular to w, rescaled to the norm of g."""
    rest = g - (w * g).sum() / ((w * w).sum() + 1e-30) * w
    return rest * (np.sqrt((g * g).sum()) / (np.sqrt((rest * rest).sum()) + 1e-30))


def adamw(w, g, state, t, lr, betas, eps, weight_decay):
    """Loshchilov & Hutter 2019 as in torch.optim.AdamW: decay first, bias-corrected, eps outside the root."""
    state["m"] = betas[0] * state.get("m", 0) + (1 - betas[0]) * g
    state["v"] = betas[1] * state.get("v", 0) + (1 - betas[1]) * g * g
    m, v = state["m"] / (1 - betas[0] ** t), state["v"] / (1 - betas[1] ** t)
    return w * (1 - lr * weight_decay) - lr * m / (np.sqrt(v) + eps)


def newton_schulz(g, iterations=5, eps=1e-7):
    """The quintic iteration on a matrix or a stack of matrices; tall matrices are transposed first."""
    a, b, c = QUINTIC
    x = g.swapaxes(-1, -2) if g.shape[-2] > g.shape[-1] else g
    x = x / np.maximum(np.sqrt((x * x).sum((-1, -2), keepdims=True)), eps)
    for _ in range(iterations):
        gram = x @ x.swapaxes(-1, -2)
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.swapaxes(-1, -2) if g.shape[-2] > g.shape[-1] else x


def muon(w, g, state, t, lr, momentum, nesterov, weight_decay, adjust):
    """Jordan 2024 as in torch.optim.Muon, but without rounding to bfloat16. Stacks are orthogonalised matrix by matrix."""
    state["m"] = momentum * state.get("m", 0) + (1 - momentum) * g
    update = momentum * state["m"] + (1 - momentum) * g if nesterov else state["m"]
    rows, columns = w.shape[-2:]
    ratio = math.sqrt(max(1, rows / columns)) if adjust == "original" else 0.2 * math.sqrt(max(rows, columns))
    return w * (1 - lr * weight_decay) - lr * ratio * newton_schulz(update)


def schedule(kind, t, length):
    """The factor of the learning rate at step t = 1, 2, ..."""
    if kind == "warm-up-from-zero":  # the published recipe: the first update has learning rate 0
        return min((t - 1) / length, 1)
    if kind == "warm-up-from-one":
        return min(t / length, 1)
    if kind == "cosine":
        return (1 + math.cos(math.pi * min(t - 1, length) / length)) / 2
    return 1.0


ADAMW = {"lr": 0.01, "betas": [0.9, 0.99], "eps": 1e-8, "weight_decay": 0.1}
PUBLISHED = {"lr": 0.001, "betas": [0.9, 0.98], "eps": 1e-8, "weight_decay": 1.0}
MUON = {"lr": 0.02, "momentum": 0.95, "nesterov": True, "weight_decay": 0.1, "adjust": "original"}
RUNS = [
    {"name": "adamw", "adamw": ADAMW},
    {"name": "adamw-large-eps", "adamw": ADAMW | {"eps": 0.01}},
    {"name": "adamw-warm-up-from-zero", "adamw": PUBLISHED, "schedule": ["warm-up-from-zero", 10]},
    {"name": "adamw-warm-up-from-one", "adamw": PUBLISHED, "schedule": ["warm-up-from-one", 10]},
    {"name": "adamw-cosine", "adamw": ADAMW, "schedule": ["cosine", 12]},
    {"name": "perpendicular-adamw", "adamw": ADAMW, "perpendicular": True},
    {"name": "muon", "adamw": ADAMW, "muon": MUON, "muon_tensors": ["tall", "wide"]},
    {"name": "muon-stacks", "adamw": ADAMW, "muon": MUON, "muon_tensors": ["tall", "wide", "stack"]},
    {"name": "muon-no-nesterov", "adamw": ADAMW, "muon": MUON | {"nesterov": False}, "muon_tensors": ["tall", "wide"]},
    {"name": "muon-match-rms", "adamw": ADAMW, "muon": MUON | {"adjust": "match_rms_adamw"}, "muon_tensors": ["tall", "wide"]},
]


def by_formula(run, entry, w, steps):
    """Yields the tensor after every step, by the formulas above."""
    state = {}
    kind, length = run.get("schedule", ["constant", 1])
    for t in range(1, steps + 1):
        g = gradient(entry, w, t)
        if run.get("perpendicular"):
            g = perpendicular(w, g)
        step, settings = (muon, run["muon"]) if entry["name"] in run.get("muon_tensors", []) else (adamw, run["adamw"])
        w = step(w, g, state, t, **(settings | {"lr": settings["lr"] * schedule(kind, t, length)}))
        yield w


def by_torch(run, entry, w, steps):
    """The same by torch.optim; a stack under Muon is a list of matrices."""
    is_muon = entry["name"] in run.get("muon_tensors", [])
    stacked = is_muon and w.ndim == 3
    leaves = [torch.tensor(s, requires_grad=True) for s in (w if stacked else [w])]
    kind, length = run.get("schedule", ["constant", 1])
    if is_muon:
        settings = dict(run["muon"])
        optimiser = torch.optim.Muon(leaves, adjust_lr_fn=settings.pop("adjust"), **settings)
    else:
        optimiser = torch.optim.AdamW(leaves, **run["adamw"])
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda done: schedule(kind, done + 1, length))
    for t in range(1, steps + 1):
        current = np.stack([l.detach().numpy() for l in leaves]).reshape(w.shape)
        g = gradient(entry, current, t)
        if run.get("perpendicular"):
            g = perpendicular(current, g)
        for leaf, part in zip(leaves, g if stacked else [g]):
            leaf.grad = torch.tensor(part)
        optimiser.step()
        scheduler.step()
        yield np.stack([l.detach().numpy() for l in leaves]).reshape(w.shape)


def in_float64():
    """torch.optim.Muon rounds to bfloat16 inside its Newton-Schulz iteration; here it does not."""
    rounded = torch_muon._zeropower_via_newtonschulz

    def exact(g, coefficients, iterations, eps):
        assert coefficients == QUINTIC
        result = torch.tensor(newton_schulz(g.numpy(), iterations, eps))
        assert torch.allclose(result, rounded(g, coefficients, iterations, eps).double(), atol=0.1)
        return result

    torch_muon._zeropower_via_newtonschulz = exact


def trajectory(run, layout):
    steps = max(STORED)
    vectors = [[] for _ in range(steps)]
    for entry in layout.entries:
        w = layout.values(entry)
        for t, (a, b) in enumerate(zip(by_formula(run, entry, w, steps), by_torch(run, entry, w, steps), strict=True)):
            assert np.allclose(a, b, rtol=0, atol=1e-12), (run["name"], entry["name"], t + 1)
            vectors[t] += a.reshape(-1).tolist()
    kind, length = run.get("schedule", ["constant", 1])
    factors = [schedule(kind, t, length) for t in range(1, steps + 1)]
    return run | {"factors": factors, "steps": [{"step": t, "parameters_after": vectors[t - 1]} for t in STORED]}


def document():
    in_float64()
    layout = problem()
    matrix = formula.units(MATRIX, 24).reshape(6, 4)
    return {
        "problem": {
            "count": layout.count,
            "gradient": "at step t = 1, 2, ...: g_j = w_j - u(3000000 + j) + u(4000000 + 1000*t + j)/4",
            "parameters": layout.entries,
        },
        "newton_schulz": {
            "matrix": "6 x 4, row-major entry j is u(5000000 + j)",
            "iterations": 5,
            "coefficients": QUINTIC,
            "result": newton_schulz(matrix).reshape(-1).tolist(),
        },
        "runs": [trajectory(run, layout) for run in RUNS],
    }
