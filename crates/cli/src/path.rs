//! Paths of values: `title.en` of the study, `KIND/ID/FIELD` of a part.

use crate::output::CommandError;
use model::{Entity, EntityId, StudyDoc};
use rpc::Failure;
use rpc::failure::FailureKind;

/// The register that a path names.
#[derive(Debug)]
pub(crate) struct Place {
    /// The entity.
    pub(crate) entity: EntityId,
    /// Its kind.
    pub(crate) kind: String,
    /// The register; empty when the path names a whole part.
    pub(crate) field: String,
}

/// The path of a register.
pub(crate) fn of(doc: &StudyDoc, entity: &Entity, field: &str) -> String {
    if entity.id == doc.id.root() {
        field.to_owned()
    } else {
        format!("{}/{}/{field}", entity.kind, entity.id)
    }
}

/// Finds what a path names; the id may be shortened while it is unambiguous.
pub(crate) fn find(doc: &StudyDoc, path: &str) -> Result<Place, CommandError> {
    let unknown = || Failure::new(FailureKind::NotFound, "cli.noPath").with("path", path);
    let mut parts = path.splitn(3, '/');
    let (kind, id, field) = match (parts.next(), parts.next(), parts.next()) {
        (Some(field), None, _) => {
            let field = field.to_owned();
            return Ok(Place {
                entity: doc.id.root(),
                kind: "study".into(),
                field,
            });
        }
        (Some(kind), Some(id), field) => (kind, id, field.unwrap_or_default()),
        _ => return Err(unknown().into()),
    };
    let mut fitting = doc
        .entities
        .iter()
        .filter(|entity| entity.kind == kind && entity.id.as_str().starts_with(id));
    match (fitting.next(), fitting.next()) {
        (Some(entity), None) if !id.is_empty() => Ok(Place {
            entity: entity.id.clone(),
            kind: kind.to_owned(),
            field: field.to_owned(),
        }),
        _ => Err(unknown().into()),
    }
}
