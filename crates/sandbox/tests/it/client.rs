//! A minimal client of the Admin API.

use std::collections::BTreeMap;

use sandbox::{Options, Running, start};
use serde_json::{Value, json};

/// A fixed time, so that stores are the same in every run.
pub(crate) const NOW: i64 = 1_795_000_000;

pub(crate) struct Shop {
    pub(crate) running: Running,
    pub(crate) http: reqwest::Client,
    pub(crate) token: String,
}

pub(crate) fn small() -> Options {
    Options {
        orders: 300,
        days: 120,
        now: Some(NOW),
        bulk_ms: 20,
        retry_hour_seconds: 0.02,
        ..Options::default()
    }
}

impl Shop {
    pub(crate) async fn open(options: Options) -> Self {
        let running = start(options).await.unwrap();
        let http = reqwest::Client::builder().build().unwrap();
        Self {
            running,
            http,
            token: "shpat_sandbox".to_owned(),
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.running.base_url)
    }

    pub(crate) async fn send(&self, query: &str, variables: Value) -> reqwest::Response {
        self.try_send(query, variables).await.unwrap()
    }

    pub(crate) async fn try_send(
        &self,
        query: &str,
        variables: Value,
    ) -> reqwest::Result<reqwest::Response> {
        let body = json!({"query": query, "variables": variables}).to_string();
        let request = self
            .http
            .post(self.url("/admin/api/2026-10/graphql.json"))
            .header("content-type", "application/json");
        request
            .header("X-Shopify-Access-Token", &self.token)
            .body(body)
            .send()
            .await
    }

    pub(crate) async fn ask(&self, query: &str, variables: Value) -> Value {
        let answer = self.send(query, variables).await;
        assert_eq!(answer.status(), 200);
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    }

    /// The data of a query without variables that must not have errors.
    pub(crate) async fn data(&self, query: &str) -> Value {
        let mut answer = self.ask(query, Value::Null).await;
        assert_eq!(answer.get("errors"), None, "{query}");
        answer["data"].take()
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        let request = self
            .http
            .post(self.url(path))
            .header("content-type", "application/json")
            .body(body.to_string());
        serde_json::from_str(&request.send().await.unwrap().text().await.unwrap()).unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        serde_json::from_str(&self.text(&self.url(path)).await).unwrap()
    }

    pub(crate) async fn text(&self, url: &str) -> String {
        self.http
            .get(url)
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap()
    }

    /// Runs a bulk query to its end and gives the operation.
    pub(crate) async fn bulk(&self, query: &str, group: bool) -> Value {
        let id = self.begin_bulk(query, group).await;
        self.wait_bulk(&id).await
    }

    pub(crate) async fn run_bulk(&self, query: &str, group: bool) -> Value {
        let mutation = "mutation($q: String!, $g: Boolean!) { bulkOperationRunQuery(query: $q, groupObjects: $g) { bulkOperation { id status objectCount url } userErrors { field message code } } }";
        self.ask(mutation, json!({"q": query, "g": group})).await["data"]["bulkOperationRunQuery"]
            .take()
    }

    pub(crate) async fn begin_bulk(&self, query: &str, group: bool) -> String {
        let begun = self.run_bulk(query, group).await;
        assert_eq!(begun["userErrors"], json!([]));
        assert_eq!(begun["bulkOperation"]["status"], "CREATED");
        begun["bulkOperation"]["id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn operation(&self, id: &str) -> Value {
        let query = "query($id: ID!) { bulkOperation(id: $id) { id status errorCode objectCount rootObjectCount fileSize url partialDataUrl completedAt } }";
        self.ask(query, json!({"id": id})).await["data"]["bulkOperation"].take()
    }

    pub(crate) async fn wait_bulk(&self, id: &str) -> Value {
        loop {
            let seen = self.operation(id).await;
            if !["CREATED", "RUNNING", "CANCELING"].contains(&seen["status"].as_str().unwrap()) {
                return seen;
            }
            tokio::task::yield_now().await;
        }
    }

    pub(crate) async fn rows(&self, operation: &Value) -> Vec<Value> {
        let url = operation["url"]
            .as_str()
            .or(operation["partialDataUrl"].as_str())
            .unwrap();
        self.text(url)
            .await
            .lines()
            .map(|l| serde_json::from_str(l).unwrap())
            .collect()
    }
}

/// Minor units of a decimal with up to two digits.
pub(crate) fn cents(value: &Value) -> i64 {
    let text = value.as_str().unwrap();
    let (sign, size) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, part) = size.split_once('.').unwrap_or((size, ""));
    sign * (whole.parse::<i64>().unwrap() * 100 + format!("{part:0<2}").parse::<i64>().unwrap())
}

/// Rows of a bulk file by id.
pub(crate) fn by_id(rows: &[Value]) -> BTreeMap<&str, &Value> {
    rows.iter()
        .map(|r| (r["id"].as_str().unwrap(), r))
        .collect()
}
