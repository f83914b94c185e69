//! Two states of a protocol side by side: versions or the working text, as values, PDF, Word, data.

use super::word::langs;
use crate::failure::{Failure, FailureKind};
use crate::request::{PdfLang, RedlineFormat, RedlineStyle};
use desk::{Desk, DeskError, Profile};
use exchange::word::write as word;
use model::reference::CENTER;
use model::version::{Standing, plain_number};
use model::word::WordBase;
use model::{EntityId, Lang, StudyDoc, StudyId, label, protocol};
use redline::{ChangeRow, Redline};
use report::{Options, RedlineMeta, VersionLabel};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Two states of one protocol.
pub struct Sides {
    old: StudyDoc,
    new: StudyDoc,
    from: VersionLabel,
    to: VersionLabel,
    standing: Standing,
    /// The study as it is now: reasons are written beside versions that are frozen.
    now: StudyDoc,
    /// What the new one is the state of, for when it comes back as a Word file.
    base: WordBase,
}

/// Values of `image` by their blocks.
pub type Pictures = BTreeMap<EntityId, String>;

/// What a file of a redline is made with.
pub struct Wanted {
    /// The site whose committee it is for.
    pub site: Option<EntityId>,
    /// The language.
    pub lang: PdfLang,
    /// How changes are shown.
    pub style: RedlineStyle,
    /// The kind of file.
    pub format: RedlineFormat,
    /// Whether sections without a change are left out of a PDF.
    pub only_changed: bool,
    /// Who makes it.
    pub author: Profile,
    /// The local day. Time: `YYYY-MM-DD`.
    pub today: String,
    /// The folder of fonts.
    pub fonts: PathBuf,
}

/// A finished file.
pub struct Made {
    /// The file.
    pub bytes: Vec<u8>,
    /// Pages, of a PDF.
    pub pages: Option<u32>,
    remarks: Vec<Remark>,
}

enum Remark {
    Pdf(report::Warning),
    Word(&'static str),
}

impl Made {
    /// What a reader should know about the file, in words.
    pub fn words(&self, lang: Lang) -> Vec<String> {
        let word = |key: &str| model::label::get(key).map(|label| label.text(lang).to_owned());
        self.remarks
            .iter()
            .filter_map(|remark| match remark {
                Remark::Pdf(warning) => Some(warning.text(lang)),
                Remark::Word(key) => word(key),
            })
            .collect()
    }
}

/// Reads both sides; `None` is the working text.
///
/// # Errors
/// [`DeskError::NotFound`], [`DeskError::Storage`].
pub fn sides(
    desk: &Desk,
    study: &StudyId,
    from: Option<&EntityId>,
    to: Option<&EntityId>,
) -> Result<Sides, DeskError> {
    let standing = desk.standing(study)?;
    let (old, new) = (state(desk, study, from)?, state(desk, study, to)?);
    let now = match to {
        Some(_) => state(desk, study, None)?,
        None => new.clone(),
    };
    Ok(Sides {
        from: label_of(&old, &standing, from),
        to: label_of(&new, &standing, to),
        old,
        new,
        standing,
        now,
        base: desk.word_base(study, to)?,
    })
}

/// A version as it was frozen, or the working text.
///
/// # Errors
/// [`DeskError::NotFound`], [`DeskError::Storage`].
pub(super) fn state(
    desk: &Desk,
    study: &StudyId,
    version: Option<&EntityId>,
) -> Result<StudyDoc, DeskError> {
    match version {
        Some(version) => desk.version_shown(study, version),
        None => desk.study(study)?.ok_or_else(|| DeskError::NotFound {
            what: "study",
            id: study.to_string(),
        }),
    }
}

/// What a version, or the working text, is called.
pub(super) fn label_of(
    doc: &StudyDoc,
    standing: &Standing,
    version: Option<&EntityId>,
) -> VersionLabel {
    match version {
        Some(version) => VersionLabel::of(standing, version).unwrap_or_default(),
        None => VersionLabel::working(doc, standing),
    }
}

/// The version that a redline for a committee compares with: the one that it approved last.
///
/// # Errors
/// When it has approved no frozen version.
pub fn base_for(standing: &Standing, site: &EntityId) -> Result<EntityId, Failure> {
    let found = standing.site(site);
    let name = found.map(|site| site.site_name.clone()).unwrap_or_default();
    found
        .and_then(|site| site.current.clone())
        .ok_or_else(|| Failure::new(FailureKind::NotFound, "failure.noBase").with("site", name))
}

impl Sides {
    /// What changed.
    pub fn compare(&self) -> Redline {
        redline::redline(&protocol::of(&self.old), &protocol::of(&self.new))
    }

    /// The changes as a table, with the reasons that were written.
    pub fn table(&self, redline: &Redline) -> Vec<ChangeRow> {
        let mut rows = redline::change_table(redline);
        let ids = (self.from.id.as_ref(), self.to.id.as_ref());
        redline::explain(&mut rows, &self.now, &self.standing, ids);
        rows
    }

    /// The pictures of the old text that the new one does not have as they were, and of the new.
    pub fn pictures(&self) -> (Pictures, Pictures) {
        let (mut old, new) = (pictures_of(&self.old), pictures_of(&self.new));
        old.retain(|block, image| new.get(block) != Some(image));
        (old, new)
    }

    /// What a PDF of them is made with, underlined and struck out.
    pub(super) fn meta<'a>(&'a self, site: Option<&'a EntityId>) -> RedlineMeta<'a> {
        RedlineMeta {
            doc: &self.new,
            was: &self.old,
            now: &self.now,
            from: self.from.clone(),
            to: self.to.clone(),
            site,
            style: report::RedlineStyle::Underline,
            only_changed: false,
            disputed: super::word::n_disputed(&self.old) + super::word::n_disputed(&self.new),
        }
    }

    /// What the two sides are called.
    pub fn names(&self, lang: Lang) -> (String, String) {
        (name(&self.from, lang), name(&self.to, lang))
    }
}

fn pictures_of(doc: &StudyDoc) -> Pictures {
    let blocks = protocol::of(doc).sections.into_iter();
    let blocks = blocks.flat_map(|section| section.blocks);
    let with_picture = blocks.filter(|block| !block.image.is_empty());
    with_picture.map(|block| (block.id, block.image)).collect()
}

fn name(version: &VersionLabel, lang: Lang) -> String {
    if !version.is_frozen() {
        return label!("version.working").text(lang).to_owned();
    }
    // However it was typed, it bears one V.
    let number = plain_number(&version.number);
    let params = [("number", number.as_str()), ("date", version.date.as_str())];
    label!("version.label").fill(lang, &params)
}

/// Writes a redline.
///
/// # Errors
/// When fonts are missing or typesetting fails.
pub fn write(sides: &Sides, wanted: &Wanted) -> Result<Made, Failure> {
    let redline = sides.compare();
    let mut made = match wanted.format {
        RedlineFormat::Pdf => pdf(sides, &redline, wanted)?,
        RedlineFormat::Docx => docx(sides, &redline, wanted),
        RedlineFormat::Json => json(sides, &redline),
    };
    let disputed = [&sides.old, &sides.new]
        .into_iter()
        .find_map(super::word::in_conflict);
    made.remarks.extend(disputed.map(Remark::Word));
    let is_back = |from: &VersionLabel, to: &VersionLabel| {
        to.is_frozen() && from.is_frozen() && to.date < from.date
    };
    if is_back(&sides.from, &sides.to) {
        made.remarks.push(Remark::Word("redline.backwards"));
    }
    if let Some(site) = &wanted.site
        && sides
            .standing
            .site(site)
            .and_then(|site| site.current.as_ref())
            != sides.from.id.as_ref()
    {
        made.remarks.push(Remark::Word("redline.otherBase"));
    }
    let by_style = [RedlineStyle::Shaded, RedlineStyle::SideBySide];
    if wanted.format == RedlineFormat::Docx && by_style.contains(&wanted.style) {
        made.remarks.push(Remark::Word("redline.tracked"));
    }
    Ok(made)
}

fn pdf(sides: &Sides, redline: &Redline, wanted: &Wanted) -> Result<Made, Failure> {
    let fonts = super::pdf::fonts(&wanted.fonts)?;
    let options = Options {
        lang: super::pdf::lang(wanted.lang),
        today: wanted.today.clone(),
        prepared_by: super::pdf::name(&wanted.author, wanted.lang),
        center: &CENTER,
        standing: &sides.standing,
    };
    let meta = RedlineMeta {
        style: match wanted.style {
            RedlineStyle::Underline => report::RedlineStyle::Underline,
            RedlineStyle::Shaded => report::RedlineStyle::Shaded,
            RedlineStyle::Clean => report::RedlineStyle::Clean,
            RedlineStyle::SideBySide => report::RedlineStyle::SideBySide,
            RedlineStyle::Table => report::RedlineStyle::Table,
        },
        only_changed: wanted.only_changed,
        ..sides.meta(wanted.site.as_ref())
    };
    let rows = sides.table(redline);
    let made = report::redline_pdf(redline, &rows, &meta, &options, &fonts);
    let made = made.map_err(super::pdf::failed)?;
    Ok(Made {
        bytes: made.bytes,
        pages: u32::try_from(made.pages).ok(),
        remarks: made.warnings.into_iter().map(Remark::Pdf).collect(),
    })
}

fn docx(sides: &Sides, redline: &Redline, wanted: &Wanted) -> Made {
    let (old, new) = (protocol::of(&sides.old), protocol::of(&sides.new));
    let author = word::Author {
        name: super::pdf::name(&wanted.author, wanted.lang),
        at: wanted.today.clone(),
    };
    let head = word::Head {
        base: name(&sides.from, super::pdf::first(wanted.lang)),
        note: super::word::notes(
            &[(&sides.from, &sides.old), (&sides.to, &sides.new)],
            super::pdf::first(wanted.lang),
        ),
        state: Some(sides.base.clone()),
        ..super::word::head(&sides.to)
    };
    let clean = word::Head {
        base: String::new(),
        note: super::word::notes(&[(&sides.to, &sides.new)], super::pdf::first(wanted.lang)),
        ..head.clone()
    };
    let langs = langs(wanted.lang);
    let both = word::Sides {
        old: &old,
        new: &new,
    };
    let file = match wanted.style {
        RedlineStyle::Clean => word::write(&new, &clean, langs),
        RedlineStyle::Table => {
            let version = sides
                .to
                .id
                .as_ref()
                .and_then(|id| sides.standing.version(id));
            let summary = version.map_or("", |row| match super::pdf::first(wanted.lang) {
                Lang::Zh if !row.summary_zh.is_empty() => &row.summary_zh,
                Lang::En if !row.summary_en.is_empty() => &row.summary_en,
                _ if row.summary_zh.is_empty() => &row.summary_en,
                _ => &row.summary_zh,
            });
            let mut rows = sides.table(redline);
            let code = version.map_or("", |row| row.reason.as_str());
            // Where nobody wrote why a change was made, the reason of the amendment stands for it.
            if let Some(reason) = model::code::find("amendmentReason", code) {
                for row in &mut rows {
                    if row.why_zh.is_empty() && row.why_en.is_empty() {
                        row.why_zh = reason.zh.to_owned();
                        row.why_en = reason.en.to_owned();
                    }
                }
            }
            word::write_change_table(&rows, &new, &head, langs, summary)
        }
        _ => word::write_redline(redline, both, &head, langs, &author),
    };
    Made {
        bytes: file.bytes,
        pages: None,
        remarks: file.warnings.into_iter().map(Remark::Word).collect(),
    }
}

fn json(sides: &Sides, redline: &Redline) -> Made {
    let side = |label: &VersionLabel| {
        serde_json::json!({
            "version": label.id,
            "number": label.number,
            "date": label.date,
            "hash": label.id.as_ref().and_then(|id| sides.standing.version(id)).map(|v| &v.hash),
        })
    };
    let value = serde_json::json!({
        "from": side(&sides.from),
        "to": side(&sides.to),
        "unresolved": super::word::n_disputed(&sides.old) + super::word::n_disputed(&sides.new),
        "counts": redline.counts,
        "table": sides.table(redline),
        "lines": redline.lines,
    });
    Made {
        bytes: serde_json::to_vec_pretty(&value).expect("plain values"),
        pages: None,
        remarks: Vec::new(),
    }
}
