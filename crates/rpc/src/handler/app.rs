//! Commands of the program itself.

use crate::app::{App, lock};
use crate::handler::vault::{card, open_vault};
use crate::request::{LangSet, LogLine, Nothing};
use crate::response::{AppDay, AppState, Diagnosis, Done, Reference};
use crate::{Failure, Host};
use model::reference::{CENTER, TEMPLATES};

pub(crate) async fn app_state<H: Host>(app: &App<H>, _: Nothing) -> Result<AppState, Failure> {
    let open = lock(&app.desk).as_mut().map(open_vault).transpose()?;
    Ok(AppState {
        version: app.env.app.clone(),
        vaults: app.places.vaults().iter().map(|path| card(path)).collect(),
        open,
        lang: app.places.lang(),
        keychain: app.keychain.is_some(),
    })
}

pub(crate) async fn app_day<H: Host>(app: &App<H>, _: Nothing) -> Result<AppDay, Failure> {
    Ok(AppDay {
        today: app.today(),
        left: app.env.day_left(),
    })
}

pub(crate) async fn app_reference<H: Host>(_: &App<H>, _: Nothing) -> Result<Reference, Failure> {
    Ok(Reference {
        fields: model::field::FIELDS.clone(),
        codes: model::code::CODES.clone(),
        center: CENTER.clone(),
        templates: TEMPLATES.clone(),
        roles: model::people::role::ROLES.clone(),
    })
}

pub(crate) async fn app_set_lang<H: Host>(app: &App<H>, req: LangSet) -> Result<Done, Failure> {
    app.places.set_lang(req.lang)?;
    app.host.set_lang(req.lang);
    Ok(Done {})
}

pub(crate) async fn app_diagnosis<H: Host>(app: &App<H>, _: Nothing) -> Result<Diagnosis, Failure> {
    let mut text = format!(
        "PI Desk {}\n{} {}\n",
        app.env.app,
        std::env::consts::OS,
        std::env::consts::ARCH
    );
    let vault = match lock(&app.desk).as_mut() {
        Some(desk) => crate::work::vault_facts(desk)?,
        None => "vault: closed\n".to_owned(),
    };
    text.push_str(&vault);
    text.push_str(&crate::work::log_tail(&app.places));
    Ok(Diagnosis { text })
}

pub(crate) async fn app_log<H: Host>(_: &App<H>, req: LogLine) -> Result<Done, Failure> {
    let plain = |text: &str| -> String {
        text.chars()
            .filter(|c| c.is_ascii_alphanumeric() || "._-/:".contains(*c))
            .take(120)
            .collect()
    };
    log::warn!("interface: {} at {}", plain(&req.code), plain(&req.place));
    Ok(Done {})
}
