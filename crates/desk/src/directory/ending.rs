//! Credentials that end soon or have ended, of people who are needed somewhere.

use super::list::{open_roles, standings, uses_on};
use crate::desk::Desk;
use crate::error::DeskError;
use chrono::NaiveDate;
use model::kind;
use model::milestone::today::CredentialEnd;
use model::people::credential::State;

/// The day that it was looked on, and the last commit that was here.
pub(crate) type Looked = (NaiveDate, i64);

impl Desk {
    /// Credentials to be looked through for reminders, unless neither the day nor anything stored
    /// is another than when [`Desk::looked`] was told so: the whole directory is read for them.
    pub(crate) fn ending_anew(&self) -> Result<(Looked, Vec<CredentialEnd>), DeskError> {
        let sql = "SELECT coalesce(max(id), 0) FROM commits";
        let last = self.opened.conn.query_row(sql, [], |row| row.get(0))?;
        let now = (self.day(), last);
        let is_known = self.book.borrow().1 == Some(now);
        let ending = if is_known {
            Vec::new()
        } else {
            self.credentials_ending()?
        };
        Ok((now, ending))
    }

    /// Notes that credentials were looked through; `None` has them looked through again.
    pub(crate) fn looked(&self, at: Option<Looked>) {
        self.book.borrow_mut().1 = at;
    }

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
            let name = book.pair(&card.id, "name");
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
