//! Receives a body into the spool: decoded as it comes, and no larger than allowed, coded or decoded.

use super::Spool;
use crate::{
    coding::Coding,
    error::{Error, Result},
};
use bytes::Bytes;
use domain::problem::{Code, Refusal};
use futures::{Stream, StreamExt};
use std::io;
use tokio::io::AsyncReadExt;
use tokio_util::io::StreamReader;

/// How much is decoded at a time.
const PIECE_BYTES: usize = 64 * 1024;

/// How a body comes.
#[derive(Clone, Copy, Debug)]
pub struct Receiving {
    /// How it is coded.
    pub coding: Coding,
    /// How many bytes it has at most, as it comes and decoded.
    pub most: u64,
}

impl Spool {
    /// Writes a body down, decoded. `refusal` says what a piece that did not come means.
    pub async fn receive<S, E>(
        &mut self,
        chunks: S,
        how: Receiving,
        refusal: impl Fn(E) -> Code + Send + Sync,
    ) -> Result<()>
    where
        S: Stream<Item = std::result::Result<Bytes, E>> + Send + Unpin,
    {
        let mut received = 0_u64;
        let counted = chunks.map(|chunk| {
            let chunk = chunk.map_err(|error| of_body(refusal(error), how))?;
            received += chunk.len() as u64;
            if received > how.most { Err(of_body(Code::TooLarge, how)) } else { Ok(chunk) }
        });
        let mut decoded = how.coding.decoded(StreamReader::new(counted));
        let mut piece = vec![0; PIECE_BYTES];
        let mut length = 0_u64;
        loop {
            let read = decoded.read(&mut piece).await.map_err(|error| undecoded(error, how))?;
            if read == 0 {
                return Ok(());
            }
            length += read as u64;
            if length > how.most {
                return Err(refused(Code::TooLarge, how).into());
            }
            self.write(&piece[..read]).await?;
        }
    }
}

fn refused(code: Code, how: Receiving) -> Refusal {
    match code {
        Code::TooLarge => {
            Refusal::new(code, format!("an upload has at most {} bytes, decoded too", how.most))
        }
        Code::Malformed => Refusal::new(code, Coding::Identity.broken()),
        code => Refusal::of(code),
    }
}

/// Takes a refusal through the decoder, which passes on what its source says.
fn of_body(code: Code, how: Receiving) -> io::Error {
    io::Error::other(refused(code, how))
}

fn undecoded(error: io::Error, how: Receiving) -> Error {
    match error.downcast::<Refusal>() {
        Ok(refusal) => refusal.into(),
        Err(_) => Error::refused(Code::Malformed, how.coding.broken()),
    }
}
