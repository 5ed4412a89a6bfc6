//! The methods by name, and how much each of them may allocate.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::inference::Inference;
use super::{dawid_skene, glad, mace, one_coin, robust};
use crate::agreement::Ratings;
use crate::settings::ConsensusMethod;

/// The most numbers that a method may hold at once, for items and for annotators: half a gigabyte each.
const MOST_NUMBERS: u64 = 1 << 26;

/// A way of inferring the true labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = TruthMethod))]
pub enum Method {
    Majority,
    DawidSkene,
    OneCoin,
    Mace,
    Glad,
    #[default]
    Robust,
}

impl From<ConsensusMethod> for Method {
    fn from(method: ConsensusMethod) -> Self {
        match method {
            ConsensusMethod::Majority => Self::Majority,
            ConsensusMethod::DawidSkene => Self::DawidSkene,
            ConsensusMethod::Robust => Self::Robust,
        }
    }
}

/// Why a method that models annotators was not used: its tables would not fit into memory. [`Method::Majority`]
/// always works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{labels} labels among {items} items and {annotators} annotators are too many for this method")]
pub struct TooManyLabels {
    pub items: u64,
    pub annotators: u64,
    pub labels: u64,
}

impl Method {
    pub const ALL: [Self; 6] =
        [Self::Majority, Self::DawidSkene, Self::OneCoin, Self::Mace, Self::Glad, Self::Robust];

    /// The stable name, the same as in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Majority => "majority",
            Self::DawidSkene => "dawid_skene",
            Self::OneCoin => "one_coin",
            Self::Mace => "mace",
            Self::Glad => "glad",
            Self::Robust => "robust",
        }
    }

    /// Infers the labels of all items of `ratings`.
    ///
    /// Anna and Ben always agree, Cleo contradicts them on half of the items. On the last item Anna and Cleo differ:
    /// the majority is tied and takes the first label, and who knows the three takes Anna's.
    ///
    /// ```
    /// use domain::agreement::{Ratings, RatingsError};
    /// use domain::truth::Method;
    ///
    /// let rows = [("Anna", "xxxxyyyyy"), ("Ben", "xxxxyyyy"), ("Cleo", "yxyxxyxyx")];
    /// let ratings = Ratings::from_answers(rows.iter().flat_map(|(who, row)| {
    ///     row.char_indices().map(move |(item, label)| (item, *who, label.to_string()))
    /// }))?;
    /// let last = |method: Method| method.infer(&ratings).ok().and_then(|found| found.labels().last().copied());
    /// assert_eq!(last(Method::Majority), Some(0));
    /// assert_eq!(last(Method::Robust), Some(1));
    /// # Ok::<(), RatingsError>(())
    /// ```
    pub fn infer(self, ratings: &Ratings) -> Result<Inference, TooManyLabels> {
        if self != Self::Majority {
            fits(ratings)?;
        }
        Ok(match self {
            Self::Majority => Inference::of_majority(ratings),
            Self::DawidSkene => Inference::of_fit(self, ratings, dawid_skene::fit(ratings)),
            Self::OneCoin => Inference::of_fit(self, ratings, one_coin::fit(ratings)),
            Self::Mace => {
                let (fitted, habits) = mace::fit(ratings);
                Inference::of_mace(ratings, fitted, habits)
            }
            Self::Glad => Inference::of_glad(ratings, glad::fit(ratings)),
            Self::Robust => {
                let (fitted, pooled) = robust::fit(ratings);
                Inference::of_robust(ratings, fitted, pooled)
            }
        })
    }
}

fn fits(ratings: &Ratings) -> Result<(), TooManyLabels> {
    let [items, annotators, labels] =
        [ratings.item_count(), ratings.annotators().len() as u64, ratings.labels().len() as u64];
    let for_items = items.saturating_mul(labels);
    let for_annotators = annotators.saturating_mul(labels).saturating_mul(labels);
    if for_items.max(for_annotators) > MOST_NUMBERS {
        return Err(TooManyLabels { items, annotators, labels });
    }
    Ok(())
}
