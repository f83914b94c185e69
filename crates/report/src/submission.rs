//! The first submission to the ethics committee of one site.

use crate::error::ReportError;
use crate::file::{self, Sheet};
use crate::fonts::Fonts;
use crate::node::Node;
use crate::parts::{
    application, chapter_of, checklist, design, letter, milestones, papers, protocol, sites,
    statements, team,
};
use crate::pen::Pen;
use crate::version::{self, VersionLabel};
use crate::{Options, Pdf, dossier};
use model::{EntityId, StudyDoc, kind, label};

/// Makes the submission for a site.
///
/// # Errors
/// When the study has no facts, the site is not one of its sites, the day is not one, or the
/// templates are at fault.
pub fn submission(
    doc: &StudyDoc,
    site: &EntityId,
    opts: &Options<'_>,
    fonts: &Fonts,
) -> Result<Pdf, ReportError> {
    let root = doc.root().ok_or(ReportError::NoStudy)?;
    let site = doc
        .entity(site)
        .filter(|entity| entity.kind == kind::SITE && entity.is_shown())
        .ok_or(ReportError::NoSite)?;
    let today = file::day(opts)?;
    let mut pen = Pen::new(doc, opts, fonts);
    let mut body = letter::letter(&mut pen, root, site);
    body.push(Node::Contents {
        title: pen.word(label!("pdf.contents")),
    });
    body.extend(application::application(&mut pen, root, site));
    body.extend(checklist::checklist(&mut pen, root));
    body.extend(team::team(&mut pen, root, site));
    body.extend(statements::statements(&mut pen, root, site));
    body.extend(protocol::sections(&mut pen));
    body.extend(design::arms(&mut pen));
    body.extend(design::outcomes(&mut pen));
    body.extend(protocol::eligibility(&mut pen, root));
    let table = sites::sites(&mut pen).into_iter().collect();
    body.extend(chapter_of(&pen, label!("pdf.sites"), table));
    body.extend(milestones::of_study(&mut pen));
    body.extend(papers::references(&mut pen));
    let name = dossier::title(&mut pen, root);
    let hospital = sites::facility_line(&mut pen, site);
    let sheet = Sheet {
        title: format!(
            "{name} · {} · {hospital}",
            pen.word(label!("pdf.submission"))
        ),
        author: dossier::author(&mut pen, root),
        lang: file::lang_code(opts.lang),
        both: opts.lang == crate::PdfLang::Both,
        today,
        header: [dossier::short(&name), dossier::version_line(&mut pen, root)],
        footer: [
            dossier::number(&mut pen, root),
            dossier::prepared_line(&mut pen),
        ],
        page_of: file::page_of(opts.lang),
        style: "",
        flipped: false,
        cover: None,
        body,
    };
    // What is approved at one site is no draft at the next one either.
    let label = VersionLabel::working(doc, opts.standing);
    let draft = version::is_draft(doc, opts.standing, &label);
    file::finish(&sheet, draft, pen, fonts)
}
