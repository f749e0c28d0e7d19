"""What is wrong with a map: a reference for the codes and places of findings, and its cases. Messages are not compared."""

import re
from datetime import date
from statistics import median

from builders import EMPTY, case, refusals, rows
from oracle import all_events, part, question, touchpoints_in_order, wilson
from questions.match_events import match_events, with_map

MAP, DAY, LOG = "map", "date", "log"
# The rules in their order, with the usual severity and what each needs.
RULES = {
    "no-persona": ("warning", MAP), "no-segment": ("hint", MAP), "assumption": ("warning", MAP),
    "future-date": ("error", DAY), "stale-evidence": ("warning", DAY), "stale-map": ("warning", DAY),
    "no-emotion": ("warning", MAP), "no-offline": ("warning", MAP), "digital-only": ("warning", MAP),
    "starts-late": ("warning", MAP), "ends-at-purchase": ("warning", MAP), "no-follow-up": ("warning", MAP),
    "inside-out": ("warning", MAP), "no-goal": ("warning", MAP), "no-owner": ("warning", MAP),
    "too-complex": ("warning", MAP), "unreachable": ("warning", MAP), "dead-end": ("warning", MAP),
    "orphan-stage": ("warning", MAP), "orphan-channel": ("warning", MAP), "no-outcome": ("warning", MAP),
    "no-kpi": ("warning", MAP), "no-baseline": ("hint", MAP), "unused-channel": ("warning", LOG),
    "unmapped-events": ("warning", LOG), "never-visited": ("warning", LOG), "choice-overload": ("warning", LOG),
    "match-conflict": ("warning", LOG),
}
WORDS = {
    "service": "support|customer service|help|helpdesk|hotline|call|calls|complaint|complaints|chat",
    "follow_up": "feedback|survey|review|reviews|rate|rating|follow|thank|thanks|recommend|recommends|opinion|"
                 "satisfaction|nps",
    "company": "customer|customers|user|users|lead|leads|revenue|conversion|conversions|churn|retention|upsell|margin|"
               "turnover",
    "staff": "agent|agents|staff|employee|employees|clerk|operator|system|team|we|our",
}
YEAR, HALF = 365 * 86400, 180 * 86400


def closure(starts, ways):
    """All that can be reached from the starts, these included."""
    found = set(starts)
    while True:
        more = {b for a, b in ways if a in found} - found
        if not more:
            return found
        found |= more


@question
def lint(log, map, off=(), severities=None, as_of=None, max_evidence_age=YEAR, max_map_age=HALF, max_stages=9,
         max_touchpoints=12, min_channel_share=0.01, many_channels=4, rare_channel_share=0.1, long_dwell=2.0,
         words=None, limit=None, confidence=0.95):
    words = {name: "|".join((words or {}).get(name, [])) if name in (words or {}) else alternatives
             for name, alternatives in WORDS.items()}

    def has(kind, *texts):
        """Words are letters and digits; what stands between them does not matter."""
        plain = [" " + re.sub(r"[\W_]+", " ", text or "").lower() + " " for text in texts]
        return any(f" {word} " in text.replace("  ", " ") for word in words[kind].split("|") if word for text in plain)

    stages, channels = map.get("stages", []), map.get("channels", [])
    personas, kind = map.get("personas", []), map.get("kind", "current_state")
    outcome = map.get("outcome", {})
    conversions = outcome.get("conversions", [])
    # Touchpoints in the order of their stages, each with its place in the file.
    places = {touchpoint["id"]: place for place, touchpoint in enumerate(map.get("touchpoints", []))}
    points = [(f"touchpoints[{places[one['id']]}]", one) for one in touchpoints_in_order(map)]
    order = {stage["id"]: place for place, stage in enumerate(stages)}
    ways = [(way["from"], way["to"]) for way in map.get("transitions", [])]
    found = []

    def find(code, place, severity=None):
        found.append({"code": code, "severity": severity, "place": place})

    if not personas:
        find("no-persona", "personas")
    if not map.get("segments") and len(personas) < 2:
        find("no-segment", "segments")

    # What is said, and whether anything shows it.
    said = []
    for i, stage in enumerate(stages):
        for e, _ in enumerate(stage.get("expectations", [])):
            said.append((f"stages[{i}].expectations[{e}]", stage["id"], None, stage.get("evidence", [])))
    for place, one in points:
        tell = one.get("evidence", [])
        if one.get("expected_score") is not None:
            said.append((f"{place}.expected_score", one["stage"], one.get("channel"), tell))
        for e, _ in enumerate(one.get("expectations", [])):
            said.append((f"{place}.expectations[{e}]", one["stage"], one.get("channel"), tell))
        for p, pain in enumerate(one.get("pain_points", [])):
            said.append((f"{place}.pain_points[{p}]", one["stage"], one.get("channel"), pain.get("evidence", [])))
    said = [(place, stage, channel, {one["kind"] for one in tell} <= {"assumption"})
            for place, stage, channel, tell in said]
    for place, _, _, assumed in said:
        if assumed:
            find("assumption", place)

    # Dates.
    dated = [(f"personas[{i}]", one) for i, one in enumerate(personas)]
    dated += [(f"stages[{i}]", one) for i, one in enumerate(stages)]
    for place, one in points:
        dated += [(place, one)] + [(f"{place}.pain_points[{p}]", pain) for p, pain in enumerate(one.get("pain_points", []))]
    dates = [(f"{place}.evidence[{e}].date", date.fromisoformat(tell["date"]))
             for place, one in dated for e, tell in enumerate(one.get("evidence", [])) if "date" in tell]
    if as_of:
        today = date.fromisoformat(as_of)
        updated = date.fromisoformat(map["updated"]) if "updated" in map else None
        for place, day in ([("updated", updated)] if updated else []) + dates:
            if day > today:
                find("future-date", place)
        for place, day in dates:
            if (today - day).total_seconds() > max_evidence_age:
                find("stale-evidence", place)
        if updated is None or (today - updated).total_seconds() > max_map_age:
            find("stale-map", "updated")

    unscored = [place for place, one in points if one.get("expected_score") is None]
    if points and len(unscored) == len(points):
        find("no-emotion", "touchpoints", "error")
    else:
        for place in unscored:
            find("no-emotion", f"{place}.expected_score")
    if not any(channel["kind"] == "offline" for channel in channels):
        find("no-offline", "channels")
    called = {channel["id"]: channel["name"] for channel in channels}
    if not any(has("service", one["id"], one["name"], one.get("owner"), one.get("channel"),
                   called.get(one.get("channel"))) for _, one in points):
        find("digital-only", "touchpoints")

    if kind != "day_in_the_life":
        first = [one for _, one in points if one["stage"] == points[0][1]["stage"]] if points else []
        if first and all(one.get("channel") for one in first):
            find("starts-late", f"stages[{order[first[0]['stage']]}]")
        stage_of = {one["id"]: order[one["stage"]] for _, one in points}
        if conversions:
            last = max(stage_of[id] for id in conversions)
            if not any(place > last for place in stage_of.values()):
                find("ends-at-purchase", f"stages[{last}]")
            behind = closure({b for a, b in ways if a in conversions}, ways)
            behind |= {id for id, place in stage_of.items() if place > last}
            if not any(has("follow_up", one["id"], one["name"], one.get("action")) for _, one in points
                       if one["id"] in behind):
                find("no-follow-up", "outcome.conversions")

    for i, persona in enumerate(personas):
        for g, goal in enumerate(persona.get("goals", [])):
            if has("company", goal):
                find("inside-out", f"personas[{i}].goals[{g}]")
    for i, stage in enumerate(stages):
        if has("company", stage.get("goal")):
            find("inside-out", f"stages[{i}].goal")
        for e, text in enumerate(stage.get("expectations", [])):
            if has("company", text):
                find("inside-out", f"stages[{i}].expectations[{e}]")
    for place, one in points:
        action = one.get("action")
        begins = re.match(r"[\W_]*([^\W_]+)", action or "")
        if action is None or (begins and begins[1].lower() in words["staff"].split("|")):
            find("inside-out", f"{place}.action")
        for e, text in enumerate(one.get("expectations", [])):
            if has("company", text):
                find("inside-out", f"{place}.expectations[{e}]")
    for i, stage in enumerate(stages):
        if stage.get("goal") is None and not stage.get("expectations"):
            find("no-goal", f"stages[{i}].goal")
    for place, one in points:
        if one.get("owner") is None and (one.get("channel") or one.get("pain_points")):
            find("no-owner", f"{place}.owner")

    if len(stages) > max_stages:
        find("too-complex", "stages")
    for i, stage in enumerate(stages):
        if sum(one["stage"] == stage["id"] for _, one in points) > max_touchpoints:
            find("too-complex", f"stages[{i}]")
    ids = [one["id"] for _, one in points]
    sources = [id for id in ids if not any(b == id != a for a, b in ways)] or ids
    sinks = [id for id in ids if not any(a == id != b for a, b in ways)] or ids
    if ways:
        ahead = closure(outcome.get("entries") or sources, ways)
        home = closure(outcome.get("exits") or sinks, [(b, a) for a, b in ways])
        for code, fine in (("unreachable", ahead), ("dead-end", home)):
            for place, one in points:
                if one["id"] not in fine:
                    find(code, place)
    for i, stage in enumerate(stages):
        if not any(one["stage"] == stage["id"] for _, one in points):
            find("orphan-stage", f"stages[{i}]")
    for i, channel in enumerate(channels):
        if not any(one.get("channel") == channel["id"] for _, one in points):
            find("orphan-channel", f"channels[{i}]")
    if not conversions:
        find("no-outcome", "outcome.conversions")
    if not outcome.get("kpis"):
        find("no-kpi", "outcome.kpis")
    for i, kpi in enumerate(outcome.get("kpis", [])):
        for field in ("target", "measured_by"):
            if kpi.get(field) is None:
                find("no-kpi", f"outcome.kpis[{i}].{field}")
    if kind == "future_state" and "baseline" not in map:
        find("no-baseline", "baseline")

    clashes = match_events(log, map)["conflicts"]
    log = with_map(log, map, stage=None)
    events = list(all_events(log))
    if events:
        on = [event.channel for event in events if event.channel]
        for i, channel in enumerate(channels):
            if on and on.count(channel["id"]) / len(on) < min_channel_share:
                find("unused-channel", f"channels[{i}]")
        if any(event.touchpoint not in ids for event in events):
            find("unmapped-events", "touchpoints")
        for place, one in points:
            if one.get("channel") and not any(event.touchpoint == one["id"] for event in events):
                find("never-visited", place)
        ends = [journey[-1].touchpoint for journey in log.values()]
        waits = [(a.touchpoint, b.time - a.time) for journey in log.values() for a, b in zip(journey, journey[1:])]
        for place, one in points:
            here = [event for event in events if event.touchpoint == one["id"]]
            used = [event.channel for event in here if event.channel]
            rare = [name for name in set(used) if used.count(name) / len(used) < rare_channel_share]
            if not here or len(set(used)) < many_channels or 2 * len(rare) <= len(set(used)):
                continue
            left = wilson(ends.count(one["id"]), len(here), confidence)[0] > len(ends) / len(events)
            mine = [wait for touchpoint, wait in waits if touchpoint == one["id"]]
            slow = mine and median(mine) > long_dwell * median([wait for _, wait in waits])
            if left or slow:
                find("choice-overload", place)

    for _, one in points:
        for place, other in points:
            if any((clash["winner"], clash["other"]) == (one["id"], other["id"]) for clash in clashes):
                find("match-conflict", f"{place}.matches")

    asked = [code for code, (_, need) in RULES.items() if code not in off and
             (need == MAP or (need == DAY and as_of) or (need == LOG and events))]
    found = [one for one in found if one["code"] in asked]
    for one in found:
        one["severity"] = (severities or {}).get(one["code"]) or one["severity"] or RULES[one["code"]][0]
    ranks = ["error", "warning", "hint"]
    found.sort(key=lambda one: (ranks.index(one["severity"]), list(RULES).index(one["code"])))
    number = {severity: sum(one["severity"] == severity for one in found) for severity in ranks}
    shown = found if limit is None else found[:limit]

    def assumed(about):
        those = [one for one in said if about(one)]
        return part(sum(one[3] for one in those), len(those))

    return {"errors": number["error"], "warnings": number["warning"], "hints": number["hint"], "findings": shown,
            "findings_left_out": len(found) - len(shown), "not_asked": [code for code in RULES if code not in asked],
            "assumptions": {
                "whole": assumed(lambda one: True),
                "stages": [{"id": stage["id"], "assumed": assumed(lambda one: one[1] == stage["id"])} for stage in stages],
                "channels": [{"id": channel["id"], "assumed": assumed(lambda one: one[2] == channel["id"])}
                             for channel in channels]}}


SEEN = [{"kind": "survey", "date": "2026-03-01"}]
# A map in which no rule finds anything, seen on 2026-04-01. The file names pay before hunger, which comes first.
SOUND = {
    "name": "Shop", "updated": "2026-03-31",
    "personas": [{"id": "ann", "name": "Ann", "goals": ["Eat"], "evidence": SEEN}],
    "segments": [{"id": "mobile", "name": "Mobile", "attributes": {"platform": ["mobile"]}}],
    "stages": [{"id": "need", "name": "Need", "goal": "Find something to eat"},
               {"id": "buy", "name": "Buy", "goal": "Pay and be gone"},
               {"id": "after", "name": "After", "expectations": ["It tastes"], "evidence": SEEN}],
    "channels": [{"id": "web", "name": "Web", "kind": "online"},
                 {"id": "counter", "name": "Counter", "kind": "offline"}],
    "touchpoints": [
        {"id": "pay", "name": "Pay", "stage": "buy", "channel": "counter", "owner": "Sales", "action": "Pays",
         "expected_score": 1, "evidence": SEEN, "pain_points": [{"text": "slow", "evidence": SEEN}]},
        {"id": "hunger", "name": "Hunger", "stage": "need", "action": "Feels hungry", "expected_score": -1,
         "evidence": SEEN},
        {"id": "review", "name": "Review", "stage": "after", "channel": "web", "owner": "Support",
         "action": "Tells others", "expected_score": 0, "evidence": SEEN}],
    "transitions": [{"from": "hunger", "to": "pay"}, {"from": "pay", "to": "review"}],
    "outcome": {"conversions": ["pay"], "kpis": [{"id": "k", "name": "K", "target": 3, "measured_by": "till"}]}}
TODAY = {"as_of": "2026-04-01"}
FIELDS = ["errors", "warnings", "hints", "findings", "findings_left_out", "not_asked", "assumptions"]


def with_channels(*lines):
    return rows(*lines, header="journey,touchpoint,time,channel", options={"channel": "channel"})


VISITS = with_channels("a,pay,@10:00,counter", "a,review,@10:05,web", "b,pay,@10:00,counter")


def looked(name, why, map, *hand, log=VISITS, **options):
    """A case whose findings were worked out in the head, as `code place`; how much is assumed is compared where some is."""
    findings = [dict(zip(("code", "place"), one.split())) for one in hand]
    fields = FIELDS if any(one.startswith("assumption") for one in hand) or "limit" in options else FIELDS[:4]
    case("lint", name, why, log, map, {**TODAY, **options}, hand={"findings": findings}, fields=fields)


def changed(touchpoint=None, **fields):
    """The sound map with other fields, or with other fields of its first touchpoint."""
    points = [{**SOUND["touchpoints"][0], **(touchpoint or {})}, *SOUND["touchpoints"][1:]]
    points = [{name: value for name, value in one.items() if value is not None} for one in points]
    return {name: value for name, value in {**SOUND, "touchpoints": points, **fields}.items() if value is not None}


looked("a sound map", "every rule is kept: what each wants is there", SOUND)
case("lint", "without a date and a log", "three rules need a date, five a log", None, SOUND,
     hand={"findings": [], "not_asked": ["future-date", "stale-evidence", "stale-map", "unused-channel",
                                         "unmapped-events", "never-visited", "choice-overload",
                                         "match-conflict"]}, fields=FIELDS)
case("lint", "an empty log is no log", "nothing can be said of channels that nobody could use", EMPTY, SOUND,
     hand={"findings": []}, fields=FIELDS)
looked("an empty map", "nothing is there that should be; a share of no statements has no value", {"name": "Empty"},
       "no-persona personas", "stale-map updated", "no-offline channels", "digital-only touchpoints",
       "no-outcome outcome.conversions", "no-kpi outcome.kpis", "unmapped-events touchpoints", "no-segment segments")
looked("nobody's journey", "no persona, no segment; then two personas, who are told apart",
       changed(personas=[], segments=[]), "no-persona personas", "no-segment segments")
looked("two personas need no segment", "they differ", changed(segments=[], personas=[{"id": "a", "name": "A"},
                                                                                     {"id": "b", "name": "B"}]))
looked("a score that is only believed", "an assumption is no evidence; the pain point has its own. Of 5 statements 1",
       changed({"evidence": [{"kind": "assumption"}]}), "assumption touchpoints[0].expected_score")
looked("a pain point and expectations that are only believed",
       "the place is that of the file, where pay stands first; the order is that of the stages",
       changed({"pain_points": [{"text": "slow"}], "expectations": ["Quick", "Cheap"], "evidence": []}),
       "assumption touchpoints[0].expected_score", "assumption touchpoints[0].expectations[0]",
       "assumption touchpoints[0].expectations[1]", "assumption touchpoints[0].pain_points[0]")
looked("evidence of exactly a year ago", "365 days are not older than 365 days; 366 are",
       changed({"evidence": [{"kind": "survey", "date": "2025-04-01"}, {"kind": "crm", "date": "2025-03-31"}]}),
       "stale-evidence touchpoints[0].evidence[1].date")
looked("evidence of tomorrow", "it lies after the day of the look, and is an error, which comes first",
       changed({"evidence": [{"kind": "survey", "date": "2026-04-02"}]}, segments=[], personas=[]),
       "future-date touchpoints[0].evidence[0].date", "no-persona personas", "no-segment segments")
looked("a map of last year", "its last change is older than 180 days", changed(updated="2025-10-02"), "stale-map updated")
looked("a map of 180 days ago", "is not older", changed(updated="2025-10-03"))
looked("a map without a date", "it may be of any age", changed(updated=None), "stale-map updated")
looked("other ages", "a day is enough here", SOUND, "stale-evidence personas[0].evidence[0].date",
       "stale-evidence stages[2].evidence[0].date", "stale-evidence touchpoints[1].evidence[0].date",
       "stale-evidence touchpoints[0].evidence[0].date", "stale-evidence touchpoints[0].pain_points[0].evidence[0].date",
       "stale-evidence touchpoints[2].evidence[0].date", max_evidence_age=86400)
looked("a gap in the curve", "one of three has no score", changed({"expected_score": None}),
       "no-emotion touchpoints[0].expected_score")
looked("no feelings at all", "not one touchpoint has a score: an error",
       {**SOUND, "touchpoints": [{name: value for name, value in one.items() if name != "expected_score"}
                                 for one in SOUND["touchpoints"]]}, "no-emotion touchpoints")
looked("all online, and nobody to help", "the owner Support was the service; the counter is online now",
       changed(channels=[{**one, "kind": "online"} for one in SOUND["channels"]],
               touchpoints=[*SOUND["touchpoints"][:2], {**SOUND["touchpoints"][2], "owner": "Marketing"}]),
       "no-offline channels", "digital-only touchpoints")
looked("a journey that begins at the door", "the first stage has no touchpoint without a channel",
       changed(touchpoints=[one for one in SOUND["touchpoints"] if one["id"] != "hunger"], transitions=[],
               stages=SOUND["stages"][1:]), "starts-late stages[0]")
looked("a journey that ends at the till", "review is the conversion, in the last stage, and nothing follows",
       changed(outcome={**SOUND["outcome"], "conversions": ["review"]}), "ends-at-purchase stages[2]",
       "no-follow-up outcome.conversions")
looked("a purchase that nobody asks about", "the word that says so is gone",
       changed(touchpoints=[*SOUND["touchpoints"][:2], {**SOUND["touchpoints"][2], "name": "Use", "id": "use"}],
               transitions=[{"from": "hunger", "to": "pay"}]),
       "no-follow-up outcome.conversions", "unmapped-events touchpoints",
       "never-visited touchpoints[2]")
looked("words of another language", "the words for follow-up are German here, and `Review` is none of them", SOUND,
       "no-follow-up outcome.conversions", words={"follow_up": ["bewertung"]})
looked("the company's goals, the staff's steps", "leads, churn and customers are no words of a customer",
       changed({"action": "Clerk takes the money", "expectations": ["Fewer lost users"]},
               personas=[{"id": "ann", "name": "Ann", "goals": ["Eat", "Less churn"]}],
               stages=[{**SOUND["stages"][0], "goal": "More LEADS!"}, *SOUND["stages"][1:]]),
       "inside-out personas[0].goals[1]", "inside-out stages[0].goal", "inside-out touchpoints[0].action",
       "inside-out touchpoints[0].expectations[0]")
looked("nothing to do and nothing wanted", "no action, no goal", changed({"action": None}, stages=[
    {"id": "need", "name": "Need"}, *SOUND["stages"][1:]]), "inside-out touchpoints[0].action", "no-goal stages[0].goal")
looked("nobody answers", "for pay, on a channel with a pain point", changed({"owner": None}), "no-owner touchpoints[0].owner")
looked("too much to hold", "three stages are more than two, one touchpoint more than none", SOUND, "too-complex stages",
       "too-complex stages[0]", "too-complex stages[1]", "too-complex stages[2]", max_stages=2, max_touchpoints=0)
looked("ways that lead nowhere", "named are the entry hunger and the exit pay; review leads to pay, and nothing to it",
       changed(transitions=[{"from": "hunger", "to": "pay"}, {"from": "review", "to": "pay"}, {"from": "pay", "to": "pay"}],
               outcome={**SOUND["outcome"], "entries": ["hunger"], "exits": ["pay"]}), "unreachable touchpoints[2]")
looked("a dead end", "the only exit is pay; from review no way leads there",
       changed(outcome={**SOUND["outcome"], "exits": ["pay"]}), "dead-end touchpoints[2]")
looked("a circle has no dead end", "where nothing is a source or a sink, journeys begin and end anywhere",
       changed(transitions=[*SOUND["transitions"], {"from": "review", "to": "hunger"}]))
looked("stages and channels for nothing", "nothing happens there; the channel has no events either",
       changed(stages=[*SOUND["stages"], {"id": "x", "name": "X", "goal": "Eat"}],
               channels=[*SOUND["channels"], {"id": "x", "name": "X", "kind": "online"}]),
       "orphan-stage stages[3]", "orphan-channel channels[2]", "unused-channel channels[2]")
looked("no outcome and no figure", "then a figure without target and measure", changed(outcome={}),
       "no-outcome outcome.conversions", "no-kpi outcome.kpis")
looked("a figure that says little", "no target, no measure",
       changed(outcome={"conversions": ["pay"], "kpis": [{"id": "k", "name": "K"}]}), "no-kpi outcome.kpis[0].target",
       "no-kpi outcome.kpis[0].measured_by")
looked("a future of nothing", "it changes no map", changed(kind="future_state"), "no-baseline baseline")
looked("a day in the life", "begins and ends where it will", changed(
    kind="day_in_the_life", outcome={**SOUND["outcome"], "conversions": ["review"]}))
looked("the map and the log do not know each other", "pay and review have no event, and neither channel has",
       SOUND, "unused-channel channels[0]", "unused-channel channels[1]", "unmapped-events touchpoints",
       "never-visited touchpoints[0]", "never-visited touchpoints[2]", log=with_channels("a,x,@10:00,post"))
looked("events without channels", "say nothing about channels", SOUND,
       log=rows("a,pay,@10:00", "a,review,@10:05"))
TILLS = with_channels("a,till_1,@10:00,counter", "a,review,@10:05,web", "b,till_2,@10:00,counter")
TILL = {"touchpoint": "till_", "pattern": "prefix"}
looked("events under other names", "the rules say that both tills are pay", changed({"matches": [TILL]}), log=TILLS)
looked("a touchpoint whose rules nothing meets", "pay happens, but the rules of pay mean the tills: nothing is at pay",
       changed({"matches": [TILL]}), "unmapped-events touchpoints", "never-visited touchpoints[0]")
looked("rules that want the same", "hunger comes first and takes two of three, whatever pay and review say; the rule of "
       "pay would take both tills, and that of review all three, of which pay gets none and review its own",
       changed({"matches": [TILL]}, touchpoints=[
           {**SOUND["touchpoints"][0], "matches": [TILL]}, {**SOUND["touchpoints"][1], "matches": [TILL]},
           {**SOUND["touchpoints"][2], "matches": [{"touchpoint": "*", "pattern": "glob"}]}]),
       "never-visited touchpoints[0]", "match-conflict touchpoints[0].matches", "match-conflict touchpoints[2].matches",
       log=TILLS)
CHOICE = with_channels(*(f"j{i},review,@10:0{m},web" for i in range(12) for m in range(4)),
                       *(f"j{i},pay,@10:05,{dict(enumerate(('post', 'phone', 'fax'))).get(i, 'counter')}" for i in range(12)))
looked("too much to choose from", "12 journeys look four times and end at pay, on four channels, three of which have one "
       "event of 12 each: 12 of 12 events there end a journey, against 12 of 60", SOUND, "choice-overload touchpoints[0]",
       log=CHOICE)
looked("not so many after all", "five channels are asked for", SOUND, log=CHOICE, many_channels=5)
looked("not so rare after all", "a channel is rare below 8 %; they have 8.3 %", SOUND, log=CHOICE,
       rare_channel_share=0.08)
SLOW = with_channels(*(f"j{i},pay,@10:00,{dict(enumerate(('post', 'phone', 'fax'))).get(i, 'counter')}" for i in range(12)),
                     *(f"j{i},review,@11:0{m},web" for i in range(12) for m in range(4)))
looked("too long to choose", "from pay to review it takes an hour, from review to review a minute; nobody ends at pay",
       SOUND, "choice-overload touchpoints[0]", log=SLOW)
looked("rules switched off and made worse", "personas are an error here, segments nobody asks for",
       changed(personas=[], segments=[], kind="future_state"), "no-persona personas", "no-baseline baseline",
       off=["no-segment"], severities={"no-persona": "error"})
looked("the first of several", "one of three is shown", changed(personas=[], segments=[], kind="future_state"),
       "no-persona personas", limit=1)
case("lint", "a rule that there is not is refused", "no-personas is none", None, SOUND, {"off": ["no-personas"]},
     error="invalid_option")
case("lint", "a severity of a rule that there is not is refused", "x is none", None, SOUND, {"severities": {"x": "hint"}},
     error="invalid_option")
case("lint", "a severity that there is not is refused", "fatal is none", None, SOUND,
     {"severities": {"no-kpi": "fatal"}}, error="invalid_option")
case("lint", "a day that there is not is refused", "no year has a 30th of February", None, SOUND,
     {"as_of": "2026-02-30"}, error="invalid_option")
refusals("lint", SOUND, confidence=1, min_channel_share=1.5, rare_channel_share=-0.1, long_dwell=0.5,
         max_evidence_age=-1, max_map_age="soon", limit=-1)
