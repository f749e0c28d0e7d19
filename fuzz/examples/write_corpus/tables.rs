//! Files of columns, and states.

use std::error::Error;
use std::sync::Arc;

use arrow_array::{
    ArrayRef, Date32Array, Decimal128Array, Float64Array, Int64Array, LargeStringArray, NullArray, RecordBatch,
    StringArray, StringViewArray, StructArray, TimestampNanosecondArray, TimestampSecondArray,
};
use arrow_ipc::CompressionType;
use arrow_ipc::writer::{FileWriter, IpcWriteOptions, StreamWriter};
use journey_core::{
    Duration, Event, EventLog, FunnelOptions, State, StateOptions, Timestamp, to_arrow, write_arrow_ipc, write_parquet,
};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{WriterProperties, WriterVersion};

use crate::Seeds;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn log() -> Outcome<EventLog> {
    let mut builder = EventLog::builder().attribute("plan");
    for step in 0..9 {
        let time = Timestamp::from_micros(1_710_324_000_000_000 + i64::from(step) * 61_000_001)?;
        let journey = format!("customer {}", step % 3);
        let mut event = Event::new(&journey, ["visit", "cart", "päy"][step as usize % 3], time).started_at(time);
        if step % 2 == 0 {
            event = event.on_channel("web").with_score(f64::from(step) / 4.0 - 1.0).with_value(f64::from(step) * 9.99);
        }
        builder = builder.event_with(event, [(step % 4 == 0).then_some("pro")]);
    }
    Ok(builder.build()?)
}

/// Columns of other types than those that are written here.
fn others() -> Outcome<Vec<(&'static str, RecordBatch)>> {
    let texts = |texts: [&str; 3]| Arc::new(StringArray::from(texts.to_vec())) as ArrayRef;
    let seconds = Arc::new(TimestampSecondArray::from(vec![0, 60, 120])) as ArrayRef;
    let table = |time: ArrayRef, rest: Vec<(&str, ArrayRef)>| {
        let columns = vec![("journey", texts(["a", "a", "b"])), ("touchpoint", texts(["x", "y", "x"])), ("time", time)];
        RecordBatch::try_from_iter_with_nullable(
            columns.into_iter().chain(rest).map(|(name, column)| (name, column, true)),
        )
    };
    let nested = |name: &str, column: ArrayRef| -> Outcome<ArrayRef> {
        Ok(Arc::new(StructArray::try_from(vec![(name, column)])?))
    };
    let views = Arc::new(StringViewArray::from(vec![Some("a name of more than twelve bytes"), None, Some("short")]));
    let paths = RecordBatch::try_from_iter([
        ("customer", nested("id", Arc::new(Int64Array::from(vec![7, 7, 8])))?),
        ("page", nested("name", texts(["x", "y", "z"]))?),
    ])?;
    Ok(vec![
        ("dates", table(Arc::new(Date32Array::from(vec![0, 19_000, -1])), Vec::new())?),
        ("late-nanoseconds", table(Arc::new(TimestampNanosecondArray::from(vec![i64::MIN, 0, i64::MAX])), Vec::new())?),
        ("late-seconds", table(Arc::new(TimestampSecondArray::from(vec![i64::MAX, 0, i64::MIN])), Vec::new())?),
        ("no-time", table(Arc::new(NullArray::new(3)), Vec::new())?),
        ("texts-as-times", table(texts(["2024-03-13", "2024-03-14 10:00:00", "x"]), Vec::new())?),
        (
            "all-columns-of-other-types",
            table(
                seconds.clone(),
                vec![
                    ("start", Arc::new(NullArray::new(3))),
                    ("channel", views),
                    ("score", Arc::new(Decimal128Array::from(vec![-20, 15, 0]).with_precision_and_scale(4, 1)?)),
                    ("value", Arc::new(Float64Array::from(vec![f64::NAN, 1.0, f64::INFINITY]))),
                    ("plan", Arc::new(LargeStringArray::from(vec![Some("pro"), None, Some("")]))),
                ],
            )?,
        ),
        (
            "stages",
            table(
                seconds,
                vec![("stage", texts(["start", "complete", "schedule"])), ("visit", texts(["1", "1", ""]))],
            )?,
        ),
        ("paths", paths),
    ])
}

pub fn arrow() -> Outcome<Seeds> {
    let mut seeds = Seeds::of("arrow");
    let mut file = Vec::new();
    write_arrow_ipc(&log()?, &mut file)?;
    seeds.add_damaged("file", file, 6);
    let table = to_arrow(&log()?)?;
    for (name, compression) in [("lz4", CompressionType::LZ4_FRAME), ("zstd", CompressionType::ZSTD)] {
        let options = IpcWriteOptions::default().try_with_compression(Some(compression))?;
        let mut file = FileWriter::try_new_with_options(Vec::new(), &table.schema(), options)?;
        file.write(&table)?;
        seeds.add_damaged(name, file.into_inner()?, 2);
    }
    let mut stream = StreamWriter::try_new(Vec::new(), &table.schema())?;
    stream.write(&table.slice(0, 4))?;
    stream.write(&table.slice(4, 0))?;
    stream.write(&table.slice(4, 5))?;
    seeds.add_damaged("stream", stream.into_inner()?, 3);
    for (name, table) in others()? {
        let mut stream = StreamWriter::try_new(Vec::new(), &table.schema())?;
        stream.write(&table)?;
        seeds.add(name, stream.into_inner()?);
    }
    seeds.add("empty", "");
    seeds.add("mark-alone", "ARROW1");
    seeds.add("mark-and-zeros", [b"ARROW1".to_vec(), vec![0; 100]].concat());
    seeds.add("endless-message", [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0, 0]);
    seeds.add("end-at-once", [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);
    Ok(seeds)
}

pub fn parquet() -> Outcome<Seeds> {
    let mut seeds = Seeds::of("parquet");
    let mut file = Vec::new();
    write_parquet(&log()?, &mut file)?;
    let file_size = file.len();
    seeds.add("endless-end", [&file[..file_size - 8], &[0xff, 0xff, 0xff, 0x7f], b"PAR1"].concat());
    seeds.add_damaged("file", file, 6);
    let table = to_arrow(&log()?)?;
    let version_2 = WriterProperties::builder().set_writer_version(WriterVersion::PARQUET_2_0);
    let plain = WriterProperties::builder().set_dictionary_enabled(false);
    for (name, properties) in [
        ("plain-snappy", plain.clone().set_compression(Compression::SNAPPY)),
        ("plain-gzip", plain.set_compression(Compression::GZIP(Default::default()))),
        ("lz4", WriterProperties::builder().set_compression(Compression::LZ4_RAW)),
        ("pages-of-version-2", version_2.clone().set_compression(Compression::ZSTD(ZstdLevel::default()))),
        ("plain-pages-of-version-2", version_2.set_dictionary_enabled(false)),
        ("small-groups", WriterProperties::builder().set_max_row_group_row_count(Some(2))),
        (
            "mixed-pages",
            WriterProperties::builder()
                .set_dictionary_page_size_limit(8)
                .set_data_page_row_count_limit(2)
                .set_write_batch_size(1),
        ),
    ] {
        let mut writer = ArrowWriter::try_new(Vec::new(), table.schema(), Some(properties.build()))?;
        writer.write(&table)?;
        seeds.add_damaged(name, writer.into_inner()?, 1);
    }
    for (name, table) in others()? {
        // Parquet has no columns of nothing.
        let Ok(mut writer) = ArrowWriter::try_new(Vec::new(), table.schema(), None) else { continue };
        if writer.write(&table).is_ok() {
            seeds.add(name, writer.into_inner()?);
        }
    }
    seeds.add("empty", "");
    seeds.add("marks-alone", "PAR1PAR1");
    seeds.add("deep-schema", deep_schema(20_000));
    seeds.add("encrypted", "PAR1\0\0\0\0PARE");
    Ok(seeds)
}

/// A file of no rows whose one column stands in so many others.
fn deep_schema(depth: u32) -> Vec<u8> {
    let number = |number: u32| {
        let bytes = [number | 128, number >> 7 | 128, number >> 14];
        bytes.map(|byte| (byte & 255) as u8)
    };
    let group = b"\x35\x02\x18\x01a\x15\x02\0";
    let mut footer = [b"\x15\x02\x19\xfc".to_vec(), number(depth + 2).to_vec(), b"\x48\x01r\x15\x02\0".to_vec()].concat();
    (0..depth).for_each(|_| footer.extend(group));
    footer.extend(b"\x15\x02\x25\x02\x18\x01a\0\x16\0\x19\x0c\0");
    let length = (footer.len() as u32).to_le_bytes();
    [b"PAR1", &footer[..], &length, b"PAR1"].concat()
}

pub fn states() -> Outcome<Seeds> {
    let mut seeds = Seeds::of("state");
    let log = log()?;
    let funnel = StateOptions {
        conversion: vec!["päy".into()],
        funnel_steps: ["visit", "cart", "päy"].map(Into::into).to_vec(),
        funnel: FunnelOptions { window: Some(Duration::from_seconds(3600.0)?), ..FunnelOptions::default() },
        ..StateOptions::default()
    };
    let coarse = StateOptions { steps: 0, quantile_error: 0.1, ..StateOptions::default() };
    let empty = State::new(&StateOptions::default())?;
    seeds.add("empty", empty.to_bytes());
    for (name, options, damaged) in
        [("plain", StateOptions::default(), 5), ("funnel", funnel, 4), ("coarse", coarse, 2)]
    {
        let mut state = State::new(&options)?;
        state.update(&log)?;
        seeds.add_damaged(name, state.to_bytes(), damaged);
        state.merge(&state.clone())?;
        seeds.add(&format!("{name}-twice"), state.to_bytes());
    }
    seeds.add("nothing", "");
    seeds.add("mark-alone", "journey\x1a");
    seeds.add("of-another-version", b"journey\x1a\x02\0\0\0\0\0");
    // The options as an empty text, then a list that says it has 2^62 names.
    seeds.add("endless-list", b"journey\x1a\x01\0\0\0\0\0\0\x80\x80\x80\x80\x80\x80\x80\x80\x40");
    Ok(seeds)
}
