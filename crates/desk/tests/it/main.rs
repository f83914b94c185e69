//! Stories and laws of the desk, on a real vault.

mod backup;
mod story;
mod vault;
mod world;
