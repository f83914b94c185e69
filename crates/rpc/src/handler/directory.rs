//! Commands about organisations, people, delegation logs and spellings of hospitals.
//!
//! Entries are written by `entity.add`, `field.set` and `entity.archive`, with the directory in
//! place of the study.

use crate::app::App;
use crate::request::{
    DelegationRef, DirectoryList, DutyCheck, EntryJoin, EntryRef, Nothing, PartnerRef, SpellingJoin,
};
use crate::response::{
    DelegationLog, DirectoryAnswer, Done, DutyFindings, EntityAdded, OrganisationSheet,
    PersonSheet, SpellingSheet,
};
use crate::{Failure, Host};
use desk::{Desk, PeopleFilter};
use model::people::day;
use model::people::delegation::Duty;

pub(crate) async fn directory_list<H: Host>(
    app: &App<H>,
    req: DirectoryList,
) -> Result<DirectoryAnswer, Failure> {
    let filter = PeopleFilter {
        query: req.query,
        archived: req.archived,
        skip: req.skip as usize,
        limit: req.limit as usize,
    };
    app.with_desk(move |desk| {
        let page = desk.people(&filter)?;
        Ok(DirectoryAnswer {
            directory: desk.directory(),
            n_people: u32::try_from(page.n).unwrap_or(u32::MAX),
            people: page.rows,
            organisations: desk.organisations()?,
            partners: desk.partners_missing()?,
            own: desk.own_name_missing()?,
            conflicts: desk.directory_conflicts()?,
        })
    })
    .await
}

pub(crate) async fn person_get<H: Host>(
    app: &App<H>,
    req: EntryRef,
) -> Result<PersonSheet, Failure> {
    app.with_desk(move |desk| desk.person_sheet(&req.id)).await
}

pub(crate) async fn organisation_get<H: Host>(
    app: &App<H>,
    req: EntryRef,
) -> Result<OrganisationSheet, Failure> {
    app.with_desk(move |desk| desk.organisation_sheet(&req.id))
        .await
}

pub(crate) async fn directory_partner<H: Host>(
    app: &App<H>,
    req: PartnerRef,
) -> Result<EntityAdded, Failure> {
    let entity = app.change(move |desk| desk.partner(&req.code)).await?;
    Ok(EntityAdded { entity })
}

pub(crate) async fn directory_own<H: Host>(
    app: &App<H>,
    _: Nothing,
) -> Result<EntityAdded, Failure> {
    let entity = app.change(Desk::own_person).await?;
    Ok(EntityAdded { entity })
}

pub(crate) async fn directory_join<H: Host>(app: &App<H>, req: EntryJoin) -> Result<Done, Failure> {
    app.change(move |desk| Ok(((), desk.join_records(&req.keep, &req.other)?)))
        .await?;
    Ok(Done {})
}

pub(crate) async fn directory_part<H: Host>(app: &App<H>, req: EntryRef) -> Result<Done, Failure> {
    app.change(move |desk| Ok(((), desk.part_records(&req.id)?)))
        .await?;
    Ok(Done {})
}

pub(crate) async fn delegation_get<H: Host>(
    app: &App<H>,
    req: DelegationRef,
) -> Result<DelegationLog, Failure> {
    app.with_desk(move |desk| {
        let (study, site) = (&req.study, req.site.as_ref());
        Ok(DelegationLog {
            rows: desk.delegation(study, site)?,
            contacts: desk.contact_standings(study, site)?,
        })
    })
    .await
}

pub(crate) async fn delegation_check<H: Host>(
    app: &App<H>,
    req: DutyCheck,
) -> Result<DutyFindings, Failure> {
    let duty = Duty {
        id: req.study.root(),
        site: req.site,
        person: req.person,
        role: req.role,
        tasks: req.tasks,
        from: day::first(&req.from),
        until: None,
        authorised_by: req.by,
        authorised_on: day::first(&req.on),
        is_removed: false,
    };
    let findings = app
        .with_desk(move |desk| desk.duty_findings(&req.study, duty))
        .await?;
    Ok(DutyFindings { findings })
}

pub(crate) async fn spelling_suggest<H: Host>(
    app: &App<H>,
    _: Nothing,
) -> Result<SpellingSheet, Failure> {
    app.with_desk(|desk| desk.spellings()).await
}

pub(crate) async fn spelling_join<H: Host>(
    app: &App<H>,
    req: SpellingJoin,
) -> Result<Done, Failure> {
    let sites = req.sites.into_iter().map(|one| (one.study, one.site));
    let sites: Vec<_> = sites.collect();
    app.change(move |desk| Ok(((), desk.join_spellings(&req.organisation, &sites)?)))
        .await?;
    Ok(Done {})
}
