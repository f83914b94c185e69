//! A package that was made: looked at, and written into a folder.

use crate::failure::{Failure, FailureKind};
use crate::request::PdfLang;
use crate::response::{PackagePart, PackagePreview};
use desk::PackageParts;
use model::{EntityId, Lang, label};
use package::sandbox::Sandbox;
use serde_json::{Value, json};

/// A finished package.
pub struct Made {
    /// The files, with their names: the whole first.
    pub files: Vec<(String, Vec<u8>)>,
    /// What is in it, as `manifest.json`.
    pub manifest: Value,
    /// Pages of the whole.
    pub pages: usize,
    /// What a reader should know, in words.
    pub warnings: Vec<report::Warning>,
    /// Letter, list and forms as Word files, with their names.
    pub word: Vec<(String, Vec<u8>)>,
    /// Whether they are written also where the files are not packed into one.
    pub with_word: bool,
    /// What the portal takes.
    pub(super) limits: model::formset::FileLimits,
    /// What lies beside what was sent; `None` for a new package.
    pub(super) kept: Option<super::send::KeptList>,
    /// Draws its pages.
    pub(super) helper: Sandbox,
}

impl Made {
    /// What was sent, as it was kept: its pages are looked at and written like those of a new one.
    ///
    /// # Errors
    /// When the bytes cannot be read as a PDF.
    pub fn of_kept(kept: super::send::Kept, helper: Sandbox) -> Result<Self, Failure> {
        let read = helper.clean(&kept.bytes, None).map_err(|refusal| {
            log::error!("package: kept: {refusal}");
            Failure::new(FailureKind::Internal, "failure.pdf")
        })?;
        let mut files = vec![(kept.name, kept.bytes)];
        files.extend(kept.office);
        Ok(Self {
            files,
            pages: read.sheet.pages.len(),
            manifest: kept.list.read(),
            warnings: Vec::new(),
            word: Vec::new(),
            with_word: false,
            limits: model::formset::FileLimits::default(),
            kept: Some(kept.list),
            helper,
        })
    }

    /// What we wrote and the portal does not take.
    fn over(&self) -> Vec<super::over::Over> {
        super::over::of(&self.limits, &self.manifest)
    }

    /// The whole, with its name.
    pub fn whole(&self) -> (&str, &[u8]) {
        let first = self.files.first();
        first.map_or(("", &[]), |(name, bytes)| (name, bytes))
    }

    /// A page of the whole as PNG. Units: `page` from 1, `width` in pixels.
    ///
    /// # Errors
    /// When there is no such page, or it cannot be drawn.
    pub fn picture(&self, page: usize, width: u16) -> Result<Vec<u8>, Failure> {
        let drawn = self.helper.picture(self.whole().1, page, width);
        drawn.map_err(|refusal| {
            log::info!("package: page {page}: {refusal}");
            let key = format!("package.refusal.{}", refusal.code());
            Failure::new(FailureKind::Unavailable, &key)
        })
    }

    /// What a person is shown before it is written.
    pub fn preview(&self, preview: u32, lang: Lang) -> PackagePreview {
        let number = |value: &Value| value.as_u64().and_then(|n| u32::try_from(n).ok());
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let all = |list: &str| self.manifest[list].as_array().into_iter().flatten();
        // A sheet stands before the part that it names.
        let own = all("own").filter(|part| part["part"] != "sheet");
        let parts = own.chain(all("files")).map(|one| PackagePart {
            no: number(&one["no"]).unwrap_or_default(),
            title: ["title", "item", "part"]
                .map(|key| text(&one[key]))
                .into_iter()
                .find(|words| !words.is_empty())
                .unwrap_or_default(),
            version: text(&one["version"]),
            date: text(&one["date"]),
            name: text(&one["name"]),
            document: one["document"].as_str().and_then(EntityId::parse),
            first_page: number(&one["firstPage"]).unwrap_or_default(),
            last_page: number(&one["lastPage"]).unwrap_or_default(),
            refused: text(&one["refused"]),
        });
        let mut parts: Vec<PackagePart> = parts.collect();
        // What has no page of its own goes along behind.
        parts.sort_by_key(|part| part.first_page.wrapping_sub(1));
        PackagePreview {
            preview,
            name: self.whole().0.to_owned(),
            pages: u32::try_from(self.pages).unwrap_or(u32::MAX),
            lang: lang_of(&self.manifest),
            parts,
            remarks: self.remarks(lang),
        }
    }

    /// What it was made of, as it is kept with the submission; `is_packed` says how it was written.
    pub fn kept_parts(&self, is_packed: bool) -> PackageParts {
        let mut parts = super::package_manifest::without_words(&self.manifest);
        let over = self.over();
        if !over.is_empty() {
            parts["over"] = over.iter().map(super::over::Over::value).collect();
        }
        PackageParts {
            list: self.list(is_packed),
            parts,
            office_forms: self.office_forms(),
            office_files: self.office_files(),
        }
    }

    /// The office's own forms that were filled: form → `blank` and `filled`, tagged hashes; null
    /// where there are none.
    fn office_forms(&self) -> Value {
        let files = self.manifest["files"].as_array().into_iter().flatten();
        let forms = files.filter_map(|file| {
            let (form, blank) = (
                file["office"]["form"].as_str()?,
                file["office"]["blank"].as_str()?,
            );
            let filled = file["sha256"].as_str()?;
            let hashes =
                json!({"blank": format!("sha256:{blank}"), "filled": format!("sha256:{filled}")});
            Some((form.to_owned(), hashes))
        });
        let forms: serde_json::Map<String, Value> = forms.collect();
        match forms.is_empty() {
            true => Value::Null,
            false => forms.into(),
        }
    }

    /// The office's own forms as they were filled: name and bytes.
    pub fn office_files(&self) -> Vec<(String, Vec<u8>)> {
        let files = self.manifest["files"].as_array().into_iter().flatten();
        let named = files.filter(|file| !file["office"].is_null());
        let named = named.filter_map(|file| {
            let name = file["name"].as_str()?;
            self.files.iter().find(|(known, _)| known == name).cloned()
        });
        named.collect()
    }

    /// The Word files that go along.
    fn word_files(&self, is_packed: bool) -> &[(String, Vec<u8>)] {
        match is_packed || self.with_word {
            true => &self.word,
            false => &[],
        }
    }

    /// `manifest.json`, byte by byte.
    fn list(&self, is_packed: bool) -> Vec<u8> {
        if let Some(kept) = &self.kept {
            return kept.bytes.clone();
        }
        let mut manifest = self.manifest.clone();
        let listed = self.word_files(is_packed).iter().map(|(name, bytes)| {
            let hash = package::hash(bytes);
            json!({"name": name, "sha256": hash.trim_start_matches("sha256:"), "bytes": bytes.len()})
        });
        manifest["word"] = listed.collect();
        serde_json::to_vec_pretty(&manifest).expect("plain values")
    }

    /// How many single files there are, with those for Word where they go along.
    pub fn single(&self, is_packed: bool) -> usize {
        self.files.len().saturating_sub(1) + self.word_files(is_packed).len()
    }

    /// What was not put in, and what else a reader should know, in words.
    pub fn remarks(&self, lang: Lang) -> Vec<String> {
        let files = self.manifest["files"].as_array().into_iter().flatten();
        let refused = files.filter_map(|file| {
            let code = file["refused"].as_str()?;
            let title = file["title"].as_str().unwrap_or_default();
            Some(format!("{title}: {}", refusal_words(code, lang)))
        });
        let warnings = self.warnings.iter().map(|warning| warning.text(lang));
        let files = self.manifest["files"].as_array().into_iter().flatten();
        let office = files.flat_map(|file| super::office_form::remarks(file, lang));
        let files = self.manifest["files"].as_array().into_iter().flatten();
        let looked = files.flat_map(|file| looked(file, lang));
        let kept = self.kept.iter().flat_map(|list| list.remarks(lang));
        let over = self
            .over()
            .into_iter()
            .map(|one| one.text(&self.limits, lang));
        kept.chain(refused)
            .chain(over)
            .chain(looked)
            .chain(office)
            .chain(warnings)
            .collect()
    }

    /// Whether every file was put in.
    pub fn is_whole(&self) -> bool {
        let mut files = self.manifest["files"].as_array().into_iter().flatten();
        files.all(|file| file["refused"].is_null())
    }
}

/// The language of our pages by a list; `None` in one that an older program wrote.
pub(super) fn lang_of(list: &Value) -> Option<PdfLang> {
    serde_json::from_value(list["lang"].clone()).ok()
}

/// What was found in a file that was put in, in words.
fn looked(file: &Value, lang: Lang) -> Vec<String> {
    let title = file["title"].as_str().unwrap_or_default();
    let list = |key: &str| file[key].as_array().into_iter().flatten();
    let pages = list("brokenPages").filter_map(|page| usize::try_from(page.as_u64()?).ok());
    let broken = super::package::said_of_pages(&pages.collect::<Vec<_>>(), lang);
    let fonts: Vec<&str> = list("fontsNotEmbedded")
        .filter_map(|font| font["name"].as_str())
        .collect();
    let fonts = match fonts.is_empty() {
        true => String::new(),
        false => label!("package.fonts").fill(lang, &[("fonts", &fonts.join(", "))]),
    };
    let repaired = match file["repaired"].as_bool() {
        Some(true) => label!("package.repaired").text(lang),
        _ => "",
    };
    let said = [broken.as_str(), repaired, &fonts].into_iter();
    let said = said.filter(|words| !words.is_empty());
    said.map(|words| format!("{title}: {words}")).collect()
}

/// Writes the files and `manifest.json` into a folder, the single files packed into one if wanted;
/// gives their names.
///
/// # Errors
/// When the folder cannot be written.
pub fn write(
    made: &Made,
    folder: &std::path::Path,
    is_packed: bool,
) -> Result<Vec<String>, Failure> {
    let manifest = made.list(is_packed);
    let word = made.word_files(is_packed);
    let manifest = ("manifest.json".to_owned(), manifest.as_slice());
    let files = made
        .files
        .iter()
        .chain(word)
        .map(|(name, bytes)| (name.clone(), bytes.as_slice()));
    let mut files: Vec<(String, &[u8])> = files.chain([manifest]).collect();
    let packed;
    if is_packed {
        let single = files.split_off(1);
        // The list lies beside as well: who gets the two files need not unpack one to check them.
        files.extend(single.last().cloned());
        packed = exchange::archive::pack(single).map_err(|error| {
            log::error!("package: {error}");
            Failure::new(FailureKind::Internal, "failure.internal")
        })?;
        let name = made.whole().0.trim_end_matches(".pdf");
        files.push((format!("{name}.zip"), &packed));
    }
    for (name, bytes) in &files {
        crate::places::write_file(&folder.join(name), bytes)?;
    }
    Ok(files.into_iter().map(|(name, _)| name).collect())
}

/// Why a file is not in the whole, in words.
pub(super) fn refusal_words(code: &str, lang: Lang) -> String {
    let label = model::label::get(&format!("package.refusal.{code}"));
    label.map_or_else(|| code.to_owned(), |label| label.text(lang).to_owned())
}
