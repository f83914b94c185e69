//! The desk from outside: vault, backup, and what a person does; stories and laws, on real vaults.

mod backup;
mod referee;
mod story;
mod sync;
mod vault;
mod world;
