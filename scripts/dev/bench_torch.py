"""PyTorch's side of `scripts/dev/bench tensors`: answers as Tests/measure does, with the same names and shapes."""
import sys
import time

import torch
import torch.nn.functional as F

CASES = {}


def random(*shape):
    return torch.rand(*shape) - 0.5


def both(name, make):
    """Forward, and forward with backward from the sum of the result, as `NAME` and `NAME+`."""
    def forward():
        inputs, body = make()
        return lambda: no_grad(body, inputs)

    def backward():
        inputs, body = make()
        for x in inputs:
            x.requires_grad_()

        def run():
            for x in inputs:
                x.grad = None
            body(*inputs).sum().backward()
        return run
    CASES[name], CASES[name + "+"] = forward, backward


def no_grad(body, inputs):
    with torch.no_grad():
        return body(*inputs)


def forward_only(name, inputs, body):
    def make():
        xs = [random(*shape) for shape in inputs]
        return lambda: no_grad(body, xs)
    CASES[name] = make


for m in (1, 4, 8, 16, 64, 256, 1024):
    forward_only(f"matmul_{m}", [(m, 576), (576, 1536)], torch.matmul)
    forward_only(f"linear_{m}", [(m, 576), (1536, 576)], F.linear)
forward_only("matmul_2048", [(2048, 2048), (2048, 2048)], torch.matmul)
forward_only("matmul_batched", [(64, 128, 64), (64, 64, 128)], torch.matmul)
both("linear_layer", lambda: ([random(1024, 576), random(1536, 576)], F.linear))

both("rms_norm", lambda: ([random(1024, 576), random(576)], lambda x, w: F.rms_norm(x, (576,), w, 1e-5)))
both("layer_norm", lambda: (
    [random(1024, 576), random(576), random(576)], lambda x, w, b: F.layer_norm(x, (576,), w, b)))


def rotary(length, dim):
    frequencies = 1.0 / 10000.0 ** (torch.arange(0, dim, 2).float() / dim)
    angles = torch.outer(torch.arange(length).float(), frequencies)
    angles = torch.cat([angles, angles], -1)[None, :, None, :]
    return angles.cos(), angles.sin()


def rope(x, cosines, sines):
    """As modeling_llama.py of Hugging Face has it."""
    half = x.shape[-1] // 2
    turned = torch.cat([-x[..., half:], x[..., :half]], -1)
    return x * cosines + turned * sines


def attention(q, k, v):
    q, k, v = (x.transpose(1, 2) for x in (q, k, v))
    return F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True).transpose(1, 2)


def attention_batch(q, k, v):
    def heads(x):  # (G, W, T, d) to (G, T, H, W, dh)
        return x.reshape(4, 8, 128, 4, 16).permute(0, 2, 3, 1, 4)
    mixed = F.scaled_dot_product_attention(heads(q), heads(k), heads(v))
    return mixed.permute(0, 3, 1, 2, 4).reshape(4, 8, 128, 64)


def rope_case():
    table = rotary(128, 64)
    return [random(8, 128, 9, 64)], lambda x: rope(x, *table)


def cross_entropy_case():
    targets = torch.arange(512) * 90
    return [random(512, 576), random(49152, 576)], lambda h, w: F.cross_entropy(h @ w.T, targets)


def embedding_case():
    ids = (torch.arange(1024) * 7919) % 49152
    return [random(49152, 576)], lambda w: F.embedding(ids, w)


both("rope", rope_case)
both("swiglu", lambda: ([random(1024, 1536), random(1024, 1536)], lambda g, u: F.silu(g) * u))
both("attention", lambda: ([random(8, 128, 9, 64), random(8, 128, 3, 64), random(8, 128, 3, 64)], attention))
both("attention_long", lambda: ([random(1, 1024, 9, 64), random(1, 1024, 3, 64), random(1, 1024, 3, 64)], attention))
both("attention_batch", lambda: ([random(4, 8, 128, 64) for _ in range(3)], attention_batch))
both("cross_entropy", cross_entropy_case)
both("embedding", embedding_case)
both("softmax", lambda: ([random(1024, 4096)], lambda x: x.softmax(-1)))
both("log_softmax", lambda: ([random(1024, 4096)], lambda x: x.log_softmax(-1)))


def square(count):
    return [random(2048, 2048) for _ in range(count)]


def where_case():
    condition = random(2048, 2048) > 0
    return square(2), lambda a, b: torch.where(condition, a, b)


def gather_case():
    index = torch.arange(2048).expand(2048, 2048).contiguous()
    return square(1), lambda x: x.gather(1, index)


def index_case():
    rows = (torch.arange(2048) * 919) % 2048
    return square(1), lambda x: x.index_select(0, rows)


both("add", lambda: (square(2), torch.add))
both("multiply", lambda: (square(2), torch.mul))
both("add_row", lambda: ([random(2048, 2048), random(2048)], torch.add))
both("add_column", lambda: ([random(2048, 2048), random(2048, 1)], torch.add))
both("add_small", lambda: ([random(64), random(64)], torch.add))
both("exp", lambda: (square(1), torch.exp))
both("log", lambda: (square(1), lambda x: (x + 1).log()))
both("tanh", lambda: (square(1), torch.tanh))
both("gelu", lambda: (square(1), lambda x: F.gelu(x, approximate="tanh")))
both("relu", lambda: (square(1), torch.relu))
both("sin", lambda: (square(1), torch.sin))
both("power", lambda: (square(1), lambda x: x ** 3))
both("maximum", lambda: (square(2), torch.maximum))
both("where", where_case)
both("sum", lambda: (square(1), torch.sum))
both("sum_rows", lambda: (square(1), lambda x: x.sum(1)))
both("sum_columns", lambda: (square(1), lambda x: x.sum(0)))
both("max_rows", lambda: (square(1), lambda x: x.max(1).values))
both("max_columns", lambda: (square(1), lambda x: x.max(0).values))
both("cumsum", lambda: (square(1), lambda x: x.cumsum(1)))
both("transpose_copy", lambda: (square(1), lambda x: x.T.contiguous()))
both("cat", lambda: ([random(1024, 2048), random(1024, 2048)], lambda a, b: torch.cat([a, b], 1)))
both("gather", gather_case)
both("index_select", index_case)
forward_only("topk", [(64, 49152)], lambda x: x.topk(50))
forward_only("argmax", [(64, 49152)], lambda x: x.argmax(1))


def adamw_case():
    weights = random(28311552).requires_grad_()
    weights.grad = random(28311552)
    return torch.optim.AdamW([weights], lr=1e-4, fused=True).step


CASES["adamw"] = adamw_case


class Llama(torch.nn.Module):
    """The plain model: fused operations wherever PyTorch has them."""

    def __init__(self, vocabulary, layers, dim, heads, kv_heads, hidden):
        super().__init__()
        self.heads, self.kv_heads, self.head_dim = heads, kv_heads, dim // heads

        def matrix(outputs, inputs):
            return torch.nn.Parameter(torch.randn(outputs, inputs) / inputs ** 0.5)
        self.embedding = torch.nn.Parameter(torch.randn(vocabulary, dim) * 0.02)
        kv = kv_heads * self.head_dim
        self.layers = torch.nn.ModuleList(torch.nn.ParameterDict({
            "norm1": torch.nn.Parameter(torch.ones(dim)), "norm2": torch.nn.Parameter(torch.ones(dim)),
            "q": matrix(dim, dim), "k": matrix(kv, dim), "v": matrix(kv, dim), "o": matrix(dim, dim),
            "gate": matrix(hidden, dim), "up": matrix(hidden, dim), "down": matrix(dim, hidden),
        }) for _ in range(layers))
        self.norm = torch.nn.Parameter(torch.ones(dim))

    def forward(self, tokens):
        rows, length = tokens.shape
        cosines, sines = rotary(length, self.head_dim)
        x = F.embedding(tokens, self.embedding)
        dim = (x.shape[-1],)
        for p in self.layers:
            h = F.rms_norm(x, dim, p["norm1"], 1e-5)
            q = F.linear(h, p["q"]).view(rows, length, self.heads, self.head_dim)
            k = F.linear(h, p["k"]).view(rows, length, self.kv_heads, self.head_dim)
            v = F.linear(h, p["v"]).view(rows, length, self.kv_heads, self.head_dim)
            mixed = attention(rope(q, cosines, sines), rope(k, cosines, sines), v)
            x = x + F.linear(mixed.reshape(rows, length, -1), p["o"])
            h = F.rms_norm(x, dim, p["norm2"], 1e-5)
            x = x + F.linear(F.silu(F.linear(h, p["gate"])) * F.linear(h, p["up"]), p["down"])
        return F.linear(F.rms_norm(x, dim, self.norm, 1e-5), self.embedding)


def step(rows, length, **shape):
    def make():
        model = Llama(**shape)
        tokens = torch.randint(0, shape["vocabulary"], (rows, length + 1))
        optimiser = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=0.01, fused=True)

        def run():
            optimiser.zero_grad()
            logits = model(tokens[:, :-1])
            F.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten()).backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
        return run
    return make


SMALL = dict(vocabulary=128, layers=6, dim=208, heads=4, kv_heads=2, hidden=560)
SMOL = dict(vocabulary=49152, layers=30, dim=576, heads=9, kv_heads=3, hidden=1536)
CASES["step_3M"] = step(8, 128, **SMALL)
CASES["step_135M"] = step(8, 128, **SMOL)


def main():
    torch.set_num_threads(int(sys.argv[1]))
    torch.manual_seed(1)
    prepared, body = None, None
    for line in sys.stdin:
        words = line.split()
        if words == ["names"]:
            print(" ".join(sorted(CASES)), flush=True)
            continue
        name, repeats = words[0], int(words[1])
        if prepared != name:
            body = None
            prepared, body = name, CASES[name]()
        start, used = time.perf_counter(), time.process_time()
        for _ in range(repeats):
            body()
        print((time.perf_counter() - start) * 1000, (time.process_time() - used) * 1000, flush=True)


if __name__ == "__main__":
    main()
