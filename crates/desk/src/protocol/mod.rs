//! The protocol as text: saving what the editor changed, what a conflict goes back to, suggestions,
//! notes of uploads.

mod base;
mod rows;
mod save;
mod suggestion;
mod upload;
