//! The emotion curve of a band: its scale, the expected and the measured line with the band of its interval, and the dips.

use std::fmt::Write as _;

use super::columns::Column;
use super::content::{expected, measured};
use crate::render::icon::{Icon, face};
use crate::render::svg::{Anchor, Bounds, Svg, tenths};
use crate::render::text::{Font, clip};
use crate::render::words::Language;

/// A curve in its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Curve<'a> {
    /// All columns of the picture; lines go on beyond the band.
    pub(super) columns: &'a [Column<'a>],
    /// The first column of the band, and the one behind its last.
    pub(super) start: usize,
    pub(super) end: usize,
    /// The place of the plot; its width is that of the columns.
    pub(super) plot: Bounds,
    pub(super) column: f64,
    pub(super) lang: Language,
}

/// A run of scores without a gap: places on the x axis, and values.
type Run = Vec<(f64, f64)>;

impl Curve<'_> {
    fn y(&self, score: f64) -> f64 {
        const INSET: f64 = 12.0;
        self.plot.y + INSET + (self.plot.height - 2.0 * INSET) * (2.0 - score.clamp(-2.0, 2.0)) / 4.0
    }

    fn centre(&self, place: usize) -> f64 {
        self.plot.x + self.column * (super::count(place - self.start) + 0.5)
    }

    fn band(&self) -> impl Iterator<Item = (usize, &Column<'_>)> {
        self.columns.iter().enumerate().take(self.end).skip(self.start)
    }

    /// The plot with its scale: a grid, numbers, and faces for those who do not read numbers first.
    pub(super) fn draw_scale(&self, svg: &mut Svg) {
        let Bounds { x, y, width, height } = self.plot;
        svg.empty(
            "rect",
            &[
                ("class", "card".into()),
                ("x", x.into()),
                ("y", y.into()),
                ("width", width.into()),
                ("height", height.into()),
                ("rx", 6.0.into()),
            ],
        );
        for (score, number) in [(2.0, "+2"), (1.0, "+1"), (0.0, "0"), (-1.0, "−1"), (-2.0, "−2")] {
            let at = self.y(score);
            let class = if score == 0.0 { "neutral" } else { "rule" };
            let (left, right) = (x + 1.0, x + width - 1.0);
            svg.empty(
                "line",
                &[
                    ("class", class.into()),
                    ("x1", left.into()),
                    ("x2", right.into()),
                    ("y1", at.into()),
                    ("y2", at.into()),
                ],
            );
            svg.label(&clip(number, Font::Small, 24.0), Font::Small, "soft", (x - 48.0, at + 4.0), 24.0, Anchor::Right);
            if !number.ends_with('1') {
                face(svg, (x - 12.0, at), score);
            }
        }
    }

    /// Lines, the interval behind them.
    pub(super) fn draw_lines(&self, svg: &mut Svg) {
        let interval = |column: &Column<'_>| column.facts.measured.and_then(|(_, step)| step.low.zip(step.high));
        let lows = self.runs(|column| interval(column).map(|(low, _)| low));
        let highs = self.runs(|column| interval(column).map(|(_, high)| high));
        for (low, high) in lows.iter().zip(&highs).filter(|(low, _)| low.len() > 1) {
            let around: Run = high.iter().copied().chain(low.iter().rev().copied()).collect();
            svg.empty("polygon", &[("class", "band".into()), ("points", (&points(&around)).into())]);
        }
        let lines = [
            (
                "line-expected",
                self.runs(|column| column.touchpoint.as_ref().filter(|_| !column.removed)?.expected_score),
            ),
            ("line-measured", self.runs(|column| column.facts.measured.map(|(score, _)| score))),
        ];
        for (class, runs) in lines {
            for run in runs.iter().filter(|run| run.len() > 1) {
                svg.empty("polyline", &[("class", class.into()), ("points", (&points(run)).into())]);
            }
        }
    }

    /// The scores of the band in runs without gaps. Where a run goes on in the band before or behind, its line goes on to the
    /// border, half way to the next score.
    fn runs(&self, score: impl Fn(&Column<'_>) -> Option<f64>) -> Vec<Run> {
        let scores: Vec<Option<f64>> = self.columns.iter().map(score).collect();
        let of = |place: usize| scores.get(place).copied().flatten();
        let mut runs: Vec<Run> = Vec::new();
        let mut run = Run::new();
        for place in self.start..self.end {
            let Some(here) = of(place) else {
                runs.push(std::mem::take(&mut run));
                continue;
            };
            let before = place.checked_sub(1).filter(|_| place == self.start).and_then(of);
            run.extend(before.map(|before| (self.plot.x, self.y(before).midpoint(self.y(here)))));
            run.push((self.centre(place), self.y(here)));
            let behind = of(place + 1).filter(|_| place + 1 == self.end);
            run.extend(behind.map(|behind| (self.plot.x + self.plot.width, self.y(behind).midpoint(self.y(here)))));
        }
        runs.push(run);
        runs.retain(|run| !run.is_empty());
        runs
    }

    /// The points of a column, and its dip.
    pub(super) fn draw_points(&self, svg: &mut Svg, place: usize, column: &Column<'_>) {
        let x = self.centre(place);
        let Some(touchpoint) = column.touchpoint.as_ref().filter(|_| !column.removed) else { return };
        if let Some((dip, is_measured)) = column.facts.dip {
            let low = dip.low.filter(|_| is_measured).unwrap_or(dip.score);
            let (top, bottom) = (self.y(dip.score + dip.prominence), self.y(dip.score));
            let size = format!(
                "M{} {}h8M{} {}V{}",
                tenths(x + 8.0),
                tenths(top),
                tenths(x + 12.0),
                tenths(top),
                tenths(bottom)
            );
            svg.empty("path", &[("class", "drawn bad".into()), ("d", (&size).into())]);
            let below = (self.y(low) + 7.0).min(self.plot.y + self.plot.height - Icon::SIZE - 1.0);
            let beside = if below < self.y(low) + 6.0 { x + 8.0 } else { x - Icon::SIZE / 2.0 };
            Icon::Dip.draw(svg, (beside, below), "bad");
        }
        if let Some(score) = touchpoint.expected_score {
            if let Some(before) = column.facts.score_before() {
                let way = format!("M{} {}V{}", tenths(x), tenths(self.y(before)), tenths(self.y(score)));
                svg.empty("path", &[("class", "drawn expected".into()), ("d", (&way).into())]);
                let class = "was";
                svg.empty(
                    "circle",
                    &[("class", class.into()), ("cx", x.into()), ("cy", self.y(before).into()), ("r", 3.0.into())],
                );
            }
            draw_point(
                svg,
                Icon::Expected,
                (x, self.y(score)),
                "ground expected",
                expected(self.lang, touchpoint, &column.facts),
            );
        }
        if let Some((score, step)) = column.facts.measured {
            if let Some((low, high)) = step.low.zip(step.high) {
                let mut bar = format!("M{} {}V{}", tenths(x), tenths(self.y(high)), tenths(self.y(low)));
                // An end without a stroke is beyond the scale.
                for end in [high, low].into_iter().filter(|end| end.abs() <= 2.0) {
                    let _ = write!(bar, "M{} {}h6", tenths(x - 3.0), tenths(self.y(end)));
                }
                svg.empty("path", &[("class", "drawn measured".into()), ("d", (&bar).into())]);
            }
            draw_point(svg, Icon::Measured, (x, self.y(score)), "measured", measured(self.lang, &column.facts));
        }
    }

    /// Whether any column of the band has a score.
    pub(super) fn is_empty(&self) -> bool {
        self.band().all(|(_, column)| {
            column.facts.measured.is_none() && column.touchpoint.as_ref().and_then(|t| t.expected_score).is_none()
        })
    }
}

/// A point of a curve, whose score is its title.
fn draw_point(svg: &mut Svg, icon: Icon, (x, y): (f64, f64), class: &str, title: Option<String>) {
    svg.open("g", &[]);
    svg.leaf("title", &[], &title.unwrap_or_default());
    icon.draw(svg, (x - Icon::SIZE / 2.0, y - Icon::SIZE / 2.0), class);
    svg.close();
}

fn points(run: &[(f64, f64)]) -> String {
    run.iter().map(|(x, y)| format!("{},{}", tenths(*x), tenths(*y))).collect::<Vec<_>>().join(" ")
}
