//! The frame of a page, and how values are put into it.

use super::HOME;
use super::visitor::Visitor;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use chrono::{DateTime, FixedOffset};
use model::Lang;
use model::label;
use model::label::Label;

/// Time in Shanghai: UTC+8. Units: seconds.
const SHANGHAI_S: i32 = 8 * 3600;

/// A place in the navigation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tab {
    Overview,
    Accounts,
    Studies,
    Invite,
}

impl Tab {
    const ALL: [Self; 4] = [Self::Overview, Self::Accounts, Self::Studies, Self::Invite];

    fn label(self) -> &'static Label {
        match self {
            Self::Overview => label!("console.overview"),
            Self::Accounts => label!("console.accounts"),
            Self::Studies => label!("console.studies"),
            Self::Invite => label!("console.invite"),
        }
    }

    fn path(self) -> &'static str {
        match self {
            Self::Overview => HOME,
            Self::Accounts => "/console/accounts",
            Self::Studies => "/console/studies",
            Self::Invite => "/console/invite",
        }
    }
}

/// Puts a text where HTML is.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Marks of direction and the like would let a name rearrange what stands around it.
            c if c.is_control()
                || matches!(c, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') =>
            {
                out.push('\u{fffd}');
            }
            c => out.push(c),
        }
    }
    out
}

/// Words of the program; they hold no HTML, but an ampersand might.
pub(super) fn words(label: &Label, lang: Lang) -> String {
    escape(label.text(lang))
}

/// Words with values in them.
pub(super) fn filled(label: &Label, lang: Lang, params: &[(&str, &str)]) -> String {
    escape(&label.fill(lang, params))
}

/// A page for somebody who signed in.
pub(super) fn page(visitor: &Visitor, tab: Tab, title: &Label, body: &str) -> Response {
    let lang = visitor.lang;
    let mut links = String::new();
    for one in Tab::ALL {
        let current = if one == tab {
            " aria-current=\"page\""
        } else {
            ""
        };
        let (path, name) = (one.path(), words(one.label(), lang));
        links.push_str(&format!("<li><a href=\"{path}\"{current}>{name}</a></li>"));
    }
    let who = format!(
        "<form method=\"post\" action=\"/console/sign-out\">\
         <span class=\"who\">{name}</span>\
         <input type=\"hidden\" name=\"key\" value=\"{key}\">\
         <button class=\"quiet\">{out}</button></form>",
        name = escape(&visitor.session.name),
        key = visitor.form_key,
        out = words(label!("console.signOut"), lang),
    );
    let nav = format!(
        "<nav aria-label=\"{}\"><ul>{links}</ul></nav>",
        words(label!("console.pages"), lang)
    );
    frame(200, (lang, tab.path()), title, (&who, &nav), body)
}

/// A page for somebody who did not.
pub(super) fn door(status: u16, lang: Lang, title: &Label, body: &str) -> Response {
    frame(status, (lang, "/console/sign-in"), title, ("", ""), body)
}

/// A page with one sentence.
pub(super) fn plain(status: u16, lang: Lang, said: &Label) -> Response {
    let back = words(label!("console.back"), lang);
    let body = format!(
        "<p role=\"alert\">{}</p><p><a href=\"{HOME}\">{back}</a></p>",
        words(said, lang)
    );
    door(status, lang, label!("console.title"), &body)
}

/// Sends a browser to another page.
pub(super) fn see(path: &str) -> Response {
    let mut response = Response::new(axum::body::Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(path) = HeaderValue::from_str(path) {
        response.headers_mut().insert(header::LOCATION, path);
    }
    response
}

fn frame(
    status: u16,
    (lang, path): (Lang, &str),
    title: &Label,
    (who, nav): (&str, &str),
    body: &str,
) -> Response {
    let tag = match lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en",
    };
    let other = match lang {
        Lang::Zh => ("en", "en", "English"),
        Lang::En => ("zh", "zh-CN", "中文"),
    };
    let html = format!(
        "<!doctype html>\n<html lang=\"{tag}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <title>{heading} · {name}</title>\
         <link rel=\"stylesheet\" href=\"/console/style.css\"></head><body>\
         <a class=\"skip\" href=\"#main\">{skip}</a>\
         <header><p class=\"name\">{name}</p><div class=\"aside\">\
         <a href=\"/console/language?to={to}&amp;back={path}\" lang=\"{other_tag}\" \
         hreflang=\"{other_tag}\">{other_name}</a>{who}</div></header>\
         {nav}<main id=\"main\" tabindex=\"-1\"><h1>{heading}</h1>{body}</main>\
         <footer><p>{foot}</p></footer></body></html>\n",
        heading = words(title, lang),
        name = words(label!("console.title"), lang),
        skip = words(label!("console.skip"), lang),
        to = other.0,
        other_tag = other.1,
        other_name = other.2,
        foot = words(label!("console.foot"), lang),
    );
    let mut response = Response::new(html.into());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// A table; where the window is narrow its rows become cards, which is why the roles are said.
pub(super) fn table(caption: &str, heads: &[String], rows: &[Vec<String>]) -> String {
    let mut out = format!(
        "<div class=\"scroll\" role=\"region\" aria-label=\"{caption}\" tabindex=\"0\">\
         <table role=\"table\"><caption>{caption}</caption><thead role=\"rowgroup\">\
         <tr role=\"row\">"
    );
    for head in heads {
        out.push_str(&format!(
            "<th scope=\"col\" role=\"columnheader\">{head}</th>"
        ));
    }
    out.push_str("</tr></thead><tbody role=\"rowgroup\">");
    for row in rows {
        out.push_str("<tr role=\"row\">");
        for (place, (cell, head)) in row.iter().zip(heads).enumerate() {
            out.push_str(&match place {
                0 => format!("<th scope=\"row\" role=\"rowheader\">{cell}</th>"),
                _ => format!("<td role=\"cell\" data-head=\"{head}\">{cell}</td>"),
            });
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table></div>");
    out
}

/// Pairs of a name and a value.
pub(super) fn pairs(list: &[(&Label, String)], lang: Lang) -> String {
    let pair = |(label, value): &(&Label, String)| {
        format!("<div><dt>{}</dt><dd>{value}</dd></div>", words(label, lang))
    };
    let inner: String = list.iter().map(pair).collect();
    format!("<dl>{inner}</dl>")
}

/// A moment in Shanghai.
pub(super) fn moment(ms: i64) -> String {
    let Some(zone) = FixedOffset::east_opt(SHANGHAI_S) else {
        return String::new();
    };
    let at = DateTime::from_timestamp_millis(ms).unwrap_or_default();
    let at = at.with_timezone(&zone);
    let (machine, shown) = (at.to_rfc3339(), at.format("%Y-%m-%d %H:%M"));
    format!("<time datetime=\"{machine}\">{shown}</time>")
}

/// A moment that is given as text.
pub(super) fn moment_of(text: &str) -> String {
    match DateTime::parse_from_rfc3339(text) {
        Ok(at) => moment(at.timestamp_millis()),
        Err(_) => escape(text),
    }
}

/// A number of bytes, in the unit that suits it.
pub(super) fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KB", "MB", "GB", "TB"];
    if bytes < 1_000 {
        return format!("{bytes} B");
    }
    let mut tenths = u128::from(bytes) * 10;
    let mut unit = "B";
    for next in UNITS {
        if tenths < 10_000 {
            break;
        }
        (tenths, unit) = (tenths / 1_000, next);
    }
    format!("{}.{} {unit}", tenths / 10, tenths % 10)
}

/// An id, a version and the like.
pub(super) fn id(text: &str) -> String {
    format!("<code>{}</code>", escape(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_never_becomes_html() {
        assert_eq!(
            escape("<a href='x'>\"&"),
            "&lt;a href=&#39;x&#39;&gt;&quot;&amp;"
        );
        assert_eq!(escape("a\u{202e}b\nc"), "a\u{fffd}b\u{fffd}c");
        assert_eq!(escape("李明"), "李明");
    }

    #[test]
    fn sizes_are_said_in_the_unit_that_suits_them() {
        let said = [0, 999, 1_000, 1_550, 999_999, 20_000_000_000, u64::MAX].map(size);
        let right = [
            "0 B",
            "999 B",
            "1.0 KB",
            "1.5 KB",
            "999.9 KB",
            "20.0 GB",
            "18446744.0 TB",
        ];
        assert_eq!(said, right);
    }

    #[test]
    fn a_moment_is_shown_as_in_shanghai() {
        let shown = moment_of("2026-11-27T18:30:00.000Z");
        assert!(shown.contains(">2026-11-28 02:30<"), "{shown}");
    }
}
