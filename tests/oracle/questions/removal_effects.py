"""What each channel brings to conversion, by removal effects in a Markov chain: the reference, and its cases.

The chain is solved in whole fractions, once with each channel removed. The bootstrap draws with NumPy's PCG64, each
journey by a number of its own, and solves each resample in the same way.
"""

from collections import Counter
from fractions import Fraction

import numpy

from builders import EMPTY, case, rows
from files import LOGS
from oracle import cut, question, share, utf8

START, CONVERTED, LOST = "start", "converted", "lost"


def paths_to(log, conversion, by):
    """Of each journey what it visits before its first conversion, and how it ends; and how many events are passed over."""
    paths, passed_over = [], 0
    for events in log.values():
        path, end = [], LOST
        for event in events:
            if event.touchpoint in conversion:
                end = CONVERTED
                break
            name = event.touchpoint if by == "touchpoint" else event.channel
            passed_over += name is None
            path += [] if name is None else [name]
        paths.append((path, end))
    return paths, passed_over


def chance_to_convert(ways, names, removed=None):
    """From the start, by Gauss's elimination of `p(a) = share(a, converted) + sum of share(a, b) p(b)`, in fractions."""
    states = [START, *(name for name in names if name != removed)]
    out = Counter()
    for (a, _), count in ways.items():
        out[a] += count
    table = []
    for a in states:
        row = [Fraction(a == b) - (Fraction(ways[a, b], out[a]) if out[a] else 0) for b in states]
        table.append([*row, Fraction(ways[a, CONVERTED], out[a]) if out[a] else Fraction(0)])
    for last in range(len(states) - 1, 0, -1):
        pivot = table.pop()
        for row in table:
            factor = row[last] / pivot[last]
            if factor:
                row[:] = [a - factor * b for a, b in zip(row, pivot)]
    [[start, right]] = [[row[0], row[-1]] for row in table]
    return right / start


def attribution(paths):
    """The removal effect of each name and the credit it gets, as fractions; `None` if nothing converts."""
    ways = Counter()
    for path, end in paths:
        # A channel may be called `start` as well.
        steps = [START, *(("at", name) for name in path), end]
        ways.update(zip(steps, steps[1:]))
    names = sorted({b for _, b in ways if isinstance(b, tuple)})
    conversions = sum(end == CONVERTED for _, end in paths)
    if not conversions:
        return None
    whole = chance_to_convert(ways, names)
    assert whole == Fraction(conversions, len(paths))
    effects = {name[1]: 1 - chance_to_convert(ways, names, name) / whole for name in names}
    total = sum(effects.values())
    return {name: (effect, effect / total, conversions * effect / total) for name, effect in effects.items()}


def draws_of(seed):
    """PCG64 as its authors seed it, with the sequence that they use where none is named."""
    multiplier, bits = 0x2360ED051FC65DA44385DF649FCCF645, (1 << 128) - 1
    increment = (0xA02BDBF7BB3C0A7AC28FA16A64ABF96 << 1 | 1) & bits
    generator = numpy.random.PCG64()
    state = generator.state
    state["state"] = {"state": ((seed + increment) * multiplier + increment) & bits, "inc": increment}
    generator.state = state
    return lambda: int(generator.random_raw())


def resampled(paths, resamples, seed):
    """The attributions of the resamples; journeys are drawn in the order of their paths, told apart without repeats."""
    def order(journey):
        path, end = journey
        moves = [name for place, name in enumerate(path) if place == 0 or path[place - 1] != name]
        return [(1, utf8(name)) for name in moves] + [(0, b"" if end == CONVERTED else b"\1")]

    journeys, draw = sorted(paths, key=order), draws_of(seed)
    for _ in range(resamples):
        yield attribution([journeys[draw() * len(journeys) >> 64] for _ in journeys])


@question
def removal_effects(log, conversion, by="channel", resamples=200, seed=0, limit=None, confidence=0.95):
    paths, passed_over = paths_to(log, conversion, by)
    with_path = [(path, end) for path, end in paths if path]
    found = attribution(with_path)
    samples = [one for one in resampled(with_path, resamples, seed) if one]

    def interval(name, figure):
        if not samples:
            return None, None
        values = [float(one.get(name, (0, 0, 0))[figure]) for one in samples]
        return [float(q) for q in numpy.quantile(values, [(1 - confidence) / 2, (1 + confidence) / 2])]

    listed = []
    for name in sorted({name for path, _ in with_path for name in path}, key=utf8):
        effect, part, credit = (float(figure) for figure in found[name]) if found else (None, None, None)
        effect_low, effect_high = interval(name, 0)
        credit_low, credit_high = interval(name, 2)
        listed.append({
            "name": name, "visits": sum(path.count(name) for path, _ in with_path),
            "journeys": share(sum(name in path for path, _ in with_path), len(with_path), confidence),
            "effect": effect, "effect_low": effect_low, "effect_high": effect_high, "effect_share": part,
            "credit": credit, "credit_low": credit_low, "credit_high": credit_high})
    listed.sort(key=lambda row: -round(row["effect"] or 0, 9))
    shown, left_out = cut(listed, limit)
    return {"journeys": len(paths), "journeys_without_path": len(paths) - len(with_path),
            "conversions_without_path": sum(not path and end == CONVERTED for path, end in paths),
            "events_without_channel": passed_over,
            "conversion": share(sum(end == CONVERTED for _, end in with_path), len(with_path), confidence),
            "resamples": len(samples), "rows": shown, "rows_left_out": left_out}


# --------------------------------------------------------------------------------------------------------- cases

def removal(name, why, log, conversion=("pay",), options=None, **more):
    case("removal_effects", name, why, log, args=[list(conversion)], options=options, **more)


def on_channels(*journeys):
    """A log of journeys such as `"web web phone !"`: visits on channels, `-` on none; `!` is a payment in the shop."""
    lines = []
    for number, path in enumerate(journeys, 1):
        for place, channel in enumerate(path.split()):
            touchpoint, channel = ("pay", "shop") if channel == "!" else ("visit", channel.replace("-", ""))
            lines.append(f"j{number},{touchpoint},@10:{place:02},{channel}")
    return rows(*lines, header="journey,touchpoint,time,channel", options={"channel": "channel"})


EXACT = {"resamples": 0}
THREE = on_channels("C1 C2 C3 !", "C1", "C2 C3")
removal("the example of three paths", "METHODS 5: of three paths one converts. Without C1 the ways start > C2 > C3 > "
        "converted are left, 1/3 * 1 * 1/2, half of 1/3; without C2 or C3 none is. Shares 1/5, 2/5, 2/5 of one conversion",
        THREE, options=EXACT, hand={
            "journeys": 3, "journeys_without_path": 0, "conversions_without_path": 0, "events_without_channel": 0,
            "conversion": {"n": 1, "of": 3, "share": 1 / 3}, "resamples": 0, "rows_left_out": 0, "rows": [
                {"name": "C2", "visits": 2, "journeys": {"n": 2, "of": 3}, "effect": 1.0, "effect_share": 0.4,
                 "credit": 0.4, "effect_low": None, "effect_high": None, "credit_low": None, "credit_high": None},
                {"name": "C3", "effect": 1.0, "effect_share": 0.4, "credit": 0.4},
                {"name": "C1", "effect": 0.5, "effect_share": 0.2, "credit": 0.2}]})
removal("staying on a channel changes no effect", "the same paths with repeats: more visits, all else is the same",
        on_channels("C1 C1 C1 C2 C3 C3 !", "C1 C1", "C2 C3 C3 C3"), options=EXACT, hand={
            "conversion": {"n": 1, "of": 3}, "rows": [
                {"name": "C2", "visits": 2, "effect": 1.0, "credit": 0.4}, {"name": "C3", "visits": 5, "effect": 1.0},
                {"name": "C1", "visits": 5, "effect": 0.5, "effect_share": 0.2}]})
removal("paths of one channel each", "nothing leads from one channel to another: the effect of a channel is its share of "
        "the conversions, 3 of 4 and 1 of 4, and credit is its conversions",
        on_channels("web !", "web !", "web !", "web", "phone !", "phone", "phone"), options=EXACT,
        hand={"conversion": {"n": 4, "of": 7}, "rows": [
            {"name": "web", "effect": 0.75, "effect_share": 0.75, "credit": 3.0},
            {"name": "phone", "effect": 0.25, "effect_share": 0.25, "credit": 1.0}]})
removal("a way back", "web > phone > web > converted, phone > lost: the start goes to each with 1/2, web to phone or "
        "converted with 1/2 each, phone to web or lost with 1/2 each. From web w = 1/2 + p/2, from phone p = w/2: w = 2/3, "
        "p = 1/3, together 1/2. Without web nothing converts; without phone 1/2 * 1/2 do: effects 1 and 1/2",
        on_channels("web phone web !", "phone"), options=EXACT,
        hand={"conversion": {"n": 1, "of": 2}, "rows": [
            {"name": "web", "effect": 1.0, "credit": 2 / 3}, {"name": "phone", "effect": 0.5, "credit": 1 / 3}]})
removal("who converts has come through many channels", "all paths convert: an effect is the share of those that visit it, "
        "if no two paths meet", on_channels("a b !", "c !", "d !", "d !"), options=EXACT,
        hand={"rows": [{"name": "d", "effect": 0.5, "credit": 1.6}, {"name": "a", "effect": 0.25},
                       {"name": "b", "effect": 0.25}, {"name": "c", "effect": 0.25, "credit": 0.8}]})
removal("only the first conversion counts, and what goes before it", "phone comes after the first payment; the shop, where "
        "it is paid, is not on the path", on_channels("web ! phone !", "web", "mail"), options=EXACT,
        hand={"journeys": 3, "rows": [{"name": "web", "visits": 2, "effect": 1.0, "credit": 1.0},
                                      {"name": "mail", "effect": 0.0, "credit": 0.0}]})
removal("several touchpoints can be the conversion", "the first of them ends the path", rows(
            "j1,visit,@10:00,web", "j1,order,@10:01,app", "j1,visit,@10:02,phone", "j1,pay,@10:03,app",
            "j2,visit,@10:00,web", "j2,pay,@10:01,app", header="journey,touchpoint,time,channel",
            options={"channel": "channel"}), conversion=["order", "pay"], options=EXACT,
        hand={"conversion": {"n": 2, "of": 2}, "rows": [{"name": "web", "effect": 1.0, "credit": 2.0}]})
removal("events without a channel are passed over", "web > phone as in the second journey; the third has no path and does not "
        "count", on_channels("- web - - phone !", "web phone", "- -"), options=EXACT,
        hand={"journeys": 3, "journeys_without_path": 1, "conversions_without_path": 0, "events_without_channel": 5,
              "conversion": {"n": 1, "of": 2}, "rows": [{"name": "phone", "effect": 1.0, "credit": 0.5},
                                                        {"name": "web", "effect": 1.0, "credit": 0.5}]})
removal("a journey that begins with its conversion has no path", "j2 and j3 pay before they are on any channel: nothing gets "
        "credit for that, and the effects are those of j1 and j4", on_channels("web !", "! web", "- ! phone", "mail"),
        options=EXACT,
        hand={"journeys": 4, "journeys_without_path": 2, "conversions_without_path": 2, "events_without_channel": 1,
              "conversion": {"n": 1, "of": 2}, "rows": [{"name": "web", "visits": 1, "credit": 1.0},
                                                        {"name": "mail", "visits": 1, "credit": 0.0}]})
removal("by touchpoint", "the example of three paths, with touchpoints", rows(
            "j1,C1,@10:00", "j1,C2,@10:01", "j1,C3,@10:02", "j1,pay,@10:03", "j2,C1,@10:00", "j3,C2,@10:00", "j3,C3,@10:01",
            "j4,pay,@10:00"), options={**EXACT, "by": "touchpoint"},
        hand={"journeys": 4, "conversions_without_path": 1, "events_without_channel": 0, "rows": [
            {"name": "C2", "effect": 1.0, "credit": 0.4}, {"name": "C3", "effect": 1.0, "credit": 0.4},
            {"name": "C1", "effect": 0.5, "credit": 0.2}]})
removal("without a conversion there is no effect", "the only payment begins its journey; also no resample has an effect",
        on_channels("web phone", "mail", "!"),
        hand={"conversion": {"n": 0, "of": 2}, "resamples": 0, "rows": [
            {"name": "mail", "effect": None, "effect_share": None, "credit": None, "credit_low": None},
            {"name": "phone", "effect": None}, {"name": "web", "effect": None}]})
removal("a limit cuts the list", "two of three are left out", THREE, options={**EXACT, "limit": 1, "confidence": 0.8},
        hand={"rows": [{"name": "C2"}], "rows_left_out": 2})
removal("names from other scripts and reserved words", "ties by the bytes of the names", rows(
            "j1,visit,@10:00,null", "j1,visit,@10:01,😀", "j1,visit,@10:02,__proto__", "j1,visit,@10:03,é",
            "j1,visit,@10:04,start", "j1,visit,@10:05,converted", "j1,pay,@10:06,lost",
            header="journey,touchpoint,time,channel", options={"channel": "channel"}), options=EXACT)
removal("a log without events", "nothing to count", EMPTY,
        hand={"journeys": 0, "conversion": {"n": 0, "of": 0, "share": None}, "resamples": 0, "rows": []})

# ----------------------------------------------------------------------------------------------------- intervals

DRAWN = "Each resample is drawn with NumPy's PCG64 and solved in fractions; the interval is of NumPy's quantiles. "
removal("customers who are all alike give intervals without width", "each resample is the log again: an effect of 1, and the "
        "credit of 4 conversions shared by two", on_channels(*["web phone !"] * 4), options={"resamples": 50},
        hand={"resamples": 50, "rows": [
            {"name": name, "effect": 1.0, "effect_low": 1.0, "effect_high": 1.0, "credit": 2.0, "credit_low": 2.0,
             "credit_high": 2.0} for name in ("phone", "web")]})
removal("resamples without a conversion have no effect and are counted out", DRAWN + "One of three journeys converts; it is in "
        "a resample of three with 1 - (2/3)^3", THREE, options={"resamples": 40, "seed": 1})
MANY = on_channels(*["web phone !"] * 6, *["web"] * 9, *["phone !"] * 2, *["phone phone web web phone"] * 3,
                   *["mail web !"] * 3, *["mail"] * 4, "web mail phone", "- fax !", "!")
removal("intervals of several channels", DRAWN, MANY, options={"resamples": 100})
removal("another seed draws others", DRAWN, MANY, options={"resamples": 100, "seed": 2**53 - 1})
removal("a lower confidence gives shorter intervals", DRAWN, MANY, options={"resamples": 100, "confidence": 0.8})
removal("one resample is one figure", DRAWN, MANY, options={"resamples": 1})

# ------------------------------------------------------------------------------------------------------ refusals

removal("a conversion must be named", "which touchpoints are it?", THREE, conversion=[], error="invalid_option")
removal("a conversion that the log does not have", "it names the nearest", THREE, conversion=["pya"],
        error="unknown_touchpoint")
removal("a log without channels", "touchpoints can be removed instead, which the message says",
        rows("j1,visit,@10:00", "j1,pay,@10:01"), error="invalid_option")
removal("an option that does not exist is refused", "no option has this name", THREE, options={"confidnce": 0.9},
        error="invalid_option")
for option, value in [("by", "stage"), ("by", ["channel"]), ("resamples", 100_001), ("resamples", -1), ("resamples", 1.5),
                      ("seed", -1), ("confidence", 1.0), ("limit", "all")]:
    removal(f"{option} {value!r} is refused".replace("'", "`"), "it is none of the values that the documentation gives",
            THREE, options={option: value}, error="invalid_option")

# ------------------------------------------------------------------------------------------------- a whole file


def ecom(name, options, **columns):
    log = {**LOGS["ecom"], "options": {**LOGS["ecom"]["options"], **columns}}
    removal(name, "counted by going through all events, and solved in fractions", log, conversion=["purchase"],
            options=options)


ecom("the channels by which ecom's customers came to their first purchase", {"resamples": 10},
     channel="acquisition_channel")
ecom("the touchpoints before the first purchase of ecom's customers", {**EXACT, "by": "touchpoint"})
