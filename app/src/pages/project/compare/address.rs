//! What the address of the comparison says: which two versions, and which of the labels between them are listed. Pure.

use crate::address::{pairs, with_query};
use domain::view::diff::{DiffEffect, DiffFilter, DiffReason};

/// What an address asks for. What cannot be read is left out, as if it were not there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Address {
    /// The earlier side: a number, a tag, or 0.
    pub from: Option<String>,
    /// The later side; the newest version where absent.
    pub to: Option<String>,
    /// Which labels are listed.
    pub filter: DiffFilter,
    /// Where the page of the list begins.
    pub cursor: Option<String>,
}

impl Address {
    /// Reads a query without its `?`.
    pub fn parse(query: &str) -> Self {
        let mut address = Self::default();
        let answer = |value: String| Some((!value.is_empty()).then_some(value));
        for (key, value) in pairs(query) {
            let filter = &mut address.filter;
            match key.as_str() {
                "before" => filter.before = answer(value),
                "after" => filter.after = answer(value),
                _ if value.trim().is_empty() => {}
                "from" => address.from = Some(value.trim().to_owned()),
                "to" => address.to = Some(value.trim().to_owned()),
                "effect" => filter.effect = DiffEffect::parse(&value),
                "reason" => filter.reason = DiffReason::parse(&value),
                "annotator" => filter.annotator = Some(value),
                "question" => filter.question = Some(value),
                "cursor" => address.cursor = Some(value),
                _ => {}
            }
        }
        if address.filter.question.is_none() {
            (address.filter.before, address.filter.after) = (None, None);
        }
        address
    }

    /// The page that lists the labels of `filter` between the same versions.
    pub fn path(slug: &str, (from, to): (i64, i64), filter: &DiffFilter) -> String {
        let (from, to) = (from.to_string(), to.to_string());
        let reason = filter.reason.map(|reason| match reason {
            DiffReason::Of(kind) => kind.as_str(),
            DiffReason::None => DiffReason::NONE,
        });
        let answer = |wanted: &'_ Option<Option<String>>| wanted.clone().map(Option::unwrap_or_default);
        let (before, after) = (answer(&filter.before), answer(&filter.after));
        let query = [
            ("from", Some(from.as_str())),
            ("to", Some(to.as_str())),
            ("effect", filter.effect.map(DiffEffect::as_str)),
            ("reason", reason),
            ("annotator", filter.annotator.as_deref()),
            ("question", filter.question.as_deref()),
            ("before", before.as_deref()),
            ("after", after.as_deref()),
        ];
        let query = query.into_iter().filter_map(|(key, value)| Some((key, value?)));
        with_query(&format!("/projects/{slug}/compare"), query)
    }
}

#[cfg(test)]
mod tests {
    use super::Address;
    use domain::view::diff::{DiffEffect, DiffFilter, DiffReason};

    #[test]
    fn an_address_is_read_as_it_was_written() {
        let filter = DiffFilter {
            effect: Some(DiffEffect::Removed),
            reason: Some(DiffReason::None),
            annotator: Some("a+b@example.org".to_owned()),
            question: Some("intent".to_owned()),
            before: Some(Some("카드 & 배송".to_owned())),
            after: Some(None),
        };
        let path = Address::path("p", (1, 3), &filter);
        let (_, query) = path.split_once('?').unwrap_or_default();
        let address = Address::parse(query);
        assert_eq!((address.from.as_deref(), address.to.as_deref()), (Some("1"), Some("3")));
        assert_eq!(address.filter, filter);
    }

    #[test]
    fn what_an_address_cannot_mean_is_left_out() {
        let address = Address::parse("from=&to=prod&effect=gone&reason=&before=a&cursor=");
        assert_eq!((address.from, address.to.as_deref()), (None, Some("prod")));
        assert_eq!(address.filter, DiffFilter::default());
    }
}
