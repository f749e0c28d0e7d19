//! Writes the files from which the programs in `targets/` begin: right ones of every form, and wrong ones that somebody
//! thought of. Each right file is there damaged, too: cut off, and with a bit turned over.
//!
//! Files of other names stay as they are: those that were found by trying.

mod maps;
mod tables;
mod texts;

use std::error::Error;
use std::fs;
use std::path::Path;

/// A file for one of the programs.
struct Seed {
    program: &'static str,
    name: String,
    bytes: Vec<u8>,
}

/// The files of one program.
struct Seeds {
    program: &'static str,
    seeds: Vec<Seed>,
}

impl Seeds {
    fn of(program: &'static str) -> Self {
        Self { program, seeds: Vec::new() }
    }

    /// Adds a file as it is.
    fn add(&mut self, name: &str, bytes: impl Into<Vec<u8>>) {
        self.seeds.push(Seed { program: self.program, name: name.to_owned(), bytes: bytes.into() });
    }

    /// Adds a right file, and it damaged in so many places.
    fn add_damaged(&mut self, name: &str, bytes: impl Into<Vec<u8>>, places: usize) {
        let bytes = bytes.into();
        for place in (1..=places).map(|part| bytes.len() * part / (places + 1)) {
            self.add(&format!("{name}-cut-at-{place}"), &bytes[..place]);
            let mut turned = bytes.clone();
            turned[place] ^= 1 << (place % 8);
            self.add(&format!("{name}-bit-at-{place}"), turned);
        }
        self.add(name, bytes);
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let all = [
        texts::csv(),
        texts::ndjson(),
        texts::xes(),
        texts::path_patterns(),
        tables::arrow()?,
        tables::parquet()?,
        tables::states()?,
        maps::json()?,
        maps::yaml()?,
        maps::mermaid()?,
    ];
    for Seed { program, name, bytes } in all.into_iter().flat_map(|seeds| seeds.seeds) {
        fs::create_dir_all(folder.join(program))?;
        fs::write(folder.join(program).join(name), bytes)?;
    }
    Ok(())
}
