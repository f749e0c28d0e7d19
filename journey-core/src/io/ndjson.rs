//! Logs from NDJSON: one JSON object on each line.

use std::borrow::Cow;
use std::io::Read;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::blocks::{Block, Blocks, Lines};
use super::columns::{Cells, Columns};
use super::input::{decompressed, text};
use super::limits::Limits;
use super::options::{ReadOptions, StandardNames};
use super::read::{LogReader, Sink};
use super::table::check;
use super::wanted::{Part, Seen, Wanted, is_required, utf8};
use crate::error::{Error, Problem, Result};
use crate::log::EventLog;
use crate::sorting::SortRows;
use crate::threads::in_order;

/// Reads a log from NDJSON (JSON Lines), one object on each line, plain or compressed with gzip or zstd.
///
/// An option names a field, or a path of fields such as `user.id`; where an object has a field of just that name, that one
/// counts. Numbers and `true` and `false` are texts as they are written, so that ids beyond 2^53 keep all digits. `null`, an
/// empty text and a field that is not there are missing. Other fields are passed over, and blank lines are.
///
/// ```
/// use journey_core::{ReadOptions, read_ndjson};
///
/// let file = r#"{"user": {"id": 7}, "touchpoint": "visit", "time": "2024-03-13T10:00:00Z"}"#;
/// let options = ReadOptions { journey: Some("user.id".into()), ..Default::default() };
/// let log = read_ndjson(file.as_bytes(), &options)?;
/// assert_eq!(log.journey(0).unwrap().id(), "7");
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If a line is no JSON object, names a wanted field twice or has a list or an object in it; if no object has a field that
/// is asked for; if a journey, touchpoint or time is missing; if a time, score or value cannot be read; if the text is not
/// UTF-8, or reading fails. The error says in which line, record and field. No part of a log is returned with an error.
pub fn read_ndjson(input: impl Read, options: &ReadOptions) -> Result<EventLog> {
    LogReader::new(options).ndjson(input)
}

/// Reads the lines on all cores.
pub(super) fn read(input: impl Read, options: &ReadOptions, sink: &mut Sink<'_>) -> Result<EventLog> {
    let limits = &options.limits;
    let mut blocks = Blocks::new(text(decompressed(input, limits)?)?, Lines, limits);
    let mut wanted = Wanted::default();
    let mut columns = Columns::find(options, StandardNames::TABLE, |option, name| Ok(wanted.place(option, name)))?;
    let root = Node::of(&wanted);
    let mut builder = columns.builder();
    let Some(first) = blocks.next()? else { return builder.build() };
    if first.bytes.trim_ascii_start().first() == Some(&b'[') {
        let blank = first.bytes.len() - first.bytes.trim_ascii_start().len();
        return Err(super::wanted::at_byte(Problem::JsonArray.into(), &first, blank));
    }

    let have = names(&first);
    let (mut learnt, mut beginning) = (false, Seen::default());
    let whole = lines(&first, &root, limits, &mut beginning, |row| {
        if !learnt {
            columns.learn(row);
            learnt = true;
        }
        Ok(())
    });
    // What is wrong with a line is found again, in its turn.
    if learnt && whole.is_ok() {
        wanted.check("field", &beginning, is_required, || have.clone())?;
    }

    let mut first = Some(first);
    let (mut records, mut seen) = (0, Seen::default());
    in_order(
        || first.take().map_or_else(|| blocks.next(), |first| Ok(Some(first))),
        |block| {
            let (mut batch, mut seen) = (columns.batch(), Seen::default());
            let records = lines(&block, &root, limits, &mut seen, |row| {
                columns.push(&mut batch, row)?;
                check("touchpoints", batch.touchpoint_count(), limits.touchpoints)
            });
            records.map(|records| Part { batch, records, seen })
        },
        |part: Result<Part>| {
            let part = part.map_err(|error| error.after_records(records))?;
            records += part.records;
            seen |= &part.seen;
            sink.take(&mut builder, part.batch)
        },
    )?;
    if records > 0 {
        wanted.check("field", &seen, |_| true, || have)?;
    }
    builder.build()
}

/// Reads the objects of a block. Returns how many there are; errors have the line, and the number of the record in it.
fn lines(
    block: &Block,
    root: &Node<'_>,
    limits: &Limits,
    seen: &mut Seen,
    mut each: impl FnMut(&Row<'_>) -> Result<()>,
) -> Result<u64> {
    let (text, bad) = utf8(block);
    let mut row = Row { cells: Vec::new(), failed: None, limits };
    row.cells.resize_with(root.places, || None);
    let mut records = 0;
    for (number, line) in (block.line..).zip(Split(text)) {
        let line = line.trim_ascii();
        let Some(start) = line.chars().next() else { continue };
        records += 1;
        let read = row.read(line, start, root).and_then(|()| {
            for (place, _) in row.cells.iter().enumerate().filter(|(_, cell)| cell.is_some()) {
                seen.add(place);
            }
            each(&row)
        });
        read.map_err(|error| {
            let column = error.location().column;
            error.at_line(number, column).at_record(records)
        })?;
    }
    match bad {
        Some(bad) => Err(bad.at_record(records + 1)),
        None => Ok(records),
    }
}

/// The lines of a text.
struct Split<'b>(&'b str);

impl<'b> Iterator for Split<'b> {
    type Item = &'b str;

    fn next(&mut self) -> Option<&'b str> {
        let end = match memchr::memchr(b'\n', self.0.as_bytes()) {
            Some(end) => end + 1,
            None if self.0.is_empty() => return None,
            None => self.0.len(),
        };
        let (line, rest) = self.0.split_at_checked(end)?;
        self.0 = rest;
        Some(line)
    }
}

/// The wanted fields of an object: what a path goes through, and where it ends.
#[derive(Default)]
struct Node<'a> {
    fields: Vec<Field<'a>>,
    /// How many fields are wanted, in all objects.
    places: usize,
}

struct Field<'a> {
    name: &'a str,
    place: Option<usize>,
    within: Node<'a>,
}

impl<'a> Node<'a> {
    fn of(wanted: &Wanted<'a>) -> Self {
        let mut root = Self { places: wanted.fields.len(), ..Self::default() };
        for (place, field) in wanted.fields.iter().enumerate() {
            root.field(field.name).place = Some(place);
            if let Some((first, rest)) = field.name.split_once('.') {
                rest.split('.').fold(root.field(first), |field, name| field.within.field(name)).place = Some(place);
            }
        }
        root
    }

    /// The field of this name, a new one if there is none.
    fn field(&mut self, name: &'a str) -> &mut Field<'a> {
        let known = self.fields.iter().position(|field| field.name == name);
        let place = known.unwrap_or(self.fields.len());
        if known.is_none() {
            self.fields.push(Field { name, place: None, within: Self::default() });
        }
        #[expect(clippy::indexing_slicing, reason = "it is there, or has been added")]
        &mut self.fields[place]
    }
}

/// What an object has in the wanted fields, by their places.
struct Row<'b> {
    cells: Vec<Option<Cell<'b>>>,
    /// What is wrong with the object, where its JSON is not.
    failed: Option<Error>,
    limits: &'b Limits,
}

struct Cell<'b> {
    text: Option<Cow<'b, str>>,
    /// Whether the field is called as it is wanted, and is not at the end of a path.
    by_name: bool,
}

impl Cells for Row<'_> {
    fn cell(&self, place: usize) -> Result<Option<&str>> {
        let cell = self.cells.get(place).and_then(Option::as_ref);
        Ok(cell.and_then(|cell| cell.text.as_deref()).filter(|text| !text.is_empty()))
    }
}

impl<'b> Row<'b> {
    /// Takes the wanted fields of the object on a line, in place of those of the line before.
    fn read(&mut self, line: &'b str, start: char, root: &Node<'_>) -> Result<()> {
        if start != '{' {
            return Err(Problem::NoObject(start).into());
        }
        self.cells.iter_mut().for_each(|cell| *cell = None);
        self.object(line, root, true).map_err(|error| match self.failed.take() {
            Some(failed) => failed,
            None => broken(line, &error),
        })
    }

    fn object(&mut self, text: &'b str, node: &Node<'_>, outermost: bool) -> serde_json::Result<()> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        Object { node, row: self, outermost }.deserialize(&mut deserializer)?;
        deserializer.end()
    }

    /// Takes the value of a wanted field.
    fn take(&mut self, field: &Field<'_>, value: &'b str, by_name: bool) -> Result<()> {
        let text = match value.as_bytes() {
            [b'{', ..] if !field.within.fields.is_empty() => {
                if field.place.is_some() {
                    return Err(Problem::NoScalar("an object").into());
                }
                return self.object(value, &field.within, false).map_err(|error| match self.failed.take() {
                    Some(failed) => failed,
                    None => broken(value, &error),
                });
            }
            _ if field.place.is_none() => return Ok(()),
            [b'{', ..] => return Err(Problem::NoScalar("an object").into()),
            [b'[', ..] => return Err(Problem::NoScalar("an array").into()),
            b"null" => None,
            [b'"', inner @ .., b'"'] => {
                check("field_bytes", inner.len() as u64, self.limits.field_bytes)?;
                Some(match memchr::memchr(b'\\', inner) {
                    None => Cow::Borrowed(value.get(1..=inner.len()).unwrap_or_default()),
                    Some(_) => Cow::Owned(serde_json::from_str(value).map_err(|error| Problem::Json(words(&error)))?),
                })
            }
            number => {
                check("field_bytes", number.len() as u64, self.limits.field_bytes)?;
                Some(Cow::Borrowed(value))
            }
        };
        let Some(cell) = field.place.and_then(|place| self.cells.get_mut(place)) else { return Ok(()) };
        match cell {
            Some(before) if before.by_name == by_name => return Err(Problem::RepeatedField.into()),
            Some(before) if before.by_name => {}
            _ => *cell = Some(Cell { text, by_name }),
        }
        Ok(())
    }
}

/// Reads an object: what is wanted of it goes to the row, all else is passed over.
struct Object<'r, 'n, 'b> {
    node: &'n Node<'n>,
    row: &'r mut Row<'b>,
    /// Whether this is the object of the line, and not one within it.
    outermost: bool,
}

impl<'de: 'b, 'b> DeserializeSeed<'de> for Object<'_, '_, 'b> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de: 'b, 'b> Visitor<'de> for Object<'_, '_, 'b> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> std::result::Result<(), A::Error> {
        while let Some(field) = object.next_key_seed(Name(self.node))? {
            let value: &'de RawValue = object.next_value()?;
            let value = value.get();
            let deep = if self.outermost { check_depth(value, self.row.limits.json_depth) } else { Ok(()) };
            let taken = deep.and_then(|()| match field {
                Some(field) => self.row.take(field, value, self.outermost).map_err(|error| error.inside(field.name)),
                None => Ok(()),
            });
            if let Err(error) = taken {
                self.row.failed = Some(error);
                return Err(A::Error::custom("refused"));
            }
        }
        Ok(())
    }
}

/// Finds the wanted field that a name stands for.
struct Name<'n>(&'n Node<'n>);

impl<'de, 'n> DeserializeSeed<'de> for Name<'n> {
    type Value = Option<&'n Field<'n>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'n> Visitor<'_> for Name<'n> {
    type Value = Option<&'n Field<'n>>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> std::result::Result<Self::Value, E> {
        Ok(self.0.fields.iter().find(|field| field.name == name))
    }
}

/// Fails if objects and arrays of a value, which stands in an object, stand too deep within each other.
fn check_depth(value: &str, limit: u64) -> Result<()> {
    if !value.starts_with(['{', '[']) {
        return Ok(());
    }
    let (mut depth, mut deepest, mut quoted, mut escaped) = (1, 1, false, false);
    for byte in value.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = quoted,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => {
                depth += 1;
                deepest = depth.max(deepest);
            }
            b'}' | b']' if !quoted => depth -= 1,
            _ => {}
        }
    }
    check("json_depth", deepest, limit)
}

/// The error of JSON that is broken, at the character where it was noticed.
fn broken(text: &str, error: &serde_json::Error) -> Error {
    let before = text.as_bytes().get(..error.column().saturating_sub(1)).unwrap_or(text.as_bytes());
    let column = String::from_utf8_lossy(before).chars().count() as u64 + 1;
    Error::from(Problem::Json(words(error))).at_line(1, Some(column))
}

/// What is wrong, without the place.
fn words(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let words = message.rsplit_once(" at line ").map_or(message.as_str(), |(words, _)| words);
    if error.is_eof() { "it ends too early".into() } else { words.to_owned() }
}

/// The names of the fields of the first objects of an input.
pub(super) fn field_names(input: impl Read, limits: &Limits) -> Result<Vec<String>> {
    let mut blocks = Blocks::new(text(decompressed(input, limits)?)?, Lines, limits);
    Ok(blocks.next()?.map(|first| names(&first)).unwrap_or_default())
}

/// The names of the fields of the first objects, and paths of those within them, in byte order.
fn names(block: &Block) -> Vec<String> {
    const OBJECTS: usize = 100;
    let mut names = Vec::new();
    for line in Split(utf8(block).0).filter(|line| !line.trim_ascii().is_empty()).take(OBJECTS) {
        if let Ok(serde_json::Value::Object(fields)) = serde_json::from_str(line) {
            add_names(&mut names, "", &fields);
        }
    }
    names.sort_rows_by(Ord::cmp);
    names
}

fn add_names(names: &mut Vec<String>, before: &str, fields: &serde_json::Map<String, serde_json::Value>) {
    const MOST: usize = 1000;
    for (name, value) in fields {
        let name = format!("{before}{name}");
        match value {
            serde_json::Value::Object(within) => add_names(names, &format!("{name}."), within),
            _ if names.len() < MOST && !names.contains(&name) => names.push(name),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ErrorKind, EventLog};

    const GOOD: &str = r#"{"journey":"a","touchpoint":"b","time":"2024-01-01"}"#;

    fn read(file: &str) -> Result<EventLog> {
        read_ndjson(file.as_bytes(), &ReadOptions::default())
    }

    fn message(file: &str) -> String {
        let error = read(file).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidLog, "{error}");
        error.to_string()
    }

    #[test]
    fn fields_stand_in_any_order_among_others_on_lines_of_any_ending() {
        let file = "\u{feff}\r\n{\"time\": \"2024-01-02\", \"x\": {\"journey\": [1, {\"touchpoint\": null}]},\r\n";
        assert!(message(file).contains("line 2 column"));
        let file = "\u{feff}\r\n {\"time\": \"2024-01-02\", \"x\": {\"journey\": [1, \"}\"]}, \"journey\": \"a\", \"touchpoint\": \"c \\u00e9\\n\"}\r\n\n\
                    {\"touchpoint\":\"b\",\"journey\":\"a\",\"time\":\"2024-01-01\"}";
        let log = read(file).unwrap();
        let path: Vec<&str> = log.journey(0).unwrap().events().map(|event| event.touchpoint).collect();
        assert_eq!(path, ["b", "c é\n"]);
        assert_eq!(read("").unwrap().len(), 0);
        assert_eq!(read("\n \r\n").unwrap().len(), 0);
    }

    #[test]
    fn numbers_and_truth_are_texts_as_they_are_written() {
        let file = r#"{"id":9007199254740993,"what":true,"at":1704067200.5,"stars":"4","paid":1e2,"plan":1.50}"#;
        let options = ReadOptions {
            journey: Some("id".into()),
            touchpoint: Some("what".into()),
            time: Some("at".into()),
            time_format: Some("epoch_s".into()),
            score: Some("stars".into()),
            score_scale: crate::ScoreScale::Stars,
            value: Some("paid".into()),
            attributes: vec!["plan".into()],
            ..Default::default()
        };
        let log = read_ndjson(file.as_bytes(), &options).unwrap();
        let event = log.journeys().next().unwrap().events().next().unwrap();
        assert_eq!((event.journey, event.touchpoint), ("9007199254740993", "true"));
        assert_eq!(event.time.unwrap().to_string(), "2024-01-01T00:00:00.500Z");
        assert_eq!((event.score, event.value), (Some(1.0), Some(100.0)));
        assert_eq!(log.attribute_values("plan").unwrap().iter().collect::<Vec<_>>(), ["1.50"]);
        let error = read_ndjson(file.replace("\"4\"", "true").as_bytes(), &options).unwrap_err();
        assert_eq!(error.to_string(), "line 1, record 1, `stars`: `true` is not a number");
        let error = message(&GOOD.replace("\"2024-01-01\"", "1704067200"));
        assert!(error.contains("`1704067200` is not a time") && error.contains("epoch_s"), "{error}");
    }

    #[test]
    fn a_path_leads_into_objects_and_a_field_of_its_name_comes_first() {
        let options =
            ReadOptions { journey: Some("user.id".into()), channel: Some("user.on.app".into()), ..Default::default() };
        let line = |user: &str| format!("{{{user},\"touchpoint\":\"b\",\"time\":\"2024-01-01\"}}\n");
        let file = line(r#""user":{"on":{"app":"x","id":3},"id":"in"}"#)
            + &line(r#""user.id":"by name","user":{"id":"in"}"#)
            + &line(r#""user":{"id":"in","on":null},"user.id":"by name""#);
        let log = read_ndjson(file.as_bytes(), &options).unwrap();
        let ids: Vec<&str> = log.journeys().map(|journey| journey.id()).collect();
        assert_eq!((ids, log.journey(0).unwrap().len()), (vec!["in", "by name"], 1));
        for (user, expected) in [
            (
                r#""user":{"id":1,"id":1}"#,
                "line 1, record 1, `user.id`: the value stands here a second time; expected it once",
            ),
            (
                r#""user":{"id":{}}"#,
                "line 1, record 1, `user.id`: the value is an object; expected a text, a number, `true`, `false` or `null`",
            ),
            (
                r#""user":7"#,
                "`user.id`: there is no field `user.id`, which the option `journey` names; those at the beginning are `time`, `touchpoint`, `user`",
            ),
        ] {
            let error = read_ndjson(line(user).as_bytes(), &options).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }

    #[test]
    fn an_error_names_line_record_and_field() {
        for (line, expected) in [
            (
                r#"{"journey":"a","touchpoint":"b","time":"x"}"#,
                "record 2, `time`: `x` is not a time; expected RFC 3339",
            ),
            (
                r#"{"journey":"a","touchpoint":null,"time":"2024-01-01"}"#,
                "record 2, `touchpoint`: the touchpoint is empty",
            ),
            (r#"{"touchpoint":"b","time":"2024-01-01"}"#, "record 2, `journey`: the journey id is empty"),
            (r#"{"journey":["a"],"touchpoint":"b","time":"2024-01-01"}"#, "record 2, `journey`: the value is an array"),
            (
                r#"{"journey":"a","journey":"a","touchpoint":"b","time":"2024-01-01"}"#,
                "record 2, `journey`: the value stands here a second",
            ),
            (r#"{"journey":"a\ud800","touchpoint":"b","time":"2024-01-01"}"#, "record 2, `journey`: this is no JSON"),
            (r#"["a"]"#, "record 2: the line begins with `[`; expected one object on each line"),
            ("journey,touchpoint", "record 2: the line begins with `j`"),
            (
                r#"{"journey":"a",}"#,
                "column 16, record 2: this is no JSON: trailing comma; expected one whole object on each line",
            ),
            (r#"{"é":"a" 1}"#, "column 10, record 2: this is no JSON: expected `,` or `}`"),
            ("{", "column 1, record 2: this is no JSON: it ends too early"),
            (r#"{"journey":NaN}"#, "column 12, record 2: this is no JSON: expected value"),
            (r#"{"a":1} {"b":2}"#, "column 9, record 2: this is no JSON: trailing characters"),
        ] {
            let file = format!("{GOOD}\n\n{line}\n{GOOD}\n");
            let error = message(&file);
            let rest = error.strip_prefix("line 3").map(|rest| rest.trim_start_matches([',', ' ']));
            assert!(rest.is_some_and(|rest| rest.starts_with(expected)), "{error}");
        }
        let bad = [GOOD.as_bytes(), b"\n{\"journey\":\"\xff\"}\n"].concat();
        let error = read_ndjson(&bad[..], &ReadOptions::default()).unwrap_err();
        assert_eq!(error.to_string(), "line 2, record 2: the line is not UTF-8 (at byte 13)");
        assert!(
            message(&format!("\n[{GOOD}]\n"))
                .starts_with("line 2: the input is a JSON array; expected one object on each line")
        );
    }

    #[test]
    fn a_field_that_no_object_has_is_an_error_that_names_the_nearest() {
        let file = format!("{GOOD}\n").replace("touchpoint", "touchpiont");
        let error = message(&file);
        assert!(error.ends_with("`journey`, `time`, `touchpiont`; did you mean `touchpiont`?"), "{error}");
        let options = ReadOptions { value: Some("amuont".into()), ..Default::default() };
        let line = GOOD.replace('}', r#","amount":1}"#);
        let error = read_ndjson(line.as_bytes(), &options).unwrap_err();
        assert!(error.to_string().ends_with("did you mean `amount`?"), "{error}");
        let empty = format!("{GOOD}\n{}", GOOD.replace('}', r#","amuont":null}"#));
        assert_eq!(read_ndjson(empty.as_bytes(), &options).unwrap().len(), 2, "a field without values is one");
    }

    #[test]
    fn what_is_too_deep_or_too_long_is_refused() {
        let passed = |file: &str| {
            let error = read(file).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::LimitExceeded);
            error.to_string()
        };
        let nested = |depth: usize| GOOD.replace('}', &format!(r#","x":{}{}}}"#, "[".repeat(depth), "]".repeat(depth)));
        assert_eq!(read(&nested(127)).unwrap().len(), 1);
        assert!(passed(&nested(128)).contains("the limit `json_depth` is 128"));
        assert!(passed(&nested(100_000)).starts_with("line 1, record 1: objects and arrays stand too deep"));
        assert!(passed(&GOOD.replace('b', &"b".repeat(1 << 21))).contains("`field_bytes` is 1048576"));
    }

    #[test]
    fn lines_of_many_blocks_are_read_as_one_and_errors_keep_their_place() {
        let line = |n: u64| {
            format!(
                "{{\"journey\":\"j{}\",\"touchpoint\":\"t{}\",\"time\":\"2024-01-01\",\"x\":\"{}\"}}\n",
                n % 1000,
                n % 7,
                "x".repeat(90)
            )
        };
        let file: String = (0..60_000).map(line).collect();
        let log = read(&file).unwrap();
        assert_eq!((log.len(), log.journey_count(), log.touchpoints().len()), (60_000, 1000, 7));
        let bad = format!("{file}{{}}\n{file}");
        assert_eq!(message(&bad), "line 60001, record 60001, `time`: the time is empty");
    }
}
