//! `pidesk-center`.
fn main() {}
