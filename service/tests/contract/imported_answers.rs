//! Answers that people gave elsewhere: they count like those given here, and what becomes of the samples' tasks.

use super::support::{
    Outcome, World, code, on_each_database,
    people::email,
    samples::{labelled, predicted, sample},
    uploads::{STRICT, ndjson},
};
use domain::{
    access::Role,
    agreement::Statistic,
    answer::Verdict,
    decision::DecisionKind,
    id::ImportId,
    name::Slug,
    problem::Code,
    task::TaskState,
    view::{
        PageRequest,
        annotate::{ClaimInput, SubmitInput},
        review::DecisionInput,
        sample::{SampleDetail, SampleTask},
    },
};
use serde_json::{Value, json};
use service::{
    Actor, Result,
    format::Format,
    usecase::{
        agreement::AgreementFilter,
        intake::{AnnotationOptions, OnError, SampleOptions, foreign::Dialect},
    },
};

/// One person's answer.
pub fn answer(id: &str, annotator: &str, value: &str) -> Value {
    json!({"id": id, "annotator": annotator, "answers": {"intent": value}})
}

/// A project of which so many answers settle a task.
async fn project(world: &World, overlap: u16, require: &str) -> Result<Slug> {
    let review = json!({"require": require, "sample_rate": 0.0});
    let queue = json!({"audit_rate": 0.0, "overlap": overlap});
    world.project_with("p", json!({"queue": queue, "review": review})).await
}

async fn tasks(world: &World, project: &Slug, id: &str) -> Result<Vec<SampleTask>> {
    let sample: SampleDetail = world.services.samples().get(&Actor::Operator, project, id).await?;
    Ok(sample.tasks)
}

/// State of the sample's tasks, the oldest first, each with who said what.
async fn told(world: &World, project: &Slug, id: &str) -> Result<Vec<(TaskState, Vec<String>)>> {
    let mut tasks = tasks(world, project, id).await?;
    tasks.sort_by_key(|task| task.task);
    let said = |task: SampleTask| {
        let said = task.annotations.iter().map(|given| {
            let value = given.answers.choice("intent").unwrap_or(given.verdict.as_str());
            format!("{}: {value}", given.annotator)
        });
        (task.state, said.collect())
    };
    Ok(tasks.into_iter().map(said).collect())
}

fn value(statistic: &Statistic) -> f64 {
    statistic.value.unwrap_or(f64::NAN)
}

#[tokio::test]
async fn three_annotators_of_twenty_samples_count_exactly_in_agreement() -> Outcome {
    on_each_database(async |world| {
        let project = project(world, 3, "conflicts").await?;
        let id = |number: usize| format!("s{number:02}");
        let samples: Vec<Value> = (0..20).map(|number| sample(&id(number))).collect();
        world.send_samples(&project, &samples).await?;
        // Ten are unanimous, of five two agree, of five nobody agrees.
        let said = |number: usize| match number {
            0..10 => ["a", "a", "a"],
            10..15 => ["a", "a", "b"],
            _ => ["a", "b", "c"],
        };
        // One person after the other, as people's files are.
        let lines: Vec<Value> = (0..3)
            .flat_map(|person| (0..20).map(move |number| (person, number)))
            .map(|(person, number)| answer(&id(number), ["x", "y", "z"][person], said(number)[person]))
            .collect();
        let sent = world.send_answers(&project, &lines).await?;
        assert_eq!((sent.received, sent.created, sent.repeated, sent.rejected), (60, 60, 0, 0));
        assert_eq!((sent.tasks_opened, sent.tasks_settled), (0, 20));
        let agreement =
            world.services.agreement().get(&Actor::Operator, &project, AgreementFilter::default()).await?;
        let agreement = &agreement.report;
        assert_eq!((agreement.items, agreement.annotators, agreement.answers), (20, 3, 60));
        // Of each sample's three pairs: 10 * 3 + 5 * 1 of 60 agree.
        assert!((value(&agreement.percent_agreement.statistic) - 35.0 / 60.0).abs() < 1e-12, "{agreement:?}");
        // 45 a, 10 b and 5 c: by chance (45 * 44 + 10 * 9 + 5 * 4) / (60 * 59) of pairs agree.
        let alpha = 1.0 - (25.0 / 60.0) / (1.0 - 2090.0 / 3540.0);
        assert!((value(&agreement.krippendorff_alpha.statistic) - alpha).abs() < 1e-12, "{agreement:?}");
        let states = "SELECT state FROM tasks ORDER BY sample_key";
        let states = world.texts(states).await?;
        assert!(states[..10].iter().all(|state| state == "approved"), "as if they had answered here");
        assert!(states[10..].iter().all(|state| state == "in_review"));
        assert_eq!(world.number("SELECT COUNT(*) FROM labels WHERE from_version IS NULL").await?, 10);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn of_a_person_and_a_sample_the_first_answer_stays_and_the_others_are_told() -> Outcome {
    on_each_database(async |world| {
        let project = project(world, 2, "all").await?;
        // Somebody who could answer as well, so that tasks wait.
        world.member(&project, "ann", Role::Annotator).await?;
        world.send_samples(&project, &[sample("s1"), sample("s2")]).await?;
        let mut first = vec![answer("s1", "x", "a"), answer("s1", "x", "b"), answer("s2", "x", "a")];
        let sent = world.send_answers(&project, &first).await?;
        assert_eq!((sent.received, sent.created, sent.repeated, sent.rejected), (3, 2, 1, 0));
        let told_of: Vec<_> =
            sent.errors.iter().map(|fault| (fault.line, fault.pointer.as_deref(), fault.code)).collect();
        assert_eq!(told_of, [(Some(2), Some("/annotator"), Code::DuplicateId)]);
        first.push(answer("s2", "y", "c"));
        first[0]["answers"]["intent"] = json!("c");
        let again = world.send_answers(&project, &first).await?;
        assert_eq!((again.created, again.repeated, again.tasks_opened, again.tasks_settled), (1, 3, 0, 1));
        let request = PageRequest::default();
        let id = ImportId(again.import);
        let left_out =
            world.services.imports().rejected(&Actor::Operator, &project, id, request).await?.items;
        let left_out: Vec<_> = left_out.into_iter().map(|line| (line.line, line.record)).collect();
        let expected: Vec<_> = (1..=3).zip(first[..3].iter().cloned().map(Some)).collect();
        assert_eq!(left_out, expected);
        assert_eq!(told(world, &project, "s1").await?, [(TaskState::Open, vec!["x: a".to_owned()])]);
        let record = world.services.imports().get(&Actor::Operator, &project, id).await?;
        assert_eq!((record.kind.as_str(), record.created, record.answers), ("annotations", 1, 1));
        assert_eq!((record.unchanged, record.rejected), (3, 0));
        assert_eq!(record.progress(), (4, 4));
        let audited = world.audited().await?;
        assert_eq!(audited.iter().filter(|action| *action == "import_annotations").count(), 2);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn verdict_note_and_time_are_kept_and_a_table_brings_the_same() -> Outcome {
    on_each_database(async |world| {
        let project = project(world, 2, "all").await?;
        world.send_samples(&project, &[sample("s1"), sample("s2")]).await?;
        let at = "2026-01-31T23:59:59Z";
        let lines = [
            json!({"id": "s1", "annotator": "x", "verdict": "ambiguous", "note": "either", "created_at": at}),
            json!({"id": "s1", "annotator": "y", "answers": {"intent": "b"}, "note": "", "verdict": null}),
        ];
        world.send_answers(&project, &lines).await?;
        let table = format!(
            "id,annotator,intent,verdict,note,created_at\n\
             s2,x,,ambiguous,either,{at}\n\
             s2,y,b,,,\n"
        );
        let options = AnnotationOptions::default();
        world.send_answers_as(&project, Format::Csv, options, table).await?;
        for id in ["s1", "s2"] {
            let task = tasks(world, &project, id).await?.remove(0);
            assert_eq!(task.state, TaskState::InReview);
            let (x, y) = (&task.annotations[0], &task.annotations[1]);
            assert_eq!((x.verdict, x.note.as_deref()), (Verdict::Ambiguous, Some("either")));
            assert_eq!(x.created_at.to_string(), "2026-01-31T23:59:59.000Z");
            assert_eq!((y.verdict, y.note.clone(), y.created_at), (Verdict::Answered, None, world.now()));
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_member_s_address_is_that_person_and_what_they_hold_is_answered() -> Outcome {
    on_each_database(async |world| {
        let project = project(world, 2, "all").await?;
        let ann = world.member(&project, "ann", Role::Annotator).await?;
        let bea = world.member(&project, "bea", Role::Annotator).await?;
        world.send_samples(&project, &[sample("s1")]).await?;
        let queue = world.services.queue();
        let held = queue.claim(&ann, &project, ClaimInput { count: Some(1) }).await?.tasks.remove(0);
        let also_held = queue.claim(&bea, &project, ClaimInput { count: Some(1) }).await?.tasks.remove(0);
        let lines = [answer("s1", "Ann@Example.org", "a"), answer("s1", "worker 7", "a")];
        let sent = world.send_answers(&project, &lines).await?;
        assert_eq!((sent.created, sent.tasks_settled), (2, 0), "bea still holds hers");
        let input: SubmitInput = serde_json::from_value(json!({"answers": {"intent": "b"}}))?;
        let late = world.services.annotations().submit(&ann, &held.lease, input.clone()).await;
        assert_eq!(code(late), Code::LeaseLost);
        let own = world.services.annotations().own(&ann, &project, PageRequest::default()).await?;
        assert_eq!(own.items.len(), 1, "it is ann's own answer");
        let submitted = world.services.annotations().submit(&bea, &also_held.lease, input).await?;
        assert_eq!(submitted.task_state, TaskState::InReview);
        let said = ["ann@example.org: a", "worker 7: a", "bea@example.org: b"].map(str::to_owned);
        assert_eq!(told(world, &project, "s1").await?, [(TaskState::InReview, said.to_vec())]);
        assert_eq!(world.number("SELECT CAST(slots AS BIGINT) FROM tasks").await?, 3);
        assert_eq!(world.number("SELECT COUNT(*) FROM annotators WHERE name IS NOT NULL").await?, 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn who_gets_an_account_later_has_their_imported_answers() -> Outcome {
    on_each_database(async |world| {
        let project = project(world, 2, "all").await?;
        world.send_samples(&project, &[sample("s1"), sample("s2")]).await?;
        world.send_answers(&project, &[answer("s1", "ann@example.org", "a")]).await?;
        let ann = world.member(&project, "ann", Role::Annotator).await?;
        let claimed =
            world.services.queue().claim(&ann, &project, ClaimInput { count: Some(50) }).await?.tasks;
        let served: Vec<_> = claimed.iter().map(|item| item.sample.id.as_str()).collect();
        assert_eq!(served, ["s2"], "she has answered the other");
        let again = world.send_answers(&project, &[answer("s1", "ann@example.org", "b")]).await?;
        assert_eq!((again.created, again.repeated), (0, 1));
        assert_eq!(world.number("SELECT COUNT(*) FROM annotators").await?, 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_task_in_review_and_one_of_the_policy_take_more_answers_until_somebody_decides() -> Outcome {
    on_each_database(async |world| {
        let project = project(world, 2, "conflicts").await?;
        let rev = world.member(&project, "rev", Role::Reviewer).await?;
        world.send_samples(&project, &[sample("s1"), sample("s2")]).await?;
        let send = async |id: &str, annotator: &str, value: &str| {
            world.clock.advance_seconds(1);
            world.send_answers(&project, &[answer(id, annotator, value)]).await
        };
        for (annotator, value) in [("x", "a"), ("y", "a")] {
            send("s1", annotator, value).await?;
            send("s2", annotator, if annotator == "x" { "a" } else { "b" }).await?;
        }
        let review = world.services.review();
        let in_review = tasks(world, &project, "s2").await?.remove(0);
        assert_eq!(tasks(world, &project, "s1").await?[0].state, TaskState::Approved);
        assert_eq!(in_review.state, TaskState::InReview);
        let rev_before = review.item(&rev, in_review.task).await?.rev;

        let third = send("s2", "z", "b").await?;
        assert_eq!((third.created, third.tasks_opened, third.tasks_settled), (1, 0, 0));
        let input = |rev| DecisionInput { rev, decision: DecisionKind::Approve, answers: None, note: None };
        let stale = review.decide(&rev, in_review.task, input(rev_before)).await;
        assert_eq!(code(stale), Code::StaleRev, "what was looked at has changed");
        let said = ["x: a", "y: b", "z: b"].map(str::to_owned).to_vec();
        assert_eq!(told(world, &project, "s2").await?, [(TaskState::InReview, said)]);

        // The policy had approved a; now they differ.
        send("s1", "z", "b").await?;
        let said = ["x: a", "y: a", "z: b"].map(str::to_owned).to_vec();
        assert_eq!(told(world, &project, "s1").await?, [(TaskState::InReview, said.clone())]);
        let standing = world.services.versions().staged(&rev, &project, PageRequest::default()).await?;
        assert_eq!(standing.items.len(), 0, "its label is not staged any more");

        world.clock.advance_seconds(1);
        let item = review.item(&rev, tasks(world, &project, "s1").await?[0].task).await?;
        review.decide(&rev, item.task, input(item.rev)).await?;
        let after = send("s1", "late", "c").await?;
        assert_eq!((after.created, after.tasks_opened, after.tasks_settled), (1, 1, 0));
        let rounds = told(world, &project, "s1").await?;
        assert_eq!(rounds[0], (TaskState::Approved, said), "a person has decided that");
        assert_eq!(rounds[1], (TaskState::Open, vec!["late: c".to_owned()]));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_sample_without_a_task_gets_one_that_says_how_far_the_answers_disagree() -> Outcome {
    on_each_database(async |world| {
        let project = project(world, 2, "all").await?;
        let samples = [
            labelled("alike", "a"),
            labelled("differs", "a"),
            labelled("split", "a"),
            predicted("sure", 0.99),
        ];
        world.send_samples(&project, &samples).await?;
        assert_eq!(world.number("SELECT COUNT(*) FROM tasks").await?, 0);
        let lines: Vec<Value> =
            [("alike", ["a", "a"]), ("differs", ["b", "b"]), ("split", ["a", "b"]), ("sure", ["a", "a"])]
                .iter()
                .flat_map(|(id, said)| [answer(id, "x", said[0]), answer(id, "y", said[1])])
                .collect();
        let sent = world.send_answers(&project, &lines).await?;
        assert_eq!((sent.created, sent.tasks_opened, sent.tasks_settled), (8, 4, 4));
        for (id, score, alike) in
            [("alike", 0.0, true), ("differs", 1.0, true), ("split", 1.0, false), ("sure", 0.0, true)]
        {
            let task = tasks(world, &project, id).await?.remove(0);
            assert_eq!(task.state, TaskState::InReview, "{id}");
            assert_eq!((task.reason.kind.as_str(), task.reason.score), ("import_conflict", score), "{id}");
            assert_eq!(task.reason.detail.get("alike").is_some(), alike, "{id}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_erased_sample_takes_no_answers() -> Outcome {
    on_each_database(async |world| {
        let project = project(world, 2, "all").await?;
        world.send_samples(&project, &[sample("s1"), sample("s2")]).await?;
        world.services.samples().erase(&Actor::Operator, &project, "s1").await?;
        let lines = [answer("s1", "x", "a"), answer("s2", "x", "a")];
        let refused = world.send_answers(&project, &lines).await;
        assert_eq!(super::support::faults(refused), [("/id".to_owned(), Code::UnknownSample)]);
        let options = AnnotationOptions { on_error: OnError::Skip, ..AnnotationOptions::default() };
        let sent = world.send_answers_as(&project, Format::Ndjson, options, ndjson(&lines)).await?;
        assert_eq!((sent.created, sent.rejected), (1, 1));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn another_program_s_file_brings_every_answer_also_where_all_agree() -> Outcome {
    on_each_database(async |world| {
        let queue = json!({"audit_rate": 0.0, "overlap": 2});
        let project = world.project_with("p", json!({ "queue": queue })).await?;
        let result = |value: &str| {
            json!([{"type": "choices", "from_name": "intent", "to_name": "text", "value": {"choices": [value]}}])
        };
        let annotation = |name: &str, value: &str| json!({"completed_by": {"email": email(name).map(String::from).unwrap_or_default()}, "result": result(value)});
        let record = |id: i64, said: [&str; 2]| {
            json!({"id": id, "data": {"text": "x"}, "annotations": [
                annotation("ann", said[0]), annotation("bo", said[1])]})
        };
        let file = json!([record(1, ["a", "a"]), record(2, ["a", "b"])]).to_string();
        let dialect = Dialect::LabelStudio;
        let options = SampleOptions { dialect, ..STRICT };
        let sent = world.send(&project, Format::Json, options, &file).await?;
        assert_eq!((sent.created, sent.answers), (2, 2), "where they differ they are kept with the samples");
        let record = world.services.imports().get(&Actor::Operator, &project, ImportId(sent.import)).await?;
        assert_eq!(record.answers, 2);
        let options = AnnotationOptions { dialect, ..AnnotationOptions::default() };
        let sent = world.send_answers_as(&project, Format::Json, options, &file).await?;
        assert_eq!((sent.received, sent.created, sent.repeated), (2, 2, 2));
        let agreement =
            world.services.agreement().get(&Actor::Operator, &project, AgreementFilter::default()).await?;
        assert!((value(&agreement.report.percent_agreement.statistic) - 0.5).abs() < 1e-12);
        Ok(())
    })
    .await
}
