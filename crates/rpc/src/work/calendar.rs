//! Days of studies as a calendar file.

use desk::{Desk, DeskError};
use model::{Lang, StudyId, label};

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
        entries.extend(desk.agenda(id, lang)?);
    }
    let of_one = study.and_then(|_| entries.first().map(|one| one.category.as_str()));
    let of_one = of_one.filter(|name| !name.is_empty());
    let study = of_one.unwrap_or(label!("agenda.allStudies").text(lang));
    let name = label!("agenda.calendar").fill(lang, &[("study", &study)]);
    Ok(exchange::ics::write(&name, &entries))
}
