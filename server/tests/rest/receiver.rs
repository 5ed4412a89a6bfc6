//! A receiver of events on the loopback that answers as it is told, and signatures as it would compute them.

use axum::{Router, body::Bytes, extract::State, response::IntoResponse, routing::post};
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{net::TcpListener, sync::mpsc};

/// What a receiver does with the next message; afterwards it takes everything.
#[derive(Clone, Debug)]
pub(crate) enum Does {
    Answer(u16, &'static str),
    RedirectTo(String),
    Hang,
}

#[derive(Debug)]
pub(crate) struct Received {
    headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap().to_str().unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

#[derive(Clone)]
struct Answers {
    next: Arc<Mutex<VecDeque<Does>>>,
    received: mpsc::UnboundedSender<Received>,
}

/// A receiver on a free port of the loopback.
pub(crate) struct Receiver {
    pub(crate) url: String,
    received: mpsc::UnboundedReceiver<Received>,
}

impl Receiver {
    pub(crate) async fn that(does: impl IntoIterator<Item = Does>) -> Self {
        let (sender, received) = mpsc::unbounded_channel();
        let answers = Answers { next: Arc::new(Mutex::new(does.into_iter().collect())), received: sender };
        let router = Router::new().route("/hook", post(receive)).with_state(answers);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, received }
    }

    pub(crate) async fn next(&mut self) -> Received {
        tokio::time::timeout(Duration::from_secs(20), self.received.recv()).await.unwrap().unwrap()
    }

    pub(crate) fn has_more(&mut self) -> bool {
        self.received.try_recv().is_ok()
    }
}

async fn receive(
    State(answers): State<Answers>,
    headers: HeaderMap,
    body: Bytes,
) -> axum::response::Response {
    let does = answers.next.lock().unwrap().pop_front();
    answers.received.send(Received { headers, body }).unwrap();
    match does {
        None => StatusCode::NO_CONTENT.into_response(),
        Some(Does::Answer(status, text)) => (StatusCode::from_u16(status).unwrap(), text).into_response(),
        Some(Does::RedirectTo(url)) => (StatusCode::FOUND, [("location", url)]).into_response(),
        Some(Does::Hang) => std::future::pending().await,
    }
}

/// HMAC-SHA256 by its definition (RFC 2104), in Base64: written anew here, to hold the product against it.
pub(crate) fn signature(secret: &str, message: &str) -> String {
    use sha2::{Digest, Sha256};
    let key = decoded(secret.strip_prefix("whsec_").unwrap());
    let padded = |with: u8| {
        let mut block = [with; 64];
        block.iter_mut().zip(&key).for_each(|(byte, key)| *byte ^= key);
        block
    };
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(message).finalize();
    encoded(&Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize())
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn encoded(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits =
            chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (mut bits, mut held) = (0_u32, 0);
    for letter in text.bytes().filter(|letter| *letter != b'=') {
        let value = LETTERS.iter().position(|known| *known == letter).unwrap();
        bits = bits << 6 | u32::try_from(value).unwrap();
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held & 255) as u8);
        }
    }
    bytes
}

#[test]
fn the_signature_of_these_tests_is_the_published_one() {
    let message = r#"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}"#;
    let expected = "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    assert_eq!(signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", message), expected);
}
