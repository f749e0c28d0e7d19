"""Shared by all peers: where the data is, what the tasks have in common, the exact Markov solve, results to compare."""
import hashlib, os
from pathlib import Path

import numpy as np

DATA = Path(os.environ.get("BENCH_DATA", "."))
FUNNEL = ["search_ad_click", "product_view", "add_to_cart", "checkout_start", "purchase"]
WINDOW_US = 7 * 86_400 * 1_000_000
PURCHASE = "purchase"
DEPTH = 20
T0_MS = 1_735_689_600_000          # 2025-01-01, keeps timestamp sums inside 64 bits
QS = (0.5, 0.9, 0.95)
PIPE = ["T2", "T3", "T4", "T5", "T6", "T7", "T8"]


def path(size, ext="parquet"):
    return str(DATA / f"events_{size}.{ext}")


def markov(pairs):
    """pairs: {(from, to): n} over channels plus '(start)', '(conv)', '(null)' -> rows [channel, removal effect, credit]

    Removal effect of c: 1 - P(conv | every transition into c goes to (null)) / P(conv); credit shares the conversions
    in proportion to the removal effects. Exact: one small linear solve per channel.
    """
    chans = sorted({a for a, _ in pairs} - {"(start)"})
    idx = {c: i + 1 for i, c in enumerate(chans)}
    idx["(start)"], n = 0, len(chans) + 1
    Q, r = np.zeros((n, n)), np.zeros(n)
    tot = np.zeros(n)
    conv = 0
    for (a, b), k in pairs.items():
        tot[idx[a]] += k
        if b == "(conv)":
            r[idx[a]] += k
            conv += k
        elif b != "(null)":
            Q[idx[a], idx[b]] += k
    Q, r = Q / tot[:, None], r / tot
    p = np.linalg.solve(np.eye(n) - Q, r)[0]
    re = []
    for c in chans:
        Qc = Q.copy()
        Qc[:, idx[c]] = 0.0
        re.append(1 - np.linalg.solve(np.eye(n) - Qc, r)[0] / p)
    s = sum(re)
    return [[c, e, e / s * conv] for c, e in zip(chans, re)], int(conv)


def variants_canon(paths, counts):
    """paths: iterable of '>'-joined strings"""
    rows = sorted(f"{p}\t{int(c)}" for p, c in zip(paths, counts))
    top = sorted(zip(map(int, counts), paths), key=lambda x: (-x[0], x[1]))[:10]
    return {"n_variants": len(rows), "cases": int(sum(int(c) for c in counts)),
            "sha1": hashlib.sha1("\n".join(rows).encode()).hexdigest(), "top": [[p, c] for c, p in top]}


def canonical(task, got):
    """what journey writes, in the shape of the peers: it leaves the digest of the variants, and the order of rows, to this"""
    if task in ("T9", "T11"):
        return {t: canonical(t, g) for t, g in got.items()}
    if isinstance(got, dict) and "paths" in got:
        return variants_canon(*zip(*got["paths"]))
    if isinstance(got, dict):
        return {k: canonical(task, v) for k, v in got.items()}
    return sorted(got) if isinstance(got, list) else got


def project(task, ref, got):
    """cut the reference down to the part that a partial peer produces"""
    if isinstance(got, dict) and got.get("part") == "counts":
        return {"counts": [[a, b, n] for a, b, n, *_ in ref]}
    if isinstance(got, dict) and got.get("part") == "median,p95":
        return {"tr": [[a, b, md, p95] for a, b, _, _, md, _, p95 in ref["tr"]]}
    if isinstance(got, dict) and got.get("part") == "removal":
        return {"rows": [[c, re] for c, re, _ in ref["rows"]]}
    if task in ("T9", "T11"):
        return {t: project(t, ref[t], g) for t, g in got.items()}
    return ref


def compare(a, b, path=""):
    """-> (exact parts equal, largest relative and absolute float difference, first difference)"""
    if isinstance(a, float) or isinstance(b, float):
        if a is None or b is None:
            return False, 0.0, 0.0, f"{path}: {a} vs {b}"
        d = abs(a - b)
        return True, (0.0 if d < 1e-9 else d / max(abs(a), abs(b), 1e-9)), d, ""
    if isinstance(a, dict) and isinstance(b, dict):
        items = [(a[k], b[k], f"{path}/{k}") for k in sorted(set(a) & set(b))]
    elif isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        if len(a) != len(b):
            return False, 0.0, 0.0, f"{path}: {len(a)} vs {len(b)} rows"
        items = [(x, y, f"{path}[{i}]") for i, (x, y) in enumerate(zip(a, b))]
    else:
        return a == b, 0.0, 0.0, "" if a == b else f"{path}: {str(a)[:60]!r} vs {str(b)[:60]!r}"
    ok, m, ab, w = True, 0.0, 0.0, ""
    for x, y, q in items:
        o, d, e, ww = compare(x, y, q)
        ok, m, ab, w = ok and o, max(m, d), max(ab, e), w or ww
    return ok, m, ab, w
