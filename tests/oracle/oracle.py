"""A naive reference for every analysis, written from its definition and not from the library's code.

Plain loops over lists; statistics come from SciPy and NumPy, exact sums from `fractions`. It is slow on purpose:
what a function does should be seen by reading it once. `write_vectors.py` uses it; needs numpy and scipy.

A log is a dictionary: journey id -> events in the order of time, ties in the order of the input.
"""

import csv
import gzip
import io
import math
import warnings
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from pathlib import Path

import numpy
from scipy import signal, stats

DATA = Path(__file__).resolve().parent.parent / "data"
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)

FUNCTIONS = {}  # name -> the reference of the question
LOG_METHODS = {}  # name -> the reference of a method that makes a log from a log: log, *args, **options


def question(function):
    """Names a function as the reference of the question of the same name."""
    FUNCTIONS[function.__name__] = function
    return function


def log_method(function):
    """Names a function as the reference of the log's method of the same name."""
    LOG_METHODS[function.__name__] = function
    return function


# ---------------------------------------------------------------------------------------------- reading a log

@dataclass
class Event:
    journey: str
    touchpoint: str
    time: int  # microseconds since 1970 in UTC; of events that take time, when they are complete
    channel: str | None = None
    score: float | None = None  # -2 to 2
    attributes: dict | None = None
    start: int | None = None  # microseconds
    feedback: float | None = None  # -2 to 2: what the customer answered about the event


SCALES = {"experience": (-2, 2), "one_to_five": (1, 5), "stars": (1, 5), "csat": (1, 5), "ces": (1, 7),
          "nps": (0, 10), "sentiment": (-1, 1)}


def micros(text, form=None, zone="+00:00"):
    """The time a text means: ISO or SQL, the Common Log Format, a strftime pattern, or an epoch."""
    if form and form.startswith("epoch_"):
        return int(Fraction(text) * {"epoch_s": 10**6, "epoch_ms": 10**3, "epoch_us": 1}[form])
    if form:
        moment = datetime.strptime(text, form)
    elif "/" in text:
        moment = datetime.strptime(text, "%d/%b/%Y:%H:%M:%S %z")
    else:
        moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.strptime(zone, "%z").tzinfo)
    return (moment - EPOCH) // timedelta(microseconds=1)


def rfc3339(time):
    moment = EPOCH + timedelta(microseconds=time)
    digits = f".{moment.microsecond:06}" if moment.microsecond % 1000 else f".{moment.microsecond // 1000:03}"
    return moment.strftime("%Y-%m-%dT%H:%M:%S") + (digits if moment.microsecond else "") + "Z"


def read_log(spec):
    """The log that the `log` of a case describes; no log is a log without events."""
    if spec is None:
        return {}
    text = spec.get("csv")
    if text is None:
        raw = (DATA / spec["file"]).read_bytes()
        text = (gzip.decompress(raw) if spec["file"].endswith(".gz") else raw).decode()
    options = spec.get("options", {})
    low, high = SCALES[options.get("score_scale", "experience")]
    events, ends = [], []
    form, zone = options.get("time_format"), options.get("time_zone", "+00:00")
    for row in csv.DictReader(io.StringIO(text, newline=""), delimiter=options.get("delimiter", ",")):
        score = row[options["score"]] if "score" in options else ""
        events.append(Event(
            row[options.get("journey", "journey")],
            row[options.get("touchpoint", "touchpoint")],
            micros(row[options.get("time", "time")], form, zone),
            (row[options["channel"]] or None) if "channel" in options else None,
            -2 + 4 * (float(score) - low) / (high - low) if score else None,
            {name: row[name] or None for name in options.get("attributes", [])},
            micros(row[options["start"]], form, zone) if row.get(options.get("start")) else None,
        ))
        if "lifecycle" in options:
            ends.append(((row[options["lifecycle"]] or "complete").lower(), row.get(options.get("instance"))))
    if "lifecycle" in options:
        events = paired(events, ends, [word.lower() for word in options.get("lifecycle_skipped", [])])
    kept = list(filter(condition(spec.get("select", {})), events))
    log = Log({event.journey: [] for event in kept})  # journeys in the order of their first row
    log.until = max((event.time for event in events), default=0)
    shorten(log, spec.get("select", {}))
    for event in sorted(kept, key=lambda event: event.time):
        log[event.journey].append(event)
    for step in spec.get("then", []):
        given = [step["map"]] if "map" in step else []
        given += [read_feedback(step["feedback"])] if "feedback" in step else []
        made = Log(LOG_METHODS[step["method"]](log, *given, *step.get("args", []), **step.get("options", {})))
        made.until = log.until
        log = made
        shorten(log, step.get("options", {}) if step["method"] == "select" else {})
    return log


@dataclass
class Answer:
    customer: str
    time: int
    touchpoint: str | None
    score: float | None  # as given
    scale: str

    @property
    def experience(self):
        """The score from -2 to 2."""
        low, high = SCALES[self.scale]
        return None if self.score is None else -2 + 4 * (self.score - low) / (high - low)


def read_feedback(spec):
    """The answers that the `feedback` of a case describes, in the order of the rows."""
    text = spec["csv"] if "csv" in spec else (DATA / spec["file"]).read_text(encoding="utf-8")
    options = spec.get("options", {})
    answers = []
    for row in csv.DictReader(io.StringIO(text, newline="")):
        score = row[options["score"]] if "score" in options else row.get("score", "")
        answers.append(Answer(
            row[options.get("customer", "customer")], micros(row[options.get("time", "time")]),
            (row[options["touchpoint"]] or None) if "touchpoint" in options else None,
            float(score) if score else None,
            (row[options["scale"]] if "scale" in options else "") or options.get("score_scale", "experience")))
    return answers


class Log(dict):
    """Journeys, and when their observation ended: logs made from a log keep its end."""


def shorten(log, select):
    if "until" in select:
        log.until = min(log.until, micros(select["until"]))


def began(events):
    """When a journey began: its first start, or its first time if that is earlier."""
    return min([events[0].time, *(event.start for event in events if event.start is not None)])


def observed_until(log):
    """The latest time that was observed, in microseconds."""
    return log.until if isinstance(log, Log) else max((event.time for event in all_events(log)), default=0)

def paired(events, ends, skipped):
    """One event of each start and completion: first in, first out, by journey, touchpoint and instance."""
    open_starts, joined = {}, set()
    order = [place for place in range(len(events)) if ends[place][0] not in skipped]
    for place in sorted(order, key=lambda place: (events[place].time, ends[place][0] != "start")):
        event, (end, instance) = events[place], ends[place]
        starts = open_starts.setdefault((event.journey, event.touchpoint, instance), [])
        if end == "start":
            starts.append(place)
        elif starts:
            joined.add(starts[0])
            start = events[starts.pop(0)]
            event.start = start.time
            event.channel = start.channel if event.channel is None else event.channel
            event.score = start.score if event.score is None else event.score
            event.attributes = {name: start.attributes[name] if value is None else value
                                for name, value in event.attributes.items()}
    return [events[place] for place in order if place not in joined]


def condition(select):
    since = micros(select["since"]) if "since" in select else -math.inf
    until = micros(select["until"]) if "until" in select else math.inf
    return lambda event: (
        since <= event.time < until
        and (not select.get("touchpoints") or event.touchpoint in select["touchpoints"])
        and (not select.get("channels") or event.channel in select["channels"])
        and all(event.attributes[name] in kept for name, kept in select.get("attributes", {}).items()))


def all_events(log):
    return [event for events in log.values() for event in events]


def paths_of(log):
    return [tuple(event.touchpoint for event in events) for events in log.values()]


def steps_of(log):
    """Every transition taken: journey, from, to, microseconds."""
    return [(journey, a.touchpoint, b.touchpoint, b.time - a.time)
            for journey, events in log.items() for a, b in zip(events, events[1:])]


def utf8(name):
    """The order of names: their bytes; a missing name comes first."""
    return b"" if name is None else b"\1" + name.encode()


# ------------------------------------------------------------------------------------------------- statistics

@lru_cache(maxsize=None)
def wilson(n, of, confidence):
    interval = stats.binomtest(n, of).proportion_ci(confidence, method="wilson")
    return float(interval.low), float(interval.high)


def share(n, of, confidence):
    low, high = wilson(n, of, confidence) if of else (None, None)
    return {"n": n, "of": of, "share": n / of if of else None, "low": low, "high": high}


def share_difference(first, second):
    """The second share less the first: Newcombe's interval, the pooled z test or Fisher's exact one, Cohen's h."""
    a, b, n, of = first["share"], second["share"], first["n"] + second["n"], first["of"] + second["of"]
    if a is None or b is None:
        return dict.fromkeys(("difference", "low", "high", "z", "p_value", "test", "cohen_h"))
    z = None if n in (0, of) else (b - a) / math.sqrt(n / of * (1 - n / of) * (1 / first["of"] + 1 / second["of"]))
    table = [[side["n"], side["of"] - side["n"]] for side in (first, second)]
    cells = [*table[0], *table[1], *(side["of"] * part / of for side in (first, second) for part in (n, of - n))]
    exact = z is None or min(cells) < 5
    return {"difference": b - a,
            "low": b - a - math.hypot(b - second["low"], first["high"] - a),
            "high": b - a + math.hypot(second["high"] - b, a - first["low"]),
            "z": z, "p_value": float(stats.fisher_exact(table).pvalue if exact else 2 * stats.norm.sf(abs(z))),
            "test": "fisher_exact" if exact else "z",
            "cohen_h": 2 * math.asin(math.sqrt(b)) - 2 * math.asin(math.sqrt(a))}


def benjamini_hochberg(p_values):
    """Adjusted p-values, in the order given."""
    return [float(p) for p in stats.false_discovery_control(p_values)] if p_values else []


def part(n, of):
    return {"n": n, "of": of, "share": n / of if of else None}


def mean_stats(values, confidence):
    """n, mean, sample standard deviation and t interval; the sums are exact."""
    n = len(values)
    if n == 0:
        return 0, None, None, None, None
    exact = [Fraction(value) for value in values]
    mean = sum(exact) / n
    if n == 1:
        return 1, float(mean), None, None, None
    deviation = math.sqrt(sum((value - mean) ** 2 for value in exact) / (n - 1))
    margin = float(stats.t.ppf((1 + confidence) / 2, n - 1)) * deviation / math.sqrt(n)
    return n, float(mean), deviation, float(mean) - margin, float(mean) + margin


def time_stats(times, confidence):
    if not times:
        return None
    n, mean, _, low, high = mean_stats([Fraction(time, 10**6) for time in times], confidence)
    median, p90, p95 = (float(x) for x in numpy.quantile(numpy.array(times) / 1e6, [0.5, 0.9, 0.95]))
    return {"n": n, "total_seconds": sum(times) / 1e6, "mean_seconds": mean, "mean_low_seconds": low,
            "mean_high_seconds": high, "min_seconds": min(times) / 1e6, "median_seconds": median,
            "p90_seconds": p90, "p95_seconds": p95, "max_seconds": max(times) / 1e6}


def count_stats(counts):
    if not counts:
        return None
    median, p90 = (float(x) for x in numpy.quantile(numpy.array(counts), [0.5, 0.9]))
    return {"n": len(counts), "total": sum(counts), "mean": sum(counts) / len(counts), "min": min(counts),
            "median": median, "p90": p90, "max": max(counts)}


def fewest(amounts, least):
    """How many of the amounts, in their order, together are at least this share of all."""
    total = sum(amounts)
    for count in range(len(amounts) + 1):
        if total == 0 or sum(amounts[:count]) / total >= least:
            return count


def cut(rows, limit):
    shown = rows if limit is None else rows[:limit]
    return shown, len(rows) - len(shown)


# --------------------------------------------------------------------------------------------------- analyses

def visits(log):
    """For each touchpoint, by name: events, journeys, starts, ends."""
    paths = paths_of(log)
    return {name: {"events": sum(path.count(name) for path in paths),
                   "journeys": sum(name in path for path in paths),
                   "starts": sum(path[0] == name for path in paths),
                   "ends": sum(path[-1] == name for path in paths)}
            for name in sorted({name for path in paths for name in path}, key=utf8)}


def summary(log, confidence=0.95):
    events = all_events(log)
    channels = Counter(event.channel for event in events if event.channel is not None)
    touchpoints = [{"touchpoint": name, **counts} for name, counts in visits(log).items()]
    return {
        "events": len(events),
        "journeys": len(log),
        "single_event_journeys": sum(len(journey) == 1 for journey in log.values()),
        "events_per_journey": len(events) / len(log) if log else None,
        "first": rfc3339(min(began(journey) for journey in log.values())) if events else None,
        "last": rfc3339(max(event.time for event in events)) if events else None,
        "throughput": time_stats([journey[-1].time - began(journey) for journey in log.values()], confidence),
        "tied_events": sum(time == 0 for *_, time in steps_of(log)),
        "scored_events": sum(event.score is not None for event in events),
        "touchpoints": sorted(touchpoints, key=lambda row: -row["events"]),
        "channels": [{"channel": name, "events": channels[name]}
                     for name in sorted(channels, key=lambda name: (-channels[name], utf8(name)))],
        "attributes": list((events[0].attributes or {}) if events else []),
    }


def ways_of(log, relation="directly_follows"):
    """Every pair of events that the relation takes, as journey, from, to; and the times of each two touchpoints."""
    if relation == "directly_follows":
        times = {}
        for _, a, b, time in steps_of(log):
            times.setdefault((a, b), []).append(time)
        return [(journey, a, b) for journey, a, b, _ in steps_of(log)], times
    pairs, first = [], {}
    for journey, events in log.items():
        for a, b in combinations(events, 2):  # the first event's place rises, then the second's
            pairs.append((journey, a.touchpoint, b.touchpoint))
            first.setdefault((a.touchpoint, b.touchpoint), {}).setdefault(journey, b.time - a.time)
    return pairs, {way: list(times.values()) for way, times in first.items()}


def transitions(log, relation="directly_follows", limit=None, confidence=0.95):
    between, times = ways_of(log, relation)
    ways = list(between)
    if relation == "directly_follows":
        ways += [(journey, None, events[0].touchpoint) for journey, events in log.items()]
        ways += [(journey, events[-1].touchpoint, None) for journey, events in log.items()]
    out_of, into, taken = Counter(), Counter(), {}
    for journey, a, b in ways:
        out_of[a] += 1
        into[b] += 1
        taken.setdefault((a, b), []).append(journey)
    visited = Counter(name for path in paths_of(log) for name in set(path))
    rows = []
    for (a, b), journeys in taken.items():
        count = len(journeys)
        rows.append({
            "source": a, "target": b, "count": count, "journeys": len(set(journeys)),
            "reach": share(len(set(journeys)), len(log) if a is None else visited[a], confidence),
            "p_out": share(count, out_of[a], confidence), "p_in": share(count, into[b], confidence),
            "share_of_total": share(count, len(ways), confidence), "per_journey": count / len(log),
            "time": time_stats(times[a, b], confidence) if (a, b) in times else None,
        })
    rows.sort(key=lambda row: (-row["count"], utf8(row["source"]), utf8(row["target"])))
    shown, left_out = cut(rows, limit)
    return {"relation": relation, "journeys": len(log), "total": len(between),
            "pairs": sum(None not in (row["source"], row["target"]) for row in rows),
            "rows": shown, "rows_left_out": left_out}


def variant_counts(log):
    counts = Counter(paths_of(log))
    return sorted(counts.items(), key=lambda item: (-item[1], [utf8(name) for name in item[0]]))


def variants(log, limit=100, coverage=0.8, confidence=0.95):
    counts = variant_counts(log)
    n = len(log)
    rows, so_far = [], 0
    for path, count in counts:
        so_far += count
        rows.append({"touchpoints": list(path), "coverage": share(count, n, confidence),
                     "cumulative": share(so_far, n, confidence)})
    shown, left_out = cut(rows, limit)
    entropy = math.fsum(count / n * math.log(n / count) for _, count in counts)
    return {"journeys": n, "variants": len(counts), "singletons": sum(count == 1 for _, count in counts),
            "entropy": entropy if n else None,
            "normalised_entropy": entropy / math.log(len(counts)) if len(counts) > 1 else None,
            "coverage": coverage, "variants_for_coverage": fewest([count for _, count in counts], coverage),
            "rows": shown, "rows_left_out": left_out}


def reached(log):
    """The touchpoints in the order in which they are reached: by how many others were visited before, on average."""
    before = {}
    for path in paths_of(log):
        for place, name in enumerate(dict.fromkeys(path)):
            before.setdefault(name, []).append(place)
    return sorted(before, key=lambda name: (Fraction(sum(before[name]), len(before[name])), utf8(name)))


def discover(log, name="Discovered journey", min_journeys=1):
    """The map's data, as far as it is figures: not the stage's name, nor the description."""
    ways = []
    for start, end in sorted({(a, b) for _, a, b, _ in steps_of(log)}, key=lambda way: (utf8(way[0]), utf8(way[1]))):
        taken = [(journey, time) for journey, a, b, time in steps_of(log) if (a, b) == (start, end)]
        times = time_stats([time for _, time in taken], 0.95)
        ways.append({"from": start, "to": end, "observed": {
            "count": len(taken), "journeys": len({journey for journey, _ in taken}),
            "mean_seconds": times["mean_seconds"], "median_seconds": times["median_seconds"]}})
    at = visits(log)
    return {"name": name, "kind": "current_state", "stages": [{"id": "observed"}], "channels": [],
            "touchpoints": [{"id": id, "name": id, "stage": "observed", "observed": at[id]} for id in reached(log)],
            "transitions": [way for way in ways if way["observed"]["journeys"] >= min_journeys],
            "outcome": {"entries": [id for id in at if at[id]["starts"]],
                        "exits": [id for id in at if at[id]["ends"]], "conversions": []}}


def touchpoints_in_order(map):
    return [t for stage in map.get("stages", []) for t in map.get("touchpoints", []) if t["stage"] == stage["id"]]


def scores_at(log, ids):
    return [score for event in all_events(log) if event.touchpoint in ids for score in (event.score, event.feedback)
            if score is not None]


def behind(touchpoint):
    """How many customers the evidence of an expected score speaks of."""
    counts = [evidence["n"] for evidence in touchpoint.get("evidence", []) if evidence.get("n") is not None]
    return sum(counts) if counts and touchpoint.get("expected_score") is not None else None


def emotion_curve(log, map, source=None, min_prominence=1.0, false_discovery_rate=0.05, confidence=0.95):
    def measured(ids):
        there = [event for event in all_events(log) if event.touchpoint in ids]
        return {**dict(zip(("n", "measured", "deviation", "low", "high"), mean_stats(scores_at(log, ids), confidence))),
                "n_events": sum(event.score is not None for event in there),
                "n_feedback": sum(event.feedback is not None for event in there)}

    stages = []
    touchpoints = touchpoints_in_order(map)
    for stage in map.get("stages", []):
        inside = [t for t in touchpoints if t["stage"] == stage["id"]]
        known = [t for t in inside if t.get("expected_score") is not None]
        weighted = bool(known) and all(behind(t) is not None for t in known)
        weights = [Fraction(behind(t) if weighted else 100) for t in known]
        total = sum(weights)
        products = [weight * Fraction(t["expected_score"]) for weight, t in zip(weights, known)]
        stages.append({"stage": stage["id"], "expected": float(sum(products) / total) if total else None,
                       "expected_n": int(total) if weighted else None,
                       **measured({t["id"] for t in inside})})
    ids = {t["id"] for t in touchpoints}
    return {"steps": [{"touchpoint": t["id"], "stage": t["stage"], "expected": t.get("expected_score"), "expected_n": behind(t),
                       **measured({t["id"]})} for t in touchpoints],
            "stages": stages,
            "scored_events": measured(ids)["n_events"], "feedback_events": measured(ids)["n_feedback"],
            "unmapped_scored_events": sum(e.score is not None for e in all_events(log) if e.touchpoint not in ids),
            "unmapped_feedback_events": sum(e.feedback is not None for e in all_events(log) if e.touchpoint not in ids)}


def shoulder(curve, place, direction):
    """The nearest of the highest steps on one side, before the curve falls below the step; `None` at the border."""
    best, at = None, place + direction
    while 0 <= at < len(curve) and curve[at] >= curve[place]:
        if best is None or curve[at] > curve[best]:
            best = at
        at += direction
    return best


def minima(curve):
    """First place of every run of equal steps whose neighbours, as far as there are any, all lie higher."""
    found = []
    for place in range(len(curve)):
        end = place
        while end + 1 < len(curve) and curve[end + 1] == curve[place]:
            end += 1
        begins = place == 0 or curve[place - 1] > curve[place]
        ends = end + 1 == len(curve) or curve[end + 1] > curve[place]
        if begins and ends and (place, end) != (0, len(curve) - 1):
            found.append((place, end))
    return found


def welch(a, b):
    if len(a) < 2 or len(b) < 2 or (len(set(a)) == 1 and len(set(b)) == 1):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SciPy's, where one side does not vary
        return float(stats.ttest_ind(a, b, equal_var=False).pvalue)


def emotion_dips(log, map, source=None, min_prominence=1.0, false_discovery_rate=0.05, confidence=0.95):
    curve = emotion_curve(log, map, confidence=confidence)
    if source is None:
        source = "measured" if curve["scored_events"] else "expected"
    steps = [step for step in curve["steps"] if step[source] is not None]
    # Compared to nine decimals, so that the rounding of means decides nothing.
    heights = [round(step[source], 9) for step in steps]
    upside_down = -numpy.array(heights)
    dips = []
    for place, end in minima(heights):
        left, right = shoulder(heights, place, -1), shoulder(heights, end, 1)
        sides = [side for side in (left, right) if side is not None]
        prominence = min(steps[side][source] for side in sides) - steps[place][source]
        if len(sides) == 2:  # SciPy knows no dips at the border
            assert math.isclose(prominence, signal.peak_prominences(upside_down, [place])[0][0], abs_tol=1e-8)
        if heights[place] >= 0 or round(prominence, 9) < min_prominence:
            continue
        other = max(sides, key=lambda side: heights[side])  # the first, so the left one, of two equal ones
        asked = source == "measured"
        step = steps[place]
        dips.append({
            "touchpoint": step["touchpoint"], "stage": step["stage"], "score": step[source],
            "n": step["n"] if asked else 0, "low": step["low"] if asked else None,
            "high": step["high"] if asked else None, "prominence": prominence,
            "drop": steps[place - 1][source] - step[source] if place else None,
            "left_shoulder": None if left is None else steps[left]["touchpoint"],
            "right_shoulder": None if right is None else steps[right]["touchpoint"],
            "compared_with": steps[other]["touchpoint"],
            "p_value": welch(scores_at(log, {step["touchpoint"]}), scores_at(log, {steps[other]["touchpoint"]}))
            if asked else None, "p_adjusted": None, "significant": None})
    tested = [dip for dip in dips if dip["p_value"] is not None]
    for dip, p in zip(tested, stats.false_discovery_control([dip["p_value"] for dip in tested]) if tested else []):
        dip["p_adjusted"], dip["significant"] = float(p), bool(p <= false_discovery_rate)
    return {"source": source, "min_prominence": min_prominence, "scored_steps": len(steps),
            "gaps": [step["touchpoint"] for step in curve["steps"] if step[source] is None],
            "dips": sorted(dips, key=lambda dip: -round(dip["prominence"], 9))}


def simple_paths(ways, entries, exits):
    """Every path from an entry to an exit that repeats no touchpoint."""
    found, open_paths = [], [(entry,) for entry in entries]
    while open_paths:
        path = open_paths.pop(0)
        if path[-1] in exits:
            found.append(path)
        open_paths += [path + (b,) for a, b in ways if a == path[-1] and b not in path]
    return found


def prime_paths(ids, ways):
    """Ammann and Offutt: simple paths (only the two ends may be the same) that are part of no other simple path."""
    simple, longest = [], [(id,) for id in ids]
    while longest:
        simple += longest
        longest = [path + (b,) for path in longest for a, b in ways
                   if a == path[-1] and (b not in path or b == path[0]) and (len(path) == 1 or path[0] != path[-1])]
    return [path for path in simple if not any(len(path) < len(other) and contains(other, path) for other in simple)]


def contains(whole, piece):
    return any(whole[at:at + len(piece)] == piece for at in range(len(whole) - len(piece) + 1))


def path_coverage(log, map, max_paths=10_000, coverage=0.8, limit=None, confidence=0.95):
    ids = [t["id"] for t in touchpoints_in_order(map)]
    ways = [(way["from"], way["to"]) for way in map.get("transitions", [])]
    outcome = map.get("outcome", {})
    between = [(a, b) for a, b in ways if a != b]
    entries = list(dict.fromkeys(outcome.get("entries", []))) or [id for id in ids if id not in {b for _, b in between}] or ids
    exits = list(dict.fromkeys(outcome.get("exits", []))) or [id for id in ids if id not in {a for a, _ in between}] or ids
    counts = variant_counts(log)
    taken = [(a, b) for _, a, b, _ in steps_of(log)]
    at = visits(log)

    simple = simple_paths(ways, entries, exits)
    prime = prime_paths(ids, ways)
    cyclic = any(len(path) > 1 and path[0] == path[-1] for path in prime)
    looked_at, looked_at_prime = simple[:max_paths], prime[:max_paths]
    journeys = [path for path in paths_of(log) if path[0] in entries and path[-1] in exits
                and all(way in ways for way in zip(path, path[1:]))]
    not_visited, touchpoints_left_out = cut([id for id in ids if id not in at], limit)
    not_taken, ways_left_out = cut([{"source": a, "target": b} for a, b in ways if (a, b) not in taken], limit)
    unmapped = [{"touchpoint": name, "events": at[name]["events"], "journeys": at[name]["journeys"]}
                for name in sorted(at, key=lambda name: (-at[name]["events"], utf8(name))) if name not in ids]
    unmapped, unmapped_left_out = cut(unmapped, limit)
    return {
        "variants": {"journeys": len(log), "variants": len(counts),
                     "most_frequent": share(counts[0][1] if counts else 0, len(log), confidence),
                     "coverage": coverage, "variants_for_coverage": fewest([count for _, count in counts], coverage)},
        "map": {"touchpoints": part(sum(id in at for id in ids), len(ids)),
                "transitions": part(sum(way in taken for way in ways), len(ways)),
                "paths": part(sum(path in dict(counts) for path in looked_at), len(looked_at)),
                "paths_capped": len(simple) > max_paths,
                "prime_paths": part(sum(any(contains(variant, path) for variant, _ in counts)
                                        for path in looked_at_prime), len(looked_at_prime)) if cyclic else None,
                "prime_paths_capped": cyclic and len(prime) > max_paths,
                "touchpoints_not_visited": not_visited, "touchpoints_left_out": touchpoints_left_out,
                "transitions_not_taken": not_taken, "transitions_left_out": ways_left_out},
        "log": {"events": part(sum(event.touchpoint in ids for event in all_events(log)), len(all_events(log))),
                "transitions": part(sum(way in ways for way in taken), len(taken)),
                "journeys": share(len(journeys), len(log), confidence),
                "unmapped": unmapped, "unmapped_left_out": unmapped_left_out},
    }


for _function in (summary, transitions, variants, discover, emotion_curve, emotion_dips, path_coverage):
    question(_function)
