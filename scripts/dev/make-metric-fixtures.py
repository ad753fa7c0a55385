"""Writes Tests/Fixtures/metrics.json: metrics of counts from scipy, for MetricsTests to compare with.

Run from the repository's root with a Python that has scipy and numpy.
"""

import itertools
import json
from collections import Counter

import numpy as np
from scipy.stats import hypergeom


def pass_at_k(n, c, k):
    """The estimator as printed in Chen et al. (2021), figure 3."""
    if n - c < k:
        return 1.0
    return float(1.0 - np.prod(1.0 - k / np.arange(n - c + 1, n + 1)))


def g_pass(n, c, k, m):
    return float(hypergeom.sf(m - 1, n, c, k))


def mg_pass(n, c, k):
    """As in the reference implementation of G-Pass@k, with integer thresholds."""
    low = int(np.ceil(k * 0.5))
    return float(2 * sum(g_pass(n, c, k, i) for i in range(low + 1, k + 1)) / k)


def majority(answers, correct, k):
    """Over all subsets, ties broken evenly; None does not vote."""
    total, count = 0.0, 0
    for subset in itertools.combinations(answers, k):
        votes = Counter(a for a in subset if a is not None)
        count += 1
        if votes:
            top = max(votes.values())
            best = [a for a, v in votes.items() if v == top]
            total += sum(a in correct for a in best) / len(best)
    return total / count


def main():
    random = np.random.default_rng(7)
    counts = []
    shapes = [(n, c, k) for n in (1, 2, 5, 8, 16) for c in range(n + 1) for k in range(1, n + 1)]
    shapes += [(10_000, c, k) for c in (1, 37, 2_500, 9_990) for k in (1, 8, 100, 5_000)]
    for n, c, k in shapes:
        ms = sorted({1, (k + 1) // 2, k})
        counts.append({
            "n": n, "c": c, "k": k, "pass": pass_at_k(n, c, k),
            "gpass": [[m, g_pass(n, c, k, m)] for m in ms],
            "mgpass": mg_pass(n, c, k) if n <= 100 else None,
        })
    votes = []
    for _ in range(60):
        n = int(random.integers(1, 10))
        answers = [None if random.random() < 0.15 else "abcd"[int(random.integers(0, 4))] for _ in range(n)]
        k = int(random.integers(1, n + 1))
        correct = ["a", "d"] if random.random() < 0.3 else ["a"]
        votes.append({"answers": answers, "correct": correct, "k": k, "value": majority(answers, correct, k)})
    with open("Tests/Fixtures/metrics.json", "w") as file:
        json.dump({"counts": counts, "majority": votes}, file, separators=(",", ":"))
        file.write("\n")


main()
