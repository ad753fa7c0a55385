"""Makes Tests/Fixtures/models/families: small random models and tokenisers of every family that Bridge reads, and what
Hugging Face's libraries (and the SentencePiece library) say of them.

    python scripts/dev/make-family-fixtures.py

Needs torch, transformers, tokenizers, gguf and sentencepiece. Everything is seeded; a second run gives the same.
With `--check FOLDER NAME` it instead loads a model folder that Bridge wrote and compares it with the family NAME.
"""

import importlib.util
import io
import json
import os
import shutil
import sys
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import gguf
import numpy
import sentencepiece
import torch
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import AutoModelForCausalLM, LlamaConfig, Qwen2Config, Qwen3Config

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parents[1] / "Tests" / "Fixtures" / "models" / "families"
LLAMA3_ROPE = {
    "rope_type": "llama3", "rope_theta": 500000.0, "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
    "original_max_position_embeddings": 16,
}
SHAPE = dict(
    vocab_size=97, hidden_size=32, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4, rms_norm_eps=1e-6,
    max_position_embeddings=128, bos_token_id=None, eos_token_id=0, initializer_range=0.2,
)
# Name: configuration, how the weights are stored, and the bytes of a shard where there are several.
FAMILIES = {
    "llama2": (LlamaConfig(**SHAPE, num_key_value_heads=4, tie_word_embeddings=False), torch.float16, None),
    "llama3": (
        LlamaConfig(**SHAPE, num_key_value_heads=2, tie_word_embeddings=True, rope_parameters=LLAMA3_ROPE),
        torch.bfloat16, None,
    ),
    "deepseek-llama": (
        LlamaConfig(**SHAPE, num_key_value_heads=2, tie_word_embeddings=False, rope_parameters=LLAMA3_ROPE),
        torch.bfloat16, "20KB",
    ),
    "qwen2": (Qwen2Config(**SHAPE, num_key_value_heads=2, tie_word_embeddings=True), torch.bfloat16, None),
    "deepseek-qwen": (
        Qwen2Config(**SHAPE, num_key_value_heads=1, tie_word_embeddings=False, use_sliding_window=False),
        torch.bfloat16, None,
    ),
    "qwen3": (
        Qwen3Config(**SHAPE, num_key_value_heads=2, head_dim=16, tie_word_embeddings=True), torch.bfloat16, None,
    ),
}
PROMPT = [1, 5, 96, 0, 33, 33, 7, 64, 50, 2, 18] + [(7 * i * i + 3) % 97 for i in range(30)]


def texts():
    spec = importlib.util.spec_from_file_location("fixtures", HERE / "make-model-fixtures.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.TEXTS


def write(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")
    print(f"{path.relative_to(FOLDER)}: {path.stat().st_size} bytes")


# Models


def random_model(index, config):
    torch.manual_seed(index)
    model = AutoModelForCausalLM.from_config(config)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "norm" in name:
                parameter.copy_(1 + 0.2 * torch.randn_like(parameter))
            elif name.endswith("bias"):
                parameter.copy_(0.5 * torch.randn_like(parameter))
    return model


def logits(folder):
    # Loaded again, as half precision would have rounded the rotary frequencies of the model at hand.
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    with torch.no_grad():
        return model(torch.tensor([PROMPT])).logits[0]


def families():
    for index, (name, (config, dtype, shard)) in enumerate(FAMILIES.items()):
        model = random_model(index, config).to(dtype)
        folder = FOLDER / name
        shutil.rmtree(folder, ignore_errors=True)
        model.save_pretrained(folder, **({"max_shard_size": shard} if shard else {}))
        (folder / "generation_config.json").unlink(missing_ok=True)
        settings = json.loads((folder / "config.json").read_text())
        settings["tokenizer_class"] = "CharacterTokenizer"
        (folder / "config.json").write_text(json.dumps(settings, indent=2) + "\n")
        numbers = [round(float(x), 5) for x in logits(folder).flatten()[::7]]
        write(folder / "logits.json", {"tokens": PROMPT, "stride": 7, "logits": numbers})


GGUF_NAMES = {
    "model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output", "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v", "mlp.down_proj": "ffn_down",
    "self_attn.o_proj": "attn_output", "self_attn.q_norm": "attn_q_norm", "self_attn.k_norm": "attn_k_norm",
    "post_attention_layernorm": "ffn_norm", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
}


def gguf_name(name):
    parts = name.split(".")
    if parts[1] == "layers":
        return f"blk.{parts[2]}.{GGUF_NAMES['.'.join(parts[3:-1])]}.{parts[-1]}"
    return f"{GGUF_NAMES['.'.join(parts[:-1])]}.{parts[-1]}"


def gguf_model(name, architecture, pieces):
    """The family NAME as a GGUF file, with the vocabulary of a SentencePiece model; its weights are f32."""
    config = FAMILIES[name][0]
    model = AutoModelForCausalLM.from_pretrained(FOLDER / name, dtype=torch.float32)
    writer = gguf.GGUFWriter(FOLDER / f"{name}.gguf", architecture)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
    writer.add_key_length(getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads)
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([pieces.id_to_piece(i) for i in range(97)])
    writer.add_token_scores([pieces.get_score(i) for i in range(97)])
    kinds = gguf.TokenType
    writer.add_token_types([
        kinds.UNKNOWN if pieces.is_unknown(i) else kinds.CONTROL if pieces.is_control(i)
        else kinds.BYTE if pieces.is_byte(i) else kinds.NORMAL for i in range(97)])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    for tensor, value in model.state_dict().items():
        if tensor == "lm_head.weight" and config.tie_word_embeddings:
            continue
        value = value.numpy()
        if architecture == "llama" and (".q_proj." in tensor or ".k_proj." in tensor):
            heads = config.num_attention_heads if ".q_proj." in tensor else config.num_key_value_heads
            value = value.reshape(heads, 2, -1, value.shape[1]).swapaxes(1, 2).reshape(value.shape)
        writer.add_tensor(gguf_name(tensor), numpy.ascontiguousarray(value))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    print(f"{name}.gguf: {(FOLDER / f'{name}.gguf').stat().st_size} bytes")


# Tokenisers


def long_line(texts):
    """A line of about a megabyte; the test makes the same."""
    state, parts, size = 1, [], 0
    while size < 1_000_000:
        state = (state * 1103515245 + 12345) % 2**31
        part = texts[(state >> 8) % len(texts)].replace("\r", "").replace("\n", "")
        parts.append(part)
        size += len(part.encode()) + 1
    return " ".join(parts)


def digest(ids):
    """FNV-1a over the ids, 64 bits."""
    value = 0xCBF29CE484222325
    for token in ids:
        value = (value ^ token) * 0x100000001B3 % 2**64
    return str(value)


def tokens_fixture(name, encode, decode, texts):
    line = encode(long_line(texts))
    cases = [{"text": text, "ids": encode(text), "decoded": decode(encode(text))} for text in texts]
    write(FOLDER / f"{name}-tokens.json", {"cases": cases, "line": {"count": len(line), "hash": digest(line)}})


def save_tokenizer(name, tokenizer, texts):
    tokenizer.save(str(FOLDER / f"{name}-tokenizer.json"), pretty=False)
    tokens_fixture(
        name, lambda text: tokenizer.encode(text, add_special_tokens=False).ids,
        lambda ids: tokenizer.decode(ids, skip_special_tokens=True), texts)


def byte_level(texts, expression, normalizer=None, ignore_merges=False, specials=(), begin=None):
    tokenizer = Tokenizer(models.BPE(ignore_merges=ignore_merges))
    if normalizer:
        tokenizer.normalizer = normalizer
    if expression:
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
            pre_tokenizers.Split(Regex(expression), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    else:
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=700, special_tokens=list(specials), initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False)
    tokenizer.train_from_iterator([text for text in texts if "<|" not in text], trainer)
    tokenizer.add_tokens([AddedToken("<think>", special=False), AddedToken("</think>", special=False)])
    tokenizer.add_special_tokens([AddedToken("<|pad|>", lstrip=True, rstrip=True), AddedToken("word", single_word=True)])
    if begin:
        tokenizer.post_processor = processors.TemplateProcessing(
            single=f"{begin} $A", special_tokens=[(begin, tokenizer.token_to_id(begin))])
    return tokenizer


def sentence_pieces(texts, size):
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([text for text in texts if text.strip() and "\0" not in text] * 3), model_writer=model,
        vocab_size=size, model_type="bpe", byte_fallback=True, normalization_rule_name="identity", split_digits=True,
        remove_extra_whitespaces=False, add_dummy_prefix=True, allow_whitespace_only_pieces=True, character_coverage=0.98,
        hard_vocab_limit=False, minloglevel=2, num_threads=1)
    return sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())


def character_level(pieces, space):
    """The same vocabulary as a tokenizer.json, in one of the two ways in which such files treat spaces."""
    tokens = {pieces.id_to_piece(i): i for i in range(pieces.get_piece_size())}
    merges = []
    for token, index in tokens.items():
        halves = [(token[:i], token[i:]) for i in range(1, len(token))]
        if index > 2 and not pieces.is_byte(index):
            merges += [(pieces.get_score(index), a, b) for a, b in halves if a in tokens and b in tokens]
    merges.sort(key=lambda merge: (-merge[0], tokens[merge[1]], tokens[merge[2]]))
    tokenizer = Tokenizer(models.BPE(
        vocab=tokens, merges=[(a, b) for _, a, b in merges], unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    steps = [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    tokenizer.decoder = decoders.Sequence(steps)
    if space == "prepend":
        tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    else:
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme=space, split=False)
    tokenizer.add_special_tokens([AddedToken(t, normalized=False, special=True) for t in ["<unk>", "<s>", "</s>"]])
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    return tokenizer


def sentence_piece_gguf(pieces):
    """A GGUF file that holds nothing but the vocabulary."""
    writer = gguf.GGUFWriter(FOLDER / "sentencepiece.gguf", "llama")
    size, kinds = pieces.get_piece_size(), gguf.TokenType
    writer.add_tokenizer_model("llama")
    writer.add_token_list([pieces.id_to_piece(i) for i in range(size)])
    writer.add_token_scores([pieces.get_score(i) for i in range(size)])
    writer.add_token_types([
        kinds.UNKNOWN if pieces.is_unknown(i) else kinds.CONTROL if pieces.is_control(i)
        else kinds.BYTE if pieces.is_byte(i) else kinds.NORMAL for i in range(size)])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def tokenizers(texts):
    spec = importlib.util.spec_from_file_location("fixtures", HERE / "make-model-fixtures.py")
    fixtures = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fixtures)
    save_tokenizer("gpt2", byte_level(texts, None, specials=["<|endoftext|>"]), texts)
    llama3 = byte_level(
        texts, fixtures.LLAMA3, ignore_merges=True, specials=["<|begin_of_text|>", "<|eot_id|>"],
        begin="<|begin_of_text|>")
    save_tokenizer("llama3", llama3, texts)
    qwen2 = byte_level(texts, fixtures.QWEN2, normalizers.NFC(), specials=["<|endoftext|>", "<|im_start|>", "<|im_end|>"])
    save_tokenizer("qwen2", qwen2, texts)
    pieces = sentence_pieces(texts, 800)
    for space in ["prepend", "first", "always"]:
        save_tokenizer(f"llama2-{space}", character_level(pieces, space), texts)
    sentence_piece_gguf(pieces)
    # The library drops nothing but the zero byte's text; special tokens it never reads out of text.
    plain = [text for text in texts if "<" not in text and "\0" not in text]
    tokens_fixture("sentencepiece", pieces.encode, pieces.decode, plain)
    return pieces


def check(folder, name):
    """A folder that Bridge saved from a family must give the same logits in transformers."""
    expected = json.loads((FOLDER / name / "logits.json").read_text())
    worst = (logits(folder).flatten()[:: expected["stride"]] - torch.tensor(expected["logits"])).abs().max().item()
    print(f"{name}: largest difference {worst:.2e}")
    sys.exit(worst > 1e-4)


def main():
    if len(sys.argv) == 4 and sys.argv[1] == "--check":
        check(sys.argv[2], sys.argv[3])
    FOLDER.mkdir(parents=True, exist_ok=True)
    corpus = texts()
    families()
    tokenizers(corpus)
    small = sentence_pieces(["aab abc cab a b c"], 300)
    gguf_model("llama3", "llama", small)
    gguf_model("qwen3", "qwen3", small)


main()
