//! A count in the numerals of a list: 4, iv, d, 四, 第四.

/// A count in a format of the file format; Arabic digits for formats that are rare here.
pub(super) fn numeral(count: u32, format: &str) -> String {
    match format {
        "upperRoman" => roman(count),
        "lowerRoman" => roman(count).to_lowercase(),
        "upperLetter" => letters(count, b'A'),
        "lowerLetter" => letters(count, b'a'),
        "decimalZero" => format!("{count:02}"),
        "decimalFullWidth" | "decimalFullWidth2" => count
            .to_string()
            .chars()
            .filter_map(|digit| char::from_u32(u32::from(digit) - 0x30 + 0xFF10))
            .collect(),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" if (1..=20).contains(&count) => {
            char::from_u32(0x2460 + count - 1).into_iter().collect()
        }
        "chineseCounting"
        | "chineseCountingThousand"
        | "japaneseCounting"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand"
        | "ideographDigital"
        | "japaneseDigitalTenThousand" => chinese(count, &SMALL, &["", "十", "百", "千"]),
        "chineseLegalSimplified" => chinese(count, &LEGAL, &["", "拾", "佰", "仟"]),
        "ideographTraditional" => cycle(count, "甲乙丙丁戊己庚辛壬癸"),
        "ideographZodiac" => cycle(count, "子丑寅卯辰巳午未申酉戌亥"),
        "none" => String::new(),
        _ => count.to_string(),
    }
}

const SMALL: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
const LEGAL: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];

fn roman(count: u32) -> String {
    const STEPS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if count > 3999 {
        return count.to_string();
    }
    let mut left = count;
    let mut text = String::new();
    for (step, letters) in STEPS {
        while left >= step {
            text.push_str(letters);
            left -= step;
        }
    }
    text
}

/// Word goes on with AA, BB after Z.
fn letters(count: u32, first: u8) -> String {
    let Some(at) = count.checked_sub(1) else {
        return String::new();
    };
    let letter = char::from(first + u8::try_from(at % 26).unwrap_or(0));
    std::iter::repeat_n(letter, (at / 26 + 1).min(20) as usize).collect()
}

fn cycle(count: u32, letters: &str) -> String {
    let n = letters.chars().count();
    let at = (count.saturating_sub(1) as usize) % n;
    letters.chars().nth(at).into_iter().collect()
}

fn chinese(count: u32, digits: &[&str; 10], units: &[&str; 4]) -> String {
    if count == 0 || count > 9999 {
        return count.to_string();
    }
    let mut text = String::new();
    let mut is_gap = false;
    for place in (0..4_u32).rev() {
        let digit = (count / 10_u32.pow(place)) % 10;
        if digit == 0 {
            is_gap = !text.is_empty();
            continue;
        }
        if is_gap {
            text.push('零');
            is_gap = false;
        }
        // 十二, not 一十二.
        if !(place == 1 && digit == 1 && text.is_empty() && units.contains(&"十")) {
            text.push_str(digits.get(digit as usize).copied().unwrap_or_default());
        }
        text.push_str(units.get(place as usize).copied().unwrap_or_default());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_are_those_of_the_program() {
        for (count, format, text) in [
            (4, "decimal", "4"),
            (9, "upperRoman", "IX"),
            (14, "lowerRoman", "xiv"),
            (27, "lowerLetter", "aa"),
            (3, "chineseCounting", "三"),
            (10, "chineseCountingThousand", "十"),
            (12, "chineseCounting", "十二"),
            (20, "chineseCounting", "二十"),
            (105, "chineseCounting", "一百零五"),
            (12, "chineseLegalSimplified", "壹拾贰"),
            (2, "decimalEnclosedCircle", "②"),
            (3, "ideographTraditional", "丙"),
            (7, "decimalZero", "07"),
        ] {
            assert_eq!(numeral(count, format), text, "{count} {format}");
        }
    }
}
