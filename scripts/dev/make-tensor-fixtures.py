#!/usr/bin/env python3
"""Writes Tests/Fixtures/tensors.json: inputs, results and gradients of layers and optimisers as PyTorch computes them,
and Tests/Fixtures/tensor-operations.json: some hundreds of cases of operations, in many shapes and layouts.

Inputs are floats; results and gradients are computed from them in double precision, and the gradients are compared with
central differences, except where a case says that the function has a kink or a limit there.

Usage: scripts/dev/make-tensor-fixtures.py    (needs torch; the file is committed, so that tests do not)
"""
import json
import math
import pathlib

import torch

torch.manual_seed(5)
cases = []


def flat(tensor):
    """Numbers, and as texts those that JSON, or a 32-bit float, has none for."""
    values, largest = tensor.detach().double().flatten().tolist(), torch.finfo(torch.float32).max
    return [float(f"{value:.8g}") if abs(value) <= largest else str(torch.tensor(value).float().item())
            for value in values]


def pack(tensor):
    return {"shape": list(tensor.shape), "values": flat(tensor)}


def check_differences(name, function, inputs, weights):
    """Stops unless the gradients of sum(result * weights) in double precision are what central differences say."""
    for x in inputs:
        if x.grad is None:
            continue
        values, slopes = x.detach(), torch.empty(x.numel(), dtype=torch.double)
        flat_values = values.view(-1)
        for i in range(x.numel()):
            before, step = flat_values[i].item(), 1e-5 * max(1, abs(flat_values[i].item()))
            sums = []
            for sign in (1, -1):
                flat_values[i] = before + sign * step
                with torch.no_grad():
                    sums.append((function(*inputs) * weights).sum().item())
            flat_values[i] = before
            slopes[i] = (sums[0] - sums[1]) / (2 * step)
        difference = (slopes - x.grad.flatten()).abs()
        assert (difference <= 1e-6 * (1 + slopes.abs())).all(), (name, slopes, x.grad)


def add(name, inputs, function, **options):
    """One case: gradients are those of sum(result * weights)."""
    inputs = [x.double().clone().requires_grad_() for x in inputs]
    result = function(*inputs)
    weights = torch.randn(result.shape).double()
    (result * weights).sum().backward()
    check_differences(name, function, inputs, weights)
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

add("gelu_exact", [torch.randn(4, 9) * 3], torch.nn.functional.gelu)


def orthogonal(matrix):
    """Newton-Schulz as torch.optim.Muon has it, in double precision."""
    x = matrix.T if matrix.shape[0] > matrix.shape[1] else matrix
    x = x / x.norm().clamp(min=1e-7)
    for _ in range(5):
        gram = x @ x.T
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
    return x.T if matrix.shape[0] > matrix.shape[1] else x


for name, shape in [("muon", (5, 3)), ("muon", (3, 5))]:
    parameter = torch.randn(shape).double()
    start, buffer = pack(parameter), torch.zeros_like(parameter)
    for _ in range(5):
        gradient = parameter.cos() * torch.arange(15).reshape(shape)
        buffer = buffer.lerp(gradient, 0.05)
        update = orthogonal(gradient.lerp(buffer, 0.95))
        parameter = parameter * (1 - 0.05 * 0.1) - 0.05 * max(1, shape[0] / shape[1]) ** 0.5 * update
    cases.append({"name": name, "inputs": [start], "result": pack(parameter), "weights": start, "gradients": [],
                  "options": {}})

folder = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Fixtures"


def write(name, cases):
    path = folder / name
    path.write_text(json.dumps({"torch": torch.__version__, "cases": cases}, separators=(",", ":")) + "\n")
    print(f"{path}: {path.stat().st_size} bytes, {len(cases)} cases")


write("tensors.json", cases)

# Operations: each case has a name, inputs, the layout of each (how the operation's operand is made of it) and numbers
# that the operation takes.
operations = []
LAYOUTS = {
    "plain": lambda x: x, "transposed": lambda x: x.transpose(-1, -2), "reversed": lambda x: x.flip(-1),
    "stepped": lambda x: x[..., ::2], "expanded": lambda x: x.unsqueeze(0).expand(2, *x.shape),
}


def case(name, inputs, function, numbers=(), layouts=None, gradients=True, smooth=True):
    """One case. `smooth` is false where the function has a kink or a limit, so that differences say nothing. An input
    that no gradient comes to has none."""
    layouts = layouts or ["plain"] * len(inputs)
    inputs = [x.double().clone().requires_grad_(gradients) for x in inputs]

    def whole(*inputs):
        return function(*(LAYOUTS[layout](x) for layout, x in zip(layouts, inputs)))

    result = whole(*inputs)
    entry = {"name": name, "inputs": [pack(x) for x in inputs], "layouts": layouts, "numbers": list(numbers),
             "result": pack(result), "weights": None, "gradients": []}
    if gradients and result.requires_grad:
        weights = torch.randn(result.shape).double()
        (result * weights).sum().backward()
        if smooth:
            check_differences(name, whole, inputs, weights)
        entry["weights"] = pack(weights)
        entry["gradients"] = [None if x.grad is None else pack(x.grad) for x in inputs]
    operations.append(entry)


def positive(*shape):
    return torch.rand(shape) + 0.3


UNARY = {
    "negate": torch.neg, "exp": torch.exp, "tanh": torch.tanh, "sigmoid": torch.sigmoid, "relu": torch.relu,
    "silu": torch.nn.functional.silu, "gelu": torch.nn.functional.gelu, "abs": torch.abs, "sin": torch.sin,
    "cos": torch.cos, "erf": torch.erf, "floor": torch.floor, "ceil": torch.ceil, "round": torch.round,
}
for name, function in UNARY.items():
    for layout in LAYOUTS:
        case(name, [torch.randn(2, 3) * 2], function, layouts=[layout])
    case(name, [torch.randn(())], function)
    case(name, [torch.randn(0, 3)], function)
for name, function in {"log": torch.log, "sqrt": torch.sqrt, "reciprocal": torch.reciprocal}.items():
    for layout in LAYOUTS:
        case(name, [positive(3, 2)], function, layouts=[layout])
for exponent in (-2, -1, 0, 0.5, 1, 2, 3, 4, 2.5):
    case("power", [positive(2, 3)], lambda x: x ** exponent, [exponent])
case("power", [-positive(2, 3)], lambda x: x ** 3, [3])
for low, high in [(-0.5, 0.5), (0, 10)]:
    case("clamp", [torch.randn(3, 4)], lambda x: x.clamp(low, high), [low, high])

BINARY = {
    "add": torch.add, "subtract": torch.sub, "multiply": torch.mul, "divide": torch.div, "maximum": torch.maximum,
    "minimum": torch.minimum, "raise": torch.pow,
}
PAIRS = [((2, 3), (2, 3)), ((2, 3), (3,)), ((2, 3), (2, 1)), ((2, 3), ()), ((3,), (2, 3)), ((4, 1, 2), (3, 1)),
         ((1,), (2, 2)), ((0, 3), (1, 3))]
for name, function in BINARY.items():
    for a, b in PAIRS:
        case(name, [positive(*a), positive(*b)], function)
    for first in LAYOUTS:
        case(name, [positive(3, 4), positive(*LAYOUTS[first](torch.empty(3, 4)).shape[-2:])], function,
             layouts=[first, "plain"])
for name, function in {"less": torch.lt, "less_or_equal": torch.le, "greater": torch.gt, "greater_or_equal": torch.ge,
                       "equal": torch.eq, "not_equal": torch.ne, "floor_divide": torch.floor_divide,
                       "remainder": torch.remainder}.items():
    a, b = torch.randint(-6, 7, (3, 4)).float(), torch.randint(1, 4, (3, 4)).float()
    case(name, [a, b], lambda x, y: function(x, y).double(), gradients=False)
    case(name, [a, -b[0]], lambda x, y: function(x, y).double(), gradients=False)

for shape in [(4,), (2, 3), (2, 3, 4)]:
    x = torch.randn(*shape)
    for dims in [None] + [[d] for d in range(-len(shape), len(shape))] + ([[0, -1]] if len(shape) > 1 else []):
        for keep in (0, 1):
            numbers = [keep] + (dims or [])
            at = tuple(range(len(shape))) if dims is None else tuple(dims)
            case("sum", [x], lambda x: x.sum(at, keepdim=bool(keep)), numbers)
            case("mean", [x], lambda x: x.mean(at, keepdim=bool(keep)), numbers)
            case("var", [x], lambda x: x.var(at, keepdim=bool(keep)), numbers)
    for d in range(-1, len(shape)):
        case("softmax", [x], lambda x: x.softmax(d), [d])
        case("log_softmax", [x], lambda x: x.log_softmax(d), [d])
        case("cumsum", [x], lambda x: x.cumsum(d), [d])
        case("logsumexp", [x], lambda x: x.logsumexp(d), [d])
        case("prod", [x], lambda x: x.prod(d), [d])
        case("max", [x], lambda x: x.max(d).values, [d])
        case("min", [x], lambda x: x.min(d).values, [d])
        case("argmax", [x], lambda x: x.argmax(d).double(), [d], gradients=False)
        case("argmin", [x], lambda x: x.argmin(d).double(), [d], gradients=False)
for layout in LAYOUTS:
    case("sum", [torch.randn(3, 4)], lambda x: x.sum(-1), [0, -1], layouts=[layout])
    case("max", [torch.randn(3, 4)], lambda x: x.max(0).values, [0], layouts=[layout])
    case("softmax", [torch.randn(3, 4)], lambda x: x.softmax(0), [0], layouts=[layout])
    case("topk", [torch.randn(3, 4)], lambda x: x.topk(2).values, [2], layouts=[layout])
    case("tril", [torch.randn(3, 4)], lambda x: x.tril(1), [1], layouts=[layout])
    case("triu", [torch.randn(3, 4)], lambda x: x.triu(-1), [-1], layouts=[layout])
case("max", [torch.randn(5, 20)], lambda x: x.max(0).values, [0])
case("min", [torch.randn(2, 5, 20)], lambda x: x.min(1).values, [1])

for a, b in [((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 2)), ((2, 3), (3, 4)), ((2, 2, 3), (3, 4)), ((2, 2, 3), (2, 3, 4)),
             ((2, 1, 2, 3), (3, 3, 2)), ((3,), (2, 3, 2)), ((2, 4, 3), (3,)), ((1, 5), (5, 1)), ((0, 3), (3, 2)),
             ((2, 0), (0, 2))]:
    case("matmul", [torch.randn(a), torch.randn(b)], torch.matmul)
for first in ("transposed", "reversed", "stepped", "expanded"):
    inner = LAYOUTS[first](torch.empty(4, 4)).shape[-1]
    case("matmul", [torch.randn(4, 4), torch.randn(inner, 3)], torch.matmul, layouts=[first, "plain"])
    rows = LAYOUTS[first](torch.empty(4, 4)).shape[-2]
    case("matmul", [torch.randn(2, rows), torch.randn(4, 4)], torch.matmul, layouts=["plain", first])

x = torch.randn(4, 5)
for numbers in [(0, 1, 3, 1), (1, 0, 5, 2), (1, -4, -1, 1), (0, -100, 100, 3), (0, 3, 1, 1)]:
    d, start, end, step = numbers
    index = (slice(None),) * d + (slice(start, end, step),)
    case("slice", [x], lambda x: x[index], numbers)
for d, i in [(0, 0), (1, -1), (-1, 2)]:
    case("select", [x], lambda x: x.select(d, i), [d, i])
    case("index", [x], lambda x: x.index_select(d, torch.tensor([2, 0, 2])), [d, 2, 0, 2])
    case("unsqueeze", [x], lambda x: x.unsqueeze(d), [d])
    case("gather", [x, torch.tensor([[3.0, 0], [1, 1]])], lambda x, i: x.gather(d, i.detach().long()), [d])
for order in [(0, 1, 2), (2, 0, 1), (1, 2, 0), (-1, 0, 1), (2, 1, 0)]:
    case("permute", [torch.randn(2, 3, 4)], lambda x: x.permute(order) * 1, order)
for shape in [(6,), (3, -1), (1, 2, 3), (-1,)]:
    for layout in ("plain", "transposed", "reversed"):
        case("reshape", [torch.randn(2, 3)], lambda x: x.reshape(shape), shape, layouts=[layout])
case("squeeze", [torch.randn(1, 3, 1)], lambda x: x.squeeze())
case("expand", [torch.randn(2, 1)], lambda x: x.expand(3, 2, 4), [3, 2, 4])
case("expand", [torch.randn(2, 1)], lambda x: x.expand(-1, 4), [-1, 4])
for d in (0, 1, -1):
    case("cat", [torch.randn(2, 3), torch.randn(2, 3)], lambda a, b: torch.cat([a, b], d), [d])
    case("cat", [torch.randn(3, 3), torch.randn(3, 3)], lambda a, b: torch.cat([a, b], d), [d],
         ["transposed", "reversed"])
    case("stack", [torch.randn(2, 3), torch.randn(2, 3)], lambda a, b: torch.stack([a, b], d), [d])
for a, b in [((2, 3), (2, 3)), ((3,), (2, 3)), ((2, 1), ())]:
    case("where", [torch.tensor([[1.0, 0, 1], [0, 0, 1]]), torch.randn(a), torch.randn(b)],
         lambda c, x, y: torch.where(c.detach() != 0, x, y))
case("masked", [torch.randn(2, 3), torch.randn(2, 3)], lambda x, m: x[m.detach() > 0])
case("layer_norm", [torch.randn(2, 5)], lambda x: torch.nn.functional.layer_norm(x, (5,)))
# Gradients at kinks, limits and zeros, and of larger inputs.
INF, NAN = math.inf, math.nan


def kink(name, inputs, function, numbers=(), **options):
    case(name, [torch.tensor(x) if not torch.is_tensor(x) else x for x in inputs], function, numbers, smooth=False,
         **options)


for a, b in [((3, 4), (3, 4)), ((3, 4), (4,)), ((4,), (3, 1)), ((), (3,)), ((0, 2), (2,))]:
    case("remainder", [torch.randn(a) * 5, positive(*b) + 1], torch.remainder)
    case("remainder", [torch.randn(a) * 5, -positive(*b) - 1], torch.remainder)
    case("floor_divide", [torch.randn(a) * 5, positive(*b) + 1], torch.floor_divide, gradients=False)
case("floor_divide", [torch.tensor([7.0, -7.0, 1.0, -1.0, 0.0]), torch.tensor(0.1)], torch.floor_divide, gradients=False)
kink("clamp", [[1.0, 2.0, 0.5, -1.0, 3.0, NAN]], lambda x: x.clamp(1, 2), [1, 2])
kink("clamp", [[1.0, 2.0, NAN, -3.0]], lambda x: x.clamp(1, -1), [1, -1])
for values in [[1.0, 3, 3], [2.0, 2, 2], [-1.0, NAN, NAN], [INF, INF, 0.0]]:
    for name, function in {"max": torch.max, "min": torch.min}.items():
        kink(name + "_all", [values], function)
        kink(name, [values], lambda x: function(x, 0).values, [0])
case("max_all", [torch.randn(3, 4)], torch.max, layouts=["transposed"])
case("min_all", [torch.randn(())], torch.min)
for name, function in {"maximum": torch.maximum, "minimum": torch.minimum}.items():
    kink(name, [[1.0, 2, 2, NAN, 1, -INF], [2.0, 2, 1, 0, NAN, -INF]], function)
for name in ("relu", "abs"):
    kink(name, [[0.0, -0.0, 1, -1, INF, -INF]], UNARY[name])
kink("raise", [[0.0, 0, 0, 2, -2, 4], [0.0, 1, 2, 0, 3, 0.5]], torch.pow)
kink("power", [[0.0, 1, -2]], lambda x: x ** 0, [0])
kink("power", [[0.0, 1, 4]], lambda x: x ** 2, [2])
for correction in (0, 1, 2):
    x = torch.randn(4, 6)
    for name in ("var", "std"):
        case(name + "_correction", [x], lambda x: getattr(x, name)(dim=1, correction=correction), [correction, 1])
        case(name + "_correction", [x], lambda x: getattr(x, name)(dim=0, correction=correction), [correction, 0],
             layouts=["reversed"])
kink("std_correction", [[[2.0, 2, 2], [1.0, 2, 3]]], lambda x: x.std(dim=1), [1, 1])
case("std_correction", [torch.randn(5, 100)], lambda x: x.std(dim=1), [1, 1])
for values in [[0.0, 2, 3], [0.0, 0, 3], [1e30, 1e30, 1e-30], [-2.0, 5, 0.5]]:
    kink("prod", [values], lambda x: x.prod(0), [0])
case("prod", [torch.randn(3, 0)], lambda x: x.prod(1), [1])
for rows in [[[-INF, 3.0], [0.0, -INF]], [[1000.0, 999.0], [-1000.0, -1001.0]]]:
    kink("logsumexp", [rows], lambda x: x.logsumexp(1), [1])
case("logsumexp", [torch.zeros(3, 0)], lambda x: x.logsumexp(1), [1])
for name in ("softmax", "log_softmax"):
    kink(name, [[[0.0, -INF, 1], [1000.0, 0, -1000]]], lambda x: getattr(x, name)(1), [1])
    case(name, [torch.randn(20, 130)], lambda x: getattr(x, name)(0), [0])
    case(name, [torch.randn(())], lambda x: getattr(x, name)(-1), [-1])
for name, function in {"cumsum": lambda x: x.cumsum(0), "prod": lambda x: x.prod(0),
                       "max": lambda x: x.max(0).values}.items():
    case(name, [torch.randn(())], function, [0])
case("sum", [torch.randn(30, 40)], lambda x: x.sum(0), [0, 0])
case("mean", [torch.randn(30, 40)], lambda x: x.mean(1), [0, 1], layouts=["transposed"])
case("cumsum", [torch.randn(3, 200)], lambda x: x.cumsum(1), [1])
for name, function in {"exp": torch.exp, "sigmoid": torch.sigmoid, "tanh": torch.tanh, "gelu": UNARY["gelu"],
                       "silu": UNARY["silu"], "sin": torch.sin, "erf": torch.erf}.items():
    case(name, [torch.randn(17, 19) * 3], function)
case("gelu_tanh", [torch.randn(17, 19) * 3], lambda x: torch.nn.functional.gelu(x, approximate="tanh"))

# Lists of indices, paired up. The numbers are the lists, each with its length before it.
x = torch.randn(4, 5, 3)
for lists in [[[0, 3, 0]], [[0, 1], [1, 2]], [[-1, 2, 2], [4]], [[0, 0], [1, 1], [2, 2]], [[]]]:
    numbers = [n for values in lists for n in [len(values)] + values]
    index = tuple(torch.tensor(values, dtype=torch.long) for values in lists)
    case("pairs", [x], lambda x: x[index], numbers)
    case("pairs", [torch.randn(5, 4, 3)], lambda x: x.transpose(0, 1)[index], [-1] + numbers)

# Attention with masks: (B, T, H, dh) here, (B, H, T, dh) there.


def attend(q, k, v, mask):
    q, k, v = (x.transpose(1, 2) for x in (q, k, v))
    return torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=mask).transpose(1, 2)


heads = [torch.randn(2, 3, 2, 4) for _ in range(3)]
for shape in [(3, 3), (2, 1, 3, 3), (2, 3, 3), (1, 1, 1, 3)]:
    case("attention_offsets", heads + [torch.randn(shape)], attend)
keeps = torch.ones(3, 3).tril()
case("attention_keeps", heads + [keeps], lambda q, k, v, mask: attend(q, k, v, mask.detach() > 0))
case("attention_keeps", [torch.randn(1, 70, 1, 4) for _ in range(3)] + [torch.ones(70, 70).tril()],
     lambda q, k, v, mask: attend(q, k, v, mask.detach() > 0))
write("tensor-operations.json", operations)
