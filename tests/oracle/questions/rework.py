"""The reference and the cases of `rework`: what customers do again."""

from collections import Counter
from itertools import groupby

from builders import EMPTY, ODD, ONE, W, case, paths, refusals, rows
from files import LOGS, SESSIONS
from oracle import all_events, count_stats, cut, part, question, share, time_stats, utf8


def runs_of(events):
    """The maximal runs of one touchpoint, each a list of events."""
    return [list(run) for _, run in groupby(events, key=lambda event: event.touchpoint)]


def alternations(path):
    """Maximal pieces of at least four events in which two touchpoints alternate."""
    def alternates(start, end):
        piece = path[start:end]
        return len(piece) >= 2 and piece[0] != piece[1] and all(a == b for a, b in zip(piece, piece[2:]))

    found = []
    for start in range(len(path)):
        if start and alternates(start - 1, start + 1) and alternates(start - 1, start + 2):
            continue  # it began before
        end = start + 2
        while end <= len(path) and alternates(start, end):
            end += 1
        if end - 1 - start >= 4:
            found.append(path[start:end - 1])
    return found


def cycles_of(path, longest):
    """Every piece of 3 to so many events that ends where it began and is not all the same."""
    pieces = [path[start:start + size] for start in range(len(path)) for size in range(3, longest + 1)
              if start + size <= len(path)]
    return [piece for piece in pieces if piece[0] == piece[-1] and len(set(piece)) > 1]


def touchpoint_rework(log, name, confidence):
    """What is done again at a touchpoint, in a log of journeys that visit it."""
    visits = {journey: [(place, event) for place, event in enumerate(events) if event.touchpoint == name]
              for journey, events in log.items()}
    again = {journey: found for journey, found in visits.items() if len(found) > 1}
    runs = {journey: [run for run in runs_of(log[journey]) if run[0].touchpoint == name] for journey in visits}
    channels = {journey: [(found[0][1].channel, event.channel) for _, event in found[1:]]
                for journey, found in again.items()}
    known = [pair for pairs in channels.values() for pair in pairs if None not in pair]
    return {
        "touchpoint": name,
        "events": sum(map(len, visits.values())),
        "rework": sum(len(found) - 1 for found in visits.values()),
        "journeys": share(len(again), len(visits), confidence),
        "self_loops": sum(len(run) > 1 for found in runs.values() for run in found),
        "self_loop_events": sum(len(run) - 1 for found in runs.values() for run in found),
        "repetitions": sum(len(found) - 1 for found in runs.values()),
        "repeats": sum(first == channel for first, channel in known),
        "redos": sum(first != channel for first, channel in known),
        "redo_journeys": sum(any(None not in pair and pair[0] != pair[1] for pair in pairs)
                             for pairs in channels.values()),
        "self_distance": count_stats([min(b - a - 1 for (a, _), (b, _) in zip(found, found[1:]))
                                      for found in again.values()]),
        "first_to_last": time_stats([found[-1][1].time - found[0][1].time for found in again.values()], confidence),
    }


@question
def rework(log, max_cycle_length=5, limit=100, confidence=0.95):
    paths_by_journey = {journey: tuple(event.touchpoint for event in events) for journey, events in log.items()}
    again = [len(path) - len(set(path)) for path in paths_by_journey.values()]
    logs = {event.touchpoint: {} for event in all_events(log)}
    for journey, events in log.items():
        for event in events:
            logs[event.touchpoint][journey] = events
    touchpoints = sorted((touchpoint_rework(logs[name], name, confidence) for name in logs),
                         key=lambda row: (-row["journeys"]["n"], utf8(row["touchpoint"])))
    pairs, counts, journeys = {}, Counter(), Counter()
    for journey, path in paths_by_journey.items():
        for piece in alternations(path):
            pairs.setdefault(tuple(sorted(piece[:2], key=utf8)), []).append((journey, len(piece)))
        found = cycles_of(path, max_cycle_length)
        counts.update(found)
        journeys.update(set(found))
    ping_pongs = [{"touchpoint": a, "other": b, "count": len(found), "longest": max(size for _, size in found),
                   "journeys": share(len({journey for journey, _ in found}), len(log), confidence)}
                  for (a, b), found in pairs.items()]
    ping_pongs.sort(key=lambda row: (-row["journeys"]["n"], -row["count"], utf8(row["touchpoint"]), utf8(row["other"])))
    order = sorted(counts, key=lambda cycle: (-journeys[cycle], -counts[cycle], [utf8(name) for name in cycle]))
    shown, cycles_left_out = cut(order, limit)
    touchpoints, touchpoints_left_out = cut(touchpoints, limit)
    ping_pongs, ping_pongs_left_out = cut(ping_pongs, limit)
    return {
        "journeys": len(log), "rework": part(sum(again), len(all_events(log))),
        "journeys_with_rework": share(sum(count > 0 for count in again), len(log), confidence),
        "per_journey": count_stats(again),
        "touchpoints": touchpoints, "touchpoints_left_out": touchpoints_left_out,
        "ping_pongs": ping_pongs, "ping_pongs_left_out": ping_pongs_left_out,
        "cycles": [{"touchpoints": list(cycle), "count": counts[cycle],
                    "journeys": share(journeys[cycle], len(log), confidence)} for cycle in shown],
        "cycles_left_out": cycles_left_out,
    }


case("rework", "an empty log has no rework", "nothing to count", EMPTY,
     hand={"journeys": 0, "rework": {"n": 0, "of": 0}, "journeys_with_rework": {"n": 0, "of": 0}, "per_journey": None,
           "touchpoints": [], "ping_pongs": [], "cycles": [], "touchpoints_left_out": 0, "ping_pongs_left_out": 0,
           "cycles_left_out": 0})
case("rework", "a visited once: its self-distance is infinite, so there is none",
     W + "Section 4 of the methods: <a> = infinity", paths("a"),
     hand={"rework": {"n": 0, "of": 1}, "journeys_with_rework": {"n": 0, "of": 1},
           "per_journey": {"n": 1, "total": 0, "max": 0},
           "touchpoints": [{"touchpoint": "a", "events": 1, "rework": 0, "journeys": {"n": 0, "of": 1}, "self_loops": 0,
                            "repetitions": 0, "self_distance": None, "first_to_last": None}]})
case("rework", "a a: a self-loop, at distance 0",
     W + "Section 4 of the methods: <a, a> = 0; a run of 2 is a self-loop of size 1", paths("a a"),
     hand={"rework": {"n": 1, "of": 2}, "ping_pongs": [], "cycles": [], "touchpoints": [{
         "touchpoint": "a", "events": 2, "rework": 1, "journeys": {"n": 1, "of": 1}, "self_loops": 1,
         "self_loop_events": 1, "repetitions": 0, "self_distance": {"n": 1, "min": 0, "max": 0},
         "first_to_last": {"total_seconds": 60.0}}]})
case("rework", "a b a: a repetition, at distance 1",
     W + "Section 4 of the methods: <a, b, a> = 1; two runs of a are one repetition; a b a ends where it began",
     paths("a b a"),
     hand={"rework": {"n": 1, "of": 3}, "ping_pongs": [], "cycles": [{"touchpoints": ["a", "b", "a"], "count": 1}],
           "touchpoints": [
               {"touchpoint": "a", "self_loops": 0, "self_loop_events": 0, "repetitions": 1,
                "self_distance": {"n": 1, "min": 1, "median": 1.0}, "first_to_last": {"total_seconds": 120.0}},
               {"touchpoint": "b", "rework": 0, "journeys": {"n": 0, "of": 1}, "self_distance": None}]})
case("rework", "rework is self-loops and repetitions",
     W + "a a a b a a: a five times, four of them again; runs of 3 and 2: two self-loops of sizes 2 and 1, one "
     "repetition; the nearest two stand side by side", paths("a a a b a a", "a b"),
     hand={"rework": {"n": 4, "of": 8}, "journeys_with_rework": {"n": 1, "of": 2},
           "per_journey": {"n": 2, "total": 4, "mean": 2.0, "min": 0, "median": 2.0, "p90": 3.6, "max": 4},
           "touchpoints": [{"touchpoint": "a", "events": 6, "rework": 4, "journeys": {"n": 1, "of": 2}, "self_loops": 2,
                            "self_loop_events": 3, "repetitions": 1, "self_distance": {"min": 0}},
                           {"touchpoint": "b", "events": 2, "rework": 0}]})
case("rework", "the self-distance of a touchpoint, journey by journey",
     W + "a . a: 1; a . . . a . . a: 2, the lesser of 3 and 2; a a: 0. Over the journeys: 0, 1, 2",
     paths("a b a", "a b c d a b c a", "a a", "a b"),
     hand={"touchpoints": [{"touchpoint": "a", "journeys": {"n": 3, "of": 4},
                            "self_distance": {"n": 3, "total": 3, "mean": 1.0, "min": 0, "median": 1.0, "max": 2}},
                           {"touchpoint": "b", "journeys": {"n": 1, "of": 3}, "self_distance": {"n": 1, "min": 3}},
                           {"touchpoint": "c"}, {"touchpoint": "d"}]})
CHANNELS = rows("ann,id,@10:00,web", "ann,id,@10:01,phone", "ann,id,@10:02,phone", "ann,pay,@10:03,web",
                "ann,id,@10:04,web", "bob,id,@10:00,web", "bob,id,@10:01,", "eve,id,@10:00,", "eve,id,@10:01,web",
                "joe,id,@10:00,web", "joe,id,@10:09,web",
                header="journey,touchpoint,time,channel", options={"channel": "channel"})
case("rework", "again on the same channel is a repeat, on another a redo",
     W + "ann begins on the web: twice by phone are two redos, back on the web is a repeat. bob's second and eve's "
     "first channel are not known, so neither is counted; joe repeats. Rework: 3 + 1 + 1 + 1", CHANNELS,
     hand={"rework": {"n": 6, "of": 11}, "touchpoints": [
         {"touchpoint": "id", "rework": 6, "journeys": {"n": 4, "of": 4}, "repeats": 2, "redos": 2, "redo_journeys": 1,
          "self_loops": 4, "self_loop_events": 5, "repetitions": 1}, {"touchpoint": "pay", "rework": 0}]})
case("rework", "without channels there are neither repeats nor redos", W + "a a in a log that names no channel",
     paths("a a"), hand={"touchpoints": [{"rework": 1, "repeats": 0, "redos": 0, "redo_journeys": 0}]})
case("rework", "ping-pong: two touchpoints take turns",
     W + "a b a b is one; b a b a b is one of five, between the same two; a b a is none; a b a b c b c is two that "
     "share an event", paths("a b a b", "b a b a b", "a b a", "a b a b c b c"),
     hand={"ping_pongs": [{"touchpoint": "a", "other": "b", "count": 3, "longest": 5, "journeys": {"n": 3, "of": 4}},
                          {"touchpoint": "b", "other": "c", "count": 1, "longest": 4, "journeys": {"n": 1, "of": 4}}],
           "ping_pongs_left_out": 0})
case("rework", "a run ends a ping-pong",
     W + "a b b a b a: the turns are b a b a; a b a a b a: a b a, twice; neither is longer",
     paths("a b b a b a", "a b a a b a"),
     hand={"ping_pongs": [{"touchpoint": "a", "other": "b", "count": 1, "longest": 4, "journeys": {"n": 1, "of": 2}}]})
case("rework", "twice in one journey is two ping-pongs of one journey", W + "a b a b c a b a b",
     paths("a b a b c a b a b"),
     hand={"ping_pongs": [{"touchpoint": "a", "other": "b", "count": 2, "longest": 4, "journeys": {"n": 1, "of": 1}}]})
case("rework", "a cycle ends where it began, a loop is all the same",
     W + "a a a is no cycle. s c d s: one cycle of four. a b a b a: a b a twice, b a b once, and as a whole a b a b a",
     paths("a a a", "s c d s", "a b a b a"),
     hand={"cycles": [{"touchpoints": ["a", "b", "a"], "count": 2, "journeys": {"n": 1, "of": 3}},
                      {"touchpoints": ["a", "b", "a", "b", "a"], "count": 1},
                      {"touchpoints": ["b", "a", "b"], "count": 1},
                      {"touchpoints": ["s", "c", "d", "s"], "count": 1}], "cycles_left_out": 0})
case("rework", "cycles of more journeys stand first", W + "b a b once in each of two journeys, a c a twice in one",
     paths("b a b", "b a b", "a c a d a c a"), options={"max_cycle_length": 3},
     hand={"cycles": [{"touchpoints": ["b", "a", "b"], "count": 2, "journeys": {"n": 2, "of": 3}},
                      {"touchpoints": ["a", "c", "a"], "count": 2, "journeys": {"n": 1, "of": 3}},
                      {"touchpoints": ["a", "d", "a"], "count": 1}]})
case("rework", "longer cycles only if asked for", W + "a b c d e a has six events", paths("a b c d e a"),
     options={"max_cycle_length": 6}, hand={"cycles": [{"touchpoints": ["a", "b", "c", "d", "e", "a"], "count": 1}]})
case("rework", "by default cycles of at most five events", W + "the same journey", paths("a b c d e a"),
     hand={"cycles": []})
case("rework", "ties stand by name", W + "names by their bytes", paths("b b", "a a", "B B"),
     hand={"touchpoints": [{"touchpoint": "B"}, {"touchpoint": "a"}, {"touchpoint": "b"}]})
case("rework", "names are text, whatever they look like", W + "null is visited again by nobody", ODD,
     hand={"rework": {"n": 0, "of": 7}})
case("rework", "the limit cuts each list and says how much",
     W + "two touchpoints, one ping-pong, two cycles: a b a and b a b", paths("a b a b"), options={"limit": 1},
     hand={"touchpoints": [{"touchpoint": "a"}], "touchpoints_left_out": 1, "ping_pongs_left_out": 0,
           "cycles": [{"touchpoints": ["a", "b", "a"]}], "cycles_left_out": 1})
case("rework", "a limit of 0 lists nothing", "the figures of the log stay", paths("a b a b"), options={"limit": 0},
     hand={"rework": {"n": 2, "of": 4}, "touchpoints": [], "ping_pongs": [], "cycles": [], "touchpoints_left_out": 2,
           "ping_pongs_left_out": 1, "cycles_left_out": 2})
case("rework", "the confidence widens or narrows the intervals", W + "1 of 1 at 80 %", ONE, options={"confidence": 0.8})
case("rework", "the rework of the sessions of ecom",
     W + "plain loops; PM4Py 2.7.23 counts 12,103 events of rework too, and the same journeys and self-distances for "
     "every touchpoint", SESSIONS, options={"limit": 5})
case("rework", "the rework of weblog", W + "plain loops; checked against PM4Py in the same way", LOGS["weblog"],
     options={"limit": 3})
MOBILE = {**SESSIONS, "options": {**SESSIONS["options"], "attributes": ["platform"]}}
CHECKOUT = ["shipping_details", "add_to_cart", "cart", "payment_details", "purchase"]
case("rework", "the checkout loop of mobile sessions in ecom",
     "tests/data/ecom/SOURCE.md: from April 9 to May 9 a bug sends them round from shipping_details over add_to_cart "
     "and cart; seen without the touchpoints outside the checkout",
     {**MOBILE, "select": {"attributes": {"platform": ["mobile"]}, "since": "2024-04-09", "until": "2024-05-10",
                           "touchpoints": CHECKOUT}}, options={"limit": 5})
refusals("rework", confidence=0, max_cycle_length=2, max_cycle_length__2=21, limit=-1)
