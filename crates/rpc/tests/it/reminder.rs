//! Reminders as the system shows them: each once, in the person's language, not at night.

use crate::host::Laptop;
use chrono::TimeDelta;
use rpc::work::reminder::look;
use serde_json::json;

/// A laptop with a study that is due on a day; it is 1 December 2026, 09:00.
async fn laptop(planned: &[&str]) -> Laptop {
    let laptop = Laptop::with_vault().await;
    let study = json!({ "fields": { "title.zh": "卒中早期康复", "title.en": "Early rehabilitation" },
        "template": null, "hospitals": [] });
    let study = laptop.call("study.create", study).await["study"].clone();
    for (n, planned) in planned.iter().enumerate() {
        let fields = json!({ "planned": planned, "name.zh": format!("访视 {n}"), "name.en": format!("Visit {n}") });
        let entity = json!({ "study": study, "kind": "milestone", "parent": null, "fields": fields, "after": null });
        laptop.call("entity.add", entity).await;
    }
    laptop
}

#[tokio::test]
async fn nobody_is_reminded_twice_and_a_later_step_reminds_again() {
    let laptop = laptop(&["2026-12-08"]).await;
    look(&laptop.app).unwrap();
    let notes = laptop.face.notes();
    assert_eq!(
        notes,
        [(
            "提醒".to_owned(),
            "7 天后：访视 0 · 卒中早期康复".to_owned()
        )]
    );
    look(&laptop.app).unwrap();
    assert!(laptop.face.notes().is_empty());
    laptop.clock.advance(TimeDelta::days(3));
    look(&laptop.app).unwrap();
    assert!(laptop.face.notes().is_empty());
    laptop.clock.advance(TimeDelta::days(3));
    look(&laptop.app).unwrap();
    assert_eq!(laptop.face.notes()[0].1, "明天：访视 0 · 卒中早期康复");
    laptop.clock.advance(TimeDelta::days(3));
    look(&laptop.app).unwrap();
    assert_eq!(
        laptop.face.notes()[0].1,
        "已逾期 2 天：访视 0 · 卒中早期康复"
    );
    laptop.clock.advance(TimeDelta::days(300));
    look(&laptop.app).unwrap();
    assert!(laptop.face.notes().is_empty());
}

#[tokio::test]
async fn what_came_up_in_quiet_hours_is_told_after_them() {
    let laptop = laptop(&["2026-12-08"]).await;
    laptop.clock.advance(TimeDelta::hours(12));
    look(&laptop.app).unwrap();
    assert!(laptop.face.notes().is_empty());
    laptop.clock.advance(TimeDelta::hours(12));
    look(&laptop.app).unwrap();
    assert_eq!(laptop.face.notes().len(), 1);
}

#[tokio::test]
async fn what_the_system_did_not_show_is_told_later() {
    let laptop = laptop(&["2026-12-08"]).await;
    *laptop.face.is_mute.lock().unwrap() = true;
    let failure = look(&laptop.app).unwrap_err();
    assert_eq!(failure.code, "failure.notify");
    assert_eq!(
        laptop.refused("reminder.try", json!({})).await,
        "failure.notify"
    );
    *laptop.face.is_mute.lock().unwrap() = false;
    look(&laptop.app).unwrap();
    assert_eq!(laptop.face.notes().len(), 1);
}

#[tokio::test]
async fn many_are_one_notification_in_the_persons_language() {
    let days = ["2026-11-30", "2026-12-01", "2026-12-02", "2026-12-03"];
    let laptop = laptop(&[&days[..], &["2026-12-04", "2026-12-05"]].concat()).await;
    laptop.call("app.setLang", json!({ "lang": "en" })).await;
    look(&laptop.app).unwrap();
    let [(title, text)] = &laptop.face.notes()[..] else {
        panic!("one notification");
    };
    assert_eq!(title, "6 reminders");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "1 day overdue: Visit 0 · Early rehabilitation");
    assert_eq!(lines[1], "Today: Visit 1 · Early rehabilitation");
    assert_eq!(lines[4], "2 more under Today");
    assert_eq!(lines.len(), 5);
}

#[tokio::test]
async fn names_stay_inside_when_they_are_to_and_off_is_off() {
    let laptop = laptop(&["2026-12-08"]).await;
    let mut wishes = laptop.call("reminder.wishes", json!({})).await;
    assert_eq!(
        wishes,
        json!({ "on": true, "quietFrom": "20:00", "quietTo": "07:30", "names": true })
    );
    wishes["on"] = json!(false);
    laptop.call("reminder.setWishes", wishes.clone()).await;
    look(&laptop.app).unwrap();
    assert!(laptop.face.notes().is_empty());
    wishes["on"] = json!(true);
    wishes["names"] = json!(false);
    laptop.call("reminder.setWishes", wishes.clone()).await;
    assert_eq!(laptop.call("reminder.wishes", json!({})).await, wishes);
    // What is no hour is refused, and nothing of it is kept.
    let mut odd = wishes.clone();
    odd["quietTo"] = json!("25:00");
    odd["on"] = json!(false);
    assert_eq!(
        laptop.refused("reminder.setWishes", odd).await,
        "failure.hour"
    );
    assert_eq!(laptop.call("reminder.wishes", json!({})).await, wishes);
    look(&laptop.app).unwrap();
    let look_there = ("提醒".to_owned(), "请在“今日”中查看。".to_owned());
    assert_eq!(laptop.face.notes(), [look_there]);
}

#[tokio::test]
async fn the_sample_reminds_nobody_but_can_be_tried() {
    let laptop = Laptop::with_sample().await;
    look(&laptop.app).unwrap();
    assert!(laptop.face.notes().is_empty());
    laptop.call("reminder.try", json!({})).await;
    assert_eq!(laptop.face.notes().len(), 1);
    laptop.call("vault.lock", json!({})).await;
    assert_eq!(look(&laptop.app).unwrap_err().code, "failure.locked");
}
