//! What the programs in `targets/` share.

use std::panic;

/// Lets panics be caught that begin in the packages which decode Arrow and Parquet.
///
/// They take some damaged bytes for mistakes of their own, and the readers make errors of that. Without this, libFuzzer ends
/// at the first of them. A panic that nothing catches ends the program all the same.
pub fn let_decoders_panic() {
    panic::set_hook(Box::new(|panic| {
        let decoders = ["/arrow-", "/parquet-", "/flatbuffers-"];
        let place = panic.location().map_or("", |place| place.file());
        if !decoders.iter().any(|decoder| place.contains(decoder)) {
            eprintln!("{panic}");
        }
    }));
}
