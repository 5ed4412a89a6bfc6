//! A few numbers in Prometheus' text format. Counters live in this process; nothing here asks the database.

use std::{
    fmt::Write,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// Prometheus' text format.
pub(crate) const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Answers by class of status, from 1xx to 5xx.
#[derive(Debug, Default)]
pub struct Requests([AtomicU64; 5]);

impl Requests {
    /// Counts one answer.
    pub(crate) fn add(&self, status: u16) {
        let class = usize::from(status / 100).saturating_sub(1);
        if let Some(counter) = self.0.get(class) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Everything, as Prometheus reads it.
    pub(crate) fn text(&self, uptime: Duration) -> String {
        let mut text = String::new();
        let version = env!("CARGO_PKG_VERSION");
        let mut line = |line: &str| {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{line}");
        };
        line("# HELP relabel_build_info The running release.");
        line("# TYPE relabel_build_info gauge");
        line(&format!("relabel_build_info{{version=\"{version}\"}} 1"));
        line("# HELP relabel_uptime_seconds Time since the server started.");
        line("# TYPE relabel_uptime_seconds gauge");
        line(&format!("relabel_uptime_seconds {:.3}", uptime.as_secs_f64()));
        line("# HELP relabel_http_responses_total Answers by class of status.");
        line("# TYPE relabel_http_responses_total counter");
        for (index, counter) in self.0.iter().enumerate() {
            let count = counter.load(Ordering::Relaxed);
            line(&format!("relabel_http_responses_total{{class=\"{}xx\"}} {count}", index + 1));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::Requests;
    use std::time::Duration;

    #[test]
    fn answers_are_counted_by_class() {
        let requests = Requests::default();
        for status in [200, 204, 404, 503, 999] {
            requests.add(status);
        }
        let text = requests.text(Duration::from_millis(1500));
        assert!(text.contains("relabel_http_responses_total{class=\"2xx\"} 2\n"));
        assert!(text.contains("relabel_http_responses_total{class=\"4xx\"} 1\n"));
        assert!(text.contains("relabel_uptime_seconds 1.500\n"));
    }
}
