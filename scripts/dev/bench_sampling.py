"""The sampling suite of scripts/dev/bench: tokens a second of SmolLM2-135M for 1, 8 and 64 rows that continue one prompt.

Bridge in each precision, llama.cpp (llama-cpp-python) on the same file and PyTorch + transformers in f32 take turns, a
process each time, and time themselves once their model is loaded and warm. All draw at temperature 1 from the whole
vocabulary. Run with PEER ROWS TOKENS FILE it is one of the peers.
"""
import os
import pathlib
import statistics
import subprocess
import sys
import time

PROMPT = "The history of the town begins with a river, and the people who"
TOKENS = 64
ROWS = [1, 8, 64]
SCRIPT = """
m = model.load("{file}")
{attach}
fn count(texts) {{ sum([len(m.tokenize(text)) for text in texts]) }}
m.generate("{prompt}", width: {rows}, max_tokens: 4, precision: "{precision}", seed: 1)
start = clock()
texts = m.generate("{prompt}", width: {rows}, max_tokens: {tokens}, precision: "{precision}", seed: 2)
seconds = clock() - start
print(count(texts), seconds)
"""


def bridge(options, precision, rows, attach=""):
    script = SCRIPT.format(
        file=options.model, prompt=PROMPT, rows=rows, tokens=TOKENS, precision=precision, attach=attach)
    return [options.bridge, "-e", script]


def suite(options):
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    options.model = options.model or str(cache / "bridge/models/SmolLM2-135M-Instruct.Q4_1.gguf")
    python = options.torch or sys.executable
    peers = [peer for peer, module in [("llama.cpp", "llama_cpp"), ("torch", "transformers")]
             if subprocess.run([python, "-c", f"import {module}"], capture_output=True).returncode == 0]
    wanted = options.only.split(",") if options.only else None
    results = {}
    print(f"tokens a second, median of {options.rounds} rounds in turn; 2.00x: Bridge is twice as fast\n")
    for rows in ROWS:
        programs = {f"bridge {precision}": bridge(options, precision, rows) for precision in ["f32", "bf16", "q8"]}
        if rows == 8:
            # A Bridge of the default size that does nothing yet, but costs what it costs.
            programs["bridge on"] = bridge(options, "f32", rows, "m = bridge.attach(m)")
        for peer in peers:
            programs[peer] = [python, __file__, peer, str(rows), str(TOKENS), options.model]
        programs = {name: program for name, program in programs.items() if not wanted or name in wanted}
        results[rows] = in_turn(programs, options.rounds)
        for name, rates in results[rows].items():
            rate = statistics.median(rates)
            ratios = " ".join(
                f"{rate / statistics.median(results[rows][peer]):6.2f}x {peer}"
                for peer in peers if peer != name and peer in results[rows])
            print(f"{rows:3} rows  {name:<16} {rate:8.1f} ({min(rates):.0f}..{max(rates):.0f})  {ratios}", flush=True)
    return {str(rows): found for rows, found in results.items()}


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


# The peers


def llama_cpp(rows, tokens, path):
    import ctypes

    import llama_cpp as lib

    lib.llama_backend_init()
    silent = lib.llama_log_callback(lambda *_: None)
    lib.llama_log_set(silent, ctypes.c_void_p(0))
    model = lib.llama_model_load_from_file(path.encode(), lib.llama_model_default_params())
    settings = lib.llama_context_default_params()
    settings.n_ctx = 4096 if rows <= 8 else 8192
    settings.n_seq_max = rows
    settings.kv_unified = True
    settings.n_threads = settings.n_threads_batch = len(os.sched_getaffinity(0))
    context = lib.llama_init_from_model(model, settings)
    memory = lib.llama_get_memory(context)
    vocabulary = lib.llama_model_get_vocab(model)
    text = PROMPT.encode()
    room = (lib.llama_token * 256)()
    length = lib.llama_tokenize(vocabulary, text, len(text), room, 256, False, True)
    prompt = list(room[:length])
    samplers = []
    for row in range(rows):
        chain = lib.llama_sampler_chain_init(lib.llama_sampler_chain_default_params())
        lib.llama_sampler_chain_add(chain, lib.llama_sampler_init_dist(row))
        samplers.append(chain)
    batch = lib.llama_batch_init(max(rows, length), 0, 1)

    def put(entries):
        batch.n_tokens = len(entries)
        for i, (token, position, sequence, wants) in enumerate(entries):
            batch.token[i], batch.pos[i], batch.n_seq_id[i], batch.logits[i] = token, position, 1, wants
            batch.seq_id[i][0] = sequence
        if lib.llama_decode(context, batch) != 0:
            sys.exit("llama_decode failed")

    def generate(count):
        lib.llama_memory_clear(memory, True)
        put([(token, i, 0, i == length - 1) for i, token in enumerate(prompt)])
        for row in range(1, rows):
            lib.llama_memory_seq_cp(memory, 0, row, -1, -1)
        last = [lib.llama_sampler_sample(samplers[row], context, length - 1) for row in range(rows)]
        for step in range(count - 1):
            put([(last[row], length + step, row, True) for row in range(rows)])
            last = [lib.llama_sampler_sample(samplers[row], context, row) for row in range(rows)]

    generate(4)
    start = time.perf_counter()
    generate(tokens)
    print(rows * tokens, time.perf_counter() - start)


def torch(rows, tokens, path):
    os.environ["HF_HUB_OFFLINE"] = "1"
    import torch
    from transformers import AutoConfig, AutoTokenizer, LlamaForCausalLM
    from transformers.modeling_gguf_pytorch_utils import load_gguf_checkpoint

    torch.set_num_threads(len(os.sched_getaffinity(0)))
    folder, name = os.path.split(path)
    model = LlamaForCausalLM(AutoConfig.from_pretrained(folder, gguf_file=name)).float().eval()
    model.load_state_dict(load_gguf_checkpoint(path, return_tensors=True, model_to_load=model)["tensors"], strict=False)
    model.tie_weights()
    ids = AutoTokenizer.from_pretrained(folder, gguf_file=name)(PROMPT, return_tensors="pt").input_ids.expand(rows, -1)

    def generate(count):
        with torch.no_grad():
            model.generate(
                ids, attention_mask=torch.ones_like(ids), do_sample=True, temperature=1.0, top_k=0, pad_token_id=0,
                min_new_tokens=count, max_new_tokens=count)

    generate(4)
    start = time.perf_counter()
    generate(tokens)
    print(rows * tokens, time.perf_counter() - start)


if __name__ == "__main__":
    peer, rows, tokens, path = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    {"llama.cpp": llama_cpp, "torch": torch}[peer](rows, tokens, path)
