//! The big project that most measures share: its server, its people, and loops of claims and answers on it.

use std::{
    cell::Cell,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::json;
use tokio::time::Duration;

use super::size::Size;
use crate::{
    claimed::Claimed,
    client::{Client, Request},
    people::{self, PROJECT, Person, Policy},
    place::{Kind, Place},
    samples,
    server::Server,
    stats::Times,
};

/// The project whose queue's top somebody has answered.
pub(super) const TOP: &str = "top";

pub(super) struct Lab {
    pub place: Place,
    /// None only while it is started again.
    server: Option<Server>,
    pub annotators: Vec<Person>,
    pub manager: Person,
    pub size: Size,
    pub relabel: PathBuf,
    pub kind: Kind,
    pub data: Option<PathBuf>,
}

/// A queue in which every sample is a task of two places.
pub(super) fn policy() -> Policy {
    Policy { overlap: 2, lease_seconds: 900, audit_rate: 0.05, require: "all" }
}

impl Lab {
    pub async fn open(relabel: &Path, kind: &Kind, data: Option<&Path>, size: Size) -> Result<Self> {
        let place = Place::make(relabel, kind, data).await?;
        people::make_project(&place, PROJECT, &policy()).await?;
        people::make_project(&place, TOP, &Policy { overlap: 3, ..policy() }).await?;
        let names = (0..size.annotators()).map(|n| format!("a{n}")).collect();
        let annotators = people::make(&place, &[PROJECT, TOP], "annotator", names).await?;
        let manager = people::make(&place, &[PROJECT, TOP], "manager", vec!["manager".to_owned()]).await?;
        let manager = manager.into_iter().next().context("no manager was made")?;
        let server = Some(place.serve(0).await?);
        let (relabel, kind, data) = (relabel.to_path_buf(), kind.clone(), data.map(Path::to_path_buf));
        Ok(Self { place, server, annotators, manager, size, relabel, kind, data })
    }

    pub fn server(&self) -> Result<&Server> {
        self.server.as_ref().context("the server was not started again")
    }

    pub fn client(&self) -> Result<Client> {
        Ok(Client::new(self.server()?.addr))
    }

    /// Stops the server and starts it again; how long until the first 200.
    pub async fn restart(&mut self) -> Result<Duration> {
        if let Some(server) = self.server.take() {
            server.stop().await?;
        }
        let started = Instant::now();
        let server = self.place.serve(0).await?;
        Client::new(server.addr).send(&Request::get("/readyz")).await?.expect(200)?;
        let time = started.elapsed();
        self.server = Some(server);
        Ok(time)
    }

    /// Imports samples `from..to`; how long the request took.
    pub async fn import(&self, slug: &str, from: usize, to: usize) -> Result<Duration> {
        import(&self.place, self.server()?, &self.manager, slug, from, to).await
    }

    pub async fn close(mut self) -> Result<()> {
        if let Some(server) = self.server.take() {
            server.stop().await?;
        }
        self.place.remove().await
    }
}

/// Imports samples `from..to`; how long the request took, from its first byte to the whole answer.
pub(super) async fn import(
    place: &Place,
    server: &Server,
    manager: &Person,
    slug: &str,
    from: usize,
    to: usize,
) -> Result<Duration> {
    #[derive(Deserialize)]
    struct Imported {
        created: usize,
    }
    let file = place.file(&format!("{slug}.ndjson"));
    samples::write(&file, from, to)?;
    let path = format!("/api/v1/projects/{slug}/samples");
    let request = Request::post_as(&path, "application/x-ndjson", "").bearer(&manager.token);
    let started = Instant::now();
    let answer = Client::new(server.addr).upload(&request, &file).await?;
    let time = started.elapsed();
    let imported: Imported = answer.expect(200)?.json()?;
    ensure!(imported.created == to - from, "{} samples were made instead of {}", imported.created, to - from);
    std::fs::remove_file(&file)?;
    Ok(time)
}

/// One annotator at one connection.
pub(super) struct Annotator<'a> {
    client: Client,
    token: &'a str,
    slug: &'a str,
}

impl<'a> Annotator<'a> {
    pub fn new(client: Client, person: &'a Person, slug: &'a str) -> Self {
        Self { client, token: &person.token, slug }
    }

    /// The leases of what was given.
    pub async fn claim(&mut self, count: usize) -> Result<Vec<String>> {
        let path = format!("/api/v1/projects/{}/claim", self.slug);
        let request = Request::post(&path, json!({"count": count}).to_string()).bearer(self.token);
        let claimed: Claimed = self.client.send(&request).await?.expect(200)?.json()?;
        ensure!(!claimed.tasks.is_empty(), "the queue is empty before the measure is over");
        Ok(claimed.tasks.into_iter().map(|item| item.lease).collect())
    }

    pub async fn submit(&mut self, lease: &str) -> Result<()> {
        let path = format!("/api/v1/leases/{lease}/submit");
        let request = Request::post(&path, r#"{"answers":{"intent":"card"}}"#).bearer(self.token);
        self.client.send(&request).await?.expect(201)?;
        Ok(())
    }

    pub async fn pair(&mut self) -> Result<()> {
        for lease in self.claim(1).await? {
            self.submit(&lease).await?;
        }
        Ok(())
    }

    /// Times of claims, one after the other, each followed by its answer.
    pub async fn time_claims(&mut self, count: usize) -> Result<Times> {
        let mut times = Times::default();
        for _ in 0..count {
            let started = Instant::now();
            let leases = self.claim(1).await?;
            times.add(started.elapsed());
            for lease in leases {
                self.submit(&lease).await?;
            }
        }
        Ok(times)
    }
}

/// Ends a loop from outside.
#[derive(Debug, Default)]
pub(super) struct Stop(Cell<bool>);

impl Stop {
    pub fn now(&self) {
        self.0.set(true);
    }

    pub fn is_asked(&self) -> bool {
        self.0.get()
    }
}
