"""The sampling suite of scripts/dev/bench: tokens a second of SmolLM2-135M.

Cases: one prompt with 1 and 8 rows; `rollout`, 8 prompts of 8 rows each, as a GRPO step draws them; `after N`, 8 rows that
go on from a prompt of N tokens (the prompt's own time is left out), which says what a long history costs.

Bridge in each precision, llama.cpp (llama-cpp-python) on the same file, as it is and requantised to 8 bits, and
PyTorch + transformers (which needs gguf, too) in f32 take turns, a process each time, and time themselves once their model is loaded and warm.
All draw at temperature 1 from the whole vocabulary; a row of Bridge ends where the model ends it, the peers' go on. Run
with PEER CASE FILE it is one of the peers.
"""
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

TOWN = "The history of the town begins with a river, and the people who"
PROMPTS = [
    TOWN, "In the summer of that year she had learned to", "The most important thing about a good bridge is",
    "Nobody in the village knew why the old clock", "A computer program is a list of", "When the rain stopped, the boys",
    "Scientists who study the oceans have found", "My grandmother always told me that",
]
TOKENS = 64


def history(length):
    """About as many tokens as that: fifteen in a sentence."""
    return " ".join([TOWN + "."] * (length // 15))


# Of each case: the prompts, and the rows of each.
CASES = {
    "1 row": ([TOWN], 1),
    "8 rows": ([TOWN], 8),
    "rollout": (PROMPTS, 8),
    "after 64": ([history(64)], 8),
    "after 1900": ([history(1900)], 8),
}

SCRIPT = """
m = model.load({file})
{attach}
prompts = {prompts}
# Of every four indices `sample` leaves the fourth out.
t = task.new(make: i -> {{prompt: prompts[(i - i // 4) % len(prompts)], answer: ""}}, verify: (p, text) -> false)
fn draw(tokens) {{
    start = clock()
    g = sample(m, t, problems: len(prompts), width: {rows}, max_tokens: tokens, precision: "{precision}", seed: 2)
    [clock() - start, sum([sum([len(row) for row in rows]) for rows in g.tokens])]
}}
draw(4)
first = draw(1)
all = draw({tokens})
print(all[1] - first[1] * {skips}, all[0] - first[0] * {skips})
"""


def skips_prompt(case):
    return case.startswith("after")


def bridge(options, case, precision, attach=""):
    prompts, rows = CASES[case]
    return [options.bridge, "-e", SCRIPT.format(
        file=json.dumps(options.model), prompts=json.dumps(prompts), rows=rows, tokens=TOKENS, precision=precision,
        attach=attach, skips=int(skips_prompt(case)))]


def suite(options):
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    options.model = options.model or str(cache / "bridge/models/SmolLM2-135M-Instruct.Q4_1.gguf")
    python = options.torch or sys.executable
    has = {module: subprocess.run([python, "-c", f"import {module}"], capture_output=True).returncode == 0
           for module in ("llama_cpp", "transformers")}
    results = {}
    print(f"tokens a second, median of {options.rounds} rounds in turn; 2.00x: Bridge is twice as fast\n")
    with tempfile.TemporaryDirectory() as folder:
        peers = {}
        if has["llama_cpp"]:
            peers["llama.cpp"] = ("llama.cpp", options.model)
            eight = os.path.join(folder, "q8_0.gguf")
            subprocess.run([python, __file__, "requantise", options.model, eight], check=True)
            peers["llama.cpp q8"] = ("llama.cpp", eight)
        if has["transformers"]:
            peers["torch"] = ("torch", options.model)
        for case in options.only.split(",") if options.only else CASES:
            if case not in CASES:
                sys.exit(f"bench: no case `{case}`; there are {', '.join(CASES)}")
            programs = {f"bridge {precision}": bridge(options, case, precision) for precision in ("f32", "bf16", "q8")}
            # Blocks of the default size that do nothing yet, but cost what they cost.
            programs["bridge on"] = bridge(options, case, "f32", "m = bridge.attach(m)")
            for name, (peer, path) in peers.items():
                programs[name] = [python, __file__, peer, case, path]
            results[case] = in_turn(programs, options.rounds)
            for name, rates in results[case].items():
                rate = statistics.median(rates)
                others = [other for other in (*peers, "bridge f32") if other != name and name.startswith("bridge")]
                ratios = " ".join(
                    f"{rate / statistics.median(results[case][other]):6.2f}x {other}" for other in others)
                print(f"{case:<11} {name:<13} {rate:8.1f} ({min(rates):.0f}..{max(rates):.0f}) {ratios}", flush=True)
            print()
    return results


def in_turn(programs, rounds):
    rates = {name: [] for name in programs}
    for _ in range(rounds):
        for name, program in programs.items():
            done = subprocess.run(program, capture_output=True, text=True)
            if done.returncode != 0:
                sys.exit(f"bench: {name} failed:\n{done.stdout}{done.stderr}")
            tokens, seconds = done.stdout.split()[-2:]
            rates[name].append(float(tokens) / float(seconds))
    return rates


def report(case, generate):
    """Times `generate(tokens)`, which gives the tokens drawn; the prompt's own time is left out where the case says so."""
    generate(4)
    start = time.perf_counter()
    first = generate(1)
    middle = time.perf_counter()
    tokens = generate(TOKENS)
    seconds = time.perf_counter() - middle
    if skips_prompt(case):
        tokens, seconds = tokens - first, seconds - (middle - start)
    print(tokens, seconds)


# The peers


def requantise(source, target):
    import llama_cpp as lib

    silence(lib)
    settings = lib.llama_model_quantize_default_params()
    settings.ftype, settings.allow_requantize = lib.LLAMA_FTYPE_MOSTLY_Q8_0, True
    if lib.llama_model_quantize(source.encode(), target.encode(), settings) != 0:
        sys.exit("llama_model_quantize failed")


def silence(lib):
    import ctypes

    silence.callback = lib.llama_log_callback(lambda *_: None)  # Kept alive: C calls it.
    lib.llama_log_set(silence.callback, ctypes.c_void_p(0))


def llama_cpp(case, path):
    import llama_cpp as lib

    lib.llama_backend_init()
    silence(lib)
    model = lib.llama_model_load_from_file(path.encode(), lib.llama_model_default_params())
    vocabulary = lib.llama_model_get_vocab(model)
    texts, rows = CASES[case]
    room = (lib.llama_token * 4096)()
    prompts = []
    for text in texts:
        length = lib.llama_tokenize(vocabulary, text.encode(), len(text.encode()), room, 4096, False, True)
        prompts.append(list(room[:length]))
    sequences = len(prompts) * rows
    settings = lib.llama_context_default_params()
    settings.n_ctx = sum(map(len, prompts)) + sequences * TOKENS + 256
    settings.n_batch = 2048
    settings.n_seq_max = sequences
    settings.kv_unified = True
    settings.n_threads = settings.n_threads_batch = len(os.sched_getaffinity(0))
    context = lib.llama_init_from_model(model, settings)
    memory = lib.llama_get_memory(context)
    samplers = []
    for row in range(sequences):
        chain = lib.llama_sampler_chain_init(lib.llama_sampler_chain_default_params())
        lib.llama_sampler_chain_add(chain, lib.llama_sampler_init_dist(row))
        samplers.append(chain)
    batch = lib.llama_batch_init(2048, 0, 1)

    def put(entries):
        batch.n_tokens = len(entries)
        for i, (token, position, sequence, wants) in enumerate(entries):
            batch.token[i], batch.pos[i], batch.n_seq_id[i], batch.logits[i] = token, position, 1, wants
            batch.seq_id[i][0] = sequence
        if lib.llama_decode(context, batch) != 0:
            sys.exit("llama_decode failed")

    def generate(count):
        lib.llama_memory_clear(memory, True)
        last = []
        for index, prompt in enumerate(prompts):
            first = index * rows
            put([(token, i, first, i == len(prompt) - 1) for i, token in enumerate(prompt)])
            for row in range(first + 1, first + rows):
                lib.llama_memory_seq_cp(memory, first, row, -1, -1)
            last += [lib.llama_sampler_sample(samplers[first + row], context, len(prompt) - 1) for row in range(rows)]
        for step in range(count - 1):
            put([(last[row], len(prompts[row // rows]) + step, row, True) for row in range(sequences)])
            last = [lib.llama_sampler_sample(samplers[row], context, row) for row in range(sequences)]
        return sequences * count

    report(case, generate)


def torch(case, path):
    os.environ["HF_HUB_OFFLINE"] = "1"
    import torch
    from transformers import AutoConfig, AutoTokenizer, LlamaForCausalLM
    from transformers.modeling_gguf_pytorch_utils import load_gguf_checkpoint

    torch.set_num_threads(len(os.sched_getaffinity(0)))
    folder, name = os.path.split(path)
    model = LlamaForCausalLM(AutoConfig.from_pretrained(folder, gguf_file=name)).float().eval()
    model.load_state_dict(load_gguf_checkpoint(path, return_tensors=True, model_to_load=model)["tensors"], strict=False)
    model.tie_weights()
    texts, rows = CASES[case]
    tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=name)
    tokenizer.pad_token_id = 0
    tokenizer.padding_side = "left"
    batch = tokenizer([text for text in texts for _ in range(rows)], return_tensors="pt", padding=True)

    def generate(count):
        with torch.no_grad():
            model.generate(
                batch.input_ids, attention_mask=batch.attention_mask, do_sample=True, temperature=1.0, top_k=0,
                pad_token_id=0, min_new_tokens=count, max_new_tokens=count)
        return len(batch.input_ids) * count

    report(case, generate)


if __name__ == "__main__":
    {"llama.cpp": llama_cpp, "torch": torch, "requantise": requantise}[sys.argv[1]](*sys.argv[2:])
