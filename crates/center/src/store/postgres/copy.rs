//! Rows in the form in which PostgreSQL takes many at once.

use crate::store::sql::{Value, Values};
use bytes::{BufMut, Bytes, BytesMut};

/// Source: PostgreSQL 15, "COPY", binary format.
const SIGNATURE: &[u8] = b"PGCOPY\n\xff\r\n\0";

/// Writes rows whose columns are `BIGINT`, `TEXT` or `BYTEA`: the schema has no others.
pub(super) fn rows(rows: &[Values]) -> Bytes {
    let mut out = BytesMut::with_capacity(64 + rows.iter().map(room).sum::<usize>());
    out.put_slice(SIGNATURE);
    // No flags, no extension.
    out.put_u64(0);
    for row in rows {
        out.put_i16(i16::try_from(row.len()).unwrap_or(i16::MAX));
        for value in row {
            match value {
                Value::Null => out.put_i32(-1),
                Value::Int(number) => {
                    out.put_i32(8);
                    out.put_i64(*number);
                }
                Value::Text(text) if text.contains('\0') => {
                    put(&mut out, text.replace('\0', "\u{1}").as_bytes());
                }
                Value::Text(text) => put(&mut out, text.as_bytes()),
                Value::Bytes(bytes) => put(&mut out, bytes),
            }
        }
    }
    out.put_i16(-1);
    out.freeze()
}

fn room(row: &Values) -> usize {
    let sizes = row.iter().map(|value| match value {
        Value::Null | Value::Int(_) => 12,
        Value::Text(text) => 4 + text.len(),
        Value::Bytes(bytes) => 4 + bytes.len(),
    });
    2 + sizes.sum::<usize>()
}

fn put(out: &mut BytesMut, bytes: &[u8]) {
    // A frame has at most 4 MiB.
    out.put_i32(i32::try_from(bytes.len()).unwrap_or(i32::MAX));
    out.put_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_written_as_postgres_reads_it() {
        let row = vec![
            Value::Int(1),
            Value::Null,
            Value::Text("a".into()),
            Value::Bytes(vec![0]),
        ];
        let body = [
            &[0, 4, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 1, 255, 255, 255, 255][..],
            &[0, 0, 0, 1, b'a', 0, 0, 0, 1, 0, 255, 255],
        ];
        let whole = [SIGNATURE, &[0; 8], &body.concat()].concat();
        assert_eq!(rows(&[row]), whole);
    }
}
