//! Is anybody else computing? A neighbour on one of two cores silently makes a measurement of two cores one of a single core.
//!
//! So each timed run is watched: what the whole machine computed, less what this process did, is foreign, and a run with
//! more than a twentieth of a core of it is thrown away and repeated. Neighbours are never touched. Where a system does not
//! say what the machine computes, every run counts.

use std::time::{Duration, Instant};

/// The foreign share of one core that a run may have.
const LIMIT: f64 = 0.05;
/// Below this many seconds the clocks are too coarse to blame anyone.
const LEAST: f64 = 0.003;
/// After this many runs that were thrown away the best of them counts, and is marked as contended.
const MOST_THROWN: usize = 12;

/// A timed run.
pub(crate) struct Run {
    /// Seconds on the clock.
    pub(crate) wall: f64,
    /// Seconds computed by this process, on all cores.
    pub(crate) cpu: f64,
    /// Seconds computed by others, as a share of one core.
    pub(crate) foreign: f64,
    /// Whether a quiet run could not be had.
    pub(crate) contended: bool,
}

/// Does the work when the machine is quiet, again until it stayed quiet.
pub(crate) fn patient_run<T>(work: impl Fn() -> T) -> (T, Run) {
    let mut best: Option<(T, Run)> = None;
    for _ in 0..MOST_THROWN {
        wait();
        let (result, run) = watched(&work);
        if !run.contended {
            return (result, run);
        }
        if best.as_ref().is_none_or(|(_, other)| run.foreign < other.foreign) {
            best = Some((result, run));
        }
    }
    best.unwrap_or_else(|| watched(&work))
}

fn watched<T>(work: impl Fn() -> T) -> (T, Run) {
    let (machine, own, clock) = (machine_seconds(), own_seconds(), Instant::now());
    let result = work();
    let (wall, cpu) = (clock.elapsed().as_secs_f64(), own_seconds() - own);
    let others = machine.zip(machine_seconds()).map_or(0.0, |(before, after)| (after - before - cpu).max(0.0));
    let contended = others > (LIMIT * wall).max(LEAST);
    (result, Run { wall, cpu, foreign: others / wall.max(1e-9), contended })
}

/// Sleeps until two moments in a row were quiet, for a minute at most.
fn wait() {
    let mut quiet = 0;
    for _ in 0..240 {
        let ((), run) = watched(|| std::thread::sleep(Duration::from_millis(250)));
        quiet = if run.foreign < LIMIT { quiet + 1 } else { 0 };
        if quiet == 2 {
            return;
        }
    }
}

/// Seconds computed by the whole machine since it started.
fn machine_seconds() -> Option<f64> {
    if let Ok(nanoseconds) = std::fs::read_to_string("/sys/fs/cgroup/cpuacct/cpuacct.usage") {
        return nanoseconds.trim().parse::<f64>().ok().map(|nanoseconds| nanoseconds / 1e9);
    }
    let stat = std::fs::read_to_string("/proc/stat").ok()?;
    // user, nice, system, idle, waiting, interrupts, soft interrupts; in hundredths of a second.
    let ticks: Vec<f64> = stat.lines().next()?.split_whitespace().skip(1).filter_map(|n| n.parse().ok()).collect();
    let [user, nice, system, _, _, interrupts, soft, ..] = ticks[..] else { return None };
    Some((user + nice + system + interrupts + soft) / 100.0)
}

/// Seconds computed by this process on all cores.
#[cfg(unix)]
fn own_seconds() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default()).as_secs_f64()
}

#[cfg(not(unix))]
fn own_seconds() -> f64 {
    0.0
}

/// The memory of this process in megabytes, where the system says so: `VmRSS` is what it has, `VmHWM` the most it has had.
pub(crate) fn memory(name: &str) -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    line.split_whitespace().next()?.parse::<f64>().ok().map(|kibibytes| kibibytes / 1024.0)
}
