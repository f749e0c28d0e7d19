//! What each reader costs on a seeded log of a million events, in events per second and bytes.
//!
//! `cargo bench --bench readers` prints a line for each; ratios may be formed of figures of one run only.
#![expect(clippy::unwrap_used, reason = "a benchmark may panic")]

mod data;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use journey_core::read_csv;

fn readers(c: &mut Criterion) {
    let text = data::csv();
    let options = data::columns();
    let mut group = c.benchmark_group("readers_million_events");
    group.sample_size(10).throughput(Throughput::ElementsAndBytes { elements: data::EVENTS, bytes: text.len() as u64 });
    group.bench_function("csv", |b| b.iter(|| read_csv(black_box(text.as_bytes()), &options).unwrap()));
    group.finish();
}

criterion_group!(benches, readers);
criterion_main!(benches);
