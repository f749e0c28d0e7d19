"""Two samples, or two shares, compared: what the references of several questions use.

The tests are SciPy's. Intervals that SciPy does not have are written from their definition: all differences are written
down and sorted, all orders counted.
"""

import math
from functools import lru_cache

import numpy
from scipy import stats

from oracle import mean_stats


def mann_whitney(first, second):
    """U of the first sample and the two-sided p-value; none where all values are the same."""
    if not first or not second or len({*first, *second}) == 1:
        return None, None
    tied = len({*first, *second}) < len(first) + len(second)
    exact = not tied and len(first) <= 20 and len(second) <= 20
    found = stats.mannwhitneyu(first, second, method="exact" if exact else "asymptotic")
    return float(found.statistic), float(found.pvalue)


@lru_cache(maxsize=None)
def orders(n, m, u):
    """In how many orders of n and m values U is u: the largest value is of one sample or of the other."""
    if u < 0:
        return 0
    if n == 0 or m == 0:
        return int(u == 0)
    return orders(n - 1, m, u - m) + orders(n, m - 1, u)


def hodges_lehmann(first, second, confidence):
    """The median of all differences, second less first, and the two of them that enclose it by Moses' interval."""
    differences = sorted(b - a for a in first for b in second)
    n, m, alpha = len(first), len(second), (1 - confidence) / 2
    if n <= 20 and m <= 20:
        place, total = 0, 0
        while True:
            total += orders(n, m, place)
            if total / math.comb(n + m, n) > alpha:
                break
            place += 1
    else:
        spread = float(stats.norm.ppf(1 - alpha)) * math.sqrt(n * m * (n + m + 1) / 12)
        place = math.floor(max(n * m / 2 - spread, 0))
    low, high = (differences[place - 1], differences[-place]) if place > 0 else (None, None)
    return float(numpy.median(differences)), low, high


def welch(first, second, confidence):
    """The difference of means, second less first, its interval and p-value by Welch's t."""
    (n, a, deviation_a, *_), (m, b, deviation_b, *_) = mean_stats(first, confidence), mean_stats(second, confidence)
    if n < 2 or m < 2 or deviation_a == deviation_b == 0:
        return b - a, None, None, None
    variances = deviation_a**2 / n, deviation_b**2 / m
    freedom = sum(variances) ** 2 / (variances[0] ** 2 / (n - 1) + variances[1] ** 2 / (m - 1))
    half = float(stats.t.ppf((1 + confidence) / 2, freedom)) * math.sqrt(sum(variances))
    p = float(stats.ttest_ind_from_stats(a, deviation_a, n, b, deviation_b, m, equal_var=False).pvalue)
    return b - a, b - a - half, b - a + half, p


def share_difference(first, second):
    """The second share less the first: Newcombe's interval, the z test or Fisher's, Cohen's h."""
    if not first["of"] or not second["of"]:
        return {"difference": None, "low": None, "high": None, "z": None, "p_value": None, "test": None,
                "cohen_h": None}
    a, b = first["share"], second["share"]
    below = math.hypot(b - second["low"], first["high"] - a)
    above = math.hypot(second["high"] - b, a - first["low"])
    table = [[side["n"], side["of"] - side["n"]] for side in (first, second)]
    pooled = (first["n"] + second["n"]) / (first["of"] + second["of"])
    z = None
    if 0 < pooled < 1:
        z = (b - a) / math.sqrt(pooled * (1 - pooled) * (1 / first["of"] + 1 / second["of"]))
    expected = [side["of"] * part for side in (first, second) for part in (pooled, 1 - pooled)]
    small = z is None or min(sum(table, []) + expected) < 5
    p = float(stats.fisher_exact(table).pvalue) if small else 2 * float(stats.norm.sf(abs(z)))
    return {"difference": b - a, "low": b - a - below, "high": b - a + above, "z": z, "p_value": p,
            "test": "fisher_exact" if small else "z",
            "cohen_h": 2 * math.asin(math.sqrt(b)) - 2 * math.asin(math.sqrt(a))}


def judge(rows, false_discovery_rate):
    """Adds to each row with a p-value the one adjusted by Benjamini and Hochberg, and whether that is small enough."""
    tested = [row for row in rows if row["p_value"] is not None]
    adjusted = stats.false_discovery_control([row["p_value"] for row in tested]) if tested else []
    for row in rows:
        row["p_adjusted"] = row["significant"] = None
    for row, p in zip(tested, adjusted):
        row["p_adjusted"], row["significant"] = float(p), bool(p <= false_discovery_rate)
