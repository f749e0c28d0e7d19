//! Words by which the texts of a map are understood.

use serde::{Deserialize, Serialize};

use crate::map::{JourneyMap, Touchpoint};

/// Words by which the texts of a map are understood; a text has a word if it is one of its words, whatever the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct LintWords {
    /// A touchpoint whose id, name, owner or channel has one of these is customer service.
    pub service: Vec<String>,
    /// A touchpoint whose id, name or action has one of these asks for feedback or follows up.
    pub follow_up: Vec<String>,
    /// A goal or expectation that has one of these is the company's, not the customer's.
    pub company: Vec<String>,
    /// An action that begins with one of these is done by staff.
    pub staff: Vec<String>,
}

impl Default for LintWords {
    fn default() -> Self {
        let list = |words: &str| words.split(", ").map(str::to_owned).collect();
        Self {
            service: list(
                "support, customer service, help, helpdesk, hotline, call, calls, complaint, complaints, chat",
            ),
            follow_up: list(
                "feedback, survey, review, reviews, rate, rating, follow, thank, thanks, recommend, recommends, opinion, \
                 satisfaction, nps",
            ),
            company: list(
                "customer, customers, user, users, lead, leads, revenue, conversion, conversions, churn, retention, \
                 upsell, margin, turnover",
            ),
            staff: list("agent, agents, staff, employee, employees, clerk, operator, system, team, we, our"),
        }
    }
}

/// The words of a text: letters and digits, in lower case.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// Whether a text has one of these words, or several that follow each other.
fn has(text: &str, wanted: &[String]) -> bool {
    let text = words(text);
    wanted
        .iter()
        .map(|phrase| words(phrase))
        .filter(|phrase| !phrase.is_empty())
        .any(|phrase| text.windows(phrase.len()).any(|window| window == phrase))
}

impl LintWords {
    pub(super) fn is_service(&self, map: &JourneyMap, touchpoint: &Touchpoint) -> bool {
        let channel = map.channels().iter().find(|channel| Some(&channel.id) == touchpoint.channel.as_ref());
        let mut texts = vec![touchpoint.id.as_str(), touchpoint.name.as_str()];
        texts.extend(touchpoint.owner.as_deref());
        texts.extend(channel.into_iter().flat_map(|channel| [channel.id.as_str(), channel.name.as_str()]));
        texts.into_iter().any(|text| has(text, &self.service))
    }

    pub(super) fn is_follow_up(&self, touchpoint: &Touchpoint) -> bool {
        let texts = [Some(touchpoint.id.as_str()), Some(touchpoint.name.as_str()), touchpoint.action.as_deref()];
        texts.into_iter().flatten().any(|text| has(text, &self.follow_up))
    }

    pub(super) fn is_company(&self, text: &str) -> bool {
        has(text, &self.company)
    }

    pub(super) fn is_staff(&self, action: &str) -> bool {
        let first = words(action).into_iter().next();
        first.is_some_and(|first| self.staff.iter().any(|word| word.to_lowercase() == first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_whole_words_in_any_case() {
        let wanted = ["help".to_owned(), "customer service".to_owned()];
        assert!(has("HELP!", &wanted));
        assert!(has("support_help-desk", &wanted));
        assert!(has("The Customer Service", &wanted));
        assert!(!has("helpful service for a customer", &wanted));
        assert!(!has("", &wanted));
        assert!(!has("anything", &[String::new()]));
    }
}
