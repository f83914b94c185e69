//! Joins our own pages and cleaned files: pages, bookmarks, layers.

use crate::geometry::Geometry;
use crate::object::{Copier, get, get_dict, inherited};
use crate::outline::{self, Bookmark, words};
use crate::stamp::{Place, stamp};
use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat, dictionary};
use sha2::{Digest, Sha256};
use std::iter;

/// A file that is put in.
#[derive(Clone, Debug)]
pub struct Attachment<'a> {
    /// What its bookmark says, where no page of ours names it.
    pub title: String,
    /// The file, as [`crate::clean()`] wrote it.
    pub file: &'a [u8],
    /// The page of ours behind which it comes, from 1; 0 puts it first.
    pub behind: usize,
    /// The height that is cleared at the foot of each of its pages for its stamp, by showing the
    /// page a little smaller; 0, or none given, leaves a page as it is. Units: points.
    pub room: Vec<f32>,
}

/// Pages of the whole, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The first one.
    pub first: usize,
    /// The last one.
    pub last: usize,
}

/// A finished file.
#[derive(Clone, Debug)]
pub struct Merged {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
    /// Where each attachment stands, in the order given.
    pub ranges: Vec<Range>,
}

/// Why files could not be joined: a fault of this program, not of a foreign file.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// Our own pages or a cleaned file cannot be read.
    #[error("a part of the package cannot be read")]
    Unreadable(#[from] lopdf::Error),
    /// There is not one stamp for each page that is put in.
    #[error("{stamps} stamps for {pages} pages")]
    Stamps {
        /// Pages that are put in.
        pages: usize,
        /// Stamps given.
        stamps: usize,
    },
}

/// Joins `front` and attachments. `stamps` has a page for each page that is put in, of its size as
/// a reader sees it, in the order of the attachments.
///
/// # Errors
/// [`MergeError`].
pub fn merge(
    front: &[u8],
    attachments: &[Attachment<'_>],
    stamps: Option<&[u8]>,
) -> Result<Merged, MergeError> {
    let mut to = Document::load_mem(front)?;
    let front_pages: Vec<ObjectId> = to.page_iter().collect();
    let mut bookmarks = outline::read(&to, &outline::names(&to));
    let mut layers = Layers::default();
    let mut groups = Vec::with_capacity(attachments.len());
    for attachment in attachments {
        groups.push(put_in(&mut to, attachment, &mut layers)?);
    }
    if let Some(stamps) = stamps {
        let pages = attachments
            .iter()
            .zip(&groups)
            .flat_map(|(attachment, group)| {
                let room = attachment.room.iter().copied().chain(iter::repeat(0.0));
                let pages = group.pages.iter().copied().zip(room);
                pages.map(|((page, geometry), room)| Place {
                    page,
                    geometry,
                    room,
                })
            });
        stamp(&mut to, stamps, &pages.collect::<Vec<_>>())?;
    }
    let mut order: Vec<ObjectId> = Vec::new();
    let mut firsts = vec![0; groups.len()];
    for at in 0..=front_pages.len() {
        order.extend(at.checked_sub(1).map(|before| front_pages[before]));
        for (n, attachment) in attachments.iter().enumerate() {
            if attachment.behind.min(front_pages.len()) == at {
                firsts[n] = order.len() + 1;
                order.extend(groups[n].pages.iter().map(|(page, _)| *page));
            }
        }
    }
    let ranges = groups.iter().zip(&firsts).map(|(group, first)| Range {
        first: *first,
        last: first + group.pages.len() - 1,
    });
    let ranges = ranges.collect();
    for (attachment, group) in attachments.iter().zip(&mut groups) {
        let divider = attachment
            .behind
            .checked_sub(1)
            .and_then(|at| front_pages.get(at));
        graft(&mut bookmarks, divider.copied(), &attachment.title, group);
    }
    arrange(&mut to, &order, &bookmarks, layers)?;
    to.trailer.set("ID", identity(front, attachments, stamps));
    let mut bytes = Vec::new();
    to.save_modern(&mut bytes).map_err(lopdf::Error::from)?;
    Ok(Merged {
        bytes,
        pages: order.len(),
        ranges,
    })
}

/// An attachment within the whole.
struct Group {
    pages: Vec<(ObjectId, Geometry)>,
    bookmarks: Vec<Bookmark>,
}

fn put_in(
    to: &mut Document,
    attachment: &Attachment<'_>,
    layers: &mut Layers,
) -> Result<Group, MergeError> {
    let from = Document::load_mem(attachment.file)?;
    let mut copier = Copier::new(&from);
    let old: Vec<ObjectId> = from.page_iter().collect();
    let mut pages = Vec::with_capacity(old.len());
    for page in &old {
        let new = to.new_object_id();
        copier.rename(*page, new);
        pages.push((new, Geometry::of(&from, *page)));
    }
    for (page, (new, _)) in old.iter().zip(&pages) {
        let entry = copier.dict(to, from.get_dictionary(*page)?);
        to.objects.insert(*new, entry.into());
        copier.finish(to);
    }
    if let Some(own) = get_dict(&from, from.catalog()?, b"OCProperties") {
        let own = copier.dict(to, own);
        copier.finish(to);
        layers.add(to, &own);
    }
    let led = |mut one: Bookmark, copier: &Copier<'_>| {
        one.to = one.to.and_then(|mut place| {
            let page = place.first()?.as_reference().ok()?;
            place[0] = copier.renamed(page)?.into();
            Some(place)
        });
        one
    };
    fn each(all: Vec<Bookmark>, change: &dyn Fn(Bookmark) -> Bookmark) -> Vec<Bookmark> {
        let changed = all.into_iter().map(|mut one| {
            one.below = each(std::mem::take(&mut one.below), change);
            change(one)
        });
        changed.collect()
    }
    let bookmarks = outline::read(&from, &outline::Names::new());
    let bookmarks = each(bookmarks, &|one| led(one, &copier));
    Ok(Group { pages, bookmarks })
}

/// Puts an attachment's bookmarks below the one that leads to its divider, which names it; without
/// one they hang at the end below a name of their own.
fn graft(all: &mut Vec<Bookmark>, divider: Option<ObjectId>, title: &str, group: &mut Group) {
    let Some((first, _)) = group.pages.first() else {
        return;
    };
    let own = std::mem::take(&mut group.bookmarks);
    let named = divider.and_then(|divider| of_page(all, divider));
    match named {
        Some(named) => named.below.extend(own),
        None => all.push(Bookmark {
            title: words(title),
            to: Some(vec![Object::Reference(*first), "Fit".into()]),
            below: own,
        }),
    }
}

/// The deepest bookmark that leads to a page.
fn of_page(all: &mut [Bookmark], page: ObjectId) -> Option<&mut Bookmark> {
    for one in all {
        if has_page(&one.below, page) {
            return of_page(&mut one.below, page);
        }
        if leads(one, page) {
            return Some(one);
        }
    }
    None
}

fn has_page(all: &[Bookmark], page: ObjectId) -> bool {
    all.iter()
        .any(|one| leads(one, page) || has_page(&one.below, page))
}

fn leads(one: &Bookmark, page: ObjectId) -> bool {
    let place = one.to.as_ref().and_then(|place| place.first());
    place.and_then(|place| place.as_reference().ok()) == Some(page)
}

/// Layers of several files.
#[derive(Default)]
struct Layers {
    all: Vec<Object>,
    off: Vec<Object>,
}

impl Layers {
    fn add(&mut self, to: &Document, own: &Dictionary) {
        let array = |from: &Dictionary, key: &[u8]| {
            let found = get(to, from, key).and_then(|value| value.as_array().ok());
            found.cloned().unwrap_or_default()
        };
        let all = array(own, b"OCGs");
        if let Some(default) = get_dict(to, own, b"D") {
            let on = array(default, b"ON");
            match default.get(b"BaseState").and_then(Object::as_name) {
                Ok(b"OFF") => self
                    .off
                    .extend(all.iter().filter(|one| !on.contains(one)).cloned()),
                _ => self.off.extend(array(default, b"OFF")),
            }
        }
        self.all.extend(all);
    }
}

/// One flat page tree, bookmarks, layers; claims that nobody has checked again go.
fn arrange(
    to: &mut Document,
    order: &[ObjectId],
    bookmarks: &[Bookmark],
    layers: Layers,
) -> Result<(), MergeError> {
    let tree = to.new_object_id();
    for page in order {
        for key in [b"Resources".as_slice(), b"MediaBox", b"CropBox", b"Rotate"] {
            if let Some(value) = inherited(to, *page, key) {
                to.get_dictionary_mut(*page)?.set(key.to_vec(), value);
            }
        }
        to.get_dictionary_mut(*page)?.set("Parent", tree);
    }
    let kids: Vec<Object> = order.iter().map(|page| Object::Reference(*page)).collect();
    let count = order.len() as i64;
    let entry = dictionary! { "Type" => "Pages", "Count" => count, "Kids" => kids };
    to.objects.insert(tree, entry.into());
    let outline = outline::write(to, bookmarks);
    drop_claims(to)?;
    let catalog = to.catalog_mut()?;
    catalog.set("Pages", tree);
    catalog.remove(b"PageLabels");
    catalog.remove(b"OutputIntents");
    if let Some(outline) = outline {
        catalog.set("Outlines", outline);
        catalog.set("PageMode", "UseOutlines");
    }
    if !layers.all.is_empty() {
        let default = dictionary! { "OFF" => layers.off, "Order" => Vec::<Object>::new() };
        catalog.set(
            "OCProperties",
            dictionary! { "OCGs" => layers.all, "D" => default },
        );
    }
    to.prune_objects();
    Ok(())
}

/// A name for the whole that follows from what it was made of.
fn identity(front: &[u8], attachments: &[Attachment<'_>], stamps: Option<&[u8]>) -> Vec<Object> {
    let mut hash = Sha256::new();
    let parts = attachments.iter().map(|one| one.file);
    for part in [front].into_iter().chain(parts).chain(stamps) {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let name = hash.finalize()[..16].to_vec();
    let name = Object::String(name, StringFormat::Hexadecimal);
    vec![name.clone(), name]
}

/// Takes the claims of PDF/A and PDF/UA out of the metadata.
///
/// # Errors
/// When the metadata is not what our own writer makes.
pub fn drop_claims(file: &mut Document) -> Result<(), lopdf::Error> {
    let named = file
        .catalog()?
        .get(b"Metadata")
        .and_then(Object::as_reference);
    let Ok(id) = named else {
        return Ok(());
    };
    let stream = file.get_object_mut(id)?.as_stream_mut()?;
    let plain = stream
        .decompressed_content()
        .unwrap_or_else(|_| stream.content.clone());
    let kept = without_claims(&String::from_utf8_lossy(&plain));
    stream.set_plain_content(kept.into_bytes());
    Ok(())
}

/// XMP without the elements of the claims' namespaces and without their declarations.
fn without_claims(xmp: &str) -> String {
    let mut out = xmp.to_owned();
    for prefix in ["pdfaid", "pdfuaid"] {
        let open = format!("<{prefix}:");
        while let Some(start) = out.find(&open) {
            let name_end = out[start..]
                .find(['>', '/', ' '])
                .map_or(out.len(), |n| start + n);
            let name = out[start + 1..name_end].to_owned();
            let close = format!("</{name}>");
            let end = match out[start..].find(&close) {
                Some(n) => start + n + close.len(),
                None => out[start..].find("/>").map_or(out.len(), |n| start + n + 2),
            };
            out.replace_range(start..end, "");
        }
        let declared = format!(" xmlns:{prefix}=\"");
        while let Some(start) = out.find(&declared) {
            let from = start + declared.len();
            let end = out[from..].find('"').map_or(out.len(), |n| from + n + 1);
            out.replace_range(start..end, "");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::without_claims;

    #[test]
    fn claims_go_and_the_rest_stays() {
        let xmp = "<rdf:Description rdf:about=\"\" xmlns:dc=\"d\" xmlns:pdfaid=\"p\" \
            xmlns:pdfuaid=\"u\"><dc:title>题</dc:title><pdfaid:part>2</pdfaid:part>\
            <pdfuaid:part>1</pdfuaid:part></rdf:Description>";
        let kept = without_claims(xmp);
        assert_eq!(
            kept,
            "<rdf:Description rdf:about=\"\" xmlns:dc=\"d\"><dc:title>题</dc:title></rdf:Description>"
        );
    }
}
