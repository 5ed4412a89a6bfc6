//! The label store: exports, a cut, differences and the check of a project with many labels.

mod bare;
mod place;

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};

use super::{
    report::{Figure, Limit},
    size::Size,
};
use crate::{
    client::{Client, Download, Request},
    people::PROJECT,
    place::Kind,
    stats::Times,
};
use place::Store;

/// Seconds and megabytes at a million labels.
const JSONL_TIME: f64 = 10.0;
const JSONL_MEMORY: f64 = 50.0;
const PARQUET_TIME: f64 = 15.0;
const PARQUET_MEMORY: f64 = 200.0;
const VERIFY_TIME: f64 = 30.0;
/// Milliseconds to the first byte.
const FIRST_BYTE: f64 = 200.0;
/// Seconds to cut what was decided.
const CUT_TIME: f64 = 1.0;

pub(super) async fn measure(
    relabel: &Path,
    kind: &Kind,
    data: Option<&Path>,
    size: Size,
) -> Result<Vec<Figure>> {
    let (few, many, changes) = (size.few_labels(), size.samples(), size.changes());
    let share = many as f64 / 1_000_000.0;
    let small = Store::fill(relabel, kind, data, few).await?;
    small.decide(changes).await?;
    small.cut().await?;
    let few_time = differences(&small, size).await?.median();
    small.close().await?;

    let mut store = Store::fill(relabel, kind, data, many).await?;
    let mut figures = Vec::new();
    for (format, time, memory) in
        [("jsonl", JSONL_TIME, JSONL_MEMORY), ("parquet", PARQUET_TIME, PARQUET_MEMORY)]
    {
        let exported = export(&mut store, format).await?;
        let name = format!("export {many} labels as {format}");
        let mut figure =
            Figure::new(&name, exported.time.as_secs_f64(), "s").goal(Limit::Below(time * share));
        if matches!(kind, Kind::Sqlite) && format == "jsonl" {
            let bare = bare::export(&store.file()).await?;
            figure = figure.against("bare SELECT to a socket", bare.as_secs_f64(), Limit::Below(4.0));
        }
        figures.push(figure);
        let rate = exported.download.bytes as f64 / 1e6 / exported.time.as_secs_f64();
        figures.push(Figure::new(format!("bytes of that {format}"), rate, "MB/s"));
        let first = exported.download.first.as_secs_f64() * 1e3;
        let mut first = Figure::new(format!("first byte of that {format}"), first, "ms");
        if format == "jsonl" {
            first = first.goal(Limit::Below(FIRST_BYTE));
        }
        figures.push(first);
        let grown = Figure::new(format!("memory that {format} adds"), exported.memory, "MB");
        figures.push(grown.goal(Limit::Below(memory)));
    }
    store.decide(changes).await?;
    let cut = store.cut().await?;
    let name = format!("cut {changes} changes on {many} labels");
    figures.push(Figure::new(name, cut.as_secs_f64(), "s").goal(Limit::Below(CUT_TIME)));
    let many_time = differences(&store, size).await?.median();
    let name = format!("differences of {changes} changes at {many} labels, median");
    let at_few = Limit::Below(1.3);
    figures.push(Figure::new(name, many_time, "ms").against("fewer labels", few_time, at_few));
    let started = Instant::now();
    store.place.run(&["verify"], "").await?;
    let name = format!("verify {many} labels");
    let verify = started.elapsed().as_secs_f64();
    figures.push(Figure::new(name, verify, "s").goal(Limit::Below(VERIFY_TIME * share)));
    store.close().await?;
    Ok(figures)
}

struct Exported {
    time: Duration,
    download: Download,
    memory: f64,
}

/// On a server that was just started and has answered one request.
async fn export(store: &mut Store, format: &str) -> Result<Exported> {
    store.restart().await?;
    let mut client = store.client()?;
    let get = |path: String| Request::get(&path).bearer(&store.manager.token);
    client.send(&get(format!("/api/v1/projects/{PROJECT}/versions"))).await?.expect(200)?;
    let before = store.server()?.memory()?.now;
    let started = Instant::now();
    let path = format!("/api/v1/projects/{PROJECT}/export?version=1&format={format}");
    let download = client.download(&get(path)).await?;
    let time = started.elapsed();
    ensure!(download.status == 200, "{} instead of 200", download.status);
    Ok(Exported { time, download, memory: store.server()?.memory()?.highest - before })
}

/// The sums of what the last cut changed, and the first page of it.
async fn differences(store: &Store, size: Size) -> Result<Times> {
    let mut client: Client = store.client()?;
    let mut times = Times::default();
    for _ in 0..size.repetitions() / 10 {
        let started = Instant::now();
        for path in ["diff/summary", "diff"] {
            let path = format!("/api/v1/projects/{PROJECT}/versions/2/{path}?against=1");
            client.send(&Request::get(&path).bearer(&store.manager.token)).await?.expect(200)?;
        }
        times.add(started.elapsed());
    }
    Ok(times)
}
