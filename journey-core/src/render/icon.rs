//! Small signs, drawn in a box of 12 by 12 pixels. They have shapes of their own: none is told from another by its colour alone.

use super::svg::{Svg, tenths};

/// A small sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Icon {
    Online,
    Offline,
    Star,
    Hourglass,
    Exit,
    Dip,
    Pain,
    Fix,
    Upsell,
    CrossSell,
    Measured,
    Expected,
    Added,
    Removed,
    Moved,
    Changed,
    NotVisited,
    Clock,
}

impl Icon {
    /// Its width and height, in pixels.
    pub(super) const SIZE: f64 = 12.0;

    /// Whether it is filled, and its path.
    const fn path(self) -> (bool, &'static str) {
        match self {
            Self::Online => (false, "M1 2h10v6.5h-10zM3.5 11h5"),
            Self::Offline => (false, "M1 6 6 1.5 11 6M2.5 5v6h7v-6M5 11v-3h2v3"),
            Self::Star => (true, "M6 .6l1.6 3.5 3.8.5-2.8 2.6.7 3.8L6 9.1l-3.3 1.9.7-3.8L.6 4.6l3.8-.5z"),
            Self::Hourglass => (false, "M2 1h8M2 11h8M3 1v2l3 3-3 3v2M9 1v2l-3 3 3 3v2"),
            Self::Exit => (false, "M5 1.5h-3.5v9h3.5M4.5 6h6.5M8.5 3.5 11 6l-2.5 2.5"),
            Self::Dip => (true, "M1 2.5h10L6 10.5z"),
            Self::Pain => (true, "M6 1.5l5 9h-10z"),
            Self::Fix => (false, "M1.5 6.5l3 3.5 6-8"),
            Self::Upsell => (false, "M6 11v-9.5M2.5 5 6 1.5 9.5 5"),
            Self::CrossSell => (false, "M1 6h10M7.5 2.5 11 6l-3.5 3.5"),
            Self::Measured => (true, "M6 1.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9z"),
            Self::Expected => (false, "M6 1 11 6 6 11 1 6z"),
            Self::Added => (false, "M6 1v10M1 6h10"),
            Self::Removed => (false, "M2 2l8 8M10 2l-8 8"),
            Self::Moved => (false, "M1 6h10M3.5 3.5 1 6l2.5 2.5M8.5 3.5 11 6 8.5 8.5"),
            Self::Changed => (false, "M1.5 10.5l.8-3 6-6 2.2 2.2-6 6z"),
            Self::NotVisited => (false, "M6 1.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9zM3 9l6-6"),
            Self::Clock => (false, "M6 1a5 5 0 1 0 0 10a5 5 0 1 0 0-10zM6 3v3l2 1.5"),
        }
    }

    /// Draws it with its upper left corner at a place; `class` says the colour.
    pub(super) fn draw(self, svg: &mut Svg, (x, y): (f64, f64), class: &str) {
        let (filled, path) = self.path();
        let class = format!("{} {class}", if filled { "filled" } else { "drawn" });
        let place = format!("translate({} {})", tenths(x), tenths(y));
        svg.empty("path", &[("class", (&class).into()), ("transform", (&place).into()), ("d", path.into())]);
    }
}

/// A face of a score: a mouth that smiles, frowns, or does neither.
pub(super) fn face(svg: &mut Svg, (x, y): (f64, f64), score: f64) {
    const RADIUS: f64 = 7.0;
    let (x_text, y_text) = (tenths(x), tenths(y));
    let bend = score.clamp(-2.0, 2.0) * 1.6;
    let mouth = format!(
        "M{} {}q3.4 {} 6.8 0M{} {}v.8M{} {}v.8",
        tenths(x - 3.4),
        tenths(y + 2.6 - bend / 2.0),
        tenths(bend),
        tenths(x - 2.4),
        tenths(y - 2.6),
        tenths(x + 2.4),
        tenths(y - 2.6)
    );
    svg.empty(
        "circle",
        &[("class", "drawn soft".into()), ("cx", (&x_text).into()), ("cy", (&y_text).into()), ("r", RADIUS.into())],
    );
    svg.empty("path", &[("class", "drawn soft".into()), ("d", (&mouth).into())]);
}
