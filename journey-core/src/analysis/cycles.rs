//! Pieces of journeys that go back: ping-pongs and cycles, how often and in how many journeys each comes up.

use rustc_hash::FxHashMap;

use crate::log::Journey;
use crate::sorting::SortRows;

/// The fewest events of a ping-pong: a, b, a, b.
const PING_PONG: u64 = 4;

/// Ping-pongs, by the two touchpoints in the order of their names, and cycles, by all their touchpoints.
pub(super) struct Circles {
    longest: usize,
    pub(super) ping_pongs: Tallies,
    pub(super) cycles: Tallies,
}

impl Circles {
    pub(super) fn new(longest: u64) -> Self {
        let longest = usize::try_from(longest).unwrap_or(usize::MAX);
        Self { longest, ping_pongs: Tallies::default(), cycles: Tallies::default() }
    }

    pub(super) fn journey(&mut self, journey: Journey<'_>) {
        let path = journey.touchpoints();
        self.ping_pongs.journeys += 1;
        alternations(path, |a, b, events| {
            if events >= PING_PONG {
                self.ping_pongs.add(&[a.min(b), a.max(b)], events);
            }
        });
        self.cycles.journeys += 1;
        for size in 3..=self.longest {
            for piece in path.windows(size) {
                if piece.first() == piece.last() && piece.iter().any(|touchpoint| Some(touchpoint) != piece.first()) {
                    self.cycles.add(piece, size as u64);
                }
            }
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.ping_pongs.merge(other.ping_pongs);
        self.cycles.merge(other.cycles);
    }
}

/// Calls with the last two touchpoints and the number of events of each maximal piece in which two touchpoints
/// alternate.
fn alternations(path: &[u32], mut found: impl FnMut(u32, u32, u64)) {
    let (mut before, mut last, mut events) = (None, None, 0);
    for touchpoint in path.iter().copied().map(Some).chain([None]) {
        if events >= 2 && touchpoint == before {
            events += 1;
        } else {
            if let (Some(before), Some(last)) = (before, last)
                && events >= 2
            {
                found(before, last, events);
            }
            // The last event of a piece may be the first of the next.
            events = if last.is_none() || touchpoint == last { 1 } else { 2 };
        }
        (before, last) = (last, touchpoint);
    }
}

/// A piece of journeys, by its touchpoints, with how often it came up.
pub(super) type Counted = (Box<[u32]>, Tally);

/// How often each piece came up.
#[derive(Default)]
pub(super) struct Tallies {
    journeys: u64,
    found: FxHashMap<Box<[u32]>, Tally>,
}

#[derive(Clone, Copy, Default)]
pub(super) struct Tally {
    pub(super) count: u64,
    pub(super) journeys: u64,
    /// Events of the longest.
    pub(super) longest: u64,
    /// The number of the last journey that was counted here.
    last: u64,
}

impl Tallies {
    fn add(&mut self, piece: &[u32], events: u64) {
        let journey = self.journeys;
        let new = Tally { count: 1, journeys: 1, longest: events, last: journey };
        match self.found.get_mut(piece) {
            Some(tally) => {
                tally.count += 1;
                tally.journeys += u64::from(tally.last != journey);
                tally.longest = tally.longest.max(events);
                tally.last = journey;
            }
            None => drop(self.found.insert(piece.into(), new)),
        }
    }

    fn merge(&mut self, other: Self) {
        self.journeys += other.journeys;
        #[expect(clippy::iter_over_hash_type, reason = "counts add up the same in any order")]
        for (piece, more) in other.found {
            let tally = self.found.entry(piece).or_default();
            tally.count += more.count;
            tally.journeys += more.journeys;
            tally.longest = tally.longest.max(more.longest);
        }
        #[expect(clippy::iter_over_hash_type, reason = "each is set by itself")]
        for tally in self.found.values_mut() {
            // The numbers of journeys to come are above both.
            tally.last = 0;
        }
    }

    /// Those of the most journeys first, then the most frequent, ties by name; and how many the limit cut off.
    pub(super) fn ranked(self, limit: Option<u64>) -> (Vec<Counted>, u64) {
        let mut ranked: Vec<Counted> = self.found.into_iter().collect();
        ranked.sort_rows_by(|(a, one), (b, other)| {
            (other.journeys, other.count).cmp(&(one.journeys, one.count)).then_with(|| a.cmp(b))
        });
        let left_out = super::cut(&mut ranked, limit);
        (ranked, left_out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_touchpoints_take_turns_until_one_is_missed() {
        let pieces = |path: &[u32]| {
            let mut pieces = Vec::new();
            alternations(path, |a, b, events| pieces.push((a.min(b), a.max(b), events)));
            pieces
        };
        assert_eq!(pieces(&[]), []);
        assert_eq!(pieces(&[1]), []);
        assert_eq!(pieces(&[1, 1, 1]), []);
        assert_eq!(pieces(&[1, 2]), [(1, 2, 2)]);
        assert_eq!(pieces(&[1, 2, 1, 2, 1]), [(1, 2, 5)]);
        assert_eq!(
            pieces(&[1, 2, 1, 2, 3, 2, 3]),
            [(1, 2, 4), (2, 3, 4)],
            "2 is the last of one and the first of the other"
        );
        assert_eq!(pieces(&[1, 2, 2, 1, 2, 1]), [(1, 2, 2), (1, 2, 4)], "a run ends the turns");
    }
}
