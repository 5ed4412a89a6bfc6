//! Marking samples as known, taking marks back, and what people's answers to them say.

use super::{
    known_answers::{mark, mark_first, project, submit},
    queue::{claim, ids},
};
use crate::support::{Outcome, code, faults, on_each_database, samples::sample};
use domain::{
    access::Role,
    answer::Verdict,
    problem::Code,
    view::{PageRequest, annotate::SubmitInput, known::KnownAnswersMarked},
};
use serde_json::json;
use service::Actor;

#[tokio::test]
async fn marking_is_refused_as_a_whole_with_the_place_of_each_fault() -> Outcome {
    on_each_database(async |world| {
        let (project, manager) = project(world, json!({}), (1, 2)).await?;
        let wrong = json!([
            {"id": "k1"}, {"id": "k1"}, {"id": "nobody"}, {"id": "q1"}, {"id": "k2", "answers": {"intent": "z"}}
        ]);
        let found = faults(mark(world, &manager, &project, wrong).await);
        let expected = [
            ("/samples/1/id", Code::DuplicateId),
            ("/samples/2/id", Code::UnknownSample),
            ("/samples/3/answers", Code::Missing),
            ("/samples/4/answers/intent", Code::UnknownOption),
        ];
        assert_eq!(found, expected.map(|(at, code)| (at.to_owned(), code)));
        assert_eq!(faults(mark(world, &manager, &project, json!([])).await), [("/samples".to_owned(), Code::Empty)]);
        let empty = mark(world, &manager, &project, json!([{"id": "k1", "answers": {}}])).await;
        assert_eq!(faults(empty), [("/samples/0/answers".to_owned(), Code::Empty)]);
        assert_eq!(world.number("SELECT COUNT(*) FROM known_answers").await?, 0);
        let reviewer = world.member(&project, "rev", Role::Reviewer).await?;
        assert_eq!(code(mark_first(world, &reviewer, &project, 1).await), Code::Forbidden);
        assert_eq!(code(world.services.known_answers().results(&reviewer, &project).await), Code::Forbidden);
        mark_first(world, &manager, &project, 1).await?;
        assert_eq!(mark_first(world, &manager, &project, 2).await?, KnownAnswersMarked { marked: 1, changed: 0, unchanged: 1 });
        assert_eq!(world.services.known_answers().count(&manager, &project).await?, 2);
        world.services.known_answers().retire(&manager, &project, "k1").await?;
        let again = world.services.known_answers().retire(&manager, &project, "k1").await;
        assert_eq!(code(again), Code::NotFound);
        let actions = world.texts("SELECT action FROM audit WHERE action LIKE '%known%' ORDER BY id").await?;
        assert_eq!(actions, ["mark_known_answers", "mark_known_answers", "retire_known_answer"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn results_follow_what_is_known_now() -> Outcome {
    on_each_database(async |world| {
        let settings = json!({"quality": {"known_answer_rate": 1.0}});
        let (project, manager) = project(world, settings, (1, 3)).await?;
        mark_first(world, &manager, &project, 3).await?;
        let ann = world.member(&project, "ann", Role::Annotator).await?;
        let mut items = claim(world, &ann, &project, 3).await?.tasks;
        items.sort_by(|one, other| one.sample.id.as_str().cmp(other.sample.id.as_str()));
        submit(world, &ann, &items[0], "a").await?;
        submit(world, &ann, &items[1], "b").await?;
        let verdict = SubmitInput { verdict: Some(Verdict::Ambiguous), ..SubmitInput::default() };
        world.services.annotations().submit(&ann, &items[2].lease, verdict).await?;
        let known = world.services.known_answers();
        let right = async || {
            let results = known.results(&manager, &project).await?;
            let one = results.first().ok_or("no results")?;
            assert_eq!((results.len(), one.annotator.as_str()), (1, "ann@example.org"));
            assert_eq!(one.questions["intent"], one.accuracy);
            std::result::Result::<_, Box<dyn std::error::Error>>::Ok((one.accuracy.right, one.accuracy.of))
        };
        assert_eq!(right().await?, (1, 3));
        // It was `b` that is right after all, and what was answered is judged anew.
        mark(world, &manager, &project, json!([{"id": "k2", "answers": {"intent": "b"}}])).await?;
        assert_eq!(right().await?, (2, 3));
        // One that is retired says nothing any more.
        known.retire(&manager, &project, "k3").await?;
        assert_eq!(right().await?, (2, 2));
        let listed = known.list(&manager, &project, PageRequest::default()).await?;
        let counts: Vec<_> = listed.items.iter().map(|one| (one.answered, one.right)).collect();
        assert_eq!(counts, [(1, 1), (1, 1)]);
        // An answer that is taken back takes its result with it.
        let own = world.services.annotations().own(&ann, &project, PageRequest::default()).await?;
        for annotation in own.items.iter().filter(|one| one.sample.id.as_str() == "k1") {
            world.services.annotations().undo(&ann, annotation.annotation).await?;
        }
        assert_eq!(right().await?, (1, 1));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_an_earlier_release_left_has_no_known_answers() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        world.import(&project, &[sample("s")]).await?;
        world.execute("UPDATE projects SET settings = '{}'").await?;
        let view = world.services.projects().get(&Actor::Operator, &project).await?;
        assert_eq!(view.settings.quality, domain::settings::QualitySettings::default());
        let ann = world.member(&project, "ann", Role::Annotator).await?;
        assert_eq!(ids(&claim(world, &ann, &project, 5).await?), ["s"]);
        Ok(())
    })
    .await
}
