//! What a file of contacts means for those who are here already.

use crate::EntityId;
use serde::Serialize;
use ts_rs::TS;

/// Why a card may be somebody who is here, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum AlikeWhy {
    /// The file was written here and names the entry.
    Id,
    /// The same name and the same number, e-mail or WeChat.
    NameAndDetail,
    /// The same name at the same organisation, and nothing that speaks against it.
    NameAndOrganisation,
    /// The same number, e-mail or WeChat under another name.
    Detail,
    /// The same name alone.
    Name,
}

impl AlikeWhy {
    /// Whether there is little doubt.
    pub fn is_sure(self) -> bool {
        matches!(
            self,
            Self::Id | Self::NameAndDetail | Self::NameAndOrganisation
        )
    }
}

/// Somebody who is here and may be meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Alike {
    /// The entry.
    pub id: EntityId,
    /// Its name.
    pub name: String,
    /// Where she works.
    pub organisation: String,
    /// Why.
    pub why: AlikeWhy,
}

/// What a card of a file means here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CardMatch {
    /// Who may be meant.
    pub alike: Option<Alike>,
    /// The place of an earlier card of the file that says the same.
    pub twin: Option<u32>,
    /// The site of the study that is named.
    pub site: Option<EntityId>,
    /// Who of the directory a contact of a study may be, where there is doubt: only a person says
    /// so. Whoever she surely is, she is without being asked about.
    pub person: Option<Alike>,
    /// The organisation of the directory that has the card's.
    pub organisation: Option<EntityId>,
}
