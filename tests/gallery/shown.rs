//! The pictures of the gallery, in their order.

use std::rc::Rc;

use journey_core::{
    Language, MapLane, MapReports, RenderComparisonOptions, RenderFlowOptions, RenderFunnelOptions, RenderMapOptions,
    RenderStepFlowOptions, RenderStepMatrixOptions, RenderTimesOptions, Result, Theme, render_comparison, render_flow,
    render_funnel, render_map, render_step_flow, render_step_matrix, render_times,
};
use journey_tests::drawings::{Reports, day_in_the_life, future, shop};

/// A picture of the gallery.
pub(crate) struct Shown {
    /// The beginning of the names of its files.
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    /// What is to be seen on it.
    pub(crate) about: &'static str,
    /// The lines of Python that draw it.
    pub(crate) call: &'static str,
    pub(crate) draw: Box<dyn Fn(Theme) -> Result<String>>,
}

const WIDTH: u64 = 1000;

/// All pictures of the gallery.
pub(crate) fn shown() -> Result<Vec<Shown>> {
    let reports = Rc::new(shop()?);
    let parts = [vec![map(&reports)], other_maps(&reports)?, steps(&reports), figures(&reports)];
    Ok(parts.into_iter().flatten().collect())
}

fn of(reports: &Rc<Reports>, draw: fn(&Reports, Theme) -> Result<String>) -> Box<dyn Fn(Theme) -> Result<String>> {
    let reports = Rc::clone(reports);
    Box::new(move |theme| draw(&reports, theme))
}

fn map(reports: &Rc<Reports>) -> Shown {
    Shown {
        name: "map",
        title: "A map, with what the log says of it",
        about: "Stages, touchpoints and lanes as the team drew them. The dashed line is what the team expects customers to feel, \
                    the solid one what they said, with its interval; the signs are bottlenecks, losses and dips that the log shows.",
        call: "journey.render_map(map, {\"emotion_curve\": curve, \"emotion_dips\": dips, \"bottlenecks\": stuck})",
        draw: of(reports, |reports, theme| {
            render_map(&reports.map, &reports.on_the_map, &RenderMapOptions { theme, ..Default::default() })
        }),
    }
}

fn other_maps(reports: &Rc<Reports>) -> Result<Vec<Shown>> {
    let (after, changes) = future()?;
    let day = day_in_the_life()?;
    Ok(vec![
        Shown {
            name: "emotions",
            title: "The curve and the touchpoints alone",
            about: "Any lanes can be left out.",
            call: "journey.render_map(map, reports, lanes=[\"emotions\"])",
            draw: of(reports, |reports, theme| {
                let options = RenderMapOptions { lanes: Some(vec![MapLane::Emotions]), theme, ..Default::default() };
                render_map(&reports.map, &reports.on_the_map, &options)
            }),
        },
        Shown {
            name: "diff",
            title: "What is different between two maps",
            about: "The map of the future, with what is new, gone, moved and otherwise than on the map of today; a small circle is \
                    the score that was expected before.",
            call: "journey.render_map(future, {\"diff\": journey.diff(today, future)})",
            draw: Box::new(move |theme| {
                render_map(&after, &changes, &RenderMapOptions { theme, ..Default::default() })
            }),
        },
        Shown {
            name: "day-in-the-life",
            title: "A day in the life of a customer",
            about: "Stages are parts of the day; what has no ground happens without the company.",
            call: "journey.render_map(day)",
            draw: Box::new(move |theme| {
                render_map(&day, &MapReports::default(), &RenderMapOptions { theme, ..Default::default() })
            }),
        },
    ])
}

/// Pictures of ways and steps.
fn steps(reports: &Rc<Reports>) -> Vec<Shown> {
    vec![
        Shown {
            name: "flow",
            title: "What customers do next",
            about: "The transitions that most sessions take, in the stages of the map. Dashed boxes are events that the map does not have: \
                    the checkout's bug and the errors of the payment stand out.",
            call: "journey.render_flow(journey.transitions(log), map)",
            draw: of(reports, |reports, theme| {
                let options = RenderFlowOptions { width: 1200, theme, ..Default::default() };
                render_flow(&reports.transitions, Some(&reports.map), &options)
            }),
        },
        Shown {
            name: "step-flow",
            title: "How journeys flow from step to step",
            about: "A Sankey diagram of the first steps.",
            call: "journey.render_step_flow(journey.step_flow(log))",
            draw: of(reports, |reports, theme| {
                let options = RenderStepFlowOptions { width: WIDTH, theme, ..Default::default() };
                render_step_flow(&reports.step_flow, &options)
            }),
        },
        Shown {
            name: "step-matrix",
            title: "Where journeys are at each step",
            about: "A heat map of shares.",
            call: "journey.render_step_matrix(journey.step_matrix(log, steps=12))",
            draw: of(reports, |reports, theme| {
                let options = RenderStepMatrixOptions { width: WIDTH, theme, ..Default::default() };
                render_step_matrix(&reports.step_matrix, &options)
            }),
        },
        Shown {
            name: "step-differences",
            title: "Where two groups differ at each step",
            about: "The shares on desktops less those on mobile phones. Over the whole time no difference is significant.",
            call: "journey.render_step_matrix(\n    journey.step_matrix(log, steps=12, attribute=\"platform\", value_a=\"desktop\", value_b=\"mobile\")\n)",
            draw: of(reports, |reports, theme| {
                let options = RenderStepMatrixOptions { width: WIDTH, theme, ..Default::default() };
                render_step_matrix(&reports.step_differences, &options)
            }),
        },
    ]
}

/// Pictures of figures.
fn figures(reports: &Rc<Reports>) -> Vec<Shown> {
    vec![
        Shown {
            name: "funnel",
            title: "How far customers get",
            about: "The steps of the purchase, in this order, and the platforms beside each other.",
            call: "journey.render_funnel(journey.funnel(log, steps, breakdown=\"platform\"))",
            draw: of(reports, |reports, theme| {
                let options = RenderFunnelOptions { width: WIDTH, theme, ..Default::default() };
                render_funnel(&reports.funnel, &options)
            }),
        },
        Shown {
            name: "times",
            title: "How long it takes",
            about: "The transitions that cost most time, with median, percentiles and mean.",
            call: "journey.render_times(journey.bottlenecks(log), journey.summary(log))",
            draw: of(reports, |reports, theme| {
                let options = RenderTimesOptions { width: WIDTH, theme, ..Default::default() };
                render_times(&reports.bottlenecks, Some(&reports.summary), &options)
            }),
        },
        Shown {
            name: "comparison",
            title: "In what two groups differ",
            about: "Sessions on mobile phones against those on desktops, in the weeks of the checkout's bug.",
            call: "during = log.select(since=\"2024-04-09\", until=\"2024-05-10\")\n\
                   journey.render_comparison(\n    journey.compare_groups(during, \"platform\", \"desktop\", \"mobile\", conversion=[\"purchase\"], steps=steps)\n)",
            draw: of(reports, |reports, theme| {
                let options = RenderComparisonOptions { width: WIDTH, theme, ..Default::default() };
                render_comparison(&reports.comparison, &options)
            }),
        },
        Shown {
            name: "funnel-on-a-phone",
            title: "A funnel on a phone, in Italian",
            about: "Pictures are drawn for the width they have: names stand above the bars, nothing shrinks. Every word but those of the data \
                    is in the language asked for.",
            call: "journey.render_funnel(funnel, width=400, lang=\"it\")",
            draw: of(reports, |reports, theme| {
                let options = RenderFunnelOptions { width: 400, lang: Language::It, theme, ..Default::default() };
                render_funnel(&reports.funnel, &options)
            }),
        },
    ]
}
