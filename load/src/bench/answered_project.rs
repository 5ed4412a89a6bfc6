//! What many answers tell, as pages show it: how long the first who asks waits, how long everybody else does, and whether
//! annotators notice that it is computed.

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use fastrand::Rng;
use serde::Deserialize;

use super::{
    lab::{self, Annotator, Stop},
    pages::sign_in,
    report::{Figure, Limit},
    size::Size,
};
use crate::{
    client::{Client, Request},
    people::{self, PROJECT, Person, Policy},
    place::{Kind, Place},
    samples,
    server::Server,
    stats::Times,
};

/// People who answered elsewhere, and how many of them answered each sample.
const PEOPLE: usize = 200;
const EACH: usize = 3;
/// How often somebody gives the right label.
const RIGHT: f64 = 0.85;
const LABELS: [&str; 3] = ["card", "loan", "other"];
/// Samples that nobody has answered yet.
const LEFT: usize = 5_000;
/// Milliseconds.
const PAGE: f64 = 50.0;

pub(super) async fn measure(
    relabel: &Path,
    kind: &Kind,
    data: Option<&Path>,
    size: Size,
) -> Result<Vec<Figure>> {
    let place = Place::make(relabel, kind, data).await?;
    let policy = Policy { overlap: 3, lease_seconds: 900, audit_rate: 0.0, require: "all" };
    people::make_project(&place, PROJECT, &policy).await?;
    let manager = people::make_one(&place, "manager").await?;
    let person = people::make_one(&place, "annotator").await?;
    let server = place.serve(0).await?;
    let answered = size.samples() / EACH;
    lab::import(&place, &server, &manager, PROJECT, 0, answered + LEFT).await?;
    let imported = import(&place, &server, &manager, answered).await?;
    let answers = answered * EACH;
    let name = format!("import {answers} answers");
    let mut figures = vec![Figure::new(name, imported.as_secs_f64(), "s")];

    let mut client = Client::new(server.addr);
    let cookie = sign_in(&mut client, &manager.email).await?;
    let page = format!("/projects/{PROJECT}/agreement");
    for (name, path) in
        [("agreement", "agreement"), ("annotators", "annotators"), ("ambiguous pairs", "ambiguous-pairs")]
    {
        let path = format!("/projects/{PROJECT}/{path}");
        let first = time(&mut client, &path, &cookie).await?;
        let name = format!("{name} page of {answers} answers");
        figures.push(Figure::new(format!("{name}, the first time"), first.as_secs_f64(), "s"));
        let mut times = Times::default();
        for _ in 0..size.repetitions() / 3 {
            times.add(time(&mut client, &path, &cookie).await?);
        }
        figures.push(Figure::new(format!("{name}, median"), times.median(), "ms").goal(Limit::Below(PAGE)));
        figures.push(Figure::new(format!("{name}, slowest"), times.percentile(1.0), "ms"));
    }

    let mut annotator = Annotator::new(Client::new(server.addr), &person, PROJECT);
    let quiet = submits(&mut annotator, Until::Count(size.repetitions())).await?;
    let stop = Stop::default();
    // Another choice of answers is another computation.
    let other = format!("{page}?reason=prediction_uncertain");
    let computing = async {
        let time = time(&mut client, &other, &cookie).await;
        stop.now();
        time
    };
    let (busy, computed) = tokio::join!(submits(&mut annotator, Until::Stopped(&stop)), computing);
    let (busy, computed) = (busy?, computed?);
    ensure!(busy.len() > 0, "it was computed before anybody answered");
    figures.push(Figure::new("submit while agreement is computed, median", busy.median(), "ms").against(
        "without",
        quiet.median(),
        Limit::Below(2.0),
    ));
    figures.push(Figure::new("submit while agreement is computed, p99", busy.p99(), "ms"));
    figures.push(Figure::new("agreement computed while people answer", computed.as_secs_f64(), "s"));
    server.stop().await?;
    place.remove().await?;
    Ok(figures)
}

async fn time(client: &mut Client, path: &str, cookie: &str) -> Result<Duration> {
    let started = Instant::now();
    client.send(&Request::get(path).header("cookie", cookie)).await?.expect(200)?;
    Ok(started.elapsed())
}

/// When somebody stops answering.
enum Until<'a> {
    Count(usize),
    Stopped(&'a Stop),
}

async fn submits(annotator: &mut Annotator<'_>, until: Until<'_>) -> Result<Times> {
    let mut times = Times::default();
    let is_over = |times: &Times| match until {
        Until::Count(count) => times.len() >= count,
        Until::Stopped(stop) => stop.is_asked() || times.len() >= LEFT / 2,
    };
    while !is_over(&times) {
        for lease in annotator.claim(1).await? {
            let started = Instant::now();
            annotator.submit(&lease).await?;
            times.add(started.elapsed());
        }
    }
    Ok(times)
}

/// Three people's answers to each of the first samples.
async fn import(place: &Place, server: &Server, manager: &Person, answered: usize) -> Result<Duration> {
    #[derive(Deserialize)]
    struct Imported {
        created: usize,
    }
    let file = place.file("answers.ndjson");
    let mut rng = Rng::with_seed(7);
    let mut out = BufWriter::new(File::create(&file)?);
    for n in 0..answered {
        let (right, first) = (rng.usize(..LABELS.len()), rng.usize(..PEOPLE));
        for person in 0..EACH {
            let label = if rng.f64() < RIGHT { right } else { rng.usize(..LABELS.len()) };
            let (id, person, label) = (samples::id(n), (first + person * 61) % PEOPLE, LABELS[label]);
            writeln!(out, r#"{{"id":"{id}","annotator":"p{person:03}","answers":{{"intent":"{label}"}}}}"#)?;
        }
    }
    out.flush()?;
    drop(out);
    let path = format!("/api/v1/projects/{PROJECT}/annotations");
    let request = Request::post_as(&path, "application/x-ndjson", "").bearer(&manager.token);
    let started = Instant::now();
    let answer = Client::new(server.addr).upload(&request, &file).await?;
    let time = started.elapsed();
    let imported: Imported = answer.expect(200)?.json()?;
    ensure!(imported.created == answered * EACH, "{} answers were made", imported.created);
    std::fs::remove_file(&file)?;
    Ok(time)
}
