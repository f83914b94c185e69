//! `cargo xtask faults`: the list of faults that PI Desk must survive, and whether each has a test.
//!
//! `tests/faults.tsv` names them, F01 to F80: what must hold, the tests that prove it, or why there
//! is none. A test bears the ids of its faults in its name, so the list and the sources are held
//! against each other both ways.

use crate::{Failure, shell, tree};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const LIST: &str = "tests/faults.tsv";
/// How many faults there are.
const N_FAULTS: usize = 80;

/// Checks the list against the sources and says how many faults have a test.
pub(crate) fn step(root: &Path) -> Result<(), Failure> {
    shell::say("faults");
    let list = tree::read(&root.join(LIST))?;
    let mut tests = BTreeSet::new();
    for path in tree::files(root)? {
        if path.ends_with(".rs") {
            tests.extend(tests_in(&tree::read(&root.join(path))?));
        }
    }
    let (n_covered, wrong) = check(&list, &tests);
    for line in &wrong {
        println!("{LIST}: {line}");
    }
    println!("faults covered: {n_covered} of {N_FAULTS}");
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(Failure::Faults(wrong.len()))
    }
}

/// The names of the test functions of a source file.
fn tests_in(source: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut is_test = false;
    for line in source.lines().map(str::trim_start) {
        if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
            is_test = true;
        } else if !line.starts_with("#[") && !line.starts_with("//") {
            let name = line
                .trim_start_matches("async ")
                .strip_prefix("fn ")
                .and_then(|rest| rest.split('(').next());
            if let (true, Some(name)) = (is_test, name) {
                names.push(name.to_owned());
            }
            is_test = false;
        }
    }
    names
}

/// The ids that a test's name begins with: `f34_f35_what_holds` has two.
fn ids_of(test: &str) -> Vec<String> {
    let is_id = |part: &&str| {
        part.len() == 3
            && part.starts_with('f')
            && part[1..].bytes().all(|byte| byte.is_ascii_digit())
    };
    test.split('_')
        .take_while(is_id)
        .map(str::to_uppercase)
        .collect()
}

/// How many faults have a test, and what is wrong with the list.
fn check(list: &str, tests: &BTreeSet<String>) -> (usize, Vec<String>) {
    let mut wrong = Vec::new();
    let mut lines: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for line in list.lines().skip(1) {
        let mut cells = line.split('\t');
        let mut cell = || cells.next().unwrap_or_default();
        let (id, must, named, reason) = (cell(), cell(), cell(), cell());
        let named: BTreeSet<&str> = named.split_whitespace().collect();
        if must.is_empty() {
            wrong.push(format!("{id} does not say what must hold"));
        }
        if named.is_empty() && reason.is_empty() {
            wrong.push(format!("{id} has neither a test nor a reason"));
        }
        for test in &named {
            if !ids_of(test).iter().any(|of| of == id) {
                wrong.push(format!("{test} does not bear {id} in its name"));
            } else if !tests.contains(*test) {
                wrong.push(format!("{id}: the test {test} is gone"));
            }
        }
        if lines.insert(id, named).is_some() {
            wrong.push(format!("{id} is there twice"));
        }
    }
    let ids: Vec<String> = (1..=N_FAULTS).map(|n| format!("F{n:02}")).collect();
    for id in &ids {
        if !lines.contains_key(id.as_str()) {
            wrong.push(format!("{id} has no line"));
        }
    }
    for id in lines.keys().filter(|id| !ids.iter().any(|it| it == *id)) {
        wrong.push(format!("{id} is no fault of this list"));
    }
    for test in tests {
        for id in ids_of(test) {
            let is_named = |named: &BTreeSet<&str>| named.contains(test.as_str());
            if !lines.get(id.as_str()).is_some_and(is_named) {
                wrong.push(format!("{id} does not name its test {test}"));
            }
        }
    }
    let n_covered = lines.values().filter(|named| !named.is_empty()).count();
    (n_covered, wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(of_first: &str) -> String {
        let rest = (2..=N_FAULTS).map(|n| format!("F{n:02}\tholds\t\tno reason to test\n"));
        let rest: String = rest.collect();
        format!("id\tmust\ttests\treason\n{of_first}\n{rest}")
    }

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn tests_are_told_from_other_functions() {
        let source = "#[test]\n#[ignore = \"long\"]\nfn f01_one() {}\nfn f02_none() {}\n\
            #[tokio::test(flavor = \"multi_thread\")]\nasync fn f03_three() {}\n";
        assert_eq!(tests_in(source), ["f01_one", "f03_three"]);
        assert_eq!(ids_of("f34_f35_once_only"), ["F34", "F35"]);
        assert!(ids_of("four_writers").is_empty() && ids_of("f1_x").is_empty());
    }

    #[test]
    fn a_fault_without_test_or_reason_and_a_lost_test_are_told() {
        let tests = names(&["f01_holds", "other"]);
        let (n, wrong) = check(&list("F01\tholds\tf01_holds\t"), &tests);
        assert_eq!((n, wrong.as_slice()), (1, [].as_slice()));
        for (first, said) in [
            (
                "F01\tholds\tf01_gone f01_holds\t",
                "F01: the test f01_gone is gone",
            ),
            (
                "F01\tholds\tother f01_holds\t",
                "other does not bear F01 in its name",
            ),
            ("F02\tholds\tf02_x\t", "F02 is there twice"),
            ("F81\tholds\t\twhy", "F01 has no line"),
            ("F81\tholds\t\twhy", "F81 is no fault of this list"),
            ("F01\t\tf01_holds\t", "F01 does not say what must hold"),
            ("F01\tholds\t\t", "F01 has neither a test nor a reason"),
            ("F01\tholds\t\twhy", "F01 does not name its test f01_holds"),
        ] {
            let (_, wrong) = check(&list(first), &tests);
            assert!(wrong.iter().any(|line| line == said), "{first}: {wrong:?}");
        }
    }
}
