//! AWS Secrets Manager: JSON 1.1, with the signature of version 4 checked by its published rules.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, web};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::Managers;
use crate::app::lock;

const ACCESS_KEY_ID: &str = "sandbox";
const SECRET_ACCESS_KEY: &str = "sandbox";

/// What the agent wants to hear.
const AGENT_TOKEN: &str = "sandbox-agent";

pub(super) fn routes(config: &mut ServiceConfig) {
    config.route("/aws/agent/credentials", web::get().to(lend));
    config.route("/aws", web::post().to(handle));
    config.route("/aws/", web::post().to(handle));
}

fn refusal(kind: &str, message: &str) -> HttpResponse {
    HttpResponse::build(StatusCode::BAD_REQUEST)
        .content_type("application/x-amz-json-1.1")
        .body(json!({"__type": kind, "Message": message}).to_string())
}

/// The agent beside a container: keys that end.
async fn lend(managers: Data<Managers>, request: HttpRequest) -> HttpResponse {
    managers.dawdle().await;
    let mut state = lock(&managers.0);
    if state.sealed {
        return HttpResponse::ServiceUnavailable().finish();
    }
    if header(&request, "authorization") != AGENT_TOKEN {
        return HttpResponse::Unauthorized().json(json!({"code": "AccessDenied"}));
    }
    state.lent += 1;
    let seconds = i64::try_from(state.token_seconds).unwrap_or(3600);
    let until = chrono::Utc::now() + chrono::Duration::seconds(seconds);
    HttpResponse::Ok().json(json!({
        "AccessKeyId": ACCESS_KEY_ID, "SecretAccessKey": SECRET_ACCESS_KEY, "Token": "a session",
        "Expiration": until.to_rfc3339_opts(chrono::SecondsFormat::Secs, true), "RoleArn": "arn:aws:iam::123456789012:role/royal",
    }))
}

async fn handle(managers: Data<Managers>, request: HttpRequest, body: Bytes) -> HttpResponse {
    managers.dawdle().await;
    if !is_signed(&request, &body) {
        return refusal(
            "InvalidSignatureException",
            "The request signature we calculated does not match the signature you provided.",
        );
    }
    if header(&request, "x-amz-target") != "secretsmanager.GetSecretValue" {
        return refusal("UnknownOperationException", "");
    }
    let mut state = lock(&managers.0);
    if state.sealed {
        let down = json!({"__type": "InternalServiceError", "Message": "An error occurred on the server side."});
        return HttpResponse::InternalServerError().json(down);
    }
    if state.throttled > 0 {
        state.throttled -= 1;
        return refusal("ThrottlingException", "Rate exceeded");
    }
    if state.forbidden {
        return refusal(
            "com.amazonaws.secretsmanager#AccessDeniedException",
            "User: royal is not authorized to perform: secretsmanager:GetSecretValue",
        );
    }
    let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
    let id = asked
        .get("SecretId")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let Some(fields) = state.entries.get(id) else {
        return refusal(
            "ResourceNotFoundException",
            "Secrets Manager can't find the specified secret.",
        );
    };
    let text = Value::Object(fields.clone()).to_string();
    let answer = json!({
        "ARN": format!("arn:aws:secretsmanager:eu-central-1:123456789012:secret:{id}-AbCdEf"), "Name": id,
        "VersionId": "a1b2c3d4-5678-90ab-cdef-EXAMPLE11111", "SecretString": text, "VersionStages": ["AWSCURRENT"], "CreatedDate": 1.795_312E9,
    });
    HttpResponse::Ok()
        .content_type("application/x-amz-json-1.1")
        .body(answer.to_string())
}

fn header<'a>(request: &'a HttpRequest, name: &str) -> &'a str {
    let value = request.headers().get(name).and_then(|v| v.to_str().ok());
    value.unwrap_or_default()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return Vec::new();
    };
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// Canonical request → string to sign → derived key, as AWS documents them.
fn is_signed(request: &HttpRequest, body: &[u8]) -> bool {
    let authorization = header(request, "authorization");
    let Some(fields) = authorization.strip_prefix("AWS4-HMAC-SHA256 ") else {
        return false;
    };
    let fields: BTreeMap<_, _> = fields
        .split(',')
        .filter_map(|field| field.trim().split_once('='))
        .collect();
    let field = |name: &str| fields.get(name).copied().unwrap_or_default();
    let scope: Vec<_> = field("Credential").split('/').collect();
    let [ACCESS_KEY_ID, day, region, "secretsmanager", "aws4_request"] = scope[..] else {
        return false;
    };
    let at = header(request, "x-amz-date");
    let names = field("SignedHeaders");
    let headers: String = names
        .split(';')
        .map(|name| format!("{name}:{}\n", header(request, name).trim()))
        .collect();
    let needed = ["host", "x-amz-date"];
    if !needed
        .iter()
        .all(|n| names.split(';').any(|name| name == *n))
        || !at.starts_with(day)
    {
        return false;
    }
    let hash = hex(&Sha256::digest(body));
    let canonical = format!("POST\n{}\n\n{headers}\n{names}\n{hash}", request.path());
    let to_sign = format!(
        "AWS4-HMAC-SHA256\n{at}\n{day}/{region}/secretsmanager/aws4_request\n{}",
        hex(&Sha256::digest(canonical.as_bytes()))
    );
    let key = [day, region, "secretsmanager", "aws4_request"].iter().fold(
        format!("AWS4{SECRET_ACCESS_KEY}").into_bytes(),
        |key, part| mac(&key, part),
    );
    hex(&mac(&key, &to_sign)) == field("Signature")
}
