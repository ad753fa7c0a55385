def check(x):
    if x % 10 == 7:
        raise ValueError("seven")
    return x

def run(n):
    good, bad = 0, 0
    for i in range(n):
        try:
            good += check(i) % 3
        except ValueError as problem:
            bad += len(problem.args[0])
    return [good, bad]

print(" ".join(str(n) for n in run(300000)))
