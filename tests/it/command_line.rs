//! The command line's manners: exit codes, one sentence, wrong passphrases.

use crate::laptop::Laptop;

#[test]
fn wrong_usage_is_exit_2_and_a_failure_is_exit_1_with_one_sentence() {
    let laptop = Laptop::of("Li Example");
    assert_eq!(laptop.refused(&["nonsense"]).0, 2);
    assert_eq!(laptop.refused(&["study", "show"]).0, 2);
    let (code, sentence) = laptop.refused(&["study", "show", "NCT00000000"]);
    assert_eq!((code, sentence.lines().count()), (1, 1), "{sentence}");
    assert!(sentence.contains("NCT00000000"), "{sentence}");
}

#[test]
fn a_vault_is_never_made_over_another() {
    let laptop = Laptop::of("Li Example");
    let digest = laptop.digest();
    assert_eq!(laptop.refused(&["init"]).0, 1);
    assert_eq!(laptop.digest(), digest);
}

#[test]
fn a_broken_file_is_named_and_the_others_come_in() {
    let laptop = Laptop::of("Li Example");
    let folder = laptop.path("records");
    std::fs::create_dir(&folder).expect("a folder");
    std::fs::write(folder.join("broken.json"), b"{\"protocolSection\":{").expect("a file");
    std::fs::write(
        folder.join("good.json"),
        br#"{"protocolSection":{"identificationModule":{"nctId":"NCT99999902","briefTitle":"A"}}}"#,
    )
    .expect("a file");
    let output = laptop.run(&["import", "--json", folder.to_str().expect("text")]);
    assert_eq!(output.status.code(), Some(1));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let status = |n: usize| report[n]["status"].clone();
    assert_eq!(
        (status(0), status(1)),
        ("refused".into(), "imported".into())
    );
    assert!(
        report[0]["file"]
            .as_str()
            .expect("a name")
            .ends_with("broken.json")
    );
}
