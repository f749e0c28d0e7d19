//! Draws the gallery: `docs/gallery.md` and the pictures in `docs/gallery`, from the example maps and the log of the web shop.
//!
//! With `--check` it writes nothing and fails if a file is not as it would be written now. `cargo xtask gallery` runs it.

mod shown;

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use journey_core::Theme;
use journey_tests::folder;

use self::shown::{Shown, shown};

const HEAD: &str = "\
# Gallery

Every picture there is, drawn from the [example maps](README.md#more) and the log of the web shop in `tests/data/ecom` by
`cargo xtask gallery`; the ratings are [synthetic](../tests/data/ecom-synthetic-feedback/SOURCE.md), given by nobody. What pictures have in
common, and their options: [pictures](reference/pictures.md).
";

fn main() -> Result<(), Box<dyn Error>> {
    let files = files()?;
    let stale: Vec<&(PathBuf, String)> =
        files.iter().filter(|(path, text)| fs::read_to_string(path).ok().as_ref() != Some(text)).collect();
    let strangers = strangers(&files)?;
    let words: Vec<String> = std::env::args().skip(1).collect();
    if !words.iter().all(|word| word == "--check") {
        return Err(format!("there is no option `{}`; expected `--check` or none", words.join(" ")).into());
    }
    if words.is_empty() {
        fs::create_dir_all(docs().join("gallery"))?;
        for (path, text) in stale {
            fs::write(path, text)?;
        }
        for path in strangers {
            fs::remove_file(path)?;
        }
        return Ok(());
    }
    let paths = stale.iter().map(|(path, _)| path).chain(&strangers);
    let names: Vec<String> =
        paths.filter_map(|path| Some(path.strip_prefix(docs()).ok()?.display().to_string())).collect();
    if names.is_empty() {
        Ok(())
    } else {
        Err(format!("stale, run `cargo xtask gallery`: {}", names.join(", ")).into())
    }
}

fn docs() -> PathBuf {
    folder().join("../docs")
}

/// All files of the gallery, with what they hold.
fn files() -> Result<Vec<(PathBuf, String)>, Box<dyn Error>> {
    let mut page = HEAD.to_owned();
    let mut files = Vec::new();
    for Shown { name, title, about, call, draw } in shown()? {
        for (theme, suffix) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
            files.push((docs().join("gallery").join(format!("{name}-{suffix}.svg")), draw(theme)?));
        }
        writeln!(page, "\n## {title}\n\n{about}\n\n{}\n\n```python\n{call}\n```", pair(name, title))?;
    }
    files.push((docs().join("gallery.md"), page));
    Ok(files)
}

/// A picture that is light or dark as the reader's page is.
fn pair(name: &str, title: &str) -> String {
    format!(
        "<picture>\n<source media=\"(prefers-color-scheme: dark)\" srcset=\"gallery/{name}-dark.svg\">\n\
         <img src=\"gallery/{name}-light.svg\" alt=\"{title}\">\n</picture>"
    )
}

/// Files in the folder of the gallery that are none of it.
fn strangers(files: &[(PathBuf, String)]) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(docs().join("gallery")) else { return Ok(found) };
    for entry in entries {
        let path = entry?.path();
        if !files.iter().any(|(known, _)| *known == path) {
            found.push(path);
        }
    }
    Ok(found)
}
