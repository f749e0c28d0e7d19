"""attempts: how hard a touchpoint is to reach. The reference, from the definition, and its cases."""

import numpy
from builders import EMPTY, ONE, T1, TWO, W, case, paths, refusals, rows
from oracle import observed_until, cut, mean_stats, question, share, time_stats


def length(duration):
    """Seconds of an option: a number, or a number with a unit."""
    units = {"s": 1, "m": 60, "h": 3600, "d": 86400}
    return duration if isinstance(duration, (int, float)) else float(duration[:-1]) * units[duration[-1]]


@question
def attempts(log, success, attempt=None, inactive_after=None, limit=100, confidence=0.95):
    wanted = attempt or {}

    def is_attempt(event):
        return (event.touchpoint in (wanted.get("touchpoints") or [event.touchpoint])
                and event.channel in (wanted.get("channels") or [event.channel])
                and all(event.attributes[name] in values for name, values in wanted.get("attributes", {}).items()))

    last = observed_until(log)
    ends, times, without = [], [], 0  # of each journey that tried: how often, and how it ended
    for events in log.values():
        places = [place for place, event in enumerate(events) if event.touchpoint in success]
        before = events[:places[0]] if places else events
        tries = [event for event in before if is_attempt(event)]
        if not tries:
            without += bool(places)
        elif inactive_after is not None and last - events[-1].time < length(inactive_after) * 1e6:
            ends.append((len(tries), "open"))
        elif places:
            ends.append((len(tries), "succeeded"))
            begin = tries[0].time if tries[0].start is None else tries[0].start
            times.append(events[places[0]].time - begin)
        else:
            ends.append((len(tries), "gave up"))

    def count(how, least=1, most=numpy.inf):
        return sum(end == how and least <= tries <= most for tries, end in ends)

    finished = len(ends) - count("open")
    rows = []
    for k in range(1, max((tries for tries, _ in ends), default=0) + 1):
        made = sum(tries >= k for tries, _ in ends)
        rows.append({"attempt": k, "journeys": made, "success": share(count("succeeded", k, k), made - count("open", k, k),
                                                                      confidence),
                     "went_on": sum(tries > k for tries, _ in ends), "gave_up": count("gave up", k, k),
                     "open": count("open", k, k), "cumulative": share(count("succeeded", 1, k), finished, confidence)})
    needed = [tries for tries, end in ends if end == "succeeded"]
    n, mean, _, low, high = mean_stats(needed, confidence)
    median, p90 = (float(x) for x in numpy.quantile(needed, [0.5, 0.9])) if needed else (None, None)
    rows, left_out = cut(rows, limit)
    return {"journeys": len(log), "attempted": len(ends), "without_attempt": without, "open_journeys": count("open"),
            "gave_up": count("gave up"), "succeeded": share(count("succeeded"), finished, confidence),
            "needed": {"n": n, "mean": mean, "mean_low": low, "mean_high": high, "median": median, "p90": p90,
                       "max": max(needed)} if needed else None,
            "time_to_success": time_stats(times, confidence), "rows": rows, "rows_left_out": left_out}


CALLS = {"attempt": {"touchpoints": ["call"]}}
FIVE = paths("call call solved", "call solved call", "call call call", "solved", "visit")
case("attempts", "calls until a problem is solved",
     W + "Journeys 1 to 3 call before anything is solved; 1 is solved after two calls, 2 after one (the later call is no "
     "attempt any more), 3 never. After the first call 1 of 3, after the second 1 of 2, after the third 0 of 1. Needed: 1 "
     "and 2, mean 1.5, sample deviation 0.7071, standard error 0.5. Journey 4 was solved without a call",
     FIVE, args=[["solved"]], options=CALLS,
     hand={"journeys": 5, "attempted": 3, "without_attempt": 1, "open_journeys": 0, "gave_up": 1,
           "succeeded": {"n": 2, "of": 3},
           "needed": {"n": 2, "mean": 1.5, "mean_low": 1.5 - 0.5 * T1, "mean_high": 1.5 + 0.5 * T1, "median": 1.5,
                      "p90": 1.9, "max": 2},
           "time_to_success": {"n": 2, "min_seconds": 60.0, "max_seconds": 120.0},
           "rows": [{"attempt": 1, "journeys": 3, "success": {"n": 1, "of": 3}, "went_on": 2, "gave_up": 0,
                     "cumulative": {"n": 1, "of": 3}},
                    {"attempt": 2, "journeys": 2, "success": {"n": 1, "of": 2}, "went_on": 1, "gave_up": 0,
                     "cumulative": {"n": 2, "of": 3}},
                    {"attempt": 3, "journeys": 1, "success": {"n": 0, "of": 1}, "went_on": 0, "gave_up": 1,
                     "cumulative": {"n": 2, "of": 3}}]})
case("attempts", "without a condition every event before the success is an attempt",
     W + "visit twice, then pay; visit, look, visit and no pay", paths("visit visit pay", "visit look visit"),
     args=[["pay"]], hand={"attempted": 2, "gave_up": 1, "needed": {"n": 1, "mean": 2.0, "mean_low": None, "max": 2},
                           "rows": [{"success": {"n": 0, "of": 2}, "went_on": 2}, {"success": {"n": 1, "of": 2}},
                                    {"success": {"n": 0, "of": 1}, "gave_up": 1}]})
case("attempts", "one of several touchpoints is success enough", W + "the first success counts: after one and two tries",
     paths("try pay", "try try lease pay"), args=[["pay", "lease"]], options={"attempt": {"touchpoints": ["try"]}},
     fields=["succeeded", "needed"], hand={"needed": {"mean": 1.5, "max": 2}, "succeeded": {"n": 2, "of": 2}})
case("attempts", "a success is no attempt, even if it meets the condition", W + "call is both: nobody ever tries",
     FIVE, args=[["call"]], options=CALLS,
     hand={"attempted": 0, "without_attempt": 3, "succeeded": {"n": 0, "of": 0, "share": None}, "needed": None,
           "time_to_success": None, "rows": []})
case("attempts", "an attempt may be told by its channel and attributes",
     W + "by phone and about billing: one of ann's three calls",
     rows("ann,contact,@10:00,phone,billing", "ann,contact,@10:01,mail,billing", "ann,contact,@10:02,phone,other",
          "ann,solved,@10:05,phone,billing", header="journey,touchpoint,time,channel,topic",
          options={"channel": "channel", "attributes": ["topic"]}),
     args=[["solved"]], options={"attempt": {"channels": ["phone"], "attributes": {"topic": ["billing"]}}},
     hand={"needed": {"n": 1, "mean": 1.0}, "time_to_success": {"total_seconds": 300.0}})
LATE = rows("ann,call,@10:00", "ann,call,@10:10", "bob,call,@11:50", "eve,call,@11:00", "eve,solved,@12:00",
            "max,call,@11:30")
case("attempts", "who may still call again has not given up",
     W + "the log ends at 12:00; bob called ten minutes before, max exactly half an hour: he has been silent long enough. "
     "bob and eve, solved at 12:00, are open and in no share: what is solved is known at once, what is "
     "not only after the silence", LATE, args=[["solved"]], options={**CALLS, "inactive_after": "30m"},
     hand={"attempted": 4, "open_journeys": 2, "gave_up": 2, "succeeded": {"n": 0, "of": 2},
           "rows": [{"attempt": 1, "journeys": 4, "open": 2, "success": {"n": 0, "of": 2}, "gave_up": 1, "went_on": 1},
                    {"attempt": 2, "journeys": 1, "open": 0, "success": {"n": 0, "of": 1}, "gave_up": 1}]})
case("attempts", "without a length of silence all are finished", W + "bob has given up too", LATE, args=[["solved"]],
     options=CALLS, fields=["open_journeys", "gave_up", "succeeded"],
     hand={"open_journeys": 0, "gave_up": 3, "succeeded": {"n": 1, "of": 4}})
case("attempts", "time runs from when the first attempt began to when the success was complete",
     "the call began at 10:00 and the repair was complete at 11:00",
     rows("ann,call,@10:00,@10:10", "ann,repair,@10:30,@11:00", header="journey,touchpoint,start,time",
          options={"start": "start"}), args=[["repair"]], fields=["time_to_success"],
     hand={"time_to_success": {"total_seconds": 3600.0}})
case("attempts", "events at one instant keep the order of the file", "the call stands before the solution, then after it",
     rows("ann,call,@10:00", "ann,solved,@10:00", "bob,solved,@10:00", "bob,call,@10:00"), args=[["solved"]],
     options=CALLS, fields=["attempted", "without_attempt", "time_to_success"],
     hand={"attempted": 1, "without_attempt": 1, "time_to_success": {"total_seconds": 0.0}})
case("attempts", "the limit cuts the rows after all is counted", W + "three numbers of attempts", FIVE, args=[["solved"]],
     options={**CALLS, "limit": 1}, hand={"rows": [{"attempt": 1}], "rows_left_out": 2, "gave_up": 1})
case("attempts", "a number of attempts after which no journey ends has its row", W + "one journey, after three",
     paths("call call call solved"), args=[["solved"]], fields=["rows"],
     hand={"rows": [{"success": {"n": 0, "of": 1}, "went_on": 1}, {"success": {"n": 0, "of": 1}}, {"success": {"n": 1}}]})
case("attempts", "an empty log knows no attempts", "nothing to count, and no name is wrong", EMPTY, args=[["solved"]],
     options=CALLS, hand={"journeys": 0, "attempted": 0, "needed": None, "rows": []})
case("attempts", "a single event", "a visit and no success: one attempt, given up", ONE, args=[["visit"]],
     hand={"without_attempt": 1, "attempted": 0})
case("attempts", "customers of ecom see the catalogue before they buy",
     "tests/data/ecom: how many visits of the catalogue come before the first purchase, by a plain loop",
     {"file": "ecom/ecom.csv.gz", "options": {"journey": "user_id", "touchpoint": "event", "time": "timestamp"}},
     args=[["purchase"]], options={"attempt": {"touchpoints": ["catalog"]}, "inactive_after": "7d", "limit": 5})
case("attempts", "without a success there is no question", "the list is empty", TWO, args=[[]], error="invalid_option")
case("attempts", "a success that the log does not have is refused", "`call` is not in the log", TWO, args=[["call"]],
     error="unknown_touchpoint")
case("attempts", "an attempt that the log does not have is refused", "`call` is not in the log", TWO, args=[["pay"]],
     options=CALLS, error="unknown_touchpoint")
case("attempts", "a channel that the log does not have is refused", "no channel was read", TWO, args=[["pay"]],
     options={"attempt": {"channels": ["phone"]}}, error="invalid_option")
for _name, _options in [("a confidence of 1", {"confidence": 1}), ("a limit below 0", {"limit": -1}),
                        ("a length of silence below 0", {"inactive_after": -1}),
                        ("an option that does not exist", {"confidnce": 0.9})]:
    case("attempts", f"{_name} is refused", "it lies outside what the documentation allows", TWO, args=[["pay"]],
         options=_options, error="invalid_option")
