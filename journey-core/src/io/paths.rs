//! Logs from aggregated paths: one path a row, with how many customers took it.

use std::io::Read;
use std::path::Path;

use ::csv::ByteRecord;
use serde::{Deserialize, Serialize};

use super::columns::Column;
use super::limits::Limits;
use super::table::{Header, Table, check, from_path};
use crate::error::{Problem, Result, shorten};
use crate::log::{Batch, Event, EventLog};

/// How [`read_paths`] reads a table of paths: which column holds what, and in which form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct PathsOptions {
    /// The column with the path: the touchpoints, or channels, one after the other.
    pub path: String,
    /// What stands between two parts of a path; blanks around a part do not belong to it.
    pub separator: String,
    /// The column that says how many customers took the path and converted. If not given, nobody did.
    pub conversions: Option<String>,
    /// The column that says how many customers took the path and did not convert.
    pub non_conversions: Option<String>,
    /// The column that says how many customers took the path, where the table does not tell who converted. If no column of
    /// numbers is given, each row is one customer.
    pub count: Option<String>,
    /// The touchpoint at the end of the paths of those who converted. It has no channel.
    pub conversion: String,
    /// The character that separates the fields of a row, one byte long. If not given, it is the one of `,`, `;`, `|` and the
    /// tab that the header is written with.
    pub delimiter: Option<String>,
    /// How large the file and its parts may be.
    pub limits: Limits,
}

impl Default for PathsOptions {
    fn default() -> Self {
        Self {
            path: "path".into(),
            separator: ">".into(),
            conversions: None,
            non_conversions: None,
            count: None,
            conversion: "(conversion)".into(),
            delimiter: None,
            limits: Limits::default(),
        }
    }
}

/// Reads a log from aggregated paths: CSV (RFC 4180) with a header line, plain or compressed with gzip, one path a row.
///
/// The log has the order of events and no times. Each part of a path is both the touchpoint and the channel of an event.
/// All who took the path of a row are one journey that stands for so many customers, named by the number of the record,
/// `12`; those of them who converted are another, `12 converted`, which ends at the touchpoint `conversion`. Where there
/// are 0 of them, there is no journey.
///
/// ```
/// use journey_core::{PathsOptions, read_paths};
///
/// let file = "path,bought,left\nad > search,5,7\nad,0,2\n";
/// let columns = PathsOptions {
///     conversions: Some("bought".into()),
///     non_conversions: Some("left".into()),
///     ..Default::default()
/// };
/// let log = read_paths(file.as_bytes(), &columns)?;
/// assert_eq!((log.journey_count(), log.customers()), (3, 14));
/// let bought = log.journey(0).expect("those who converted come first");
/// assert_eq!((bought.id(), bought.weight(), bought.len()), ("1 converted", 5, 3));
///
/// let error = read_paths("path\nad > > search\n".as_bytes(), &PathsOptions::default()).unwrap_err();
/// assert_eq!(error.to_string(), "line 2, record 1, `path`: the part 2 of the path is empty");
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If `count` is given together with one of the columns of conversions, the separator or the conversion is empty, a column
/// is missing or there twice, a row has too many or too few fields, a quote is not closed or text follows a closing one, a
/// path or a part of it is empty, a part of a path is called like the conversion, a number is not whole or below 0, there
/// are more than 2^32 - 1 events, those of every customer counted, the text is not UTF-8, or reading fails. The error says
/// in which line, record and column.
pub fn read_paths(input: impl Read, options: &PathsOptions) -> Result<EventLog> {
    options.check()?;
    let limits = &options.limits;
    let table = Table::open(input, options.delimiter.as_deref(), limits, &options.wanted())?;
    let columns = Columns::find(&table.header, options)?;
    let mut paths = Paths::default();
    table.each(|record| {
        columns.push(&mut paths, record)?;
        check("touchpoints", paths.events.touchpoint_count(), limits.touchpoints)
    })?;
    let mut builder = EventLog::builder();
    builder.append(paths.events)?;
    paths.weights.iter().fold(builder, |builder, (journey, customers)| builder.weight(journey, *customers)).build()
}

/// As [`read_paths`], from a file; errors name it.
///
/// # Errors
/// As [`read_paths`], or if the file cannot be opened.
pub fn read_paths_path(path: impl AsRef<Path>, options: &PathsOptions) -> Result<EventLog> {
    from_path(path.as_ref(), |file| read_paths(file, options))
}

impl PathsOptions {
    fn check(&self) -> Result<()> {
        if self.count.is_some() && (self.conversions.is_some() || self.non_conversions.is_some()) {
            let message =
                "customers are counted either by `count` or by `conversions` and `non_conversions`; expected one";
            return Err(Problem::Options(message.into()).at_field("count"));
        }
        for (name, text) in [("separator", &self.separator), ("conversion", &self.conversion)] {
            if text.is_empty() {
                let (value, expected) = ("an empty text".into(), "at least one character".into());
                return Err(Problem::OptionRange { value, expected }.at_field(name));
            }
        }
        Ok(())
    }

    /// The names of all columns that are asked for.
    fn wanted(&self) -> Vec<&str> {
        let named = [&self.conversions, &self.non_conversions, &self.count].into_iter().flatten().map(String::as_str);
        named.chain([self.path.as_str()]).collect()
    }
}

/// What was read so far.
#[derive(Default)]
struct Paths {
    events: Batch,
    /// How many customers each journey stands for, where the table says.
    weights: Vec<(String, u64)>,
    records: u64,
}

/// Where in a row everything stands.
struct Columns<'a> {
    path: Column<'a>,
    separator: &'a str,
    conversions: Option<Column<'a>>,
    /// Of those who did not convert, or of all.
    others: Option<Column<'a>>,
    conversion: &'a str,
}

impl<'a> Columns<'a> {
    fn find(header: &Header, options: &'a PathsOptions) -> Result<Self> {
        let count = header.optional("count", options.count.as_deref())?;
        Ok(Self {
            path: header.column("path", &options.path)?,
            separator: &options.separator,
            conversions: header.optional("conversions", options.conversions.as_deref())?,
            others: header.optional("non_conversions", options.non_conversions.as_deref())?.or(count),
            conversion: &options.conversion,
        })
    }

    fn push(&self, paths: &mut Paths, record: &ByteRecord) -> Result<()> {
        paths.records += 1;
        let parts = self.parts(self.path.required(record, "path")?)?;
        let number = |column: &Option<Column<'_>>| column.as_ref().map(|column| customers(column, record)).transpose();
        let (converted, others) = (number(&self.conversions)?, number(&self.others)?);
        let id = paths.records.to_string();
        if let Some(customers) = converted.filter(|customers| *customers > 0) {
            let id = format!("{id} converted");
            push(&mut paths.events, &id, &parts)?;
            paths.events.push(Event::untimed(&id, self.conversion), [])?;
            paths.weights.push((id, customers));
        }
        match others {
            Some(0) => return Ok(()),
            Some(customers) => paths.weights.push((id.clone(), customers)),
            None if converted.is_some() => return Ok(()),
            None => {}
        }
        push(&mut paths.events, &id, &parts)
    }

    /// The parts of a path, none of which is empty or called like the conversion that this reader adds.
    fn parts<'r>(&self, path: &'r str) -> Result<Vec<&'r str>> {
        let parts: Vec<&str> = path.split(self.separator).map(str::trim).collect();
        if let Some(place) = parts.iter().position(|part| part.is_empty()) {
            return Err(Problem::EmptyPart(place + 1).at_field(self.path.name));
        }
        if self.conversions.is_some() && parts.contains(&self.conversion) {
            return Err(Problem::ConversionInPath(shorten(self.conversion)).at_field(self.path.name));
        }
        Ok(parts)
    }
}

/// Adds the events of a path.
fn push(events: &mut Batch, journey: &str, parts: &[&str]) -> Result<()> {
    parts.iter().try_for_each(|part| events.push(Event::untimed(journey, part).on_channel(part), []))
}

/// How many customers the cell says. Tools that keep all numbers as decimal fractions write 5 as `5.0`.
fn customers(column: &Column<'_>, record: &ByteRecord) -> Result<u64> {
    let text = column.required(record, "number of customers")?;
    let whole = text.strip_suffix(".0").unwrap_or(text);
    whole.parse().map_err(|_| Problem::BadCount(shorten(text)).at_field(column.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    /// Id, customers, and touchpoints with channels.
    type Row<'a> = (&'a str, u64, Vec<(&'a str, Option<&'a str>)>);

    fn journeys(log: &EventLog) -> Vec<Row<'_>> {
        let whole = |i| {
            let journey = log.journey(i).unwrap();
            (journey.id(), journey.weight(), journey.events().map(|event| (event.touchpoint, event.channel)).collect())
        };
        (0..log.journey_count()).map(whole).collect()
    }

    fn counted() -> PathsOptions {
        PathsOptions { conversions: Some("yes".into()), non_conversions: Some("no".into()), ..PathsOptions::default() }
    }

    #[test]
    fn those_who_converted_and_those_who_did_not_are_two_journeys() {
        let log = read_paths("path,yes,no\n a>b ,5,7\nb,0,2\na > a,1.0,0\n".as_bytes(), &counted()).unwrap();
        let (a, b, end) = (("a", Some("a")), ("b", Some("b")), ("(conversion)", None));
        let expected = [
            ("1 converted", 5, vec![a, b, end]),
            ("1", 7, vec![a, b]),
            ("2", 2, vec![b]),
            ("3 converted", 1, vec![a, a, end]),
        ];
        assert_eq!(journeys(&log), expected);
        assert_eq!((log.customers(), log.has_times()), (15, false));
    }

    #[test]
    fn customers_are_counted_by_the_columns_that_are_named() {
        let read = |options: &PathsOptions| {
            let file = "way;yes;no\nx|y;2;3\ny;0;4\n";
            let options = PathsOptions { path: "way".into(), separator: "|".into(), ..options.clone() };
            let log = read_paths(file.as_bytes(), &options).unwrap();
            log.journeys().map(|j| (j.id().to_owned(), j.weight(), j.len())).collect::<Vec<_>>()
        };
        let column = |name: &str| Some(name.to_owned());
        let default = PathsOptions::default;
        assert_eq!(read(&default()), [("1".into(), 1, 2), ("2".into(), 1, 1)]);
        assert_eq!(read(&PathsOptions { count: column("no"), ..default() }), [("1".into(), 3, 2), ("2".into(), 4, 1)]);
        assert_eq!(read(&PathsOptions { conversions: column("yes"), ..default() }), [("1 converted".into(), 2, 3)]);
        let others = PathsOptions { non_conversions: column("yes"), ..default() };
        assert_eq!(read(&others), [("1".into(), 2, 2)]);
    }

    #[test]
    fn what_is_no_path_or_no_number_is_refused_with_its_place() {
        for (row, field, message) in [
            (",1,1", "path", "the path is empty"),
            (" ,1,1", "path", "the part 1 of the path is empty"),
            ("a > > b,0,0", "path", "the part 2 of the path is empty"),
            ("a >,1,1", "path", "the part 2 of the path is empty"),
            ("a,-1,1", "yes", "`-1` is not a number of customers; expected a whole number, 0 or more"),
            ("a,1,2.5", "no", "`2.5` is not a number of customers; expected a whole number, 0 or more"),
            ("a,x,1", "yes", "`x` is not a number of customers; expected a whole number, 0 or more"),
            ("a,1,", "no", "the number of customers is empty"),
        ] {
            let error = read_paths(format!("path,yes,no\nz,1,1\n{row}\n").as_bytes(), &counted()).unwrap_err();
            assert_eq!((error.kind(), error.message()), (ErrorKind::InvalidLog, message.into()), "{row}");
            let place = error.location();
            assert_eq!((place.line, place.record, place.field.as_deref()), (Some(3), Some(2), Some(field)), "{row}");
        }
        let unknown = read_paths("path,yes,noo\n".as_bytes(), &counted()).unwrap_err();
        assert!(unknown.to_string().ends_with("did you mean `noo`?"), "{unknown}");
    }

    #[test]
    fn a_touchpoint_called_like_the_conversion_would_be_taken_for_one() {
        let file = "path,yes,no\na > (conversion),1,1\n";
        let error = read_paths(file.as_bytes(), &counted()).unwrap_err();
        assert!(error.to_string().starts_with("line 2, record 1, `path`: the path has the touchpoint `(conversion)`"));
        let renamed = PathsOptions { conversion: "bought".into(), ..counted() };
        assert_eq!(read_paths(file.as_bytes(), &renamed).unwrap().touchpoints().len(), 3);
        assert_eq!(read_paths(file.as_bytes(), &PathsOptions::default()).unwrap().touchpoints().len(), 2);
    }

    #[test]
    fn options_that_contradict_each_other_are_refused() {
        for (options, field) in [
            (PathsOptions { count: Some("yes".into()), ..counted() }, "count"),
            (PathsOptions { separator: String::new(), ..counted() }, "separator"),
            (PathsOptions { conversion: String::new(), ..counted() }, "conversion"),
        ] {
            let error = read_paths("path,yes,no\n".as_bytes(), &options).unwrap_err();
            assert_eq!((error.kind(), error.location().field.as_deref()), (ErrorKind::InvalidOption, Some(field)));
        }
    }

    #[test]
    fn too_many_touchpoints_and_customers_are_refused() {
        let limits = Limits { touchpoints: 2, ..Limits::default() };
        let few = PathsOptions { limits, ..PathsOptions::default() };
        let error = read_paths("path\na > b\nc\n".as_bytes(), &few).unwrap_err();
        assert_eq!((error.kind(), error.location().record), (ErrorKind::LimitExceeded, Some(2)));
        let all = "path,yes,no\na,18446744073709551615,18446744073709551615\n";
        assert_eq!(read_paths(all.as_bytes(), &counted()).unwrap_err().kind(), ErrorKind::LimitExceeded);
        assert!(read_paths("path,yes,no\n".as_bytes(), &counted()).unwrap().is_empty());
    }
}
