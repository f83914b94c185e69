//! Invites a person who has no laptop here yet.
//!
//! A code for a further laptop of somebody else would let whoever makes it read her studies: that
//! is the operator's alone, at the command line.

use super::html::{Tab, escape, page as frame, plain, words};
use super::visitor::Visitor;
use crate::admin::{self, AdminError};
use crate::serve::Center;
use crate::store::{Asker, Role, Session, Store, StoreError};
use axum::Form;
use axum::extract::State;
use axum::response::Response;
use model::label;
use model::label::Label;
use serde::Deserialize;
use std::sync::Arc;
use sync::wire::Problem;

/// What somebody can be invited as here.
const ROLES: [Role; 4] = [
    Role::Pi,
    Role::CoInvestigator,
    Role::Coordinator,
    Role::Reader,
];

pub(super) async fn page(visitor: Visitor) -> Response {
    form(&visitor, ("", None), None)
}

fn form(visitor: &Visitor, (name, role): (&str, Option<Role>), wrong: Option<&Label>) -> Response {
    let lang = visitor.lang;
    let said = wrong.map_or(String::new(), |label| {
        format!("<p id=\"wrong\" role=\"alert\">{}</p>", words(label, lang))
    });
    let option = |one: &Role| {
        let word = one.as_str();
        let chosen = if Some(*one) == role { " selected" } else { "" };
        let known = model::label::get(&format!("console.role.{word}"));
        let shown = known.map_or(escape(word), |label| words(label, lang));
        format!("<option value=\"{word}\"{chosen}>{shown}</option>")
    };
    let body = format!(
        "<p id=\"how\">{how}</p>{said}\
         <form class=\"stack\" method=\"post\" action=\"/console/invite\">\
         <input type=\"hidden\" name=\"key\" value=\"{key}\">\
         <label for=\"name\">{name_label}</label>\
         <input id=\"name\" name=\"name\" required maxlength=\"100\" autocomplete=\"off\" \
         value=\"{name}\" aria-describedby=\"how{described}\">\
         <label for=\"role\">{role_label}</label><select id=\"role\" name=\"role\">{options}</select>\
         <button>{go}</button></form><p class=\"note\">{note}</p>",
        how = words(label!("console.inviteHow"), lang),
        key = visitor.form_key,
        name_label = words(label!("console.name"), lang),
        name = escape(name),
        described = if wrong.is_some() {
            " wrong\" aria-invalid=\"true"
        } else {
            ""
        },
        role_label = words(label!("console.role"), lang),
        options = ROLES.iter().map(option).collect::<String>(),
        go = words(label!("console.makeCode"), lang),
        note = words(label!("console.inviteNote"), lang),
    );
    frame(visitor, Tab::Invite, label!("console.invite"), &body)
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    key: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    role: String,
}

pub(super) async fn invite<S: Store>(
    State(center): State<Arc<Center<S>>>,
    visitor: Visitor,
    Form(Asked { key, name, role }): Form<Asked>,
) -> Response {
    let lang = visitor.lang;
    if !visitor.has_sent(&key) {
        return plain(403, lang, label!("console.foreignForm"));
    }
    let role = Role::parse(&role).filter(|role| ROLES.contains(role));
    let Some(chosen) = role else {
        return form(&visitor, (&name, role), Some(label!("console.noRole")));
    };
    let (session, here, asked) = (visitor.session.clone(), Arc::clone(&center), name.clone());
    let made = center
        .work(move |store| Ok(new_code(store, &here, &session, (&asked, chosen))))
        .await;
    let code = match made {
        Ok(Ok(code)) => code,
        Ok(Err(AdminError::Name)) => {
            return form(&visitor, (&name, role), Some(label!("console.badName")));
        }
        Ok(Err(AdminError::Store(StoreError::Refused(Problem::PersonTaken)))) => {
            return form(&visitor, (&name, role), Some(label!("console.nameTaken")));
        }
        Ok(Err(AdminError::TooManyOpen)) => {
            return form(&visitor, (&name, role), Some(label!("console.tooManyOpen")));
        }
        Ok(Err(AdminError::Store(StoreError::Refused(Problem::NoRight)))) => {
            return plain(403, lang, label!("console.notStaff"));
        }
        _ => return plain(503, lang, label!("console.noDatabase")),
    };
    let body = format!(
        "<p role=\"status\">{made} <strong>{name}</strong></p>\
         <p class=\"code\"><code>{code}</code></p><p>{what}</p>\
         <p><a href=\"/console/invite\">{next}</a></p>",
        made = words(label!("console.codeFor"), lang),
        name = escape(name.trim()),
        what = words(label!("console.codeWhat"), lang),
        next = words(label!("console.inviteNext"), lang),
    );
    frame(&visitor, Tab::Invite, label!("console.invite"), &body)
}

fn new_code<S: Store>(
    store: &S,
    center: &Center<S>,
    session: &Session,
    (name, role): (&str, Role),
) -> Result<String, AdminError> {
    let by = Asker::Laptop(session);
    let identity = &center.identity;
    admin::invite_by(by, store, identity, (name, Some(role)), &*center.around)
        .map(|code| code.to_text())
}
