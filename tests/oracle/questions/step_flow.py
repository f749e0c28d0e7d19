"""The flow from step to step, journey by journey: every one is followed through all columns, its end included."""

from builders import EMPTY, ODD, ONE, W, case, paths, refusals
from files import SESSIONS
from oracle import question, share, utf8
from questions.drop_offs import OPEN, open_journeys
from questions.step_matrix import FIVE

KINDS = ("touchpoint", "other", "not_started", "open", "ended")


def walk(events, numbers, anchor, occurrence, after):
    """The (kind, touchpoint) of a journey at each step; `None` if it does not come to the anchor so often."""
    names = [event.touchpoint for event in events]
    if anchor is None:
        names = dict(enumerate(names, 1))
    else:
        hits = [place for place, name in enumerate(names) if name == anchor]
        if len(hits) < occurrence:
            return None
        names = {place - hits[occurrence - 1]: name for place, name in enumerate(names)}
    return [("touchpoint", names[number]) if number in names
            else ("not_started" if number < min(names) else after, None) for number in numbers]


@question
def step_flow(log, steps=5, anchor=None, anchor_occurrence=1, steps_before=2, inactive_after=None, limit=10,
              confidence=0.95):
    still_open = open_journeys(log, inactive_after)
    numbers = list(range(1, steps + 1)) if anchor is None else list(range(-steps_before, steps + 1))
    walks = [walk(events, numbers, anchor, anchor_occurrence, "open" if journey in still_open else "ended")
             for journey, events in log.items()]
    walks = [states for states in walks if states is not None]

    for column in range(len(numbers)):
        here = [states[column][1] for states in walks if states[column][0] == "touchpoint"]
        ranked = sorted(set(here), key=lambda name: (-here.count(name), utf8(name)))
        rare = set() if limit is None else set(ranked[limit:])
        for states in walks:
            if states[column][1] in rare:
                states[column] = ("other", frozenset(rare))

    nodes = []
    for column, number in enumerate(numbers):
        here = [states[column] for states in walks]
        for state in sorted(set(here), key=lambda state: (
                KINDS.index(state[0]), -here.count(state), utf8(state[1]) if state[0] == "touchpoint" else b"")):
            nodes.append((column, state, here.count(state)))
    place = {(column, state): at for at, (column, state, _) in enumerate(nodes)}
    taken = {}
    for states in walks:
        for column in range(len(numbers) - 1):
            way = place[column, states[column]], place[column + 1, states[column + 1]]
            taken[way] = taken.get(way, 0) + 1
    stands_for = {"touchpoint": lambda name: 1, "other": len}
    return {"journeys": len(log), "of": len(walks), "steps": numbers,
            "nodes": [{"step": numbers[column], "kind": kind, "touchpoint": what if kind == "touchpoint" else None,
                       "touchpoints": stands_for.get(kind, lambda _: 0)(what), "journeys": n,
                       "share": share(n, len(walks), confidence)} for column, (kind, what), n in nodes],
            "links": [{"source_node": a, "target_node": b, "journeys": taken[a, b],
                       "share": share(taken[a, b], nodes[a][2], confidence)} for a, b in sorted(taken)]}


def node(step, touchpoint, journeys, **more):
    return {"step": step, "kind": "touchpoint", "touchpoint": touchpoint, "journeys": journeys, **more}


def end(step, journeys, kind="ended"):
    return {"step": step, "kind": kind, "touchpoint": None, "touchpoints": 0, "journeys": journeys}


def link(source, target, journeys, of=None):
    return {"source_node": source, "target_node": target, "journeys": journeys} | (
        {"share": {"n": journeys, "of": of, "share": journeys / of}} if of else {})


case("step_flow", "an empty log does not flow", "nothing to count; the steps are those asked for", EMPTY,
     options={"anchor": "pay"},
     hand={"journeys": 0, "of": 0, "steps": [-2, -1, 0, 1, 2, 3, 4, 5], "nodes": [], "links": []})
case("step_flow", "a single event, then the end", W + "who has ended stays there", ONE, options={"steps": 3},
     hand={"of": 1, "nodes": [node(1, "visit", 1, touchpoints=1), end(2, 1), end(3, 1)],
           "links": [link(0, 1, 1, 1), link(1, 2, 1, 1)]})
case("step_flow", "a single step has no links", "there is no second step to go to", ONE, options={"steps": 1},
     hand={"steps": [1], "nodes": [node(1, "visit", 1)], "links": []})
case("step_flow", "five paths of Retentioneering's documentation",
     "the nodes are the figures of METHODS 7; the links are counted by hand: of the three at the catalog at step 2 "
     "(j1, j3, j5) two go to the cart and one to the search, of the two at the search one to the cart, one to "
     "the catalog",
     FIVE, options={"steps": 4},
     hand={"of": 5, "nodes": [
         node(1, "home", 5), node(2, "catalog", 3), node(2, "search", 2),
         node(3, "cart", 3), node(3, "catalog", 1), node(3, "search", 1),
         node(4, "purchase", 2), node(4, "cart", 1), end(4, 2)],
         "links": [link(0, 1, 3, 5), link(0, 2, 2, 5), link(1, 3, 2, 3), link(1, 5, 1, 3), link(2, 3, 1, 2),
                   link(2, 4, 1, 2), link(3, 6, 2, 3), link(3, 8, 1, 3), link(4, 7, 1, 1), link(5, 8, 1, 1)]})
case("step_flow", "what is rare at a step is one node there",
     "At step 2 b (2 journeys) stays; c and d, with one each, are two more. At step 3 c stays by its name; e and f are "
     "two more, and those at c and d go there. Of the two at b one goes on to c, one ends",
     paths("a b c", "a b", "a c e", "a d f"), options={"steps": 3, "limit": 1},
     hand={"nodes": [node(1, "a", 4, touchpoints=1), node(2, "b", 2),
                     {"step": 2, "kind": "other", "touchpoint": None, "touchpoints": 2, "journeys": 2},
                     node(3, "c", 1), {"step": 3, "kind": "other", "touchpoints": 2, "journeys": 2}, end(3, 1)],
           "links": [link(0, 1, 2), link(0, 2, 2), link(1, 3, 1), link(1, 5, 1), link(2, 4, 2)]})
case("step_flow", "no touchpoint by itself", "a limit of 0: who goes on, and who has ended", paths("a b", "c"),
     options={"steps": 2, "limit": 0},
     hand={"nodes": [{"step": 1, "kind": "other", "touchpoints": 2, "journeys": 2},
                     {"step": 2, "kind": "other", "touchpoints": 1, "journeys": 1}, end(2, 1)],
           "links": [link(0, 1, 1), link(0, 2, 1)]})
case("step_flow", "around an anchor",
     "four journeys come to the cart; two steps before it j1, j2 and j3 have just begun, at home, and j4 is at the "
     "search. Three steps before it j4 alone has begun",
     FIVE, options={"anchor": "cart", "steps_before": 3, "steps": 1},
     hand={"journeys": 5, "of": 4, "steps": [-3, -2, -1, 0, 1], "nodes": [
         node(-3, "home", 1), end(-3, 3, "not_started"), node(-2, "home", 3), node(-2, "search", 1),
         node(-1, "catalog", 3), node(-1, "search", 1), node(0, "cart", 4), node(1, "purchase", 2), end(1, 2)],
         "links": [link(0, 3, 1), link(1, 2, 3), link(2, 4, 2), link(2, 5, 1), link(3, 4, 1), link(4, 6, 3),
                   link(5, 6, 1), link(6, 7, 2), link(6, 8, 2)]})
case("step_flow", "long before an anchor nobody has begun",
     "two steps before b nobody has begun, and one of the two begins with it; who has not begun stays so",
     paths("b", "a b a"), options={"anchor": "b", "steps_before": 3, "steps": 1},
     hand={"nodes": [end(-3, 2, "not_started"), end(-2, 2, "not_started"), node(-1, "a", 1), end(-1, 1, "not_started"),
                     node(0, "b", 2), node(1, "a", 1), end(1, 1)],
           "links": [link(0, 1, 2), link(1, 2, 1), link(1, 3, 1), link(2, 4, 1), link(3, 4, 1), link(4, 5, 1),
                     link(4, 6, 1)]})
case("step_flow", "the second visit as the anchor", "only the first journey is at a twice", paths("a b a", "a"),
     options={"anchor": "a", "anchor_occurrence": 2, "steps_before": 1, "steps": 1},
     hand={"of": 1, "nodes": [node(-1, "b", 1), node(0, "a", 1), end(1, 1)]})
case("step_flow", "who may still go on is open, and has not ended",
     "silent for 20 minutes are ann (visit, pay) and bob (visit, cart); open are cyd after one step, dan and "
     "eve after two",
     OPEN, options={"steps": 3, "inactive_after": "20m"},
     hand={"nodes": [node(1, "visit", 4), node(1, "cart", 1), node(2, "pay", 2), node(2, "cart", 1),
                     node(2, "visit", 1), end(2, 1, "open"), end(3, 3, "open"), end(3, 2)]})
case("step_flow", "names are text, whatever they look like",
     "a touchpoint called END is no end, and one called START no start", ODD, options={"steps": 4},
     hand={"nodes": [node(1, "NA", 1), node(1, "null", 1), node(2, "END", 1), node(2, "null", 1),
                     node(3, "__proto__", 1), end(3, 1), node(4, "START", 1), end(4, 1)]})
case("step_flow", "an anchor that the log does not have is refused", "`pay` is not in the log", ONE,
     options={"anchor": "pay"}, error="unknown_touchpoint")
refusals("step_flow", steps=0, steps__2=1001, steps_before=1001, anchor_occurrence=0, confidence=1.0)

case("step_flow", "from the cart of the sessions of ecom", "the whole file, journey by journey", SESSIONS,
     options={"anchor": "cart", "steps": 3, "limit": 5, "inactive_after": "30m"})
