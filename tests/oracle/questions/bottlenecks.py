"""bottlenecks: where is time lost, where are customers lost? The reference, and the cases with starts, calendar and trend.

Written from the definitions: business time adds up the open spans of one day after the other; idle time adds up the gaps
of edeaR's cumulative sum of starts and completions, by pandas; trends come from SciPy.
"""

import itertools
import json
from datetime import date, datetime, timedelta

import numpy
import pandas
from builders import EMPTY, TWO, case, rows
from oracle import DATA, EPOCH, cut, fewest, paths_of, question, share, time_stats, utf8, visits
from scipy import stats

DAY = 86_400 * 10**6
WEEK = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


def business(calendar, begin, end):
    """Microseconds from begin to end, as the company counts them: day after day."""
    if calendar is None:
        return end - begin
    zone = calendar.get("time_zone", "+00:00")
    zone = "+00:00" if zone == "UTC" else zone
    offset = datetime.strptime(zone, "%z").utcoffset() // timedelta(microseconds=1)
    begin, end = begin + offset, end + offset
    office = [{}] if "hours" not in calendar else calendar["hours"]
    holidays = {date.fromisoformat(day) for day in calendar.get("holidays", [])}
    open_time = 0
    for day in range(begin // DAY, end // DAY + 1):
        today = (EPOCH + timedelta(days=day)).date()
        minutes = numpy.zeros(24 * 60, dtype=bool)
        for hours in office:
            if WEEK[today.weekday()] in hours.get("weekdays", WEEK[:5]) and today not in holidays:
                opens, closes = ([int(part) for part in hours.get(field, default).split(":")]
                                 for field, default in [("opens", "09:00"), ("closes", "17:00")])
                minutes[opens[0] * 60 + opens[1]:closes[0] * 60 + closes[1]] = True
        for minute in numpy.flatnonzero(minutes):
            at = day * DAY + int(minute) * 60 * 10**6
            open_time += max(0, min(end, at + 60 * 10**6) - max(begin, at))
    return open_time


def reached(path, steps):
    """How many of the steps a journey reaches, in order; one event fills one step."""
    level = 0
    for touchpoint in path:
        if level < len(steps) and touchpoint == steps[level]:
            level += 1
    return level


def begin_of(event):
    """An event whose start is not known takes no time."""
    return event.time if event.start is None else event.start


def idle_time(events, calendar):
    """edeaR: +1 at each start, -1 at each completion; where the sum is 0, nothing is going on."""
    changes = pandas.DataFrame([(begin_of(event), 0, 1) for event in events]
                               + [(event.time, 1, -1) for event in events], columns=["at", "order", "change"])
    changes = changes.sort_values(["at", "order"])
    changes["open"] = changes["change"].cumsum()
    changes["until"] = changes["at"].shift(-1)
    gaps = changes[changes["open"] == 0].dropna()
    return sum(business(calendar, int(a), int(b)) for a, b in zip(gaps["at"], gaps["until"]))


def theil_sen(days, seconds):
    """SciPy's slope of all pairs; of more than 100,000 pairs those at every so-many-th distance in the order of time."""
    n, pairs = len(days), len(days) * (len(days) - 1) // 2
    if pairs <= 100_000:
        apart = sum(a != b for a, b in itertools.combinations(days, 2))
        return float(stats.theilslopes(seconds, days).slope), apart
    x, y = numpy.array(sorted(zip(days, seconds))).T
    step = min(-(-pairs // 100_000), n // 2)
    across = numpy.concatenate([x[distance:] - x[:-distance] for distance in range(step, n, step)])
    up = numpy.concatenate([y[distance:] - y[:-distance] for distance in range(step, n, step)])
    slopes = up[across > 0] / across[across > 0]
    return float(numpy.median(slopes)), len(slopes)


def trend(points):
    """Spearman and, by Theil and Sen, the slope of (time it began, microseconds it took)."""
    if len(points) < 20:
        return None
    first = min(at for at, _ in points)
    days = [(at - first) / DAY for at, _ in points]
    seconds = [micros / 1e6 for _, micros in points]
    if len(set(days)) == 1 or len(set(seconds)) == 1:
        return None
    found = stats.spearmanr(days, seconds)
    slope, pairs = theil_sen(days, seconds)
    median = float(numpy.median(seconds))
    return {"n": len(points), "period_days": max(days), "rho": float(found.statistic), "p_value": float(found.pvalue),
            "slope": slope, "pairs": pairs, "change": slope * max(days) / median if median else None}


@question
def bottlenecks(log, steps=(), calendar=None, pareto=0.8, limit=None, confidence=0.95):
    started = any(event.start is not None for events in log.values() for event in events)
    by_way, by_touchpoint, waits_for = {}, {}, {}
    total = waited = 0
    for events in log.values():
        for place, event in enumerate(events):
            here = waits_for.setdefault((event.touchpoint,), {"waiting": [], "service": [], "sojourn": []})
            service = business(calendar, begin_of(event), event.time)
            if event.start is not None:
                here["service"].append(service)
            if place == 0:
                continue
            before = events[place - 1]
            elapsed = business(calendar, before.time, event.time)
            waiting = business(calendar, before.time, begin_of(event)) if begin_of(event) > before.time else 0
            total, waited = total + elapsed, waited + waiting
            way = by_way.setdefault((before.touchpoint, event.touchpoint),
                                    {"elapsed": [], "begun": [], "waiting": [], "service": [], "sojourn": []})
            way["elapsed"].append(elapsed)
            way["begun"].append(before.time)
            for group in (way, here):
                group["waiting"].append(waiting)
                group["sojourn"].append(waiting + service)
            if event.start is not None:
                way["service"].append(service)
            by_touchpoint.setdefault((before.touchpoint,), []).append(elapsed)
    measure = "waiting" if started else "elapsed"
    all_delay = waited if started else total

    def parts(group):
        return {part: time_stats(group[part], confidence) if started else None for part in ("waiting", "service", "sojourn")}

    def ranked(found, fields):
        """Rows with the largest delay first, flagged."""
        found.sort(key=lambda row: (-row[0], [utf8(name) for name in row[1]]))
        flagged = fewest([delay for delay, *_ in found], pareto)
        return [{**dict(zip(fields, names)), **row, "delay_share": delay / all_delay if all_delay else None,
                 "bottleneck": place < flagged} for place, (delay, names, row) in enumerate(found)]

    ways = ranked([(sum(group[measure]), names, {"time": time_stats(group["elapsed"], confidence), **parts(group)})
                   for names, group in by_way.items()], ("source", "target"))
    for row in ways:
        group = by_way[row["source"], row["target"]]
        row["trend"] = trend(list(zip(group["begun"], group[measure]))) if row["bottleneck"] else None
    tested = [row["trend"] for row in ways if row["trend"]]
    for found, p in zip(tested, stats.false_discovery_control([t["p_value"] for t in tested]) if tested else []):
        slope, pairs, change = found.pop("slope"), found.pop("pairs"), found.pop("change")
        significant = bool(p < 0.01)
        found |= {"p_adjusted": float(p), "significant": significant,
                  "slope_seconds_per_day": slope if significant else None,
                  "slope_pairs": pairs if significant else 0,
                  "change": change if significant else None,
                  "flagged": significant and change is not None and abs(change) >= 0.1}
    if started:
        at = [(sum(group["waiting"]), names, {"time": time_stats(by_touchpoint.get(names, []), confidence), **parts(group)})
              for names, group in waits_for.items()]
    else:
        at = [(sum(group), names, {"time": time_stats(group, confidence), "waiting": None, "service": None, "sojourn": None})
              for names, group in by_touchpoint.items()]
    at = ranked(at, ("touchpoint",))

    if steps:
        level = [reached(path, steps) for path in paths_of(log)]
        counts = [sum(l > k for l in level) for k in range(len(steps))]
        legs = [(steps[k], steps[k + 1], counts[k], counts[k + 1]) for k in range(len(steps) - 1)]
    else:
        legs = [(name, None, at["journeys"], at["journeys"] - at["ends"]) for name, at in visits(log).items()]
    legs.sort(key=lambda leg: leg[3] - leg[2])  # the largest loss first, ties as they stand
    flagged = fewest([came - went for _, _, came, went in legs], pareto)
    lowest = min((went / came for _, _, came, went in legs if came > went), default=None)
    conversions, conversions_left_out = cut([
        {"source": a, "target": b, "conversion": share(went, came, confidence), "lost": came - went,
         "bottleneck": place < flagged, "lowest_conversion": came > went and went / came == lowest}
        for place, (a, b, came, went) in enumerate(legs)], limit)

    whole = [(business(calendar, min(begin_of(event) for event in events), max(event.time for event in events)),
              idle_time(events, calendar)) for events in log.values()] if started else []
    ways, ways_left_out = cut(ways, limit)
    at, touchpoints_left_out = cut(at, limit)
    return {"journeys": len(log), "measure": measure, "total_seconds": total / 1e6,
            "total_waiting_seconds": waited / 1e6 if started else None,
            "journey_times": {"throughput": time_stats([all for all, _ in whole], confidence),
                              "processing": time_stats([all - idle for all, idle in whole], confidence),
                              "idle": time_stats([idle for _, idle in whole], confidence)} if started else None,
            "transitions": ways, "transitions_left_out": ways_left_out,
            "touchpoints": at, "touchpoints_left_out": touchpoints_left_out,
            "conversions": conversions, "conversions_left_out": conversions_left_out}


# ---------------------------------------------------------------------------------------------------- starts

def worked(*lines, **more):
    """A log of events with a start, such as `ann,test,@10:00,@10:20`."""
    return rows(*lines, header="journey,touchpoint,start,time", options={"start": "start", **more})


CLINIC = worked("ann,register,@10:00,@10:10", "ann,test,@10:30,@11:00", "ann,talk,@10:50,@11:20",
                "bob,register,@10:00,@10:20", "bob,test,@11:00,@11:10")
NO_START = {"measure": "elapsed", "total_waiting_seconds": None, "journey_times": None}
case("bottlenecks", "where events take time, the delay is what customers wait",
     "register to test: ann waits 10:10 to 10:30, 20 min, bob 10:20 to 11:00, 40 min; the test takes 30 and 10 min, so "
     "the sojourn is 50 and 50 min. Talk begins before ann's test is complete: she waits 0 and not -10 min. All waiting is "
     "60 min, all of it for the test; between completions lie 50 + 20 + 50 = 120 min",
     CLINIC, hand={"measure": "waiting", "total_seconds": 7200.0, "total_waiting_seconds": 3600.0,
                   "transitions": [{"source": "register", "target": "test", "delay_share": 1.0, "bottleneck": True,
                                    "time": {"n": 2, "total_seconds": 6000.0},
                                    "waiting": {"n": 2, "total_seconds": 3600.0, "median_seconds": 1800.0},
                                    "service": {"n": 2, "total_seconds": 2400.0},
                                    "sojourn": {"min_seconds": 3000.0, "max_seconds": 3000.0}},
                                   {"source": "test", "target": "talk", "delay_share": 0.0, "bottleneck": False,
                                    "waiting": {"total_seconds": 0.0}, "service": {"total_seconds": 1800.0},
                                    "sojourn": {"total_seconds": 1800.0}, "time": {"total_seconds": 1200.0}}]})
case("bottlenecks", "at a touchpoint, waiting is what comes before it and time is what comes after",
     "customers wait for the test, 60 min; nobody waits for the register, where journeys begin, and nothing comes after "
     "talk. Ties of waiting, 0 and none, by name", CLINIC, fields=["touchpoints"],
     hand={"touchpoints": [
         {"touchpoint": "test", "waiting": {"total_seconds": 3600.0}, "service": {"total_seconds": 2400.0},
          "time": {"n": 1, "total_seconds": 1200.0}, "delay_share": 1.0, "bottleneck": True},
         {"touchpoint": "register", "waiting": None, "sojourn": None, "service": {"n": 2, "total_seconds": 1800.0},
          "time": {"n": 2, "total_seconds": 6000.0}, "delay_share": 0.0, "bottleneck": False},
         {"touchpoint": "talk", "waiting": {"n": 1, "total_seconds": 0.0}, "time": None, "delay_share": 0.0}]})
case("bottlenecks", "a journey is idle while none of its events is going on",
     "ann: 10:00 to 11:20 is 80 min, idle 10:10 to 10:30; test and talk overlap and count once: 60 min of processing. bob: "
     "70 min, idle for 40, processing 30", CLINIC, fields=["journey_times"],
     hand={"journey_times": {"throughput": {"min_seconds": 4200.0, "max_seconds": 4800.0},
                             "idle": {"min_seconds": 1200.0, "max_seconds": 2400.0, "mean_seconds": 1800.0},
                             "processing": {"min_seconds": 1800.0, "max_seconds": 3600.0, "total_seconds": 5400.0}}})
case("bottlenecks", "an event that began before all others sets the start of the journey",
     "the call of 9:00 to 12:00 is complete last, and lies around all else: 3 h of throughput, no idle time; customers "
     "wait 30 min for the form, and not at all for the call", fields=["total_waiting_seconds", "journey_times"],
     log=worked("ann,mail,@09:30,@09:30", "ann,form,@10:00,@10:10", "ann,call,@09:00,@12:00"),
     hand={"total_waiting_seconds": 1800.0,
           "journey_times": {"throughput": {"total_seconds": 10800.0}, "idle": {"total_seconds": 0.0},
                             "processing": {"total_seconds": 10800.0}}})
case("bottlenecks", "an event whose start is not known takes no time, and no service is made up for it",
     "visit 10:00, call 10:05 to 10:15, pay 10:30: 5 min of waiting for the call, 15 for pay; the call alone has a service "
     "time, and the sojourns are 15 and 15 min",
     worked("ann,visit,,@10:00", "ann,call,@10:05,@10:15", "ann,pay,,@10:30"),
     hand={"total_waiting_seconds": 1200.0, "total_seconds": 1800.0,
           "transitions": [{"target": "pay", "service": None, "waiting": {"total_seconds": 900.0},
                            "sojourn": {"total_seconds": 900.0}, "delay_share": 0.75},
                           {"target": "call", "service": {"total_seconds": 600.0}, "waiting": {"total_seconds": 300.0},
                            "sojourn": {"total_seconds": 900.0}, "delay_share": 0.25}],
           "journey_times": {"idle": {"total_seconds": 1200.0}}})
case("bottlenecks", "without starts nothing is known of waiting", "events are moments: what lies between is time", TWO,
     fields=["measure", "total_waiting_seconds", "journey_times", "transitions", "touchpoints"], hand={**NO_START, "transitions": [{"waiting": None, "service": None, "sojourn": None, "trend": None}],
           "touchpoints": [{"waiting": None, "service": None, "sojourn": None}]})
case("bottlenecks", "where all overlaps nobody waits", "0 of 0 seconds of waiting is no share",
     worked("ann,a,@10:00,@11:00", "ann,b,@10:30,@11:30"),
     hand={"total_waiting_seconds": 0.0, "transitions": [{"delay_share": None, "bottleneck": False}],
           "touchpoints": [{"touchpoint": "a", "delay_share": None}, {"touchpoint": "b", "delay_share": None}]})
case("bottlenecks", "an end before its start is refused", "complete at 10:00, begun at 10:01",
     worked("ann,a,@10:01,@10:00"), error="invalid_log")

# -------------------------------------------------------------------------------------------------- lifecycle


def staged(*lines, instance=None, skipped=None):
    """A log of rows such as `ann,test,@10:00,start`."""
    options = {"lifecycle": "stage", **({"instance": "id"} if instance else {}),
               **({"lifecycle_skipped": skipped} if skipped else {})}
    return rows(*lines, header="journey,touchpoint,time,stage" + (",id" if instance else ""), options=options)


def summed(*waits, service):
    return {"total_waiting_seconds": float(sum(waits)),
            "touchpoints": [{"touchpoint": "test", "service": {"n": len(service), "total_seconds": float(sum(service)),
                                                               "max_seconds": float(max(service))}}]}


case("bottlenecks", "the rows of a start and of a completion are one event, first in, first out",
     "two tests run at once: starts at 10:00 and 10:05, completions at 10:10 and 10:30: 10 and 25 min; the second began "
     "before the first was complete: no waiting",
     staged("ann,test,@10:00,start", "ann,test,@10:05,START", "ann,test,@10:10,Complete", "ann,test,@10:30,complete"),
     fields=["total_waiting_seconds", "touchpoints"], hand=summed(0, service=[600, 1500]))
case("bottlenecks", "an instance joins a start to its own completion",
     "the same times, but the second test is complete first: 5 and 30 min",
     staged("ann,test,@10:00,start,1", "ann,test,@10:05,start,2", "ann,test,@10:10,complete,2",
            "ann,test,@10:30,complete,1", instance=True),
     fields=["total_waiting_seconds", "touchpoints"], hand=summed(0, service=[300, 1800]))
case("bottlenecks", "a row that finds no partner is an event of its own",
     "the test of 10:00 is complete at 10:10; that of 10:20 never, so it counts at 10:20, after 10 min of waiting; the "
     "completion at 9:50 has no start: 10 min until 10:00",
     staged("ann,test,@09:50,complete", "ann,test,@10:00,start", "ann,test,@10:10,complete", "ann,test,@10:20,start"),
     fields=["total_seconds", "total_waiting_seconds", "touchpoints"],
     hand={"total_seconds": 1800.0, **summed(600, 600, service=[600])})
case("bottlenecks", "stages that are named are passed over, an empty one is a completion",
     "a pause from 10:05 to 10:15 is part of the 20 min of service",
     staged("ann,test,@10:00,start", "ann,test,@10:05,suspend", "ann,test,@10:15,resume", "ann,test,@10:20,",
            skipped=["Suspend", "resume"]),
     fields=["total_waiting_seconds", "touchpoints"], hand=summed(service=[1200]))
case("bottlenecks", "a stage that is neither start nor completion is refused", "nobody said what becomes of its row",
     staged("ann,test,@10:00,suspend"), error="invalid_log")
case("bottlenecks", "an instance that is complete before it starts is refused", "10:00 is before 10:01",
     staged("ann,test,@10:01,start,1", "ann,test,@10:00,complete,1", instance=True), error="invalid_log")
for _why, _options in [
    ("a start is a column or a row, not both", {"lifecycle": "journey", "start": "time"}),
    ("instances join rows, and no column tells these apart", {"instance": "journey"}),
    ("rows are passed over by their stage, and there is none", {"lifecycle_skipped": ["suspend"]}),
]:
    case("bottlenecks", f"refused: {_why}", _why, rows("ann,visit,@10:00", options=_options), error="invalid_option")

# --------------------------------------------------------------------------------------------------- calendar

SHOP = {"weekdays": ["monday", "saturday"], "opens": "10:00", "closes": "24:00"}
NIGHT = rows("ann,visit,2024-03-15 16:00", "ann,pay,2024-03-18 10:30", "bob,visit,2024-03-13 10:00",
             "bob,pay,2024-03-13 12:30")
case("bottlenecks", "business time stands still while the company is closed",
     "ann, Friday 16:00 to Monday 10:30: one hour on Friday and one and a half on Monday; bob, within a day: 2.5 h",
     NIGHT, options={"calendar": {}}, fields=["measure", "total_seconds", "total_waiting_seconds", "journey_times",
                                              "transitions"],
     hand={"total_seconds": 18000.0, **NO_START, "transitions": [
         {"time": {"min_seconds": 9000.0, "max_seconds": 9000.0}}]})
case("bottlenecks", "on a holiday the company is closed", "without the Monday, ann has one hour left", NIGHT,
     options={"calendar": {"holidays": ["2024-03-18", "2024-12-25"]}}, fields=["transitions"],
     hand={"transitions": [{"time": {"min_seconds": 3600.0, "max_seconds": 9000.0}}]})
case("bottlenecks", "hours have an offset of their own",
     "at +02:00 ann is there from Friday 18:00, after closing time, to Monday 12:30: 3.5 h; bob's 12:00 to 14:30: 2.5 h",
     NIGHT, options={"calendar": {"time_zone": "+02:00"}}, fields=["transitions"],
     hand={"transitions": [{"time": {"min_seconds": 9000.0, "max_seconds": 12600.0}}]})
case("bottlenecks", "each weekday may have hours of its own, and those that overlap count once",
     "Saturday and Monday 10:00 to midnight, and Monday 9:00 to 10:15: ann's Saturday has 14 h, her Monday 1.5 h; "
     "bob's Wednesday is closed", NIGHT, fields=["total_seconds", "transitions"],
     options={"calendar": {"hours": [SHOP, {"weekdays": ["monday"], "opens": "09:00", "closes": "10:15"}]}},
     hand={"total_seconds": 15.5 * 3600, "transitions": [{"time": {"min_seconds": 0.0}}]})
case("bottlenecks", "service and idle time are business time too",
     "the repair lasts from Friday 15:00 to Monday 11:00: 2 + 2 h of service; waited for from Thursday 16:00: 1 h on "
     "Thursday, 6 on Friday; throughput from Thursday 15:00: 2 + 8 + 2 = 12 h, of which one is the call",
     worked("ann,call,2024-03-14 15:00,2024-03-14 16:00", "ann,repair,2024-03-15 15:00,2024-03-18 11:00"),
     options={"calendar": {}}, fields=["total_waiting_seconds", "transitions", "journey_times"],
     hand={"total_waiting_seconds": 7 * 3600.0, "transitions": [{"service": {"total_seconds": 4 * 3600.0},
                                                                 "sojourn": {"total_seconds": 11 * 3600.0}}],
           "journey_times": {"throughput": {"total_seconds": 12 * 3600.0}, "idle": {"total_seconds": 7 * 3600.0},
                             "processing": {"total_seconds": 5 * 3600.0}}})
case("bottlenecks", "weeks around 1970 and years apart",
     "2019-12-30 is a Monday and 2024-12-30 too, 261 weeks apart: 261 x 40 h; 1969-12-29 to 1970-01-05: a week, 40 h",
     rows("ann,a,2019-12-30", "ann,b,2024-12-30", "bob,a,1969-12-29 05:00", "bob,b,1970-01-05 06:00"),
     options={"calendar": {"time_zone": "UTC"}}, fields=["transitions"],
     hand={"transitions": [{"time": {"min_seconds": 144000.0, "max_seconds": 261 * 144000.0}}]})
case("bottlenecks", "an empty log with a calendar", "nothing to count", EMPTY, options={"calendar": {}},
     hand={**NO_START, "total_seconds": 0.0})
for _what, _calendar in [
    ("without hours", {"hours": []}), ("without weekdays", {"hours": [{"weekdays": []}]}),
    ("that closes before it opens", {"hours": [{"opens": "22:00", "closes": "06:00"}]}),
    ("with a time of day that is none", {"hours": [{"opens": "9"}]}),
    ("that closes after midnight", {"hours": [{"closes": "24:01"}]}),
    ("with a weekday that does not exist", {"hours": [{"weekdays": ["mon"]}]}),
    ("with a holiday that is no date", {"holidays": ["2024-02-30"]}),
    ("in a zone by name", {"time_zone": "Europe/Rome"}), ("with a field that does not exist", {"open": "09:00"}),
]:
    case("bottlenecks", f"a calendar {_what} is refused", "the documentation says what a calendar is", TWO,
         options={"calendar": _calendar}, error="invalid_option")

# ------------------------------------------------------------------------------------------------------ trend


def days(durations):
    """A journey a day from a to b, each in so many seconds; at the same time a steady one from c to d."""
    lines = []
    for day, seconds in enumerate(durations):
        at = datetime(2024, 1, 1) + timedelta(days=day)
        lines += [f"j{day},a,{at}", f"j{day},b,{at + timedelta(seconds=seconds)}"]
        lines += [f"k{day},c,{at}", f"k{day},d,{at + timedelta(seconds=500 + 100 * (day * 7 % 4))}"]
    return rows(*lines)


def found(**fields):
    return {"transitions": [{"source": "a", "trend": fields}, {"source": "c"}]}


RISING = [1000 + 10 * day + 80 * (day % 2) for day in range(24)]
case("bottlenecks", "a bottleneck that grows slower from day to day is flagged",
     "24 days, of which every second is 80 s slower: pairs an even number of days apart have slope 10, so the median of "
     "slopes is 10 s a day (SciPy's theilslopes agrees); 23 days x 10 s = 230 s are more than 10 % of the median 1155 s",
     days(RISING), fields=["transitions"],
     hand=found(n=24, period_days=23.0, slope_seconds_per_day=10.0, slope_pairs=276, significant=True, flagged=True))
case("bottlenecks", "of nineteen times there is no trend", "n has to be 20", days(RISING[:19]), fields=["transitions"],
     hand={"transitions": [{"source": "a", "trend": None}, {"source": "c", "trend": None}]})
case("bottlenecks", "times that come and go have no trend", "each value is there in both halves of the time",
     days([1000 + 10 * (day % 5) for day in range(20)]), fields=["transitions"],
     hand=found(n=20, significant=False, flagged=False, slope_seconds_per_day=None, slope_pairs=0, change=None))
case("bottlenecks", "a trend too small to matter is significant and not flagged",
     "1 s a day: in 23 days 23 s, 2 % of the median; two days in three are 1.5 s slower, which keeps the order from being "
     "perfect: SciPy's p-value is far below 0.01",
     days([1000 + day + 6 * (day % 3) for day in range(24)]), fields=["transitions"],
     hand=found(significant=True, flagged=False))
case("bottlenecks", "times that never vary have no trend", "without any variation there is no rank correlation",
     days([5000] * 20), fields=["transitions"], hand={"transitions": [{"source": "a", "trend": None}, {"source": "c"}]})
case("bottlenecks", "where events take time, the trend is that of the waiting",
     "the service of 10 min is the same on every day; the waiting grows",
     worked(*(line for day, wait in enumerate(RISING)
              for at in [datetime(2024, 1, 1) + timedelta(days=day)]
              for line in [f"j{day},a,{at},{at}", f"j{day},b,{at + timedelta(seconds=wait)},"
                           f"{at + timedelta(seconds=wait + 600)}"])), fields=["measure", "transitions"],
     hand={"measure": "waiting", "transitions": [{"trend": {"slope_seconds_per_day": 10.0, "flagged": True}}]})

# ------------------------------------------------------------------------------------------------------ files

_EXPECTED = json.loads((DATA / "patients" / "expected.json").read_text())
_PATIENTS = {"file": "patients/patients.csv",
             "options": {"journey": "patient", "touchpoint": "handling", "lifecycle": "registration_type",
                         "instance": "handling_id"}}


def _service(name):
    expected = _EXPECTED["service_time_s"][name]
    return {"n": expected["n"], "total_seconds": expected["sum"], "mean_seconds": expected["mean"],
            "median_seconds": expected["median"], "p90_seconds": expected["p90"], "p95_seconds": expected["p95"],
            "min_seconds": expected["min"], "max_seconds": expected["max"]}


# Seconds waited for each handling: a pivot of the starts and completions, and a shift, in pandas.
_WAITED_FOR = {"Check-out": 55905994.0, "X-Ray": 49693542.0, "Discuss Results": 44935608.0, "Blood test": 43094037.0,
               "Triage and Assessment": 23255677.0, "MRI SCAN": 21582586.0, "Registration": None}
case("bottlenecks", "what patients wait for, and how long each handling takes",
     "service times are those of tests/data/patients/expected.json, service_time_s; waiting and throughput, 238,467,444 and "
     "288,416,486 s, come from pandas, which joined starts and completions by handling_id",
     _PATIENTS, fields=["journeys", "measure", "total_seconds", "total_waiting_seconds", "journey_times", "touchpoints"],
     hand={"journeys": 500, "total_waiting_seconds": 238467444.0,
           "journey_times": {"throughput": {"n": 500, "total_seconds": 288416486.0, "median_seconds": 525788.0,
                                            "min_seconds": 129262.0, "max_seconds": 1996424.0}},
           "touchpoints": [{"touchpoint": name, "service": _service(name),
                            "waiting": None if waited is None else {"total_seconds": waited}}
                           for name, waited in _WAITED_FOR.items()]})
case("bottlenecks", "patients joined without their instances",
     "no patient has the same handling twice, so first in, first out joins the same rows", {
         **_PATIENTS, "options": {name: value for name, value in _PATIENTS["options"].items() if name != "instance"}},
     fields=["total_waiting_seconds", "touchpoints"], options={"limit": 1})
