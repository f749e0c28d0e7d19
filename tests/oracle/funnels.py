"""Funnels by brute force, for the references of `funnel` and `explain_funnels`.

Every event that may begin an attempt begins one, each attempt is walked to its end by itself, and then one is chosen. It
takes the square of the time that the library takes, and is the definition word by word.
"""

import re
from itertools import groupby

from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

DEFAULT = {"order": "ordered", "entry": "best_entry", "window": None, "ties": "input_order", "reuse": "never",
           "open_entry": "closed", "scope": "attempt"}
PRESETS = {
    None: {},
    "clickhouse": {"ties": "by_step", "reuse": "always"},
    "posthog": {"window": "14d", "ties": "by_step", "scope": "customer"},
    "mixpanel": {"entry": "first_entry", "window": "7d"},
    "amplitude": {"window": "1d", "ties": "same_second"},
    "ga4": {"entry": "first_entry"},
}
UNITS = {"ms": 10**3, "s": 10**6, "m": 60 * 10**6, "h": 3600 * 10**6, "d": 86400 * 10**6, "w": 7 * 86400 * 10**6}


def length(value):
    """A length of time in microseconds; a number is seconds."""
    if not isinstance(value, str):
        return None if value is None else round(value * 1e6)
    return sum(int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+) *([a-z]+)", value))


def resolve(steps, preset=None, order=None, entry=None, window=None, exclusions=(), open_entry=None, ties=None,
            reuse=None, counting="customers", breakdown=None, inactive_after=None, **_):
    """The policy that options mean: the library's, then the preset's, then what is given."""
    base = {**DEFAULT, **PRESETS[preset]}
    order = order or base["order"]
    entry = entry or ("first_entry" if counting == "attempts" else base["entry"])
    any_order = order == "any_order"
    scope = "attempt" if any_order or counting == "attempts" else base["scope"]
    names = [step["name"] for step in steps]
    window = length(window if window is not None else base["window"])
    inactive = length(inactive_after)
    return {
        "preset": preset, "order": order, "entry": entry,
        "window_seconds": None if window is None else window / 1e6,
        "ties": ties or base["ties"], "reuse": reuse or base["reuse"], "open_entry": open_entry or base["open_entry"],
        "exclusions": [{"touchpoints": [], "channels": [], "attributes": {}, **exclusion,
                        "after": None if any_order else exclusion.get("after", names[0]),
                        "before": None if any_order else exclusion.get("before", names[-1]),
                        "scope": exclusion.get("scope", scope)} for exclusion in exclusions],
        "counting": counting, "breakdown": breakdown,
        "inactive_after_seconds": None if inactive is None else inactive / 1e6,
    }


def full(steps):
    """Steps as objects with all fields; a text is a touchpoint."""
    found = []
    for number, step in enumerate(steps, 1):
        step = {"touchpoints": [step]} if isinstance(step, str) else step
        touchpoints = step.get("touchpoints", [])
        found.append({"touchpoints": [], "channels": [], "attributes": {}, "optional": False, "min_gap": None,
                      "max_gap": None, **step,
                      "name": step.get("name") or " or ".join(touchpoints) or f"step {number}"})
    return found


def meets(event, wanted):
    return ((not wanted["touchpoints"] or event.touchpoint in wanted["touchpoints"])
            and (not wanted["channels"] or event.channel in wanted["channels"])
            and all(not values or event.attributes[name] in values for name, values in wanted["attributes"].items()))


class Moment:
    """What an event may do at its place: an event that may fill several steps in a row has a moment for each."""

    def __init__(self, time, place, steps, exclusions, loose=False, whole=True):
        self.time, self.place, self.steps, self.exclusions = time, place, steps, exclusions
        self.loose, self.whole = loose, whole  # `whole`: it is the last moment of its event


def moments(events, steps, policy):
    together = policy["ties"] in ("by_step", "same_second") and policy["order"] != "any_order"
    found = []
    rows = []
    for place, event in enumerate(events):
        time = event.time
        if policy["ties"] == "same_second" and policy["order"] != "any_order":
            time = (time + 500_000) // 10**6 * 10**6
        met = [k for k, step in enumerate(steps) if meets(event, step)]
        struck = [x for x in policy["exclusions"] if meets(event, x)]
        if met or struck or policy["order"] == "strict":
            rows.append((time, place, met, struck))
    for time, group in groupby(rows, key=lambda row: row[0]):
        group = list(group)
        alike = all(row[2:] == group[0][2:] for row in group)
        if together and not alike:
            pairs = sorted((k, place) for _, place, met, _ in group for k in met)
            found += [Moment(time, place, [k], [], loose=True) for k, place in pairs]
            continue
        for _, place, met, struck in group:
            if policy["reuse"] == "always" and len(met) > 1 and policy["order"] != "any_order":
                for k in met:
                    found.append(Moment(time, place, [k], struck if k == met[0] else [], whole=k == met[-1]))
            else:
                found.append(Moment(time, place, met, struck))
    return found


class Attempt:
    def __init__(self, visits, struck, end, complete):
        self.visits, self.struck, self.end, self.complete = visits, struck, end, complete
        self.furthest, self.got_there, self.began = visits[-1][0], visits[-1][1], visits[0][1]


def walk(found, begin, entry, steps, policy):
    """An attempt from the moment at which it begins to its end; a visit is a step and the number of its moment."""
    names = [step["name"] for step in steps]
    required = [k for k, step in enumerate(steps) if not step["optional"]]
    window = policy["window_seconds"]
    visits, struck, last_required = [(entry, begin)], False, found[begin].time
    if entry == len(steps) - 1:
        return Attempt(visits, struck, begin + 1, True)
    for number in range(begin + 1, len(found)):
        moment, level = found[number], visits[-1][0]
        last = found[visits[-1][1]]
        goal = min(k for k in required if k > level)
        least, most = length(steps[goal]["min_gap"]), length(steps[goal]["max_gap"])
        if window is not None and moment.time - found[begin].time > window * 1e6:
            return Attempt(visits, struck, number, False)
        if most is not None and moment.time - last_required > most:
            return Attempt(visits, struck, number, False)
        for exclusion in moment.exclusions:
            # The first step of a name, and the last: only where nothing is given may two steps have the name.
            if names.index(exclusion["after"]) <= level < len(names) - 1 - names[::-1].index(exclusion["before"]):
                if exclusion["scope"] == "attempt":
                    return Attempt(visits, struck, number, False)
                struck = True
        used = {found[at].place for _, at in visits} if policy["reuse"] == "never" else set()
        taken = None
        for k in moment.steps:
            early = k == goal and least is not None and moment.time - last_required < least
            tied = policy["ties"] == "strictly_later" and moment.time == last.time
            if level < k <= goal and not early and not tied and moment.place not in used:
                taken = k
                break
        if taken is not None:
            visits.append((taken, number))
            last_required = moment.time if taken == goal else last_required
            if taken == len(steps) - 1:
                return Attempt(visits, struck, number + 1, True)
            if struck:
                return Attempt(visits, struck, number + 1, False)
        elif policy["order"] == "strict" and not moment.loose and moment.whole and last.place != moment.place:
            return Attempt(visits, struck, number, False)
    return Attempt(visits, struck, len(found), False)


def most_filled(masks, count):
    """How many of the steps these events can fill, each event one."""
    if not masks:
        return 0
    table = csr_array([[int(k in mask) for k in range(count)] for mask in masks])
    return int((maximum_bipartite_matching(table, perm_type="column") >= 0).sum())


def walk_any(found, begin, _, steps, policy):
    """An attempt in any order: it gets on whenever one step more can be filled."""
    window, masks, visits = policy["window_seconds"], [found[begin].steps], [(0, begin)]
    for number in range(begin + 1, len(found)):
        moment = found[number]
        if window is not None and moment.time - found[begin].time > window * 1e6:
            return Attempt(visits, False, number, False)
        if moment.exclusions:
            return Attempt(visits, False, number, False)
        if moment.steps:
            masks.append(moment.steps)
            if most_filled(masks, len(steps)) > len(visits):
                visits.append((len(visits), number))
                if len(visits) == len(steps):
                    return Attempt(visits, False, number + 1, True)
    return Attempt(visits, False, len(found), False)


def going_on(tried):
    """Of attempts that take a step at the same event one goes on: one that is not struck, the one that began last."""
    def rank(attempt, visit):
        # A strike that comes after the last step does not end the attempt at once.
        took_it_struck = attempt.struck and visit == attempt.visits[-1] and attempt.end == visit[1] + 1
        return took_it_struck, -attempt.began

    for visit in sorted({visit for attempt in tried for visit in attempt.visits}, key=lambda visit: visit[1]):
        here = [attempt for attempt in tried if visit in attempt.visits]
        tried = [attempt for attempt in tried if attempt not in here or attempt is min(here, key=lambda a: rank(a, visit))]
    return tried


def attempts(events, steps, policy):
    """The attempts of a journey that count, and its moments."""
    found = moments(events, steps, policy)
    any_order = policy["order"] == "any_order"
    step = walk_any if any_order else walk
    free = any_order or policy["open_entry"] == "open"

    def entry_of(moment, entries):
        return next((k for k in moment.steps if k in entries), None)

    if policy["entry"] == "best_entry":
        chosen = []
        for entry in ([None] if any_order else range(len(steps)) if free else [0]):
            entries = range(len(steps)) if entry is None else [entry]
            tried = [step(found, number, entry, steps, policy) for number, moment in enumerate(found)
                     if entry_of(moment, entries) is not None]
            tried = going_on(tried)
            tried.sort(key=lambda a: (-a.furthest, a.struck, a.got_there, -a.began))
            chosen += tried[:1]
        chosen.sort(key=lambda a: (-a.furthest, a.struck))  # of equals, the earliest step of entry
        return chosen[:1], found
    counted, number = [], 0
    while number < len(found):
        entry = entry_of(found[number], range(len(steps)) if free else [0])
        if entry is None:
            number += 1
            continue
        attempt = step(found, number, entry, steps, policy)
        counted.append(attempt)
        if policy["counting"] == "customers":
            break
        number = attempt.end
        # An event that fills a step cannot begin the next attempt as well.
        while number < len(found) and any(found[number].place == found[at].place for _, at in attempt.visits):
            number += 1
    return counted, found


def outcome(events, steps, policy):
    """Visits of the one attempt that counts, as step, place and time; and whether the customer is left out."""
    counted, found = attempts(events, steps, policy)
    if not counted or counted[0].struck:
        return [], bool(counted)
    return [(k, found[at].place, found[at].time) for k, at in counted[0].visits], False
