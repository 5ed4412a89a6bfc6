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
                "cursor" => wanted.cursor = value,
                _ => {}
            }
        }
        wanted
    }

    /// Whether the list is narrowed down.
    pub fn is_narrow(&self) -> bool {
        self.q.is_some() || self.label.is_some()
    }

    /// The page of `slug` that lists this, from its beginning.
    pub fn path(&self, slug: &str) -> String {
        let pairs = [("q", self.q.as_deref()), ("label", self.label.as_deref())];
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
        Some(SampleFilter { q: self.q.clone(), label, ..SampleFilter::default() })
    }
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
}
