"""The models in PyTorch, written from their definition and checked against PyTorch's own modules where these exist."""

import math

import torch
import torch.nn.functional as F

ACTIVATIONS = {
    "relu": torch.relu,
    "gelu": F.gelu,  # exact, x * Phi(x)
    "gelu_new": lambda x: F.gelu(x, approximate="tanh"),
    "square": lambda x: x * x,
}


def mlp_layout(layout, c, embed, weight):
    """Appends the parameters of an embedding MLP of configuration `c`; `embed` and `weight` are scales."""
    for i in range(1 if c["tied"] else c["n_inputs"]):
        name = "embed.W_E" if c["tied"] else f"embed.{i}.W_E"
        layout.add(name, c["d_vocab"], c["d_model"], scale=embed)
    layout.add("mlp.W_in", c["d_model"], c["d_mlp"], scale=weight)
    if c["mlp_bias"]:
        layout.add("mlp.b_in", c["d_mlp"], scale=0.5)
    layout.add("unembed.W_U", c["d_mlp"], c["d_vocab_out"], scale=weight)


def mlp(p, c, tokens):
    """tokens [batch, n_inputs] -> logits [batch, 1, d_vocab_out] and named activations [batch, width]."""
    tables = ["embed.W_E" if c["tied"] else f"embed.{i}.W_E" for i in range(c["n_inputs"])]
    a = {"hook_embed": sum(p[t][tokens[:, i]] for i, t in enumerate(tables))}
    a["mlp.hook_pre"] = a["hook_embed"] @ p["mlp.W_in"] + (p["mlp.b_in"] if c["mlp_bias"] else 0)
    a["mlp.hook_post"] = ACTIVATIONS[c["act_fn"]](a["mlp.hook_pre"])
    return (a["mlp.hook_post"] @ p["unembed.W_U"])[:, None], a


def transformer_layout(layout, c, embed, weight):
    """Appends the parameters of a decoder transformer in the order of its layers, TransformerLens shapes."""
    d, dh, heads = c["d_model"], c["d_head"], c["n_heads"]
    ln = c["normalization_type"] == "LN"

    def norm(name):
        if ln:
            layout.add(name + ".w", d, scale=0.5, shift=1.0)
            layout.add(name + ".b", d, scale=0.5)

    layout.add("embed.W_E", c["d_vocab"], d, scale=embed)
    layout.add("pos_embed.W_pos", c["n_ctx"], d, scale=embed)
    for i in range(c["n_layers"]):
        block = f"blocks.{i}."
        norm(block + "ln1")
        for name in ("W_Q", "W_K", "W_V"):
            layout.add(block + "attn." + name, heads, d, dh, scale=weight)
        layout.add(block + "attn.W_O", heads, dh, d, scale=weight)
        if c["attention_bias"]:
            for name in ("b_Q", "b_K", "b_V"):
                layout.add(block + "attn." + name, heads, dh, scale=0.5)
            layout.add(block + "attn.b_O", d, scale=0.5)
        norm(block + "ln2")
        layout.add(block + "mlp.W_in", d, c["d_mlp"], scale=weight)
        layout.add(block + "mlp.b_in", c["d_mlp"], scale=0.5)
        layout.add(block + "mlp.W_out", c["d_mlp"], d, scale=weight)
        layout.add(block + "mlp.b_out", d, scale=0.5)
    norm("ln_final")
    layout.add("unembed.W_U", d, c["d_vocab_out"], scale=weight)
    if c["unembed_bias"]:
        layout.add("unembed.b_U", c["d_vocab_out"], scale=0.5)


def transformer(p, c, tokens):
    """tokens [batch, position] -> logits [batch, position, d_vocab_out] and activations by TransformerLens name."""
    length = tokens.shape[1]
    causal = torch.ones(length, length, dtype=torch.bool).tril()
    a = {"hook_embed": p["embed.W_E"][tokens]}
    a["hook_pos_embed"] = p["pos_embed.W_pos"][:length].expand(len(tokens), -1, -1)

    def norm(x, name):  # hook_normalized is the value after w and b, as in TransformerLens
        if c["normalization_type"] is None:
            return x
        a[name + ".hook_normalized"] = F.layer_norm(x, x.shape[-1:], p[name + ".w"], p[name + ".b"], eps=1e-5)
        return a[name + ".hook_normalized"]

    def project(x, block, name):
        y = torch.einsum("bpd,ndh->bpnh", x, p[f"{block}attn.W_{name}"])
        return y + p[f"{block}attn.b_{name}"] if c["attention_bias"] else y

    x = a["hook_embed"] + a["hook_pos_embed"]
    for i in range(c["n_layers"]):
        block = f"blocks.{i}."
        a[block + "hook_resid_pre"] = x
        y = norm(x, block + "ln1")
        q, k, v = (project(y, block, name) for name in "QKV")  # [batch, position, head, d_head]
        scores = torch.einsum("bqnh,bknh->bnqk", q, k) / math.sqrt(c["d_head"])
        pattern = scores.masked_fill(~causal, -math.inf).softmax(-1)  # [batch, head, query, key]
        z = torch.einsum("bnqk,bknh->bqnh", pattern, v)
        check_attention(q, k, v, z)
        out = torch.einsum("bqnh,nhd->bqd", z, p[block + "attn.W_O"])
        out = out + p[block + "attn.b_O"] if c["attention_bias"] else out
        names = {"q": q, "k": k, "v": v, "attn_scores": scores * causal, "pattern": pattern, "z": z}
        a.update({f"{block}attn.hook_{name}": value for name, value in names.items()})
        a[block + "hook_attn_out"] = out
        x = a[block + "hook_resid_mid"] = x + out
        y = norm(x, block + "ln2")
        a[block + "mlp.hook_pre"] = y @ p[block + "mlp.W_in"] + p[block + "mlp.b_in"]
        a[block + "mlp.hook_post"] = ACTIVATIONS[c["act_fn"]](a[block + "mlp.hook_pre"])
        a[block + "hook_mlp_out"] = a[block + "mlp.hook_post"] @ p[block + "mlp.W_out"] + p[block + "mlp.b_out"]
        x = a[block + "hook_resid_post"] = x + a[block + "hook_mlp_out"]
    logits = norm(x, "ln_final") @ p["unembed.W_U"]
    return (logits + p["unembed.b_U"] if c["unembed_bias"] else logits), a


def check_attention(q, k, v, z):
    """z equals PyTorch's own causal attention."""
    by_head = [t.detach().transpose(1, 2) for t in (q, k, v)]
    own = F.scaled_dot_product_attention(*by_head, is_causal=True).transpose(1, 2)
    assert torch.allclose(own, z.detach(), rtol=0, atol=1e-12)


def recurrent_layout(layout, c, embed, weight):
    """Appends the parameters of a GRU (gates r, z, n) or LSTM (gates i, f, g, o) with embedding and readout."""
    d, h, gates = c["d_embed"], c["d_hidden"], {"gru": 3, "lstm": 4}[c["cell"]]
    layout.add("embed.W_E", c["d_vocab"], d, scale=embed)
    layout.add("rnn.weight_ih", gates * h, d, scale=weight)
    layout.add("rnn.weight_hh", gates * h, h, scale=weight)
    layout.add("rnn.bias_ih", gates * h, scale=0.5)
    layout.add("rnn.bias_hh", gates * h, scale=0.5)
    layout.add("unembed.W_U", h, c["d_vocab_out"], scale=weight)
    layout.add("unembed.b_U", c["d_vocab_out"], scale=0.5)


def recurrent(p, c, tokens):
    """tokens [batch, time] -> logits [batch, time, d_vocab_out]; the state before the first token is zero."""
    x = p["embed.W_E"][tokens]
    h = state = torch.zeros(len(tokens), c["d_hidden"], dtype=torch.float64)
    outputs, states = [], []
    for t in range(tokens.shape[1]):
        i = x[:, t] @ p["rnn.weight_ih"].T + p["rnn.bias_ih"]
        j = h @ p["rnn.weight_hh"].T + p["rnn.bias_hh"]
        h, state = CELLS[c["cell"]](i, j, h, state)
        outputs.append(h)
        states.append(state)
    a = {"hook_embed": x, "rnn.hook_hidden": torch.stack(outputs, 1)}  # [batch, time, width]
    if c["cell"] == "lstm":
        a["rnn.hook_cell"] = torch.stack(states, 1)
    check_recurrent(p, c, x, a["rnn.hook_hidden"])
    return a["rnn.hook_hidden"] @ p["unembed.W_U"] + p["unembed.b_U"], a


def gru_cell(i, j, h, _):
    ri, zi, ni = i.chunk(3, -1)
    rj, zj, nj = j.chunk(3, -1)
    r, z = torch.sigmoid(ri + rj), torch.sigmoid(zi + zj)
    n = torch.tanh(ni + r * nj)  # the reset gate multiplies after the product and its bias
    return (1 - z) * n + z * h, None


def lstm_cell(i, j, _, cell):
    i, f, g, o = (i + j).chunk(4, -1)
    cell = torch.sigmoid(f) * cell + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(cell), cell


CELLS = {"gru": gru_cell, "lstm": lstm_cell}


def check_recurrent(p, c, x, hidden):
    """The hidden states equal those of torch.nn.GRU or torch.nn.LSTM with the same weights."""
    kind = {"gru": torch.nn.GRU, "lstm": torch.nn.LSTM}[c["cell"]]
    module = kind(c["d_embed"], c["d_hidden"], batch_first=True, dtype=torch.float64)
    module.load_state_dict({n + "_l0": p["rnn." + n].detach() for n in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")})
    assert torch.allclose(module(x.detach())[0], hidden.detach(), rtol=0, atol=1e-12)


KINDS = {"mlp": (mlp_layout, mlp), "transformer": (transformer_layout, transformer), "recurrent": (recurrent_layout, recurrent)}
