"""Measures what a user at the prompt waits for: the first prompt, Tab, and the prompt after Ctrl-C.

Run from the repository's root after a release build: python3 scripts/dev/measure-prompt.py [WORD ...]
With words, only the work that one of them names is interrupted. TIMES=6 takes two minutes for all, the usual 20 seven.
The program runs behind a pseudo-terminal, with a history of 5,000 entries and 5,000 names bound. Prints the median and the
worst of the milliseconds by the clock, from the key to the bytes on the screen.
"""

import os
import pty
import select
import signal
import statistics
import sys
import tempfile
import time

BRIDGE = os.environ.get("BRIDGE", os.path.abspath(".build/release/bridge"))
TIMES = int(os.environ.get("TIMES", "20"))
PROMPT = b"bridge> "

WORK = {
    "loop": "while true { }",
    "sort": "xs = [i * 7919 % 1000003 for i in 0..1000000]; while true { sort(xs) }",
    "matmul": "a = rand([1500, 1500]); while true { a @ a }",
    "model": 'm = model.load("tiny"); while true { m.generate("12+34=", width: 16, max_tokens: 64); }',
    "training": 'n = bridge.attach(model.load("tiny"), heads: 4, dim: 16); '
    "rlvr(n, task.sums(terms: 3, digits: 1), steps: 10000)",
    "evaluate": 'm = model.load("tiny"); while true { evaluate(m, task.sums(terms: 3, digits: 1), problems: 5000); }',
    "sample": 'm = model.load("tiny"); while true { sample(m, task.sums(terms: 3, digits: 1), problems: 5000); }',
    "figure": "xs = list(0..1000000); while true { plot.scatter(xs, reverse(xs)).save(env(\"HOME\") + \"/a.svg\") }",
}


class Prompt:
    def __init__(self, home):
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.environ.update(HOME=home, XDG_STATE_HOME=home, TERM="xterm-256color", LANG="C.UTF-8")
            os.execv(BRIDGE, [BRIDGE])

    def send(self, keys):
        os.write(self.terminal, keys.encode())

    def wait(self, wanted, seconds=60):
        """Waits for bytes; what came before them."""
        seen = b""
        end = time.monotonic() + seconds
        while wanted not in seen:
            if not select.select([self.terminal], [], [], max(0, end - time.monotonic()))[0]:
                sys.exit(f"{wanted!r} did not come: {seen[-300:]!r}")
            seen += os.read(self.terminal, 65536)
        return seen

    def settle(self):
        """Reads until nothing comes for a while."""
        while select.select([self.terminal], [], [], 0.3)[0]:
            os.read(self.terminal, 65536)

    def watch(self, seconds):
        """Reads whatever comes for so long."""
        end = time.monotonic() + seconds
        while select.select([self.terminal], [], [], max(0, end - time.monotonic()))[0]:
            os.read(self.terminal, 65536)

    def close(self):
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self.terminal)


def show(name, times):
    times = [1000 * each for each in times]
    print(f"{name:24}  median {statistics.median(times):7.1f} ms   worst {max(times):7.1f} ms", flush=True)


def measured(action):
    start = time.monotonic()
    action()
    return time.monotonic() - start


def starts(home):
    times = []
    for _ in range(TIMES):
        start = time.monotonic()
        prompt = Prompt(home)
        prompt.wait(PROMPT)
        times.append(time.monotonic() - start)
        prompt.close()
    return times


def with_names(home):
    prompt = Prompt(home)
    prompt.wait(PROMPT)
    names = os.path.join(home, "names.bridge")
    with open(names, "w") as file:
        file.writelines(f"name_{i:04} = [{i}]\n" for i in range(5000))
    prompt.send(f"%load {names}\r")
    prompt.wait(b"lists them")
    prompt.send("%run 1\r")
    prompt.settle()
    prompt.send("len(who())\r")
    prompt.wait(b" 5000")
    prompt.settle()
    return prompt


def completions(prompt, typed, wanted):
    times = []
    for _ in range(TIMES):
        prompt.send(typed)
        prompt.settle()
        times.append(measured(lambda: (prompt.send("\t"), prompt.wait(wanted))))
        prompt.send("\x03")
        prompt.wait(PROMPT)
        prompt.settle()
    return times


def interruptions(prompt, code):
    times = []
    for turn in range(TIMES):
        prompt.send(code + "\r")
        prompt.watch(1.5 + 0.037 * turn)
        times.append(measured(lambda: (prompt.send("\x03"), prompt.wait(PROMPT))))
        prompt.settle()
    return times


def main():
    with tempfile.TemporaryDirectory() as home:
        os.makedirs(os.path.join(home, "bridge"))
        show("start", starts(home))
        with open(os.path.join(home, "bridge", "history"), "w") as file:
            file.writelines(f"entry_{i} = {i} + {i}\t{1700000000000 + i}\t1\n" for i in range(5000))
        show("start, long history", starts(home))
        prompt = with_names(home)
        show("Tab, a library name", completions(prompt, "enumer", b"ate"))
        show("Tab, 5000 names", completions(prompt, "x = name_", b"more; type"))
        show("Tab, an argument", completions(prompt, "sample(net, sums, te", b"mperature"))
        prompt.close()
        for name, code in WORK.items():
            if sys.argv[1:] and not any(word in name for word in sys.argv[1:]):
                continue
            prompt = Prompt(home)
            prompt.wait(PROMPT)
            show("Ctrl-C, " + name, interruptions(prompt, code))
            prompt.close()


if __name__ == "__main__":
    main()
