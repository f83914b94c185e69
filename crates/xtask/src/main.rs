//! automation.
fn main() {}
