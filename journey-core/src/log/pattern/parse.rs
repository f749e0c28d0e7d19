//! The text of a pattern as a tree. Nothing is known of a log here; names keep their places, so that it can be asked
//! later.
//!
//! ```text
//! path     = sequence { "|" sequence }
//! sequence = step { ( "->" | "->>" ) step }
//! step     = ( event | set | "(" path ")" ) [ repeat ]  |  "start"  |  "end"
//! event    = "any"  |  "."  |  test { "&" test }
//! set      = "[" [ "^" ] event { [ "," ] event } "]"
//! test     = [ column ":" ] name
//! repeat   = "*"  |  "+"  |  "?"  |  "{" number [ "," [ number ] ] "}"
//! ```

use super::lex::{Fault, Place, Token, lex};
use crate::error::shorten;

/// How deep groups may lie within each other.
const DEEPEST: usize = 50;
/// The largest number in a repeat.
const MOST_REPEATS: u32 = 1000;

/// A pattern, with the events it speaks of in the order of the text.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) path: Path,
    pub(super) events: Vec<Events>,
}

#[derive(Debug)]
pub(super) enum Path {
    /// One event of those at this place of [`Parsed::events`].
    Event(usize),
    /// The place before the first event.
    Start,
    /// The place after the last event.
    End,
    /// One after the other.
    Sequence(Vec<Path>),
    /// One of them.
    Either(Vec<Path>),
    /// The same at least so many times, and at most so many; `most` is not 0.
    Repeat { path: Box<Path>, least: u32, most: Option<u32> },
}

/// Which events are meant: those that pass all tests of one of the lists; or, negated, of none of them.
#[derive(Debug, Default)]
pub(super) struct Events {
    pub(super) negated: bool,
    pub(super) any_of: Vec<Vec<Test>>,
}

/// Whether an event has a value in a column.
#[derive(Debug)]
pub(super) struct Test {
    /// The touchpoint if not given.
    pub(super) column: Option<Name>,
    pub(super) value: Name,
}

#[derive(Clone, Debug)]
pub(super) struct Name {
    pub(super) text: String,
    pub(super) quoted: bool,
    pub(super) place: Place,
}

/// Reads a pattern.
pub(super) fn parse(text: &str) -> Result<Parsed, Fault> {
    let (tokens, end) = lex(text)?;
    let mut parser = Parser { tokens: tokens.into_iter().peekable(), end, depth: 0, events: Vec::new() };
    if parser.tokens.peek().is_none() {
        return Err(Fault::new(end, "the pattern is empty; expected such as `cart -> pay`"));
    }
    let path = parser.path()?;
    match parser.tokens.peek() {
        None => Ok(Parsed { path, events: parser.events }),
        Some(_) => Err(parser.expected("`->` or `|` between steps; a name with spaces or signs stands in quotes")),
    }
}

struct Parser {
    tokens: std::iter::Peekable<std::vec::IntoIter<(Token, Place)>>,
    end: Place,
    depth: usize,
    events: Vec<Events>,
}

impl Parser {
    fn path(&mut self) -> Result<Path, Fault> {
        let mut paths = vec![self.sequence()?];
        while self.takes('|') {
            paths.push(self.sequence()?);
        }
        Ok(one_or(paths, Path::Either))
    }

    fn sequence(&mut self) -> Result<Path, Fault> {
        let mut steps = vec![self.step()?];
        loop {
            if self.takes_token(&Token::Later) {
                let any = self.event(Events { negated: true, any_of: Vec::new() });
                steps.push(Path::Repeat { path: Box::new(any), least: 0, most: None });
            } else if !self.takes_token(&Token::Arrow) {
                return Ok(one_or(steps, Path::Sequence));
            }
            steps.push(self.step()?);
        }
    }

    fn step(&mut self) -> Result<Path, Fault> {
        let path = if self.takes('(') {
            self.depth += 1;
            if self.depth > DEEPEST {
                return Err(self.fault(format!("more than {DEEPEST} groups lie within each other")));
            }
            let path = self.path()?;
            if !self.takes(')') {
                return Err(self.expected("`)`, `->` or `|` in a group"));
            }
            self.depth -= 1;
            path
        } else if self.takes('[') {
            let events = self.set()?;
            self.event(events)
        } else {
            match self.tests("a touchpoint, `any`, `start`, `end`, `[` or `(`")? {
                Tests::Any => self.event(Events { negated: true, any_of: Vec::new() }),
                Tests::All(tests) => self.event(Events { negated: false, any_of: vec![tests] }),
                Tests::Anchor(path) => return Ok(path),
            }
        };
        self.repeated(path)
    }

    /// What follows a `[`, the `]` included.
    fn set(&mut self) -> Result<Events, Fault> {
        let negated = self.takes('^');
        let mut any_of = Vec::new();
        loop {
            let place = self.place();
            match self.tests("a touchpoint in the set")? {
                // Any event is an empty list of tests: all of them are passed.
                Tests::Any => any_of.push(Vec::new()),
                Tests::All(tests) => any_of.push(tests),
                Tests::Anchor(_) => {
                    let message =
                        "`start` and `end` are places and no events; a touchpoint of that name stands in quotes";
                    return Err(Fault::new(place, message));
                }
            }
            self.takes(',');
            if self.takes(']') {
                return Ok(Events { negated, any_of });
            }
        }
    }

    /// Tests joined by `&`, or a word that stands for itself.
    fn tests(&mut self, expected: &str) -> Result<Tests, Fault> {
        let first = self.name(expected)?;
        if !first.quoted && self.tokens.peek().is_none_or(|(token, _)| *token != Token::Sign(':')) {
            match first.text.as_str() {
                "start" => return Ok(Tests::Anchor(Path::Start)),
                "end" => return Ok(Tests::Anchor(Path::End)),
                "any" | "." => return Ok(Tests::Any),
                _ => {}
            }
        }
        let mut tests = vec![self.test(first)?];
        while self.takes('&') {
            let name = self.name("a name after `&`")?;
            tests.push(self.test(name)?);
        }
        Ok(Tests::All(tests))
    }

    fn test(&mut self, first: Name) -> Result<Test, Fault> {
        if self.takes(':') {
            return Ok(Test { column: Some(first), value: self.name("a value after `:`")? });
        }
        if !first.quoted && ["start", "end", "any", "."].contains(&first.text.as_str()) {
            let message = format!("`{}` stands alone; a touchpoint of that name stands in quotes", first.text);
            return Err(Fault::new(first.place, message));
        }
        Ok(Test { column: None, value: first })
    }

    fn name(&mut self, expected: &str) -> Result<Name, Fault> {
        match self.tokens.next_if(|(token, _)| matches!(token, Token::Word(_) | Token::Quoted(_))) {
            Some((Token::Word(text), place)) => Ok(Name { text, quoted: false, place }),
            Some((Token::Quoted(text), place)) => Ok(Name { text, quoted: true, place }),
            _ => Err(self.expected(expected)),
        }
    }

    fn repeated(&mut self, path: Path) -> Result<Path, Fault> {
        let (least, most) = if self.takes('*') {
            (0, None)
        } else if self.takes('+') {
            (1, None)
        } else if self.takes('?') {
            (0, Some(1))
        } else if self.takes('{') {
            self.bounds()?
        } else {
            return Ok(path);
        };
        Ok(Path::Repeat { path: Box::new(path), least, most })
    }

    /// What follows a `{`, the `}` included.
    fn bounds(&mut self) -> Result<(u32, Option<u32>), Fault> {
        let place = self.place();
        let least = self.number()?;
        let most = if !self.takes(',') {
            Some(least)
        } else if self.tokens.peek().is_some_and(|(token, _)| *token == Token::Sign('}')) {
            None
        } else {
            Some(self.number()?)
        };
        if !self.takes('}') {
            return Err(self.expected("`}` after the numbers of a repeat"));
        }
        match most {
            Some(0) => Err(Fault::new(place, "a repeat of 0 times matches nothing; expected at least 1")),
            Some(most) if most < least => Err(Fault::new(place, "a repeat has its smaller number first")),
            most => Ok((least, most)),
        }
    }

    fn number(&mut self) -> Result<u32, Fault> {
        let place = self.place();
        let expected = format!("a whole number up to {MOST_REPEATS}");
        let name = self.name(&expected)?;
        let number = name.text.parse().ok().filter(|number| *number <= MOST_REPEATS && !name.quoted);
        number.ok_or_else(|| Fault::new(place, format!("expected {expected}, got `{}`", shorten(&name.text))))
    }

    fn event(&mut self, events: Events) -> Path {
        self.events.push(events);
        Path::Event(self.events.len() - 1)
    }

    fn takes(&mut self, sign: char) -> bool {
        self.takes_token(&Token::Sign(sign))
    }

    fn takes_token(&mut self, wanted: &Token) -> bool {
        self.tokens.next_if(|(token, _)| token == wanted).is_some()
    }

    /// The place of the next token.
    fn place(&mut self) -> Place {
        self.tokens.peek().map_or(self.end, |(_, place)| *place)
    }

    fn expected(&mut self, expected: &str) -> Fault {
        let got = match self.tokens.peek() {
            None => "the end of the pattern".to_owned(),
            Some((token, _)) => format!("`{token}`"),
        };
        self.fault(format!("expected {expected}, got {got}"))
    }

    fn fault(&mut self, message: String) -> Fault {
        Fault::new(self.place(), message)
    }
}

enum Tests {
    Any,
    All(Vec<Test>),
    Anchor(Path),
}

fn one_or(mut paths: Vec<Path>, more: fn(Vec<Path>) -> Path) -> Path {
    match paths.pop() {
        Some(only) if paths.is_empty() => only,
        Some(last) => {
            paths.push(last);
            more(paths)
        }
        None => more(paths),
    }
}
