//! A package with some of its parts written anew; the others keep every byte.

use super::BlankRefusal;
use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Writes parts of a package anew, by their names.
pub(super) fn repack(
    bytes: &[u8],
    parts: &BTreeMap<String, String>,
) -> Result<Vec<u8>, BlankRefusal> {
    let damaged = |_| BlankRefusal::Damaged;
    let mut from = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut to = ZipWriter::new(Cursor::new(Vec::with_capacity(bytes.len() + 4096)));
    for place in 0..from.len() {
        let file = from.by_index_raw(place).map_err(damaged)?;
        let name = file.name().to_owned();
        match parts.get(&name.replace('\\', "/").to_lowercase()) {
            None => to.raw_copy_file(file).map_err(damaged)?,
            Some(text) => {
                let options = SimpleFileOptions::default()
                    .compression_method(CompressionMethod::Deflated)
                    .last_modified_time(file.last_modified().unwrap_or_default());
                drop(file);
                to.start_file(name, options).map_err(damaged)?;
                to.write_all(text.as_bytes())
                    .map_err(|_| BlankRefusal::Damaged)?;
            }
        }
    }
    Ok(to.finish().map_err(damaged)?.into_inner())
}
