//! A server of one's own: the router on a free port, with its database, and a client for it.

use domain::{
    access::{Role, Scope},
    name::{Email, Slug},
    view::project::MemberInput,
};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use server::{router, state::HttpOptions};
use service::{
    Actor, Options, Services,
    receivers::Receivers,
    usecase::{accounts::NewUser, tokens::NewToken},
};
use std::net::SocketAddr;
use tempfile::TempDir;
use tokio::net::TcpListener;

/// A running server.
pub(crate) struct Site {
    pub(crate) services: Services,
    pub(crate) base: String,
    pub(crate) client: reqwest::Client,
    /// Where the data is, if not in the folder.
    pub(crate) database_url: Option<String>,
    // Removed when the test is over.
    _data: TempDir,
}

/// Somebody with a token.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) email: String,
    pub(crate) token: String,
}

/// An answer, read.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

/// The largest upload that these servers take.
pub(crate) const MAX_UPLOAD_BYTES: u64 = 4 * 1024 * 1024;

impl Site {
    pub(crate) async fn start() -> Self {
        Self::sending_to(Receivers::Public).await
    }

    /// A server whose events may be sent there.
    pub(crate) async fn sending_to(receivers: Receivers) -> Self {
        let data = tempfile::tempdir().unwrap();
        let database_url = fresh_database().await;
        let options = Options { database_url, receivers, ..Options::in_folder(data.path()) };
        let services = Services::open(&options).await.unwrap();
        let http = HttpOptions {
            secure_cookies: false,
            max_upload_bytes: MAX_UPLOAD_BYTES,
            trusted_proxies: "127.0.0.0/8".parse().unwrap(),
        };
        let (router, _) = router::build(services.clone(), http);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { services, base, client, database_url: options.database_url, _data: data }
    }

    /// A server with the project `p` of [`project`].
    pub(crate) async fn with_project() -> (Self, Person) {
        let site = Self::start().await;
        let admin = site.admin().await;
        let answer = site.post(&admin, "/projects", &project("p")).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        (site, admin)
    }

    /// A site admin with every scope.
    pub(crate) async fn admin(&self) -> Person {
        self.user("admin@example.org", Admin::Yes).await;
        self.token("admin@example.org", None, &Scope::ALL).await
    }

    /// A new member of the project `p`, with every scope.
    pub(crate) async fn member(&self, email: &str, role: Role) -> Person {
        self.user(email, Admin::No).await;
        let input = MemberInput { email: Email::parse(email).unwrap(), role };
        let slug = Slug::parse("p").unwrap();
        self.services.members().set(&Actor::Operator, &slug, input).await.unwrap();
        self.token(email, None, &Scope::ALL).await
    }

    pub(crate) async fn user(&self, email: &str, admin: Admin) {
        let user = NewUser {
            email: Email::parse(email).unwrap(),
            name: email.split('@').next().unwrap().to_owned(),
            password: "correct horse battery".to_owned(),
            admin: admin == Admin::Yes,
            simulated: false,
        };
        self.services.accounts().add(&Actor::Operator, user).await.unwrap();
    }

    pub(crate) async fn token(&self, email: &str, project: Option<&str>, scopes: &[Scope]) -> Person {
        let token = NewToken {
            email: Email::parse(email).unwrap(),
            name: "test".to_owned(),
            project: project.map(|slug| Slug::parse(slug).unwrap()),
            scopes: scopes.to_vec(),
            expires_at: None,
        };
        let created = self.services.tokens().create(&Actor::Operator, token).await.unwrap();
        Person { email: email.to_owned(), token: created.token }
    }

    /// A request to the path below `/api/v1`.
    pub(crate) fn request(&self, person: &Person, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}/api/v1{path}", self.base)).bearer_auth(&person.token)
    }

    pub(crate) async fn get(&self, person: &Person, path: &str) -> Answer {
        send(self.request(person, Method::GET, path)).await
    }

    pub(crate) async fn post(&self, person: &Person, path: &str, body: &Value) -> Answer {
        send(self.request(person, Method::POST, path).json(body)).await
    }

    pub(crate) async fn put(&self, person: &Person, path: &str, body: &Value) -> Answer {
        send(self.request(person, Method::PUT, path).json(body)).await
    }

    pub(crate) async fn delete(&self, person: &Person, path: &str) -> Answer {
        send(self.request(person, Method::DELETE, path)).await
    }

    /// Sends lines to an intake path.
    pub(crate) async fn upload(
        &self,
        person: &Person,
        path: &str,
        kind: &str,
        body: impl Into<Vec<u8>>,
    ) -> Answer {
        let request = self.request(person, Method::POST, path).header("content-type", kind);
        send(request.body(body.into())).await
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Admin {
    Yes,
    No,
}

/// Sends a request and reads the answer.
pub(crate) async fn send(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let text = String::from_utf8(response.bytes().await.unwrap().to_vec()).unwrap();
    Answer { status, headers, text }
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The body of an answer with this status.
    #[track_caller]
    pub(crate) fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        if self.text.is_empty() { Value::Null } else { self.json() }
    }

    /// Asserts a problem of this status and code; returns its body.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str) -> Value {
        let body = self.expect(status);
        assert_eq!(body["code"], code, "{}", self.text);
        assert_eq!(self.headers["content-type"], "application/problem+json");
        assert_eq!(body["status"], status);
        body
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// A project with one question, two answers a task, and every sample with a shaky prediction queued.
pub(crate) fn project(slug: &str) -> Value {
    json!({
        "slug": slug, "name": "Project",
        "schema": {
            "fields": [{"name": "text", "kind": "text"}],
            "questions": [{"name": "intent", "kind": "choice", "required": true,
                           "options": [{"value": "card"}, {"value": "loan"}, {"value": "other"}]}],
        },
        "settings": {"queue": {"audit_rate": 0.0, "overlap": 2}},
    })
}

/// One sample with a prediction that is as unsure as can be.
pub(crate) fn unsure(id: &str, label: Option<&str>) -> Value {
    let mut sample = json!({
        "id": id,
        "fields": {"text": format!("text of {id}")},
        "predictions": [{"model": "m@1", "question": "intent", "probs": {"card": 0.5, "loan": 0.5}}],
    });
    if let Some(label) = label {
        sample["label"] = json!({"intent": label});
    }
    sample
}

/// Values as lines.
pub(crate) fn lines(values: &[Value]) -> String {
    values.iter().map(|value| format!("{value}\n")).collect()
}

/// A new, empty database on the server of the tests, where there is one.
pub(crate) async fn fresh_database() -> Option<String> {
    use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
    let server = std::env::var("RELABEL_TEST_POSTGRES_URL").ok()?;
    let mut random = [0; 8];
    getrandom::fill(&mut random).unwrap();
    let name = format!("relabel_{}", hex::encode(random));
    let mut connection = PgConnection::connect(&server).await.unwrap();
    connection.execute(AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE template0"))).await.unwrap();
    connection.close().await.unwrap();
    let (base, _) = server.rsplit_once('/').unwrap();
    Some(format!("{base}/{name}"))
}
