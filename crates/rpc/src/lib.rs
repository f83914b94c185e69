//! The one door to the host: the command list, its requests and answers, failures and events.
//!
//! A command is declared once, in [`command`], and yields the router and the TypeScript types
//! (`cargo run -p rpc --bin gen-contract`). Handlers are short: check, one desk function, map.
//! This crate knows neither Tauri nor axum; what only a window can do is behind [`Host`].

pub mod app;
pub mod command;
pub mod contract;
pub mod event;
pub mod failure;
mod handler;
pub mod host;
pub mod places;
pub mod request;
pub mod response;
mod router;
pub mod work;

pub use event::Event;
pub use failure::Failure;
pub use host::Host;
