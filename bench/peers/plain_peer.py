"""The definitions, in plain Python with no cleverness, from CSV: the referee for what the others find."""
import csv
from collections import Counter, defaultdict
from datetime import datetime, timezone

import numpy as np

import common as C

VERSION = "plain python"


def micros(text):
    at = datetime.fromisoformat(text).replace(tzinfo=timezone.utc) - datetime(1970, 1, 1, tzinfo=timezone.utc)
    return (at.days * 86_400 + at.seconds) * 1_000_000 + at.microseconds


def load(size):
    cases = defaultdict(list)
    with open(C.path(size, "csv"), newline="") as f:
        for i, row in enumerate(csv.DictReader(f)):
            number = lambda name: float(row[name]) if row[name] else None
            cases[row["customer_id"]].append((micros(row["timestamp"]), i, row["touchpoint"], row["channel"],
                                              row["segment"], number("sentiment"), number("value")))
    for v in cases.values():
        v.sort(key=lambda e: e[:2])                       # by time, ties in row order
    return dict(cases)


def pairs(d):
    for v in d.values():
        for a, b in zip(v, v[1:]):
            yield a, b


def stats(groups, qs):
    return sorted([*k, len(x), float(np.mean(x)) / 1e6, *[float(q) / 1e6 for q in np.quantile(x, qs)]] for k, x in groups.items())


def dwell(d, key):
    g = defaultdict(list)
    for a, b in pairs(d):
        g[key(a, b)].append(b[0] - a[0])
    return g


def t2(d): return stats(dwell(d, lambda a, b: (a[2], b[2])), [0.5])


def t3(d):
    c = Counter(">".join(e[2] for e in v) for v in d.values())
    return C.variants_canon(list(c), list(c.values()))


def t4(d, window=C.WINDOW_US):
    out = defaultdict(lambda: [0] * 5)
    for v in d.values():
        level, t0, key = 0, None, None
        for ts, _, tp, ch, sg, *_ in v:
            if level == 0:
                if tp == C.FUNNEL[0]:
                    level, t0, key = 1, ts, (ch, sg)
            elif level < 5 and tp == C.FUNNEL[level] and ts - t0 <= window:
                level += 1
        for i in range(level):
            out[key][i] += 1
    return sorted([*k, *n] for k, n in out.items())


def t5(d):
    return {"tr": stats(dwell(d, lambda a, b: (a[2], b[2])), C.QS), "tp": stats(dwell(d, lambda a, b: (a[2],)), C.QS)}


def t6(d):
    p = Counter()
    for v in d.values():
        path, end = [], "(null)"
        for e in v:
            if e[2] == C.PURCHASE:
                end = "(conv)"
                break
            path.append(e[3])
        if path:
            p.update(zip(["(start)", *path], [*path, end]))
    r = C.markov(p)
    return {"rows": r[0], "conversions": r[1]}


def t7(d):
    tp, tr = defaultdict(list), defaultdict(list)
    for v in d.values():
        for e in v:
            if e[5] is not None:
                tp[e[2]].append(e[5])
    for a, b in pairs(d):
        if a[5] is not None and b[5] is not None:
            tr[a[2], b[2]].append(b[5] - a[5])
    return {"tp": sorted([k, len(x), sum(x) / len(x)] for k, x in tp.items()), "tr": sorted([*k, len(x), sum(x) / len(x)] for k, x in tr.items())}


def t8(d):
    c = Counter((i, e[2]) for v in d.values() for i, e in enumerate(v[:C.DEPTH], 1))
    return sorted([*k, n] for k, n in c.items())


TASKS = dict(T1csv=load, T2=t2, T3=t3, T4=t4, T5=t5, T6=t6, T7=t7, T8=t8, T9=lambda s: (lambda d: {t: TASKS[t](d) for t in C.PIPE})(load(s)))
SETUP = load


def canon(task, r):
    if task != "T1csv":
        return r
    events = [e for v in r.values() for e in v]
    scores = [e[5] for e in events if e[5] is not None]
    return dict(n=len(events), cases=len(r), ts=sum(e[0] // 1000 - C.T0_MS for e in events), sent_n=len(scores),
                sent=sum(scores), value=sum(e[6] for e in events if e[6] is not None))
