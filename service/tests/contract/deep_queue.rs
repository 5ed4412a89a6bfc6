//! Whoever has answered the top of a queue goes on below it, and still sees what becomes free or urgent above.

use super::{
    queue::{choose, claim, ids},
    support::{Outcome, World, on_each_database, samples::predicted},
};
use domain::{access::Role, name::Slug};
use serde_json::json;
use service::{Actor, Result};

/// A queue of s000 to s057, all alike. Somebody answered s000 to s053, more than every claim looks at, but for s052, which
/// they gave back; they hold s054.
async fn deep(world: &World) -> Result<(Slug, Actor)> {
    let queue = json!({"target": "both", "audit_rate": 0.0, "overlap": 3, "lease_seconds": 900});
    let project = world.project_with("p", json!({ "queue": queue })).await?;
    let samples: Vec<_> = (0..58).map(|n| predicted(&format!("s{n:03}"), 0.6)).collect();
    world.import(&project, &samples).await?;
    for name in ["bea", "cho"] {
        world.member(&project, name, Role::Annotator).await?;
    }
    let ann = world.member(&project, "ann", Role::Annotator).await?;
    for item in claim(world, &ann, &project, 50).await?.tasks {
        world.services.annotations().submit(&ann, &item.lease, choose("a")).await?;
    }
    for (n, held) in [(50, 1), (51, 2)] {
        let claimed = claim(world, &ann, &project, held).await?;
        assert_eq!(ids(&claimed)[0], format!("s{n:03}"));
        world.services.annotations().submit(&ann, &claimed.tasks[0].lease, choose("a")).await?;
    }
    let claimed = claim(world, &ann, &project, 2).await?;
    assert_eq!(ids(&claimed), ["s052", "s053"]);
    world.services.queue().release(&ann, &claimed.tasks[0].lease).await?;
    world.services.annotations().submit(&ann, &claimed.tasks[1].lease, choose("a")).await?;
    assert_eq!(ids(&claim(world, &ann, &project, 1).await?), ["s054"], "the search goes on below");
    Ok((project, ann))
}

#[tokio::test]
async fn what_became_free_above_is_served_after_a_minute() -> Outcome {
    on_each_database(async |world| {
        let (project, ann) = deep(world).await?;
        assert_eq!(ids(&claim(world, &ann, &project, 2).await?), ["s054", "s055"]);
        world.clock.advance_seconds(60);
        assert_eq!(ids(&claim(world, &ann, &project, 3).await?), ["s054", "s055", "s052"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_became_free_above_is_served_at_once_where_nothing_is_left_below() -> Outcome {
    on_each_database(async |world| {
        let (project, ann) = deep(world).await?;
        let all = claim(world, &ann, &project, 10).await?;
        assert_eq!(ids(&all), ["s054", "s052", "s055", "s056", "s057"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_becomes_urgent_is_served_at_once() -> Outcome {
    on_each_database(async |world| {
        let (project, ann) = deep(world).await?;
        world.send_feedback(&project, &[json!({"id": "s057", "kind": "wrong"})]).await?;
        assert_eq!(ids(&claim(world, &ann, &project, 2).await?), ["s054", "s057"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_became_free_in_a_sort_that_was_done_is_served_when_the_other_is_done_too() -> Outcome {
    on_each_database(async |world| {
        let (project, ann) = deep(world).await?;
        let all = claim(world, &ann, &project, 10).await?;
        assert_eq!(ids(&all).len(), 5);
        assert_eq!(claim(world, &ann, &project, 6).await?.tasks.len(), 5, "nothing else is free");
        world.services.queue().release(&ann, &all.tasks[1].lease).await?;
        let mut suspect = predicted("suspect", 0.99);
        suspect["label"] = json!({"intent": "b"});
        world.import(&project, &[suspect]).await?;
        assert_eq!(
            ids(&claim(world, &ann, &project, 7).await?),
            ["s054", "s055", "s056", "s057", "suspect", "s052"]
        );
        Ok(())
    })
    .await
}
