"""Which events of a log are which touchpoints of a map: the rules as regular expressions, asked of every event."""

import re
from dataclasses import replace

from builders import EMPTY, case, curve, paths, refusals, rows
from oracle import all_events, cut, log_method, part, question, share, touchpoints_in_order, utf8


def expression(rule):
    """The rule's text as a regular expression for the whole name."""
    text, kind = rule.get("touchpoint"), rule.get("pattern", "exact")
    if text is None or kind == "prefix":
        return re.escape(text or "") + ".*"
    if kind == "exact":
        return re.escape(text)
    return "".join({"*": ".*", "?": "."}.get(letter, re.escape(letter)) for letter in text)


def meets(event, rule):
    return (re.fullmatch(expression(rule), event.touchpoint, re.DOTALL) is not None
            and ("channel" not in rule or event.channel == rule["channel"])
            and all((event.attributes or {}).get(name) in values for name, values in rule.get("attributes", {}).items()))


def rules_of(touchpoint):
    """The rules of a touchpoint, each with its place; one without rules takes what is called as its id."""
    return list(enumerate(touchpoint.get("matches") or [])) or [(None, {"touchpoint": touchpoint["id"]})]


def met(event, points):
    """The rules that an event meets, in their order: touchpoint and place."""
    return [(one["id"], place) for one in points for place, rule in rules_of(one) if meets(event, rule)]


@log_method
def with_map(log, map, unmapped="keep", stage="stage", name=None):
    points = touchpoints_in_order(map)
    stages, names = {one["id"]: one["stage"] for one in points}, {event.touchpoint for event in all_events(log)}
    called = {}
    for own in sorted(names & set(stages), key=utf8):
        other = own
        while other in stages or other in names or other in called.values():
            other += " (unmapped)"
        called[own] = other
    mapped = {}
    for journey, events in log.items():
        for event in events:
            ids = [id for id, _ in met(event, points)]
            if not ids and unmapped == "drop":
                continue
            new = {**({stage: stages[ids[0]] if ids else None} if stage else {}), **({name: event.touchpoint} if name else {})}
            at = ids[0] if ids else called.get(event.touchpoint, event.touchpoint)
            mapped.setdefault(journey, []).append(
                replace(event, touchpoint=at, attributes={**(event.attributes or {}), **new}))
    return mapped


@question
def match_events(log, map, limit=None, examples=3, confidence=0.95):
    points, events = touchpoints_in_order(map), all_events(log)
    found = {id(event): met(event, points) for event in events}
    taken = {id(event): (found[id(event)] or [(None, None)])[0] for event in events}

    def at(event):
        return taken[id(event)][0]

    touchpoints = []
    for one in points:
        touchpoints.append({
            "touchpoint": one["id"],
            "events": sum(at(event) == one["id"] for event in events),
            "journeys": sum(any(at(event) == one["id"] for event in journey) for journey in log.values()),
            "rules": [{"rule": place, "events": sum(taken[id(event)] == (one["id"], place) for event in events),
                       "met": sum((one["id"], place) in found[id(event)] for event in events)}
                      for place, _ in rules_of(one)]})
    left = [event for event in events if at(event) is None]
    unmapped = [{"name": name, "events": sum(event.touchpoint == name for event in left),
                 "journeys": len({event.journey for event in left if event.touchpoint == name})}
                for name in sorted({event.touchpoint for event in left}, key=utf8)]
    unmapped.sort(key=lambda row: -row["events"])
    conflicts = []
    for winner in points:
        for other in points:
            both = [event.touchpoint for event in events
                    if winner is not other and at(event) == winner["id"] and other["id"] in dict(found[id(event)])]
            if both:
                names = sorted(set(both), key=lambda name: (-both.count(name), utf8(name)))
                conflicts.append({"winner": winner["id"], "other": other["id"], "events": len(both),
                                  "names": names[:examples]})
    conflicts.sort(key=lambda row: -row["events"])
    mapped = [journey for journey, of in log.items() if any(at(event) for event in of)]
    without = [journey for journey in log if journey not in mapped]
    asked = {name for one in points for rule in one.get("matches", []) for name in rule.get("attributes", {})}
    missing = sorted(asked - set(events[0].attributes or {}), key=utf8) if events else []
    shown, left_out = cut(unmapped, limit)
    clashes, clashes_left_out = cut(conflicts, limit)
    return {"events": part(len(events) - len(left), len(events)),
            "journeys": share(len(mapped), len(log), confidence),
            "whole_journeys": share(sum(all(at(event) for event in of) for of in log.values()), len(log), confidence),
            "journeys_without": len(without), "without_examples": without[:examples], "touchpoints": touchpoints,
            "not_matched": [row["touchpoint"] for row in touchpoints if row["events"] == 0],
            "unmapped": shown, "unmapped_left_out": left_out, "conflicts": clashes,
            "conflicts_left_out": clashes_left_out, "missing_attributes": missing}


# -------------------------------------------------------------------------------------------------------- cases

def shop(stages=("choose", "buy"), **rules):
    """A map of touchpoints with their rules, such as `pay=("buy", {"touchpoint": "paid"})`; the first word is the stage."""
    return {"name": "Shop", "stages": [{"id": id, "name": id} for id in stages],
            "touchpoints": [{"id": id, "name": id, "stage": stage, **({"matches": list(matches)} if matches else {})}
                            for id, (stage, *matches) in rules.items()]}


def exact(name, **more):
    return {"touchpoint": name, **more}


def prefix(text, **more):
    return {"touchpoint": text, "pattern": "prefix", **more}


def glob(text, **more):
    return {"touchpoint": text, "pattern": "glob", **more}


def columns(*lines):
    return rows(*lines, header="journey,touchpoint,time,channel,platform",
                options={"channel": "channel", "attributes": ["platform"]})


WEB = columns("ann,/home,@10:00,web,mobile", "ann,/shop/hat,@10:01,web,mobile", "ann,/shop/hat/buy,@10:02,web,mobile",
              "ann,paid,@10:03,web,mobile", "bob,/home,@10:00,web,desktop", "bob,/shop/coat,@10:05,app,desktop",
              "bob,heartbeat,@10:06,,", "cat,heartbeat,@11:00,web,", "cat,heartbeat,@11:01,web,",
              "dan,call,@11:00,phone,", "dan,pay,@11:05,phone,")
MAP = shop(pay=("buy", exact("paid"), glob("/shop/*/buy")), look=("choose", prefix("/shop/")), home=("choose", exact("/home")),
           call=("buy",))

case("match_events", "rules of all sorts",
     "the stages come in the order choose, buy: so look, home, then pay, call. /shop/hat/buy goes to look, which comes "
     "before pay; heartbeat (3) is nowhere, and pay, the id of a touchpoint whose rules it does not meet, neither", WEB, MAP,
     hand={"events": {"n": 7, "of": 11}, "journeys": {"n": 3, "of": 4}, "whole_journeys": {"n": 1, "of": 4},
           "journeys_without": 1, "without_examples": ["cat"], "not_matched": [],
           "unmapped": [{"name": "heartbeat", "events": 3, "journeys": 2}, {"name": "pay", "events": 1, "journeys": 1}],
           "touchpoints": [{"touchpoint": "look", "events": 3, "journeys": 2, "rules": [{"rule": 0, "events": 3, "met": 3}]},
                           {"touchpoint": "home", "events": 2, "journeys": 2},
                           {"touchpoint": "pay", "events": 1, "rules": [{"rule": 0, "events": 1, "met": 1},
                                                                         {"rule": 1, "events": 0, "met": 1}]},
                           {"touchpoint": "call", "events": 1, "rules": [{"rule": None, "events": 1, "met": 1}]}],
           "conflicts": [{"winner": "look", "other": "pay", "events": 1, "names": ["/shop/hat/buy"]}]})
case("match_events", "channel and attribute",
     "the first asks for web and one of two platforms: ann's four events but not bob's; the second for a channel alone, "
     "the third for a platform that nobody has, the fourth for an attribute that the log does not have", WEB,
     shop(a=("buy", {"channel": "web", "attributes": {"platform": ["mobile", "tablet"]}}), b=("buy", {"channel": "phone"}),
          c=("buy", {"attributes": {"platform": ["watch"]}}), d=("buy", exact("paid", attributes={"plan": ["pro"], "age": ["7"]}))),
     hand={"events": {"n": 6}, "not_matched": ["c", "d"], "missing_attributes": ["age", "plan"], "conflicts": [],
           "touchpoints": [{"events": 4}, {"events": 2}, {"events": 0}, {"events": 0}]})
case("match_events", "three touchpoints want the same",
     "a takes all five; b wants three of them, c all: the conflicts are those of a with each", paths("x y x", "y z"),
     shop(a=("buy", glob("?")), b=("buy", exact("x"), exact("z")), c=("buy", glob("*"))),
     hand={"conflicts": [{"winner": "a", "other": "c", "events": 5, "names": ["x", "y", "z"]},
                         {"winner": "a", "other": "b", "events": 3, "names": ["x", "z"]}], "not_matched": ["b", "c"]})
case("match_events", "rules of the same touchpoint are no conflict", "the first takes the event, the second meets it too",
     paths("x"), shop(a=("buy", exact("x"), glob("*"))),
     hand={"conflicts": [], "touchpoints": [{"rules": [{"events": 1, "met": 1}, {"events": 0, "met": 1}]}]})
case("match_events", "a map without rules", "what is called as an id is on the map", paths("visit pay", "visit chat"),
     curve("visit", "pay", "rate"),
     hand={"events": {"n": 3, "of": 4}, "not_matched": ["rate"], "unmapped": [{"name": "chat", "events": 1, "journeys": 1}]})
case("match_events", "stars and question marks", "a letter is a letter, also 😀; the dot and the bracket are plain",
     rows("j,a.b,@10:00", "j,axb,@10:01", "j,a😀b,@10:02", "j,ab,@10:03", "j,[ab],@10:04", "j,aab.html.html,@10:05"),
     shop(dot=("buy", glob("a.b")), one=("buy", glob("a?b")), set=("buy", glob("[ab]")), end=("buy", glob("*ab*.html"))),
     hand={"touchpoints": [{"events": 1}, {"events": 2}, {"events": 1}, {"events": 1}],
           "unmapped": [{"name": "ab", "events": 1, "journeys": 1}], "conflicts": [{"winner": "dot", "other": "one", "events": 1, "names": ["a.b"]}]})
case("match_events", "an empty log", "no share of nothing", EMPTY, MAP,
     hand={"events": {"n": 0, "of": 0, "share": None}, "journeys": {"share": None}, "not_matched": ["look", "home", "pay", "call"]})
case("match_events", "an empty map", "nothing is on it", WEB, {"name": "Empty"},
     hand={"events": {"n": 0, "of": 11}, "touchpoints": [], "journeys_without": 4, "without_examples": ["ann", "bob", "cat"]})
case("match_events", "lists that are cut", "one name of two, no conflict of one, no journey named", WEB, MAP,
     {"limit": 1, "examples": 0},
     hand={"unmapped": [{"name": "heartbeat", "events": 3, "journeys": 2}], "unmapped_left_out": 1, "without_examples": [],
           "conflicts": [{"winner": "look", "other": "pay", "events": 1, "names": []}], "conflicts_left_out": 0})
case("match_events", "names of equal count come by name", "one event each, in the order of their bytes",
     paths("b é a Z"), {"name": "Empty"}, {"limit": 3},
     hand={"unmapped": [{"name": name, "events": 1, "journeys": 1} for name in ("Z", "a", "b")], "unmapped_left_out": 1})
refusals("match_events", MAP, confidence=1.5, limit=-1, examples=-1)


def mapped(log, map, **options):
    return {**log, "then": [*log.get("then", []), {"method": "with_map", "map": map, **({"options": options} if options else {})}]}


case("match_events", "what with_map made is on the map", "of the same map, without rules: 7 of 11 as before; the rest keeps off",
     mapped(WEB, MAP), {**MAP, "touchpoints": [{name: value for name, value in one.items() if name != "matches"}
                                              for one in MAP["touchpoints"]]},
     hand={"events": {"n": 7, "of": 11}, "conflicts": [],
           "unmapped": [{"name": "heartbeat", "events": 3, "journeys": 2}, {"name": "pay (unmapped)", "events": 1, "journeys": 1}]})
# Each was taken once, so they come by name.
PATHS = [["call", "pay (unmapped)"], ["heartbeat", "heartbeat"], ["home", "look", "heartbeat"], ["home", "look", "look", "pay"]]
case("variants", "with_map: the paths are those of the map", "what is not on the map keeps its name, but does not pass for pay",
     mapped(WEB, MAP), hand={"journeys": 4, "rows": [{"touchpoints": PATHS[0]}, {"touchpoints": PATHS[1]},
                                                     {"touchpoints": PATHS[2]}, {"touchpoints": PATHS[3]}]})
case("summary", "with_map: what is not on the map is dropped", "cat is gone, and so are the last events of bob and dan",
     mapped(WEB, MAP, unmapped="drop", name="raw"),
     hand={"events": 7, "journeys": 3, "attributes": ["platform", "stage", "raw"],
           "touchpoints": [{"touchpoint": "look", "events": 3, "journeys": 2, "starts": 0, "ends": 2 - 1},
                           {"touchpoint": "home", "events": 2, "journeys": 2, "starts": 2, "ends": 0},
                           {"touchpoint": "call", "events": 1, "journeys": 1, "starts": 1, "ends": 1},
                           {"touchpoint": "pay", "events": 1, "journeys": 1, "starts": 0, "ends": 1}]})
case("summary", "with_map: the stages are values of an attribute", "in choose are look and home: 5 events",
     {**mapped(WEB, MAP, stage="phase"), "then": [*mapped(WEB, MAP, stage="phase")["then"],
      {"method": "select", "options": {"attributes": {"phase": ["choose"]}}}]}, hand={"events": 5, "journeys": 2})
case("summary", "with_map: the names before are values of an attribute", "both product pages are look",
     {**mapped(WEB, MAP, stage=None, name="raw"), "then": [*mapped(WEB, MAP, stage=None, name="raw")["then"],
      {"method": "select", "options": {"attributes": {"raw": ["/shop/hat", "/shop/coat"]}}}]},
     hand={"events": 2, "attributes": ["platform", "raw"]})
case("summary", "with_map: stages in a path pattern", "ann and bob choose; ann alone goes on to buy",
     {**mapped(WEB, MAP), "then": [*mapped(WEB, MAP)["then"],
      {"method": "select_journeys", "options": {"with_path": "stage:choose -> stage:buy"}}]}, hand={"events": 4, "journeys": 1})
case("summary", "with_map: names that would collide", "`pay` and `pay (unmapped)` are ids that meet no rule, so both get other names",
     mapped(rows("j,pay,@10:00", "j,pay (unmapped),@10:01"), {**shop(pay=("buy", exact("x"))), "touchpoints": [
         {"id": id, "name": id, "stage": "buy", "matches": [exact("x")]} for id in ("pay", "pay (unmapped)")]}),
     hand={"touchpoints": [{"touchpoint": "pay (unmapped) (unmapped)", "events": 1}, {"touchpoint": "pay (unmapped) (unmapped) (unmapped)", "events": 1}]})
case("summary", "with_map: an empty log", "it has nothing to map", mapped(EMPTY, MAP), hand={"events": 0}, fields=["events", "journeys"])
for _name, _options, _log in [("an attribute that the log has", {"stage": "platform"}, WEB), ("an empty name", {"name": ""}, WEB),
                              ("one name for both", {"name": "stage"}, WEB), ("what there is not", {"unmapped": "hide"}, WEB),
                              ("an option that does not exist", {"stages": "x"}, WEB)]:
    case("summary", f"with_map: {_name} is refused", "options are read strictly; a new attribute needs a name of its own",
         mapped(_log, MAP, **_options), error="invalid_option")
