//! T7: the mean score at each touchpoint, and by how much it changes from one event to the next.

use journey_core::{Fold, Journey, LogNames};

/// What T7 reports, each with its count and mean.
pub(crate) struct Scores {
    pub(crate) touchpoints: Vec<(String, u64, f64)>,
    pub(crate) transitions: Vec<(String, String, u64, f64)>,
}

/// Adds up scores by touchpoint, and their changes by transition.
pub(crate) struct ScoreSums {
    touchpoints: Vec<Sum>,
    /// A cell for each pair of touchpoints, row by row.
    transitions: Vec<Sum>,
}

#[derive(Clone, Copy, Default)]
struct Sum {
    n: u64,
    /// In units of 2^-60, so that no order of additions shows.
    units: i128,
}

const UNITS: f64 = (1u64 << 60) as f64;

impl Sum {
    fn add(&mut self, value: f64) {
        self.n += 1;
        // Scores lie within -2 and 2, their changes within -4 and 4.
        #[expect(clippy::cast_possible_truncation, reason = "what lies below 2^-60 is cut off")]
        let units = (value * UNITS) as i64;
        self.units += i128::from(units);
    }

    #[expect(clippy::cast_precision_loss, reason = "the nearest float is what is asked for")]
    fn mean(self) -> f64 {
        self.units as f64 / UNITS / self.n as f64
    }
}

impl ScoreSums {
    pub(crate) fn new(names: &LogNames) -> Self {
        let touchpoints = names.touchpoints.len();
        let sums = |count| vec![Sum::default(); count];
        Self { touchpoints: sums(touchpoints), transitions: sums(touchpoints * touchpoints) }
    }
}

impl Fold for ScoreSums {
    type Report = Scores;

    fn journey(&mut self, journey: Journey<'_>) {
        let mut before: Option<(u32, f64)> = None;
        for (touchpoint, score) in journey.touchpoints().iter().zip(journey.scores()) {
            if let (Some(score), Some(sum)) = (score, self.touchpoints.get_mut(*touchpoint as usize)) {
                sum.add(score);
                let pair = before
                    .map(|(from, old)| (from as usize * self.touchpoints.len() + *touchpoint as usize, score - old));
                if let Some((sum, change)) = pair.and_then(|(at, change)| Some((self.transitions.get_mut(at)?, change)))
                {
                    sum.add(change);
                }
            }
            before = score.map(|score| (*touchpoint, score));
        }
    }

    fn merge(&mut self, other: Self) {
        let pairs = self.touchpoints.iter_mut().zip(other.touchpoints);
        for (sum, more) in pairs.chain(self.transitions.iter_mut().zip(other.transitions)) {
            sum.n += more.n;
            sum.units += more.units;
        }
    }

    fn finish(self, names: &LogNames) -> Scores {
        let count = self.touchpoints.len();
        let name =
            |place: usize| u32::try_from(place).map(|code| names.touchpoints.name(code)).unwrap_or_default().to_owned();
        let filled = |sums: Vec<Sum>| sums.into_iter().enumerate().filter(|(_, sum)| sum.n > 0);
        let touchpoints = filled(self.touchpoints).map(|(place, sum)| (name(place), sum.n, sum.mean()));
        let transitions =
            filled(self.transitions).map(|(place, sum)| (name(place / count), name(place % count), sum.n, sum.mean()));
        Scores { touchpoints: touchpoints.collect(), transitions: transitions.collect() }
    }
}
