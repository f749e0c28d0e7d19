"""The peers and journey side by side: rounds.py FOLDER SIZE ROUNDS RUNS PROGRAM RESULTS PEER... -- TASK...

Each round starts one program after the other; ratios are formed inside a round only, since a machine changes its speed."""
import json, subprocess, sys, time
from pathlib import Path

HERE = Path(__file__).parent


def lines(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    rows = [json.loads(x) for x in done.stdout.splitlines() if x.startswith("{")]
    if done.returncode:
        print(f"{' '.join(map(str, command[-4:]))}: exit {done.returncode}", file=sys.stderr)
    return rows


def main():
    folder, size, rounds, runs, program, results, *rest = sys.argv[1:]
    cut = rest.index("--")
    peers, tasks = rest[:cut], rest[cut + 1:]
    out = Path(results)
    kept = json.loads(out.read_text()) if out.exists() else []
    for number in range(int(rounds)):
        for peer in ["journey", *peers]:
            command = [program, folder, size, runs, *tasks] if peer == "journey" else \
                      [sys.executable, HERE / "measure.py", folder, size, runs, peer, *tasks]
            for row in lines(command):
                kept.append(dict(row, round=f"{time.strftime('%Y-%m-%d')} {number + 1}"))
                if "times" in row:
                    t = sorted(row["times"])
                    print(f"{number + 1} {peer:10} {row['task']:9} {t[len(t) // 2]:9.4f} s  cpu/wall {sum(row['cpu']) / sum(t):.2f}"
                          f"{'  CONTENDED' if row['contended'] else ''}", flush=True)
        out.write_text(json.dumps(kept, indent=1) + "\n")


if __name__ == "__main__":
    main()
