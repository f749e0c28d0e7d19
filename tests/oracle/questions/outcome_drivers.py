"""What goes before an outcome more often than before none: the reference, and its cases."""

import math

import pandas
from scipy import stats

from builders import EMPTY, W, case, paths, refusals, rows
from files import LOGS
from oracle import observed_until, DATA, all_events, cut, question, share, utf8
from two_samples import judge, share_difference

KINDS = ["touchpoint", "transition", "channel", "attribute"]


def factors_of(events, kinds, attributes):
    """Everything that some events show: kind, attribute, factor, target."""
    found = set()
    if "touchpoint" in kinds:
        found |= {("touchpoint", None, event.touchpoint, None) for event in events}
    if "transition" in kinds:
        found |= {("transition", None, a.touchpoint, b.touchpoint) for a, b in zip(events, events[1:])}
    if "channel" in kinds:
        found |= {("channel", None, event.channel, None) for event in events if event.channel is not None}
    for name in attributes:
        found |= {("attribute", name, event.attributes[name], None) for event in events
                  if event.attributes[name] is not None}
    return found


def odds_ratio(a, b, c, d, prior, confidence):
    """Of the cells with the prior added: successes with, failures with, successes without, failures without."""
    cells = [cell + prior for cell in (a, b, c, d)]
    if min(cells) == 0:
        return None, None, None
    ratio = cells[0] * cells[3] / (cells[1] * cells[2])
    half = float(stats.norm.ppf((1 + confidence) / 2)) * math.sqrt(sum(1 / cell for cell in cells))
    return ratio, math.exp(math.log(ratio) - half), math.exp(math.log(ratio) + half)


@question
def outcome_drivers(log, conversion, factors=("touchpoint",), attributes=(), prior=0.5, within=None,
                    inactive_after=None, false_discovery_rate=0.05, limit=None, confidence=0.95):
    if not attributes and "attribute" in factors:
        attributes = sorted({name for event in all_events(log) for name in event.attributes or {}})
    end = observed_until(log)
    journeys, open_journeys, early = [], 0, 0  # journeys: whether it succeeds, what it shows before
    for events in log.values():
        if inactive_after is not None and events[-1].time > end - inactive_after * 1e6:
            open_journeys += 1
            continue
        outcome = next((event.time for event in events if event.touchpoint in conversion), None)
        last = events[0].time + within * 1e6 if within is not None else math.inf
        if outcome is not None and outcome <= last and within is not None:
            early += 1
            continue
        before = [event for event in events if event.time <= last and (outcome is None or event.time < outcome)]
        journeys.append((outcome is not None, factors_of(before, factors, attributes)))
    successes = sum(success for success, _ in journeys)
    failures = len(journeys) - successes
    everything = set().union(*(found for _, found in journeys))
    found, too_rare, in_all = [], 0, 0
    for factor in everything:
        a, b = (sum(success is wanted and factor in shown for success, shown in journeys) for wanted in (True, False))
        if a + b < min(25, len(journeys) / 50):
            too_rare += 1
        elif a + b == len(journeys):
            in_all += 1
        elif successes and failures:
            ratio, low, high = odds_ratio(a, b, successes - a, failures - b, prior, confidence)
            difference = share_difference(share(a, a + b, confidence),
                                          share(successes - a, len(journeys) - a - b, confidence))
            found.append({"kind": factor[0], "attribute": factor[1], "factor": factor[2], "target": factor[3],
                          "successes": share(a, successes, confidence), "failures": share(b, failures, confidence),
                          "odds_ratio": ratio, "low": low, "high": high, "test": difference["test"],
                          "p_value": difference["p_value"]})
    judge(found, false_discovery_rate)

    def rank(row):
        distance = math.inf if row["odds_ratio"] is None else round(abs(math.log(row["odds_ratio"])), 9)
        return (not row["significant"], -distance, KINDS.index(row["kind"]), utf8(row["attribute"]),
                utf8(row["factor"]), utf8(row["target"]))

    shown, left_out = cut(sorted(found, key=rank), limit)
    return {"journeys": len(log), "open_journeys": open_journeys, "early_successes": early, "successes": successes,
            "failures": failures, "skewed": successes > 10 * failures or failures > 10 * successes, "prior": prior,
            "factors": len(everything), "factors_too_rare": too_rare, "factors_in_all": in_all,
            "drivers": shown, "drivers_left_out": left_out}


# --------------------------------------------------------------------------------------------------------- cases

def drivers(name, why, log, conversion=("pay",), options=None, **more):
    case("outcome_drivers", name, why, log, args=[list(conversion)], options=options, **more)


HELPED = paths(*["visit help pay"] * 5, *["visit pay"] * 2, "visit help", *["visit look"] * 2, *["visit"] * 8)
GOLDEN = "5 of 7 who pay went to help before, 1 of 11 who do not: 5/1 against 2/10. "

drivers("the odds ratio of five to one against two to ten is twenty-five", GOLDEN + "Without a prior 5 * 10 / (1 * 2)",
        HELPED, options={"prior": 0},
        hand={"journeys": 18, "successes": 7, "failures": 11, "skewed": False, "factors": 3, "factors_in_all": 1,
              "factors_too_rare": 0, "drivers": [
                  {"factor": "help", "successes": {"n": 5, "of": 7}, "failures": {"n": 1, "of": 11}, "odds_ratio": 25.0,
                   "test": "fisher_exact"},
                  {"factor": "look", "odds_ratio": None, "low": None, "high": None}]})
drivers("PostHog adds one to each cell", GOLDEN + "With a prior of 1: 6 * 11 / (2 * 3) = 11", HELPED,
        options={"prior": 1}, hand={"prior": 1, "drivers": [
            {"factor": "help", "odds_ratio": 11.0}, {"factor": "look", "odds_ratio": 10 / (3 * 8)}]})
drivers("Haldane and Anscombe add a half to each cell",
        GOLDEN + "5.5 * 10.5 / (1.5 * 2.5) = 15.4; `look`: 0.5 * 9.5 / (2.5 * 7.5)... of 7 successes and 11 failures. "
        "Fisher's p: 5 or 6 of the 6 helped among the 7, of all ways to choose 6 of 18. " + W, HELPED,
        hand={"prior": 0.5, "drivers": [
            {"kind": "touchpoint", "attribute": None, "target": None, "factor": "help", "odds_ratio": 15.4,
             "low": math.exp(math.log(15.4) - 1.959963984540054 * math.sqrt(2 / 11 + 2 / 3 + 2 / 5 + 2 / 21)),
             # Of all tables with these margins, those with 5 or 6 and with none of 6 are as unlikely.
             "p_value": (math.comb(7, 5) * 11 + 7) / math.comb(18, 6), "test": "fisher_exact"},
            {"factor": "look", "odds_ratio": 0.5 * 9.5 / (2.5 * 7.5)}]})
drivers("only what comes before the outcome counts",
        "help after paying is no driver; nor is what follows the first payment. A first event that pays has nothing "
        "before it", paths("visit pay help pay", "pay help", "visit help", "visit look"),
        hand={"successes": 2, "failures": 2, "factors": 3, "drivers": [
            {"factor": "help", "successes": {"n": 0, "of": 2}, "failures": {"n": 1, "of": 2}},
            {"factor": "look", "successes": {"n": 0, "of": 2}}, {"factor": "visit", "successes": {"n": 1, "of": 2}}]})
drivers("what happens at the time of the outcome does not come before it",
        "b stands before pay in the file, at the same time: only a is earlier",
        rows("j1,a,@10:00", "j1,b,@10:01", "j1,pay,@10:01", "j2,b,@10:00", "j3,c,@10:00"),
        hand={"drivers": [{"factor": "a", "successes": {"n": 1, "of": 1}, "failures": {"n": 0, "of": 2}},
                          {"factor": "b", "successes": {"n": 0, "of": 1}}, {"factor": "c"}]})
drivers("several touchpoints can be the outcome", "the first of them counts: b after the order is no driver",
        paths("a order b pay", "a pay", "b"), conversion=["order", "pay"],
        hand={"successes": 2, "drivers": [{"factor": "a", "successes": {"n": 2, "of": 2}},
                                          {"factor": "b", "successes": {"n": 0, "of": 2}, "failures": {"n": 1, "of": 1}}]})

COLUMNS = rows("j1,a,@10:00,web,new,de", "j1,b,@10:01,app,new,", "j1,pay,@10:02,shop,old,fr", "j2,a,@10:00,web,old,de",
               "j2,a,@10:01,,,", "j3,b,@10:00,app,old,", header="journey,touchpoint,time,channel,loyalty,country",
               options={"channel": "channel", "attributes": ["loyalty", "country"]})
drivers("channels, transitions and values of attributes", "each by whether it occurs before the outcome: not the shop, "
        "nor old or fr of j1, nor b to pay. Touchpoints are not asked for", COLUMNS,
        options={"factors": ["attribute", "transition", "channel"]},
        hand={"factors": 7, "factors_in_all": 0})
drivers("attributes that are named are factors", "`factors` need not say so again; of j1's values `new` counts", COLUMNS,
        options={"attributes": ["loyalty"], "factors": []},
        hand={"factors": 2, "drivers": [{"kind": "attribute", "attribute": "loyalty", "factor": "new"},
                                        {"kind": "attribute", "attribute": "loyalty", "factor": "old"}]})
drivers("having and not having are reciprocal", "the two values exclude each other: with a prior the ratio of one is one "
        "over that of the other; ties by name", rows(
            *(f"s{n},visit,@10:00,{'big' if n < 6 else 'small'}\ns{n},pay,@10:01,".replace("@", "2024-03-13 ")
              for n in range(8)),
            *(f"f{n},visit,@10:00,{'big' if n < 3 else 'small'}" for n in range(10)),
            header="journey,touchpoint,time,size", options={"attributes": ["size"]}),
        options={"attributes": ["size"], "factors": []},
        hand={"drivers": [{"factor": "big", "odds_ratio": 6.5 * 7.5 / (3.5 * 2.5)},
                          {"factor": "small", "odds_ratio": 3.5 * 2.5 / (6.5 * 7.5)}]})
drivers("many of both are tested by z", "20 of 40 against 10 of 40: every cell is at least 10. " + W,
        paths(*["a pay"] * 20, *["b pay"] * 10, *["a"] * 20, *["b"] * 30),
        hand={"drivers": [{"factor": "a", "odds_ratio": 20.5 * 30.5 / (20.5 * 10.5), "test": "z",
                           "p_value": math.erfc(10 / math.sqrt(80 * 3 / 8 * 5 / 8) / math.sqrt(2) * 1.0)},
                          {"factor": "b", "odds_ratio": 10.5 * 20.5 / (20.5 * 30.5)}]})
RARE = paths(*["a b pay"] * 9, *["a pay"] * 21, *["b"] * 30, *["a"] * 35, "rare", "rare a", *["four"] * 3, "four b")
drivers("a factor that fewer than one in fifty show is skipped and counted",
        "of 101 journeys 2 is less than 2.02, 4 is not", RARE,
        hand={"factors": 4, "factors_too_rare": 1, "drivers_left_out": 0})
drivers("a limit cuts the list", "two of three are left out", RARE, options={"limit": 1, "confidence": 0.8},
        hand={"drivers_left_out": 2})
drivers("failures ten times as many as successes are skewed", "11 to 1 is, 10 to 1 is not: see the next",
        paths("a pay", *["b"] * 11), hand={"skewed": True})
drivers("ten to one is not skewed", "only more than ten is", paths("a pay", *["b"] * 10), hand={"skewed": False})
drivers("where nobody succeeds there is nothing to compare", "the one touchpoint that pays is never reached by those "
        "who are not open", rows("j1,a,@10:00", "j2,b,@10:00", "j3,pay,@12:00"), options={"inactive_after": 3600},
        hand={"successes": 0, "failures": 2, "skewed": True, "open_journeys": 1, "factors": 2, "drivers": []})
drivers("where all succeed there is nothing to compare", "no failures", paths("a pay", "b pay"),
        hand={"successes": 2, "failures": 0, "skewed": True, "drivers": []})
drivers("open journeys are left out, also those that succeeded", "the last hour is not over: j3 and j4",
        rows("j1,a,@10:00", "j1,pay,@10:01", "j2,b,@10:00", "j3,b,@11:30", "j4,a,@11:59", "j4,pay,@12:00"),
        options={"inactive_after": 3600},
        hand={"journeys": 4, "open_journeys": 2, "successes": 1, "failures": 1, "drivers": [
            {"factor": "a", "odds_ratio": 9.0}, {"factor": "b", "odds_ratio": 1 / 9}]})
drivers("what happens within the same time of the first event",
        "a landmark of two minutes: j1 has paid by then and is left out; what j2 and j3 do later does not count",
        rows("j1,a,@10:00", "j1,pay,@10:02", "j2,a,@10:00", "j2,b,@10:02", "j2,c,@10:03", "j2,pay,@10:04", "j3,d,@10:00",
             "j3,c,@10:05"), options={"within": 120},
        hand={"early_successes": 1, "successes": 1, "failures": 1, "factors": 3, "drivers": [
            {"factor": "a", "successes": {"n": 1, "of": 1}}, {"factor": "b"}, {"factor": "d"}]})
drivers("without that, long failures show more than short successes", "the same journeys, counted whole: c goes before "
        "success and failure alike", rows(
            "j1,a,@10:00", "j1,pay,@10:02", "j2,a,@10:00", "j2,b,@10:02", "j2,c,@10:03", "j2,pay,@10:04", "j3,d,@10:00",
            "j3,c,@10:05"), hand={"early_successes": 0, "successes": 2, "factors": 4})
drivers("names from other scripts and reserved words", "ties by the bytes of the names",
        paths("null 😀 pay", "__proto__ START", "é pay", "z"))
drivers("a log without events has no outcome", "nothing to count", EMPTY,
        hand={"journeys": 0, "successes": 0, "failures": 0, "skewed": False, "factors": 0, "drivers": []})

drivers("an outcome must be named", "which touchpoints are the outcome?", HELPED, conversion=[], error="invalid_option")
drivers("an outcome that the log does not have", "it names the nearest", HELPED, conversion=["pya"],
        error="unknown_touchpoint")
drivers("an attribute that the log does not have", "it names the nearest", COLUMNS,
        options={"attributes": ["loyalti"]}, error="invalid_option")
drivers("an option that does not exist is refused", "no option has this name", HELPED, options={"confidnce": 0.9},
        error="invalid_option")
for option, value in [("prior", -0.5), ("prior", 11), ("confidence", 1.0), ("false_discovery_rate", 0.0), ("within", -1),
                      ("inactive_after", "soon"), ("factors", ["stage"]), ("factors", "touchpoint")]:
    drivers(f"{option} {value!r} is refused".replace("'", "`"), "it is none of the values that the documentation gives",
            HELPED, options={option: value}, error="invalid_option")


# ------------------------------------------------------------------------------------- a whole file, with pandas

def with_pandas(outcome, within=None, acquisition=None):
    """Who of ecom's customers visited what before the outcome, as a table of customers by touchpoints."""
    data = pandas.read_csv(DATA / "ecom" / "ecom.csv.gz")
    data = data if acquisition is None else data[data["acquisition_channel"] == acquisition]
    data["at"] = pandas.to_datetime(data["timestamp"])
    first = data[data["event"] == outcome].groupby("user_id")["at"].min()
    since = data.groupby("user_id")["at"].min()
    early = first[first - since <= pandas.Timedelta(seconds=within)].index if within else []
    data = data[~data["user_id"].isin(early)]
    success = pandas.Series(True, first.index).reindex(data["user_id"].unique(), fill_value=False)
    before = data[data["at"] < data["user_id"].map(first).fillna(pandas.Timestamp.max)]
    if within:
        before = before[before["at"] - before["user_id"].map(since) <= pandas.Timedelta(seconds=within)]
    rows = []
    for column, kind in [("event", "touchpoint"), ("platform", "attribute")]:
        visited = pandas.crosstab(before["user_id"], before[column]).reindex(success.index, fill_value=0) > 0
        for name in visited:
            table = pandas.crosstab(success, visited[name]).reindex(
                index=[True, False], columns=[True, False], fill_value=0).to_numpy()
            if len(success) > table[:, 0].sum() >= len(success) / 50:
                small = min(table.min(), stats.contingency.expected_freq(table).min()) < 5
                test = stats.fisher_exact(table) if small else stats.chi2_contingency(table, correction=False)
                rows.append({"kind": kind, "factor": name, "p_value": float(test.pvalue),
                             "test": "fisher_exact" if small else "z",
                             "successes": {"n": int(table[0, 0]), "of": int(table[0].sum())},
                             "failures": {"n": int(table[1, 0]), "of": int(table[1].sum())},
                             "odds_ratio": float(stats.contingency.odds_ratio(table + 1, kind="sample").statistic)})
    for row, p in zip(rows, stats.false_discovery_control([row["p_value"] for row in rows])):
        row["significant"] = bool(p <= 0.05)
    rows.sort(key=lambda row: (not row["significant"], -round(abs(math.log(row["odds_ratio"])), 9),
                               row["kind"] == "attribute", row["factor"]))
    return {"journeys": len(since), "early_successes": len(early), "successes": int(success.sum()),
            "failures": int((~success).sum()), "drivers": rows}


def ecom(name, outcome, within=None, acquisition=None):
    columns = {**LOGS["ecom"]["options"], "attributes": ["platform", "acquisition_channel"]}
    chosen = {"select": {"attributes": {"acquisition_channel": [acquisition]}}} if acquisition else {}
    drivers(name, "the counts are those of pandas, the odds ratios SciPy's of the tables with 1 added to each cell, the "
            "p-values those of Pearson's chi-squared test, which is z squared, or of Fisher's",
            {**LOGS["ecom"], "options": columns, **chosen}, conversion=[outcome],
            options={"attributes": ["platform"], "prior": 1, **({"within": within} if within else {})},
            hand=with_pandas(outcome, within, acquisition))


ecom("what the first week of ecom's customers says of their first purchase after it", "purchase", 7 * 86_400)
ecom("the checkout bug of ecom finds those on mobile phones", "checkout_bug", 7 * 86_400)
ecom("what goes before the first purchase of ecom's direct customers", "purchase", acquisition="direct")
