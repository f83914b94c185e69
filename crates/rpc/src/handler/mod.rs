//! One short function per command: check, one desk function, map.

mod app;
mod backup;
mod contact;
mod directory;
mod edit;
mod export;
mod file;
mod import;
mod people;
mod plan;
mod protocol;
mod registry;
mod study;
mod submission;
mod sync;
mod vault;
mod version;
mod word;

pub(crate) use app::*;
pub(crate) use backup::*;
pub(crate) use contact::*;
pub(crate) use directory::*;
pub(crate) use edit::*;
pub(crate) use export::*;
pub(crate) use file::*;
pub(crate) use import::*;
pub(crate) use people::*;
pub(crate) use plan::*;
pub(crate) use protocol::*;
pub(crate) use registry::*;
pub(crate) use study::*;
pub(crate) use submission::*;
pub(crate) use sync::*;
pub(crate) use vault::*;
pub(crate) use version::*;
pub(crate) use word::*;
