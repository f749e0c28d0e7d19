"""temporal_profile: how long it usually takes from any touchpoint to any later one, and who deviates. Reference and cases.

Written from Stertz, Mangler and Rinderle-Ma (arXiv:2008.07262): all pairs of events, in lists; deviations are exact and checked by NumPy.
"""

import math
from fractions import Fraction

import numpy
from builders import EMPTY, ODD, ONE, TIED, TWO, case, paths, refusals, rows, timed
from oracle import cut, mean_stats, question, share, utf8


@question
def temporal_profile(log, zeta=3.0, max_distance=100, limit=100, confidence=0.95):
    found, overlapping, too_far = {}, 0, 0
    for journey, events in log.items():
        for i, first in enumerate(events):
            for j in range(i + 1, len(events)):
                second = events[j]
                begin = second.time if second.start is None else second.start
                if max_distance is not None and j - i > max_distance:
                    too_far += 1
                elif begin < first.time:
                    overlapping += 1
                else:
                    found.setdefault((first.touchpoint, second.touchpoint), []).append((journey, begin - first.time))
    pairs, deviations = [], {}
    for (a, b), times in found.items():
        n, mean, spread, low, high = mean_stats([Fraction(time, 10**6) for _, time in times], confidence)
        if n > 1:  # NumPy's floats lose microseconds in millennia
            assert math.isclose(spread, float(numpy.std([time for _, time in times], ddof=1)) / 1e6, rel_tol=1e-9,
                                abs_tol=1e-20 * max(time for _, time in times))
        out = [(journey, time / 1e6, (time / 1e6 - mean) / spread) for journey, time in times
               if spread and abs(time / 1e6 - mean) / spread > zeta]
        for journey, seconds, z in out:
            deviations.setdefault(journey, []).append(
                {"source": a, "target": b, "seconds": seconds, "mean_seconds": mean, "z": z})
        pairs.append({"source": a, "target": b, "n": n, "mean_seconds": mean, "mean_low_seconds": low,
                      "mean_high_seconds": high, "standard_deviation_seconds": spread,
                      "deviations": share(len(out), n, confidence)})
    pairs.sort(key=lambda row: (-row["n"], utf8(row["source"]), utf8(row["target"])))
    journeys = []
    for journey, found_here in deviations.items():
        largest = max(abs(row["z"]) for row in found_here)
        at_most = [row for row in found_here if math.isclose(abs(row["z"]), largest, rel_tol=1e-12)]
        assert len({(row["source"], row["target"]) for row in at_most}) == 1, "no case may hang on rounding"
        journeys.append({"journey": journey, "deviations": len(found_here), **at_most[0]})
    journeys.sort(key=lambda row: (-abs(row["z"]), utf8(row["journey"])))
    shown, left_out = cut(pairs, limit)
    worst, worst_left_out = cut(journeys, limit)
    return {"journeys": len(log), "zeta": zeta, "max_distance": max_distance,
            "measured": sum(row["n"] for row in pairs), "overlapping": overlapping, "too_far_apart": too_far,
            "deviations": sum(len(found_here) for found_here in deviations.values()),
            "deviating": share(len(deviations), len(log), confidence),
            "pairs": shown, "pairs_left_out": left_out,
            "deviating_journeys": worst, "deviating_journeys_left_out": worst_left_out}


NOBODY = {"deviations": 0, "deviating_journeys": []}
case("temporal_profile", "an empty log has no profile", "nothing to measure", EMPTY,
     hand={"journeys": 0, "measured": 0, "overlapping": 0, "too_far_apart": 0, "pairs": [], **NOBODY})
case("temporal_profile", "a single event follows nothing", "one event is no pair", ONE,
     hand={"journeys": 1, "measured": 0, "pairs": [], **NOBODY})
case("temporal_profile", "one time has a mean and no deviation", "300 s from visit to pay, once", TWO,
     hand={"measured": 1, "zeta": 3.0, "max_distance": 100,
           "pairs": [{"source": "visit", "target": "pay", "n": 1, "mean_seconds": 300.0, "mean_low_seconds": None,
                      "standard_deviation_seconds": None, "deviations": {"n": 0, "of": 1}}], **NOBODY})
case("temporal_profile", "every later event counts, not only the next",
     "a b c, an event a minute: a to b and b to c 60 s, a to c 120 s; the second journey has b c alone. Ties by name",
     paths("a b c", "b c"), hand={"measured": 4, "pairs": [
         {"source": "b", "target": "c", "n": 2, "mean_seconds": 60.0, "standard_deviation_seconds": 0.0},
         {"source": "a", "target": "b", "n": 1}, {"source": "a", "target": "c", "n": 1, "mean_seconds": 120.0}]})
FOUR = timed(("a", "b", 0), ("a", "b", 0), ("a", "b", 0), ("a", "b", 80))
case("temporal_profile", "a time that deviates by zeta exactly does not deviate",
     "0, 0, 0 and 80 s: mean 20, sample deviation sqrt((3 x 400 + 3600) / 3) = 40; the last lies 60 / 40 = 1.5 above", FOUR,
     options={"zeta": 1.5}, hand={"pairs": [{"mean_seconds": 20.0, "standard_deviation_seconds": 40.0,
                                             "deviations": {"n": 0, "of": 4}}], **NOBODY})
case("temporal_profile", "a time that deviates by more does, and its journey is named",
     "as before: 1.5 is more than 1.4", FOUR, options={"zeta": 1.4},
     hand={"deviations": 1, "deviating": {"n": 1, "of": 4},
           "deviating_journeys": [{"journey": "j4", "deviations": 1, "source": "a", "target": "b", "seconds": 80.0,
                                   "mean_seconds": 20.0, "z": 1.5}]})
case("temporal_profile", "too short deviates as too long does",
     "80, 80, 80 and 0 s: mean 60, deviation 40: the last lies 1.5 below", timed(*[("a", "b", 80)] * 3, ("a", "b", 0)),
     options={"zeta": 1.0}, hand={"deviating_journeys": [{"journey": "j4", "seconds": 0.0, "z": -1.5}]})
case("temporal_profile", "of few times none can deviate by three",
     "the most that one of n times can lie away is (n - 1) / sqrt n deviations: of ten 2.85, of eleven 3.02",
     timed(*[("a", "b", 0)] * 9, ("a", "b", 500), *[("c", "d", 0)] * 10, ("c", "d", 500)),
     hand={"pairs": [{"source": "c", "n": 11, "deviations": {"n": 1}}, {"source": "a", "n": 10, "deviations": {"n": 0}}],
           "deviating_journeys": [{"journey": "j21", "z": 10 / 11**0.5}]})
case("temporal_profile", "of a journey the largest deviation is shown, and how many it has",
     "a to b 0, 0, 0 and 80 s: j4 lies 1.5 above. a to c 40, 20, 60 and 200 s: mean 80, deviation sqrt(20000 / 3) = 81.6, "
     "j4 1.47 above; b to c 40, 20, 60 and 120 s: mean 60, deviation sqrt(5600 / 3) = 43.2, j4 1.39 above",
     rows("j1,a,@10:00:00", "j1,b,@10:00:00", "j1,c,@10:00:40", "j2,a,@10:00:00", "j2,b,@10:00:00", "j2,c,@10:00:20",
          "j3,a,@10:00:00", "j3,b,@10:00:00", "j3,c,@10:01:00", "j4,a,@10:00:00", "j4,b,@10:01:20", "j4,c,@10:03:20"),
     options={"zeta": 1.2}, hand={"deviations": 3, "deviating_journeys": [{"journey": "j4", "deviations": 3, "z": 1.5,
                                                                           "source": "a", "target": "b"}]})
case("temporal_profile", "of equal deviations the journey whose name comes first stands first",
     "twice 0 s, 500 s by x and 500 s by b, from other touchpoints: 1.5 each",
     rows(*(f"{journey},{a},@10:00:00" for journey, a in zip("pqrxstub", "aaaacccc")),
          *(f"{journey},{b},@10:0{'5' if journey in 'xb' else '0'}:00" for journey, b in zip("pqrxstub", "bbbbdddd"))),
     options={"zeta": 1.0}, hand={"deviating_journeys": [{"journey": "b", "source": "c"}, {"journey": "x"}]})
case("temporal_profile", "pairs farther apart than the distance are counted and not measured",
     "a b c d has 6 pairs: 3 neighbours, 2 two apart, 1 three apart; with a distance of 2 five are measured",
     paths("a b c d"), options={"max_distance": 2},
     hand={"measured": 5, "too_far_apart": 1, "max_distance": 2})
case("temporal_profile", "without a distance every pair is measured", "a journey of 150 events has 150 x 149 / 2 pairs",
     paths(" ".join(["a"] * 150)), options={"max_distance": None}, fields=["measured", "too_far_apart", "max_distance"],
     hand={"measured": 11175, "too_far_apart": 0, "max_distance": None})
case("temporal_profile", "the distance is a hundred events if none is given",
     "of 150 events 49 + 48 + ... + 1 = 1225 pairs are farther apart", paths(" ".join(["a"] * 150)),
     fields=["measured", "too_far_apart", "max_distance"],
     hand={"measured": 9950, "too_far_apart": 1225, "max_distance": 100})
case("temporal_profile", "where events take time, it is measured from completion to start",
     "register is complete at 10:10; the test begins at 10:30, 20 min later, and talk at 10:50, 40 min later and before the "
     "test is complete: that pair overlaps and is not measured",
     rows("ann,register,@10:00,@10:10", "ann,test,@10:30,@11:00", "ann,talk,@10:50,@11:20",
          header="journey,touchpoint,start,time", options={"start": "start"}),
     hand={"measured": 2, "overlapping": 1, "pairs": [{"source": "register", "target": "talk", "mean_seconds": 2400.0},
                                                      {"source": "register", "target": "test", "mean_seconds": 1200.0}]})
case("temporal_profile", "events at one instant are 0 seconds apart", "ann: b, then a, at 10:00", TIED,
     hand={"pairs": [{"source": "b", "target": "a", "mean_seconds": 0.0}]})
case("temporal_profile", "the limit cuts both lists after all is counted", "three pairs, one deviation in each of two",
     rows(*(f"{journey},{a},@10:00:00" for journey, a in zip("pqrxstub", "aaaacccc")),
          *(f"{journey},{b},@10:0{'5' if journey in 'xb' else '0'}:00" for journey, b in zip("pqrxstub", "bbbbdddd"))),
     options={"zeta": 1.0, "limit": 1}, hand={"pairs": [{"source": "a"}], "pairs_left_out": 1, "deviations": 2,
                                              "deviating_journeys": [{"journey": "b"}],
                                              "deviating_journeys_left_out": 1})
case("temporal_profile", "names are text, whatever they look like", "ten pairs of null, one of the emoji", ODD,
     hand={"measured": 11})
case("temporal_profile", "centuries are squared without losing a microsecond",
     "from the year 1 to 9999 and twice a microsecond: the mean is a third, the deviation sqrt(1/3) of the distance",
     rows("j1,a,0001-01-01T00:00:00Z", "j1,b,9999-12-31T00:00:00Z", "j2,a,@10:00:00", "j2,b,@10:00:00.000001",
          "j3,a,@10:00:00", "j3,b,@10:00:00.000001"), options={"zeta": 1.1},
     hand={"deviating_journeys": [{"journey": "j1"}]})
case("temporal_profile", "times that differ by a second in nine thousand years differ",
     "twice from the year 1000 to 9999, the second a second longer: the deviation is sqrt(1/2) s",
     rows("j1,a,1000-01-01T00:00:00Z", "j1,b,9999-12-31T00:00:00Z", "j2,a,1000-01-01T00:00:00Z", "j2,b,9999-12-31T00:00:01Z"),
     hand={"pairs": [{"n": 2, "standard_deviation_seconds": 0.5**0.5}]})
# Discovered by PM4Py 2.7.23.11, `algo.discovery.temporal_profile`, from the log of `interval_lifecycle.to_interval`.
_PATIENTS = [("Registration", "Triage and Assessment", 46511.354, 49021.34365625256),
            ("Registration", "Discuss Results", 438986.9373737374, 256887.37555218078),
            ("Triage and Assessment", "Discuss Results", 347302.21414141415, 253447.91963502576),
            ("Discuss Results", "Check-out", 113630.06910569106, 175155.71769724204),
            ("Registration", "Check-out", 561887.3760162601, 279240.81006576784),
            ("Triage and Assessment", "Check-out", 470611.44918699184, 274237.85427506635),
            ("Registration", "X-Ray", 284758.0114942529, 202077.08417611112),
            ("Triage and Assessment", "X-Ray", 190396.71264367815, 199573.8634227886),
            ("X-Ray", "Discuss Results", 103426.40926640926, 139000.8442771278),
            ("X-Ray", "Check-out", 235039.5891472868, 214667.5970407613)]
case("temporal_profile", "the patients whose way took unusually long",
     "tests/data/patients, start and completion joined: means and deviations as PM4Py 2.7.23.11 discovers them, the worst ten "
     "by NumPy",
     {"file": "patients/patients.csv", "options": {"journey": "patient", "touchpoint": "handling",
                                                   "lifecycle": "registration_type", "instance": "handling_id"}},
     options={"limit": 10},
     hand={"journeys": 500, "pairs": [{"source": a, "target": b, "mean_seconds": mean, "standard_deviation_seconds": spread}
                                     for a, b, mean, spread in _PATIENTS]})
refusals("temporal_profile", zeta=0, zeta__2=-1, confidence=1, limit=-1, max_distance=0)
