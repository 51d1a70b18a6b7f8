//! `GET /metrics`: Prometheus text, OpenMetrics when asked for, JSON for clients of the earlier system.

use super::root::wants_json;
use crate::otlp::exemplars;
use crate::problem::Problem;
use crate::state::App;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MetricsSummary)]
pub(crate) struct Body {
    ok: bool,
    version: String,
    uptime_seconds: i64,
    active_sessions: u64,
    total_messages: u64,
    total_requests: u64,
    /// Answers of 500 and above.
    total_errors: u64,
    /// `provider/account/read` → state.
    circuit_breakers: BTreeMap<String, String>,
    timestamp: DateTime<Utc>,
}

#[utoipa::path(
    get, path = "/metrics", operation_id = "metrics", tag = "service",
    summary = "Figures for monitoring",
    description = "Open on loopback; from elsewhere with a session, an API token or METRICS_TOKEN.",
    responses(
        (status = 200, content((String = "text/plain"), (String = "application/openmetrics-text"), (Body = "application/json"))),
        (status = 503, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "switched off by ENABLE_METRICS"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    if !app.metrics_enabled {
        return Err(Problem::unavailable(
            "metrics are switched off (ENABLE_METRICS=false)",
        ));
    }
    if wants_json(&request) {
        return Ok(HttpResponse::Ok().json(Body::of(&app).await?));
    }
    let accept = request
        .headers()
        .get(header::ACCEPT)
        .and_then(|v| v.to_str().ok());
    let open = accept.is_some_and(|a| a.contains("application/openmetrics-text"));
    let text = app.figures.render();
    Ok(if open {
        HttpResponse::Ok()
            .content_type("application/openmetrics-text; version=1.0.0; charset=utf-8")
            .body(exemplars::attached(&open_metrics(&text)))
    } else {
        HttpResponse::Ok()
            .content_type("text/plain; version=0.0.4; charset=utf-8")
            .body(text)
    })
}

/// The families of a counter drop `_total` in OpenMetrics, and the exposition ends with a mark.
fn open_metrics(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for line in text.lines().filter(|l| !l.is_empty()) {
        let family = line
            .strip_prefix("# TYPE ")
            .or_else(|| line.strip_prefix("# HELP "));
        match family.and_then(|rest| rest.split_once("_total ")) {
            Some((name, rest)) if !name.contains(' ') => {
                out.push_str(&line[..7]);
                out.push_str(name);
                out.push(' ');
                out.push_str(rest);
            }
            _ => out.push_str(line),
        }
        out.push('\n');
    }
    out.push_str("# EOF\n");
    out
}

impl Body {
    async fn of(app: &App) -> Result<Self, Problem> {
        let (sessions, messages) = app.assistant.counts().await?;
        let breakers = app.links().into_iter().map(|l| {
            let name = format!("{}/{}/{}", l.provider, l.account, l.effect);
            (name, l.breaker.to_owned())
        });
        Ok(Self {
            ok: true,
            version: crate::VERSION.to_owned(),
            uptime_seconds: (app.now() - app.started_at).num_seconds(),
            active_sessions: sessions,
            total_messages: messages,
            total_requests: app.figures.requests(),
            total_errors: app.figures.errors(),
            circuit_breakers: breakers.collect(),
            timestamp: app.now(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_lose_their_suffix_in_the_family_only() {
        let text = "# HELP http_requests_total Requests\n# TYPE http_requests_total counter\nhttp_requests_total{a=\"b\"} 1\n\n";
        let open = "# HELP http_requests Requests\n# TYPE http_requests counter\nhttp_requests_total{a=\"b\"} 1\n# EOF\n";
        assert_eq!(open_metrics(text), open);
    }
}
