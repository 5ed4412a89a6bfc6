//! Rules that tell two labels apart: written with their decisions, refused whole, undone as one.

use super::{
    ambiguity::{Team, ids, label},
    known_answers,
    queue::claim,
};
use crate::support::{Outcome, World, code, faults, on_each_database, refusal};
use domain::{
    access::Role,
    decision::DecisionKind,
    problem::Code,
    task::TaskState,
    view::{
        PageRequest,
        ambiguity::{RuleInput, RuleItem},
        review::{DecisionInput, ReviewFilter},
    },
};
use serde_json::json;
use service::{Actor, Result};
use std::collections::BTreeMap;

/// Everything that a rule could change.
async fn traces(world: &World) -> Result<Vec<i64>> {
    let mut counts = Vec::new();
    for table in
        ["guideline_revisions", "decisions", "labels", "change_sets", "rules", "rule_examples", "audit"]
    {
        counts.push(world.number(&format!("SELECT COUNT(*) FROM {table}")).await?);
    }
    counts.push(world.number("SELECT SUM(rev) FROM tasks").await?);
    counts.push(world.number("SELECT SUM(rev) FROM projects").await?);
    Ok(counts)
}

#[tokio::test]
async fn a_rule_is_a_revision_of_the_guideline_and_decides_its_examples_together() -> Outcome {
    on_each_database(async |world| {
        let team = Team::answered(world, json!({})).await?;
        let items = team.items(world, TaskState::InReview).await?.items;
        let rev = world.services.projects().get(&team.manager, &team.project).await?.rev;
        let written = team.write(world, team.rule(world, &items[..2]).await?).await?;
        assert_eq!((written.guideline_revision, written.decided, written.in_part), (2, 2, 0));
        let (revision, guideline) = team.guideline(world).await?;
        assert_eq!(revision, 2);
        let section = "# Guideline\n\n## a / b\n\nSay **a** unless it is b.\n\n- **a**\n  - ab2: text of ab2\n\n- **b**\n  - \
                       ab1: text of ab1\n";
        assert_eq!(guideline, section);
        let after = world.services.projects().get(&team.manager, &team.project).await?.rev;
        assert_eq!(after, rev + 1, "whoever edits the settings has to look again");

        // They are decided under the guideline with the rule.
        let decided = team.items(world, TaskState::Approved).await?;
        assert_eq!(ids(&decided.items), ["ab1", "ab2"]);
        assert_eq!(decided.items[0].decisions[0].answers, Some(label("b")));
        let under = "SELECT COUNT(*) FROM decisions WHERE guideline_revision = 2 AND kind IN ('approve', 'correct')";
        assert_eq!(world.number(under).await?, 2);
        let pair = decided.pair.ok_or("no pair")?;
        assert_eq!((pair.tasks.in_review, pair.tasks.decided), (1, 2));
        assert_eq!(pair.rule.map(|rule| (rule.guideline_revision, rule.change_set)), Some((2, written.change_set)));

        let page = PageRequest::default();
        let rules = world.services.rules().list(&team.people[0], &team.project, page).await?.items;
        let examples: Vec<_> =
            rules[0].examples.iter().map(|one| (one.id.as_str(), one.label.as_str())).collect();
        assert_eq!((rules.len(), examples), (1, vec![("ab1", "b"), ("ab2", "a")]));
        let set = world.services.change_sets().get(&team.reviewer, &team.project, written.change_set).await?;
        assert_eq!((set.matched, set.progress.approved, set.annotator), (2, 2, None));
        let filter = ReviewFilter {
            state: Some(TaskState::Approved),
            change_set: Some(written.change_set),
            ..ReviewFilter::default()
        };
        let (review, page) = (world.services.review(), PageRequest::default());
        let listed = review.list(&team.reviewer, &team.project, filter, page).await?;
        assert_eq!(ids(&listed.items), ["ab1", "ab2"]);
        assert!(world.audited().await?.contains(&"write_rule".to_owned()));
        let cut = world.cut(&team.project).await?;
        assert_eq!(cut, 1);
        assert_eq!(world.number("SELECT COUNT(*) FROM labels WHERE from_version = 1").await?, 2);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_rule_that_cannot_be_followed_whole_changes_nothing() -> Outcome {
    on_each_database(async |world| {
        let team = Team::answered(world, json!({"review": {"four_eyes": true}})).await?;
        let items = team.items(world, TaskState::InReview).await?.items;
        let before = traces(world).await?;
        let good = team.rule(world, &items).await?;
        let twice = RuleInput { items: [&good.items[..], &good.items[..1]].concat(), ..good.clone() };
        let twice = refusal(world.services.rules().write(&team.reviewer, &team.project, twice).await);
        assert_eq!((twice.code, twice.errors.len()), (Code::Invalid, 1));
        assert_eq!(
            (twice.errors[0].code, twice.errors[0].pointer.as_deref()),
            (Code::DuplicateId, Some("/items/3/task"))
        );
        let task = good.items[0].task;
        assert_eq!(twice.errors[0].detail, format!("task {task} is at /items/0 and at /items/3"));
        assert_eq!(traces(world).await?, before);
        let refused = async |actor: &Actor, change: fn(&mut RuleInput)| -> Result<(Code, Vec<String>)> {
            let mut input = good.clone();
            change(&mut input);
            let result = world.services.rules().write(actor, &team.project, input).await;
            let refused = refusal(result);
            assert_eq!(traces(world).await?, before);
            let pointers = refused.errors.into_iter().filter_map(|fault| fault.pointer);
            Ok((refused.code, pointers.collect()))
        };
        let at = |pointer: &str| vec![pointer.to_owned()];
        let reviewer = &team.reviewer;
        let stale = refused(reviewer, |input| input.items[1].rev -= 1).await?;
        assert_eq!(stale, (Code::StaleRev, at("/items/1")));
        let guideline = refused(reviewer, |input| input.guideline_revision = 7).await?;
        assert_eq!(guideline, (Code::StaleRev, at("/guideline_revision")));
        let other = refused(reviewer, |input| input.items[0].answers = label("c")).await?;
        assert_eq!(other, (Code::Invalid, at("/items/0/answers/intent")));
        let nothing = refused(reviewer, |input| input.items.clear()).await?;
        assert_eq!(nothing, (Code::Invalid, at("/items")));
        let empty = refused(reviewer, |input| input.rule = "  ".to_owned()).await?;
        assert_eq!(empty, (Code::Invalid, at("/rule")));
        let nowhere = refused(reviewer, |input| input.items[2].task.0 = 999).await?;
        assert_eq!(nowhere, (Code::Invalid, at("/items/2/task")));
        let annotator = refused(&team.people[0], |_| ()).await?;
        assert_eq!(annotator, (Code::Forbidden, vec![]));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_task_of_another_pair_is_no_example() -> Outcome {
    on_each_database(async |world| {
        let team = Team::answered(world, json!({})).await?;
        let (review, page) = (world.services.review(), PageRequest::default());
        let all = review.list(&team.reviewer, &team.project, ReviewFilter::default(), page).await?;
        let other: Vec<_> = all.items.into_iter().filter(|item| item.sample.id.as_str() == "ac1").collect();
        let before = traces(world).await?;
        let refused = team.write(world, team.rule(world, &other).await?).await;
        assert_eq!(faults(refused), [("/items/0/task".to_owned(), Code::Invalid)]);
        // A reviewer who annotated a task may not decide it where four eyes are asked for.
        let rev = world.services.projects().get(&team.manager, &team.project).await?.rev;
        let patch = serde_json::from_value(json!({"rev": rev, "settings": {"review": {"four_eyes": true}}}))?;
        world.services.projects().update(&team.manager, &team.project, patch).await?;
        world.set_role(&team.project, "ann", Role::Reviewer).await?;
        let items = team.items(world, TaskState::InReview).await?.items;
        let input = team.rule(world, &items).await?;
        let own = world.services.rules().write(&team.people[0], &team.project, input).await;
        let own = refusal(own);
        assert_eq!((own.code, own.errors[0].pointer.as_deref()), (Code::FourEyes, Some("/items/0")));
        assert_eq!(traces(world).await?[1..6], before[1..6]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_rule_is_undone_as_one_with_its_section() -> Outcome {
    on_each_database(async |world| {
        let team = Team::answered(world, json!({})).await?;
        let items = team.items(world, TaskState::InReview).await?.items;
        let written = team.write(world, team.rule(world, &items).await?).await?;
        let undone = team.undo(world, written.change_set).await?;
        assert_eq!((undone.reopened, undone.left_alone, undone.guideline_revision), (3, 0, Some(3)));
        assert_eq!(team.guideline(world).await?, (3, "# Guideline".to_owned()));
        let again = team.items(world, TaskState::InReview).await?;
        assert_eq!(ids(&again.items), ["ab1", "ab2", "ab3"]);
        assert_eq!(again.pair.and_then(|pair| pair.rule), None);
        let page = PageRequest::default();
        let standing = world.services.rules().list(&team.reviewer, &team.project, page).await?;
        assert!(standing.items.is_empty());
        assert_eq!(code(team.undo(world, written.change_set).await), Code::WrongState);
        assert_eq!(code(world.cut(&team.project).await), Code::NothingToCut);

        // What somebody changed since stays, and so does a guideline that was changed since.
        let written = team.write(world, team.rule(world, &again.items).await?).await?;
        let task = again.items[0].task;
        let rev = world.services.review().item(&team.second, task).await?.rev;
        let reopen = DecisionInput { rev, decision: DecisionKind::Reopen, answers: None, note: None };
        world.services.review().decide(&team.second, task, reopen).await?;
        let rev = world.services.projects().get(&team.manager, &team.project).await?.rev;
        let patch = serde_json::from_value(json!({"rev": rev, "guideline": "another"}))?;
        world.services.projects().update(&team.manager, &team.project, patch).await?;
        let undone = team.undo(world, written.change_set).await?;
        assert_eq!((undone.reopened, undone.left_alone, undone.guideline_revision), (2, 1, None));
        assert_eq!(team.guideline(world).await?.1, "another");

        // Not once it is cut.
        let items = team.items(world, TaskState::InReview).await?.items;
        let written = team.write(world, team.rule(world, &items).await?).await?;
        world.cut(&team.project).await?;
        let before = traces(world).await?;
        assert_eq!(code(team.undo(world, written.change_set).await), Code::AlreadyDecided);
        assert_eq!(traces(world).await?, before);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_heading_in_a_rule_broke_its_section() -> Outcome {
    on_each_database(async |world| {
        let team = Team::answered(world, json!({})).await?;
        let items = team.items(world, TaskState::InReview).await?.items;
        let rule = "## When\n\nIt is **a**.\n\nElse\n----\n\n<h2>b</h2>\n\n```\n# as typed".to_owned();
        let first = RuleInput { rule, ..team.rule(world, &items[..1]).await? };
        team.write(world, first).await?;
        team.write(world, team.rule(world, &items[1..2]).await?).await?;
        let (_, guideline) = team.guideline(world).await?;
        let sections: Vec<&str> = guideline.lines().filter(|line| line.starts_with("## ")).collect();
        assert_eq!(sections, ["## a / b", "## a / b"]);
        let first =
            "### When\n\nIt is **a**.\n\n### Else\n\n\\<h2>b\\</h2>\n\n```\n# as typed\n```\n\n- **b**\n";
        assert!(guideline.contains(first), "{guideline}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_label_that_needs_two_reviewers_is_decided_in_part() -> Outcome {
    on_each_database(async |world| {
        let split = json!({"split": {"validation": 0.0, "test": 1.0, "test_reviewers": 2}});
        let team = Team::answered(world, split).await?;
        let items = team.items(world, TaskState::InReview).await?.items;
        let written = team.write(world, team.rule(world, &items).await?).await?;
        assert_eq!((written.decided, written.in_part), (0, 3));
        // The second reviewer decides the same under the same guideline.
        let item = world.services.review().item(&team.second, items[1].task).await?;
        assert_eq!(item.approvals.map(|approvals| approvals.by.len()), Some(1));
        let correct = DecisionKind::Correct;
        let input =
            DecisionInput { rev: item.rev, decision: correct, answers: Some(Some(label("a"))), note: None };
        let decided = world.services.review().decide(&team.second, items[1].task, input).await?;
        assert_eq!(decided.state, TaskState::Approved);
        // Undone, the first reviewer's part counts no more.
        let undone = team.undo(world, written.change_set).await?;
        assert_eq!((undone.reopened, undone.left_alone), (2, 1));
        let item = world.services.review().item(&team.second, items[0].task).await?;
        assert_eq!(item.approvals.map(|approvals| approvals.by.len()), Some(0));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_erased_sample_leaves_the_guideline() -> Outcome {
    on_each_database(async |world| {
        let team = Team::answered(world, json!({})).await?;
        let items = team.items(world, TaskState::InReview).await?.items;
        let written = team.write(world, team.rule(world, &items).await?).await?;
        world.services.samples().erase(&team.manager, &team.project, "ab2").await?;
        let (revision, guideline) = team.guideline(world).await?;
        assert_eq!(revision, 2);
        assert!(guideline.contains("\n  - ab2\n") && !guideline.contains("text of ab2"), "{guideline}");
        assert!(guideline.contains("text of ab1") && guideline.contains("text of ab3"));
        let page = PageRequest::default();
        let rules = world.services.rules().list(&team.reviewer, &team.project, page).await?.items;
        assert_eq!((rules[0].examples.len(), rules[0].rule.change_set), (3, written.change_set));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn all_texts_that_an_erased_sample_ever_had_leave_the_guideline() -> Outcome {
    on_each_database(async |world| {
        let team = Team::answered(world, json!({})).await?;
        let items = team.items(world, TaskState::InReview).await?.items;
        team.write(world, team.rule(world, &items[1..2]).await?).await?;
        let later = team.write(world, team.rule(world, &items[..1]).await?).await?.change_set;
        // As if the later rule had decided it as well, with a text that begins as the first did.
        let example = format!(
            "INSERT INTO rule_examples (change_set_id, task_id, rev, sample_id, sample_key, label, line)
             SELECT {later}, task_id, rev, sample_id, sample_key, label, line || ' und geheimnis'
             FROM rule_examples WHERE sample_key = 'ab2'"
        );
        world.execute(&example).await?;
        let (_, guideline) = team.guideline(world).await?;
        let guideline = format!("{guideline}\n- **b**\n  - ab2: text of ab2 und geheimnis\n");
        let rev = world.services.projects().get(&team.manager, &team.project).await?.rev;
        let patch = serde_json::from_value(json!({"rev": rev, "guideline": guideline}))?;
        world.services.projects().update(&team.manager, &team.project, patch).await?;
        assert!(team.guideline(world).await?.1.contains("geheimnis"));
        world.services.samples().erase(&team.manager, &team.project, "ab2").await?;
        let left = "SELECT COUNT(*) FROM guideline_revisions WHERE body LIKE '%text of ab2%' OR body LIKE '%geheimnis%'";
        assert_eq!(world.number(left).await?, 0, "{}", team.guideline(world).await?.1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn nothing_is_told_of_the_answers_to_a_task_that_is_not_in_review() -> Outcome {
    on_each_database(async |world| {
        let settings = json!({"queue": {"overlap": 3}, "quality": {"known_answer_rate": 1.0}});
        let (project, manager) = known_answers::project(world, settings, (2, 2)).await?;
        known_answers::mark_first(world, &manager, &project, 2).await?;
        let reviewer = world.member(&project, "rev", Role::Reviewer).await?;
        world.member(&project, "cho", Role::Annotator).await?;
        let mut tasks = BTreeMap::new();
        // One task of each sort gets both labels, the other one alone.
        for (name, second) in [("ann", "a"), ("bea", "b")] {
            let actor = world.member(&project, name, Role::Annotator).await?;
            for item in claim(world, &actor, &project, 4).await?.tasks {
                let id = item.sample.id.as_str().to_owned();
                let value = if id.ends_with('1') { second } else { "a" };
                known_answers::submit(world, &actor, &item, value).await?;
                tasks.insert(id, item.task);
            }
        }
        assert_eq!(tasks.len(), 4);
        for (id, task) in tasks {
            let input = RuleInput {
                question: "intent".to_owned(),
                a: "a".to_owned(),
                b: "b".to_owned(),
                guideline_revision: 1,
                title: None,
                rule: "Say **a**.".to_owned(),
                items: vec![RuleItem { task, rev: 0, answers: label("a") }],
            };
            let refused = refusal(world.services.rules().write(&reviewer, &project, input).await);
            let pointer = refused.errors.first().and_then(|fault| fault.pointer.as_deref());
            assert_eq!((refused.code, pointer), (Code::WrongState, Some("/items/0")), "{id}");
            assert_eq!(refused.detail, format!("task {task} is open"), "{id}");
        }
        Ok(())
    })
    .await
}
