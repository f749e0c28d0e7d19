"""What Python costs: a table in memory to a log, and the log to its bottlenecks, beside the same in Rust.

python.py FILE PROGRAM [--rounds N] [--runs N]; FILE is a Parquet file that generate.py makes, PROGRAM the built `table` of this
package. Both hold the same table of Arrow, read from the same file. Each round runs one after the other in processes of their
own, and ratios are formed inside a round. Memory is the most a process had until the first report was there, and how much more
that is than before the log was made, with the table in memory: the interpreter and pyarrow are there before."""
import argparse, gc, json, os, statistics, subprocess, sys, tempfile
from pathlib import Path

import pyarrow
import pyarrow.parquet

import journey
import quiet

COLUMNS = dict(journey="customer_id", touchpoint="touchpoint", time="timestamp", channel="channel")
STEPS = (("table to log", "reading"), ("bottlenecks", "asking"))


def memory(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name + ":"))


def ours(file, runs):
    with pyarrow.OSFile(file) as opened:
        table = pyarrow.ipc.open_file(opened).read_all()
    gc.collect()
    before = memory("VmRSS")
    log = journey.EventLog(table, **COLUMNS)
    report = journey.bottlenecks(log)
    peak = memory("VmHWM")
    reading, asking = [], []
    for _ in range(runs):
        reading.append(quiet.patient_run(lambda: journey.EventLog(table, **COLUMNS) and None)[1])
        asking.append(quiet.patient_run(lambda: journey.bottlenecks(log) and None)[1])
    print(json.dumps(dict(
        events=len(log), transitions=len(report.transitions), total_seconds=report.total_seconds,
        reading=[run["wall"] for run in reading], asking=[run["wall"] for run in asking], before_mb=before, peak_mb=peak,
        contended=any(run["contended"] for run in reading + asking))))


def asked(command):
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("file")
    arguments.add_argument("program")
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--runs", type=int, default=7)
    given = arguments.parse_args()
    if given.program == "python":
        return ours(given.file, given.runs)
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "table.arrow")
        table = pyarrow.parquet.read_table(given.file, columns=list(COLUMNS.values()))
        with pyarrow.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table, max_chunksize=1 << 16)
        del table
        ratios = {what: [] for what, _ in STEPS} | {"both": [], "peak": [], "more than the table": []}
        for number in range(1, given.rounds + 1):
            rust = asked([given.program, file, str(given.runs)])
            python = asked([sys.executable, __file__, file, "python", "--runs", str(given.runs)])
            same = [name for name in ("events", "transitions", "total_seconds") if rust[name] != python[name]]
            assert not same, f"the results differ in {same}"
            seconds = {name: [statistics.median(one[name]) for one in (rust, python)] for _, name in STEPS}
            seconds["both"] = [sum(one) for one in zip(*seconds.values())]
            megabytes = {"peak": [one["peak_mb"] for one in (rust, python)]}
            megabytes["more than the table"] = [one["peak_mb"] - one["before_mb"] for one in (rust, python)]
            for what, name in (*STEPS, ("both", "both")):
                ratios[what].append(seconds[name][1] / seconds[name][0])
                print(f"{number} {what:20} Rust {seconds[name][0] * 1000:8.1f} ms   Python {seconds[name][1] * 1000:8.1f} ms   {ratios[what][-1]:.3f}")
            for what, (one, other) in megabytes.items():
                ratios[what].append(other / one)
                print(f"{number} {what:20} Rust {one:8.0f} MB   Python {other:8.0f} MB   {ratios[what][-1]:.3f}")
            if rust["contended"] or python["contended"]:
                print(f"{number} others computed meanwhile", flush=True)
        print("\nPython to Rust, the median of rounds, and their range")
        for what, each in ratios.items():
            print(f"{what:20} {statistics.median(each):.3f}   {min(each):.3f} to {max(each):.3f}")


main()
