//! The stress test: many people at once on servers that are killed, then a reckoning against the database and the API.
//!
//! What is looked for: a task with more answers than places or two of one person, an acknowledged answer that is not
//! there, a refused one that is, a free task that is withheld, a task in a state that its answers do not justify.

mod check;
mod clients;
mod constraint;
mod desks;
mod drain;
mod killer;
mod record;
mod recorded;
mod rogue;
mod snapshot;

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use anyhow::Result;
use fastrand::Rng;

use self::{constraint::Constraint, killer::Servers, record::Record, snapshot::Snapshot};
use crate::{
    client::{Client, Request},
    people::{self, PROJECT, Person, Policy},
    place::{Kind, Place},
    samples,
};

/// The shortest lease that a project can have, so that many expire.
pub(crate) const LEASE: Duration = Duration::from_secs(5);
const PLACES: i64 = 3;
/// Few enough that people get into each other's way.
const FIRST_SAMPLES: usize = 300;
/// Several clients share a person, as with two open windows.
const CLIENTS_PER_PERSON: usize = 3;
const SERVERS_ON_POSTGRES: usize = 3;

#[derive(Debug, clap::Args)]
pub struct Options {
    /// The server's program
    #[arg(long, value_name = "FILE")]
    relabel: PathBuf,
    /// A PostgreSQL whose user may make databases; without it, SQLite
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    /// Makes the same decisions again; the servers' timing differs all the same
    #[arg(long)]
    seed: Option<u64>,
    /// How long the storm lasts; set-up and reckoning come on top
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    #[arg(long, default_value_t = 64)]
    clients: usize,
    /// Remove this UNIQUE constraint of `slots` first: the run must then fail
    #[arg(long, value_enum)]
    without: Option<Constraint>,
    /// Leave out the broken program that writes second answers past the servers
    #[arg(long)]
    no_rogue: bool,
}

/// The people of the storm: annotators first, then the reviewer and the manager.
pub(crate) struct Cast {
    pub annotators: Vec<Person>,
    pub reviewer: Person,
    pub manager: Person,
}

impl Cast {
    pub fn everybody(&self) -> Vec<Person> {
        self.annotators.iter().chain([&self.reviewer, &self.manager]).cloned().collect()
    }
}

/// Whether everything held.
pub async fn run(options: Options) -> Result<bool> {
    let seed = options.seed.unwrap_or_else(|| fastrand::u64(..));
    let kind = options.postgres.clone().map_or(Kind::Sqlite, Kind::Postgres);
    println!("stress on {}: --seed {seed}", kind.name());
    let place = Place::make(&options.relabel, &kind, None).await?;
    let faults = storm_and_reckoning(&options, seed, &kind, &place).await;
    place.remove().await?;
    let mut faults = faults?;
    faults.sort();
    faults.dedup();
    const MOST_SHOWN: usize = 30;
    for fault in faults.iter().take(MOST_SHOWN) {
        println!("violated: {fault}");
    }
    match faults.len() {
        0 => println!("everything held (seed {seed})"),
        count => println!("{count} violations (seed {seed})"),
    }
    Ok(faults.is_empty())
}

async fn storm_and_reckoning(
    options: &Options,
    seed: u64,
    kind: &Kind,
    place: &Place,
) -> Result<Vec<String>> {
    let mut rng = Rng::with_seed(seed);
    let cast = set_up(place, options.clients).await?;
    let database = place.database().await?;
    if let Some(constraint) = options.without {
        constraint.remove(&database).await?;
        println!("removed {}", constraint.shown());
    }
    let count = if matches!(kind, Kind::Postgres(_)) { SERVERS_ON_POSTGRES } else { 1 };
    let mut servers = Servers::start(place, count).await?;
    let mut client = Client::new(servers.addresses.any(&mut rng));
    samples::write(&place.file("first.ndjson"), 0, FIRST_SAMPLES)?;
    let import = Request::post_as(&format!("/api/v1/projects/{PROJECT}/samples"), "application/x-ndjson", "");
    client.upload(&import.bearer(&cast.manager.token), &place.file("first.ndjson")).await?.expect(200)?;

    let until = Instant::now() + Duration::from_secs(options.seconds);
    let addresses = servers.addresses.clone();
    let storm = clients::all(&cast, &addresses, options.clients, seed, until);
    let desks = desks::both(&cast, &addresses, FIRST_SAMPLES, seed, until);
    let rogue = async {
        if options.no_rogue { Ok(rogue::Tally::default()) } else { rogue::run(&database, seed, until).await }
    };
    let killing = servers.kill_until(place, until, &mut rng);
    let (clients, (reviewed, imports), rogue, kills) = tokio::join!(storm, desks, rogue, killing);
    let (kills, rogue) = (kills?, rogue?);
    let mut record = Record::default();
    record.extend(clients);
    record.extend(imports);

    println!("{}, {reviewed} decisions, {kills} kills; a broken program: {rogue}", record.summary());
    let mut faults = std::mem::take(&mut record.faults);
    servers.settle(place).await?;
    drain::wait_for_leases(&database).await?;
    let snapshot = Snapshot::read(&database).await?;
    faults.extend(check::faults(&snapshot));
    faults.extend(recorded::faults(&record, &cast.annotators, &snapshot));
    faults.extend(recorded::faults_of_api(&record, &cast.annotators, servers.addresses.any(&mut rng)).await?);
    // What is wrong already would only be told again, in other words.
    if faults.is_empty() {
        let drained = drain::run(&database, &cast.everybody(), &servers.addresses, &mut rng).await?;
        println!("then {} waiting places were answered", drained.answered);
        faults.extend(drained.faults);
        let last = Snapshot::read(&database).await?;
        faults.extend(check::faults(&last));
        faults.extend(check::open_tasks(&last));
        faults.extend(recorded::faults(&record, &cast.annotators, &last));
    }
    servers.stop().await?;
    database.close().await;
    Ok(faults)
}

async fn set_up(place: &Place, clients: usize) -> Result<Cast> {
    let policy = Policy {
        overlap: PLACES,
        lease_seconds: LEASE.as_secs() as i64,
        audit_rate: 0.1,
        require: "conflicts",
    };
    people::make_project(place, PROJECT, &policy).await?;
    let count = clients.div_ceil(CLIENTS_PER_PERSON).max(PLACES as usize + 1);
    let names = (0..count).map(|n| format!("a{n}")).collect();
    let annotators = people::make(place, &[PROJECT], "annotator", names).await?;
    let reviewer = people::make_one(place, "reviewer").await?;
    let manager = people::make_one(place, "manager").await?;
    Ok(Cast { annotators, reviewer, manager })
}
