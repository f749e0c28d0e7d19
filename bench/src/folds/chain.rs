//! T6: how customers move from channel to channel until they buy, and what each channel's removal would cost.

use journey_core::{Fold, Journey, LogNames};

/// What T6 reports.
pub(crate) struct Removal {
    /// For each channel on a path: its name, its removal effect, and its share of the conversions in proportion to that.
    pub(crate) channels: Vec<(String, f64, f64)>,
    pub(crate) conversions: u64,
}

/// Counts the steps of the first-order chain of channels, from the start to the goal or to nothing.
pub(crate) struct ChannelChain {
    goal: Option<u32>,
    channels: usize,
    /// From each channel, and last from the start, to each channel, then to the goal, then to nothing.
    counts: Vec<u64>,
}

impl ChannelChain {
    pub(crate) fn new(names: &LogNames, goal: Option<u32>) -> Self {
        let channels = names.channels.len();
        Self { goal, channels, counts: vec![0; (channels + 1) * (channels + 2)] }
    }

    fn step(&mut self, from: usize, to: usize) {
        if let Some(count) = self.counts.get_mut(from * (self.channels + 2) + to) {
            *count += 1;
        }
    }
}

impl Fold for ChannelChain {
    type Report = Removal;

    fn journey(&mut self, journey: Journey<'_>) {
        let goal = journey.touchpoints().iter().position(|code| Some(*code) == self.goal);
        let mut from = self.channels;
        for channel in journey.channels().take(goal.unwrap_or(journey.len())).flatten() {
            self.step(from, channel as usize);
            from = channel as usize;
        }
        if from < self.channels {
            self.step(from, self.channels + usize::from(goal.is_none()));
        }
    }

    fn merge(&mut self, other: Self) {
        for (count, more) in self.counts.iter_mut().zip(other.counts) {
            *count += more;
        }
    }

    fn finish(self, names: &LogNames) -> Removal {
        let rows: Vec<&[u64]> = self.counts.chunks(self.channels + 2).collect();
        let conversions = rows.iter().filter_map(|row| row.get(self.channels)).sum();
        let shares: Vec<Vec<f64>> = rows.iter().map(|row| shares(row)).collect();
        let all = conversion(&shares, self.channels, None);
        let visited =
            (0..self.channels).filter(|channel| rows.get(*channel).is_some_and(|row| row.iter().any(|n| *n > 0)));
        let effects: Vec<(usize, f64)> =
            visited.map(|channel| (channel, 1.0 - conversion(&shares, self.channels, Some(channel)) / all)).collect();
        let sum: f64 = effects.iter().map(|(_, effect)| effect).sum();
        let channels = effects.into_iter().map(|(channel, effect)| {
            let name = u32::try_from(channel).map(|code| names.channels.name(code)).unwrap_or_default();
            (name.to_owned(), effect, effect / sum * float(conversions))
        });
        Removal { channels: channels.collect(), conversions }
    }
}

fn shares(row: &[u64]) -> Vec<f64> {
    let of = float(row.iter().sum::<u64>().max(1));
    row.iter().map(|count| float(*count) / of).collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn float(count: u64) -> f64 {
    count as f64
}

/// The probability of reaching the goal from the start, where steps into `removed` lead to nothing: exact, by elimination.
///
/// With `Q` the steps between states and `r` those to the goal, `p = Q p + r`. States are eliminated one after the other;
/// what is left of the start's row is the answer.
fn conversion(shares: &[Vec<f64>], channels: usize, removed: Option<usize>) -> f64 {
    let mut rows: Vec<Vec<f64>> = shares.iter().map(|row| row.iter().take(channels + 1).copied().collect()).collect();
    if let Some(removed) = removed {
        rows.iter_mut().filter_map(|row| row.get_mut(removed)).for_each(|share| *share = 0.0);
    }
    for state in 0..channels {
        let Some(mut pivot) = rows.get(state).cloned() else { continue };
        let stay = 1.0 - pivot.get(state).copied().unwrap_or_default();
        if stay <= 0.0 {
            continue;
        }
        pivot.iter_mut().for_each(|share| *share /= stay);
        for row in rows.iter_mut().skip(state + 1) {
            let Some(via) = row.get_mut(state).map(std::mem::take) else { continue };
            for (share, more) in row.iter_mut().zip(&pivot).skip(state + 1) {
                *share += via * more;
            }
        }
    }
    rows.last().and_then(|start| start.get(channels)).copied().unwrap_or_default()
}
