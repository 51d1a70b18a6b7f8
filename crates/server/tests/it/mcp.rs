//! The assistant's tools by the Model Context Protocol: what a client of today and one of the protocol's last version before it see.

use crate::support::{Client, server, shared};
use domain::people::Role;
use reqwest::Method;
use serde_json::{Value, json};

async fn post(client: &Client, body: &Value) -> (u16, Value) {
    let request = client.request(Method::POST, "/mcp");
    let request = request.header("accept", "application/json, text/event-stream");
    let request = request.header("mcp-protocol-version", "2025-06-18");
    let response = request.json(body).send().await.unwrap();
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    (status, body)
}

async fn call(client: &Client, method: &str, params: Value) -> Value {
    let body = json!({ "jsonrpc": "2.0", "id": 7, "method": method, "params": params });
    let (status, answer) = post(client, &body).await;
    assert_eq!(
        (status, &answer["id"]),
        (200, &json!(7)),
        "{method}: {answer}"
    );
    answer
}

async fn tool(client: &Client, name: &str, arguments: Value) -> Value {
    let params = json!({ "name": name, "arguments": arguments });
    call(client, "tools/call", params).await["result"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_greets_lists_and_reads() {
    let owner = shared().owner();
    let params = json!({
        "protocolVersion": "2025-06-18", "capabilities": {},
        "clientInfo": { "name": "test", "version": "1" },
    });
    let greeted = call(&owner, "initialize", params).await["result"].clone();
    assert_eq!(greeted["serverInfo"]["name"], "royal");
    assert!(
        greeted["instructions"]
            .as_str()
            .unwrap()
            .contains("before a person approves")
    );
    let noted = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
    assert_eq!(post(&owner, &noted).await.0, 202);

    let tools = call(&owner, "tools/list", json!({})).await["result"]["tools"].clone();
    let tools = tools.as_array().unwrap();
    assert!(tools.len() >= 15);
    for tool in tools {
        let proposes = tool["name"].as_str().unwrap().starts_with("propose");
        assert_eq!(tool["annotations"]["readOnlyHint"], !proposes, "{tool}");
        assert_eq!(tool["inputSchema"]["type"], "object", "{tool}");
    }
    let resources = call(&owner, "resources/list", json!({})).await["result"]["resources"].clone();
    for resource in resources.as_array().unwrap() {
        let read = call(&owner, "resources/read", json!({ "uri": resource["uri"] })).await;
        let text = read["result"]["contents"][0]["text"].as_str().unwrap();
        assert!(!text.is_empty(), "{resource}");
    }
    let prompts = call(&owner, "prompts/list", json!({})).await["result"]["prompts"].clone();
    for prompt in prompts.as_array().unwrap() {
        let got = call(&owner, "prompts/get", json!({ "name": prompt["name"] })).await;
        assert!(
            got["result"]["messages"][0]["content"]["text"].is_string(),
            "{got}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tool_says_what_the_report_says() {
    let owner = shared().owner();
    let report = owner.read("/v1/reports/profit?by=product").await;
    let arguments = json!({ "figure": "net_sales", "by": "product" });
    let answer = tool(&owner, "figure", arguments).await;
    assert_eq!(answer["isError"], false);
    let told = &answer["structuredContent"];
    assert_eq!(
        told["facts"][0]["value"]["value"],
        report["total"]["net_sales"]
    );
    assert_eq!(told["facts"][0]["source"]["name"], "passport.net_sales");
    assert!(
        answer["content"][0]["text"]
            .as_str()
            .unwrap()
            .contains("Product | Net sales")
    );
    let words = tool(
        &owner,
        "ask",
        json!({ "question": "net sales last 30 days" }),
    )
    .await;
    assert_eq!(
        words["structuredContent"]["facts"][0]["value"],
        told["facts"][0]["value"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_told_to_the_caller() {
    let owner = shared().owner();
    let answer = tool(&owner, "figure", json!({ "figure": "wealth" })).await;
    assert_eq!(answer["isError"], true);
    assert!(
        answer["content"][0]["text"]
            .as_str()
            .unwrap()
            .contains("list_figures")
    );
    let odd = tool(&owner, "ask", json!({ "question": "what is the weather" })).await;
    assert_eq!(odd["isError"], true);
    let unknown = call(&owner, "tools/call", json!({ "name": "delete_store" })).await;
    assert_eq!(unknown["error"]["code"], -32602);
    let gone = call(
        &owner,
        "resources/read",
        json!({ "uri": "royal://nothing" }),
    )
    .await;
    assert!(gone["error"]["code"].is_i64(), "{gone}");
    let (status, _) = post(&owner, &json!({ "nonsense": true })).await;
    assert!((400..500).contains(&status), "{status}");
    let get = owner.request(Method::GET, "/mcp").send().await.unwrap();
    assert_eq!(get.status(), 405);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_may_use_the_assistant_is_served() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {} });
    assert_eq!(post(&server.anybody(), &body).await.0, 401);
    let narrow = server.script_with(Role::Viewer, &["reports:read"]).await;
    assert_eq!(post(&narrow, &body).await.0, 403);
    let script = server.script_with(Role::Viewer, &["assistant:use"]).await;
    assert_eq!(post(&script, &body).await.0, 200);
    // Without a store there is nothing to tell, and it says so.
    let answer = tool(&owner, "health", json!({})).await;
    assert_eq!(answer["structuredContent"]["outcome"], "not_known");
}

/// A page that somebody points at this machine by a name of their own says that name in both headers.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_name_is_refused() {
    let server = server(&[("CORS_ALLOWED_ORIGINS", "https://ops.example.com")]).await;
    // A token goes where a page can send it; a cookie is held by the gate of every route.
    let owner = server.script(Role::Owner).await;
    let own = owner.base().to_owned();
    let ask = async |origin: Option<&str>, host: Option<&str>| {
        let mut request = owner
            .request(Method::POST, "/mcp")
            .header("accept", "application/json, text/event-stream");
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        if let Some(host) = host {
            request = request.header("host", host);
        }
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {} });
        request.json(&body).send().await.unwrap().status().as_u16()
    };
    // A program says nothing of a page.
    assert_eq!(ask(None, None).await, 200);
    assert_eq!(ask(Some(&own), None).await, 200);
    assert_eq!(ask(Some("https://ops.example.com"), None).await, 200);
    for origin in ["http://evil.example.com", "null", "http://127.0.0.1:1"] {
        assert_eq!(ask(Some(origin), None).await, 403, "{origin}");
    }
    let rebound = "evil.example.com:10000";
    let origin = format!("http://{rebound}");
    assert_eq!(ask(Some(&origin), Some(rebound)).await, 403);
}
