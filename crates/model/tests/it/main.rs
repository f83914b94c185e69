//! The model against what others published.

mod working_days;
