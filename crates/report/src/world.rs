//! The typesetter's whole world: our templates, one JSON value, the study's pictures, our faces. No file, no network,
//! no clock, no system font.

use crate::error::ReportError;
use crate::fonts::Fonts;
use crate::picture::Pictures;
use std::collections::HashMap;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Label, Selector, Smart};
use typst::introspection::Introspector;
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::{LazyHash, PicoStr};
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

/// A document as a file, before anything is drawn over it.
pub(crate) struct Composed {
    pub(crate) bytes: Vec<u8>,
    pub(crate) pages: usize,
    /// Why the file does not keep PDF/A-2a and PDF/UA-1; empty when it does.
    pub(crate) faults: Vec<String>,
    /// Pages that the template marks.
    pub(crate) marks: Marks,
}

/// Pages that the template marks, from 1, each kind in its order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Marks {
    /// Where the parts begin.
    pub(crate) parts: Vec<usize>,
    /// The sheets in front of files that are put in.
    pub(crate) dividers: Vec<usize>,
}

/// What is to be typeset.
pub(crate) struct Job {
    /// The template.
    pub(crate) template: &'static str,
    /// The values, as JSON.
    pub(crate) data: Vec<u8>,
    /// The study's pictures.
    pub(crate) pictures: Pictures,
    /// A name for the file that follows from what is in it.
    pub(crate) ident: String,
    /// The day that the document bears.
    pub(crate) today: (i32, u8, u8),
    /// Whether the file tells its structure; what is laid over other pages does not.
    pub(crate) tagged: bool,
}

struct Desk<'a> {
    library: LazyHash<Library>,
    fonts: &'a Fonts,
    main: Source,
    style: Source,
    data: (FileId, Bytes),
    pictures: HashMap<FileId, Bytes>,
    today: Option<Datetime>,
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        [&self.main, &self.style]
            .into_iter()
            .find(|source| source.id() == id)
            .cloned()
            .ok_or_else(|| missing(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.data.0 {
            Ok(self.data.1.clone())
        } else {
            self.pictures.get(&id).cloned().ok_or_else(|| missing(id))
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        self.today
    }
}

fn missing(id: FileId) -> FileError {
    FileError::NotFound(id.get().vpath().get_with_slash().into())
}

fn place(name: &str) -> Result<FileId, ReportError> {
    let path =
        VirtualPath::new(name).map_err(|e| ReportError::Typeset(format!("{name}: {e:?}")))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// Typesets a template over the values.
///
/// The file keeps PDF/A-2a and PDF/UA-1 where it can; where it cannot, it is an ordinary tagged
/// PDF and the reasons come along.
pub(crate) fn compose(job: Job, fonts: &Fonts) -> Result<Composed, ReportError> {
    let Job {
        template,
        data,
        pictures,
        ident,
        today: (year, month, day),
        tagged,
    } = job;
    let pictures: Result<HashMap<FileId, Bytes>, ReportError> = pictures
        .into_iter()
        .map(|(name, bytes)| Ok((place(&name)?, bytes)))
        .collect();
    let desk = Desk {
        pictures: pictures?,
        library: LazyHash::new(Library::default()),
        fonts,
        main: Source::new(place("main.typ")?, template.to_owned()),
        style: Source::new(
            place("style.typ")?,
            include_str!("../templates/style.typ").to_owned(),
        ),
        data: (place("data.json")?, Bytes::new(data)),
        today: Datetime::from_ymd(year, month, day),
    };
    let composed = typst::compile::<PagedDocument>(&desk)
        .output
        .map_err(|faults| ReportError::Typeset(explain(&desk, &faults)))
        .and_then(|document| write(&desk, &document, ident, tagged));
    // A laptop runs for weeks: the typesetter must not remember every document.
    comemo::evict(0);
    composed
}

fn write(
    desk: &Desk<'_>,
    document: &PagedDocument,
    ident: String,
    tagged: bool,
) -> Result<Composed, ReportError> {
    let options = |standards: &[PdfStandard]| -> Result<PdfOptions, ReportError> {
        Ok(PdfOptions {
            ident: Smart::Custom(ident.clone()),
            creator: Smart::Custom(Some("PI Desk".to_owned())),
            standards: PdfStandards::new(standards)
                .map_err(|e| ReportError::Typeset(e.message().to_string()))?,
            tagged,
            ..PdfOptions::default()
        })
    };
    let pages = document.pages().len();
    let marks = Marks {
        parts: marked(document, "part"),
        dividers: marked(document, "att"),
    };
    let plain = || {
        typst_pdf::pdf(document, &options(&[])?)
            .map_err(|faults| ReportError::Typeset(explain(desk, &faults)))
    };
    if !tagged {
        return Ok(Composed {
            bytes: plain()?,
            pages,
            faults: Vec::new(),
            marks,
        });
    }
    match typst_pdf::pdf(document, &options(&[PdfStandard::A_2a, PdfStandard::Ua_1])?) {
        Ok(bytes) => Ok(Composed {
            bytes,
            pages,
            faults: Vec::new(),
            marks,
        }),
        Err(faults) => {
            let bytes = plain()?;
            let faults = faults
                .iter()
                .map(|fault| fault.message.to_string())
                .collect();
            Ok(Composed {
                bytes,
                pages,
                faults,
                marks,
            })
        }
    }
}

/// Where marks of a name stand.
fn marked(document: &PagedDocument, name: &str) -> Vec<usize> {
    let Some(label) = Label::new(PicoStr::intern(name)) else {
        return Vec::new();
    };
    let introspector = document.introspector();
    let marks = introspector.query(&Selector::Label(label));
    let pages = marks
        .iter()
        .filter_map(|mark| introspector.page(mark.location()?));
    pages.map(|page| page.get()).collect()
}

fn explain(desk: &Desk<'_>, faults: &[SourceDiagnostic]) -> String {
    use typst::WorldExt;
    let line = |fault: &SourceDiagnostic| {
        let near = desk.range(fault.span).and_then(|range| {
            [&desk.main, &desk.style].iter().find_map(|source| {
                let id = fault.span.id()?;
                (source.id() == id)
                    .then(|| source.text().get(range.clone()))?
                    .map(str::to_owned)
            })
        });
        match near {
            Some(near) => format!("{} (at `{near}`)", fault.message),
            None => fault.message.to_string(),
        }
    };
    faults.iter().map(line).collect::<Vec<_>>().join("; ")
}
