//! Stories across crates, and the host that serves the interface to a plain browser.

pub mod browser_host;
