//! The questions: each converts its arguments, calls the function of the same name in the core, and converts its report.

/// The options of a question, for its docstring, with what every question takes.
macro_rules! question_options {
    ($options:ident) => {
        concat!(
            options_of!($options),
            r"
progress : Callable[[int, int | None], object] | bool | None, default None
    A function that is called with the steps that are done, and all steps of the pass, `None` as long as that is unknown; or
    whether there is a bar after a second, which there is where somebody looks."
        )
    };
}

pub(crate) mod emotions;
pub(crate) mod logs;
pub(crate) mod maps;
