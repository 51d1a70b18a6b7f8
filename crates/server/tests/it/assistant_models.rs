//! The ten questions of the command center, answered by the analyst, by a model, and for a program; and what models used.

use crate::support::{Client, TestServer, sandbox, server, until};
use domain::people::Role;
use reqwest::Method;
use serde_json::{Value, json};

const QUESTIONS: [(&str, &str); 10] = [
    ("Did I make money yesterday?", "figure"),
    ("What needs me now?", "waiting_for_decision"),
    ("What did the agents do overnight?", "agent_work"),
    ("Which ads lose money?", "ads"),
    ("Which products lose money this year?", "ranking"),
    ("What runs out?", "stock_running_out"),
    ("Did a supplier change price?", "supplier_changes"),
    ("Which orders are stuck?", "stuck_orders"),
    ("What should I sell next?", "opportunities"),
    ("Is the machine healthy and the data fresh?", "health"),
];

fn arguments(tool: &str) -> Value {
    match tool {
        "figure" => json!({ "figure": "net_profit" }),
        "ranking" => json!({ "by": "product", "figure": "net_profit" }),
        _ => json!({}),
    }
}

async fn shop(sandbox: &sandbox::Running, model: &str) -> (TestServer, Client) {
    let base = format!("{}/openai/v1", sandbox.base_url);
    let settings = [
        ("SANDBOX_URL", sandbox.base_url.as_str()),
        ("OPENAI_BASE_URL", base.as_str()),
        ("OPENAI_MODEL", model),
        ("OPENAI_API_KEY", sandbox::openai::OPENAI_KEY),
        ("OPENAI_PRICES", "stand-in=1/10"),
    ];
    let server = server(&settings).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    (server, owner)
}

async fn ask(client: &Client, text: &str) -> Value {
    let opened = client.post("/agents/session", &json!({})).await;
    let opened: Value = opened.json().await.unwrap();
    let session = opened["session_id"].as_str().unwrap().to_owned();
    let body = json!({ "session_id": session, "role": "user", "content": text });
    assert_eq!(client.post("/agents/message", &body).await.status(), 200);
    let path = format!("/agents/session/{session}/messages");
    until(|| async {
        let mut read = client.read(&path).await;
        let last = read["messages"].as_array_mut().unwrap().pop().unwrap();
        (last["role"] == "assistant").then_some(last)
    })
    .await
}

async fn tool(client: &Client, method: &str, params: Value) -> Value {
    let body = json!({ "jsonrpc": "2.0", "id": 7, "method": method, "params": params });
    let request = client.request(Method::POST, "/mcp");
    let request = request.header("accept", "application/json, text/event-stream");
    let request = request.header("mcp-protocol-version", "2025-06-18");
    let response = request.json(&body).send().await.unwrap();
    assert_eq!(response.status(), 200, "{method}");
    response.json::<Value>().await.unwrap()["result"].clone()
}

/// Every figure has where it is from; a figure that is not known has why.
fn sourced(answer: &Value, what: &str) {
    assert_ne!(answer["outcome"], "asked_back", "{what}: {answer}");
    for fact in answer["facts"].as_array().unwrap() {
        assert!(fact["source"]["name"].is_string(), "{what}: {fact}");
        assert!(
            fact["source"]["link"]
                .as_str()
                .is_some_and(|l| l.starts_with('/')),
            "{what}: {fact}"
        );
        assert!(
            fact["value"].is_object() || fact["reason"].is_string(),
            "{what}: {fact}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ten_questions_are_answered_by_everybody() {
    let sandbox = sandbox(400).await;
    let (_kept, owner) = shop(&sandbox, "stand-in").await;
    let mut cited = 0;
    for (question, name) in QUESTIONS {
        // A model, which asks for a tool and repeats it.
        let told = ask(&owner, question).await;
        sourced(&told["answer"], question);
        let text = told["content"].as_str().unwrap();
        assert!(!text.contains("No model answered"), "{question}: {text}");
        assert!(!text.contains("[figure without"), "{question}: {text}");
        cited += told["answer"]["facts"].as_array().unwrap().len();
        // A program.
        let params = json!({ "name": name, "arguments": arguments(name) });
        let called = tool(&owner, "tools/call", params).await;
        assert_eq!(called["isError"], false, "{question}: {called}");
        sourced(&called["structuredContent"], question);
    }
    assert!(cited >= 5, "{cited}");
    let asked = sandbox.models();
    assert_eq!(asked["calls"], 20, "a call and an answer each");
    // What was said can be taken along.
    let sessions = owner.read("/agents/sessions").await;
    let path = format!(
        "/agents/session/{}/export",
        sessions["sessions"][0]["id"].as_str().unwrap()
    );
    let export = owner.read(&path).await;
    assert_eq!(export["messages"].as_array().unwrap().len(), 2, "{export}");
    let words = owner.get(&format!("{path}?format=markdown")).await;
    assert_eq!(
        words.headers()["content-type"],
        "text/markdown; charset=utf-8"
    );
    let words = words.text().await.unwrap();
    assert!(
        words.starts_with("# Is the machine healthy") && words.contains("**Assistant**"),
        "{words}"
    );
    let usage = owner.read("/agents/usage").await;
    assert_eq!(usage["models"].as_array().unwrap().len(), 1);
    assert!(
        usage["tokens"].as_u64().unwrap() > 1_000 && usage["estimated_tokens"] == 0,
        "{usage}"
    );
    assert!(
        usage["cost"].is_string() && usage["is_used_up"] == false,
        "{usage}"
    );
    let prompts = asked["asked"].to_string();
    assert!(
        !prompts.contains(sandbox::openai::OPENAI_KEY) && !prompts.contains("owner@example.com")
    );
    // Its circuit stands in health.
    let figures = owner.request(Method::GET, "/metrics");
    let figures = figures.header("accept", "application/json").send().await;
    let figures: Value = figures.unwrap().json().await.unwrap();
    let health = figures["circuit_breakers"].clone();
    let names: Vec<&String> = health.as_object().unwrap().keys().collect();
    assert!(
        names
            .iter()
            .any(|name| name.contains("stand-in at 127.0.0.1")),
        "{health}"
    );
    // The analyst, when the model is away.
    sandbox.fault("openai_quota", 1.0).unwrap();
    for (question, _) in QUESTIONS {
        let told = ask(&owner, question).await;
        sourced(&told["answer"], question);
        let text = told["content"].as_str().unwrap();
        assert!(
            text.contains("the built-in analyst's answer"),
            "{question}: {text}"
        );
    }
    sandbox.fault("openai_quota", 0.0).unwrap();
    sandbox.fault("openai_invents", 1.0).unwrap();
    let told = ask(&owner, "Is the machine healthy?").await;
    let text = told["content"].as_str().unwrap();
    assert!(
        text.contains("[figure without a source]") && !text.contains("987654.32"),
        "{text}"
    );
    assert!(text.contains("[link left out]"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_model_is_named_and_the_next_one_answers() {
    let sandbox = sandbox(50).await;
    let second = format!("gpt-17, stand-in@{}/openai/v1", sandbox.base_url);
    let (_kept, owner) = shop(&sandbox, &second).await;
    let told = ask(&owner, "Is the machine healthy?").await;
    assert!(
        !told["content"]
            .as_str()
            .unwrap()
            .contains("No model answered"),
        "{told}"
    );
    let (_kept, owner) = shop(&sandbox, "gpt-17").await;
    let told = ask(&owner, "Is the machine healthy?").await;
    let text = told["content"].as_str().unwrap();
    assert!(
        text.contains("has no model gpt-17") && text.contains("OPENAI_MODEL"),
        "{text}"
    );
    let nothing = owner.post("/agents/session", &json!({})).await;
    let opened: Value = nothing.json().await.unwrap();
    let path = format!(
        "/agents/session/{}/cancel",
        opened["session_id"].as_str().unwrap()
    );
    let cancelled: Value = owner.post(&path, &json!({})).await.json().await.unwrap();
    assert_eq!(cancelled["cancelled"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_proposes_only_with_the_scope_for_it() {
    let sandbox = sandbox(50).await;
    let (server, owner) = shop(&sandbox, "stand-in").await;
    let names = |tools: Value| {
        let tools = tools["tools"].as_array().unwrap().clone();
        tools
            .into_iter()
            .map(|t| t["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let narrow = server.script_with(Role::Operator, &["assistant:use"]).await;
    let told = names(tool(&narrow, "tools/list", json!({})).await);
    assert!(
        !told.iter().any(|name| name.starts_with("propose")),
        "{told:?}"
    );
    let orders = owner.read("/v1/orders?limit=1").await;
    let order = orders["orders"][0]["name"].clone();
    let arguments = json!({ "order": order, "tags": ["look at it"], "reason": "it is odd" });
    let params = json!({ "name": "propose_tags", "arguments": arguments });
    let refused = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
    let request = narrow.request(Method::POST, "/mcp");
    let request = request.header("accept", "application/json, text/event-stream");
    let refused = request.json(&refused).send().await.unwrap();
    let refused: Value = refused.json().await.unwrap();
    assert_eq!(refused["error"]["code"], -32602, "{refused}");
    let wide = server
        .script_with(Role::Operator, &["assistant:use", "assistant:propose"])
        .await;
    let told = names(tool(&wide, "tools/list", json!({})).await);
    assert_eq!(
        told.iter()
            .filter(|name| name.starts_with("propose"))
            .count(),
        4
    );
    let proposed = tool(&wide, "tools/call", params).await;
    assert_eq!(proposed["isError"], false, "{proposed}");
    let sets = owner.read("/v1/change-sets").await;
    let set = &sets["change_sets"][0];
    assert_eq!(set["status"], "proposed", "{sets}");
    assert!(
        set["proposed_by"]
            .to_string()
            .contains("the assistant, asked by "),
        "{set}"
    );
    assert_eq!(
        sandbox.writes()["changes"].as_array().map_or(0, Vec::len),
        0
    );
}
