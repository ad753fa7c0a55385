def adder(n):
    return lambda x: x + n

def compose(f, g):
    return lambda x: f(g(x))

def run(n):
    total = 0
    for i in range(n):
        f = compose(adder(i), adder(1))
        total += f(i) % 10
    return total

print(run(200000))
print(sum(map(lambda x: x * 2, filter(lambda x: x % 3 == 0, range(200000)))))
