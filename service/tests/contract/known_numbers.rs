//! How many tasks wait, and what an empty queue serves: nothing in it tells known-answer tasks from others.

use super::{
    known_answers::{mark_first, project, submit},
    queue::claim,
};
use crate::support::{Outcome, on_each_database};
use domain::access::Role;
use serde_json::json;

#[tokio::test]
async fn what_waits_falls_by_one_with_every_task_whatever_it_is() -> Outcome {
    on_each_database(async |world| {
        let settings = json!({"quality": {"known_answer_rate": 0.5}});
        let (project, manager) = project(world, settings, (12, 8)).await?;
        mark_first(world, &manager, &project, 8).await?;
        let ann = world.member(&project, "ann", Role::Annotator).await?;
        let mut waiting = 20;
        loop {
            let claimed = claim(world, &ann, &project, 1).await?;
            let item = claimed.tasks.first().ok_or("the queue ends without a word")?;
            submit(world, &ann, item, "a").await?;
            let now = world.services.annotations().progress(&ann, &project).await?.waiting;
            assert_eq!(now, claimed.remaining);
            if now == 0 {
                break;
            }
            waiting -= 1;
            assert_eq!(now, waiting, "after {}", item.sample.id);
        }
        // All that is left are known answers, and nobody is asked for those alone.
        let claimed = claim(world, &ann, &project, 20).await?;
        assert_eq!((claimed.tasks.len(), claimed.remaining), (0, 0));
        let ordinary =
            "SELECT COUNT(*) FROM slots s JOIN tasks t ON t.id = s.task_id WHERE t.state <> 'known'";
        assert_eq!(world.number(ordinary).await?, 12);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_claim_of_many_takes_known_answers_only_beside_others() -> Outcome {
    on_each_database(async |world| {
        let settings = json!({"quality": {"known_answer_rate": 1.0}});
        let (project, manager) = project(world, settings, (1, 3)).await?;
        mark_first(world, &manager, &project, 3).await?;
        let ann = world.member(&project, "ann", Role::Annotator).await?;
        let first = claim(world, &ann, &project, 2).await?;
        assert_eq!((first.tasks.len(), first.remaining), (2, 2));
        let second = claim(world, &ann, &project, 4).await?;
        assert_eq!((second.tasks.len(), second.remaining), (4, 0));
        world.services.queue().release(&ann, &first.tasks[0].lease).await?;
        world.services.queue().release(&ann, &first.tasks[1].lease).await?;
        let again = claim(world, &ann, &project, 4).await?;
        assert_eq!((again.tasks.len(), again.remaining), (2, 0), "nothing ordinary is free");
        Ok(())
    })
    .await
}
