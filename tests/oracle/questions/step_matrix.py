"""The step matrix, by pandas: a table of a row for each journey and a column for each step, counted value by value."""

import json
import math

import pandas
from scipy import stats

from builders import EMPTY, ODD, ONE, W, case, paths, refusals, rows
from files import LOGS
from oracle import DATA, question, read_log, utf8, wilson
from questions.drop_offs import OPEN, open_journeys

SPECIAL = ("other", "not_started", "open", "ended")


def states(log, steps, anchor, occurrence, steps_before, inactive_after):
    """What each journey does at each step, as (kind, touchpoint): one row a journey, one column a step."""
    still_open = open_journeys(log, inactive_after)
    numbers = list(range(1, steps + 1)) if anchor is None else list(range(-steps_before, steps + 1))
    table = {}
    for journey, events in log.items():
        names = [event.touchpoint for event in events]
        places = [place for place, name in enumerate(names) if name == anchor]
        if anchor is not None and len(places) < occurrence:
            continue
        zero = -1 if anchor is None else places[occurrence - 1]
        after = ("open" if journey in still_open else "ended", None)
        table[journey] = [("not_started", None) if zero + number < 0
                          else ("touchpoint", names[zero + number]) if zero + number < len(names)
                          else after for number in numbers]
    return pandas.DataFrame.from_dict(table, orient="index", columns=numbers, dtype=object)


def group_of(events, attribute):
    return next((e.attributes[attribute] for e in events if e.attributes[attribute] is not None), None)


def counts_of(table, numbers):
    """How often each (kind, touchpoint) stands in each column."""
    long = table.melt(var_name="step", value_name="state")
    counted = long.groupby(["state", "step"]).size()
    return {state: [int(counted.get((state, number), 0)) for number in numbers] for state in set(long["state"])}


def tested(a, of_a, b, of_b, confidence):
    """The share of a less that of b, Newcombe's interval, and the p-value where there is anything to test."""
    if not of_a or not of_b:
        return {"difference": None, "low": None, "high": None, "p_value": None}
    p, q = a / of_a, b / of_b
    (p_low, p_high), (q_low, q_high) = wilson(a, of_a, confidence), wilson(b, of_b, confidence)
    p_value = None
    if 0 < a + b < of_a + of_b:
        pooled = (a + b) / (of_a + of_b)
        expected = [of * share for of in (of_a, of_b) for share in (pooled, 1 - pooled)]
        if min([a, of_a - a, b, of_b - b, *expected]) < 5:
            p_value = float(stats.fisher_exact([[a, of_a - a], [b, of_b - b]]).pvalue)
        else:
            z = (p - q) / math.sqrt(pooled * (1 - pooled) * (1 / of_a + 1 / of_b))
            p_value = float(2 * stats.norm.sf(abs(z)))
    return {"difference": p - q, "low": p - q - math.hypot(p - p_low, q_high - q),
            "high": p - q + math.hypot(p_high - p, q - q_low), "p_value": p_value}


@question
def step_matrix(log, steps=20, anchor=None, anchor_occurrence=1, steps_before=5, inactive_after=None, limit=100,
                attribute=None, value_a=None, value_b=None, false_discovery_rate=0.05, confidence=0.95):
    table = states(log, steps, anchor, anchor_occurrence, steps_before, inactive_after)
    numbers = [int(number) for number in table.columns]
    whole = counts_of(table, numbers)
    names = sorted((name for kind, name in whole if kind == "touchpoint"),
                   key=lambda name: (-sum(whole["touchpoint", name]), utf8(name)))
    shown = names if limit is None else names[:limit]
    present = {"other": len(shown) < len(names), "not_started": anchor is not None, "open": inactive_after is not None,
               "ended": True}
    order = [("touchpoint", name) for name in shown] + [(kind, None) for kind in SPECIAL if present[kind]]

    def cells(counts):
        """The counts of each row; the touchpoints that have no row of their own are added up in `other`."""
        folded = [counts[state] for state in counts if state[0] == "touchpoint" and state[1] not in shown]
        added = [sum(column) for column in zip(*folded)] if folded else [0] * len(numbers)
        return [added if state == ("other", None) else counts.get(state, [0] * len(numbers)) for state in order]

    report = {"journeys": len(log), "of": len(table), "steps": numbers, "touchpoints": len(names),
              "touchpoints_left_out": len(names) - len(shown), "rows": [], "groups": None}
    if len(table):
        report["rows"] = [{"kind": kind, "touchpoint": name, "counts": counts,
                           "shares": [n / len(table) for n in counts], "groups": None}
                          for (kind, name), counts in zip(order, cells(whole))]
    if attribute is None:
        return report

    members = {side: [journey for journey, events in log.items() if group_of(events, attribute) == value]
               for side, value in (("a", value_a), ("b", value_b))}
    groups = {side: table.loc[table.index.isin(members[side])] for side in members}
    counted = {side: cells(counts_of(groups[side], numbers)) for side in groups}
    of = {side: len(groups[side]) for side in groups}
    every = []
    for place, row in enumerate(report["rows"]):
        sides = {side: {"counts": counted[side][place],
                        "shares": [n / of[side] if of[side] else None for n in counted[side][place]]} for side in of}
        differences = [tested(a, of["a"], b, of["b"], confidence)
                       for a, b in zip(counted["a"][place], counted["b"][place])]
        every += differences
        row["groups"] = {**sides, "differences": differences}
    asked = [cell for cell in every if cell["p_value"] is not None]
    adjusted = stats.false_discovery_control([cell["p_value"] for cell in asked]) if asked else []
    for cell in every:
        cell["p_adjusted"] = cell["significant"] = None
    for cell, p in zip(asked, adjusted):
        cell["p_adjusted"], cell["significant"] = float(p), bool(p <= false_discovery_rate)
    report["groups"] = {"attribute": attribute, "tests": len(asked), "false_discovery_rate": false_discovery_rate,
                        **{side: {"value": value, "journeys": len(members[side]), "of": of[side]}
                           for side, value in (("a", value_a), ("b", value_b))}}
    return report


def row(name, *counts, of=None, kind=None):
    figures = {"counts": list(counts)} | ({"shares": [n / of for n in counts]} if of else {})
    return {"kind": kind or "touchpoint", "touchpoint": name, **figures}


FIVE = paths("home catalog cart purchase", "home search cart purchase", "home catalog cart", "home search catalog cart",
             "home catalog search")
case("step_matrix", "an empty log has no rows", "nothing to count; the columns are those asked for", EMPTY,
     options={"steps": 2, "anchor": "pay", "steps_before": 1},
     hand={"journeys": 0, "of": 0, "steps": [-1, 0, 1, 2], "touchpoints": 0, "rows": []})
case("step_matrix", "a single event, then the end", "of one journey all are at visit, then all have ended", ONE,
     options={"steps": 3}, hand={"of": 1, "steps": [1, 2, 3],
                                 "rows": [row("visit", 1, 0, 0, of=1), row(None, 0, 1, 1, of=1, kind="ended")]})
case("step_matrix", "five paths of Retentioneering's documentation",
     "METHODS 7: cart 0 0 .6 .2 0, catalog 0 .6 .2 0 0, search 0 .4 .2 0 0, purchase 0 0 0 .4 0, path_end 0 0 0 .4 1. "
     "The paths are ones that have these figures. Rows by their sum: home 5, cart and catalog 4, search 3, purchase 2",
     FIVE, options={"steps": 5},
     hand={"of": 5, "touchpoints": 5, "touchpoints_left_out": 0, "rows": [
         {"touchpoint": "home", "shares": [1.0, 0.0, 0.0, 0.0, 0.0]},
         {"touchpoint": "cart", "shares": [0.0, 0.0, 0.6, 0.2, 0.0]},
         {"touchpoint": "catalog", "shares": [0.0, 0.6, 0.2, 0.0, 0.0]},
         {"touchpoint": "search", "shares": [0.0, 0.4, 0.2, 0.0, 0.0]},
         {"touchpoint": "purchase", "shares": [0.0, 0.0, 0.0, 0.4, 0.0]},
         {"kind": "ended", "touchpoint": None, "shares": [0.0, 0.0, 0.0, 0.4, 1.0]}]})
case("step_matrix", "twenty steps where nothing is said", "journeys of four steps at most: the rest is the end", FIVE,
     fields=["steps", "of"], hand={"steps": list(range(1, 21))})
case("step_matrix", "around an anchor, whose column is step 0",
     "Four journeys come to the cart, at their steps 3, 3, 3 and 4. Two steps before it three are at home and one is "
     "at the search; three before it one is at home, and three have not begun",
     FIVE, options={"anchor": "cart", "steps_before": 3, "steps": 2},
     hand={"journeys": 5, "of": 4, "steps": [-3, -2, -1, 0, 1, 2], "rows": [
         row("cart", 0, 0, 0, 4, 0, 0, of=4), row("home", 1, 3, 0, 0, 0, 0, of=4),
         row("catalog", 0, 0, 3, 0, 0, 0, of=4), row("purchase", 0, 0, 0, 0, 2, 0, of=4),
         row("search", 0, 1, 1, 0, 0, 0, of=4), row(None, 3, 0, 0, 0, 0, 0, of=4, kind="not_started"),
         row(None, 0, 0, 0, 0, 2, 4, of=4, kind="ended")]})
case("step_matrix", "the second visit as the anchor",
     "only j1 and j3 are at a twice: j1 at its third step, j3 at its second; one step on, j1 has ended",
     paths("a b a", "a b", "a a c a"), options={"anchor": "a", "anchor_occurrence": 2, "steps_before": 2, "steps": 1},
     hand={"journeys": 3, "of": 2, "rows": [
         row("a", 1, 1, 2, 0, of=2), row("b", 0, 1, 0, 0, of=2), row("c", 0, 0, 0, 1, of=2),
         row(None, 1, 0, 0, 0, of=2, kind="not_started"), row(None, 0, 0, 0, 1, of=2, kind="ended")]})
case("step_matrix", "an anchor that nobody reaches so often",
     "no journey has a third visit: no row, and no share of nothing", paths("a b a"),
     options={"anchor": "a", "anchor_occurrence": 3, "steps": 1, "steps_before": 0},
     hand={"journeys": 1, "of": 0, "steps": [0, 1], "touchpoints": 0, "rows": []})
case("step_matrix", "rows beyond the limit are one row, and columns still add up",
     "by their sums home 5, cart 4, catalog 4, search 3, purchase 2: the first two stay, three are added up", FIVE,
     options={"steps": 4, "limit": 2},
     hand={"touchpoints": 5, "touchpoints_left_out": 3, "rows": [
         row("home", 5, 0, 0, 0, of=5), row("cart", 0, 0, 3, 1, of=5), row(None, 0, 5, 2, 2, of=5, kind="other"),
         row(None, 0, 0, 0, 2, of=5, kind="ended")]})
case("step_matrix", "no row of its own for any touchpoint",
     "a limit of 0: all touchpoints are one row, so it says how many go on", paths("a b", "a"),
     options={"steps": 2, "limit": 0},
     hand={"touchpoints_left_out": 2,
           "rows": [row(None, 2, 1, of=2, kind="other"), row(None, 0, 1, of=2, kind="ended")]})
case("step_matrix", "a touchpoint beyond the last column is not in the matrix",
     "c is the third step of two", paths("a b c"), options={"steps": 2, "limit": None},
     hand={"touchpoints": 2, "rows": [row("a", 1, 0), row("b", 0, 1), row(None, 0, 0, kind="ended")]})
case("step_matrix", "who may still go on is open, and has not ended",
     "The last event is at 11:00; silent for 20 minutes are ann, after visit and pay, and bob, after visit and cart. "
     "cyd, dan and eve are open: cyd after one step, dan and eve after two",
     OPEN, options={"steps": 3, "inactive_after": "20m"},
     hand={"of": 5, "rows": [row("visit", 4, 1, 0), row("cart", 1, 1, 0), row("pay", 0, 2, 0),
                             row(None, 0, 1, 3, kind="open"), row(None, 0, 0, 2, kind="ended")]})
case("step_matrix", "names are text, whatever they look like",
     "`null` is the second step of one journey and the first of the other; ties by the bytes of the name", ODD,
     options={"steps": 5},
     hand={"rows": [row("null", 1, 1, 0, 0, 0), row("END", 0, 1, 0, 0, 0), row("NA", 1, 0, 0, 0, 0),
                    row("START", 0, 0, 0, 1, 0), row("__proto__", 0, 0, 1, 0, 0), row("😀", 0, 0, 0, 0, 1),
                    row(None, 0, 0, 1, 1, 1, kind="ended")]})

GROUPS = rows("j1,home,@10:00,new", "j1,cart,@10:01,new", "j2,home,@10:00,new", "j3,home,@10:00,old",
              "j3,cart,@10:01,old", "j4,home,@10:00,", "j4,pay,@10:01,old", "j5,home,@10:00,gone",
              header="journey,touchpoint,time,plan", options={"attributes": ["plan"]})
case("step_matrix", "the difference of two groups",
     "new: j1 and j2; old: j3, and j4, whose first value is that of its second event; j5 is in neither and "
     "in the whole. At step 2 of the new 1 of 2 is at the cart and 1 has ended, of the old 1 of 2 at the cart and 1 "
     "at pay. Where all or none are in a cell there is nothing to test: three tests, each with p = 1 of Fisher's. " + W,
     GROUPS, options={"steps": 2, "attribute": "plan", "value_a": "new", "value_b": "old"},
     hand={"of": 5, "groups": {"attribute": "plan", "tests": 3, "a": {"value": "new", "journeys": 2, "of": 2},
                               "b": {"value": "old", "journeys": 2, "of": 2}},
           "rows": [
               {"touchpoint": "home", "counts": [5, 0], "groups": {
                   "a": {"counts": [2, 0], "shares": [1.0, 0.0]}, "b": {"counts": [2, 0], "shares": [1.0, 0.0]},
                   "differences": [{"difference": 0.0, "p_value": None, "p_adjusted": None, "significant": None},
                                   {"difference": 0.0, "p_value": None}]}},
               {"touchpoint": "cart", "counts": [0, 2], "groups": {
                   "differences": [{"difference": 0.0}, {"difference": 0.0, "p_value": 1.0, "significant": False}]}},
               {"touchpoint": "pay", "counts": [0, 1], "groups": {
                   "differences": [{"difference": 0.0}, {"difference": -0.5, "p_value": 1.0}]}},
               {"touchpoint": None, "counts": [0, 2], "groups": {
                   "differences": [{"difference": 0.0}, {"difference": 0.5, "p_value": 1.0}]}}]})
case("step_matrix", "a group that does not come to the anchor has no share",
     "pay: only j4, who is old. Of the new nobody is in the matrix: no share, no difference, no test", GROUPS,
     options={"steps": 1, "steps_before": 1, "anchor": "pay", "attribute": "plan", "value_a": "new", "value_b": "old"},
     hand={"of": 1, "groups": {"tests": 0, "a": {"journeys": 2, "of": 0}, "b": {"journeys": 2, "of": 1}},
           "rows": [{"touchpoint": name, "groups": {
               "a": {"counts": [0, 0, 0], "shares": [None] * 3},
               "differences": [{"difference": None, "low": None, "high": None, "p_value": None}] * 3}}
               for name in ["home", "pay", None, None]]})
for _name, _options in [("one group without the other", {"attribute": "plan", "value_a": "new"}),
                        ("groups without an attribute", {"value_a": "new", "value_b": "old"}),
                        ("a group compared with itself", {"attribute": "plan", "value_a": "new", "value_b": "new"}),
                        ("an attribute that the log does not have",
                         {"attribute": "plam", "value_a": "a", "value_b": "b"}),
                        ("a value that the attribute does not have",
                         {"attribute": "plan", "value_a": "new", "value_b": "odl"})]:
    case("step_matrix", f"{_name} is refused", "a difference needs an attribute and two of its values", GROUPS,
         options=_options, error="invalid_option")
case("step_matrix", "an anchor that the log does not have is refused", "`pay` is not in the log", ONE,
     options={"anchor": "pay"}, error="unknown_touchpoint")
refusals("step_matrix", steps=0, steps__2=1001, steps_before=1001, anchor_occurrence=0, confidence=1.0,
         false_discovery_rate=1.0)

ECOM = {**LOGS["ecom"], "options": {**LOGS["ecom"]["options"], "attributes": ["platform"]}}


def first_steps(source, limit):
    """The figures of `expected.json` for the first three steps, in the order of the rows."""
    expected = json.loads((DATA / source / "expected.json").read_text())["step_matrix_first_3_steps"]
    found = step_matrix(read_log(LOGS[source]), steps=3, limit=limit)["rows"]
    listed = [row["touchpoint"] for row in found]
    assert all(name in listed for name in expected if limit is None and any(expected[name]))
    return {"rows": [{"touchpoint": name} | ({"counts": expected[name]} if name in expected else {})
                     for name in listed]}


for _source, _limit in [("ecom", None), ("patients", None), ("vehicle-funnel", None), ("weblog", 12)]:
    case("step_matrix", f"the first three steps of {_source}",
         f"tests/data/{_source}/expected.json: step_matrix_first_3_steps; touchpoints not listed there are from pandas",
         LOGS[_source], options={"steps": 3, "limit": _limit}, hand=first_steps(_source, _limit))
case("step_matrix", "twenty steps of the customers of ecom", "the whole file, by pandas: melt and groupby",
     LOGS["ecom"], options={"limit": None}, fields=["journeys", "of", "touchpoints", "touchpoints_left_out", "rows"])
case("step_matrix", "around the first cart of the customers of ecom, desktop less mobile",
     "the whole file, by pandas; tests by SciPy", ECOM,
     options={"anchor": "cart", "steps_before": 2, "steps": 2, "limit": 6, "attribute": "platform",
              "value_a": "desktop", "value_b": "mobile", "inactive_after": "14d"})
