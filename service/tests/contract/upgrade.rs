//! A database of an earlier release is copied before it is brought up to date. SQLite alone: PostgreSQL has tools of its
//! own.

use crate::support::Outcome;
use migrations::{Migrator, MigratorTrait};
use sea_orm::{Database, DatabaseConnection};
use service::{
    Options, Services,
    backup::{self, Existing},
};
use std::{fs, path::Path};
use tempfile::TempDir;

async fn opened(file: &Path) -> Result<DatabaseConnection, sea_orm::DbErr> {
    Database::connect(format!("sqlite://{}?mode=rwc", file.display())).await
}

/// A data folder as a release left it that knew only the first `known` migrations and no later one.
async fn left_by(known: usize) -> Result<TempDir, Box<dyn std::error::Error>> {
    let folder = TempDir::new()?;
    let conn = opened(&folder.path().join("relabel.db")).await?;
    Migrator::up(&conn, Some(u32::try_from(known)?)).await?;
    conn.close().await?;
    Ok(folder)
}

fn copies(folder: &Path) -> std::io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.contains(".before-") || name.contains(".part-") {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

fn last() -> String {
    Migrator::migrations().last().map(|migration| migration.name().to_owned()).unwrap_or_default()
}

#[tokio::test]
async fn an_upgrade_leaves_a_copy_of_what_was_there_and_the_next_start_none() -> Outcome {
    let known = Migrator::migrations().len() - 1;
    let folder = left_by(known).await?;
    let options = Options::in_folder(folder.path());
    Services::open(&options).await?;
    let copy = format!("relabel.db.before-{}", last());
    assert_eq!(copies(folder.path())?, [copy.as_str()]);
    Services::open(&options).await?;
    assert_eq!(copies(folder.path())?, [copy.as_str()]);
    // The copy is what was there, and can be restored.
    let copy = folder.path().join(copy);
    backup::restore(&Options::in_folder(folder.path().join("other")), &copy, Existing::Refuse).await?;
    let old = opened(&folder.path().join("other/relabel.db")).await?;
    let applied = Migrator::get_applied_migrations(&old).await?;
    assert_eq!(applied.len(), known);
    Ok(())
}

#[tokio::test]
async fn a_new_database_is_not_copied() -> Outcome {
    let folder = TempDir::new()?;
    Services::open(&Options::in_folder(folder.path())).await?;
    assert!(copies(folder.path())?.is_empty());
    Ok(())
}

#[tokio::test]
async fn the_three_newest_copies_stay() -> Outcome {
    let folder = left_by(Migrator::migrations().len() - 1).await?;
    for (age, name) in [(40, "m1"), (30, "m2"), (20, "m3"), (10, "m4")] {
        let file = fs::File::create(folder.path().join(format!("relabel.db.before-{name}")))?;
        file.set_modified(std::time::SystemTime::now() - std::time::Duration::from_secs(age))?;
    }
    Services::open(&Options::in_folder(folder.path())).await?;
    let newest = format!("relabel.db.before-{}", last());
    let mut expected = ["relabel.db.before-m3", "relabel.db.before-m4", newest.as_str()];
    expected.sort_unstable();
    assert_eq!(copies(folder.path())?, expected);
    Ok(())
}

#[tokio::test]
async fn a_copy_that_cannot_be_made_leaves_the_database_as_it_was() -> Outcome {
    let known = Migrator::migrations().len() - 1;
    let folder = left_by(known).await?;
    // Its name is taken by a folder.
    fs::create_dir_all(folder.path().join(format!("relabel.db.before-{}", last())).join("full"))?;
    assert!(Services::open(&Options::in_folder(folder.path())).await.is_err());
    let conn = opened(&folder.path().join("relabel.db")).await?;
    assert_eq!(Migrator::get_applied_migrations(&conn).await?.len(), known);
    assert_eq!(copies(folder.path())?.len(), 1);
    Ok(())
}
