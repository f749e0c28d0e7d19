"""What journey finds in the tasks of the yardstick is what the definitions, in plain Python, find in a small log."""

import csv
import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "bench" / "peers")]
READERS = ["T1", "T1csv", "T1ndjson", "T10", "T10gz"]
TASKS = [*READERS, "T2", "T3", "T4", "T5", "T6", "T7", "T8"]


def write(data, path):
    """the events as the generator writes them, in the order of time over all customers"""
    import generate
    import numpy

    times = numpy.datetime_as_string(data["ts"].astype("datetime64[us]").astype("datetime64[ms]"), unit="ms")
    with open(path, "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["customer_id", "timestamp", "touchpoint", "channel", "segment", "sentiment", "value"])
        for i, time in enumerate(times):
            score = data["sent"][i] if data["has_s"][i] else ""
            value = data["value"][i] if data["has_v"][i] else ""
            names = generate.NAMES[data["tp"][i]], generate.CHANNELS[data["ch"][i]], generate.SEGMENTS[data["seg"][i]]
            rows.writerow([f"c{data['cust'][i]:07d}", time, *names, score, value])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    import generate

    folder = tmp_path_factory.mktemp("yardstick")
    data = generate.generate(20_000, 7)
    write(data, folder / "events_small.csv")
    rows = duckdb.read_csv(str(folder / "events_small.csv"))
    rows.write_parquet(str(folder / "events_small.parquet"))
    rows.query("rows", f"COPY rows TO '{folder / 'events_small.ndjson'}' (FORMAT json)")
    generate.write_xes(data, folder / "events_small.xes")
    (folder / "events_small.xes.gz").write_bytes(gzip.compress((folder / "events_small.xes").read_bytes()))
    program = [os.environ.get("CARGO", "cargo"), "run", "--quiet", "--package", "journey-bench", "--"]
    subprocess.run([*program, folder, "small", "0", *TASKS], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return folder


@pytest.fixture(scope="module")
def expected(folder):
    import common
    import plain_peer

    common.DATA = folder
    cases = plain_peer.load("small")
    answers = {task: plain_peer.TASKS[task](cases) for task in TASKS if task not in READERS}
    return {**dict.fromkeys(READERS, plain_peer.canon("T1csv", cases)), **answers}


@pytest.mark.parametrize("task", TASKS)
def test_the_task_is_answered_as_defined(task, folder, expected):
    import common

    found = common.canonical(task, json.loads((folder / "results" / f"journey_{task}_small.json").read_text()))
    same, relative, _, first = common.compare(found, json.loads(json.dumps(expected[task])))
    assert same and relative < 1e-9, first
    assert found


def test_the_floor_counts_what_the_definitions_count(folder, expected):
    program = [os.environ.get("CARGO", "cargo"), "run", "--quiet", "--package", "journey-bench", "--bin", "floor", "--"]
    tasks = ["T2", "T3", "T4", "T5", "T7", "T8", "T1", "T10", "T10gz", "T11"]
    done = subprocess.run([*program, folder, "small", "0", *tasks], cwd=ROOT, check=True, capture_output=True, text=True)
    counted = {row["task"]: row["counted"] for row in map(json.loads, done.stdout.splitlines())}
    assert list(counted) == tasks
    assert counted["T2"] == len(expected["T2"])
    assert counted["T3"] == expected["T3"]["n_variants"]
    assert counted["T4"] == sum(sum(row[2:]) for row in expected["T4"])
    assert counted["T5"] == 3 * sum(map(len, expected["T5"].values()))
    assert counted["T7"] == sum(row[-2] for rows in expected["T7"].values() for row in rows)
    assert counted["T8"] == sum(row[-1] for row in expected["T8"])
    # Six columns, the customers being the order of their rows.
    assert counted["T1"] == 6 * expected["T1"]["n"]
    with gzip.open(folder / "events_small.xes.gz") as text:
        content = text.read()
    assert counted["T10gz"] == len(content) and counted["T10"] == content.count(b"<")
