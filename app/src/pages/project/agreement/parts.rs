//! Agreement part by part: over time, by reason, model and guideline. Each part leads to the page about it alone.

use super::{
    Filter, number,
    statistics::{Unit, Value},
};
use crate::{
    components::{badge::reason_text, range::RangePicture},
    i18n::{I18n, tu_string, use_i18n},
};
use domain::{
    signal::SignalKind,
    view::agreement::{Part, Parts, Period},
};
use leptos::prelude::*;

#[component]
pub(super) fn PartByPart(slug: String, filter: Filter, parts: Parts) -> impl IntoView {
    let i18n = use_i18n();
    let to = |filter: Filter| Some(filter.address(&slug));
    let head = match parts.period {
        Period::Day => tu_string!(i18n, agreement.parts.day),
        Period::Week => tu_string!(i18n, agreement.parts.week),
        Period::Month => tu_string!(i18n, agreement.parts.month),
    };
    // Where the next part begins, this one ends; what lies between two parts has no answers.
    let time = parts.time.into_iter().map(|part| (part.key.clone().unwrap_or_default(), None, part));
    let time = Rows { title: tu_string!(i18n, agreement.parts.time), head, rows: time.collect() };
    let reason = Rows {
        title: tu_string!(i18n, agreement.parts.reason),
        head: tu_string!(i18n, agreement.reason),
        rows: rows(parts.reason, |key| {
            let text = SignalKind::parse(key).map_or(key, |kind| reason_text(i18n, kind));
            (text.to_owned(), to(Filter { reason: key.to_owned(), ..filter.clone() }))
        }),
    };
    let model = Rows {
        title: tu_string!(i18n, agreement.parts.model),
        head: tu_string!(i18n, agreement.model),
        rows: rows(parts.model, |key| match key {
            "" => (tu_string!(i18n, agreement.parts.no_model).to_owned(), None),
            key => (key.to_owned(), to(Filter { model: key.to_owned(), ..filter.clone() })),
        }),
    };
    let guideline = Rows {
        title: tu_string!(i18n, agreement.parts.guideline),
        head: tu_string!(i18n, agreement.guideline),
        rows: rows(parts.guideline_revision, |key| {
            let alone = Filter { guideline_revision: key.to_owned(), ..filter.clone() };
            (key.to_owned(), to(alone))
        }),
    };
    // A single part is the whole.
    let shown = [time, reason, model, guideline].into_iter().filter(|part| part.rows.len() > 1);
    shown.map(|part| part.view(i18n)).collect_view()
}

/// One table: its title, what its first column is, and by row the text, the address and the part.
struct Rows {
    title: &'static str,
    head: &'static str,
    rows: Vec<(String, Option<String>, Part)>,
}

fn rows(
    parts: Vec<Part>,
    named: impl Fn(&str) -> (String, Option<String>),
) -> Vec<(String, Option<String>, Part)> {
    let row = |part: Part| {
        let (text, address) = named(part.key.as_deref().unwrap_or_default());
        (text, address, part)
    };
    parts.into_iter().map(row).collect()
}

impl Rows {
    fn view(self, i18n: I18n) -> impl IntoView {
        let row = |(text, address, part): (String, Option<String>, Part)| {
            let name = match address {
                Some(address) => view! { <a href=address>{text}</a> }.into_any(),
                None => text.into_any(),
            };
            let items = tu_string!(
                i18n,
                agreement.parts.of_items,
                shared = number(part.coverage.shared_items),
                items = number(part.coverage.items)
            );
            view! {
                <tr>
                    <th scope="row">{name}</th>
                    <td class="number">{items.to_string()}</td>
                    <td><Value statistic=part.percent_agreement unit=Unit::Share /></td>
                    <td><Value statistic=part.krippendorff_alpha unit=Unit::Coefficient /></td>
                    <td class="part-picture"><RangePicture value=part.krippendorff_alpha.value ci95=part.krippendorff_alpha.ci95 /></td>
                </tr>
            }
        };
        view! {
            <section class="section section-wide">
                <h2 class="section-title">{self.title}</h2>
                <div class="table-box" tabindex="0">
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">{self.head}</th>
                                <th class="number" scope="col">{tu_string!(i18n, agreement.parts.compared)}</th>
                                <th scope="col">{tu_string!(i18n, agreement.percent.name)}</th>
                                <th scope="col">{tu_string!(i18n, agreement.alpha.name)}</th>
                                <td></td>
                            </tr>
                        </thead>
                        <tbody>{self.rows.into_iter().map(row).collect_view()}</tbody>
                    </table>
                </div>
            </section>
        }
    }
}
