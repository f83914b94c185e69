//! `pidesk`.
fn main() {}
