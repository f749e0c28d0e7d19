//! The questions: each reads what it is about, calls the function of the same name in the core, and prints its report.

use journey_core as core;

use crate::ask::{Input, Question};

/// A question: its options, what it is about, and its function.
macro_rules! question {
    ($name:literal, $about:literal, $options:ident, [$($input:expr),*], |$given:ident, $given_options:ident| $ask:expr) => {
        Question {
            name: $name,
            about: $about,
            inputs: &[$($input),*],
            command: Question::command_of::<core::$options>,
            run: |question, matches, out, err| question.run_of::<core::$options, _>(matches, out, err, |$given, $given_options| Ok($ask?)),
        }
    };
}

const STEPS: Input = Input::Names("STEP", "The touchpoints that lead to the goal, in order");
const SUCCESS: Input = Input::Names("TOUCHPOINT", "Touchpoints, of which a journey must reach one to succeed");

/// All questions, in the order of the help.
pub(crate) const ALL: [Question; 30] = [
    question!("summary", "What does the log hold?", SummaryOptions, [Input::Log], |given, options| {
        core::summary(given.log()?, options)
    }),
    question!(
        "transitions",
        "What follows what, how often, how long does it take?",
        TransitionsOptions,
        [Input::Log],
        |given, options| { core::transitions(given.log()?, options) }
    ),
    question!(
        "transition-matrix",
        "The same as a table of one figure",
        TransitionMatrixOptions,
        [Input::Log],
        |given, options| { core::transition_matrix(given.log()?, options) }
    ),
    question!("variants", "Which paths do customers take?", VariantsOptions, [Input::Log], |given, options| {
        core::variants(given.log()?, options)
    }),
    question!(
        "rework",
        "What do they do again, and in which circles?",
        ReworkOptions,
        [Input::Log],
        |given, options| { core::rework(given.log()?, options) }
    ),
    question!("step-matrix", "Where are customers at each step?", StepMatrixOptions, [Input::Log], |given, options| {
        core::step_matrix(given.log()?, options)
    }),
    question!("step-flow", "How do they flow from step to step?", StepFlowOptions, [Input::Log], |given, options| {
        core::step_flow(given.log()?, options)
    }),
    question!(
        "drop-offs",
        "Where do journeys end, what do customers do instead?",
        DropOffOptions,
        [Input::Log],
        |given, options| { core::drop_offs(given.log()?, options) }
    ),
    question!(
        "bottlenecks",
        "Where do customers lose time, where are they lost?",
        BottleneckOptions,
        [Input::Log],
        |given, options| { core::bottlenecks(given.log()?, options) }
    ),
    question!(
        "temporal-profile",
        "How long does it take from any touchpoint to any later one?",
        TemporalProfileOptions,
        [Input::Log],
        |given, options| { core::temporal_profile(given.log()?, options) }
    ),
    question!(
        "funnel",
        "How far do customers get through the steps to a goal?",
        FunnelOptions,
        [Input::Log, STEPS],
        |given, options| { core::funnel(given.log()?, given.steps()?, options) }
    ),
    question!(
        "explain-funnels",
        "What do two definitions of a funnel count differently, and why?",
        ExplainFunnelsOptions,
        [
            Input::Log,
            Input::Word(
                "definition-a",
                "The one definition, as FunnelOptions in JSON, such as '{\"preset\": \"mixpanel\"}'"
            ),
            Input::Word("definition-b", "The other definition"),
            STEPS
        ],
        |given, options| {
            let (a, b) = (given.options(0)?, given.options(1)?);
            core::explain_funnels(given.log()?, given.steps()?, &a, &b, options)
        }
    ),
    question!(
        "attempts",
        "How often do customers try before they succeed?",
        AttemptsOptions,
        [Input::Log, SUCCESS],
        |given, options| { core::attempts(given.log()?, given.names(), options) }
    ),
    question!(
        "channel-switching",
        "How do customers move between channels, what does it cost them?",
        ChannelSwitchingOptions,
        [Input::Log],
        |given, options| { core::channel_switching(given.log()?, options) }
    ),
    question!(
        "outcome-drivers",
        "What goes before success more often than before failure?",
        OutcomeDriverOptions,
        [Input::Log, SUCCESS],
        |given, options| {
            core::outcome_drivers(given.log()?, &given.names().iter().map(String::as_str).collect::<Vec<_>>(), options)
        }
    ),
    question!(
        "removal-effects",
        "What does each channel bring to conversion?",
        RemovalEffectOptions,
        [Input::Log, SUCCESS],
        |given, options| { core::removal_effects(given.log()?, given.names(), options) }
    ),
    question!(
        "compare",
        "In what do two logs differ, and can it be chance?",
        CompareOptions,
        [Input::Log, Input::OtherLog],
        |given, options| { core::compare(given.log()?, given.other_log()?, options) }
    ),
    question!(
        "compare-groups",
        "In what do two groups of customers differ, and can it be chance?",
        CompareOptions,
        [
            Input::Log,
            Input::Word("attribute", "The attribute that makes the groups; it is read as one of --attributes"),
            Input::Word("group-a", "Its value in the first group"),
            Input::Word("group-b", "Its value in the second group")
        ],
        |given, options| {
            let [attribute, a, b] = [0, 1, 2].map(|place| given.word(place));
            core::compare_groups(given.log()?, attribute, a, b, options)
        }
    ),
    question!(
        "segments",
        "How do all groups of customers do beside each other?",
        SegmentOptions,
        [
            Input::Log,
            Input::Word("attribute", "The attribute that makes the groups; it is read as one of --attributes")
        ],
        |given, options| core::segments(given.log()?, given.word(0), options)
    ),
    question!(
        "peak-end-score",
        "How do customers remember the journey?",
        PeakEndOptions,
        [Input::Log],
        |given, options| { core::peak_end_score(given.log()?, options) }
    ),
    question!(
        "satisfaction",
        "How satisfied do they say they are: NPS, CSAT, CES?",
        SatisfactionOptions,
        [Input::Log, Input::Feedback],
        |given, options| { core::satisfaction(given.log()?, given.feedback()?, options) }
    ),
    question!(
        "match-feedback",
        "Which visit is each answer of a survey about?",
        MatchFeedbackOptions,
        [Input::Log, Input::Feedback],
        |given, options| { core::match_feedback(given.log()?, given.feedback()?, options) }
    ),
    question!(
        "emotion-curve",
        "How do customers feel along the way?",
        EmotionOptions,
        [Input::Log, Input::Map],
        |given, options| { core::emotion_curve(given.map()?, Some(given.log()?), options) }
    ),
    question!(
        "emotion-dips",
        "Where do they suffer, and can it be chance?",
        EmotionOptions,
        [Input::Log, Input::Map],
        |given, options| { core::emotion_dips(given.map()?, Some(given.log()?), options) }
    ),
    question!(
        "match-events",
        "Which events are on the map, by its rules?",
        MatchOptions,
        [Input::Log, Input::Map],
        |given, options| { core::match_events(given.map()?, given.log()?, options) }
    ),
    question!(
        "path-coverage",
        "How much of the map is used, how much of the log is on it?",
        PathCoverageOptions,
        [Input::Log, Input::Map],
        |given, options| { core::path_coverage(given.map()?, given.log()?, options) }
    ),
    question!(
        "align",
        "How does each path compare with the map, step by step?",
        AlignOptions,
        [Input::Log, Input::Map],
        |given, options| { core::align(given.map()?, given.log()?, options) }
    ),
    question!(
        "fitness",
        "How well does the map explain what customers did?",
        FitnessOptions,
        [Input::Log, Input::Map],
        |given, options| { core::fitness(given.map()?, given.log()?, options) }
    ),
    question!(
        "precision",
        "How much does the map allow that never happens?",
        PrecisionOptions,
        [Input::Log, Input::Map],
        |given, options| { core::precision(given.map()?, given.log()?, options) }
    ),
    question!(
        "deviations",
        "Where do customers leave the map, and what goes with it?",
        DeviationOptions,
        [Input::Log, Input::Map],
        |given, options| { core::deviations(given.map()?, given.log()?, options) }
    ),
];
