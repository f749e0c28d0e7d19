//! Every type that crosses a language border, as JSON Schema: what all generated files are made from.

use journey_core as core;
use schemars::generate::{SchemaGenerator, SchemaSettings};
use serde_json::{Map, Value};

/// Named schemas, in the order in which they are written.
pub(crate) type Schemas = Map<String, Value>;

/// What users hand in: options and the data of a map.
pub(crate) fn inputs() -> Schemas {
    let mut generator = SchemaSettings::draft2020_12().for_deserialize().into_generator();
    generator.subschema_for::<core::ReadOptions>();
    generator.subschema_for::<core::WriteOptions>();
    generator.subschema_for::<core::PathsOptions>();
    generator.subschema_for::<core::SelectOptions>();
    generator.subschema_for::<core::JourneyMatch>();
    generator.subschema_for::<core::MarkOptions>();
    generator.subschema_for::<core::SplitSessionsOptions>();
    generator.subschema_for::<core::WithMapOptions>();
    generator.subschema_for::<core::FeedbackOptions>();
    generator.subschema_for::<core::WithFeedbackOptions>();
    generator.subschema_for::<core::SummaryOptions>();
    generator.subschema_for::<core::TransitionsOptions>();
    generator.subschema_for::<core::TransitionMatrixOptions>();
    generator.subschema_for::<core::VariantsOptions>();
    generator.subschema_for::<core::ReworkOptions>();
    generator.subschema_for::<core::DiscoverOptions>();
    generator.subschema_for::<core::BottleneckOptions>();
    generator.subschema_for::<core::DropOffOptions>();
    generator.subschema_for::<core::StepMatrixOptions>();
    generator.subschema_for::<core::StepFlowOptions>();
    generator.subschema_for::<core::ChannelSwitchingOptions>();
    generator.subschema_for::<core::OutcomeDriverOptions>();
    generator.subschema_for::<core::RemovalEffectOptions>();
    generator.subschema_for::<core::TemporalProfileOptions>();
    generator.subschema_for::<core::AttemptsOptions>();
    generator.subschema_for::<core::CompareOptions>();
    generator.subschema_for::<core::SegmentOptions>();
    generator.subschema_for::<core::FunnelStep>();
    generator.subschema_for::<core::FunnelOptions>();
    generator.subschema_for::<core::ExplainFunnelsOptions>();
    generator.subschema_for::<core::EmotionOptions>();
    generator.subschema_for::<core::MatchOptions>();
    generator.subschema_for::<core::PeakEndOptions>();
    generator.subschema_for::<core::SatisfactionOptions>();
    generator.subschema_for::<core::MatchFeedbackOptions>();
    generator.subschema_for::<core::PathCoverageOptions>();
    generator.subschema_for::<core::AlignOptions>();
    generator.subschema_for::<core::FitnessOptions>();
    generator.subschema_for::<core::PrecisionOptions>();
    generator.subschema_for::<core::DeviationOptions>();
    generator.subschema_for::<core::LintOptions>();
    generator.subschema_for::<core::ReportOptions>();
    generator.subschema_for::<core::StateOptions>();
    generator.subschema_for::<core::ScoresOptions>();
    generator.subschema_for::<core::MonitorOptions>();
    generator.subschema_for::<core::StreamEvent>();
    generator.subschema_for::<core::RenderFlowOptions>();
    generator.subschema_for::<core::RenderStepFlowOptions>();
    generator.subschema_for::<core::RenderStepMatrixOptions>();
    generator.subschema_for::<core::RenderFunnelOptions>();
    generator.subschema_for::<core::RenderTimesOptions>();
    generator.subschema_for::<core::RenderComparisonOptions>();
    generator.subschema_for::<core::RenderMapOptions>();
    generator.subschema_for::<core::RenderReportOptions>();
    generator.subschema_for::<core::MapData>();
    let mut inputs = definitions(generator);
    let mut generator = SchemaSettings::draft2020_12().for_deserialize().into_generator();
    generator.subschema_for::<core::MapReports>();
    // The reports in it are those that users got; only the struct around them is theirs to make.
    inputs.extend(definitions(generator).into_iter().filter(|(name, _)| name == "MapReports"));
    inputs
}

/// What users get back: reports.
pub(crate) fn reports() -> Schemas {
    let mut generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    generator.subschema_for::<core::Summary>();
    generator.subschema_for::<core::Transitions>();
    generator.subschema_for::<core::TransitionMatrix>();
    generator.subschema_for::<core::Variants>();
    generator.subschema_for::<core::Rework>();
    generator.subschema_for::<core::Bottlenecks>();
    generator.subschema_for::<core::DropOffs>();
    generator.subschema_for::<core::StepMatrix>();
    generator.subschema_for::<core::StepFlow>();
    generator.subschema_for::<core::ChannelSwitching>();
    generator.subschema_for::<core::OutcomeDrivers>();
    generator.subschema_for::<core::RemovalEffects>();
    generator.subschema_for::<core::TemporalProfile>();
    generator.subschema_for::<core::Attempts>();
    generator.subschema_for::<core::Comparison>();
    generator.subschema_for::<core::Segments>();
    generator.subschema_for::<core::Funnel>();
    generator.subschema_for::<core::FunnelDifferences>();
    generator.subschema_for::<core::EmotionCurve>();
    generator.subschema_for::<core::EmotionDips>();
    generator.subschema_for::<core::MatchReport>();
    generator.subschema_for::<core::PeakEnd>();
    generator.subschema_for::<core::Satisfaction>();
    generator.subschema_for::<core::FeedbackMatches>();
    generator.subschema_for::<core::PathCoverage>();
    generator.subschema_for::<core::Alignments>();
    generator.subschema_for::<core::Fitness>();
    generator.subschema_for::<core::Precision>();
    generator.subschema_for::<core::Deviations>();
    generator.subschema_for::<core::LintReport>();
    generator.subschema_for::<core::MapDiff>();
    generator.subschema_for::<core::MermaidExport>();
    generator.subschema_for::<core::JourneyReport>();
    generator.subschema_for::<core::TouchpointScores>();
    generator.subschema_for::<core::MonitorStatus>();
    generator.subschema_for::<core::ErrorKind>();
    let known = inputs();
    definitions(generator).into_iter().filter(|(name, _)| !known.contains_key(name)).collect()
}

fn definitions(mut generator: SchemaGenerator) -> Schemas {
    let mut definitions: Vec<_> = generator.take_definitions(true).into_iter().collect();
    definitions.sort_by(|a, b| a.0.cmp(&b.0));
    definitions.into_iter().collect()
}

/// The schema of a map file, for editors.
pub(crate) fn map_file() -> String {
    let schema =
        SchemaSettings::draft2020_12().for_deserialize().into_generator().into_root_schema_for::<core::MapData>();
    let mut schema = Value::from(schema);
    if let Some(fields) = schema.as_object_mut() {
        fields.insert("title".into(), "Customer journey map".into());
        plain_descriptions(fields);
    }
    format!("{schema:#}\n")
}

fn plain_descriptions(schema: &mut Map<String, Value>) {
    for (key, value) in schema.iter_mut() {
        match value {
            Value::String(text) if key == "description" => *text = plain(text),
            Value::Object(inner) => plain_descriptions(inner),
            Value::Array(list) => list.iter_mut().filter_map(Value::as_object_mut).for_each(plain_descriptions),
            _ => {}
        }
    }
}

/// A field of a type, in the words that the writers share.
pub(crate) struct Field<'a> {
    pub(crate) name: &'a str,
    pub(crate) schema: &'a Value,
    pub(crate) required: bool,
}

/// The fields of an object.
pub(crate) fn fields(schema: &Value) -> Vec<Field<'_>> {
    let required = |name: &str| schema["required"].as_array().is_some_and(|list| list.iter().any(|n| n == name));
    let properties = schema["properties"].as_object().into_iter().flatten();
    properties.map(|(name, schema)| Field { name, schema, required: required(name) }).collect()
}

/// The values of an enum, with what each means.
pub(crate) fn values(schema: &Value) -> Option<Vec<(&str, String)>> {
    schema["oneOf"].as_array()?.iter().map(|v| Some((v["const"].as_str()?, doc(v)))).collect()
}

/// The description of a type or field, on one line, without links and without examples, which are Rust.
pub(crate) fn doc(schema: &Value) -> String {
    let text = schema["description"].as_str().unwrap_or_default();
    let told: Vec<&str> = text.split("```").step_by(2).collect();
    plain(&told.join(" "))
}

/// Rust's links to items as plain code: ``[`Error`](crate::Error)`` is `` `Error` ``.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("[`") {
        plain.push_str(before);
        let Some((name, after)) = after.split_once("`]") else {
            rest = after;
            continue;
        };
        plain.push('`');
        plain.push_str(name.rsplit("::").next().unwrap_or(name));
        plain.push('`');
        rest = match after.strip_prefix('(').and_then(|target| target.split_once(')')) {
            Some((_, after)) => after,
            None => after,
        };
    }
    plain.push_str(rest);
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How a language writes the types of the wire.
pub(crate) struct Words {
    pub(crate) string: &'static str,
    pub(crate) number: &'static str,
    pub(crate) integer: &'static str,
    pub(crate) boolean: &'static str,
    pub(crate) null: &'static str,
    pub(crate) list: fn(&str) -> String,
    pub(crate) map: fn(&str) -> String,
}

impl Words {
    /// The type of a schema; fails for what may not cross a border.
    pub(crate) fn type_of(&self, schema: &Value) -> Result<String, String> {
        if let Some(target) = schema["$ref"].as_str() {
            return Ok(target.rsplit('/').next().unwrap_or(target).to_owned());
        }
        if let Some(any) = schema["anyOf"].as_array() {
            return any.iter().map(|s| self.type_of(s)).collect::<Result<Vec<_>, _>>().map(|types| types.join(" | "));
        }
        let kinds: Vec<&str> = match &schema["type"] {
            Value::String(kind) => vec![kind],
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let one = |kind: &&str| match *kind {
            "string" => Ok(self.string.to_owned()),
            "number" => Ok(self.number.to_owned()),
            "integer" => Ok(self.integer.to_owned()),
            "boolean" => Ok(self.boolean.to_owned()),
            "null" => Ok(self.null.to_owned()),
            "array" => Ok((self.list)(&self.type_of(&schema["items"])?)),
            "object" => Ok((self.map)(&self.type_of(&schema["additionalProperties"])?)),
            _ => Err(format!("a type outside the wire subset: {schema}")),
        };
        if kinds.is_empty() {
            return Err(format!("a type outside the wire subset: {schema}"));
        }
        kinds.iter().map(one).collect::<Result<Vec<_>, _>>().map(|types| types.join(" | "))
    }
}
