//! What only a window can do.

use crate::request::PickPurpose;
use crate::{Event, Failure};
use model::Lang;

/// The face of the machine: dialogs, opening files, events. Small on purpose.
pub trait Host: Send + Sync + 'static {
    /// Asks for files or a name to save under; empty when the person changed her mind.
    fn pick(
        &self,
        purpose: PickPurpose,
        name: &str,
        lang: Lang,
    ) -> impl Future<Output = Vec<String>> + Send;

    /// Shows a file in the system's file manager.
    ///
    /// # Errors
    /// When the system has no way to do it.
    fn reveal(&self, path: &str) -> Result<(), Failure>;

    /// Opens a file with the program that the system has for it.
    ///
    /// # Errors
    /// When the system has no way to do it.
    fn open(&self, path: &str) -> Result<(), Failure>;

    /// Sends a file to the printer.
    ///
    /// # Errors
    /// When there is no printer or no way to reach it.
    fn print(&self, path: &str) -> Result<(), Failure>;

    /// Shows a notification of the system.
    ///
    /// # Errors
    /// When the system shows none.
    fn notify(&self, title: &str, text: &str) -> Result<(), Failure>;

    /// Tells the interface.
    fn emit(&self, event: Event);

    /// Sets the window's title and menu language.
    fn set_lang(&self, lang: Lang);
}
