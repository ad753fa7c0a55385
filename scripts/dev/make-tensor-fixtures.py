#!/usr/bin/env python3
"""Writes Tests/Fixtures/tensors.json: inputs, results and gradients of the layers as PyTorch computes them.

Usage: scripts/dev/make-tensor-fixtures.py    (needs torch; the file is committed, so that tests do not)
"""
import json
import math
import pathlib

import torch

torch.manual_seed(5)
cases = []


def flat(tensor):
    return [float(f"{value:.8g}") for value in tensor.detach().double().flatten().tolist()]


def pack(tensor):
    return {"shape": list(tensor.shape), "values": flat(tensor)}


def add(name, inputs, function, **options):
    """One case: gradients are those of sum(result * weights)."""
    inputs = [x.clone().requires_grad_() for x in inputs]
    result = function(*inputs)
    weights = torch.randn_like(result)
    (result * weights).sum().backward()
    cases.append({
        "name": name, "inputs": [pack(x) for x in inputs], "result": pack(result), "weights": pack(weights),
        "gradients": [pack(x.grad) for x in inputs], "options": options,
    })


def rms_norm(x, w):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5) * w


def rope(x, theta=10000.0):
    """Half-split rotation, as modeling_llama.py of Hugging Face has it."""
    dim = x.shape[-1]
    frequencies = 1.0 / theta ** (torch.arange(0, dim, 2).float() / dim)
    angles = torch.outer(torch.arange(x.shape[1]).float(), frequencies)
    angles = torch.cat([angles, angles], -1)[None, :, None, :]
    turned = torch.cat([-x[..., dim // 2:], x[..., : dim // 2]], -1)
    return x * angles.cos() + turned * angles.sin()


def attention(q, k, v):
    group = q.shape[2] // k.shape[2]
    q, k, v = (x.transpose(1, 2) for x in (q, k.repeat_interleave(group, 2), v.repeat_interleave(group, 2)))
    return torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2)


def bridge(q, k, v, alive, heads):
    groups, width, length, dim = q.shape
    q, k, v = (x.reshape(groups, width, length, heads, -1).permute(0, 2, 3, 1, 4) for x in (q, k, v))
    scores = q @ k.transpose(-1, -2) / math.sqrt(dim // heads)
    keys = alive.permute(0, 2, 1)[:, :, None, None, :]
    p = scores.masked_fill(~keys, -1e30).softmax(-1)
    return (p @ v).permute(0, 3, 1, 2, 4).reshape(groups, width, length, dim) * alive[..., None]


add("rms_norm", [torch.randn(3, 4, 24), torch.randn(24)], rms_norm)
add("layer_norm", [torch.randn(5, 24), torch.randn(24), torch.randn(24)],
    lambda x, w, b: torch.nn.functional.layer_norm(x, (24,), w, b))
add("rope", [torch.randn(2, 5, 3, 8)], rope)
add("attention", [torch.randn(2, 9, 4, 8), torch.randn(2, 9, 2, 8), torch.randn(2, 9, 2, 8)], attention)
add("swiglu", [torch.randn(4, 9) * 3, torch.randn(4, 9)], lambda g, u: torch.nn.functional.silu(g) * u)
add("gelu", [torch.randn(4, 9) * 3], lambda x: torch.nn.functional.gelu(x, approximate="tanh"))
targets = torch.randint(0, 11, (7,))
add("cross_entropy", [torch.randn(7, 11) * 3], lambda x: torch.nn.functional.cross_entropy(x, targets),
    targets=targets.tolist())
add("token_log_probabilities", [torch.randn(7, 6), torch.randn(11, 6)],
    lambda h, w: (h @ w.T / 0.7).log_softmax(-1).gather(1, targets[:, None])[:, 0], targets=targets.tolist())
alive = torch.rand(2, 4, 3) > 0.4
alive[:, 0] = True
add("bridge_attention", [torch.randn(2, 4, 3, 8) for _ in range(3)], lambda q, k, v: bridge(q, k, v, alive, 2),
    alive=alive.int().flatten().tolist())

for name, make in [
    ("adamw", lambda p: torch.optim.AdamW(p, lr=0.05, betas=(0.9, 0.99), weight_decay=0.1)),
    ("sgd", lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=0.1)),
]:
    parameter = torch.randn(6).requires_grad_()
    start = pack(parameter)
    optimiser = make([parameter])
    for _ in range(5):
        optimiser.zero_grad()
        (parameter.sin() * torch.arange(6)).sum().backward()
        optimiser.step()
    cases.append({"name": name, "inputs": [start], "result": pack(parameter), "weights": start, "gradients": [],
                  "options": {}})

path = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Fixtures" / "tensors.json"
path.write_text(json.dumps({"torch": torch.__version__, "cases": cases}, separators=(",", ":")) + "\n")
print(f"{path}: {path.stat().st_size} bytes, {len(cases)} cases")
