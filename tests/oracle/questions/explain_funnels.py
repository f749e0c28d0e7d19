"""What two definitions of a funnel count differently, and why: the reference of `explain_funnels`, and its cases."""

import json

from builders import EMPTY, ONE, W, case, paths, rows
from files import LOGS
from funnels import full, outcome, resolve
from oracle import DATA, question, rfc3339, share

DIMENSIONS = {"order": "order", "entry": "entry", "window": "window_seconds", "ties": "ties", "reuse": "reuse",
              "open_entry": "open_entry", "exclusions": "exclusions"}
KINDS = ["alone", "partly", "together"]


def apart(first, second):
    """How many steps only one of two outcomes has; one more if only one leaves the customer out."""
    return len({v[0] for v in first[0]} ^ {v[0] for v in second[0]}) + (first[1] != second[1])


def possible(steps, policy):
    """Whether a policy with one part of another holds together."""
    any_order = policy["order"] == "any_order"
    plain = all(not step["optional"] and step["min_gap"] is None and step["max_gap"] is None for step in steps)
    between = any(x["after"] is not None or x["scope"] == "customer" for x in policy["exclusions"])
    nowhere = any(x["after"] is None for x in policy["exclusions"])
    if any_order:
        return plain and policy["open_entry"] == "closed" and not between
    return not nowhere


@question
def explain_funnels(log, steps, a, b, examples=3, confidence=0.95):
    steps = full(steps)
    policies = [resolve(steps, **a), resolve(steps, **b)]
    differ = [name for name, field in DIMENSIONS.items() if policies[0][field] != policies[1][field]]
    names = [f"any {k + 1} of {len(steps)}" for k in range(len(steps))] \
        if all(policy["order"] == "any_order" for policy in policies) else [step["name"] for step in steps]
    results = {journey: [outcome(events, steps, policy) for policy in policies] for journey, events in log.items()}

    def furthest(result):
        return result[0][-1][0] if result[0] else -1

    def visits(events, result):
        return [{"step": names[k], "touchpoint": events[place].touchpoint, "time": rfc3339(events[place].time)}
                for k, place, _ in result[0]]

    reasons = {}
    for journey, (in_a, in_b) in results.items():
        if apart(in_a, in_b) == 0:
            continue
        left = {}
        for name in differ:
            changed = {**policies[0], DIMENSIONS[name]: policies[1][DIMENSIONS[name]]}
            if possible(steps, changed):
                left[name] = apart(outcome(log[journey], steps, changed), in_b)
        alone = [name for name in differ if left.get(name) == 0]
        partly = [name for name in differ if left.get(name, 10**9) < apart(in_a, in_b)]
        kind, found = (("alone", alone) if alone else ("partly", partly) if partly else ("together", differ))
        reasons.setdefault((kind, tuple(found)), []).append(journey)

    rows_ = []
    for (kind, found), journeys in sorted(
            reasons.items(), key=lambda item: (-len(item[1]), KINDS.index(item[0][0]),
                                               [list(DIMENSIONS).index(name) for name in item[0][1]])):
        rows_.append({
            "kind": kind, "dimensions": list(found), "journeys": len(journeys),
            "further_in_a": sum(furthest(results[j][0]) > furthest(results[j][1]) for j in journeys),
            "further_in_b": sum(furthest(results[j][0]) < furthest(results[j][1]) for j in journeys),
            "examples": [{"journey": j, "excluded_in_a": results[j][0][1], "excluded_in_b": results[j][1][1],
                          "visits_in_a": visits(log[j], results[j][0]), "visits_in_b": visits(log[j], results[j][1])}
                         for j in journeys[:examples]]})

    def at(side, test):
        return [sum(test(result[side], k) for result in results.values()) for k in range(len(steps))]

    reached = [at(side, lambda result, k: k in [visit[0] for visit in result[0]]) for side in (0, 1)]
    ended = [at(side, lambda result, k: furthest(result) == k) for side in (0, 1)]
    return {"a": policies[0], "b": policies[1], "dimensions": differ, "journeys": len(log),
            "different": share(sum(len(journeys) for journeys in reasons.values()), len(log), confidence),
            "excluded_in_a": sum(result[0][1] for result in results.values()),
            "excluded_in_b": sum(result[1][1] for result in results.values()),
            "steps": [{"name": name, "reached_in_a": reached[0][k], "reached_in_b": reached[1][k],
                       "furthest_in_a": ended[0][k], "furthest_in_b": ended[1][k]} for k, name in enumerate(names)],
            "reasons": rows_}


# ------------------------------------------------------------------------------------------------------ cases

F = "explain_funnels"
ABC = ["A", "B", "C"]

case(F, "an empty log has no customer to differ about", "nothing to compare; the policies still differ", EMPTY,
     args=[ABC, {"preset": "mixpanel"}, {"preset": "clickhouse"}],
     hand={"dimensions": ["entry", "window", "ties", "reuse"], "journeys": 0, "different": {"n": 0, "of": 0, "share": None},
           "reasons": [], "steps": [{"name": "A", "reached_in_a": 0}, {}, {}]})
case(F, "a single event is counted alike", W + "it enters by both", ONE, args=[["visit", "visit"], {}, {"window": "1h"}],
     hand={"dimensions": ["window"], "different": {"n": 0, "of": 1}, "excluded_in_a": 0, "reasons": [],
           "steps": [{"reached_in_a": 1, "furthest_in_b": 1}, {"reached_in_a": 0}]})
case(F, "two names of one definition are no difference", W + "an hour is 3,600 seconds", ONE,
     args=[["visit", "visit"], {"window": "1h"}, {"window": 3600, "entry": "best_entry"}],
     hand={"dimensions": [], "different": {"n": 0, "of": 1}, "reasons": []})
MIXPANEL = rows("ann,A,@13:00", "ann,A,@13:30", "ann,B,@13:45", "ann,C,@14:15", "bob,A,@13:00", "eve,B,@12:00")
case(F, "Mixpanel's example: the entry is why",
     W + "section 6 of the methods: in an hour from the first A ann gets to B, from the second to C. Nothing but the entry "
         "differs. bob gets to A by both, eve nowhere", MIXPANEL,
     args=[ABC, {"preset": "mixpanel", "window": "1h"}, {"window": "1h"}],
     hand={"dimensions": ["entry"], "journeys": 3, "different": {"n": 1, "of": 3},
           "steps": [{"reached_in_a": 2, "reached_in_b": 2, "furthest_in_a": 1, "furthest_in_b": 1},
                     {"reached_in_a": 1, "reached_in_b": 1, "furthest_in_a": 1, "furthest_in_b": 0},
                     {"reached_in_a": 0, "reached_in_b": 1, "furthest_in_b": 1}],
           "reasons": [{"kind": "alone", "dimensions": ["entry"], "journeys": 1, "further_in_a": 0, "further_in_b": 1,
                        "examples": [{"journey": "ann", "excluded_in_a": False,
                                      "visits_in_a": [
                                          {"step": "A", "touchpoint": "A", "time": "2024-03-13T13:00:00Z"},
                                          {"step": "B", "touchpoint": "B", "time": "2024-03-13T13:45:00Z"}],
                                      "visits_in_b": [
                                          {"step": "A", "touchpoint": "A", "time": "2024-03-13T13:30:00Z"},
                                          {"step": "B", "touchpoint": "B", "time": "2024-03-13T13:45:00Z"},
                                          {"step": "C", "touchpoint": "C", "time": "2024-03-13T14:15:00Z"}]}]}]})
WHYS = rows("win,A,@10:00", "win,B,@12:00",
            "tie,B,@10:00", "tie,A,@10:00",
            "both,A,@10:00", "both,A,@11:30", "both,B,@12:00",
            "same,A,@10:00", "same,B,@10:10")
case(F, "each customer has a reason, or two, or none alone",
     W + "a: first entry, no window; b: best entry, an hour, ties by step. win: B after two hours, so the window takes B "
         "away; tie: in b the A comes first; both: a counts A at 10:00 and B; b counts A at 11:30 and B: the same steps; "
         "same: the same", WHYS,
     args=[["A", "B"], {"entry": "first_entry"}, {"window": "1h", "ties": "by_step"}],
     hand={"dimensions": ["entry", "window", "ties"], "different": {"n": 2, "of": 4},
           "reasons": [{"kind": "alone", "dimensions": ["window"], "journeys": 1, "further_in_a": 1},
                       {"kind": "alone", "dimensions": ["ties"], "journeys": 1, "further_in_b": 1}]})
case(F, "what no single change explains is explained by all together",
     W + "a: the first entry, whose hour is over at 11:00, so A only. b: any entry, and at 12:00 A before B. The entry alone "
         "finds an A after the B, the ties alone leave only the first A",
     rows("ann,A,@10:00", "ann,B,@12:00", "ann,A,@12:00"),
     args=[["A", "B"], {"entry": "first_entry", "window": "1h"}, {"window": "1h", "ties": "by_step"}],
     hand={"different": {"n": 1, "of": 1}, "reasons": [{"kind": "together", "dimensions": ["entry", "ties"],
                                                       "further_in_b": 1}]})
case(F, "a change that explains half of it explains it partly",
     W + "a: within an hour, B before A at one instant is not in order: A only. b: no window, by step: A B C. Ties alone give "
         "A B, the window alone nothing more than A",
     rows("ann,B,@10:00", "ann,A,@10:00", "ann,C,@12:00"),
     args=[ABC, {"window": "1h"}, {"ties": "by_step"}],
     hand={"reasons": [{"kind": "partly", "dimensions": ["ties"], "journeys": 1, "further_in_b": 1}]})
case(F, "a customer who is left out differs from one who counts",
     W + "A X: by a at A, by PostHog's definition out of the funnel; the scope of an exclusion is part of it",
     paths("A X", "A B"), args=[["A", "B"], {"exclusions": [{"touchpoints": ["X"]}]},
                                {"exclusions": [{"touchpoints": ["X"], "scope": "customer"}]}],
     hand={"dimensions": ["exclusions"], "excluded_in_a": 0, "excluded_in_b": 1,
           "steps": [{"reached_in_a": 2, "reached_in_b": 1}, {"reached_in_a": 1, "reached_in_b": 1}],
           "reasons": [{"kind": "alone", "dimensions": ["exclusions"], "further_in_a": 1, "further_in_b": 0,
                        "examples": [{"journey": "j1", "excluded_in_a": False, "excluded_in_b": True,
                                      "visits_in_b": []}]}]})
case(F, "strict, open and any order",
     W + "A D B: strict stops at A, in order gets to B. B A: closed enters at A; open gets furthest by entering at B, which "
         "is the end",
     paths("A D B", "B A"), args=[["A", "B"], {"order": "strict"}, {"open_entry": "open"}],
     hand={"dimensions": ["order", "open_entry"], "different": {"n": 2, "of": 2}})
case(F, "any order against order", W + "B A: one step in order, two of two in any order",
     paths("B A", "A B"), args=[["A", "B"], {"order": "any_order"}, {}],
     hand={"steps": [{"name": "A", "reached_in_a": 2, "reached_in_b": 2}, {"reached_in_a": 2, "reached_in_b": 1}],
           "reasons": [{"kind": "alone", "dimensions": ["order"], "further_in_a": 1}]})
MANY = paths(*["B A"] * 5, "A B")
case(F, "examples are the first in the order of the log", W + "five customers alike, two shown", MANY,
     args=[["A", "B"], {"order": "any_order"}, {}], options={"examples": 2},
     hand={"different": {"n": 5, "of": 6}, "reasons": [{"journeys": 5, "examples": [{"journey": "j1"}, {"journey": "j2"}]}]})
case(F, "no examples if none are asked for", W + "as before", MANY, args=[["A", "B"], {"order": "any_order"}, {}],
     options={"examples": 0, "confidence": 0.9}, hand={"reasons": [{"journeys": 5, "examples": []}]})
_FUNNEL = json.loads((DATA / "ecom" / "expected.json").read_text())["funnels"][0]
case(F, "ecom in a day: the first entry against the best one",
     "tests/data/ecom/expected.json: funnels, first_anchor and any_anchor; 324 + 45 and so on are the counts of the steps",
     LOGS["ecom"], args=[_FUNNEL["steps"], {"entry": "first_entry", "window": "1d"}, {"window": "1d"}],
     options={"examples": 1},
     hand={"steps": [{"reached_in_a": a, "reached_in_b": b}
                     for a, b in zip(_FUNNEL["first_anchor"], _FUNNEL["any_anchor"])],
           "reasons": [{"kind": "alone", "dimensions": ["entry"], "further_in_a": 0}]})
case(F, "ecom in a day: Mixpanel's definition against Amplitude's",
     "tests/data/ecom/expected.json gives the first entry's counts; the rest is the oracle's", LOGS["ecom"],
     args=[_FUNNEL["steps"], {"preset": "mixpanel", "window": "1d"}, {"preset": "amplitude"}], options={"examples": 1},
     fields=["dimensions", "different", "steps"],
     hand={"dimensions": ["entry", "ties"], "steps": [{"reached_in_a": n} for n in _FUNNEL["first_anchor"]]})
PAIR = paths("visit pay")
for _name, _why, _args, _options, _error in [
        ("attempts cannot be compared customer by customer", "a customer may have many",
         [["visit", "pay"], {"counting": "attempts"}, {}], {}, "invalid_option"),
        ("a policy that does not hold is refused", "it is the second one",
         [["visit", "pay"], {}, {"order": "any_order", "open_entry": "open"}], {}, "invalid_option"),
        ("one step is no funnel", "at least two steps are needed", [["visit"], {}, {}], {}, "invalid_option"),
        ("a step that the log does not have is refused", "a slip of the finger", [["visit", "pya"], {}, {}], {},
         "unknown_touchpoint"),
        ("an option of a policy that does not exist is refused", "no option has this name",
         [["visit", "pay"], {"widnow": 1}, {}], {}, "invalid_option"),
        ("an option that does not exist is refused", "no option has this name", [["visit", "pay"], {}, {}],
         {"exmaples": 1}, "invalid_option"),
        ("a negative number of examples is refused", "a whole number, 0 or more", [["visit", "pay"], {}, {}],
         {"examples": -1}, "invalid_option"),
        ("a confidence outside its range is refused", "0.5 to 0.9999", [["visit", "pay"], {}, {}], {"confidence": 0.1},
         "invalid_option")]:
    case(F, _name, _why, PAIR, args=_args, options=_options, error=_error)
