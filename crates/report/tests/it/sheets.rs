//! Sheets about a site, and the timeline.

use crate::pdf::{pages, squeezed};
use crate::study::Study;
use crate::{fonts, leave, options};
use chrono::{TimeZone, Utc};
use model::calendar::Calendar;
use model::milestone::{self, plan::StudyPlan};
use model::people::credential::{Standing, State};
use model::people::delegation::Finding;
use model::people::row::{ContactStanding, DutyRow};
use model::{EntityId, Lang, Link, StudyId, label};
use report::{PdfLang, Team, WarningCode};
use serde_json::json;

const LANGS: [(&str, PdfLang); 3] = [
    ("zh", PdfLang::Zh),
    ("en", PdfLang::En),
    ("both", PdfLang::Both),
];

/// A study at so many hospitals, each with a list of milestones.
fn study(n_sites: usize) -> (Study, Vec<EntityId>) {
    let mut study = Study::new(&[
        ("title.zh", json!("心动超声随访研究")),
        ("title.en", json!("ECHO follow-up")),
    ]);
    study.add(
        "milestone",
        &[
            ("key", json!("fpi")),
            ("name.zh", json!("首例入组")),
            ("name.en", json!("First participant in")),
            ("planned", json!("2026-06")),
            ("baseline", json!("2026-05-01")),
        ],
    );
    let mut sites = Vec::new();
    for n in 0..n_sites {
        let site = study.add(
            "site",
            &[
                ("facility.zh", json!(format!("第{}人民医院", n + 1))),
                (
                    "facility.en",
                    json!(format!("People’s Hospital No. {}", n + 1)),
                ),
            ],
        );
        for (place, item) in milestone::list::LISTS
            .iter()
            .filter(|list| list.level == "site")
            .flat_map(|list| &list.items)
            .enumerate()
        {
            let day = 1 + (place * 3 + n) % 27;
            let month = 2 + place / 4 % 10;
            let planned = format!("2026-{month:02}-{day:02}");
            let actual = if month < 3 { planned.as_str() } else { "" };
            study.add_to(
                &site,
                "milestone",
                &[
                    ("key", json!(item.key)),
                    ("name.zh", json!(item.name.zh)),
                    ("name.en", json!(item.name.en)),
                    ("planned", json!(planned)),
                    ("actual", json!(actual)),
                    ("baseline", json!(format!("2026-{month:02}-01"))),
                    ("needs", json!({"list": item.needs})),
                ],
            );
        }
        sites.push(site);
    }
    (study, sites)
}

fn plan(study: &Study) -> StudyPlan {
    let now = Utc.with_ymd_and_hms(2026, 3, 9, 1, 0, 0).single();
    milestone::plan(&study.doc, Calendar::builtin(), now)
}

fn duty(name: &str, person: Option<&str>, findings: Vec<Finding>) -> DutyRow {
    let id = |text: &str| EntityId::parse(text).expect("id");
    DutyRow {
        id: id("0197f3a0-0000-7000-9000-00000000aaaa"),
        site: None,
        site_name: String::new(),
        person: person.map(|text| Link {
            entity: id(text),
            directory: StudyId::parse(text).expect("id"),
        }),
        name_zh: name.to_owned(),
        name_en: String::new(),
        role: "CRC".to_owned(),
        tasks: model::code::CODES
            .iter()
            .filter(|code| code.list == "task")
            .take(3)
            .map(|code| code.code.to_owned())
            .collect(),
        from: "2026-03-01".to_owned(),
        until: String::new(),
        authorised_by: model::reference::Bilingual {
            zh: "李明".to_owned(),
            en: "Li Ming".to_owned(),
        },
        authorised_on: "2026-02-27".to_owned(),
        initials: String::new(),
        open: true,
        removed: false,
        standings: Vec::new(),
        breach: findings.iter().any(Finding::is_breach),
        findings,
    }
}

#[test]
fn the_timeline_has_every_row_once_and_its_head_on_every_page() {
    let Some(fonts) = fonts() else { return };
    let (study, sites) = study(6);
    let plan = plan(&study);
    for (name, lang) in LANGS {
        let pdf = report::timeline(&study.doc, &plan, &options(lang), fonts).expect("pdf");
        leave(&format!("timeline-{name}"), &pdf);
        assert_eq!(pdf.warnings, []);
        let Some(text) = pages(&pdf) else { return };
        assert!(text.len() > 2, "six hospitals need several pages");
        let head = if lang == PdfLang::En {
            "Baseline→now"
        } else {
            "基线→现日期"
        };
        for page in &text {
            assert!(squeezed(page).contains(head), "{page}");
        }
        let all = squeezed(&text.concat());
        for n in 1..=sites.len() {
            let hospital = if lang == PdfLang::En {
                format!("People’sHospitalNo.{n}")
            } else {
                format!("第{n}人民医院")
            };
            assert_eq!(all.matches(&hospital).count(), 1, "{hospital}");
        }
    }
    let empty = Study::new(&[("title.en", json!("Nothing planned"))]);
    let none = milestone::plan(&empty.doc, Calendar::builtin(), None);
    let pdf = report::timeline(&empty.doc, &none, &options(PdfLang::En), fonts).expect("pdf");
    let Some(text) = pages(&pdf) else { return };
    assert!(text.concat().contains("There are no dates yet."));
}

#[test]
fn a_sheet_shows_a_day_as_it_is_known_and_marks_what_may_move() {
    let Some(fonts) = fonts() else { return };
    let (mut study, sites) = study(1);
    let other = study.add("site", &[("facility.zh", json!("外地医院"))]);
    let mut milestone = |site: &EntityId, key: &str, fields: &[(&str, serde_json::Value)]| {
        let names = [
            ("key", json!(key)),
            ("name.zh", json!(key)),
            ("name.en", json!(key)),
        ];
        let all: Vec<_> = names.iter().chain(fields).cloned().collect();
        study.add_to(site, "milestone", &all)
    };
    milestone(&sites[0], "lock", &[("planned", json!("2026-11"))]);
    milestone(&sites[0], "report", &[("rule", json!("lock+10b"))]);
    milestone(&sites[0], "close", &[("planned", json!("2026-Q4"))]);
    milestone(&other, "end", &[("planned", json!("2026-12-30"))]);
    milestone(&other, "after", &[("rule", json!("end+5b"))]);
    milestone(&other, "goal", &[("needs", json!({"list": ["after"]}))]);
    let torn = milestone(&sites[0], "torn", &[]);
    study.disagree(&torn, "actual", json!("2026-02-03"), json!("2026-02-24"));
    let plan = plan(&study);
    let after = plan
        .lane(Some(&other))
        .and_then(|lane| lane.milestone("after"));
    let after = format!("~{}", after.expect("there").due);
    assert!(after.starts_with("~2027-"), "{after}");
    let ready = milestone::readiness(&plan, &other).expect("a site");
    let sure = milestone::readiness(&plan, &sites[0]).expect("a site");
    assert_eq!(
        (ready.missing_years.as_slice(), sure.missing_years.len()),
        (&[2027][..], 0)
    );
    for (name, lang, words) in [
        (
            "zh",
            PdfLang::Zh,
            [
                "2026年11月",
                "2026年12月",
                "2026年第4季度",
                "2027年放假安排尚未公布",
            ],
        ),
        (
            "en",
            PdfLang::En,
            ["2026-11", "2026-12", "2026Q4", "Holidaysof2027"],
        ),
        (
            "both",
            PdfLang::Both,
            ["2026-11", "2026-12", "2026Q4", "Holidaysof2027"],
        ),
    ] {
        let pdf = report::timeline(&study.doc, &plan, &options(lang), fonts).expect("pdf");
        leave(&format!("known-{name}"), &pdf);
        assert_eq!(pdf.warnings, []);
        let Some(text) = pages(&pdf) else { return };
        let all = squeezed(&text.concat());
        for word in words {
            assert!(all.contains(word), "{word}: {all}");
        }
        assert!(all.contains(&after), "{all}");
        assert!(all.contains("2026-02-03/2026-02-24"), "{all}");
        // The last day of a month that nobody named stands nowhere.
        assert!(
            !all.contains("2026-11-30") && !all.contains("2026-12-31"),
            "{all}"
        );
        let legend = if lang == PdfLang::En {
            "twodays,unresolved"
        } else {
            "尚未解决"
        };
        assert!(all.contains(legend), "{all}");

        let pdf = report::readiness(&study.doc, &ready, Team::default(), &options(lang), fonts);
        let Some(text) = pages(&pdf.expect("pdf")) else {
            return;
        };
        let all = squeezed(&text.concat());
        assert!(all.contains(&after) && all.contains(words[3]), "{all}");
    }
}

#[test]
fn readiness_is_one_page_and_says_who_is_not_fit() {
    let Some(fonts) = fonts() else { return };
    let (mut study, sites) = study(2);
    let ready = milestone::readiness(&plan(&study), &sites[0]).expect("a site");
    let expired = Finding::CredentialNow {
        kind: "GCP".to_owned(),
        state: State::Expired,
        until: "2026-01-31".to_owned(),
    };
    let duties = [duty("王小芳", None, vec![expired, Finding::NotAuthorised])];
    let named = [
        ("name.zh", json!("赵示例")),
        ("role", json!("PRINCIPAL_INVESTIGATOR")),
    ];
    let contact = study.add_to(&sites[0], "contact", &named);
    let standing = |kind: &str, until: &str, state: State| ContactStanding {
        contact: contact.clone(),
        site: Some(sites[0].clone()),
        ending: state.is_ending(),
        standing: Standing {
            kind: kind.to_owned(),
            state,
            credential: None,
            until: until.to_owned(),
            days: None,
            reason: String::new(),
        },
    };
    let contacts = [
        standing("GCP", "2035-05-31", State::Valid),
        standing("LICENCE", "2025-12-30", State::Expired),
    ];
    for (name, lang) in LANGS {
        let team = Team {
            duties: &duties,
            contacts: &contacts,
        };
        let pdf = report::readiness(&study.doc, &ready, team, &options(lang), fonts);
        let pdf = pdf.expect("pdf");
        leave(&format!("readiness-{name}"), &pdf);
        let Some(text) = pages(&pdf) else { return };
        let all = squeezed(&text.concat());
        assert!(
            all.contains("2026-01-31") && all.contains("王小芳"),
            "{all}"
        );
        // A contact whose certificate is over is not in order either; one that is good is not named.
        assert!(
            all.contains("2025-12-30") && all.contains("赵示例"),
            "{all}"
        );
        assert!(!all.contains("2035-05-31"), "{all}");
        let next = &ready.next.as_ref().expect("a next step").name;
        let next = if lang == PdfLang::En {
            &next.en
        } else {
            &next.zh
        };
        assert!(all.contains(&squeezed(next)));
        if lang != PdfLang::Both {
            assert_eq!(pdf.pages, 1);
        }
    }
    let other = EntityId::parse("0197f3a0-0000-7000-9000-00000000ffff").expect("id");
    let none = report::delegation(&study.doc, &other, &[], &options(PdfLang::Zh), fonts);
    assert!(matches!(none, Err(report::ReportError::NoSite)));
}

#[test]
fn where_everything_is_open_readiness_still_is_one_page_and_counts_the_rest() {
    let Some(fonts) = fonts() else { return };
    let mut study = Study::new(&[
        (
            "title.zh",
            json!("急性缺血性卒中早期康复的多中心随机对照研究"),
        ),
        ("title.en", json!("Early rehabilitation after stroke")),
    ]);
    let site = study.add("site", &[("facility.zh", json!("复旦大学附属华山医院"))]);
    for list in milestone::list::LISTS.iter() {
        for item in &list.items {
            let done = ["site_activated", "siv"].contains(&item.key.as_str());
            let fields = [
                ("key", json!(item.key)),
                ("name.zh", json!(item.name.zh)),
                ("name.en", json!(item.name.en)),
                ("rule", json!(item.rule)),
                ("needs", json!({"list": item.needs})),
                ("planned", json!(if done { "2026-06-01" } else { "" })),
            ];
            if list.level == "site" {
                study.add_to(&site, "milestone", &fields);
            } else {
                study.add("milestone", &fields);
            }
        }
    }
    let ready = milestone::readiness(&plan(&study), &site).expect("a site");
    assert!(ready.blocking.len() + ready.study_gates.len() + ready.open.len() > 25);
    for (name, lang) in LANGS {
        let pdf = report::readiness(&study.doc, &ready, Team::default(), &options(lang), fonts);
        let pdf = pdf.expect("pdf");
        leave(&format!("readiness-full-{name}"), &pdf);
        assert_eq!(pdf.pages, 1, "{name}");
        let Some(text) = pages(&pdf) else { return };
        let all = squeezed(&text.concat());
        // The next step has its day, and what is first is not what is left out.
        assert!(all.contains("2026-06-01"), "{all}");
        let first = &ready.blocking[0].name;
        let first = if lang == PdfLang::En {
            &first.en
        } else {
            &first.zh
        };
        assert!(all.contains(&squeezed(first)), "{all}");
    }
}

#[test]
fn a_delegation_log_has_boxes_to_sign_in_and_no_forgotten_name() {
    let Some(fonts) = fonts() else { return };
    let (study, sites) = study(1);
    let forgotten = duty("", Some("0197f3a0-0000-7000-9000-00000000bbbb"), Vec::new());
    let removed = DutyRow {
        removed: true,
        ..duty("已删除", None, Vec::new())
    };
    let not_in_charge = Finding::NotInCharge {
        on: "2026-02-27".to_owned(),
    };
    let wrong = duty(
        "陈示例",
        None,
        vec![Finding::NoTasks, not_in_charge.clone()],
    );
    let duties = [duty("王小芳", None, Vec::new()), forgotten, removed, wrong];
    for (name, lang) in LANGS {
        let pdf = report::delegation(&study.doc, &sites[0], &duties, &options(lang), fonts);
        let pdf = pdf.expect("pdf");
        leave(&format!("delegation-{name}"), &pdf);
        // Who authorised it and when stands above the place for the signature.
        if let Some(text) = pages(&pdf) {
            let all = squeezed(&text.concat());
            let zh = all.contains("李明") == (lang != PdfLang::En);
            let en = all.contains("LiMing") == (lang != PdfLang::Zh);
            assert!(zh && en && all.contains("2026-02-27"), "{all}");
            // Nobody signs for one who was not in charge without being told.
            let words = label::get("people.finding.notInCharge").expect("words");
            let on = [("on", "2026-02-27")];
            let said = |lang| all.contains(&squeezed(&words.fill(lang, &on)));
            assert_eq!(said(Lang::Zh), lang != PdfLang::En, "{all}");
            assert_eq!(said(Lang::En), lang != PdfLang::Zh, "{all}");
        }
        let unfit = |code| matches!(code, WarningCode::NotConforming);
        assert!(
            !pdf.warnings.iter().any(|warning| unfit(warning.code)),
            "{:?}",
            pdf.warnings
        );
        let Some(text) = pages(&pdf) else { return };
        let all = squeezed(&text.concat());
        let (own, gone) = if lang == PdfLang::En {
            // Narrow columns break words.
            ("Ownsignature/", "moved)")
        } else {
            ("本人签名/日期", "（内容已移除）")
        };
        assert!(
            all.contains("王小芳") && all.contains(own) && all.contains(gone),
            "{all}"
        );
        assert!(!all.contains("已删除"));
    }
}
