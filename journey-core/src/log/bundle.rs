//! Several questions in one pass: folds beside each other are a fold.

use super::{Fold, Journey, LogNames};

macro_rules! bundle {
    ($($fold:ident $place:tt),+) => {
        /// Asks several questions in one pass over the journeys; the report has that of each, in their order.
        impl<$($fold: Fold),+> Fold for ($($fold,)+) {
            type Report = ($($fold::Report,)+);

            fn journey(&mut self, journey: Journey<'_>) {
                $(self.$place.journey(journey);)+
            }

            fn journeys(&mut self, journey: Journey<'_>, customers: u64) {
                $(self.$place.journeys(journey, customers);)+
            }

            fn merge(&mut self, other: Self) {
                $(self.$place.merge(other.$place);)+
            }

            fn finish(self, names: &LogNames) -> Self::Report {
                ($(self.$place.finish(names),)+)
            }
        }
    };
}

bundle!(A 0, B 1);
bundle!(A 0, B 1, C 2);
bundle!(A 0, B 1, C 2, D 3);
bundle!(A 0, B 1, C 2, D 3, E 4);
bundle!(A 0, B 1, C 2, D 3, E 4, F 5);
bundle!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
bundle!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);

/// A question that may be left out of a bundle, and then has no report.
impl<F: Fold> Fold for Option<F> {
    type Report = Option<F::Report>;

    fn journey(&mut self, journey: Journey<'_>) {
        if let Some(fold) = self {
            fold.journey(journey);
        }
    }

    fn journeys(&mut self, journey: Journey<'_>, customers: u64) {
        if let Some(fold) = self {
            fold.journeys(journey, customers);
        }
    }

    fn merge(&mut self, other: Self) {
        match (self.as_mut(), other) {
            (Some(fold), Some(other)) => fold.merge(other),
            (None, other) => *self = other,
            (Some(_), None) => {}
        }
    }

    fn finish(self, names: &LogNames) -> Self::Report {
        self.map(|fold| fold.finish(names))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::{Event, EventLog, fold, fold_cut};

    /// The touchpoints of all journeys, one after the other: the order of merging shows.
    #[derive(Default)]
    struct Names(Vec<u32>);

    impl Fold for Names {
        type Report = Vec<String>;

        fn journey(&mut self, journey: Journey<'_>) {
            self.0.extend(journey.touchpoints());
        }

        fn merge(&mut self, other: Self) {
            self.0.extend(other.0);
        }

        fn finish(self, names: &LogNames) -> Vec<String> {
            self.0.into_iter().map(|code| names.touchpoints.name(code).to_owned()).collect()
        }
    }

    /// How often customers are told of: once for each journey, however many it stands for, and how many they are.
    #[derive(Default)]
    struct Told(u64, u64);

    impl Fold for Told {
        type Report = (u64, u64);

        fn journey(&mut self, journey: Journey<'_>) {
            self.journeys(journey, 1);
        }

        fn journeys(&mut self, _: Journey<'_>, customers: u64) {
            self.0 += 1;
            self.1 += customers;
        }

        fn merge(&mut self, other: Self) {
            self.0 += other.0;
            self.1 += other.1;
        }

        fn finish(self, _: &LogNames) -> (u64, u64) {
            (self.0, self.1)
        }
    }

    fn log() -> EventLog {
        let paths = [("ann", "visit"), ("bob", "pay"), ("eve", "call")];
        let log = paths.iter().fold(EventLog::builder(), |log, (id, at)| log.event(Event::untimed(id, at)));
        log.weight("bob", 3).build().unwrap()
    }

    #[test]
    fn a_bundle_says_what_each_of_its_folds_says_alone_however_the_log_is_cut() {
        let names = ["visit", "pay", "pay", "pay", "call"].map(String::from).to_vec();
        let new = || (Names::default(), Told::default());
        for cuts in [vec![], vec![1], vec![0, 1, 2], vec![2, 2, 9]] {
            let (told, report) = (fold_cut(&log(), &cuts, Told::default), fold_cut(&log(), &cuts, new));
            assert_eq!(report, (names.clone(), told), "cut at {cuts:?}");
            assert_eq!(told, (3, 5), "customers are not told of one by one");
        }
        let eight = || {
            let nested = (Told::default(), Told::default());
            (
                Names::default(),
                nested,
                Told::default(),
                Some(Names::default()),
                None::<Told>,
                Told::default(),
                Told::default(),
                Names::default(),
            )
        };
        let told = (3, 5);
        let all = (names.clone(), (told, told), told, Some(names.clone()), None, told, told, names);
        assert_eq!(fold(&log(), eight), all);
    }

    #[test]
    fn a_question_that_is_left_out_has_no_report() {
        assert_eq!(fold_cut(&log(), &[1, 2], || (None::<Names>, Some(Told::default()))), (None, Some((3, 5))));
        let mut none = None;
        none.merge(Some(Told(1, 2)));
        assert_eq!(none.finish(log().names()), Some((1, 2)), "what a part has gathered is not lost");
    }
}
