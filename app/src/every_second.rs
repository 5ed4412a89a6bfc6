//! Something that is done again every second, in the browser, for as long as it makes sense.

use leptos::{leptos_dom::helpers::IntervalHandle, prelude::*};
use std::time::Duration;

/// Does `work` every second while `wanted`; stops when the page is left.
pub fn every_second(wanted: Signal<bool>, work: impl Fn() + Copy + 'static) {
    let running = StoredValue::new(None::<IntervalHandle>);
    let stop = move || {
        if let Some(handle) = running.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    };
    Effect::new(move |_| {
        let wanted = wanted.get();
        if wanted && running.with_value(Option::is_none) {
            // Where the browser has no timers nothing is done again.
            running.set_value(set_interval_with_handle(work, Duration::from_secs(1)).ok());
        } else if !wanted {
            stop();
        }
    });
    on_cleanup(stop);
}
