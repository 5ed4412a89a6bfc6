//! Several servers on one PostgreSQL database, behind a proxy: they start at once, and each knows what another was told.

use crate::{
    command_line::{Serving, done, listening, relabel},
    site::{Answer, fresh_database, send},
};
use reqwest::Client;
use std::{path::Path, thread};

const SERVERS: usize = 3;
/// So many attempts from one address are taken.
const ATTEMPTS: usize = 30;

/// Servers with a data folder each, started at the same moment on a database that has nothing in it.
fn started(folder: &Path, database: &str) -> Vec<Serving> {
    let starting: Vec<_> = (0..SERVERS)
        .map(|n| {
            let mut command = relabel(&folder.join(n.to_string()));
            command.env("RELABEL_DATABASE_URL", database).env("RELABEL_TRUSTED_PROXIES", "127.0.0.0/8");
            command.args(["serve", "--addr", "127.0.0.1:0"]);
            thread::spawn(move || listening(command))
        })
        .collect();
    starting.into_iter().map(|server| server.join().unwrap()).collect()
}

/// Tries to sign in from this address, as the proxy tells it.
async fn sign_in(client: &Client, server: &Serving, address: &str, email: &str) -> Answer {
    let form = [("email", email), ("password", "long password 1")];
    let request = client.post(format!("{}/api/sign_in", server.base)).form(&form);
    send(request.header("origin", &server.base).header("x-forwarded-for", address)).await
}

#[tokio::test]
async fn three_servers_start_at_once_and_share_sessions_and_throttles() {
    let Some(database) = fresh_database().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let servers = started(folder.path(), &database);
    let add = ["--database-url", &database, "user", "add", "--email", "m@example.org", "--name", "M"];
    done(&folder.path().join("cli"), &[&add[..], &["--password-stdin"]].concat(), "long password 1\n");
    let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();

    let inside = sign_in(&client, &servers[0], "192.0.2.1", "m@example.org").await;
    let (cookie, _) = inside.header("set-cookie").split_once(';').unwrap();
    for server in &servers {
        let account = client.get(format!("{}/account", server.base)).header("cookie", cookie);
        assert!(send(account).await.text.contains("m@example.org"));
    }

    for attempt in 0..ATTEMPTS {
        let server = &servers[attempt % SERVERS];
        let refused = sign_in(&client, server, "192.0.2.2", &format!("nobody{attempt}@example.org")).await;
        assert!(refused.text.contains("wrong_credentials"), "{}", refused.text);
    }
    for server in &servers {
        let refused = sign_in(&client, server, "192.0.2.2", "nobody@example.org").await;
        assert!(refused.text.contains("too_many_attempts"), "{}", refused.text);
    }
    let elsewhere = sign_in(&client, &servers[1], "192.0.2.3", "nobody@example.org").await;
    assert!(elsewhere.text.contains("wrong_credentials"), "{}", elsewhere.text);
    for server in servers {
        server.stop();
    }
}
