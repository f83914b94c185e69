//! The main job in the real window: first start, a study, an import, an edit, search, history, a
//! conflict, a PDF; a picture of each screen in both languages, and nothing for axe to find.

use crate::window::{Window, missing};

const PASSPHRASE: &str = "three horses cross 心衰 river";

/// A registry record of invented content.
const RECORD: &str = r#"{"protocolSection":{
  "identificationModule":{"nctId":"NCT99999903","briefTitle":"Early Rhythm Control (Example)"},
  "statusModule":{"overallStatus":"RECRUITING","startDateStruct":{"date":"2026-05","type":"ACTUAL"}},
  "descriptionModule":{"briefSummary":"An invented record."},
  "conditionsModule":{"conditions":["Atrial Fibrillation"]}}}"#;

macro_rules! story {
    ($(#[$doc:meta])* $name:ident, $window:ident => $body:block) => {
        $(#[$doc])*
        #[tokio::test]
        async fn $name() {
            if let Some(reason) = missing() {
                eprintln!("skipped: {reason}");
                return;
            }
            let $window = Window::open().await;
            $body
        }
    };
}

async fn first_start(window: &Window) {
    window.click("lang-zh").await;
    window.picture("start-zh").await;
    window.axe_finds_nothing("first start").await;
    window.click("begin").await;
    window.fill("profile-name-zh", "李示例").await;
    window.fill("profile-name-en", "Li Example").await;
    window.click("profile-next").await;
    window.fill("passphrase", PASSPHRASE).await;
    window.fill("passphrase-again", PASSPHRASE).await;
    window.picture("passphrase-zh").await;
    window.click("create-vault").await;
    let sheet = window
        .find("recovery-code")
        .await
        .text()
        .await
        .expect("text");
    let code = sheet
        .split_whitespace()
        .last()
        .expect("the code")
        .to_owned();
    let confirm = window.find("recovery-confirm").await;
    let group = confirm
        .attr("data-group")
        .await
        .expect("an attribute")
        .expect("a group");
    let group: usize = group.parse().expect("a number");
    let part = code.split('-').nth(group).expect("the group").to_owned();
    window.picture("recovery-zh").await;
    confirm.send_keys(&part).await.expect("typing");
    window.click("recovery-done").await;
    window.find("new-study").await;
}

story!(a_new_person_makes_a_study_and_prints_it, window => {
    first_start(&window).await;
    window.picture("studies-empty-zh").await;
    window.axe_finds_nothing("the empty list").await;
    window.click("new-study").await;
    window.fill("new-title-zh", "早期节律控制对心衰患者的影响").await;
    window.click("new-hospital-ruijin").await;
    window.picture("new-study-zh").await;
    window.axe_finds_nothing("a new study").await;
    window.click("new-study-create").await;
    window.find("study-head").await;
    window.sees("早期节律控制对心衰患者的影响").await;
    window.picture("overview-new-zh").await;

    // Saved is saved: the program ends without a word, and the study is there.
    let window = window.crash_and_reopen().await;
    window.fill("unlock-secret", PASSPHRASE).await;
    window.picture("unlock-zh").await;
    window.click("unlock").await;
    window.find("today").await;
    window.picture("today-empty-zh").await;
    window.axe_finds_nothing("a day on which nothing is due").await;
    window.click("rail-studies").await;
    window.sees("早期节律控制对心衰患者的影响").await;

    // A value is edited where it is read, and its history tells who and when.
    window.click("study-row").await;
    window.click("tab-overview").await;
    window.press("field-study-acronym", "").await;
    window.type_in("EARLY-HF\u{e007}").await;
    window.sees("EARLY-HF").await;
    window.click("tab-history").await;
    window.find("panel-history").await;
    window.sees("EARLY-HF").await;
    window.picture("history-new-zh").await;
    window.click("rail-studies").await;

    // A record comes in.
    let record = window.path("record.json");
    std::fs::write(&record, RECORD).expect("a file");
    window.will_pick(&[&record]);
    window.click("import-open").await;
    window.sees("NCT99999903").await;
    window.picture("import-zh").await;
    window.axe_finds_nothing("the import").await;
    window.click("import-run").await;
    window.click("import-finish").await;
    window.sees("Early Rhythm Control").await;
    window.fill("study-search", "节律").await;
    window.sees("早期节律控制对心衰患者的影响").await;
    window.close().await;
});

story!(the_sample_shows_every_screen, window => {
    window.click("lang-zh").await;
    window.click("sample").await;
    window.find("today-line").await;
    window.picture("today-zh").await;
    window.axe_finds_nothing("today").await;
    window.click("rail-studies").await;
    window.find("study-row").await;
    for (lang, other) in [("zh", "en"), ("en", "zh")] {
        window.picture(&format!("studies-{lang}")).await;
        window.axe_finds_nothing("the list").await;
        window.click("study-row").await;
        for tab in ["overview", "protocol", "sites", "milestones", "documents", "history"] {
            window.click(&format!("tab-{tab}")).await;
            window.find(&format!("panel-{tab}")).await;
            window.picture(&format!("{tab}-{lang}")).await;
            window.axe_finds_nothing(tab).await;
        }
        window.click("rail-conflicts").await;
        window.find("conflicts").await;
        window.picture(&format!("conflicts-{lang}")).await;
        window.axe_finds_nothing("conflicts").await;
        window.click("rail-settings").await;
        window.find("settings").await;
        window.picture(&format!("settings-{lang}")).await;
        window.axe_finds_nothing("settings").await;
        window.click(&format!("set-lang-{other}")).await;
        window.click("rail-studies").await;
        window.find("study-row").await;
    }
    // Somebody settles the conflict, with a reason.
    window.click("rail-conflicts").await;
    window.press("conflict", "采用此值").await;
    window.fill("conflict-why", "双方商定").await;
    window.click("conflict-save").await;
    window.sees("已解决").await;
    window.picture("conflicts-settled-zh").await;
    window.click("rail-studies").await;

    // Printed for an ethics committee.
    window.click("study-row").await;
    window.click("tab-overview").await;
    window.find("panel-overview").await;
    window.click("pdf-open").await;
    window.find("pdf-dialog").await;
    let pdf = window.path("dossier.pdf");
    window.will_pick(&[&pdf]);
    window.picture("pdf-zh").await;
    window.axe_finds_nothing("the PDF dialog").await;
    window.click("pdf-make").await;
    window.find("pdf-done").await;
    let bytes = std::fs::read(&pdf).expect("the PDF");
    assert!(bytes.starts_with(b"%PDF-"));
    window.close().await;
});
