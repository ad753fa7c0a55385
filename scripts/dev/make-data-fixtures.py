"""Writes Tests/Fixtures/data.json: awkward JSON and CSV with what Python's json and csv modules make of them, for
NotebookTests to compare with.

Run from the repository's root with Python 3.11 or later. Cases where Bridge is stricter on purpose (NaN, integers beyond
64 bits, the same name twice, half a surrogate pair, zero bytes) are left out here and stand in Tests/Scripts/library.
"""

import base64
import csv
import io
import json
import random
import re

random.seed(20)


class Stricter(Exception):
    """Python takes it, Bridge does not."""


def integer(text):
    value = int(text)
    if not -(2**63) <= value < 2**63:
        raise Stricter
    return value


def number(text):
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise Stricter
    return value


def constant(text):
    raise Stricter


def members(pairs):
    if len({name for name, _ in pairs}) < len(pairs):
        raise Stricter
    return dict(pairs)


def read_json(data):
    """The compact text of the value, or None where the bytes are no JSON."""
    try:
        value = json.loads(
            data.decode("utf-8"), parse_int=integer, parse_float=number, parse_constant=constant,
            object_pairs_hook=members)
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        text.encode("utf-8")
    except (UnicodeEncodeError, RecursionError) as error:
        raise Stricter from error
    except ValueError:
        return None
    # Python has short forms for two control characters that have no other name in Bridge.
    return re.sub(r'(?<!\\)((?:\\\\)*)\\([bf])', lambda m: m[1] + {"b": "\\u0008", "f": "\\u000c"}[m[2]], text)


def read_csv(data):
    """The records' cells, or None where a strict reader finds no table."""
    try:
        rows = [row for row in csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True) if row]
    except (csv.Error, UnicodeDecodeError):
        return None
    if not rows:
        return []
    if len(set(rows[0])) < len(rows[0]) or any(len(row) != len(rows[0]) for row in rows):
        return None
    return rows[1:]


SEEDS = [
    r'{"a":[1,-2.5e3,true,false,null],"b":{"c":"d\n\u00e9\ud83d\ude00 \"q\" \\"},"e":[],"f":{}}',
    "[0,-0.0,1e-5,123456789012345678,-9223372036854775808,9223372036854775807,0.1,2.2250738585072014e-308]",
    '"\U0001f600 caf\u00e9 \u2028 \x7f"',
    '[[[[[[[["deep"]]]]]]]]',
    ' {\t"x" :\r\n [ 1 , 2 ] } \n',
    "[5e-324,1.7976931348623157e308,0.30000000000000004,1E+2,1e22,1e23,123456.789e-10]",
    "3.14", "true", "null", '""', "-0", "[]", "{}",
]


def mutated(data):
    data = bytearray(data)
    for _ in range(random.randint(1, 3)):
        place = random.randrange(len(data) + 1)
        choice = random.random()
        if choice < 0.4 and place < len(data):
            del data[place]
        elif choice < 0.8:
            data.insert(place, random.choice(b'{}[],:"\\0123456789.eE+-tfnu \n\tx\xc3\xa9\xff\x01'))
        else:
            del data[place:]
    return bytes(data)


def json_cases():
    texts = [seed.encode("utf-8") for seed in SEEDS]
    texts += [mutated(random.choice(texts[:8])) for _ in range(600)]
    for text in dict.fromkeys(texts):
        try:
            yield text, read_json(text)
        except Stricter:
            pass


def csv_cases():
    texts = [
        b"a,b\nx,y\n", b"a,b\r\nx,y\r\n", b"a\rx\r", b"a,b\n\"x,1\",\"y\"\"z\"\n", b'a,b\n"two\nlines",y', b"\n\na,b\n\nx,y\n\n",
        b"a\n\"\"\nx\n", "é,ü\n😀,ß\n".encode("utf-8"), b"a,b\nx\n", b"a,b\nx,y,z\n", b'a,b\n"x,y\n', b"a,a\nx,y\n",
        b'a,b\nx"y,z\n', b'a,b\n"x"y,z\n', b"", b"\n", b"a,b", b"a,b\n,\n", b"\xff,b\nx,y\n", b'"a","b"\n"x","y"',
    ]
    alphabet = ['x', 'y', ',', ',', '"', '"', '\n', '\n', '\r\n', '\r', ' ', 'é', ';']
    for _ in range(800):
        head = random.choice(["a,b\n", "a\n", "a,b,c\r\n"])
        texts.append((head + "".join(random.choices(alphabet, k=random.randint(0, 14)))).encode("utf-8"))
    for text in dict.fromkeys(texts):
        yield text, read_csv(text)


def encoded(cases):
    return [[base64.b64encode(text).decode("ascii"), expected] for text, expected in cases]


with open("Tests/Fixtures/data.json", "w", encoding="utf-8") as file:
    fixture = {"json": encoded(json_cases()), "csv": encoded(csv_cases())}
    json.dump(fixture, file, ensure_ascii=True, separators=(",", ":"))
    print({name: (len(cases), sum(e is None for _, e in cases)) for name, cases in fixture.items()})
