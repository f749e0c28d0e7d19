//! Counts in a table of steps by touchpoints, or of steps by pairs of touchpoints.

use rustc_hash::FxHashMap;

use crate::threads::sort;

/// The counts, in a dense table where that is small, so that neither a log of many touchpoints nor an option of many
/// steps asks for more memory than there are events.
pub(super) enum Cells {
    Dense { sources: usize, targets: usize, counts: Vec<u64> },
    Sparse(FxHashMap<(u32, u32, u32), u64>),
}

/// A cell that is not 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cell {
    pub(super) step: u32,
    pub(super) source: u32,
    pub(super) target: u32,
    pub(super) count: u64,
}

impl Cells {
    /// A table of this many steps, each a table of sources by targets; one source where there are no pairs.
    pub(super) fn new(steps: usize, sources: usize, targets: usize) -> Self {
        /// At most this many cells make a table of eight megabytes.
        const FEW: usize = 1 << 20;
        let size = steps.checked_mul(sources).and_then(|size| size.checked_mul(targets));
        match size.filter(|size| *size <= FEW) {
            Some(size) => Self::Dense { sources, targets, counts: vec![0; size] },
            None => Self::Sparse(FxHashMap::default()),
        }
    }

    pub(super) fn add(&mut self, step: u32, source: u32, target: u32) {
        match self {
            Self::Dense { sources, targets, counts } => {
                let place = (step as usize * *sources + source as usize) * *targets + target as usize;
                if let Some(count) = counts.get_mut(place) {
                    *count += 1;
                }
            }
            Self::Sparse(counts) => *counts.entry((step, source, target)).or_default() += 1,
        }
    }

    /// Counts one target in each of the steps from this one on, where there are no pairs.
    pub(super) fn add_run(&mut self, first: u32, targets: &[u32]) {
        match self {
            Self::Dense { sources, targets: width, counts } => {
                let rows = counts.chunks_exact_mut((*sources * *width).max(1)).skip(first as usize);
                for (row, target) in rows.zip(targets) {
                    row.get_mut(*target as usize).into_iter().for_each(|count| *count += 1);
                }
            }
            Self::Sparse(_) => (first..).zip(targets).for_each(|(step, target)| self.add(step, 0, *target)),
        }
    }

    /// Takes in another table of the same size.
    pub(super) fn merge(&mut self, other: Self) {
        match (self, other) {
            (Self::Dense { counts, .. }, Self::Dense { counts: more, .. }) => {
                for (count, more) in counts.iter_mut().zip(more) {
                    *count += more;
                }
            }
            (Self::Sparse(counts), Self::Sparse(more)) =>
            {
                #[expect(clippy::iter_over_hash_type, reason = "counts add up the same in any order")]
                for (place, count) in more {
                    *counts.entry(place).or_default() += count;
                }
            }
            // Tables of the same size are of the same kind.
            (Self::Dense { .. }, Self::Sparse(_)) | (Self::Sparse(_), Self::Dense { .. }) => {}
        }
    }

    /// The cells that are not 0, by step, source and target.
    pub(super) fn filled(self) -> Vec<Cell> {
        match self {
            Self::Dense { sources, targets, counts } => {
                let places = (0u32..).flat_map(|step| {
                    (0u32..)
                        .take(sources)
                        .flat_map(move |source| (0u32..).take(targets).map(move |target| (step, source, target)))
                });
                // The counts end, so the endless places do too; a table without cells is not asked for any.
                let cells = counts.iter().copied().zip(places);
                cells
                    .filter(|(count, _)| *count > 0)
                    .map(|(count, (step, source, target))| Cell { step, source, target, count })
                    .collect()
            }
            Self::Sparse(counts) => {
                let mut cells: Vec<Cell> = counts
                    .into_iter()
                    .map(|((step, source, target), count)| Cell { step, source, target, count })
                    .collect();
                sort(&mut cells, Ord::cmp);
                cells
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_and_large_tables_count_the_same() {
        let filled = |mut cells: Cells, mut more: Cells| {
            for (step, source, target) in [(1, 1, 2), (0, 0, 0), (1, 1, 2)] {
                cells.add(step, source, target);
            }
            more.add(1, 1, 2);
            more.add(0, 1, 0);
            cells.merge(more);
            cells.filled()
        };
        let small = filled(Cells::new(2, 2, 3), Cells::new(2, 2, 3));
        assert!(matches!(Cells::new(2, 1 << 31, 1 << 31), Cells::Sparse(_)));
        assert_eq!(small, filled(Cells::new(2, 1 << 31, 1 << 31), Cells::new(2, 1 << 31, 1 << 31)));
        let counts: Vec<_> = small.iter().map(|cell| (cell.step, cell.source, cell.target, cell.count)).collect();
        assert_eq!(counts, [(0, 0, 0, 1), (0, 1, 0, 1), (1, 1, 2, 3)]);
        assert_eq!(Cells::new(3, 1, 0).filled(), []);
    }

    #[test]
    fn a_run_counts_what_its_cells_count() {
        for targets in [3, 1 << 31] {
            let (mut run, mut single) = (Cells::new(4, 1, targets), Cells::new(4, 1, targets));
            run.add_run(1, &[2, 0]);
            run.add_run(3, &[1, 1]);
            for (step, target) in [(1, 2), (2, 0), (3, 1)] {
                single.add(step, 0, target);
            }
            let within = |cells: Cells| cells.filled().into_iter().filter(|cell| cell.step < 4).collect::<Vec<_>>();
            assert_eq!(within(run), within(single));
        }
        Cells::new(3, 1, 0).add_run(0, &[0]);
    }
}
