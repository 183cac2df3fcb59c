"""Times one full training step (forward, backward, AdamW) in PyTorch on the CPU, one JSON line per figure.

    python3 train_step.py mlp/projected transformer/gathered lstm/ordinary --threads 1 --steps 30

Forms of one figure compute the same function from the same weights; their losses agree. `ordinary` is what one writes
first; the others leave out the work that Levin leaves out, so that structure is not mistaken for speed. Of several ways to
write a form in PyTorch the fastest is here: products and sums for the one query, not einsum or scaled_dot_product_attention
(1.2 to 1.5 times slower); the oneDNN cell of torch.nn.LSTM, not the native one (1.4 times slower) nor a loop over time with
its gradient by hand (1.1 times); the fused AdamW. index_select and embedding_bag cost what embedding does, within 5 %.

    mlp/ordinary          (E[a] + E[b]) W_in by row
    mlp/projected         E W_in once per vocabulary entry, then gathered
    transformer/ordinary  all three positions everywhere, PyTorch's own attention
    transformer/einsum    the same as TransformerLens writes it
    transformer/last      only the last position after keys and values
    transformer/gathered  also keys, values and queries once per position and vocabulary entry
    lstm/ordinary         torch.nn.LSTM on the embeddings
    lstm/projected        the same cell on one-hot tokens, with W_ih E, a column per vocabulary entry, as input weights

Sizes: modular addition, p = 113, 3,830 pairs, full batch; the MLP has width 128 and 256 hidden units, the transformer is the
published one (226,816 parameters); LSTM: vocabulary 16, embedding 64, hidden 128, batch 64, length 40, every position read.
Eager mode, float32. CPU time is that of the process, all threads.
"""

import argparse
import json
import math
import statistics
import sys
import time

try:
    import torch
    import torch.nn.functional as F
except ImportError as error:
    print(f"skipped: this Python has no PyTorch ({error})", file=sys.stderr)
    sys.exit(77)

MODULUS, PAIRS = 113, 3830


def pairs():
    index = torch.arange(PAIRS) * 1000 % MODULUS**2
    a, b = index // MODULUS, index % MODULUS
    return torch.stack([a, b, torch.full_like(a, MODULUS)], 1), (a + b) % MODULUS


def normal(*shape, std):
    return torch.nn.Parameter(torch.randn(shape) * std)


class MLP:
    """logits = relu((E[a] + E[b]) W_in) W_U"""

    settings = {"lr": 0.01, "betas": (0.9, 0.99), "weight_decay": 0.1}

    def __init__(self, form, width=128, hidden=256):
        self.form = form
        self.embed = normal(MODULUS, width, std=width**-0.5)
        self.w_in = normal(width, hidden, std=width**-0.5)
        self.w_out = normal(hidden, MODULUS, std=hidden**-0.5)
        tokens, self.targets = pairs()
        self.a, self.b = (tokens[:, i].contiguous() for i in (0, 1))

    def parameters(self):
        return [self.embed, self.w_in, self.w_out]

    def loss(self):
        if self.form == "projected":
            table = self.embed @ self.w_in
            pre = F.embedding(self.a, table) + F.embedding(self.b, table)
        else:
            pre = (F.embedding(self.a, self.embed) + F.embedding(self.b, self.embed)) @ self.w_in
        return F.cross_entropy(torch.relu(pre) @ self.w_out, self.targets)


class Transformer:
    """The one-layer network of Nanda et al. 2023, read at the last of three positions. Weights are [in, out]."""

    settings = {"lr": 0.001, "betas": (0.9, 0.98), "weight_decay": 1.0}
    vocabulary, heads = MODULUS + 1, 4

    def __init__(self, form, width=128, hidden=512):
        self.form, std = form, width**-0.5
        self.embed = normal(self.vocabulary, width, std=std)
        self.position = normal(3, width, std=std)
        self.q, self.k, self.v, self.o = (normal(width, width, std=std) for _ in range(4))
        self.w_in, self.b_in = normal(width, hidden, std=std), normal(hidden, std=0)
        self.w_out, self.b_out = normal(hidden, width, std=std), normal(width, std=0)
        self.unembed = normal(width, self.vocabulary, std=self.vocabulary**-0.5)
        self.tokens, self.targets = pairs()
        self.entries = self.tokens + self.vocabulary * torch.arange(3)  # row of (position, token) in a table of both
        self.final = self.tokens[:, -1].contiguous()
        self.mask = torch.ones(3, 3, dtype=torch.bool).tril()

    def parameters(self):
        return [p for p in vars(self).values() if isinstance(p, torch.nn.Parameter)]

    def loss(self):
        return F.cross_entropy(getattr(self, self.form)(), self.targets)

    def split(self, x):  # [..., width] -> [..., head, width of a head]
        return x.unflatten(-1, (self.heads, -1))

    def rest(self, x):  # the multilayer perceptron and the logits
        hidden = torch.relu(F.linear(x, self.w_in.T, self.b_in))
        return (x + F.linear(hidden, self.w_out.T, self.b_out)) @ self.unembed

    def ordinary(self):
        x = F.embedding(self.tokens, self.embed) + self.position
        q, k, v = (self.split(x @ w).transpose(1, 2) for w in (self.q, self.k, self.v))
        z = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).flatten(2)
        return self.rest(x + z @ self.o)[:, -1]

    def einsum(self):
        x = F.embedding(self.tokens, self.embed) + self.position
        by_head = (w.unflatten(1, (self.heads, -1)) for w in (self.q, self.k, self.v))
        q, k, v = (torch.einsum("bpd,dnh->bpnh", x, w) for w in by_head)
        scores = torch.einsum("bqnh,bknh->bnqk", q, k) / math.sqrt(q.shape[-1])
        pattern = scores.masked_fill(~self.mask, -math.inf).softmax(-1)
        z = torch.einsum("bnqk,bknh->bqnh", pattern, v)
        out = torch.einsum("bqnh,nhd->bqd", z, self.o.unflatten(0, (self.heads, -1)))
        return self.rest(x + out)[:, -1]

    def last_query(self, q, k, v):
        """q [batch, width], k and v [batch, position, width] -> [batch, width]"""
        q, k, v = self.split(q), self.split(k), self.split(v)
        scores = (q[:, None] * k).sum(-1) / math.sqrt(q.shape[-1])  # [batch, position, head]
        return (scores.softmax(1)[..., None] * v).sum(1).flatten(1)

    def last(self):
        x = F.embedding(self.tokens, self.embed) + self.position
        final = x[:, -1]
        return self.rest(final + self.last_query(final @ self.q, x @ self.k, x @ self.v) @ self.o)

    def gathered(self):
        table = self.position[:, None] + self.embed  # [position, vocabulary, width]
        k, v = (F.embedding(self.entries, (table @ w).flatten(0, 1)) for w in (self.k, self.v))
        q = F.embedding(self.final, table[-1] @ self.q)
        return self.rest(F.embedding(self.final, table[-1]) + self.last_query(q, k, v) @ self.o)


class LSTM:
    settings = {"lr": 0.001, "betas": (0.9, 0.999), "weight_decay": 0.01}

    def __init__(self, form, vocabulary=16, width=64, hidden=128, batch=64, length=40):
        self.form = form
        self.embed = normal(vocabulary, width, std=width**-0.5)
        self.cell = torch.nn.LSTM(width, hidden)
        self.readout = torch.nn.Linear(hidden, vocabulary)
        index = torch.arange(batch * length).reshape(length, batch)  # [time, batch]
        self.tokens = index * 7919 // 3 % vocabulary
        self.targets = (self.tokens.cumsum(0) % vocabulary).flatten()
        self.one_hot = F.one_hot(self.tokens, vocabulary).float()
        self.state = torch.zeros(1, batch, hidden)

    def parameters(self):
        return [self.embed, *self.cell.parameters(), *self.readout.parameters()]

    def loss(self):
        cell = self.cell
        if self.form == "projected":
            weights = [cell.weight_ih_l0 @ self.embed.T, cell.weight_hh_l0, cell.bias_ih_l0, cell.bias_hh_l0]
            # What torch.nn.LSTM calls: biases, 1 layer, no dropout, training, one direction, time first.
            hidden = torch.lstm(self.one_hot, (self.state, self.state), weights, True, 1, 0.0, True, False, False)[0]
        else:
            hidden, _ = cell(F.embedding(self.tokens, self.embed))
        return F.cross_entropy(self.readout(hidden).flatten(0, 1), self.targets)


FIGURES = {
    "mlp": (MLP, ["ordinary", "projected"]),
    "transformer": (Transformer, ["ordinary", "einsum", "last", "gathered"]),
    "lstm": (LSTM, ["ordinary", "projected"]),
}


def measure(figure, form, threads, steps, warm_up, optimiser):
    torch.manual_seed(0)
    kind, _ = FIGURES[figure]
    model = kind(form)
    update = torch.optim.AdamW(model.parameters(), **kind.settings, **{optimiser: True})
    cpu, wall, losses = [], [], []
    for _ in range(warm_up + steps):
        c, w = time.process_time(), time.perf_counter()
        update.zero_grad()
        loss = model.loss()
        loss.backward()
        update.step()
        cpu.append((time.process_time() - c) * 1000)
        wall.append((time.perf_counter() - w) * 1000)
        losses.append(loss.item())
    cpu, wall = cpu[warm_up:], wall[warm_up:]
    return {
        "method": "pytorch", "figure": figure, "form": form, "threads": threads, "steps": steps,
        "cpu_ms_median": round(statistics.median(cpu), 3), "cpu_ms_min": round(min(cpu), 3),
        "wall_ms_median": round(statistics.median(wall), 3), "wall_ms_min": round(min(wall), 3),
        "parameters": sum(p.numel() for p in model.parameters()),
        "loss_first": losses[0], "loss_last": losses[-1], "torch": torch.__version__, "adamw": optimiser,
    }  # fmt: skip


def main():
    names = [f"{figure}/{form}" for figure, (_, forms) in FIGURES.items() for form in forms]
    parser = argparse.ArgumentParser(description="Times training steps in PyTorch.", epilog="figures: " + " ".join(names))
    parser.add_argument("figures", nargs="*", default=names, metavar="FIGURE/FORM")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--warm-up", type=int, default=5)
    parser.add_argument("--adamw", choices=["fused", "foreach"], default="fused", help="implementation of the optimiser")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_num_interop_threads(1)
    for name in options.figures:
        if name not in names:
            parser.error(f"unknown figure '{name}'; one of: {' '.join(names)}")
        figure, form = name.split("/")
        result = measure(figure, form, options.threads, options.steps, options.warm_up, options.adamw)
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
