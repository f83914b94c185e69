//! A study at six hospitals from the template to the first participant, replanned twice, on two
//! laptops. Its planned days lie far ahead and its actual ones behind, since the
//! programs read the real clock.

use crate::center::Center;
use crate::laptop::Laptop;
use serde_json::Value;

const HOSPITALS: [&str; 6] = [
    "zhongshan",
    "huashan",
    "chfudan",
    "ruijin",
    "ninth",
    "huadong",
];

fn new_study(laptop: &Laptop) -> String {
    let mut words = vec![
        "study",
        "new",
        "--template",
        "cn-iit-interventional",
        "title.zh=卒中早期康复",
    ];
    for hospital in HOSPITALS {
        words.extend(["--hospital", hospital]);
    }
    let answer = laptop.json(&words);
    answer["study"].as_str().expect("an id").to_owned()
}

/// A milestone of a study or of the site that is named.
fn row(laptop: &Laptop, study: &str, site: &str, key: &str) -> Value {
    let plan = if site.is_empty() {
        laptop.json(&["milestone", "list", study])
    } else {
        laptop.json(&["milestone", "list", study, "--site", site])
    };
    let rows = plan["lanes"][0]["rows"].as_array().expect("rows").clone();
    let found = rows.into_iter().find(|row| row["key"] == key);
    found.expect("the milestone")
}

#[test]
fn six_hospitals_from_the_template_to_the_first_participant() {
    let center = Center::start();
    let (li, wang) = (Laptop::of("李示例"), Laptop::of("王示例"));
    let study = new_study(&li);
    // What the list would give is looked at first, and nothing is written by looking.
    let before = li.digest();
    let template = ["milestone", "template"];
    let preview = [
        &template[..],
        &[
            "preview",
            &study,
            "cn-iit-site",
            "--site",
            "ruijin",
            "siv=2096-05-18",
        ],
    ]
    .concat();
    let rows = li.json(&preview);
    let submitted = rows
        .as_array()
        .expect("rows")
        .iter()
        .find(|row| row["key"] == "site_ec_submitted");
    assert_eq!(submitted.expect("a row")["date"], "2096-04-13");
    assert_eq!(li.digest(), before);
    for (n, hospital) in HOSPITALS.iter().enumerate() {
        let siv = format!("siv=2096-05-{:02}", 15 + n);
        let apply = ["apply", &study, "cn-iit-site", "--site", hospital, &siv];
        let applied = li.json(&[&template[..], &apply].concat());
        // The template of the study brought the list; the day is new.
        assert_eq!(
            (&applied["added"], &applied["dated"]),
            (&0.into(), &1.into())
        );
    }
    li.ok(&[
        "milestone",
        "set",
        &study,
        "site_fpi",
        "--site",
        "ruijin",
        "--planned",
        "2096-06-12",
    ]);
    assert_eq!(row(&li, &study, "", "fpi")["forecast"], "2096-06-12");
    let frozen = li.json(&["milestone", "baseline", &study]);
    assert!(frozen["frozen"].as_u64().expect("a number") > 100);

    let move_siv = |laptop: &Laptop, date: &str, why: &[&str]| {
        let words = [
            "milestone",
            "set",
            &study,
            "siv",
            "--site",
            "ruijin",
            "--planned",
            date,
        ];
        laptop.run(&[&words[..], why].concat()).status.code()
    };
    assert_eq!(
        move_siv(&li, "2096-06-01", &[]),
        Some(1),
        "a plan is not moved without a reason"
    );
    assert_eq!(move_siv(&li, "2096-06-01", &["--why", "合同延迟"]), Some(0));

    let connect = |laptop: &Laptop, user: &str| {
        let code = center.invite(user);
        laptop.ok(&["connect", "--center", &center.url, "--code", &code]);
    };
    connect(&li, "li");
    li.ok(&["sync"]);
    connect(&wang, "wang");
    center.grant(&study, "wang", "co-investigator");
    wang.ok(&["sync"]);
    assert_eq!(row(&wang, &study, "ruijin", "siv")["slip"], 14);
    assert_eq!(
        move_siv(&wang, "2096-06-15", &["--why", "药品未到"]),
        Some(0)
    );
    let done = |laptop: &Laptop, key: &str, date: &str, why: &[&str]| {
        let words = ["milestone", "set", &study, key, "--site", "ruijin"];
        let rest = ["--actual", date, "--note", "纪要"];
        let words = [&words[..], &rest, why].concat();
        laptop.run(&words).status.code()
    };
    assert_eq!(done(&li, "site_contract", "2026-05-29", &[]), Some(0));
    assert_eq!(done(&wang, "site_contract", "2026-05-30", &[]), Some(0));
    // An actual day that nothing proves says so, until a note or a document does.
    let kick_off = [
        "milestone",
        "set",
        &study,
        "site_feasibility",
        "--site",
        "huashan",
    ];
    let unproven = li.ok(&[&kick_off[..], &["--actual", "2026-05-20"]].concat());
    assert!(unproven.contains("no proof"), "{unproven}");
    let proven = li.ok(&[&kick_off[..], &["--note", "minutes"]].concat());
    assert!(!proven.contains("no proof"), "{proven}");
    for laptop in [&wang, &li, &wang] {
        laptop.ok(&["sync"]);
    }
    assert_eq!(li.digest(), wang.digest());
    for laptop in [&li, &wang] {
        let siv = row(laptop, &study, "ruijin", "siv");
        assert_eq!(
            (siv["planned"].as_str(), siv["baseline"].as_str()),
            (Some("2096-06-15"), Some("2096-05-18"))
        );
        let contract = row(laptop, &study, "ruijin", "site_contract");
        assert_eq!(
            contract["rivalActuals"],
            serde_json::json!(["2026-05-29", "2026-05-30"])
        );
        let due = laptop.json(&["due"]);
        assert_eq!(
            due["counts"]["conflict"], 1,
            "what has a line is not said again"
        );
    }
    let ready = li.json(&["site", "readiness", &study, "ruijin"]);
    assert_eq!(
        (ready["next"]["key"].as_str(), ready["nDone"].as_u64()),
        (Some("siv"), Some(1))
    );
    // What has to come first is open: it is noted for a reason, and stays a finding.
    assert_eq!(done(&li, "siv", "2026-06-15", &[]), Some(1));
    let why = ["--why", "其余事项补录中"];
    assert_eq!(done(&li, "siv", "2026-06-15", &why), Some(0));
    assert_eq!(done(&li, "site_fpi", "2026-06-20", &why), Some(0));
    let ready = li.json(&["site", "readiness", &study, "ruijin"]);
    let early = ready["early"].as_array().expect("findings");
    assert_eq!(early.len(), 2, "{early:?}");
    // Another day for what was noted wants a reason as well.
    assert_eq!(done(&li, "site_fpi", "2026-06-22", &[]), Some(1));
    let fpi = row(&li, &study, "", "fpi");
    assert_eq!(
        (fpi["actual"].as_str(), fpi["derived"].as_bool()),
        (Some("2026-06-20"), Some(true))
    );
    assert_eq!(li.run(&["verify"]).status.code(), Some(0));
}

#[test]
fn days_are_counted_with_the_years_that_were_loaded() {
    let laptop = Laptop::of("Li Example");
    let count = |laptop: &Laptop| laptop.json(&["workdays", "--from", "2093-03-03", "--add", "1"]);
    assert_eq!(count(&laptop)["provisional"], true);
    let file = laptop.path("2093.json");
    let part = br#"{"year":2093,"days":[{"date":"2093-03-04","isOffDay":true}]}"#;
    std::fs::write(&file, part).expect("a file");
    let path = file.to_str().expect("text");
    // A day alone is no year.
    let (code, sentence) = laptop.refused(&["calendar", "load", path]);
    assert_eq!((code, sentence.lines().count()), (1, 1), "{sentence}");
    assert_eq!(count(&laptop)["provisional"], true);
    std::fs::write(&file, table_of_2093("03-04")).expect("a file");
    laptop.ok(&["calendar", "load", path]);
    assert_eq!(
        count(&laptop),
        serde_json::json!({"date": "2093-03-05", "provisional": false})
    );
    laptop.ok(&["calendar", "forget", "2093"]);
    assert_eq!(count(&laptop)["date"], "2093-03-04");
    std::fs::write(&file, b"{}").expect("a file");
    let (code, sentence) = laptop.refused(&["calendar", "load", path]);
    assert_eq!((code, sentence.lines().count()), (1, 1), "{sentence}");
}

/// A year's table with one more day off.
fn table_of_2093(more: &str) -> String {
    let off = [
        "01-01", "01-26", "01-27", "01-28", more, "04-06", "05-01", "10-01", "10-02",
    ];
    let days = off.map(|day| format!(r#"{{"date":"2093-{day}","isOffDay":true}}"#));
    format!(r#"{{"year":2093,"days":[{}]}}"#, days.join(","))
}

#[test]
fn the_center_hands_out_the_table_of_a_year() {
    let center = Center::start();
    let (li, wang) = (Laptop::of("李示例"), Laptop::of("王示例"));
    let count = |laptop: &Laptop| laptop.json(&["workdays", "--from", "2093-03-03", "--add", "1"]);
    for (laptop, user) in [(&li, "li"), (&wang, "wang")] {
        let code = center.invite(user);
        laptop.ok(&["connect", "--center", &center.url, "--code", &code]);
    }
    center.hand_out_year(&table_of_2093("03-04"));
    li.ok(&["sync"]);
    assert_eq!(count(&li)["date"], "2093-03-05");
    assert_eq!(count(&wang)["provisional"], true, "not at its contact yet");
    wang.ok(&["sync"]);
    assert_eq!(count(&wang), count(&li));
    let year = |laptop: &Laptop| {
        let years = laptop.json(&["calendar", "list"]);
        let all = years.as_array().expect("years").clone();
        all.into_iter().find(|row| row["year"] == 2093)
    };
    assert_eq!(year(&li).expect("taken")["from"], "center");
    // What a person forgot stays so until the center has another.
    li.ok(&["calendar", "forget", "2093"]);
    li.ok(&["sync"]);
    assert_eq!(count(&li)["provisional"], true);
    center.hand_out_year(&table_of_2093("03-05"));
    li.ok(&["sync"]);
    assert_eq!(count(&li)["date"], "2093-03-04");
    assert_eq!(li.run(&["verify"]).status.code(), Some(0));
}
