//! An HTTP/1.1 client of one kept connection, cheap enough to drive a server from the same machine, and able to hang
//! up in the middle of a request, which no proper client offers.

use std::{
    fmt::Write as _,
    io::{self, Error, ErrorKind},
    net::SocketAddr,
    path::Path,
    time::{Duration, Instant},
};

use serde::de::DeserializeOwned;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A server that is silent for so long is stuck.
const PATIENCE: Duration = Duration::from_secs(60);
/// Longer than any import here takes.
const PATIENCE_WITH_FILES: Duration = Duration::from_secs(3600);
const MOST_HEADERS: usize = 64;
const READ_AT_ONCE: usize = 64 * 1024;

/// A request, ready to be written.
#[derive(Clone, Debug)]
pub struct Request {
    head: String,
    body: Vec<u8>,
}

impl Request {
    pub fn get(path: &str) -> Self {
        Self { head: format!("GET {path} HTTP/1.1\r\n"), body: Vec::new() }
    }

    /// A POST of JSON.
    pub fn post(path: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::post_as(path, "application/json", body)
    }

    pub fn post_as(path: &str, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let head = format!("POST {path} HTTP/1.1\r\ncontent-type: {content_type}\r\n");
        Self { head, body: body.into() }
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        // Writing to a String does not fail.
        let _ = write!(self.head, "{name}: {value}\r\n");
        self
    }

    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// With a key that makes it safe to send again.
    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    fn written(&self, addr: SocketAddr, length: u64) -> Vec<u8> {
        let mut bytes = format!("{}host: {addr}\r\ncontent-length: {length}\r\n\r\n", self.head).into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// An answer.
#[derive(Debug)]
pub struct Response {
    pub status: u16,
    pub body: Vec<u8>,
    /// `name=value` of the cookie that was set.
    pub cookie: Option<String>,
    /// What the server says about when to try again.
    pub retry_after: Option<String>,
}

impl Response {
    pub fn json<T: DeserializeOwned>(&self) -> anyhow::Result<T> {
        serde_json::from_slice(&self.body)
            .map_err(|error| anyhow::anyhow!("{error} in the answer {}: {}", self.status, self.text()))
    }

    /// The body, or its beginning, for a message.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).chars().take(400).collect()
    }

    pub fn expect(self, status: u16) -> anyhow::Result<Self> {
        anyhow::ensure!(self.status == status, "{} instead of {status}: {}", self.status, self.text());
        Ok(self)
    }
}

/// An answer whose body was let go.
#[derive(Clone, Copy, Debug)]
pub struct Download {
    pub status: u16,
    /// From before the request was sent to the first byte of the body.
    pub first: Duration,
    pub bytes: usize,
}

/// One kept connection to one server; it is opened when needed, and again after a failure.
#[derive(Debug)]
pub struct Client {
    addr: SocketAddr,
    stream: Option<TcpStream>,
    received: Vec<u8>,
}

impl Client {
    pub fn new(addr: SocketAddr) -> Self {
        Self { addr, stream: None, received: Vec::with_capacity(READ_AT_ONCE) }
    }

    /// Speaks to this server from now on.
    pub fn turn_to(&mut self, addr: SocketAddr) {
        if self.addr != addr {
            self.hang_up();
            self.addr = addr;
        }
    }

    pub fn hang_up(&mut self) {
        self.stream = None;
        self.received.clear();
    }

    /// The answer; an error where none came, which leaves open whether the request took effect.
    pub async fn send(&mut self, request: &Request) -> io::Result<Response> {
        let bytes = request.written(self.addr, request.body.len() as u64);
        let answered = async {
            self.connected().await?.write_all(&bytes).await?;
            self.answer().await
        };
        let answer = within(PATIENCE, answered).await;
        if answer.is_err() {
            self.hang_up();
        }
        answer
    }

    /// Sends a request and lets the body of the answer go as it comes; how many bytes it had, and when the first came.
    pub async fn download(&mut self, request: &Request) -> io::Result<Download> {
        let bytes = request.written(self.addr, request.body.len() as u64);
        let started = Instant::now();
        let taken = async {
            self.connected().await?.write_all(&bytes).await?;
            let head = self.head().await?;
            let (mut first, mut count) = (None, 0);
            let each = |piece: &[u8]| {
                first.get_or_insert_with(|| started.elapsed());
                count += piece.len();
            };
            match head.length {
                Length::Known(length) => self.known(length, each).await?,
                Length::Chunked => self.chunks(each).await?,
            }
            Ok(Download { status: head.status, first: first.unwrap_or_default(), bytes: count })
        };
        let taken = within(PATIENCE_WITH_FILES, taken).await;
        if taken.is_err() {
            self.hang_up();
        }
        taken
    }

    /// Sends a file as the request's body.
    pub async fn upload(&mut self, request: &Request, file: &Path) -> io::Result<Response> {
        let mut source = tokio::fs::File::open(file).await?;
        let head = request.written(self.addr, source.metadata().await?.len());
        let sent = async {
            let stream = self.connected().await?;
            stream.write_all(&head).await?;
            let mut buffer = vec![0; 256 * 1024];
            loop {
                let read = source.read(&mut buffer).await?;
                if read == 0 {
                    break;
                }
                stream.write_all(&buffer[..read]).await?;
            }
            self.answer().await
        };
        let answer = within(PATIENCE_WITH_FILES, sent).await;
        if answer.is_err() {
            self.hang_up();
        }
        answer
    }

    /// Writes the first `share` of the request, and is gone.
    pub async fn send_part(&mut self, request: &Request, share: f64) -> io::Result<()> {
        let bytes = request.written(self.addr, request.body.len() as u64);
        let part = (bytes.len() as f64 * share.clamp(0.0, 1.0)) as usize;
        let written = async { self.connected().await?.write_all(&bytes[..part]).await };
        let written = within(PATIENCE, written).await;
        self.hang_up();
        written
    }

    async fn connected(&mut self) -> io::Result<&mut TcpStream> {
        if self.stream.is_none() {
            let stream = TcpStream::connect(self.addr).await?;
            stream.set_nodelay(true)?;
            self.received.clear();
            self.stream = Some(stream);
        }
        self.stream.as_mut().ok_or_else(|| ErrorKind::NotConnected.into())
    }

    async fn more(&mut self) -> io::Result<()> {
        let stream = self.stream.as_mut().ok_or(ErrorKind::NotConnected)?;
        self.received.reserve(READ_AT_ONCE);
        match stream.read_buf(&mut self.received).await? {
            0 => Err(ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }

    async fn head(&mut self) -> io::Result<Head> {
        let head = loop {
            if let Some(head) = Head::parse(&self.received)? {
                break head;
            }
            self.more().await?;
        };
        self.received.drain(..head.bytes);
        Ok(head)
    }

    async fn answer(&mut self) -> io::Result<Response> {
        let head = self.head().await?;
        let mut body = Vec::new();
        let each = |piece: &[u8]| body.extend_from_slice(piece);
        match head.length {
            Length::Known(length) => self.known(length, each).await?,
            Length::Chunked => self.chunks(each).await?,
        }
        if head.closes {
            self.hang_up();
        }
        Ok(Response { status: head.status, body, cookie: head.cookie, retry_after: head.retry_after })
    }

    /// A body of so many bytes, piece by piece.
    async fn known(&mut self, mut length: usize, mut each: impl FnMut(&[u8])) -> io::Result<()> {
        while length > 0 {
            if self.received.is_empty() {
                self.more().await?;
            }
            let piece = self.received.len().min(length);
            each(&self.received[..piece]);
            self.received.drain(..piece);
            length -= piece;
        }
        Ok(())
    }

    async fn chunks(&mut self, mut each: impl FnMut(&[u8])) -> io::Result<()> {
        loop {
            let (start, length) = loop {
                match httparse::parse_chunk_size(&self.received).map_err(|_| malformed("a chunk's size"))? {
                    httparse::Status::Complete((start, length)) => break (start, length as usize),
                    httparse::Status::Partial => self.more().await?,
                }
            };
            // The line end after the chunk belongs to it.
            let end = start + length + 2;
            while self.received.len() < end {
                self.more().await?;
            }
            if length > 0 {
                each(&self.received[start..start + length]);
            }
            self.received.drain(..end);
            if length == 0 {
                return Ok(());
            }
        }
    }
}

async fn within<T>(patience: Duration, work: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    tokio::time::timeout(patience, work).await.unwrap_or_else(|_| Err(ErrorKind::TimedOut.into()))
}

fn malformed(what: &str) -> Error {
    Error::new(ErrorKind::InvalidData, format!("the server sent a wrong {what}"))
}

enum Length {
    Known(usize),
    Chunked,
}

struct Head {
    bytes: usize,
    status: u16,
    length: Length,
    closes: bool,
    cookie: Option<String>,
    retry_after: Option<String>,
}

impl Head {
    /// None while it is not complete.
    fn parse(received: &[u8]) -> io::Result<Option<Self>> {
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut response = httparse::Response::new(&mut headers);
        let parsed = response.parse(received).map_err(|error| malformed(&format!("head ({error})")))?;
        let httparse::Status::Complete(bytes) = parsed else { return Ok(None) };
        let mut head = Self {
            bytes,
            status: response.code.unwrap_or(0),
            length: Length::Known(0),
            closes: false,
            cookie: None,
            retry_after: None,
        };
        for header in response.headers.iter() {
            let value = std::str::from_utf8(header.value).unwrap_or("");
            match header.name.to_ascii_lowercase().as_str() {
                "content-length" => {
                    head.length = Length::Known(value.parse().map_err(|_| malformed("length"))?)
                }
                "transfer-encoding" => head.length = Length::Chunked,
                "connection" => head.closes = value.eq_ignore_ascii_case("close"),
                "retry-after" => head.retry_after = Some(value.to_owned()),
                "set-cookie" => head.cookie = value.split(';').next().map(str::to_owned),
                _ => {}
            }
        }
        Ok(Some(head))
    }
}
