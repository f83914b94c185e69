//! Carries out contacts over a transport.

use crate::Surroundings;
use crate::backoff::random_below;
use crate::body;
use crate::exchange::{self, Answer, Call, Failure};
use crate::link::CenterLink;
use crate::note::Note;
use crate::outcome::Outcome;
use crate::pin::Pin;
use crate::replica::Replica;
use crate::round::{Ask, Reply, Round, Step};
use crate::transport::Transport;
use crate::wire::{Me, PageHead, Problem, Pushed, TYPE_FRAMES, WAIT_SECONDS_MAX, Waited};
use std::time::Duration;

/// How often a busy center is asked again within one contact.
const BUSY_TRIES: u32 = 5;
/// Longest that a contact waits for a busy center each time. Units: milliseconds.
const BUSY_PAUSE_MS: u64 = 5_000;
/// From this error on a clock is said to be wrong. Source: sync-engine 11.15.
const CLOCK_ERROR_MINUTES: i64 = 5;

/// Makes one contact: sends all that waits, then receives all that is new.
///
/// What stood in the way is in [`Outcome::note`]; the work already done stays done.
///
/// # Errors
/// The replica's own.
pub async fn round<T: Transport, R: Replica>(
    transport: &T,
    link: &CenterLink,
    replica: &mut R,
    around: &dyn Surroundings,
) -> Result<Outcome, R::Error> {
    let mut round = Round::new(&link.epoch);
    let Some(pin) = link.recognised_by() else {
        round.say(Note::Pin);
        return round.finish(replica);
    };
    let mut step = round.step();
    while let Step::Ask(ask) = step {
        let reply = carry(transport, link, &pin, &ask, around).await;
        let reply = reply.unwrap_or_else(Reply::Failed);
        step = round.reply(replica, reply)?;
    }
    let mut outcome = round.finish(replica)?;
    mark_clock(&mut outcome, around);
    log::info!(
        "sync round sent={} received={} waiting={} note={}",
        outcome.sent,
        outcome.received,
        outcome.waiting,
        outcome.note.key()
    );
    Ok(outcome)
}

/// Waits until the center has something new, at most about 25 seconds, and gives its mark.
///
/// Losing this costs nothing but delay; a round at times finds everything without it.
///
/// # Errors
/// [`Failure`] when there is no answer to use.
pub async fn wait<T: Transport>(
    transport: &T,
    link: &CenterLink,
    mark: &str,
    around: &dyn Surroundings,
) -> Result<String, Failure> {
    let pin = link.recognised_by().ok_or(Failure::Pin)?;
    let path = format!("/v1/wait?mark={mark}&seconds={WAIT_SECONDS_MAX}");
    let mut call = Call::get(path, &link.token);
    call.timeout_ms = (WAIT_SECONDS_MAX + 15) * 1000;
    let answer = exchange::ask(transport, &pin, call, around).await?;
    answer.message::<Waited>().map(|waited| waited.mark)
}

fn mark_clock(outcome: &mut Outcome, around: &dyn Surroundings) {
    let Some(center_ms) = outcome.center_ms else {
        return;
    };
    let minutes = around.now_ms().saturating_sub(center_ms) / 60_000;
    if minutes.abs() >= CLOCK_ERROR_MINUTES {
        outcome.notes.push(Note::Clock(minutes));
        if outcome.note == Note::Done {
            outcome.note = Note::Clock(minutes);
        }
    }
}

/// Makes a call, again and again while the center says that it is busy.
pub(crate) async fn patiently<'c, T: Transport>(
    transport: &T,
    pin: &Pin,
    call: impl Fn() -> Call<'c>,
    around: &dyn Surroundings,
) -> Result<Answer, Failure> {
    let mut n_tries = 0;
    loop {
        let answer = exchange::ask(transport, pin, call(), around).await;
        n_tries += 1;
        let Err(Failure::Refused(Problem::Busy { retry_after_ms })) = answer else {
            return answer;
        };
        if n_tries >= BUSY_TRIES {
            return answer;
        }
        let pause = retry_after_ms.clamp(1, BUSY_PAUSE_MS);
        // Those who were turned away together do not come back together.
        let pause = pause + random_below(around, pause);
        tokio::time::sleep(Duration::from_millis(pause)).await;
    }
}

async fn carry<T: Transport>(
    transport: &T,
    link: &CenterLink,
    pin: &Pin,
    ask: &Ask,
    around: &dyn Surroundings,
) -> Result<Reply, Failure> {
    let token = link.token.as_str();
    let call = || match ask {
        Ask::Me => Call::get("/v1/me".to_owned(), token),
        Ask::Push { stream, frames } => {
            let path = format!("/v1/sync/{stream}/push");
            Call::post_frames(path, token, body::pack_frames(frames))
        }
        Ask::Pull { stream, after } => {
            Call::get(format!("/v1/sync/{stream}/pull?after={after}"), token)
        }
    };
    let answer = patiently(transport, pin, call, around).await?;
    match ask {
        Ask::Me => answer.message::<Me>().map(Reply::Me),
        Ask::Push { .. } => answer.message::<Pushed>().map(Reply::Pushed),
        Ask::Pull { .. } => read_page(&answer),
    }
}

fn read_page(answer: &Answer) -> Result<Reply, Failure> {
    if answer.content_type != TYPE_FRAMES {
        return Err(Failure::Nonsense);
    }
    let (head, frames) = body::unpack_page(&answer.body).map_err(|_| Failure::Nonsense)?;
    let head: PageHead = serde_json::from_slice(&head).map_err(|_| Failure::Nonsense)?;
    Ok(Reply::Page(head, frames))
}
