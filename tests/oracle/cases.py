"""The hand-written cases of the functions that read only a log; those that read a map are in `map_cases.py`.

A case is a sentence, how its figures were worked out, what goes in, and in `hand` those figures: see `builders.py`.
Importing this file adds the cases to `builders.CASES`; `python write_vectors.py` writes them. Needs numpy and scipy.
"""

from builders import (EMPTY, ODD, ONE, SAME, SHUFFLED, T1, T1_80, T4, TEN, TIED, TWO, W, case, paths, refusals, rows,
                      scored, timed)

# ---------------------------------------------------------------------------------------------------- summary

case("summary", "an empty log holds nothing", "nothing to count: zeros, and no value for what would be 0 / 0", EMPTY,
     hand={"events": 0, "journeys": 0, "single_event_journeys": 0, "events_per_journey": None, "first": None,
           "last": None, "throughput": None, "tied_events": 0, "scored_events": 0, "touchpoints": [], "channels": [],
           "attributes": []})
case("summary", "a single event", "one journey that takes no time; one time has no interval", ONE,
     hand={"events": 1, "journeys": 1, "single_event_journeys": 1, "events_per_journey": 1.0,
           "first": "2024-03-13T10:00:00Z", "last": "2024-03-13T10:00:00Z",
           "throughput": {"n": 1, "total_seconds": 0.0, "mean_seconds": 0.0, "mean_low_seconds": None,
                          "mean_high_seconds": None, "p95_seconds": 0.0},
           "touchpoints": [{"touchpoint": "visit", "events": 1, "journeys": 1, "starts": 1, "ends": 1}]})
case("summary", "one touchpoint, visited again and again",
     "three journeys, the third visits twice within a minute: durations 0, 0, 60; median 0, p90 = 0.8 x 60 = 48, "
     "p95 = 0.9 x 60 = 54", SAME,
     hand={"events": 4, "journeys": 3, "single_event_journeys": 2,
           "throughput": {"n": 3, "mean_seconds": 20.0, "median_seconds": 0.0, "p90_seconds": 48.0,
                          "p95_seconds": 54.0},
           "touchpoints": [{"touchpoint": "visit", "events": 4, "journeys": 3, "starts": 3, "ends": 3}]})
case("summary", "events at one instant keep the order of the file",
     "ann's rows are b, then a: she starts at b and ends at a; her second event has the time of her first. Both "
     "journeys last 0 seconds, so the interval of the mean has no width", TIED,
     hand={"tied_events": 1, "throughput": {"n": 2, "mean_seconds": 0.0, "mean_low_seconds": 0.0,
                                            "mean_high_seconds": 0.0},
           "touchpoints": [{"touchpoint": "a", "events": 2, "journeys": 2, "starts": 1, "ends": 2},
                           {"touchpoint": "b", "events": 1, "journeys": 1, "starts": 1, "ends": 0}]})
case("summary", "two journeys, of five minutes and of nothing",
     "durations 300 and 0: mean 150, sample deviation 300 / sqrt 2 = 212.132, standard error 150; "
     "t(0.975; 1) = 12.7062, so 150 -+ 1905.93; p90 = 270, p95 = 285", TWO,
     hand={"events": 3, "events_per_journey": 1.5, "last": "2024-03-13T11:00:00Z",
           "throughput": {"total_seconds": 300.0, "mean_low_seconds": 150 - 150 * T1,
                          "mean_high_seconds": 150 + 150 * T1, "min_seconds": 0.0,
                          "median_seconds": 150.0, "p90_seconds": 270.0, "p95_seconds": 285.0, "max_seconds": 300.0},
           "touchpoints": [{"touchpoint": "visit", "events": 2, "journeys": 2, "starts": 2, "ends": 1},
                           {"touchpoint": "pay", "events": 1, "journeys": 1, "starts": 0, "ends": 1}]})
case("summary", "the confidence widens or narrows the interval",
     "as before, at 80 %: t(0.9; 1) = 3.07768, so 150 -+ 461.653", TWO, options={"confidence": 0.8},
     hand={"throughput": {"mean_high_seconds": 150 + 150 * T1_80}})
case("summary", "channels, scores and attributes are counted where there are any",
     "four events: web twice, shop once, one without a channel; two scores; ties of channels by name",
     rows("ann,visit,@10:00,web,1,new", "ann,pay,@10:05,shop,,new", "bob,visit,@11:00,web,-2,old",
          "bob,pay,@11:30,,,old",
          "eve,visit,@12:00,app,,", header="journey,touchpoint,time,channel,score,segment",
          options={"channel": "channel", "score": "score", "attributes": ["segment"]}),
     hand={"scored_events": 2, "attributes": ["segment"],
           "channels": [{"channel": "web", "events": 2}, {"channel": "app", "events": 1},
                        {"channel": "shop", "events": 1}]})
case("summary", "names are text, whatever they look like",
     "seven events in two journeys, `null` twice; ties stand in the order of their bytes: E, N, S, _, the emoji", ODD,
     hand={"journeys": 2, "touchpoints": [{"touchpoint": name} for name in
                                          ["null", "END", "NA", "START", "__proto__", "😀"]]})
case("summary", "fractions of seconds and rows out of order",
     "ann 10:00:00 to 10:00:01.500001, bob 10:00:00.25 to 10:00:00.75: durations 1.500001 and 0.5, mean 1.0000005",
     SHUFFLED,
     hand={"first": "2024-03-13T10:00:00Z", "last": "2024-03-13T10:00:01.500001Z",
           "throughput": {"total_seconds": 2.000001, "mean_seconds": 1.0000005, "max_seconds": 1.500001}})
case("summary", "a time shows as many digits of its fraction as it needs",
     "a quarter of a second is three digits, ten microseconds are six",
     rows("ann,visit,@10:00:00.25", "ann,pay,@10:00:00.250010"),
     hand={"first": "2024-03-13T10:00:00.250Z", "last": "2024-03-13T10:00:00.250010Z",
           "throughput": {"total_seconds": 0.00001}})
case("summary", "a zone in the text goes before the zone of the options",
     "10:00 at +01:00 is 09:00 UTC; 12:00 without a zone, read at +02:00, is 10:00 UTC: an hour later",
     rows("ann,visit,2024-03-13T10:00:00+01:00", "ann,pay,2024-03-13 12:00", options={"time_zone": "+02:00"}),
     hand={"first": "2024-03-13T09:00:00Z", "last": "2024-03-13T10:00:00Z", "throughput": {"total_seconds": 3600.0}})
case("summary", "times by a pattern",
     "day before month: the 2nd of January, then the 3rd; a day is 86,400 seconds",
     rows("ann;visit;02.01.2024 10:00", "ann;pay;03.01.2024 10:00", header="journey;touchpoint;time",
          options={"time_format": "%d.%m.%Y %H:%M", "delimiter": ";"}),
     hand={"first": "2024-01-02T10:00:00Z", "throughput": {"total_seconds": 86400.0}})
case("summary", "times as milliseconds since 1970", "1,500 ms lie between the two; before 1970 is negative",
     rows("ann,visit,-500", "ann,pay,1000", options={"time_format": "epoch_ms"}),
     hand={"first": "1969-12-31T23:59:59.500Z", "last": "1970-01-01T00:00:01Z", "throughput": {"total_seconds": 1.5}})
case("summary", "quotes, blank lines and ends of line",
     'a name may hold commas, line ends and doubled quotes; a blank line is no row: 3 events, 1 journey',
     {"csv": 'journey,touchpoint,time\r\nann,"visit, ""shop""",2024-03-13T10:00:00Z\r\n\r\n'
             'ann,"two\nlines",2024-03-13T10:01:00Z\r\nann,pay,2024-03-13T10:02:00Z'},
     hand={"events": 3, "touchpoints": [{"touchpoint": "pay"}, {"touchpoint": "two\nlines"},
                                        {"touchpoint": 'visit, "shop"'}]})
case("summary", "a selection counts the first moment and not the last",
     "from 10:00 up to but without 10:10: the events at 10:00 and 10:05 stay, bob's only one at 10:10 goes, and he "
     "with it",
     rows("ann,visit,@10:00", "ann,pay,@10:05", "ann,rate,@10:10", "bob,call,@10:10",
          select={"since": "2024-03-13T10:00:00Z", "until": "2024-03-13 10:10"}),
     hand={"events": 2, "journeys": 1, "last": "2024-03-13T10:05:00Z",
           "touchpoints": [{"touchpoint": "pay"}, {"touchpoint": "visit"}]})
case("summary", "a selection by attribute and channel keeps what meets both",
     "new and web: ann's visit only",
     rows("ann,visit,@10:00,web,new", "ann,pay,@10:05,shop,new", "bob,visit,@11:00,web,old",
          header="journey,touchpoint,time,channel,segment", options={"channel": "channel", "attributes": ["segment"]},
          select={"channels": ["web"], "attributes": {"segment": ["new"]}}),
     hand={"events": 1, "journeys": 1, "channels": [{"channel": "web", "events": 1}]})
for _name, _why, _log in [
    ("an event without a touchpoint is refused", "the field is empty", rows("ann,,@10:00")),
    ("an event without a journey is refused", "the field is empty", rows(",visit,@10:00")),
    ("a row with too few fields is refused", "two fields under a header of three", rows("ann,visit")),
    ("a time that is none is refused", "there is no 30th of February", rows("ann,visit,2024-02-30")),
    ("a quote that is never closed is refused", "the rest of the file would be one field", rows('ann,"visit,@10:00')),
    ("a quote that the next row closes is refused", "read on, bob's row would be part of ann's field",
     rows('ann,visit,@10:00,"hi', 'bob,visit,@10:01,"ok"', header="journey,touchpoint,time,note")),
    ("a score outside its scale is refused", "NPS ends at 10", scored("visit 11", scale="nps")),
    ("a column that is not there is refused", "the header has no `time`", rows(header="journey,touchpoint,at")),
]:
    case("summary", _name, _why, _log, error="invalid_log")
for _name, _why, _log in [
    ("a pattern that drops half of the time is refused", "hours without minutes", rows(options={"time_format": "%F %H"})),
    ("a column option that does not exist is refused", "it is `journey`", rows(options={"case_id": "x"})),
    ("a scale that does not exist is refused", "it is `stars`", rows(options={"score_scale": "star"})),
    ("a selection by an attribute that the log does not have is refused", "no attributes were read",
     {**TWO, "select": {"attributes": {"plan": ["pro"]}}}),
    ("a selection since a time that is none is refused", "there is no 30th of February",
     {**TWO, "select": {"since": "2024-02-30"}}),
]:
    case("summary", _name, _why, _log, error="invalid_option")
case("summary", "a selection by a touchpoint that the log does not have is refused", "`call` is not in the log",
     {**TWO, "select": {"touchpoints": ["call"]}}, error="unknown_touchpoint")
refusals("summary", confidence=1.0, confidence__2=0, confidence__3=-0.5)

# ------------------------------------------------------------------------------------------------ transitions

START_VISIT = {"source": None, "target": "visit"}
case("transitions", "an empty log has no transitions", "nothing to count", EMPTY,
     hand={"journeys": 0, "total": 0, "pairs": 0, "rows": [], "rows_left_out": 0})
case("transitions", "a single event is a start and an end",
     W + "Two ways of 2 = 1 event - 1 journey + 2; Wilson of 1 of 2 at 95 %: 0.0945 to 0.9055", ONE,
     hand={"total": 0, "pairs": 0, "rows": [
         {**START_VISIT, "count": 1, "p_out": {"n": 1, "of": 1, "high": 1.0}, "share_of_total": {"n": 1, "of": 2},
          "time": None},
         {"source": "visit", "target": None, "count": 1, "time": None}]})
case("transitions", "one touchpoint: its only transition is to itself",
     W + "Three starts, three ends, and once from visit to visit; the start is named before the end", SAME,
     hand={"total": 1, "pairs": 1, "rows": [{**START_VISIT, "count": 3, "p_in": {"n": 3, "of": 4}},
                                            {"source": "visit", "target": None, "count": 3, "p_out": {"n": 3, "of": 4}},
                                            {"source": "visit", "target": "visit", "count": 1, "per_journey": 1 / 3}]})
case("transitions", "events at one instant follow each other in the order of the file",
     W + "ann's rows are b, then a: one transition from b to a that takes 0 seconds", TIED,
     hand={"total": 1, "rows": [{"source": "a", "target": None, "count": 2},
                                {"source": None, "target": "a", "count": 1},
                                {"source": None, "target": "b", "count": 1},
                                {"source": "b", "target": "a", "count": 1, "time": {"n": 1, "total_seconds": 0.0}}]})
case("transitions", "ties stand by name, the start and the end first",
     W + "4 events, 2 journeys: 4 - 2 + 2 x 2 = 6 ways. From visit lead 3: to itself, to pay and to the end, once "
         "each. "
     "Rows of count 1: pay > end, visit > end, visit > pay, visit > visit", paths("visit visit pay", "visit"),
     hand={"journeys": 2, "total": 2, "pairs": 2, "rows": [
         {**START_VISIT, "count": 2, "journeys": 2, "p_out": {"n": 2, "of": 2, "share": 1.0, "high": 1.0},
          "p_in": {"n": 2, "of": 3}, "share_of_total": {"n": 2, "of": 6}, "per_journey": 1.0, "time": None},
         {"source": "pay", "target": None, "p_out": {"n": 1, "of": 1}, "p_in": {"n": 1, "of": 2}},
         {"source": "visit", "target": None, "p_out": {"n": 1, "of": 3}, "p_in": {"n": 1, "of": 2}},
         {"source": "visit", "target": "pay", "p_out": {"n": 1, "of": 3}, "p_in": {"n": 1, "of": 1}, "per_journey": 0.5,
          "time": {"n": 1, "total_seconds": 60.0, "mean_low_seconds": None}},
         {"source": "visit", "target": "visit", "p_out": {"n": 1, "of": 3}, "p_in": {"n": 1, "of": 3}}]})
case("transitions", "a way taken twice in a journey is two ways and one journey",
     W + "a a a: from a to a twice, by one of two journeys: once per journey on average", paths("a a a", "a"),
     hand={"rows": [{"source": None, "target": "a"}, {"source": "a", "target": None},
                    {"source": "a", "target": "a", "count": 2, "journeys": 1, "per_journey": 1.0}]})
case("transitions", "the statistics of a transition's times",
     "1, 2, 3, 4 and 10 s: mean 4, median 3, p90 = 4 + 0.6 x 6 = 7.6, p95 = 4 + 0.8 x 6 = 8.8; deviation sqrt(50 / 4), "
     "standard error sqrt 2.5 = 1.58114, t(0.975; 4) = 2.77645: 4 -+ 4.38995",
     timed(*(("a", "b", seconds) for seconds in (3, 10, 1, 4, 2))),
     hand={"rows": [{"source": None, "target": "a"}, {
         "source": "a", "target": "b", "time": {"n": 5, "total_seconds": 20.0, "mean_seconds": 4.0, "min_seconds": 1.0,
                                         "median_seconds": 3.0, "p90_seconds": 7.6, "p95_seconds": 8.8,
                                         "mean_high_seconds": 4 + T4 * 2.5 ** 0.5}},
                    {"source": "b", "target": None}]})
case("transitions", "touchpoints called START, null or __proto__ are touchpoints",
     W + "two journeys; only a missing name is the start or the end of a journey", ODD,
     hand={"total": 5, "pairs": 5, "rows": [{"source": None, "target": "NA"}, {"source": None, "target": "null"},
                                            {"source": "END", "target": None},
                    {"source": "NA", "target": "null"}, {"source": "START", "target": "😀"},
                                            {"source": "__proto__", "target": "START"},
                    {"source": "null", "target": "END"}, {"source": "null", "target": "__proto__"},
                                            {"source": "😀", "target": None}]})
case("transitions", "fractions of seconds and rows out of order",
     W + "ann goes visit, cart, pay in 1 s and 0.500001 s, bob visit, pay in 0.5 s", SHUFFLED,
     hand={"total": 3, "rows": [{"source": None, "target": "visit"}, {"source": "pay", "target": None},
                                {"source": "cart", "target": "pay", "time": {"total_seconds": 0.500001}},
                                {"source": "visit", "target": "cart", "time": {"total_seconds": 1.0}},
                                {"source": "visit", "target": "pay", "time": {"total_seconds": 0.5}}]})
case("transitions", "the limit cuts rows and says how many", W + "five rows, two shown; the totals stay",
     paths("visit visit pay", "visit"), options={"limit": 2},
     hand={"total": 2, "pairs": 2, "rows": [START_VISIT, {"source": "pay", "target": None}], "rows_left_out": 3})
case("transitions", "a limit beyond the rows cuts nothing", W + "three rows and room for ten", paths("visit pay"),
     options={"limit": 10}, hand={"rows_left_out": 0})
case("transitions", "what a selection leaves out lies between no two events",
     W + "without cart, ann goes from visit to pay in two minutes",
     {**paths("visit cart pay", "visit"), "select": {"touchpoints": ["visit", "pay"]}},
     hand={"total": 1, "rows": [START_VISIT, {"source": "pay", "target": None}, {"source": "visit", "target": None},
                                {"source": "visit", "target": "pay", "time": {"total_seconds": 120.0}}]})
case("transitions", "the confidence widens or narrows the intervals", W + "1 of 2 at 80 %", ONE,
     options={"confidence": 0.8}, hand={"rows": [START_VISIT, {"source": "visit"}]})
refusals("transitions", confidence=1.5, limit=-1, limit__2=1.5)

# --------------------------------------------------------------------------------------------------- variants

case("variants", "an empty log has no variants", "nothing to count; no entropy of nothing; none needed", EMPTY,
     hand={"journeys": 0, "variants": 0, "singletons": 0, "entropy": None, "normalised_entropy": None, "coverage": 0.8,
           "variants_for_coverage": 0, "rows": [], "rows_left_out": 0})
case("variants", "a single event is a variant",
     W + "one path, certain: -1 ln 1 = 0; of one path the entropy cannot be normalised", ONE,
     hand={"variants": 1, "singletons": 1, "entropy": 0.0, "normalised_entropy": None, "variants_for_coverage": 1,
           "rows": [{"touchpoints": ["visit"], "coverage": {"n": 1, "of": 1}, "cumulative": {"n": 1, "of": 1}}]})
case("variants", "one touchpoint twice is another path than once",
     W + "visit twice, visit visit once: 2/3 < 0.8, so two",
     SAME, hand={"variants": 2, "singletons": 1, "variants_for_coverage": 2,
                 "rows": [{"touchpoints": ["visit"], "coverage": {"n": 2}}, {"touchpoints": ["visit", "visit"]}]})
case("variants", "events at one instant keep the order of the file", W + "ann is b, a and not a, b", TIED,
     hand={"rows": [{"touchpoints": ["a"]}, {"touchpoints": ["b", "a"]}]})
case("variants", "the golden figures of 500, 400 and 100 journeys, by the hundred",
     W + "Section 3 of the methods: 5, 4 and 1 of 10. Cumulated 0.5, 0.9, 1; two reach 80 %. "
     "Entropy 0.5 ln 2 + 0.4 ln 2.5 + 0.1 ln 10 = 0.943348, of at most ln 3: 0.858676", TEN,
     hand={"journeys": 10, "variants": 3, "singletons": 1, "entropy": 0.9433483923290392,
           "normalised_entropy": 0.9433483923290392 / 1.0986122886681098, "variants_for_coverage": 2,
           "rows": [{"touchpoints": ["a", "c", "b"], "coverage": {"n": 5, "of": 10, "share": 0.5},
                     "cumulative": {"n": 5}},
                    {"touchpoints": ["a", "b"], "coverage": {"n": 4}, "cumulative": {"n": 9, "share": 0.9}},
                    {"touchpoints": ["a"], "coverage": {"n": 1}, "cumulative": {"n": 10, "share": 1.0, "high": 1.0}}]})
case("variants", "40 % are covered by the first variant alone",
     "Section 3 of the methods: coverage is cumulative, so at 0.4 the first variant is enough", TEN,
     options={"coverage": 0.4}, fields=["journeys", "coverage", "variants_for_coverage"],
     hand={"variants_for_coverage": 1})
case("variants", "a share reached exactly is reached", "two of three variants are 9 of 10 journeys, which is 0.9", TEN,
     options={"coverage": 0.9}, fields=["coverage", "variants_for_coverage"], hand={"variants_for_coverage": 2})
case("variants", "a share reached exactly is reached, whatever floats make of it",
     "11 of 20 journeys are 0.55; 0.55 x 20 in floats is 11.000000000000002", paths(*["a"] * 11, *["b"] * 9),
     options={"coverage": 0.55}, fields=["variants_for_coverage"], hand={"variants_for_coverage": 1})
case("variants", "all journeys take all variants", "the last variant is needed for 1", TEN, options={"coverage": 1.0},
     fields=["coverage", "variants_for_coverage"], hand={"variants_for_coverage": 3})
case("variants", "ties stand by the names of their touchpoints",
     W + "all once: a before a a, then a b, then aa (a name of its own), then B before all of them by its byte; "
     "five of five alike: entropy ln 5", paths("aa", "a b", "a a", "B", "a"),
     hand={"singletons": 5, "entropy": 1.6094379124341003, "normalised_entropy": 1.0, "variants_for_coverage": 4, "rows": [
         {"touchpoints": ["B"]}, {"touchpoints": ["a"]}, {"touchpoints": ["a", "a"]}, {"touchpoints": ["a", "b"]},
         {"touchpoints": ["aa"]}]})
case("variants", "the limit cuts rows and says how many", W + "three variants, one shown; the figures stay", TEN,
     options={"limit": 1}, hand={"variants": 3, "singletons": 1, "variants_for_coverage": 2,
                                 "rows": [{"touchpoints": ["a", "c", "b"]}], "rows_left_out": 2})
case("variants", "names are text, whatever they look like", W + "two journeys, each its own path: entropy ln 2", ODD,
     hand={"entropy": 0.6931471805599453, "rows": [{"touchpoints": ["NA", "null", "__proto__", "START", "😀"]},
                                                   {"touchpoints": ["null", "END"]}]})
case("variants", "fractions of seconds and rows out of order", W + "by time: visit, cart, pay and visit, pay", SHUFFLED,
     hand={"rows": [{"touchpoints": ["visit", "cart", "pay"]}, {"touchpoints": ["visit", "pay"]}]})
case("variants", "a log lists a hundred variants if not told otherwise",
     "101 journeys, each by a touchpoint of its own",
     paths(*(f"t{number:03}" for number in range(101))), fields=["variants", "singletons", "rows_left_out"],
     hand={"variants": 101, "rows_left_out": 1})
refusals("variants", coverage=0, coverage__2=1.01, confidence=0, limit=-1)

# --------------------------------------------------------------------------------------------------- discover

case("discover", "an empty log draws an empty map", "no touchpoints, one stage", EMPTY,
     hand={"name": "Discovered journey", "kind": "current_state", "touchpoints": [], "transitions": [],
           "outcome": {"entries": [], "exits": [], "conversions": []}})
case("discover", "a single event is a touchpoint that is entry and exit", "nothing follows it", ONE,
     options={"name": "Shop"},
     hand={"name": "Shop", "transitions": [], "outcome": {"entries": ["visit"], "exits": ["visit"]},
           "touchpoints": [{"id": "visit", "name": "visit", "stage": "observed",
                            "observed": {"events": 1, "journeys": 1, "starts": 1, "ends": 1}}]})
case("discover", "one touchpoint that leads to itself", "once, after a minute", SAME,
     hand={"transitions": [{"from": "visit", "to": "visit", "observed": {
         "count": 1, "journeys": 1, "mean_seconds": 60.0, "median_seconds": 60.0}}]})
case("discover", "events at one instant follow each other in the order of the file", "from b to a, in no time", TIED,
     hand={"transitions": [{"from": "b", "to": "a", "observed": {"count": 1, "mean_seconds": 0.0}}],
           "outcome": {"entries": ["a", "b"], "exits": ["a"]}})
TRIPS = timed(("visit", "pay", 30), ("visit", "pay", 60), ("visit", "pay", 240), ("visit", "call", 90),
              ("call", "pay", 10))
case("discover", "a map with counts and times",
     "visit to pay in 30, 60 and 240 s: mean 110, median 60; nothing before visit, before call in one journey of two, "
     "before pay one touchpoint in all; transitions by name", TRIPS,
     hand={"touchpoints": [{"id": "visit", "observed": {"events": 4, "journeys": 4, "starts": 4, "ends": 0}},
                           {"id": "call", "observed": {"events": 2, "journeys": 2, "starts": 1, "ends": 1}},
                           {"id": "pay", "observed": {"events": 4, "journeys": 4, "starts": 0, "ends": 4}}],
           "transitions": [
               {"from": "call", "to": "pay", "observed": {"count": 1, "journeys": 1, "mean_seconds": 10.0}},
               {"from": "visit", "to": "call", "observed": {"count": 1, "journeys": 1, "mean_seconds": 90.0}},
               {"from": "visit", "to": "pay", "observed": {"count": 3, "journeys": 3, "mean_seconds": 110.0,
                                                          "median_seconds": 60.0}}],
           "outcome": {"entries": ["call", "visit"], "exits": ["call", "pay"]}})
case("discover", "transitions of few journeys are left out, touchpoints stay",
     "only visit to pay was taken by two journeys or more", TRIPS, options={"min_journeys": 2},
     hand={"touchpoints": [{"id": "visit"}, {"id": "call"}, {"id": "pay"}],
           "transitions": [{"from": "visit", "to": "pay"}],
           "outcome": {"entries": ["call", "visit"], "exits": ["call", "pay"]}})
case("discover", "journeys count, not the times a way was taken", "a to a twice, but in one journey",
     paths("a a a", "a"),
     options={"min_journeys": 2}, hand={"transitions": []})
case("discover", "touchpoints stand as they are reached",
     "before b there is nothing, before c one of two journeys saw b, before a the others saw 1 and 2; b and d tie by name",
     paths("b b a", "b c b a", "c", "d"),
     hand={"touchpoints": [{"id": id} for id in "bdca"], "outcome": {"entries": ["b", "c", "d"], "exits": ["a", "c", "d"]}})
case("discover", "names are text, whatever they look like",
     "null is the second of one journey and the first of the other; ends in the order of their bytes", ODD,
     hand={"touchpoints": [{"id": name, "name": name} for name in ["NA", "null", "END", "__proto__", "START", "😀"]],
           "outcome": {"entries": ["NA", "null"], "exits": ["END", "😀"]}})
case("discover", "fractions of seconds and rows out of order", "as ordered by time", SHUFFLED,
     hand={"transitions": [{"from": "cart", "to": "pay", "observed": {"mean_seconds": 0.500001}},
                           {"from": "visit", "to": "cart"}, {"from": "visit", "to": "pay"}]})
refusals("discover", min_journeys=-1, min_journeys__2=1.5, name="")

# ------------------------------------------------------------------------------------------------ bottlenecks

NOTHING = {"total_seconds": 0.0, "transitions": [], "touchpoints": []}
case("bottlenecks", "an empty log has no bottlenecks", "nothing to count", EMPTY,
     hand={"journeys": 0, **NOTHING, "conversions": [], "conversions_left_out": 0})
case("bottlenecks", "a single event is lost where it happened", W + "one journey came to visit, none went on", ONE,
     hand={**NOTHING, "conversions": [{"source": "visit", "target": None, "conversion": {"n": 0, "of": 1, "low": 0.0},
                                       "lost": 1,
                                       "bottleneck": True, "lowest_conversion": True}]})
case("bottlenecks", "one touchpoint: who ends at it is lost, however often it was visited",
     W + "three journeys end at visit, the third after a second visit: after the last one nothing follows", SAME,
     hand={"total_seconds": 60.0, "touchpoints": [{"touchpoint": "visit", "delay_share": 1.0, "bottleneck": True}],
           "conversions": [{"source": "visit", "conversion": {"n": 0, "of": 3}, "lost": 3}]})
case("bottlenecks", "where no time passes there is no delay",
     W + "0 of 0 seconds is no share, and nothing is flagged; two journeys end at a", TIED,
     hand={"total_seconds": 0.0, "transitions": [{"source": "b", "target": "a", "delay_share": None,
                                                  "bottleneck": False}],
           "touchpoints": [{"touchpoint": "b", "delay_share": None, "bottleneck": False}],
           "conversions": [{"source": "a", "lost": 2, "bottleneck": True, "lowest_conversion": True},
                           {"source": "b", "lost": 0, "conversion": {"n": 1, "of": 1}, "bottleneck": False,
                            "lowest_conversion": False}]})
case("bottlenecks", "two journeys and three touchpoints",
     W + "visit to pay 300 s; of the two that visited one went on; pay loses its one, so the share is lowest there. "
     "Losses 1 and 1: the first reaches 50 %, both are needed for 80 %", TWO,
     hand={"total_seconds": 300.0, "transitions": [{"source": "visit", "target": "pay", "delay_share": 1.0,
                                                    "bottleneck": True}],
           "conversions": [{"source": "pay", "conversion": {"n": 0, "of": 1}, "lost": 1, "bottleneck": True,
                            "lowest_conversion": True},
                           {"source": "visit", "conversion": {"n": 1, "of": 2}, "lost": 1, "bottleneck": True,
                            "lowest_conversion": False}]})
EIGHTY = timed(("a", "b", 80), ("c", "d", 20))
case("bottlenecks", "80 % reached exactly is reached", "80 of 100 s: one transition is enough", EIGHTY,
     fields=["total_seconds", "transitions", "touchpoints"],
     hand={"transitions": [{"source": "a", "target": "b", "delay_share": 0.8, "bottleneck": True},
                           {"source": "c", "target": "d", "delay_share": 0.2, "bottleneck": False}]})
case("bottlenecks", "a share reached exactly is reached, whatever floats make of it",
     "11 of 20 s are 0.55; 0.55 x 20 in floats is 11.000000000000002", timed(("a", "b", 11), ("c", "d", 9)),
     options={"pareto": 0.55}, fields=["transitions"], hand={"transitions": [{"bottleneck": True},
                                                                             {"bottleneck": False}]})
case("bottlenecks", "79 % is not 80 %", "79 of 100 s: the second transition is needed too",
     timed(("a", "b", 79), ("c", "d", 20), ("e", "f", 1)), fields=["transitions"],
     hand={"transitions": [{"source": "a", "bottleneck": True}, {"source": "c", "bottleneck": True},
                           {"source": "e", "bottleneck": False}]})
case("bottlenecks", "all of the delay needs no transition that takes no time", "80, 20 and 0 s: two reach 100 %",
     timed(("a", "b", 80), ("c", "d", 20), ("e", "f", 0)), options={"pareto": 1}, fields=["transitions"],
     hand={"transitions": [{"bottleneck": True}, {"bottleneck": True},
                           {"source": "e", "delay_share": 0.0, "bottleneck": False}]})
case("bottlenecks", "many short waits weigh more than one long one",
     "ten times 10 s are 100 s, once 60 s are 60 s: the first leads although its median is 10 and not 60",
     timed(*[("a", "b", 10)] * 10, ("c", "d", 60)), fields=["total_seconds", "transitions"],
     hand={"transitions": [{"source": "a", "delay_share": 0.625,
                            "time": {"total_seconds": 100.0, "median_seconds": 10.0}},
                           {"source": "c", "delay_share": 0.375,
                            "time": {"total_seconds": 60.0, "median_seconds": 60.0}}]})
case("bottlenecks", "the time at a touchpoint is that to the next event, whatever it is",
     "from a 30 s to b and 50 s to c: two times, 80 s; from b 20 s to c. Ties of delay by name: a to b, b to c",
     rows("j1,a,@10:00:00", "j1,b,@10:00:30", "j1,c,@10:01:00", "j2,a,@10:00:00", "j2,c,@10:00:50"),
     fields=["transitions", "touchpoints"],
     hand={"transitions": [{"source": "a", "target": "c"}, {"source": "a", "target": "b"},
                           {"source": "b", "target": "c"}],
           "touchpoints": [{"touchpoint": "a", "time": {"n": 2, "total_seconds": 80.0}}, {"touchpoint": "b"}]})
FUNNEL = paths("visit cart pay", "visit look cart", "visit", "cart visit", "visit cart")
case("bottlenecks", "conversion from step to step",
     W + "Five journeys visit; then cart: 1, 2 and 5 (4 has cart only before); then pay: 1. Lost 2 and 2; a tie stands "
         "in "
     "the order of the steps; 1 of 3 is lower than 3 of 5", FUNNEL, options={"steps": ["visit", "cart", "pay"]},
     fields=["journeys", "conversions", "conversions_left_out"],
     hand={"conversions": [
         {"source": "visit", "target": "cart", "conversion": {"n": 3, "of": 5, "share": 0.6}, "lost": 2,
          "bottleneck": True,
          "lowest_conversion": False},
         {"source": "cart", "target": "pay", "conversion": {"n": 1, "of": 3}, "lost": 2, "bottleneck": True,
          "lowest_conversion": True}]})
case("bottlenecks", "the order of the steps matters",
     W + "cart, then visit: four journeys have cart, only the fourth visits later", FUNNEL,
     options={"steps": ["cart", "visit"]}, fields=["conversions"],
     hand={"conversions": [{"source": "cart", "target": "visit", "conversion": {"n": 1, "of": 4}, "lost": 3}]})
case("bottlenecks", "one event fills one step", W + "visit, then visit again: one of three does",
     paths("visit", "visit pay", "visit pay visit"), options={"steps": ["visit", "visit"]}, fields=["conversions"],
     hand={"conversions": [{"source": "visit", "target": "visit", "conversion": {"n": 1, "of": 3}, "lost": 2}]})
case("bottlenecks", "the step that loses most stands first, whatever its place",
     W + "a to b loses 1 of 6, b to c 4 of 5; 4 of 5 losses are 80 %", paths(*["a b"] * 4, "a b c", "a"),
     options={"steps": ["a", "b", "c"]}, fields=["conversions"],
     hand={"conversions": [{"source": "b", "lost": 4, "bottleneck": True, "lowest_conversion": True},
                           {"source": "a", "lost": 1, "bottleneck": False, "lowest_conversion": False}]})
case("bottlenecks", "a step that nobody reaches has no conversion",
     W + "c is in the log, but never after b: nobody can be lost on the way from it", paths("c d", "a b", "a"),
     options={"steps": ["a", "b", "c", "d"]}, fields=["conversions"],
     hand={"conversions": [{"source": "a", "lost": 1, "lowest_conversion": False},
                           {"source": "b", "lost": 1, "conversion": {"n": 0, "of": 1}, "lowest_conversion": True},
                           {"source": "c", "lost": 0, "conversion": {"n": 0, "of": 0, "share": None, "low": None},
                            "lowest_conversion": False}]})
case("bottlenecks", "where nobody is lost there is no lowest conversion", W + "all go on", paths("a b", "a b"),
     options={"steps": ["a", "b"]}, fields=["conversions"],
     hand={"conversions": [{"conversion": {"n": 2, "of": 2, "high": 1.0}, "lost": 0, "bottleneck": False,
                            "lowest_conversion": False}]})
case("bottlenecks", "two rows may have the lowest conversion", W + "both lose half of those who come",
     paths("a b c", "a b", "a", "a"), options={"steps": ["a", "b", "c"]}, fields=["conversions"],
     hand={"conversions": [{"source": "a", "lost": 2, "lowest_conversion": True},
                           {"source": "b", "lost": 1, "lowest_conversion": True}]})
case("bottlenecks", "without steps a journey is lost where it ends",
     W + "visit is the end of 3 and 4, cart of 2 and 5, pay of 1: ties by name", FUNNEL, fields=["conversions"],
     hand={"conversions": [{"source": "cart", "target": None, "conversion": {"n": 2, "of": 4}, "lost": 2},
                           {"source": "visit", "conversion": {"n": 3, "of": 5}, "lost": 2},
                           {"source": "pay", "conversion": {"n": 0, "of": 1}, "lost": 1, "lowest_conversion": True},
                           {"source": "look", "conversion": {"n": 1, "of": 1}, "lost": 0}]})
case("bottlenecks", "the limit cuts each list after the flags are set",
     W + "three transitions, three touchpoints left, four touchpoints visited; flags are those of the whole list",
     paths("a b c d", "a b"), options={"limit": 1},
     hand={"transitions": [{"source": "a", "target": "b", "delay_share": 0.5}], "transitions_left_out": 2,
           "touchpoints_left_out": 2, "conversions_left_out": 3})
case("bottlenecks", "names are text, whatever they look like", W + "each of five transitions once, ties by name", ODD,
     hand={"transitions": [{"source": "null", "target": "END", "time": {"total_seconds": 120.0}}, {"source": "NA"},
                           {"source": "START"},
                           {"source": "__proto__"}, {"source": "null", "target": "__proto__"}]})
case("bottlenecks", "fractions of seconds and rows out of order", W + "1 s, 0.500001 s and 0.5 s: 2.000001 s", SHUFFLED,
     hand={"total_seconds": 2.000001, "transitions": [{"target": "cart"}, {"source": "cart"},
                                                      {"source": "visit", "target": "pay"}]})
case("bottlenecks", "steps in an empty log are a question without an answer", "an empty log gives zeros and no shares",
     EMPTY,
     options={"steps": ["visit", "pay"]},
     hand={"conversions": [{"source": "visit", "target": "pay", "conversion": {"n": 0, "of": 0, "share": None},
                            "lost": 0,
                            "bottleneck": False, "lowest_conversion": False}]})
case("bottlenecks", "a single step is refused", "there is nothing to convert to", TWO, options={"steps": ["visit"]},
     error="invalid_option")
case("bottlenecks", "a step that the log does not have is refused", "`call` is not in the log", TWO,
     options={"steps": ["visit", "call"]}, error="unknown_touchpoint")
refusals("bottlenecks", pareto=0, pareto__2=1.1, confidence=1, limit=-1)
