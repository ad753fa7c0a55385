def build(n):
    state = 42
    xs = []
    for i in range(n):
        state = (state * 1103515245 + 12345) % 2147483648
        xs.append(state)
    return xs

def check(xs):
    total = 0
    for i, x in enumerate(xs):
        total = (total + x * (i % 10)) % 1000003
    return total

xs = build(200000)
print(check(sorted(xs)))
print(check(sorted(xs, key=lambda x: -x)))
