"""The hand-written cases of the functions that read a map: its emotion curve, the dips in it, and its coverage.

Written as those in `cases.py`; importing this file adds them to `builders.CASES`, for `python write_vectors.py`.
"""

from builders import (EMPTY, ODD, ONE, SAME, SHUFFLED, T1_80, T2, TEN, TIED, TWO, W, case, curve, graph, paths,
                      refusals, rows, scored)

# ---------------------------------------------------------------------------------------------- emotion_curve

SHOP = curve("visit 1", "pay -1", "rate")
case("emotion_curve", "an empty log measures nothing", "the expected curve stays; all measured steps are gaps", EMPTY,
     SHOP,
     hand={"scored_events": 0, "steps": [{"touchpoint": "visit", "expected": 1.0, "measured": None, "n": 0},
                                         {"touchpoint": "pay", "expected": -1.0},
                                         {"touchpoint": "rate", "expected": None}],
           "stages": [{"stage": "s", "expected": 0.0, "measured": None, "n": 0, "low": None}]})
case("emotion_curve", "without a log there is the expected curve", "as for an empty log", None, SHOP,
     hand={"scored_events": 0, "steps": [{"expected": 1.0}, {"expected": -1.0}, {"expected": None}]})
case("emotion_curve", "a map without touchpoints has no steps", "the stage has no score", None, curve(),
     hand={"steps": [], "stages": [{"stage": "s", "expected": None, "n": 0}]})
case("emotion_curve", "events without scores measure nothing", "the log has no column of scores", TWO, SHOP,
     hand={"scored_events": 0, "unmapped_scored_events": 0})
case("emotion_curve", "one score has a mean and no interval", "one event, 2 on the scale", scored("visit 2"), SHOP,
     hand={"scored_events": 1, "steps": [{"measured": 2.0, "n": 1, "deviation": None, "low": None, "high": None},
                                         {"measured": None}, {"measured": None}]})
case("emotion_curve", "equal scores have an interval without width", "three times 1: deviation 0, from 1 to 1",
     scored("visit 1 1 1"), SHOP,
     hand={"steps": [{"measured": 1.0, "deviation": 0.0, "low": 1.0, "high": 1.0}, {}, {}]})
case("emotion_curve", "equal scores have no spread, whatever floats make of their sum",
     "ten times NPS 1, which is -1.6: their deviation is 0 and not a rounding error",
     scored("visit" + " 1" * 10, scale="nps"), SHOP,
     hand={"steps": [{"measured": -1.6, "n": 10, "deviation": 0.0, "low": -1.6, "high": -1.6}, {}, {}]})
case("emotion_curve", "one touchpoint, several customers, all at one instant",
     "scores 2, 1, 0, without one: mean 1, deviation 1, standard error 1 / sqrt 3 = 0.57735, t(0.975; 2) = 4.30265: "
     "1 -+ 2.48414, which the scale does not cut off", scored("visit 2 1 0 -"), curve("visit"),
     hand={"scored_events": 3, "steps": [{"measured": 1.0, "n": 3, "deviation": 1.0,
                                          "low": 1 - T2 / 3 ** 0.5, "high": 1 + T2 / 3 ** 0.5}]})
case("emotion_curve", "a customer's scores all count", "ann scores the same touchpoint twice: n is 2, mean 0.5",
     rows("ann,visit,@10:00,0", "ann,visit,@10:01,1", header="journey,touchpoint,time,score",
          options={"score": "score"}),
     SHOP, hand={"steps": [{"n": 2, "measured": 0.5}, {}, {}]})
for _scale, _scores, _means in [("stars", "1 2 3 4 5", "0"), ("one_to_five", "1 1 3", "-4/3"), ("csat", "5 5 4", "5/3"),
                                ("ces", "1 4 7 7", "0.5"), ("nps", "0 5 10 10", "0.5"),
                                ("sentiment", "-1 -1 0.5", "-1"),
                                ("experience", "-2 -1.5 2", "-0.5")]:
    _a, _, _b = _means.partition("/")
    case("emotion_curve", f"scores on the scale {_scale}",
         f"-2 + 4 (score - low) / (high - low) of {_scores}: mean {_means}", scored(f"visit {_scores}", scale=_scale),
         curve("visit"), hand={"steps": [{"measured": float(_a) / float(_b or 1)}]})
case("emotion_curve", "steps without scores are gaps, also within the curve",
     "pay has an event without a score, and stays empty between 1 and -1", scored("visit 1", "pay -", "rate -1"),
     SHOP, hand={"scored_events": 2, "steps": [{"measured": 1.0}, {"measured": None, "n": 0}, {"measured": -1.0}]})
case("emotion_curve", "a stage is the mean of its scores, not of its steps",
     "visit 2 2 2 and pay -2: mean 1, where the mean of the steps would be 0; expected is the mean of the touchpoints "
     "that have one: (1 - 1) / 2 = 0. deviation sqrt(12 / 3) = 2", scored("visit 2 2 2", "pay -2", "send 1"),
     {**SHOP, "stages": [{"id": "s", "name": "Buy"}, {"id": "after", "name": "After"}]},
     hand={"stages": [{"stage": "s", "expected": 0.0, "measured": 1.0, "n": 4, "deviation": 2.0},
                      {"stage": "after", "expected": None, "measured": None, "n": 0}],
           "scored_events": 4, "unmapped_scored_events": 1})
case("emotion_curve", "steps stand in the order of the stages, then of the map",
     "the file names them rate, visit, pay; rate is of the second stage", scored("visit 1", "pay 0", "rate 2"),
     curve("rate 2 after", "visit 1 buy", "pay 0 buy", stages=("buy", "after")),
     hand={"steps": [{"touchpoint": "visit", "stage": "buy"}, {"touchpoint": "pay"},
                     {"touchpoint": "rate", "stage": "after"}],
           "stages": [{"stage": "buy", "expected": 0.5, "measured": 0.5}, {"stage": "after", "measured": 2.0}]})
case("emotion_curve", "scores at touchpoints that the map does not have are counted apart",
     "call is not on the map: two scores, in no step and no stage; VISIT is not visit",
     scored("visit 1", "call -2 -2", "VISIT 1"), SHOP,
     hand={"scored_events": 1, "unmapped_scored_events": 3, "stages": [{"n": 1}]})
case("emotion_curve", "names are text, whatever they look like", "each id is found",
     scored("NA 1", "null 2", "__proto__ -1", "😀 0"),
     curve("__proto__", "null", "😀", "NA"),
     hand={"steps": [{"measured": -1.0}, {"measured": 2.0}, {"measured": 0.0}, {"measured": 1.0}]})
case("emotion_curve", "the confidence widens or narrows the intervals", "0 and 2 at 80 %: deviation sqrt 2, standard "
                                                                        "error 1, t(0.9; 1) = 3.07768: 1 -+ 3.07768",
     scored("visit 0 2"), curve("visit"), {"confidence": 0.8},
     hand={"steps": [{"measured": 1.0, "deviation": 2 ** 0.5, "high": 1 + T1_80}]})
case("emotion_curve", "an expected score outside the scale is refused", "3 is more than 2", None, curve("visit 3"),
     error="invalid_map")
case("emotion_curve", "a score outside its scale is refused", "six stars of five", scored("visit 6", scale="stars"),
     SHOP,
     error="invalid_log")
refusals("emotion_curve", SHOP, confidence=0, min_prominence=0, min_prominence__2=4.5, false_discovery_rate=1,
         source="felt")

# ----------------------------------------------------------------------------------------------- emotion_dips

DIP = curve("a 1", "b -1", "c 0.5")
case("emotion_dips", "the dip between two shoulders",
     "-1 between 1 and 0.5: 0.5 - -1 = 1.5 below the lower one; from 1 it falls by 2. No scores, no test", None, DIP,
     hand={"source": "expected", "min_prominence": 1.0, "scored_steps": 3, "gaps": [], "dips": [
         {"touchpoint": "b", "stage": "s", "score": -1.0, "n": 0, "low": None, "high": None, "prominence": 1.5,
          "drop": 2.0,
          "left_shoulder": "a", "right_shoulder": "c", "compared_with": "a", "p_value": None, "p_adjusted": None,
          "significant": None}]})
case("emotion_dips", "an empty log leaves the expected curve", "it has no scores", EMPTY, DIP,
     hand={"source": "expected", "dips": [{"touchpoint": "b"}]})
case("emotion_dips", "a log without scores leaves the expected curve", "events alone measure nothing", TWO, DIP,
     hand={"source": "expected", "dips": [{"touchpoint": "b"}]})
case("emotion_dips", "a map without touchpoints has no dips", "no step, no dip", None, curve(),
     hand={"source": "expected", "scored_steps": 0, "gaps": [], "dips": []})
case("emotion_dips", "one step is no dip, however low", "it has no shoulder", scored("b -2"), curve("b"),
     hand={"source": "measured", "scored_steps": 1, "dips": []})
case("emotion_dips", "a flat curve has no dip", "no step is lower than another", None, curve("a -1", "b -1", "c -1"),
     hand={"scored_steps": 3, "dips": []})
case("emotion_dips", "one touchpoint scored at one instant, the others not",
     "the only step with a score has no shoulder",
     scored("b -2 -1"), DIP, hand={"source": "measured", "scored_steps": 1, "gaps": ["a", "c"], "dips": []})
case("emotion_dips", "no dip at or above neutral", "0 between 2 and 2 is no dip; nor is 0.5", None,
     curve("a 2", "b 0", "c 2", "d 0.5", "e 2"), hand={"dips": []})
case("emotion_dips", "prominence as SciPy measures it",
     "scipy.signal.peak_prominences of the curve upside down. At d, -1.5: left up to 2 (a), right up to 1.5 (g): 3. "
     "At f, -0.5: left 0.5 (e) before d is lower, right 1.5: 1. At b, -1: left 2, right 0 (c) before d is lower: 1. "
     "Ties in the order of the map: b before f", None,
     curve("a 2", "b -1", "c 0", "d -1.5", "e 0.5", "f -0.5", "g 1.5", "h 1"),
     hand={"dips": [{"touchpoint": "d", "prominence": 3.0, "left_shoulder": "a", "right_shoulder": "g",
                     "compared_with": "a"},
                    {"touchpoint": "b", "prominence": 1.0, "left_shoulder": "a", "right_shoulder": "c"},
                    {"touchpoint": "f", "prominence": 1.0, "left_shoulder": "e", "right_shoulder": "g",
                     "compared_with": "g"}]})
case("emotion_dips", "the first and the last step are judged by the side they have",
     "a, -1: right up to 1 (c): 2, nothing before it to fall from. d, -2: left 1 (c): 3, from where it falls by 3",
     None,
     curve("a -1", "b 0", "c 1", "d -2"),
     hand={"dips": [{"touchpoint": "d", "prominence": 3.0, "drop": 3.0, "left_shoulder": "c", "right_shoulder": None,
                     "compared_with": "c"},
                    {"touchpoint": "a", "prominence": 2.0, "drop": None, "left_shoulder": None, "right_shoulder": "c",
                     "compared_with": "c"}]})
case("emotion_dips", "of a run of equal steps the first is the dip", "b and c both at -1: one dip, at b", None,
     curve("a 1", "b -1", "c -1", "d 1"), hand={"dips": [{"touchpoint": "b", "prominence": 2.0,
                                                          "right_shoulder": "d"}]})
case("emotion_dips", "a run of equal steps at the end is a dip at its first", "b and c have no step after them", None,
     curve("a 1", "b -1", "c -1"), hand={"dips": [{"touchpoint": "b", "prominence": 2.0, "drop": 2.0,
                                                   "right_shoulder": None}]})
case("emotion_dips", "a step on the way down is no dip", "b and c, equal, lie above d: only d is a minimum", None,
     curve("a 1", "b -1", "c -1", "d -2", "e 0"), hand={"dips": [{"touchpoint": "d", "prominence": 2.0, "drop": 1.0}]})
case("emotion_dips", "two dips of the same depth do not hide each other",
     "an equal step is not lower, so the search goes past it. b: left 1 (a), right 2 (e, beyond d): 2 below the lower "
     "one. d: left 1 (a, beyond b), right 2 (e): 2", None,
     curve("a 1", "b -1", "c 0", "d -1", "e 2"),
     hand={"dips": [{"touchpoint": "b", "prominence": 2.0, "left_shoulder": "a", "right_shoulder": "e",
                     "compared_with": "e"},
                    {"touchpoint": "d", "prominence": 2.0, "left_shoulder": "a", "right_shoulder": "e",
                     "compared_with": "e"}]})
case("emotion_dips", "of equally high steps the nearest is the shoulder, of equal shoulders the left is compared with",
     "left of d: 1 at a and c, the nearest is c; right of it: 1 at e and g, the nearest is e", None,
     curve("a 1", "b 0", "c 1", "d -1", "e 1", "f 0", "g 1"),
     hand={"dips": [{"touchpoint": "d", "left_shoulder": "c", "right_shoulder": "e", "compared_with": "c"}]})
case("emotion_dips", "gaps are stepped over", "between a and c nothing is known of b: c is a dip that falls from a",
     None,
     curve("a 1", "b", "c -1", "d", "e 0.5"),
     hand={"scored_steps": 3, "gaps": ["b", "d"], "dips": [{"touchpoint": "c", "prominence": 1.5, "drop": 2.0,
                                                           "left_shoulder": "a", "right_shoulder": "e"}]})
case("emotion_dips", "a gap at the border is not a step", "b is the first step with a score: a dip by its right side",
     None,
     curve("a", "b -1", "c 1"), hand={"gaps": ["a"], "dips": [{"touchpoint": "b", "drop": None,
                                                               "left_shoulder": None}]})
case("emotion_dips", "the least prominence is enough", "0.5 - -0.5 is 1, just as much as asked for", None,
     curve("a 1", "b -0.5", "c 0.5"), hand={"dips": [{"touchpoint": "b", "prominence": 1.0}]})
case("emotion_dips", "less than the least prominence is no dip", "0.25 - -0.5 = 0.75 is less than 1", None,
     curve("a 1", "b -0.5", "c 0.25"), hand={"dips": []})
case("emotion_dips", "the least prominence can be set", "0.75 is enough for 0.5", None,
     curve("a 1", "b -0.5", "c 0.25"),
     {"min_prominence": 0.5}, hand={"min_prominence": 0.5, "dips": [{"touchpoint": "b", "prominence": 0.75}]})
case("emotion_dips", "the order of the steps is that of the stages",
     "the file names b first, but its stage is the last: a, c, b; a fall at the end", None,
     curve("b -1 s2", "a 1 s1", "c 0.5 s1", stages=("s1", "s2")),
     hand={"dips": [{"touchpoint": "b", "stage": "s2", "prominence": 2.0, "drop": 1.5, "right_shoulder": None}]})
case("emotion_dips", "a measured dip is tested against its higher shoulder",
     "a 2 1 2 1, b -1 -2 -1 -1, c 1 1 0 1: means 1.5, -1.25, 0.75; prominence 2, tested against a. Welch: "
     "deviations² 1/3 and 1/4, t = 2.75 / sqrt(7 / 48) = 7.2012; p by SciPy's ttest_ind, equal_var=False; one dip, no "
     "correction",
     scored("a 2 1 2 1", "b -1 -2 -1 -1", "c 1 1 0 1"), DIP,
     hand={"source": "measured", "dips": [{"touchpoint": "b", "score": -1.25, "n": 4, "prominence": 2.0, "drop": 2.75,
                                           "compared_with": "a", "significant": True}]})
MANY = curve("a", "b", "c", "d", "e", "f", "g")
case("emotion_dips", "p-values are corrected for the number of dips tested",
     "means 1.5, -1.75, 0.75, -0.5, 1, -0.25, 1.25: dips at b (1.25 - -1.75 = 3), d (0.75 - -0.5) and f (1 - -0.25). "
     "p by ttest_ind: 0.000160547 (b, a), 0.0264654 (d, g), 0.253696 (f, g); adjusted 3 p, 3 / 2 p and p",
     scored("a 1 2 1 2", "b -2 -2 -1 -2", "c 1 1 1 0", "d -1 -1 0 0", "e 1 1 1 1", "f -2 2 -2 1", "g 1 0 2 2"), MANY,
     {"min_prominence": 0.5},
     hand={"dips": [{"touchpoint": "b", "prominence": 3.0, "compared_with": "a", "significant": True},
                    {"touchpoint": "d", "prominence": 1.25, "compared_with": "g", "significant": True},
                    {"touchpoint": "f", "prominence": 1.25, "compared_with": "g", "significant": False}]})
case("emotion_dips", "a dip that cannot be tested does not count in the correction",
     "d has one score, so no test; b alone is tested, and its adjusted p is its p",
     scored("a 1 2 1 2", "b -2 -2 -1 -2", "c 1 1 1 0", "d -2", "e 1 1 1 1"), curve("a", "b", "c", "d", "e"),
     hand={"dips": [{"touchpoint": "d", "n": 1, "low": None, "prominence": 3.0, "p_value": None, "p_adjusted": None,
                     "significant": None}, {"touchpoint": "b", "significant": True}]})
case("emotion_dips", "where neither side varies there is no test", "always 1 and always -1: no spread to compare with",
     scored("a 1 1 1", "b -1 -1 -1"), curve("a", "b"),
     hand={"dips": [{"touchpoint": "b", "low": -1.0, "high": -1.0, "prominence": 2.0, "p_value": None,
                     "significant": None}]})
case("emotion_dips", "one side that varies is enough for a test",
     "always 1, but -1 or -2: Welch with one variance of 0",
     scored("a 1 1 1", "b -1 -2 -1"), curve("a", "b"), hand={"dips": [{"touchpoint": "b", "drop": 7 / 3,
                                                                       "significant": True}]})
case("emotion_dips", "a dip can be chance", "1 -2 against 2 -1: the intervals span the scale",
     scored("a 2 -1", "b 1 -2"),
     curve("a", "b"), hand={"dips": [{"touchpoint": "b", "score": -0.5, "prominence": 1.0, "significant": False}]})
case("emotion_dips", "a lower rate of false alarms asks for more",
     "the same scores are significant at 5 % and not at 1 %", scored("a 1 1 1", "b -1 -2 -1"), curve("a", "b"),
     {"false_discovery_rate": 0.01}, hand={"dips": [{"touchpoint": "b", "significant": False}]})
case("emotion_dips", "the expected curve can be asked for, whatever the log says",
     "measured, c is low; on the map it is b", scored("a 1", "b 1", "c -2"), DIP, {"source": "expected"},
     hand={"source": "expected", "dips": [{"touchpoint": "b", "n": 0, "p_value": None}]})
case("emotion_dips", "the measured curve goes before the expected one where the log has scores", "measured, c is low",
     scored("a 1", "b 1", "c -2"), DIP, hand={"source": "measured", "dips": [{"touchpoint": "c", "n": 1}]})
case("emotion_dips", "scores at touchpoints that are not on the map measure no curve", "the map expects a dip at b",
     scored("z 1"), DIP, hand={"source": "expected", "dips": [{"touchpoint": "b", "n": 0}]})
case("emotion_dips", "the rounding of means decides no plateau",
     "NPS 0 0 3 and 1 1 1 are -2 -2 -0.8 and three times -1.6: the mean of both is -1.6, so the dip is at its first step",
     scored("a 10", "b 0 0 3", "c 1 1 1", "d 10", scale="nps"), curve("a", "b", "c", "d"),
     hand={"dips": [{"touchpoint": "b", "score": -1.6, "prominence": 3.6}]})
case("emotion_dips", "the rounding of means makes no step a dip", "NPS 3 and 7 are -0.8 and 0.8, on average neutral",
     scored("a 7 7", "b 3 7", "c 7 7", scale="nps"), curve("a", "b", "c"), {"min_prominence": 0.1}, hand={"dips": []})
case("emotion_dips", "a measured curve without scores has only gaps", "the log has no scores", TWO, DIP,
     {"source": "measured"},
     hand={"source": "measured", "scored_steps": 0, "gaps": ["a", "b", "c"], "dips": []})
case("emotion_dips", "without a log the measured curve has only gaps", "nothing is measured", None, DIP,
     {"source": "measured"},
     hand={"scored_steps": 0, "gaps": ["a", "b", "c"], "dips": []})
case("emotion_dips", "names are text, whatever they look like", "-2 between 1 and 1", scored("NA 1", "null -2", "😀 1"),
     curve("NA", "null", "😀", "__proto__"),
     hand={"gaps": ["__proto__"], "dips": [{"touchpoint": "null", "left_shoulder": "NA", "right_shoulder": "😀"}]})
case("emotion_dips", "the confidence widens or narrows the interval of the score",
     "b -1 -2 at 50 %: t(0.75; 1) = 1, -1.5 -+ 0.5",
     scored("a 1 1", "b -1 -2"), curve("a", "b"), {"confidence": 0.5}, hand={"dips": [{"low": -2.0, "high": -1.0}]})
refusals("emotion_dips", DIP, min_prominence=0, min_prominence__2=-1, min_prominence__3=4.1, false_discovery_rate=0,
         confidence=1, source="felt")

# ---------------------------------------------------------------------------------------------- path_coverage

LINE = graph("visit-cart cart-pay")
case("path_coverage", "an empty log covers nothing",
     "0 of 3 touchpoints, 0 of 2 transitions, 0 of 1 path; of no events there is no share", EMPTY, LINE,
     hand={"variants": {"journeys": 0, "variants": 0, "most_frequent": {"n": 0, "of": 0, "share": None},
                        "variants_for_coverage": 0},
           "map": {"touchpoints": {"n": 0, "of": 3, "share": 0.0}, "transitions": {"n": 0, "of": 2},
                   "paths": {"n": 0, "of": 1},
                   "prime_paths": None, "touchpoints_not_visited": ["visit", "cart", "pay"],
                   "transitions_not_taken": [{"source": "visit", "target": "cart"},
                                             {"source": "cart", "target": "pay"}]},
           "log": {"events": {"n": 0, "of": 0, "share": None}, "transitions": {"n": 0, "of": 0, "share": None},
                   "journeys": {"n": 0, "of": 0, "share": None}, "unmapped": []}})
case("path_coverage", "a single event", W + "1 of 3 touchpoints; a journey that stays at the entry does not end at the "
                                            "exit", ONE, LINE,
     hand={"map": {"touchpoints": {"n": 1, "of": 3}, "paths": {"n": 0, "of": 1}},
           "log": {"events": {"n": 1, "of": 1}, "transitions": {"n": 0, "of": 0}, "journeys": {"n": 0, "of": 1}}})
case("path_coverage", "one touchpoint, again and again",
     W + "visit to visit is not on the map: 0 of 1 transitions taken; two of three journeys are the most frequent path",
     SAME, LINE,
     hand={"variants": {"variants": 2, "most_frequent": {"n": 2, "of": 3}, "variants_for_coverage": 2},
           "log": {"transitions": {"n": 0, "of": 1}, "journeys": {"n": 0, "of": 3}}})
case("path_coverage", "events at one instant keep the order of the file",
     W + "b to a is on the map, a to b is not taken", TIED,
     graph("b-a", "a b"), hand={"map": {"transitions": {"n": 1, "of": 1}, "paths": {"n": 1, "of": 1}},
                                "log": {"journeys": {"n": 1, "of": 2}}})
CHOICE = graph("visit-cart visit-call cart-pay call-pay pay-rate")
case("path_coverage", "a map with a choice",
     W + "Entry visit, exit rate. Paths: by cart and by call. The first journey is the first path; the second follows "
         "the map "
     "but does not end at rate; the third jumps from visit to pay. Transitions taken: 3 + 2 + 2 = 7, of which visit to "
     "pay is "
     "not on the map: 6. visit to call is never taken, nor call to pay",
     paths("visit cart pay rate", "visit cart pay", "visit pay rate"), CHOICE,
     hand={"variants": {"journeys": 3, "variants": 3, "most_frequent": {"n": 1, "of": 3}, "variants_for_coverage": 3},
           "map": {"touchpoints": {"n": 4, "of": 5, "share": 0.8}, "transitions": {"n": 3, "of": 5, "share": 0.6},
                   "paths": {"n": 1, "of": 2, "share": 0.5}, "paths_capped": False, "prime_paths": None,
                   "prime_paths_capped": False,
                   "touchpoints_not_visited": ["call"],
                   "transitions_not_taken": [{"source": "visit", "target": "call"},
                                             {"source": "call", "target": "pay"}]},
           "log": {"events": {"n": 10, "of": 10}, "transitions": {"n": 6, "of": 7}, "journeys": {"n": 1, "of": 3}}})
case("path_coverage", "exits that the map names go before those that follow from it",
     W + "with exit pay, too, the second journey fits as well, and there are four paths, of which two are taken",
     paths("visit cart pay rate", "visit cart pay", "visit pay rate"),
     {**CHOICE, "outcome": {"exits": ["rate", "pay"]}},
     hand={"map": {"paths": {"n": 2, "of": 4}}, "log": {"journeys": {"n": 2, "of": 3}}})
case("path_coverage", "entries that the map names go before those that follow from it",
     W + "from cart only: cart, pay, rate is the one path; who begins at visit does not fit",
     paths("visit cart pay rate", "cart pay rate"), {**CHOICE, "outcome": {"entries": ["cart"]}},
     hand={"map": {"paths": {"n": 1, "of": 1}}, "log": {"journeys": {"n": 1, "of": 2}}})
case("path_coverage", "a touchpoint that only leads to itself is still an exit",
     W + "b to b does not keep b from being the end. Simple paths: a, b. Prime paths: a, b and b, b; the journey "
         "contains both",
     paths("a b b"), graph("a-b b-b"),
     hand={"map": {"paths": {"n": 0, "of": 1}, "prime_paths": {"n": 2, "of": 2}},
           "log": {"journeys": {"n": 1, "of": 1}}})
case("path_coverage", "where every touchpoint is reached and left, journeys may begin and end anywhere",
     W + "a ring of three: all are entries and exits; every journey along the ring fits", paths("b c a b", "c", "a c"),
     graph("a-b b-c c-a"), fields=["variants", "log"],
     hand={"log": {"journeys": {"n": 2, "of": 3}, "transitions": {"n": 3, "of": 4}}})
case("path_coverage", "a touchpoint that nothing leads to or from is a path by itself",
     W + "entries and exits are a, b and c, which stands alone: the paths are a, b and c", paths("c", "a"),
     graph("a-b", "a b c"),
     hand={"map": {"paths": {"n": 1, "of": 2}}, "log": {"journeys": {"n": 1, "of": 2}}})
LOOP = graph("a-b b-c c-b c-d")
case("path_coverage", "a map with a loop",
     W + "One simple path: a b c d. Prime paths, by Ammann and Offutt: a b c d, b c b, c b c. The journey a b c b c d "
     "contains b c b and c b c, but a b c d only with a detour", paths("a b c b c d"), LOOP,
     hand={"map": {"paths": {"n": 0, "of": 1}, "prime_paths": {"n": 2, "of": 3}, "prime_paths_capped": False,
                   "transitions": {"n": 4, "of": 4}}, "log": {"journeys": {"n": 1, "of": 1}}})
case("path_coverage", "journeys add up to all prime paths",
     W + "the first contains b c b and c b c, the second a b c d",
     paths("a b c b c d", "a b c d"), LOOP, hand={"map": {"paths": {"n": 1, "of": 1},
                                                          "prime_paths": {"n": 3, "of": 3}}})
BOOK = graph("0-1 0-4 1-2 1-5 2-3 3-1 4-4 4-6 5-6", "0 1 2 3 4 5 6")
case("path_coverage", "eight prime paths of a graph with two loops",
     W + "By the definition of Ammann and Offutt the 32 simple paths of this graph have eight that are part of no "
         "other: 4 4; "
     "0 4 6; 0 1 2 3; 0 1 5 6; 1 2 3 1; 2 3 1 2; 3 1 2 3; 2 3 1 5 6. The first journey contains 0 1 2 3, 1 2 3 1 and "
     "2 3 1 5 6, the second 4 4 only. 3 is no exit, as it leads to 1: simple paths 0 1 5 6 and 0 4 6, neither taken",
     paths("0 1 2 3 1 5 6", "0 4 4 6"), BOOK, hand={"map": {"paths": {"n": 0, "of": 2},
                                                            "prime_paths": {"n": 4, "of": 8}}})
case("path_coverage", "more paths than are looked at",
     W + "both paths of the map are taken, so whichever one is looked at is covered",
     paths("visit cart pay rate", "visit call pay rate"),
     CHOICE, {"max_paths": 1}, hand={"map": {"paths": {"n": 1, "of": 1}, "paths_capped": True, "prime_paths": None,
                                            "prime_paths_capped": False}})
case("path_coverage", "as many paths as are looked at", W + "two paths, two looked at: none is missing",
     paths("visit cart pay rate"), CHOICE, {"max_paths": 2}, hand={"map": {"paths": {"n": 1, "of": 2},
                                                                           "paths_capped": False}})
case("path_coverage", "more prime paths than are looked at",
     W + "one simple path, three prime paths, all taken: whichever two are looked at are covered",
     paths("a b c b c d", "a b c d"),
     LOOP, {"max_paths": 2}, hand={"map": {"paths": {"n": 1, "of": 1}, "paths_capped": False,
                                           "prime_paths": {"n": 2, "of": 2},
                                          "prime_paths_capped": True}})
case("path_coverage", "what is not on the map is counted, and breaks the way",
     W + "chat twice and call once are unmapped; visit, chat, cart is no transition from visit to cart: of 5 taken "
         "only the one "
     "of the second journey is on the map", paths("visit chat cart call chat", "visit cart"), LINE,
     hand={"map": {"touchpoints": {"n": 2, "of": 3}, "transitions": {"n": 1, "of": 2}},
           "log": {"events": {"n": 4, "of": 7}, "transitions": {"n": 1, "of": 5}, "journeys": {"n": 0, "of": 2},
                   "unmapped": [{"touchpoint": "chat", "events": 2, "journeys": 1},
                                {"touchpoint": "call", "events": 1, "journeys": 1}]}})
case("path_coverage", "the variants that cover a share of the journeys", W + "Section 3 of the methods: 5, 4 and 1 of "
                                                                             "10 journeys; one covers 40 %",
     TEN, graph("a-c c-b"), {"coverage": 0.4},
     hand={"variants": {"journeys": 10, "variants": 3, "most_frequent": {"n": 5, "of": 10, "share": 0.5},
                        "coverage": 0.4,
                        "variants_for_coverage": 1}, "map": {"paths": {"n": 1, "of": 1}},
           "log": {"journeys": {"n": 5, "of": 10}, "transitions": {"n": 10, "of": 14}}})
case("path_coverage", "the limit cuts each list and says how many",
     W + "of four touchpoints not visited, five transitions not taken and two unmapped touchpoints one each is shown",
     paths("visit x", "y"), CHOICE, {"limit": 1},
     hand={"map": {"touchpoints_not_visited": ["cart"], "touchpoints_left_out": 3,
                   "transitions_not_taken": [{"source": "visit", "target": "cart"}], "transitions_left_out": 4},
           "log": {"unmapped": [{"touchpoint": "x"}], "unmapped_left_out": 1}})
case("path_coverage", "lists stand in the order of the map: touchpoints by stage, transitions as given",
     W + "pay is of the second stage although the file names it first; nothing was visited", EMPTY,
     {**curve("pay - s2", "visit - s1", "cart - s1", stages=("s1", "s2")),
      "transitions": [{"from": "cart", "to": "pay"}, {"from": "visit", "to": "cart"}]},
     hand={"map": {"touchpoints_not_visited": ["visit", "cart", "pay"],
                   "transitions_not_taken": [{"source": "cart", "target": "pay"},
                                             {"source": "visit", "target": "cart"}]}})
case("path_coverage", "a map without touchpoints", W + "no part of nothing; every event is unmapped", TWO, curve(),
     hand={"map": {"touchpoints": {"n": 0, "of": 0, "share": None}, "transitions": {"share": None},
                   "paths": {"n": 0, "of": 0, "share": None},
                   "prime_paths": None}, "log": {"events": {"n": 0, "of": 3, "share": 0.0},
                                                 "journeys": {"n": 0, "of": 2}}})
case("path_coverage", "names are text, whatever they look like", W + "the map has them all but END: the first journey "
                                                                     "fits, the second not", ODD,
     graph("NA-null null-__proto__ __proto__-START START-😀"),
     hand={"map": {"paths": {"n": 1, "of": 1}}, "log": {"journeys": {"n": 1, "of": 2},
                                                        "unmapped": [{"touchpoint": "END"}]}})
case("path_coverage", "fractions of seconds and rows out of order", W + "by time, ann is the one path of the map",
     SHUFFLED, LINE,
     hand={"map": {"paths": {"n": 1, "of": 1}}, "log": {"journeys": {"n": 1, "of": 2},
                                                        "transitions": {"n": 2, "of": 3}}})
case("path_coverage", "a map that has an id twice is refused", "two touchpoints are called visit", TWO,
     curve("visit", "visit"),
     error="invalid_map")
refusals("path_coverage", LINE, coverage=0, coverage__2=2, confidence=1, max_paths=-1, limit=-1)
