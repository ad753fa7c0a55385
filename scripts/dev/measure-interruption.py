"""Measures how long a script takes to end after Ctrl-C, at many moments of many kinds of work.

Run from the repository's root after a release build: python3 scripts/dev/measure-interruption.py [WORD ...]
Prints, for each kind, the median and the worst of the milliseconds by the clock, the worst of the processor's (which a busy
machine does not lengthen), and every exit status that was not 130.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time

BRIDGE = os.environ.get("BRIDGE", os.path.abspath(".build/release/bridge"))
TIMES = int(os.environ.get("TIMES", "10"))

BIG = '[{i: i, text: "some text {i}", x: i / 7} for i in 0..400000]'
KINDS = {
    "loop": "while true { }",
    "arithmetic": "s = 0.0\nfor i in 0..4000000000 { s += i * 0.5 }",
    "recursion": "fn f(n) { if n == 0 { 0 } else { 1 + f(n - 1) } }\nwhile true { f(1500) }",
    "sort": "xs = [i * 7919 % 1000003 for i in 0..2000000]\nprint(\"begun\")\nwhile true { sort(xs) }",
    "sort by": "xs = [i * 7919 % 1000003 for i in 0..1000000]\nprint(\"begun\")\nwhile true { sort(xs, by: x -> -x) }",
    "string growth": "s = \"\"\nwhile true { s = s + \"abcdef\" }",
    "string parts": "s = \"abc,\" * 5000000\nprint(\"begun\")\nwhile true { x = split(s, \",\") }",
    "replace": "s = \"abc,\" * 20000000\nprint(\"begun\")\nwhile true { x = replace(s, \",\", \";;\") }",
    "upper": "s = \"abcé\" * 20000000\nprint(\"begun\")\nwhile true { x = upper(s) }",
    "join": "xs = [str(i) for i in 0..3000000]\nprint(\"begun\")\nwhile true { x = join(xs, \", \") }",
    "unique": "xs = [i * 7919 % 1000003 for i in 0..3000000]\nprint(\"begun\")\nwhile true { unique(xs) }",
    "list building": "while true { xs = [i for i in 0..3000000] }",
    "record growth": "r = {}\nfor i in 0..100000000 { r[\"k{i}\"] = i }",
    "comprehension": "while true { xs = [str(i) for i in 0..3000000] }",
    "map native": "while true { map(0..3000000, sqrt) }",
    "sum": "while true { sum(0..30000000) }",
    "list": "while true { list(0..30000000) }",
    "equality": "a = list(0..20000000); b = list(0..20000000)\nprint(\"begun\")\nwhile true { a == b }",
    "contains": "a = list(0..20000000)\nprint(\"begun\")\nwhile true { -1 in a }",
    "read_json": f"write_json(\"big.json\", {BIG})\nprint(\"begun\")\nwhile true {{ read_json(\"big.json\") }}",
    "write_json": f"xs = {BIG}\nprint(\"begun\")\nwhile true {{ write_json(\"big.json\", xs) }}",
    "read_jsonl": f"write_jsonl(\"big.jsonl\", {BIG})\nprint(\"begun\")\nwhile true {{ read_jsonl(\"big.jsonl\") }}",
    "stream_jsonl": f"write_jsonl(\"big.jsonl\", {BIG})\nprint(\"begun\")\nwhile true {{ for r in stream_jsonl(\"big.jsonl\") {{ }} }}",
    "read_csv": f"write_csv(\"big.csv\", {BIG})\nprint(\"begun\")\nwhile true {{ read_csv(\"big.csv\") }}",
    "write_csv": f"xs = {BIG}\nprint(\"begun\")\nwhile true {{ write_csv(\"big.csv\", xs) }}",
    "read_text": "write_text(\"big.txt\", \"some é text\\n\" * 15000000)\nprint(\"begun\")\nwhile true { read_text(\"big.txt\") }",
    "write_text": "s = \"some text\\n\" * 20000000\nprint(\"begun\")\nwhile true { write_text(\"big.txt\", s) }",
    "print": "xs = [[i, str(i)] for i in 0..2000000]\nprint(\"begun\")\nwhile true { s = str(xs) }",
    "matmul": "a = rand([2000, 2000])\nprint(\"begun\")\nwhile true { a @ a }",
    "elementwise": "a = rand([4000, 4000])\nprint(\"begun\")\nwhile true { b = (a * a + a).exp() }",
    "softmax": "a = rand([4000, 4000])\nprint(\"begun\")\nwhile true { b = softmax(a) }",
    "tensor of list": "xs = [i * 0.5 for i in 0..5000000]\nprint(\"begun\")\nwhile true { tensor(xs) }",
    "list of tensor": "a = rand([5000000])\nprint(\"begun\")\nwhile true { a.list() }",
    "model": "m = model.load(\"tiny\")\nprint(\"begun\")\nwhile true { m.generate(\"12+34=\", width: 16, max_tokens: 64) }",
    "training": "m = bridge.attach(model.load(\"tiny\"), heads: 4, dim: 16)\nprint(\"begun\")\nrlvr(m, task.sums(terms: 3, digits: 1), steps: 10000)",
    "plot": "f = plot.line([i * 0.5 for i in 0..20000])\nprint(\"begun\")\nwhile true { f.save(\"a.svg\") }",
    "plot line": "xs = list(0..3000000)\nprint(\"begun\")\nwhile true { plot.line(xs).save(\"a.svg\") }",
    "plot scatter": "xs = list(0..1000000)\nprint(\"begun\")\nwhile true { plot.scatter(xs, xs).save(\"a.png\") }",
    "plot heat": "a = randn([1500, 1500])\nprint(\"begun\")\nwhile true { plot.heat(a).save(\"a.svg\") }",
    "functions held": "fn f() { xs = [str(i) for i in 0..6000000]; print(\"begun\"); while true { } }\nf()",
}


def once(text, folder, seconds):
    path = os.path.join(folder, "script.bridge")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text if 'print("begun")' in text else 'print("begun")\n' + text)
    process = subprocess.Popen(
        [BRIDGE, path], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    process.stdout.readline()
    time.sleep(seconds)
    begin = time.monotonic()
    worked = processor_seconds(process.pid)
    process.send_signal(signal.SIGINT)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    clock = time.monotonic() - begin
    processor = usage.ru_utime + usage.ru_stime - worked
    return clock * 1000, processor * 1000, process.returncode, process.stderr.read()


def processor_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main():
    random.seed(1)
    wanted = sys.argv[1:]
    for name, text in KINDS.items():
        if wanted and not any(word in name for word in wanted):
            continue
        with tempfile.TemporaryDirectory() as folder:
            times, work, others = [], [], []
            for _ in range(TIMES):
                milliseconds, processor, status, error = once(text, folder, random.uniform(0.02, 0.6))
                times.append(milliseconds)
                work.append(processor)
                if status != 130:
                    others.append((status, error[:200]))
            left = [file for file in os.listdir(folder) if file.endswith((".part", ".tmp"))]
            times.sort()
            median, worst = times[len(times) // 2], times[-1]
            print(
                f"{name:16} median {median:5.0f}  worst {worst:5.0f}  processor {max(work):5.0f} ms", *others, *left,
                flush=True)


main()
