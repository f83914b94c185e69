//! The desk from outside: vault, backup, and what a person does; stories and laws, on real vaults.

mod backup;
mod story;
mod vault;
mod world;
