//! A Word file: read as a job, given up, carried out.

use crate::host::Laptop;
use rpc::Event;
use serde_json::{Value, json};
use std::sync::mpsc;

async fn written(laptop: &Laptop, study: &str) -> String {
    let path = laptop.path("protocol.docx").display().to_string();
    let export = json!({"study": study, "version": null, "lang": "zh", "path": path});
    laptop.call("export.word", export).await;
    path
}

fn stages(laptop: &Laptop) -> Vec<(String, u32)> {
    let progress = |event| match event {
        Event::Progress { stage, done, .. } => Some((stage, done)),
        _ => None,
    };
    let told = laptop.face.told().into_iter();
    told.filter_map(progress)
        .filter(|(stage, _)| stage.starts_with("word"))
        .collect()
}

fn run(study: &str, preview: &Value) -> Value {
    json!({"study": study, "preview": preview, "choices": {
        "lang": "zh", "sections": [], "unsure": [], "archiveGone": false, "keepGone": []}})
}

#[tokio::test]
async fn tells_where_it_is_while_it_is_read() {
    let laptop = Laptop::with_sample().await;
    let study = laptop.study().await;
    let path = written(&laptop, &study).await;
    laptop
        .call("word.read", json!({"study": study, "path": path}))
        .await;
    let said: Vec<_> = [("wordRead", 0), ("wordMatch", 1), ("wordMatch", 2)]
        .map(|(stage, done)| (stage.to_owned(), done))
        .into();
    assert_eq!(stages(&laptop), said);
}

// Cancelling from within an event needs a second thread.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn that_is_given_up_while_it_is_read_is_not_matched() {
    let laptop = Laptop::with_sample().await;
    let study = laptop.study().await;
    let path = written(&laptop, &study).await;
    // The person cancels as soon as she sees that the file is being read.
    let (seen, jobs) = mpsc::channel();
    let app = laptop.app.clone();
    laptop.face.on_event(move |event| {
        if let Event::Progress { job, .. } = event {
            let cancel = app.call("job.cancel", json!({ "job": job }));
            tokio::task::block_in_place(|| {
                tokio::runtime::Handle::current().block_on(cancel).unwrap();
            });
            seen.send(*job).unwrap();
        }
    });
    let code = laptop
        .refused("word.read", json!({"study": study, "path": path}))
        .await;
    assert_eq!(code, "failure.cancelled");
    assert_eq!(stages(&laptop), [("wordRead".to_owned(), 0)]);
    let job = json!(jobs.recv().unwrap());
    let code = laptop.refused("word.run", run(&study, &job)).await;
    assert_eq!(code, "failure.noPreview");
}

#[tokio::test]
async fn of_which_the_preview_was_given_up_is_forgotten() {
    let laptop = Laptop::with_sample().await;
    let study = laptop.study().await;
    let path = written(&laptop, &study).await;
    let read = json!({"study": study, "path": path});
    let first = laptop.call("word.read", read.clone()).await["preview"].clone();
    // Another reading gives the first one up, a cancelled one is given up as well.
    let second = laptop.call("word.read", read).await["preview"].clone();
    let code = laptop.refused("word.run", run(&study, &first)).await;
    assert_eq!(code, "failure.noPreview");
    laptop.call("job.cancel", json!({ "job": second })).await;
    let code = laptop.refused("word.run", run(&study, &second)).await;
    assert_eq!(code, "failure.noPreview");
}
