//! Numbers that a person typed in front of a title: `4.2.1 Title`, `第三章`, `一、`, `（一）`.

/// A number in front of a title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Typed {
    /// The number, without what parts it from the title.
    pub(super) number: String,
    pub(super) form: Form,
    /// How much of the text it takes with what parts it from the title. Units: characters.
    pub(super) n_chars: usize,
}

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `4`, `4.2`, `A.1`: with how many parts.
    Parts(u8),
    /// `第三章`, `第一部分`.
    Chapter,
    /// `第二节`.
    Part,
    /// `一、`
    Han,
    /// `（一）`
    HanInBrackets,
    /// `(1)`, `1)`
    InBrackets,
}

const HAN: &str = "一二三四五六七八九十百零〇两";
/// Words that make a number in front of them a quantity.
const UNITS: [&str; 24] = [
    "mg", "g", "kg", "ml", "µg", "μg", "mcg", "iu", "%", "day", "days", "week", "weeks", "month",
    "months", "year", "years", "hours", "h", "周", "天", "年", "月", "期",
];

/// The number in front of a text; `None` when there is none or nothing behind it.
pub(super) fn typed(text: &str) -> Option<Typed> {
    let found = chapter(text)
        .or_else(|| han(text))
        .or_else(|| brackets(text))
        .or_else(|| parts(text))?;
    let rest: String = text.chars().skip(found.n_chars).collect();
    let n_blank = rest
        .chars()
        .take_while(|letter| letter.is_whitespace())
        .count();
    let rest = rest.trim_start();
    if rest.is_empty() {
        return None;
    }
    if found.form == Form::Parts(1) {
        let word: String = rest
            .chars()
            .take_while(|letter| !letter.is_whitespace() && !",;/)，；".contains(*letter))
            .collect();
        if UNITS.contains(&word.to_lowercase().as_str()) {
            return None;
        }
    }
    Some(Typed {
        n_chars: found.n_chars + n_blank,
        ..found
    })
}

fn chapter(text: &str) -> Option<Typed> {
    let rest = text.strip_prefix('第')?;
    let is_digit = |letter: &char| HAN.contains(*letter) || letter.is_ascii_digit();
    let n = rest.chars().take_while(is_digit).count();
    let unit: String = rest.chars().skip(n).take(2).collect();
    let (form, n_unit) = match unit.chars().next()? {
        _ if unit == "部分" => (Form::Chapter, 2),
        '章' | '篇' => (Form::Chapter, 1),
        '节' | '節' => (Form::Part, 1),
        _ => return None,
    };
    let n_chars = 1 + n + n_unit;
    (n > 0).then(|| Typed {
        number: text.chars().take(n_chars).collect(),
        form,
        n_chars: n_chars + n_sign(text, n_chars),
    })
}

/// One sign behind a number that only parts it from the title.
fn n_sign(text: &str, at: usize) -> usize {
    let next = text.chars().nth(at);
    usize::from(next.is_some_and(|letter| "、．.:：".contains(letter)))
}

fn han(text: &str) -> Option<Typed> {
    let n = text
        .chars()
        .take_while(|letter| HAN.contains(*letter))
        .count();
    let next = text.chars().nth(n)?;
    (n > 0 && n <= 4 && "、．.".contains(next)).then(|| Typed {
        number: text.chars().take(n).collect(),
        form: Form::Han,
        n_chars: n + 1,
    })
}

fn brackets(text: &str) -> Option<Typed> {
    let first = text.chars().next()?;
    let is_open = first == '(' || first == '（';
    let from = usize::from(is_open);
    let inside: String = text
        .chars()
        .skip(from)
        .take_while(|letter| HAN.contains(*letter) || letter.is_ascii_digit())
        .collect();
    let n = inside.chars().count();
    let close = text.chars().nth(from + n)?;
    if n == 0 || n > 3 || !(close == ')' || close == '）') {
        return None;
    }
    let is_han = inside.chars().all(|letter| HAN.contains(letter));
    let form = match (is_han, is_open) {
        (true, true) => Form::HanInBrackets,
        (false, _) if inside.chars().all(|letter| letter.is_ascii_digit()) => Form::InBrackets,
        _ => return None,
    };
    Some(Typed {
        number: text.chars().take(from + n + 1).collect(),
        form,
        n_chars: from + n + 1,
    })
}

fn parts(text: &str) -> Option<Typed> {
    let letters: Vec<char> = text.chars().take(48).collect();
    let digits = |from: usize| {
        let rest = letters.get(from..).unwrap_or_default();
        rest.iter()
            .take_while(|letter| letter.is_ascii_digit())
            .count()
    };
    let is_lettered = letters.first().is_some_and(char::is_ascii_uppercase);
    let mut at = if is_lettered { 1 } else { digits(0) };
    if at == 0 || at > 2 {
        return None;
    }
    let mut n_parts = 1_u8;
    while matches!(letters.get(at), Some('.' | '．')) {
        let n = digits(at + 1);
        if n == 0 || n > 3 {
            break;
        }
        at += 1 + n;
        n_parts = n_parts.saturating_add(1);
    }
    if n_parts > 8 || (is_lettered && n_parts == 1) {
        return None;
    }
    let number: String = letters.get(..at)?.iter().collect();
    let sign = letters.get(at).copied()?;
    let has_sign = "、．.".contains(sign);
    let n_chars = at + usize::from(has_sign);
    let next = letters.get(n_chars).copied()?;
    let is_han = |letter: char| ('\u{4e00}'..='\u{9fff}').contains(&letter);
    let is_parted = next.is_whitespace()
        || (has_sign && !next.is_ascii_digit() && (sign != '.' || is_han(next)))
        || (n_parts > 1 && (is_han(next) || "{<[《“".contains(next)));
    is_parted.then_some(Typed {
        number: number.replace('．', "."),
        form: Form::Parts(n_parts),
        n_chars,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_numbers_are_parted_from_titles() {
        for (text, number, title) in [
            ("4.2.1 Title", "4.2.1", "Title"),
            ("4.2.1\tTitle", "4.2.1", "Title"),
            ("4. Title", "4", "Title"),
            ("0 Foreword", "0", "Foreword"),
            ("4.2.1研究设计", "4.2.1", "研究设计"),
            ("1、研究背景", "1", "研究背景"),
            ("1.研究背景", "1", "研究背景"),
            ("第三章 统计", "第三章", "统计"),
            ("第十二章统计", "第十二章", "统计"),
            ("第一部分：总则", "第一部分", "总则"),
            ("第2节 设计", "第2节", "设计"),
            ("一、研究背景", "一", "研究背景"),
            ("十一．附录", "十一", "附录"),
            ("（一）研究目的", "（一）", "研究目的"),
            ("(2) 次要目的", "(2)", "次要目的"),
            ("A.1 Appendix", "A.1", "Appendix"),
        ] {
            let found = typed(text).unwrap_or_else(|| panic!("no number in {text}"));
            assert_eq!(found.number, number, "{text}");
            let rest: String = text.chars().skip(found.n_chars).collect();
            assert_eq!(rest, title, "{text}");
        }
    }

    #[test]
    fn quantities_and_years_are_no_numbers_of_titles() {
        for text in [
            "5 mg arm",
            "2025 edition",
            "3D imaging",
            "12 weeks",
            "10% more",
            "1.5",
            "3",
            "一个",
            "A study",
            "3期临床试验",
            "I.V. line",
            "",
            "第三方",
        ] {
            assert_eq!(typed(text), None, "{text}");
        }
    }
}
