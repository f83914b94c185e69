//! The desk from outside: vault, backup, and what a person does; stories and laws, on real vaults.

mod backup;
mod directory;
mod durable;
mod fixture;
mod forget;
mod import;
mod later;
mod laws;
mod plan;
mod protocol;
mod records;
mod referee;
mod search;
mod story;
mod suggestion;
mod sync;
mod traces;
mod upload;
mod vault;
mod verify;
mod version;
mod word;
mod word_again;
mod word_files;
mod world;
