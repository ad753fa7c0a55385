from math import sqrt

def a(i, j):
    return 1.0 / ((i + j) * (i + j + 1) / 2 + i + 1)

def times(v):
    n = len(v)
    return [sum([a(i, j) * v[j] for j in range(n)]) for i in range(n)]

def times_transposed(v):
    n = len(v)
    return [sum([a(j, i) * v[j] for j in range(n)]) for i in range(n)]

u = [1.0] * 120
v = u
for i in range(6):
    v = times_transposed(times(u))
    u = times_transposed(times(v))
product = sum([x * y for x, y in zip(u, v)])
print(f"{sqrt(product / sum([x * x for x in v])):.9f}")
