"""One peer, some tasks, in a process of its own: measure.py FOLDER SIZE RUNS PEER TASK... -> a JSON line for each task.

What is prepared before a task (the log for T2 to T8) is not timed. Each task is done once to warm up, then RUNS times on a
quiet machine; its result goes to FOLDER/results/PEER_TASK_SIZE.json. The program of journey does the same."""
import gc, importlib, json, os, resource, sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE / "peers")]
os.environ.setdefault("RETENTIONEERING_NO_TRACK", "1")


def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main():
    folder, size, runs, name, *tasks = sys.argv[1:]
    os.environ["BENCH_DATA"] = folder
    import common, quiet
    peer = importlib.import_module(f"{name}_peer")
    results = Path(folder) / "results"
    results.mkdir(parents=True, exist_ok=True)
    log = None
    for task in tasks:
        if task not in peer.TASKS:
            print(json.dumps(dict(peer=name, task=task, size=size, error="not there")), flush=True)
            continue
        if task in common.PIPE and log is None:
            log = peer.SETUP(size)
        argument = log if task in common.PIPE else size
        answer = peer.TASKS[task](argument)                       # warm-up
        timed = []
        for _ in range(int(runs)):
            answer = None
            gc.collect()
            answer, run = quiet.patient_run(lambda: peer.TASKS[task](argument))
            timed.append(run)
        peak = peak_mb()               # writing the result down, for comparison, is not part of the task
        (results / f"{name}_{task}_{size}.json").write_text(json.dumps(peer.canon(task, answer)))
        answer = None
        print(json.dumps(dict(
            peer=name, task=task, size=size, version=peer.VERSION, times=[r["wall"] for r in timed],
            cpu=[r["cpu"] for r in timed], foreign=[r["foreign"] for r in timed],
            contended=any(r["contended"] for r in timed), rss_mb=peak,
            note=getattr(peer, "NOTES", {}).get(task))), flush=True)


if __name__ == "__main__":
    main()
