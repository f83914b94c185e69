//! Every field, declared once: register name, input, class, group, words (`data/fields.tsv`).

use serde::Serialize;
use std::sync::LazyLock;
use ts_rs::TS;

/// How a field is entered and checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Input {
    /// One line of text.
    Line,
    /// Several lines of text.
    Text,
    /// Text with marks: a plain text, or `{"text": …, "marks": […]}` ([`crate::rich`]).
    Rich,
    /// Calendar day or partial date: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    Date,
    /// Whole number.
    Integer,
    /// Decimal number, kept as text.
    Decimal,
    /// Yes or no.
    Bool,
    /// A code of the list named in `codes`.
    Code,
    /// Several codes of the list, joined by `|` in list order.
    Codes,
    /// Short texts in order: `{"list": ["…"]}`.
    List,
    /// Another entity: `{"$ref": id}`.
    Reference,
    /// A file: `{"$blob": hash, "size": …, "mime": …, "name": …}` ([`crate::file`]).
    File,
    /// Kept and exported, not edited by hand: text of JSON.
    Residue,
}

/// A field of a kind of entity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Field {
    /// The kind of entity.
    pub kind: &'static str,
    /// The field's name; a bilingual one has the registers `name.zh` and `name.en`.
    pub name: &'static str,
    /// How it is entered.
    pub input: Input,
    /// Whether it has a Chinese and an English register.
    pub bilingual: bool,
    /// Whether its values travel as detachable payloads (free text, names, contact details).
    pub hidden: bool,
    /// The group it is shown in.
    pub group: &'static str,
    /// The coded list for [`Input::Code`] and [`Input::Codes`]; empty otherwise.
    pub codes: &'static str,
    /// Chinese label.
    pub zh: &'static str,
    /// English label.
    pub en: &'static str,
}

/// Every field, in the order of display.
pub static FIELDS: LazyLock<Vec<Field>> = LazyLock::new(|| {
    crate::tsv::rows(include_str!("../data/fields.tsv"))
        .map(|row| read(&row))
        .collect()
});

fn read(row: &[&'static str]) -> Field {
    let [kind, name, input, bilingual, hidden, group, codes, zh, en] = row else {
        panic!("fields.tsv: nine cells wanted: {row:?}")
    };
    let input = match *input {
        "line" => Input::Line,
        "text" => Input::Text,
        "rich" => Input::Rich,
        "date" => Input::Date,
        "integer" => Input::Integer,
        "decimal" => Input::Decimal,
        "bool" => Input::Bool,
        "code" => Input::Code,
        "codes" => Input::Codes,
        "list" => Input::List,
        "reference" => Input::Reference,
        "file" => Input::File,
        "residue" => Input::Residue,
        other => panic!("fields.tsv: unknown input {other}"),
    };
    let yes = |cell: &str| cell == "y";
    Field {
        kind,
        name,
        input,
        bilingual: yes(bilingual),
        hidden: yes(hidden),
        group,
        codes: if *codes == "-" { "" } else { codes },
        zh,
        en,
    }
}

/// The field that a register of a kind belongs to (`title.zh` → `title`).
pub fn of_register(kind: &str, register: &str) -> Option<&'static Field> {
    let fits = |field: &&Field| {
        field.kind == kind
            && if field.bilingual {
                matches!(register.strip_prefix(field.name), Some(".zh" | ".en"))
            } else {
                register == field.name
            }
    };
    FIELDS.iter().find(fits)
}

/// Whether values of a register travel as detachable payloads; unknown registers do.
pub fn is_hidden(kind: &str, register: &str) -> bool {
    if matches!(
        register,
        "_del" | "parent" | "ord" | "archived" | "joined" | "forgotten"
    ) {
        return false;
    }
    // The center reads which commit a decision is about.
    if kind == crate::kind::REVIEW {
        return false;
    }
    of_register(kind, register).is_none_or(|field| field.hidden)
}

/// The language that a register is in, when its field is bilingual.
pub fn language(register: &str) -> Option<crate::Lang> {
    match register.rsplit_once('.') {
        Some((_, "zh")) => Some(crate::Lang::Zh),
        Some((_, "en")) => Some(crate::Lang::En),
        _ => None,
    }
}
