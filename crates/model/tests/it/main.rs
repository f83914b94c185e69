//! The model against what others published.

mod spelling;
mod words;
mod working_days;
