//! Truth inference: what many annotators' answers to many items say about each item's label and about each of them.
//!
//! [`Method::infer`] reads one [`Ratings`](crate::agreement::Ratings) and gives an [`Inference`]: by item the
//! probability of each label, and what was learned of the annotators. With that, [`Crowd`] judges a single item anew,
//! and says what each answer to it is worth. Each method has a file with its model, assumptions and source;
//! `docs/consensus.md` compares them.
//!
//! What one task's answers say by themselves is [`crate::consensus`]. Nothing here decides anything about a task, knows
//! of people beyond their index, or gives a number that is not finite. The same answers always give the same result:
//! what is random comes from fixed seeds.

mod beliefs;
mod coins;
mod crowd;
mod dawid_skene;
mod em;
mod glad;
mod inference;
mod mace;
mod majority;
mod method;
mod one_coin;
mod pooling;
mod posterior;
mod random;
mod robust;
pub mod simulated;
mod special;

pub use crowd::{Crowd, Said, Voice};
pub use inference::{Inference, Parameters};
pub use method::{Method, TooManyLabels};
pub use posterior::{LabelShare, Posterior, Posteriors};
