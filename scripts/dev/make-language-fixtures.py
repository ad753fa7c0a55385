"""Writes Tests/Fixtures/language/python.jsonl: expressions of Bridge beside what CPython gives for the same.

    python3 scripts/dev/make-language-fixtures.py

Each line is [expression, result]: the result as the language writes values, or null where Python raises an error and
the language must raise one too. `LanguageTests` runs every line. Where the language differs from Python on purpose (Ints of
64 bits, no characters from numbers, no final sigma) the case is left out here, with the reason beside it.
"""
import json
import math
import random
import struct
from pathlib import Path

random.seed(20)
cases = {}


def text(value):
    """A string literal that both languages could read, apart from the brace."""
    result = ""
    for character in value:
        code = ord(character)
        if character in "\"\\{":
            result += "\\" + character
        elif character in "\n\t\r":
            result += {"\n": "\\n", "\t": "\\t", "\r": "\\r"}[character]
        elif code < 32 or code == 127:
            result += f"\\x{code:02x}"
        else:
            result += character
    return f'"{result}"'


def written(value):
    """The value as the language writes it."""
    if value is None:
        return "nil"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        return text(value)
    return "[" + ", ".join(written(item) for item in value) + "]"


def source(value):
    """The value as an expression: nan and the infinities have names, and the smallest Int has no literal."""
    if isinstance(value, int) and value == -(2**63):
        return "(-9223372036854775807 - 1)"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(source(item) for item in value) + "]"
    written_value = written(value)
    return f"({written_value})" if written_value.startswith("-") else written_value


def fits(value):
    if isinstance(value, int):
        return -(2**63) <= value < 2**63
    return not isinstance(value, complex)


def case(expression, compute):
    """Adds a case unless the language's Ints cannot hold Python's result."""
    try:
        result = compute()
    except (ValueError, TypeError, ZeroDivisionError, OverflowError, IndexError):
        cases[expression] = None
        return
    if fits(result):
        cases[expression] = written(result)
    elif not isinstance(result, complex):
        cases[expression] = None


INTS = [0, 1, -1, 2, -2, 3, 7, -7, 10, 42, 255, -255, 999, 1000, -1000, 123456, 1234567, -1234567, 2**31, 2**53 + 1,
        2**62, 2**63 - 1, -(2**63)]
FLOATS = [0.0, -0.0, 0.5, -0.5, 1.0, 1.5, 2.5, -2.5, 0.1, 0.3, 1 / 3, 2 / 3, 0.125, 2.675, 1.005, 9.995, 99.95, 12345.678,
          -12345.678, 1e-5, 1e-4, 0.0001234, 123456789.0, 1e15, 1e16, 123456789012345680.0, 1e22, 1e100, -1e-100, 1e300,
          1.7976931348623157e308, 5e-324, 2.2250738585072014e-308, math.inf, -math.inf, math.nan, math.pi, 0.05, 0.95,
          9.5, 99999.95]
STRINGS = ["", "a", "abc", "bridge", "héllo", "日本語", "👍🏽", "e\u0301", "two words", "a,b,c", "{x}", "\n", "tab\there"]


def formats():
    fills = ["", "<8", ">8", "^9", "*<8", "_>10", "é^7", "0=8", "08", "=8", "<08"]
    for value in INTS:
        for specification in ["", "d", "x", "X", "b", "o", "e", "f", "g", "n", "%", ".2f", ".3e", ",", "_", "+", "-",
                              " ", "+d", " d", "+,d", "#x", "#b", "#o", "#X", "_x", "_b", "#_x", "010d", "+010d", "08x",
                              "#010x", ",.2f", "012,", ".3", "s", "5s", "=+8d", "*^+12,d", ",x", "09_d", "0,d", "015,.1f"]:
            case(f'"{{{source(value)}:{specification}}}"', lambda: format(value, specification))
        for fill in fills:
            case(f'"{{{source(value)}:{fill}d}}"', lambda: format(value, fill + "d"))
    for value in FLOATS:
        for specification in ["", "f", "e", "g", "E", "G", "F", "%", ".0f", ".1f", ".2f", ".10f", ".0e", ".3e", ".1g", ".3g",
                              ".6g", ".12g", ".17g", ".0g", ".1%", ".0%", ",", ",.2f", "_.3f", "+", "+.2f", " .2f", "08.2f",
                              "+09.2f", "<10.2f|"[:-1], ">10.2f", "^11.3f", "*^12.1e", ".3", ".1", ".0", ".10", "10", "<12",
                              "012,.2f", "d", "x", "s", "n", "#.0f", "#g", "#.3g", "z.1f", "015,.3f", "0=12.1f", "020,", "_"]:
            case(f'"{{{source(value)}:{specification}}}"', lambda: format(value, specification))
    for value in STRINGS:
        for specification in ["", "s", "5", "<5", ">5", "^5", "*^9s", ".2", ".0s", "10.3s", "d", ".2f", "=5", "05", "+", ",",
                              "-<7", "é>7"]:
            case(f'"{{{text(value)}:{specification}}}"', lambda: format(value, specification))


def arithmetic():
    # Every pair of values with two of the operators.
    operators = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
                 "//": lambda a, b: a // b, "%": lambda a, b: a % b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b,
                 "==": lambda a, b: a == b, "!=": lambda a, b: a != b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b}
    whole = [0, 1, -1, 2, -2, 3, -3, 7, -7, 10, 2**31, 2**53, 2**53 + 1, 2**63 - 1, -(2**63)]
    real = [0.0, -0.0, 0.5, -0.5, 1.0, -1.0, 2.5, -2.5, 3.0, 0.1, -0.1, 1e16, 9007199254740992.0, 9.223372036854776e18,
            1e308, 5e-324, math.inf, -math.inf, math.nan]
    values = whole + real
    for a in values:
        for b in values:
            for name in random.sample(sorted(operators), 2):
                case(f"{source(a)} {name} {source(b)}", lambda: operators[name](a, b))
    for a in [0, 1, -1, 2, -2, 3, 10, -10, 0.5, -0.5, 2.0, -2.0, 0.0, -0.0, math.inf, -math.inf, math.nan, 1e100]:
        for b in [0, 1, -1, 2, -2, 3, 10, 62, 63, 64, 0.5, -0.5, 2.0, 3.0, math.inf, -math.inf, math.nan]:
            def power():
                result = a**b
                if isinstance(result, complex):
                    raise ValueError
                return result
            if a != 1e100 or b < 4:  # too large a result is inf here, as in PyTorch, and an error in Python
                case(f"{source(a)} ** {source(b)}", power)


def numbers():
    for _ in range(250):
        value = struct.unpack("d", struct.pack("Q", random.getrandbits(64)))[0]
        if math.isfinite(value):
            case(f'float("{value!r}")', lambda: value)
            case(f"str({source(value)})", lambda: repr(value))
            specification = f".{random.randrange(18)}{random.choice('eg')}"
            case(f'"{{{source(value)}:{specification}}}"', lambda: format(value, specification))
    for exponent in range(-12, 24):
        for digits in ["1", "1.5", "1.25", "9.999999999999999", "1.2345678901234567"]:
            value = float(f"{digits}e{exponent}")
            case(f"{digits}e{exponent}", lambda: value)
    for value in FLOATS + [k / 8 for k in range(-40, 41)] + [round(random.uniform(-100, 100), 3) for _ in range(60)]:
        case(f"round({source(value)})", lambda: round(value))
        case(f"floor({source(value)})", lambda: math.floor(value))
        case(f"ceil({source(value)})", lambda: math.ceil(value))
        case(f"int({source(value)})", lambda: int(value))
        for digits in [-2, -1, 0, 1, 2, 3, 5]:
            case(f"round({source(value)}, {source(digits)})", lambda: round(value, digits))
    for value in INTS + [5, 15, 25, 35, -5, -15, 44, 45, 55, 1249, 1250, 1350]:
        for digits in [-4, -3, -2, -1, 0, 1, 2]:
            case(f"round({source(value)}, {source(digits)})", lambda: round(value, digits))
    for read in ["42", " 42 ", "-7", "+7", "1_000", "1__0", "_1", "1_", "", " ", "0x10", "1.5", "abc", "９", "٣", "0012",
                 "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "--1",
                 "1 2", "\n3\t", "- 1", "1e3", "nan", "+", "-", "9" * 30]:
        case(f"int({text(read)})", lambda: int(read))
        case(f"float({text(read)})", lambda: float(read))
    for read in ["1.5", " 1.5 ", "1.", ".5", "1e5", "1E5", "1e+5", "1e-5", "1e", "e5", ".", "inf", "-inf", "Infinity", "INF",
                 "nan", "NaN", "-nan", "infinit", "1_0.5", "1._5", "1_.5", "0x1p3", "0x10", "1e400", "-1e400", "1e-400", "1,5",
                 "1.5.2", "+1.5", "- 1.5", "1 .5", "٣.٥", "1e1_0", "nan(1)", "snan"]:
        case(f"float({text(read)})", lambda: float(read))


def slices():
    bounds = [None, 0, 1, 2, 3, 5, 6, -1, -2, -5, -6, 100, -100]
    steps = [None, 1, 2, 3, -1, -2, 7, -7, 0]
    sequence = [10, 11, 12, 13, 14]

    def part(value):
        return "" if value is None else str(value)

    for start in bounds:
        for end in bounds:
            for step in steps:
                chosen = f"{part(start)}:{part(end)}" + ("" if step is None else f":{step}")
                if random.random() < 0.3:
                    case(f"{sequence}[{chosen}]", lambda: sequence[start:end:step])
                elif random.random() < 0.5:
                    case(f'"héllo"[{chosen}]', lambda: "héllo"[start:end:step])
                else:
                    case(f"list((10..15)[{chosen}])", lambda: list(range(10, 15)[start:end:step]))
    for start in [0, 3, -3, 10]:
        for end in [0, 5, -5, 11]:
            for step in [1, 2, -1, -3, 4]:
                case(f"list(range({start}, {end}, {step}))", lambda: list(range(start, end, step)))
                case(f"len(range({start}, {end}, {step}))", lambda: len(range(start, end, step)))
                case(f"list(range({start}, {end}, {step})[1:-1])", lambda: list(range(start, end, step)[1:-1]))
                case(f"list(range({start}, {end}, {step})[::-1])", lambda: list(range(start, end, step)[::-1]))
                case(f"list(range({start}, {end}, {step})[3:0:-2])", lambda: list(range(start, end, step)[3:0:-2]))
                case(f"2 in range({start}, {end}, {step})", lambda: 2 in range(start, end, step))
    for index in [0, 1, 4, 5, -1, -5, -6, 100]:
        case(f"{sequence}[{index}]", lambda: sequence[index])
        case(f'"日本語"[{index}]', lambda: "日本語"[index])


def strings():
    subjects = STRINGS + ["aaa", "abab", "a b  c", "  lead", "trail  ", "\u00a0x\u00a0", "\u3000wide\u3000", "x\ny", "a\r\nb",
                          "ﬁ", "ß", "İ", "\x1cx\x1f", "ab" * 20]
    parts = ["a", "b", "ab", "aa", ",", " ", "é", "語", "\u0301", "\n", "xyz"]
    for subject in subjects:
        name = text(subject)
        case(f"split({name})", lambda: subject.split())
        case(f"trim({name})", lambda: subject.strip())
        case(f"upper({name})", lambda: subject.upper())
        case(f"lower({name})", lambda: subject.lower())
        case(f"len({name})", lambda: len(subject))
        case(f"list({name})", lambda: list(subject))
        case(f"reverse({name})", lambda: subject[::-1])
        for part in parts:
            case(f"split({name}, {text(part)})", lambda: subject.split(part))
            case(f"replace({name}, {text(part)}, \"-+\")", lambda: subject.replace(part, "-+"))
            case(f"find({name}, {text(part)})", lambda: subject.find(part))
            case(f"{text(part)} in {name}", lambda: part in subject)
            case(f"starts_with({name}, {text(part)})", lambda: subject.startswith(part))
            case(f"ends_with({name}, {text(part)})", lambda: subject.endswith(part))
            case(f"{name} < {text(part)}", lambda: subject < part)
            case(f"{name} == {text(part)}", lambda: subject == part)
        case(f'find({name}, "")', lambda: subject.find(""))
        case(f'"" in {name}', lambda: "" in subject)
        case(f'split({name}, "")', lambda: subject.split(""))
        for count in [-1, 0, 1, 3]:
            case(f"{name} * {count}", lambda: subject * count)
    for count in range(4):
        case(f'join({source(["x"] * count)}, ", ")', lambda: ", ".join(["x"] * count))


def lists():
    for _ in range(150):
        kind = random.choice(["int", "float", "mixed", "text", "list"])
        make = {"int": lambda: random.randrange(-5, 6), "float": lambda: random.randrange(-4, 5) / 2,
                "mixed": lambda: random.choice([random.randrange(-3, 4), random.randrange(-3, 4) / 2]),
                "text": lambda: random.choice(["a", "b", "aa", "é", "z", "Z", "", "日"]),
                "list": lambda: [random.randrange(3) for _ in range(random.randrange(3))]}[kind]
        values = [make() for _ in range(random.randrange(9))]
        case(f"sort({source(values)})", lambda: sorted(values))
        case(f"sort({source(values)}, descending: true)", lambda: sorted(values, reverse=True))
        case(f"min({source(values)})", lambda: min(values))
        case(f"max({source(values)})", lambda: max(values))
        case(f"reverse({source(values)})", lambda: values[::-1])
        if kind in ("int", "float", "mixed"):
            case(f"sum({source(values)})", lambda: sum(values))
        if kind in ("text", "list"):
            case(f"sort({source(values)}, by: len)", lambda: sorted(values, key=len))
            case(f"sort({source(values)}, by: len, descending: true)", lambda: sorted(values, key=len, reverse=True))
            case(f"max({source(values)}, by: len)", lambda: max(values, key=len))
        seen = []
        for value in values:
            if value not in seen:
                seen.append(value)
        case(f"unique({source(values)})", lambda: seen)
        other = [make() for _ in range(random.randrange(4))]
        case(f"{source(values)} + {source(other)}", lambda: values + other)
        case(f"{source(values)} < {source(other)}", lambda: values < other)
        case(f"{source(values)} == {source(other)}", lambda: values == other)
        case(f"zip({source(values)}, {source(other)})", lambda: [list(pair) for pair in zip(values, other)])
        count = random.randrange(-1, 4)
        case(f"{source(values)} * {count}", lambda: values * count)


def precedence():
    names = {"a": 7, "b": 2, "c": 3}
    operators = ["+", "-", "*", "/", "//", "%", "**", "<", "<=", "==", "!=", ">", ">="]
    for first in operators:
        for second in operators:
            expression = f"7 {first} 2 {second} 3"
            try:
                result = eval(expression)
            except (TypeError, ZeroDivisionError):
                continue
            case(expression, lambda: result)
            case(f"-{expression}", lambda: eval(f"-{expression}"))
            case(f"7 {first} -2 {second} 3", lambda: eval(f"7 {first} -2 {second} 3"))
    for first in ["and", "or"]:
        for second in ["and", "or"]:
            for a in ["true", "false"]:
                for b in ["true", "false"]:
                    for c in ["true", "false"]:
                        for negation in ["", "not "]:
                            expression = f"{negation}{a} {first} {b} {second} {negation}{c}"
                            python = expression.replace("true", "True").replace("false", "False")
                            case(expression, lambda: eval(python))
    for expression in ["not 1 == 2", "not 1 in [1]", "1 not in [2]", "1 < 2 == 2", "1 in [1] == true", "2 ** 3 ** 2",
                       "-2 ** 2", "2 ** -1", "(-2) ** 2", "- -3", "--3", "-+3", "not not true", "1 - 1 - 1", "2 ** -2 ** 2",
                       "8 / 2 / 2", "7 // 2 * 2", "7 % 4 % 2", "1 < 3 > 2", "1 == 1 != 2", "3 > 2 > 1", "1 + 2 in [3]",
                       "[1, 2] + [3] == [1, 2, 3]", "-2 % 3", "-7 // 2", "2 * -3", "2 - -3"]:
        python = expression.replace("true", "True").replace("false", "False")
        case(expression, lambda: eval(python))


for group in [formats, arithmetic, numbers, slices, strings, lists, precedence]:
    before = len(cases)
    group()
    print(f"{group.__name__}: {len(cases) - before}")

kept = random.sample(sorted(cases), 8000)
path = Path(__file__).resolve().parents[2] / "Tests/Fixtures/language/python.jsonl"
path.parent.mkdir(parents=True, exist_ok=True)
path.write_text("".join(json.dumps([key, cases[key]], ensure_ascii=False) + "\n" for key in sorted(kept)), "utf-8")
print(f"{len(kept)} of {len(cases)} cases, {path.stat().st_size} bytes")
