"""Is anybody else computing? A neighbour on one of two cores silently makes a measurement of two cores one of a single
core. So each timed run is watched:

    foreign = CPU seconds of the whole machine - CPU seconds of this process and its finished children

and a run with more than LIMIT of a core of it is thrown away and repeated. Neighbours are never touched. The program of
journey has the same rules, in src/quiet.rs. Where a system does not say what the machine computes, every run counts."""
import os, time

LIMIT = 0.05                     # of one core
LEAST = 0.003                    # seconds; below that the clocks are too coarse to blame anyone
MOST_THROWN = 12
ACCOUNT = "/sys/fs/cgroup/cpuacct/cpuacct.usage"       # ns, whole machine (cgroup v1); else /proc/stat


def machine():
    try:
        with open(ACCOUNT) as f:
            return int(f.read()) / 1e9
    except OSError:
        pass
    try:
        with open("/proc/stat") as f:
            user, nice, system, _, _, irq, soft, *_ = map(int, f.readline().split()[1:])
        return (user + nice + system + irq + soft) / os.sysconf("SC_CLK_TCK")
    except OSError:
        return None


def own():
    t = os.times()
    return time.process_time() + t.children_user + t.children_system


def watched(work):
    m, o, t = machine(), own(), time.perf_counter()
    result = work()
    wall, cpu = time.perf_counter() - t, own() - o
    others = 0.0 if m is None else max(0.0, machine() - m - cpu)
    return result, dict(wall=wall, cpu=cpu, foreign=others / max(wall, 1e-9), contended=others > max(LIMIT * wall, LEAST))


def wait():
    """sleep until two moments in a row were quiet, for a minute at most"""
    quiet = 0
    for _ in range(240):
        _, run = watched(lambda: time.sleep(0.25))
        quiet = quiet + 1 if run["foreign"] < LIMIT else 0
        if quiet == 2:
            return


def patient_run(work):
    """-> (result, run) of a run during which the machine was quiet, or of the quietest there was"""
    best = None
    for _ in range(MOST_THROWN):
        wait()
        result, run = watched(work)
        if not run["contended"]:
            return result, run
        if best is None or run["foreign"] < best[1]["foreign"]:
            best = result, run
        result = None
    return best
