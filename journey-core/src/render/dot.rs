//! Maps as graphs in Graphviz's language, DOT.

use std::fmt::Write as _;

use super::escape::printable;
use super::words::Language;
use crate::map::{JourneyMap, Transition};

impl JourneyMap {
    /// The map as a graph in DOT, for Graphviz: stages as clusters from left to right, touchpoints as boxes, transitions
    /// as arrows with their expected share, or with how often a log took them.
    ///
    /// Nodes are called `n0`, `n1` and so on, in the order of the map; names of the map are only ever labels, in quotes.
    ///
    /// ```
    /// use journey_core::{JourneyMap, Stage, Touchpoint};
    ///
    /// let map = JourneyMap::builder("Shop")
    ///     .stage(Stage::new("buy", "Buy"))
    ///     .touchpoint(Touchpoint::new("pay", r#"Pay "now""#, "buy"))
    ///     .build()?;
    /// assert!(map.to_dot().contains(r#"n0 [label="Pay \"now\""]"#));
    /// # Ok::<(), journey_core::Error>(())
    /// ```
    #[must_use]
    pub fn to_dot(&self) -> String {
        let mut text = format!(
            "digraph journey {{\n  graph [label={}, labelloc=t, rankdir=LR, fontname=\"sans-serif\"];\n  \
             node [shape=box, style=rounded, fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\", fontsize=10];\n",
            quoted(self.name())
        );
        let graph = self.graph();
        for (number, stage) in self.stages().iter().enumerate() {
            let _ = writeln!(text, "  subgraph cluster_{number} {{\n    label={};", quoted(&stage.name));
            for (node, touchpoint) in graph.node_indices().zip(self.touchpoints()) {
                if touchpoint.stage == stage.id {
                    let _ = writeln!(text, "    n{} [label={}];", node.index(), quoted(&touchpoint.name));
                }
            }
            text.push_str("  }\n");
        }
        for edge in graph.edge_indices() {
            if let (Some((from, to)), Some(transition)) = (graph.edge_endpoints(edge), graph.edge_weight(edge)) {
                let label = label(transition).map_or_else(String::new, |label| format!(" [label={}]", quoted(&label)));
                let _ = writeln!(text, "  n{} -> n{}{label};", from.index(), to.index());
            }
        }
        text.push_str("}\n");
        text
    }
}

/// What stands beside an arrow.
fn label(transition: &Transition) -> Option<String> {
    let observed = transition.observed.as_ref().map(|observed| observed.count.to_string());
    observed.or_else(|| transition.expected_share.map(|share| Language::En.percent(Some(share))))
}

/// A text in quotes. Backslashes are doubled, since Graphviz reads `\n` and `\N` in labels.
fn quoted(text: &str) -> String {
    format!("\"{}\"", printable(text).replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use crate::{JourneyMap, Stage, Touchpoint, Transition};

    #[test]
    fn a_map_is_clusters_of_boxes_with_arrows() {
        let map = JourneyMap::builder("Shop \\ more")
            .stage(Stage::new("choose", "Choose"))
            .stage(Stage::new("buy", "Buy"))
            .touchpoint(Touchpoint::new("pay", "Pay\nnow", "buy"))
            .touchpoint(Touchpoint::new("visit", "Visit", "choose"))
            .transition(Transition { expected_share: Some(0.25), ..Transition::new("visit", "pay") })
            .build()
            .unwrap();
        let text = map.to_dot();
        for line in [
            r#"label="Shop \\ more""#,
            "subgraph cluster_0 {\n    label=\"Choose\";\n    n0 [label=\"Visit\"];",
            r#"n1 [label="Pay now"];"#,
            "n0 -> n1 [label=\"25.0\u{a0}%\"];",
        ] {
            assert!(text.contains(line), "{line} in {text}");
        }
    }
}
