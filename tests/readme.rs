//! Runs the Rust lines of the README, in the folder of the workspace.
#![expect(clippy::print_stdout, reason = "the README prints what it found")]

include!(concat!(env!("OUT_DIR"), "/readme.rs"));

#[test]
fn the_lines_of_the_readme_run() {
    std::env::set_current_dir(journey_tests::folder().join("..")).unwrap();
    main().unwrap();
}
