//! Which samples the list shows, as its address says. Pure.

use crate::address::{pairs, with_query};
use domain::{answer::Answers, schema::Schema, view::sample::SampleFilter};
use serde::{Deserialize, Serialize};

/// The filter of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// The id or a text holds this.
    pub q: Option<String>,
    /// A stored answer: the question's place in the schema, a colon, the value. Names of questions may hold anything.
    pub label: Option<String>,
    /// The stored label was decided under a schema revision before this one.
    pub schema_below: Option<i32>,
    /// The stored label was decided under a guideline revision before this one.
    pub guideline_below: Option<i32>,
    /// The label changed after this version, a number or a tag; counts only with `changed_to`.
    pub changed_from: Option<String>,
    /// The label changed up to this version.
    pub changed_to: Option<String>,
    /// Where the page of the list begins.
    pub cursor: Option<String>,
}

impl Wanted {
    /// Reads a query without its `?`.
    pub fn parse(query: &str) -> Self {
        let mut wanted = Self::default();
        for (key, value) in pairs(query) {
            let value = Some(value.trim().to_owned()).filter(|value| !value.is_empty());
            match key.as_str() {
                "q" => wanted.q = value,
                "label" => wanted.label = value,
                "schema_below" => wanted.schema_below = number(value),
                "guideline_below" => wanted.guideline_below = number(value),
                "changed_from" => wanted.changed_from = value,
                "changed_to" => wanted.changed_to = value,
                "cursor" => wanted.cursor = value,
                _ => {}
            }
        }
        wanted
    }

    /// Whether the list is narrowed down.
    pub fn is_narrow(&self) -> bool {
        self.q.is_some() || self.label.is_some() || self.is_about_history()
    }

    /// Whether it asks for when or under what a label was decided.
    pub fn is_about_history(&self) -> bool {
        self.schema_below.is_some() || self.guideline_below.is_some() || self.changed().is_some()
    }

    /// The versions between which the label changed.
    pub fn changed(&self) -> Option<[String; 2]> {
        Some([self.changed_from.clone()?, self.changed_to.clone()?])
    }

    /// The page of `slug` that lists this, from its beginning.
    pub fn path(&self, slug: &str) -> String {
        let (schema, guideline) = (text(self.schema_below), text(self.guideline_below));
        let pairs = [
            ("q", self.q.as_deref()),
            ("label", self.label.as_deref()),
            ("schema_below", schema.as_deref()),
            ("guideline_below", guideline.as_deref()),
            ("changed_from", self.changed_from.as_deref()),
            ("changed_to", self.changed_to.as_deref()),
        ];
        with_query(
            &format!("/projects/{slug}/samples"),
            pairs.into_iter().filter_map(|(key, value)| Some((key, value?))),
        )
    }

    /// The use cases' filter; none where the label is no option of the schema.
    pub fn filter(&self, schema: &Schema) -> Option<SampleFilter> {
        let label = match &self.label {
            None => None,
            Some(text) => Some(answer(schema, text)?),
        };
        Some(SampleFilter {
            label,
            schema_revision_below: self.schema_below,
            guideline_revision_below: self.guideline_below,
            changed_between: self.changed(),
            metadata: None,
            q: self.q.clone(),
        })
    }
}

fn number(value: Option<String>) -> Option<i32> {
    value?.parse().ok()
}

fn text(number: Option<i32>) -> Option<String> {
    number.map(|number| number.to_string())
}

fn answer(schema: &Schema, text: &str) -> Option<Answers> {
    let (place, value) = text.split_once(':')?;
    let question = schema.questions.get(place.parse::<usize>().ok()?)?;
    let option = question.option(value)?;
    Some(Answers([(question.name.clone(), option.value.clone().into())].into()))
}

#[cfg(test)]
mod tests {
    use super::Wanted;
    use domain::schema::Schema;
    use serde_json::json;

    #[test]
    fn a_label_is_found_by_its_question_s_place() -> Result<(), serde_json::Error> {
        let schema: Schema = serde_json::from_value(json!({
            "fields": [{"name": "text", "kind": "text"}],
            "questions": [{"name": "a:b", "kind": "choice", "options": [{"value": "x:y"}, {"value": "z"}]}],
        }))?;
        let wanted = Wanted::parse("q=+card+&label=0%3Ax%3Ay&cursor=");
        assert_eq!(wanted.path("s"), "/projects/s/samples?q=card&label=0%3Ax%3Ay");
        let label = wanted.filter(&schema).and_then(|filter| filter.label);
        assert_eq!(label.as_ref().and_then(|label| label.choice("a:b")), Some("x:y"));
        assert!(Wanted::parse("label=0:q").filter(&schema).is_none());
        assert!(Wanted::parse("label=7:z").filter(&schema).is_none());
        Ok(())
    }

    #[test]
    fn what_was_decided_when_comes_back_from_the_address() {
        let query = "schema_below=2&guideline_below=3&changed_from=prod&changed_to=4";
        let wanted = Wanted::parse(query);
        assert_eq!(wanted.path("s"), format!("/projects/s/samples?{query}"));
        assert!(wanted.is_narrow());
        let half = Wanted::parse("changed_from=1&guideline_below=x");
        assert!(!half.is_narrow(), "one version alone is between no two");
    }

    #[test]
    fn it_asks_the_use_case_for_the_same() -> Result<(), serde_json::Error> {
        let schema: Schema = serde_json::from_value(json!({"fields": [], "questions": []}))?;
        let filter = Wanted::parse("guideline_below=3&changed_from=1&changed_to=2").filter(&schema);
        let filter = filter.unwrap_or_default();
        assert_eq!((filter.guideline_revision_below, filter.schema_revision_below), (Some(3), None));
        assert_eq!(filter.changed_between, Some(["1".to_owned(), "2".to_owned()]));
        Ok(())
    }
}
