"""What the cases are written with: `case` itself, short ways to write logs and maps, and logs that many cases share.

`hand` is the part of a report that was worked out in the head: `write_vectors.py` stops if the oracle disagrees. `why`
says how. `error` names the code of the error expected instead. `fields` names the only fields that a vector compares.
"""

from math import acos, cos, pi, sqrt, tan

CASES = {}  # function -> its cases, in the order in which they are written
DAY = "2024-03-13"

# Quantiles of Student's t in closed form: 0.975 with 1, 2 and 4 degrees of freedom, 0.9 with 1.
T1, T2, T1_80 = tan(0.475 * pi), 0.95 / sqrt(2 * 0.975 * 0.025), tan(0.4 * pi)
T4 = 2 * sqrt(cos(acos(sqrt(4 * 0.975 * 0.025)) / 3) / sqrt(4 * 0.975 * 0.025) - 1)
W = "Shares carry Wilson intervals and means Student's t intervals, both from SciPy. "


MAPS_ONLY = "no log"  # in the place of a log, for a question that does not take one


def case(function, name, why, log, map=None, options=None, hand=None, error=None, fields=None, args=None,
         other_log=None, other_map=None, feedback=None):
    CASES.setdefault(function, []).append(
        {"name": name, "why": why, "log": log, "map": map, "options": options, "hand": hand, "error": error,
         "fields": fields, "args": args, "other_log": other_log, "other_map": other_map, "feedback": feedback})


def rows(*lines, header="journey,touchpoint,time", **spec):
    """A log of rows such as `ann,visit,10:05`, all on one day."""
    return {"csv": "\n".join([header, *(line.replace("@", DAY + " ") for line in lines)]) + "\n", **spec}


def paths(*journeys, seconds=60):
    """A log of journeys such as `"visit pay"`: from ten o'clock on, an event a minute."""
    lines = []
    for number, path in enumerate(journeys, 1):
        for place, touchpoint in enumerate(path.split()):
            after = place * seconds
            lines.append(f"j{number},{touchpoint},@{10 + after // 3600}:{after // 60 % 60:02}:{after % 60:02}")
    return rows(*lines)


def timed(*ways):
    """A log of journeys of two events: `("a", "b", 80)` is from a to b in 80 seconds."""
    lines = []
    for number, (a, b, seconds) in enumerate(ways, 1):
        lines += [f"j{number},{a},@10:00:00", f"j{number},{b},@10:{seconds // 60:02}:{seconds % 60:02}"]
    return rows(*lines)


def scored(*lines, scale=None, header="journey,touchpoint,time,score"):
    """A log of scores such as `"visit 1 2 1"`: each by a customer of its own; `-` is an event without a score."""
    customers = [(line.split()[0], score) for line in lines for score in line.split()[1:]]
    options = {"score": "score", **({"score_scale": scale} if scale else {})}
    return rows(*(f"c{number},{touchpoint},@10:00,{'' if score == '-' else score}"
                  for number, (touchpoint, score) in enumerate(customers, 1)), header=header, options=options)


def curve(*steps, stages=("s",)):
    """A map of touchpoints such as `"visit"`, `"visit 1.5"` (expected score) or `"visit 1.5 s2"` (and stage)."""
    touchpoints = []
    for step in steps:
        id, score, stage = (step.split() + [None] * 2)[:3]
        touchpoint = {"id": id, "name": id, "stage": stage or stages[0]}
        if score not in (None, "-"):
            touchpoint["expected_score"] = float(score)
        touchpoints.append(touchpoint)
    return {"name": "Shop", "stages": [{"id": id, "name": id} for id in stages], "touchpoints": touchpoints}


def graph(ways, ids=None, **outcome):
    """A map of transitions such as `"a-b b-c"`; touchpoints in the order in which they are named."""
    ways = [way.split("-") for way in ways.split()]
    ids = ids.split() if ids else list(dict.fromkeys(id for way in ways for id in way))
    data = {**curve(*ids), "transitions": [{"from": a, "to": b} for a, b in ways]}
    return {**data, "outcome": outcome} if outcome else data


EMPTY = rows()
ONE = rows("ann,visit,@10:00")
TWO = rows("ann,visit,@10:00", "ann,pay,@10:05", "bob,visit,@11:00")
TIED = rows("ann,b,@10:00", "bob,a,@10:00", "ann,a,@10:00")
SAME = paths("visit", "visit", "visit visit")
ODD = rows("null,NA,@10:00", "null,null,@10:01", "null,__proto__,@10:02", "null,START,@10:03", "null,😀,@10:04",
           "😀,null,@10:00", "😀,END,@10:02")
SHUFFLED = rows("ann,pay,@10:00:01.500001", "bob,visit,@10:00:00.25", "ann,visit,@10:00:00",
                "bob,pay,@10:00:00.75", "ann,cart,@10:00:01")
TEN = paths(*["a b"] * 4, *["a c b"] * 5, "a")


def refusals(function, map=None, **out_of_range):
    """Options out of range, of the wrong type, and that nobody knows."""
    for option, value in out_of_range.items():
        name = option.partition("__")[0]
        case(function, f"{name} {value!r} is refused".replace("'", "`"),
             "it lies outside the range that the option's documentation gives",
             TWO, map, {name: value}, error="invalid_option")
    case(function, "an option that does not exist is refused", "no option has this name", TWO, map,
         {"confidnce": 0.9}, error="invalid_option")
    case(function, "an option of the wrong type is refused", "a text is not a number", TWO, map,
         {next(iter(out_of_range)).partition("__")[0]: ["x"]}, error="invalid_option")
