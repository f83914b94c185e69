//! The cover letter to a site's committee.

use super::{checklist, sites, statements, team};
use crate::dossier;
use crate::node::{Cell, LetterPart, Node};
use crate::pen::Pen;
use model::submission::case::REPORTS;
use model::{Entity, Lang, code, label};

/// What is submitted with a letter.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Occasion<'a> {
    /// Code of `submissionType`.
    pub(crate) kind: &'a str,
    /// Number and date of the version that is submitted, or that a report speaks of.
    pub(crate) version: Option<(&'a str, &'a str)>,
    /// How many items of the committee's list lack.
    pub(crate) lacking: usize,
}

/// The letter of a first submission, on a page of its own: as the study stands.
pub(crate) fn letter(pen: &mut Pen<'_>, root: &Entity, site: &Entity) -> Vec<Node> {
    let lacking = checklist::lacking(pen);
    let first = Occasion {
        kind: "initial",
        version: None,
        lacking,
    };
    letter_for(pen, root, site, &first)
}

/// What the letter of a kind of submission is called.
pub fn title(kind: &str, lang: Lang) -> String {
    match kind {
        "initial" => label!("pdf.letter.title").text(lang).to_owned(),
        _ => {
            let kind = code::text("submissionType", kind, lang);
            label!("pdf.letter.titleOf").fill(lang, &[("kind", kind)])
        }
    }
}

/// The letter that goes with a submission, on a page of its own.
pub(crate) fn letter_for(
    pen: &mut Pen<'_>,
    root: &Entity,
    site: &Entity,
    occasion: &Occasion<'_>,
) -> Vec<Node> {
    let kind = |lang| code::text("submissionType", occasion.kind, lang);
    let langs = pen.langs();
    let titles = langs.iter().map(|lang| title(occasion.kind, *lang));
    let titles: Vec<String> = titles.collect();
    let mut out = vec![
        Node::Letter {
            runs: vec![pen.text(&titles.join(" "), None)],
            manner: LetterPart::Title,
        },
        Node::Letter {
            runs: addressee(pen, site),
            manner: LetterPart::To,
        },
        Node::Letter {
            runs: subject(pen, root),
            manner: LetterPart::Subject,
        },
    ];
    let [version, date] = match occasion.version {
        Some((number, date)) => [number.to_owned(), date.to_owned()],
        // The working text says nothing of what this committee approved.
        None if REPORTS.contains(&occasion.kind) => [String::new(), String::new()],
        None => dossier::version_facts(pen, root).map(|fact| Pen::join(&fact.value, " ")),
    };
    let sentence = match (occasion.kind, version.as_str(), date.as_str()) {
        ("initial", ..) => label!("pdf.letter.submit"),
        (kind, "", _) if REPORTS.contains(&kind) => label!("pdf.letter.submitPlain"),
        (kind, _, "") if REPORTS.contains(&kind) => label!("pdf.letter.submitNumber"),
        _ => label!("pdf.letter.submitOf"),
    };
    let [version, date] = [version, date].map(|text| match text.as_str() {
        "" => empty(pen),
        _ => text,
    });
    let submitted = pen.langs().iter().map(|lang| {
        let params = [
            ("kind", kind(*lang)),
            ("version", version.as_str()),
            ("date", date.as_str()),
        ];
        sentence.fill(*lang, &params)
    });
    let submitted: Vec<String> = submitted.collect();
    let runs = submitted.iter().map(|text| pen.text(text, None)).collect();
    out.push(Node::Para { runs });
    let mut say = |pen: &mut Pen<'_>, label, params: &[(&str, String)]| {
        let params: Vec<(&str, &str)> = params
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        out.push(Node::Para {
            runs: pen.sentence(label, &params),
        });
    };
    let leader = team::leader(pen, root, site);
    let department = blank(pen, site, "department");
    let here = blank(pen, site, "plannedEnrollment");
    let total = blank(pen, root, "enrollment");
    say(
        pen,
        label!("pdf.letter.conduct"),
        &[
            ("leader", leader),
            ("department", department),
            ("here", here),
            ("total", total),
        ],
    );
    if occasion.lacking > 0 {
        say(
            pen,
            label!("pdf.letter.lacking"),
            &[("n", occasion.lacking.to_string())],
        );
    }
    let (name, phone, mail) = team::contact(pen, site);
    say(
        pen,
        label!("pdf.letter.contact"),
        &[("name", name), ("phone", phone), ("mail", mail)],
    );
    let hospital = sites::facility(pen, site);
    let today = pen.opts.today.clone();
    let mut closing = hospital;
    closing.push(pen.text(&today, None));
    out.push(Node::Letter {
        runs: closing,
        manner: LetterPart::Closing,
    });
    out.push(Node::Sign {
        lines: vec![statements::line(pen, label!("pdf.sign.leader"))],
    });
    out
}

/// “To: the committee”; a site without a committee has a place to write it.
fn addressee(pen: &mut Pen<'_>, site: &Entity) -> Cell {
    let name = Pen::join(&committee(pen, site), " / ");
    if name.is_empty() {
        let todo = empty(pen);
        return pen.sentence(label!("pdf.letter.to"), &[("committee", &todo)]);
    }
    if pen.langs().len() == 1 {
        return pen.sentence(label!("pdf.letter.to"), &[("committee", &name)]);
    }
    let of = |pen: &mut Pen<'_>, lang: Lang| {
        let written = site.text_in("committee", lang).to_owned();
        if written.is_empty() {
            known_committee(pen, site, lang).unwrap_or_else(|| name.clone())
        } else {
            written
        }
    };
    let conflict = ["committee.zh", "committee.en"]
        .iter()
        .any(|register| site.fields.get(*register).is_some_and(|held| held.conflict));
    let label = label!("pdf.letter.to");
    let mut out = Cell::new();
    for lang in [Lang::Zh, Lang::En] {
        let committee = if conflict {
            name.clone()
        } else {
            of(pen, lang)
        };
        out.push(pen.text(&label.fill(lang, &[("committee", &committee)]), None));
    }
    out
}

/// The committee: as written, else that of the partner hospital.
pub(crate) fn committee(pen: &mut Pen<'_>, site: &Entity) -> Cell {
    let written = pen.value(site, "committee");
    if !written.is_empty() {
        return written;
    }
    let langs = pen.langs();
    let names: Vec<String> = langs
        .iter()
        .filter_map(|lang| known_committee(pen, site, *lang))
        .collect();
    names.iter().map(|name| pen.text(name, None)).collect()
}

fn known_committee(pen: &Pen<'_>, site: &Entity, lang: Lang) -> Option<String> {
    let code = site.text("hospital");
    let hospital = pen
        .opts
        .center
        .hospitals
        .iter()
        .find(|hospital| hospital.code == code)?;
    Some(hospital.committee.text(lang).to_owned())
}

fn subject(pen: &mut Pen<'_>, root: &Entity) -> Cell {
    let number = dossier::number(pen, root);
    let label = label!("pdf.letter.subject");
    let langs = pen.langs();
    langs
        .iter()
        .map(|lang| {
            let title = dossier::official(pen, root, *lang);
            let numbered = match (number.is_empty(), lang) {
                (true, _) => title,
                (false, Lang::Zh) => format!("{title}（{number}）"),
                (false, Lang::En) => format!("{title} ({number})"),
            };
            pen.text(&label.fill(*lang, &[("title", &numbered)]), None)
        })
        .collect()
}

/// A value on one line, or a place to fill in.
pub(crate) fn blank(pen: &mut Pen<'_>, entity: &Entity, field: &str) -> String {
    let text = pen.line(entity, field);
    if text.is_empty() { empty(pen) } else { text }
}

/// A place to fill in.
pub(crate) fn empty(pen: &Pen<'_>) -> String {
    let word = pen.word(label!("pdf.todo"));
    match pen.main_lang() {
        Lang::Zh => format!("〔{word}〕"),
        Lang::En => format!("[{word}]"),
    }
}
