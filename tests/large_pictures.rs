//! A log of 4,000 touchpoints and 20,000 variants has small pictures that say what they leave out.

use journey_core::{Language, Theme, VariantsOptions, variants};
use journey_tests::drawings::{Look, crowd};

#[test]
fn a_log_of_thousands_of_touchpoints_has_small_pictures_that_say_what_they_leave_out() {
    let (reports, log) = crowd(4000, 20_000).unwrap();
    let paths = variants(&log, &VariantsOptions::default()).unwrap().variants;
    assert_eq!((reports.summary.touchpoints.len(), paths), (4000, 20_000));
    for width in [400, 1400] {
        for (name, svg) in reports.pictures(Look { width, theme: Theme::Auto, lang: Language::En }).unwrap() {
            assert!(svg.len() < 2_000_000, "{name} of {width} pixels has {} bytes", svg.len());
            let says = [" more ", "others"].iter().any(|word| svg.contains(word));
            assert!(says || name == "funnel", "{name} of {width} pixels does not say what it leaves out");
        }
    }
}
