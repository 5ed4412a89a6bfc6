//! A page whose address asks for something that cannot be: which parameter, what is wrong with it, and the way back.

use crate::{
    address::{pairs, with_query},
    components::title::Title,
    i18n::{I18n, tu_string, use_i18n},
    refusal_text,
};
use domain::problem::{Code, Fault};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// A way back that is another than the same page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Back {
    /// The address.
    pub href: String,
    /// What people read.
    pub text: &'static str,
}

/// The parameters of an address that these places name, each with what is wrong with it.
pub fn wrong_parameters(faults: &[Fault]) -> Vec<(String, Code)> {
    let parameter = |fault: &Fault| {
        let name = fault.pointer.as_deref()?.strip_prefix('/')?;
        (!name.is_empty() && !name.contains('/')).then(|| (name.to_owned(), fault.code))
    };
    faults.iter().filter_map(parameter).collect()
}

/// What is wrong with the address of this page.
#[component]
pub fn WrongAddress(
    wrong: Vec<(String, Code)>,
    #[prop(optional_no_strip)] back: Option<Back>,
) -> impl IntoView {
    let i18n = use_i18n();
    let here = use_location();
    let query = here.search.with_untracked(|query| pairs(query.trim_start_matches('?')));
    let back = back.unwrap_or_else(|| {
        let is_right = |(name, _): &&(String, String)| wrong.iter().all(|(other, _)| other != name);
        let right = query.iter().filter(is_right).map(|(name, value)| (name.as_str(), value.as_str()));
        let href = here.pathname.with_untracked(|path| with_query(path, right));
        Back { href, text: tu_string!(i18n, common.error.address_without) }
    });
    let one = |(name, code): &(String, Code)| {
        let value = query.iter().find(|(known, _)| known == name).map(|(_, value)| clipped(value));
        let said = value.map_or_else(|| name.clone(), |value| format!("{name}={value}"));
        let text = wrong_text(i18n, name, *code);
        view! { <li><code class="state-value" dir="auto">{said}</code> " " {text}</li> }
    };
    let title = tu_string!(i18n, common.error.address);
    view! {
        <Title page=title />
        <section class="state state-problem">
            <h1 class="state-title">{title}</h1>
            <ul class="state-text">{wrong.iter().map(one).collect_view()}</ul>
            <p class="form-buttons">
                <a class="button button-primary" href=back.href>{back.text}</a>
                <a class="button" href="/" rel="external">{tu_string!(i18n, common.error.to_projects)}</a>
            </p>
        </section>
    }
}

/// As much of a value as tells which one it is.
fn clipped(value: &str) -> String {
    const MOST: usize = 80;
    match value.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", &value[..at]),
        None => value.to_owned(),
    }
}

fn wrong_text(i18n: I18n, name: &str, code: Code) -> &'static str {
    match (name, code) {
        (_, Code::Missing) => tu_string!(i18n, common.error.address_missing),
        ("from" | "to", Code::Invalid) => tu_string!(i18n, common.error.address_date),
        ("to", Code::OutOfRange) => tu_string!(i18n, common.error.address_order),
        ("cursor" | "earlier", Code::Invalid) => tu_string!(i18n, common.error.address_cursor),
        ("b", Code::Invalid) => tu_string!(i18n, common.error.address_pair),
        (_, Code::Invalid) => tu_string!(i18n, common.error.address_value),
        (_, code) => refusal_text::of(i18n, code),
    }
}

#[cfg(test)]
mod tests {
    use super::{clipped, wrong_parameters};
    use domain::problem::{Code, Fault};

    #[test]
    fn only_whole_parameters_are_told() {
        let faults = ["/level", "", "/", "/settings/queue"].map(|at| Fault::at(at, Code::Invalid, ""));
        assert_eq!(wrong_parameters(&faults), [("level".to_owned(), Code::Invalid)]);
    }

    #[test]
    fn a_long_value_is_clipped_between_characters() {
        assert_eq!(clipped("foo"), "foo");
        assert_eq!(clipped(&"가".repeat(81)), format!("{}…", "가".repeat(80)));
    }
}
