"""Writes a random model of DeepSeek-R1-Distill-Qwen-1.5B's exact shape in bf16, to see that one of that size fits.

    python scripts/dev/make-large-model.py FOLDER

Needs torch and safetensors; the folder takes 3.6 GB. The text of such a model is noise.
"""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file

CONFIG = {
    "architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "tokenizer_class": "CharacterTokenizer",
    "vocab_size": 151936, "hidden_size": 1536, "num_hidden_layers": 28, "num_attention_heads": 12,
    "num_key_value_heads": 2, "intermediate_size": 8960, "hidden_act": "silu", "rms_norm_eps": 1e-06,
    "rope_theta": 10000, "max_position_embeddings": 131072, "tie_word_embeddings": False, "torch_dtype": "bfloat16",
    "use_sliding_window": False, "eos_token_id": 151643, "bos_token_id": None,
}


def weights():
    dim, hidden, keys = CONFIG["hidden_size"], CONFIG["intermediate_size"], 2 * 128
    yield "model.embed_tokens.weight", (CONFIG["vocab_size"], dim)
    for layer in range(CONFIG["num_hidden_layers"]):
        name = f"model.layers.{layer}."
        for part, rows in [("q", dim), ("k", keys), ("v", keys)]:
            yield f"{name}self_attn.{part}_proj.weight", (rows, dim)
            yield f"{name}self_attn.{part}_proj.bias", (rows,)
        yield name + "self_attn.o_proj.weight", (dim, dim)
        yield name + "mlp.gate_proj.weight", (hidden, dim)
        yield name + "mlp.up_proj.weight", (hidden, dim)
        yield name + "mlp.down_proj.weight", (dim, hidden)
        yield name + "input_layernorm.weight", (dim,)
        yield name + "post_attention_layernorm.weight", (dim,)
    yield "model.norm.weight", (dim,)
    yield "lm_head.weight", (CONFIG["vocab_size"], dim)


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    shards, shard, size = [], {}, 0
    for name, shape in weights():
        if name.endswith("norm.weight"):
            tensor = torch.ones(shape, dtype=torch.bfloat16)
        else:
            tensor = (torch.randn(shape) * 0.03).to(torch.bfloat16)
        shard[name] = tensor
        size += tensor.numel() * 2
        if size > 1_000_000_000:
            shards.append(write(folder, len(shards), shard))
            shard, size = {}, 0
    shards.append(write(folder, len(shards), shard))
    places = {name: file for file, names in shards for name in names}
    (folder / "model.safetensors.index.json").write_text(json.dumps({"metadata": {}, "weight_map": places}))
    (folder / "config.json").write_text(json.dumps(CONFIG, indent=2) + "\n")


def write(folder, number, tensors):
    file = f"model-{number + 1:05}.safetensors"
    save_file(tensors, folder / file, metadata={"format": "pt"})
    print(f"{file}: {len(tensors)} tensors", flush=True)
    return file, list(tensors)


main()
