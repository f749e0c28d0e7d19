"""The cases over whole files: figures copied from `../data/<name>/expected.json`, which other programs worked out.

`write_vectors.py` checks every one of them against the oracle as well. A list that `expected.json` cuts short is
copied as far as it settles what a report with a `limit` must show.
"""

import json

from oracle import DATA, FUNCTIONS, utf8

LOGS = {
    "ecom": {"file": "ecom/ecom.csv.gz", "options": {"journey": "user_id", "touchpoint": "event", "time": "timestamp"}},
    "patients": {"file": "patients/patients.csv",
                 "options": {"journey": "patient", "touchpoint": "handling", "attributes": ["registration_type"]},
                 "select": {"attributes": {"registration_type": ["complete"]}}},
    "vehicle-funnel": {"file": "vehicle-funnel/sample_data_vehicle.csv",
                       "options": {"journey": "user_id", "touchpoint": "action", "time": "action_start"}},
    "weblog": {"file": "weblog/weblog.csv", "options": {"journey": "visitor", "touchpoint": "path"}},
}
SESSIONS = {**LOGS["ecom"], "options": {**LOGS["ecom"]["options"], "journey": "session_id"}}
DURATION = {"n": "n", "total_seconds": "sum", "mean_seconds": "mean", "median_seconds": "median", "p90_seconds": "p90",
            "p95_seconds": "p95", "min_seconds": "min", "max_seconds": "max"}


def durations(expected):
    return {ours: expected[theirs] for ours, theirs in DURATION.items()}


def moment(text):
    """`expected.json` always writes six digits, a report as many as needed."""
    return text.replace(".000000Z", "Z")


def by_count(counts):
    return sorted(counts.items(), key=lambda item: (-item[1], utf8(item[0])))


def summary_of(expected, counts, durations_of):
    hand = {"events": counts["events"], "journeys": counts["cases"],
            "single_event_journeys": counts["single_event_cases"],
            "first": moment(counts["first"]), "last": moment(counts["last"]),
            "tied_events": counts["events_that_share_their_timestamp_with_the_previous_event_of_the_case"],
            "throughput": durations(durations_of)}
    if expected and len(expected["activity_counts"]) == counts["activities"]:
        hand["touchpoints"] = []
        for name, events in by_count(expected["activity_counts"]):
            row = {"touchpoint": name, "events": events}
            for ours, theirs in [("starts", "start_activities"), ("ends", "end_activities")]:
                if sum(expected[theirs].values()) == counts["cases"]:  # the list is not cut short
                    row[ours] = expected[theirs].get(name, 0)
            hand["touchpoints"].append(row)
    return hand


def transitions_of(expected):
    """The most frequent rows, down to the count below which `expected.json` may leave some out."""
    times = {(row["source"], row["target"]): durations(row) for row in expected["transition_duration_s_top5"]}
    ways = [(a, b, count) for a, b, count in expected["dfg"]["top10"]]
    lists = [[count for *_, count in ways]] if len(ways) < expected["dfg"]["edges"] else []
    for theirs in ("end_activities", "start_activities"):
        ends = theirs == "end_activities"
        ways += [(name, None, n) if ends else (None, name, n) for name, n in expected[theirs].items()]
        if sum(expected[theirs].values()) < expected["counts"]["cases"]:
            lists.append(list(expected[theirs].values()))
    least = max((min(counts) for counts in lists), default=0)
    rows = []
    for a, b, count in sorted(ways, key=lambda way: (-way[2], utf8(way[0]), utf8(way[1]))):
        if count > least:
            rows.append({"source": a, "target": b, "count": count} | ({"time": times[a, b]} if (a, b) in times else {}))
    return {"journeys": expected["counts"]["cases"], "total": expected["dfg"]["total"],
            "pairs": expected["dfg"]["edges"],
            "rows": rows} | ({} if lists else {"rows_left_out": 0})


def variants_of(expected):
    """The rows above the third: variants tied with it may stand in another order."""
    found = expected["variants"]
    rows = [row for row in found["top3"] if row["count"] > found["top3"][2]["count"]]
    return {"journeys": expected["counts"]["cases"], "variants": found["variants"], "singletons": found["singletons"],
            "rows": [{"touchpoints": row["activities"], "coverage": {"n": row["count"],
                                                                     "of": expected["counts"]["cases"]}}
                     for row in rows], "rows_left_out": found["variants"] - len(rows)}


def conversions_of(funnel):
    steps, counts = funnel["steps"], funnel["no_window"]
    rows = [{"source": steps[k], "target": steps[k + 1], "conversion": {"n": counts[k + 1], "of": counts[k]},
             "lost": counts[k] - counts[k + 1]} for k in range(len(steps) - 1)]
    return {"conversions": sorted(rows, key=lambda row: -row["lost"])}


# By pandas: the mean of `groupby("patient").cumcount()` over the first event of each patient at each touchpoint.
REACHED = ["Registration", "Triage and Assessment", "Blood test", "X-Ray", "MRI SCAN", "Discuss Results", "Check-out"]


def discover_of(expected):
    times = {(row["source"], row["target"]): row for row in expected["transition_duration_s_top5"]}
    ways = []
    for a, b, count in sorted(expected["dfg"]["top10"], key=lambda way: (utf8(way[0]), utf8(way[1]))):
        time = times.get((a, b))
        ways.append({"from": a, "to": b, "observed": {"count": count} | (
            {"mean_seconds": time["mean"], "median_seconds": time["median"]} if time else {})})
    return {"touchpoints": [{"id": name, "observed": {
                "events": events, "starts": expected["start_activities"].get(name, 0),
                "ends": expected["end_activities"].get(name, 0)}}
                for name, events in sorted(expected["activity_counts"].items(), key=lambda item: REACHED.index(item[0]))],
            "transitions": ways,
            "outcome": {"entries": sorted(expected["start_activities"], key=utf8),
                        "exits": sorted(expected["end_activities"], key=utf8)}}


EMERGENCY = {
    "name": "Emergency department",
    "stages": [{"id": "in", "name": "Arrive"}, {"id": "tests", "name": "Tests"}, {"id": "out", "name": "Leave"}],
    "touchpoints": [{"id": id, "name": id, "stage": stage} for id, stage in [
        ("Registration", "in"), ("Triage and Assessment", "in"), ("X-Ray", "tests"), ("Blood test", "tests"),
        ("Discuss Results", "out"), ("Check-out", "out"), ("Feedback", "out")]],
    "transitions": [{"from": a, "to": b} for a, b in [
        ("Registration", "Triage and Assessment"), ("Triage and Assessment", "X-Ray"),
                                                      ("Triage and Assessment", "Blood test"),
        ("X-Ray", "Discuss Results"), ("Blood test", "Discuss Results"), ("Discuss Results", "Check-out"),
        ("Check-out", "Feedback")]],
    "outcome": {"exits": ["Check-out"]},
}


def emergency_of(expected):
    """A map without the MRI: whoever had one leaves the map."""
    counts, dfg = expected["activity_counts"], {(a, b): n for a, b, n in expected["dfg"]["top10"]}
    ways = [(way["from"], way["to"]) for way in EMERGENCY["transitions"]]
    top = expected["variants"]["top3"]
    mapped = expected["counts"]["events"] - counts["MRI SCAN"]
    return {"variants": {"journeys": 500, "variants": 7, "most_frequent": {"n": top[0]["count"], "of": 500}},
            "map": {"touchpoints": {"n": 6, "of": 7}, "transitions": {"n": sum(way in dfg for way in ways), "of": 7},
                    "paths": {"n": 1, "of": 2}, "prime_paths": None, "touchpoints_not_visited": ["Feedback"],
                    "transitions_not_taken": [{"source": "Blood test", "target": "Discuss Results"},
                                              {"source": "Check-out", "target": "Feedback"}]},
            "log": {"events": {"n": mapped, "of": expected["counts"]["events"]},
                    "transitions": {"n": sum(n for way, n in dfg.items() if way in ways),
                                    "of": expected["dfg"]["total"]},
                    "journeys": {"n": top[0]["count"], "of": 500},
                    "unmapped": [{"touchpoint": "MRI SCAN", "events": counts["MRI SCAN"]}]}}


def file_cases():
    cases = {function: [] for function in FUNCTIONS}

    def add(function, name, source, what, log, hand, **more):
        cases[function].append({"name": name, "why": f"tests/data/{source}/expected.json: {what}", "log": log,
                                "hand": hand, "copied": True, **more})

    for source, log in LOGS.items():
        expected = json.loads((DATA / source / "expected.json").read_text())
        add("summary", f"what {source} holds", source, "counts, activity_counts, case_duration_s", log,
            summary_of(expected, expected["counts"], expected["case_duration_s"]))
        rows = transitions_of(expected)
        add("transitions", f"the most frequent transitions of {source}", source,
            "dfg, start_activities, end_activities, transition_duration_s_top5", log, rows,
            options={"limit": len(rows["rows"])})
        found = variants_of(expected)
        add("variants", f"the variants of {source}", source, "variants", log, found,
            options={"limit": len(found["rows"])})
        again = expected["rework"]
        add("rework", f"how much of {source} is done again", source, "rework", log,
            {"rework": {"n": again["extra_occurrences_total"], "of": expected["counts"]["events"]},
             "journeys_with_rework": {"n": again["cases_with_any_activity_repeated"], "of": expected["counts"]["cases"]}},
            options={"limit": 0})
        for number, funnel in enumerate(expected["funnels"], 1):
            add("bottlenecks", f"the conversions of {source}, funnel {number}", source, "funnels, no_window", log,
                conversions_of(funnel), options={"steps": funnel["steps"], "limit": 10})
        if source == "ecom":
            sessions = expected["with_case_session_id"]
            add("summary", "what the sessions of ecom hold", source, "with_case_session_id", SESSIONS,
                summary_of(None, sessions["counts"], sessions["case_duration_s"]))
            add("transitions", "how many transitions the sessions of ecom have", source,
                "with_case_session_id: dfg_total",
                SESSIONS, {"journeys": sessions["counts"]["cases"], "total": sessions["dfg_total"], "rows": []},
                options={"limit": 0})
            add("variants", "how many variants the sessions of ecom have", source, "with_case_session_id: variants",
                SESSIONS, {"variants": sessions["variants"]}, options={"limit": 1})
        if source == "patients":
            add("discover", "the map of patients", source, "activity_counts, dfg, transition_duration_s_top5", log,
                discover_of(expected))
            add("path_coverage", "patients on a map without the MRI", source,
                "dfg and variants; of the map's two ways through the tests only that by X-Ray is ever taken whole",
                log, emergency_of(expected), map=EMERGENCY)
    return {function: found for function, found in cases.items() if found}
