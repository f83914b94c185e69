//! Commands about members, laptops and what was kept for review.

use crate::app::{App, lock, locked};
use crate::request::{DeviceName, DeviceRef, MemberChange, Nothing, ReviewDecide, StudyRef};
use crate::response::{DeviceList, Done, MemberList, ReviewList};
use crate::work::people::{Way, or_kept};
use crate::{Failure, Host};
use model::StudyId;

fn way<H: Host>(app: &App<H>) -> Result<Way, Failure> {
    let mut guard = lock(&app.desk);
    Way::of(guard.as_mut().ok_or_else(locked)?, &app.env)
}

pub(crate) async fn member_list<H: Host>(
    app: &App<H>,
    req: StudyRef,
) -> Result<MemberList, Failure> {
    let asked = way(app)?.members(&req.study).await;
    let mut guard = lock(&app.desk);
    or_kept(guard.as_mut().ok_or_else(locked)?, &req.study, asked)
}

pub(crate) async fn member_change<H: Host>(
    app: &App<H>,
    req: MemberChange,
) -> Result<MemberList, Failure> {
    let way = way(app)?;
    way.change_members(&req).await?;
    app.sync.wake();
    let asked = way.members(&req.study).await;
    let mut guard = lock(&app.desk);
    or_kept(guard.as_mut().ok_or_else(locked)?, &req.study, asked)
}

pub(crate) async fn device_list<H: Host>(app: &App<H>, _: Nothing) -> Result<DeviceList, Failure> {
    way(app)?.devices().await
}

pub(crate) async fn device_name<H: Host>(
    app: &App<H>,
    req: DeviceName,
) -> Result<DeviceList, Failure> {
    let way = way(app)?;
    way.name_device(&req.device, &req.label).await?;
    way.devices().await
}

pub(crate) async fn device_revoke<H: Host>(
    app: &App<H>,
    req: DeviceRef,
) -> Result<DeviceList, Failure> {
    let way = way(app)?;
    way.revoke_device(&req.device).await?;
    way.devices().await
}

pub(crate) async fn review_list<H: Host>(app: &App<H>, _: Nothing) -> Result<ReviewList, Failure> {
    app.with_desk(|desk| {
        let held = desk.held(None)?;
        let mut decides = Vec::new();
        for study in held.iter().filter_map(|one| StudyId::parse(&one.study)) {
            if !decides.contains(&study) && desk.decides(&study)? {
                decides.push(study);
            }
        }
        Ok(ReviewList { held, decides })
    })
    .await
}

pub(crate) async fn review_adopt<H: Host>(
    app: &App<H>,
    req: ReviewDecide,
) -> Result<Done, Failure> {
    app.change(move |desk| {
        let why = Some(req.why.trim()).filter(|why| !why.is_empty());
        let changed = desk.adopt(&req.study, &req.ids, why)?;
        Ok((Done {}, changed))
    })
    .await
}

pub(crate) async fn review_dismiss<H: Host>(
    app: &App<H>,
    req: ReviewDecide,
) -> Result<Done, Failure> {
    app.change(move |desk| {
        let changed = desk.dismiss(&req.study, &req.ids, &req.why)?;
        Ok((Done {}, changed))
    })
    .await
}
