//! What the address of the review page says: which tasks are listed, in which order, from where. Pure.

use crate::address::{pairs, with_query};
use domain::{
    id::{ChangeSetId, TaskId},
    signal::SignalKind,
    task::TaskState,
    view::review::{ReviewFilter, ReviewOrder},
};
use std::borrow::Cow;

/// The list that an address asks for. What cannot be read is left out, as if it were not there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Address {
    /// Which tasks, in which order.
    pub filter: ReviewFilter,
    /// Where the page of the list begins.
    pub cursor: Option<String>,
}

/// Every order with its name in the address.
pub const ORDERS: [(ReviewOrder, &str); 3] = [
    (ReviewOrder::Disagreement, "disagreement"),
    (ReviewOrder::Priority, "priority"),
    (ReviewOrder::Oldest, "oldest"),
];

impl Address {
    /// Reads a query without its `?`.
    pub fn parse(query: &str) -> Self {
        let mut address = Self::default();
        for (key, value) in pairs(query).into_iter().filter(|(_, value)| !value.is_empty()) {
            let filter = &mut address.filter;
            match key.as_str() {
                "state" => filter.state = TaskState::parse(&value),
                "order" => {
                    filter.order = ORDERS.iter().find(|(_, name)| *name == value).map(|(order, _)| *order)
                }
                "pair" if filter.pair.len() < 2 && !filter.pair.contains(&value) => filter.pair.push(value),
                "annotator" => filter.annotator = Some(value.trim().to_owned()),
                "reason" => filter.reason = SignalKind::parse(&value),
                "change_set" => filter.change_set = value.parse().ok().map(ChangeSetId),
                "cursor" => address.cursor = Some(value),
                _ => {}
            }
        }
        address
    }

    /// The state that is listed.
    pub fn state(&self) -> TaskState {
        self.filter.state.unwrap_or(TaskState::InReview)
    }

    /// The order that is listed in: conflicts first, unless the address says otherwise.
    pub fn order(&self) -> ReviewOrder {
        self.filter.order.unwrap_or(ReviewOrder::Disagreement)
    }

    /// Whether the list is narrowed down beyond its state.
    pub fn is_narrow(&self) -> bool {
        let filter = &self.filter;
        !filter.pair.is_empty()
            || filter.annotator.is_some()
            || filter.reason.is_some()
            || filter.change_set.is_some()
    }

    /// The query that [`Address::parse`] reads as this.
    pub fn query(&self) -> String {
        let pairs: Vec<_> = self.pairs().collect();
        let path = with_query("", pairs.iter().map(|(key, value)| (*key, value.as_ref())));
        path.strip_prefix('?').unwrap_or_default().to_owned()
    }

    /// The page of `slug` that lists this and shows `task`.
    pub fn path(&self, slug: &str, task: Option<TaskId>) -> String {
        let task = task.map(|task| task.to_string());
        let task = task.as_deref().map(|task| ("task", task));
        let pairs: Vec<_> = self.pairs().collect();
        let pairs = pairs.iter().map(|(key, value)| (*key, value.as_ref()));
        with_query(&format!("/projects/{slug}/review"), pairs.chain(task))
    }

    fn pairs(&self) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
        let order = self.filter.order.and_then(|order| ORDERS.iter().find(|(one, _)| *one == order));
        let single = [
            ("state", self.filter.state.map(TaskState::as_str)),
            ("order", order.map(|(_, name)| *name)),
            ("annotator", self.filter.annotator.as_deref()),
            ("reason", self.filter.reason.map(SignalKind::as_str)),
            ("cursor", self.cursor.as_deref()),
        ];
        let single = single.into_iter().filter_map(|(key, value)| Some((key, Cow::Borrowed(value?))));
        let set = self.filter.change_set.map(|set| ("change_set", set.to_string().into()));
        let pair = self.filter.pair.iter().map(|value| ("pair", value.as_str().into()));
        single.chain(set).chain(pair)
    }

    /// The same list of tasks in another state, from its beginning.
    #[must_use]
    pub fn in_state(&self, state: TaskState) -> Self {
        Self { filter: ReviewFilter { state: Some(state), ..self.filter.clone() }, cursor: None }
    }
}

/// The number that an address gives for `key`, such as the task to show.
pub fn number(query: &str, key: &str) -> Option<i64> {
    pairs(query).into_iter().find(|(name, _)| name == key).and_then(|(_, value)| value.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::Address;
    use domain::{id::TaskId, task::TaskState};

    #[test]
    fn an_address_is_read_as_it_was_written() {
        let address = Address::parse(
            "state=approved&order=oldest&pair=a%26b&pair=%EC%B9%B4%EB%93%9C&annotator=+a%40b.c&reason=audit&change_set=7",
        );
        assert_eq!(address.filter.pair, ["a&b", "카드"]);
        assert_eq!(Address::parse(&address.query()), address);
        assert_eq!(address.state(), TaskState::Approved);
    }

    #[test]
    fn what_an_address_cannot_mean_is_left_out() {
        let address = Address::parse("state=gone&order=&pair=a&pair=a&pair=b&pair=c&task=7");
        assert_eq!((address.filter.state, address.filter.order), (None, None));
        assert_eq!(address.filter.pair, ["a", "b"]);
        assert_eq!(Address::default().path("s", Some(TaskId(7))), "/projects/s/review?task=7");
    }
}
