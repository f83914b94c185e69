//! Credentials that end soon or have ended, of people who are needed somewhere.

use super::list::{open_roles, standings, uses_on};
use crate::desk::Desk;
use crate::error::DeskError;
use model::kind;
use model::milestone::today::CredentialEnd;
use model::people::credential::State;
use model::reference::Bilingual;

impl Desk {
    /// Credentials that expire or have expired, of people whom a study in use names, by last day.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn credentials_ending(&self) -> Result<Vec<CredentialEnd>, DeskError> {
        let (book, today) = (self.book()?, self.day());
        let mut found = Vec::new();
        for card in book.of_kind(kind::INDIVIDUAL).filter(|card| !card.archived) {
            let uses = uses_on(&book, &card.id, today);
            // Who is needed nowhere wants no attention today.
            let Some(place) = uses.iter().find(|place| place.open) else {
                continue;
            };
            let name = Bilingual {
                zh: book.text(&card.id, "name.zh").to_owned(),
                en: book.text(&card.id, "name.en").to_owned(),
            };
            for standing in standings(&book, &card.id, &open_roles(&uses), today) {
                if !matches!(standing.state, State::Expiring | State::Expired) {
                    continue;
                }
                found.push(CredentialEnd {
                    person: card.id.clone(),
                    name: name.clone(),
                    kind: standing.kind,
                    until: standing.until,
                    study: place.study.clone(),
                    entity: place.entity.clone(),
                    site_name: place.site_name.clone(),
                });
            }
        }
        found.sort_by(|a, b| (&a.until, &a.person).cmp(&(&b.until, &b.person)));
        Ok(found)
    }
}
