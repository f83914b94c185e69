//! Times and sizes of the exchange with PostgreSQL behind it, each beside a bare program that does
//! the least: `cargo xtask soak figures`. What came of them is in docs/figures.md.

mod bare;
pub(crate) mod courier;
mod crowd;
mod flat;
mod place;
mod push;
