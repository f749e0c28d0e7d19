"""The references of `compare`, `compare_groups` and `segments`, and the cases of all three.

Two samples are compared by SciPy's tests; what SciPy has only approximately or not at all is worked out in whole numbers
(Fisher's exact test, the exact distribution of U) or the long way (all pairwise differences, a linear programme for the
earth mover's distance).
"""

import math
from collections import Counter
from fractions import Fraction
from functools import lru_cache
from itertools import chain

import numpy
from builders import CASES, EMPTY, ONE, TWO, case, paths, rows
from oracle import began, observed_until, cut, mean_stats, paths_of, question, share, time_stats, utf8, variant_counts
from questions.bottlenecks import reached
from scipy import optimize, stats

MOST_STEPS = 10_000
LENGTHS = {"1d": 86400}

# ---------------------------------------------------------------------------------------------- two proportions


@lru_cache(maxsize=None)
def fisher(n_a, of_a, n_b, of_b):
    """The two-sided p-value, in whole numbers of any size."""
    ways = [math.comb(of_a, x) * math.comb(of_b, n_a + n_b - x) for x in range(n_a + n_b + 1)]
    return float(Fraction(sum(way for way in ways if way <= ways[n_a]), sum(ways)))


def share_difference(a, b):
    """How far the second share lies above the first: Newcombe's interval, z or Fisher, Cohen's h."""
    nothing = dict.fromkeys(("difference", "low", "high", "z", "p_value", "test", "cohen_h"))
    if a["of"] == 0 or b["of"] == 0:
        return nothing
    n, of = a["n"] + b["n"], a["of"] + b["of"]
    expected = [side["of"] * part / of for side in (a, b) for part in (n, of - n)]
    cells = [a["n"], a["of"] - a["n"], b["n"], b["of"] - b["n"]]
    p = n / of
    difference = b["share"] - a["share"]
    z = difference / math.sqrt(p * (1 - p) * (1 / a["of"] + 1 / b["of"])) if 0 < n < of else None
    exact = z is None or min(cells + expected) < 5
    return {
        "difference": difference,
        "low": difference - math.hypot(b["share"] - b["low"], a["high"] - a["share"]),
        "high": difference + math.hypot(b["high"] - b["share"], a["share"] - a["low"]),
        "z": z,
        "p_value": fisher(a["n"], a["of"], b["n"], b["of"]) if exact else float(2 * stats.norm.sf(abs(z))),
        "test": "fisher_exact" if exact else "z",
        "cohen_h": 2 * math.asin(math.sqrt(b["share"])) - 2 * math.asin(math.sqrt(a["share"])),
    }


def homogeneity(table):
    """Pearson's chi-squared test that the rows (with, without) have the same share."""
    table = [row for row in table if sum(row)]
    if len(table) < 2 or 0 in [sum(column) for column in zip(*table)]:
        return None
    return float(stats.chi2_contingency(table, correction=False).pvalue)


# -------------------------------------------------------------------------------------------------- two samples

@lru_cache(maxsize=None)
def orders(n, m, u):
    """In how many orders of two samples without ties U is `u`: the last value is of the one or of the other."""
    if u < 0:
        return 0
    if n == 0 or m == 0:
        return int(u == 0)
    return orders(n - 1, m, u - m) + orders(n, m - 1, u)


def shift(a, b, confidence):
    """Hodges and Lehmann's shift from a to b with Moses' interval: all differences, written down and sorted."""
    n, m = len(a), len(b)
    differences = sorted(y - x for x in a for y in b)
    alpha = (1 - confidence) / 2
    if n <= 20 and m <= 20:
        # Compared as floats: 0.025 is no fraction that a sum could meet exactly.
        total, sum_so_far, place = math.comb(n + m, n), 0, 0
        for u in range(n * m + 1):
            sum_so_far += orders(n, m, u)
            if sum_so_far / total > alpha:
                break
            place = u + 1
    else:
        place = math.floor(n * m / 2 - stats.norm.ppf(1 - alpha) * math.sqrt(n * m * (n + m + 1) / 12))
    interval = (differences[place - 1], differences[n * m - place]) if place > 0 else None
    return middle(differences), interval


def middle(values):
    values = sorted(values)
    return (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2


def ranks_difference(a, b, confidence):
    """Medians, the shift, the Mann-Whitney test and the rank-biserial correlation."""
    estimate, interval = shift(a, b, confidence)
    greater = sum(y > x for x in a for y in b) - sum(y < x for x in a for y in b)
    p = None
    if len(set(a) | set(b)) > 1:
        exact = len(set(a) | set(b)) == len(a) + len(b) and max(len(a), len(b)) <= 20
        p = float(stats.mannwhitneyu([float(x) for x in a], [float(x) for x in b],
                                     method="exact" if exact else "asymptotic").pvalue)
    return {"a": middle(a), "b": middle(b), "difference": estimate, "low": interval and interval[0],
            "high": interval and interval[1], "test": "mann_whitney" if p is not None else None, "p_value": p,
            "effect": greater / (len(a) * len(b)), "effect_kind": "rank_biserial"}


def means_difference(a, b, confidence):
    """Welch's test and interval, Hedges' g."""
    (n, mean_a, sd_a, _, _), (m, mean_b, sd_b, _, _) = mean_stats(a, confidence), mean_stats(b, confidence)
    out = {"a": mean_a, "b": mean_b, "difference": mean_b - mean_a, "low": None, "high": None, "test": None,
           "p_value": None, "effect": 0.0 if mean_a == mean_b else None, "effect_kind": "hedges_g"}
    squares = (n - 1) * (sd_a or 0) ** 2 + (m - 1) * (sd_b or 0) ** 2
    if squares > 0 and mean_a != mean_b:
        out["effect"] = (mean_b - mean_a) / math.sqrt(squares / (n + m - 2)) * (1 - 3 / (4 * (n + m) - 9))
    if n > 1 and m > 1 and squares > 0:
        welch = stats.ttest_ind(b, a, equal_var=False)
        interval = welch.confidence_interval(confidence)
        out |= {"low": float(interval.low), "high": float(interval.high), "test": "welch",
                "p_value": float(welch.pvalue)}
    return out


def on_scale_of_d(finding):
    effect = finding["effect"]
    if effect is None or finding["effect_kind"] in ("cohen_h", "hedges_g"):
        return effect
    if finding["effect_kind"] == "earth_movers_distance":
        return None
    most = 1 - 1 / (finding["a_n"] * finding["b_n"])
    return math.sqrt(2) * float(stats.norm.ppf((1 + max(-most, min(most, effect))) / 2)) + 0.0


# ------------------------------------------------------------------------------------------------- mix of variants

@lru_cache(maxsize=None)
def edits(a, b):
    """The edit distance of two paths."""
    if not a or not b:
        return len(a) + len(b)
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        above, row = row, [i]
        for j, y in enumerate(b, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (x != y)))
    return row[-1]


def most_frequent(log, most):
    """The most frequent variants, as long as they are not more than `most` and their steps not too many."""
    kept, steps = [], 0
    for path, count in variant_counts(log)[:most]:
        steps += len(path)
        if steps > MOST_STEPS:
            break
        kept.append((path, count))
    return kept


def earth_mover(a, b):
    """The least that must be moved, times how far: a linear programme."""
    if not a or not b:
        return None
    (n, m), costs = (len(a), len(b)), [edits(x, y) / max(len(x), len(y)) for x, _ in a for y, _ in b]
    total_a, total_b = sum(count for _, count in a), sum(count for _, count in b)
    if dict(a) == dict(b) or {p: Fraction(c, total_a) for p, c in a} == {p: Fraction(c, total_b) for p, c in b}:
        return 0.0
    sums = numpy.zeros((n + m, n * m))
    for i in range(n):
        for j in range(m):
            sums[i, i * m + j] = sums[n + j, i * m + j] = 1
    amounts = [count * total_b for _, count in a] + [count * total_a for _, count in b]
    found = optimize.linprog(costs, A_eq=sums, b_eq=amounts, method="highs")
    # The corners of the programme are whole numbers.
    moved = [round(x) for x in found.x]
    return math.fsum(x * cost for x, cost in zip(moved, costs)) / (total_a * total_b)


def variant_test(log_a, log_b):
    """Chi-squared over the variants; those of which fewer than 5 are expected on a side are pooled."""
    a, b = Counter(paths_of(log_a)), Counter(paths_of(log_b))
    n, m = len(log_a), len(log_b)
    order = sorted(a.keys() | b.keys(), key=lambda path: (-a[path] - b[path], [utf8(name) for name in path]))
    kept, pool = [], [0, 0]
    for path in order:
        both = a[path] + b[path]
        if both * min(n, m) / (n + m) >= 5:
            kept.append([a[path], b[path]])
        else:
            pool = [pool[0] + a[path], pool[1] + b[path]]
    if sum(pool) and sum(pool) * min(n, m) / (n + m) < 5 and kept:
        kept[-1] = [kept[-1][0] + pool[0], kept[-1][1] + pool[1]]
        pool = [0, 0]
    return homogeneity([*kept, pool])


# --------------------------------------------------------------------------------------------------------- compare

def without_open(log, inactive_after):
    """The journeys that are finished, and how many are not."""
    if inactive_after is None or not log:
        return log, 0
    end = observed_until(log)
    until = end - LENGTHS.get(inactive_after, inactive_after) * 10**6
    finished = {id: events for id, events in log.items() if events[-1].time <= until}
    return finished, len(log) - len(finished)


def group_of(events, attribute):
    return next((event.attributes[attribute] for event in events if event.attributes[attribute] is not None), None)


def mean(values):
    values = list(values)
    return Fraction(sum(Fraction(value) for value in values), len(values)) if values else None


def scores_of(log, touchpoint=None):
    """For each journey the mean of its scores, of all or of those at a touchpoint."""
    means = [mean(event.score for event in events
                  if event.score is not None and touchpoint in (None, event.touchpoint)) for events in log.values()]
    return [float(value) for value in means if value is not None]


def times_of(log, source, target):
    """For each journey that takes a transition the mean of its times, in seconds."""
    means = [mean(Fraction(b.time - a.time, 10**6) for a, b in zip(events, events[1:])
                  if (a.touchpoint, b.touchpoint) == (source, target)) for events in log.values()]
    return [value for value in means if value is not None]


def takes(path, source, target):
    if source is None:
        return path[0] == target
    if target is None:
        return path[-1] == source
    return (source, target) in zip(path, path[1:])


KINDS = ["conversion", "step_reach", "step_conversion", "visit", "transition", "throughput_time", "transition_time",
         "events_per_journey", "score", "touchpoint_score", "variant_mix"]


def comparison(name_a, log_a, open_a, name_b, log_b, open_b, shared, words, conversion=(), steps=(), transitions=50,
               variants=100, min_n=10, limit=None, false_discovery_rate=0.05, confidence=0.95):
    logs = (log_a, log_b)
    both = [paths_of(log) for log in logs]
    findings, small = [], [0]

    def add(kind, figures, n, touchpoint=None, source=None, target=None, **more):
        if min(n) < min_n or min(n) == 0:
            small[0] += 1
            return
        findings.append({"kind": kind, "touchpoint": touchpoint, "source": source, "target": target,
                         "a_n": n[0], "b_n": n[1], "a_share": None, "b_share": None, **figures(), **more})

    def shares(kind, counts, of, **place):
        def figures():
            a, b = (share(n, size, confidence) for n, size in zip(counts, of))
            found = share_difference(a, b)
            return {"a": a["share"], "b": b["share"], "a_share": a, "b_share": b, "difference": found["difference"],
                    "low": found["low"], "high": found["high"], "test": found["test"], "p_value": found["p_value"],
                    "effect": found["cohen_h"], "effect_kind": "cohen_h"}
        add(kind, figures, of, **place)

    def ranked(kind, samples, **place):
        add(kind, lambda: ranks_difference(*samples, confidence), [len(sample) for sample in samples], **place)

    def means(kind, samples, **place):
        add(kind, lambda: means_difference(*samples, confidence), [len(sample) for sample in samples], **place)

    sizes = [len(log) for log in logs]
    if conversion:
        shares("conversion", [sum(any(name in path for name in conversion) for path in side) for side in both], sizes)
    for k in range(1, len(steps)):
        got, before = ([sum(reached(path, steps) >= level for path in side) for side in both] for level in (k + 1, k))
        shares("step_reach", got, sizes, touchpoint=steps[k])
        shares("step_conversion", got, before, source=steps[k - 1], target=steps[k])
    names = sorted({name for path in chain(*both) for name in path}, key=utf8)
    for name in names:
        if list(conversion) == [name]:
            continue  # compared as conversion
        shares("visit", [sum(name in path for path in side) for side in both], sizes, touchpoint=name)
    taken = Counter(way for path in chain(*both) for way in {(None, path[0]), (path[-1], None), *zip(path, path[1:])})
    ways = sorted(taken, key=lambda way: (-taken[way], utf8(way[0]), utf8(way[1])))
    for source, target in ways[:transitions]:
        of = [sum(source is None or source in path for path in side) for side in both]
        shares("transition", [sum(takes(path, source, target) for path in side) for side in both], of, source=source,
               target=target)
        if source is not None and target is not None:
            ranked("transition_time", [times_of(log, source, target) for log in logs], source=source, target=target)
    ranked("throughput_time", [[Fraction(events[-1].time - began(events), 10**6) for events in log.values()]
                               for log in logs])
    ranked("events_per_journey", [[len(path) for path in side] for side in both])
    if any(event.score is not None for log in logs for events in log.values() for event in events):
        means("score", [scores_of(log) for log in logs])
        for name in names:
            samples = [scores_of(log, name) for log in logs]
            if any(samples):
                means("touchpoint_score", samples, touchpoint=name)
    kept = [most_frequent(log, variants) for log in logs]
    distance = earth_mover(*kept)
    told = distance is not None or min(sizes) < max(min_n, 1)

    def mix():
        p = variant_test(*logs)
        return {"a": None, "b": None, "difference": distance, "low": None, "high": None,
                "test": "chi_squared" if p is not None else None, "p_value": p, "effect": distance,
                "effect_kind": "earth_movers_distance"}
    if told:  # too small is counted; without a path there is nothing to tell
        add("variant_mix", mix, sizes)

    tested = [finding for finding in findings if finding["p_value"] is not None]
    adjusted = stats.false_discovery_control([finding["p_value"] for finding in tested]) if tested else []
    for finding in findings:
        finding |= {"p_adjusted": None, "significant": None, "effect_as_d": on_scale_of_d(finding)}
    for finding, p in zip(tested, adjusted):
        finding |= {"p_adjusted": float(p), "significant": bool(p <= false_discovery_rate)}
    for finding in findings:
        for field in ("a", "b", "difference", "low", "high", "effect"):
            if finding[field] is not None:
                finding[field] = float(finding[field])
        finding["sentence"] = words(finding, conversion, steps)
    findings.sort(key=lambda f: (f["significant"] is not True, -round(abs(f["effect_as_d"]) * 1e9)
                                 if f["effect_as_d"] is not None else 1, KINDS.index(f["kind"]),
                                 utf8(f["touchpoint"]), utf8(f["source"]), utf8(f["target"])))
    shown, left_out = cut(findings, limit)
    warnings = []
    if shared:
        warnings.append(f"{count(shared, 'journey')} with the same id in {name_a} and {name_b}: the two are not "
                        "independent, and the tests take them as if they were")
    for name, size in zip((name_a, name_b), sizes):
        if size < 30:
            warnings.append(f"{name} has only {count(size, 'journey')}: differences that are not large can not be seen")
    sides = [{"name": name.strip("`"), "journeys": len(log), "events": sum(map(len, log.values())),
              "open_journeys": still}
             for name, log, still in ((name_a, log_a, open_a), (name_b, log_b, open_b))]
    left = [share(size - sum(n for _, n in some), size, confidence) for size, some in zip(sizes, kept)]
    return {"a": sides[0], "b": sides[1], "shared_journeys": shared,
            "variant_mix": {"distance": distance, "a_variants": len(kept[0]), "b_variants": len(kept[1]),
                            "a_left_out": left[0], "b_left_out": left[1]},
            "false_discovery_rate": false_discovery_rate, "tests": len(tested),
            "significant": sum(finding["significant"] is True for finding in findings), "too_small": small[0],
            "transitions_left_out": max(0, len(ways) - transitions), "findings": shown,
            "findings_left_out": left_out, "warnings": warnings}


@question
def compare(log_a, log_b, inactive_after=None, **options):
    shared = sum(id in log_a for id in log_b)
    (log_a, open_a), (log_b, open_b) = without_open(log_a, inactive_after), without_open(log_b, inactive_after)
    return comparison("a", log_a, open_a, "b", log_b, open_b, shared, sentences("a", "b"), **options)


@question
def compare_groups(log, attribute, value_a, value_b, inactive_after=None, **options):
    finished, _ = without_open(log, inactive_after)
    sides = []
    for value in (value_a, value_b):
        every = [id for id, events in log.items() if group_of(events, attribute) == value]
        kept = {id: finished[id] for id in every if id in finished}
        sides += [f"`{value}`", kept, len(every) - len(kept)]
    shared = len(sides[1]) + sides[2] if value_a == value_b else 0
    return comparison(*sides, shared, sentences(sides[0], sides[3]), **options)


# ----------------------------------------------------------------------------------------------------------- words

def count(n, what):
    return f"{n} {what}" if n == 1 else f"{n} {what}s"


def one_digit(x):
    text = f"{x:.1f}"
    return "0.0" if text == "-0.0" else text


def length(seconds):
    for unit, size, below in (("s", 1, 60), ("min", 60, 3600), ("h", 3600, 86400), ("days", 86400, math.inf)):
        if abs(seconds) < below:
            return f"{one_digit(seconds / size)} {unit}"


def sentences(name_a, name_b):
    """Writes a finding as a sentence; a is what b is compared with."""
    def sentence(finding, conversion, steps):
        kind, touchpoint = finding["kind"], finding["touchpoint"]
        source, target = finding["source"], finding["target"]
        if kind == "variant_mix":
            text = (f"The mix of paths in {name_b} ({count(finding['b_n'], 'journey')}) is "
                    f"{finding['effect']:.2f} away from that in {name_a} ({count(finding['a_n'], 'journey')}), where 0 "
                    "is the same mix and 1 is nothing in common")
            end = {True: ".", False: "; that may be chance.", None: "; nothing says how much of that is chance."}
            return text + end[finding["significant"]]
        if kind == "transition":
            if source is None:
                subject = f"The share of journeys that start at `{target}`"
            elif target is None:
                subject = f"Of the journeys that visit `{source}`, the share that ends there"
            else:
                subject = f"Of the journeys that visit `{source}`, the share that goes straight on to `{target}`"
        else:
            subject = {
                "conversion": "Conversion to " + " or ".join(f"`{name}`" for name in conversion),
                "step_reach": f"The share of journeys that get as far as `{touchpoint}` in the order of the steps",
                "step_conversion": f"Conversion from `{source}` to `{target}`",
                "visit": f"The share of journeys that visit `{touchpoint}`",
                "throughput_time": "Throughput time",
                "transition_time": f"The time from `{source}` to `{target}`",
                "events_per_journey": "The number of events per journey",
                "score": "The score of journeys",
                "touchpoint_score": f"The score at `{touchpoint}`",
            }[kind]
        if finding["effect_kind"] == "cohen_h":
            def side(x, n):
                return f"{one_digit(x * 100)} % of {n}"

            def amount(x):
                return f"{one_digit(x * 100)} points"

            def span(low, high):
                return f"{one_digit(low * 100)} and {one_digit(high * 100)} points"
            more, less = "higher", "lower"
        elif kind.endswith("_time"):
            def side(x, n):
                return f"median {length(x)} of {n}"

            amount = length

            def span(low, high):
                return f"{length(low)} and {length(high)}"
            more, less = "longer", "shorter"
        else:
            word = "mean" if finding["effect_kind"] == "hedges_g" else "median"

            def side(x, n):
                return f"{word} {one_digit(x)} of {n}"

            amount = one_digit

            def span(low, high):
                return f"{one_digit(low)} and {one_digit(high)}"
            more, less = "higher", "lower"
        in_b = f"{name_b} ({side(finding['b'], finding['b_n'])})"
        in_a = f"{name_a} ({side(finding['a'], finding['a_n'])})"
        difference, low, high = finding["difference"], finding["low"], finding["high"]
        if difference == 0:
            text, chance = f"{subject} is the same in {in_b} as in {in_a}", False
        else:
            typically = "typically " if finding["effect_kind"] == "rank_biserial" else ""
            text = f"{subject} is {typically}{amount(abs(difference))} {more if difference > 0 else less} in {in_b} than in {in_a}"
            chance = finding["significant"] is not True
            if difference < 0 and low is not None:
                low, high = -high, -low
        if low is None:
            return text + ("; that may be chance." if chance else ".")
        if chance:
            return text + (f"; so much was compared that this may be chance. Taken alone, the difference lies between "
                           f"{span(low, high)}.")
        return text + f"; the true difference lies between {span(low, high)}."
    return sentence


# -------------------------------------------------------------------------------------------------------- segments

@question
def segments(log, attribute, conversion=(), inactive_after=None, limit=None, false_discovery_rate=0.05,
             confidence=0.95):
    finished, still = without_open(log, inactive_after)
    groups = {}
    for id, events in finished.items():
        groups.setdefault(group_of(events, attribute), {})[id] = events
    without = len(groups.pop(None, {}))
    valued = [path for group in groups.values() for path in paths_of(group)]

    def converts(path):
        return any(name in path for name in conversion)

    out, tests, places = [], [], []
    for value in sorted(groups, key=lambda value: (-len(groups[value]), utf8(value))):
        group = groups[value]
        own = paths_of(group)
        n, other = len(own), len(valued) - len(own)
        row = {"value": value, "journeys": n, "events": sum(map(len, own)), "events_per_journey":
               sum(map(len, own)) / n, "conversion": None, "conversion_difference": None,
               "conversion_p_adjusted": None, "conversion_significant": None,
               "throughput": time_stats([events[-1].time - began(events) for events in group.values()], confidence)}
        if conversion:
            got, rest = sum(map(converts, own)), sum(map(converts, valued))
            row["conversion"] = share(got, n, confidence)
            row["conversion_difference"] = share_difference(share(rest - got, other, confidence), row["conversion"])
            if row["conversion_difference"]["p_value"] is not None:
                tests.append(row)
        scored, average, _, low, high = mean_stats(scores_of(group), confidence)
        row |= {"scored_journeys": scored, "score": average, "score_low": low, "score_high": high, "distinctive": None}
        for name in sorted({name for path in valued for name in path}, key=utf8):
            got, rest = sum(name in path for path in own), sum(name in path for path in valued)
            here, there = share(got, n, confidence), share(rest - got, other, confidence)
            found = share_difference(there, here)
            if found["p_value"] is not None:
                places.append((row, {"touchpoint": name, "share": here, "rest": there, "difference": found}))
        out.append(row)
    if tests:
        adjusted = stats.false_discovery_control([row["conversion_difference"]["p_value"] for row in tests])
        for row, p in zip(tests, adjusted):
            row |= {"conversion_p_adjusted": float(p), "conversion_significant": bool(p <= false_discovery_rate)}
    if places:
        adjusted = stats.false_discovery_control([found["difference"]["p_value"] for _, found in places])
        for (row, found), p in zip(places, adjusted):
            size = round(abs(found["difference"]["cohen_h"]) * 1e9)
            best = row["distinctive"]
            if p <= false_discovery_rate and (
                    best is None or size > round(abs(best["difference"]["cohen_h"]) * 1e9)):
                row["distinctive"] = {**found, "p_adjusted": float(p)}
    table = [[row["conversion"]["n"], row["journeys"] - row["conversion"]["n"]] for row in out] if conversion else []
    shown, left_out = cut(out, limit)
    return {"attribute": attribute, "journeys": len(finished), "open_journeys": still, "without_value": without,
            "conversion_p_value": homogeneity(table), "false_discovery_rate": false_discovery_rate, "rows": shown,
            "rows_left_out": left_out}


# ----------------------------------------------------------------------------------------------------------- cases

def shop(paid, of):
    """Customers of whom the first pay and the others only visit, each in one event; ids are numbers."""
    return rows(*(f"{n},{'pay' if n < paid else 'v'},0" for n in range(of)), options={"time_format": "epoch_s"})


def taking(*seconds, name="j", scores=None):
    """Journeys from a to b that take so many seconds; in the same order perhaps their scores at b."""
    lines = []
    for number, time in enumerate(seconds):
        score = scores[number] if scores else ""
        lines += [f"{name}{number},a,0,", f"{name}{number},b,{time},{score}"]
    return rows(*lines, header="journey,touchpoint,time,score",
                options={"time_format": "epoch_s", **({"score": "score"} if scores else {})})


def plans(*lines):
    """Journeys such as `"pro visit pay"`: the plan, and the path; `-` is no plan."""
    out = []
    for number, line in enumerate(lines):
        plan, *path = line.split()
        out += [f"c{number},{touchpoint},{place},{'' if plan == '-' else plan}" for place, touchpoint in
                enumerate(path)]
    return rows(*out, header="journey,touchpoint,time,plan",
                options={"time_format": "epoch_s", "attributes": ["plan"]})


PAY = {"conversion": ["pay"]}
case("compare", "a fifth against nearly a quarter of a thousand each",
     "METHODS 12: 200 of 1000 and 240 of 1000: z = 0.04 / sqrt(0.22 x 0.78 / 500) = 2.1592, p 0.03084, Newcombe 0.00368 to "
     "0.07620, h 0.09665. The same customers in both", shop(200, 1000), other_log=shop(240, 1000), options={**PAY, "transitions": 0, "variants": 0, "limit": 1},
     hand={"shared_journeys": 1000, "warnings": [
               "1000 journeys with the same id in a and b: the two are not independent, and the tests take them as if "
               "they were"],
           "variant_mix": {"distance": None, "a_variants": 0},
           "findings": [{"kind": "conversion", "a": 0.2, "b": 0.24, "test": "z", "effect_kind": "cohen_h",
                         "significant": True, "sentence":
                         "Conversion to `pay` is 4.0 points higher in b (24.0 % of 1000) than in a (20.0 % of 1000); the "
                         "true difference lies between 0.4 and 7.6 points."}]})
case("compare", "what is compared with itself is the same",
     "every figure is equal: no difference, no effect, p = 1, and the paths are no distance apart",
     paths(*["v pay"] * 5, *["v"] * 15), other_log=paths(*["v pay"] * 5, *["v"] * 15),
     options={**PAY, "steps": ["v", "pay"], "transitions": 3},
     hand={"significant": 0, "shared_journeys": 20, "variant_mix": {"distance": 0.0}})
case("compare", "an empty log has nothing to compare", "nothing is large enough: throughput, events and paths are not compared",
     EMPTY, other_log=EMPTY,
     hand={"a": {"name": "a", "journeys": 0, "events": 0, "open_journeys": 0}, "tests": 0, "too_small": 3, "findings": [],
           "warnings": ["a has only 0 journeys: differences that are not large can not be seen",
                        "b has only 0 journeys: differences that are not large can not be seen"],
           "variant_mix": {"distance": None, "a_left_out": {"n": 0, "of": 0, "share": None}}})
case("compare", "an empty log beside one that is not", "a touchpoint that one of the two has is no mistake", EMPTY,
     other_log=TWO, options={"conversion": ["pay"], "min_n": 1}, hand={"tests": 0, "findings": []})
case("compare", "one event against one event", "a size of one is enough if the option says so; nothing varies, so times and "
     "events have no test, and Fisher's p is 1", ONE, other_log=ONE, options={"min_n": 1})
case("compare", "what is too small is not compared", "2 and 2 journeys are fewer than 10", TWO, other_log=TWO,
     hand={"tests": 0, "findings": [], "transitions_left_out": 0})
case("compare", "small samples are tested exactly",
     "paid 3 of 10 and 9 of 12: cells below 5, so Fisher's exact test; in whole numbers p = 0.0836",
     shop(3, 10), other_log=shop(9, 12), options={**PAY, "transitions": 0, "variants": 0, "limit": 1},
     hand={"findings": [{"kind": "conversion", "test": "fisher_exact", "a_share": {"n": 3, "of": 10},
                         "b_share": {"n": 9, "of": 12}}]})
A_TIMES, B_TIMES = [10, 40, 60, 80, 130], [20, 50, 70, 90, 140, 200]
case("compare", "times by ranks",
     "10 40 60 80 130 s and 20 50 70 90 140 200 s: of 30 pairs b is larger in "
     "6 + 5 + 4 + 3 + 2 = 20, so r = (20 - 10) / 30; the medians are 60 and 80; scipy.stats.mannwhitneyu, exact", taking(*A_TIMES), other_log=taking(*B_TIMES, name="k"),
     options={"min_n": 5, "variants": 0, "transitions": 1, "limit": 1},
     hand={"findings": [{"kind": "throughput_time", "a": 60.0, "b": 80.0, "effect": 1 / 3, "test": "mann_whitney"}]})
case("compare", "tied times by ranks", "with ties the p-value is that of the normal approximation, corrected for them",
     taking(10, 20, 20, 50, 70), other_log=taking(20, 30, 60, 80, 80, 90, name="k"),
     options={"min_n": 5, "variants": 0, "transitions": 0, "limit": 1})
case("compare", "many times by ranks", "more than 20 on a side: the normal approximation for test and interval",
     taking(*range(0, 300, 10)), other_log=taking(*range(37, 312, 11), name="k"), options={"variants": 0, "transitions": 3, "limit": 2})
case("compare", "a customer who goes round and round is one customer",
     "j1 goes from a to b three times, in 10, 20 and 60 s: one time, the mean, 30 s; b's j2 once, in 30 s: no difference",
     rows("j1,a,0", "j1,b,10", "j1,a,10", "j1,b,30", "j1,a,30", "j1,b,90", options={"time_format": "epoch_s"}),
     other_log=rows("j2,a,0", "j2,b,30", options={"time_format": "epoch_s"}), options={"min_n": 1, "variants": 0, "transitions": 1})
case("compare", "scores by Welch's test",
     "a 1 2 1 0 2 1, b -1 0 -2 1 -1: means 7/6 and -3/5; scipy.stats.ttest_ind, equal_var=False",
     taking(*[60] * 6, scores=[1, 2, 1, 0, 2, 1]), other_log=taking(*[60] * 5, name="k", scores=[-1, 0, -2, 1, -1]),
     options={"min_n": 5, "variants": 0, "transitions": 0})
case("compare", "scores that never vary have no test",
     "always 1 and always -1: a difference of -2, and no spread to compare it with; always 1 and always 1: no effect",
     taking(*[60] * 5, scores=[1] * 5), other_log=taking(*[60] * 5, name="k", scores=[-1] * 5),
     options={"min_n": 5, "variants": 0, "transitions": 0})
case("compare", "scores on one side only can not be compared", "b has none: two comparisons are too small",
     taking(*[60] * 5, scores=[1] * 5), other_log=taking(*[60] * 5, name="k"),
     options={"min_n": 5, "variants": 0, "transitions": 0}, hand={"too_small": 2})
case("compare", "a journey's scores count once",
     "j1 scores 2, 0, 1 at a: one score, 1; so there are two scores on each side",
     rows("j1,a,0,2", "j1,a,1,0", "j1,a,2,1", "j2,a,0,-1", header="journey,touchpoint,time,score",
          options={"time_format": "epoch_s", "score": "score"}),
     other_log=rows("k1,a,0,1", "k2,a,0,-2", header="journey,touchpoint,time,score",
                    options={"time_format": "epoch_s", "score": "score"}), options={"min_n": 2, "variants": 0, "transitions": 0, "limit": 3})
case("compare", "half of the journeys take a path that is a third apart",
     "a b c for all in a; in b half go a b d: a half moves by a third: 1/6. Both variants have 10 of 20 or more expected: "
     "chi-squared of [[20, 10], [0, 10]]", paths(*["a b c"] * 20),
     other_log=paths(*["a b c"] * 10, *["a b d"] * 10), options={"transitions": 0, "limit": 3},
     hand={"variant_mix": {"distance": 1 / 6, "a_variants": 1, "b_variants": 2, "a_left_out": {"n": 0, "of": 20}}})
case("compare", "the edit distance has short cuts",
     "a b to b a costs 2 of 2; moving a b to a b a and a b a to b a costs 1 of 3 each: (1/3 + 1/3) / 2",
     paths(*["a b"] * 5, *["a b a"] * 5), other_log=paths(*["a b a"] * 5, *["b a"] * 5),
     options={"min_n": 1, "transitions": 0, "limit": 2}, hand={"variant_mix": {"distance": 1 / 3}})
case("compare", "rare paths are left out of the distance",
     "one variant each: a b of 6 in 10, a c of 7 in 12; the others are left out: 4 of 10 and 5 of 12. The distance is that "
     "of the two, 1/2", paths(*["a b"] * 6, *["a c"] * 4), other_log=paths(*["a c"] * 7, *["a b"] * 3, "c", "d"),
     options={"variants": 1, "transitions": 0, "limit": 2},
     hand={"variant_mix": {"distance": 0.5, "a_left_out": {"n": 4, "of": 10}, "b_left_out": {"n": 5, "of": 12}}})
case("compare", "the mix of many paths", "the earth mover's distance by a linear programme",
     paths(*["a b c d"] * 6, *["a c b d"] * 4, *["a d"] * 7, *["a b b b d"] * 3, "b", "d c b a", "a b"),
     other_log=paths(*["a b c d"] * 2, *["a c d"] * 9, *["d"] * 4, *["a b b d"] * 5, "c", "d c a"),
     options={"transitions": 0, "limit": 3})
case("compare", "steps in order and conversion out of it",
     "a: visit cart pay 9 times, visit pay 3 times; b: visit cart pay 4 times, pay visit cart 8 times. Step pay is reached "
     "in order by 9 and 4; conversion is 12 of 12 in both",
     paths(*["visit cart pay"] * 9, *["visit pay"] * 3), other_log=paths(*["visit cart pay"] * 4, *["pay visit cart"] * 8),
     options={"conversion": ["pay"], "steps": ["visit", "cart", "pay"], "transitions": 0, "variants": 0})
case("compare", "the most frequent transitions are compared",
     "six ways in all; START -> a by all 22 and a -> b by 19 are compared, and the time from a to b", paths(*["a b c"] * 8, *["a c"] * 3),
     other_log=paths(*["a b"] * 11), options={"transitions": 2, "variants": 0, "limit": 5})
case("compare", "conversion at one of several touchpoints", "pay or call: 12 + 4 of 20 against 3 + 2 of 20",
     paths(*["v pay"] * 12, *["v call"] * 4, *["v"] * 4), other_log=paths(*["v pay"] * 3, *["v call"] * 2, *["v"] * 15),
     options={"conversion": ["pay", "call"], "transitions": 0, "variants": 0, "limit": 3})
case("compare", "a touchpoint that only one log has", "refund: 0 of 20 against 8 of 20",
     paths(*["v pay"] * 20), other_log=paths(*["v pay refund"] * 8, *["v pay"] * 12),
     options={"conversion": ["refund"], "transitions": 0, "variants": 0, "limit": 2})
case("compare", "journeys that are still open are left out",
     "a ends with j19's last event, after 1,140 s; who was seen less than 600 s before may go on: j0 to j9, with last events "
     "at 0 to 540 s, are finished",
     rows(*(f"j{n},v,{n * 60}" for n in range(20)), options={"time_format": "epoch_s"}),
     other_log=rows(*(f"k{n},v,{n}" for n in range(20)), "k20,v,86500", options={"time_format": "epoch_s"}),
     options={"inactive_after": 600, "limit": 2}, hand={"a": {"journeys": 10, "open_journeys": 10}, "b": {"journeys": 20, "open_journeys": 1}})
case("compare", "a length of time as text", "a day after the last event but one",
     rows(*(f"k{n},v,{n}" for n in range(20)), "k20,v,86500", options={"time_format": "epoch_s"}),
     other_log=shop(3, 12), options={"inactive_after": "1d"}, hand={"a": {"open_journeys": 1}, "b": {"open_journeys": 12}})
case("compare", "names are text, whatever they look like", "ties of effect by kind and the bytes of names",
     paths(*["null __proto__ 😀"] * 10, *["NA"] * 5), other_log=paths(*["null END"] * 10, *["😀 START"] * 5),
     options={"transitions": 4, "variants": 5, "limit": 4})
case("compare", "a lower confidence narrows, a lower rate of false findings is stricter",
     "as the first case, at 80 % and a rate of 0.001", shop(20, 100), other_log=shop(34, 100),
     options={**PAY, "confidence": 0.8, "false_discovery_rate": 0.001, "transitions": 0, "variants": 0},
     hand={"false_discovery_rate": 0.001, "significant": 0})


def refused(function, name, why, error, log=TWO, other_log=None, args=None, **options):
    case(function, name, why, log, other_log=other_log, args=args, options=options, error=error)


for _option, _value in [("confidence", 0), ("false_discovery_rate", 1), ("steps", ["pay"]), ("transitions", -1), ("variants", 501),
                        ("inactive_after", "soon"), ("confidnce", 0.9), ("conversion", 3)]:
    refused("compare", f"{_option} {_value!r} is refused".replace("'", "`"), "it lies outside of what the option takes",
            "invalid_option", other_log=TWO, **{_option: _value})
refused("compare", "a step that neither log has is refused", "it is `pay`", "unknown_touchpoint", other_log=TWO,
        steps=["visit", "pya"])
refused("compare", "a conversion that neither log has is refused", "it is `pay`, and one log is empty", "unknown_touchpoint",
        log=EMPTY, other_log=TWO, conversion=["pya"])

PLANS = plans(*["pro visit pay"] * 9, *["pro visit"] * 3, *["free visit pay"] * 4, *["free visit"] * 11, *["- visit"] * 2,
              *["team visit call"] * 2)
case("compare_groups", "two plans", "conversion 9 of 12 and 4 of 15; no journey is in both. Those without a plan, and the "
     "team's, are in neither", PLANS, args=["plan", "pro", "free"], options={**PAY, "transitions": 2},
     hand={"a": {"name": "pro", "journeys": 12, "events": 21}, "b": {"name": "free", "journeys": 15, "events": 19},
           "shared_journeys": 0, "warnings": ["`pro` has only 12 journeys: differences that are not large can not be seen",
                                              "`free` has only 15 journeys: differences that are not large can not be seen"]})
case("compare_groups", "the other way round all signs change", "as before, free first", PLANS, args=["plan", "free", "pro"],
     options={**PAY, "transitions": 2})
case("compare_groups", "the first value counts", "c0 changes from pro to free: a journey of pro; c1 has no plan at first",
     rows("c0,v,0,pro", "c0,pay,1,free", "c1,v,0,", "c1,pay,1,free", header="journey,touchpoint,time,plan",
          options={"time_format": "epoch_s", "attributes": ["plan"]}), args=["plan", "pro", "free"], options={"min_n": 1},
     hand={"a": {"journeys": 1, "events": 2}, "b": {"journeys": 1, "events": 2}})
case("compare_groups", "a group with itself is refused", "there is nothing to compare", PLANS, args=["plan", "pro", "pro"],
     error="invalid_option")
case("compare_groups", "an empty log has no values", "asking it is no mistake",
     rows(header="journey,touchpoint,time,plan", options={"attributes": ["plan"]}), args=["plan", "pro", "free"],
     options=PAY, hand={"tests": 0, "findings": []})
case("compare_groups", "who is open is judged by the end of the whole log",
     "the last event is at 86,400: all of pro's journeys but one are finished by then",
     rows(*(f"p{n},v,{n},pro" for n in range(12)), "p12,v,86000,pro", "f0,v,86400,free", *(f"g{n},v,5,free" for n in range(10)),
          header="journey,touchpoint,time,plan", options={"time_format": "epoch_s", "attributes": ["plan"]}),
     args=["plan", "pro", "free"], options={"inactive_after": 3600, "transitions": 0},
     hand={"a": {"journeys": 12, "open_journeys": 1}, "b": {"journeys": 10, "open_journeys": 1}})
refused("compare_groups", "an attribute that the log does not have is refused", "it is `plan`", "invalid_option", log=PLANS,
        args=["paln", "pro", "free"])
refused("compare_groups", "a value that the log does not have is refused", "it is `pro`", "invalid_option", log=PLANS,
        args=["plan", "por", "free"])
refused("compare_groups", "a single step is refused", "a step is a way from one touchpoint to another", "invalid_option",
        log=PLANS, args=["plan", "pro", "free"], steps=["pay"])

ECOM = {"file": "ecom/ecom.csv.gz", "options": {
    "journey": "session_id", "touchpoint": "event", "time": "timestamp",
    "attributes": ["platform", "user_cohort", "user_lifecycle", "acquisition_channel"]}}
CHECKOUT = {"conversion": ["purchase"], "steps": ["cart", "shipping_details", "payment_details", "purchase"]}


ECOM = {"file": "ecom/ecom.csv.gz", "options": {
    "journey": "session_id", "touchpoint": "event", "time": "timestamp",
    "attributes": ["platform", "user_cohort", "user_lifecycle", "acquisition_channel"]}}


def found(kind, a, b, touchpoint=None, **more):
    """A finding about shares, counted with pandas: n and of on both sides."""
    return {"kind": kind, "touchpoint": touchpoint, "a_share": dict(zip(("n", "of"), a)),
            "b_share": dict(zip(("n", "of"), b)), "significant": True, **more}


def story(function, name, why, findings, **more):
    """A story that the authors of the e-commerce log put into it: the largest findings are those named."""
    options = {"transitions": 0, "variants": 0, **more.pop("options", {}), "limit": len(findings)}
    case(function, name, why, options=options, hand={"findings": findings, **more.pop("hand", {})}, **more)
    CASES[function][-1]["copied"] = True


story("compare_groups", "loyal customers come to buy", "SOURCE.md: new users browse more and convert less than loyal ones. "
      "Counted with pandas: sessions with the event, by the user_lifecycle of the session",
      [found("visit", (200, 963), (390, 802), "add_to_cart"), found("visit", (170, 963), (335, 802), "cart"),
       found("visit", (124, 963), (265, 802), "shipping_details")],
      log=ECOM, args=["user_lifecycle", "new", "loyal"], options={"conversion": ["purchase"]})
story("compare_groups", "mobile users do not get through the checkout",
      "SOURCE.md: a checkout bug for mobile users from Apr 9 to May 9. Counted with pandas over the sessions of that time",
      [found("visit", (0, 503), (32, 331), "checkout_bug", test="fisher_exact"),
       found("visit", (96, 503), (22, 331), "payment_details"),
       found("conversion", (82, 503), (19, 331), sentence="Conversion to `purchase` is 10.6 points lower in `mobile` (5.7 % of "
             "331) than in `desktop` (16.3 % of 503); the true difference lies between 6.3 and 14.6 points.")],
      log={**ECOM, "select": {"since": "2024-04-09", "until": "2024-05-10"}}, args=["platform", "desktop", "mobile"],
      options={"conversion": ["purchase"]})
story("compare_groups", "the January cohort buys more than that of April",
      "counted with pandas: sessions with the event, by user_cohort; the order is that of Cohen's h",
      [found("visit", (231, 909), (149, 925), "shipping_details"), found("visit", (289, 909), (202, 925), "cart"),
       found("visit", (186, 909), (113, 925), "payment_details")],
      log=ECOM, args=["user_cohort", "2024-01", "2024-04"], options={"conversion": ["purchase"]})
story("compare", "payment fails, and customers ask for help",
      "SOURCE.md: a payment incident from May 19 to Jun 7, with conversion at payment_details falling and support_chat "
      "rising. Counted with pandas: sessions of the month before and of that time; a purchase after payment_details",
      [found("visit", (0, 978), (90, 598), "payment_error"),
       found("step_conversion", (72, 145), (28, 130), source="payment_details", target="purchase"),
       found("visit", (49, 978), (100, 598), "support_chat")],
      log={**ECOM, "select": {"since": "2024-04-19", "until": "2024-05-19"}},
      other_log={**ECOM, "select": {"since": "2024-05-19", "until": "2024-06-08"}},
      options={"conversion": ["purchase"], "steps": ["payment_details", "purchase"]}, hand={"shared_journeys": 0})

case("segments", "groups beside each other",
     "pro 12, free 15, team 2; two journeys have no plan. Conversion 9 of 12 against 4 of 17 others, 4 of 15 against 9 of 14, "
     "0 of 2 against 13 of 27; call is visited by both of team and by no other: Fisher's p is 1 / (29 over 2) = 1/406",
     PLANS, args=["plan"], options=PAY,
     hand={"journeys": 31, "without_value": 2, "open_journeys": 0, "rows": [
         {"value": "free", "journeys": 15, "events": 19, "conversion": {"n": 4, "of": 15}},
         {"value": "pro", "journeys": 12, "events": 21, "conversion": {"n": 9, "of": 12}},
         {"value": "team", "journeys": 2, "conversion": {"n": 0, "of": 2},
          "distinctive": {"touchpoint": "call", "share": {"n": 2, "of": 2}, "rest": {"n": 0, "of": 27},
                          "difference": {"p_value": 1 / 406, "test": "fisher_exact"}}}]})
case("segments", "without a conversion there is no such column", "sizes, times and what sets them apart are left", PLANS,
     args=["plan"], options={"limit": 1}, hand={"conversion_p_value": None, "rows_left_out": 2, "rows": [
         {"value": "free", "conversion": None, "conversion_difference": None, "conversion_significant": None}]})
case("segments", "an empty log has no groups", "no row, no test",
     rows(header="journey,touchpoint,time,plan", options={"attributes": ["plan"]}), args=["plan"], options=PAY,
     hand={"journeys": 0, "without_value": 0, "rows": [], "conversion_p_value": None})
case("segments", "a single group has no others", "there is nobody to compare with", plans("pro visit", "pro visit pay"),
     args=["plan"], options=PAY, hand={"conversion_p_value": None, "rows": [
         {"value": "pro", "journeys": 2, "conversion_difference": {"difference": None, "p_value": None, "test": None},
          "conversion_p_adjusted": None, "conversion_significant": None, "distinctive": None}]})
case("segments", "journeys without any value are in no group", "both are counted apart", plans("- visit", "- visit"),
     args=["plan"], hand={"journeys": 2, "without_value": 2, "rows": []})
case("segments", "a journey's scores count once", "ann 2 and 0: 1; bob -1: mean 0 over two journeys; eve has none",
     rows("ann,v,0,2,x", "ann,v,1,0,x", "bob,v,0,-1,x", "eve,v,0,,y", header="journey,touchpoint,time,score,kind",
          options={"time_format": "epoch_s", "score": "score", "attributes": ["kind"]}), args=["kind"],
     hand={"rows": [{"value": "x", "scored_journeys": 2, "score": 0.0}, {"value": "y", "scored_journeys": 0, "score": None}]})
case("segments", "journeys that are still open are left out", "the log ends at 1000: those after 900 are open",
     rows("ann,v,0,x", "bob,v,901,x", "eve,v,1000,y", header="journey,touchpoint,time,kind",
          options={"time_format": "epoch_s", "attributes": ["kind"]}), args=["kind"], options={"inactive_after": 100},
     hand={"journeys": 1, "open_journeys": 2, "rows": [{"value": "x", "journeys": 1}]})
case("segments", "ties by the bytes of names", "two journeys each", plans("é v", "z v", "é v", "z w", "😀 v", "😀 w"), args=["plan"],
     hand={"rows": [{"value": "z"}, {"value": "é"}, {"value": "😀"}]})
refused("segments", "an attribute that the log does not have is refused", "it is `plan`", "invalid_option", log=PLANS,
        args=["paln"])
refused("segments", "a conversion that the log does not have is refused", "it is `pay`", "unknown_touchpoint", log=PLANS,
        args=["plan"], conversion=["pya"])
for _option, _value in [("confidence", 1.5), ("false_discovery_rate", 0), ("inactive_after", -1), ("min_n", 3)]:
    refused("segments", f"{_option} {_value!r} is refused".replace("'", "`"), "it lies outside of what the options take",
            "invalid_option", log=PLANS, args=["plan"], **{_option: _value})
