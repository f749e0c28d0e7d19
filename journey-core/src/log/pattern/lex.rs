//! The letters of a pattern as words and signs, with their places.

use std::fmt;
use std::iter::Peekable;
use std::str::Chars;

use crate::error::shorten;

/// Letters that end a word and stand for themselves.
const SIGNS: [char; 14] = ['(', ')', '[', ']', '{', '}', '|', '&', ',', ':', '*', '+', '?', '^'];

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A name, a number, or a word with a meaning.
    Word(String),
    /// A name in quotes.
    Quoted(String),
    /// `->`
    Arrow,
    /// `->>`
    Later,
    Sign(char),
}

/// Line and character, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) line: u64,
    pub(super) column: u64,
}

/// What is wrong with a pattern, and where.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) place: Place,
    pub(super) message: String,
}

impl Fault {
    pub(super) fn new(place: Place, message: impl Into<String>) -> Self {
        Self { place, message: message.into() }
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(text) | Self::Quoted(text) => f.write_str(&shorten(text)),
            Self::Arrow => f.write_str("->"),
            Self::Later => f.write_str("->>"),
            Self::Sign(sign) => write!(f, "{sign}"),
        }
    }
}

/// The tokens of a text with their places, and the place where it ends.
pub(super) fn lex(text: &str) -> Result<(Vec<(Token, Place)>, Place), Fault> {
    let mut letters = Letters { rest: text.chars().peekable(), place: Place { line: 1, column: 1 } };
    let mut tokens = Vec::new();
    loop {
        letters.skip_space();
        let place = letters.place;
        let Some(letter) = letters.peek() else { return Ok((tokens, place)) };
        let token = match letter {
            '"' | '`' => Token::Quoted(letters.quoted(letter)?),
            sign if SIGNS.contains(&sign) => letters.sign(sign),
            _ => letters.word_or_arrow(),
        };
        tokens.push((token, place));
    }
}

struct Letters<'a> {
    rest: Peekable<Chars<'a>>,
    place: Place,
}

impl Letters<'_> {
    fn peek(&mut self) -> Option<char> {
        self.rest.peek().copied()
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.rest.next()?;
        if letter == '\n' {
            self.place = Place { line: self.place.line + 1, column: 1 };
        } else {
            self.place.column += 1;
        }
        Some(letter)
    }

    fn takes(&mut self, letter: char) -> bool {
        self.peek() == Some(letter) && self.next().is_some()
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.next();
        }
    }

    fn sign(&mut self, sign: char) -> Token {
        self.next();
        Token::Sign(sign)
    }

    /// A text in quotes; a quote within it is written twice.
    fn quoted(&mut self, quote: char) -> Result<String, Fault> {
        let open = self.place;
        self.next();
        let mut text = String::new();
        while let Some(letter) = self.next() {
            if letter == quote && !self.takes(quote) {
                return Ok(text);
            }
            text.push(letter);
        }
        Err(Fault::new(open, "a quote is opened here and never closed"))
    }

    /// A word goes on to a space, a sign, a quote or an arrow; hyphens and dots are part of it.
    fn word_or_arrow(&mut self) -> Token {
        let mut word = String::new();
        while let Some(letter) = self.peek() {
            if letter.is_whitespace() || SIGNS.contains(&letter) || ['"', '`'].contains(&letter) {
                break;
            }
            if letter == '-' && self.rest.clone().nth(1) == Some('>') {
                if word.is_empty() {
                    return self.arrow();
                }
                break;
            }
            word.push(letter);
            self.next();
        }
        Token::Word(word)
    }

    fn arrow(&mut self) -> Token {
        self.next();
        self.next();
        if self.takes('>') { Token::Later } else { Token::Arrow }
    }
}
