//! Typed ids, all UUIDs in text form.

use serde::{Deserialize, Serialize};

macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS,
        )]
        #[serde(transparent)]
        #[ts(type = "string")]
        pub struct $name(String);

        impl $name {
            /// Reads the hyphenated lower-case form of a UUID.
            pub fn parse(text: &str) -> Option<Self> {
                let id = uuid::Uuid::try_parse(text).ok()?;
                (id.hyphenated().to_string() == text).then(|| Self(text.to_owned()))
            }

            /// Takes a UUID.
            pub fn from_uuid(id: uuid::Uuid) -> Self {
                Self(id.hyphenated().to_string())
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id_type!(
    /// A study; also the name of its `main` stream and of its root entity.
    StudyId
);
id_type!(
    /// Anything with fields: a study, site, contact, milestone, section, block.
    EntityId
);
id_type!(
    /// A person who writes; made by the laptop before it knows any server.
    PersonId
);

impl StudyId {
    /// The study's own entity.
    pub fn root(&self) -> EntityId {
        EntityId(self.0.clone())
    }
}

impl StudyId {
    /// The directory that a person's own laptop keeps: the same on every copy of her vault.
    ///
    /// A directory is a stream like a study's and is addressed like one.
    pub fn of_directory(person: &PersonId) -> Self {
        let nobody = Self(uuid::Uuid::nil().hyphenated().to_string());
        Self(EntityId::of_import(&nobody, crate::kind::DIRECTORY, person.as_str()).0)
    }
}

impl EntityId {
    /// Reads the form without hyphens, 32 hex digits, as names in Word files have it.
    pub fn from_hex(hex: &str) -> Option<Self> {
        let is_hex = hex.len() == 32 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        let id = is_hex.then(|| uuid::Uuid::try_parse(hex).ok()).flatten()?;
        Some(Self::from_uuid(id))
    }

    /// The stable id of an imported part: equal on every laptop (decisions.md 16).
    ///
    /// Source: UUID version 8 (RFC 9562, 5.8) over SHA-256 of study, kind and source key.
    pub fn of_import(study: &StudyId, kind: &str, source_key: &str) -> Self {
        use sha2::{Digest, Sha256};
        let mut hasher = Sha256::new();
        for part in [study.as_str(), kind, source_key] {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part.as_bytes());
        }
        let digest = hasher.finalize();
        let mut bytes = [0_u8; 16];
        for (to, from) in bytes.iter_mut().zip(digest.iter()) {
            *to = *from;
        }
        Self::from_uuid(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }
}
