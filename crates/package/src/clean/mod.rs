//! Reads one file of somebody else and writes its pages anew.

mod annotation;
mod appearance;
mod fonts;
mod foot;
mod names;
mod page;
mod stream;

pub use fonts::LooseFont;
pub(crate) use page::open_brackets;

use crate::geometry::Geometry;
use crate::object::Copier;
use crate::outline::{self, Bookmark};
use crate::refusal::Refusal;
use annotation::Pages;
use lopdf::encryption::DecryptionError;
use lopdf::{Document, Error, LoadOptions, Object, ObjectId, dictionary};
use serde::{Deserialize, Serialize};

/// Most pages of one file.
const PAGES_MAX: usize = 5_000;
/// Most that one stream of the file's own structure may unpack to. Units: bytes.
const UNPACKED_MAX: usize = 128 * 1024 * 1024;

/// What is known of a cleaned file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sheet {
    /// Its pages, in order.
    pub pages: Vec<Geometry>,
    /// How much is free at the foot of each page, as a reader sees it. Units: points.
    pub feet: Vec<f32>,
    /// Whether its table of objects was rebuilt, or objects are missing: somebody must look.
    pub repaired: bool,
    /// Whether it was locked.
    pub locked: bool,
    /// Whether it bears digital signatures, which no copy keeps.
    pub signed: bool,
    /// Fields of forms that were drawn into their pages.
    pub drawn: u32,
    /// Filled fields that bear no picture of what is in them, and that could not be drawn.
    pub undrawn: u32,
    /// Actions, sounds, films and enclosed files that were left out.
    pub left_out: u32,
    /// Pages on which something does not unpack to its end, from 1: it may show in part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub broken: Vec<usize>,
    /// Fonts that it does not embed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fonts: Vec<LooseFont>,
    /// Places of a blank that it does not have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<String>,
}

/// A file written anew.
#[derive(Clone, Debug, PartialEq)]
pub struct Clean {
    /// What is known of it.
    pub sheet: Sheet,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Reads a file and writes it anew.
///
/// # Errors
/// [`Refusal`] when no page can be had of it.
pub fn clean(bytes: &[u8], password: Option<&str>) -> Result<Clean, Refusal> {
    let from = load(bytes, password)?;
    let pages: Vec<ObjectId> = from.page_iter().take(PAGES_MAX + 1).collect();
    if pages.is_empty() {
        return Err(if from.is_encrypted() {
            Refusal::Password
        } else {
            Refusal::NoPages
        });
    }
    if pages.len() > PAGES_MAX {
        return Err(Refusal::TooManyPages);
    }
    let mut sheet = Sheet {
        repaired: from.xref_recovery == Some(lopdf::xref::XrefRecovery::Reconstructed),
        locked: from.was_encrypted(),
        ..Sheet::default()
    };
    let mut to = Document::with_version("1.7");
    let mut copier = Copier::new(&from);
    let mut new_pages = Vec::with_capacity(pages.len());
    for page in &pages {
        let new = to.new_object_id();
        // A page that is listed twice is copied twice; links lead to the first.
        if copier.renamed(*page).is_none() {
            copier.rename(*page, new);
        }
        new_pages.push(new);
    }
    let names = outline::names(&from);
    let known = Pages {
        names: &names,
        first: &pages,
    };
    let root = to.new_object_id();
    for ((old, new), number) in pages.iter().zip(&new_pages).zip(1..) {
        let geometry = Geometry::of(&from, *old);
        sheet.pages.push(geometry);
        let entry = page::copy(
            &from,
            (*old, number),
            &mut to,
            &mut copier,
            &known,
            &mut sheet,
        );
        to.objects.insert(*new, entry.into());
        if let Ok(entry) = to.get_dictionary_mut(*new) {
            entry.set("Parent", root);
        }
        let taken = copier.finish(&mut to);
        if stream::mend(&mut to, &taken) && !sheet.broken.contains(&number) {
            sheet.broken.push(number);
        }
        fonts::note(&to, *new, number, &mut sheet.fonts);
        sheet.feet.push(foot::free(&to, *new, &geometry));
    }
    let bookmarks = led(&copier, outline::read(&from, &names));
    let layers = page::layers(&from, &mut to, &mut copier);
    copier.finish(&mut to);
    sheet.repaired |= !copier.lost.is_empty();
    sheet.left_out += annotation::count_of_file(&from);
    sheet.signed |= annotation::is_signed(&from);
    finish(&mut to, root, &new_pages, &bookmarks, layers);
    let mut bytes = Vec::new();
    to.save_to(&mut bytes).map_err(|_| Refusal::Damaged)?;
    Ok(Clean { sheet, bytes })
}

pub(crate) fn load(bytes: &[u8], password: Option<&str>) -> Result<Document, Refusal> {
    load_as_it_is(bytes, password).or_else(|refusal| {
        let is_locked = matches!(refusal, Refusal::Password | Refusal::WrongPassword);
        let longer = with_length(bytes).filter(|_| is_locked).ok_or(refusal)?;
        load_as_it_is(&longer, password).map_err(|_| refusal)
    })
}

/// Whether a file says that it is a PDF.
pub(crate) fn is_pdf(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(4096)];
    head.windows(4).any(|four| four == b"%PDF")
}

fn load_as_it_is(bytes: &[u8], password: Option<&str>) -> Result<Document, Refusal> {
    if !is_pdf(bytes) {
        return Err(Refusal::NotPdf);
    }
    let options = |force_reconstruct| LoadOptions {
        password: password.map(str::to_owned),
        max_decompressed_size: Some(UNPACKED_MAX),
        force_reconstruct,
        ..LoadOptions::default()
    };
    let refused = |error| refusal(&error, password.is_some());
    let mut file = match Document::load_mem_with_options(bytes, options(false)) {
        Ok(file) if file.page_iter().next().is_some() || file.is_encrypted() => file,
        // The table can be read and describes wrong objects.
        Ok(file) => Document::load_mem_with_options(bytes, options(true)).unwrap_or(file),
        Err(error) => match refused(error) {
            Refusal::Damaged => {
                Document::load_mem_with_options(bytes, options(true)).map_err(refused)?
            }
            other => return Err(other),
        },
    };
    if file.is_encrypted() {
        let opened = unlock(&mut file, password);
        // One object that cannot be unlocked does not stop the others.
        if let Err(error) = opened
            && (file.is_encrypted() || file.page_iter().next().is_none())
        {
            return Err(refused(error));
        }
    }
    // Object 0 is never one: what no other reader opens is not given on as sound.
    let root = file.trailer.get(b"Root").and_then(Object::as_reference);
    if root.is_ok_and(|(number, _)| number == 0) {
        return Err(Refusal::Damaged);
    }
    Ok(file)
}

/// Opens a lock: locked for its owner alone, a file opens with an empty password.
fn unlock(file: &mut Document, password: Option<&str>) -> Result<(), Error> {
    match password {
        Some(password) => file.decrypt(password).or_else(|_| file.decrypt("")),
        None => file.decrypt(""),
    }
}

/// The file with the length of its key named, where the lock leaves it out: writers mean 128.
fn with_length(bytes: &[u8]) -> Option<Vec<u8>> {
    let lock = b"/Filter /Standard";
    let at = bytes
        .windows(lock.len())
        .position(|window| window == lock)?
        + lock.len();
    Some([&bytes[..at], b" /Length 128".as_slice(), &bytes[at..]].concat())
}

fn refusal(error: &Error, has_password: bool) -> Refusal {
    let locked = if has_password {
        Refusal::WrongPassword
    } else {
        Refusal::Password
    };
    match error {
        Error::InvalidPassword | Error::Decryption(DecryptionError::IncorrectPassword) => locked,
        Error::Decryption(_) | Error::UnsupportedSecurityHandler(_) => Refusal::UnknownLock,
        Error::Decompress(lopdf::DecompressError::MemoryLimitExceeded { .. }) => Refusal::TooLarge,
        _ => Refusal::Damaged,
    }
}

/// Bookmarks that lead to the new pages.
fn led(copier: &Copier<'_>, bookmarks: Vec<Bookmark>) -> Vec<Bookmark> {
    bookmarks
        .into_iter()
        .map(|mut one| {
            one.to = one.to.and_then(|place| annotation::place(copier, place));
            one.below = led(copier, one.below);
            one
        })
        .collect()
}

/// Writes the page tree and the catalog.
fn finish(
    to: &mut Document,
    root: ObjectId,
    pages: &[ObjectId],
    bookmarks: &[Bookmark],
    layers: Option<Object>,
) {
    let kids: Vec<Object> = pages.iter().map(|page| Object::Reference(*page)).collect();
    let count = pages.len() as i64;
    let tree = dictionary! { "Type" => "Pages", "Count" => count, "Kids" => kids };
    to.objects.insert(root, tree.into());
    let mut catalog = dictionary! { "Type" => "Catalog", "Pages" => root };
    if let Some(outline) = outline::write(to, bookmarks) {
        catalog.set("Outlines", outline);
    }
    if let Some(layers) = layers {
        catalog.set("OCProperties", layers);
    }
    let catalog = to.add_object(catalog);
    to.trailer.set("Root", catalog);
}
