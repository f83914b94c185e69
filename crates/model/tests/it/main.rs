//! The model against what others published.

mod spelling;
mod working_days;
