//! Pairs of labels that annotators mix up: ranked, with their tasks, and with the stored labels from before their rule.

use super::queue::{choose, claim};
use crate::support::{
    Outcome, World, code, faults, on_each_database,
    samples::{labelled, sample},
};
use domain::{
    access::Role,
    answer::Answers,
    id::ChangeSetId,
    name::Slug,
    problem::Code,
    task::TaskState,
    view::{
        PageRequest,
        ambiguity::{PairItems, RuleInput, RuleItem, RuleWritten},
        change_set::ChangeSetUndone,
        review::ReviewItem,
        sample::ChallengeInput,
    },
};
use serde_json::{Value, json};
use service::{Actor, Result, usecase::ambiguity::LabelPair};

/// A project of two annotators who said `a` and `b` to `ab1`, `ab2` and `ab3`, `a` and `c` to `ac1`, and the same to four
/// others; a reviewer, and a second one.
pub(crate) struct Team {
    pub(crate) project: Slug,
    pub(crate) people: [Actor; 2],
    pub(crate) reviewer: Actor,
    pub(crate) second: Actor,
    pub(crate) manager: Actor,
}

const ANSWERS: [(&str, [&str; 2]); 8] = [
    ("aa1", ["a", "a"]),
    ("ab1", ["a", "b"]),
    ("ab2", ["b", "a"]),
    ("ab3", ["a", "b"]),
    ("ac1", ["a", "c"]),
    ("bb1", ["b", "b"]),
    ("cc1", ["c", "c"]),
    ("cc2", ["c", "c"]),
];

impl Team {
    pub(crate) async fn of(world: &World, mut settings: Value) -> Result<Self> {
        settings["queue"] = json!({"audit_rate": 0.0, "overlap": 2});
        let project = world.project_with("p", settings).await?;
        let people = [
            world.member(&project, "ann", Role::Annotator).await?,
            world.member(&project, "bea", Role::Annotator).await?,
        ];
        Ok(Self {
            people,
            reviewer: world.member(&project, "rev", Role::Reviewer).await?,
            second: world.member(&project, "sec", Role::Reviewer).await?,
            manager: world.member(&project, "man", Role::Manager).await?,
            project,
        })
    }

    /// The same with samples, and all answers to them.
    pub(crate) async fn answered(world: &World, settings: Value) -> Result<Self> {
        let team = Self::of(world, settings).await?;
        world.import(&team.project, &ANSWERS.map(|(id, _)| sample(id))).await?;
        team.answer(world).await?;
        Ok(team)
    }

    pub(crate) async fn answer(&self, world: &World) -> Result<()> {
        for (person, actor) in self.people.iter().enumerate() {
            for item in claim(world, actor, &self.project, 50).await?.tasks {
                let id = item.sample.id.as_str();
                let given =
                    ANSWERS.iter().find(|(known, _)| *known == id).map_or("a", |(_, given)| given[person]);
                world.services.annotations().submit(actor, &item.lease, choose(given)).await?;
            }
        }
        Ok(())
    }

    pub(crate) fn pair() -> LabelPair {
        LabelPair { question: None, a: "b".to_owned(), b: "a".to_owned() }
    }

    pub(crate) async fn items(&self, world: &World, state: TaskState) -> Result<PairItems> {
        let page = PageRequest::default();
        world.services.ambiguity().items(&self.reviewer, &self.project, &Self::pair(), state, page).await
    }

    pub(crate) async fn guideline(&self, world: &World) -> Result<(i32, String)> {
        let project = world.services.projects().get(&self.manager, &self.project).await?;
        Ok((project.guideline_revision, project.guideline))
    }

    /// A rule by which these tasks are decided for `a`, but the first for `b`.
    pub(crate) async fn rule(&self, world: &World, items: &[ReviewItem]) -> Result<RuleInput> {
        let (guideline_revision, _) = self.guideline(world).await?;
        let item = |(index, item): (usize, &ReviewItem)| RuleItem {
            task: item.task,
            rev: item.rev,
            answers: label(if index == 0 { "b" } else { "a" }),
        };
        Ok(RuleInput {
            question: "intent".to_owned(),
            a: "a".to_owned(),
            b: "b".to_owned(),
            guideline_revision,
            title: None,
            rule: "Say **a** unless it is b.".to_owned(),
            items: items.iter().enumerate().map(item).collect(),
        })
    }

    pub(crate) async fn write(&self, world: &World, input: RuleInput) -> Result<RuleWritten> {
        world.services.rules().write(&self.reviewer, &self.project, input).await
    }

    pub(crate) async fn undo(&self, world: &World, set: ChangeSetId) -> Result<ChangeSetUndone> {
        world.services.change_sets().undo(&self.reviewer, &self.project, set).await
    }
}

pub(crate) fn label(value: &str) -> Answers {
    Answers([("intent".to_owned(), value.into())].into())
}

pub(crate) fn ids(items: &[ReviewItem]) -> Vec<&str> {
    items.iter().map(|item| item.sample.id.as_str()).collect()
}

#[tokio::test]
async fn pairs_are_ranked_by_their_disagreement_beyond_chance() -> Outcome {
    on_each_database(async |world| {
        let team = Team::answered(world, json!({})).await?;
        let pairs = world.services.ambiguity();
        let page = PageRequest::default();
        let found = pairs.list(&team.reviewer, &team.project, None, page.clone()).await?;
        let shown: Vec<_> = found
            .items
            .iter()
            .map(|pair| (pair.ambiguity.a.as_str(), pair.ambiguity.b.as_str(), pair.ambiguity.items))
            .collect();
        assert_eq!((found.question.as_str(), shown), ("intent", vec![("a", "b", 3), ("a", "c", 1)]));
        // a 6, b 5 and c 5 times: of 4 disagreements 4 · 30 / 85 fall on each pair with a, by chance.
        for (pair, observed) in found.items.iter().zip([3.0, 1.0]) {
            let expected = 4.0 * 30.0 / 85.0;
            assert!((pair.ambiguity.observed - observed).abs() < 1e-12);
            assert!((pair.ambiguity.excess - (observed - expected)).abs() < 1e-12, "{pair:?}");
            assert_eq!(pair.tasks.in_review, pair.ambiguity.items as i64);
            assert_eq!((pair.tasks.open, pair.tasks.decided, &pair.rule), (0, 0, &None));
        }
        let first = PageRequest { limit: Some(1), cursor: None };
        let first = pairs.list(&team.reviewer, &team.project, Some("intent"), first).await?;
        let second = PageRequest { limit: Some(1), cursor: first.next_cursor };
        let second = pairs.list(&team.reviewer, &team.project, None, second).await?;
        assert_eq!((&second.items[..], second.next_cursor), (&found.items[1..], None));

        let refused = pairs.list(&team.reviewer, &team.project, Some("mood"), page.clone()).await;
        assert_eq!(faults(refused), [("/question".to_owned(), Code::UnknownQuestion)]);
        assert_eq!(code(pairs.list(&team.people[0], &team.project, None, page).await), Code::Forbidden);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_tasks_of_a_pair_come_in_pages_with_their_answers() -> Outcome {
    on_each_database(async |world| {
        let team = Team::answered(world, json!({})).await?;
        let (pairs, in_review) = (world.services.ambiguity(), TaskState::InReview);
        let all = team.items(world, in_review).await?;
        assert_eq!(ids(&all.items), ["ab1", "ab2", "ab3"]);
        assert_eq!(all.pair.map(|pair| pair.ambiguity.items), Some(3));
        assert_eq!(all.items[0].annotations.len(), 2);
        let page = PageRequest { limit: Some(2), cursor: None };
        let first = pairs.items(&team.reviewer, &team.project, &Team::pair(), in_review, page).await?;
        let page = PageRequest { limit: Some(2), cursor: first.next_cursor };
        let second = pairs.items(&team.reviewer, &team.project, &Team::pair(), in_review, page).await?;
        assert_eq!((ids(&first.items), ids(&second.items)), (vec!["ab1", "ab2"], vec!["ab3"]));
        assert_eq!(second.next_cursor, None);

        let page = PageRequest::default;
        let never = LabelPair { a: "b".to_owned(), b: "c".to_owned(), question: None };
        let never = pairs.items(&team.reviewer, &team.project, &never, in_review, page()).await?;
        assert_eq!((never.pair, never.items), (None, vec![]));
        let same = LabelPair { a: "z".to_owned(), b: "z".to_owned(), question: None };
        let refused = pairs.items(&team.reviewer, &team.project, &same, in_review, page()).await;
        let unknown = |at: &str| (at.to_owned(), Code::UnknownOption);
        assert_eq!(faults(refused), [unknown("/a"), unknown("/b"), ("/b".to_owned(), Code::Invalid)]);
        let open = pairs.items(&team.reviewer, &team.project, &Team::pair(), TaskState::Open, page()).await;
        assert_eq!(code(open), Code::Forbidden);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn stored_labels_of_the_pair_from_before_the_rule_are_offered_as_challenges() -> Outcome {
    on_each_database(async |world| {
        let team = Team::of(world, json!({})).await?;
        let stored =
            [("ab1", "a"), ("ab2", "a"), ("old1", "a"), ("old2", "b"), ("open", "b"), ("other", "c")];
        world.import(&team.project, &stored.map(|(id, value)| labelled(id, value))).await?;
        let doubt = |ids: &[&str]| ChallengeInput {
            ids: Some(ids.iter().map(|id| (*id).to_owned()).collect()),
            ..ChallengeInput::default()
        };
        let challenges = world.services.challenges();
        challenges.challenge(&team.reviewer, &team.project, doubt(&["ab1", "ab2"])).await?;
        team.answer(world).await?;
        challenges.challenge(&team.reviewer, &team.project, doubt(&["open"])).await?;
        let older = async || {
            let page = PageRequest::default();
            world.services.ambiguity().older_labels(&team.reviewer, &team.project, &Team::pair(), page).await
        };
        let before = older().await?;
        assert_eq!((before.rule, before.total, before.page.items.len()), (None, 0, 0));
        let items = team.items(world, TaskState::InReview).await?.items;
        team.write(world, team.rule(world, &items[..1]).await?).await?;
        // One imported under the new guideline.
        world.import(&team.project, &[labelled("new", "a")]).await?;

        let offered = older().await?;
        let shown: Vec<_> = offered.page.items.iter().map(|one| one.id.as_str()).collect();
        assert_eq!(
            (offered.total, shown),
            (2, vec!["old1", "old2"]),
            "ab1 is decided, ab2 and open are being looked at"
        );
        assert_eq!(offered.page.items[1].label, label("b"));
        assert_eq!((offered.page.items[1].guideline_revision, offered.page.items[1].version), (1, 1));
        let ids = world.services.ambiguity().older_ids(&team.reviewer, &team.project, &Team::pair()).await?;
        assert_eq!(ids, ["old1", "old2"]);
        let page = PageRequest { limit: Some(1), cursor: None };
        let pairs = world.services.ambiguity();
        let first = pairs.older_labels(&team.reviewer, &team.project, &Team::pair(), page).await?;
        let page = PageRequest { limit: Some(1), cursor: first.page.next_cursor };
        let second = pairs.older_labels(&team.reviewer, &team.project, &Team::pair(), page).await?;
        assert_eq!((second.page.items[0].id.as_str(), second.page.next_cursor), ("old2", None));

        let made = challenges.challenge(&team.reviewer, &team.project, doubt(&["old1"])).await?;
        assert_eq!(made.tasks_opened, 1);
        assert_eq!(older().await?.total, 1);
        Ok(())
    })
    .await
}
