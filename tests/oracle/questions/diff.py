"""What is different between two maps: a reference and its cases.

The order of parts is compared by trying all subsets, from the largest on, which is fine for a handful.
"""

import json
from itertools import combinations

from builders import MAPS_ONLY, case
from oracle import question

# The fields of each part in the order in which map files hold them.
FIELDS = {
    "map": ["name", "description", "kind", "version", "updated", "baseline"],
    "persona": ["id", "name", "description", "demographics", "goals", "motivations", "evidence"],
    "segment": ["id", "name", "description", "attributes"],
    "stage": ["id", "name", "goal", "expectations", "evidence"],
    "channel": ["id", "name", "kind"],
    "touchpoint": ["id", "name", "stage", "channel", "personas", "owner", "action", "thoughts", "expectations",
                   "pain_points", "opportunities", "expected_score", "moment_of_truth", "evidence", "matches"],
    "transition": ["from", "to", "expected_share", "expected_seconds"],
    "outcome": ["entries", "exits", "conversions"],
    "kpi": ["id", "name", "target", "unit", "measured_by"],
}
NESTED = {"evidence": ["kind", "n", "date", "source"], "pain_points": ["text", "severity", "evidence"],
          "opportunities": ["text", "kind", "effort", "value"],
          "matches": ["touchpoint", "pattern", "channel", "attributes"]}
FLOATS = {"expected_score", "effort", "value", "expected_share", "expected_seconds", "target"}
LISTS = {"persona": "personas", "segment": "segments", "stage": "stages", "channel": "channels",
         "touchpoint": "touchpoints", "transition": "transitions"}


def tidy(field, value):
    """A value as it is written: numbers as floats, nested parts in the order of their fields."""
    if field in FLOATS and value is not None:
        return float(value)
    if field == "opportunities":
        value = [{"kind": "fix", **one} for one in value]
    if field == "matches":
        value = [{"pattern": "exact", **one} for one in value]
    if field in ("attributes", "demographics"):
        return dict(sorted(value.items()))
    if field in NESTED:
        return [{name: tidy(name, one[name]) for name in NESTED[field] if name in one} for one in value]
    return value


def part(sort, given):
    """The fields of a part that are written: an empty list or a `false` is not."""
    fields = {name: tidy(name, given[name]) for name in FIELDS[sort] if name in given}
    if sort == "map":
        fields["kind"] = given.get("kind", "current_state")
    if sort == "outcome":
        return {name: fields.get(name, []) for name in FIELDS[sort]}
    return {name: value for name, value in fields.items() if value not in ([], {}, None) and value is not False}


def parts(data, sort):
    if sort == "map":
        return {(None, None): part(sort, data)}
    outcome = data.get("outcome", {})
    if sort == "outcome":
        return {(None, None): part(sort, outcome)}
    found = {}
    stages = [stage["id"] for stage in data.get("stages", [])]
    given = outcome.get("kpis", []) if sort == "kpi" else data.get(LISTS[sort], [])
    if sort == "touchpoint":
        given = sorted(given, key=lambda one: stages.index(one["stage"]))
    for one in given:
        key = (one["from"], one["to"]) if sort == "transition" else (one["id"], None)
        found[key] = part(sort, one)
    return found


def written(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def bare(points):
    return [{**point, "evidence": None} for point in points or []]


def called(sort, field, old, new):
    """The kind of a difference in a field."""
    if field == "name":
        return "renamed"
    if field == "evidence" or (field == "pain_points" and bare(old) == bare(new)):
        return "re_evidenced"
    if sort == "touchpoint" and field in ("stage", "expected_score"):
        return {"stage": "moved", "expected_score": "rescored"}[field]
    return "changed"


def moved(old, new):
    """The keys of `new` to move: all but the largest subset that stands in the old order, the first of these."""
    old, new = [key for key in old if key in new], [key for key in new if key in old]
    for size in range(len(new), -1, -1):
        for kept in combinations(range(len(new)), size):
            places = [old.index(new[place]) for place in kept]
            if places == sorted(places):
                return {key for place, key in enumerate(new) if place not in kept}
    return set()


@question
def diff(map, other_map):
    changes = []
    for sort in FIELDS:
        old, new = parts(map, sort), parts(other_map, sort)

        def group(all_parts, key):
            return [other for other in all_parts if all_parts[other].get("stage") == all_parts[key].get("stage")]

        def change(kind, key, field=None, before=None, after=None, place=None):
            changes.append({"kind": kind, "part": sort, "id": key[0], "target": key[1], "field": field,
                            "before": before, "after": after, "place": place})

        for key in old:
            if key not in new:
                change("removed", key, before=written(old[key]))
        for key, fields in new.items():
            place = group(new, key).index(key) + 1
            if key not in old:
                change("added", key, after=written(fields), place=place)
                continue
            if old[key].get("stage") == fields.get("stage") and key in moved(
                    *([other for other in group(both, key) if other in old and other in new
                       and old[other].get("stage") == new[other].get("stage")] for both in (old, new))):
                change("moved", key, "order", str(group(old, key).index(key) + 1), str(place), place)
            for field in sorted({*old[key], *fields}):
                before, after = old[key].get(field), fields.get(field)
                if before != after:
                    kind = called(sort, field, before, after)
                    texts = [None if value is None else written(value) for value in (before, after)]
                    change(kind, key, field, *texts, place if kind == "moved" else None)
    title = [" ".join([one["name"], *([one["version"]] if "version" in one else [])]) for one in (map, other_map)]
    base = other_map.get("baseline")
    same = base and (base["name"], base.get("version")) == (map["name"], map.get("version"))
    return {"before": title[0], "after": title[1], "is_baseline": None if base is None else same, "changes": changes}


def shop(*touchpoints, **more):
    """A map of touchpoints such as `"pay"`, in the stage `buy`, or `{"id": "pay", …}`."""
    full = [{"id": one, "name": one.title(), "stage": "buy"} if isinstance(one, str) else
            {"name": one["id"].title(), "stage": "buy", **one} for one in touchpoints]
    return {"name": "Shop", "stages": [{"id": "buy", "name": "Buy"}, {"id": "use", "name": "Use"}],
            "touchpoints": full, **more}


def compared(name, why, before, after, *hand):
    """A case whose changes were worked out in the head: the fields that matter."""
    case("diff", name, why, MAPS_ONLY, before, other_map=after, hand={"changes": list(hand)},
         fields=["before", "after", "is_baseline", "changes"])


PAY = '{"id":"pay","name":"Pay","stage":"buy"}'
compared("a map and itself", "nothing is different", shop("cart", "pay"), shop("cart", "pay"))
compared("two empty maps of different names", "only the name is different", {"name": "A"}, {"name": "B"},
         {"kind": "renamed", "part": "map", "id": None, "field": "name", "before": '"A"', "after": '"B"'})
compared("a default that is written out is no difference", "kind, outcome and the sort of an opportunity have defaults",
         shop({"id": "pay", "opportunities": [{"text": "faster"}], "matches": [{"touchpoint": "p"}]}),
         shop({"id": "pay", "opportunities": [{"text": "faster", "kind": "fix"}], "moment_of_truth": False,
               "matches": [{"touchpoint": "p", "pattern": "exact"}]}, kind="current_state",
              outcome={"entries": [], "exits": [], "conversions": []}))
compared("a touchpoint that comes and one that goes", "pay goes first, then call comes as the second of its stage",
         shop("cart", "pay"), shop("cart", "call"),
         {"kind": "removed", "part": "touchpoint", "id": "pay", "before": PAY, "after": None, "place": None},
         {"kind": "added", "id": "call", "before": None, "after": '{"id":"call","name":"Call","stage":"buy"}',
          "place": 2})
compared("the first of four goes to the end", "moving one is less than moving three", shop("a", "b", "c", "d"),
         shop("b", "c", "d", "a"), {"kind": "moved", "id": "a", "field": "order", "before": "1", "after": "4",
                                    "place": 4})
compared("two change places", "either could be the one that moved; the one that comes first stays", shop("a", "b"),
         shop("b", "a"), {"kind": "moved", "id": "a", "before": "1", "after": "2", "place": 2})
compared("all are turned round", "of a, b, c, d only one can stay: d, the first now", shop("a", "b", "c", "d"),
         shop("d", "c", "b", "a"), {"id": "c", "place": 2}, {"id": "b", "place": 3}, {"id": "a", "place": 4})
compared("a stage that moves takes its touchpoints along", "each is where it was in its stage",
         shop("a", {"id": "z", "stage": "use"}),
         {**shop("a", {"id": "z", "stage": "use"}), "stages": [{"id": "use", "name": "Use"}, {"id": "buy", "name": "Buy"}]},
         {"kind": "moved", "part": "stage", "id": "buy", "before": "1", "after": "2"})
compared("a touchpoint that changes its stage", "b is the first of the other stage; a and c are where they were",
         shop("a", "b", "c"), shop("a", {"id": "b", "stage": "use"}, "c"),
         {"kind": "moved", "id": "b", "field": "stage", "before": '"buy"', "after": '"use"', "place": 1})
compared("names, scores and evidence have words of their own",
         "fields in the order of their names: evidence, expected_score, name, owner; one is a float in any case",
         shop({"id": "pay", "expected_score": -1, "evidence": [{"kind": "assumption"}]}),
         shop({"id": "pay", "name": "Order", "owner": "Sales", "expected_score": 1,
               "evidence": [{"kind": "survey", "n": 120, "date": "2026-03-31"}]}),
         {"kind": "re_evidenced", "field": "evidence", "before": '[{"kind":"assumption"}]',
          "after": '[{"kind":"survey","n":120,"date":"2026-03-31"}]'},
         {"kind": "rescored", "field": "expected_score", "before": "-1.0", "after": "1.0"},
         {"kind": "renamed", "field": "name", "before": '"Pay"', "after": '"Order"'},
         {"kind": "changed", "field": "owner", "before": None, "after": '"Sales"'})
compared("a score that is taken back", "it is a gap now", shop({"id": "pay", "expected_score": 0.5}), shop("pay"),
         {"kind": "rescored", "before": "0.5", "after": None})
compared("a pain point that is shown now", "only its evidence is different",
         shop({"id": "pay", "pain_points": [{"text": "slow", "severity": "major"}]}),
         shop({"id": "pay", "pain_points": [{"text": "slow", "severity": "major", "evidence": [{"kind": "crm"}]}]}),
         {"kind": "re_evidenced", "field": "pain_points",
          "after": '[{"text":"slow","severity":"major","evidence":[{"kind":"crm"}]}]'})
compared("a pain point that hurts more", "its severity is different",
         shop({"id": "pay", "pain_points": [{"text": "slow", "severity": "minor"}]}),
         shop({"id": "pay", "pain_points": [{"text": "slow", "severity": "critical"}]}),
         {"kind": "changed", "field": "pain_points"})
compared("a transition that is turned round", "it is told apart by its ends: one goes, one comes",
         shop("a", "b", transitions=[{"from": "a", "to": "b"}]), shop("a", "b", transitions=[{"from": "b", "to": "a"}]),
         {"kind": "removed", "part": "transition", "id": "a", "target": "b"},
         {"kind": "added", "part": "transition", "id": "b", "target": "a", "place": 1})
compared("a transition that is taken more often", "0.2 to 0.5",
         shop("a", "b", transitions=[{"from": "a", "to": "b", "expected_share": 0.2}]),
         shop("a", "b", transitions=[{"from": "a", "to": "b", "expected_share": 0.5}]),
         {"kind": "changed", "field": "expected_share", "before": "0.2", "after": "0.5"})
compared("a future state and its baseline", "name, version, kind and baseline of the map; a KPI that is aimed higher",
         shop("pay", version="1", outcome={"conversions": ["pay"], "kpis": [{"id": "k", "name": "K", "target": 3}]}),
         {**shop("pay", version="2", kind="future_state", baseline={"name": "Shop", "version": "1"},
                 outcome={"conversions": ["pay"], "kpis": [{"id": "k", "name": "K", "target": 5}]})},
         {"kind": "changed", "part": "map", "field": "baseline", "before": None,
          "after": '{"name":"Shop","version":"1"}'},
         {"field": "kind", "before": '"current_state"', "after": '"future_state"'}, {"field": "version"},
         {"part": "kpi", "id": "k", "field": "target", "before": "3.0", "after": "5.0"})
compared("a baseline that is another map", "the after map starts from version 0", shop(version="1"),
         shop(version="1", baseline={"name": "Shop", "version": "0"}), {"field": "baseline"})
compared("every sort of part comes", "in the order of the sorts; the outcome is a field of the map",
         {"name": "Shop"},
         {"name": "Shop", "personas": [{"id": "p", "name": "P", "goals": ["g"]}],
          "segments": [{"id": "s", "name": "S", "attributes": {"b": ["2"], "a": ["1", "0"]}}],
          "stages": [{"id": "buy", "name": "Buy", "expectations": ["fast"]}],
          "channels": [{"id": "web", "name": "Web", "kind": "online"}],
          "touchpoints": [{"id": "pay", "name": "Pay", "stage": "buy", "channel": "web", "personas": ["p"]}],
          "transitions": [{"from": "pay", "to": "pay", "expected_seconds": 60}],
          "outcome": {"entries": ["pay"], "kpis": [{"id": "k", "name": "K", "unit": "%"}]}},
         {"part": "persona"},
         {"part": "segment", "after": '{"id":"s","name":"S","attributes":{"a":["1","0"],"b":["2"]}}'},
         {"part": "stage"}, {"part": "channel"}, {"part": "touchpoint"},
         {"part": "transition", "after": '{"from":"pay","to":"pay","expected_seconds":60.0}'},
         {"part": "outcome", "kind": "changed", "field": "entries", "before": "[]", "after": '["pay"]'}, {"part": "kpi"})
compared("names are text, whatever they look like", "quotes and other scripts are written as JSON has them",
         shop({"id": "__proto__", "name": "😀"}), shop({"id": "__proto__", "name": 'say "hi"\n'}),
         {"kind": "renamed", "id": "__proto__", "before": '"😀"', "after": '"say \\"hi\\"\\n"'})
case("diff", "a map that breaks a rule is refused", "pay is there twice", MAPS_ONLY, shop("pay", "pay"),
     other_map=shop("pay"), error="invalid_map")
