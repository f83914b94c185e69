//! A command that breaks in the middle: said, nothing half, and the program goes on.

use crate::host::Laptop;
use desk::env::Entropy;
use rpc::Event;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use testkit::SeededEntropy;

/// Randomness that breaks whoever asks for it, while it is set.
pub(crate) struct Trap {
    inner: SeededEntropy,
    pub(crate) is_set: AtomicBool,
}

impl Entropy for Trap {
    fn fill(&self, bytes: &mut [u8]) {
        assert!(!self.is_set.load(Ordering::SeqCst), "a planted panic");
        self.inner.fill(bytes);
    }
}

#[tokio::test]
async fn f22_a_command_that_breaks_is_said_and_the_program_goes_on() {
    let trap = Arc::new(Trap {
        inner: SeededEntropy::new(7),
        is_set: AtomicBool::new(false),
    });
    let laptop = Laptop::with_entropy(trap.clone()).await;
    let created = json!({ "fields": { "title.zh": "题目" }, "hospitals": [] });
    let study = laptop.call("study.create", created).await["study"].clone();
    let set = |field: &str, value: &str| {
        json!({
            "study": study, "entity": study, "field": field, "value": value, "seen": [], "why": null
        })
    };
    let mut typed = set("acronym", "half typed");
    typed.as_object_mut().unwrap().remove("why");
    laptop.call("field.draft", typed).await;

    // In the middle of a transaction.
    trap.is_set.store(true, Ordering::SeqCst);
    let code = laptop
        .refused("field.set", set("officialTitle.zh", "全称"))
        .await;
    assert_eq!(code, "failure.internal");
    trap.is_set.store(false, Ordering::SeqCst);
    let shown = laptop.call("study.get", json!({ "study": study })).await;
    assert!(!shown.to_string().contains("全称"), "nothing half");
    let drafts = laptop.call("field.drafts", json!({ "study": study })).await;
    assert!(drafts.to_string().contains("half typed"), "{drafts}");
    laptop
        .call("field.set", set("officialTitle.zh", "全称"))
        .await;

    // After the transaction, in what is told to the window: the edit is kept.
    let breaks = Arc::new(AtomicBool::new(true));
    let is_set = Arc::clone(&breaks);
    laptop.face.on_event(move |event| {
        let is_change = matches!(event, Event::Changed { .. });
        assert!(!(is_change && is_set.load(Ordering::SeqCst)), "planted");
    });
    let code = laptop.refused("field.set", set("acronym", "KEPT")).await;
    assert_eq!(code, "failure.internal");
    breaks.store(false, Ordering::SeqCst);
    let shown = laptop.call("study.get", json!({ "study": study })).await;
    assert!(shown.to_string().contains("KEPT"), "{shown}");
    let report = laptop.call("vault.verify", json!({})).await;
    assert_eq!(report["problems"], json!([]));
}
