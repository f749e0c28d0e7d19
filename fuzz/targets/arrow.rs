#![no_main]

libfuzzer_sys::fuzz_target!(init: journey_fuzz::let_decoders_panic(), |bytes: &[u8]| journey_tests::strangers::arrow(bytes));
