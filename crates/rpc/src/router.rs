//! Turns a command's name and payload into the handler's answer.

use crate::app::{App, caught, internal};
use crate::failure::{Failure, FailureKind};
use crate::handler::*;
use crate::request::*;
use crate::{Host, response};
use serde_json::Value;

macro_rules! write_router {
    ($($name:literal => $handler:ident($req:ident) -> $res:ident,)*) => {
        impl<H: Host> App<H> {
            async fn dispatch(&self, command: &str, payload: Value) -> Result<Value, Failure> {
                match command {
                    $($name => {
                        let req: $req = read(payload)?;
                        let res: response::$res = $handler(self, req).await?;
                        Ok(serde_json::to_value(res).expect("answers are plain values"))
                    })*
                    _ => Err(Failure::new(FailureKind::Invalid, "failure.command")),
                }
            }
        }
    };
}

crate::commands!(write_router);

impl<H: Host> App<H> {
    /// Answers one call of the interface; one that breaks is a failure, and the program goes on.
    ///
    /// # Errors
    /// [`Failure`] with a code that the interface has words for.
    pub async fn call(&self, command: &str, payload: Value) -> Result<Value, Failure> {
        match caught(self.dispatch(command, payload)).await {
            Some(answer) => answer,
            None => Err(internal()),
        }
    }
}

fn read<T: serde::de::DeserializeOwned>(payload: Value) -> Result<T, Failure> {
    let payload = if payload.is_null() {
        Value::Object(serde_json::Map::new())
    } else {
        payload
    };
    serde_json::from_value(payload).map_err(|error| {
        log::warn!("a call was malformed: {:?}", error.classify());
        Failure::new(FailureKind::Invalid, "failure.payload")
    })
}
