"""Cases of `transitions` that ask what follows sooner or later; the reference itself stands in `oracle.py`.

Pandas counts the same pairs in another way, by joining a table of events with itself, and must agree.
"""

import pandas
from builders import EMPTY, ODD, ONE, SHUFFLED, T1, TIED, W, case, paths, rows
from files import LOGS, SESSIONS
from oracle import read_log, transitions

EVENTUALLY = {"relation": "eventually_follows"}
P = "Every pair of events i < j of a journey. "


def joined(log):
    """From, to: how many pairs, how many journeys, and the sum of the seconds from the first to the first after it."""
    events = pandas.DataFrame([(journey, place, event.touchpoint, event.time) for journey, events in log.items()
                               for place, event in enumerate(events)], columns=["journey", "place", "name", "time"])
    pairs = events.merge(events, on="journey", suffixes=("_a", "_b"))
    pairs = pairs[pairs.place_a < pairs.place_b].assign(micros=lambda p: p.time_b - p.time_a)
    ways = pairs.groupby(["name_a", "name_b"])
    firsts = pairs.sort_values(["place_a", "place_b"]).groupby(["name_a", "name_b", "journey"]).micros.first()
    table = pandas.DataFrame({"count": ways.size(), "journeys": ways.journey.nunique(),
                              "micros": firsts.groupby(["name_a", "name_b"]).sum()})
    return {way: (row["count"], row.journeys, row.micros / 1e6) for way, row in table.iterrows()}


for _log in (paths("a b a b", "b a"), ODD, SHUFFLED, SESSIONS, LOGS["patients"]):
    _log = read_log(_log)
    _report = transitions(_log, **EVENTUALLY)
    assert joined(_log) == {
        (row["source"], row["target"]): (row["count"], row["journeys"], row["time"]["total_seconds"])
        for row in _report["rows"]}
    assert _report["total"] == sum(len(events) * (len(events) - 1) // 2 for events in _log.values())

case("transitions", "sooner or later: every pair of events counts",
     W + P + "a b a b: a before b thrice (twice from the first a, once from the second), and once each a a, b b and "
     "b a; the other journey adds b a. Of the 4 ways out of a 3 lead to b; of both journeys with a one came to b. The "
     "first b comes a minute after the first a, the second a two, the second b after the first b two; from b to a it "
     "takes a minute in both journeys", paths("a b a b", "b a"), options=EVENTUALLY,
     hand={"relation": "eventually_follows", "journeys": 2, "total": 7, "pairs": 4, "rows": [
         {"source": "a", "target": "b", "count": 3, "journeys": 1, "reach": {"n": 1, "of": 2},
          "p_out": {"n": 3, "of": 4}, "p_in": {"n": 3, "of": 4}, "share_of_total": {"n": 3, "of": 7},
          "per_journey": 1.5, "time": {"n": 1, "total_seconds": 60.0}},
         {"source": "b", "target": "a", "count": 2, "journeys": 2, "reach": {"n": 2, "of": 2},
          "p_out": {"n": 2, "of": 3}, "p_in": {"n": 2, "of": 3},
          "time": {"n": 2, "total_seconds": 120.0, "mean_low_seconds": 60.0}},
         {"source": "a", "target": "a", "count": 1, "time": {"n": 1, "total_seconds": 120.0}},
         {"source": "b", "target": "b", "count": 1, "time": {"n": 1, "total_seconds": 120.0}}]})
case("transitions", "sooner or later: the time is that from the first event to the first after it",
     W + P + "ann: the first a at 10:00, the first b after it at 10:04, the b before it at 9:50 does not count: 240 s. "
     f"bob: 60 s. Mean 150, t interval 150 -+ {T1:.4f} x 90",
     rows("ann,b,@09:50:00", "ann,a,@10:00:00", "ann,a,@10:03:00", "ann,b,@10:04:00", "ann,b,@10:05:00",
          "bob,a,@10:00:00", "bob,b,@10:01:00"), options=EVENTUALLY,
     hand={"total": 11, "rows": [
         {"source": "a", "target": "b", "count": 5, "journeys": 2,
          "time": {"n": 2, "mean_seconds": 150.0, "min_seconds": 60.0, "max_seconds": 240.0,
                   "mean_high_seconds": 150 + T1 * 90}},
         {"source": "b", "target": "b", "count": 3, "time": {"n": 1, "total_seconds": 840.0}},
         {"source": "b", "target": "a", "count": 2, "time": {"n": 1, "total_seconds": 600.0}},
         {"source": "a", "target": "a", "count": 1, "time": {"n": 1, "total_seconds": 180.0}}]})
case("transitions", "sooner or later: an empty log has no pairs", "nothing to count", EMPTY, options=EVENTUALLY,
     hand={"journeys": 0, "total": 0, "pairs": 0, "rows": []})
case("transitions", "sooner or later: a single event is no pair", "the start and the end of a journey are left out",
     ONE, options=EVENTUALLY, hand={"journeys": 1, "total": 0, "pairs": 0, "rows": [], "rows_left_out": 0})
case("transitions", "sooner or later: events at one instant come in the order of the file",
     W + "b before a, in no time", TIED, options=EVENTUALLY,
     hand={"total": 1, "rows": [{"source": "b", "target": "a", "time": {"total_seconds": 0.0}}]})
case("transitions", "sooner or later: touchpoints called START, null or __proto__ are touchpoints",
     "one journey of five events, so 10 pairs, and one of two", ODD, options=EVENTUALLY,
     fields=["total", "pairs", "journeys"], hand={"total": 11, "pairs": 11, "journeys": 2})
case("transitions", "sooner or later: a long journey",
     P + "200 x a b: a before b in 200 x 201 / 2 pairs, b before a in 199 x 200 / 2", paths("a b " * 200, seconds=1),
     options=EVENTUALLY, fields=["total", "pairs", "rows"],
     hand={"total": 400 * 399 // 2, "rows": [
         {"source": "a", "target": "b", "count": 20100, "journeys": 1}, {"source": "a", "target": "a", "count": 19900},
         {"source": "b", "target": "a", "count": 19900}, {"source": "b", "target": "b", "count": 19900}]})
case("transitions", "sooner or later: the most frequent pairs of the sessions of ecom",
     W + "counted with plain loops and with Pandas; all 356 pairs also agree with PM4Py 2.7.23", SESSIONS,
     options={**EVENTUALLY, "limit": 8})
case("transitions", "an unknown relation is refused", "there are two relations", ONE, options={"relation": "follows"},
     error="invalid_option")
