//! What a role at a site asks for (`data/roles.tsv`).

use serde::Serialize;
use std::sync::LazyLock;
use ts_rs::TS;

/// A role that stands in a delegation log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "RoleRule")]
pub struct Role {
    /// Code of the list `contactRole`.
    pub code: &'static str,
    /// Whether it authorises others.
    pub leads: bool,
    /// Whether it stands in the delegation log.
    pub logged: bool,
    /// Kinds of credential that must be valid on the first day.
    pub credentials: Vec<&'static str>,
    /// `verified`, `secondary` or `unverified`.
    pub verification: &'static str,
    /// Where that is taken from.
    pub source: &'static str,
}

/// Every role that something is known of, in the order of display.
pub static ROLES: LazyLock<Vec<Role>> = LazyLock::new(|| {
    crate::tsv::rows(include_str!("../../data/roles.tsv"))
        .map(|row| match row.as_slice() {
            [code, leads, logged, credentials, verification, source] => Role {
                code,
                leads: *leads == "y",
                logged: *logged == "y",
                credentials: credentials.split('|').filter(|kind| *kind != "-").collect(),
                verification,
                source,
            },
            _ => panic!("roles.tsv: six cells wanted: {row:?}"),
        })
        .collect()
});

/// A role by code; `None` for one that asks for nothing (a monitor, a secretary).
pub fn find(code: &str) -> Option<&'static Role> {
    ROLES.iter().find(|role| role.code == code)
}

/// Whether a role authorises others.
pub fn leads(code: &str) -> bool {
    find(code).is_some_and(|role| role.leads)
}

/// The kinds of credential that some roles ask for, in the order of display, each once.
pub fn credentials<'a>(roles: impl IntoIterator<Item = &'a str>) -> Vec<&'static str> {
    let mut wanted = Vec::new();
    for role in roles {
        let kinds = find(role).map_or(&[][..], |role| &role.credentials);
        for kind in kinds {
            if !wanted.contains(kind) {
                wanted.push(*kind);
            }
        }
    }
    wanted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code;

    #[test]
    fn roles_and_credentials_are_codes() {
        for role in ROLES.iter() {
            assert!(code::find("contactRole", role.code).is_some(), "{role:?}");
            let is_mark = ["verified", "secondary", "unverified"].contains(&role.verification);
            assert!(is_mark && !role.source.is_empty(), "{role:?}");
            for kind in &role.credentials {
                assert!(code::find("credentialKind", kind).is_some(), "{kind}");
            }
        }
        assert!(leads("SITE_PI") && !leads("CRC") && !leads("CRA"));
        assert_eq!(credentials(["CRC", "SITE_PI", "CRA"]), ["GCP", "LICENCE"]);
    }
}
