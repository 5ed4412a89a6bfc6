//! How a client of the storm asks: it hangs up in mid-request, tries again with the same key at another server, and
//! compares what it is told.

use std::time::Duration;

use fastrand::Rng;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    client::{Client, Request, Response},
    stress::{
        killer::Addresses,
        record::{Outcome, Record},
    },
};

/// A killed server is back long before.
const MOST_TRIES: u32 = 200;
/// Sooner a killed server only refuses, as fast as it is asked.
const BETWEEN_TRIES: Duration = Duration::from_millis(50);

pub(super) struct Asking {
    pub number: usize,
    pub rng: Rng,
    token: String,
    addresses: Addresses,
    client: Client,
    keys: u64,
    record: Record,
}

#[derive(Deserialize)]
struct Problem {
    code: String,
}

impl Outcome<Value> {
    pub(super) fn is_yes(&self) -> bool {
        matches!(self, Self::Yes(_))
    }

    pub(super) fn forget(self) -> Outcome<()> {
        match self {
            Self::Yes(_) => Outcome::Yes(()),
            Self::No(code) => Outcome::No(code),
            Self::Unknown => Outcome::Unknown,
        }
    }
}

impl Asking {
    pub(super) fn new(number: usize, token: String, addresses: Addresses, seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed.wrapping_add(1 + number as u64));
        let client = Client::new(addresses.any(&mut rng));
        Self { number, rng, token, addresses, client, keys: 0, record: Record::default() }
    }

    pub(super) fn into_record(self) -> Record {
        self.record
    }

    pub(super) fn hang_up(&mut self) {
        self.client.hang_up();
    }

    /// What the server says to a POST in the end.
    pub(super) async fn ask(&mut self, path: &str, body: &Value) -> Outcome<Value> {
        let mut request = Request::post(path, body.to_string()).bearer(&self.token);
        let keyed = self.rng.u32(..10) < 6;
        if keyed {
            self.keys += 1;
            request = request.key(&format!("storm-{}-{}", self.number, self.keys));
        }
        let mut told = self.once(&request).await;
        if !keyed || (told == Outcome::Unknown && self.rng.u32(..10) == 0) {
            return told;
        }
        let mut tries = 1;
        while told == Outcome::Unknown && tries < MOST_TRIES {
            tokio::time::sleep(BETWEEN_TRIES).await;
            self.client.turn_to(self.addresses.any(&mut self.rng));
            told = self.once(&request).await;
            tries += 1;
        }
        if tries > 1 {
            self.record.count("requests sent again");
        }
        if told != Outcome::Unknown && self.rng.u32(..8) == 0 {
            self.client.turn_to(self.addresses.any(&mut self.rng));
            let again = self.once(&request).await;
            if again != Outcome::Unknown {
                self.record.count("answers compared");
                if again != told {
                    self.record
                        .faults
                        .push(format!("{path}, sent twice with one key: {told:?}, then {again:?}"));
                }
            }
        }
        told
    }

    /// Sends it, or loses the connection on the way.
    async fn once(&mut self, request: &Request) -> Outcome<Value> {
        match self.rng.u32(..100) {
            0..3 => {
                self.record.count("requests cut");
                let share = self.rng.f64();
                // Whether that much arrived is as unknown as the rest.
                let _ = self.client.send_part(request, share).await;
                return Outcome::Unknown;
            }
            3..7 => {
                self.record.count("answers not waited for");
                let _ = self.client.send_part(request, 1.0).await;
                return Outcome::Unknown;
            }
            7..20 => self.client.turn_to(self.addresses.any(&mut self.rng)),
            _ => {}
        }
        match self.client.send(request).await {
            Ok(answer) => self.judge(&answer),
            Err(error) => {
                if error.kind() == std::io::ErrorKind::TimedOut {
                    self.record.faults.push("a server was silent for a minute".to_owned());
                }
                self.record.count("connections lost");
                self.client.turn_to(self.addresses.any(&mut self.rng));
                tokio::time::sleep(BETWEEN_TRIES).await;
                Outcome::Unknown
            }
        }
    }

    fn judge(&mut self, answer: &Response) -> Outcome<Value> {
        match answer.status {
            200..300 => {
                let mut value = match answer.body.as_slice() {
                    [] => Value::Null,
                    body => serde_json::from_slice(body).unwrap_or_default(),
                };
                // Counted anew for each answer, and approximate.
                if let Some(fields) = value.as_object_mut() {
                    fields.remove("remaining");
                }
                Outcome::Yes(value)
            }
            429 | 503 => {
                self.record.count("answers \"later\"");
                if answer.retry_after.is_none() {
                    self.record.faults.push(format!(
                        "{} without Retry-After: {}",
                        answer.status,
                        answer.text()
                    ));
                }
                Outcome::Unknown
            }
            409 => match self.parse::<Problem>(&serde_json::from_slice(&answer.body).unwrap_or_default()) {
                Some(problem) if problem.code == "in_progress" => Outcome::Unknown,
                Some(problem) => Outcome::No(problem.code),
                None => Outcome::Unknown,
            },
            status => {
                self.record.faults.push(format!("a server answered {status}: {}", answer.text()));
                Outcome::Unknown
            }
        }
    }

    pub(super) fn parse<T: DeserializeOwned>(&mut self, value: &Value) -> Option<T> {
        let parsed = T::deserialize(value);
        if let Err(error) = &parsed {
            self.record.faults.push(format!("an answer of the wrong shape ({error}): {value}"));
        }
        parsed.ok()
    }
}
