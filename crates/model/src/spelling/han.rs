//! A hospital's name in Chinese, taken apart.

use super::name::Name;
use super::words::WORDS;

/// What a hospital's own name ends with; behind it stands the name of a campus.
const ENDS: [&str; 7] = [
    "医院",
    "医学中心",
    "临床中心",
    "卫生中心",
    "保健院",
    "保健中心",
    "中心",
];
/// Numbers in names, so that 第六 and 第6 are one.
const NUMBERS: [(&str, &str); 10] = [
    ("第十", "第10"),
    ("第一", "第1"),
    ("第二", "第2"),
    ("第三", "第3"),
    ("第四", "第4"),
    ("第五", "第5"),
    ("第六", "第6"),
    ("第七", "第7"),
    ("第八", "第8"),
    ("第九", "第9"),
];

/// Takes a name apart; `bracket` is what stood in brackets behind it.
pub(super) fn read(text: &str, bracket: &str) -> Name {
    let mut text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    for (words, digits) in NUMBERS {
        text = text.replace(words, digits);
    }
    let mut name = Name {
        is_han: true,
        ..Name::default()
    };
    let (university, own) = apart(&text);
    name.city = city_of(&text);
    name.university = university.to_owned();
    let own = without_place(own);
    let (own, campus) = match last_end(own) {
        Some(end) => own.split_at(end),
        None => (own, ""),
    };
    let is_part = bracket.contains('院') || bracket.contains('部');
    name.campus = if campus.is_empty() && is_part {
        bracket.to_owned()
    } else {
        campus.trim_matches(['（', '）', '-', '—']).to_owned()
    };
    name.flat = format!("{university}{own}");
    if own.is_empty() {
        return name.close();
    }
    let bare: String = own
        .chars()
        .filter(|c| !c.is_ascii_digit() && *c != '第')
        .collect();
    let is_generic = WORDS.generic.contains(bare.as_str());
    if is_generic {
        name.generic.push(own.to_owned());
    } else {
        name.own.push(own.to_owned());
    }
    name.close()
}

/// The university and what is left: at 附属, or else behind 大学 and its school.
fn apart(text: &str) -> (&str, &str) {
    let Some(end) = text.find("大学").map(|at| at + "大学".len()) else {
        return ("", text);
    };
    let (university, rest) = text.split_at(end);
    let rest = match rest.split_once("附属") {
        // 海军军医大学第一附属医院: the number belongs to the hospital.
        Some((before, after)) if before.starts_with('第') && after == "医院" => rest,
        Some((_, after)) => after,
        None => rest.strip_prefix("医学院").unwrap_or(rest),
    };
    (university, rest)
}

fn city_of(text: &str) -> Option<&'static str> {
    let is_first = |(_, han): &&(&str, &str)| text.starts_with(han);
    WORDS.cities.iter().find(is_first).map(|(latin, _)| *latin)
}

/// What every district has one of: only the district tells them apart.
const OF_A_DISTRICT: [&str; 10] = [
    "医院",
    "中心医院",
    "人民医院",
    "中医医院",
    "中西医结合医院",
    "妇幼保健院",
    "妇幼保健所",
    "精神卫生中心",
    "传染病医院",
    "牙病防治所",
];

/// Without the city and its district in front, unless nothing else is left.
fn without_place(own: &str) -> &str {
    let city = WORDS
        .cities
        .iter()
        .find_map(|(_, han)| own.strip_prefix(han));
    let Some(rest) = city else { return own };
    let rest = rest.strip_prefix('市').unwrap_or(rest);
    match rest.split_once('区') {
        Some((district, rest))
            if district.chars().count() <= 4
                && last_end(rest).is_some()
                && !OF_A_DISTRICT.contains(&rest) =>
        {
            rest
        }
        _ => rest,
    }
}

/// Where the hospital's own name ends. Units: bytes.
fn last_end(own: &str) -> Option<usize> {
    ENDS.iter()
        .filter_map(|end| own.find(end).map(|at| at + end.len()))
        .min()
}
