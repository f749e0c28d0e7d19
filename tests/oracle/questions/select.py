"""Logs made from logs: parts, whole journeys, marks, sessions, runs, names. References from the docs' words, and cases.

A path pattern is matched by Python's `re`, which tries one way after another: every sort of event that the log has is
one letter, every set of events a class of letters, and the rest of the grammar is that of `re` in other signs.

There is no question called `select`: the cases are of `variants` and `summary`, whose logs are made by these methods.
"""

import math
import re
from dataclasses import replace

from builders import ONE, W, case, paths, rows
from files import LOGS, SESSIONS
from oracle import began, condition, log_method, micros, utf8

# ------------------------------------------------------------------------------------------------- the methods

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def length(value):
    """Microseconds of a number of seconds, or of a text such as `1h 30m`."""
    if isinstance(value, str):
        value = sum(int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+)\s*([smhdw])", value))
    return round(value * 10**6)


@log_method
def select(log, start_at=(), end_at=(), first=None, last=None, **conditions):
    kept = {}
    keep = condition(conditions)
    for journey, events in log.items():
        names = [event.touchpoint for event in events]
        if start_at:
            starts = [place for place, name in enumerate(names) if name in start_at]
            if not starts:
                continue
            events, names = events[starts[0]:], names[starts[0]:]
        if end_at:
            ends = [place for place, name in enumerate(names) if name in end_at and not (start_at and place == 0)]
            if not ends:
                continue
            events = events[:ends[0] + 1]
        events = [event for event in events if keep(event)]
        if first is not None or last is not None:
            count = len(events)
            events = [event for place, event in enumerate(events)
                      if place < (first or 0) or place >= count - (last or 0)]
        if events:
            kept[journey] = events
    return kept


def meant(log, with_path=None, without_path=None, with_event=None, without_event=None, started_since=None,
          started_until=None, min_events=0, max_events=math.inf, min_duration=None, max_duration=None):
    """The ids of the journeys that meet every condition."""
    follows, avoids = Pattern(log, with_path), Pattern(log, without_path)
    ids = set()
    for journey, events in log.items():
        lasts = max(e.time for e in events) - min(e.time if e.start is None else e.start for e in events)
        if ((with_path is None or follows.found(events))
                and (without_path is None or not avoids.found(events))
                and (with_event is None or any(map(condition(with_event), events)))
                and (without_event is None or not any(map(condition(without_event), events)))
                and (started_since is None or began(events) >= micros(started_since))
                and (started_until is None or began(events) < micros(started_until))
                and min_events <= len(events) <= max_events
                and (min_duration is None or lasts >= length(min_duration))
                and (max_duration is None or lasts <= length(max_duration))):
            ids.add(journey)
    return ids


@log_method
def select_journeys(log, **journeys):
    ids = meant(log, **journeys)
    return {journey: events for journey, events in log.items() if journey in ids}


@log_method
def mark(log, name, journeys, yes="yes", no="no"):
    ids = meant(log, **journeys)
    return {journey: [replace(event, attributes={**event.attributes, name: yes if journey in ids else no})
                      for event in events]
            for journey, events in log.items()}


@log_method
def split_sessions(log, gap, attribute="journey"):
    sessions = {}
    for journey, events in log.items():
        number, before = 0, None
        for event in events:
            begins = event.time if event.start is None else event.start
            if before is None or begins - before > length(gap):
                number += 1
            before = event.time
            session = f"{journey}#{number}"
            sessions.setdefault(session, []).append(
                replace(event, journey=session, attributes={**event.attributes, attribute: journey}))
    return sessions


@log_method
def collapse_repeats(log):
    collapsed = {}
    for journey, events in log.items():
        runs = []
        for event in events:
            if runs and runs[-1][-1].touchpoint == event.touchpoint:
                runs[-1].append(event)
            else:
                runs.append([event])
        collapsed[journey] = [run[0] if len(run) == 1 else as_one(run) for run in runs]
    return collapsed


def as_one(run):
    def known(values):
        return [value for value in values if value is not None]

    scores, told = known(event.score for event in run), known(event.feedback for event in run)
    return replace(
        run[0], time=run[-1].time,
        start=min(event.time if event.start is None else event.start for event in run),
        channel=next(iter(known(event.channel for event in run)), None),
        score=sum(scores) / len(scores) if scores else None,
        feedback=sum(told) / len(told) if told else None,
        attributes={name: next(iter(known(event.attributes[name] for event in run)), None)
                    for name in run[0].attributes})


@log_method
def rename(log, names):
    return {journey: [replace(event, touchpoint=names.get(event.touchpoint, event.touchpoint)) for event in events]
            for journey, events in log.items()}


# ----------------------------------------------------------------------------------------------- path patterns

TOKEN = re.compile(r"""\s*(?:
    (?P<later>->>) | (?P<arrow>->) | (?P<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`)
    | (?P<repeat>[*+?]|\{[\d\s,]*\}) | (?P<sign>[()|&,:\[\]^])
    | (?P<word>(?:(?!->)[^\s()|&,:\[\]^*+?{}"`])+))""", re.VERBOSE)


class Pattern:
    def __init__(self, log, text):
        if text is None:
            return
        sorts = {self.sort(event) for events in log.values() for event in events}
        self.letters = {sort: chr(0xE000 + number) for number, sort in enumerate(sorted(sorts, key=repr))}
        self.tokens = [(match.lastgroup, match[match.lastgroup]) for match in TOKEN.finditer(text.strip())]
        expression = ""
        while self.tokens:
            expression += self.translated()
        self.expression = re.compile(expression, re.DOTALL)

    def sort(self, event):
        return event.touchpoint, event.channel, tuple(sorted(event.attributes.items()))

    def found(self, events):
        return self.expression.search("".join(self.letters[self.sort(event)] for event in events)) is not None

    def next_is(self, text):
        if self.tokens and self.tokens[0] == ("sign", text):
            return self.tokens.pop(0)
        return None

    def translated(self):
        """The next piece of the pattern as a piece of a regular expression."""
        kind, text = self.tokens.pop(0)
        if kind == "arrow":
            return ""
        if kind == "later":
            return ".*"
        if kind == "repeat":
            return re.sub(r"\s", "", text)
        if (kind, text) == ("sign", "("):
            return "(?:"
        if (kind, text) == ("sign", "["):
            negated, letters = self.next_is("^"), set()
            while not self.next_is("]"):
                if not self.next_is(","):
                    kind, text = self.tokens.pop(0)
                    letters |= set(self.letters.values()) if text in (".", "any") else self.tested(kind, text)
            return self.one_of(set(self.letters.values()) - letters if negated else letters)
        if kind == "sign":
            return text
        alone = kind == "word" and self.tokens[:1] != [("sign", ":")]
        if alone and text in ("start", "end", "any", "."):
            return {"start": r"\A", "end": r"\Z"}.get(text, ".")
        return self.one_of(self.tested(kind, text))

    def one_of(self, letters):
        return "[" + "".join(sorted(letters)) + "]" if letters else "(?!)"

    def tested(self, kind, text):
        """The letters of the events that pass tests joined by `&`."""
        column, name = (kind, "touchpoint"), self.unquoted(kind, text)
        if self.next_is(":"):
            column = (kind, name)
            name = self.unquoted(*self.tokens.pop(0))
        found = {letter for (touchpoint, channel, attributes), letter in self.letters.items()
                 if name == {("word", "touchpoint"): touchpoint, ("word", "channel"): channel,
                             ("quoted", "touchpoint"): touchpoint}.get(column, dict(attributes).get(column[1]))}
        if self.next_is("&"):
            found &= self.tested(*self.tokens.pop(0))
        return found

    def unquoted(self, kind, text):
        return text[1:-1].replace(text[0] * 2, text[0]) if kind == "quoted" else text


# ------------------------------------------------------------------------------------------------------- cases

def then(log, method, *args, **options):
    """The log with one more step."""
    step = {"method": method, **({"args": list(args)} if args else {}), **({"options": options} if options else {})}
    return {**log, "then": [*log.get("then", []), step]}


def found(*journeys):
    """The variants that a report must list, each taken once, by name."""
    order = sorted((path.split() for path in journeys), key=lambda path: [utf8(name) for name in path])
    return {"journeys": len(order), "rows": [{"touchpoints": path} for path in order]}


ROUNDS = paths("visit cart ship pay", "visit cart ship cart ship pay", "visit cart ship cart", "cart visit",
               "visit pay")
for _name, _why, _pattern, _journeys in [
    ("a pattern is found anywhere in a journey", "cart directly after ship: the second and the third journey",
     "ship -> cart", ["visit cart ship cart ship pay", "visit cart ship cart"]),
    ("what leaves a cart and never pays", "after some cart no pay up to the end: the third and the fourth",
     "cart -> [^pay]* -> end", ["visit cart ship cart", "cart visit"]),
    ("the start of a journey is a place", "only the fourth begins with the cart", "start -> cart", ["cart visit"]),
    ("sooner or later is not directly", "cart, and pay at any time after it", "cart ->> pay",
     ["visit cart ship pay", "visit cart ship cart ship pay"]),
    ("a group repeats as a whole", "once and twice round, then pay", "start -> visit -> (cart -> ship)+ -> pay -> end",
     ["visit cart ship pay", "visit cart ship cart ship pay"]),
    ("a group repeats as often as it says", "twice round", "visit -> (cart -> ship){2} -> pay",
     ["visit cart ship cart ship pay"]),
    ("an alternative is one or the other", "visit with pay or the end after it",
     "visit -> pay | visit -> end", ["cart visit", "visit pay"]),
    ("a set is one event", "cart or visit, then neither of ship and visit", "[cart visit] -> [^ship, visit]",
     ["visit cart ship pay", "visit cart ship cart ship pay", "visit cart ship cart", "visit pay"]),
    ("a whole path", "exactly this", "start -> visit -> any? -> pay -> end", ["visit pay"]),
]:
    case("variants", f"select_journeys: {_name}", W + _why, then(ROUNDS, "select_journeys", with_path=_pattern),
         hand=found(*_journeys), fields=["journeys", "rows"])
case("variants", "select_journeys: journeys that a pattern is not in", W + "nobody who comes back from ship to cart",
     then(ROUNDS, "select_journeys", without_path="ship -> cart"), fields=["journeys", "rows"],
     hand=found("visit cart ship pay", "cart visit", "visit pay"))
case("variants", "select_journeys: journeys with and without events, of some length",
     W + "those with a cart and without a pay are the third (4 events) and the fourth (2)",
     then(ROUNDS, "select_journeys", with_event={"touchpoints": ["cart"]}, without_event={"touchpoints": ["pay"]},
          min_events=3), fields=["journeys", "rows"], hand=found("visit cart ship cart"))
case("variants", "select_journeys: journeys by how long they take", W + "an event a minute: 3 minutes are 4 events",
     then(ROUNDS, "select_journeys", min_duration="3m", max_duration=180), fields=["journeys", "rows"],
     hand=found("visit cart ship pay", "visit cart ship cart"))
case("summary", "select_journeys: journeys by when they started",
     "ann started at 10:00 and bob at 11:00; ann's event at 11:30 stays with her",
     then(rows("ann,visit,@10:00", "bob,visit,@11:00", "ann,pay,@11:30"), "select_journeys",
          started_since="2024-03-13 10:00", started_until="2024-03-13 11:00"),
     hand={"events": 2, "journeys": 1, "last": "2024-03-13T11:30:00Z"}, fields=["events", "journeys", "last"])
COLUMNS = rows("a,cart,@10:00,web,gold", "a,pay,@10:01,shop,gold", "b,cart,@10:00,shop,", "b,pay,@10:01,web,",
               "c,cart,@10:00,,new", "c,pay,@10:01,web,new", header="journey,touchpoint,time,channel,plan",
               options={"channel": "channel", "attributes": ["plan"]})
for _name, _why, _pattern, _ids in [
    ("an event by its channel", "from the web to the shop: a", "channel:web -> channel:shop", 1),
    ("an event by an attribute", "gold: a, in quotes or not", 'plan:gold -> "plan":"gold"', 1),
    ("an event by two columns", "a cart in the shop: b", "cart & channel:shop", 1),
    ("no value is none of those named", "not on the web, then pay on the web: b and c",
     "[^channel:web] -> pay & channel:web", 2),
    ("sets of two columns", "a new customer or the shop first: b and c", "start -> [plan:new, channel:shop]", 2),
]:
    case("summary", f"select_journeys: {_name}", _why, then(COLUMNS, "select_journeys", with_path=_pattern),
         hand={"journeys": _ids}, fields=["events", "journeys", "channels", "attributes"])
NAMES = rows('j,add to cart,@10:00', 'j,"say ""hi""",@10:01', 'j,Über uns,@10:02', 'j,start,@10:03', 'j,😀,@10:04',
             'j,index.html,@10:05', 'j,e-mail,@10:06')
case("variants", "select_journeys: names of any sort, in quotes where they need them",
     W + "the whole journey, name by name; start in quotes is a touchpoint",
     then(NAMES, "select_journeys", with_path='start -> `add to cart` -> "say ""hi""" -> "Über uns"->"start" -> 😀'
                                              ' -> index.html->e-mail -> end'),
     hand={"journeys": 1}, fields=["journeys", "variants"])
for _name, _pattern, _error in [
    ("a typo in a name", "crat -> pay", "unknown_touchpoint"), ("a typo in a column", "chanel:web", "invalid_option"),
    ("a channel that the log has not", "channel:web", "invalid_option"),
    ("an arrow to nowhere", "cart ->", "invalid_option"),
    ("a group that is not closed", "(cart -> pay", "invalid_option"), ("an empty pattern", " ", "invalid_option"),
    ("two names without an arrow", "cart pay", "invalid_option"), ("a repeat of nothing", "* -> pay", "invalid_option"),
    ("a pattern without bounds", "((cart{99}){99}){99}", "invalid_option"),
    ("a group in a group, and so on", "(" * 1000 + "cart" + ")" * 1000, "invalid_option"),
]:
    case("variants", f"select_journeys: {_name} is refused",
         "the pattern cannot be read, or names what the log has not",
         then(ROUNDS, "select_journeys", with_path=_pattern), error=_error)
case("variants", "select_journeys: a condition that does not exist is refused", "it is called `with_path`",
     then(ROUNDS, "select_journeys", path="cart"), error="invalid_option")
case("variants", "select_journeys: an empty log knows no names", W + "no journey, and no name that could be wrong",
     then(rows(), "select_journeys", with_path="cart -> channel:web"), hand={"journeys": 0})

case("variants", "select: from one touchpoint to the next other one",
     W + "from the first cart to the first pay after it: the first two journeys have both",
     then(ROUNDS, "select", start_at=["cart"], end_at=["pay"]), fields=["journeys", "rows"],
     hand=found("cart ship pay", "cart ship cart ship pay"))
case("variants", "select: from a touchpoint to the same one again", W + "cart to cart: journeys two and three",
     then(ROUNDS, "select", start_at=["cart"], end_at=["cart"]), fields=["journeys", "rows"],
     hand={"journeys": 2, "rows": [{"touchpoints": ["cart", "ship", "cart"], "coverage": {"n": 2}}]})
case("variants", "select: up to a touchpoint", W + "up to the first ship; who never ships is left out",
     then(ROUNDS, "select", end_at=["ship"]), fields=["journeys", "rows"],
     hand={"journeys": 3, "rows": [{"touchpoints": ["visit", "cart", "ship"], "coverage": {"n": 3}}]})
case("variants", "select: the first and the last event of each journey", W + "visit pay (3), visit cart, cart visit",
     then(ROUNDS, "select", first=1, last=1), fields=["journeys", "rows"],
     hand={"rows": [{"touchpoints": ["visit", "pay"], "coverage": {"n": 3}}, {"touchpoints": ["cart", "visit"]},
                    {"touchpoints": ["visit", "cart"]}]})
case("variants", "select: the last two of those that meet the conditions", W + "of cart and ship, the last two",
     then(ROUNDS, "select", touchpoints=["cart", "ship"], last=2), fields=["journeys", "rows"],
     hand={"journeys": 4, "rows": [{"touchpoints": ["cart", "ship"], "coverage": {"n": 2}}, {"touchpoints": ["cart"]},
                                   {"touchpoints": ["ship", "cart"]}]})
case("variants", "select: an anchor that the log does not have is refused", "`pya` is not in the log",
     then(ROUNDS, "select", end_at=["pya"]), error="unknown_touchpoint")

GAPS = rows("ann,visit,@10:00", "bob,visit,@10:05", "ann,visit,@10:30", "ann,pay,@11:00:01", "ann,visit,@11:20")
case("variants", "split_sessions: a session ends where nothing happens for longer than the gap",
     W + "ann: 30 minutes are not longer than 30 minutes, 30 minutes and a second are; bob: one",
     then(GAPS, "split_sessions", "30m"), fields=["journeys", "rows"],
     hand={"journeys": 3, "rows": [{"touchpoints": ["pay", "visit"]}, {"touchpoints": ["visit"]},
                                   {"touchpoints": ["visit", "visit"]}]})
case("summary", "split_sessions: the journey stays as an attribute",
     "two sessions of ann, chosen by her id; the gap as seconds", then(then(
         GAPS, "split_sessions", 1800, attribute="customer"), "select", attributes={"customer": ["ann"]}),
     hand={"events": 4, "journeys": 2, "attributes": ["customer"]}, fields=["events", "journeys", "attributes"])
case("summary", "split_sessions: what takes time fills the gap",
     "the call begins 10 minutes after the visit and ends an hour after it",
     then(rows("ann,visit,@10:00,", "ann,call,@11:00,@10:10", header="journey,touchpoint,time,start",
               options={"start": "start"}), "split_sessions", "10m"), hand={"journeys": 1},
     fields=["events", "journeys"])
case("summary", "split_sessions: an empty log has no sessions", "nothing to split",
     then(rows(), "split_sessions", "30m"), hand={"journeys": 0}, fields=["events", "journeys"])
for _name, _why, _args, _options in [
    ("a gap that is no length of time", "`soon` is none", ["soon"], {}),
    ("a gap below 0", "time does not run backwards", [-1], {}),
    ("an attribute without a name", "the name is empty", ["30m"], {"attribute": ""}),
]:
    case("summary", f"split_sessions: {_name} is refused", _why, then(GAPS, "split_sessions", *_args, **_options),
         error="invalid_option")
case("summary", "split_sessions: an attribute that is there is refused",
     "the second split would lose the first one's ids",
     then(then(GAPS, "split_sessions", "30m"), "split_sessions", "10m"), error="invalid_option")

REPEATED = rows("ann,visit,@10:00,4,", "ann,visit,@10:02,,web", "ann,visit,@10:04,1,shop", "ann,pay,@10:10,5,shop",
                "bob,pay,@10:10,,", "bob,visit,@10:11,,web", header="journey,touchpoint,time,stars,channel",
                options={"score": "stars", "score_scale": "stars", "channel": "channel"})
case("variants", "collapse_repeats: a run of events is one event", W + "visit pay, and pay visit as it was",
     then(REPEATED, "collapse_repeats"), fields=["journeys", "rows"], hand=found("visit pay", "pay visit"))
case("summary", "collapse_repeats: a run has one time, one score and one channel",
     "three visits become one from 10:00 to 10:04, of the first known channel, web; 4 and 1 star are one score",
     then(REPEATED, "collapse_repeats"), fields=["events", "first", "scored_events", "channels"],
     hand={"events": 4, "first": "2024-03-13T10:00:00Z", "scored_events": 2,
           "channels": [{"channel": "web", "events": 2}, {"channel": "shop", "events": 1}]})
case("summary", "collapse_repeats: a run begins with its first event",
     "a run from 10:00 to 10:04 lasts 4 minutes, and the journey 10: no journey of 11 minutes, one of 10",
     then(then(REPEATED, "collapse_repeats"), "select_journeys", min_duration="10m"), hand={"journeys": 1},
     fields=["events", "journeys"])
case("summary", "collapse_repeats: an empty log has no runs", "nothing to collapse", then(rows(), "collapse_repeats"),
     hand={"events": 0})

case("variants", "rename: several touchpoints become one", W + "cart and ship are checkout",
     then(ROUNDS, "rename", {"cart": "checkout", "ship": "checkout"}), fields=["journeys", "variants"],
     hand={"journeys": 5, "variants": 5})
case("variants", "rename: touchpoints swap their names", W + "all at once, and a pattern knows the new names",
     then(then(ROUNDS, "rename", {"visit": "pay", "pay": "visit"}), "select_journeys",
          with_path="start -> pay -> visit"),
     fields=["journeys", "rows"], hand=found("pay visit"))
case("variants", "rename: names are text, whatever they look like", W + "a journey of one event",
     then(ONE, "rename", {"visit": "__proto__"}), fields=["rows"], hand={"rows": [{"touchpoints": ["__proto__"]}]})
case("variants", "rename: a touchpoint that the log does not have is refused", "`vist` is not in the log",
     then(ROUNDS, "rename", {"vist": "visit"}), error="unknown_touchpoint")
case("variants", "rename: an empty name is refused", "a touchpoint has a name", then(ROUNDS, "rename", {"visit": ""}),
     error="invalid_option")

BACK = {"with_path": "ship -> cart"}
case("variants", "mark: journeys that match are a group of their own",
     W + "journeys two and three come back to the cart",
     then(then(ROUNDS, "mark", "back", BACK), "select", attributes={"back": ["yes"]}), fields=["journeys", "rows"],
     hand=found("visit cart ship cart ship pay", "visit cart ship cart"))
case("variants", "mark: the other journeys are the other group", W + "the values may have other names",
     then(then(ROUNDS, "mark", "way", BACK, yes="round", no="straight"), "select_journeys", with_path="way:straight"),
     fields=["journeys", "rows"], hand=found("visit cart ship pay", "cart visit", "visit pay"))
case("summary", "mark: an empty log stays empty", "nothing to mark", then(rows(), "mark", "back", {}),
     hand={"events": 0}, fields=["events", "journeys"])
for _name, _why, _args, _options in [
    ("an attribute that is there", "its values would be lost", ["plan", {}], {}),
    ("an attribute without a name", "the name is empty", ["", {}], {}),
    ("one value for both groups", "they would be one group", ["x", {}], {"yes": "a", "no": "a"}),
    ("an empty value", "no value is not a value", ["x", {}], {"no": ""}),
    ("a condition that does not exist", "it is called `with_path`", ["x", {"path": "cart"}], {}),
]:
    case("summary", f"mark: {_name} is refused", _why, then(COLUMNS, "mark", *_args, **_options),
         error="invalid_option")

# The e-commerce log, whole.
for _name, _why, _log, _hand in [
    ("back from shipping to the cart", "sessions that go round, found by `re`",
     then(SESSIONS, "select_journeys", with_path="shipping_details -> cart"), {}),
    ("left in the checkout", "sessions that end after a cart without a purchase, found by `re`",
     then(SESSIONS, "select_journeys", with_path="cart -> [^purchase]* -> end"), {}),
    ("customers in sessions",
     "half an hour cuts the journeys of customers into the sessions that the file names: 3,605",
     then(LOGS["ecom"], "split_sessions", "30m"), {"events": 31106, "journeys": 3605}),
    ("one event for each run", "no journey is lost", then(SESSIONS, "collapse_repeats"), {"journeys": 3605}),
]:
    case("summary", f"ecom, {_name}", _why, _log, hand=_hand,
         fields=["events", "journeys", "single_event_journeys", "touchpoints"])
