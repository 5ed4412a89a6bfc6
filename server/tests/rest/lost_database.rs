//! PostgreSQL goes away in the middle of work and comes back: whoever asks meanwhile is told to come again, nothing that
//! was acknowledged is lost, and the server needs no restart.

use crate::{
    command_line::{Serving, listening, relabel},
    site::{Person, Site, lines, send, unsure},
};
use domain::access::Role;
use reqwest::{Client, Url};
use serde_json::{Value, json};
use sqlx::{Connection, Executor, PgConnection};
use std::{collections::BTreeSet, net::SocketAddr, path::Path};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    task::JoinSet,
};

/// What stands between the server and PostgreSQL.
struct Line {
    address: SocketAddr,
    state: watch::Sender<State>,
    /// How many connections there have been.
    count: watch::Receiver<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Up,
    /// Every connection is closed, and every new one too.
    Cut,
    /// Nothing comes through, and nobody is told.
    Silent,
}

impl Line {
    async fn to(database: &Url) -> Self {
        let upstream = format!("{}:{}", database.host_str().unwrap(), database.port().unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (state, watched) = watch::channel(State::Up);
        let (counted, count) = watch::channel(0);
        tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                counted.send_modify(|count| *count += 1);
                tokio::spawn(carry(client, upstream.clone(), watched.clone()));
            }
        });
        Self { address, state, count }
    }

    fn is(&self, state: State) {
        self.state.send_replace(state);
    }

    /// A server that reaches the database by this line.
    fn serve(&self, data: &Path, database: &Url) -> Serving {
        let mut database = database.clone();
        database.set_port(Some(self.address.port())).unwrap();
        let mut command = relabel(data);
        command.env("RELABEL_DATABASE_URL", database.as_str()).args(["serve", "--addr", "127.0.0.1:0"]);
        listening(command)
    }
}

/// Carries one connection until the line is cut.
async fn carry(client: TcpStream, upstream: String, mut state: watch::Receiver<State>) {
    let server = TcpStream::connect(upstream).await.unwrap();
    let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
    tokio::select! {
        () = pump(from_client, to_server, state.clone()) => {}
        () = pump(from_server, to_client, state.clone()) => {}
        _ = state.wait_for(|state| *state == State::Cut) => {}
    }
}

/// Carries what comes; while the line is silent, it is kept.
async fn pump(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut state: watch::Receiver<State>) {
    let mut piece = vec![0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut piece).await {
        let is_up = state.wait_for(|state| *state == State::Up).await.is_ok();
        if !is_up || to.write_all(&piece[..length]).await.is_err() {
            return;
        }
    }
}

/// Claims and answers one task: the annotation that was acknowledged, or the status that refused.
async fn answer_one(client: &Client, base: &str, person: &Person) -> Result<i64, u16> {
    let post = async |path: String, body: Value| {
        let request = client.post(format!("{base}/api/v1{path}")).bearer_auth(&person.token).json(&body);
        let answer = send(request).await;
        match answer.status.as_u16() {
            200 | 201 => Ok(answer.json()),
            503 => {
                assert!(!answer.header("retry-after").is_empty(), "{}", answer.text);
                Err(503_u16)
            }
            other => panic!("{other}: {}", answer.text),
        }
    };
    let claimed = post("/projects/p/claim".to_owned(), json!({"count": 1})).await?;
    let lease = claimed["tasks"][0]["lease"].as_str().unwrap();
    let answers = json!({"answers": {"intent": "card"}});
    let submitted = post(format!("/leases/{lease}/submit"), answers).await?;
    Ok(submitted["annotation"].as_i64().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_goes_away_and_comes_back() {
    let (site, admin) = Site::with_project().await;
    // On SQLite there is nothing to lose on the way.
    let Some(database) = &site.database_url else { return };
    let database = Url::parse(database).unwrap();
    let samples: Vec<_> = (0..500).map(|n| unsure(&format!("s{n}"), None)).collect();
    site.upload(&admin, "/projects/p/samples", "application/x-ndjson", lines(&samples)).await.expect(200);
    let mut people = Vec::new();
    for n in 0..5 {
        people.push(site.member(&format!("a{n}@example.org"), Role::Annotator).await);
    }

    let line = Line::to(&database).await;
    let data = tempfile::tempdir().unwrap();
    let server = line.serve(data.path(), &database);
    let client = Client::new();
    let status = async |path: &str| send(client.get(format!("{}{path}", server.base))).await.status.as_u16();

    let mut acknowledged = BTreeSet::new();
    for away in [State::Cut, State::Silent, State::Cut] {
        let working: Vec<_> = people[1..]
            .iter()
            .map(|person| {
                let (client, base, person) = (client.clone(), server.base.clone(), person.clone());
                tokio::spawn(async move {
                    let mut annotations = Vec::new();
                    loop {
                        match answer_one(&client, &base, &person).await {
                            Ok(annotation) => annotations.push(annotation),
                            Err(_) => return annotations,
                        }
                        if annotations.len() > 50 {
                            return annotations;
                        }
                    }
                })
            })
            .collect();
        // In the middle of their work.
        acknowledged.insert(answer_one(&client, &server.base, &people[0]).await.unwrap());
        line.is(away);
        for work in working {
            acknowledged.extend(work.await.unwrap());
        }
        assert_eq!(answer_one(&client, &server.base, &people[0]).await, Err(503));
        assert_eq!((status("/healthz").await, status("/readyz").await), (200, 503));
        line.is(State::Up);
        acknowledged.insert(answer_one(&client, &server.base, &people[0]).await.unwrap());
        assert_eq!(status("/readyz").await, 200);
    }

    let mut found = BTreeSet::new();
    for person in &people {
        let own = site.get(person, "/projects/p/me/annotations?limit=200").await.expect(200);
        found.extend(own["items"].as_array().unwrap().iter().map(|own| own["annotation"].as_i64().unwrap()));
    }
    assert!(acknowledged.is_subset(&found), "lost: {:?}", acknowledged.difference(&found));
    server.stop();
}

/// How many connections a server keeps at most.
const POOL: usize = 20;

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_database_is_waited_for() {
    let (site, admin) = Site::with_project().await;
    let Some(database) = &site.database_url else { return };
    let database = Url::parse(database).unwrap();
    let mut line = Line::to(&database).await;
    let data = tempfile::tempdir().unwrap();
    let server = line.serve(data.path(), &database);

    // Everybody who reads tasks waits, and with them every connection of the server.
    let mut busy = PgConnection::connect(database.as_str()).await.unwrap();
    busy.execute("BEGIN; LOCK TABLE tasks").await.unwrap();
    let client = Client::new();
    let review = format!("{}/api/v1/projects/p/review", server.base);
    let mut listing = JoinSet::new();
    for _ in 0..POOL {
        listing.spawn(send(client.get(&review).bearer_auth(&admin.token)));
    }
    tokio::select! {
        answer = listing.join_next() => panic!("it did not wait: {answer:?}"),
        // One more: whether it is there was asked.
        asked = line.count.wait_for(|count| *count > POOL) => drop(asked.unwrap()),
    }
    busy.execute("COMMIT").await.unwrap();
    while let Some(answer) = listing.join_next().await {
        answer.unwrap().expect(200);
    }
    server.stop();
}
