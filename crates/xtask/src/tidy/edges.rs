//! Who may know whom.

use super::Finding;
use crate::Failure;
use serde_json::Value;

/// A crate of the workspace with what it depends on.
pub(crate) struct Crate {
    pub(super) name: String,
    pub(super) dependencies: Vec<Dependency>,
}

/// One line of a `[dependencies]` table.
pub(crate) struct Dependency {
    pub(super) name: String,
    /// Only for tests, examples and benches.
    pub(super) is_dev: bool,
}

/// What a crate may use of the workspace. Source: docs/architecture.md, "Who may know whom".
const EDGES: [(&str, &[&str]); 15] = [
    ("model", &[]),
    ("ledger", &["model"]),
    ("desk", &["model", "ledger", "redline"]),
    ("sync", &["ledger"]),
    ("center", &["ledger", "sync", "model"]),
    ("redline", &["model"]),
    ("package", &[]),
    ("report", &["model", "redline", "package"]),
    ("exchange", &["model", "redline"]),
    (
        "rpc",
        &[
            "model", "ledger", "desk", "redline", "report", "package", "exchange", "sync",
        ],
    ),
    ("cli", &["rpc", "model", "desk", "redline"]),
    ("pi-desk", &["rpc", "model", "desk"]),
    ("xtask", &[]),
    // These two are used by tests only, so they may build anything that tests need.
    (
        "testkit",
        &[
            "model", "ledger", "desk", "sync", "center", "rpc", "exchange", "report", "redline",
            "package",
        ],
    ),
    (
        "stories",
        &[
            "model", "ledger", "desk", "sync", "center", "rpc", "exchange", "report", "testkit",
            "redline", "package",
        ],
    ),
];

/// Libraries with one place: the start of their name, and the crates that may use them.
const PLACES: [(&str, &[&str]); 13] = [
    ("tauri", &["pi-desk"]),
    ("rfd", &["pi-desk"]),
    ("keyring", &["pi-desk"]),
    ("rusqlite", &["desk", "center"]),
    ("axum", &["center", "stories"]),
    ("sqlx", &["center"]),
    ("tokio-postgres", &["center"]),
    ("object_store", &["center"]),
    ("typst", &["report"]),
    ("printpdf", &["report"]),
    ("lopdf", &["report", "package"]),
    ("hayro", &["package"]),
    ("hyper", &["sync", "center", "stories"]),
];

/// Libraries that only tests may use.
const ONLY_TESTS: [&str; 5] = ["automerge", "proptest", "insta", "turmoil", "fantoccini"];

/// Reads what `cargo metadata --no-deps` prints.
pub(crate) fn crates(metadata: &str) -> Result<Vec<Crate>, Failure> {
    let unexpected = || Failure::Answer {
        program: "cargo metadata",
    };
    let metadata: Value = serde_json::from_str(metadata).map_err(|_| unexpected())?;
    let packages = metadata["packages"].as_array().ok_or_else(unexpected)?;
    Ok(packages
        .iter()
        .map(|package| Crate {
            name: package["name"].as_str().unwrap_or_default().to_owned(),
            dependencies: package["dependencies"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|dependency| Dependency {
                    name: dependency["name"].as_str().unwrap_or_default().to_owned(),
                    is_dev: dependency["kind"] == "dev",
                })
                .collect(),
        })
        .collect())
}

/// Checks every edge.
pub(super) fn check(crates: &[Crate]) -> Vec<Finding> {
    let members: Vec<&str> = crates.iter().map(|member| member.name.as_str()).collect();
    crates
        .iter()
        .flat_map(|member| check_one(member, &members))
        .collect()
}

fn check_one(member: &Crate, members: &[&str]) -> Vec<Finding> {
    let name = member.name.as_str();
    let place = format!("crate {name}");
    let mut findings = Vec::new();
    let Some((_, allowed)) = EDGES.iter().find(|(known, _)| *known == name) else {
        let what = "is not in the table of edges (xtask/src/tidy/edges.rs, docs/architecture.md)";
        return vec![Finding::new(&place, 0, what)];
    };
    for Dependency { name: used, is_dev } in &member.dependencies {
        if members.contains(&used.as_str()) && !is_dev && !allowed.contains(&used.as_str()) {
            findings.push(Finding::new(&place, 0, format!("may not use {used}")));
        }
        let starts = |start: &str| used == start || used.starts_with(&format!("{start}-"));
        if let Some((_, at)) = PLACES.iter().find(|(start, _)| starts(start))
            && !at.contains(&name)
        {
            let what = format!("may not use {used}: it has its place in {}", at.join(", "));
            findings.push(Finding::new(&place, 0, what));
        }
        if ONLY_TESTS.contains(&used.as_str()) && !is_dev && name != "testkit" {
            findings.push(Finding::new(
                &place,
                0,
                format!("may use {used} in tests only"),
            ));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_edge(from: &str, to: &str, is_dev: bool) -> usize {
        let dependencies = vec![Dependency {
            name: to.to_owned(),
            is_dev,
        }];
        let mut crates = vec![Crate {
            name: from.to_owned(),
            dependencies,
        }];
        for (name, _) in EDGES {
            crates.push(Crate {
                name: name.to_owned(),
                dependencies: Vec::new(),
            });
        }
        check(&crates).len()
    }

    #[test]
    fn the_table_of_edges_holds() {
        assert_eq!(check_edge("desk", "ledger", false), 0);
        assert_eq!(check_edge("desk", "rpc", false), 1);
        assert_eq!(check_edge("model", "ledger", false), 1);
        assert_eq!(check_edge("center", "desk", false), 1);
        assert_eq!(check_edge("stories", "center", true), 0);
        assert_eq!(check_edge("desk", "center", true), 0);
    }

    #[test]
    fn libraries_keep_their_place() {
        assert_eq!(check_edge("pi-desk", "tauri-plugin-log", false), 0);
        assert_eq!(check_edge("rpc", "tauri", false), 1);
        assert_eq!(check_edge("rpc", "rfd", false), 1);
        assert_eq!(check_edge("sync", "rusqlite", false), 1);
        assert_eq!(check_edge("desk", "lopdf", true), 1);
        assert_eq!(check_edge("ledger", "automerge", true), 0);
        assert_eq!(check_edge("ledger", "automerge", false), 1);
        assert_eq!(check_edge("cli", "testkit", false), 1);
    }

    #[test]
    fn a_new_crate_must_be_in_the_table() {
        let crates = [Crate {
            name: "novelty".to_owned(),
            dependencies: Vec::new(),
        }];
        assert_eq!(check(&crates).len(), 1);
    }

    #[test]
    fn the_kinds_of_dependency_are_told_apart() {
        let text = r#"{"packages":[{"name":"a","dependencies":[
            {"name":"b","kind":null},{"name":"c","kind":"dev"},{"name":"d","kind":"build"}]}]}"#;
        let crates = crates(text).unwrap();
        let dev: Vec<bool> = crates[0].dependencies.iter().map(|d| d.is_dev).collect();
        assert_eq!(dev, [false, true, false]);
    }
}
