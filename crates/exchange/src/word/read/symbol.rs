//! Letters of fonts of symbols, whose codes mean other signs than Unicode has there.
//!
//! Source: Adobe's Symbol encoding; the tables that come with Wingdings and Webdings. Signs that
//! protocols use; the rest keeps its code.

/// Runs of codes: the first code, the signs from there on.
type Runs = &'static [(u32, &'static str)];

const SYMBOL: Runs = &[
    (
        0x20,
        " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼",
    ),
    (
        0xA0,
        "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…|—↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊⟨®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪",
    ),
    (0xF1, "⟩∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭"),
];

const WINGDINGS: Runs = &[
    (0x22, "✂"),
    (0x28, "☎"),
    (0x2A, "✉"),
    (0x34, "✆"),
    (0x36, "⌛"),
    (0x3E, "✇"),
    (0x45, "☜☞☝☟"),
    (0x4A, "☺"),
    (0x4C, "☹"),
    (0x4E, "☠"),
    (0x51, "✈☼"),
    (0x54, "❄"),
    (0x6C, "●❍■□□❑❒⬧⧫◆❖⬥⌧"),
    (0x7B, "❀✿"),
    (0x80, "⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾"),
    (0x9E, "·•"),
    (0xA1, "○"),
    (0xA4, "◉◎"),
    (0xA7, "▪□"),
    (0xAA, "✦★✶"),
    (0xD8, "➢"),
    (0xDF, "←→↑↓↖↗↙↘"),
    (0xE8, "➔"),
    (0xEF, "⇦⇨⇧⇩⬄"),
    (0xFB, "✗✓☒☑"),
];

const WINGDINGS_2: Runs = &[
    (0x2A, "☐"),
    (0x30, "☐"),
    (0x4F, "✗✓☒☑☒☒"),
    (0x69, "⓪①②③④⑤⑥⑦⑧⑨"),
    (0x97, "●"),
    (0x99, "○"),
    (0x9E, "⦁"),
    (0xA2, "■☐"),
];

const WEBDINGS: Runs = &[
    (0x61, "✓"),
    (0x63, "□"),
    (0x67, "■"),
    (0x6E, "⬤"),
    (0x72, "✗"),
];

/// The sign of a code in a font of symbols; `None` for other fonts and for signs unknown here.
pub(super) fn letter(font: &str, code: u32) -> Option<String> {
    let runs = runs_of(font)?;
    // Programs move these codes to the private area.
    let code = if (0xF000..0xF100).contains(&code) {
        code - 0xF000
    } else {
        code
    };
    runs.iter().find_map(|(first, signs)| {
        let at = code.checked_sub(*first)? as usize;
        signs.chars().nth(at).map(String::from)
    })
}

/// Whether a font is one of symbols.
pub(super) fn is_known(font: &str) -> bool {
    runs_of(font).is_some()
}

fn runs_of(font: &str) -> Option<Runs> {
    Some(match font.trim().to_lowercase().as_str() {
        "symbol" => SYMBOL,
        "wingdings" => WINGDINGS,
        "wingdings 2" => WINGDINGS_2,
        "webdings" => WEBDINGS,
        _ => return None,
    })
}

/// A text in a font: codes in the private area become the signs that they are displayed as.
pub(super) fn shown(font: Option<&str>, text: &str) -> String {
    let is_private = |letter: &char| (0xF000..0xF100).contains(&u32::from(*letter));
    let Some(font) = font.filter(|font| is_known(font)) else {
        return text.to_owned();
    };
    if !text.chars().any(|letter| is_private(&letter)) {
        return text.to_owned();
    }
    text.chars()
        .map(|one| match letter(font, u32::from(one)) {
            Some(sign) if is_private(&one) => sign,
            _ => one.to_string(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_symbol_fonts_are_known() {
        for (font, code, sign) in [
            ("Symbol", 0xF0B3, "≥"),
            ("Symbol", 0xA3, "≤"),
            ("Symbol", 0xF061, "α"),
            ("Symbol", 0xF0B7, "•"),
            ("Wingdings", 0xF0FE, "☑"),
            ("Wingdings", 0xF0A8, "□"),
            ("Wingdings", 0xF0E0, "→"),
            ("Wingdings 2", 0xF052, "☑"),
        ] {
            assert_eq!(letter(font, code).as_deref(), Some(sign), "{font} {code:x}");
        }
        assert_eq!(letter("Arial", 0x41), None);
        assert_eq!(shown(Some("Symbol"), "\u{f0b3} 5"), "≥ 5");
        assert_eq!(shown(Some("Symbol"), "abc"), "abc");
    }
}
