//! A project whose samples all have an imported label, and what changes some of them.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use futures::future::try_join_all;
use serde::Deserialize;
use serde_json::json;

use super::super::lab::Annotator;
use crate::{
    client::{Client, Request},
    people::{self, PROJECT, Person, Policy},
    place::{Kind, Place},
    samples,
    server::Server,
};

const ANNOTATORS: usize = 10;
const MOST_CLAIMED: usize = 50;
/// As many as a request may decide.
const MOST_DECIDED: usize = 500;

pub(super) struct Store {
    pub place: Place,
    server: Option<Server>,
    pub manager: Person,
    annotators: Vec<Person>,
}

#[derive(Deserialize)]
struct Task {
    task: i64,
    rev: i32,
}

#[derive(Deserialize)]
struct Tasks {
    items: Vec<Task>,
}

impl Store {
    /// Version 1 has so many labels.
    pub async fn fill(relabel: &Path, kind: &Kind, data: Option<&Path>, labels: usize) -> Result<Self> {
        let place = Place::make(relabel, kind, data).await?;
        let policy = Policy { overlap: 1, lease_seconds: 900, audit_rate: 0.0, require: "all" };
        people::make_project(&place, PROJECT, &policy).await?;
        let manager = people::make_one(&place, "manager").await?;
        let names = (0..ANNOTATORS).map(|n| format!("a{n}")).collect();
        let annotators = people::make(&place, &[PROJECT], "annotator", names).await?;
        let server = place.serve(0).await?;
        let file = place.file("labels.ndjson");
        samples::write_labelled(&file, labels)?;
        let path = format!("/api/v1/projects/{PROJECT}/samples");
        let request = Request::post_as(&path, "application/x-ndjson", "").bearer(&manager.token);
        Client::new(server.addr).upload(&request, &file).await?.expect(200)?;
        std::fs::remove_file(&file)?;
        Ok(Self { place, server: Some(server), manager, annotators })
    }

    pub fn server(&self) -> Result<&Server> {
        self.server.as_ref().context("the server was not started again")
    }

    pub fn client(&self) -> Result<Client> {
        Ok(Client::new(self.server()?.addr))
    }

    /// The database, where it is SQLite.
    pub fn file(&self) -> PathBuf {
        self.place.data().join("relabel.db")
    }

    pub async fn restart(&mut self) -> Result<()> {
        if let Some(server) = self.server.take() {
            server.stop().await?;
        }
        self.server = Some(self.place.serve(0).await?);
        Ok(())
    }

    /// Challenges the first samples, and lets other labels be given and approved.
    pub async fn decide(&self, count: usize) -> Result<()> {
        let mut client = self.client()?;
        let mut post = async |path: &str, body: String| {
            let path = format!("/api/v1/projects/{PROJECT}/{path}");
            let request = Request::post(&path, body).bearer(&self.manager.token);
            anyhow::Ok(client.send(&request).await?.expect(200)?)
        };
        let ids: Vec<String> = (0..count).map(samples::id).collect();
        for ids in ids.chunks(MOST_DECIDED) {
            post("challenges", json!({"ids": ids}).to_string()).await?;
        }
        let each = count.div_ceil(ANNOTATORS);
        try_join_all(self.annotators.iter().map(|person| self.answer(person, each))).await?;
        for _ in 0..count.div_ceil(MOST_DECIDED) {
            let path = format!("/api/v1/projects/{PROJECT}/review?limit={MOST_DECIDED}");
            let request = Request::get(&path).bearer(&self.manager.token);
            let tasks: Tasks = self.client()?.send(&request).await?.expect(200)?.json()?;
            ensure!(!tasks.items.is_empty(), "nothing is in review");
            let mut decisions = String::from(r#"{"decisions":["#);
            for (index, Task { task, rev }) in tasks.items.iter().enumerate() {
                let comma = if index > 0 { "," } else { "" };
                write!(decisions, r#"{comma}{{"task":{task},"rev":{rev},"decision":"approve"}}"#)?;
            }
            decisions.push_str("]}");
            post("decisions", decisions).await?;
        }
        Ok(())
    }

    async fn answer(&self, person: &Person, count: usize) -> Result<()> {
        let mut annotator = Annotator::new(self.client()?, person, PROJECT);
        for _ in 0..count / MOST_CLAIMED {
            for lease in annotator.claim(MOST_CLAIMED).await? {
                annotator.submit(&lease).await?;
            }
        }
        Ok(())
    }

    /// Cuts what was decided; how long that took.
    pub async fn cut(&self) -> Result<Duration> {
        let path = format!("/api/v1/projects/{PROJECT}/versions");
        let request = Request::post(&path, r#"{"message":"A cut"}"#).bearer(&self.manager.token);
        let started = Instant::now();
        self.client()?.send(&request).await?.expect(201)?;
        Ok(started.elapsed())
    }

    pub async fn close(mut self) -> Result<()> {
        if let Some(server) = self.server.take() {
            server.stop().await?;
        }
        self.place.remove().await
    }
}
