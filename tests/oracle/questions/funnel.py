"""How far customers get through steps that lead to a goal: the reference of `funnel`, and its cases."""

import json

from builders import CASES, EMPTY, ODD, ONE, TIED, W, case, paths, rows
from files import LOGS
from funnels import attempts, full, length, resolve
from oracle import observed_until, DATA, cut, question, share, time_stats, utf8
from two_samples import judge, share_difference


def is_open(log, events, attempt, found, steps, policy):
    """Whether the journey may go on when observation ends, and the attempt has been ended by nothing."""
    silence, window = policy["inactive_after_seconds"], policy["window_seconds"]
    end = observed_until(log)
    if silence is None or end - events[-1].time >= silence * 1e6:
        return False
    if attempt.complete or attempt.struck or attempt.end < len(found):
        return False
    if window is not None and end - found[attempt.began].time > window * 1e6:
        return False
    if policy["order"] == "any_order":
        return True
    goal = min(k for k in range(attempt.furthest + 1, len(steps)) if not steps[k]["optional"])
    since = max(found[at].time for k, at in attempt.visits if k == attempt.visits[0][0] or not steps[k]["optional"])
    most = length(steps[goal]["max_gap"])
    return most is None or end - since <= most


def funnel_of(log, ids, steps, policy, confidence):
    """The figures of the journeys with these ids."""
    counted, excluded, opened = [], 0, set()
    for journey in ids:
        tried, found = attempts(log[journey], steps, policy)
        if policy["counting"] == "customers" and tried and tried[0].struck:
            excluded += 1
            continue
        for attempt in tried:
            still = is_open(log, log[journey], attempt, found, steps, policy)
            opened |= {journey} if still else set()
            counted.append((journey, {k: found[at].time for k, at in attempt.visits}, attempt.furthest, still))

    any_order = policy["order"] == "any_order"
    last, out = len(steps) - 1, []
    for k, step in enumerate(steps):
        here = [row for row in counted if k in row[1]]
        before = k - 1
        while before >= 0 and steps[before]["optional"] and not any_order:
            before -= 1
        from_before = [row for row in here if before in row[1]]
        from_first = [row for row in here if 0 in row[1]]
        out.append({
            "name": f"any {k + 1} of {len(steps)}" if any_order else step["name"],
            "optional": step["optional"],
            "reached": len(here),
            "conversion": share(len(from_before), sum(before in row[1] for row in counted), confidence)
            if k else None,
            "overall": share(len(from_first), sum(0 in row[1] for row in counted), confidence),
            "journeys": share(len({row[0] for row in here}), len(ids), confidence),
            "entered": sum(min(row[1]) == k for row in counted),
            "lost": sum(row[2] == k and not row[3] for row in here) if k < last else 0,
            "open": sum(row[2] == k and row[3] for row in here),
            "from_previous": time_stats([row[1][k] - row[1][before] for row in from_before], confidence)
            if k else None,
            "from_first": time_stats([row[1][k] - row[1][0] for row in from_first], confidence) if k else None,
        })
    return {"journeys": len(ids), "entered": len(counted), "excluded": excluded, "open_journeys": len(opened),
            "conversion": out[last]["overall"], "steps": out}


@question
def funnel(log, steps, limit=None, confidence=0.95, false_discovery_rate=0.05, **options):
    steps = full(steps)
    policy = resolve(steps, **options)
    report = funnel_of(log, list(log), steps, policy, confidence)
    groups = {}
    if policy["breakdown"] is not None:
        for journey, events in log.items():
            values = [event.attributes[policy["breakdown"]] for event in events]
            groups.setdefault(next((value for value in values if value is not None), None), []).append(journey)
    found = []
    for value in sorted(groups, key=lambda value: (value is None, -len(groups[value]), utf8(value))):
        part = funnel_of(log, groups[value], steps, policy, confidence)
        rest = [journey for other, ids in groups.items() if other not in (value, None) for journey in ids]
        others = funnel_of(log, rest, steps, policy, confidence)["conversion"]
        tested = value is not None and policy["counting"] == "customers"
        difference = share_difference(others, part["conversion"]) if tested else None
        found.append({"value": value, **part, "rest": others if tested else None, "difference": difference,
                      "p_value": difference and difference["p_value"]})
    judge(found, false_discovery_rate)
    for group in found:
        del group["p_value"]
    shown, left_out = cut(found, limit)
    return {"policy": policy, **report, "groups": shown, "groups_left_out": left_out}


# ------------------------------------------------------------------------------------------------------ cases

F = "funnel"
ABC = ["A", "B", "C"]
T = "Times are NumPy's quantiles. "


def counts(*reached, **more):
    return {"steps": [{"reached": n} for n in reached], **more}


case(F, "an empty log has nobody in its funnel", "no journey, so no share; nothing is asked of the names of steps", EMPTY,
     args=[["visit", "pay"]], hand={"journeys": 0, "entered": 0, "conversion": {"n": 0, "of": 0, "share": None},
                                    **counts(0, 0)})
case(F, "a single event enters and goes no further", W + "1 of 1 reaches visit, 0 of 1 a second visit", ONE,
     args=[["visit", "visit"]],
     hand=counts(1, 0, entered=1, conversion={"n": 0, "of": 1, "share": 0.0}))
case(F, "an event fills one step, not two of the same name", W + "three journeys visit, one of them twice, after a minute",
     paths("visit", "visit", "visit visit"), args=[["visit", "visit"]],
     hand={"steps": [{"reached": 3, "lost": 2, "conversion": None, "from_previous": None},
                     {"reached": 1, "lost": 0, "conversion": {"n": 1, "of": 3},
                      "from_previous": {"n": 1, "median_seconds": 60.0}}]})

FIVE = paths("home catalog cart purchase", "home search cart purchase", "home catalog cart", "home catalog cart",
             "home search catalog")
case(F, "home, cart, purchase: 5, 4, 2", W + T + "section 7 of the methods; cart to purchase 2 of 4, overall 2 of 5", FIVE,
     args=[["home", "cart", "purchase"]],
     hand={"journeys": 5, "entered": 5, "excluded": 0, "conversion": {"n": 2, "of": 5, "share": 0.4},
           "policy": {"preset": None, "order": "ordered", "entry": "best_entry", "window_seconds": None,
                      "ties": "input_order", "reuse": "never", "open_entry": "closed", "exclusions": [],
                      "counting": "customers"},
           "steps": [{"name": "home", "reached": 5, "lost": 1, "overall": {"n": 5, "of": 5}, "from_first": None},
                     {"reached": 4, "lost": 2, "conversion": {"n": 4, "of": 5}, "journeys": {"n": 4, "of": 5},
                      "from_previous": {"n": 4, "mean_seconds": 120.0}},
                     {"reached": 2, "lost": 0, "conversion": {"n": 2, "of": 4}, "overall": {"n": 2, "of": 5},
                      "from_previous": {"n": 2, "median_seconds": 60.0},
                      "from_first": {"n": 2, "p90_seconds": 180.0}}]})

MIXPANEL = rows("ann,A,@13:00", "ann,A,@13:30", "ann,B,@13:45", "ann,C,@14:15")
WHY = "Section 6 of the methods, Mixpanel's own example; the hour of the first A ends at 14:00, that of the second at 14:30. "
case(F, "the window is not reset: the first entry gets to B", W + WHY + "A at 13:00 to B at 13:45: 2,700 s", MIXPANEL,
     args=[ABC], options={"preset": "mixpanel", "window": "1h"},
     hand={"policy": {"preset": "mixpanel", "entry": "first_entry", "window_seconds": 3600.0},
           "steps": [{"reached": 1}, {"reached": 1, "lost": 1, "from_previous": {"median_seconds": 2700.0}},
                     {"reached": 0, "from_previous": None}]})
case(F, "the best entry gets to C", W + WHY + "A at 13:30, B 900 s later, C 2,700 s after A", MIXPANEL, args=[ABC],
     options={"window": 3600},
     hand={"steps": [{"reached": 1}, {"reached": 1, "from_previous": {"median_seconds": 900.0}},
                     {"reached": 1, "from_previous": {"median_seconds": 1800.0},
                      "from_first": {"median_seconds": 2700.0}}]})
for _preset, _reached in [("clickhouse", (1, 1, 1)), ("posthog", (1, 1, 1)), ("amplitude", (1, 1, 1)),
                          ("ga4", (1, 1, 1))]:
    case(F, f"Mixpanel's example by the definition of {_preset}",
         W + WHY + ("GA4 has no window: from the first A to C" if _preset == "ga4" else "Any entry counts"),
         MIXPANEL, args=[ABC], options={"preset": _preset} if _preset == "ga4" else {"preset": _preset, "window": "1h"},
         fields=["policy", "entered"], hand=counts(*_reached))
case(F, "the window includes its end", W + "B exactly 60 s after A counts, B 60.000001 s after A does not",
     rows("ann,A,@10:00:00", "ann,B,@10:01:00", "bob,A,@10:00:00", "bob,B,@10:01:00.000001"), args=[["A", "B"]],
     options={"window": "1m"}, hand=counts(2, 1))
case(F, "an event at another place ends a strict attempt: A, B, D, C stops at 2",
     W + "the methods' example of ClickHouse's strict order", paths("A B D C"), args=[ABC], options={"order": "strict"},
     hand=counts(1, 1, 0))
case(F, "in order, other events may lie between", W + "the same journey, in no hurry", paths("A B D C"), args=[ABC],
     hand=counts(1, 1, 1))
case(F, "a strict attempt may begin again", W + "A A B: the first A is followed by no B, the second is", paths("A A B"),
     args=[["A", "B"]], options={"order": "strict"}, hand=counts(1, 1))
case(F, "a strict first entry may not", W + "A A B: only the first A counts", paths("A A B"), args=[["A", "B"]],
     options={"order": "strict", "entry": "first_entry"}, hand=counts(1, 0))
case(F, "in any order the steps are counted", W + "all three; two of three; two of three, as B twice is one; none",
     paths("C A B", "C D A", "B B C", "D"), args=[ABC], options={"order": "any_order"},
     hand={"journeys": 4, "entered": 3, "steps": [
         {"name": "any 1 of 3", "reached": 3}, {"name": "any 2 of 3", "reached": 3},
         {"name": "any 3 of 3", "reached": 1, "from_previous": {"median_seconds": 60.0},
          "from_first": {"median_seconds": 120.0}}]})
case(F, "in any order within a window", W + "A at 0, B at 10 min, C at 20 min, A again at 25: within 15 min B, C and A",
     rows("ann,A,@10:00", "ann,B,@10:10", "ann,C,@10:20", "ann,A,@10:25"), args=[ABC],
     options={"order": "any_order", "window": "15m"},
     hand={"steps": [{"reached": 1}, {"reached": 1, "from_previous": {"median_seconds": 600.0}},
                     {"reached": 1, "from_previous": {"median_seconds": 300.0}}]})
case(F, "in any order each event fills one step, whichever suits best",
     W + "web may be either step, shop only the first: shop then takes the first and web the second",
     rows("ann,call,@10:00,web", "ann,call,@10:01,shop", "bob,call,@10:00,web",
          header="journey,touchpoint,time,channel", options={"channel": "channel"}),
     args=[[{"name": "call", "touchpoints": ["call"]}, {"name": "web", "channels": ["web"]}]],
     options={"order": "any_order"}, hand=counts(2, 1))

TIE = rows("ann,B,@10:00", "ann,A,@10:00", "bob,A,@10:00", "bob,B,@10:00", "eve,A,@10:00", "eve,B,@10:01")
for _ties, _reached, _why in [
        ("input_order", (3, 2), "bob's rows stand in order, ann's do not"),
        ("strictly_later", (3, 1), "only eve's B is later than her A"),
        ("by_step", (3, 3), "at one instant A comes before B")]:
    case(F, f"events at one instant: {_ties}", W + _why, TIE, args=[["A", "B"]], options={"ties": _ties},
         hand=counts(*_reached))
case(F, "events of one second: same_second",
     W + "B at 10:00:00.4 and A at 10:00:00.9 are rounded to 10:00:00 and 10:00:01; bob's B at 0.6 and A at 1.4 both to 1",
     rows("ann,B,@10:00:00.4", "ann,A,@10:00:00.9", "bob,B,@10:00:00.6", "bob,A,@10:00:01.4"), args=[["A", "B"]],
     options={"ties": "same_second"}, hand=counts(2, 1))
case(F, "at one instant neither strictness nor exclusions are looked at",
     W + "X and A at one instant, then B: as PostHog does; bob's X lies between in time", rows(
         "ann,X,@10:00", "ann,A,@10:00", "ann,B,@10:01", "bob,A,@10:00", "bob,X,@10:00:30", "bob,B,@10:01"),
     args=[["A", "B"]], options={"ties": "by_step", "exclusions": [{"touchpoints": ["X"]}]}, hand=counts(2, 1))
OVERLAP = [{"name": "visit", "touchpoints": ["home", "offer"]}, {"name": "offer", "touchpoints": ["offer"]}]
case(F, "one event fills one step", W + "offer may be either step: bob is at it once, ann twice",
     paths("offer offer", "offer", "home offer"), args=[OVERLAP], hand=counts(3, 2))
case(F, "one event fills several steps in a row, as in ClickHouse's default mode",
     W + "bob's one event is visit and offer at once", paths("offer offer", "offer", "home offer"), args=[OVERLAP],
     options={"preset": "clickhouse"}, hand=counts(3, 3))

X = [{"touchpoints": ["X"]}]
case(F, "an exclusion ends the attempt and leaves the customer in",
     W + "A X B: at A; A B X C: at B; X A B: to B, for X came before; A X A B: the second A; A B C X: all",
     paths("A X B", "A B X C", "X A B", "A X A B", "A B C X"), args=[ABC], options={"exclusions": X},
     hand=counts(5, 4, 1, excluded=0))
case(F, "an exclusion leaves the customer out",
     W + "A X B and A B X C are out; A X A B counts by its second A, which got as far as the struck one would",
     paths("A X B", "A B X C", "X A B", "A X A B", "A B C X"), args=[ABC],
     options={"exclusions": [{**X[0], "scope": "customer"}]}, hand=counts(3, 3, 1, excluded=2, journeys=5))
case(F, "PostHog's exclusions leave customers out", W + "the same by the preset", paths("A X B", "A B"),
     args=[["A", "B"]], options={"preset": "posthog", "exclusions": X},
     hand=counts(1, 1, excluded=1, policy={"exclusions": [
         {"touchpoints": ["X"], "after": "A", "before": "B", "scope": "customer"}]}))
case(F, "an exclusion between two steps says nothing of the others",
     W + "X between B and C only: A X B C gets through, A B X C stops at B", paths("A X B C", "A B X C"), args=[ABC],
     options={"exclusions": [{**X[0], "after": "B"}]}, hand=counts(2, 2, 1))
case(F, "a first entry that is struck is the only one", W + "A X A B: the first A is struck, no other counts",
     paths("A X A B", "A B"), args=[["A", "B"]], options={"entry": "first_entry", "exclusions": X}, hand=counts(2, 1))

OPTIONAL = ["A", {"name": "B", "touchpoints": ["B"], "optional": True}, "C"]
case(F, "an optional step may be left out", W + T + "three reach A, one of them by B; both others go to C at once or not",
     paths("A B C", "A C", "A B"), args=[OPTIONAL],
     hand={"steps": [{"reached": 3, "lost": 0, "optional": False},
                     {"reached": 2, "lost": 1, "optional": True, "conversion": {"n": 2, "of": 3}},
                     {"reached": 2, "conversion": {"n": 2, "of": 3}, "overall": {"n": 2, "of": 3},
                      "from_previous": {"n": 2, "mean_seconds": 90.0}}]})
case(F, "a strict attempt may leave out an optional step", W + "A C follows at once; A D C does not",
     paths("A C", "A B C", "A D C"), args=[OPTIONAL], options={"order": "strict"}, hand=counts(3, 1, 2))
GAP = [["A", {"touchpoints": ["B"], "min_gap": "1m", "max_gap": "2m"}]]
case(F, "a step has its time after the step before",
     W + "B after 30 s is too early and after 2 min 1 s too late; a later B in time counts; both ends are included",
     rows("ann,A,@10:00:00", "ann,B,@10:00:30", "bob,A,@10:00:00", "bob,B,@10:02:01", "eve,A,@10:00:00",
          "eve,B,@10:00:30", "eve,B,@10:01:30", "joe,A,@10:00", "joe,B,@10:01", "sue,A,@10:00", "sue,B,@10:02"),
     args=GAP, hand={"steps": [{"reached": 5}, {"reached": 3, "from_previous": {"median_seconds": 90.0}}]})
case(F, "an older entry is not too young",
     W + "A at 0 and at 50 s, B at 60 s: the second A is too young for B, the first is not",
     rows("ann,A,@10:00:00", "ann,A,@10:00:50", "ann,B,@10:01:00"), args=GAP,
     hand={"steps": [{"reached": 1}, {"reached": 1, "from_previous": {"median_seconds": 60.0}}]})

OPEN = paths("A B C", "B C", "A C", "C")
case(F, "a closed funnel is entered at its first step", W + "the four users of Google's example: A 2, B 1, C 1", OPEN,
     args=[ABC], options={"preset": "ga4"}, hand=counts(2, 1, 1, entered=2))
case(F, "an open funnel is entered at any step",
     W + "A 2, B 2, C 3: who goes from A to C has left out B and is lost at A. Conversion to B is 1 of 2 at A, to C "
         "2 of 2 at B; overall 1 of 2", OPEN, args=[ABC], options={"preset": "ga4", "open_entry": "open"},
     hand={"entered": 4, "conversion": {"n": 1, "of": 2}, "steps": [
         {"reached": 2, "entered": 2, "lost": 1}, {"reached": 2, "entered": 1, "lost": 0,
                                                  "conversion": {"n": 1, "of": 2}},
         {"reached": 3, "entered": 1, "conversion": {"n": 2, "of": 2}, "overall": {"n": 1, "of": 2}}]})
case(F, "an open funnel by the best entry",
     W + "A C gets furthest by entering at C; A B C by A, the earliest step that gets there", OPEN, args=[ABC],
     options={"open_entry": "open"}, hand={"steps": [{"reached": 1}, {"reached": 2}, {"reached": 4, "entered": 2}]})

TRIES = rows("ann,A,@10:00", "ann,A,@10:10", "ann,B,@10:20", "ann,B,@10:25", "ann,A,@10:30", "ann,A,@12:00",
             "ann,B,@12:30", "bob,B,@10:00")
case(F, "attempts are counted one after the other",
     W + "ann enters at 10:00 (the A at 10:10 is within it) and converts at 10:20; enters at 10:30 and runs out of time; "
         "enters at 12:00 and converts: 3 attempts of one journey of two", TRIES, args=[["A", "B"]],
     options={"counting": "attempts", "window": "1h"},
     hand={"journeys": 2, "entered": 3, "policy": {"entry": "first_entry"}, "steps": [
         {"reached": 3, "lost": 1, "journeys": {"n": 1, "of": 2}},
         {"reached": 2, "conversion": {"n": 2, "of": 3},
          "from_previous": {"n": 2, "median_seconds": 1500.0}}]})
case(F, "an exclusion ends an attempt, and the next may begin",
     W + "A X A B: two attempts, one conversion", paths("A X A B"), args=[["A", "B"]],
     options={"counting": "attempts", "exclusions": X}, hand=counts(2, 1, entered=2))
case(F, "strict attempts", W + "A A B A: three attempts; the second converts", paths("A A B A"), args=[["A", "B"]],
     options={"counting": "attempts", "order": "strict"}, hand=counts(3, 1))
case(F, "attempts in any order", W + "B A | A A B: two attempts, both convert", paths("B A A A B"), args=[["A", "B"]],
     options={"counting": "attempts", "order": "any_order"}, hand=counts(2, 2))

STAGES = rows("ann,home,@10:00,web,look,new", "ann,cart,@10:05,web,checkout,new", "ann,pay,@10:09,shop,checkout,new",
              "bob,home,@11:00,web,look,old", "bob,address,@11:01,web,checkout,old", "eve,home,@12:00,web,look,",
              "joe,home,@12:00,shop,look,new", "joe,pay,@12:02,shop,checkout,new",
              header="journey,touchpoint,time,channel,stage,segment",
              options={"channel": "channel", "attributes": ["stage", "segment"]})
case(F, "a step may be a whole stage", W + "three of four come to any touchpoint of the checkout", STAGES,
     args=[["home", {"name": "checkout", "attributes": {"stage": ["checkout"]}}]],
     hand={"steps": [{"reached": 4}, {"name": "checkout", "reached": 3}]})
case(F, "a step may be several touchpoints on one channel",
     W + "in the web only: ann by cart, bob by address; without a name it is called by its touchpoints", STAGES,
     args=[["home", {"touchpoints": ["cart", "address", "pay"], "channels": ["web"]}, "pay"]],
     hand={"steps": [{"reached": 4}, {"name": "cart or address or pay", "reached": 2}, {"name": "pay", "reached": 1}]})
case(F, "groups of an attribute, and who has none",
     W + "new: ann and joe convert, old: bob does not; eve has no segment. 2 of 2 against 0 of 1: Fisher's p = 1/3, twice "
         "the same test, so adjusted 1/3", STAGES, args=[["home", "pay"]], options={"breakdown": "segment"},
     hand={"steps": [{"reached": 4}, {"reached": 2}], "groups_left_out": 0, "groups": [
         {"value": "new", "journeys": 2, "conversion": {"n": 2, "of": 2}, "rest": {"n": 0, "of": 1},
          "difference": {"difference": 1.0, "test": "fisher_exact"}, "significant": False},
         {"value": "old", "journeys": 1, "conversion": {"n": 0, "of": 1}, "rest": {"n": 2, "of": 2}},
         {"value": None, "journeys": 1, "conversion": {"n": 0, "of": 1}, "rest": None, "difference": None,
          "p_adjusted": None, "significant": None}]})
case(F, "the limit cuts groups, not tests", W + "two of three groups are left out", STAGES, args=[["home", "pay"]],
     options={"breakdown": "segment", "limit": 1, "false_discovery_rate": 0.5, "confidence": 0.9},
     hand={"groups": [{"value": "new", "significant": True}], "groups_left_out": 2})
case(F, "attempts of one customer are not independent, so groups are not tested", W + "as many attempts as journeys here",
     STAGES, args=[["home", "pay"]], options={"breakdown": "segment", "counting": "attempts"},
     fields=["entered", "groups_left_out"], hand={"groups": [{"difference": None}, {"difference": None},
                                                             {"difference": None}]})
case(F, "who may still go on is not lost",
     W + "observation ends at 12:00; bob was last seen an hour before and may go on, ann two hours before and not: one "
         "lost and one open of three at A; eve is through",
     rows("ann,A,@10:00", "bob,A,@11:00", "eve,A,@11:30", "eve,B,@12:00"), args=[["A", "B"]],
     options={"inactive_after": "2h"},
     hand={"open_journeys": 1, "policy": {"inactive_after_seconds": 7200.0},
           "steps": [{"reached": 3, "lost": 1, "open": 1}, {"reached": 1, "lost": 0, "open": 0}]})
case(F, "whose window is over may not go on", W + "bob's half hour was over at 11:30",
     rows("ann,A,@10:00", "bob,A,@11:00", "eve,A,@11:30", "eve,B,@12:00"), args=[["A", "B"]],
     options={"inactive_after": "2h", "window": "30m"},
     hand={"open_journeys": 0, "steps": [{"reached": 3, "lost": 2, "open": 0}, {"reached": 1}]})
case(F, "an attempt that has been ended may not go on",
     W + "all three journeys are open; ann's attempt was ended by X, bob's step is overdue by his gap, sue's is not",
     rows("ann,A,@10:00", "ann,X,@10:30", "bob,A,@10:00", "sue,A,@10:20", "sue,B,@10:50", "sue,A,@11:00",
          "joe,A,@10:40"),
     args=[["A", {"touchpoints": ["B"], "max_gap": "45m"}]], options={"inactive_after": "2h", "exclusions": X},
     hand={"open_journeys": 1, "steps": [{"reached": 4, "lost": 2, "open": 1}, {"reached": 1}]})
case(F, "names are text, whatever they look like", W + "null twice, then the rest of the journey", ODD,
     args=[["null", "__proto__", "START", "😀"]], hand=counts(2, 1, 1, 1))
case(F, "events at one instant keep the order of the file", W + "ann is b, then a: from b to a she gets, not back", TIED,
     args=[["b", "a"]], hand=counts(1, 1))
case(F, "events at one instant keep the order of the file, backwards", W + "ann's a comes after her b; bob has no b", TIED,
     args=[["a", "b"]], hand=counts(2, 0))

TWO = paths("visit pay", "visit")
for _name, _why, _steps, _options, _error in [
        ("one step is no funnel", "at least two steps are needed", ["visit"], {}, "invalid_option"),
        ("more steps than 32 are refused", "as in ClickHouse", ["visit"] * 33, {}, "invalid_option"),
        ("a step that the log does not have is refused", "a slip of the finger", ["visit", "pya"], {}, "unknown_touchpoint"),
        ("a step without a condition is refused", "any event would meet it", ["visit", {"name": "pay"}], {},
         "invalid_option"),
        ("a step with an unknown field is refused", "it is called `touchpoints`", ["visit", {"touchpoint": ["pay"]}], {},
         "invalid_option"),
        ("a step that is a number is refused", "a text or an object", ["visit", 3], {}, "invalid_option"),
        ("steps that are one text are refused", "a list is asked for", "visit", {}, "invalid_option"),
        ("the first step may not be optional", "nobody would enter", [{"touchpoints": ["visit"], "optional": True}, "pay"],
         {}, "invalid_option"),
        ("the last step may not be optional", "nobody would need to convert",
         ["visit", {"touchpoints": ["pay"], "optional": True}], {}, "invalid_option"),
        ("the first step has no step before it", "so no gap", [{"touchpoints": ["visit"], "max_gap": "1h"}, "pay"], {},
         "invalid_option"),
        ("an optional step has no gap of its own", "the step after it has",
         ["visit", {"touchpoints": ["visit"], "optional": True, "max_gap": "1h"}, "pay"], {}, "invalid_option"),
        ("a least gap above the largest is refused", "nothing would lie between",
         ["visit", {"touchpoints": ["pay"], "min_gap": "2h", "max_gap": "1h"}], {}, "invalid_option"),
        ("a channel in a log without channels is refused", "there is none",
         ["visit", {"channels": ["web"]}], {}, "invalid_option"),
        ("optional steps need an order", "in any order every step may be left out",
         ["visit", {"touchpoints": ["visit"], "optional": True}, "pay"], {"order": "any_order"}, "invalid_option"),
        ("gaps need an order", "in any order there is no step before",
         ["visit", {"touchpoints": ["pay"], "max_gap": "1h"}], {"order": "any_order"}, "invalid_option"),
        ("a funnel in any order is open as it is", "every step may come first", ["visit", "pay"],
         {"order": "any_order", "open_entry": "open"}, "invalid_option"),
        ("an exclusion without a condition is refused", "any event would meet it", ["visit", "pay"],
         {"exclusions": [{}]}, "invalid_option"),
        ("an exclusion after no step of the funnel is refused", "there is no step of this name", ["visit", "pay"],
         {"exclusions": [{"touchpoints": ["visit"], "after": "vist"}]}, "invalid_option"),
        ("an exclusion between steps in the wrong order is refused", "pay comes after visit", ["visit", "pay"],
         {"exclusions": [{"touchpoints": ["visit"], "after": "pay", "before": "visit"}]}, "invalid_option"),
        ("an exclusion after a name that two steps have is refused", "give them names", ["visit", "visit", "pay"],
         {"exclusions": [{"touchpoints": ["visit"], "after": "visit"}]}, "invalid_option"),
        ("attempts are counted from their entries", "an entry within an attempt is part of it", ["visit", "pay"],
         {"counting": "attempts", "entry": "best_entry"}, "invalid_option"),
        ("attempts leave no customer out", "the attempt ends", ["visit", "pay"],
         {"counting": "attempts", "exclusions": [{"touchpoints": ["visit"], "scope": "customer"}]}, "invalid_option"),
        ("in any order no customer is left out", "the attempt ends", ["visit", "pay"],
         {"order": "any_order", "exclusions": [{"touchpoints": ["visit"], "scope": "customer"}]}, "invalid_option"),
        ("in any order no exclusion lies between two steps", "there is no step before another", ["visit", "pay"],
         {"order": "any_order", "exclusions": [{"touchpoints": ["visit"], "after": "visit"}]}, "invalid_option"),
        ("a breakdown by no attribute of the log is refused", "there is none", ["visit", "pay"],
         {"breakdown": "segment"}, "invalid_option"),
        ("a preset that nobody knows is refused", "a slip of the finger", ["visit", "pay"], {"preset": "mixpannel"},
         "invalid_option"),
        ("a window that is no length of time is refused", "a text of numbers with units", ["visit", "pay"],
         {"window": "soon"}, "invalid_option"),
        ("an option that does not exist is refused", "no option has this name", ["visit", "pay"], {"windw": "7d"},
         "invalid_option"),
        ("a confidence outside its range is refused", "0.5 to 0.9999", ["visit", "pay"], {"confidence": 1.5},
         "invalid_option"),
        ("a rate outside its range is refused", "between 0 and 1", ["visit", "pay"], {"false_discovery_rate": 1.0},
         "invalid_option")]:
    case(F, _name, _why, TWO, args=[_steps], options=_options, error=_error)

for _source, _log in LOGS.items():
    for _number, _funnel in enumerate(json.loads((DATA / _source / "expected.json").read_text())["funnels"], 1):
        for _what, _options in [("no_window", {}), ("first_anchor", {"entry": "first_entry"}), ("any_anchor", {})]:
            if _what != "no_window":
                _options = {**_options, "window": _funnel["window_s"]}
            case(F, f"{_source}, funnel {_number}: {_what}", f"tests/data/{_source}/expected.json: funnels, {_what}", _log,
                 args=[_funnel["steps"]], options=_options, hand=counts(*_funnel[_what]))
            # The figures that were copied; of one funnel all figures, by the oracle.
            CASES[F][-1]["copied"] = (_source, _number) != ("ecom", 1) or _what != "no_window"

# A vector holds what its case is about: the counts alone, the steps, or the whole report.
for _case in CASES[F]:
    if not _case["error"] and not _case["fields"] and set(_case["hand"]) <= {"entered", "excluded", "open_journeys", "steps"}:
        _case["fields"] = ["entered", "excluded", "open_journeys", "steps"]
        _case["copied"] = _case.get("copied", "steps" in _case["hand"] and all(
            set(step) == {"reached"} for step in _case["hand"]["steps"]))
