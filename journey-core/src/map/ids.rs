//! Ids for things that have only a name.

use std::collections::HashMap;

/// Ids made from names, each used once.
#[derive(Debug, Default)]
pub(crate) struct Ids(HashMap<String, u64>);

impl Ids {
    /// The name in lower case, with `_` for what is no letter or digit; with a number if that is taken.
    pub(crate) fn unused(&mut self, name: &str) -> String {
        let words: Vec<String> =
            name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
        let base = if words.is_empty() { "_".to_owned() } else { words.join("_") };
        let mut id = base.clone();
        while self.0.contains_key(&id) {
            let count = self.0.entry(base.clone()).or_insert(1);
            *count += 1;
            id = format!("{base}_{count}");
        }
        self.0.insert(id.clone(), 1);
        id
    }
}
