"""Makes Tests/Fixtures/models: what Hugging Face's libraries say about tokens, chat templates, quantised blocks and logits.

Run it from the repository with a Python that has torch, transformers, tokenizers, safetensors and gguf:

    python scripts/dev/make-model-fixtures.py [path to SmolLM2-135M-Instruct.Q4_1.gguf]

The path defaults to where `scripts/fetch-model smollm2` puts the file. Everything is seeded; a second run gives the same.
With `--check FOLDER` it instead loads a model folder that Bridge wrote and compares it with the tiny random Llama.
"""

import json
import os
import sys
from datetime import datetime
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import gguf
import numpy
import torch
from jinja2.exceptions import TemplateError
from safetensors.numpy import save_file
from tokenizers import Regex, pre_tokenizers
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM
from transformers.modeling_gguf_pytorch_utils import load_gguf_checkpoint

FIXTURES = Path(__file__).resolve().parents[2] / "Tests" / "Fixtures" / "models"
FILE_NAME = "SmolLM2-135M-Instruct.Q4_1.gguf"

CONTRACTIONS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
TAIL = r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
LLAMA3 = CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|" + TAIL
QWEN2 = CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}|" + TAIL

TEXTS = [
    "", " ", "  ", "   ", "\n", "\n\n", "\n\n\n", "\t", "\t\t", "\r\n", "\r\n\r\n", " \n", "\n ", " \n ", "  \n  \n  ",
    "a", " a", "a ", " a ", "  a", "a  ", "a  b", "a   b", "a\nb", "a\n\nb", "a \n b", "a\t b", "a \tb", "\ta", "a\r\nb",
    "a\n  b", "a  \nb", "a\u00a0b", "a\u3000b", "\u2003a \u2003 b", "\u0085x", "\u200bzero\u200bwidth", "\ufeffBOM",
    "Hello, world!", "Hello world", "hello HELLO HeLLo", "The quick brown fox jumps over the lazy dog.",
    "It's we're I've I'm you'll he'd don't", "IT'S WE'RE I'VE I'M YOU'LL HE'D DON'T", "It\u2019s curly", "'s", "'S", "' s",
    " 's", "''s", "'sand 'tis 'real 'very 'llama", "x'ſy", "x'Sy", "'", "''", "'re", "'r", "'RE", "'rE", "'lL",
    "1", "12", "123", "1234", "12345", "1234567890", "1 2", "1  2", " 1", "1 ", "12 34", "a1", "1a", "a 1", "a  1", "a1b2c3",
    "3.14159", "1,000,000", "-5", "+5", "1e-5", "0x1F", "2024-12-31", "12:30:45", "50%", "$9.99", "½ ¾ ²³ Ⅷ ⅷ", "٣٤٥ ३४५ 一二三",
    "x²", "①②③", "１２３ fullwidth", "\U0001d7ce\U0001d7cf", "what is 123 + 456? 579",
    "日本語のテキスト", "你好，世界！", "안녕하세요 세계", "这是 mixed 文本 with English", "ภาษาไทย", "नमस्ते दुनिया", "مرحبا بالعالم", "שלום עולם",
    "Привет, мир!", "Γειά σου Κόσμε", "Việt Nam", "Ünïcödé", "naïve café résumé", "cafe\u0301 re\u0301sume\u0301", "e\u0301", "\u0301",
    "a\u0301\u0302\u0303", "Å \u212b A\u030a", "ﬁ ﬂ ﬀ", "ß ẞ ſ", "İstanbul ıssız", "𝒜𝓁𝓅𝒽𝒶 𝔅𝔢𝔱𝔞", "𐍈𐌰 𒀀", "\U00020000\U0002a6d6",
    "😀", "😀😀", " 😀", "😀 ", "a😀b", "👨‍👩‍👧‍👦 family", "👍🏽 thumbs", "🏳️‍🌈", "🇩🇪🇫🇷", "1️⃣", "♥️ ❤", "\ufe0f", "☺☻",
    "!", "!!", "!!!", "...", " ...", "... ", "?!", "(a)", " (a) ", "[x][y]", "{}", "<>", "a,b;c:d", "a--b", "a_b", "__init__", "a.b.c",
    "!\n", "!\n\n", "! \n", "!\r\na", "a!\n\nb", ";\n}\n", " !a", "\"quoted\"", "“curly” ‘quotes’ – — …", "a/b\\c", "~`@#$%^&*()+=|",
    "def f(x):\n    return x + 1\n\n\nclass A:\n\tpass\n", "for (int i = 0; i < 10; i++) {\n  a[i] = i * i;\n}", "if(a&&b||!c){}",
    "https://example.com/path?q=1&r=two#frag", "user@example.com", "<div class=\"x\">text</div>", "SELECT * FROM t WHERE a='b';",
    "    indented", "\t\tindented", "trailing   ", "mixed \t \n \t whitespace", "a" + " " * 40 + "b", " " * 100, "\n" * 30,
    "a" * 100, "ab" * 300, "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "pneumonoultramicroscopicsilicovolcanoconiosis", "x" * 1000, "antidisestablishmentarianism " * 5, "🎉" * 20, "=" * 80, "-" * 7 + "\n" + "#" * 33,
    "camelCaseWords snake_case_words SCREAMING_CASE kebab-case", "\x00", "a\x00b", "\x01\x02\x7f", "\u00ad\u200d\u2028x\u2029y",
    "<|im_start|>", "<|im_end|>", "<|im_start|>user\nHi<|im_end|>\n", "a<|endoftext|>b", " <|im_end|> ", "<|im_start", "<|im_start|", "|im_end|>",
    "<<|im_end|>>", "<|im_end|><|im_end|>", "<file_sep><filename>x.py<gh_stars>10-100", "<repo_name>a/b", "<reponame>", "<empty_output>",
    "<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n<|im_start|>user\nWhat is 12 + 34?<|im_end|>\n<|im_start|>assistant\n",
]

# What the published templates do with plain messages, without their parts about tools.
DATED = """{{- bos_token }}
DATE
{%- if messages[0]['role'] == 'system' %}{%- set system = messages[0]['content'] | trim %}{%- set rest = messages[1:] %}{%- else %}{%- set system = "" %}{%- set rest = messages %}{%- endif %}
{{- "<|start_header_id|>system<|end_header_id|>\\n\\n" }}
{{- "Cutting Knowledge Date: December 2023\\n" }}
{{- "Today Date: " + date_string + "\\n\\n" }}
{{- system }}
{{- "<|eot_id|>" }}
{%- for message in rest %}{{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' + message['content'] | trim + '<|eot_id|>' }}{%- endfor %}
{%- if add_generation_prompt %}{{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{%- endif %}
"""
QWEN3 = """{%- set ns = namespace(searching=true, last=messages|length - 1) %}
{%- for message in messages[::-1] %}{%- if ns.searching and message.role == "user" %}{%- set ns.searching = false %}{%- set ns.last = messages|length - 1 - loop.index0 %}{%- endif %}{%- endfor %}
{%- for message in messages %}
{%- set content = message.content %}
{%- if message.role != "assistant" %}{{- '<|im_start|>' + message.role + '\\n' + content + '<|im_end|>' + '\\n' }}
{%- else %}
{%- set thoughts = '' %}
{%- if '</think>' in content %}{%- set thoughts = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}{%- set content = content.split('</think>')[-1].lstrip('\\n') %}{%- endif %}
{%- if loop.index0 > ns.last and (loop.last or thoughts) %}{{- '<|im_start|>assistant\\n<think>\\n' + thoughts.strip('\\n') + '\\n</think>\\n\\n' + content.lstrip('\\n') + '<|im_end|>\\n' }}
{%- else %}{{- '<|im_start|>assistant\\n' + content + '<|im_end|>\\n' }}{%- endif %}
{%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}
"""

CHAT_TEMPLATES = {
    "chatml": None,  # SmolLM2's, taken from the model file
    "qwen2": "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n' }}{% endif %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
    "qwen2.5": "{%- if messages[0]['role'] == 'system' %}\n    {{- '<|im_start|>system\\n' + messages[0]['content'] + '<|im_end|>\\n' }}\n{%- else %}\n    {{- '<|im_start|>system\\nYou are Qwen, created by Alibaba Cloud. You are a helpful assistant.<|im_end|>\\n' }}\n{%- endif %}\n{%- for message in messages %}\n    {%- if (message.role == \"user\") or (message.role == \"system\" and not loop.first) or (message.role == \"assistant\" and not message.tool_calls) %}\n        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}\n    {%- endif %}\n{%- endfor %}\n{%- if add_generation_prompt %}\n    {{- '<|im_start|>assistant\\n' }}\n{%- endif %}\n",
    "llama3": "{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}",
    "deepseek": "{% if not add_generation_prompt is defined %}{% set add_generation_prompt = false %}{% endif %}{% set ns = namespace(system_prompt='') %}{%- for message in messages %}{%- if message['role'] == 'system' %}{% set ns.system_prompt = message['content'] %}{%- endif %}{%- endfor %}{{bos_token}}{{ns.system_prompt}}{%- for message in messages %}{%- if message['role'] == 'user' %}{{'<｜User｜>' + message['content']}}{%- endif %}{%- if message['role'] == 'assistant' and message['content'] is not none %}{% set content = message['content'] %}{% if '</think>' in content %}{% set content = content.split('</think>')[-1] %}{% endif %}{{'<｜Assistant｜>' + content + '<｜end▁of▁sentence｜>'}}{%- endif %}{%- endfor -%}{% if add_generation_prompt %}{{'<｜Assistant｜><think>\\n'}}{% endif %}",
    "llama3.1": DATED.replace("DATE", '{%- if not date_string is defined %}{%- set date_string = "26 Jul 2024" %}{%- endif %}'),
    "llama3.2": DATED.replace("DATE", '{%- if not date_string is defined %}{%- if strftime_now is defined %}{%- set date_string = strftime_now("%d %b %Y") %}{%- else %}{%- set date_string = "26 Jul 2024" %}{%- endif %}{%- endif %}'),
    "qwen3": QWEN3,
    "qwen3-thinking": QWEN3.replace("{{- '<|im_start|>assistant\\n' }}{%- endif %}\n", "{{- '<|im_start|>assistant\\n<think>\\n' }}{%- endif %}\n"),
    "chatml-trim": "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] | trim + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
    # TinyLlama's, whose tags stand in lines of their own.
    "zephyr": "{% for message in messages %}\n{% if message['role'] == 'user' %}\n{{ '<|user|>\n' + message['content'] + eos_token }}\n{% elif message['role'] == 'system' %}\n{{ '<|system|>\n' + message['content'] + eos_token }}\n{% elif message['role'] == 'assistant' %}\n{{ '<|assistant|>\n'  + message['content'] + eos_token }}\n{% endif %}\n  {% if loop.last and add_generation_prompt %}\n{{ '<|assistant|>' }}\n{% endif %}\n{% endfor %}",
    "mistral": "{{ bos_token }}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}{% if message['role'] == 'user' %}{{ '[INST] ' + message['content'] + ' [/INST]' }}{% elif message['role'] == 'assistant' %}{{ message['content'] + eos_token + ' ' }}{% else %}{{ raise_exception('Only user and assistant roles are supported!') }}{% endif %}{% endfor %}",
    # A macro, a captured block, a filtered loop with `else`, `break`, a conditional expression, lists and slices.
    "parts": "{%- macro head(role, mark='#') %}{{ mark }}{{ role | upper }}: {% endmacro -%}\n{# remark #}\n{% set title %}T{{ messages | length }}{% endset %}\n{{ title }}\n{%- for m in messages if m.role != 'system' %}\n  {%- if loop.index > 3 %}{% break %}{% endif %}\n{{ head(m.role) if loop.first else head(m.role, mark='*') }}{{ m['content'][:5] ~ loop.revindex0 }}\n{%- else %}\nnobody\n{%- endfor %}{{ ['a', 'b'] | join('-') }}{{ 'x' in 'axb' and 'q' not in ['r'] }}{{ {'k': -2 + 3 * 4}['k'] }}{{ messages[-1].content.replace('e', '3').split(' ') | last }}\n",
}
CHAT_TEMPLATES["qwen2.5-math"] = CHAT_TEMPLATES["qwen2.5"].replace(
    "You are Qwen, created by Alibaba Cloud. You are a helpful assistant.",
    r"Please reason step by step, and put your final answer within \\boxed{}.",
)
BEGIN_OF_TEXT = {"llama3": "<|begin_of_text|>", "llama3.1": "<|begin_of_text|>", "llama3.2": "<|begin_of_text|>", "deepseek": "<｜begin▁of▁sentence｜>"}

CONVERSATIONS = [
    [("user", "What is 2 + 2?")],
    [("system", "You are terse."), ("user", "Name a colour.")],
    [("user", "Hi"), ("assistant", "Hello! How can I help?"), ("user", "  Tell me a joke.\n")],
    [("user", "1+1?"), ("assistant", "<think>\n\nadd\n\n</think>\n\n 2 "), ("user", "sure?"), ("assistant", "<think>\nagain\n</think>\n\nyes")],
    [("user", "a"), ("assistant", "plain"), ("assistant", "<think>\n</think>\nb")],
    [("system", ""), ("user", "multi\nline\n\ntext"), ("assistant", "<think>\nhm\n</think>\n\nfine"), ("user", "日本語")],
]


def write(name, value):
    path = FIXTURES / name
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")
    print(f"{path.name}: {path.stat().st_size} bytes")


def smollm2_tokenizer(folder):
    tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=FILE_NAME)
    # transformers converts a GGUF vocabulary but not its pre-tokeniser. SmolLM2's own tokenizer.json says what stands
    # here, and llama.cpp means the same by the name "smollm".
    tokenizer.backend_tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)]
    )
    reader = gguf.GGUFReader(folder / FILE_NAME)
    assert reader.fields["tokenizer.ggml.pre"].contents() == "smollm"
    return tokenizer


def tokens(tokenizer):
    backend = tokenizer.backend_tokenizer
    cases = [{"text": text, "ids": backend.encode(text, add_special_tokens=False).ids} for text in TEXTS]
    for case in cases:
        case["decoded"] = backend.decode(case["ids"], skip_special_tokens=True)
    write("smollm2-tokens.json", cases)


def pieces():
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    split = lambda expression: pre_tokenizers.Split(Regex(expression), "isolated")
    ways = {
        "gpt2": byte_level,
        "smolLM2": pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), byte_level]),
        "llama3": split(LLAMA3),
        "qwen2": split(QWEN2),
    }
    # Lengths in characters: the byte level spells the pieces in another alphabet, but the offsets are the text's.
    lengths = {
        name: [[end - start for _, (start, end) in way.pre_tokenize_str(text)] for text in TEXTS]
        for name, way in ways.items()
    }
    write("pieces.json", {"texts": TEXTS, "lengths": lengths})


def chats(tokenizer):
    cases = []
    for name, template in CHAT_TEMPLATES.items():
        template = template or tokenizer.chat_template
        for conversation in CONVERSATIONS:
            messages = [{"role": role, "content": content} for role, content in conversation]
            if name in BEGIN_OF_TEXT:
                tokenizer.bos_token = BEGIN_OF_TEXT[name]
            for generation in [True, False]:
                try:
                    text = tokenizer.apply_chat_template(
                        messages, chat_template=template, tokenize=False, add_generation_prompt=generation
                    )
                except TemplateError:
                    text = None
                else:
                    # Today's date would make every run another.
                    text = text.replace(datetime.now().strftime("%d %b %Y"), "24 Nov 2026")
                cases.append(
                    {
                        "name": name, "template": template, "messages": conversation, "generation": generation,
                        "bos": tokenizer.bos_token, "eos": tokenizer.eos_token, "text": text,
                    }
                )
    write("chats.json", cases)


def quantised():
    """Random blocks of every encoding, and what the gguf package decodes them to."""
    random = numpy.random.default_rng(7)
    kinds = ["Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K", "F16", "BF16"]
    scales = {"Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208]}
    writer = gguf.GGUFWriter(FIXTURES / "quantised.gguf", "llama")
    expected = {}
    for kind in kinds:
        kind_number = gguf.GGMLQuantizationType[kind]
        length, size = gguf.GGML_QUANT_SIZES[kind_number]
        rows, blocks = 2, max(1, 512 // length)
        data = random.integers(0, 256, (rows, blocks, size), dtype=numpy.uint8)
        for place in scales.get(kind, []):
            half = random.normal(0, 0.02, (rows, blocks)).astype(numpy.float16)
            data[:, :, place : place + 2] = half.view(numpy.uint8).reshape(rows, blocks, 2)
        if kind == "F16":
            values = random.normal(0, 1, (rows, blocks)).astype(numpy.float16)
            values[0, :8] = [0, -0.0, 6e-8, -6e-8, 65504, -65504, 6.1e-5, 1e-7]
            data = values.view(numpy.uint8).reshape(rows, blocks, 2)
        if kind == "BF16":
            values = random.normal(0, 1, (rows, blocks)).astype(numpy.float32)
            data = (values.view(numpy.uint32) >> 16).astype(numpy.uint16).view(numpy.uint8).reshape(rows, blocks, 2)
        data = numpy.ascontiguousarray(data.reshape(rows, blocks * size))
        name = kind.lower()
        if kind == "F16":
            expected[name] = data.view(numpy.float16).astype(numpy.float32)
            writer.add_tensor(name, data.view(numpy.float16))
        else:
            expected[name] = gguf.quants.dequantize(data, kind_number).astype(numpy.float32)
            writer.add_tensor(name, data, raw_dtype=kind_number)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    save_file(expected, FIXTURES / "quantised.safetensors")


def smollm2_logits(tokenizer, folder):
    # `from_pretrained` would want the accelerate package; the parts that it is made of do not.
    config = AutoConfig.from_pretrained(folder, gguf_file=FILE_NAME)
    model = LlamaForCausalLM(config).float().eval()
    checkpoint = load_gguf_checkpoint(str(folder / FILE_NAME), return_tensors=True, model_to_load=model)
    missing, unexpected = model.load_state_dict(checkpoint["tensors"], strict=False)
    assert set(missing) <= {"lm_head.weight"} and not unexpected, (missing, unexpected)
    model.tie_weights()
    prompts = ["The capital of France is", TEXTS[-1]]
    sample = list(range(0, 49152, 192))
    cases = []
    for prompt in prompts:
        ids = tokenizer.backend_tokenizer.encode(prompt, add_special_tokens=False).ids
        with torch.no_grad():
            logits = model(torch.tensor([ids])).logits[0]
        for position in sorted({0, len(ids) // 2, len(ids) - 1}):
            top = logits[position].topk(64)
            cases.append(
                {
                    "tokens": ids, "position": position,
                    "top": [[int(i), round(float(v), 6)] for i, v in zip(top.indices, top.values)],
                    "sample": [[i, round(float(logits[position][i]), 6)] for i in sample],
                }
            )
    write("smollm2-logits.json", cases)
    weight = model.model.layers[3].self_attn
    write(
        "smollm2-weights.json",
        {
            f"model.layers.3.self_attn.{name}.weight": [round(float(x), 8) for x in getattr(weight, name).weight[:: 17, 5][:40]]
            for name in ["q_proj", "k_proj", "v_proj", "o_proj"]
        },
    )


TINY_PROMPT = [1, 5, 96, 0, 33, 33, 7, 64, 50, 2, 18]


def tiny_llama():
    torch.manual_seed(3)
    config = LlamaConfig(
        vocab_size=97, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, head_dim=8, max_position_embeddings=64, rms_norm_eps=1e-5, rope_theta=10000.0,
        tie_word_embeddings=False, bos_token_id=None, eos_token_id=0, initializer_range=0.3,
    )
    model = LlamaForCausalLM(config).float().eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "norm" in name:
                parameter.copy_(1 + 0.2 * torch.randn_like(parameter))
    folder = FIXTURES / "tiny-llama"
    model.save_pretrained(folder)
    config_path = folder / "config.json"
    settings = json.loads(config_path.read_text())
    settings["tokenizer_class"] = "CharacterTokenizer"
    config_path.write_text(json.dumps(settings, indent=2) + "\n")
    (folder / "generation_config.json").unlink(missing_ok=True)
    with torch.no_grad():
        logits = model(torch.tensor([TINY_PROMPT])).logits[0]
    write("tiny-llama/logits.json", {"tokens": TINY_PROMPT, "logits": [round(float(x), 6) for x in logits.flatten()]})


def check(folder):
    """A folder that Bridge saved from the tiny random Llama must give the same logits in transformers."""
    expected = json.loads((FIXTURES / "tiny-llama" / "logits.json").read_text())
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    with torch.no_grad():
        logits = model(torch.tensor([expected["tokens"]])).logits[0].flatten()
    worst = (logits - torch.tensor(expected["logits"])).abs().max().item()
    print(f"largest difference {worst:.2e}")
    sys.exit(worst > 1e-4)


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "--check":
        check(sys.argv[2])
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else cache / "bridge" / "models" / FILE_NAME
    FIXTURES.mkdir(parents=True, exist_ok=True)
    tokenizer = smollm2_tokenizer(path.parent)
    pieces()
    tokens(tokenizer)
    quantised()
    tiny_llama()
    smollm2_logits(tokenizer, path.parent)
    chats(tokenizer)


if __name__ == "__main__":
    main()
