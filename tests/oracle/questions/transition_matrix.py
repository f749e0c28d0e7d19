"""The reference and the cases of `transition_matrix`: NumPy's way, a table of counts divided by its margins."""

import numpy
from builders import EMPTY, ODD, ONE, case, paths, refusals, timed
from files import LOGS
from oracle import all_events, paths_of, question, utf8, ways_of


@question
def transition_matrix(log, relation="directly_follows", weight="count", limit=None):
    directly = relation == "directly_follows"
    pairs, times = ways_of(log, relation)
    if directly:
        pairs = pairs + [(journey, None, path[0]) for journey, path in zip(log, paths_of(log))]
        pairs = pairs + [(journey, path[-1], None) for journey, path in zip(log, paths_of(log))]
    names = sorted({event.touchpoint for event in all_events(log)}, key=utf8)
    sources, targets = ([None] if directly else []) + names, names + ([None] if directly else [])
    counts = numpy.zeros((len(sources), len(targets)))
    journeys = [[set() for _ in targets] for _ in sources]
    for journey, a, b in pairs:
        counts[sources.index(a), targets.index(b)] += 1
        journeys[sources.index(a)][targets.index(b)].add(journey)
    seconds = {"mean_seconds": numpy.mean, "median_seconds": numpy.median}
    out_of, into = counts.sum(axis=1, keepdims=True), counts.sum(axis=0, keepdims=True)

    def value(row, column):
        if weight in seconds:
            found = times.get((sources[row], targets[column]))
            return float(seconds[weight](numpy.array(found))) / 1e6 if found else None
        if weight == "journeys":
            return float(len(journeys[row][column]))
        of = {"count": 1, "p_out": out_of[row, 0], "p_in": into[0, column], "share_of_total": counts.sum(),
              "per_journey": len(log)}[weight]
        return float(counts[row, column] / of) if of else None

    events = [event.touchpoint for event in all_events(log)]
    kept = sorted(names, key=lambda name: (-events.count(name), utf8(name)))[:limit] + [None]
    columns = [column for column, name in enumerate(targets) if name in kept]
    return {"relation": relation, "weight": weight, "journeys": len(log),
            "targets": [targets[column] for column in columns],
            "rows": [{"source": name, "values": [value(row, column) for column in columns]}
                     for row, name in enumerate(sources) if name in kept],
            "touchpoints_left_out": len(names) - sum(name in kept for name in names)}


WALK = paths("a b a", "a c")
WALK_ROWS = {
    "count": [[2.0, 0.0, 0.0, 0.0], [0.0, 1.0, 1.0, 1.0], [1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]],
    "journeys": [[2.0, 0.0, 0.0, 0.0], [0.0, 1.0, 1.0, 1.0], [1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]],
    "p_out": [[1.0, 0.0, 0.0, 0.0], [0.0, 1 / 3, 1 / 3, 1 / 3], [1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]],
    "p_in": [[2 / 3, 0.0, 0.0, 0.0], [0.0, 1.0, 1.0, 0.5], [1 / 3, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.5]],
    "share_of_total": [[2 / 7, 0.0, 0.0, 0.0], [0.0, 1 / 7, 1 / 7, 1 / 7], [1 / 7, 0.0, 0.0, 0.0],
                       [0.0, 0.0, 0.0, 1 / 7]],
    "per_journey": [[1.0, 0.0, 0.0, 0.0], [0.0, 0.5, 0.5, 0.5], [0.5, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.5]],
    "mean_seconds": [[None] * 4, [None, 60.0, 60.0, None], [60.0, None, None, None], [None] * 4],
}
for _weight, _values in WALK_ROWS.items():
    case("transition_matrix", f"two journeys, as {_weight}",
         "a b a and a c: 2 starts at a, then a > b, b > a, a > c and the ends a and c, 7 ways; a minute from event to "
         "event. Rows: start, a, b, c. Columns: a, b, c, end", WALK, options={"weight": _weight},
         hand={"weight": _weight, "journeys": 2, "targets": ["a", "b", "c", None], "touchpoints_left_out": 0,
               "rows": [{"source": source, "values": values}
                        for source, values in zip([None, "a", "b", "c"], _values)]})
TAKEN = timed(("a", "b", 10), ("a", "b", 20), ("a", "b", 60))
case("transition_matrix", "the mean and the median of times are two things", "10, 20 and 60 s: mean 30", TAKEN,
     options={"weight": "mean_seconds"}, hand={"rows": [{"source": None}, {"source": "a", "values": [None, 30.0, None]},
                                                        {"source": "b"}]})
case("transition_matrix", "the median of times", "10, 20 and 60 s: 20", TAKEN, options={"weight": "median_seconds"},
     hand={"rows": [{"source": None}, {"source": "a", "values": [None, 20.0, None]}, {"source": "b"}]})
case("transition_matrix", "sooner or later: no row for the start, no column for the end",
     "a b a: a before b, b before a, a before a; a c: a before c. Nothing comes after c, so its row has no "
     "shares", WALK,
     options={"relation": "eventually_follows", "weight": "p_out"},
     hand={"relation": "eventually_follows", "targets": ["a", "b", "c"], "rows": [
         {"source": "a", "values": [1 / 3, 1 / 3, 1 / 3]}, {"source": "b", "values": [1.0, 0.0, 0.0]},
         {"source": "c", "values": [None, None, None]}]})
case("transition_matrix", "sooner or later: counts", "the same four pairs", WALK,
     options={"relation": "eventually_follows"},
     hand={"rows": [{"source": "a", "values": [1.0, 1.0, 1.0]}, {"source": "b", "values": [1.0, 0.0, 0.0]},
                    {"source": "c", "values": [0.0, 0.0, 0.0]}]})
case("transition_matrix", "sooner or later: times", "the second a comes two minutes after the first", WALK,
     options={"relation": "eventually_follows", "weight": "median_seconds"},
     hand={"rows": [{"source": "a", "values": [120.0, 60.0, 60.0]}, {"source": "b", "values": [60.0, None, None]},
                    {"source": "c", "values": [None, None, None]}]})
case("transition_matrix", "an empty log has a start and an end, and no way from one to the other",
     "no journey, no touchpoint", EMPTY,
     hand={"journeys": 0, "targets": [None], "rows": [{"source": None, "values": [0.0]}]})
case("transition_matrix", "of nothing there are no shares", "0 of 0 has no value", EMPTY,
     options={"weight": "per_journey"},
     hand={"rows": [{"source": None, "values": [None]}]})
case("transition_matrix", "sooner or later: an empty log is an empty matrix", "no touchpoint", EMPTY,
     options={"relation": "eventually_follows"}, hand={"targets": [], "rows": []})
case("transition_matrix", "a single event is a start and an end", "one way in, one way out", ONE,
     options={"weight": "p_out"},
     hand={"targets": ["visit", None], "rows": [{"source": None, "values": [1.0, 0.0]},
                                                {"source": "visit", "values": [0.0, 1.0]}]})
case("transition_matrix", "touchpoints stand by name; only a missing name is the start or the end",
     "names by their bytes", ODD,
     hand={"targets": ["END", "NA", "START", "__proto__", "null", "😀", None]})
case("transition_matrix", "the limit keeps the touchpoints with the most events, and their figures",
     "a has 3 events, b and c one each: b by name. From a still a third of the ways leads to b", WALK,
     options={"limit": 2, "weight": "p_out"},
     hand={"targets": ["a", "b", None], "touchpoints_left_out": 1, "rows": [
         {"source": None, "values": [1.0, 0.0, 0.0]}, {"source": "a", "values": [0.0, 1 / 3, 1 / 3]},
         {"source": "b", "values": [1.0, 0.0, 0.0]}]})
case("transition_matrix", "what a selection leaves out has no row", "no event of c is left, though its name is", {
    **WALK, "select": {"touchpoints": ["a", "b"]}}, hand={"targets": ["a", "b", None]})
case("transition_matrix", "the shares of vehicle-funnel", "NumPy's margins", LOGS["vehicle-funnel"],
     options={"weight": "p_out"})
case("transition_matrix", "the median times of patients", "NumPy's medians", LOGS["patients"],
     options={"weight": "median_seconds"})
case("transition_matrix", "what follows sooner or later in patients",
     "tests/data/patients/expected.json, funnels: of the 500, 261 come to the X-ray sooner or later", LOGS["patients"],
     options={"weight": "journeys", "relation": "eventually_follows"})
case("transition_matrix", "an unknown weight is refused", "there is no such weight", ONE, options={"weight": "shares"},
     error="invalid_option")
refusals("transition_matrix", limit=-1)
