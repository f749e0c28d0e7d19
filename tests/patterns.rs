//! Path patterns against a naive matcher, which tries one way after the other and comes back from those that lead
//! nowhere.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use journey_core::{Event, EventLog, JourneyMatch, Timestamp};
use proptest::prelude::*;

const TOUCHPOINTS: [&str; 3] = ["cart", "pay now", "end"];
const CHANNELS: [&str; 2] = ["web", "shop"];

/// A touchpoint and perhaps a channel, by number.
type Step = (usize, Option<usize>);

#[derive(Clone, Debug)]
enum Path {
    Any,
    One(Test),
    Set { negated: bool, tests: Vec<Test> },
    Start,
    End,
    Sequence(Vec<Path>),
    Later(Box<Path>, Box<Path>),
    Either(Vec<Path>),
    Repeat { path: Box<Path>, least: u32, most: Option<u32> },
}

#[derive(Clone, Debug)]
struct Test {
    touchpoint: Option<usize>,
    channel: Option<usize>,
}

impl Test {
    fn text(&self) -> String {
        let touchpoint = self.touchpoint.map(|number| format!("`{}`", TOUCHPOINTS[number]));
        let channel = self.channel.map(|number| format!("channel:{}", CHANNELS[number]));
        touchpoint.into_iter().chain(channel).collect::<Vec<_>>().join(" & ")
    }

    fn passes(&self, step: Step) -> bool {
        self.touchpoint.is_none_or(|wanted| step.0 == wanted)
            && self.channel.is_none_or(|wanted| step.1 == Some(wanted))
    }
}

impl Path {
    fn text(&self) -> String {
        let joined =
            |paths: &[Path], sign: &str| format!("({})", paths.iter().map(Path::text).collect::<Vec<_>>().join(sign));
        match self {
            Self::Any => "any".into(),
            Self::One(test) => test.text(),
            Self::Set { negated, tests } => {
                let tests: Vec<_> = tests.iter().map(Test::text).collect();
                format!("[{}{}]", if *negated { "^" } else { "" }, tests.join(", "))
            }
            Self::Start => "start".into(),
            Self::End => "end".into(),
            Self::Sequence(paths) => joined(paths, " -> "),
            Self::Later(one, other) => format!("({} ->> {})", one.text(), other.text()),
            Self::Either(paths) => joined(paths, "|"),
            Self::Repeat { path, least, most } => {
                let most = most.map_or_else(String::new, |most| most.to_string());
                format!("({}){{{least},{most}}}", path.text())
            }
        }
    }

    /// Whether the path leads from a place to one from which it goes on.
    fn leads(&self, steps: &[Step], at: usize, goes_on: &mut dyn FnMut(usize) -> bool) -> bool {
        let one = |is: &dyn Fn(Step) -> bool| steps.get(at).is_some_and(|step| is(*step));
        match self {
            Self::Any => one(&|_| true) && goes_on(at + 1),
            Self::One(test) => one(&|step| test.passes(step)) && goes_on(at + 1),
            Self::Set { negated, tests } => {
                one(&|step| tests.iter().any(|test| test.passes(step)) != *negated) && goes_on(at + 1)
            }
            Self::Start => at == 0 && goes_on(at),
            Self::End => at == steps.len() && goes_on(at),
            Self::Sequence(paths) => match paths.split_first() {
                None => goes_on(at),
                Some((first, rest)) => {
                    let rest = Self::Sequence(rest.to_vec());
                    first.leads(steps, at, &mut |next| rest.leads(steps, next, goes_on))
                }
            },
            Self::Later(one, other) => {
                one.leads(steps, at, &mut |after| (after..=steps.len()).any(|next| other.leads(steps, next, goes_on)))
            }
            Self::Either(paths) => paths.iter().any(|path| path.leads(steps, at, goes_on)),
            Self::Repeat { path, least, most } => path.repeats(steps, at, *least, *most, goes_on),
        }
    }

    fn repeats(
        &self,
        steps: &[Step],
        at: usize,
        least: u32,
        most: Option<u32>,
        goes_on: &mut dyn FnMut(usize) -> bool,
    ) -> bool {
        let fewer = most.map(|most| most.saturating_sub(1));
        if least > 0 {
            return self.leads(steps, at, &mut |next| self.repeats(steps, next, least - 1, fewer, goes_on));
        }
        // A round that takes no event leads nowhere new.
        let again = |next: usize, goes_on: &mut dyn FnMut(usize) -> bool| {
            next != at && self.repeats(steps, next, 0, fewer, goes_on)
        };
        goes_on(at) || most != Some(0) && self.leads(steps, at, &mut |next| again(next, goes_on))
    }

    fn is_found(&self, steps: &[Step]) -> bool {
        (0..=steps.len()).any(|start| self.leads(steps, start, &mut |_| true))
    }
}

fn test() -> impl Strategy<Value = Test> {
    let touchpoint = prop::option::of(0..TOUCHPOINTS.len());
    (touchpoint, prop::option::weighted(0.3, 0..CHANNELS.len()))
        .prop_filter("asks for something", |(touchpoint, channel)| touchpoint.is_some() || channel.is_some())
        .prop_map(|(touchpoint, channel)| Test { touchpoint, channel })
}

fn path() -> impl Strategy<Value = Path> {
    let leaf = prop_oneof![
        1 => Just(Path::Any),
        4 => test().prop_map(Path::One),
        2 => (any::<bool>(), prop::collection::vec(test(), 1..3))
            .prop_map(|(negated, tests)| Path::Set { negated, tests }),
        1 => Just(Path::Start),
        1 => Just(Path::End),
    ];
    leaf.prop_recursive(4, 12, 3, |inner| {
        let repeat = (inner.clone(), 0..3u32, prop::option::of(1..3u32)).prop_map(|(path, least, more)| {
            let most = more.map(|more| least + more);
            Path::Repeat { path: Box::new(path), least, most }
        });
        prop_oneof![
            3 => prop::collection::vec(inner.clone(), 1..4).prop_map(Path::Sequence),
            1 => (inner.clone(), inner.clone()).prop_map(|(one, other)| Path::Later(Box::new(one), Box::new(other))),
            1 => prop::collection::vec(inner.clone(), 1..4).prop_map(Path::Either),
            2 => repeat,
        ]
    })
}

fn journeys() -> impl Strategy<Value = Vec<Vec<Step>>> {
    let step = (0..TOUCHPOINTS.len(), prop::option::of(0..CHANNELS.len()));
    prop::collection::vec(prop::collection::vec(step, 1..8), 1..12)
}

fn log(journeys: &[Vec<Step>]) -> EventLog {
    let mut log = EventLog::builder();
    for (number, steps) in journeys.iter().enumerate() {
        for (second, (touchpoint, channel)) in (0..).zip(steps) {
            let id = number.to_string();
            let event = Event::new(&id, TOUCHPOINTS[*touchpoint], Timestamp::from_micros(second).unwrap());
            log = log.event(channel.map_or(event, |channel| event.on_channel(CHANNELS[channel])));
        }
    }
    log.build().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_pattern_is_found_where_trying_every_way_finds_it(path in path(), mut journeys in journeys()) {
        // So that the log has all names.
        journeys.push(vec![(0, Some(0)), (1, Some(1)), (2, None)]);
        let wanted = JourneyMatch { with_path: Some(path.text()), ..Default::default() };
        let found = log(&journeys).select_journeys(&wanted).unwrap();
        let found: Vec<usize> = found.journeys().map(|journey| journey.id().parse().unwrap()).collect();
        let expected: Vec<usize> = (0..journeys.len()).filter(|number| path.is_found(&journeys[*number])).collect();
        prop_assert_eq!(found, expected, "{}", path.text());
    }
}
