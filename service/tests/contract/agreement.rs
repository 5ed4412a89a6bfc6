//! Agreement as a whole: what it counts, part by part, at each level, and how it is kept where many answered.

use super::{
    imported_answers::answer,
    support::{
        Outcome, World, faults, on_each_database,
        samples::{predicted, prediction, sample},
    },
};
use domain::{
    agreement::{Coverage, Level, Undefined},
    name::Slug,
    problem::Code,
    signal::SignalKind,
    view::agreement::{AgreementView, Part, Period},
};
use serde_json::{Value, json};
use service::{Actor, Result, usecase::agreement::AgreementFilter};
use std::sync::Arc;

async fn told(world: &World, project: &Slug, filter: AgreementFilter) -> Result<Arc<AgreementView>> {
    world.services.agreement().get(&Actor::Operator, project, filter).await
}

fn at(mut line: Value, day: &str) -> Value {
    line["created_at"] = json!(format!("{day}T12:00:00Z"));
    line
}

fn keys(parts: &[Part]) -> Vec<(Option<&str>, u64, u64)> {
    let of = |part: &'_ Part| (part.coverage.shared_items, part.coverage.answers);
    parts.iter().map(|part| (part.key.as_deref(), of(part).0, of(part).1)).collect()
}

async fn project(world: &World) -> Result<Slug> {
    let queue = json!({"audit_rate": 0.0, "overlap": 3});
    world.project_with("p", json!({"queue": queue, "time_zone": "Asia/Seoul"})).await
}

#[tokio::test]
async fn agreement_is_told_part_by_part() -> Outcome {
    on_each_database(async |world| {
        let project = project(world).await?;
        world
            .send_samples(&project, &[predicted("s1", 0.6), predicted("s2", 0.6), sample("s3"), sample("s4")])
            .await?;
        // This comes after the task was opened: it is not what the task is about.
        world.clock.advance_seconds(1);
        world.send_predictions(&project, &[prediction("s1", "m9", 0.7)]).await?;
        let first = [
            at(answer("s1", "x", "a"), "2026-01-05"),
            at(answer("s1", "y", "b"), "2026-01-05"),
            at(answer("s2", "x", "a"), "2026-01-05"),
            at(answer("s2", "y", "a"), "2026-02-20"),
            at(answer("s3", "x", "b"), "2026-02-21"),
            at(answer("s3", "y", "b"), "2026-02-21"),
            at(answer("s4", "x", "b"), "2026-02-22"),
        ];
        world.send_answers(&project, &first).await?;
        let view = told(world, &project, AgreementFilter::default()).await?;
        assert_eq!(view.coverage, Coverage { items: 4, shared_items: 3, answers: 7, shared_answers: 6 });
        assert_eq!(view.parts.period, Period::Week);
        // A task counts in the week of its last answer; weeks begin on Monday in the project's zone.
        let weeks = [(Some("2026-01-05"), 1, 2), (Some("2026-02-16"), 2, 5)];
        assert_eq!(keys(&view.parts.time), weeks);
        let reasons = [(Some("prediction_uncertain"), 2, 4), (Some("unlabelled"), 1, 3)];
        assert_eq!(keys(&view.parts.reason), reasons);
        assert_eq!(keys(&view.parts.model), [(None, 1, 3), (Some("m@1"), 2, 4)]);
        assert_eq!(keys(&view.parts.guideline_revision), [(Some("1"), 3, 7)]);
        assert_eq!(view.parts.time[0].percent_agreement.value, Some(0.0));
        assert_eq!(view.parts.time[1].percent_agreement.value, Some(1.0));
        assert_eq!(
            (view.matrix.labels.as_slice(), &view.matrix.cells),
            (&["a".to_owned(), "b".to_owned()][..], &vec![vec![2, 1], vec![1, 2]])
        );
        let disputed: Vec<_> = view.disputed.iter().map(|task| (task.sample.as_str(), task.share)).collect();
        assert_eq!(disputed, [("s1", 1.0)]);

        let only = |filter: AgreementFilter| told(world, &project, filter);
        let of_model =
            only(AgreementFilter { model: Some("m@1".to_owned()), ..AgreementFilter::default() }).await?;
        assert_eq!((of_model.report.items, of_model.report.answers), (2, 4));
        let of_none =
            only(AgreementFilter { model: Some("m9".to_owned()), ..AgreementFilter::default() }).await?;
        assert_eq!(of_none.report.percent_agreement.statistic.undefined, Some(Undefined::NoItems));
        let of_reason =
            AgreementFilter { reason: Some(SignalKind::Unlabelled), ..AgreementFilter::default() };
        assert_eq!(only(of_reason).await?.report.answers, 3);
        let later = AgreementFilter { guideline_revision: Some(2), ..AgreementFilter::default() };
        assert_eq!(only(later).await?.report.answers, 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn labels_that_are_no_numbers_have_an_order_and_no_differences() -> Outcome {
    on_each_database(async |world| {
        let project = project(world).await?;
        world.send_samples(&project, &[sample("s1"), sample("s2")]).await?;
        let said = [("s1", "x", "a"), ("s1", "y", "b"), ("s2", "x", "b"), ("s2", "y", "b")];
        world.send_answers(&project, &said.map(|(id, who, what)| answer(id, who, what))).await?;
        let at = |level| told(world, &project, AgreementFilter { level, ..AgreementFilter::default() });
        let ordinal = at(Level::Ordinal).await?;
        assert!(ordinal.report.gwet_ac2_ordinal.statistic.value.is_some());
        let interval = at(Level::Interval).await?;
        assert_eq!(interval.report.krippendorff_alpha.statistic.undefined, Some(Undefined::NonNumericLabels));
        assert_eq!(interval.disputed, []);
        let unknown = AgreementFilter { question: Some("nothing".to_owned()), ..AgreementFilter::default() };
        assert_eq!(
            faults(told(world, &project, unknown).await),
            [("/question".to_owned(), Code::UnknownQuestion)]
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn agreement_of_many_answers_is_computed_once_for_all_who_ask() -> Outcome {
    on_each_database(async |world| {
        let project = project(world).await?;
        let ids: Vec<String> = (0..1_700).map(|number| format!("s{number:04}")).collect();
        world.send_samples(&project, &ids.iter().map(|id| sample(id)).collect::<Vec<_>>()).await?;
        let lines: Vec<Value> = ids
            .iter()
            .enumerate()
            .flat_map(|(number, id)| {
                let value = if number % 10 == 0 { "b" } else { "a" };
                [answer(id, "x", "a"), answer(id, "y", value), answer(id, "z", "a")]
            })
            .collect();
        world.send_answers(&project, &lines).await?;
        let ask = || told(world, &project, AgreementFilter::default());
        let (one, other) = tokio::join!(ask(), ask());
        let (one, other) = (one?, other?);
        assert!(Arc::ptr_eq(&one, &other), "nobody computes what somebody is at");
        assert_eq!((one.report.items, one.report.answers), (1_700, 5_100));
        assert_eq!(one.report.percent_agreement.statistic.value, Some(1.0 - 0.1 * 2.0 / 3.0));
        assert!(one.report.krippendorff_alpha.bootstrap95.is_some());
        assert_eq!(one.disputed.len(), 20);
        assert!(Arc::ptr_eq(&one, &ask().await?), "it is kept");
        world.services.finish_background().await;
        Ok(())
    })
    .await
}
