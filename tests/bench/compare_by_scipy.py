"""The figures of compare_bench with SciPy and NumPy, case by case: test, ratio, interval; then the bootstrap.

Usage: compare_by_scipy.py values.csv CASES BOOTSTRAP_CASES: seconds for so many cases of each kind, on one line.
"""
import csv
import sys
import time

import numpy as np
from scipy import stats


def read(path, cases):
    """The first cases of the file: for each the values of A and of B."""
    sides = {}
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            case = int(row["case"])
            if case >= cases:
                break
            sides.setdefault(case, {"A": [], "B": []})[row["db"]].append(float(row["value"]))
    return [(np.array(s["A"]), np.array(s["B"])) for s in sides.values()]


def describe(a, b):
    p = stats.mannwhitneyu(b, a, method="exact").pvalue
    differences = np.sort(np.subtract.outer(np.log(b), np.log(a)), axis=None)
    n, m = len(a), len(b)
    deviation = np.sqrt(n * m * (n + m + 1) / 12)
    k = max(1, int(np.floor(n * m / 2 - stats.norm.ppf(0.975) * deviation + 0.5)))
    ratio = np.exp(np.median(differences))
    return p, ratio, np.exp(differences[k - 1]), np.exp(differences[n * m - k])


def bootstrap(a, b):
    return stats.bootstrap((a, b), lambda x, y, axis: np.median(y, axis=axis) / np.median(x, axis=axis),
                           n_resamples=10000, method="percentile", vectorized=True, axis=-1,
                           random_state=20180605).confidence_interval


def main():
    few, fewer = int(sys.argv[2]), int(sys.argv[3])
    data = read(sys.argv[1], max(few, fewer))
    describe(*data[0])  # what is worked out once is not counted
    begin = time.perf_counter()
    found = [describe(a, b) for a, b in data[:few]]
    middle = time.perf_counter()
    for a, b in data[:fewer]:
        bootstrap(a, b)
    end = time.perf_counter()
    stats.false_discovery_control([p for p, *_ in found])
    print(f"{middle - begin:.4f} {end - middle:.4f}")


main()
