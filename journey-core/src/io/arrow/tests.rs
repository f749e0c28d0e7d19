use std::sync::Arc;

use arrow_array::types::{Int8Type, Int32Type, UInt16Type};
use arrow_array::*;
use arrow_schema::{DataType, Field, Schema};

use super::*;
use crate::error::ErrorKind;
use crate::io::read_csv;
use crate::log::Event;
use crate::score::ScoreScale;
use crate::time::Timestamp;

fn table(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true))).unwrap()
}

fn read_all(batches: Vec<RecordBatch>, options: &ReadOptions) -> Result<EventLog> {
    let schema = batches[0].schema();
    read_arrow(RecordBatchIterator::new(batches.into_iter().map(Ok), schema), options)
}

fn texts(texts: &[Option<&str>]) -> ArrayRef {
    Arc::new(StringArray::from(texts.to_vec()))
}

fn seconds(times: &[Option<i64>]) -> ArrayRef {
    Arc::new(TimestampSecondArray::from(times.to_vec()))
}

/// Journey, touchpoint, time and the rest of every event, in the order of the log.
fn rows(log: &EventLog) -> Vec<String> {
    let attributes: Vec<String> = log.attributes().map(str::to_owned).collect();
    let mut rows = Vec::new();
    for journey in log.journeys() {
        let of = |name: &String| journey.attribute(name).unwrap().map(|v| format!("{v:?}")).collect::<Vec<_>>();
        let values: Vec<Vec<String>> = attributes.iter().map(of).collect();
        rows.extend(journey.events().enumerate().map(|(place, event)| {
            let values: Vec<&str> = values.iter().map(|column| column[place].as_str()).collect();
            format!("{event:?} {values:?}")
        }));
    }
    rows
}

fn message(outcome: Result<EventLog>) -> String {
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidLog, "{error}");
    error.to_string()
}

#[test]
fn every_sort_of_text_is_read_as_csv_reads_it() {
    let csv = "journey,touchpoint,time\na,x,1970-01-01T00:00:01Z\nb,y,1970-01-01T00:00:02Z\na,y,1970-01-01T00:00:03Z\n";
    let expected = rows(&read_csv(csv.as_bytes(), &ReadOptions::default()).unwrap());
    let (ids, pages) = (vec!["a", "b", "a"], vec!["x", "y", "y"]);
    let bytes = |texts: &[&'static str]| texts.iter().map(|text| text.as_bytes()).collect::<Vec<_>>();
    let dictionary = |keys: Vec<i8>, values: ArrayRef| -> ArrayRef {
        Arc::new(DictionaryArray::<Int8Type>::new(Int8Array::from(keys), values))
    };
    let kinds: Vec<(ArrayRef, ArrayRef)> = vec![
        (Arc::new(StringArray::from(ids.clone())), Arc::new(StringArray::from(pages.clone()))),
        (Arc::new(LargeStringArray::from(ids.clone())), Arc::new(LargeStringArray::from(pages.clone()))),
        (Arc::new(StringViewArray::from(ids.clone())), Arc::new(StringViewArray::from(pages.clone()))),
        (Arc::new(BinaryArray::from(bytes(&ids))), Arc::new(BinaryViewArray::from(bytes(&pages)))),
        (
            Arc::new(ids.iter().copied().collect::<DictionaryArray<UInt16Type>>()),
            Arc::new(pages.iter().copied().collect::<DictionaryArray<Int32Type>>()),
        ),
        // Dictionaries that are not in the order of their use, with values that are unused, twice or missing.
        (
            dictionary(vec![2, 1, 3], Arc::new(LargeStringArray::from(vec![None, Some("b"), Some("a"), Some("a")]))),
            dictionary(vec![1, 0, 0], Arc::new(StringViewArray::from(vec!["y", "x", "never"]))),
        ),
    ];
    for (ids, pages) in kinds {
        let kind = ids.data_type().clone();
        let whole =
            table(vec![("journey", ids), ("touchpoint", pages), ("time", seconds(&[Some(1), Some(2), Some(3)]))]);
        let log = read_all(vec![whole.clone()], &ReadOptions::default()).unwrap();
        assert_eq!(rows(&log), expected, "{kind}");
        assert_eq!((log.touchpoints().len(), log.journey_count()), (2, 2), "no name that is not used");
        let cut = vec![whole.slice(0, 1), whole.slice(1, 0), whole.slice(1, 2)];
        assert_eq!(rows(&read_all(cut, &ReadOptions::default()).unwrap()), expected, "sliced {kind}");
    }
}

#[test]
fn whole_numbers_and_booleans_are_names_by_their_text() {
    let batch = table(vec![
        ("journey", Arc::new(Int64Array::from(vec![i64::MIN, i64::MAX]))),
        ("touchpoint", Arc::new(UInt8Array::from(vec![7, 7]))),
        ("time", seconds(&[Some(1), Some(1)])),
        ("paid", Arc::new(BooleanArray::from(vec![Some(true), None]))),
        (
            "plan",
            Arc::new(DictionaryArray::<Int8Type>::new(vec![0, 1].into(), Arc::new(Int32Array::from(vec![10, 20])))),
        ),
    ]);
    let options = ReadOptions { attributes: vec!["paid".into(), "plan".into()], ..Default::default() };
    let log = read_all(vec![batch], &options).unwrap();
    let ids: Vec<&str> = log.journeys().map(|journey| journey.id()).collect();
    assert_eq!(ids, ["-9223372036854775808", "9223372036854775807"]);
    assert_eq!(log.touchpoints().iter().collect::<Vec<_>>(), ["7"]);
    assert_eq!(log.journey(0).unwrap().attribute("paid").unwrap().next(), Some(Some("true")));
    assert_eq!(log.journey(1).unwrap().attribute("paid").unwrap().next(), Some(None));
    assert_eq!(log.attribute_values("plan").unwrap().iter().collect::<Vec<_>>(), ["10", "20"]);
}

#[test]
fn times_of_every_unit_and_zone_are_the_same_moment() {
    let at = |array: ArrayRef, options: &ReadOptions| -> Result<String> {
        let batch = table(vec![("journey", texts(&[Some("a")])), ("touchpoint", texts(&[Some("t")])), ("time", array)]);
        let log = read_all(vec![batch], options)?;
        Ok(log.journey(0).unwrap().events().next().unwrap().time.unwrap().to_string())
    };
    let plain = ReadOptions::default();
    let zone = ReadOptions { time_zone: Some("+02:00".into()), ..Default::default() };
    let epoch = ReadOptions { time_format: Some("epoch_s".into()), ..Default::default() };
    // 2024-03-13T10:21:14Z is 1710325274 seconds, 19795 days after 1970.
    let nanos = 1_710_325_274_123_456_789;
    for (array, options, expected) in [
        (seconds(&[Some(1_710_325_274)]), &plain, "2024-03-13T10:21:14Z"),
        (Arc::new(TimestampMillisecondArray::from(vec![1_710_325_274_250])), &plain, "2024-03-13T10:21:14.250Z"),
        (Arc::new(TimestampMicrosecondArray::from(vec![1_710_325_274_000_001])), &plain, "2024-03-13T10:21:14.000001Z"),
        (Arc::new(TimestampNanosecondArray::from(vec![nanos])), &plain, "2024-03-13T10:21:14.123456Z"),
        (Arc::new(TimestampNanosecondArray::from(vec![-1])), &plain, "1969-12-31T23:59:59.999999Z"),
        (seconds(&[Some(1_710_325_274)]), &zone, "2024-03-13T08:21:14Z"),
        (
            Arc::new(TimestampSecondArray::from(vec![1_710_325_274]).with_timezone("America/New_York")),
            &zone,
            "2024-03-13T10:21:14Z",
        ),
        (Arc::new(Date32Array::from(vec![19_795])), &plain, "2024-03-13T00:00:00Z"),
        (Arc::new(Date32Array::from(vec![19_795])), &zone, "2024-03-12T22:00:00Z"),
        (Arc::new(Date64Array::from(vec![19_795 * 86_400_000])), &plain, "2024-03-13T00:00:00Z"),
        (texts(&[Some("2024-03-13 10:21:14")]), &plain, "2024-03-13T10:21:14Z"),
        (texts(&[Some("13/Mar/2024:10:21:14 +0000")]), &plain, "2024-03-13T10:21:14Z"),
        (Arc::new(Int64Array::from(vec![1_710_325_274])), &epoch, "2024-03-13T10:21:14Z"),
        (Arc::new(UInt64Array::from(vec![1_710_325_274])), &epoch, "2024-03-13T10:21:14Z"),
        (Arc::new(Float64Array::from(vec![1_710_325_274.5])), &epoch, "2024-03-13T10:21:14.500Z"),
    ] as [(ArrayRef, &ReadOptions, &str); 15]
    {
        assert_eq!(at(array.clone(), options).unwrap(), expected, "{}", array.data_type());
    }
    for (array, expected) in [
        (
            seconds(&[Some(i64::MAX)]),
            "`9223372036854775807` is not a time; expected seconds since 1970 within the years",
        ),
        (seconds(&[Some(253_402_300_800)]), "`253402300800` is not a time"),
        (Arc::new(TimestampMicrosecondArray::from(vec![i64::MIN])) as ArrayRef, "`-9223372036854775808` is not a time"),
        (Arc::new(Date32Array::from(vec![i32::MAX])), "`2147483647` is not a time; expected days since 1970"),
        (seconds(&[None]), "the time is empty"),
        (Arc::new(Int64Array::from(vec![1_710_325_274])), "`1710325274` is not a time; expected RFC 3339"),
        (texts(&[Some("soon")]), "`soon` is not a time"),
    ] {
        let message = at(array, &plain).unwrap_err().to_string();
        assert!(message.starts_with(&format!("record 1, `time`: {expected}")), "{message}");
    }
    let late = at(Arc::new(Int64Array::from(vec![1_710_325_274])), &plain).unwrap_err().to_string();
    assert!(late.contains("say `epoch_s`"), "{late}");
}

#[test]
fn scores_and_values_are_any_numbers() {
    let decimal = Decimal128Array::from(vec![Some(1_234_500), None]).with_precision_and_scale(20, 2).unwrap();
    let values: [ArrayRef; 5] = [
        Arc::new(Float64Array::from(vec![Some(12_345.0), None])),
        Arc::new(Float32Array::from(vec![Some(12_345.0), None])),
        Arc::new(Int16Array::from(vec![Some(12_345), None])),
        texts(&[Some("12345.00"), Some("")]),
        Arc::new(decimal),
    ];
    let options = ReadOptions {
        value: Some("value".into()),
        score: Some("stars".into()),
        score_scale: ScoreScale::Stars,
        ..Default::default()
    };
    let batch = |stars: ArrayRef, value: ArrayRef| {
        let (ids, times) = (texts(&[Some("a"), Some("a")]), seconds(&[Some(1), Some(2)]));
        table(vec![("journey", ids.clone()), ("touchpoint", ids), ("time", times), ("stars", stars), ("value", value)])
    };
    for value in values {
        let log = read_all(vec![batch(Arc::new(UInt8Array::from(vec![Some(5), None])), value)], &options).unwrap();
        let journey = log.journey(0).unwrap();
        assert_eq!(journey.values().collect::<Vec<_>>(), [Some(12_345.0), None]);
        assert_eq!(journey.scores().collect::<Vec<_>>(), [Some(2.0), None]);
    }
    let none: ArrayRef = Arc::new(NullArray::new(2));
    let bad = |stars: ArrayRef, value| message(read_all(vec![batch(stars, value)], &options));
    assert_eq!(
        bad(Arc::new(Float64Array::from(vec![5.0, 6.0])), none.clone()),
        "record 2, `stars`: the score 6 is outside its scale, 1 to 5"
    );
    let nan: ArrayRef = Arc::new(Float64Array::from(vec![1.0, f64::NAN]));
    assert_eq!(bad(none.clone(), nan), "record 2, `value`: `NaN` is not a number");
    let log = read_all(vec![batch(none.clone(), none)], &options).unwrap();
    assert!(log.journey(0).unwrap().scores().all(|score| score.is_none()));
}

#[test]
fn an_error_names_record_and_column() {
    let batch = |ids: &[Option<&str>], pages: &[Option<&str>]| {
        let times = seconds(&vec![Some(1); ids.len()]);
        table(vec![("journey", texts(ids)), ("touchpoint", texts(pages)), ("time", times)])
    };
    let good = batch(&[Some("a"), Some("b")], &[Some("t"), Some("t")]);
    let bad = |ids: &[Option<&str>], pages: &[Option<&str>]| {
        message(read_all(vec![good.clone(), batch(ids, pages)], &ReadOptions::default()))
    };
    assert_eq!(bad(&[Some("a"), None], &[Some("t"), Some("t")]), "record 4, `journey`: the journey id is empty");
    assert_eq!(bad(&[Some("")], &[Some("t")]), "record 3, `journey`: the journey id is empty");
    assert_eq!(bad(&[Some("a"), None], &[None, Some("t")]), "record 3, `touchpoint`: the touchpoint is empty");

    let of = |columns| message(read_all(vec![table(columns)], &ReadOptions::default()));
    let missing = of(vec![("customer", texts(&[])), ("touchpoint", texts(&[])), ("time", seconds(&[]))]);
    assert!(missing.starts_with("`journey`: there is no column `journey`"), "{missing}");
    assert!(missing.ends_with("did you mean `customer`?"), "{missing}");
    let fraction: ArrayRef = Arc::new(Float64Array::from(vec![1.0]));
    let float = of(vec![("journey", fraction), ("touchpoint", texts(&[Some("t")])), ("time", seconds(&[Some(1)]))]);
    assert!(
        float.starts_with("`journey`: the column is of the type Float64; expected texts or whole numbers"),
        "{float}"
    );
    let item = Arc::new(Field::new("item", DataType::Int32, true));
    let list: ArrayRef = new_empty_array(&DataType::List(item));
    let nested = of(vec![("journey", texts(&[])), ("touchpoint", list), ("time", seconds(&[]))]);
    assert!(nested.starts_with("`touchpoint`: the column is of the type List"), "{nested}");
    let twice = of(vec![("journey", texts(&[])), ("journey", texts(&[]))]);
    assert!(twice.ends_with("has the column `journey` more than once"), "{twice}");
}

#[test]
fn starts_and_stages_make_events_that_take_time() {
    let stages = [Some("start"), Some("suspend"), None, Some("START")];
    let batch = table(vec![
        ("journey", texts(&[Some("a"), Some("only suspended"), Some("a"), Some("b")])),
        ("touchpoint", texts(&[Some("call"), Some("never"), Some("call"), Some("call")])),
        ("time", seconds(&[Some(1), Some(2), Some(9), Some(5)])),
        ("stage", texts(&stages)),
    ]);
    let options = ReadOptions {
        lifecycle: Some("stage".into()),
        lifecycle_skipped: vec!["suspend".into()],
        ..Default::default()
    };
    let log = read_all(vec![batch.clone()], &options).unwrap();
    assert_eq!(
        (log.journey_count(), log.len(), log.touchpoints().len()),
        (2, 2, 1),
        "what is passed over leaves no name"
    );
    let call = log.journey(0).unwrap().events().next().unwrap();
    assert_eq!((call.start.unwrap().micros(), call.time.unwrap().micros()), (1_000_000, 9_000_000));
    let strict = ReadOptions { lifecycle_skipped: Vec::new(), ..options };
    assert!(message(read_all(vec![batch], &strict)).starts_with("record 2, `stage`: `suspend` is neither"));

    let batch = table(vec![
        ("journey", texts(&[Some("a"), Some("a")])),
        ("touchpoint", texts(&[Some("x"), Some("x")])),
        ("time", seconds(&[Some(5), Some(5)])),
        ("begun", seconds(&[None, Some(6)])),
    ]);
    let options = ReadOptions { start: Some("begun".into()), ..Default::default() };
    assert_eq!(
        message(read_all(vec![batch], &options)),
        "record 2: the event is complete at 1970-01-01T00:00:05Z, before its start at 1970-01-01T00:00:06Z"
    );
}

#[test]
fn batches_without_rows_are_an_empty_log() {
    let batch = table(vec![("journey", texts(&[])), ("touchpoint", texts(&[])), ("time", seconds(&[]))]);
    assert!(read_all(vec![batch], &ReadOptions::default()).unwrap().is_empty());
}

fn full_log() -> (EventLog, ReadOptions) {
    let at = |micros| Timestamp::from_micros(micros).unwrap();
    let log = EventLog::builder()
        .attribute("plan, \"naïve\"\n")
        .event_with(Event::new("z", "päy", at(5)).started_at(at(-7)).on_channel("wéb"), [Some("pro")])
        .event(Event::new("a", "visit", at(5)).with_score(-0.1).with_value(1e300))
        .event(Event::new("z", "visit", at(5)))
        .build()
        .unwrap();
    let options = ReadOptions {
        start: Some("start".into()),
        channel: Some("channel".into()),
        score: Some("score".into()),
        value: Some("value".into()),
        attributes: vec!["plan, \"naïve\"\n".into()],
        ..Default::default()
    };
    (log, options)
}

#[test]
fn what_is_written_is_read_again() {
    let (log, options) = full_log();
    let mut file = Vec::new();
    write_arrow_ipc(&log, &mut file).unwrap();
    let again = read_arrow_ipc(&file[..], &options).unwrap();
    assert_eq!(rows(&again), rows(&log));
    assert_eq!(rows(&read_all(vec![to_arrow(&log).unwrap()], &options).unwrap()), rows(&log));
    let empty = EventLog::builder().build().unwrap();
    let mut file = Vec::new();
    write_arrow_ipc(&empty, &mut file).unwrap();
    assert!(read_arrow_ipc(&file[..], &ReadOptions::default()).unwrap().is_empty());
    let clash = EventLog::builder().attribute("time").build().unwrap();
    assert_eq!(to_arrow(&clash).unwrap_err().location().field.as_deref(), Some("time"));
}

#[test]
fn a_damaged_arrow_file_is_an_error_and_no_shorter_log() {
    let (log, options) = full_log();
    let mut file = Vec::new();
    write_arrow_ipc(&log, &mut file).unwrap();
    for end in 0..file.len() {
        assert!(read_arrow_ipc(&file[..end], &options).is_err(), "cut to {end} of {} bytes", file.len());
    }
    for place in 0..file.len() {
        for change in [0x01, 0x80, 0xff] {
            let mut bad = file.clone();
            bad[place] ^= change;
            // Whatever it is read as, nothing panics.
            drop(read_arrow_ipc(&bad[..], &options));
        }
    }
    assert!(message(read_arrow_ipc(&b"journey,touchpoint,time\n"[..], &options)).contains("begins neither as"));
    let schema = Schema::new(vec![Field::new("journey", DataType::Utf8, true)]);
    assert!(find(&ReadOptions::default(), &schema).is_err());
}

#[test]
fn a_large_batch_is_read_in_pieces_and_its_records_keep_their_numbers() {
    let rows = 200_000;
    let ids: ArrayRef = Arc::new(StringArray::from_iter_values((0..rows).map(|row| format!("j{}", row % 7))));
    let pages: DictionaryArray<Int32Type> = (0..rows).map(|row| if row % 2 == 0 { "a" } else { "b" }).collect();
    let times = |missing: Option<i64>| {
        seconds(&(0..rows).map(|row| Some(row).filter(|_| Some(row) != missing)).collect::<Vec<_>>())
    };
    let batch = |times| table(vec![("journey", ids.clone()), ("touchpoint", Arc::new(pages.clone())), ("time", times)]);
    let mut told = Vec::new();
    let read = |batch: RecordBatch, told: &mut Vec<u64>| {
        let schema = batch.schema();
        let options = ReadOptions::default();
        LogReader::new(&options)
            .on_progress(|progress| {
                told.push(progress.events);
                std::ops::ControlFlow::Continue(())
            })
            .arrow(RecordBatchIterator::new([Ok(batch)], schema))
    };
    let log = read(batch(times(None)), &mut told).unwrap();
    assert_eq!(told, [65_536, 131_072, 196_608, 200_000]);
    // 200 000 = 7 × 28 571 + 3: the first three journeys have one event more.
    let lengths: Vec<usize> = log.journeys().map(|journey| journey.len()).collect();
    assert_eq!(lengths, [28_572, 28_572, 28_572, 28_571, 28_571, 28_571, 28_571]);
    let error = read(batch(times(Some(150_000))), &mut told).unwrap_err();
    assert_eq!((error.location().record, error.location().field.as_deref()), (Some(150_001), Some("time")));
}
