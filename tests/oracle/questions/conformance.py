"""References and cases of the questions that hold a log against a map: align, fitness, precision, deviations.

The reference looks for cheapest ways over all states (events done, touchpoint of the map) with Dijkstra's algorithm, and
walks along them by the rule for ties; nothing is shared between journeys.
"""

import heapq
from collections import Counter

from builders import EMPTY, ODD, TWO, case, curve, graph, paths, refusals, rows
from oracle import (observed_until, benjamini_hochberg, cut, mean_stats, paths_of, question, share, share_difference,
                    touchpoints_in_order, utf8, variant_counts)

START = "the start"


class Model:
    """A map as states (i, u): i events of a path are done, the map stands at u."""

    def __init__(self, map):
        self.ids = [t["id"] for t in touchpoints_in_order(map)]
        ways = [(way["from"], way["to"]) for way in map.get("transitions", [])]
        outcome = map.get("outcome", {})
        between = [(a, b) for a, b in ways if a != b]
        self.entries = outcome.get("entries") or [u for u in self.ids if u not in {b for _, b in between}] or self.ids
        self.exits = outcome.get("exits") or [u for u in self.ids if u not in {a for a, _ in between}] or self.ids
        self.ways = ways

    def next(self, u):
        return [v for v in self.ids if (v in self.entries if u == START else (u, v) in self.ways)]

    def moves(self, path, state):
        """(kind, touchpoint, next state, cost), those of both first, then the log's, then the map's."""
        i, u = state
        after = self.next(u)
        if i < len(path) and path[i] in after:
            yield "synchronous", path[i], (i + 1, path[i]), 0
        if i < len(path):
            yield "log", path[i], (i + 1, u), 1
        for v in after:
            yield "model", v, (i, v), 1

    def rest(self, path):
        """The cheapest way to the end from every state, by Dijkstra's algorithm on the moves turned around."""
        states = [(i, u) for i in range(len(path) + 1) for u in [START, *self.ids]]
        before = {}
        for state in states:
            for _, _, to, cost in self.moves(path, state):
                before.setdefault(to, []).append((state, cost))
        rest, queue = {}, [(0, (len(path), u)) for u in self.exits]
        while queue:
            cost, state = heapq.heappop(queue)
            if state not in rest:
                rest[state] = cost
                for from_, more in before.get(state, []):
                    heapq.heappush(queue, (cost + more, from_))
        return rest

    def align(self, path):
        """An alignment and its cost; None where no entry leads to an exit."""
        rest, state, moves = self.rest(path), (0, START), []
        if state not in rest:
            return None, None
        while state[0] < len(path) or state[1] not in self.exits:
            for kind, touchpoint, to, cost in self.moves(path, state):
                if to in rest and rest[to] + cost == rest[state]:
                    moves.append((kind, touchpoint))
                    state = to
                    break
        return moves, rest[0, START]


def fitness_of(path, cost, shortest):
    return None if cost is None else 1 - cost / (len(path) + shortest)


@question
def align(log, map, limit=100, confidence=0.95):
    model = Model(map)
    shortest = model.align(())[1]
    rows = []
    for path, count in variant_counts(log):
        moves, cost = model.align(path)
        rows.append({"touchpoints": list(path), "journeys": share(count, len(log), confidence), "cost": cost,
                     "fitness": fitness_of(path, cost, shortest),
                     "moves": [{"kind": kind, "touchpoint": touchpoint} for kind, touchpoint in moves or []]})
    shown, left_out = cut(rows, limit)
    return {"journeys": len(log), "variants": len(rows), "shortest_path": shortest, "rows": shown,
            "rows_left_out": left_out}


@question
def fitness(log, map, confidence=0.95):
    model = Model(map)
    shortest = model.align(())[1]
    costs = [(path, model.align(path)[1]) for path in paths_of(log)]
    cost = worst = total = None
    if shortest is not None:
        cost, worst = sum(cost for _, cost in costs), sum(len(path) + shortest for path, _ in costs)
        total = 1 - cost / worst if worst else None
    each = [fitness_of(path, cost, shortest) for path, cost in costs if cost is not None]
    _, mean, _, low, high = mean_stats(each, confidence)
    return {"journeys": len(log), "shortest_path": shortest, "cost": cost, "worst_cost": worst, "log_fitness": total,
            "average_fitness": mean, "average_low": low, "average_high": high,
            "fitting": share(sum(cost == 0 for _, cost in costs), len(log), confidence)}


@question
def precision(log, map, limit=None, confidence=0.95):
    model = Model(map)

    def follows(beginning):
        return all(v in model.next(u) for u, v in zip((START, *beginning), beginning))

    beginnings = Counter(path[:i] for path in paths_of(log) for i in range(len(path)))
    beginnings = {beginning: n for beginning, n in beginnings.items() if follows(beginning)}
    observed = {(path[:i], path[i]) for path in paths_of(log) for i in range(len(path))}
    went_on, ways, allowed = Counter(), Counter(), 0
    for beginning, n in beginnings.items():
        last = (START, *beginning)[-1]
        went_on[last] += n
        for v in model.next(last):
            allowed += n
            if (beginning, v) not in observed:
                ways[last, v] += n
    place = {u: i for i, u in enumerate([START, *model.ids])}
    rows = [{"source": None if u == START else u, "target": v, "escaping": share(n, went_on[u], confidence)}
            for (u, v), n in sorted(ways.items(), key=lambda item: (-item[1], place[item[0][0]], place[item[0][1]]))]
    shown, left_out = cut(rows, limit)
    escaping = sum(ways.values())
    return {"journeys": len(log), "precision": 1 - escaping / allowed if allowed else None, "allowed": allowed,
            "escaping": escaping,
            "steps": share(sum(beginnings.values()), sum(len(path) for path in paths_of(log)), confidence),
            "rows": shown, "rows_left_out": left_out}


def open_journeys(log, inactive_after):
    """Journeys silent for less than that many seconds when the last event of the log happens."""
    end = observed_until(log)
    return {id for id, events in log.items()
            if inactive_after is not None and end - events[-1].time < inactive_after * 10**6}


def deviations_of(model, path, is_open):
    moves = model.align(path)[0] or []
    done = max((i + 1 for i, (kind, _) in enumerate(moves) if kind != "model"), default=0)
    found = [("ad_hoc" if touchpoint not in model.ids else "irregular", touchpoint)
             for kind, touchpoint in moves if kind == "log"]
    found += [("missing", touchpoint) for kind, touchpoint in moves[:done]
              if kind == "model" and ("log", touchpoint) not in moves]
    left_out = [touchpoint for _, touchpoint in moves[done:] if ("log", touchpoint) not in moves]
    return Counter(found + ([("failing", path[-1])] if left_out and not is_open else []))


KINDS = ["ad_hoc", "missing", "irregular", "failing"]
WORDS = {"ad_hoc": "in {n} of {of} journeys, customers were at `{at}`, which the map does not have",
         "missing": "in {n} of {of} journeys, customers left out `{at}`",
         "irregular": "in {n} of {of} journeys, customers were at `{at}` where the map does not expect it",
         "failing": "{n} of {of} journeys broke off after `{at}`"}


@question
def deviations(log, map, conversion=(), inactive_after=None, limit=None, examples=3, false_discovery_rate=0.05,
               confidence=0.95):
    model, still_open = Model(map), open_journeys(log, inactive_after)
    visited = {touchpoint for path in paths_of(log) for touchpoint in path}
    goals = sorted(set(conversion or map.get("outcome", {}).get("conversions", [])) & visited, key=utf8)
    found = {id: deviations_of(model, tuple(event.touchpoint for event in events), id in still_open)
             for id, events in log.items()}
    converted = {id for id, events in log.items() if any(event.touchpoint in goals for event in events)}
    rows = []
    for kind, touchpoint in {what for counts in found.values() for what in counts}:
        ids = [id for id in log if found[id][kind, touchpoint]]
        row = {"kind": kind, "touchpoint": touchpoint, "journeys": share(len(ids), len(log), confidence),
               "count": sum(found[id][kind, touchpoint] for id in ids), "conversion": None, "conversion_without": None,
               "difference": None, "p_adjusted": None, "significant": None,
               "sentence": WORDS[kind].format(n=len(ids), of=len(log), at=touchpoint), "examples": ids[:examples]}
        if goals:
            ended = set(log) - still_open
            row["conversion"] = share(len(converted & ended & set(ids)), len(ended & set(ids)), confidence)
            row["conversion_without"] = share(len(converted & ended - set(ids)), len(ended - set(ids)), confidence)
            row["difference"] = share_difference(row["conversion_without"], row["conversion"])
        rows.append(row)
    rows.sort(key=lambda row: (-row["journeys"]["n"], KINDS.index(row["kind"]), utf8(row["touchpoint"])))
    tested = [row for row in rows if row["difference"] and row["difference"]["p_value"] is not None]
    for row, p in zip(tested, benjamini_hochberg([row["difference"]["p_value"] for row in tested])):
        row |= {"p_adjusted": p, "significant": p <= false_discovery_rate}
    shown, left_out = cut(rows, limit)
    comparable = len(log) if model.align(())[0] else 0
    return {"journeys": len(log), "open_journeys": len(still_open),
            "deviating": share(sum(bool(counts) for counts in found.values()), comparable, confidence),
            "conversion": goals, "rows": shown, "rows_left_out": left_out}


# -------------------------------------------------------------------------------------------------------- cases

LINE = graph("a-b b-c")
SHOP = graph("home-search search-search search-item home-item item-cart cart-item cart-pay pay-home item-phone phone-pay",
             ids="home search item cart pay phone", entries=["home"], exits=["pay"])
VISITS = paths(*["home search item cart pay"] * 6, *["home item pay"] * 3,
               *["home search search search item cart item cart pay"] * 2, *["search item cart"] * 2,
               *["home home chat item cart pay"] * 4, "cart pay home", "chat", *["home item phone pay"] * 2,
               *["home search item phone cart pay"] * 3, "pay cart item home")
PM4PY = ("PM4Py 2.7.23.11 on a Petri net that means the same as the map: a place for each touchpoint (the last one "
         "visited), a transition with the label b from the place of a to that of b for each a-b, one from the source to "
         "each entry, and a silent one from each exit to the sink. ")
STUCK = graph("a-b b-a b-c", entries=["c"], exits=["a"])
LETTERS = {"": "synchronous", "+": "log", "-": "model"}


def moves(text):
    return [{"kind": LETTERS[word[:-1]], "touchpoint": word[-1]} for word in text.split()]


for _path, _cost, _fitness, _moves in [
        ("a b c", 0, "1", "a b c"), ("a c b", 2, "2/3", "a +c b -c"), ("a c", 1, "0.8", "a -b c"),
        ("a b x c", 1, "6/7", "a b +x c"), ("x", 4, "0", "+x -a -b -c"), ("c b a", 4, "1/3", "+c +b a -b -c")]:
    case("align", f"{_path} on a line of three",
         f"the map allows a b c only; cost {_cost}, worst is {len(_path.split())} events and 3 touchpoints, fitness "
         f"{_fitness} (the field's golden figures); of equal alignments: both, then the log, then the map",
         paths(_path), LINE, hand={"shortest_path": 3, "rows": [{"cost": _cost, "moves": moves(_moves)}]})
case("align", "an empty log has nothing to align", "the map still has a shortest path", EMPTY, LINE,
     hand={"journeys": 0, "variants": 0, "shortest_path": 3, "rows": []})
case("align", "a map without a way through aligns nothing", "from the entry c nothing leads to the exit a",
     paths("a b"), STUCK, hand={"shortest_path": None, "rows": [{"cost": None, "fitness": None, "moves": []}]})
case("align", "a map without touchpoints", "no entry, no exit, no way", TWO, curve(), hand={"shortest_path": None})
case("align", "of two ways around, the one that comes first on the map",
     "a d leaves out b or c; c stands first on the map", paths("a d"), graph("a-b a-c b-d c-d", ids="a c b d"),
     hand={"rows": [{"cost": 1, "moves": moves("a -c d")}]})
case("align", "a loop of the map is free, a repetition that is none costs one", "a-a is on the map, b-b is not",
     paths("a a a b b"), graph("a-a a-b"), hand={"rows": [{"cost": 1, "moves": moves("a a a b +b")}]})
case("align", "names are text, whatever they look like",
     "no touchpoint is on the map: five events and the three of the map, two and three", ODD, LINE,
     hand={"rows": [{"cost": 8}, {"cost": 5}]})
case("align", "rows that the limit cuts off are counted", "ten variants, two shown", VISITS, SHOP, {"limit": 2},
     hand={"journeys": 25, "variants": 10, "rows_left_out": 8})
case("align", "a shop", PM4PY + "Costs of the variants as PM4Py gives them", VISITS, SHOP,
     hand={"rows": [{"cost": cost} for cost in [0, 2, 1, 1, 0, 0, 2, 3, 5, 6]]})
refusals("align", LINE, confidence=1.5)

case("fitness", "a shop",
     PM4PY + "replay_fitness, alignment based: average 0.8288571428571427, and log fitness 0.855194, where each silent "
     "move costs 1/10000; without that it is 1 - 32 / 221", VISITS, SHOP,
     hand={"cost": 32, "worst_cost": 221, "log_fitness": 1 - 32 / 221, "average_fitness": 0.8288571428571427, "fitting": {"n": 10, "of": 25}})
case("fitness", "five journeys against a line of three",
     "costs 0, 2, 1, 1, 4 of 6, 6, 5, 7, 4: log fitness 1 - 8 / 28, average (1 + 2/3 + 0.8 + 6/7 + 0) / 5",
     paths("a b c", "a c b", "a c", "a b x c", "x"), LINE,
     hand={"cost": 8, "worst_cost": 28, "log_fitness": 1 - 8 / 28,
           "average_fitness": (1 + 2 / 3 + 0.8 + 6 / 7) / 5, "fitting": {"n": 1}})
case("fitness", "an empty log fits nothing and breaks nothing", "no journey, no average", EMPTY, LINE,
     hand={"cost": 0, "worst_cost": 0, "log_fitness": None, "average_fitness": None})
case("fitness", "a map without a way through has no fitness", "from c nothing leads to a", paths("a b"), STUCK,
     hand={"shortest_path": None, "cost": None, "worst_cost": None, "log_fitness": None, "average_fitness": None,
           "fitting": {"n": 0, "of": 1}})
refusals("fitness", LINE, confidence=0.2)

case("precision", "a shop", PM4PY + "etconformance_token", VISITS, SHOP, hand={"precision": 0.8333333333333334})
case("precision", "a line that is followed is precise", "one way at each step, and it is taken", paths("a b c", "a b"),
     LINE, hand={"precision": 1.0, "allowed": 5, "escaping": 0, "steps": {"n": 5, "of": 5}, "rows": []})
case("precision", "a way that nobody takes escapes",
     "allowed: the entry 2 times, from a 2 ways 2 times; escaping: a-c 2 times; 1 - 2 / 6", paths("a b", "a b"),
     graph("a-b a-c"), hand={"precision": 1 - 2 / 6, "allowed": 6, "escaping": 2,
                             "rows": [{"source": "a", "target": "c", "escaping": {"n": 2, "of": 2}}]})
case("precision", "the past matters",
     "after a b nobody takes c, after a a b nobody takes d: each escapes once, of the two times somebody went on from b",
     paths("a b d", "a a b c"), graph("a-a a-b b-c b-d"),
     hand={"rows": [{"source": "a", "target": "a", "escaping": {"n": 1, "of": 3}},
                    {"source": "b", "target": "c", "escaping": {"n": 1, "of": 2}},
                    {"source": "b", "target": "d", "escaping": {"n": 1, "of": 2}}]})
case("precision", "what leaves the map counts until it does",
     "the entry and a-b are allowed; x is not on the map: after it nothing counts", paths("a x b c"), LINE,
     hand={"allowed": 2, "escaping": 1, "steps": {"n": 2, "of": 4}})
case("precision", "an empty log has no precision", "nobody went on", EMPTY, LINE, hand={"precision": None})
case("precision", "rows that the limit cuts off are counted", "some ways escape, none is shown", VISITS, SHOP,
     {"limit": 0}, hand={"rows": []})
refusals("precision", LINE, confidence=0.2)

case("deviations", "the four sorts of deviation",
     "ad hoc: chat of 4 and of 1; missing: cart of 3 (home item pay), home of 2 (search item cart); failing: search "
     "item cart stops before pay; the other journeys are mixed; pay is the goal and 21 of 25 reach it", VISITS, SHOP,
     {"conversion": ["pay"]},
     hand={"journeys": 25, "deviating": {"n": 15, "of": 25}, "conversion": ["pay"], "open_journeys": 0})
case("deviations", "a journey that follows the map does not deviate", "a b c is the only path of the map",
     paths("a b c"), LINE, hand={"deviating": {"n": 0, "of": 1}, "rows": []})
case("deviations", "out of order is one irregularity, not an extra and a gap",
     "a c b: c is a move of the log and then of the map; that is one touchpoint where the map does not expect it",
     paths("a c b"), LINE,
     hand={"rows": [{"kind": "irregular", "touchpoint": "c", "count": 1, "examples": ["j1"]}]})
case("deviations", "a journey that stops is one failing touchpoint, unless it is still open",
     "j1 and j2 stop at a; j2's last event is the last of the log, so it is open; j1's is 300 s earlier",
     rows("j1,a,@10:00", "j2,a,@10:05"), LINE, {"inactive_after": 60},
     hand={"open_journeys": 1, "deviating": {"n": 1, "of": 2},
           "rows": [{"kind": "failing", "touchpoint": "a", "journeys": {"n": 1}, "examples": ["j1"],
                     "sentence": "1 of 2 journeys broke off after `a`"}]})
case("deviations", "what goes with a deviation: conversion with and without it",
     "of 10 journeys with chat none pays, of 20 without all pay: -100 points", 
     paths(*["a chat b"] * 10, *["a b pay"] * 20), graph("a-b b-pay", exits=["b", "pay"], conversions=["pay"]),
     hand={"conversion": ["pay"],
           "rows": [{"kind": "ad_hoc", "touchpoint": "chat", "conversion": {"n": 0, "of": 10},
                     "conversion_without": {"n": 20, "of": 20}, "difference": {"difference": -1.0}, "significant": True}]})
case("deviations", "open journeys are in no conversion",
     "j1 and j2 leave out b; j2 and j3 are open at 10:10, with 10:05 and 10:10 less than 8 minutes ago: of the finished, j1 "
     "with the deviation has not converted, j4 without it has",
     rows("j1,a,@09:00", "j1,c,@09:01", "j2,a,@10:04", "j2,c,@10:05", "j3,a,@10:09", "j3,b,@10:10", "j4,a,@09:00",
          "j4,b,@09:01", "j4,c,@09:02"), graph("a-b b-c", exits=["c"]), {"conversion": ["b"], "inactive_after": 480},
     hand={"open_journeys": 2, "rows": [{"kind": "missing", "touchpoint": "b", "journeys": {"n": 2, "of": 4},
                                         "conversion": {"n": 0, "of": 1}, "conversion_without": {"n": 1, "of": 1}}]})
case("deviations", "no examples are named if none are asked for", "examples 0", paths("x"), LINE, {"examples": 0},
     hand={"rows": [{"kind": "ad_hoc", "examples": []}, {"kind": "failing"}]})
case("deviations", "an empty log does not deviate", "no journey", EMPTY, LINE, {"conversion": ["pay"]},
     hand={"deviating": {"n": 0, "of": 0, "share": None}, "rows": []})
case("deviations", "with a map without a way through nothing can be compared", "from c nothing leads to a",
     paths("a b"), STUCK, hand={"deviating": {"n": 0, "of": 0, "share": None}, "rows": []})
case("deviations", "names are text, whatever they look like", "every event is ad hoc; both journeys break off", ODD, LINE,
     hand={"deviating": {"n": 2, "of": 2}})
case("deviations", "rows that the limit cuts off are counted", "one of several rows", VISITS, SHOP, {"limit": 1},
     hand={"rows": [{"kind": "ad_hoc", "touchpoint": "chat", "journeys": {"n": 5}}]})
case("deviations", "a conversion that the log does not have is refused", "the log has pay", TWO, LINE,
     {"conversion": ["pya"]}, error="unknown_touchpoint")
refusals("deviations", LINE, confidence=1.5, false_discovery_rate=0)
