//! Days of studies as a calendar file.

use desk::{Desk, DeskError};
use model::{Lang, StudyId, agenda, label};

/// The calendar of a study, or of all that are in use.
///
/// # Errors
/// [`DeskError::NotFound`], [`DeskError::Storage`].
pub fn ics(desk: &Desk, study: Option<&StudyId>, lang: Lang) -> Result<String, DeskError> {
    let ids: Vec<StudyId> = match study {
        Some(study) => vec![study.clone()],
        None => desk
            .studies()?
            .into_iter()
            .filter(|row| !row.archived && row.joined.is_none())
            .map(|row| row.id)
            .collect(),
    };
    let mut entries = Vec::new();
    for id in &ids {
        match desk.study(id)? {
            Some(doc) => entries.extend(agenda::of_study(&doc, &desk.plan(id)?, lang)),
            None => {
                return Err(DeskError::NotFound {
                    what: "study",
                    id: id.as_str().to_owned(),
                });
            }
        }
    }
    let name = label!("agenda.calendar").text(lang);
    Ok(exchange::ics::write(name, &entries))
}
