//! Tables of the page: every cell is a text, and a list that was cut says how much of it is missing.

use askama::Template;

use crate::analysis::Share;
use crate::render::escape::printable;
use crate::render::words::{Language, Word};

/// The most rows that a table shows.
const MOST: usize = 50;

/// A table with its caption.
#[derive(Template)]
#[template(path = "table.html")]
pub(super) struct Table {
    pub(super) caption: String,
    pub(super) columns: Vec<Column>,
    /// Each cell, and whether it is a figure.
    pub(super) rows: Vec<Vec<(String, bool)>>,
    /// How many rows are not shown, in words; empty if all are.
    pub(super) more: String,
}

/// A column: its name, and whether it holds figures.
pub(super) struct Column {
    pub(super) name: String,
    pub(super) figures: bool,
}

/// A column of labels.
pub(super) fn label(word: Word, lang: Language) -> Column {
    Column { name: lang.say(word).to_owned(), figures: false }
}

/// Columns of labels, and of figures after them.
pub(super) fn columns(labels: &[Word], figures: &[Word], lang: Language) -> Vec<Column> {
    let column = |word: &Word, figures| Column { name: lang.say(*word).to_owned(), figures };
    labels.iter().map(|word| column(word, false)).chain(figures.iter().map(|word| column(word, true))).collect()
}

/// The columns of a share with its interval.
pub(super) const SHARE: [Word; 4] = [Word::ColumnShare, Word::ColumnInterval, Word::ColumnN, Word::ColumnOf];

/// The cells of a share with its interval.
pub(super) fn share(share: &Share, lang: Language) -> Vec<String> {
    vec![lang.percent(share.share), interval(share, lang), lang.whole(share.n), lang.whole(share.of)]
}

/// The interval of a share, in percent; a dash where there is none.
pub(super) fn interval(share: &Share, lang: Language) -> String {
    let ends = share.low.zip(share.high);
    ends.map_or_else(none, |(low, high)| lang.interval(&lang.decimal(low * 100.0, 1), &lang.decimal(high * 100.0, 1)))
}

/// What stands where there is no figure.
pub(super) fn none() -> String {
    "–".to_owned()
}

/// A p-value.
pub(super) fn p_value(p: Option<f64>, lang: Language) -> String {
    p.map_or_else(none, |p| {
        if p < 0.001 { lang.fill(Word::LessThan, &[("p", &lang.decimal(0.001, 3))]) } else { lang.decimal(p, 3) }
    })
}

impl Table {
    /// A table of these rows; `left_out` were cut off before.
    pub(super) fn new(
        caption: &str,
        columns: Vec<Column>,
        rows: impl IntoIterator<Item = Vec<String>>,
        left_out: u64,
        lang: Language,
    ) -> Self {
        let mut table = Self { caption: printable(caption), columns, rows: Vec::new(), more: String::new() };
        let mut more = left_out;
        for row in rows {
            more += table.add(&row);
        }
        if more > 0 {
            table.more = lang.count(more, Word::OneRowMore, Word::RowsMore);
        }
        table
    }

    /// Adds a row; how many rows that is too many.
    fn add(&mut self, row: &[String]) -> u64 {
        if self.rows.len() >= MOST {
            return 1;
        }
        let cell = |(cell, column): (&String, &Column)| (printable(cell), column.figures);
        self.rows.push(row.iter().zip(&self.columns).map(cell).collect());
        0
    }
}
