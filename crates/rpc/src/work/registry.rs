//! Checks of a protocol and sheets of registries, for handlers and the command line.

use crate::failure::{Failure, FailureKind};
use model::StudyDoc;
use model::completeness::{self, CheckSheet};
use model::reference::Bilingual;
use model::registry::{self, RegistrySheet};
use std::collections::BTreeMap;

/// A protocol held against a template or a standard.
///
/// # Errors
/// `failure.noTemplate`.
pub fn check(doc: &StudyDoc, template: &str) -> Result<CheckSheet, Failure> {
    completeness::check(doc, template).ok_or_else(|| {
        Failure::new(FailureKind::NotFound, "failure.noTemplate")
            .with("template", template)
            .with("known", completeness::keys().join(", "))
    })
}

/// The sheet of a registry, compared with the last upload.
///
/// # Errors
/// `failure.noRegistry`.
pub fn sheet(doc: &StudyDoc, name: &str) -> Result<RegistrySheet, Failure> {
    registry::sheet(doc, name, registry::last_upload(doc, name)).ok_or_else(|| {
        Failure::new(FailureKind::NotFound, "failure.noRegistry")
            .with("registry", name)
            .with("known", registry::keys().join(", "))
    })
}

/// What an upload to a registry would say now.
///
/// # Errors
/// `failure.noRegistry`.
pub fn values(doc: &StudyDoc, name: &str) -> Result<BTreeMap<String, Bilingual>, Failure> {
    Ok(registry::values(&sheet(doc, name)?))
}
