"""The guide page "Five things that happened to this shop": its lines run, and pandas counts every figure again.

Intervals and tests are written from their definitions here, on the counts of pandas: Wilson, Newcombe, the z test, Fisher's
exact test, Mann-Whitney, Benjamini and Hochberg.
"""

import contextlib
import io
import math
import re
from pathlib import Path
from statistics import NormalDist

import numpy
import pandas
import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/guide/five-things-that-happened.md"
Z = NormalDist().inv_cdf(0.975)


@pytest.fixture(scope="module")
def events():
    frame = pandas.read_csv(ROOT / "tests/data/ecom/ecom.csv.gz", parse_dates=["timestamp"])
    return frame.sort_values(["session_id", "timestamp"], kind="stable")


@pytest.fixture(scope="module")
def sessions(events):
    """A row for each session: its start, its attributes, and which events it has."""
    of_all = events.groupby("session_id")
    table = of_all.agg(start=("timestamp", "min"), platform=("platform", "first"), cohort=("user_cohort", "first"),
                       lifecycle=("user_lifecycle", "first"))
    return table.join(pandas.crosstab(events["session_id"], events["event"]) > 0)


@pytest.fixture(scope="module")
def page():
    """The parts of the page: a block of Python, what the page says it prints, and what it printed."""
    parts, names = [], {}
    with contextlib.chdir(ROOT):
        text = PAGE.read_text(encoding="utf-8")
        for block, after in re.findall(r"```python\n(.*?)```(.*?)(?=```python|\Z)", text, re.DOTALL):
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(block, names)
            quoted = [line for line in after.splitlines() if line.startswith("|")][2:]
            for text in re.findall(r"```text\n(.*?)```", after, re.DOTALL):
                quoted += text.splitlines()
            parts.append((quoted, printed.getvalue().splitlines()))
    return parts, names


def test_the_prose_has_no_figure_that_the_tables_have_not():
    text = re.sub(r"```.*?```", "", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    lines = text.splitlines()
    tables = {figure for line in lines if line.startswith("|") for figure in re.findall(r"\d+\.\d+", line)}
    assert {figure for line in lines if not line.startswith("|") for figure in re.findall(r"\d+\.\d+", line)} <= tables


# ------------------------------------------------------------------------------------------ intervals and tests


def wilson(n, of):
    middle = n / of + Z * Z / (2 * of)
    spread = Z * math.sqrt(n / of * (1 - n / of) / of + Z * Z / (4 * of * of))
    return (middle - spread) / (1 + Z * Z / of), (middle + spread) / (1 + Z * Z / of)


def shown(mask):
    """The share of those in a mask that have it, with Wilson's interval."""
    low, high = wilson(mask.sum(), len(mask))
    return f"{mask.sum()} of {len(mask)}: {100 * mask.mean():.1f} % ({100 * low:.1f} to {100 * high:.1f})"


def newcombe(a, b):
    """The share of `b` less that of `a`, in points, with the interval of Newcombe's method 10."""
    (p, q), (a_low, a_high), (b_low, b_high) = (a.mean(), b.mean()), wilson(a.sum(), len(a)), wilson(b.sum(), len(b))
    low = q - p - math.hypot(q - b_low, a_high - p)
    high = q - p + math.hypot(b_high - q, p - a_low)
    return f"{100 * (q - p):+.1f} ({100 * low:+.1f} to {100 * high:+.1f})"


def p_value(a, b):
    """The z test; Fisher's exact test where a cell is, or is expected to be, below 5."""
    x, n, y, m = int(a.sum()), len(a), int(b.sum()), len(b)
    both = x + y
    expected = [side * k / (n + m) for side in (n, m) for k in (both, n + m - both)]
    if min(x, n - x, y, m - y, *expected) >= 5:
        pooled = both / (n + m)
        z = (y / m - x / n) / math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
        return math.erfc(abs(z) / math.sqrt(2))
    ways = [math.comb(n, k) * math.comb(m, both - k) for k in range(both + 1)]
    # In whole numbers: a table is as likely as the one observed, or it is not.
    return sum(way for way in ways if way <= ways[x]) / math.comb(n + m, both)


def mann_whitney(a, b):
    """The normal approximation, with the corrections for ties and for continuity."""
    n, m = len(a), len(b)
    together = pandas.concat([a, b])
    u = together.rank().iloc[:n].sum() - n * (n + 1) / 2
    ties = sum(size**3 - size for size in together.value_counts())
    deviation = math.sqrt(n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1))))
    return math.erfc((abs(u - n * m / 2) - 0.5) / deviation / math.sqrt(2))


def adjusted(p, all_p):
    """Benjamini and Hochberg, for one of these p-values."""
    ranked = sorted(all_p)
    assert any(math.isclose(p, other, rel_tol=1e-9) for other in ranked)
    return min(min(1, len(ranked) * q / (rank + 1)) for rank, q in enumerate(ranked) if q >= p * (1 - 1e-9))


def row(name, a, b, family=None):
    """A row that compares two masks; the family are the p-values it is adjusted with, only its own if not given."""
    p = p_value(a, b)
    q = p if family is None else adjusted(p, family)
    return f"| {name} | {shown(a)} | {shown(b)} | {newcombe(a, b)} | {p:.2g} | {q:.2g} |"


def family(report):
    return [finding.p_value for finding in report.findings if finding.p_value is not None]


# ------------------------------------------------------------------------------------------ the five stories


def between(sessions, since, until):
    return (sessions["start"] >= since) & (sessions["start"] < until)


def agrees(part, expected):
    quoted, printed = part
    assert printed == expected
    assert quoted == expected


def test_the_first_block_prints_nothing(page):
    assert len(page[0]) == 12 and page[0][0] == ([], [])


def test_the_viral_article_does_not_stand_out(page, sessions):
    parts, names = page
    during = between(sessions, "2024-02-29", "2024-03-04")
    bought = sessions["purchase"]
    agrees(parts[1], [row("conversion", bought[~during], bought[during], family(names["viral"]))])
    days = ["2024-02-25", "2024-02-29", "2024-03-04", "2024-03-08"]
    counts = [f"| {since} | {between(sessions, since, until).sum()} |" for since, until in zip(days, days[1:])]
    tests = family(names["viral"])
    found = sum(adjusted(p, tests) <= 0.05 for p in tests)
    agrees(parts[2], counts)
    agrees(parts[3], [f"{found} of {len(tests)} differences are significant"])
    assert p_value(bought[~during], bought[during]) > 0.3


def walks(events, ids, steps):
    """Of these sessions how many reach each step after the one before, one event after the other."""
    level = dict.fromkeys(ids, 0)
    for session, event in zip(events["session_id"], events["event"]):
        if session in level and level[session] < len(steps) and event == steps[level[session]]:
            level[session] += 1
    return pandas.Series(level)


def test_the_checkout_bug_is_found_on_mobile_phones(page, sessions, events):
    parts, names = page
    during = between(sessions, "2024-04-09", "2024-05-10")
    expected = []
    for platform in ("mobile", "desktop", "tablet"):
        bought = sessions["purchase"][sessions["platform"] == platform]
        expected.append(row(platform, bought[~during], bought[during], family(names["bug"][platform])))
    mobile = sessions[sessions["platform"] == "mobile"]
    seen = mobile["checkout_bug"]
    expected.append(row("checkout_bug", seen[~during], seen[during], family(names["bug"]["mobile"])))
    agrees(parts[4], expected)
    assert not sessions["checkout_bug"][~during | (sessions["platform"] != "mobile")].any()

    ids = [mobile.index[~during[mobile.index]], mobile.index[during[mobile.index]]]
    steps = [walks(events, part, ["shipping_details", "payment_details"]) for part in ids]
    gone_on = [shown(level[level >= 1] >= 2) for level in steps]
    expected = [f"| go on from shipping to payment | {gone_on[0]} | {gone_on[1]} |"]
    times = pandas.crosstab(events["session_id"], events["event"])
    for name in ("add_to_cart", "cart", "shipping_details"):
        visits = [times[name][part] for part in ids]
        back = [shown(part[part > 0] > 1) for part in visits]
        expected.append(f"| come back to {name} | {back[0]} | {back[1]} |")
    agrees(parts[5], expected)

    checkout = ["add_to_cart", "cart", "shipping_details", "checkout_bug", "payment_details", "purchase"]
    expected = []
    for name, part in zip(("others", "9 April to 9 May"), ids):
        shipping = part[mobile["shipping_details"][part]]
        steps = events[events["session_id"].isin(shipping) & events["event"].isin(checkout)]
        steps = steps[(steps["event"] != steps["event"].shift()) | (steps["session_id"] != steps["session_id"].shift())]
        paths = steps.groupby("session_id")["event"].agg(" → ".join)
        counts = paths.value_counts()
        first = counts[counts == counts.max()].index.min()
        expected.append(f"| {name} | {len(counts)} | {first} | {shown(paths == first)} |")
    agrees(parts[6], expected)


def test_the_payment_incident_is_found(page, sessions, events):
    parts, names = page
    during = between(sessions, "2024-05-19", "2024-06-08")
    level = walks(events, sessions.index, ["payment_details", "purchase"])
    bought_after = level[level >= 1] >= 2
    paying = sessions[sessions["payment_details"]]
    expected = [row("payment details, then a purchase", bought_after[~during], bought_after[during]),
                row("payment details and a purchase", paying["purchase"][~during], paying["purchase"][during])]
    tests = family(names["visits"])
    for column in ("payment_error", "support_chat", "purchase"):
        name = "conversion" if column == "purchase" else column
        expected.append(row(name, sessions[column][~during], sessions[column][during], tests))
    agrees(parts[7], expected)


def test_the_loyal_buy_more_and_browse_less(page, sessions, events):
    parts, _ = page
    bought = sessions["purchase"]
    groups = {value: sessions["lifecycle"] == value for value in ("returning", "new", "loyal")}
    tests = [p_value(bought[~group], bought[group]) for group in groups.values()]
    expected = []
    for (value, group), p in zip(groups.items(), tests):
        difference = newcombe(bought[~group], bought[group])
        expected.append(f"| {value} | {shown(bought[group])} | {difference} | {adjusted(p, tests):.2g} |")
    cells = pandas.crosstab(sessions["lifecycle"], bought)
    if_alike = numpy.outer(cells.sum(axis=1), cells.sum()) / len(sessions)
    chi_squared = ((cells - if_alike) ** 2 / if_alike).to_numpy().sum()
    expected.append(f"| all alike? | | | {math.exp(-chi_squared / 2):.2g} |")  # two degrees of freedom
    agrees(parts[8], expected)

    browses = events["event"].isin(["home", "catalog", "search", "filter_results", "product_view"])
    only = browses.groupby(events["session_id"]).all()
    expected = []
    for value in ("new", "returning", "loyal"):
        theirs = browses[events["user_lifecycle"] == value]
        expected.append(f"| {value} | {shown(only[groups[value]])} "
                        f"| {theirs.sum()} of {len(theirs)}: {100 * theirs.mean():.1f} % |")
    agrees(parts[9], expected)


def test_the_january_cohort_buys_more_and_perhaps_on_shorter_paths(page, sessions, events):
    parts, names = page
    calm = between(sessions, "2024-06-08", "2024-07-01")
    everyone = calm | True
    expected = []
    for name, part in (("all sessions", everyone), ("returning customers", sessions["lifecycle"] == "returning"),
                       ("since 8 June", calm)):
        bought = sessions["purchase"][part]
        cohort = sessions["cohort"][part]
        tests = family(names["cohorts"][name])
        expected.append(row(name, bought[cohort == "2024-01"], bought[cohort == "2024-04"], tests))
    agrees(parts[10], expected)
    incidents = between(sessions, "2024-04-09", "2024-05-10") | between(sessions, "2024-05-19", "2024-06-08")
    assert incidents[sessions["cohort"] == "2024-04"].mean() > 0.5

    place = events.groupby("session_id").cumcount() + 1
    lengths = place[events["event"] == "purchase"].groupby(events["session_id"]).min()
    a, b = (lengths[sessions["cohort"] == cohort] for cohort in ("2024-01", "2024-04"))
    shifts = numpy.sort((b.to_numpy()[:, None] - a.to_numpy()[None, :]).ravel())
    spread = Z * math.sqrt(len(a) * len(b) * (len(a) + len(b) + 1) / 12)
    at = math.floor(len(shifts) / 2 - spread)  # Moses' interval
    p = mann_whitney(a, b)
    agrees(parts[11], [
        f"| median | {a.median():.0f} of {len(a)} sessions | {b.median():.0f} of {len(b)} sessions "
        f"| {numpy.median(shifts):+.1f} ({shifts[at - 1]:+.1f} to {shifts[-at]:+.1f}) "
        f"| {p:.2g} | {adjusted(p, family(names['lengths'])):.2g} |",
        f"| mean | {a.mean():.1f} | {b.mean():.1f} | {b.mean() - a.mean():+.1f} | | |"])
    assert p > 0.05, "the page calls it a tendency"
