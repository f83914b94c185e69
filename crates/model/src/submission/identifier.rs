//! Does a text seem to hold what identifies a patient? A hint, never a proof.

/// What a text seems to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// A resident identity number whose check digit is right.
    IdentityNumber,
    /// A number behind a word such as 住院号.
    RecordNumber,
    /// A mobile number near a word such as 患者.
    PatientPhone,
}

impl Mark {
    /// The stable word.
    pub fn code(self) -> &'static str {
        match self {
            Self::IdentityNumber => "identityNumber",
            Self::RecordNumber => "recordNumber",
            Self::PatientPhone => "patientPhone",
        }
    }
}

const RECORD_WORDS: [&str; 9] = [
    "住院号",
    "病案号",
    "病历号",
    "门诊号",
    "就诊卡号",
    "医保卡号",
    "影像号",
    "medical record no",
    "mrn",
];
const PATIENT_WORDS: [&str; 6] = ["患者", "病人", "受试者", "家属", "patient", "participant"];
/// How far a word may stand in front of its number. Units: characters.
const NEAR: usize = 24;

/// What a text seems to hold, each kind once.
pub fn scan(text: &str) -> Vec<Mark> {
    let chars: Vec<char> = text.to_lowercase().chars().collect();
    let mut found = Vec::new();
    for (start, number) in numbers(&chars) {
        let before: String = chars[start.saturating_sub(NEAR)..start].iter().collect();
        let follows = |words: &[&str]| words.iter().any(|word| before.contains(word));
        let mark = if is_identity_number(&number) {
            Mark::IdentityNumber
        } else if number.len() >= 5 && follows(&RECORD_WORDS) {
            Mark::RecordNumber
        } else if is_mobile(&number) && follows(&PATIENT_WORDS) {
            Mark::PatientPhone
        } else {
            continue;
        };
        if !found.contains(&mark) {
            found.push(mark);
        }
    }
    found.sort();
    found
}

/// Runs of digits (and a last `x`) with where they start.
fn numbers(chars: &[char]) -> Vec<(usize, String)> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if !chars[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        while at < chars.len() && chars[at].is_ascii_digit() {
            at += 1;
        }
        let mut number: String = chars[start..at].iter().collect();
        if number.len() == 17 && chars.get(at) == Some(&'x') {
            number.push('x');
            at += 1;
        }
        out.push((start, number));
    }
    out
}

/// GB 11643: seventeen digits with a day that the calendar has, and their check digit.
fn is_identity_number(number: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECK: [char; 11] = ['1', '0', 'x', '9', '8', '7', '6', '5', '4', '3', '2'];
    if number.len() != 18 {
        return false;
    }
    let digits: Vec<u32> = number[..17]
        .chars()
        .filter_map(|c| c.to_digit(10))
        .collect();
    let day = format!("{}-{}-{}", &number[6..10], &number[10..12], &number[12..14]);
    let sum: u32 = digits
        .iter()
        .zip(WEIGHTS)
        .map(|(digit, weight)| digit * weight)
        .sum();
    digits.len() == 17
        && crate::check::is_date(&day)
        && number.chars().last() == CHECK.get((sum % 11) as usize).copied()
}

fn is_mobile(number: &str) -> bool {
    let mut digits = number.chars();
    number.len() == 11
        && digits.next() == Some('1')
        && digits
            .next()
            .is_some_and(|second| ('3'..='9').contains(&second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_identifies_a_patient_is_seen_and_what_does_not_is_not() {
        for (text, marks) in [
            ("身份证 11010519491231002X。", vec![Mark::IdentityNumber]),
            ("110105194912310021", vec![]),
            ("110105194913310027", vec![]),
            ("住院号：0012345", vec![Mark::RecordNumber]),
            ("MRN 889912", vec![Mark::RecordNumber]),
            ("住院号见附件", vec![]),
            ("患者家属电话 13800138000", vec![Mark::PatientPhone]),
            ("研究者电话 13800138000", vec![]),
            ("批件号 2026-伦审-0123，版本 V2.0，2026-03-05", vec![]),
            ("受试者 120 例，随访 24 个月", vec![]),
        ] {
            assert_eq!(scan(text), marks, "{text}");
        }
    }
}
