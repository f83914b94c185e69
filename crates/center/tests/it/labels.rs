//! Every code that a person may see has its words.

use sync::wire::Disbelief;
use sync::{EnrolError, Failure, Note, Offline, Problem};

#[test]
fn every_code_has_words() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../model/labels/sync.tsv");
    let text = std::fs::read_to_string(path).unwrap();
    let keys: Vec<&str> = text
        .lines()
        .filter_map(|line| line.split('\t').next())
        .collect();
    let disbelief = [Disbelief::Author, Disbelief::Signature, Disbelief::Chain];
    let notes = [
        Note::Done,
        Note::Offline,
        Note::Portal,
        Note::Pin,
        Note::Busy,
        Note::ServerError,
        Note::Upgrade,
        Note::UnknownDevice,
        Note::Revoked,
        Note::NoAccess(1),
        Note::Erased(1),
        Note::VaultErased,
        Note::NoRight,
        Note::LastPi,
        Note::NoAccount(String::new()),
        Note::Quarantined(1),
        Note::WaitsForOther,
        Note::Unreadable(1),
        Note::TooLarge,
        Note::ForkHealed,
        Note::Restored,
        Note::Diverged,
        Note::Clock(7),
        Note::FilesNoRoom,
        Note::FileDamaged,
        Note::Mended,
    ];
    let notes = notes.into_iter().chain(disbelief.map(Note::Refused));
    let problems = [
        Problem::CodeWrong,
        Problem::CodeExpired,
        Problem::CodeSpent,
        Problem::CodeUsed,
        Problem::PersonTaken,
        Problem::DeviceTaken,
        Problem::Busy { retry_after_ms: 1 },
        Problem::Protocol { speaks: 2 },
        Problem::Internal,
    ];
    let failures = [
        Failure::Pin,
        Failure::Portal,
        Failure::Offline(Offline::Timeout),
        Failure::Garbled,
        Failure::Upgrade,
        Failure::Nonsense,
    ];
    let enrolment = problems.map(Failure::Refused).into_iter().chain(failures);
    let wanted = notes
        .map(|note| note.key())
        .chain(enrolment.map(|failure| EnrolError::Failed(failure).key()))
        .chain([
            sync::enrol::KEY_NOT_A_CODE,
            sync::enrol::KEY_NOT_AN_ADDRESS,
            sync::enrol::KEY_PLAIN_ADDRESS,
        ]);
    for key in wanted {
        assert!(keys.contains(&key), "{key} has no words");
    }
}
