//! A submission in the real window: begun, a file attached, checked, the package looked at and
//! written, sent in spite of what lacks, decided; the version then counts at that site.

use crate::laptop::Laptop;
use crate::window::{ENTER, TAB, Window, missing};

/// A study with one site and a frozen version.
fn study(laptop: &Laptop) -> String {
    let new = [
        "study",
        "new",
        "title.zh=早期帕金森病运动干预",
        "officialTitle.zh=早期帕金森病运动干预研究",
        "acronym=WALK",
        "--template",
        "cn-iit-interventional",
        "--hospital",
        "huashan",
    ];
    let study = laptop.json(&new)["study"]
        .as_str()
        .expect("an id")
        .to_owned();
    let freeze = ["version", "freeze", &study, "--number", "1.0"];
    laptop.ok(&[&freeze[..], &["--date", "2026-03-05"]].concat());
    study
}

#[tokio::test]
async fn a_submission_goes_from_the_list_to_the_decision() {
    if let Some(reason) = missing() {
        eprintln!("skipped: {reason}");
        return;
    }
    let laptop = Laptop::of("李示例");
    let study = study(&laptop);
    // A file that opens with a password alone, where the material lies beside the clone.
    let locked = testkit::shared_or_skip("data/pdf").map(|data| {
        let name = "pypdf/005-libreoffice-writer-password__libreoffice-writer-password.pdf";
        let file = data.join(name).display().to_string();
        laptop.ok(&[
            "document",
            "add",
            &study,
            &file,
            "--kind",
            "consent",
            "title.zh=知情同意书",
        ]);
    });
    let window = Window::open_on(&laptop.path("vault")).await;
    window.unlock().await;
    window.tab_to("rail-studies").await;
    window.type_in(ENTER).await;
    window.tab_to("study-table").await;
    window.type_in(ENTER).await;
    window.click("tab-submissions").await;
    window.sees("尚无送审").await;
    window.click("submission-new").await;
    window.click("new-submission-run").await;
    window.find("submission-list").await;
    window.sees("初始审查").await;
    window.axe_finds_nothing("a submission").await;

    // The package is looked at before it is written.
    window.click("submission-package").await;
    window.find("package-page").await;
    window.axe_finds_nothing("a package").await;
    window.picture("package-zh").await;
    let folder = laptop.path("package");
    std::fs::create_dir_all(&folder).expect("a folder");
    window.will_pick(&[&folder]);
    window.click("package-write").await;
    // From here it goes to the printer, for the stamps.
    window.find("pdf-print").await;
    window.picture("package-written-zh").await;
    window.click("package-close").await;
    window.gone("package").await;
    let names: Vec<String> = std::fs::read_dir(&folder)
        .expect("the folder")
        .map(|entry| {
            entry
                .expect("a file")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    assert!(names.contains(&"manifest.json".to_owned()), "{names:?}");
    assert!(names.iter().any(|name| name.ends_with(".pdf")), "{names:?}");

    // Checked: it says what lacks, and goes there.
    window.click("submission-step").await;
    window.find("findings").await;
    window.sees("必须解决").await;
    if locked.is_some() {
        window.sees("“知情同意书”的文件打开需要密码").await;
    }
    window.picture("submission-check-zh").await;

    // Sent nevertheless: each thing is ticked, with a reason.
    window.click("submission-more").await;
    window.item("记为已递交").await;
    window.find("send-why").await;
    if locked.is_some() {
        window.fill("file-password", "openpassword").await;
        window.click("file-password-try").await;
        window.gone("file-password").await;
        // Whoever comes back later is not asked again.
        window.press("send-submission", "取消").await;
        window.click("submission-more").await;
        window.item("记为已递交").await;
        window.find("send-why").await;
        assert_eq!(window.count("file-password").await, 0);
    }
    for _ in 0..window.count("send-along").await {
        window.type_in(" ").await;
        window.type_in(TAB).await;
    }
    window.type_in("先递交，材料随后补齐").await;
    window.axe_finds_nothing("sending").await;
    window.click("send-run").await;
    window.sees("已递交").await;
    window.sees("材料已定稿").await;

    // The decision counts for the version at this site.
    window.click("submission-more").await;
    window.item("记录审查决定").await;
    window.fill("decide-number", "伦审 2026-7 号").await;
    window.click("decide-run").await;
    window.sees("已决定").await;
    window.click("submission-back").await;
    window.find("submission-matrix").await;
    window.sees("伦审 2026-7 号").await;
    window.picture("submissions-zh").await;
    window.axe_finds_nothing("the submissions").await;
    window.close().await;

    // The same without a window.
    let rows = laptop.json(&["submission", "list", &study]);
    let row = &rows[0]["submissions"][0];
    assert_eq!(
        (&row["kind"], &row["state"]),
        (&"initial".into(), &"decided".into())
    );
    assert_eq!(rows[0]["approvedVersion"], "1.0");
}
