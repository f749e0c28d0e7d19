//! Maps as YAML.
//!
//! What is read are plain values: texts, numbers, lists, objects and aliases of them, in one document. YAML 1.2 decides what
//! is a number; `no` and `2026-03-31` are texts. Tags and merge keys, which say what another reader might not understand, are
//! refused.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_saphyr::options::{AliasLimits, DuplicateKeyPolicy};
use serde_saphyr::{Budget, MergeKeyPolicy, NonFiniteFloatPolicy, Options, Spanned};

use crate::error::{Error, Problem, Result, shorten};
use crate::map::JourneyMap;
use crate::reader::{Step, steps};

/// How deep lists and objects may lie within each other; a map needs seven levels.
const DEPTH: usize = 16;
/// How many values aliases may stand for, all together.
const ALIASED: usize = 100_000;
/// How many values a file may hold.
const VALUES: usize = 5_000_000;

impl JourneyMap {
    /// Reads a map from YAML; the fields are those of [`MapData`](crate::MapData).
    ///
    /// ```
    /// use journey_core::JourneyMap;
    ///
    /// let text = "
    /// name: Shop
    /// stages:
    ///   - {id: buy, name: Buy}
    /// touchpoints:
    ///   - id: pay
    ///     name: Pay
    ///     stage: buyy
    /// ";
    /// let error = JourneyMap::from_yaml(text).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "line 8 column 12, `touchpoints[0].stage`: the map has no stage `buyy`; did you mean `buy`?"
    /// );
    /// ```
    ///
    /// # Errors
    /// If the text is not YAML, is indented with tabs, has a field twice or one that a map does not have, has tags or merge
    /// keys, lies more than 16 levels deep, has aliases that stand for more than 100 000 values, a text of more than 1 MiB, or
    /// breaks a rule of [`from_data`](Self::from_data); the error names the line and the field.
    pub fn from_yaml(text: &str) -> Result<Self> {
        let value: Value =
            serde_saphyr::from_str_with_options(text, options()).map_err(|error| syntax_error(text, &error))?;
        Self::from_value(&value, in_quotes).map_err(|error| {
            let path = error.location().field.clone().unwrap_or_default();
            match locate(text, &path) {
                Some((line, column)) => error.at_line(line, Some(column)),
                None => error,
            }
        })
    }

    /// The map as YAML; the same map gives the same bytes.
    #[must_use]
    pub fn to_yaml(&self) -> String {
        // Nothing in a map fails to serialise: keys are texts and numbers are finite.
        serde_saphyr::to_string(&self.to_data()).unwrap_or_default()
    }
}

fn options() -> Options {
    let mut options = Options::default();
    options.with_snippet = false;
    options.strict_booleans = true;
    options.duplicate_keys = DuplicateKeyPolicy::Error;
    options.merge_keys = MergeKeyPolicy::Error;
    options.non_finite_float_policy = NonFiniteFloatPolicy::Reject;
    options.reject_unsupported_tags = true;
    let mut budget = Budget::default();
    budget.max_depth = DEPTH;
    budget.max_nodes = VALUES;
    budget.max_events = 4 * VALUES;
    options.budget = Some(budget);
    let mut aliases = AliasLimits::default();
    aliases.max_total_replayed_events = ALIASED;
    options.alias_limits = aliases;
    options
}

/// In YAML `7` and `true` are no texts; whoever wants one needs quotes.
fn in_quotes(message: String) -> Problem {
    let scalar = ["expected a text, got the number ", "expected a text, got `"].iter().any(|m| message.starts_with(m));
    Problem::Map(if scalar { message + "; in YAML such a text stands in quotes" } else { message })
}

fn syntax_error(text: &str, error: &serde_saphyr::Error) -> Error {
    use serde_saphyr::Error as E;
    let (line, column) = error.location().map_or((1, 1), |place| (place.line().max(1), place.column().max(1)));
    if let Some(tab) = indented_with_tab(text, line) {
        let message = "the line is indented with a tab; YAML is indented with spaces";
        return Error::from(Problem::Map(message.into())).at_line(tab, Some(1));
    }
    let mut inner = error;
    while let E::AliasError { error, .. } = inner {
        inner = error;
    }
    let message = match inner {
        E::DuplicateMappingKey { key: Some(key), .. } => format!("the field `{}` is there twice", shorten(key)),
        E::MergeKeyNotAllowed { .. } => "merge keys (`<<`) are not read; write the fields out".into(),
        E::UnsupportedTag { tag, .. } => format!("the tag `{}` is not read; leave it out", shorten(tag)),
        E::MultipleDocuments { .. } => "the file holds more than one document; expected one map".into(),
        E::NonFiniteFloat { value, .. } => format!("`{}` is not a finite number", shorten(value)),
        E::UnknownAnchor { .. } => {
            "the alias names an anchor that is not there; a text that begins with `*` stands in \
                                    quotes"
                .into()
        }
        E::RecursiveReferencesRequireWeakTypes { .. } => "the alias stands for something that holds it".into(),
        E::AliasReplayLimitExceeded { .. } | E::AliasReplayStackDepthExceeded { .. } => {
            format!("the aliases stand for more than {ALIASED} values; write out what is meant")
        }
        E::Budget { breach: serde_saphyr::budget::BudgetBreach::Depth { .. }, .. } => {
            format!("lists and objects lie more than {DEPTH} levels within each other")
        }
        E::Budget { breach: serde_saphyr::budget::BudgetBreach::Nodes { .. }, .. } => {
            format!("the file holds more than {VALUES} values")
        }
        other => match plain(&other.to_string()) {
            words if words.starts_with("mapping values are not allowed") => {
                "no field may begin here; a text with `: ` in it stands in quotes".into()
            }
            words => words,
        },
    };
    Error::from(Problem::Map(message)).at_line(line, Some(column))
}

/// The reader's own words, without the place, which is part of the error's location.
fn plain(message: &str) -> String {
    let message = message.split(" at line ").next().unwrap_or(message);
    let letters = message.chars().take(200);
    letters.flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] }).collect()
}

/// The line with a tab in its indentation that an error in this line comes from: this one or the next.
fn indented_with_tab(text: &str, line: u64) -> Option<u64> {
    let first = usize::try_from(line).ok()?.checked_sub(1)?;
    let indented = |line: &str| {
        let indentation: &str = line.split(|c: char| c != ' ' && c != '\t').next().unwrap_or_default();
        indentation.contains('\t') && line.trim() != ""
    };
    let found = text.lines().skip(first).take(2).position(indented)?;
    Some(line + found as u64)
}

/// Line and character of the value at a path such as `touchpoints[2].stage`, in YAML that can be read.
pub(super) fn locate(text: &str, path: &str) -> Option<(u64, u64)> {
    let mut node: &Spanned<Node> = &serde_saphyr::from_str_with_options(text, options()).ok()?;
    for step in steps(path) {
        let next = match (step, &node.value) {
            (Step::Place(place), Node::List(list)) => list.get(place),
            (Step::Field(name), Node::Object(fields)) => {
                fields.iter().find(|(field, _)| field == name).map(|(_, value)| value)
            }
            _ => None,
        };
        // What is not written down, such as a field that is missing, is found at what should hold it.
        let Some(next) = next else { break };
        node = next;
    }
    Some((node.referenced.line(), node.referenced.column()))
}

/// The places of values; the values themselves are not kept.
enum Node {
    Leaf,
    List(Vec<Spanned<Node>>),
    Object(Vec<(String, Spanned<Node>)>),
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_any(Nodes)
    }
}

struct Nodes;

impl<'de> Visitor<'de> for Nodes {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, _: bool) -> std::result::Result<Node, E> {
        Ok(Node::Leaf)
    }

    fn visit_i64<E>(self, _: i64) -> std::result::Result<Node, E> {
        Ok(Node::Leaf)
    }

    fn visit_u64<E>(self, _: u64) -> std::result::Result<Node, E> {
        Ok(Node::Leaf)
    }

    fn visit_f64<E>(self, _: f64) -> std::result::Result<Node, E> {
        Ok(Node::Leaf)
    }

    fn visit_str<E>(self, _: &str) -> std::result::Result<Node, E> {
        Ok(Node::Leaf)
    }

    fn visit_unit<E>(self) -> std::result::Result<Node, E> {
        Ok(Node::Leaf)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> std::result::Result<Node, A::Error> {
        let mut nodes = Vec::new();
        while let Some(node) = list.next_element()? {
            nodes.push(node);
        }
        Ok(Node::List(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> std::result::Result<Node, A::Error> {
        let mut nodes = Vec::new();
        while let Some(field) = object.next_entry()? {
            nodes.push(field);
        }
        Ok(Node::Object(nodes))
    }
}

#[cfg(test)]
mod tests {
    use crate::{ErrorKind, JourneyMap};

    fn refused(text: &str) -> String {
        let error = JourneyMap::from_yaml(text).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidMap, "{error}");
        error.to_string()
    }

    #[test]
    fn an_error_says_where_and_what_was_expected() {
        for (text, expected) in [
            (
                "name: x\nstages:\n\t- id: a\n",
                "line 3 column 1: the line is indented with a tab; YAML is indented with spaces",
            ),
            ("name: x\n\tkind: y\n", "line 2 column 1: the line is indented with a tab; YAML is indented with spaces"),
            ("name: x\nkind: future_state\nname: y\n", "line 3 column 1: the field `name` is there twice"),
            (
                "name: x\nversion: 1.0\n",
                "line 2 column 10, `version`: expected a text, got the number 1; in YAML such a text stands in quotes",
            ),
            (
                "name: true\n",
                "line 1 column 7, `name`: expected a text, got `true`; in YAML such a text stands in quotes",
            ),
            ("name: [x]\n", "line 1 column 7, `name`: expected a text, got a list"),
            (
                "name: é\nstages:\n  - {id: é, name: É}\n  - {id: b, nmae: B}\n",
                "line 4 column 19, `stages[1].nmae`: there is no field `nmae`; the fields are `id`, `name`, `goal`, `expectations`, `evidence`; did you mean `name`?",
            ),
            ("name: x\nstages:\n  - id: b\n", "line 3 column 5, `stages[0]`: the field `name` is missing"),
            ("", "line 1 column 1: expected a map, as an object, got nothing"),
            ("- a\n", "line 1 column 1: expected a map, as an object, got a list"),
            ("name: x\n---\nname: y\n", "line 3 column 1: the file holds more than one document; expected one map"),
            (
                "name: *x\n",
                "line 1 column 7: the alias names an anchor that is not there; a text that begins with `*` stands in quotes",
            ),
            ("name: !shop x\n", "line 1 column 13: the tag `!shop` is not read; leave it out"),
            ("a: &a {x: 1}\nb:\n  <<: *a\n", "line 3 column 3: merge keys (`<<`) are not read; write the fields out"),
            ("a: &a\n  b: *a\n", "line 2 column 6: the alias stands for something that holds it"),
            ("name: .nan\n", "line 1 column 7: `.nan` is not a finite number"),
        ] {
            assert_eq!(refused(text), expected, "{text}");
        }
    }

    #[test]
    fn what_grows_without_end_is_refused() {
        let mut laughs = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..9 {
            let before = level - 1;
            let aliases = vec![format!("*a{before}"); 10].join(", ");
            laughs.extend([format!("a{level}: &a{level} [{aliases}]\n")]);
        }
        assert!(refused(&laughs).contains("aliases stand for more than 100000 values"), "{}", refused(&laughs));
        let deep = format!("name: {}x{}\n", "[".repeat(100_000), "]".repeat(100_000));
        assert!(refused(&deep).starts_with("line 1 column"), "{}", refused(&deep));
        let long = format!("kind: current_state\nname: {}\n", "x".repeat(10_000_000));
        assert_eq!(
            refused(&long),
            "line 2 column 7, `name`: the text has 10000000 bytes; at most 1048576 were expected"
        );
    }

    #[test]
    fn aliases_stand_for_what_they_name() {
        let map = JourneyMap::from_yaml(
            "name: x\nstages:\n  - id: a\n    name: A\n    evidence: &seen\n      - {kind: survey, date: 2026-03-31}\n  - {id: b, name: no, evidence: *seen}\n",
        )
        .unwrap();
        let stages = map.stages();
        assert_eq!(stages[0].evidence, stages[1].evidence);
        assert_eq!(stages[1].name, "no");
    }
}
