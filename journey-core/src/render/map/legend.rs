//! The key to the signs of a picture: only those that it has.

use super::facts::{Strength, evidence_of};
use super::{MARGIN, Picture};
use crate::map::ChannelKind;
use crate::render::icon::Icon;
use crate::render::svg::{Anchor, Svg};
use crate::render::text::{Font, clip};
use crate::render::words::Word;

/// A sign, drawn as it is in the picture.
#[derive(Clone, Copy)]
enum Sign {
    Icon(Icon, &'static str),
    Line(&'static str, Icon, &'static str),
    Bar(Strength),
    /// The score that was expected before.
    Was,
}

const SIGN: f64 = 28.0;
const LINE: f64 = 20.0;

/// Draws the key from a height downwards; returns where it ends.
pub(super) fn draw(svg: &mut Svg, picture: &Picture<'_>, top: f64) -> f64 {
    let (lang, right) = (picture.lang(), picture.layout.width - MARGIN);
    let (mut x, mut y) = (MARGIN, top);
    let signs = signs(picture);
    let empty = signs.is_empty();
    for (sign, word) in signs {
        let lead = if matches!(sign, Sign::Icon(..) | Sign::Was) { Icon::SIZE + 6.0 } else { SIGN + 6.0 };
        let text = clip(lang.say(word), Font::Small, right - MARGIN - lead);
        let width = text.lines.first().map_or(0.0, |line| Font::Small.width(line));
        if x > MARGIN && x + lead + width > right {
            x = MARGIN;
            y += LINE;
        }
        draw_sign(svg, sign, (x, y));
        svg.label(&text, Font::Small, "soft", (x + lead, y + 10.0), width, Anchor::Start);
        x += lead + width + 20.0;
    }
    if empty { top } else { y + LINE }
}

fn draw_sign(svg: &mut Svg, sign: Sign, (x, y): (f64, f64)) {
    let middle = y + Icon::SIZE / 2.0;
    let mut line = |class: &str| {
        let ends = [("x1", x.into()), ("x2", (x + SIGN).into()), ("y1", middle.into()), ("y2", middle.into())];
        let class = [("class", class.into())];
        svg.empty("line", &[class.as_slice(), ends.as_slice()].concat());
    };
    match sign {
        Sign::Icon(icon, class) => icon.draw(svg, (x, y), class),
        Sign::Line(class, icon, colour) => {
            line(class);
            icon.draw(svg, (x + (SIGN - Icon::SIZE) / 2.0, y), colour);
        }
        Sign::Bar(strength) => line(&format!("bar soft {}", strength.class())),
        Sign::Was => {
            let middle = [("cx", (x + Icon::SIZE / 2.0).into()), ("cy", middle.into()), ("r", 3.0.into())];
            svg.empty("circle", &[&[("class", "was".into())], middle.as_slice()].concat());
        }
    }
}

/// The signs that the picture has, in the order in which they meet the eye.
fn signs(picture: &Picture<'_>) -> Vec<(Sign, Word)> {
    let columns = || picture.columns.iter().filter(|column| !column.removed);
    let touchpoints = || columns().filter_map(|column| column.touchpoint.as_ref());
    let emotions = picture.options.shows(super::MapLane::Emotions);
    let kind = |kind: ChannelKind| {
        touchpoints().any(|touchpoint| picture.content.channel(touchpoint).is_some_and(|channel| channel.kind == kind))
    };
    let any = |fact: fn(&super::facts::Facts<'_>) -> bool| columns().any(|column| fact(&column.facts));
    let strength = |strength| touchpoints().any(|touchpoint| Strength::of(&evidence_of(touchpoint)) == strength);
    [
        (
            emotions && any(|facts| facts.measured.is_some()),
            Sign::Line("line-measured", Icon::Measured, "measured"),
            Word::KeyMeasured,
        ),
        (
            emotions && touchpoints().any(|touchpoint| touchpoint.expected_score.is_some()),
            Sign::Line("line-expected", Icon::Expected, "ground expected"),
            Word::KeyExpected,
        ),
        (emotions && any(|facts| facts.score_before().is_some()), Sign::Was, Word::KeyWasExpected),
        (emotions && any(|facts| facts.dip.is_some()), Sign::Icon(Icon::Dip, "bad"), Word::KeyDip),
        (kind(ChannelKind::Online), Sign::Icon(Icon::Online, "soft"), Word::KeyOnline),
        (kind(ChannelKind::Offline), Sign::Icon(Icon::Offline, "soft"), Word::KeyOffline),
        (any(|facts| facts.delay.is_some()), Sign::Icon(Icon::Hourglass, "warn"), Word::KeyBottleneck),
        (any(|facts| facts.loss.is_some() || facts.drop_off.is_some()), Sign::Icon(Icon::Exit, "bad"), Word::KeyLost),
        (strength(Strength::Counted), Sign::Bar(Strength::Counted), Word::KeyCounted),
        (strength(Strength::Told), Sign::Bar(Strength::Told), Word::KeyTold),
        (strength(Strength::Assumed), Sign::Bar(Strength::Assumed), Word::KeyAssumed),
    ]
    .into_iter()
    .filter_map(|(there, sign, word)| there.then_some((sign, word)))
    .collect()
}
