//! Path patterns: what a journey does, as a regular expression over its events.
//!
//! A pattern is read into a tree (`parse`), its names are looked up in the log (here), and it is matched by an
//! automaton (`nfa`), in time that grows with the events and never with what a pattern might try in vain. It is found
//! anywhere in a journey unless `start` and `end` hold it. `docs/reference/path_patterns.md` is the page for users.

mod lex;
mod nfa;
mod parse;

use lex::{Fault, Place};
use nfa::{MOST_STATES, Nfa, Walk};
use parse::{Events, Name, Test, parse};

use super::matching::unknown;
use super::{EventLog, Journey};
use crate::error::{Error, Problem, Result, nearest, shorten};
use crate::names::Names;

/// A pattern that is ready for a log.
#[derive(Debug)]
pub(super) struct PathPattern<'a> {
    nfa: Nfa,
    /// The columns that are asked for.
    columns: Vec<Column<'a>>,
    /// Each sort of events that the pattern speaks of.
    sorts: Vec<Sort>,
}

/// A column, its codes sorted into those that are asked for, each by itself, and all others.
#[derive(Debug)]
struct Column<'a> {
    kind: Kind,
    codes: &'a [u32],
    /// For each code its class; 0 is that of all others.
    classes: Vec<u64>,
    /// How many classes there are.
    count: u64,
    /// The product of the counts of the columns before it.
    stride: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Touchpoint,
    Channel,
    Attribute(usize),
}

/// [`Events`] in the classes of the columns.
#[derive(Debug)]
struct Sort {
    negated: bool,
    any_of: Vec<Vec<Check>>,
}

/// Whether the class in a column is this one.
#[derive(Clone, Copy, Debug)]
struct Check {
    column: usize,
    class: u64,
}

impl EventLog {
    /// Makes a pattern that an option gives ready for this log.
    ///
    /// A log without events names nothing; asking it for a name is no mistake.
    pub(super) fn path_pattern(&self, text: &str, option: &str) -> Result<PathPattern<'_>> {
        let parsed =
            parse(text).map_err(|Fault { place, message }| at(Problem::Options(message), place).at_field(option))?;
        let nfa = Nfa::new(&parsed.path).map_err(|_| {
            let problem =
                format!("the pattern is too large; with its repeats written out it may have {MOST_STATES} states");
            Problem::Options(problem).at_field(option)
        })?;
        let mut pattern = PathPattern { nfa, columns: Vec::new(), sorts: Vec::new() };
        if self.is_empty() {
            return Ok(pattern);
        }
        for events in &parsed.events {
            let sort = pattern.sort(self, events).map_err(|error| error.at_field(option))?;
            pattern.sorts.push(sort);
        }
        if !pattern.set_strides() {
            let problem = "the pattern asks for too many columns at once";
            return Err(Problem::Options(problem.into()).at_field(option));
        }
        Ok(pattern)
    }

    /// The column that a test names, and its names.
    fn tested_column(&self, column: Option<&Name>) -> Result<(Kind, &Names, &[u32])> {
        let touchpoints = (Kind::Touchpoint, &self.names.touchpoints, self.touchpoints.as_slice());
        let Some(name) = column else { return Ok(touchpoints) };
        match name.text.as_str() {
            "touchpoint" if !name.quoted => return Ok(touchpoints),
            "channel" if !name.quoted => return Ok((Kind::Channel, &self.names.channels, self.channel_column())),
            _ => {}
        }
        let mut attributes = self.names.attributes.iter().zip(&self.attributes).enumerate();
        if let Some((number, ((_, names), codes))) = attributes.find(|(_, ((known, _), _))| *known == name.text) {
            return Ok((Kind::Attribute(number), names, codes.as_slice()));
        }
        let nearest = nearest(&name.text, self.attributes().chain(["channel", "touchpoint"]));
        Err(at(unknown("", "attribute", &name.text, nearest.as_ref()), name.place))
    }
}

/// An error at a place of the pattern.
fn at(error: impl Into<Error>, place: Place) -> Error {
    error.into().at_line(place.line, Some(place.column))
}

impl<'a> PathPattern<'a> {
    /// A walk along the pattern; it learns as it goes, so use one for many journeys.
    pub(super) fn walker(&self) -> Walker<'_> {
        Walker { pattern: self, walk: Walk::new(&self.nfa) }
    }

    fn sort(&mut self, log: &'a EventLog, events: &Events) -> Result<Sort> {
        let mut any_of = Vec::with_capacity(events.any_of.len());
        for tests in &events.any_of {
            any_of.push(tests.iter().map(|test| self.check(log, test)).collect::<Result<_>>()?);
        }
        Ok(Sort { negated: events.negated, any_of })
    }

    fn check(&mut self, log: &'a EventLog, test: &Test) -> Result<Check> {
        let (kind, names, codes) = log.tested_column(test.column.as_ref())?;
        let Some(code) = names.code(&test.value.text) else {
            let nearest = nearest(&test.value.text, names.iter());
            let error = match kind {
                Kind::Touchpoint => {
                    Problem::UnknownTouchpoint { place: "the log", id: shorten(&test.value.text), nearest }.into()
                }
                Kind::Channel => unknown("", "channel", &test.value.text, nearest.as_ref()),
                Kind::Attribute(_) => unknown("", "value", &test.value.text, nearest.as_ref()),
            };
            return Err(at(error, test.value.place));
        };
        let column = self.columns.iter().position(|column| column.kind == kind).unwrap_or_else(|| {
            self.columns.push(Column { kind, codes, classes: vec![0; names.len()], count: 1, stride: 1 });
            self.columns.len() - 1
        });
        let class = self.columns.get_mut(column).map_or(0, |column| column.class(code));
        Ok(Check { column, class })
    }

    /// Makes each combination of classes one number; false if there are too many for that.
    fn set_strides(&mut self) -> bool {
        let mut product = Some(1u64);
        for column in &mut self.columns {
            column.stride = product.unwrap_or(0);
            product = product.and_then(|product| product.checked_mul(column.count));
        }
        product.is_some()
    }

    /// Each event as a number: the classes of its columns.
    fn numbers(&self, journey: Journey<'_>) -> impl Iterator<Item = u64> {
        journey.rows().map(|row| {
            let class = |column: &Column<'_>| {
                let code = column.codes.get(row).copied();
                code.and_then(|code| column.classes.get(code as usize)).map_or(0, |class| class * column.stride)
            };
            self.columns.iter().map(class).sum()
        })
    }

    fn is_of_sort(&self, number: u64, sort: usize) -> bool {
        let passes = |check: &Check| {
            let class = |column: &Column<'_>| number.checked_div(column.stride).unwrap_or(0) % column.count;
            self.columns.get(check.column).is_some_and(|column| class(column) == check.class)
        };
        self.sorts
            .get(sort)
            .is_some_and(|sort| sort.negated != sort.any_of.iter().any(|checks| checks.iter().all(passes)))
    }
}

impl Column<'_> {
    /// The class of a code that is asked for.
    fn class(&mut self, code: u32) -> u64 {
        match self.classes.get_mut(code as usize) {
            Some(class) => {
                if *class == 0 {
                    *class = self.count;
                    self.count += 1;
                }
                *class
            }
            None => 0,
        }
    }
}

/// Looks for a pattern in one journey after the other.
pub(super) struct Walker<'a> {
    pattern: &'a PathPattern<'a>,
    walk: Walk<'a>,
}

impl Walker<'_> {
    /// Whether the journey follows the pattern somewhere.
    pub(super) fn finds(&mut self, journey: Journey<'_>) -> bool {
        let pattern = self.pattern;
        self.walk.finds(pattern.numbers(journey), |number, sort| pattern.is_of_sort(number, sort))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{ErrorKind, Event, JourneyMatch, Timestamp};

    /// Journeys of one-letter events: `a` at a touchpoint, `A` the same on the channel `web`.
    fn log(paths: &[&str]) -> EventLog {
        let mut log = EventLog::builder().attribute("plan");
        for path in paths {
            for (second, letter) in (0..).zip(path.chars()) {
                let touchpoint = letter.to_lowercase().to_string();
                let event = Event::new(path, &touchpoint, Timestamp::from_micros(second).unwrap());
                let upper = letter.is_uppercase();
                let event = if upper { event.on_channel("web") } else { event };
                log = log.event_with(event, [Some(if upper { "big" } else { "small" })]);
            }
        }
        log.build().unwrap()
    }

    fn found(pattern: &str, paths: &[&str]) -> Vec<String> {
        let wanted = JourneyMatch { with_path: Some(pattern.into()), ..Default::default() };
        let log = log(paths).select_journeys(&wanted).unwrap();
        log.journeys().map(|journey| journey.id().to_owned()).collect()
    }

    fn refused(pattern: &str) -> Error {
        log(&["abc", "A"]).path_pattern(pattern, "with_path").unwrap_err()
    }

    #[test]
    fn a_pattern_is_found_anywhere_unless_it_is_anchored() {
        let paths = ["abc", "bca", "cab", "c"];
        assert_eq!(found("a -> b", &paths), ["abc", "cab"]);
        assert_eq!(found("start -> a -> b", &paths), ["abc"]);
        assert_eq!(found("a -> b -> end", &paths), ["cab"]);
        assert_eq!(found("start -> any -> end", &paths), ["c"]);
        assert_eq!(found("a ->> c", &paths), ["abc"]);
        assert_eq!(found("start ->> b ->> end", &paths), ["abc", "bca", "cab"]);
        assert_eq!(found("a -> [^c]* -> end", &paths), ["bca", "cab"]);
        assert_eq!(found("start -> end", &paths), [""; 0], "no journey is without events");
    }

    #[test]
    fn groups_alternatives_and_repeats_are_those_of_regular_expressions() {
        assert_eq!(found("start -> (a -> b)+ -> end", &["ab", "abab", "aba"]), ["ab", "abab"]);
        assert_eq!(found("start -> a -> b | c -> end", &["abx", "xc", "xab"]), ["abx", "xc"]);
        assert_eq!(found("start -> a{2} -> end", &["a", "aa", "aaa"]), ["aa"]);
        assert_eq!(found("start -> a{2,} -> end", &["a", "aa", "aaa"]), ["aa", "aaa"]);
        assert_eq!(found("start -> a{0,2} -> b?", &["b", "aab", "aaab"]), ["b", "aab", "aaab"]);
        assert_eq!(found("start -> a{ 1 , 2 } -> b", &["b", "aab", "aaab"]), ["aab"]);
        assert_eq!(found("(start | a -> b) -> c", &["c", "abc", "bc"]), ["c", "abc"]);
        assert_eq!(found("start -> (a* | b*)* -> end", &["ab", "abc"]), ["ab"], "a loop around nothing ends");
    }

    #[test]
    fn events_are_meant_by_any_column() {
        let paths = ["ab", "Ab", "aB", "AB"];
        assert_eq!(found("channel:web", &paths), ["Ab", "aB", "AB"]);
        assert_eq!(found("start -> [^channel:web] -> channel:web", &paths), ["aB"]);
        assert_eq!(found("b & channel:web", &paths), ["aB", "AB"]);
        assert_eq!(
            found("start -> [a & plan:small, \"plan\":\"big\"] -> touchpoint:b & plan:small", &paths),
            ["ab", "Ab"]
        );
        assert_eq!(found("[^a b]", &paths), [""; 0]);
    }

    #[test]
    fn names_may_hold_anything_in_quotes() {
        let at = Timestamp::from_micros(0).unwrap();
        let mut builder = EventLog::builder();
        for name in ["add-to-cart", "index.html", "say \"hi\"", "start", "Über uns", "👍", "a`b", "1"] {
            builder = builder.event(Event::new(name, name, at));
        }
        let log = builder.build().unwrap();
        let id = |pattern: &str| {
            let wanted = JourneyMatch { with_path: Some(pattern.into()), ..Default::default() };
            let log = log.select_journeys(&wanted).unwrap();
            log.journeys().map(|j| j.id().to_owned()).collect::<Vec<_>>().join(", ")
        };
        assert_eq!(id("add-to-cart->end"), "add-to-cart");
        assert_eq!(id("start->index.html"), "index.html");
        assert_eq!(id("`say \"hi\"`"), "say \"hi\"");
        assert_eq!(id("\"say \"\"hi\"\"\""), "say \"hi\"");
        assert_eq!(id("[\"start\" 👍, 1]"), "start, 👍, 1");
        assert_eq!(id("\"Über uns\" | `a``b`"), "Über uns, a`b");
    }

    #[test]
    fn a_mistake_is_an_error_at_its_place() {
        for (pattern, expected) in [
            ("", "line 1 column 1, `with_path`: the pattern is empty; expected such as `cart -> pay`"),
            (
                "a -> ",
                "line 1 column 6, `with_path`: expected a touchpoint, `any`, `start`, `end`, `[` or \
                 `(`, got the end of the pattern",
            ),
            (
                "a b",
                "line 1 column 3, `with_path`: expected `->` or `|` between steps; a name with \
                 spaces or signs stands in quotes, got `b`",
            ),
            (
                "a\n -> (b",
                "line 2 column 7, `with_path`: expected `)`, `->` or `|` in a group, got the end of the pattern",
            ),
            ("a -> [^]", "line 1 column 8, `with_path`: expected a touchpoint in the set, got `]`"),
            (
                "[a, end]",
                "line 1 column 5, `with_path`: `start` and `end` are places and no events; a \
                 touchpoint of that name stands in quotes",
            ),
            ("é -> \"b", "line 1 column 6, `with_path`: a quote is opened here and never closed"),
            ("a{0}", "line 1 column 3, `with_path`: a repeat of 0 times matches nothing; expected at least 1"),
            ("a{3,2}", "line 1 column 3, `with_path`: a repeat has its smaller number first"),
            ("a{1001}", "line 1 column 3, `with_path`: expected a whole number up to 1000, got `1001`"),
            ("a{1;2}", "line 1 column 3, `with_path`: expected a whole number up to 1000, got `1;2`"),
            ("a & ", "line 1 column 5, `with_path`: expected a name after `&`, got the end of the pattern"),
            ("a & any", "line 1 column 5, `with_path`: `any` stands alone; a touchpoint of that name stands in quotes"),
            (
                "start*",
                "line 1 column 6, `with_path`: expected `->` or `|` between steps; a name with \
                 spaces or signs stands in quotes, got `*`",
            ),
            ("plna:big", "line 1 column 1, `with_path`: the log has no attribute `plna`; did you mean `plan`?"),
            ("plan:bgi", "line 1 column 6, `with_path`: the log has no value `bgi`; did you mean `big`?"),
            ("chanel:web", "line 1 column 1, `with_path`: the log has no attribute `chanel`; did you mean `channel`?"),
            ("a -> channel:wbe", "line 1 column 14, `with_path`: the log has no channel `wbe`; did you mean `web`?"),
        ] {
            let error = refused(pattern);
            assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::InvalidOption, expected));
        }
        let error = refused("a -> x");
        assert_eq!(error.kind(), ErrorKind::UnknownTouchpoint);
        assert!(
            error.to_string().starts_with("line 1 column 6, `with_path`: the log has no touchpoint `x`"),
            "{error}"
        );
    }

    #[test]
    fn a_pattern_is_bounded_in_depth_and_size() {
        let nested = |depth: usize| "(".repeat(depth) + "a" + &")".repeat(depth);
        assert!(log(&["a"]).path_pattern(&nested(50), "with_path").is_ok());
        assert!(refused(&nested(51)).to_string().contains("more than 50 groups"));
        assert!(refused(&"(".repeat(100_000)).to_string().contains("more than 50 groups"));
        for large in ["a{1000}", "((a{50}){50}){50}", "((((((((a?){9}){9}){9}){9}){9}){9}){9}){9}"] {
            assert!(refused(large).to_string().contains("too large"), "{large}");
        }
        assert!(log(&["a"]).path_pattern("(((a+)+)+)+", "with_path").is_ok(), "loops do not double");
    }

    #[test]
    fn an_empty_log_knows_no_names_but_the_grammar() {
        let empty = EventLog::builder().build().unwrap();
        assert!(empty.path_pattern("cart -> plan:big", "with_path").is_ok());
        assert!(empty.path_pattern("cart ->", "with_path").is_err());
    }

    #[test]
    fn what_a_walk_forgets_it_finds_again() {
        // The set of states is that of the places of the last eleven `a`: 2^11 sets, more than are kept.
        let pattern = "a -> any{10} -> b & channel:web -> end";
        let mut draw = 7u64;
        let mut path = String::new();
        for _ in 0..20_000 {
            draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            path.push(if draw >> 63 == 0 { 'a' } else { 'b' });
        }
        let hit = path.clone() + "abbbbbbbbbbB";
        let miss = path + "bbbbbbbbbbbB";
        assert_eq!(found(pattern, &[&hit, &miss]), [hit.as_str()]);
    }

    proptest! {
        #[test]
        fn whatever_the_text_reading_it_ends(text in "[ab.*+?|&,:^(){}\\[\\]\"` 0-9>-]{0,40}|.{0,40}") {
            let log = log(&["ab"]);
            if let Ok(pattern) = log.path_pattern(&text, "with_path") {
                let mut walker = pattern.walker();
                for journey in log.journeys() {
                    walker.finds(journey);
                }
            }
        }
    }
}
