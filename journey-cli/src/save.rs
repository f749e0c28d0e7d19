//! Files that are written whole or not at all.

use std::io::{self, Write};
use std::path::Path;

use crate::{BAD_DATA, Failure};

/// Writes a file; one that is there already stays, unless it is to be replaced.
pub(crate) fn save(path: &Path, content: &[u8], overwrite: bool) -> Result<(), Failure> {
    let failed = |error: io::Error| Failure::new(BAD_DATA, format!("{}: {error}", path.display()));
    if !overwrite && path.symlink_metadata().is_ok() {
        let message = format!("{}: the file is there already; to replace it, say --overwrite", path.display());
        return Err(Failure::new(BAD_DATA, message));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.prefix(".journey-").tempfile_in(folder).map_err(failed)?;
    file.write_all(content).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    let kept = if overwrite { file.persist(path) } else { file.persist_noclobber(path) };
    kept.map(drop).map_err(|error| failed(error.error))
}
