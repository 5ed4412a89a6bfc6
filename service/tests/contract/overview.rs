//! The numbers of a project's home page, and the forecast of its queue. What they count is written with SQL, so
//! that these tests do not depend on how the queue works.

use crate::support::{
    Outcome, World, code, on_each_database,
    samples::{labelled, sample},
};
use domain::{
    access::Role,
    decision::DecisionKind,
    estimate::Tally,
    problem::Code,
    view::project::{OverviewAlpha, ProjectPatch},
};
use serde_json::json;
use service::Actor;

/// Samples `1`, `2`, … of the only project, the greater the later in the audit order.
async fn samples(world: &World, count: i64) -> Outcome {
    for n in 1..=count {
        let statements = [
            format!(
                "INSERT INTO samples (id, project_id, key, audit_rank, created_at)
                 SELECT {n}, id, 's{n}', 0.{n}, 0 FROM projects"
            ),
            format!(
                "INSERT INTO contents (id, sample_id, revision, hash, created_at) VALUES ({n}, {n}, 1, 'h', 0)"
            ),
        ];
        for statement in statements {
            world.execute(&statement).await?;
        }
    }
    Ok(())
}

/// A task of sample `n`, with the same number, in the audit slice.
async fn task(world: &World, n: i64, state: &str, disagreement: f64) -> Outcome {
    let statement = format!(
        "INSERT INTO tasks (id, project_id, sample_id, sample_key, content_id, state, rev, reason_kind,
                            reason_score, reason_detail, priority, audit_rank, slots, disagreement, created_at,
                            updated_at)
         SELECT {n}, project_id, id, key, id, '{state}', 0, 'audit', 0, '{{}}', 0, audit_rank, 2, {disagreement},
                0, 0 FROM samples WHERE id = {n}"
    );
    Ok(world.execute(&statement).await?)
}

/// A counted answer of an annotator to task `task`.
async fn answer(world: &World, id: i64, task: i64, annotator: i64, value: &str) -> Outcome {
    let statements = [
        format!(
            "INSERT INTO annotations (id, project_id, task_id, sample_id, annotator_id, content_id, verdict,
                                      answers, schema_revision, guideline_revision, created_at)
             SELECT {id}, project_id, id, sample_id, {annotator}, content_id, 'answered',
                    '{{\"intent\":\"{value}\"}}', 1, 1, 0 FROM tasks WHERE id = {task}"
        ),
        format!(
            "INSERT INTO slots (task_id, slot, annotator_id, lease, claimed_at, expires_at, annotation_id)
             VALUES ({task}, {annotator}, {annotator}, 'l{id}', 0, 0, {id})"
        ),
    ];
    for statement in statements {
        world.execute(&statement).await?;
    }
    Ok(())
}

/// A staged approval of task `n`, whose sample had the label `previous`.
async fn approval(world: &World, n: i64, previous: &str, label: &str) -> Outcome {
    let provenance = json!({
        "source": "cut", "decided_by": "reviewer", "annotations": 2, "agreement": null, "posterior": null,
        "reason": "audit", "models": [], "schema_revision": 1, "guideline_revision": 1,
        "previous": {"intent": previous},
    });
    let statements = [
        format!(
            "INSERT INTO decisions (id, project_id, task_id, sample_id, kind, own_annotation, schema_revision,
                                    guideline_revision, created_at)
             SELECT {n}, project_id, id, sample_id, 'approve', 1 = 0, 1, 1, 0 FROM tasks WHERE id = {n}"
        ),
        format!(
            "INSERT INTO labels (project_id, sample_id, sample_key, label, content_id, content_hash, provenance,
                                 row_hash, decision_id, created_at)
             SELECT project_id, sample_id, sample_key, '{{\"intent\":\"{label}\"}}', content_id, 'h',
                    '{provenance}', 'r', {n}, 0 FROM tasks WHERE id = {n}"
        ),
    ];
    for statement in statements {
        world.execute(&statement).await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_overview_counts_the_loop() -> Outcome {
    on_each_database(async |world| {
        let slug = world.project_with("p", json!({"queue": {"audit_rate": 1.0}})).await?;
        let ann = world.member(&slug, "ann", Role::Annotator).await?;
        let reviewer = world.member(&slug, "rev", Role::Reviewer).await?;
        samples(world, 5).await?;
        world
            .execute(
                "INSERT INTO annotators (id, project_id, user_id, created_at)
                 SELECT u.id, p.id, u.id, 0 FROM users u, projects p",
            )
            .await?;
        world.execute("UPDATE users SET simulated = (1 = 1) WHERE name = 'rev'").await?;
        let states = ["approved", "approved", "in_review", "approved", "open"];
        for (n, state) in (1..).zip(states) {
            task(world, n, state, if state == "in_review" { 2.0 } else { 0.0 }).await?;
        }
        for (n, values) in [(1, ["a", "a"]), (2, ["b", "b"]), (3, ["a", "b"]), (4, ["b", "b"])] {
            answer(world, n * 10, n, 1, values[0]).await?;
            answer(world, n * 10 + 1, n, 2, values[1]).await?;
        }
        approval(world, 1, "b", "a").await?;
        approval(world, 2, "b", "b").await?;
        approval(world, 4, "b", "b").await?;

        let projects = world.services.projects();
        let seen = projects.overview(&reviewer, &slug).await?;
        assert_eq!((seen.samples, seen.open, seen.in_review, seen.conflicts), (5, 1, 1, 1));
        assert_eq!((seen.staged, seen.version, seen.labels), (3, None, 0));
        assert_eq!((seen.annotations, seen.simulated_annotations), (8, 4));
        assert_eq!((seen.annotators, seen.reviewers), (1, 1));
        // Coincidences aa 2, bb 4, ab 1, ba 1 of n = 8: alpha = 1 - 7 (2 / 8) / (2 · 3 · 5 / 8).
        let OverviewAlpha::Value(alpha) = seen.alpha else { return Err("alpha is defined".into()) };
        assert!((alpha - 8.0 / 15.0).abs() < 1e-12, "{alpha}");
        // The third of the audit order is undecided, so the fourth does not count yet.
        assert_eq!(seen.audits[0].labels, Tally { errors: 1, of: 2 });

        let blind = projects.overview(&ann, &slug).await?;
        assert_eq!((blind.samples, blind.alpha, blind.audits), (5, OverviewAlpha::None, Vec::new()));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_audit_counts_stored_labels_in_the_slice_whatever_opened_their_task() -> Outcome {
    on_each_database(async |world| {
        let (slug, people) = world.deciding(json!({"audit_rate": 1.0})).await?;
        let given = [labelled("s1", "a"), labelled("s2", "a"), labelled("s3", "a"), sample("s4")];
        world.import(&slug, &given).await?;
        let estimate = async || -> Result<(i64, i64), service::Error> {
            let seen = world.services.projects().overview(&people.reviewer, &slug).await?;
            Ok((seen.audits[0].labels.of, seen.audits[0].labels.errors))
        };
        let ranked = world.texts("SELECT key FROM samples WHERE key <> 's4' ORDER BY audit_rank").await?;
        let outcomes =
            [("b", DecisionKind::Approve), ("b", DecisionKind::Dismiss), ("a", DecisionKind::Approve)];
        for (key, (answer, decision)) in ranked.iter().rev().zip(outcomes) {
            let task = world.answer(&slug, &people, key, answer).await?;
            world.review(&people, task, decision).await?;
        }
        let task = world.answer(&slug, &people, "s4", "b").await?;
        world.review(&people, task, DecisionKind::Approve).await?;
        // One label was wrong, one was upheld and one left; the sample without a label tells nothing of labels.
        assert_eq!(estimate().await?, (3, 1));
        // A smaller slice holds fewer of them.
        let half =
            world.number("SELECT COUNT(*) FROM samples WHERE audit_rank < 0.5 AND key <> 's4'").await?;
        let settings = Some(json!({"queue": {"audit_rate": 0.5}}));
        let patch = ProjectPatch { rev: 1, settings, ..ProjectPatch::default() };
        world.services.projects().update(&Actor::Operator, &slug, patch).await?;
        assert_eq!(estimate().await?.0, half);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_empty_project_has_an_overview_and_a_forecast() -> Outcome {
    on_each_database(async |world| {
        let slug = world.project("p").await?;
        let seen = world.services.projects().overview(&Actor::Operator, &slug).await?;
        assert_eq!((seen.samples, seen.alpha, seen.version), (0, OverviewAlpha::None, None));
        let forecast = world.services.projects().forecast(&Actor::Operator, &slug).await?;
        assert_eq!((forecast.samples, forecast.by_threshold.len()), (0, 21));
        assert_eq!(forecast.by_threshold[7], (0.35, 0));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_forecast_counts_what_each_threshold_would_queue() -> Outcome {
    on_each_database(async |world| {
        let slug = world.project_with("p", json!({"queue": {"audit_rate": 0.25}})).await?;
        samples(world, 4).await?;
        world
            .execute("INSERT INTO models (project_id, name, first_seen_at) SELECT id, 'm', 0 FROM projects")
            .await?;
        // Uncertainty 0.5, 1 and 0; the fourth sample has neither prediction nor label.
        for (n, probs) in [(1, (0.75, 0.25)), (2, (0.5, 0.5)), (3, (1.0, 0.0))] {
            let probs = json!({"a": probs.0, "b": probs.1, "c": 0.0});
            world
                .execute(&format!(
                    "INSERT INTO predictions (sample_id, question, model, probs, received_at)
                     VALUES ({n}, 'intent', 'm', '{probs}', 0)"
                ))
                .await?;
        }
        let projects = world.services.projects();
        let forecast = projects.forecast(&Actor::Operator, &slug).await?;
        assert_eq!((forecast.samples, forecast.audit), (4, 2));
        let at = |step: usize| forecast.by_threshold[step];
        assert_eq!(
            [at(0), at(1), at(10), at(11), at(20)],
            [(0.0, 4), (0.05, 3), (0.5, 3), (0.55, 2), (1.0, 2)]
        );

        // Decided under the current guideline, an uncertain prediction no longer counts.
        task(world, 2, "approved", 0.0).await?;
        approval(world, 2, "a", "a").await?;
        let forecast = projects.forecast(&Actor::Operator, &slug).await?;
        assert_eq!(forecast.by_threshold[20], (1.0, 1));
        let reviewer = world.member(&slug, "rev", Role::Reviewer).await?;
        assert_eq!(code(projects.forecast(&reviewer, &slug).await), Code::Forbidden);
        let patch = ProjectPatch { rev: 1, guideline: Some("new".to_owned()), ..ProjectPatch::default() };
        projects.update(&Actor::Operator, &slug, patch).await?;
        // The decision is under an older guideline, but the prediction is not newer than it.
        let forecast = projects.forecast(&Actor::Operator, &slug).await?;
        assert_eq!(forecast.by_threshold[20], (1.0, 1));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn another_threshold_opens_and_closes_tasks() -> Outcome {
    on_each_database(async |world| {
        let slug = world.project("p").await?;
        samples(world, 2).await?;
        world.execute("UPDATE samples SET content_id = id").await?;
        world
            .execute("INSERT INTO models (project_id, name, first_seen_at) SELECT id, 'm', 0 FROM projects")
            .await?;
        for (n, first) in [(1, 0.9), (2, 0.6)] {
            let probs = json!({"a": first, "b": 1.0 - first, "c": 0.0});
            world
                .execute(&format!(
                    "INSERT INTO predictions (sample_id, question, model, probs, received_at)
                     VALUES ({n}, 'intent', 'm', '{probs}', 0)"
                ))
                .await?;
        }
        let projects = world.services.projects();
        let waiting = "SELECT sample_key FROM tasks WHERE state = 'open' ORDER BY sample_key";
        for (rev, threshold, expected) in [(1, 0.1, &["s1", "s2"][..]), (2, 0.7, &["s2"]), (3, 0.9, &[])] {
            let settings = Some(json!({"queue": {"threshold": threshold}}));
            let patch = ProjectPatch { rev, settings, ..ProjectPatch::default() };
            projects.update(&Actor::Operator, &slug, patch).await?;
            assert_eq!(world.texts(waiting).await?, expected, "at {threshold}");
        }
        Ok(())
    })
    .await
}
