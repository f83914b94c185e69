//! What a caller sends about organisations, people and delegation logs.

use super::SiteRef;
use model::{EntityId, StudyId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

request! {
    /// Which people are asked for; organisations are always given whole.
    DirectoryList {
        /// Words that all stand in a person's line; empty for everybody.
        query: String,
        /// Whether those put aside are shown too.
        archived: bool,
        /// How many people are left out at the beginning.
        skip: u32,
        /// Most people that are given.
        limit: u32,
    }
    /// An entry of the directory; a joined record gives the one that is kept.
    EntryRef {
        /// The person or organisation.
        id: EntityId,
    }
    /// A partner hospital.
    PartnerRef {
        /// Its code.
        code: String,
    }
    /// Two records that are one.
    EntryJoin {
        /// The one that stays.
        keep: EntityId,
        /// The one that is read through it from now on.
        other: EntityId,
    }
    /// A delegation log.
    DelegationRef {
        /// The study.
        study: StudyId,
        /// The site; `None` for all of the study.
        site: Option<EntityId>,
    }
    /// An entry of a delegation log that is not written yet.
    DutyCheck {
        /// The study.
        study: StudyId,
        /// The site; `None` for the study as a whole.
        site: Option<EntityId>,
        /// Who; `None` for somebody who is not in the directory yet.
        person: Option<EntityId>,
        /// Code of `contactRole`.
        role: String,
        /// Codes of `task`.
        tasks: Vec<String>,
        /// First day. Time: `YYYY-MM-DD`.
        from: String,
        /// Who authorises it.
        by: Option<EntityId>,
        /// When. Time: `YYYY-MM-DD`.
        on: String,
    }
    /// Sites belong to a hospital of the directory.
    SpellingJoin {
        /// The hospital.
        organisation: EntityId,
        /// The sites: one commit and one step back for each study.
        sites: Vec<SiteRef>,
    }
}
