//! Shares of two groups, or of more, compared.

use serde::{Deserialize, Serialize};
use statrs::distribution::{ChiSquared, ContinuousCDF};

use super::stats::{Share, float};

/// Below this count in a cell the normal approximation of the z test is not to be trusted.
const SMALL_CELL: f64 = 5.0;

/// How far the share of a second group lies above that of a first.
///
/// The interval is Newcombe's (1998, method 10: a hybrid of the two Wilson intervals). The test is the two-sided z test
/// of two proportions with the pooled share, or Fisher's exact test where one of the four cells holds fewer than 5, or
/// would be expected to hold fewer than 5 if the shares were the same. The effect size is Cohen's h.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ShareDifference {
    /// The second share less the first; `None` where one of them has no value.
    pub difference: Option<f64>,
    /// Lower end of the interval of the difference.
    pub low: Option<f64>,
    /// Upper end of the interval of the difference.
    pub high: Option<f64>,
    /// The statistic of the z test, positive where the second share is higher; `None` where all or none have it.
    pub z: Option<f64>,
    /// The two-sided p-value of the test named in `test`.
    pub p_value: Option<f64>,
    /// The test behind the p-value; `None` where a group is empty.
    pub test: Option<ShareTest>,
    /// Cohen's h: `2 asin(sqrt(second)) - 2 asin(sqrt(first))`; 0.2 is called small, 0.5 medium, 0.8 large.
    pub cohen_h: Option<f64>,
}

/// The test that compares two shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ShareTest {
    /// The z test of two proportions, with the pooled share.
    Z,
    /// Fisher's exact test: the sum of the probabilities of all tables that are not more likely than the one observed.
    FisherExact,
}

impl ShareDifference {
    /// Compares the share of a second group with that of a first; their intervals are of the same confidence.
    pub(crate) fn new(first: &Share, second: &Share) -> Self {
        let interval = interval(first, second);
        let test = test(first, second);
        Self {
            difference: first.share.zip(second.share).map(|(a, b)| b - a),
            low: interval.map(|i| i.0),
            high: interval.map(|i| i.1),
            z: z_statistic(first, second),
            p_value: test.map(|t| t.1),
            test: test.map(|t| t.0),
            cohen_h: first.share.zip(second.share).map(|(a, b)| angle(b) - angle(a)),
        }
    }
}

/// Newcombe's interval of the difference, method 10.
fn interval(first: &Share, second: &Share) -> Option<(f64, f64)> {
    let (a, a_low, a_high) = (first.share?, first.low?, first.high?);
    let (b, b_low, b_high) = (second.share?, second.low?, second.high?);
    let down = ((b - b_low).powi(2) + (a_high - a).powi(2)).sqrt();
    let up = ((b_high - b).powi(2) + (a - a_low).powi(2)).sqrt();
    Some((b - a - down, b - a + up))
}

/// `None` where a group is empty, or where all or none have it: then nothing varies.
fn z_statistic(first: &Share, second: &Share) -> Option<f64> {
    let (a, b) = (first.share?, second.share?);
    let (n, of) = (first.n + second.n, first.of + second.of);
    if n == 0 || n == of {
        return None;
    }
    let pooled = float(n) / float(of);
    Some((b - a) / (pooled * (1.0 - pooled) * (1.0 / float(first.of) + 1.0 / float(second.of))).sqrt())
}

fn test(first: &Share, second: &Share) -> Option<(ShareTest, f64)> {
    if first.of == 0 || second.of == 0 {
        return None;
    }
    match z_statistic(first, second).filter(|_| !has_small_cell(first, second)) {
        Some(z) => Some((ShareTest::Z, libm::erfc(z.abs() / std::f64::consts::SQRT_2))),
        None => Some((ShareTest::FisherExact, fisher(first, second))),
    }
}

fn has_small_cell(first: &Share, second: &Share) -> bool {
    let all = float(first.of + second.of);
    let with = float(first.n + second.n);
    [first, second].into_iter().any(|share| {
        let (of, n) = (float(share.of), float(share.n));
        [n, of - n, of * with / all, of * (all - with) / all].into_iter().any(|cell| cell < SMALL_CELL)
    })
}

/// The p-value of Fisher's exact test, two-sided.
///
/// Tables with the same margins are told apart by one cell. Their probabilities are walked outwards from the most likely
/// one, each from its neighbour, which loses fewer digits than logarithms of factorials do.
fn fisher(first: &Share, second: &Share) -> f64 {
    let (row, other, with) = (float(first.of), float(second.of), float(first.n + second.n));
    let (least, most) = ((with - other).max(0.0), row.min(with));
    let mode = ((row + 1.0) * (with + 1.0) / (row + other + 2.0)).floor().clamp(least, most);
    // How much likelier the table with one more is than the one with `cell`.
    let ratio = |cell: f64| (row - cell) * (with - cell) / ((cell + 1.0) * (other - with + cell + 1.0));
    let up = walk(mode, most, 1.0, ratio);
    let down = walk(mode, least, -1.0, |cell| 1.0 / ratio(cell - 1.0));
    let observed = float(first.n);
    let weight =
        up.iter().chain(&down).find(|table| (table.cell - observed).abs() < 0.5).map_or(0.0, |table| table.weight);
    // Tables that are equally likely differ by rounding; R and SciPy allow them as much.
    let limit = weight * (1.0 + 1e-7);
    let (mut extreme, mut sum) = (0.0, 1.0);
    // From the least likely on, so that no small weight is lost beside a large one; the mode itself, weight 1, is in the sum.
    for side in [&up, &down] {
        extreme +=
            side.iter().skip(1).rev().filter(|table| table.weight <= limit).map(|table| table.weight).sum::<f64>();
        sum += side.iter().skip(1).rev().map(|table| table.weight).sum::<f64>();
    }
    let extreme = if limit >= 1.0 { extreme + 1.0 } else { extreme };
    (extreme / sum).min(1.0)
}

struct Table {
    cell: f64,
    /// How likely it is beside the most likely one.
    weight: f64,
}

/// The tables from the most likely one to the last on that side, or until their weight is nothing.
fn walk(from: f64, to: f64, step: f64, ratio: impl Fn(f64) -> f64) -> Vec<Table> {
    let mut tables = vec![Table { cell: from, weight: 1.0 }];
    let (mut cell, mut weight) = (from, 1.0);
    while step * (to - cell) > 0.0 && weight > 0.0 {
        weight *= ratio(cell);
        cell += step;
        tables.push(Table { cell, weight });
    }
    tables
}

fn angle(share: f64) -> f64 {
    2.0 * libm::asin(share.sqrt())
}

/// The p-value of Pearson's chi-squared test that several groups have the same share, each group given as how many have
/// it and how many have not; `None` where fewer than two groups have members, or all or none have it.
pub(super) fn chi_squared(groups: &[[u64; 2]]) -> Option<f64> {
    let sizes = groups.iter().map(|[with, without]| with + without);
    let filled = sizes.filter(|size| *size > 0).count() as u64;
    let columns = [0, 1].map(|column| groups.iter().filter_map(|group| group.get(column)).sum::<u64>());
    if filled < 2 || columns.contains(&0) {
        return None;
    }
    let all = float(columns.iter().sum());
    let statistic: f64 = groups
        .iter()
        .filter(|[with, without]| with + without > 0)
        .flat_map(|group| {
            let size = float(group.iter().sum());
            group.iter().zip(columns).map(move |(observed, column)| {
                let expected = size * float(column) / all;
                (float(*observed) - expected).powi(2) / expected
            })
        })
        .sum();
    Some(ChiSquared::new(float(filled - 1)).ok()?.sf(statistic))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(a: (u64, u64), b: (u64, u64)) -> ShareDifference {
        ShareDifference::new(&Share::new(a.0, a.1, 0.95), &Share::new(b.0, b.1, 0.95))
    }

    fn close(got: Option<f64>, expected: f64) -> bool {
        got.is_some_and(|got| (got - expected).abs() <= 1e-12 * expected.abs())
    }

    #[test]
    fn a_fifth_against_nearly_a_quarter_of_a_thousand_each() {
        // METHODS 12, and scipy 1.17: norm.sf, binomtest(...).proportion_ci("wilson").
        let d = compared((200, 1000), (240, 1000));
        assert!(close(d.difference, 0.04) && close(d.z, 2.159_167_585_437_651_3));
        assert!(close(d.p_value, 0.030_837_167_828_904_312) && d.test == Some(ShareTest::Z), "{d:?}");
        assert!(close(d.low, 0.003_679_714_497_771_29) && close(d.high, 0.076_202_661_508_461_06), "{d:?}");
        assert!(close(d.cohen_h, 0.096_650_158_097_340_34));
        let mirrored = compared((240, 1000), (200, 1000));
        assert!(close(mirrored.low, -0.076_202_661_508_461_06) && mirrored.p_value == d.p_value);
    }

    #[test]
    fn newcombe_s_own_example() {
        // Newcombe (1998), table II, example (a): 56/70 against 48/80, method 10: 0.0524 to 0.3339.
        let d = compared((48, 80), (56, 70));
        assert!((d.low.unwrap() - 0.0524).abs() < 5e-5 && (d.high.unwrap() - 0.3339).abs() < 5e-5);
    }

    #[test]
    fn small_cells_are_tested_by_fisher_s_exact_test() {
        // In whole numbers of any size, by binomial coefficients; scipy.stats.fisher_exact has the same first 11 digits.
        for (a, b, p) in [
            ((3, 10), (9, 12), 0.083_557_309_563_501_5),
            ((0, 10), (10, 10), 1.082_508_822_446_903e-5),
            ((2, 100_000), (30, 120_000), 2.324_299_209_807_891e-6),
        ] {
            let d = compared(a, b);
            assert!(d.test == Some(ShareTest::FisherExact) && close(d.p_value, p), "{d:?} {p}");
            assert!(close(compared(b, a).p_value, p), "the other way round it is the same");
        }
    }

    #[test]
    fn equal_shares_are_no_difference_and_empty_groups_none_at_all() {
        let same = compared((30, 100), (30, 100));
        assert_eq!((same.difference, same.z, same.p_value, same.cohen_h), (Some(0.0), Some(0.0), Some(1.0), Some(0.0)));
        let none = compared((0, 10), (0, 20));
        assert_eq!((none.z, none.p_value, none.test), (None, Some(1.0), Some(ShareTest::FisherExact)));
        assert_eq!(compared((10, 10), (20, 20)).p_value, Some(1.0));
        let empty = compared((0, 0), (3, 20));
        assert_eq!((empty.difference, empty.low, empty.p_value, empty.test), (None, None, None, None));
    }

    #[test]
    fn three_groups_of_a_hundred() {
        // scipy.stats.chi2_contingency(correction=False): statistic 14.634146341463415, 2 degrees of freedom
        let p = chi_squared(&[[20, 80], [30, 70], [45, 55], [0, 0]]);
        assert!(close(p, 0.000_664_103_085_871_274_5), "{p:?}");
        assert_eq!(chi_squared(&[[0, 80], [0, 70]]), None);
        assert_eq!(chi_squared(&[[3, 80], [0, 0]]), None);
    }
}
