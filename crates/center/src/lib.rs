//! center.
