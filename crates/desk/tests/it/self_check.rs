//! What a laptop says of itself so that it can be compared, and how it mends what follows from its
//! log.

use crate::referee::Referee;
use crate::world::{Laptop, doc, new_study, set};
use ledger::digest;
use serde_json::json;

#[test]
fn the_chain_of_a_stream_is_worked_out_from_what_is_stored() {
    let mut center = Referee::default();
    let mut li = Laptop::new(61, "李明");
    let mut wang = Laptop::new(62, "王芳");
    let study = new_study(&mut li.desk, "甲");
    let stream = study.as_str();
    let at = |desk: &desk::Desk| {
        let states = desk.streams().unwrap();
        let state = states.into_iter().find(|one| one.stream == stream).unwrap();
        (state.cursor, state.digest.unwrap())
    };
    assert_eq!(at(&li.desk), (0, digest::start(stream)));
    for title in ["乙", "丙", "丁"] {
        set(&mut li.desk, &study, "title.zh", json!(title));
        center.sync(&mut li.desk);
        center.sync(&mut wang.desk);
        let log = center.page(stream, 0, 100);
        let chain = log.iter().fold(digest::start(stream), |chain, one| {
            digest::next(&chain, &one.frame.id())
        });
        // Grown step by step here, and from nothing on a laptop that has just been opened.
        assert_eq!(at(&li.desk), (log.len() as u64, chain.clone()));
        wang = wang.reopen();
        assert_eq!(at(&wang.desk), (log.len() as u64, chain));
    }
    // Another commit in a place: the chain is another.
    let sql = "UPDATE commits SET hash = 'sha256:' || substr(hash, 9) || 'a' WHERE sseq = 2";
    wang.desk.vault().conn.execute_batch(sql).unwrap();
    wang = wang.reopen();
    assert_ne!(at(&wang.desk), at(&li.desk));
    // Begun anew, it says so.
    li.desk.rewind(stream).unwrap();
    assert_eq!(at(&li.desk), (0, digest::start(stream)));
}

#[test]
fn f10_what_follows_from_the_log_is_made_again_when_it_was_spoilt() {
    let mut center = Referee::default();
    let mut li = Laptop::new(63, "李明");
    let mut wang = Laptop::new(64, "王芳");
    let study = new_study(&mut li.desk, "甲");
    set(&mut li.desk, &study, "enrollment", json!(120));
    let stream = study.as_str();
    assert_eq!(li.desk.standing_state(stream).unwrap(), None, "it waits");
    center.sync(&mut li.desk);
    center.sync(&mut wang.desk);
    let right = li.desk.standing_state(stream).unwrap();
    assert_eq!(right, wang.desk.standing_state(stream).unwrap());
    let shown = doc(&li.desk, &study);
    assert!(!wang.desk.mend(stream).unwrap(), "nothing to mend");
    for sql in [
        "DELETE FROM heads WHERE field = 'enrollment'",
        "DELETE FROM heads",
        "UPDATE heads SET field = 'acronym' WHERE field = 'enrollment'",
    ] {
        wang.desk.vault().conn.execute_batch(sql).unwrap();
        assert_ne!(right, wang.desk.standing_state(stream).unwrap(), "{sql}");
        assert!(wang.desk.mend(stream).unwrap(), "{sql}");
        assert_eq!(right, wang.desk.standing_state(stream).unwrap(), "{sql}");
        assert_eq!(doc(&wang.desk, &study), shown, "{sql}");
        assert_eq!(wang.desk.verify().unwrap().problems, [], "{sql}");
    }
}
