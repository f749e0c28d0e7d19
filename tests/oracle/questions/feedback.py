"""What customers answered: joined to a log, counted, and how they remember. References from the docs' words, and cases.

Every answer is tried against every event of its customer, one after the other; nothing is indexed. The t and normal
quantiles are SciPy's.
"""

import math

from scipy import stats

from builders import EMPTY, ONE, T1, TWO, W, case, curve, paths, refusals, rows, scored
from files import LOGS, SESSIONS
from oracle import (all_events, cut, log_method, mean_stats, part, question, rfc3339, share, utf8)
from questions.select import length

# ---------------------------------------------------------------------------------------------------- the join


def customer_of(journey, events, attribute):
    if attribute is None:
        return journey
    return next((event.attributes[attribute] for event in events if event.attributes[attribute]), None)


def joined(log, answer, customer=None, window=None):
    """The journey and the event that an answer belongs to, or the reason why there is none."""
    theirs = [(journey, place, event) for journey, events in log.items()
              if customer_of(journey, events, customer) == answer.customer for place, event in enumerate(events)]
    if not theirs:
        return "unknown_customer"
    if answer.touchpoint is not None and all(e.touchpoint != answer.touchpoint for e in all_events(log)):
        return "unknown_touchpoint"
    before = [(journey, place, event) for journey, place, event in theirs if event.time <= answer.time
              and answer.touchpoint in (None, event.touchpoint)]
    if not before:
        return "no_visit_before"
    last = max(before, key=lambda visit: (visit[2].time, utf8(visit[0]), visit[1]))
    if window is not None and answer.time - last[2].time > length(window):
        return "outside_window"
    return last[0], last[2]


@log_method
def with_feedback(log, answers, customer=None, window=None):
    told = {}
    for answer in answers:
        found = joined(log, answer, customer, window)
        if answer.score is not None and not isinstance(found, str):
            told.setdefault(id(found[1]), []).append(answer.experience)
    for event in all_events(log):
        event.feedback = mean_stats(told[id(event)], 0.95)[1] if id(event) in told else None
    return log


# ----------------------------------------------------------------------------------------------- the questions

REASONS = ["unknown_customer", "unknown_touchpoint", "no_visit_before", "outside_window"]


@question
def match_feedback(log, answers, customer=None, window=None, limit=5):
    found = [joined(log, answer, customer, window) for answer in answers]
    hits = [(answer, visit) for answer, visit in zip(answers, found) if not isinstance(visit, str)]
    unmatched = []
    for reason in REASONS:
        missed = [{"record": record, "customer": answer.customer, "touchpoint": answer.touchpoint,
                   "time": rfc3339(answer.time)}
                  for record, (answer, visit) in enumerate(zip(answers, found), 1) if visit == reason]
        if missed:
            shown, left_out = cut(missed, limit)
            unmatched.append({"reason": reason, "answers": len(missed), "examples": shown,
                              "examples_left_out": left_out})
    unmatched.sort(key=lambda row: -row["answers"])
    named = sum(answer.touchpoint is not None for answer, _ in hits)
    return {"answers": len(answers), "scored_answers": sum(answer.score is not None for answer in answers),
            "matched": part(len(hits), len(answers)), "by_touchpoint": named, "by_time": len(hits) - named,
            "events": len({id(visit[1]) for _, visit in hits}),
            "journeys": part(len({visit[0] for _, visit in hits}), len(log)), "unmatched": unmatched}


def mean_of(values, confidence):
    n, mean, _, low, high = mean_stats(values, confidence)
    return {"n": n, "mean": mean, "low": low, "high": high}


def net_promoters(scores, confidence):
    n, promoters = len(scores), sum(score >= 9 for score in scores)
    detractors = sum(score <= 6 for score in scores)
    p, d = promoters / n, detractors / n
    alike = n in (promoters, detractors, n - promoters - detractors)
    error = None if alike else math.sqrt((p + d - (p - d) ** 2) / n)
    z = float(stats.norm.ppf((1 + confidence) / 2))
    return {"n": n, "promoters": promoters, "passives": n - promoters - detractors, "detractors": detractors,
            "nps": p - d, "standard_error": error, "low": None if alike else max(p - d - z * error, -1.0),
            "high": None if alike else min(p - d + z * error, 1.0)}


def scores_of(answers, confidence):
    on = {scale: [answer.score for answer in answers if answer.scale == scale] for scale in ("nps", "csat", "ces")}
    return {"answers": len(answers), "experience": mean_of([answer.experience for answer in answers], confidence),
            "nps": net_promoters(on["nps"], confidence) if on["nps"] else None,
            "csat": share(sum(score >= 4 for score in on["csat"]), len(on["csat"]), confidence) if on["csat"] else None,
            "ces": mean_of(on["ces"], confidence) if on["ces"] else None}


@question
def satisfaction(log, answers, by="touchpoint", attribute=None, customer=None, window=None, limit=None,
                 confidence=0.95):
    scored_answers = [answer for answer in answers if answer.score is not None]
    unmatched, without, groups = 0, 0, {}
    for answer in scored_answers:
        found = joined(log, answer, customer, window)
        if isinstance(found, str):
            unmatched += 1
            continue
        journey, event = found
        value = {"touchpoint": lambda: event.touchpoint, "channel": lambda: event.channel,
                 "attribute": lambda: event.attributes[attribute],
                 "segment": lambda: customer_of(journey, log[journey], attribute)}[by]()
        if value is None:
            without += 1
        else:
            groups.setdefault(value, []).append(answer)
    order = sorted(groups, key=lambda value: (-len(groups[value]), utf8(value)))
    shown, left_out = cut([{"value": value, "scores": scores_of(groups[value], confidence)} for value in order], limit)
    return {"by": by, "overall": scores_of(scored_answers, confidence),
            "unscored_answers": len(answers) - len(scored_answers), "unmatched_answers": unmatched,
            "without_value": without, "rows": shown, "rows_left_out": left_out}


def spread(values, confidence):
    """The quantiles by their definition: at the place q (n - 1) between the ordered values."""
    n, mean, _, low, high = mean_stats(values, confidence)
    ordered = sorted(values)

    def quantile(q):
        place = q * (n - 1)
        below = math.floor(place)
        above = min(below + 1, n - 1)
        return ordered[below] + (ordered[above] - ordered[below]) * (place - below) if n else None

    return {"n": n, "mean": mean, "low": low, "high": high, "min": quantile(0), "lower_quartile": quantile(0.25),
            "median": quantile(0.5), "upper_quartile": quantile(0.75), "max": quantile(1)}


@question
def peak_end_score(log, peak="extreme", limit=10, confidence=0.95):
    journeys = []
    for journey, events in log.items():
        steps = []
        for event in events:
            said = [score for score in (event.score, event.feedback) if score is not None]
            if said:
                steps.append((sum(said) / len(said), event.touchpoint))
        if not steps:
            continue
        heights = [round(abs(y) if peak == "extreme" else -y, 9) for y, _ in steps]
        at = len(steps) - 1 - heights[::-1].index(max(heights))
        y = [score for score, _ in steps]
        journeys.append({
            "journey": journey, "peak_end": (y[at] + y[-1]) / 2, "peak": y[at], "peak_touchpoint": steps[at][1],
            "end": y[-1], "end_touchpoint": steps[-1][1], "mean": mean_stats(y, confidence)[1], "lowest": min(y),
            "scored_steps": len(y), "below_neutral": sum(round(score, 9) < 0 for score in y)})
    ranked = sorted(journeys, key=lambda row: (round(row["peak_end"], 9), utf8(row["journey"])))
    shown, left_out = cut(ranked, limit)
    return {"peak": peak, "scored_journeys": part(len(journeys), len(log)),
            "n_events": sum(event.score is not None for event in all_events(log)),
            "n_feedback": sum(event.feedback is not None for event in all_events(log)),
            "below_neutral": part(sum(row["below_neutral"] for row in journeys),
                                  sum(row["scored_steps"] for row in journeys)),
            "mostly_below_neutral": share(sum(2 * row["below_neutral"] > row["scored_steps"] for row in journeys),
                                          len(journeys), confidence),
            **{name: spread([row[name] for row in journeys], confidence) for name in ("peak_end", "mean", "lowest")},
            "worst": shown, "worst_left_out": left_out}


# --------------------------------------------------------------------------------------------------- the cases

def answers(*lines, header="customer,about,time,scale,score", **options):
    """Feedback of rows such as `ann,pay,@10:05,nps,9`, all on one day."""
    table = rows(*lines, header=header)
    return {"csv": table["csv"], "options": {"touchpoint": "about", "scale": "scale", **options}}


STARS = {"file": "ecom-synthetic-feedback/feedback.csv",
         "options": {"customer": "user_id", "touchpoint": "event", "time": "timestamp", "score": "stars",
                     "score_scale": "stars"}}
UNTOLD = {"csv": "customer,time,score\n"}
VISITS = rows("ann,visit,@10:00", "ann,pay,@10:10", "ann,visit,@10:20", "bob,visit,@10:05", "😀,Über uns,@10:00")

case("match_feedback", "nobody answered", "no answer, no reason; of three journeys none has an answer", VISITS,
     feedback=UNTOLD, hand={"answers": 0, "matched": {"n": 0, "of": 0, "share": None}, "unmatched": [],
                            "journeys": {"n": 0, "of": 3, "share": 0.0}})
case("match_feedback", "an empty log has no customers", "the one answer is nobody's", EMPTY,
     feedback=answers("ann,,@10:00,,"),
     hand={"matched": {"n": 0, "of": 1, "share": 0.0}, "journeys": {"n": 0, "of": 0, "share": None},
           "unmatched": [{"reason": "unknown_customer", "answers": 1, "examples_left_out": 0,
                          "examples": [{"record": 1, "customer": "ann", "touchpoint": None,
                                        "time": "2024-03-13T10:00:00Z"}]}]})
case("match_feedback", "each way to belong and each reason not to",
     "ann at 10:15 belongs to pay by time; her answer about visit at 10:15 to the first visit, that at 10:20 to the "
     "second, since the same time is not before; the emoji's to its only event. eve is nobody; nobody was at the chat; "
     "ann was not at pay by 10:09; nor anywhere at 09:59; at 11:00 her last event is 40 minutes old, of 30 allowed",
     VISITS, options={"window": "30m"},
     feedback=answers("ann,,@10:15,nps,9", "ann,visit,@10:15,nps,8", "ann,visit,@10:20,,", "😀,,@10:30,nps,0",
                      "eve,,@10:15,nps,9", "ann,chat,@10:15,nps,9", "ann,pay,@10:09,nps,9", "ann,,@09:59,nps,9",
                      "ann,,@11:00,nps,9"),
     hand={"answers": 9, "scored_answers": 8, "matched": {"n": 4, "of": 9}, "by_touchpoint": 2, "by_time": 2,
           "events": 4, "journeys": {"n": 2, "of": 3},
           "unmatched": [{"reason": "no_visit_before", "answers": 2, "examples": [{"record": 7}, {"record": 8}]},
                         {"reason": "unknown_customer", "answers": 1}, {"reason": "unknown_touchpoint", "answers": 1},
                         {"reason": "outside_window", "answers": 1}]})
case("match_feedback", "the window holds its end, and examples have a limit",
     "30 minutes after 10:20 is 10:50: inside; a minute later three answers are outside, one of them shown", VISITS,
     options={"window": 1800, "limit": 1},
     feedback=answers("ann,,@10:50,,", "ann,,@10:51,,", "ann,visit,@10:51,,", "ann,,@10:52,,"),
     hand={"matched": {"n": 1, "of": 4},
           "unmatched": [{"answers": 3, "examples": [{"record": 2}], "examples_left_out": 2}]})
case("match_feedback", "a customer has many sessions",
     "sessions cut after nine minutes, their customers in the attribute `journey`: all of ann's are looked at", {
         **VISITS, "then": [{"method": "split_sessions", "args": ["9m"]}]}, options={"customer": "journey"},
     feedback=answers("ann,,@10:15,,", "ann,visit,@10:19,,", "ann#1,,@10:19,,"),
     hand={"matched": {"n": 2, "of": 3}, "journeys": {"n": 2, "of": 5},
           "unmatched": [{"reason": "unknown_customer", "answers": 1}]})
TIED = rows("s2,ann,a,@10:00", "s1,ann,b,@10:00", "s3,bob,c,@09:00", header="journey,who,touchpoint,time",
            options={"attributes": ["who"]})
case("satisfaction", "of sessions with events at one time the last by id counts",
     "a of s2 and b of s1 are at 10:00; s2 stands behind s1, so the answer is about a", TIED,
     options={"customer": "who"}, feedback=answers("ann,,@10:30,csat,5"), hand={"rows": [{"value": "a"}]})
case("match_feedback", "an attribute that the log does not have is refused", "the log has no attribute `who`", ONE,
     options={"customer": "who"}, feedback=UNTOLD, error="invalid_option")
for name, row in {"a score outside its scale": "ann,,@10:00,csat,6", "a scale that nobody knows": "ann,,@10:00,npss,6",
                  "a customer that is empty": ",,@10:00,nps,6", "a time that is none": "ann,,soon,nps,6",
                  "a row that is too short": "ann,,@10:00"}.items():
    case("match_feedback", f"{name} is refused", "a row that cannot be read is an error, and not an answer less", ONE,
         feedback=answers(row), error="invalid_log")
case("match_feedback", "the synthetic ratings of ecom each belong to the event they were drawn for",
     "every rating has the customer, the touchpoint and the time of an event", LOGS["ecom"], feedback=STARS,
     hand={"unmatched": [], "by_time": 0, "matched": {"share": 1.0}})
case("match_feedback", "the synthetic ratings of ecom by session",
     "the same log by sessions that carry the customer; without the touchpoint, by time alone",
     {**SESSIONS, "options": {**SESSIONS["options"], "attributes": ["user_id"]}},
     feedback={**STARS, "options": {k: v for k, v in STARS["options"].items() if k != "touchpoint"}},
     options={"customer": "user_id"}, hand={"unmatched": [], "by_touchpoint": 0, "matched": {"share": 1.0}})

MANY = rows(*(f"c{n},pay,@10:00" for n in range(10)))
case("satisfaction", "net promoters of ten answers",
     "5 promoters, 3 passives, 2 detractors: 0.5 - 0.2 = 0.3, standard error sqrt((0.7 - 0.09) / 10) = sqrt(0.061)",
     MANY, feedback=answers(*(f"c{n},,@11:00,nps,{score}" for n, score in
                              enumerate([10, 10, 9, 9, 9, 8, 7, 7, 6, 0]))),
     hand={"rows": [{"value": "pay", "scores": {"nps": {
         "n": 10, "promoters": 5, "passives": 3, "detractors": 2, "nps": 0.3,
         "standard_error": math.sqrt(0.061)}, "csat": None, "ces": None}}], "unmatched_answers": 0})
case("satisfaction", "each figure comes from the answers on its scale",
     W + "csat 5, 4, 3: 2 of 3 in the top two boxes. ces 2 and 6: mean 4, sample deviation 2 sqrt(2), so 4 ± 2 t. nps "
     "0 and 10: 0, standard error sqrt(1 / 2). The stars count in the mean of all alone: -2..2 of 5, 4, 3 is 2, 1, 0; "
     "of 2 and 6 -4/3 and 4/3; of 0 and 10 -2 and 2; of one star -2: the sum is 1 of 8",
     MANY, feedback=answers("c1,,@11:00,csat,5", "c2,,@11:00,csat,4", "c3,,@11:00,csat,3", "c4,,@11:00,ces,2",
                            "c5,,@11:00,ces,6", "c6,,@11:00,nps,0", "c7,,@11:00,nps,10", "c8,,@11:00,stars,1",
                            "c9,,@11:00,nps,"),
     hand={"unscored_answers": 1, "overall": {
         "answers": 8, "experience": {"n": 8, "mean": 0.125}, "csat": {"n": 2, "of": 3},
         "ces": {"n": 2, "mean": 4.0, "low": 4 - 2 * T1, "high": 4 + 2 * T1},
         "nps": {"n": 2, "nps": 0.0, "standard_error": math.sqrt(0.5), "low": -1.0, "high": 1.0}}})
case("satisfaction", "answers that are all alike have no interval",
     "three promoters: a standard error of 0 would say that the fourth is one as well", MANY,
     feedback=answers("c1,,@11:00,nps,10", "c2,,@11:00,nps,9", "c3,,@11:00,nps,9.5"),
     hand={"overall": {"nps": {"nps": 1.0, "standard_error": None, "low": None, "high": None}}})
case("satisfaction", "nine and six are the borders, and what lies between is passive",
     "8.9 and 6.1 are passive", MANY,
     feedback=answers("c1,,@11:00,nps,9", "c2,,@11:00,nps,8.9", "c3,,@11:00,nps,6.1", "c4,,@11:00,nps,6"),
     hand={"overall": {"nps": {"promoters": 1, "passives": 2, "detractors": 1}}})
PLACES = rows("ann,web,search,pro,@10:00,visit", "ann,app,buy,,@10:10,pay", "bob,,,,@10:00,visit",
              "bob,app,buy,free,@10:10,pay", "cyd,web,search,,@10:00,visit",
              header="journey,channel,stage,plan,time,touchpoint",
              options={"channel": "channel", "attributes": ["stage", "plan"]})
TOLD = answers("ann,visit,@11:00,csat,2", "ann,pay,@11:00,csat,5", "bob,visit,@11:00,csat,4", "bob,pay,@11:00,csat,5",
               "cyd,,@11:00,csat,1", "eve,,@11:00,csat,3")
for by, attribute, without, groups in [
        ("touchpoint", None, 0, [("visit", 1, 3), ("pay", 2, 2)]),
        ("channel", None, 1, [("app", 2, 2), ("web", 0, 2)]),
        ("attribute", "stage", 1, [("buy", 2, 2), ("search", 0, 2)]),
        ("attribute", "plan", 3, [("free", 1, 1), ("pro", 0, 1)]),
        ("segment", "plan", 1, [("free", 2, 2), ("pro", 1, 2)])]:
    case("satisfaction", f"groups by {by}{f' {attribute}' if attribute else ''}",
         W + "Answers of 4 and 5 count as satisfied. eve is nobody's; cyd's journey has no plan, bob's visit has no "
         "channel and no stage, and ann's plan is only known at her visit: at the payment only for her segment", PLACES,
         options={"by": by, **({"attribute": attribute} if attribute else {})}, feedback=TOLD,
         hand={"unmatched_answers": 1, "without_value": without, "overall": {"csat": {"n": 3, "of": 6}},
               "rows": [{"value": value, "scores": {"csat": {"n": n, "of": of}}} for value, n, of in groups]})
case("satisfaction", "the limit cuts groups and says so", "two touchpoints have answers, one is shown", PLACES,
     options={"limit": 1}, feedback=TOLD, hand={"rows": [{"value": "visit"}], "rows_left_out": 1})
case("satisfaction", "nobody answered", "no answer has no figure", TWO, feedback=UNTOLD,
     hand={"rows": [], "overall": {"answers": 0, "nps": None, "csat": None, "ces": None,
                                   "experience": {"n": 0, "mean": None}}})
for name, options in {"an attribute without its grouping": {"attribute": "plan"},
                      "a grouping without its attribute": {"by": "segment"},
                      "an attribute that the log has not": {"by": "attribute", "attribute": "plans"},
                      "a confidence of 1": {"confidence": 1.0}, "a window before now": {"window": "-3d"},
                      "a grouping that nobody knows": {"by": "stages"}}.items():
    case("satisfaction", f"{name} is refused", "it is outside what the option's documentation allows", PLACES,
         options=options, feedback=TOLD, error="invalid_option")
case("satisfaction", "the synthetic ratings of ecom", "the whole file, read as CSAT; three touchpoints are shown",
     LOGS["ecom"], options={"limit": 3},
     feedback={**STARS, "options": {**STARS["options"], "score_scale": "csat"}})

FELT = rows("ann,a,@10:00,1", "ann,b,@10:01,-2", "ann,c,@10:02,0", "ann,d,@10:03,", "ann,e,@10:04,1",
            "bob,a,@10:00,2", "bob,b,@10:01,-2", "cyd,a,@10:00,", header="journey,touchpoint,time,score",
            options={"score": "score"})
case("peak_end_score", "peak and end, not the mean",
     W + "ann: 1, -2, 0, 1: peak -2 at b, end 1 at e: -0.5, where the mean is 0. bob: 2, -2: as far from neutral, the "
     "later counts: -2 and -2. cyd has no score. Mean of -0.5 and -2: -1.25 ± 0.75 t. Below neutral: 2 of 6 steps; no "
     "journey has more than half of its steps there",
     FELT,
     hand={"scored_journeys": {"n": 2, "of": 3}, "n_events": 6, "n_feedback": 0, "below_neutral": {"n": 2, "of": 6},
           "mostly_below_neutral": {"n": 0, "of": 2},
           "peak_end": {"n": 2, "mean": -1.25, "low": -1.25 - 0.75 * T1, "high": -1.25 + 0.75 * T1, "min": -2.0,
                        "median": -1.25, "max": -0.5},
           "mean": {"mean": 0.0, "min": 0.0, "max": 0.0}, "lowest": {"mean": -2.0},
           "worst": [{"journey": "bob", "peak_end": -2.0, "peak": -2.0, "peak_touchpoint": "b", "end": -2.0,
                      "scored_steps": 2, "below_neutral": 1},
                     {"journey": "ann", "peak_end": -0.5, "peak_touchpoint": "b", "end_touchpoint": "e", "mean": 0.0,
                      "lowest": -2.0, "scored_steps": 4}]})
case("peak_end_score", "the peak may be the lowest score",
     "good: 2, 0.5, 1: peak 2, the lowest 0.5: (0.5 + 1) / 2",
     rows("good,a,@10:00,2", "good,b,@10:01,0.5", "good,c,@10:02,1", header="journey,touchpoint,time,score",
          options={"score": "score"}),
     options={"peak": "lowest"}, hand={"peak_end": {"mean": 0.75, "low": None}, "worst": [{"peak_touchpoint": "b"}]})
case("peak_end_score", "quartiles lie between the ordered scores",
     "five journeys of one step, -2 to 2: quartiles -1, 0, 1", scored("a -2 -1 0 1 2"),
     hand={"peak_end": {"n": 5, "mean": 0.0, "min": -2.0, "lower_quartile": -1.0, "median": 0.0, "upper_quartile": 1.0,
                        "max": 2.0}, "mostly_below_neutral": {"n": 2, "of": 5}})
case("peak_end_score", "nobody gave a score", "no score, no figure", TWO,
     hand={"scored_journeys": {"n": 0, "of": 2, "share": 0.0}, "peak_end": {"n": 0, "mean": None, "min": None},
           "worst": []})
case("peak_end_score", "an empty log is no error", "nothing to remember", EMPTY,
     hand={"scored_journeys": {"n": 0, "of": 0, "share": None}})
case("peak_end_score", "ties by id, and the limit cuts", "three journeys of one score: the first two by id",
     rows("b,x,@10:00,-1", "😀,x,@10:00,-1", "a,x,@10:00,-1", header="journey,touchpoint,time,score",
          options={"score": "score"}), options={"limit": 2},
     hand={"worst": [{"journey": "a"}, {"journey": "b"}], "worst_left_out": 1})
case("peak_end_score", "rounding does not decide which peak is the later",
     "on -2 to 2 the sentiment -0.3 is -0.6 and 0.3 is 0.6: as far from neutral, the later counts",
     rows("ann,x,@10:00,-0.3", "ann,y,@10:01,0.3", header="journey,touchpoint,time,score",
          options={"score": "score", "score_scale": "sentiment"}), hand={"worst": [{"peak_touchpoint": "y"}]})
case("peak_end_score", "feedback stands beside the scores of events",
     "ann's c was 0 and she answered CSAT 1, which is -2: the step is -1. She answered twice about d, which had no "
     "score: 5 and 3 are 2 and 0, mean 1. Her steps: 1, -2, -1, 1, 1: peak -2, end 1. cyd has only an answer: NPS 10 is 2",
     {**FELT, "then": [{"method": "with_feedback", "feedback": answers(
         "ann,c,@11:00,csat,1", "ann,d,@11:00,csat,5", "ann,,@10:03,csat,3", "cyd,,@11:00,nps,10", "eve,,@11:00,nps,0")}]},
     hand={"n_events": 6, "n_feedback": 3, "scored_journeys": {"n": 3, "of": 3}, "below_neutral": {"n": 3, "of": 8},
           "worst": [{"journey": "bob"}, {"journey": "ann", "peak_end": -0.5, "mean": 0.0, "scored_steps": 5,
                                          "below_neutral": 2}, {"journey": "cyd", "peak_end": 2.0}]})
case("peak_end_score", "feedback follows its events through parts of the log and runs",
     "visits at 1 and 2 with NPS 10 and 0, mean of the run 0; then pay, left out",
     {**paths("visit visit pay"), "then": [
         {"method": "with_feedback", "options": {"window": "1h"}, "feedback": answers(
             "j1,,@10:00,nps,10", "j1,,@10:01,nps,0", "j1,pay,@10:30,nps,0", "j1,pay,@11:03,nps,10")},
         {"method": "select", "options": {"touchpoints": ["visit"]}}, {"method": "collapse_repeats"}]},
     hand={"n_feedback": 1, "peak_end": {"mean": 0.0}})
case("peak_end_score", "feedback does not replace feedback", "a second table would hide the first",
     {**ONE, "then": [{"method": "with_feedback", "feedback": UNTOLD}] * 2}, error="invalid_option")
refusals("peak_end_score", confidence=0.3, peak="deepest", limit=-1)
case("peak_end_score", "how the customers of ecom would remember",
     "the whole file with its synthetic ratings; three journeys are shown",
     {**LOGS["ecom"], "then": [{"method": "with_feedback", "feedback": STARS}]}, options={"limit": 3})

case("emotion_curve", "feedback counts beside the scores of events, and each n says where it is from",
     W + "c: ann's event was 0, her answer CSAT 1 is -2: mean -1 of two, sample deviation sqrt(2). a: 1 and 2 of events. "
     "d: only an answer, NPS 10. b is not on the map: two scored events; e too: one event, and one with an answer",
     {**FELT, "then": [{"method": "with_feedback", "feedback": answers(
         "ann,c,@11:00,csat,1", "ann,d,@11:00,nps,10", "ann,,@11:00,csat,5", "ann,chat,@11:00,csat,5")}]},
     curve("a", "c", "d"),
     hand={"scored_events": 3, "unmapped_scored_events": 3, "feedback_events": 2, "unmapped_feedback_events": 1,
           "steps": [{"n": 2, "n_events": 2, "n_feedback": 0, "measured": 1.5},
                     {"n": 2, "n_events": 1, "n_feedback": 1, "measured": -1.0, "deviation": math.sqrt(2)},
                     {"n": 1, "n_events": 0, "n_feedback": 1, "measured": 2.0}],
           "stages": [{"n": 5, "n_events": 3, "n_feedback": 2, "measured": 0.6}]})


def believed(*touchpoints):
    """A map of touchpoints, each a score and the `n` of its evidence."""
    data = curve(*(f"t{place} {score}" for place, (score, *_) in enumerate(touchpoints)))
    for touchpoint, (_, *counts) in zip(data["touchpoints"], touchpoints):
        touchpoint["evidence"] = [{"kind": "survey", **({"n": n} if n is not None else {})} for n in counts]
    return data


case("emotion_curve", "what is behind an expected score weighs it",
     "2 of 10 and 20 customers, -1 of 90, 0.5 of nobody: (2 * 30 - 90) / 120 = -0.25", None,
     believed((2, 10, 20), (-1, 90, None), (0.5, 0)),
     hand={"stages": [{"expected": -0.25, "expected_n": 120}], "steps": [{"expected_n": 30}, {"expected_n": 90},
                                                                         {"expected_n": 0}]})
case("emotion_curve", "a score without a number behind it makes all weigh the same",
     "2 of 10 customers and -1 of nobody knows how many: 0.5", None, believed((2, 10), (-1, None)),
     hand={"stages": [{"expected": 0.5, "expected_n": None}], "steps": [{"expected_n": 10}, {"expected_n": None}]})
case("emotion_curve", "scores that nobody stands behind are no score of a stage", "all evidence is of 0 customers", None,
     believed((2, 0), (-1, 0)), hand={"stages": [{"expected": None, "expected_n": 0}]})
