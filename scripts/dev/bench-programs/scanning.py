def scan(text):
    digits, spaces, depth, deepest = 0, 0, 0, 0
    for c in text:
        if c >= "0" and c <= "9":
            digits += 1
        elif c == " ":
            spaces += 1
        elif c == "(":
            depth += 1
            if depth > deepest:
                deepest = depth
        elif c == ")":
            depth -= 1
    return [digits, spaces, deepest]

def vowels(text):
    count = 0
    for i in range(len(text)):
        if text[i] in "aeiou":
            count += 1
    return count

text = "let area (width, height) = (width * (height + 12)) / 345 in the end " * 8000
print(" ".join(str(n) for n in scan(text)), vowels(text))
