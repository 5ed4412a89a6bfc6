//! A claim for somebody who has already answered what stands at the top of the queue, against anybody's.

use anyhow::Result;
use futures::future::try_join_all;

use super::{
    lab::{Annotator, Lab, TOP},
    report::{Figure, Limit},
};

const MOST_CLAIMED: usize = 50;
/// So many answers of the diligent person are on their way at once.
const CONNECTIONS: usize = 25;

pub(super) async fn measure(lab: &Lab) -> Result<Vec<Figure>> {
    let (answered, count) = (lab.size.answered(), lab.size.repetitions());
    lab.import(TOP, 0, answered + 4 * count).await?;
    let (diligent, other) = (&lab.annotators[0], &lab.annotators[1]);
    let mut hands = Vec::new();
    for _ in 0..CONNECTIONS {
        hands.push(Annotator::new(lab.client()?, diligent, TOP));
    }
    for _ in 0..answered / MOST_CLAIMED {
        let leases = hands[0].claim(MOST_CLAIMED).await?;
        try_join_all(hands.iter_mut().enumerate().map(|(hand, annotator)| {
            let share = leases.iter().skip(hand).step_by(CONNECTIONS);
            async move {
                for lease in share {
                    annotator.submit(lease).await?;
                }
                anyhow::Ok(())
            }
        }))
        .await?;
    }
    let ordinary = Annotator::new(lab.client()?, other, TOP).time_claims(count).await?.median();
    let after = hands[0].time_claims(count).await?.median();
    let name = format!("claim after answering the top {answered}, median");
    Ok(vec![Figure::new(name, after, "ms").against("anybody's claim", ordinary, Limit::Below(2.0))])
}
