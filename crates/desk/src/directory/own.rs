//! The person who works here, as one of the directory: added when a person first needs it there.

use crate::desk::{Changed, Desk};
use crate::directory::begin;
use crate::directory::book::Book;
use crate::directory::partner::find_hospital;
use crate::edit::save;
use crate::error::DeskError;
use crate::store::write::Change;
use crate::{ord, time};
use model::card::name_key;
use model::reference::Bilingual;
use model::{EntityId, kind};
use serde_json::{Value, json};

impl Desk {
    /// The name of whoever works here while nobody of the directory has it; `None` from then on.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn own_name_missing(&self) -> Result<Option<Bilingual>, DeskError> {
        let name = self.own_name();
        let is_named = !name.zh.is_empty() || !name.en.is_empty();
        let is_missing = is_named && named(&*self.book()?, &name).is_none();
        Ok(is_missing.then_some(name))
    }

    /// Whoever works here as one of the directory; she is added, with her hospital, where nobody
    /// has her name.
    ///
    /// # Errors
    /// [`DeskError::Invalid`] when this laptop knows no name, [`DeskError::Storage`].
    pub fn own_person(&mut self) -> Result<(EntityId, Changed), DeskError> {
        let name = self.own_name();
        if let Some(known) = named(&*self.book()?, &name) {
            return Ok((known, Changed::default()));
        }
        if name.zh.is_empty() && name.en.is_empty() {
            return Err(DeskError::missing(kind::INDIVIDUAL, "name.zh"));
        }
        let mut changed = Changed::default();
        let hospital = self.profile.hospital.clone();
        let organisation = match find_hospital(&hospital) {
            Ok(_) => {
                let (organisation, added) = self.partner(&hospital)?;
                changed.add(added);
                Some(organisation)
            }
            Err(_) => None,
        };
        let directory = self.directory();
        let id = EntityId::from_uuid(time::new_id(&self.env));
        let text = |text: &str| Some(Value::from(text)).filter(|_| !text.is_empty());
        let link = organisation.map(|id| json!({"$ref": id}));
        let fields = [
            ("parent", Some(json!({"$ref": directory.as_str()}))),
            ("ord", Some(ord::nth(0).into())),
            ("name.zh", text(&name.zh)),
            ("name.en", text(&name.en)),
            ("organisation", link),
        ];
        let change =
            |field: &str, value| Change::first(id.as_str(), kind::INDIVIDUAL, field, value);
        let changes = fields
            .into_iter()
            .filter_map(|(field, value)| Some(change(field, value?)))
            .collect();
        let saved = self.transact(|conn, author| {
            begin(conn, author, &directory)?;
            save(conn, author, &directory, changes, None)
        })?;
        self.remember(&directory, &saved)?;
        changed.add(Changed::study(directory.as_str()));
        Ok((id, changed))
    }

    fn own_name(&self) -> Bilingual {
        Bilingual {
            zh: self.profile.name_zh.trim().to_owned(),
            en: self.profile.name_en.trim().to_owned(),
        }
    }
}

/// Somebody of the directory with one of these names.
fn named(book: &Book, name: &Bilingual) -> Option<EntityId> {
    let wanted: Vec<String> = [&name.zh, &name.en]
        .into_iter()
        .map(|name| name_key(name))
        .filter(|key| !key.is_empty())
        .collect();
    let mut people = book.of_kind(kind::INDIVIDUAL).filter(|card| !card.archived);
    let found = people.find(|card| {
        let names = ["name.zh", "name.en"];
        names
            .iter()
            .any(|field| wanted.contains(&name_key(card.text(field))))
    })?;
    Some(book.kept(&found.id))
}
