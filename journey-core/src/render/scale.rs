//! Round numbers: ticks of axes, and the classes of a colour scale.

use super::words::{Language, Word};

/// Round lengths of time, in seconds.
const ROUND_TIMES: [f64; 26] = [
    0.001,
    0.01,
    0.1,
    1.0,
    2.0,
    5.0,
    10.0,
    20.0,
    30.0,
    60.0,
    120.0,
    300.0,
    600.0,
    1200.0,
    1800.0,
    3600.0,
    7200.0,
    21_600.0,
    43_200.0,
    86_400.0,
    172_800.0,
    604_800.0,
    2_592_000.0,
    7_776_000.0,
    31_536_000.0,
    315_360_000.0,
];

/// The units of times, in seconds.
const UNITS: [f64; 5] = [86_400.0, 3_600.0, 60.0, 1.0, 0.001];

/// Where classes of times part.
const PARTING_TIMES: [f64; 38] = [
    0.001,
    0.01,
    0.1,
    0.5,
    1.0,
    2.0,
    3.0,
    5.0,
    10.0,
    15.0,
    20.0,
    30.0,
    45.0,
    60.0,
    90.0,
    120.0,
    150.0,
    180.0,
    300.0,
    600.0,
    900.0,
    1200.0,
    1800.0,
    3600.0,
    5400.0,
    7200.0,
    10_800.0,
    21_600.0,
    43_200.0,
    86_400.0,
    172_800.0,
    259_200.0,
    604_800.0,
    1_209_600.0,
    2_592_000.0,
    7_776_000.0,
    31_536_000.0,
    315_360_000.0,
];

/// Up to five classes of a figure, by the values that part them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Classes {
    bounds: Vec<f64>,
    /// The class of the lowest values, from 1 to 5; the highest have 5.
    first: usize,
}

impl Classes {
    fn new(bounds: Vec<f64>) -> Self {
        Self { first: 5_usize.saturating_sub(bounds.len()).max(1), bounds }
    }

    /// The class of a value: a bound belongs to the class above it.
    pub(super) fn of(&self, value: f64) -> usize {
        self.first + self.bounds.iter().filter(|bound| value >= **bound).count()
    }

    /// The classes in order, each with its name.
    pub(super) fn names(&self, lang: Language, written: impl Fn(f64) -> String) -> Vec<(usize, String)> {
        let bound = |place: usize| self.bounds.get(place).copied().map(&written);
        (0..=self.bounds.len())
            .filter_map(|place| {
                let (low, high) = (place.checked_sub(1).and_then(bound), bound(place));
                let name = match (low, high) {
                    (Some(low), Some(high)) => lang.interval(&low, &high),
                    (None, Some(high)) => lang.fill(Word::Below, &[("high", &high)]),
                    (Some(low), None) => lang.fill(Word::FromOn, &[("low", &low)]),
                    (None, None) => return None,
                };
                Some((self.first + place, name))
            })
            .collect()
    }
}

/// Classes of shares.
pub(super) fn share_classes() -> Classes {
    Classes::new(vec![0.1, 0.25, 0.5, 0.75])
}

/// Classes of times, parted at round times so that each holds about as many.
pub(super) fn time_classes(seconds: impl Iterator<Item = f64>) -> Classes {
    let mut seconds: Vec<f64> = seconds.collect();
    seconds.sort_unstable_by(f64::total_cmp);
    let (Some(least), Some(most)) = (seconds.first().copied(), seconds.last().copied()) else {
        return Classes::default();
    };
    let mut bounds: Vec<f64> = (1..5)
        .filter_map(|part| {
            let wanted = seconds.get(seconds.len() * part / 5)?.max(1e-3);
            let far = |time: &f64| (libm::log(*time) - libm::log(wanted)).abs();
            PARTING_TIMES.iter().copied().min_by(|a, b| far(a).total_cmp(&far(b)))
        })
        .filter(|bound| least < *bound && *bound <= most)
        .collect();
    bounds.dedup();
    Classes::new(bounds)
}

/// A distance between ticks. A power of ten below one divides, so that ticks are the floats nearest to what is written.
#[derive(Clone, Copy)]
struct Step {
    digit: f64,
    ten: f64,
    divides: bool,
}

impl Step {
    fn times(self, number: f64) -> f64 {
        if self.divides { number * self.digit / self.ten } else { number * self.digit * self.ten }
    }
}

/// An axis with round ticks.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Axis {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) ticks: Vec<f64>,
    /// How many decimals a tick needs.
    pub(super) decimals: usize,
    /// What one stands for, of an axis of times in seconds; 0 if ticks have units of their own.
    unit: f64,
    logarithmic: bool,
}

impl Axis {
    /// An axis from `low` to `high` with at most so many ticks at multiples of 1, 2 or 5 times a power of ten.
    ///
    /// It is made longer, so that it begins and ends at a tick.
    pub(super) fn linear(low: f64, high: f64, most_ticks: usize) -> Self {
        let (low, high) = if high > low { (low, high) } else { (low, low + 1.0) };
        let least = (high - low) / f64::from(u32::try_from(most_ticks.saturating_sub(1).max(1)).unwrap_or(u32::MAX));
        // The digit of a step, its power of ten, and whether that divides.
        let mut round = None;
        'found: for power in -9_i32..=18 {
            for digit in [1.0, 2.0, 5.0] {
                let tried = Step { digit, ten: libm::pow(10.0, f64::from(power.abs())), divides: power < 0 };
                let size = tried.times(1.0);
                let ticks = (high / size).ceil() - (low / size).floor();
                if size >= least && ticks < f64::from(u32::try_from(most_ticks.max(2)).unwrap_or(u32::MAX)) {
                    round = Some((tried, usize::try_from(-power).unwrap_or_default()));
                    break 'found;
                }
            }
        }
        let Some((step, decimals)) = round else {
            return Self { low, high, ticks: vec![low, high], decimals: 0, unit: 1.0, logarithmic: false };
        };
        let (first, end) = ((low / step.times(1.0)).floor(), (high / step.times(1.0)).ceil());
        let mut ticks = Vec::new();
        let mut number = first;
        while number <= end {
            ticks.push(step.times(number));
            number += 1.0;
        }
        Self { low: step.times(first), high: step.times(end), ticks, decimals, unit: 1.0, logarithmic: false }
    }

    /// An axis of times with round ticks: from zero, or where they differ by more than a hundred times, logarithmic.
    pub(super) fn times(least: f64, most: f64, most_ticks: usize) -> Self {
        let wide = least > 0.0 && most / least > 100.0;
        if wide {
            let low = ROUND_TIMES.iter().copied().filter(|time| *time <= least).fold(ROUND_TIMES[0], f64::max);
            let high = ROUND_TIMES.iter().copied().find(|time| *time >= most).unwrap_or(most);
            let mut ticks: Vec<f64> = ROUND_TIMES.iter().copied().filter(|t| (low..=high).contains(t)).collect();
            let keep = ticks.len().div_ceil(most_ticks.max(2));
            let mut number = 0;
            ticks.retain(|_| {
                number += 1;
                (number - 1) % keep == 0
            });
            return Self { low, high, ticks, decimals: 0, unit: 0.0, logarithmic: true };
        }
        let unit = UNITS.into_iter().find(|unit| most >= 2.0 * unit).unwrap_or(0.001);
        let plain = Self::linear(0.0, (most / unit).max(1e-6), most_ticks);
        let ticks = plain.ticks.iter().map(|tick| tick * unit).collect();
        Self { low: 0.0, high: plain.high * unit, ticks, unit, ..plain }
    }

    /// Whether equal distances are equal ratios.
    pub(super) const fn is_logarithmic(&self) -> bool {
        self.logarithmic
    }

    /// A time at a tick, in the unit of the axis and without decimals that say nothing.
    pub(super) fn time(&self, seconds: f64, lang: Language) -> String {
        if seconds == 0.0 {
            return "0".to_owned();
        }
        let said = lang.duration(if self.unit > 0.0 { self.unit } else { seconds });
        let (number, unit) = said.split_once(['\u{a0}', ' ']).unwrap_or((&said, ""));
        if self.unit > 0.0 {
            // The shortest unit has no name.
            let (size, unit) = if self.unit < 1.0 { (1.0, "s") } else { (self.unit, unit) };
            let decimals = if self.unit < 1.0 { self.decimals + 3 } else { self.decimals };
            return format!("{}\u{a0}{unit}", lang.decimal(seconds / size, decimals));
        }
        let dot = lang.decimal(0.5, 1).chars().nth(1).unwrap_or('.');
        let short = if number.contains(dot) { number.trim_end_matches('0').trim_end_matches(dot) } else { number };
        format!("{short}\u{a0}{unit}")
    }

    /// Where a value lies between the ends, from 0 to 1; values beyond an end lie there.
    pub(super) fn part(&self, value: f64) -> f64 {
        let turned = |value: f64| if self.logarithmic { libm::log(value.max(self.low)) } else { value };
        let (low, high) = (turned(self.low), turned(self.high));
        ((turned(value) - low) / (high - low)).clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_reach_over_the_data() {
        assert_eq!(Axis::linear(0.0, 329.0, 6).ticks, [0.0, 100.0, 200.0, 300.0, 400.0]);
        let axis = Axis::linear(-0.13, 0.07, 6);
        assert_eq!((axis.low, axis.high, axis.decimals), (-0.15, 0.1, 2));
        assert_eq!(Axis::linear(0.0, 0.0, 5).ticks.first(), Some(&0.0));
    }

    #[test]
    fn times_have_ticks_in_their_units() {
        let axis = Axis::times(6.0, 540.0, 6);
        assert_eq!(axis.ticks, [0.0, 120.0, 240.0, 360.0, 480.0, 600.0], "minutes");
        let axis = Axis::times(5.0, 90_000.0, 20);
        assert!(axis.is_logarithmic() && axis.ticks.contains(&60.0) && axis.ticks.contains(&3600.0));
        assert_eq!((axis.part(5.0), axis.part(172_800.0)), (0.0, 1.0));
    }

    #[test]
    fn ticks_of_times_have_their_unit() {
        let said = |axis: Axis| axis.ticks.iter().map(|tick| axis.time(*tick, Language::En)).collect::<Vec<_>>();
        assert_eq!(said(Axis::times(60.0, 540.0, 4)), ["0", "5\u{a0}min", "10\u{a0}min"]);
        assert!(said(Axis::times(5.0, 90_000.0, 20)).contains(&"2\u{a0}h".to_owned()));
    }

    #[test]
    fn values_beyond_an_axis_lie_at_its_end() {
        let axis = Axis::linear(0.0, 10.0, 6);
        assert_eq!([axis.part(-3.0), axis.part(5.0), axis.part(99.0)], [0.0, 0.5, 1.0]);
    }

    #[test]
    fn classes_of_times_part_at_round_times() {
        let classes = time_classes([3.0, 11.0, 28.0, 64.0, 3500.0].into_iter());
        assert_eq!(classes.bounds, [10.0, 30.0, 60.0, 3600.0][..3]);
        assert_eq!((classes.of(3.0), classes.of(10.0), classes.of(9999.0)), (2, 3, 5));
        assert_eq!(time_classes(std::iter::empty()), Classes::default());
        assert_eq!(time_classes([7.0, 7.0].into_iter()).of(7.0), 5, "all are alike");
    }
}
