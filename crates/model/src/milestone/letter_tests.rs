//! What the letters of committees ask for, and what an amendment's letter leaves alone.

use super::plan::{Status, What};
use super::tests::{on, set, site};
use crate::testing::{self, add};
use crate::{StudyDoc, kind};
use serde_json::json;

#[test]
fn letters_ask_for_a_review_and_end() {
    let mut doc = testing::empty();
    let site = site(&mut doc);
    let version = add(&mut doc, kind::VERSION, None, json!({"number": "1.0"}));
    let approval = json!({"site": {"$ref": site}, "status": "approved", "decidedOn": "2026-03-05",
        "validUntil": "2026-11-30", "intervalMonths": 6});
    add(&mut doc, kind::APPROVAL, Some(&version), approval);
    let asked = json!({"site": {"$ref": site}, "status": "submitted", "submittedOn": "2026-08-01"});
    add(&mut doc, kind::APPROVAL, Some(&version), asked);
    let plan = on(&doc, "2026-09-01");
    let rows: Vec<_> = plan
        .lane(Some(&site))
        .unwrap()
        .rows
        .iter()
        .filter(|row| row.kind == kind::APPROVAL)
        .map(|row| (row.what, row.due.as_str(), row.legal.as_str(), row.status))
        .collect();
    assert_eq!(
        rows,
        [
            (What::ApprovalExpiry, "2026-11-30", "", Status::Upcoming),
            // A Saturday.
            (
                What::ContinuingReview,
                "2026-09-04",
                "2026-09-07",
                Status::DueSoon
            ),
            (What::Reply, "", "", Status::Undated),
        ]
    );
    set(&mut doc, &site, "site_closed", "actual", "2026-08-30");
    let plan = on(&doc, "2026-09-01");
    assert!(
        plan.lane(Some(&site))
            .unwrap()
            .rows
            .iter()
            .all(|row| row.kind == kind::MILESTONE)
    );
}

#[test]
fn an_amendments_letter_moves_neither_review_nor_end() {
    let mut doc = testing::empty();
    let site = site(&mut doc);
    let letter = |doc: &mut StudyDoc, number: &str, more: serde_json::Value| {
        let version = add(doc, kind::VERSION, None, json!({"number": number}));
        let mut fields = json!({"site": {"$ref": site}, "status": "approved"});
        let given = more.as_object().unwrap().clone();
        fields.as_object_mut().unwrap().extend(given);
        add(doc, kind::APPROVAL, Some(&version), fields);
    };
    let first =
        json!({"decidedOn": "2026-01-10", "validUntil": "2027-01-09", "intervalMonths": 36});
    letter(&mut doc, "1.0", first);
    letter(
        &mut doc,
        "2.0",
        json!({"decidedOn": "2026-06-20", "intervalMonths": null}),
    );
    let lines = |doc: &StudyDoc| -> Vec<(What, String)> {
        let plan = on(doc, "2026-11-26");
        let rows = &plan.lane(Some(&site)).unwrap().rows;
        let letters = rows.iter().filter(|row| row.kind == kind::APPROVAL);
        letters.map(|row| (row.what, row.due.clone())).collect()
    };
    // Twelve months are the most, whatever a letter says; a Sunday is moved to the Friday before.
    let kept = [
        (What::ApprovalExpiry, "2027-01-09".to_owned()),
        (What::ContinuingReview, "2027-01-08".to_owned()),
    ];
    assert_eq!(lines(&doc), kept);
    // One that says until when it is valid counts from its own day.
    letter(
        &mut doc,
        "3.0",
        json!({"decidedOn": "2026-09-01", "validUntil": "2027-08-31"}),
    );
    let now = lines(&doc);
    assert_eq!(now[0].1, "2027-08-31");
    assert_eq!(now[1].1, "2027-09-01");
}
