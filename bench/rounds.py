"""All programs side by side: rounds.py FOLDER SIZE ROUNDS RUNS RESULTS PEER... -- TASK...

A peer is a name, for bench/peers, or NAME=PROGRAM. Each round starts one program after the other; ratios are formed inside a
round only, since machines change their speed. After the second round the slow ones are left out. In the first round each reads a file to all answers, and XES to
a log, once more in a process of its own, for the memory that takes."""
import json, os, subprocess, sys
from pathlib import Path

HERE = Path(__file__).parent
WHOLE = ("T9", "T10", "T11")
SLOW = ("pm4py", "retentioneering", "r4pm")  # they take minutes, and far more than any other


def lines(peer, folder, size, runs, tasks):
    """what a program prints; of what it cannot do, a line that says so"""
    name, _, program = peer.partition("=")
    command = [program] if program else [sys.executable, HERE / "measure.py"]
    arguments = [folder, size, runs, *([] if program else [name]), *tasks]
    # How long the allocator of our programs keeps what was freed: a tenth of a second and not a whole one, for less memory.
    keeping = dict(os.environ, MIMALLOC_PURGE_DELAY="100")
    done = subprocess.run([*command, *arguments], stdout=subprocess.PIPE, text=True, env=keeping)
    rows = [json.loads(x) for x in done.stdout.splitlines() if x.startswith("{")]
    if done.returncode:
        print(f"{name} ended with {done.returncode}", file=sys.stderr)
        if name == "journey":
            sys.exit(1)
        rows.append(dict(peer=name, task=tasks[len(rows)] if len(rows) < len(tasks) else "", size=size, error="failed"))
    return rows


def main():
    folder, size, rounds, runs, results, *rest = sys.argv[1:]
    cut = rest.index("--")
    peers, tasks = rest[:cut], rest[cut + 1:]
    if size == "10M":
        tasks = [t for t in tasks if t not in ("T10", "T10gz", "T1ndjson")]
    # Results of another time, perhaps of tasks that are gone, are not to be compared with these.
    for old in (Path(folder) / "results").glob(f"*_{size}.json"):
        old.unlink()
    kept = []
    for number in range(1, int(rounds) + 1):
        for peer in peers if number <= 2 else (peer for peer in peers if peer not in SLOW):
            found = lines(peer, folder, size, runs, tasks)
            for row in found:
                kept.append(dict(row, round=number, cores=os.cpu_count()))
                if row.get("times"):
                    t = sorted(row["times"])
                    print(f"{number} {row['peer']:16} {row['task']:9} {t[len(t) // 2]:9.4f} s  cpu/wall {sum(row['cpu']) / sum(t):.2f}"
                          f"{'  CONTENDED' if row['contended'] else ''}", flush=True)
            if number == 1 and not peer.startswith("floor="):
                for task in (t for t in WHOLE if any(r["task"] == t and r.get("times") for r in found)):
                    kept += [dict(r, round="memory") for r in lines(peer, folder, size, "0", [task])]
            Path(results).write_text(json.dumps(kept, indent=1) + "\n")


if __name__ == "__main__":
    main()
