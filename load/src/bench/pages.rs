//! Pages of the big project as the browser gets them from the server.

use std::time::Instant;

use anyhow::{Context, Result};

use super::{
    lab::Lab,
    report::{Figure, Limit},
};
use crate::{
    client::{Client, Request},
    people::{PASSWORD, PROJECT},
    stats::Times,
};

pub(super) async fn measure(lab: &Lab) -> Result<Vec<Figure>> {
    let mut client = lab.client()?;
    let cookie = sign_in(&mut client, &lab.manager.email).await?;
    let mut figures = Vec::new();
    for (name, path) in [("project page", ""), ("queue page", "/annotate"), ("review page", "/review")] {
        let request = Request::get(&format!("/projects/{PROJECT}{path}")).header("cookie", &cookie);
        let mut times = Times::default();
        for _ in 0..lab.size.repetitions() / 3 {
            let started = Instant::now();
            client.send(&request).await?.expect(200)?;
            times.add(started.elapsed());
        }
        figures.push(Figure::new(format!("{name}, median"), times.median(), "ms").goal(Limit::Below(50.0)));
        figures.push(Figure::new(format!("{name}, slowest"), times.percentile(1.0), "ms"));
    }
    Ok(figures)
}

/// By the form, as without JavaScript; the cookie of the session.
pub(super) async fn sign_in(client: &mut Client, email: &str) -> Result<String> {
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("email", email)
        .append_pair("password", PASSWORD)
        .finish();
    let request = Request::post_as("/api/sign_in", "application/x-www-form-urlencoded", form)
        .header("accept", "text/html")
        .header("sec-fetch-site", "same-origin");
    let answer = client.send(&request).await?;
    let status = answer.status;
    answer.cookie.with_context(|| format!("signing in was answered {status} without a cookie"))
}
