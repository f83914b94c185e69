//! Files of documents: the exact bytes come back, nothing readable lies on the disk, and nothing
//! that was changed there is taken for what was stored.

use crate::world::{Laptop, doc, edit, fields, new_study};
use desk::vault::BLOB_FOLDER;
use desk::{Desk, DeskError, FileHere};
use model::file::BlobRef;
use model::{EntityId, StudyId, kind};
use serde_json::json;
use std::fs;

pub(crate) fn document(desk: &mut Desk, study: &StudyId) -> EntityId {
    let fields = fields(&[
        ("kind", json!("consent")),
        ("title.zh", json!("知情同意书")),
    ]);
    desk.add(study, kind::DOCUMENT, None, fields, None)
        .unwrap()
        .0
}

pub(crate) fn attach(desk: &mut Desk, study: &StudyId, id: &EntityId, bytes: &[u8]) -> BlobRef {
    let held = doc(desk, study);
    let register = held.entity(id).unwrap().fields.get("file");
    let seen = register.map(|register| register.seen()).unwrap_or_default();
    let mut from = bytes;
    desk.document_attach(study, id, "知情同意书.pdf", &mut from, &seen)
        .unwrap()
        .0
}

fn files(desk: &Desk) -> Vec<std::path::PathBuf> {
    let folder = fs::read_dir(desk.dir().join(BLOB_FOLDER)).unwrap();
    folder.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn the_exact_bytes_come_back_and_equal_ones_are_stored_once() {
    let Laptop {
        bench: _bench,
        mut desk,
        ..
    } = Laptop::new(1, "林示例");
    let study = new_study(&mut desk, "甲");
    let (one, two) = (document(&mut desk, &study), document(&mut desk, &study));
    // At the edges of a chunk of 64 KiB, and nothing at all.
    for size in [0, 1, 65_535, 65_536, 65_537, 200_000] {
        let bytes: Vec<u8> = (0..size).map(|n| (n % 251) as u8).collect();
        let file = attach(&mut desk, &study, &one, &bytes);
        assert_eq!(
            (file.size, file.mime.as_str()),
            (size as u64, "application/pdf")
        );
        assert_eq!(desk.blob_read(&file.hash).unwrap(), bytes, "{size}");
        let same = attach(&mut desk, &study, &two, &bytes);
        assert_eq!(same.hash, file.hash);
    }
    assert_eq!(files(&desk).len(), 6);
    assert_eq!(desk.blobs_here().unwrap().len(), 6);
    let held = doc(&desk, &study);
    let file = BlobRef::read(held.entity(&one).unwrap().value("file")).unwrap();
    assert_eq!(file.name, "知情同意书.pdf");
    assert!(!held.entity(&one).unwrap().fields["file"].conflict);
}

#[test]
fn nothing_readable_lies_on_the_disk_and_nothing_changed_is_believed() {
    let Laptop {
        bench: _bench,
        mut desk,
        ..
    } = Laptop::new(1, "林示例");
    let study = new_study(&mut desk, "甲");
    let id = document(&mut desk, &study);
    let text = "the participant information sheet ".repeat(5_000);
    let file = attach(&mut desk, &study, &id, text.as_bytes());
    let path = files(&desk).remove(0);
    let whole = fs::read(&path).unwrap();
    assert!(!whole.windows(11).any(|window| window == b"participant"));
    let mut flipped = whole.clone();
    flipped[100_000] ^= 1;
    // Chunks of 64 KiB with a tag of 16 bytes behind a head of 35.
    let chunk = 65_536 + 16;
    let cut = whole[..35 + 2 * chunk].to_vec();
    let swapped = [
        &whole[..35],
        &whole[35 + chunk..35 + 2 * chunk],
        &whole[35..35 + chunk],
        &whole[35 + 2 * chunk..],
    ]
    .concat();
    let mut other_head = whole.clone();
    other_head[20] ^= 1;
    for bad in [flipped, cut, swapped, other_head, Vec::new()] {
        fs::write(&path, bad).unwrap();
        assert!(matches!(
            desk.blob_read(&file.hash),
            Err(DeskError::Damaged(_))
        ));
        let problems = desk.verify().unwrap().problems;
        assert_eq!(problems.len(), 1);
        assert_eq!((problems[0].code, &problems[0].place), ("file", &file.hash));
    }
    // What is damaged is replaced by the good one when it comes again.
    attach(&mut desk, &study, &id, text.as_bytes());
    assert_eq!(desk.blob_read(&file.hash).unwrap(), text.as_bytes());
    assert_eq!(desk.verify().unwrap().problems, []);
    // One content does not stand for another.
    let other = attach(&mut desk, &study, &id, b"another");
    fs::copy(&path, path.with_file_name(other.hex())).unwrap();
    assert!(matches!(
        desk.blob_read(&other.hash),
        Err(DeskError::Damaged(_))
    ));
}

#[test]
fn a_file_of_another_laptop_is_said_to_be_there() {
    let Laptop {
        bench: _bench,
        mut desk,
        ..
    } = Laptop::new(1, "林示例");
    let study = new_study(&mut desk, "甲");
    let id = document(&mut desk, &study);
    let file = attach(&mut desk, &study, &id, b"x");
    fs::remove_file(files(&desk).remove(0)).unwrap();
    assert!(matches!(
        desk.blob_read(&file.hash),
        Err(DeskError::FileElsewhere)
    ));
    assert!(desk.blobs_here().unwrap().is_empty());
    for name in ["../vault.db", "", "sha256:zz"] {
        assert!(desk.blob_read(name).is_err(), "{name}");
    }
    let mut from = &b"y"[..];
    let root = study.root();
    assert!(
        desk.document_attach(&study, &root, "a.pdf", &mut from, &[])
            .is_err()
    );
    let mut from = &b"y"[..];
    let bad = desk.document_attach(&study, &id, "../a.pdf", &mut from, &[]);
    assert!(matches!(bad, Err(DeskError::Invalid { .. })));
}

#[test]
fn a_document_with_a_file_lacks_no_longer() {
    let Laptop {
        bench: _bench,
        mut desk,
        ..
    } = Laptop::new(1, "林示例");
    let study = new_study(&mut desk, "甲");
    for (status, then) in [("lack", "have"), ("na", "na")] {
        let id = document(&mut desk, &study);
        let said = edit(&desk, &study, &id, "status", json!(status));
        desk.set(&study, said, None).unwrap();
        let says = |desk: &Desk| {
            let held = doc(desk, &study);
            let one = held.entity(&id).unwrap();
            (one.text("status").to_owned(), one.value("file").is_null())
        };
        attach(&mut desk, &study, &id, b"the exact bytes");
        assert_eq!(says(&desk), (then.to_owned(), false));
        desk.undo().unwrap().unwrap();
        assert_eq!(says(&desk), (status.to_owned(), true), "one step back");
    }
}

#[test]
fn files_are_in_the_copy_and_open_where_it_is_restored() {
    let laptop = Laptop::new(1, "林示例");
    let Laptop {
        bench, mut desk, ..
    } = laptop;
    let study = new_study(&mut desk, "甲");
    let id = document(&mut desk, &study);
    let file = attach(&mut desk, &study, &id, b"the exact bytes");
    let copy = bench.path("copy.pideskbackup");
    desk::backup::write(desk.vault(), &copy, &bench.env).unwrap();
    let there = bench.path("restored");
    desk::backup::restore(&copy, &there).unwrap();
    drop(desk);
    let restored = crate::world::open(&there, &bench);
    assert_eq!(restored.blob_read(&file.hash).unwrap(), b"the exact bytes");
}

/// Carries a file from one laptop to another by pieces of this length.
fn carry(from: &Desk, to: &mut Desk, file: &BlobRef, n: usize) -> bool {
    let mut offset = 0;
    while offset < file.size {
        let left = usize::try_from(file.size - offset).unwrap();
        let piece = from.file_piece(&file.hash, offset, n.min(left));
        let piece = piece.unwrap().unwrap();
        to.file_keep(&file.hash, offset, &piece).unwrap();
        offset += piece.len() as u64;
    }
    to.file_finish(&file.hash).unwrap()
}

#[test]
fn pieces_become_the_same_bytes_under_the_other_laptops_key() {
    let Laptop {
        bench: _bench,
        mut desk,
        ..
    } = Laptop::new(1, "林示例");
    let Laptop {
        bench: _other,
        desk: mut there,
        ..
    } = Laptop::new(2, "王示例");
    let study = new_study(&mut desk, "甲");
    let id = document(&mut desk, &study);
    for (size, n) in [
        (0, 1),
        (1, 1),
        (65_536, 65_536),
        (200_000, 70_001),
        (131_072, 999),
    ] {
        let bytes: Vec<u8> = (0..size).map(|n| (n % 249) as u8).collect();
        let file = attach(&mut desk, &study, &id, &bytes);
        assert!(carry(&desk, &mut there, &file, n), "{size}");
        assert_eq!(there.blob_read(&file.hash).unwrap(), bytes, "{size}");
        let whole = desk.file_piece(&file.hash, 0, size).unwrap();
        assert_eq!(whole, Some(bytes), "{size}");
        assert_eq!(desk.file_piece(&file.hash, file.size, 1).unwrap(), None);
    }
    // Every file that a document ever had is named: what was sent is shown as it was.
    assert_eq!(desk.files().unwrap().len(), 5);
    assert_eq!(there.blobs_here().unwrap().len(), 5);
    assert_eq!(files(&there).len(), 5, "no piece is left");
}

#[test]
fn f19_what_is_cut_spoilt_or_another_content_is_never_taken_for_a_file() {
    let Laptop {
        bench: _bench,
        mut desk,
        ..
    } = Laptop::new(1, "林示例");
    let study = new_study(&mut desk, "甲");
    let id = document(&mut desk, &study);
    let text = "participant ".repeat(20_000);
    let file = attach(&mut desk, &study, &id, text.as_bytes());
    let path = files(&desk).remove(0);
    let here = |desk: &Desk| desk.files().unwrap()[0].here;
    assert_eq!(here(&desk), FileHere::Whole);
    let good = fs::read(&path).unwrap();
    // Cut off: its length tells.
    fs::write(&path, &good[..good.len() - 1]).unwrap();
    assert_eq!(here(&desk), FileHere::Part(0));
    // Spoilt: known once somebody opened it, or a piece of it was to be sent.
    let mut spoilt = good.clone();
    spoilt[100_000] ^= 1;
    fs::write(&path, spoilt).unwrap();
    assert_eq!(here(&desk), FileHere::Whole);
    assert_eq!(desk.file_piece(&file.hash, 65_536, 100).unwrap(), None);
    assert_eq!(here(&desk), FileHere::Part(0));
    // It comes again; a cut leaves what came, sealed, and the rest follows.
    desk.file_keep(&file.hash, 0, &text.as_bytes()[..100_000])
        .unwrap();
    assert_eq!(here(&desk), FileHere::Part(100_000));
    let part = path.with_extension("part");
    let kept = fs::read_dir(&part).unwrap().next().unwrap().unwrap();
    let kept = fs::read(kept.path()).unwrap();
    assert!(!kept.windows(11).any(|window| window == b"participant"));
    let wrong = vec![b'x'; text.len() - 100_000];
    desk.file_keep(&file.hash, 100_000, &wrong).unwrap();
    assert!(!desk.file_finish(&file.hash).unwrap(), "another content");
    assert_eq!(here(&desk), FileHere::Part(0));
    assert!(!part.exists());
    desk.file_keep(&file.hash, 0, text.as_bytes()).unwrap();
    assert!(desk.file_finish(&file.hash).unwrap());
    assert_eq!(here(&desk), FileHere::Whole);
    assert_eq!(desk.blob_read(&file.hash).unwrap(), text.as_bytes());
    assert_eq!(desk.verify().unwrap().problems, []);
    for name in ["../vault.db", "", "sha256:zz"] {
        assert!(desk.file_keep(name, 0, b"x").is_err(), "{name}");
        assert!(desk.file_finish(name).is_err(), "{name}");
        assert_eq!(desk.file_piece(name, 0, 1).unwrap(), None, "{name}");
    }
}
