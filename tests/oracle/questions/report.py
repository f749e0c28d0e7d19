"""The reference of `report`: its findings, and what they come from that no other question holds.

The reports inside are those of the other questions, which have vectors of their own; here they are only read.
"""

import math
from fractions import Fraction

from builders import EMPTY, case, graph, rows
from oracle import FUNCTIONS, benjamini_hochberg, question, rfc3339, share, share_difference, utf8
from scipy import stats

DAY = 86_400_000_000
LENGTHS = [DAY, 7 * DAY, 28 * DAY, 91 * DAY, 364 * DAY, 3640 * DAY]
MONDAY = 4 * DAY
NAMES = ("touchpoint", "target", "attribute", "value", "other_value", "deviation", "since", "until", "distinctive",
         "distinctive_share", "distinctive_rest")


def judged(rows, p_of, rate):
    """Each row with its adjusted p-value, `None` where it was not tested."""
    tested = [row for row in rows if p_of(row) is not None]
    adjusted = dict(zip(map(id, tested), benjamini_hochberg([p_of(row) for row in tested])))
    return [(row, adjusted.get(id(row))) for row in rows]


def returns_of(log, conversion, min_n, rate, confidence):
    seen = {}
    for events in log.values():
        path = [event.touchpoint for event in events]
        goals = [place for place, name in enumerate(path) if name in conversion]
        before = path[:goals[0]] if goals else path
        for name in set(before):
            runs = sum(here == name and (place == 0 or before[place - 1] != name) for place, here in enumerate(before))
            seen.setdefault(name, {True: [], False: []})[runs > 1].append(bool(goals))
    out = []
    for name in sorted(seen, key=utf8):
        again, once = seen[name][True], seen[name][False]
        if min(len(again), len(once)) >= min_n:
            with_, without = share(sum(again), len(again), confidence), share(sum(once), len(once), confidence)
            out.append({"touchpoint": name, "journeys": share(len(again), len(again) + len(once), confidence),
                        "conversion": with_, "conversion_without": without,
                        "difference": share_difference(without, with_)})
    for row, p in judged(out, lambda row: row["difference"]["p_value"], rate):
        row |= {"p_adjusted": p, "significant": None if p is None else p <= rate}
    return sorted(out, key=lambda row: -row["journeys"]["n"])


def changes_of(log, conversion, min_n, rate, confidence):
    times = [event.time for events in log.values() for event in events]
    nothing = {"stretches": 0, "stretch_seconds": None, "parts": 0, "tests": 0, "rows": []}
    if not times or not conversion:
        return nothing
    number = lambda time, length: (time - MONDAY) // length
    length = next(l for l in LENGTHS if number(max(times), l) - number(min(times), l) < 60)
    first = number(min(times), length)
    count = number(max(times), length) - first + 1
    if count < 4:
        return nothing
    parts = []  # (stretch, touchpoints, converts)
    for events in log.values():
        cut = {}
        for event in events:
            cut.setdefault(number(event.time, length) - first, set()).add(event.touchpoint)
        parts += [(stretch, here, any(name in conversion for name in here)) for stretch, here in cut.items()]
    visits = {}
    for events in log.values():
        for name in {event.touchpoint for event in events}:
            visits[name] = visits.get(name, 0) + 1
    assert len(visits) <= 50
    events_at = lambda name: sum(event.touchpoint == name for events in log.values() for event in events)
    watched = sorted(visits, key=lambda name: (-visits[name], -events_at(name), utf8(name)))

    def counted(thing, stretches):
        return [convert for stretch, here, convert in parts if stretch in stretches and (thing is None or thing in here)]

    def compared(thing, stretches):
        own = counted(thing, stretches)
        rest = counted(thing, set(range(count)) - set(stretches))
        return share(sum(own), len(own), confidence), share(sum(rest), len(rest), confidence)

    tests = []
    for thing in [None, *watched]:
        for stretch in range(count):
            own, rest = compared(thing, {stretch})
            enough = min(own["of"], rest["of"]) >= min_n
            found = share_difference(rest, own) if enough else None
            tests.append({"thing": thing, "stretch": stretch, "found": found})
    worse = {}
    for test, p in judged(tests, lambda test: test["found"] and test["found"]["p_value"], rate):
        if p is not None and p <= rate and test["found"]["difference"] < 0:
            worse[test["thing"], test["stretch"]] = p
    runs = []
    for thing in [None, *watched]:
        start = None
        for stretch in range(count + 1):
            if (thing, stretch) in worse:
                start = stretch if start is None else start
            elif start is not None:
                own, rest = compared(thing, set(range(start, stretch)))
                found = share_difference(rest, own)
                lost = max(0, -found["high"] * own["of"])
                runs.append((lost, start, stretch, thing, own, rest, found))
                start = None
    runs.sort(key=lambda run: (-round(run[0] * 1e9), run[1]))
    kept = []
    for run in runs:
        if run[0] > 0 and all(run[2] <= other[1] or other[2] <= run[1] for other in kept):
            kept.append(run)
    begin = lambda stretch: rfc3339((first + stretch) * length + MONDAY)
    out = []
    for _, start, end, thing, own, rest, found in kept:
        inside = [here for stretch, here, _ in parts if start <= stretch < end]
        outside = [here for stretch, here, _ in parts if not start <= stretch < end]
        places = []
        for name in watched:
            here = share(sum(name in part for part in inside), len(inside), confidence)
            there = share(sum(name in part for part in outside), len(outside), confidence)
            places.append({"touchpoint": name, "share": here, "rest": there, "difference": share_difference(there, here)})
        best = None
        for place, p in judged(places, lambda place: place["difference"]["p_value"], rate):
            size = lambda one: round(abs(one["difference"]["cohen_h"]) * 1e9)
            if p is not None and p <= rate and (best is None or size(place) > size(best)):
                best = {**place, "p_adjusted": p}
        out.append({"touchpoint": thing, "since": begin(start), "until": begin(end), "conversion": own, "rest": rest,
                    "difference": found, "p_adjusted": max(worse[thing, stretch] for stretch in range(start, end)),
                    "distinctive": best})
    return {"stretches": count, "stretch_seconds": length / 1e6, "parts": len(parts),
            "tests": sum(bool(test["found"]) and test["found"]["p_value"] is not None for test in tests), "rows": out}


@question
def report(log, map=None, conversion=(), attributes=(), findings=5, min_n=20, limit=25, false_discovery_rate=0.05,
           confidence=0.95):
    rate, total = false_discovery_rate, len(log)
    conversion = list(conversion)
    if map and not conversion:
        held = {event.touchpoint for events in log.values() for event in events}
        conversion = [id for id in map.get("outcome", {}).get("conversions", []) if id in held]
    candidates = []  # (finding, supported)

    def add(kind, section, unit, figure, of, other, other_of, affected, impact, p, supported, n=None, **names):
        hurts = None not in impact and impact[1] > 0
        strength = None if p is None else "very_strong" if p <= 0.001 else "strong" if p <= 0.01 else "moderate"
        value, low, high = figure
        candidates.append(({
            "kind": kind, "section": section, **{name: names.get(name) for name in NAMES}, "unit": unit, "figure": value,
            "low": low, "high": high, "n": n, "of": of, "compared_with": other, "compared_of": other_of,
            "affected": affected, "impact": impact[0], "impact_low": impact[1], "impact_high": impact[2],
            "p_adjusted": p, "strength": strength}, supported and hurts))

    def lost(kind, section, own, rest, difference, p, all_of, **names):
        scale = own["of"] / max(all_of, 1)
        gains = [difference[end] for end in ("difference", "high", "low")]
        impact = [None if gain is None else -gain * scale for gain in gains]
        add(kind, section, "conversion", (own["share"], own["low"], own["high"]), own["of"], rest["share"], rest["of"],
            share(min(own["of"], all_of), all_of, confidence), impact, p,
            p is not None and p <= rate and min(own["of"], rest["of"]) >= min_n, n=own["n"], **names)

    changes = changes_of(log, conversion, min_n, rate, confidence)
    for row in changes["rows"]:
        found = row["distinctive"]
        names = {"distinctive": found["touchpoint"], "distinctive_share": found["share"]["share"],
                 "distinctive_rest": found["rest"]["share"]} if found else {}
        lost("change", "changes", row["conversion"], row["rest"], row["difference"], row["p_adjusted"], changes["parts"],
             touchpoint=row["touchpoint"], since=row["since"], until=row["until"], **names)

    if conversion:
        places = FUNCTIONS["drop_offs"](log, conversion=conversion, confidence=confidence)["touchpoints"]
        n = sum(row["drop_off_rate"]["n"] for row in places)
        of = sum(row["drop_off_rate"]["of"] for row in places)
        compared = []
        for row in places:
            own = row["drop_off_rate"]
            rest = share(n - own["n"], of - own["of"], confidence)
            found = share_difference(rest, own)
            p = found["p_value"] if min(own["of"], rest["of"]) >= min_n else None
            compared.append((row["touchpoint"], own, rest, found, p))
        for (name, own, rest, found, _), p in judged(compared, lambda one: one[4], rate):
            impact = [None if found[end] is None else found[end] * own["of"] / max(total, 1)
                      for end in ("difference", "low", "high")]
            add("drop_off", "drop_offs", "loss", (own["share"], own["low"], own["high"]), own["of"], rest["share"],
                rest["of"], share(min(own["n"], total), total, confidence), impact, p, p is not None and p <= rate,
                n=own["n"], touchpoint=name)

    returns = returns_of(log, conversion, min_n, rate, confidence) if conversion else []
    for row in returns:
        if row["journeys"]["share"] < 0.5:
            lost("rework", "rework", row["conversion"], row["conversion_without"], row["difference"], row["p_adjusted"],
                 total, touchpoint=row["touchpoint"])

    if map:
        found = FUNCTIONS["deviations"](log, map=map, conversion=conversion, confidence=confidence,
                                        false_discovery_rate=rate)
        for row in found["rows"]:
            names = {"touchpoint": row["touchpoint"], "deviation": row["kind"]}
            if not found["conversion"] and row["kind"] == "failing":
                own = row["journeys"]
                figure = own["share"], own["low"], own["high"]
                add("deviation", "deviations", "loss", figure, own["of"], 0.0, None, own, figure, None,
                    own["n"] >= min_n, n=own["n"], **names)
            elif found["conversion"] and row["kind"] in ("ad_hoc", "irregular"):
                lost("deviation", "deviations", row["conversion"], row["conversion_without"], row["difference"],
                     row["p_adjusted"], total, **names)

    if conversion and log:
        for attribute in attributes:
            groups = FUNCTIONS["segments"](log, attribute, conversion=conversion, confidence=confidence,
                                           false_discovery_rate=rate)
            for row in groups["rows"]:
                others = [other["conversion"] for other in groups["rows"] if other is not row]
                rest = share(sum(o["n"] for o in others), sum(o["of"] for o in others), confidence)
                lost("segment", "segments", row["conversion"], rest, row["conversion_difference"],
                     row["conversion_p_adjusted"], groups["journeys"], attribute=attribute, value=row["value"])

    slow = FUNCTIONS["bottlenecks"](log, confidence=confidence)["transitions"]
    times = [row["time"] for row in slow]
    seconds, n = sum(time["total_seconds"] for time in times), sum(time["n"] for time in times)

    def error(time):
        return (time["mean_high_seconds"] - time["mean_seconds"]) / stats.t.ppf((1 + confidence) / 2, time["n"] - 1)

    tested = []
    for row, time in zip(slow, times):
        others = n - time["n"]
        if min(time["n"], others) < min_n:
            continue
        elsewhere = (seconds - time["total_seconds"]) / others
        squares = sum((one["n"] * error(one)) ** 2 for one in times if one is not time and one["n"] > 1)
        both = math.hypot(error(time), math.sqrt(squares) / others)
        if both == 0:
            continue
        excess, freedom = time["mean_seconds"] - elsewhere, time["n"] - 1
        half = float(stats.t.ppf((1 + confidence) / 2, freedom)) * both
        p = float(2 * stats.t.sf(abs(excess / both), freedom))
        tested.append((row, time, elsewhere, others, [excess, excess - half, excess + half], p))
    for (row, time, elsewhere, others, ends, _), p in judged(tested, lambda one: one[5], rate):
        ways = [{(a.touchpoint, b.touchpoint) for a, b in zip(events, events[1:])} for events in log.values()]
        taken = sum((row["source"], row["target"]) in way for way in ways)
        impact = [end * time["n"] / seconds if seconds > 0 else None for end in ends]
        add("bottleneck", "bottlenecks", "seconds",
            (time["mean_seconds"], time["mean_low_seconds"], time["mean_high_seconds"]), time["n"], elsewhere, others,
            share(taken, total, confidence), impact, p, p <= rate, touchpoint=row["source"], target=row["target"])

    kinds = ["change", "step_loss", "drop_off", "rework", "deviation", "segment", "channel_switch", "bottleneck"]
    order = lambda one: (-round(one["impact_low"] * 1e9), kinds.index(one["kind"]),
                         *((one[name] is not None, utf8(one[name] or "")) for name in NAMES[:5]), one["since"] or "")
    told, kept = set(), []
    for one in sorted((one for one, supported in candidates if supported), key=order):
        names = {"change": ["since"], "segment": ["attribute"], "bottleneck": ["touchpoint", "target"]}
        subjects = {(one["kind"], one[name]) for name in names.get(one["kind"], ["touchpoint"])}
        if not subjects & told:
            told |= subjects
            kept.append(one)
    return {"map": map["name"] if map else None, "conversion": conversion, "confidence": confidence,
            "false_discovery_rate": rate, "findings": kept[:findings], "findings_supported": len(kept),
            "findings_looked_at": len(candidates), "changes": changes, "returns": returns[:limit],
            "returns_left_out": max(0, len(returns) - limit)}


# ----------------------------------------------------------------------------------------------------------- cases

FIELDS = ["map", "conversion", "confidence", "false_discovery_rate", "findings", "findings_supported",
          "findings_looked_at", "changes", "returns", "returns_left_out"]


def many(*kinds, apart=60, header="journey,touchpoint,time", **spec):
    """Journeys such as `("cart ship pay", 30, 3)`: so often that path, from that day on, an event a minute; `extra` are
    columns of all its rows."""
    lines = []
    for kind, (path, times, day, *extra) in enumerate(kinds):
        for number in range(times):
            for place, name in enumerate(path.split()):
                after = day * 86400 + place * apart
                lines.append(",".join([f"k{kind}n{number}", name, str(after), *extra]))
    return rows(*lines, header=header, options={"time_format": "epoch_s", **spec})


LOOP = many(("cart ship cart pay", 8, 0), ("cart ship cart", 32, 0), ("cart pay", 36, 0), ("cart ship", 24, 0))
WEEKS = many(*((path, times, day) for day in range(20) for path, times in
               ([("cart pay", 4), ("cart help", 14), ("cart", 6)] if day in (8, 9) else
                [("cart pay", 14), ("cart help", 6), ("cart", 4)])))
PHONES = many(("cart pay", 20, 0, "phone"), ("cart", 80, 0, "phone"), ("cart pay", 60, 0, "desktop"),
              ("cart", 40, 0, "desktop"), header="journey,touchpoint,time,platform", attributes=["platform"])
PAY = {"conversion": ["pay"]}

case("report", "who comes back to the cart is lost", "40 of 100 journeys come back to the cart: 8 pay of them, 36 of the "
     "60 others. The difference is 0.2 - 0.6 = -0.4, and 40 of 100 journeys have it: an impact of 0.16. The intervals "
     "are Wilson's and Newcombe's from SciPy's, p-values SciPy's.", LOOP, options=PAY, fields=FIELDS,
     hand={"conversion": ["pay"], "returns_left_out": 0})
case("report", "two bad days are one change", "20 days with 24 journeys each; 14 pay on 18 of them, 4 on the ninth and "
     "tenth. Of these 48 parts 8 convert, of the 432 others 252.", WEEKS, options=PAY,
     fields=["conversion", "changes", "findings_looked_at"])
case("report", "a group does worse", "20 of 100 journeys on a phone pay, 60 of 100 others: the impact is 0.4 of half the "
     "journeys, 0.2.", PHONES, options={**PAY, "attributes": ["platform"]}, fields=FIELDS)
case("report", "one finding is asked for", "The same, cut after the first; how many are supported stays.", PHONES,
     options={**PAY, "attributes": ["platform"], "findings": 1}, fields=FIELDS)
case("report", "few journeys are no finding", "With at least 101 journeys on either side nothing can be supported.", PHONES,
     options={**PAY, "attributes": ["platform"], "min_n": 101}, fields=FIELDS,
     hand={"findings": [], "findings_supported": 0})
case("report", "without a conversion who breaks off the map is lost", "30 of 100 journeys end at the cart, before the "
     "map's exit: 0.3 of all, with Wilson's interval; nothing is compared, so there is no p-value.",
     many(("visit cart pay", 70, 0), ("visit cart", 30, 0)), map=graph("visit-cart cart-pay"), fields=FIELDS,
     hand={"map": "Shop", "conversion": []})
case("report", "the conversion is that of the map", "The map's outcome names it.", LOOP,
     map=graph("cart-ship ship-pay", conversions=["pay"]), fields=FIELDS, hand={"conversion": ["pay"]})
case("report", "one way takes longer than the others", "30 journeys go from a to b in 180 seconds on average, 30 from c to d "
     "in 140: 20 more than the mean of all, of 30 times, in 9600 seconds.",
     rows(*(line for n in range(60) for line in
            (f"j{n},{'a' if n < 30 else 'c'},0", f"j{n},{'b' if n < 30 else 'd'},{(100 if n < 30 else 60) + 40 * (n % 5)}")),
          options={"time_format": "epoch_s"}), fields=FIELDS)
case("report", "an empty log has an empty report", "There is nothing to look at.", EMPTY, fields=FIELDS,
     hand={"findings": [], "findings_looked_at": 0, "conversion": [], "returns": []})
case("report", "no findings at all cannot be asked for", "At least one.", LOOP, options={"findings": 0}, error="invalid_option")
case("report", "a conversion that the log does not have is refused", "It is a misspelling.", LOOP,
     options={"conversion": ["pya"]}, error="unknown_touchpoint")
case("report", "an attribute that the log does not have is refused", "It is a misspelling.", PHONES,
     options={"attributes": ["platfrom"]}, error="invalid_option")
