"""How customers move between channels: the reference, and its cases."""

import math
from collections import Counter
from statistics import median

import pandas

from builders import EMPTY, W, case, refusals, rows
from files import LOGS
from oracle import observed_until, DATA, all_events, cut, mean_stats, question, share, utf8
from two_samples import hodges_lehmann, judge, mann_whitney, share_difference, welch


def mean(values, confidence):
    n, value, _, low, high = mean_stats(values, confidence)
    return {"n": n, "mean": value, "low": low, "high": high}


def entropy(channels):
    """Of the channels of some events, in nats."""
    counts = Counter(channels).values()
    return math.fsum(n / len(channels) * math.log(len(channels) / n) for n in counts)


def changes_of_phase(events, phase):
    """From the last channel of a phase to the first of the next, for each time the phase changes."""
    known = [event for event in events if (event.attributes or {}).get(phase) is not None]
    return [(a.channel, b.channel) for a, b in zip(known, known[1:]) if a.attributes[phase] != b.attributes[phase]]


def research(known, search, conversion, limit, confidence):
    pairs = Counter()
    for events in known.values():
        bought = next((place for place, event in enumerate(events) if event.touchpoint in conversion), 0)
        searched = [event for event in events[:bought] if event.touchpoint in search]
        if searched:
            pairs[searched[-1].channel, events[bought].channel] += 1
    of = sum(pairs.values())
    ranked = sorted(pairs, key=lambda pair: (-pairs[pair], utf8(pair[0]), utf8(pair[1])))
    shown, left_out = cut([{"search_channel": a, "conversion_channel": b, "journeys": share(pairs[a, b], of, confidence)}
                           for a, b in ranked], limit)
    return {"journeys": share(sum(pairs[a, b] for a, b in pairs if a != b), of, confidence),
            "pairs": shown, "pairs_left_out": left_out}


def first_transitions(log, known, conversion, open_journeys):
    """For each pair of touchpoints, the first transition of each journey: switched, seconds, score, converted later."""
    firsts = {}
    for journey, events in known.items():
        seen = set()
        for a, b in zip(events, events[1:]):
            pair = a.touchpoint, b.touchpoint
            if pair in seen:
                continue
            seen.add(pair)
            later = log[journey][[event is b for event in log[journey]].index(True) + 1:]
            converted = any(event.touchpoint in conversion for event in later)
            outcome = None if not conversion or b.touchpoint in conversion or journey in open_journeys else converted
            firsts.setdefault(pair, []).append((a.channel != b.channel, (b.time - a.time) / 1e6, b.score, outcome))
    return firsts


def cost(pair, sides, confidence):
    times = [[second for _, second, _, _ in side] for side in sides]
    shift, low, high = hodges_lehmann(*times, confidence)
    row = {"source": pair[0], "target": pair[1], "switched": len(sides[1]), "unswitched": len(sides[0]),
           "time": {"switched_median_seconds": median(times[1]), "unswitched_median_seconds": median(times[0]),
                    "shift_seconds": shift, "low_seconds": low, "high_seconds": high,
                    "p_value": mann_whitney(*times)[1]},
           "conversion": None, "score": None}
    outcomes = [[outcome for *_, outcome in side if outcome is not None] for side in sides]
    if all(outcomes):
        shares = [share(sum(side), len(side), confidence) for side in outcomes]
        found = share_difference(*shares)
        row["conversion"] = {"switched": shares[1], "unswitched": shares[0], "difference": found,
                             "p_value": found["p_value"]}
    scores = [[score for _, _, score, _ in side if score is not None] for side in sides]
    if all(scores):
        difference, low, high, p = welch(*scores, confidence)
        row["score"] = {"switched": mean(scores[1], confidence), "unswitched": mean(scores[0], confidence),
                        "difference": difference, "low": low, "high": high, "p_value": p}
    return row


def costs_of(firsts, min_journeys, false_discovery_rate, confidence):
    found, too_rare = [], 0
    for pair, transitions in firsts.items():
        sides = [[one for one in transitions if one[0] == switched] for switched in (False, True)]
        if not all(sides):
            continue
        if min(map(len, sides)) < min_journeys:
            too_rare += 1
        else:
            found.append(cost(pair, sides, confidence))
    judge([row[what] for row in found for what in ("time", "conversion", "score") if row[what]], false_discovery_rate)
    for row in found:
        if row["conversion"]:
            del row["conversion"]["p_value"]  # it stands in the difference
    found.sort(key=lambda row: (-row["switched"] - row["unswitched"], utf8(row["source"]), utf8(row["target"])))
    return found, too_rare


def waits(known):
    """For each channel, how long each journey first waited for what came next."""
    found = {}
    for events in known.values():
        seen = set()
        for a, b in zip(events, events[1:]):
            if a.channel not in seen:
                seen.add(a.channel)
                found.setdefault(a.channel, []).append((b.time - a.time) / 1e6)
    return found


@question
def channel_switching(log, phase=None, search=(), conversion=(), channels=(), min_share=0.01, min_journeys=5,
                      inactive_after=None, false_discovery_rate=0.05, limit=None, confidence=0.95):
    known = {journey: [event for event in events if event.channel is not None] for journey, events in log.items()}
    known = {journey: events for journey, events in known.items() if events}
    end = observed_until(log)
    open_journeys = {journey for journey, events in log.items()
                     if inactive_after is not None and events[-1].time > end - inactive_after * 1e6}
    used = all_events(known)
    taken = [(a.channel, b.channel) for events in known.values() for a, b in zip(events, events[1:])]
    rates = [sum(a.channel != b.channel for a, b in zip(events, events[1:])) / (len(events) - 1)
             for events in known.values() if len(events) > 1]
    phases = [change for events in known.values() for change in changes_of_phase(events, phase)]

    def locked_in(ways, channel=None):
        out = [(a, b) for a, b in ways if channel in (None, a)]
        return share(sum(a == b for a, b in out), len(out), confidence)

    table, long = [], waits(known)
    for name in {event.channel for event in used} | set(channels):
        here = sum(event.channel == name for event in used)
        finished = [events for journey, events in known.items()
                    if journey not in open_journeys and any(event.channel == name for event in events)]
        rare = here == 0 or here / len(used) < min_share
        mine, rest = long.get(name, []), [time for other in long if other != name for time in long[other]]
        wait = None
        if mine and rest and not rare:
            u, p = mann_whitney(mine, rest)
            wait = {"median_seconds": median(mine), "rest_median_seconds": median(rest), "n": len(mine),
                    "rest_n": len(rest), "slower": None if u is None else u / len(mine) / len(rest), "p_value": p}
        table.append({"channel": name, "events": share(here, len(used), confidence),
                      "journeys": share(sum(any(event.channel == name for event in events)
                                            for events in known.values()), len(known), confidence),
                      "lock_in": locked_in(taken, name),
                      "phase_lock_in": locked_in(phases, name) if phase else None,
                      "exits": share(sum(events[-1].channel == name for events in finished), len(finished), confidence),
                      "wait": wait, "unused": rare, "overloaded": None})
    table.sort(key=lambda row: (-row["events"]["n"], utf8(row["channel"])))
    judge([row["wait"] for row in table if row["wait"]], false_discovery_rate)
    for row in table:
        if row["wait"] and row["wait"]["significant"] is not None:
            row["overloaded"] = row["wait"]["significant"] and row["wait"]["slower"] > 0.5
    names = len({event.channel for event in used})
    of_journeys = mean([entropy([event.channel for event in events]) for events in known.values()], confidence)
    of_log = entropy([event.channel for event in used]) if used else None
    normal = math.log(names) if names > 1 else None
    matrix = Counter(taken)
    ways = [{"source": a, "target": b, "count": matrix[a, b],
             "p_out": share(matrix[a, b], sum(matrix[way] for way in matrix if way[0] == a), confidence)}
            for a, b in sorted(matrix, key=lambda way: (-matrix[way], utf8(way[0]), utf8(way[1])))]
    costs, too_rare = costs_of(first_transitions(log, known, conversion, open_journeys), min_journeys,
                               false_discovery_rate, confidence)
    report = {
        "journeys": len(log), "events": len(all_events(log)),
        "events_without_channel": len(all_events(log)) - len(used),
        "open_journeys": len(open_journeys),
        "multichannel": share(sum(len({event.channel for event in events}) > 1 for events in known.values()),
                              len(known), confidence),
        "switches": share(sum(a != b for a, b in taken), len(taken), confidence),
        "switch_rate": mean(rates, confidence),
        "media_entropy": {
            "channels": names, "journeys": of_journeys, "log": of_log,
            "journeys_normalised": of_journeys["mean"] / normal if normal else None,
            "log_normalised": of_log / normal if normal else None},
        "phase_lock_in": locked_in(phases) if phase else None,
        "research_shopping": research(known, search, conversion, limit, confidence) if search else None,
        "costs_too_rare": too_rare,
    }
    for field, found in [("channels", table), ("transitions", ways), ("costs", costs)]:
        report[field], report[f"{field}_left_out"] = cut(found, limit)
    return report


# --------------------------------------------------------------------------------------------------------- cases

def on(*journeys, seconds=60, **spec):
    """Journeys such as `"visit:web pay:shop"` (touchpoint, channel; `-` is none), an event a minute from ten o'clock."""
    lines = []
    for number, path in enumerate(journeys, 1):
        for place, step in enumerate(path.split()):
            touchpoint, channel = step.split(":")
            after = place * seconds
            lines.append(f"j{number},{touchpoint},@{10 + after // 3600}:{after // 60 % 60:02}:{after % 60:02},"
                         f"{'' if channel == '-' else channel}")
    return rows(*lines, header="journey,touchpoint,time,channel", options={"channel": "channel"}, **spec)


NO_SHARE = {"n": 0, "of": 0, "share": None, "low": None, "high": None}
NO_MEAN = {"n": 0, "mean": None, "low": None, "high": None}
NOTHING = {"events_without_channel": 0, "switches": NO_SHARE, "switch_rate": NO_MEAN, "multichannel": NO_SHARE,
           "media_entropy": {"channels": 0, "journeys": NO_MEAN, "log": None, "journeys_normalised": None,
                             "log_normalised": None},
           "channels": [], "transitions": [], "costs": [], "costs_too_rare": 0, "research_shopping": None,
           "phase_lock_in": None}
LOG3 = math.log(3)

case("channel_switching", "a log without events has no channels", "nothing to count gives zeros, and no value where "
     "there is none", EMPTY, hand={"journeys": 0, "events": 0, **NOTHING})
case("channel_switching", "a log without channels is no error", "three events, none with a channel",
     rows("ann,visit,@10:00", "ann,pay,@10:05", "bob,visit,@11:00"),
     hand={**NOTHING, "journeys": 2, "events": 3, "events_without_channel": 3})
case("channel_switching", "two switches of three transitions",
     "web, web, shop, web: 2 of 3 transitions change the channel; web is left twice, once for web. " + W,
     on("a:web b:web c:shop d:web"),
     hand={"switches": {"n": 2, "of": 3}, "switch_rate": {"n": 1, "mean": 2 / 3, "low": None, "high": None},
           "multichannel": {"n": 1, "of": 1},
           "transitions": [{"source": "shop", "target": "web", "count": 1, "p_out": {"n": 1, "of": 1}},
                           {"source": "web", "target": "shop", "count": 1, "p_out": {"n": 1, "of": 2}},
                           {"source": "web", "target": "web", "count": 1, "p_out": {"n": 1, "of": 2}}],
           "channels": [{"channel": "web", "lock_in": {"n": 1, "of": 2}, "exits": {"n": 1, "of": 1}},
                        {"channel": "shop", "lock_in": {"n": 0, "of": 1}, "exits": {"n": 0, "of": 1}}]})
case("channel_switching", "the mean of journeys is not the share of transitions",
     "rates 1 and 0 of journeys with one and three transitions, whose mean is 1/2 with T = 12.7 * 0.5; "
     "1 of 4 transitions; a journey of one event has no rate. " + W,
     on("a:web b:shop", "a:web b:web c:web d:web", "a:app"),
     hand={"switches": {"n": 1, "of": 4}, "switch_rate": {"n": 2, "mean": 0.5,
           "low": 0.5 - 0.5 * math.tan(0.475 * math.pi), "high": 0.5 + 0.5 * math.tan(0.475 * math.pi)},
           "multichannel": {"n": 1, "of": 3}})
case("channel_switching", "the entropy of two, one and one is 1.04 nats",
     "Klein, Zhang, Falk, Aspara and Luo (2020): 1.5 bits are 1.0397 nats, of log 3 at most: 0.946",
     on("a:web b:web c:app d:shop"),
     hand={"media_entropy": {"channels": 3, "journeys": {"n": 1, "mean": 1.5 * math.log(2), "low": None, "high": None},
                             "log": 1.5 * math.log(2), "journeys_normalised": 1.5 * math.log(2) / LOG3,
                             "log_normalised": 1.5 * math.log(2) / LOG3}})
case("channel_switching", "customers who stay on one channel each have no entropy, the log has",
     "each journey is on one channel: 0; half of all events on either: log 2, of log 2",
     on("a:web b:web", "a:shop b:shop"),
     hand={"media_entropy": {"channels": 2, "journeys": {"n": 2, "mean": 0.0, "low": 0.0, "high": 0.0},
                             "log": math.log(2), "journeys_normalised": 0.0, "log_normalised": 1.0},
           "switches": {"n": 0, "of": 2}})
case("channel_switching", "one channel: nobody switches", "0 of 3 transitions; with one channel nothing normalises",
     on("a:web b:web c:web", "a:web b:web"),
     hand={"switches": {"n": 0, "of": 3}, "switch_rate": {"mean": 0.0}, "media_entropy": {
         "channels": 1, "log": 0.0, "log_normalised": None, "journeys_normalised": None}, "costs": []})
case("channel_switching", "an event without a channel is passed over",
     "the parcel is sent by nobody's channel: from web to shop is one transition, of two minutes, and a switch; a->d",
     on("a:web ship:- d:shop", "a:web ship:- d:web"), options={"min_journeys": 1},
     hand={"events_without_channel": 2, "switches": {"n": 1, "of": 2}, "costs": [
         {"source": "a", "target": "d", "switched": 1, "unswitched": 1,
          "time": {"switched_median_seconds": 120.0, "unswitched_median_seconds": 120.0, "shift_seconds": 0.0}}]})
case("channel_switching", "names from other scripts and reserved words", "ties by the bytes of the names",
     on("a:null b:😀", "a:__proto__ b:START", "a:é b:z"),
     hand={"transitions": [{"source": a, "target": b} for a, b in [("__proto__", "START"), ("null", "😀"), ("é", "z")]]})

PHASED = rows("j1,a,@10:00,web,look", "j1,b,@10:01,shop,look", "j1,c,@10:02,shop,buy", "j1,d,@10:03,web,use",
              "j2,a,@10:00,web,look", "j2,b,@10:01,app,", "j2,c,@10:02,web,buy", "j3,a,@10:00,app,look",
              header="journey,touchpoint,time,channel,stage", options={"channel": "channel", "attributes": ["stage"]})
case("channel_switching", "lock-in between phases: from the last channel of one to the first of the next",
     "j1: look ends in the shop, buy begins there, and ends there before use begins on the web; j2: the app has no "
     "phase and is passed over, web to web. 2 of 3 stay; the shop keeps 1 of 2, the web 1 of 1", PHASED,
     options={"phase": "stage"},
     hand={"phase_lock_in": {"n": 2, "of": 3}, "switches": {"n": 4, "of": 5},
           "channels": [{"channel": "web", "phase_lock_in": {"n": 1, "of": 1}, "lock_in": {"n": 0, "of": 2}},
                        {"channel": "app", "phase_lock_in": {"n": 0, "of": 0}, "lock_in": {"n": 0, "of": 1}},
                        {"channel": "shop", "phase_lock_in": {"n": 1, "of": 2}, "lock_in": {"n": 1, "of": 2}}]})

SHOPPERS = on("search:web pay:shop", "search:web search:app pay:app", "search:web pay:web pay:shop", "pay:shop search:web",
              "search:web", "search:web look:web pay:shop", "search:- pay:shop")
case("channel_switching", "who looks on the web and pays in the shop",
     "Verhoef, Neslin and Vroomen (2007): 4 journeys search before their first payment; the last search counts: web-shop "
     "twice, app-app, web-web. Paying before searching, searching without a channel or without paying does not count",
     SHOPPERS, options={"search": ["search"], "conversion": ["pay"]},
     hand={"research_shopping": {"journeys": {"n": 2, "of": 4}, "pairs": [
         {"search_channel": "web", "conversion_channel": "shop", "journeys": {"n": 2, "of": 4}},
         {"search_channel": "app", "conversion_channel": "app", "journeys": {"n": 1, "of": 4}},
         {"search_channel": "web", "conversion_channel": "web", "journeys": {"n": 1, "of": 4}}], "pairs_left_out": 0}})
case("channel_switching", "a limit cuts every list", "each list keeps its first row and says how many it lost", SHOPPERS,
     options={"search": ["search"], "conversion": ["pay"], "limit": 1, "min_journeys": 1, "confidence": 0.8},
     hand={"channels_left_out": 2, "research_shopping": {"pairs_left_out": 2}})

SLOW = rows(
    *(f"s{n},cart,@10:00:00,web,,\ns{n},pay,@10:0{n}:00,phone,-1,\ns{n},thanks,@10:20:00,phone,,".replace("@", "2024-03-13 ")
      for n in range(5, 9)),
    *(f"u{n},cart,@10:00:00,web,,\nu{n},pay,@10:0{n}:00,web,{n % 2},\nu{n},{'thanks' if n else 'leave'},@10:20:00,web,,"
      .replace("@", "2024-03-13 ") for n in range(4)),
    header="journey,touchpoint,time,channel,score,x", options={"channel": "channel", "score": "score"})
case("channel_switching", "what a switch costs",
     "from cart to pay in 5, 6, 7, 8 minutes with a switch, in 0, 1, 2, 3 without: medians 6.5 and 1.5, all 16 differences "
     "from 2 to 8 minutes, their median 5; the exact test of 4 against 4, all apart: p = 2 of 70. Scores -1 against 0, 1, "
     "0, 1. All 4 with a switch convert, 3 of 4 without: p = 1", SLOW,
     options={"conversion": ["thanks"], "min_journeys": 4},
     hand={"costs": [{"source": "cart", "target": "pay", "switched": 4, "unswitched": 4,
                      "time": {"switched_median_seconds": 390.0, "unswitched_median_seconds": 90.0,
                               "shift_seconds": 300.0, "low_seconds": 120.0, "high_seconds": 480.0, "p_value": 2 / 70,
                               },
                      "conversion": {"switched": {"n": 4, "of": 4}, "unswitched": {"n": 3, "of": 4},
                                     "difference": {"difference": 0.25, "p_value": 1.0, "test": "fisher_exact"}},
                      "score": {"switched": {"n": 4, "mean": -1.0, "low": -1.0, "high": -1.0},
                                "unswitched": {"n": 4, "mean": 0.5}, "difference": -1.5}}],
           "costs_too_rare": 0})
case("channel_switching", "too few journeys on one side are counted and not tested",
     "4 journeys on either side, 5 asked for; without `conversion` and scores there is only the time", SLOW,
     hand={"costs": [], "costs_too_rare": 1})
case("channel_switching", "a journey counts once for a transition, by its first",
     "the switch of j1 from a to b comes second: one of each side", on("a:web b:web a:web b:shop", "a:web b:shop"),
     options={"min_journeys": 1},
     hand={"costs": [{"source": "a", "target": "b", "switched": 1, "unswitched": 1, "conversion": None, "score": None,
                      "time": {"shift_seconds": 0.0, "low_seconds": None, "p_value": None, "significant": None}}],
           "costs_left_out": 0})
OPEN = rows("j1,a,@10:00,web", "j1,b,@10:10,shop", "j1,pay,@10:20,shop", "j2,a,@10:00,web", "j2,b,@10:10,web",
            "j3,a,@19:00,web", "j3,b,@19:50,web", "j4,a,@19:10,web", "j4,b,@20:00,shop", "j4,pay,@20:00,",
            header="journey,touchpoint,time,channel", options={"channel": "channel"})
case("channel_switching", "an open journey has not left, and has not failed to convert",
     "observation ends at 20:00, an hour of silence ends a journey: j3 and j4 are open and no part of conversions and "
     "exits, but of times. The shop is left for good by j1, the web by j2", OPEN,
     options={"conversion": ["pay"], "inactive_after": 3600, "min_journeys": 1},
     hand={"open_journeys": 2, "channels": [
         {"channel": "web", "exits": {"n": 1, "of": 2}}, {"channel": "shop", "exits": {"n": 1, "of": 1}}],
         "costs": [{"source": "a", "target": "b", "switched": 2, "unswitched": 2, "time": {"shift_seconds": 0.0},
                    "conversion": {"switched": {"n": 1, "of": 1}, "unswitched": {"n": 0, "of": 1}}}]})
case("channel_switching", "a payment without a channel is a conversion",
     "without `inactive_after` all journeys are finished: 2 of 2 that switch, 0 of 2 that do not", OPEN,
     options={"conversion": ["pay"], "min_journeys": 1},
     hand={"open_journeys": 0, "events_without_channel": 1, "costs": [
         {"source": "a", "target": "b", "conversion": {"switched": {"n": 2, "of": 2}, "unswitched": {"n": 0, "of": 2}}}]})
case("channel_switching", "the way to the conversion itself is not compared by conversions",
     "whoever takes it converts", on("a:web pay:web", "a:web pay:shop"),
     options={"conversion": ["pay"], "min_journeys": 1},
     hand={"costs": [{"source": "a", "target": "pay", "conversion": None}]})

PHONES = rows(
    *(f"p{n},call,@10:00:00,phone\np{n},done,@10:{20 + n}:00,web".replace("@", "2024-03-13 ") for n in range(4)),
    *(f"w{n},click,@10:00:00,web\nw{n},done,@10:0{n}:30,web".replace("@", "2024-03-13 ") for n in range(4)),
    "w9,click,@10:00:00,fax", header="journey,touchpoint,time,channel", options={"channel": "channel"})
case("channel_switching", "the phone is overloaded, the fax unused",
     "after a call 20 to 23 minutes pass, after a click on the web half a minute to 3.5: the exact test of 4 against 4, "
     "all apart, gives 2 of 70, twice the same by Benjamini and Hochberg. 1 of 17 events by fax is less than a tenth, and "
     "the pigeon, which the map has, is not in the log", PHONES,
     options={"channels": ["web", "pigeon", "pigeon"], "min_share": 0.1},
     hand={"channels": [
         {"channel": "web", "unused": False, "overloaded": False, "exits": {"n": 8, "of": 8},
          "wait": {"median_seconds": 120.0, "rest_median_seconds": 1290.0, "n": 4, "rest_n": 4, "slower": 0.0,
                   "p_value": 2 / 70, "p_adjusted": 2 / 70, "significant": True}},
         {"channel": "phone", "unused": False, "overloaded": True, "exits": {"n": 0, "of": 4},
          "wait": {"median_seconds": 1290.0, "rest_median_seconds": 120.0, "slower": 1.0, "p_value": 2 / 70}},
         {"channel": "fax", "events": {"n": 1, "of": 17}, "unused": True, "overloaded": None, "wait": None},
         {"channel": "pigeon", "events": {"n": 0, "of": 17}, "lock_in": NO_SHARE, "exits": NO_SHARE, "unused": True,
          "overloaded": None, "wait": None}]})
case("channel_switching", "channels of a map that nobody uses", "a log without channels, and two that a map has",
     rows("ann,visit,@10:00"), options={"channels": ["shop", "app"]},
     hand={"channels": [{"channel": "app", "events": NO_SHARE, "unused": True}, {"channel": "shop", "unused": True}]})

refusals("channel_switching", confidence=1.0, min_share=1.5, min_share__2=-0.1, false_discovery_rate=0.0,
         inactive_after=-1)
case("channel_switching", "searching needs a conversion", "research shopping is from a search to a conversion", SHOPPERS,
     options={"search": ["search"]}, error="invalid_option")
for option, name in [("conversion", "pya"), ("search", "serch")]:
    case("channel_switching", f"a touchpoint in `{option}` that the log does not have", "it names the nearest", SHOPPERS,
         options={"search": ["search"], "conversion": ["pay"], option: [name]}, error="unknown_touchpoint")
case("channel_switching", "an attribute that the log does not have", "`phase` names a column of the log", PHASED,
     options={"phase": "stagge"}, error="invalid_option")
case("channel_switching", "an empty log knows no names, and that is no error", "nothing to find them in", EMPTY,
     options={"phase": "stage", "search": ["look"], "conversion": ["pay"]},
     hand={"research_shopping": {"journeys": NO_SHARE, "pairs": []}, "phase_lock_in": NO_SHARE})


# ------------------------------------------------------------------------------------- a whole file, with pandas

def with_pandas(channel, search, conversion):
    """The figures of ecom that pandas gives: its own way of joining rows to the next of the same customer."""
    data = pandas.read_csv(DATA / "ecom" / "ecom.csv.gz")
    data["at"] = pandas.to_datetime(data["timestamp"])
    data = data.sort_values(["user_id", "at"], kind="stable")
    users = data.groupby("user_id")
    data["next"] = users[channel].shift(-1)
    ways = data.dropna(subset=["next"]).copy()
    ways["switched"] = ways[channel] != ways["next"]
    matrix = ways.groupby([channel, "next"]).size().reset_index(name="count")
    matrix["of"] = matrix.groupby(channel)["count"].transform("sum")
    matrix = matrix.sort_values(["count", channel, "next"], ascending=[False, True, True])
    mix = data.groupby("user_id")[channel].value_counts(normalize=True)
    entropy_of = -(mix * mix.apply(math.log)).groupby(level=0).sum()
    data["bought"] = (data["event"] == conversion).groupby(data["user_id"]).cumsum()
    before = data[(data["bought"] == 0) & (data["event"] == search)].groupby("user_id")[channel].last()
    first = data[data["event"] == conversion].groupby("user_id")[channel].first()
    both = pandas.concat([before.rename("search"), first.rename("conversion")], axis=1).dropna()
    data["wait"] = (users["at"].shift(-1) - data["at"]).dt.total_seconds()
    firsts = data.dropna(subset=["wait"]).drop_duplicates(["user_id", channel])
    last = users[channel].last()
    table = []
    for name, events in data[channel].value_counts().items():
        mine = firsts[firsts[channel] == name]["wait"]
        rest = firsts[firsts[channel] != name]["wait"]
        table.append({"channel": name, "events": {"n": int(events), "of": len(data)},
                      "exits": {"n": int((last == name).sum()), "of": int((data[channel] == name).groupby(
                          data["user_id"]).any().sum())},
                      "wait": {"median_seconds": float(mine.median()), "rest_median_seconds": float(rest.median()),
                               "n": len(mine), "rest_n": len(rest)}})
    return {
        "events": len(data), "journeys": data["user_id"].nunique(),
        "switches": {"n": int(ways["switched"].sum()), "of": len(ways)},
        "switch_rate": {"n": 600, "mean": float(ways.groupby("user_id")["switched"].mean().mean())},
        "multichannel": {"n": int((users[channel].nunique() > 1).sum()), "of": 600},
        "media_entropy": {"journeys": {"mean": float(entropy_of.mean())}},
        "transitions": [{"source": row[channel], "target": row["next"], "count": row["count"],
                         "p_out": {"n": row["count"], "of": row["of"]}} for row in matrix.to_dict("records")],
        "research_shopping": {"journeys": {"n": int((both["search"] != both["conversion"]).sum()), "of": len(both)}},
        "channels": table,
    }


case("channel_switching", "the platforms of ecom", "the counts, means and medians are those of pandas",
     {**LOGS["ecom"], "options": {**LOGS["ecom"]["options"], "channel": "platform"}},
     options={"search": ["search"], "conversion": ["purchase"], "min_journeys": 30},
     hand=with_pandas("platform", "search", "purchase"),
     fields=["journeys", "events", "events_without_channel", "multichannel", "switches", "switch_rate", "media_entropy",
             "channels", "transitions", "research_shopping", "costs", "costs_too_rare"])
