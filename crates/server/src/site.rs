//! The routes with everything around them, as a server that can be run.

use crate::cors;
use crate::middleware::around;
use crate::problem::Problem;
use crate::relays::Relays;
use crate::routes;
use crate::serve::DRAIN;
use crate::slow;
use crate::state::App;
use actix_web::error::{JsonPayloadError, QueryPayloadError};
use actix_web::middleware::{Compress, Condition, from_fn};
use actix_web::web::{self, Data};
use actix_web::{App as Site, HttpServer};
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

/// Enough for a store's own people; more would only cost memory.
const MAX_THREADS: usize = 4;
/// Bodies of ordinary calls.
pub(crate) const JSON_LIMIT: usize = 256 * 1024;
/// A client that sends its head slower than this is cut.
const HEAD_TIMEOUT: Duration = Duration::from_secs(5);

/// One site for each worker thread, on a listener that is bound already.
pub(crate) fn listen_on(
    listener: TcpListener,
    app: Data<App>,
    cors: Vec<String>,
) -> std::io::Result<actix_web::dev::Server> {
    let threads = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(MAX_THREADS);
    let (cors, role) = (Arc::new(cors), app.role);
    let server = HttpServer::new(move || {
        let cors = Arc::clone(&cors);
        Site::new()
            .app_data(app.clone())
            .app_data(Relays::new(app.events.clone()))
            .app_data(json_config())
            .app_data(query_config())
            .configure(|config| routes::configure(role, config))
            .wrap(Compress::default())
            .wrap(Condition::new(
                !cors.is_empty(),
                from_fn(move |request, next| cors::allow(Arc::clone(&cors), request, next)),
            ))
            .wrap(from_fn(around))
    });
    let server = server
        .workers(threads)
        .client_request_timeout(HEAD_TIMEOUT)
        .shutdown_timeout(DRAIN.as_secs())
        .disable_signals()
        .listen(listener)?;
    Ok(server.run())
}

fn json_config() -> web::JsonConfig {
    web::JsonConfig::default()
        .limit(JSON_LIMIT)
        .error_handler(|error, _| {
            let problem = match &error {
                JsonPayloadError::Overflow { .. }
                | JsonPayloadError::OverflowKnownLength { .. } => Problem::too_large(JSON_LIMIT),
                JsonPayloadError::Payload(cause) if slow::is_late(cause) => Problem::late(),
                JsonPayloadError::ContentType => Problem::new(
                    actix_web::http::StatusCode::UNSUPPORTED_MEDIA_TYPE,
                    "not-json",
                    "Not JSON",
                    "send the body as Content-Type: application/json",
                ),
                JsonPayloadError::Deserialize(cause) => {
                    Problem::bad_request(format!("the body is not what is expected: {cause}"))
                }
                _ => Problem::bad_request("the body cannot be read"),
            };
            problem.into()
        })
}

fn query_config() -> web::QueryConfig {
    web::QueryConfig::default().error_handler(|error, _| {
        let QueryPayloadError::Deserialize(cause) = &error else {
            return Problem::bad_request("the address's query cannot be read").into();
        };
        Problem::bad_request(format!(
            "the address's query is not what is expected: {cause}"
        ))
        .into()
    })
}
