//! The seeded log of the benchmarks: 40 touchpoints, 100,000 journeys, rows in the order of time.

use std::fmt::Write as _;

use journey_core::ReadOptions;

pub(crate) const EVENTS: u64 = 1_000_000;

/// A linear congruential generator: the same rows on every machine.
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// Rows in the order of time, of journeys mixed with each other, every tenth with a score, on one of four channels.
pub(crate) fn csv() -> String {
    let mut draw = Draw(7);
    let mut text = "journey,touchpoint,time,score,channel\n".to_owned();
    for row in 0..EVENTS {
        let seconds = row * 15;
        let (day, hour, minute, second) =
            (1 + seconds / 86_400 % 28, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
        let month = 1 + seconds / 86_400 / 28 % 12;
        // Few touchpoints are frequent: the lesser of two draws.
        let touchpoint = draw.below(40).min(draw.below(40));
        let score = match draw.below(50) {
            0 => "-2",
            1 => "-1",
            2 => "0",
            3 => "1",
            4 => "2",
            _ => "",
        };
        let channel = ["app", "phone", "shop", "web"].get(usize::try_from(draw.below(4)).unwrap()).unwrap();
        let journey = row / 10_000 * 1000 + draw.below(1000);
        let _ = writeln!(
            text,
            "c{journey:06},touchpoint_{touchpoint:02},2025-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02},{score},{channel}"
        );
    }
    text
}

/// Where in the rows everything stands.
pub(crate) fn columns() -> ReadOptions {
    ReadOptions { score: Some("score".into()), channel: Some("channel".into()), ..ReadOptions::default() }
}
