//! A server, a sandbox, and clients that behave like a browser or a script.

use domain::people::Role;
use ports::clock::{Clock, SystemClock};
use reqwest::{Method, RequestBuilder, Response};
use secrecy::SecretString;
use serde_json::{Value, json};
use server::config;
use server::serve::{Running, start_with};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use tempfile::TempDir;

pub(crate) const EMAIL: &str = "owner@example.com";
pub(crate) const PASSWORD: &str = "correct horse battery";
/// Long enough for the first piece of half a million lines in a debug build on two cores.
const PATIENCE: Duration = Duration::from_secs(300);

/// A server with its folder; both go when it is dropped.
pub(crate) struct TestServer {
    pub(crate) running: Running,
    pub(crate) folder: TempDir,
}

/// A server with these settings beside the usual ones.
pub(crate) async fn server(settings: &[(&str, &str)]) -> TestServer {
    server_in(tempfile::tempdir().unwrap(), settings).await
}

/// The same over a folder that may be another server's of before.
pub(crate) async fn server_in(folder: TempDir, settings: &[(&str, &str)]) -> TestServer {
    server_by(Arc::new(SystemClock), folder, settings).await
}

/// By this clock.
pub(crate) async fn server_by(
    clock: Arc<dyn Clock>,
    folder: TempDir,
    settings: &[(&str, &str)],
) -> TestServer {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let data = folder.path().to_str().unwrap();
    let usual = [
        ("PORT", "0"),
        ("DATA_DIR", data),
        ("APP_ENV", "testing"),
        ("SYNC_INTERVAL", "3600"),
    ];
    let pairs = usual
        .iter()
        .chain(settings)
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
    let loaded = config::from(pairs, None).unwrap();
    let running = start_with(loaded.settings, clock).await.unwrap();
    TestServer { running, folder }
}

impl TestServer {
    /// Puts it down and starts it again over the same data.
    pub(crate) async fn restarted(self, settings: &[(&str, &str)]) -> Self {
        let Self { running, folder } = self;
        running.stop().await;
        server_in(folder, settings).await
    }

    pub(crate) fn anybody(&self) -> Client {
        Client::new(self.running.url())
    }

    /// The owner in a browser, after the first run.
    pub(crate) async fn owner(&self) -> Client {
        let code = self.running.setup_code().unwrap().to_owned();
        let mut client = self.anybody();
        let body = json!({ "setup_code": code, "email": EMAIL, "password": PASSWORD, "workspace_name": "Acme" });
        let response = client.post("/v1/auth/setup", &body).await;
        assert_eq!(response.status(), 201);
        client.signed_in(response).await;
        client
    }

    /// A script with the rights of a person of this role.
    pub(crate) async fn script(&self, role: Role) -> Client {
        self.script_with(role, &[]).await
    }

    pub(crate) async fn script_with(&self, role: Role, scopes: &[&str]) -> Client {
        let people = &self.running.composed().people;
        let email = format!("{role}@example.com");
        let scopes: Vec<String> = scopes.iter().map(|s| (*s).to_owned()).collect();
        // The second time the person is there already.
        let _ = people
            .add_user(&email, role, SecretString::from(PASSWORD), None)
            .await;
        let (token, _) = people
            .create_token(&email, "test", scopes, None)
            .await
            .unwrap();
        let mut client = self.anybody();
        client.token = Some(token);
        client
    }
}

/// Speaks HTTP to one server.
#[derive(Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
    pub(crate) cookie: Option<String>,
    pub(crate) csrf: Option<String>,
    pub(crate) token: Option<String>,
}

impl Client {
    pub(crate) fn new(base: &str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_gzip()
            .no_proxy()
            .build()
            .unwrap();
        Self {
            http,
            base: base.to_owned(),
            cookie: None,
            csrf: None,
            token: None,
        }
    }

    /// Where the server listens.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// With whatever credentials the client has, and a new key on each POST as the front end sends it.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let has_key = method == Method::POST;
        let request = self.keyless(method, path);
        if !has_key {
            return request;
        }
        request.header("idempotency-key", uuid::Uuid::new_v4().to_string())
    }

    /// Without an idempotency key.
    pub(crate) fn keyless(&self, method: Method, path: &str) -> RequestBuilder {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        if let Some(csrf) = &self.csrf {
            request = request.header("x-csrf-token", csrf);
        }
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        request
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.unwrap()
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Response {
        self.request(Method::POST, path)
            .json(body)
            .send()
            .await
            .unwrap()
    }

    /// The same person at another address.
    pub(crate) fn at(&self, base: &str) -> Self {
        Self {
            base: base.to_owned(),
            ..self.clone()
        }
    }

    /// The body of a 200.
    pub(crate) async fn read(&self, path: &str) -> Value {
        let response = self.get(path).await;
        let status = response.status();
        let text = response.text().await.unwrap();
        assert_eq!(status, 200, "{path}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// Keeps cookie and CSRF token of an answer that signed somebody in.
    pub(crate) async fn signed_in(&mut self, response: Response) {
        let cookie = response.headers()["set-cookie"].to_str().unwrap();
        self.cookie = Some(cookie.split(';').next().unwrap().to_owned());
        let body: Value = response.json().await.unwrap();
        self.csrf = Some(body["csrf_token"].as_str().unwrap().to_owned());
    }

    /// Connects the sandbox and waits until everything is read. Answers the connection's id.
    pub(crate) async fn connect_sandbox(&self) -> String {
        let body = json!({ "provider": "shopify", "kind": "sandbox", "start_sync": true });
        let response = self.post("/v1/connections", &body).await;
        let status = response.status();
        let connection: Value = response.json().await.unwrap();
        assert_eq!(status, 201, "{connection}");
        let sync = connection["current_sync_id"].as_str().unwrap().to_owned();
        let run = until(|| async {
            let run = self.read(&format!("/v1/syncs/{sync}")).await;
            let open = ["queued", "running"].contains(&run["status"].as_str().unwrap());
            (!open).then_some(run)
        })
        .await;
        assert_eq!(run["status"], "succeeded", "{run}");
        connection["id"].as_str().unwrap().to_owned()
    }
}

/// Asks until there is an answer.
pub(crate) async fn until<T, F: Future<Output = Option<T>>>(ask: impl Fn() -> F) -> T {
    let began = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(
            began.elapsed() < PATIENCE,
            "it did not happen in {PATIENCE:?}"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

pub(crate) async fn sandbox(orders: usize) -> sandbox::Running {
    let options = sandbox::Options {
        orders,
        days: 90,
        bulk_ms: 20,
        retry_hour_seconds: 0.05,
        ..sandbox::Options::default()
    };
    sandbox::start(options).await.unwrap()
}

/// A server that has read a sandbox store, for tests that change nothing.
pub(crate) struct Shared {
    owner: Client,
    pub(crate) sandbox_url: String,
}

impl Shared {
    /// With connections of its own: each test has a runtime that takes its connections with it.
    pub(crate) fn owner(&self) -> Client {
        Client {
            http: Client::new(&self.owner.base).http,
            ..self.owner.clone()
        }
    }
}

/// Made once for all tests, on a runtime that outlives each of them.
pub(crate) fn shared() -> &'static Shared {
    static SHARED: OnceLock<Shared> = OnceLock::new();
    SHARED.get_or_init(|| {
        let (send, receive) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let sandbox = sandbox(400).await;
                let server = server(&[("SANDBOX_URL", &sandbox.base_url)]).await;
                let owner = server.owner().await;
                owner.connect_sandbox().await;
                send.send(Shared {
                    owner,
                    sandbox_url: sandbox.base_url.clone(),
                })
                .unwrap();
                std::future::pending::<()>().await;
                drop((server, sandbox));
            });
        });
        receive.recv().unwrap()
    })
}

/// `"-12.34"` in hundredths.
pub(crate) fn minor(value: &Value) -> i64 {
    let text = value.as_str().unwrap();
    let (whole, fraction) = text.split_once('.').unwrap();
    assert_eq!(fraction.len(), 2, "{text}");
    format!("{whole}{fraction}").parse().unwrap()
}
