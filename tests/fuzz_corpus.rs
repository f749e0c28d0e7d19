//! Everything that reads what strangers write, tried with each file in `fuzz/corpus`, in bounded time and memory.
//!
//! The programs in `fuzz/` find such files; one that once broke something stays there.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::panic::catch_unwind;
use std::time::{Duration, Instant};

use journey_tests::folder;
use journey_tests::strangers::READERS;

/// Far more than any of the files needs, even if it is not optimised and other programs run beside it.
const LONGEST: Duration = Duration::from_secs(20);

/// Asks the system for no more memory than this: a length that a file only claims is not to be taken at its word.
#[cfg(target_os = "linux")]
fn limit_memory() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    /// What threads reserve for their stacks and heaps is counted, though most of it is never used.
    const MOST: u64 = 4 << 30;
    setrlimit(Resource::As, Rlimit { current: Some(MOST), maximum: None }).unwrap();
}

#[cfg(not(target_os = "linux"))]
fn limit_memory() {}

#[test]
fn whatever_strangers_write_nothing_panics_or_takes_for_ever() {
    limit_memory();
    for (name, read) in READERS {
        let files = folder().join("../fuzz/corpus").join(name);
        let mut paths: Vec<_> = fs::read_dir(&files).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        assert!(paths.len() >= 20, "{} has {} files", files.display(), paths.len());
        for path in paths {
            let bytes = fs::read(&path).unwrap();
            let begun = Instant::now();
            let outcome = catch_unwind(|| read(&bytes));
            assert!(outcome.is_ok(), "{} makes it panic, as it says above", path.display());
            assert!(begun.elapsed() < LONGEST, "{} takes {:?}", path.display(), begun.elapsed());
        }
    }
}

#[test]
fn every_reader_has_a_program_and_a_corpus() {
    let names = |place: &str| {
        let entries = fs::read_dir(folder().join("../fuzz").join(place)).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned()).collect();
        names.sort();
        names
    };
    let readers = READERS.map(|(name, _)| name);
    assert_eq!(names("targets"), readers);
    assert_eq!(names("corpus"), readers);
}
