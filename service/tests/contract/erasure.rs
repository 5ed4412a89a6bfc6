//! Erasing a sample: its content and what people wrote on it are gone from everywhere, and the label store still holds.

use super::{
    queue::{choose, claim},
    review::{Team, in_review, no_audit, team},
};
use crate::support::{
    Outcome, World, on_each_database,
    samples::{labelled, sample},
};
use domain::{
    decision::DecisionKind,
    view::{annotate::SubmitInput, review::DecisionInput, version::CutInput},
};
use futures::TryStreamExt;
use serde_json::json;
use service::{
    Actor,
    usecase::export::{ExportFilter, ExportFormat, ExportRequest, Include, Spreadsheet},
};

/// What is written on the sample, in its content and in every note.
const SECRET: &str = "geheimnis";

async fn exported(world: &World, team: &Team, format: ExportFormat) -> service::Result<Vec<u8>> {
    let request = ExportRequest {
        version: None,
        since: None,
        format,
        include: Include { provenance: true, predictions: false },
        filter: ExportFilter::default(),
        spreadsheet: Spreadsheet::Raw,
    };
    let plan = world.services.export().plan(&team.rev, &team.project, request).await?;
    let pieces: Vec<Vec<u8>> = world.services.export().stream(plan).try_collect().await?;
    Ok(pieces.concat())
}

/// Whether the bytes have the text, compressed or not.
fn has(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// Two samples in version 2, decided with notes; one of them holds the secret.
async fn decided(world: &World) -> Result<Team, Box<dyn std::error::Error>> {
    let team = team(world, no_audit()).await?;
    let mut secret = labelled("secret", "a");
    secret["fields"]["text"] = json!(format!("{SECRET} in the text"));
    secret["metadata"] = json!({"from": SECRET});
    world.import(&team.project, &[secret, sample("other")]).await?;
    let note = Some(format!("{SECRET} in a note"));
    let challenge = serde_json::from_value(json!({"ids": ["secret"], "note": note}))?;
    world.services.challenges().challenge(&team.rev, &team.project, challenge).await?;
    for actor in [&team.ann, &team.bea] {
        for item in claim(world, actor, &team.project, 50).await?.tasks {
            let answer = SubmitInput { note: note.clone(), ..choose("b") };
            world.services.annotations().submit(actor, &item.lease, answer).await?;
        }
    }
    for item in in_review(world, &team).await? {
        let decision = DecisionKind::Approve;
        let input = DecisionInput { rev: item.rev, decision, answers: None, note: note.clone() };
        world.services.review().decide(&team.rev, item.task, input).await?;
    }
    let cut = CutInput { message: "a cut".to_owned(), ..CutInput::default() };
    world.services.versions().cut(&team.rev, &team.project, cut).await?;
    Ok(team)
}

#[tokio::test]
async fn an_erased_sample_is_null_in_every_format_and_the_store_holds() -> Outcome {
    on_each_database(async |world| {
        let team = decided(world).await?;
        let before = world.services.verify().labels(&Actor::Operator, None).await?;
        assert!(has(&exported(world, &team, ExportFormat::Jsonl).await?, SECRET));
        world.services.samples().erase(&team.rev, &team.project, "secret").await?;
        for format in ExportFormat::ALL {
            let bytes = exported(world, &team, format).await?;
            assert!(!has(&bytes, SECRET), "{format:?}");
        }
        let lines = String::from_utf8(exported(world, &team, ExportFormat::Jsonl).await?)?;
        let line = lines.lines().find(|line| line.contains("\"secret\"")).ok_or("no line")?;
        assert!(line.contains("\"fields\":null") && line.contains("{\"intent\":\"b\"}"), "{line}");
        let table = String::from_utf8(exported(world, &team, ExportFormat::Csv).await?)?;
        assert!(table.contains("secret,,b,2"), "{table}");
        let after = world.services.verify().labels(&Actor::Operator, None).await?;
        assert!(after.holds(), "{after:?}");
        assert_eq!((before.projects[0].erased, after.projects[0].erased), (0, 1));
        assert_eq!(before.projects[0].digest, after.projects[0].digest);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn no_table_holds_what_was_erased_and_the_audit_log_says_who_erased_it() -> Outcome {
    on_each_database(async |world| {
        let team = decided(world).await?;
        let text = format!("{SECRET} in the text");
        let before = world.file().await?;
        assert!(before.is_none_or(|file| has(&file, &text)), "it was there");
        world.services.samples().erase(&team.rev, &team.project, "secret").await?;
        let after = world.file().await?;
        assert!(after.is_none_or(|file| !has(&file, &text)), "nor on the pages that nothing points to");
        // The note on the other sample stays.
        assert_eq!(world.number("SELECT COUNT(*) FROM annotations WHERE note IS NOT NULL").await?, 2);
        assert_eq!(world.number("SELECT COUNT(*) FROM decisions WHERE note IS NOT NULL").await?, 1);
        for (table, columns) in [
            ("contents", "COALESCE(fields, '') || COALESCE(metadata, '')"),
            ("signals", "detail"),
            ("import_rejects", "COALESCE(record, '')"),
            ("imports", "outcome"),
            ("idempotency_keys", "outcome"),
            ("audit", "subject || detail"),
            ("labels", "COALESCE(label, '') || provenance"),
        ] {
            let found = format!("SELECT COUNT(*) FROM {table} WHERE {columns} LIKE '%{SECRET}%'");
            assert_eq!(world.number(&found).await?, 0, "{table}");
        }
        assert_eq!(world.audited().await?.last().map(String::as_str), Some("erase_sample"));
        let by = "SELECT COUNT(*) FROM audit a JOIN users u ON u.id = a.user_id
                  WHERE a.action = 'erase_sample' AND u.email = 'rev@example.org'";
        assert_eq!(world.number(by).await?, 1);
        Ok(())
    })
    .await
}
