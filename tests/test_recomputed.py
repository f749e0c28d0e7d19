"""Figures of two real logs, worked out once more by other programs: SQL in DuckDB, and pandas.

Nothing here is copied from a report: DuckDB or pandas reads the same file, each question is asked in its language, and the
whole answer has to be that of our report.
"""

import datetime
import math
from dataclasses import dataclass
from pathlib import Path

import duckdb
import journey
import pandas
import pytest

HERE = Path(__file__).parent


@dataclass
class Case:
    """A log, with what is asked of it."""

    file: str
    journey: str
    touchpoint: str
    time: str
    steps: list[str]
    window: str
    window_seconds: int
    group: dict[str, list[str]]

    @property
    def log(self):
        return journey.EventLog.from_csv(HERE / "data" / self.file, journey=self.journey, touchpoint=self.touchpoint,
                                         time=self.time, attributes=list(self.group))

    def sql(self, query):
        """Asks DuckDB; `step` is the place of an event in its journey: by time, ties as they are in the file."""
        base = duckdb.connect()
        base.sql("SET threads = 1")
        base.sql(f"""
            CREATE TABLE events AS
            WITH lines AS (
                SELECT {self.journey} AS journey, {self.touchpoint} AS touchpoint,
                       epoch_us(CAST({self.time} AS TIMESTAMP)) AS micros, row_number() OVER () AS line
                FROM read_csv('{(HERE / "data" / self.file).as_posix()}', header = true, all_varchar = true)
            )
            SELECT journey, touchpoint, micros, row_number() OVER (PARTITION BY journey ORDER BY micros, line) AS step
            FROM lines
        """)
        return base.sql(query).fetchall()

    @property
    def frame(self):
        """The events in pandas, likewise."""
        frame = pandas.read_csv(HERE / "data" / self.file, dtype=str, keep_default_na=False)
        frame = frame.rename(columns={self.journey: "journey", self.touchpoint: "touchpoint", self.time: "at"})
        frame["at"] = pandas.to_datetime(frame["at"])
        frame = frame.sort_values(["journey", "at"], kind="stable")
        frame["step"] = frame.groupby("journey").cumcount() + 1
        return frame


CASES = [
    Case("ecom/ecom.csv.gz", "session_id", "event", "timestamp", ["catalog", "add_to_cart", "purchase"], "15m", 900,
         {"platform": ["mobile"]}),
    Case("ecom/ecom.csv.gz", "user_id", "event", "timestamp", ["search", "cart", "payment_details", "purchase"], "2d",
         172_800, {"user_lifecycle": ["loyal"]}),
    Case("vehicle-funnel/sample_data_vehicle.csv", "user_id", "action", "action_start",
         ["postal_code", "make", "mileage", "data_posted"], "1m 30s", 90, {"answer": ["Motorcycle"]}),
]
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file.split('/')[0]} by {case.journey}")


def close(ours, theirs):
    """The same but for the last digits of a float."""
    assert ours.keys() == theirs.keys()
    for key, figures in theirs.items():
        for one, other in zip(ours[key], figures, strict=True):
            same = one == other or None not in (one, other) and math.isclose(one, other, rel_tol=1e-9)
            assert same, (key, ours[key], figures)


@each_case
def test_transitions_are_those_of_sql(case):
    theirs = case.sql("""
        WITH ways AS (
            SELECT journey, touchpoint AS source, lead(touchpoint) OVER way AS target,
                   lead(micros) OVER way - micros AS micros
            FROM events WINDOW way AS (PARTITION BY journey ORDER BY step)
            UNION ALL
            SELECT journey, NULL, touchpoint, NULL FROM events WHERE step = 1
        ), visitors AS (
            SELECT touchpoint, count(DISTINCT journey) AS journeys FROM events GROUP BY ALL
            UNION ALL
            SELECT NULL, count(DISTINCT journey) FROM events
        )
        SELECT source, target, count(*), sum(count(*)) OVER (PARTITION BY source), count(DISTINCT journey),
               any_value(visitors.journeys), sum(micros) / 1e6, quantile_cont(micros, 0.5) / 1e6,
               quantile_cont(micros, 0.9) / 1e6
        FROM ways JOIN visitors ON visitors.touchpoint IS NOT DISTINCT FROM source
        GROUP BY source, target
    """)
    report = journey.transitions(case.log)
    ours = {}
    for row in report.rows:
        time = (row.time.total_seconds, row.time.median_seconds, row.time.p90_seconds) if row.time else (None,) * 3
        ours[row.source, row.target] = (row.count, row.p_out.of, row.reach.n, row.reach.of, *time)
    assert len(ours) == len(report.rows) > 40
    close(ours, {(source, target): figures for source, target, *figures in theirs})


@each_case
def test_a_funnel_with_a_window_is_that_of_sql(case):
    """From each event at the first step to the next one at the second, and so on; the best attempt counts."""
    last = len(case.steps) - 1
    following = ", ".join(
        f"min(step) FILTER (touchpoint = '{name}') OVER later AS next_{k}" for k, name in enumerate(case.steps))
    joins = " ".join(
        f"""LEFT JOIN ways AS at_{k} ON at_{k}.journey = at_0.journey AND at_{k}.step = at_{k - 1}.next_{k}
            AND at_{k}.micros <= at_0.micros + {case.window_seconds} * 1000000::BIGINT""" for k in range(1, last + 1))
    level = " + ".join(f"(at_{k}.step IS NOT NULL)::INTEGER" for k in range(last + 1))
    reached = ", ".join(f"count(*) FILTER (level > {k})" for k in range(last + 1))
    [[*theirs, median]] = case.sql(f"""
        WITH ways AS (
            SELECT *, {following} FROM events
            WINDOW later AS (PARTITION BY journey ORDER BY step ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)
        ), attempts AS (
            SELECT at_0.journey, at_0.step AS began, {level} AS level, at_{last}.step AS arrived,
                   at_{last}.micros - at_0.micros AS micros
            FROM ways AS at_0 {joins} WHERE at_0.touchpoint = '{case.steps[0]}'
        ), best AS (
            SELECT * FROM attempts
            QUALIFY row_number() OVER (PARTITION BY journey ORDER BY level DESC, arrived, began DESC) = 1
        )
        SELECT {reached}, median(micros) FILTER (level > {last}) / 1e6 FROM best
    """)
    report = journey.funnel(case.log, case.steps, window=case.window)
    assert [step.reached for step in report.steps] == theirs
    assert theirs[last] > 0 and math.isclose(report.steps[last].from_first.median_seconds, median)
    unlimited = journey.funnel(case.log, case.steps)
    assert report.steps[last].reached < unlimited.steps[last].reached, "the window shuts somebody out"


@each_case
def test_drop_offs_are_those_of_sql(case):
    goal = case.steps[-1]
    theirs = case.sql(f"""
        WITH flagged AS (
            SELECT journey, touchpoint, lead(step) OVER way IS NULL AS is_last,
                   max(touchpoint = '{goal}') OVER way AS has_converted
            FROM events WINDOW way AS (PARTITION BY journey ORDER BY step)
        )
        SELECT touchpoint, count(*) FILTER (is_last), count(*),
               count(DISTINCT journey) FILTER (is_last), count(DISTINCT journey),
               count(*) FILTER (is_last AND NOT has_converted), count(*) FILTER (NOT has_converted)
        FROM flagged GROUP BY touchpoint
    """)
    report = journey.drop_offs(case.log, conversion=[goal])
    ours = {}
    for row in report.touchpoints:
        shares = (row.exit_rate, row.journey_exit_rate, row.drop_off_rate)
        ours[row.touchpoint] = [figure for share in shares for figure in (share.n, share.of)]
        assert all(share.of == 0 or share.share == share.n / share.of for share in shares)
    close(ours, {touchpoint: figures for touchpoint, *figures in theirs})


@each_case
def test_the_step_matrix_is_that_of_pandas(case):
    frame, columns = case.frame, range(1, 21)
    table = pandas.crosstab(frame["touchpoint"], frame["step"]).reindex(columns=columns, fill_value=0)
    theirs = {name: list(row) for name, row in zip(table.index, table.to_numpy().tolist()) if sum(row)}
    lengths = frame.groupby("journey").size()
    theirs[None] = [int((lengths < step).sum()) for step in columns]
    report = journey.step_matrix(case.log, steps=20, limit=None)
    assert {row.kind for row in report.rows} == {"touchpoint", "ended"}
    close({row.touchpoint: row.counts for row in report.rows}, theirs)
    shares = {name: [count / len(lengths) for count in counts] for name, counts in theirs.items()}
    close({row.touchpoint: row.shares for row in report.rows}, shares)


def figures_of_groups(frame, groups, goal):
    """For each group of journeys: journeys, events, conversions, and throughput times."""
    of_all = frame.groupby("journey")
    table = pandas.DataFrame({
        "group": groups, "events": of_all.size(),
        "converted": (frame["touchpoint"] == goal).groupby(frame["journey"]).any(),
        "seconds": (of_all["at"].max() - of_all["at"].min()) / datetime.timedelta(seconds=1)})
    found = table.groupby("group").agg(journeys=("events", "size"), events=("events", "sum"), n=("converted", "sum"),
                                       mean=("seconds", "mean"), median=("seconds", "median"))
    return {value: row for value, *row in found.itertuples(name=None)}, table


@each_case
def test_segments_are_those_of_pandas(case):
    [attribute] = case.group
    goal, frame = case.steps[-1], case.frame
    # A journey's group is the first value it has.
    values = frame[frame[attribute] != ""].groupby("journey")[attribute].first()
    theirs, _ = figures_of_groups(frame, values, goal)
    report = journey.segments(case.log, attribute, conversion=[goal])
    ours = {row.value: [row.journeys, row.events, row.conversion.n, row.throughput.mean_seconds,
                        row.throughput.median_seconds] for row in report.rows}
    assert report.without_value == frame["journey"].nunique() - len(values)
    close(ours, theirs)


@each_case
def test_a_comparison_is_that_of_pandas(case):
    [(attribute, wanted)] = case.group.items()
    goal, frame = case.steps[-1], case.frame
    ever = frame[attribute].isin(wanted).groupby(frame["journey"]).any()
    theirs, table = figures_of_groups(frame, ever.map({True: "yes", False: "no"}), goal)
    marked = case.log.mark("wanted", {"with_event": {"attributes": case.group}})
    report = journey.compare_groups(marked, "wanted", "no", "yes", conversion=[goal], transitions=0)
    for side in (report.a, report.b):
        assert [side.journeys, side.events] == theirs[side.name][:2]
    found = {finding.kind: finding for finding in report.findings if finding.touchpoint is None}
    conversion, times, lengths = (found[kind] for kind in ("conversion", "throughput_time", "events_per_journey"))
    assert [(s.n, s.of) for s in (conversion.a_share, conversion.b_share)] == [
        (theirs[side][2], theirs[side][0]) for side in ("no", "yes")]
    assert [times.a, times.b] == [theirs["no"][4], theirs["yes"][4]]
    a, b = (table["events"][table["group"] == side] for side in ("no", "yes"))
    assert [lengths.a, lengths.b] == [a.median(), b.median()]
    assert lengths.difference == pandas.Series([y - x for y in b for x in a]).median()

    visits = {finding.touchpoint: (finding.a_share.n, finding.b_share.n) for finding in report.findings
              if finding.kind == "visit"}
    # A visit of the only touchpoint that is the conversion is the conversion, and no second finding.
    visits[goal] = (conversion.a_share.n, conversion.b_share.n)
    seen = frame.drop_duplicates(["journey", "touchpoint"])
    counts = pandas.crosstab(seen["touchpoint"], seen["journey"].map(table["group"]))
    assert visits == {name: tuple(row) for name, row in zip(counts.index, counts[["no", "yes"]].to_numpy().tolist())}
