//! Places among siblings: texts that always leave room for another one between two.

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Ends every key: the middle of the digits, so that there is room on both sides.
const MIDDLE: u8 = b'V';
/// Digits of a key that stands in a row.
const WIDTH: usize = 4;

/// The key of the n-th sibling of a row that is written at once.
pub(crate) fn nth(n: usize) -> String {
    let mut digits = [b'0'; WIDTH];
    let mut rest = n;
    for digit in digits.iter_mut().rev() {
        *digit = digit_at(rest % DIGITS.len());
        rest /= DIGITS.len();
    }
    let mut key: String = digits.iter().map(|byte| char::from(*byte)).collect();
    key.push(char::from(MIDDLE));
    key
}

/// A key between two others; `None` stands for the beginning or the end of the row.
///
/// Two laptops may have given one key to two siblings; what is placed between those comes after
/// both.
pub(crate) fn between(before: Option<&str>, after: Option<&str>) -> String {
    let before = before.unwrap_or("");
    if let Some(after) = after.filter(|after| *after > before) {
        return middle(before.as_bytes(), Some(after.as_bytes()));
    }
    match place_in_row(before) {
        Some(n) => nth(n + 1),
        None if before.is_empty() => nth(0),
        None => middle(before.as_bytes(), None),
    }
}

fn place_in_row(key: &str) -> Option<usize> {
    let digits = key
        .strip_suffix(char::from(MIDDLE))
        .filter(|digits| digits.len() == WIDTH)?;
    let n = digits
        .bytes()
        .try_fold(0, |n, byte| Some(n * DIGITS.len() + value(byte)?))?;
    (n + 1 < DIGITS.len().pow(WIDTH as u32)).then_some(n)
}

/// A text that is greater than the first and less than the second.
fn middle(low: &[u8], high: Option<&[u8]>) -> String {
    let mut out = String::new();
    let mut high = high;
    let mut place = 0;
    loop {
        let from = low.get(place).and_then(|byte| value(*byte)).unwrap_or(0);
        let to = match high {
            Some(high) => high.get(place).and_then(|byte| value(*byte)).unwrap_or(0),
            None => DIGITS.len(),
        };
        if to > from + 1 {
            out.push(char::from(digit_at(from + (to - from) / 2)));
            return out;
        }
        out.push(char::from(digit_at(from)));
        if to != from {
            // Below the upper key from here on: its further digits no longer bind.
            high = None;
        }
        place += 1;
    }
}

fn digit_at(n: usize) -> u8 {
    DIGITS.get(n).copied().unwrap_or(MIDDLE)
}

fn value(digit: u8) -> Option<usize> {
    DIGITS.iter().position(|known| *known == digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_always_room() {
        let mut keys: Vec<String> = (0..5).map(nth).collect();
        for n in 0..400 {
            let place = (n * 7) % (keys.len() + 1);
            let before = place.checked_sub(1).map(|p| keys[p].clone());
            let key = between(before.as_deref(), keys.get(place).map(String::as_str));
            keys.insert(place, key);
        }
        assert!(keys.is_sorted_by(|a, b| a < b), "{keys:?}");
        for _ in 0..200 {
            let key = between(None, keys.first().map(String::as_str));
            keys.insert(0, key);
            let key = between(keys.last().map(String::as_str), None);
            keys.push(key);
        }
        assert!(keys.is_sorted_by(|a, b| a < b));
        assert!(keys.iter().all(|key| !key.ends_with('0')));
    }

    #[test]
    fn a_row_rises() {
        let keys: Vec<String> = (0..5_000).map(nth).collect();
        assert!(keys.is_sorted_by(|a, b| a < b));
        assert_eq!(between(Some(&nth(61)), None), nth(62));
    }
}
