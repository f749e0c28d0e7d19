//! What stands in a cell: texts with signs beside them, broken into lines, so that their height is known before they are drawn.

use super::facts::Strength;
use crate::render::icon::Icon;
use crate::render::svg::{Anchor, Svg};
use crate::render::text::{Font, Wrapped, wrap};

/// Between two items of a cell.
const GAP: f64 = 7.0;
/// What a bar beside an item takes.
const BAR: f64 = 9.0;
/// What a sign beside a text takes.
const SIGN: f64 = Icon::SIZE + 4.0;

/// A text with a sign before its first line, if it has one.
#[derive(Clone, Debug)]
struct Block {
    text: Wrapped,
    font: Font,
    class: String,
    icons: Option<(Icon, u8)>,
}

impl Block {
    fn indent(&self) -> f64 {
        self.icons.map_or(0.0, |(_, n)| f64::from(n) * (Icon::SIZE - 1.0) + SIGN - Icon::SIZE + 1.0)
    }

    fn height(&self) -> f64 {
        super::count(self.text.lines.len().max(usize::from(self.icons.is_some()))) * self.font.line()
    }
}

/// Texts that belong together, perhaps with a bar beside them that shows how well they are supported.
#[derive(Clone, Debug, Default)]
pub(super) struct Item {
    blocks: Vec<Block>,
    bar: Option<(Strength, &'static str)>,
    width: f64,
}

impl Item {
    pub(super) fn new(width: f64) -> Self {
        Self { width, ..Self::default() }
    }

    /// An item with a bar of a colour.
    pub(super) fn with_bar(width: f64, strength: Strength, class: &'static str) -> Self {
        Self { width: width - BAR, bar: Some((strength, class)), ..Self::default() }
    }

    /// Adds a text in at most so many lines; `class` says its colour.
    pub(super) fn text(&mut self, text: &str, font: Font, class: &str, most_lines: usize) {
        self.marked(None, text, font, class, most_lines);
    }

    /// Adds a text with a sign, drawn so many times, before it.
    pub(super) fn marked(&mut self, icons: Option<(Icon, u8)>, text: &str, font: Font, class: &str, most_lines: usize) {
        let mut block = Block { text: Wrapped::default(), font, class: class.to_owned(), icons };
        block.text = wrap(text, font, self.width - block.indent(), most_lines);
        if !block.text.lines.is_empty() {
            self.blocks.push(block);
        }
    }

    fn height(&self) -> f64 {
        self.blocks.iter().map(Block::height).sum()
    }
}

/// Items below each other.
#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    items: Vec<Item>,
}

impl Cell {
    pub(super) fn push(&mut self, item: Item) {
        if !item.blocks.is_empty() {
            self.items.push(item);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub(super) fn height(&self) -> f64 {
        let gaps = super::count(self.items.len().saturating_sub(1)) * GAP;
        self.items.iter().map(Item::height).sum::<f64>() + gaps
    }

    /// Draws the items from a place downwards.
    pub(super) fn draw(&self, svg: &mut Svg, (x, y): (f64, f64)) {
        let mut top = y;
        for item in &self.items {
            let height = item.height();
            let mut left = x;
            if let Some((strength, class)) = item.bar {
                let class = format!("bar {} {class}", strength.class());
                svg.empty(
                    "line",
                    &[
                        ("class", (&class).into()),
                        ("x1", (x + 1.5).into()),
                        ("x2", (x + 1.5).into()),
                        ("y1", (top + 1.0).into()),
                        ("y2", (top + height - 2.0).into()),
                    ],
                );
                left += BAR;
            }
            for block in &item.blocks {
                let indent = block.indent();
                let right_to_left = block.text.right_to_left;
                if let Some((icon, n)) = block.icons {
                    for place in 0..n {
                        let along = f64::from(place) * (Icon::SIZE - 1.0);
                        let x = if right_to_left { left + item.width - Icon::SIZE - along } else { left + along };
                        icon.draw(svg, (x, top + (block.font.line() - Icon::SIZE) / 2.0), sign_colour(&block.class));
                    }
                }
                let x = if right_to_left { left } else { left + indent };
                let base = top + block.font.line().midpoint(block.font.size()) - block.font.size() * 0.14;
                svg.label(&block.text, block.font, &block.class, (x, base), item.width - indent, Anchor::Start);
                top += block.height();
            }
            top += GAP;
        }
    }
}

/// The colour of the sign before a text: that of the text.
fn sign_colour(class: &str) -> &str {
    class.split(' ').next().unwrap_or_default()
}
