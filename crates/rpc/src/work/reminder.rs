//! Reminders: notifications of the system while the program runs, each once.

use crate::app::{App, blocking, lock, locked};
use crate::failure::FailureKind;
use crate::request::ReminderWishes;
use crate::{Failure, Host};
use chrono::{NaiveTime, TimeDelta};
use desk::{Desk, DeskError, Env};
use model::milestone::today::{Reminder, TodayLine};
use model::reference::Bilingual;
use model::{Lang, code, kind, label};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::time::Duration;

/// The setting that turns reminders off: `off`.
const ON: &str = "reminder.on";
/// When the quiet hours begin. Time: `hh:mm`, local.
const QUIET_FROM: &str = "reminder.quietFrom";
/// When they end. The same as the beginning: there are none.
const QUIET_TO: &str = "reminder.quietTo";
/// What a notification says: `names`, or `number` alone.
const SAYS: &str = "reminder.says";
/// How an hour is written.
const HOUR: &str = "%H:%M";
/// The quiet hours of somebody who set none: 20:00 to 07:30.
const STANDARD: (NaiveTime, NaiveTime) = (
    NaiveTime::from_hms_opt(20, 0, 0).expect("an hour"),
    NaiveTime::from_hms_opt(7, 30, 0).expect("an hour"),
);
/// Most lines of one notification; systems cut what is longer.
const LINES_MAX: usize = 4;
/// How often is looked.
const LOOK: Duration = Duration::from_secs(60);
/// How long is waited after the system showed nothing.
const LATER: Duration = Duration::from_secs(3_600);

/// When and how a person wants to be reminded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wishes {
    /// Whether at all.
    pub is_on: bool,
    /// When the quiet hours begin and end: over midnight when the end is earlier, none when both
    /// are the same.
    pub quiet: (NaiveTime, NaiveTime),
    /// Whether a notification says what is due, or how much alone.
    pub says_names: bool,
}

impl Wishes {
    /// Reads the settings; what is missing or no time is as at the beginning.
    pub fn of(settings: &BTreeMap<String, String>) -> Self {
        let text = |key: &str| settings.get(key).map(String::as_str).unwrap_or_default();
        let hour = |key: &str, standard: NaiveTime| time(text(key)).unwrap_or(standard);
        Self {
            is_on: text(ON) != "off",
            quiet: (hour(QUIET_FROM, STANDARD.0), hour(QUIET_TO, STANDARD.1)),
            says_names: text(SAYS) != "number",
        }
    }

    /// Writes the settings.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub(crate) fn keep(&self, desk: &mut Desk) -> Result<(), DeskError> {
        let (from, to) = self.quiet;
        desk.set_setting(ON, if self.is_on { "on" } else { "off" })?;
        desk.set_setting(QUIET_FROM, &from.format(HOUR).to_string())?;
        desk.set_setting(QUIET_TO, &to.format(HOUR).to_string())?;
        desk.set_setting(SAYS, if self.says_names { "names" } else { "number" })?;
        Ok(())
    }

    /// Whether somebody may be reminded at this hour.
    pub fn allow(&self, hour: NaiveTime) -> bool {
        let (from, to) = self.quiet;
        let is_quiet = match from.cmp(&to) {
            Ordering::Less => from <= hour && hour < to,
            Ordering::Equal => false,
            Ordering::Greater => from <= hour || hour < to,
        };
        self.is_on && !is_quiet
    }
}

impl TryFrom<ReminderWishes> for Wishes {
    type Error = Failure;

    fn try_from(req: ReminderWishes) -> Result<Self, Failure> {
        let hour = |text: &str| {
            time(text).ok_or_else(|| {
                Failure::new(FailureKind::Invalid, "failure.hour").with("text", text)
            })
        };
        Ok(Self {
            is_on: req.on,
            quiet: (hour(&req.quiet_from)?, hour(&req.quiet_to)?),
            says_names: req.names,
        })
    }
}

impl From<Wishes> for ReminderWishes {
    fn from(wishes: Wishes) -> Self {
        let (from, to) = wishes.quiet;
        Self {
            on: wishes.is_on,
            quiet_from: from.format(HOUR).to_string(),
            quiet_to: to.format(HOUR).to_string(),
            names: wishes.says_names,
        }
    }
}

fn time(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text, HOUR).ok()
}

/// What a notification says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Its head.
    pub title: String,
    /// Its text; empty when the head says everything.
    pub text: String,
}

/// One notification for everything that is due now; `None` when nothing is.
pub fn note(reminders: &[Reminder], lang: Lang, says_names: bool) -> Option<Note> {
    let n = reminders.len();
    if n == 0 {
        return None;
    }
    let count = n.to_string();
    let title = match n {
        1 => label!("reminder.one").text(lang).to_owned(),
        _ => label!("reminder.many").fill(lang, &[("n", &count)]),
    };
    if !says_names {
        let text = label!("reminder.look").text(lang).to_owned();
        return Some(Note { title, text });
    }
    let mut lines: Vec<String> = reminders
        .iter()
        .take(LINES_MAX)
        .map(|one| line(one, lang))
        .collect();
    if n > LINES_MAX {
        let rest = (n - LINES_MAX).to_string();
        lines.push(label!("reminder.rest").fill(lang, &[("n", &rest)]));
    }
    Some(Note {
        title,
        text: lines.join("\n"),
    })
}

/// When, what, where, of one line.
fn line(reminder: &Reminder, lang: Lang) -> String {
    let TodayLine {
        name,
        site_name,
        study_title,
        days_left,
        ..
    } = &reminder.line;
    let days = days_left.unwrap_or_default();
    let count = days.abs().to_string();
    let count = [("n", count.as_str())];
    let is_credential = reminder.line.kind == kind::CREDENTIAL;
    let when = match days {
        ..-1 if is_credential => label!("reminder.expired").fill(lang, &count),
        -1 if is_credential => label!("reminder.expiredYesterday").text(lang).to_owned(),
        ..-1 => label!("reminder.overdue").fill(lang, &count),
        -1 => label!("reminder.yesterday").text(lang).to_owned(),
        0 => label!("reminder.today").text(lang).to_owned(),
        1 => label!("reminder.tomorrow").text(lang).to_owned(),
        _ => label!("reminder.inDays").fill(lang, &count),
    };
    let of_credential = if is_credential {
        code::text("credentialKind", &reminder.line.key, lang)
    } else {
        ""
    };
    let words = [
        in_lang(name, lang),
        of_credential,
        in_lang(site_name, lang),
        in_lang(study_title, lang),
    ];
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    format!(
        "{when}{}{}",
        label!("reminder.colon").text(lang),
        words.join(" · ")
    )
}

fn in_lang(text: &Bilingual, lang: Lang) -> &str {
    let (first, second) = match lang {
        Lang::Zh => (&text.zh, &text.en),
        Lang::En => (&text.en, &text.zh),
    };
    if first.is_empty() { second } else { first }
}

/// What is to be shown now, and what for; what is given counts as told.
fn take(
    desk: &mut Desk,
    env: &Env,
    lang: Lang,
) -> Result<Option<(Note, Vec<Reminder>)>, DeskError> {
    let wishes = Wishes::of(&desk.settings()?);
    let offset = TimeDelta::minutes(i64::from(env.clock.offset_minutes()));
    let hour = (env.clock.now() + offset).time();
    // Nobody is called by what was invented.
    if desk.vault().sample || !wishes.allow(hour) {
        return Ok(None);
    }
    let due = desk.reminders_due()?;
    Ok(note(&due, lang, wishes.says_names).map(|note| (note, due)))
}

/// Looks once, and shows what is due.
///
/// # Errors
/// `failure.notify` when the system shows nothing; what was to be shown then counts as not told.
/// `failure.locked` without an open vault.
pub fn look<H: Host>(app: &App<H>) -> Result<(), Failure> {
    let lang = app.lang();
    let taken = {
        let mut guard = lock(&app.desk);
        let desk = guard.as_mut().ok_or_else(locked)?;
        take(desk, &app.env, lang)?
    };
    let Some((note, due)) = taken else {
        return Ok(());
    };
    app.host.notify(&note.title, &note.text).inspect_err(|_| {
        let mut guard = lock(&app.desk);
        if let Some(Err(error)) = guard.as_mut().map(|desk| desk.reminders_untold(&due)) {
            log::warn!("reminders: {error}");
        }
    })
}

/// Shows a notification that says that notifications are shown.
///
/// # Errors
/// `failure.notify` when the system shows none.
pub(crate) fn try_out<H: Host>(app: &App<H>) -> Result<(), Failure> {
    let lang = app.lang();
    app.host.notify(
        label!("reminder.tryTitle").text(lang),
        label!("reminder.tryText").text(lang),
    )
}

/// Reminds for as long as the program runs.
pub async fn background<H: Host>(app: App<H>) {
    loop {
        let worker = app.clone();
        let looked = blocking(move || look(&worker)).await;
        let is_mute = looked.is_err_and(|failure| failure.code == "failure.notify");
        tokio::time::sleep(if is_mute { LATER } else { LOOK }).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wishes(pairs: &[(&str, &str)]) -> Wishes {
        let settings = pairs
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        Wishes::of(&settings.collect())
    }

    fn hours(wishes: &Wishes) -> Vec<u32> {
        let at = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
        (0..24).filter(|hour| wishes.allow(at(*hour))).collect()
    }

    #[test]
    fn at_the_beginning_evenings_and_nights_are_quiet() {
        assert_eq!(hours(&wishes(&[])), (8..20).collect::<Vec<_>>());
        let exact = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").unwrap();
        assert!(!wishes(&[]).allow(exact("07:29")));
        assert!(wishes(&[]).allow(exact("07:30")));
        assert!(wishes(&[]).allow(exact("19:59")));
        assert!(!wishes(&[]).allow(exact("20:00")));
    }

    #[test]
    fn quiet_hours_are_within_a_day_or_over_midnight_or_none() {
        let noon = wishes(&[(QUIET_FROM, "12:00"), (QUIET_TO, "14:00")]);
        let all: Vec<u32> = (0..24).filter(|hour| !(12..14).contains(hour)).collect();
        assert_eq!(hours(&noon), all);
        let none = wishes(&[(QUIET_FROM, "08:00"), (QUIET_TO, "08:00")]);
        assert_eq!(hours(&none).len(), 24);
    }

    #[test]
    fn a_credential_is_named_with_whose_it_is_and_where() {
        let line = |days_left: i64| {
            let line: TodayLine = serde_json::from_value(serde_json::json!({
                "reason": "expiring", "what": null, "study": "00000000-0000-4000-8000-000000000001",
                "studyTitle": { "zh": "卒中早期康复", "en": "" }, "site": null,
                "siteName": { "zh": "华山医院", "en": "Huashan" }, "entity": null,
                "kind": "credential", "field": "", "key": "GCP",
                "name": { "zh": "王示例", "en": "Wang Shili" }, "due": "2026-12-20", "legal": "",
                "dueAt": "", "precision": "day", "provisional": false, "daysLeft": days_left,
                "n": 0, "since": "", "rivalActuals": []
            }))
            .unwrap();
            Reminder { line, days: 30 }
        };
        let said = |days, lang| super::line(&line(days), lang);
        assert_eq!(
            said(19, Lang::Zh),
            "19 天后：王示例 · GCP 培训证书 · 华山医院 · 卒中早期康复"
        );
        assert_eq!(
            said(-61, Lang::En),
            "Expired 61 days ago: Wang Shili · GCP certificate · Huashan · 卒中早期康复"
        );
        assert!(said(-1, Lang::En).starts_with("Expired yesterday: "));
    }

    #[test]
    fn what_is_no_time_is_as_at_the_beginning() {
        let odd = wishes(&[(QUIET_FROM, "25:99"), (QUIET_TO, "")]);
        assert_eq!(odd, wishes(&[]));
    }

    #[test]
    fn off_is_off_at_every_hour() {
        assert!(hours(&wishes(&[(ON, "off"), (QUIET_TO, "20:00")])).is_empty());
    }
}
