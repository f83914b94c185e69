//! The desk from outside: vault, backup, and what a person does.

mod backup;
mod vault;
