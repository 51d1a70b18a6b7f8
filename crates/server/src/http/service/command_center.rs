//! `GET /command-center/…`: the browser application, embedded with its files packed beforehand.

use crate::auth::{cookie, is_ended};
use crate::problem::Problem;
use crate::state::App;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use rust_embed::RustEmbed;

pub(crate) const HOME: &str = "/command-center/";

/// Empty until the front end is built.
#[derive(RustEmbed)]
#[folder = "../../frontend/dist"]
#[allow_missing = true]
pub(crate) struct Dist;

const NOT_BUILT: &str = r#"<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Royal Equips Orchestrator</title></head>
<body>
<h1>The browser application is not built yet</h1>
<p>The server runs; its pages are built apart. In the folder of the sources run</p>
<pre>cargo xtask up</pre>
<p>which builds everything and starts it, or build the pages alone:</p>
<pre>cd frontend &amp;&amp; npm ci &amp;&amp; npm run build</pre>
<p>then load this page again (a release binary must be built again too).</p>
<p>The API works meanwhile: <a href="/docs">API reference</a>.</p>
</body>
</html>
"#;

#[utoipa::path(
    get, path = "/command-center", operation_id = "command_center_home", tag = "service",
    summary = "Redirects to the browser application",
    responses((status = 307, description = "to the browser application"))
)]
pub(crate) async fn home(app: web::Data<App>) -> HttpResponse {
    let target = app.command_center_url.as_deref().unwrap_or(HOME);
    HttpResponse::TemporaryRedirect()
        .insert_header((header::LOCATION, target))
        .finish()
}

#[utoipa::path(
    get, path = "/command-center/{path}", operation_id = "command_center", tag = "service",
    summary = "The browser application",
    params(("path" = String, Path)),
    responses(
        (status = 200, description = "a file, or the page for every address of the application"),
        (status = 307, description = "to COMMAND_CENTER_URL, when that is set"),
        (status = 404, response = crate::openapi::ProblemResponse),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    if app.command_center_url.is_some() {
        return Ok(home(app).await);
    }
    let path = path.into_inner();
    if Dist::get("index.html").is_none() {
        return Ok(HttpResponse::Ok()
            .content_type("text/html; charset=utf-8")
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .body(NOT_BUILT));
    }
    if Dist::get(&path).is_some() {
        // Hashed names never change their content.
        let cache = if path.starts_with("assets/") {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        };
        return embedded(&request, &path, cache);
    }
    if is_file(&path) {
        return Err(Problem::not_found("file"));
    }
    // Every page holds the whole application: which one it is decides only what is fetched with it. The cookie of a session that ended
    // goes here, before the page asks for what would be refused.
    let ended = is_ended(&request).await;
    let page = page_of(&path, cookie::read(&request).is_some() && !ended);
    let mut response = embedded(&request, &page, "no-cache")?;
    if ended {
        let cleared = cookie::cleared(&app.public);
        response
            .add_cookie(&cleared)
            .map_err(|_| Problem::not_found("page"))?;
    }
    response
        .headers_mut()
        .append(header::VARY, HeaderValue::from_static("Cookie"));
    Ok(response)
}

/// By its ending, which begins with a letter: the number behind the dot of a campaign's address is none.
fn is_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    ending.is_some_and(|ending| ending.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// The page that preloads the code and the first answers of an address, by its first part (`frontend/scripts/pages.ts`). Pages
/// in `signed-in` ask for what only a session gets; without one, every address that is not open to all leads to the sign-in.
fn page_of(path: &str, has_session: bool) -> String {
    let first = path.split('/').next().filter(|part| !part.is_empty());
    let first = first.unwrap_or("index");
    let mut fitting = vec![format!("pages/open/{first}.html")];
    if has_session {
        fitting.push(format!("pages/signed-in/{first}.html"));
        fitting.push("pages/signed-in/index.html".to_owned());
    } else {
        fitting.push("pages/open/login.html".to_owned());
    }
    let built = fitting.into_iter().find(|page| Dist::get(page).is_some());
    built.unwrap_or_else(|| "index.html".to_owned())
}

/// The file in the smallest form that the client takes.
pub(crate) fn embedded(
    request: &HttpRequest,
    path: &str,
    cache: &str,
) -> Result<HttpResponse, Problem> {
    let plain = Dist::get(path).ok_or_else(|| Problem::not_found("file"))?;
    let etag = format!("\"{}\"", hex::encode(&plain.metadata.sha256_hash()[..16]));
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, cache));
    response.insert_header((header::VARY, "Accept-Encoding"));
    response.insert_header((header::ETAG, etag.clone()));
    let known = request
        .headers()
        .get(header::IF_NONE_MATCH)
        .map(HeaderValue::as_bytes);
    if known == Some(etag.as_bytes()) {
        return Ok(response
            .status(actix_web::http::StatusCode::NOT_MODIFIED)
            .finish());
    }
    response.content_type(content_type(path));
    let packed = [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(coding, _)| accepts(request, coding))
        .find_map(|(coding, end)| Dist::get(&format!("{path}.{end}")).map(|file| (coding, file)));
    Ok(match packed {
        Some((coding, file)) => response
            .insert_header((header::CONTENT_ENCODING, coding))
            .body(file.data.into_owned()),
        None => response.body(plain.data.into_owned()),
    })
}

/// Text is always UTF-8 here.
fn content_type(path: &str) -> String {
    let guess = mime_guess::from_path(path).first_or_octet_stream();
    match (path.ends_with(".webmanifest"), guess.type_().as_str()) {
        (true, _) => "application/manifest+json".to_owned(),
        (_, "text") => format!("{}; charset=utf-8", guess.essence_str()),
        _ => guess.essence_str().to_owned(),
    }
}

/// Whether `Accept-Encoding` names the coding without refusing it (`;q=0`).
fn accepts(request: &HttpRequest, coding: &str) -> bool {
    let header = request
        .headers()
        .get(header::ACCEPT_ENCODING)
        .and_then(|v| v.to_str().ok());
    header.is_some_and(|list| {
        list.split(',').any(|part| {
            let mut words = part.split(';').map(str::trim);
            let is_it = words
                .next()
                .is_some_and(|name| name.eq_ignore_ascii_case(coding));
            let refused = words.any(|w| matches!(w, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
            is_it && !refused
        })
    })
}
