//! Notices to whoever falls below the level, and pauses.

use super::{
    known_answers::{mark_first, project, submit},
    queue::{claim, ids},
};
use crate::support::{Outcome, World, code, on_each_database, people::email, samples::sample};
use domain::{
    access::Role,
    decision::DecisionKind,
    id::NoticeId,
    name::Slug,
    problem::Code,
    task::TaskState,
    view::{PageRequest, annotate::Submitted, notice::Notice, review::DecisionInput},
};
use serde_json::json;
use service::{Actor, Result};

/// A project with nine known answers and a level, its manager, and somebody who annotates.
async fn team(world: &World, pause: bool) -> Result<(Slug, Actor, Actor)> {
    let quality = json!({"known_answer_rate": 1.0, "level": 0.8, "pause": pause});
    let (project, manager) = project(world, json!({"quality": quality}), (4, 9)).await?;
    mark_first(world, &manager, &project, 9).await?;
    let ann = world.member(&project, "ann", Role::Annotator).await?;
    Ok((project, manager, ann))
}

/// One more answer to a known-answer task, right or wrong.
async fn answer(world: &World, actor: &Actor, project: &Slug, value: &str) -> Result<Submitted> {
    let claimed = claim(world, actor, project, 1).await?;
    let item = claimed.tasks.first().ok_or_else(|| service::Error::internal("nothing is served"))?;
    assert!(item.sample.id.as_str().starts_with('k'), "{}", item.sample.id);
    submit(world, actor, item, value).await
}

async fn open(world: &World, manager: &Actor, project: &Slug) -> Result<Vec<Notice>> {
    world.services.notices().open(manager, project).await
}

#[tokio::test]
async fn whoever_falls_below_the_level_is_told_and_so_are_the_managers() -> Outcome {
    on_each_database(async |world| {
        let (project, manager, ann) = team(world, false).await?;
        for _ in 0..4 {
            answer(world, &ann, &project, "b").await?;
        }
        assert!(open(world, &manager, &project).await?.is_empty(), "four results may be bad luck");
        answer(world, &ann, &project, "b").await?;
        let notices = open(world, &manager, &project).await?;
        let notice = notices.first().ok_or("no notice")?;
        assert_eq!((notices.len(), notice.annotator.as_str()), (1, "ann@example.org"));
        assert_eq!((notice.right, notice.of, notice.level, notice.paused), (0, 5, 0.8, false));
        // They hear of it with what they are given next, which they are.
        let claimed = claim(world, &ann, &project, 1).await?;
        assert_eq!((claimed.notice, claimed.paused, claimed.tasks.len()), (Some(notice.notice), false, 1));
        let bea = world.member(&project, "bea", Role::Annotator).await?;
        assert_eq!(code(world.services.notices().see(&bea, &project, notice.notice).await), Code::NotFound);
        world.services.notices().see(&ann, &project, notice.notice).await?;
        assert_eq!(claim(world, &ann, &project, 1).await?.notice, None);
        let own = world.services.notices().own(&ann, &project).await?;
        assert_eq!(own.notices.len(), 1);
        assert!(own.notices[0].seen_at.is_some() && own.paused_at.is_none());
        assert!(world.services.notices().own(&bea, &project).await?.notices.is_empty());
        // One notice is enough until it is closed; then they begin anew.
        answer(world, &ann, &project, "b").await?;
        assert_eq!(open(world, &manager, &project).await?.len(), 1);
        assert_eq!(code(world.services.notices().open(&ann, &project).await), Code::Forbidden);
        assert_eq!(
            code(world.services.notices().close(&ann, &project, notice.notice).await),
            Code::Forbidden
        );
        let closed = world.services.notices().close(&manager, &project, notice.notice).await?;
        assert_eq!((closed.closed_by.as_deref(), closed.withdrawn), (Some("man@example.org"), false));
        assert_eq!(
            code(world.services.notices().close(&manager, &project, NoticeId(99)).await),
            Code::NotFound
        );
        answer(world, &ann, &project, "b").await?;
        assert!(open(world, &manager, &project).await?.is_empty());
        let results = world.services.known_answers().results(&manager, &project).await?;
        assert_eq!((results[0].accuracy.right, results[0].accuracy.of), (0, 1));
        // What a notice says is never changed.
        assert!(world.execute("UPDATE notices SET correct = 5").await.is_err());
        assert!(world.execute("UPDATE notices SET closed_at = 1").await.is_err());
        assert!(world.execute("DELETE FROM notices").await.is_err());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_answer_taken_back_takes_its_notice_and_its_pause_back() -> Outcome {
    on_each_database(async |world| {
        let (project, manager, ann) = team(world, true).await?;
        let mut last = None;
        for _ in 0..5 {
            last = Some(answer(world, &ann, &project, "b").await?);
        }
        assert!(claim(world, &ann, &project, 1).await?.paused);
        let last = last.ok_or("nothing was answered")?;
        let again = world.services.annotations().undo(&ann, last.annotation).await?;
        assert!(open(world, &manager, &project).await?.is_empty());
        let all = world.services.notices().list(&manager, &project, PageRequest::default()).await?;
        assert!(all.items[0].withdrawn && all.items[0].closed_at.is_some());
        assert!(world.services.notices().own(&ann, &project).await?.notices.is_empty());
        let claimed = claim(world, &ann, &project, 2).await?;
        assert_eq!((claimed.paused, claimed.tasks.len()), (false, 2));
        // Answered wrong once more, it leads to another.
        submit(world, &ann, &again, "c").await?;
        assert_eq!(open(world, &manager, &project).await?.len(), 1);
        let earlier = world.services.notices().closed(&manager, &project, PageRequest::default()).await?;
        assert_eq!(earlier.items, all.items, "the one that is open is not among them");
        let refused = world.services.notices().closed(&ann, &project, PageRequest::default()).await;
        assert_eq!(code(refused), Code::Forbidden);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn whoever_is_paused_may_finish_what_they_hold_and_gets_nothing_more_until_they_are_resumed() -> Outcome
{
    on_each_database(async |world| {
        let (project, manager, ann) = team(world, true).await?;
        let held = claim(world, &ann, &project, 6).await?.tasks;
        for item in &held[..5] {
            submit(world, &ann, item, "b").await?;
        }
        let claimed = claim(world, &ann, &project, 5).await?;
        assert_eq!(
            (claimed.paused, claimed.remaining, ids(&claimed)),
            (true, 0, vec![held[5].sample.id.as_str()])
        );
        // The answer and what comes next in one: the answer is kept.
        let services = &world.services;
        let input = super::queue::choose("a");
        let (_, next) =
            services.annotations().submit_and_claim_next(&ann, &project, &held[5].lease, input).await?;
        assert_eq!((next.paused, next.tasks.len()), (true, 0));
        assert!(services.queue().held(&ann, &project).await?.paused);
        let members = services.members().list(&manager, &project).await?;
        let paused: Vec<_> =
            members.iter().map(|member| (member.email.as_str(), member.paused_at.is_some())).collect();
        assert_eq!(paused, [("ann@example.org", true), ("man@example.org", false)]);
        assert_eq!(code(services.members().resume(&ann, &project, &email("ann")?).await), Code::Forbidden);
        let member = services.members().resume(&manager, &project, &email("ann")?).await?;
        assert_eq!(member.paused_at, None);
        assert!(open(world, &manager, &project).await?.is_empty());
        let claimed = claim(world, &ann, &project, 1).await?;
        assert_eq!((claimed.paused, claimed.notice, claimed.tasks.len()), (false, None, 1));
        // They begin anew: one more wrong answer is none too many.
        answer(world, &ann, &project, "b").await?;
        assert!(!claim(world, &ann, &project, 1).await?.paused);
        let actions =
            "SELECT action FROM audit WHERE action LIKE '%notice%' OR action LIKE '%_member' ORDER BY id";
        let actions = world.texts(actions).await?;
        assert_eq!(actions, ["set_member", "set_member", "write_notice", "close_notice", "resume_member"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_manager_may_pause_anybody_by_hand() -> Outcome {
    on_each_database(async |world| {
        let (project, manager, ann) = team(world, false).await?;
        let bea = world.member(&project, "bea", Role::Annotator).await?;
        let members = world.services.members();
        // Also whoever has not begun.
        members.pause(&manager, &project, &email("bea")?).await?;
        members.pause(&manager, &project, &email("bea")?).await?;
        assert_eq!(world.number("SELECT COUNT(*) FROM pauses").await?, 1);
        assert!(claim(world, &bea, &project, 1).await?.paused);
        assert!(world.services.notices().own(&bea, &project).await?.paused_at.is_some());
        assert_eq!(claim(world, &ann, &project, 1).await?.tasks.len(), 1);
        assert_eq!(code(members.pause(&manager, &project, &email("eve")?).await), Code::NotFound);
        assert_eq!(code(members.pause(&ann, &project, &email("bea")?).await), Code::Forbidden);
        members.resume(&manager, &project, &email("bea")?).await?;
        assert_eq!(claim(world, &bea, &project, 1).await?.tasks.len(), 1);
        assert!(world.execute("UPDATE pauses SET resumed_at = NULL").await.is_err());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_admin_who_annotates_without_being_a_member_can_be_resumed() -> Outcome {
    on_each_database(async |world| {
        let (project, manager, _) = team(world, true).await?;
        let zoe = world.admin("zoe").await?;
        for _ in 0..5 {
            answer(world, &zoe, &project, "b").await?;
        }
        let notice = open(world, &manager, &project).await?.pop().ok_or("no notice")?;
        assert!(notice.paused);
        // Closing the notice is no word on whether they may go on.
        world.services.notices().close(&manager, &project, notice.notice).await?;
        assert!(claim(world, &zoe, &project, 1).await?.paused);
        let members = world.services.members();
        let listed = members.list(&manager, &project).await?.len();
        let others = members.paused_others(&manager, &project).await?;
        assert_eq!(others.iter().map(|other| &other.email).collect::<Vec<_>>(), [&email("zoe")?]);
        let shown = members.resume(&manager, &project, &email("zoe")?).await?;
        assert_eq!((shown.role, shown.paused_at), (Role::Manager, None));
        let claimed = claim(world, &zoe, &project, 1).await?;
        assert_eq!((claimed.paused, claimed.tasks.len()), (false, 1));
        assert!(members.paused_others(&manager, &project).await?.is_empty());
        assert_eq!(members.list(&manager, &project).await?.len(), listed, "that makes nobody a member");
        world.user("eve").await?;
        assert_eq!(code(members.resume(&manager, &project, &email("eve")?).await), Code::NotFound);
        let closed = "SELECT COUNT(*) FROM audit WHERE action = 'close_notice'";
        assert_eq!(world.number(closed).await?, 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn no_task_waits_for_somebody_who_is_paused_unless_they_hold_it() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        world.import(&project, &["s1", "s2", "s3"].map(sample)).await?;
        let manager = world.admin("zoe").await?;
        let ann = world.member(&project, "ann", Role::Annotator).await?;
        let bea = world.member(&project, "bea", Role::Annotator).await?;
        let anns = claim(world, &ann, &project, 3).await?.tasks;
        let beas = claim(world, &bea, &project, 1).await?.tasks;
        // One that only bea is left for, one that bea holds, and one that ann answers later.
        let held = beas.first().ok_or("nothing is served")?;
        let mut others = anns.iter().filter(|item| item.task != held.task);
        let (before, after) = (others.next().ok_or("none")?, others.next().ok_or("none")?);
        let same = anns.iter().find(|item| item.task == held.task).ok_or("none")?;
        assert_eq!(submit(world, &ann, before, "a").await?.task_state, TaskState::Open);
        assert_eq!(submit(world, &ann, same, "a").await?.task_state, TaskState::Open);
        world.services.members().pause(&manager, &project, &email("bea")?).await?;
        assert_eq!(submit(world, &ann, after, "a").await?.task_state, TaskState::InReview);
        let review = world.services.review();
        let item = review.item(&manager, before.task).await?;
        assert_eq!(item.state, TaskState::InReview);
        // Nor is it given back to whoever is paused.
        let give_back =
            DecisionInput { rev: item.rev, decision: DecisionKind::Return, answers: None, note: None };
        assert_eq!(code(review.decide(&manager, before.task, give_back).await), Code::NoEligibleAnnotator);
        assert_eq!(submit(world, &bea, held, "a").await?.task_state, TaskState::InReview);
        let answers = "SELECT COUNT(*) FROM slots WHERE annotation_id IS NOT NULL";
        assert_eq!(world.number(answers).await?, 4);
        Ok(())
    })
    .await
}
