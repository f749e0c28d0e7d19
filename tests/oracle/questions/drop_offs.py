"""Drop-off: where journeys end, and where they leave a displayed path."""

from builders import EMPTY, ODD, ONE, W, case, paths, refusals, rows
from files import LOGS, SESSIONS
from oracle import observed_until, cut, question, share, utf8

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def open_journeys(log, inactive_after):
    """Ids of the journeys whose last event lies less than this before the last event of all."""
    if inactive_after is None or not log:
        return set()
    text = isinstance(inactive_after, str)
    seconds = int(inactive_after[:-1]) * UNITS[inactive_after[-1]] if text else inactive_after
    end = observed_until(log)
    return {journey for journey, events in log.items() if end - events[-1].time < seconds * 1e6}


@question
def drop_offs(log, conversion=(), path=(), inactive_after=None, limit=None, confidence=0.95):
    still_open = open_journeys(log, inactive_after)
    converted = {journey for journey, events in log.items() if any(e.touchpoint in conversion for e in events)}
    dropped = [journey for journey in log if journey not in still_open and journey not in converted]

    at = {}
    for journey, events in log.items():
        for place, event in enumerate(events):
            last = place == len(events) - 1
            before = not any(e.touchpoint in conversion for e in events[:place + 1])
            at.setdefault(event.touchpoint, []).append((journey, last, last and journey in still_open, before))
    touchpoints = []
    for name in sorted(at, key=utf8):
        known = [visit for visit in at[name] if not visit[2]]
        here = len(at[name]) - len(known)
        exits = sum(last for _, last, _, _ in known)
        journeys = {journey for journey, *_ in at[name]} - {journey for journey, _, open, _ in at[name] if open}
        touchpoints.append({
            "touchpoint": name, "exit_rate": share(exits, len(known), confidence),
            "journey_exit_rate": share(exits, len(journeys), confidence),
            "drop_off_rate": share(sum(last and before for _, last, _, before in known),
                                   sum(before for *_, before in known), confidence),
            "open_journeys": here})
    touchpoints.sort(key=lambda row: (-row["drop_off_rate"]["n"], -row["exit_rate"]["n"]))
    shown, left_out = cut(touchpoints, limit)

    return {"journeys": len(log), "open_journeys": len(still_open), "converted_journeys": len(converted),
            "drop_off_rate": share(len(dropped), len(log) - len(still_open), confidence) if conversion else None,
            "touchpoints": shown, "touchpoints_left_out": left_out,
            "path": [step_of(log, path, k, still_open, converted, limit, confidence) for k in range(len(path))]}


def step_of(log, path, k, still_open, converted, limit, confidence):
    """Who took the path up to its step k, from its first touchpoint's first visit on, and what they did then."""
    expected = path[k + 1] if k + 1 < len(path) else None
    came = {}
    for journey, events in log.items():
        names = [event.touchpoint for event in events]
        if path[0] in names:
            start = names.index(path[0])
            if names[start:start + k + 1] == list(path[:k + 1]):
                came[journey] = names[start + k + 1:]
    unknown = {journey for journey, rest in came.items() if not rest and journey in still_open}
    known = {journey: rest for journey, rest in came.items() if journey not in unknown}
    nexts = {}
    for journey, rest in known.items():
        following = rest[0] if rest else None
        if following is None or following != expected:
            nexts.setdefault(following, set()).add(journey)
    diverged = {journey for journeys in nexts.values() for journey in journeys}
    finished = {journey for journey in came if journey not in still_open}
    returned = {journey for journey in diverged & finished if expected in came[journey]}
    lost = (diverged & finished) - returned - converted
    ranked = [{"touchpoint": name, "share": share(len(journeys), len(known), confidence)}
              for name, journeys in sorted(nexts.items(), key=lambda item: (-len(item[1]), utf8(item[0])))]
    shown, left_out = cut(ranked, limit)
    rest = expected is not None
    return {"touchpoint": path[k], "expected_next": expected, "journeys": len(came), "open_journeys": len(unknown),
            "divergence_rate": share(len(diverged), len(known), confidence) if rest else None,
            "exit_rate": share(len(nexts.get(None, ())), len(known), confidence),
            "returned": share(len(returned), len(finished), confidence) if rest else None,
            "lost": share(len(lost), len(finished), confidence) if rest else None,
            "next": shown, "next_left_out": left_out}


def ends(n, of):
    return {"n": n, "of": of, "share": n / of}


case("drop_offs", "an empty log has no ends", "nothing to count, and no share of nothing", EMPTY,
     options={"conversion": ["pay"], "path": ["visit", "pay"], "inactive_after": "1h"},
     hand={"journeys": 0, "open_journeys": 0, "converted_journeys": 0,
           "drop_off_rate": {"n": 0, "of": 0, "share": None, "low": None, "high": None}, "touchpoints": []})
case("drop_offs", "a single event is an end", W + "One visit, and the journey ends with it", ONE,
     hand={"drop_off_rate": None, "path": [],
           "touchpoints": [{"touchpoint": "visit", "exit_rate": ends(1, 1), "open_journeys": 0}]})
case("drop_offs", "the exit rate counts events, that of journeys counts journeys",
     W + "a: three events of two journeys, one of them the last; b: one event, the last. With as many ends the two "
     "stand by name",
     paths("a b a", "a b"),
     hand={"journeys": 2, "drop_off_rate": None, "touchpoints": [
         {"touchpoint": "a", "exit_rate": ends(1, 3), "journey_exit_rate": ends(1, 2)},
         {"touchpoint": "b", "exit_rate": ends(1, 2), "journey_exit_rate": ends(1, 2)}]})
case("drop_offs", "an end after the conversion is an exit and no drop-off",
     W + "j1 and j2 pay, j1 looks at help afterwards; j3 leaves at the cart, j4 at help. Ends at help: 2 of its 2 "
     "visits, but only j4's was before a conversion, so 1 of 1. pay: 1 end of 2, none of them before the "
     "conversion that it is: 0 of 0",
     paths("cart pay help", "cart pay", "cart", "cart help"), options={"conversion": ["pay"]},
     hand={"converted_journeys": 2, "drop_off_rate": ends(2, 4), "touchpoints": [
         {"touchpoint": "help", "exit_rate": ends(2, 2), "drop_off_rate": ends(1, 1)},
         {"touchpoint": "cart", "exit_rate": ends(1, 4), "drop_off_rate": ends(1, 4)},
         {"touchpoint": "pay", "exit_rate": ends(1, 2), "drop_off_rate": {"n": 0, "of": 0, "share": None}}]})
case("drop_offs", "what comes after the first conversion is no risk of dropping off",
     W + "j1 pays twice and looks at help before, between and after; only the first look was before: help 0 of 1. One "
     "of several conversions is enough",
     paths("help pay help pay help", "cart"), options={"conversion": ["pay", "cart"]},
     hand={"converted_journeys": 2, "drop_off_rate": ends(0, 2), "touchpoints": [
         {"touchpoint": "cart", "exit_rate": ends(1, 1), "drop_off_rate": {"n": 0, "of": 0}},
         {"touchpoint": "help", "exit_rate": ends(1, 3), "drop_off_rate": ends(0, 1)},
         {"touchpoint": "pay", "exit_rate": ends(0, 2), "drop_off_rate": {"n": 0, "of": 0}}]})
OPEN = rows("ann,visit,@10:00", "ann,pay,@10:05", "bob,visit,@10:30", "bob,cart,@10:40", "cyd,visit,@10:50",
            "dan,visit,@10:20", "dan,pay,@10:59", "eve,cart,@10:59", "eve,visit,@11:00")
case("drop_offs", "who may still go on has not dropped off",
     W + "The last event is at 11:00. Silent for 20 minutes or more: ann (10:05) and bob (10:40, just long enough). "
     "Open: cyd and eve at visit, dan at pay. visit: 5 events, 2 of them the last of open journeys, so 0 of 3; pay: 2 "
     "less 1, 1 of 1; cart: 1 of 2",
     OPEN, options={"inactive_after": "20m"},
     hand={"journeys": 5, "open_journeys": 3, "drop_off_rate": None, "touchpoints": [
         {"touchpoint": "cart", "exit_rate": ends(1, 2), "journey_exit_rate": ends(1, 2), "open_journeys": 0},
         {"touchpoint": "pay", "exit_rate": ends(1, 1), "journey_exit_rate": ends(1, 1), "open_journeys": 1},
         {"touchpoint": "visit", "exit_rate": ends(0, 3), "journey_exit_rate": ends(0, 3), "open_journeys": 2}]})
case("drop_offs", "an open journey that has converted is both",
     W + "As before with pay as the conversion: dan has converted and is open; of the two finished, bob dropped off. "
     "pay: no visit was before a conversion",
     OPEN, options={"inactive_after": 1200, "conversion": ["pay"]},
     hand={"open_journeys": 3, "converted_journeys": 2, "drop_off_rate": ends(1, 2), "touchpoints": [
         {"touchpoint": "cart", "drop_off_rate": ends(1, 2)},
         {"touchpoint": "pay", "exit_rate": ends(1, 1), "drop_off_rate": {"n": 0, "of": 0}},
         {"touchpoint": "visit", "drop_off_rate": ends(0, 3)}]})
case("drop_offs", "nobody is finished while nobody was silent for long enough",
     "A day of silence in a log of an hour: all five are open, and nothing is known of any last event", OPEN,
     options={"inactive_after": "1d"},
     hand={"open_journeys": 5, "drop_off_rate": None})
case("drop_offs", "a part of a log was watched for as long as the whole",
     W + "Visits before 10:55: ann 10:00, dan 10:20, bob 10:30, cyd 10:50. What comes later is not observed, so only ann "
     "was silent for 40 minutes",
     {**OPEN, "then": [{"method": "select", "options": {"touchpoints": ["visit"], "until": "2024-03-13 10:55"}}]},
     options={"inactive_after": "40m"},
     hand={"journeys": 4, "open_journeys": 3})

STEPS = paths("home list cart pay", "home list help cart", "home help", "home", "list cart pay", "ad home list")
case("drop_offs", "leaving the displayed path is not the same as leaving",
     W + "The example of PostHog's issue 32772: who goes from home to help and leaves there has diverged at home and "
     "ended at help. Five journeys come home; j1, j2 and j6 go on to the list as displayed, j3 goes to help, j4 ends. "
     "At the list j1 goes on to the cart, j2 to help and to the cart later, j6 ends. j5 was never home",
     STEPS, options={"path": ["home", "list", "cart"]},
     hand={"path": [
         {"touchpoint": "home", "expected_next": "list", "journeys": 5, "divergence_rate": ends(2, 5),
          "exit_rate": ends(1, 5), "returned": ends(0, 5), "lost": ends(2, 5),
          "next": [{"touchpoint": None, "share": ends(1, 5)}, {"touchpoint": "help", "share": ends(1, 5)}]},
         {"touchpoint": "list", "expected_next": "cart", "journeys": 3, "divergence_rate": ends(2, 3),
          "exit_rate": ends(1, 3), "returned": ends(1, 3), "lost": ends(1, 3),
          "next": [{"touchpoint": None, "share": ends(1, 3)}, {"touchpoint": "help", "share": ends(1, 3)}]},
         {"touchpoint": "cart", "expected_next": None, "journeys": 1, "divergence_rate": None,
          "exit_rate": ends(0, 1), "returned": None, "lost": None,
          "next": [{"touchpoint": "pay", "share": ends(1, 1)}]}]})
case("drop_offs", "a path begins at the first visit of its first touchpoint",
     W + "From the first a the journey goes to c: it diverged, though a later a is followed by b, to which it "
     "came later",
     paths("x a c a b"), options={"path": ["a", "b"]},
     hand={"path": [{"journeys": 1, "divergence_rate": ends(1, 1), "returned": ends(1, 1), "lost": ends(0, 1),
                     "next": [{"touchpoint": "c", "share": ends(1, 1)}]}, {"touchpoint": "b", "journeys": 0}]})
case("drop_offs", "a path may show a touchpoint again",
     W + "a, b, a: j1 takes it, j2 stops at b; after the end of the path j1 goes on to c",
     paths("a b a c", "a b", "b a"), options={"path": ["a", "b", "a"]},
     hand={"path": [{"journeys": 3, "divergence_rate": ends(1, 3), "returned": ends(0, 3)},
                    {"journeys": 2, "divergence_rate": ends(1, 2), "lost": ends(1, 2)},
                    {"journeys": 1, "exit_rate": ends(0, 1), "next": [{"touchpoint": "c", "share": ends(1, 1)}]}]})
case("drop_offs", "who converts on another way is not lost",
     W + "j1 goes from home to the list, j2 to an offer and pays there, j3 to the offer and no further: both diverged, "
     "only j3 is lost",
     paths("home list", "home offer pay", "home offer"), options={"path": ["home", "list"], "conversion": ["pay"]},
     hand={"path": [{"divergence_rate": ends(2, 3), "returned": ends(0, 3), "lost": ends(1, 3),
                     "next": [{"touchpoint": "offer", "share": ends(2, 3)}]}, {"touchpoint": "list", "journeys": 1}]})
case("drop_offs", "what an open journey does next is not known, what it did is",
     W + "As above, silent for 20 minutes. visit: five come, cyd and eve stand there and are open: of the other three "
     "ann and dan went to pay, bob to the cart. Only ann and bob are finished: bob is lost. pay: ann ended, dan is open",
     OPEN, options={"inactive_after": "20m", "path": ["visit", "pay"]},
     hand={"path": [{"journeys": 5, "open_journeys": 2, "divergence_rate": ends(1, 3), "exit_rate": ends(0, 3),
                     "returned": ends(0, 2), "lost": ends(1, 2),
                     "next": [{"touchpoint": "cart", "share": ends(1, 3)}]},
                    {"journeys": 2, "open_journeys": 1, "exit_rate": ends(1, 1)}]})
case("drop_offs", "the limit cuts each list and says so",
     "three touchpoints end journeys, one is shown; from a three go to three others, one of them is shown",
     paths("a b", "a c", "a d"), options={"limit": 1, "path": ["a"]},
     hand={"touchpoints": [{"touchpoint": "b"}], "touchpoints_left_out": 3,
           "path": [{"next": [{"touchpoint": "b"}], "next_left_out": 2}]})
case("drop_offs", "names are text, whatever they look like",
     "the two journeys end at END and at the emoji; ties stand by the bytes of the name. From `null` one goes on to "
     "`END`, which is a touchpoint and no end",
     ODD, options={"path": ["null", "END"]},
     hand={"touchpoints": [{"touchpoint": name} for name in ["END", "😀", "NA", "START", "__proto__", "null"]],
           "path": [{"journeys": 2, "divergence_rate": ends(1, 2),
                     "next": [{"touchpoint": "__proto__", "share": ends(1, 2)}]},
                    {"journeys": 1, "exit_rate": ends(1, 1)}]})
case("drop_offs", "a conversion that the log does not have is refused", "`pay` is not in the log", ONE,
     options={"conversion": ["pay"]}, error="unknown_touchpoint")
case("drop_offs", "a path through a touchpoint that the log does not have is refused", "`pay` is not in the log", ONE,
     options={"path": ["visit", "pay"]}, error="unknown_touchpoint")
refusals("drop_offs", confidence=1.0, confidence__2=0.3, inactive_after="-3d", inactive_after__2="soon")

case("drop_offs", "where the sessions of ecom end",
     "the whole file; a session that has not been silent for half an hour at the end of the file is open",
     SESSIONS, options={"inactive_after": "30m", "conversion": ["purchase"], "limit": 8,
                        "path": ["cart", "shipping_details", "payment_details", "purchase"]})
case("drop_offs", "where the customers of ecom were last seen",
     "the whole file; the ends agree with end_activities of expected.json: product_view 124, catalog 115, search 59",
     LOGS["ecom"], options={"limit": 3},
     hand={"journeys": 600, "touchpoints": [{"touchpoint": "product_view", "exit_rate": {"n": 124}},
                                            {"touchpoint": "catalog", "exit_rate": {"n": 115}},
                                            {"touchpoint": "search", "exit_rate": {"n": 59}}]})
