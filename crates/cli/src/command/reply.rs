//! Rounds of a committee's questions: noted, answered, sent.

use super::submission::{day, find, said};
use crate::args::{Args, UsageError};
use crate::output::{CommandError, Outcome};
use crate::value;
use desk::{Edit, Question};
use model::submission::rounds;
use model::{Entity, EntityId, Register, StudyDoc, kind};
use rpc::Failure;
use rpc::failure::FailureKind;

/// What an option for an answer looks like.
const ANSWER: &str = "--text NO=TEXT";

/// Notes a round of questions: each further word is one.
pub(super) fn ask(args: &Args) -> Result<Outcome, CommandError> {
    let mut desk = super::open(args)?;
    let (doc, id) = find(args, &mut desk)?;
    let questions = Question::numbered(args.rest(4).iter().cloned());
    let (reply, _) = desk.submission_ask(&doc.id, &id, &day(args), questions)?;
    println!("reply/{reply}");
    Ok(Outcome::Good)
}

/// Notes the answers that are given, and sends the round that is open; with `--keep` it stays open,
/// and what a re-review answers is sent with it.
pub(super) fn answer(args: &Args) -> Result<Outcome, CommandError> {
    let texts = texts(args)?;
    let register = match args.option("lang").unwrap_or("zh") {
        "zh" => "answer.zh",
        "en" => "answer.en",
        other => return Err(UsageError::wanted("--lang zh|en", other).into()),
    };
    let mut desk = super::open(args)?;
    let (doc, id) = find(args, &mut desk)?;
    let (reply, is_carried) = open_round(&doc, &id)?;
    let points: Vec<&Entity> = doc.children(&reply, kind::POINT).collect();
    let edits = texts.iter().map(|text| edit(&points, text, register));
    // All are understood before one is noted.
    for edit in edits.collect::<Result<Vec<_>, _>>()? {
        desk.set(&doc.id, edit, None)?;
    }
    if !args.flag("keep") && !is_carried {
        desk.submission_answer(&doc.id, &reply, &day(args))?;
    }
    said(args, &desk, &doc, &id)
}

/// What `--text` and `--text-file` give: as it is written there, and the text behind `=`.
fn texts(args: &Args) -> Result<Vec<(String, String)>, CommandError> {
    let mut texts = Vec::new();
    for given in args.options("text") {
        let text = given
            .split_once('=')
            .map_or("", |(_, text)| text)
            .to_owned();
        texts.push((given, text));
    }
    for given in args.options("text-file") {
        // A number and a file, or a file whose name may hold the same mark.
        let is_numbered = |(no, _): &(&str, &str)| no.chars().all(char::is_alphanumeric);
        let (no, path) = given
            .split_once('=')
            .filter(is_numbered)
            .unwrap_or(("", &given));
        let text = std::fs::read_to_string(path).map_err(|error| {
            log::info!("reply: {error}");
            Failure::new(FailureKind::NotFound, "failure.read").with("path", path)
        })?;
        let text = text.trim_start_matches('\u{feff}').trim_end().to_owned();
        let whole = if no.is_empty() {
            text.clone()
        } else {
            format!("{no}={text}")
        };
        texts.push((whole, text));
    }
    Ok(texts)
}

/// The answer to one question: the one whose number stands in front, or the only one.
fn edit(
    points: &[&Entity],
    (whole, behind): &(String, String),
    register: &str,
) -> Result<Edit, CommandError> {
    let no = whole.split_once('=').map_or("", |(no, _)| no.trim());
    let numbered = points.iter().find(|one| one.text("number") == no);
    let (point, text) = match (numbered, points) {
        (Some(point), _) => (*point, behind),
        (None, [only]) => (*only, whole),
        (None, _) => {
            let numbers: Vec<&str> = points.iter().map(|one| one.text("number")).collect();
            let wanted = format!("{ANSWER} ({})", numbers.join("|"));
            return Err(UsageError::wanted(&wanted, no).into());
        }
    };
    if text.trim().is_empty() {
        return Err(UsageError::missing(ANSWER).into());
    }
    let held = point.fields.get(register);
    Ok(Edit {
        entity: point.id.clone(),
        field: register.into(),
        value: value::read(kind::POINT, register, text)?,
        seen: held.map(Register::seen).unwrap_or_default(),
    })
}

/// The round that waits for answers, and whether a re-review takes it along: one of the submission
/// itself, or of the one that it goes on from.
fn open_round(doc: &StudyDoc, id: &EntityId) -> Result<(EntityId, bool), CommandError> {
    let missing = || Failure::new(FailureKind::NotFound, "cli.noPath").with("path", "reply");
    let submission = doc.entity(id).ok_or_else(missing)?;
    let is_open = |reply: &&Entity| reply.text("sentOn").is_empty();
    let own = rounds::below(doc, submission).into_iter().find(is_open);
    let is_sent_back = rounds::is_sent_back(doc, submission);
    let carried = rounds::carried(doc, submission).into_iter().find(is_open);
    let own = own.map(|round| (round.id.clone(), is_sent_back));
    let found = own.or_else(|| carried.map(|round| (round.id.clone(), true)));
    Ok(found.ok_or_else(missing)?)
}
