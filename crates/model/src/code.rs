//! Coded lists: what a code means, in both languages (`data/codes.tsv`).

use crate::reference::Bilingual;
use serde::Serialize;
use std::sync::LazyLock;
use ts_rs::TS;

/// One code of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Code {
    /// The list, for example `status`.
    pub list: &'static str,
    /// The code as it stands in the ledger.
    pub code: &'static str,
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

/// Every code, in the order of display.
pub static CODES: LazyLock<Vec<Code>> = LazyLock::new(|| {
    crate::tsv::rows(include_str!("../data/codes.tsv"))
        .map(|row| match row.as_slice() {
            [list, code, zh, en] => Code { list, code, zh, en },
            _ => panic!("codes.tsv: four cells wanted: {row:?}"),
        })
        .collect()
});

/// A code of a list.
pub fn find(list: &str, code: &str) -> Option<&'static Code> {
    CODES
        .iter()
        .find(|entry| entry.list == list && entry.code == code)
}

/// The codes of a list with their words; hospitals and disease areas come from the center's data.
pub fn of_list(list: &str) -> Vec<(&'static str, Bilingual)> {
    let center = &*crate::reference::CENTER;
    let of = |code: &'static str, zh: &str, en: &str| {
        let (zh, en) = (zh.to_owned(), en.to_owned());
        (code, Bilingual { zh, en })
    };
    match list {
        "hospital" => {
            let all = center.hospitals.iter();
            all.map(|one| of(&one.code, &one.name.zh, &one.name.en))
                .collect()
        }
        "diseaseArea" => {
            let all = center.disease_areas.iter();
            all.map(|one| of(&one.code, &one.name.zh, &one.name.en))
                .collect()
        }
        _ => {
            let all = CODES.iter().filter(|one| one.list == list);
            all.map(|one| of(one.code, one.zh, one.en)).collect()
        }
    }
}

/// The words of a code in one language; the code itself when it is unknown.
pub fn text<'a>(list: &str, code: &'a str, lang: crate::Lang) -> &'a str {
    find(list, code).map_or(code, |entry| match lang {
        crate::Lang::Zh => entry.zh,
        crate::Lang::En => entry.en,
    })
}
