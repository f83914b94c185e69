//! What a caller gets about checks of a protocol and the sheets of registries.

pub use model::completeness::CheckSheet;
pub use model::registry::RegistrySheet;
