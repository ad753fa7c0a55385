def build(n):
    text = ""
    for i in range(n):
        text += f"{i % 1000},"
        if i % 3 == 0:
            text = text + "x"
    return text

def lines(n):
    return "\n".join([f"line {i}: {i * i}" for i in range(n)])

print(len(build(300000)))
print(len(lines(100000)))
