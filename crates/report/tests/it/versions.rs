//! Versions and approvals in documents: labels, DRAFT, the protocol as a document of its own.

use crate::pdf::{bookmarks, pages, run, squeezed};
use crate::{fonts, leave, options, written};
use model::version::{ApprovalRow, SiteStanding, Standing, VersionRow};
use model::{EntityId, StudyDoc};
use report::{Options, PdfLang, VersionLabel, WarningCode};

fn id(n: u32) -> EntityId {
    EntityId::parse(&format!("0197f3a0-0000-7000-b000-{n:012}")).expect("id")
}

/// Two versions: 1.0 approved at the first site, 2.0 submitted there; the working text is 2.0.
pub(crate) fn standing(doc: &StudyDoc) -> Standing {
    let site = doc.of_kind("site").next().expect("site").id.clone();
    let approval = |n: u32, status: &str, letter: &str, day: &str| ApprovalRow {
        id: id(100 + n),
        site: site.clone(),
        site_name: "复旦大学附属华山医院".to_owned(),
        status: status.to_owned(),
        submitted_on: "2026-01-12".to_owned(),
        decided_on: day.to_owned(),
        letter: letter.to_owned(),
        valid_until: String::new(),
        interval_months: Some(12),
        conditions: String::new(),
        conflict: false,
        counts: status != "submitted",
        approved_on: (status == "approved").then(|| day.to_owned()),
    };
    let version =
        |n: u32, base: Option<EntityId>, state: &str, approvals: Vec<ApprovalRow>| VersionRow {
            id: id(n),
            number: format!("{n}.0"),
            date: format!("2026-0{n}-05"),
            base,
            reason: if n > 1 {
                "safetyInformation".to_owned()
            } else {
                String::new()
            },
            summary_zh: if n > 1 {
                "根据新的安全性信息，缩短首次随访间隔，并增加肾功能监测。".to_owned()
            } else {
                String::new()
            },
            summary_en: if n > 1 {
                "New safety information: an earlier first visit and more tests of renal function."
                    .to_owned()
            } else {
                String::new()
            },
            hash: format!("sha256:{n}f0e1d2c3b4a5968778695a4b3c2d1e0"),
            content: String::new(),
            frozen_at: "2026-03-05T02:00:00Z".to_owned(),
            frozen_by: "王海燕".to_owned(),
            left_out: Vec::new(),
            missing: Vec::new(),
            doubts: Vec::new(),
            confirmed: true,
            intact: true,
            duplicate: false,
            state: state.to_owned(),
            approved_at: model::version::approved_at(&approvals, &format!("2026-0{n}-05")),
            approvals,
        };
    Standing {
        versions: vec![
            version(
                2,
                Some(id(1)),
                "submitted",
                vec![approval(2, "submitted", "", "")],
            ),
            version(
                1,
                None,
                "approved",
                vec![approval(1, "approved", "沪伦审 2026-017 号", "2026-01-28")],
            ),
        ],
        sites: vec![SiteStanding {
            site: site.clone(),
            site_name: "复旦大学附属华山医院".to_owned(),
            site_name_en: "Huashan Hospital".to_owned(),
            current: Some(id(1)),
            number: "1.0".to_owned(),
            approved_on: "2026-01-28".to_owned(),
            letter: "沪伦审 2026-017 号".to_owned(),
            valid_until: "2027-01-27".to_owned(),
            pending: Some(id(2)),
        }],
        working_equals: Some(id(2)),
        changed_since: 0,
    }
}

/// Number of pages with the DRAFT mark.
pub(crate) fn marked(pdf: &report::Pdf) -> usize {
    let file = lopdf::Document::load_mem(&pdf.bytes).expect("pdf");
    let on = |page: &lopdf::ObjectId| {
        let content = file.get_page_content(*page);
        content.windows(10).any(|bytes| bytes == b"/DraftMark")
    };
    file.page_iter().filter(on).count()
}

#[test]
fn the_protocol_is_a_document_of_its_own() {
    let Some(fonts) = fonts() else { return };
    let study = written::written();
    let standing = standing(&study.doc);
    for (name, lang) in [
        ("zh", PdfLang::Zh),
        ("en", PdfLang::En),
        ("both", PdfLang::Both),
    ] {
        let opts = Options {
            standing: &standing,
            ..options(lang)
        };
        let label = VersionLabel::of(&standing, &id(1)).expect("version");
        let pdf = report::protocol(&study.doc, &label, &opts, fonts).expect("pdf");
        leave(&format!("protocol-{name}"), &pdf);
        assert_eq!(marked(&pdf), 0, "an approved version is no draft");
        let faults: Vec<_> = pdf
            .warnings
            .iter()
            .filter(|w| w.code == WarningCode::NotConforming)
            .collect();
        assert!(faults.is_empty(), "{faults:?}");
        let broken = pdf
            .warnings
            .iter()
            .filter(|w| w.code == WarningCode::NoPicture)
            .count();
        assert_eq!(broken, 1);
        run("qpdf", &["--check"], &pdf, &[]);
        let Some(text) = pages(&pdf) else { return };
        let all = squeezed(&text.concat());
        assert!(
            !all.contains("这一段还没有人接受"),
            "what nobody accepted is printed"
        );
        assert!(all.contains("1.0") && all.contains("2026-01-05"));
        if lang != PdfLang::En {
            for wanted in [
                "不适用：本研究不采用适应性设计。",
                "HbA1c",
                "首次随访在第14天。",
                "首次随访在第28天。",
                "起始剂量|5mg",
                "图1受试者流程",
                "样本量小于500例的试验未计入。",
                "沪伦审2026-017号",
            ] {
                assert!(all.contains(wanted), "{name}: {wanted}");
            }
        }
        if lang == PdfLang::En {
            assert!(all.contains("Notapplicable:"));
        }
        let titles: Vec<String> = bookmarks(&pdf).into_iter().map(|mark| mark.title).collect();
        let design = titles
            .iter()
            .find(|title| title.contains("4.2.1"))
            .expect("4.2.1");
        assert_eq!(design.matches("4.2.1").count(), 1, "{design}");
        let again = report::protocol(&study.doc, &label, &opts, fonts).expect("pdf");
        assert!(again.bytes == pdf.bytes, "two runs differ");
    }
}

#[test]
fn only_an_approved_version_prints_without_the_mark() {
    let Some(fonts) = fonts() else { return };
    let study = written::written();
    let mut standing = standing(&study.doc);
    let site = study.doc.of_kind("site").next().expect("site").id.clone();
    let drafts = |standing: &Standing| {
        let mut standing = standing.clone();
        for version in &mut standing.versions {
            for row in &mut version.approvals {
                row.counts = row.is_decided(&version.date, "2026-11-25");
            }
            version.approved_at = model::version::approved_at(&version.approvals, &version.date);
        }
        let standing = &standing;
        let opts = Options {
            standing,
            ..options(PdfLang::Zh)
        };
        let working = VersionLabel::working(&study.doc, standing);
        [
            report::dossier(&study.doc, &opts, fonts).expect("dossier"),
            report::submission(&study.doc, &site, &opts, fonts).expect("submission"),
            report::protocol(&study.doc, &working, &opts, fonts).expect("protocol"),
        ]
        .map(|pdf| {
            let n = marked(&pdf);
            assert!(n == 0 || n == pdf.pages, "{n} of {}", pdf.pages);
            n > 0
        })
    };
    // The working text is 2.0, which is only submitted.
    assert_eq!(drafts(&standing), [true; 3]);
    standing.versions[0].approvals[0].status = "approved".to_owned();
    assert_eq!(drafts(&standing), [false; 3]);
    // Typing went on: what is printed is no version.
    standing.working_equals = None;
    assert_eq!(drafts(&standing), [true; 3]);
    // A letter that is older than the version approves nothing.
    standing.working_equals = Some(id(2));
    standing.versions[0].approvals[0].decided_on = "2026-01-31".to_owned();
    assert_eq!(drafts(&standing), [true; 3]);
    standing.versions[0].approvals[0].decided_on = "2026-02".to_owned();
    assert_eq!(drafts(&standing), [false; 3]);
    // Taken back.
    standing.working_equals = Some(id(2));
    standing.versions[0].approvals[0].status = "withdrawn".to_owned();
    assert_eq!(drafts(&standing), [true; 3]);
}

#[test]
fn approvals_of_versions_print_with_the_sites() {
    let Some(fonts) = fonts() else { return };
    let study = written::written();
    let standing = standing(&study.doc);
    let opts = Options {
        standing: &standing,
        ..options(PdfLang::Zh)
    };
    let pdf = report::dossier(&study.doc, &opts, fonts).expect("pdf");
    leave("dossier-standing", &pdf);
    let Some(text) = pages(&pdf) else { return };
    let all = squeezed(&text.concat());
    for wanted in ["版本1.0", "沪伦审2026-017号", "2027-01-27"] {
        assert!(all.contains(wanted), "{wanted}");
    }
    assert!(
        squeezed(&text[1]).contains("版本2.0·2026-02-05"),
        "{}",
        text[1]
    );
}

#[test]
fn what_was_left_out_of_a_version_is_said_on_its_cover_and_in_its_place() {
    let Some(fonts) = fonts() else { return };
    let mut study = written::written();
    let mut standing = standing(&study.doc);
    let block = study
        .doc
        .entities
        .iter_mut()
        .find(|entity| entity.text("text.zh").contains("首次随访在第 14 天"))
        .expect("block");
    block.fields.retain(|field, _| !field.starts_with("text."));
    let (block, section) = (block.id.clone(), block.parent.clone().expect("section"));
    standing.versions[1].missing = vec![
        "enrollment".to_owned(),
        format!("block/{block}/text.zh"),
        format!("block/{block}/text.en"),
    ];
    model::version::fill_left_out(&mut study.doc, &standing.versions[1].missing);
    let label = VersionLabel::of(&standing, &id(1)).expect("version");
    let title = study
        .doc
        .entity(&section)
        .expect("section")
        .text("title.zh")
        .to_owned();
    for (lang, here) in [
        (PdfLang::Zh, "〔此处内容定稿时尚有冲突，未收入本版本〕"),
        (PdfLang::En, "[Inconflictwhentheversionwasfrozen;leftout]"),
    ] {
        let opts = Options {
            standing: &standing,
            ..options(lang)
        };
        let pdf = report::protocol(&study.doc, &label, &opts, fonts).expect("pdf");
        leave("protocol-left-out", &pdf);
        let Some(text) = pages(&pdf) else { return };
        let cover = squeezed(&text[0]);
        let said = if lang == PdfLang::Zh {
            format!(
                "有3处内容各方写法不一、尚未解决，未收入本版本：样本量、{}。",
                squeezed(&title)
            )
        } else {
            "3entrieswereinconflictandleftoutofit:".to_owned()
        };
        assert!(cover.contains(&said), "{said}: {cover}");
        assert_eq!(squeezed(&text.concat()).matches(here).count(), 1);
    }
}

#[test]
fn a_report_names_what_its_committee_approved_and_nothing_else() {
    let Some(fonts) = fonts() else { return };
    let mut study = written::written();
    let standing = standing(&study.doc);
    let site = standing.sites[0].site.clone();
    let forms = serde_json::json!("cn-generic");
    let fields = [("type", serde_json::json!("deviation")), ("forms", forms)];
    let report = study.add_to(&site, "submission", &fields);
    let own = model::formset::OwnSets::default();
    let letter = |standing: &Standing| {
        let case = model::submission::Case::of(&study.doc, &report, standing, &own);
        let opts = Options {
            standing,
            ..options(PdfLang::Zh)
        };
        let case = case.expect("case");
        let front = report::package(&case, Vec::new(), &opts, fonts).expect("a package");
        let pages = report::word_pages(&case, &front, &opts, fonts);
        format!("{:?}", pages.expect("pages")[0])
    };
    // The working text is 2.0, which the committee has not approved.
    let noted = letter(&standing);
    assert!(noted.contains("版本号为 1.0。"), "{noted}");
    let mut nothing = standing.clone();
    nothing.sites.clear();
    let plain = letter(&nothing);
    assert!(!plain.contains("版本号"), "{plain}");
    for text in [noted, plain] {
        assert!(
            !text.contains("2.0") && !text.contains("2026-02-05"),
            "{text}"
        );
    }
}
