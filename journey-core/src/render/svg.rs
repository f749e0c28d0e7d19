//! Writes SVG: elements, attributes and labels, every text through the one escaping module.

use super::escape::escape;
use super::text::{Font, Wrapped};

/// What an attribute holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'a> {
    /// A place or length, written to a tenth of a pixel.
    Number(f64),
    /// A text, which is escaped.
    Text(&'a str),
}

impl From<f64> for Value<'_> {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

/// The role of a picture whose parts can be reached, which those of an image cannot.
pub(super) const REACHABLE: &str = "graphics-document document";

/// Attributes in the order in which they are written.
pub(super) type Attributes<'a> = [(&'static str, Value<'a>)];

/// Where a label begins: the side of its box from which it is read, or its middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    /// At the side where its script begins: at the left, or of Arabic and Hebrew at the right.
    Start,
    /// At the left, whatever the script.
    Left,
    /// In the middle.
    #[allow(dead_code, reason = "maps have no label in the middle of something; charts have")]
    Middle,
    /// At the right, whatever the script.
    Right,
}

impl Anchor {
    /// Where the left end of a line of a length stands, in a box given by its left side and its width.
    fn left(self, right_to_left: bool, (x, width): (f64, f64), long: f64) -> f64 {
        match (self, right_to_left) {
            (Self::Start, false) | (Self::Left, _) => x,
            (Self::Middle, _) => x + (width - long) / 2.0,
            _ => x + width - long,
        }
    }
}

/// A box in the picture.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Bounds {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// A picture being written.
#[derive(Debug, Default)]
pub(super) struct Svg {
    out: String,
    open: Vec<&'static str>,
    /// Where the lines of labels stand, each with its text: what the tests look at.
    #[cfg(test)]
    pub(super) labels: Vec<(Bounds, String)>,
}

impl Svg {
    /// Begins an element, which `close` ends.
    pub(super) fn open(&mut self, tag: &'static str, attributes: &Attributes<'_>) {
        self.tag(tag, attributes);
        self.out.push_str(">\n");
        self.open.push(tag);
    }

    /// Begins the group of a touchpoint: what a page finds by its id, the keyboard reaches and a screen reader reads.
    pub(super) fn open_touchpoint(&mut self, class: &str, id: &str, said: &str) {
        self.open(
            "g",
            &[
                ("class", class.into()),
                ("data-touchpoint", id.into()),
                ("role", "img".into()),
                ("tabindex", "0".into()),
                ("aria-label", said.into()),
            ],
        );
    }

    /// Ends the element that was begun last.
    pub(super) fn close(&mut self) {
        if let Some(tag) = self.open.pop() {
            self.out.push_str("</");
            self.out.push_str(tag);
            self.out.push_str(">\n");
        }
    }

    /// An element without content.
    pub(super) fn empty(&mut self, tag: &'static str, attributes: &Attributes<'_>) {
        self.tag(tag, attributes);
        self.out.push_str("/>\n");
    }

    /// An element that holds a text.
    pub(super) fn leaf(&mut self, tag: &'static str, attributes: &Attributes<'_>, text: &str) {
        self.tag(tag, attributes);
        self.out.push('>');
        self.out.push_str(&escape(text));
        self.out.push_str("</");
        self.out.push_str(tag);
        self.out.push_str(">\n");
    }

    /// What another picture holds, behind what this one holds so far.
    pub(super) fn append(&mut self, other: Self) {
        #[cfg(test)]
        self.labels.extend(other.labels.iter().cloned());
        self.out.push_str(&other.finish());
    }

    /// The style sheet: text of ours, of which nothing comes from data.
    pub(super) fn style(&mut self, css: &str) {
        self.out.push_str("<style>\n");
        self.out.push_str(css);
        self.out.push_str("</style>\n");
    }

    /// A label on one line or several, the first of which has its base line at `y`. What is cut, or stands on several lines, has
    /// its whole text as its title.
    ///
    /// `x` is the left side of its box, `width` the width of the box; `class` says the colour.
    pub(super) fn label(
        &mut self,
        lines: &Wrapped,
        font: Font,
        class: &str,
        (x, y): (f64, f64),
        width: f64,
        anchor: Anchor,
    ) {
        if lines.lines.is_empty() {
            return;
        }
        let (at, side) = match (anchor, lines.right_to_left) {
            (Anchor::Start | Anchor::Left, false) => (x, None),
            (Anchor::Start, true) => (x + width, None),
            (Anchor::Left, true) => (x, Some("end")),
            (Anchor::Middle, _) => (x + width / 2.0, Some("middle")),
            (Anchor::Right, false) => (x + width, Some("end")),
            (Anchor::Right, true) => (x + width, Some("start")),
        };
        let classes = if class.is_empty() { font.class().to_owned() } else { format!("{} {class}", font.class()) };
        let mut attributes: Vec<(&str, Value<'_>)> = vec![("class", (&classes).into())];
        attributes.extend(side.map(|side| ("text-anchor", side.into())));
        attributes.extend(lines.right_to_left.then_some(("direction", "rtl".into())));
        #[cfg(test)]
        for (line, text) in lines.lines.iter().zip(0_u32..).map(|(text, line)| (f64::from(line), text)) {
            let (long, top) = (font.width(text), y + line * font.line() - font.size() * 0.8);
            let left = anchor.left(lines.right_to_left, (x, width), long);
            self.labels.push((Bounds { x: left, y: top, width: long, height: font.size() }, text.clone()));
        }
        if let [line] = lines.lines.as_slice()
            && !lines.cut
        {
            attributes.extend([("x", at.into()), ("y", y.into())]);
            self.leaf("text", &attributes, line);
            return;
        }
        self.open("text", &attributes);
        self.leaf("title", &[], &lines.whole);
        let mut down = y;
        for line in &lines.lines {
            self.leaf("tspan", &[("x", at.into()), ("y", down.into())], line);
            down += font.line();
        }
        self.close();
    }

    /// A label on a plate in the colour of the ground, where lines run below it that would show between its letters.
    pub(super) fn label_on_plate(
        &mut self,
        lines: &Wrapped,
        font: Font,
        class: &str,
        (x, y): (f64, f64),
        width: f64,
        anchor: Anchor,
    ) {
        let long = lines.lines.iter().map(|line| font.width(line)).fold(0.0, f64::max);
        let left = anchor.left(lines.right_to_left, (x, width), long);
        let high = lines.lines.iter().skip(1).fold(font.size(), |high, _| high + font.line());
        let plate = [
            ("x", (left - 2.0).into()),
            ("y", (y - font.size() * 0.88).into()),
            ("width", (long + 4.0).into()),
            ("height", (high + 1.0).into()),
            ("rx", 2.0.into()),
        ];
        if !lines.lines.is_empty() {
            self.empty("rect", &[&[("class", "ground".into())], plate.as_slice()].concat());
        }
        self.label(lines, font, class, (x, y), width, anchor);
    }

    /// The whole picture, with every element ended.
    pub(super) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.out
    }

    fn tag(&mut self, tag: &str, attributes: &Attributes<'_>) {
        self.out.push('<');
        self.out.push_str(tag);
        for (name, value) in attributes {
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            match value {
                Value::Number(number) => self.out.push_str(&tenths(*number)),
                Value::Text(text) => self.out.push_str(&escape(text)),
            }
            self.out.push('"');
        }
    }
}

/// A number to a tenth, as short as can be; what is not finite is nothing.
pub(super) fn tenths(number: f64) -> String {
    let rounded = (number * 10.0).round() / 10.0;
    if rounded.is_finite() && rounded != 0.0 { rounded.to_string() } else { "0".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::super::text::wrap;
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!([1.0, 0.25, -0.04, 1234.56, f64::NAN].map(tenths), ["1", "0.3", "0", "1234.6", "0"]);
    }

    #[test]
    fn elements_nest_and_texts_are_escaped() {
        let mut svg = Svg::default();
        svg.open("g", &[("aria-label", "a \"b\"".into())]);
        svg.leaf("title", &[], "<script>");
        svg.empty("rect", &[("x", 1.5.into())]);
        assert_eq!(
            svg.finish(),
            "<g aria-label=\"a &quot;b&quot;\">\n<title>&lt;script&gt;</title>\n<rect x=\"1.5\"/>\n</g>\n"
        );
    }

    #[test]
    fn a_label_that_is_cut_has_its_whole_text_as_title() {
        let mut svg = Svg::default();
        let lines = wrap("pay the bill now or later", Font::Body, 60.0, 2);
        svg.label(&lines, Font::Body, "soft", (10.0, 20.0), 60.0, Anchor::Start);
        let text = svg.finish();
        assert!(text.contains("<title>pay the bill now or later</title>"), "{text}");
        assert!(text.contains("<tspan x=\"10\" y=\"36\">bill now…</tspan>"), "{text}");
    }

    #[test]
    fn a_label_from_right_to_left_begins_at_the_right() {
        let mut svg = Svg::default();
        svg.label(&wrap("دفع", Font::Body, 60.0, 1), Font::Body, "", (10.0, 20.0), 60.0, Anchor::Start);
        assert_eq!(svg.finish(), "<text class=\"body\" direction=\"rtl\" x=\"70\" y=\"20\">دفع</text>\n");
    }
}
