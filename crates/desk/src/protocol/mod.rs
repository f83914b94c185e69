//! The protocol as text: saving what the editor changed, freezing versions, suggestions.

mod rows;
mod save;
