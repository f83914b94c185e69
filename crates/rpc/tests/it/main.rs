//! The door to the host, called as the interface calls it: by name and with JSON.

mod broken;
mod contact;
mod directory;
mod host;
mod lease;
mod plan;
mod redline;
mod reminder;
mod study;
mod submission;
mod word;
