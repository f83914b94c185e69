//! Commands about plans, milestones, deadlines and working days.

use crate::app::{App, blocking};
use crate::request::{
    DeadlineStart, FileRef, MilestoneApply, MilestoneClone, MilestonePreview, Nothing,
    PlanBaseline, PlanDate, PlanReplan, ReminderWishes, SiteRef, StudyRef, TodayGet, YearRef,
};
use crate::response::{
    CalendarYears, CredentialsEnding, DeadlineStarted, Done, MilestoneLists, PlanAll,
    PreviewAnswer, Readiness, RemindersDue, StudyPlan, Today,
};
use crate::work::plan as work;
use crate::work::reminder::{self, Wishes};
use crate::{Failure, Host};
use desk::{Chosen, Dated};
use model::milestone::list::{DEADLINES, LISTS};
use std::path::PathBuf;

/// Farthest that the list of today looks. Units: days.
const DAYS_MAX: u32 = 3_660;
/// Most credentials that the list of today shows.
const CREDENTIALS_MAX: usize = 200;

pub(crate) async fn plan_get<H: Host>(app: &App<H>, req: StudyRef) -> Result<StudyPlan, Failure> {
    app.with_desk(move |desk| desk.plan(&req.study)).await
}

pub(crate) async fn plan_all<H: Host>(app: &App<H>, _: Nothing) -> Result<PlanAll, Failure> {
    app.with_desk(|desk| {
        Ok(PlanAll {
            today: desk.day().to_string(),
            studies: desk.plans()?,
        })
    })
    .await
}

pub(crate) async fn plan_replan<H: Host>(app: &App<H>, req: PlanReplan) -> Result<Done, Failure> {
    let dates = to_dates(req.dates);
    app.change(move |desk| Ok(((), desk.replan(&req.study, dates, &req.why)?)))
        .await?;
    Ok(Done {})
}

pub(crate) async fn plan_baseline<H: Host>(
    app: &App<H>,
    req: PlanBaseline,
) -> Result<Done, Failure> {
    let dates = to_dates(req.dates);
    app.change(move |desk| Ok(((), desk.baseline(&req.study, dates, &req.why)?)))
        .await?;
    Ok(Done {})
}

fn to_dates(dates: Vec<PlanDate>) -> Vec<Dated> {
    let to_dated = |one: PlanDate| Dated {
        milestone: one.milestone,
        date: one.date,
        seen: one.seen,
    };
    dates.into_iter().map(to_dated).collect()
}

pub(crate) async fn milestone_lists<H: Host>(
    _: &App<H>,
    _: Nothing,
) -> Result<MilestoneLists, Failure> {
    Ok(MilestoneLists {
        lists: LISTS.clone(),
        deadlines: DEADLINES.clone(),
    })
}

pub(crate) async fn milestone_preview<H: Host>(
    app: &App<H>,
    req: MilestonePreview,
) -> Result<PreviewAnswer, Failure> {
    let rows = app
        .with_desk(move |desk| {
            desk.milestone_preview(&req.study, req.site.as_ref(), &req.list, &req.dates)
        })
        .await?;
    Ok(PreviewAnswer { rows })
}

pub(crate) async fn milestone_apply<H: Host>(
    app: &App<H>,
    req: MilestoneApply,
) -> Result<Done, Failure> {
    let to_chosen = |row: crate::request::MilestoneChosen| Chosen {
        key: row.key,
        planned: row.planned,
    };
    let chosen: Vec<Chosen> = req.rows.into_iter().map(to_chosen).collect();
    app.change(move |desk| {
        let changed = desk.milestone_apply(&req.study, &req.sites, &req.list, &chosen)?;
        Ok(((), changed))
    })
    .await?;
    Ok(Done {})
}

pub(crate) async fn milestone_clone<H: Host>(
    app: &App<H>,
    req: MilestoneClone,
) -> Result<Done, Failure> {
    app.change(move |desk| {
        let from = (&req.from, req.from_site.as_ref());
        let to = (&req.to, req.to_site.as_ref());
        Ok(((), desk.milestone_clone(from, to)?))
    })
    .await?;
    Ok(Done {})
}

pub(crate) async fn deadline_start<H: Host>(
    app: &App<H>,
    req: DeadlineStart,
) -> Result<DeadlineStarted, Failure> {
    let start = desk::DeadlineStart {
        key: req.key,
        site: req.site,
        trigger: req.trigger,
        period: req.period,
        date: req.date,
        note: req.note,
    };
    let milestone = app
        .change(move |desk| desk.deadline_start(&req.study, &start))
        .await?;
    Ok(DeadlineStarted { milestone })
}

pub(crate) async fn today_get<H: Host>(app: &App<H>, req: TodayGet) -> Result<Today, Failure> {
    let days = req.days.min(DAYS_MAX);
    app.with_desk(move |desk| desk.today(days)).await
}

pub(crate) async fn credential_ending<H: Host>(
    app: &App<H>,
    _: Nothing,
) -> Result<CredentialsEnding, Failure> {
    let mut credentials = app.with_desk(|desk| desk.credentials_ending()).await?;
    let n = u32::try_from(credentials.len()).unwrap_or(u32::MAX);
    credentials.truncate(CREDENTIALS_MAX);
    Ok(CredentialsEnding { credentials, n })
}

pub(crate) async fn readiness_get<H: Host>(
    app: &App<H>,
    req: SiteRef,
) -> Result<Readiness, Failure> {
    app.with_desk(move |desk| desk.readiness(&req.study, &req.site))
        .await
}

pub(crate) async fn calendar_years<H: Host>(
    app: &App<H>,
    _: Nothing,
) -> Result<CalendarYears, Failure> {
    let years = app.with_desk(|desk| desk.calendar_years()).await?;
    Ok(CalendarYears { years })
}

pub(crate) async fn calendar_load<H: Host>(
    app: &App<H>,
    req: FileRef,
) -> Result<CalendarYears, Failure> {
    let path = PathBuf::from(req.path);
    let bytes = blocking(move || work::read_year(&path)).await?;
    let years = app
        .change(move |desk| {
            let (_, changed) = desk.calendar_load(&bytes)?;
            Ok((desk.calendar_years()?, changed))
        })
        .await?;
    Ok(CalendarYears { years })
}

pub(crate) async fn calendar_forget<H: Host>(
    app: &App<H>,
    req: YearRef,
) -> Result<CalendarYears, Failure> {
    let years = app
        .change(move |desk| {
            let changed = desk.calendar_forget(req.year)?;
            Ok((desk.calendar_years()?, changed))
        })
        .await?;
    Ok(CalendarYears { years })
}

pub(crate) async fn reminder_due<H: Host>(
    app: &App<H>,
    _: Nothing,
) -> Result<RemindersDue, Failure> {
    let reminders = app.with_desk(|desk| desk.reminders_due()).await?;
    Ok(RemindersDue { reminders })
}

pub(crate) async fn reminder_wishes<H: Host>(
    app: &App<H>,
    _: Nothing,
) -> Result<ReminderWishes, Failure> {
    let settings = app.with_desk(|desk| desk.settings()).await?;
    Ok(Wishes::of(&settings).into())
}

pub(crate) async fn reminder_set_wishes<H: Host>(
    app: &App<H>,
    req: ReminderWishes,
) -> Result<ReminderWishes, Failure> {
    let wishes = Wishes::try_from(req)?;
    let kept = wishes.clone();
    app.with_desk(move |desk| kept.keep(desk)).await?;
    Ok(wishes.into())
}

pub(crate) async fn reminder_try<H: Host>(app: &App<H>, _: Nothing) -> Result<Done, Failure> {
    // Asking the system can take as long as it likes.
    let app = app.clone();
    blocking(move || reminder::try_out(&app)).await?;
    Ok(Done {})
}
