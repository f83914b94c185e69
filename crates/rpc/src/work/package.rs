//! A submission as files: one PDF of everything, each file by its name, and a list of them all.

use super::made::refusal_words;
use super::names::Names;
use super::office_form::OfficeForm;
use super::package_manifest::conforms;
use super::redline::{Sides, label_of, state};
use crate::failure::{Failure, FailureKind};
use crate::request::PdfLang;
use desk::{Desk, DeskError, Profile, Submitted};
use model::formset::{FormSet, NameParts, file_name};
use model::reference::CENTER;
use model::submission::Case;
use model::submission::list::{Enclosed as Listed, Row, enclosed, file_name_of, rows};
use model::{EntityId, Lang, StudyId, label};
use package::sandbox::Sandbox;
use package::{Attachment, Clean, Merged, Refusal};
use report::{Fonts, Options, RedlineMeta, Stamp};
use std::collections::BTreeMap;
use std::io;
use std::mem::take;
use std::path::PathBuf;

pub use super::made::{Made, write};

/// The word by which a program of ours is told to open a foreign file and to do nothing else.
pub const HELPER: &str = "pdf-helper";

/// Does the work of [`HELPER`]: job and file come in by standard input.
///
/// # Errors
/// When the pipes fail.
pub fn serve_helper() -> io::Result<()> {
    package::serve(io::stdin().lock(), io::stdout().lock(), exchange::words)
}

/// The process of this very program that opens foreign files.
///
/// # Errors
/// When the program does not know where it lies.
pub fn helper() -> Result<Sandbox, Failure> {
    let program = std::env::current_exe().map_err(|error| {
        log::error!("package: {error}");
        Failure::new(FailureKind::Internal, "failure.pdf")
    })?;
    Ok(Sandbox::new(program, vec![HELPER.into()]))
}

/// What stands for a file that goes along beside the one PDF, where our own sheet says the same.
pub(super) const BESIDE: &str = "beside";

/// What a package is made with.
pub struct Wanted {
    /// The language.
    pub lang: PdfLang,
    /// Who makes it.
    pub author: Profile,
    /// The local day. Time: `YYYY-MM-DD`.
    pub today: String,
    /// The folder of fonts.
    pub fonts: PathBuf,
    /// Passwords of files, by the id of their document.
    pub passwords: BTreeMap<String, String>,
    /// Opens foreign files.
    pub helper: Sandbox,
    /// Told how far it is: done, of how many, what; an error stops the work.
    pub step: Box<dyn Fn(u32, u32, &str) -> Result<(), Failure> + Send>,
}

/// Everything of a submission that is read from the vault.
pub struct Material {
    said: Submitted,
    /// Old and new side by side.
    sides: Option<Sides>,
    /// Bytes of the files that are here, by hash.
    pub(super) bytes: BTreeMap<String, Vec<u8>>,
}

/// Reads a submission.
///
/// # Errors
/// [`DeskError::NotFound`], [`DeskError::Damaged`], [`DeskError::Storage`].
pub fn read(desk: &Desk, study: &StudyId, submission: &EntityId) -> Result<Material, DeskError> {
    let said = desk.submitted(study, submission)?;
    let case = said.case()?;
    let version = case.version().map(|version| version.id.clone());
    let base = case.submission.reference("base");
    let mut bytes = BTreeMap::new();
    for file in enclosed(&rows(&case))
        .into_iter()
        .filter_map(|one| one.file)
    {
        match desk.blob_read(&file.hash) {
            Ok(read) => drop(bytes.insert(file.hash, read)),
            Err(DeskError::FileElsewhere) => {}
            Err(error) => return Err(error),
        }
    }
    let forms = rows(&case)
        .into_iter()
        .filter(|row| row.item.made == "form");
    let forms = forms.filter_map(|row| case.set?.form(&row.item.form)?.blank.as_ref());
    for blank in forms {
        match desk.blob_read(&blank.sha256) {
            Ok(read) => drop(bytes.insert(blank.sha256.clone(), read)),
            Err(DeskError::FileElsewhere | DeskError::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    let sides = match (&base, &version) {
        (Some(base), Some(version)) => Some(super::redline::sides(
            desk,
            study,
            Some(base),
            Some(version),
        )?),
        _ => None,
    };
    // A version that cannot be read is no reason to print the working text.
    if let (None, Some(version)) = (&said.frozen, &version) {
        state(desk, study, Some(version))?;
    }
    Ok(Material { said, sides, bytes })
}

/// One file of a package.
pub(super) struct Part {
    pub(super) no: usize,
    pub(super) item: String,
    pub(super) title: String,
    pub(super) version: String,
    pub(super) date: String,
    pub(super) name: String,
    pub(super) document: Option<EntityId>,
    /// The exact bytes; `None` where they are on another laptop.
    pub(super) bytes: Option<Vec<u8>>,
    pub(super) clean: Result<Clean, &'static str>,
    /// What the list says of it; empty when nothing is to be said.
    pub(super) note: String,
    /// The blank that it was made of.
    pub(super) office: Option<OfficeForm>,
    /// Whether it keeps PDF/A-2a, which holds all of PDF/A-2b.
    pub(super) pdf_a: bool,
}

/// Makes a package.
///
/// # Errors
/// When fonts are missing or typesetting fails; a foreign file never is a reason.
pub fn make(material: &Material, wanted: &Wanted) -> Result<Made, Failure> {
    let gone = || Failure::new(FailureKind::NotFound, "failure.noFormSet");
    let case = material.said.case().map_err(|_| gone())?;
    let set = case.set.ok_or_else(gone)?;
    let fonts = super::pdf::fonts(&wanted.fonts)?;
    let options = Options {
        lang: super::pdf::lang(wanted.lang),
        today: wanted.today.clone(),
        prepared_by: super::pdf::name(&wanted.author, wanted.lang),
        center: &CENTER,
        standing: &material.said.standing,
    };
    let maker = Maker {
        material,
        wanted,
        case,
        set,
        fonts: &fonts,
        options: &options,
    };
    let mut parts = maker.parts()?;
    let lang = super::pdf::first(wanted.lang);
    // As they lie in the folder, so that the list names them so.
    let mut names = Names::default();
    let name = names.free(maker.name(0, label!("pdf.package").text(lang), "", "", "pdf"));
    for part in parts.iter_mut().filter(|part| part.bytes.is_some()) {
        part.name = names.free(take(&mut part.name));
    }
    let listed = parts.iter().map(|part| report::Enclosed {
        no: part.no,
        title: part.title.clone(),
        version: part.version.clone(),
        date: part.date.clone(),
        pages: part
            .clean
            .as_ref()
            .map_or(0, |clean| clean.sheet.pages.len()),
        refused: part
            .clean
            .as_ref()
            .err()
            .filter(|code| **code != BESIDE)
            .map_or_else(String::new, |code| {
                maker.said(
                    &refusal_words(code, Lang::Zh),
                    &refusal_words(code, Lang::En),
                )
            }),
        note: part.note.clone(),
        document: part.document.clone(),
        // No PDF, and nothing wrong with it: it goes along as a file of its own.
        beside: part.bytes.is_some() && matches!(part.clean, Err(BESIDE) | Err("notPdf")),
        office_file: match (&part.office, &part.clean) {
            (Some(_), Err(_)) => part.name.clone(),
            _ => String::new(),
        },
        range: None,
    });
    let front = report::package(&case, listed.collect(), &options, &fonts);
    let front = front.map_err(super::pdf::failed)?;
    let word = maker.word(&front)?;
    let mut singles = maker.singles(&front)?;
    for single in &mut singles {
        single.name = names.free(take(&mut single.name));
    }
    let merged = maker.join(&front, &parts)?;
    let manifest = maker.manifest(&name, &merged, &front, (&parts, &singles));
    let mut files = vec![(name, merged.bytes)];
    for part in parts {
        files.extend(part.bytes.map(|bytes| (part.name, bytes)));
    }
    files.extend(singles.into_iter().map(|one| (one.name, one.bytes)));
    Ok(Made {
        files,
        limits: set.limits.clone(),
        manifest,
        pages: merged.pages,
        warnings: front.pdf.warnings,
        helper: wanted.helper.clone(),
        word,
        with_word: false,
        kept: None,
    })
}

pub(super) struct Maker<'a> {
    pub(super) material: &'a Material,
    pub(super) wanted: &'a Wanted,
    pub(super) case: Case<'a>,
    pub(super) set: &'a FormSet,
    pub(super) fonts: &'a Fonts,
    pub(super) options: &'a Options<'a>,
}

impl Maker<'_> {
    /// Everything that goes along, in the order of the list.
    fn parts(&self) -> Result<Vec<Part>, Failure> {
        let rows = rows(&self.case);
        let all = enclosed(&rows);
        let mut parts = Vec::new();
        let total = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let lang = super::pdf::first(self.wanted.lang);
        for (row, done) in rows.iter().zip(0..) {
            (self.wanted.step)(done, total, row.item.name.text(lang))?;
            let own: Vec<&Listed<'_>> = all.iter().filter(|one| one.no == row.no).collect();
            let has_file = own.iter().any(|one| one.file.is_some());
            if !has_file && row.wanted {
                parts.extend(self.made(row)?);
            }
            for one in own.into_iter().filter(|one| one.file.is_some()) {
                parts.extend(self.foreign(one, &all));
            }
        }
        // Two files of one name would be one file.
        Ok(parts)
    }

    /// A part that we make ourselves.
    fn made(&self, row: &Row<'_>) -> Result<Option<Part>, Failure> {
        let style = match row.item.made.as_str() {
            "protocol" => None,
            "redline" => Some(match self.set.redline.style.as_str() {
                "shaded" => report::RedlineStyle::Shaded,
                "clean" => report::RedlineStyle::Clean,
                "sideBySide" => report::RedlineStyle::SideBySide,
                _ => report::RedlineStyle::Underline,
            }),
            "changes" => Some(report::RedlineStyle::Table),
            "form" => return Ok(self.office_form(row)),
            _ => return Ok(None),
        };
        let Some((version, doc)) = &self.material.said.frozen else {
            return Ok(None);
        };
        let label = label_of(doc, &self.material.said.standing, Some(version));
        let pdf = match (style, &self.material.sides) {
            (None, _) => report::protocol_submitted(doc, &label, self.options, self.fonts),
            (Some(_), None) => return Ok(None),
            (Some(style), Some(sides)) => {
                let redline = sides.compare();
                let meta = RedlineMeta {
                    style,
                    only_changed: false,
                    ..sides.meta(Some(&self.case.site.id))
                };
                report::redline_pdf(
                    &redline,
                    &sides.table(&redline),
                    &meta,
                    self.options,
                    self.fonts,
                )
            }
        };
        let pdf = pdf.map_err(super::pdf::failed)?;
        let pdf_a = conforms(&pdf.warnings);
        let bytes = pdf.bytes;
        let lang = super::pdf::first(self.wanted.lang);
        let title = row.item.name.text(lang);
        let clean = package::clean(&bytes, None).map_err(Refusal::code);
        Ok(Some(Part {
            no: row.no,
            item: row.item.key.clone(),
            title: self.said(&row.item.name.zh, &row.item.name.en),
            name: self.name(row.no, title, &label.number, &label.date, "pdf"),
            version: label.number,
            date: label.date,
            document: None,
            bytes: Some(bytes),
            clean,
            note: String::new(),
            office: None,
            pdf_a,
        }))
    }

    /// A file of somebody else.
    fn foreign(&self, one: &Listed<'_>, all: &[Listed<'_>]) -> Option<Part> {
        let file = one.file.as_ref()?;
        let lang = super::pdf::first(self.wanted.lang);
        let own = |lang: &str| one.document.text(&format!("title.{lang}"));
        let title = match self.said(own("zh"), own("en")) {
            title if title.is_empty() => self.said(&one.item.name.zh, &one.item.name.en),
            title => title,
        };
        let bytes = self.material.bytes.get(&file.hash);
        let password = self.wanted.passwords.get(one.document.id.as_str());
        let note = |clean: &Clean| said_of_pages(&clean.sheet.broken, lang);
        let clean = match bytes {
            None => Err("elsewhere"),
            Some(_) if !file.is_pdf() => Err(Refusal::NotPdf.code()),
            Some(bytes) => self
                .wanted
                .helper
                .clean(bytes, password.map(String::as_str))
                .map_err(Refusal::code),
        };
        Some(Part {
            no: one.no,
            item: one.item.key.clone(),
            title,
            version: one.document.text("version").to_owned(),
            date: one.document.text("versionDate").to_owned(),
            name: file_name_of(&self.case, self.set, one, all),
            document: Some(one.document.id.clone()),
            bytes: bytes.cloned(),
            note: clean.as_ref().map_or_else(|_| String::new(), note),
            clean,
            office: None,
            pdf_a: false,
        })
    }

    /// What something is called in the languages of the package; what lacks one is said in the other.
    pub(super) fn said(&self, zh: &str, en: &str) -> String {
        match (self.wanted.lang, zh, en) {
            (PdfLang::Both, zh, en) if zh != en => format!("{zh} {en}").trim().to_owned(),
            (PdfLang::En, zh, "") => zh.to_owned(),
            (PdfLang::En, _, en) => en.to_owned(),
            (_, "", en) => en.to_owned(),
            (_, zh, _) => zh.to_owned(),
        }
    }

    pub(super) fn name(
        &self,
        no: usize,
        item: &str,
        version: &str,
        date: &str,
        end: &str,
    ) -> String {
        let study = self
            .case
            .doc
            .root()
            .map_or("", |root| match root.text("acronym") {
                "" => root.text("number.org"),
                acronym => acronym,
            });
        let parts = NameParts {
            study,
            no,
            item,
            title: item,
            version,
            date,
            lang: None,
            end,
        };
        file_name(&self.set.naming.pattern, &parts)
    }

    fn join(&self, front: &report::Front, parts: &[Part]) -> Result<Merged, Failure> {
        let failed = |error: package::MergeError| {
            log::error!("package: {error}");
            Failure::new(FailureKind::Internal, "failure.pdf")
        };
        let ranges = front.enclosed.iter().filter_map(|one| one.range);
        let taken = parts
            .iter()
            .filter_map(|part| Some((part, part.clean.as_ref().ok()?)));
        let mut attachments = Vec::new();
        let mut stamps = Vec::new();
        for (n, (((part, clean), divider), (first, _))) in
            taken.zip(&front.dividers).zip(ranges).enumerate()
        {
            let name = report::part(self.options.lang, n + 1);
            let mut room = Vec::with_capacity(clean.sheet.pages.len());
            for ((page, free), at) in clean.sheet.pages.iter().zip(&clean.sheet.feet).zip(first..) {
                let (width, height) = page.size();
                let stamp = Stamp {
                    part: name.clone(),
                    page: at,
                    width,
                    height,
                };
                let needed = stamp.height_needed(front.pages, self.options.lang, self.fonts);
                room.push(if *free < needed { needed } else { 0.0 });
                stamps.push(stamp);
            }
            attachments.push(Attachment {
                title: format!("{name} {}", part.title),
                file: &clean.bytes,
                behind: *divider,
                room,
            });
        }
        // Pages of ours alone keep what they claim.
        if attachments.is_empty() {
            return Ok(Merged {
                bytes: front.pdf.bytes.clone(),
                pages: front.pdf.pages,
                ranges: Vec::new(),
            });
        }
        let stamps = report::stamps(&stamps, front.pages, self.options.lang, self.fonts);
        let stamps = stamps.map_err(super::pdf::failed)?;
        package::merge(&front.pdf.bytes, &attachments, Some(&stamps)).map_err(failed)
    }
}

/// That pages are damaged in part, in words; empty when none are.
pub(super) fn said_of_pages(broken: &[usize], lang: Lang) -> String {
    let pages: Vec<String> = broken.iter().map(ToString::to_string).collect();
    match pages.is_empty() {
        true => String::new(),
        false => label!("package.broken").fill(lang, &[("pages", &pages.join(", "))]),
    }
}
