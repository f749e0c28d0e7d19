//! Funnels whose steps have no order: how many of them are met within the window, each by an event of its own.
//!
//! An event that meets several steps fills whichever serves best: what counts is the size of the largest matching of
//! events and steps, found by augmenting paths.

use super::moments::{Moment, each};
use super::plan::{Rules, Visit, Walked};
use super::steps::MOST;

/// Steps, each with the event that fills it.
#[derive(Debug, Default)]
pub(super) struct Filling {
    /// For each step, the steps that its event meets; none if it is not filled.
    events: [u32; MOST],
    count: usize,
}

impl Filling {
    fn clear(&mut self) {
        *self = Self::default();
    }

    /// Adds an event by the steps it meets; whether one step more can be filled with it.
    fn add(&mut self, event: u32) -> bool {
        let more = self.fill(event, &mut 0);
        self.count += usize::from(more);
        more
    }

    /// Fills a step that the event meets, if need be by moving the event there to another; no step is tried twice.
    fn fill(&mut self, event: u32, tried: &mut u32) -> bool {
        for step in each(event) {
            if *tried >> step & 1 == 1 {
                continue;
            }
            *tried |= 1 << step;
            let there = self.events.get(step).copied().unwrap_or_default();
            if there == 0 || self.fill(there, tried) {
                if let Some(slot) = self.events.get_mut(step) {
                    *slot = event;
                }
                return true;
            }
        }
        false
    }
}

/// Walks an attempt from the moment at which it begins: it gets on whenever one step more can be filled.
pub(super) fn walk(
    rules: &Rules,
    moments: &[Moment],
    begin: usize,
    visits: &mut Vec<Visit>,
    filling: &mut Filling,
) -> Walked {
    visits.clear();
    filling.clear();
    let start = moments.get(begin).map_or(0, |moment| moment.time);
    let ended = |end| Walked { end, struck: false, going: false };
    for (number, moment) in moments.iter().enumerate().skip(begin) {
        if number > begin && (moment.time - start > rules.window || moment.exclusions != 0) {
            return ended(number);
        }
        if filling.add(moment.steps) {
            visits.push(Visit { step: visits.len(), place: moment.place, time: moment.time });
            if filling.count > rules.last {
                return ended(number + 1);
            }
        }
    }
    Walked { end: moments.len(), struck: false, going: true }
}

/// Where the attempt that meets most steps begins: of those that do first, the one that began last.
pub(super) fn best_entry(rules: &Rules, moments: &[Moment]) -> Option<usize> {
    // Of the events that meet the same steps, as many of the last ones as there are steps are all that can be of use.
    let mut recent: Vec<(usize, &Moment)> = Vec::new();
    let mut best: Option<(usize, usize)> = None;
    for (number, moment) in moments.iter().enumerate() {
        if moment.exclusions != 0 {
            recent.clear();
        }
        if moment.steps == 0 {
            continue;
        }
        recent.retain(|(_, event)| moment.time - event.time <= rules.window);
        let alike = |(_, event): &(usize, &Moment)| event.steps == moment.steps;
        if recent.iter().filter(|event| alike(event)).count() >= moment.steps.count_ones() as usize {
            let oldest = recent.iter().position(alike).unwrap_or_default();
            recent.remove(oldest);
        }
        recent.push((number, moment));
        let count = best.map_or(0, |(count, _)| count);
        let mut filling = Filling::default();
        for (begin, event) in recent.iter().rev() {
            filling.add(event.steps);
            if filling.count > count {
                best = Some((filling.count, *begin));
                break;
            }
        }
        if best.is_some_and(|(count, _)| count > rules.last) {
            break;
        }
    }
    best.map(|(_, begin)| begin)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(events: &[u32]) -> usize {
        let mut filling = Filling::default();
        events.iter().filter(|event| filling.add(**event)).count()
    }

    #[test]
    fn an_event_makes_room_for_another_if_it_can() {
        assert_eq!(filled(&[0b11, 0b01]), 2, "the first moves to the second step");
        assert_eq!(filled(&[0b01, 0b01]), 1);
        assert_eq!(filled(&[0b011, 0b110, 0b001, 0b100]), 3);
        assert_eq!(filled(&[0b000]), 0);
    }
}
