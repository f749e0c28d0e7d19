//! Maps from Mermaid's `journey` diagrams.
//!
//! The grammar is that of Mermaid's `journey.jison`: lines `title …`, `section …`, `accTitle: …`, `accDescr: …` or
//! `accDescr { … }`, and tasks `name: score: actor, actor`; `%%` and `#` begin comments, `;` ends a statement as a line
//! does, `#58;` and the like stand for characters, and front matter may come first.

use std::collections::{HashMap, HashSet};

use crate::error::{Error, Problem, Result, nearest, shorten};
use crate::map::{Ids, JourneyMap, MapData, Persona, Stage, Touchpoint, Transition};
use crate::score::ScoreScale;

impl JourneyMap {
    /// Reads a map from a Mermaid `journey` diagram.
    ///
    /// The title is the name, a section a stage, a task a touchpoint, an actor a persona; a score of 1 to 5 is an expected
    /// score of -2 to 2. Tasks follow each other in the order they stand in. Ids are made from the names: `Make tea` is
    /// `make_tea`.
    ///
    /// ```
    /// use journey_core::JourneyMap;
    ///
    /// let map = JourneyMap::from_mermaid("journey\n  title My day\n  section Morning\n    Make tea: 5: Me, Cat\n")?;
    /// let tea = map.touchpoint("make_tea")?;
    /// assert_eq!((tea.expected_score, tea.personas.len()), (Some(2.0), 2));
    ///
    /// let error = JourneyMap::from_mermaid("journey\n  Make tea: 5rem: Me\n").unwrap_err();
    /// assert_eq!(error.to_string(), "line 2 column 13: the score `5rem` is not a number; expected 1 (bad) to 5 (good)");
    /// # Ok::<(), journey_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// If it is no journey diagram, a line is none of those above, a score is no number from 1 to 5, or a name is empty; the
    /// error names the line.
    pub fn from_mermaid(text: &str) -> Result<Self> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = Lines::new(text);
        let title = front_matter(&mut lines)?;
        let mut diagram = Diagram { title, ..Diagram::default() };
        diagram.read(&mut lines)?;
        Self::from_data(diagram.into_data())
    }
}

/// A statement and where it stands.
#[derive(Clone, Copy)]
struct Line<'a> {
    text: &'a str,
    number: u64,
    column: u64,
}

impl<'a> Line<'a> {
    fn error(&self, message: impl Into<String>) -> Error {
        Error::from(Problem::Map(message.into())).at_line(self.number, Some(self.column))
    }

    /// A part of the line without the blanks around it; it keeps its place.
    fn part(&self, part: &'a str) -> Self {
        let text = part.trim();
        let before = text.as_ptr() as usize - self.text.as_ptr() as usize;
        let skipped = self.text.get(..before).unwrap_or_default().chars().count() as u64;
        Self { text, number: self.number, column: self.column + skipped }
    }

    /// What follows the keyword, if the line begins with it.
    fn after(&self, keyword: &str) -> Option<Self> {
        let head = self.text.get(..keyword.len())?;
        let rest = self.text.get(keyword.len()..)?;
        let whole = rest.is_empty() || rest.starts_with(char::is_whitespace);
        (head.eq_ignore_ascii_case(keyword) && whole).then(|| self.part(rest))
    }

    /// What follows the keyword and a colon.
    fn labelled(&self, keyword: &str) -> Option<Self> {
        let (head, rest) = self.text.split_once(':')?;
        head.trim_end().eq_ignore_ascii_case(keyword).then(|| self.part(rest))
    }
}

/// The statements of a text: its lines without blanks and comments, cut at semicolons.
struct Lines<'a> {
    rest: std::iter::Enumerate<std::str::Split<'a, char>>,
    /// What is left of the line that the last statement stood in.
    pending: Option<Line<'a>>,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        Self { rest: text.split('\n').enumerate(), pending: None }
    }

    /// The next whole line, blank or not.
    fn raw(&mut self) -> Option<Line<'a>> {
        self.rest.next().map(|(index, text)| Line { text, number: index as u64 + 1, column: 1 })
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        loop {
            let line = match self.pending.take() {
                Some(line) => line,
                None => self.raw()?,
            };
            let (end, more) = statement(line.text);
            let statement = line.part(line.text.get(..end).unwrap_or_default());
            if let Some(more) = more.and_then(|start| line.text.get(start..)) {
                self.pending = Some(line.part(more));
            }
            if !statement.text.is_empty() {
                return Some(statement);
            }
        }
    }
}

/// Where the first statement of a line ends, and where the next one begins: at a comment, a semicolon or the end. A
/// semicolon that ends a character such as `#58;` is part of it.
fn statement(line: &str) -> (usize, Option<usize>) {
    let mut at = 0;
    while let Some(rest) = line.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some((_, length)) = entity(rest) {
            at += length;
        } else if rest.starts_with('#') || rest.starts_with("%%") {
            return (at, None);
        } else if rest.starts_with(';') {
            return (at, Some(at + 1));
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    (at, None)
}

/// The character that a text such as `#58;` or `#quot;` at the beginning stands for, and how long that text is.
fn entity(text: &str) -> Option<(char, usize)> {
    const NAMED: [(&str, char); 8] = [
        ("quot", '"'),
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("colon", ':'),
        ("semi", ';'),
        ("num", '#'),
        ("comma", ','),
    ];
    let name = text.strip_prefix('#')?.split_once(';')?.0;
    let character = match name.parse::<u32>() {
        Ok(code) => char::from_u32(code)?,
        Err(_) => NAMED.into_iter().find(|(known, _)| *known == name)?.1,
    };
    Some((character, name.len() + 2))
}

/// A name with its entities read.
fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (character, length) = entity(rest).unwrap_or((first, first.len_utf8()));
        out.push(character);
        rest = rest.get(length..).unwrap_or_default();
    }
    out
}

/// Passes over front matter between `---` lines, if there is any, and returns the title it names.
fn front_matter(lines: &mut Lines<'_>) -> Result<Option<String>> {
    let first = loop {
        match lines.raw() {
            Some(line) if line.text.trim().is_empty() => {}
            Some(line) => break line,
            None => return Ok(None),
        }
    };
    if first.text.trim_end() != "---" {
        lines.pending = Some(first);
        return Ok(None);
    }
    let mut title = None;
    while let Some(line) = lines.raw() {
        if line.text.trim_end() == "---" {
            return Ok(title);
        }
        if let Some(text) = line.text.strip_prefix("title:") {
            let text = text.trim();
            let unquoted = ['"', '\''].iter().find_map(|quote| text.strip_prefix(*quote)?.strip_suffix(*quote));
            title = Some(unquoted.unwrap_or(text).to_owned()).filter(|title| !title.is_empty());
        }
    }
    Err(first.error("the front matter that begins here is never closed; expected a line `---`"))
}

/// What a diagram says, before it is a map.
#[derive(Default)]
struct Diagram {
    title: Option<String>,
    description: Vec<String>,
    stages: Vec<Stage>,
    touchpoints: Vec<Touchpoint>,
    personas: Vec<Persona>,
    stage_ids: Ids,
    touchpoint_ids: Ids,
    persona_ids: HashMap<String, String>,
    persona_names: Ids,
}

impl Diagram {
    fn read(&mut self, lines: &mut Lines<'_>) -> Result<()> {
        let expected = "expected a Mermaid diagram that begins with the line `journey`";
        let first = lines.next().ok_or_else(|| Error::from(Problem::Map(expected.into())).at_line(1, Some(1)))?;
        match first.text {
            "journey" => {}
            text => match text.strip_prefix("journey").filter(|rest| rest.starts_with(char::is_whitespace)) {
                // Mermaid takes what follows on the same line as a statement.
                Some(rest) => self.statement(first.part(rest), lines)?,
                None => return Err(first.error(format!("{expected}, got `{}`", shorten(text)))),
            },
        }
        while let Some(line) = lines.next() {
            self.statement(line, lines)?;
        }
        Ok(())
    }

    fn statement<'a>(&mut self, line: Line<'a>, lines: &mut Lines<'a>) -> Result<()> {
        if let Some(title) = line.after("title") {
            self.title = Some(name(&title, "title")?);
        } else if let Some(title) = line.labelled("accTitle") {
            self.describe(title.text);
        } else if let Some(description) = line.labelled("accDescr") {
            self.describe(description.text);
        } else if let Some(rest) =
            line.text.strip_prefix("accDescr").and_then(|rest| rest.trim_start().strip_prefix('{'))
        {
            return self.description_in_braces(line, rest, lines);
        } else if let Some(section) = line.after("section") {
            if section.text.contains(':') {
                return Err(section.error("the name of a section has a `:`; write it as `#58;`"));
            }
            let name = name(&section, "name of the section")?;
            self.stages.push(Stage::new(self.stage_ids.unused(&name), name));
        } else {
            self.task(line)?;
        }
        Ok(())
    }

    fn describe(&mut self, text: &str) {
        if !text.is_empty() {
            self.description.push(decoded(text));
        }
    }

    /// `accDescr { … }`, over one line or several; a statement may follow the brace.
    fn description_in_braces<'a>(&mut self, line: Line<'a>, first: &'a str, lines: &mut Lines<'a>) -> Result<()> {
        let mut words: Vec<String> = Vec::new();
        let mut text = first;
        let mut here = line;
        loop {
            let (inside, after) = text.split_once('}').map_or((text, None), |(inside, after)| (inside, Some(after)));
            words.extend(inside.split_whitespace().map(decoded));
            if let Some(after) = after {
                self.describe(&words.join(" "));
                lines.pending = Some(here.part(after));
                return Ok(());
            }
            here = match lines.pending.take() {
                Some(rest) => rest,
                None => lines.raw().ok_or_else(|| line.error("the `{` after `accDescr` is never closed"))?,
            };
            text = here.text;
        }
    }

    fn task(&mut self, line: Line<'_>) -> Result<()> {
        let Some((task, data)) = line.text.split_once(':') else {
            let near = nearest(line.text.split_whitespace().next().unwrap_or_default(), ["title", "section"]);
            let near = crate::error::hint(near.as_ref());
            let text = shorten(line.text);
            return Err(
                line.error(format!("`{text}` is no task; expected `name: score` or `name: score: actor, actor`{near}"))
            );
        };
        let name = name(&line.part(task), "name of the task")?;
        let (score, actors) = data.split_once(':').map_or((data, ""), |(score, actors)| (score, actors));
        if self.stages.is_empty() {
            // Mermaid allows tasks before the first section.
            self.stages.push(Stage::new(self.stage_ids.unused("Journey"), "Journey"));
        }
        let stage = self.stages.last().map(|stage| stage.id.clone()).unwrap_or_default();
        let mut touchpoint = Touchpoint::new(self.touchpoint_ids.unused(&name), name, stage);
        touchpoint.expected_score = Some(expected_score(&line.part(score))?);
        let mut named = HashSet::new();
        for actor in actors.split(',').map(str::trim).filter(|actor| !actor.is_empty()) {
            let id = self.persona(decoded(actor));
            if named.insert(id.clone()) {
                touchpoint.personas.push(id);
            }
        }
        self.touchpoints.push(touchpoint);
        Ok(())
    }

    /// The id of the persona with this name, who is new if nobody is called so yet.
    fn persona(&mut self, name: String) -> String {
        if let Some(id) = self.persona_ids.get(&name) {
            return id.clone();
        }
        let id = self.persona_names.unused(&name);
        self.persona_ids.insert(name.clone(), id.clone());
        self.personas.push(Persona::new(id.clone(), name));
        id
    }

    fn into_data(self) -> MapData {
        let pairs = self.touchpoints.iter().zip(self.touchpoints.iter().skip(1));
        MapData {
            transitions: pairs.map(|(from, to)| Transition::new(&from.id, &to.id)).collect(),
            name: self.title.unwrap_or_else(|| "Journey".into()),
            description: (!self.description.is_empty()).then(|| self.description.join("\n")),
            personas: self.personas,
            stages: self.stages,
            touchpoints: self.touchpoints,
            ..MapData::default()
        }
    }
}

/// A name with its entities read; an empty one is an error.
fn name(line: &Line<'_>, what: &str) -> Result<String> {
    let name = decoded(line.text);
    if line.text.is_empty() { Err(line.error(format!("the {what} is empty"))) } else { Ok(name) }
}

fn expected_score(line: &Line<'_>) -> Result<f64> {
    let text = shorten(line.text);
    let number = line.text.parse::<f64>().ok().filter(|score| score.is_finite());
    let number = number
        .ok_or_else(|| line.error(format!("the score `{text}` is not a number; expected 1 (bad) to 5 (good)")))?;
    ScoreScale::OneToFive
        .to_experience(number)
        .map_err(|_| line.error(format!("the score {text} is outside its scale; expected 1 (bad) to 5 (good)")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    fn read(text: &str) -> JourneyMap {
        JourneyMap::from_mermaid(text).unwrap()
    }

    #[test]
    fn sections_tasks_scores_and_actors_are_stages_touchpoints_scores_and_personas() {
        let map = read(
            "journey\ntitle My working day\nsection Go to work\nMake tea: 5: Me\nDo work: 1: Me, Cat\nsection Go home\nSit down: 3\n",
        );
        let rows: Vec<_> = map
            .touchpoints()
            .map(|t| (t.id.as_str(), t.stage.as_str(), t.expected_score, t.personas.join(" ")))
            .collect();
        let expected = [
            ("make_tea", "go_to_work", Some(2.0), "me".to_owned()),
            ("do_work", "go_to_work", Some(-2.0), "me cat".to_owned()),
            ("sit_down", "go_home", Some(0.0), String::new()),
        ];
        assert_eq!(rows, expected);
        assert_eq!((map.name(), map.graph().edge_count()), ("My working day", 2));
    }

    #[test]
    fn names_that_are_there_twice_get_a_number() {
        let map = read("journey\nsection A\nx: 1\nx: 2\nsection A\nx 2: 3\nx: 4");
        let ids: Vec<_> = map.touchpoints().map(|t| t.id.as_str()).collect();
        assert_eq!(ids, ["x", "x_2", "x_2_2", "x_3"]);
        assert_eq!(map.stages().iter().map(|s| s.id.as_str()).collect::<Vec<_>>(), ["a", "a_2"]);
    }

    #[test]
    fn comments_entities_front_matter_and_descriptions_are_read() {
        let text = "---\ntitle: \"From the front\"\nconfig:\n  journey:\n    x: 1\n---\n\njourney %% a comment\n  accTitle: Short\n  \
                    accDescr {\n   over two\n   lines }title Real; section A#58;B # rest\n  a#44;b#59;: 4.5 : x#35;y, , z %% end\n";
        let map = read(text);
        assert_eq!((map.name(), map.description()), ("Real", Some("Short\nover two lines")));
        let one = map.touchpoints().next().unwrap();
        assert_eq!((one.name.as_str(), one.expected_score), ("a,b;", Some(1.5)));
        assert_eq!(map.stages()[0].name, "A:B");
        assert_eq!(read("---\ntitle: Front\n---\njourney\n").name(), "Front");
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line_and_column() {
        for (text, place, words) in [
            ("", (1, 1), "begins with the line `journey`"),
            ("flowchart\n", (1, 1), "got `flowchart`"),
            ("journey\n a: b", (2, 5), "the score `b` is not a number"),
            ("journey\n a: NaN", (2, 5), "not a number"),
            ("journey\n a: 7: x", (2, 5), "outside its scale"),
            ("journey\n a: : x", (2, 4), "the score `` is not a number"),
            ("journey\n : 3", (2, 2), "the name of the task is empty"),
            ("journey\nsektion A", (2, 1), "did you mean `section`?"),
            ("journey\nsection A:B", (2, 9), "write it as `#58;`"),
            ("journey\nsection\n b: 3", (2, 8), "the name of the section is empty"),
            ("journey\naccDescr {\n x", (2, 1), "never closed"),
            ("---\njourney\n", (1, 1), "never closed"),
        ] {
            let error = JourneyMap::from_mermaid(text).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidMap, "{text}");
            let at = error.location();
            assert_eq!((at.line, at.column), (Some(place.0), Some(place.1)), "{text}: {error}");
            assert!(error.to_string().contains(words), "{text}: {error}");
        }
    }
}
