//! What the product's reads are held against: a cheap one against servers that answer the same bytes and look at nothing, a report against
//! Fastify with the query of the bare handler. One process of Node a core.

use crate::bare::Shared;
use crate::load;
use crate::measure::{Bench, Figure, described, rounded};
use crate::product::Place;
use actix_web::web::{self, Bytes};
use actix_web::{App, HttpResponse, HttpServer};
use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

pub const CHEAP_ACTIX: &str = "cheap_read_vs_actix";
pub const CHEAP_FASTIFY: &str = "cheap_read_vs_fastify";
pub const ASKING_FASTIFY: &str = "cheap_read_vs_fastify_asking";
pub const REPORT_FASTIFY: &str = "profit_report_vs_fastify";
/// Fastify's driver is PostgreSQL's.
pub const OF_FASTIFY: [&str; 3] = [CHEAP_FASTIFY, ASKING_FASTIFY, REPORT_FASTIFY];

/// Who is asking: credentials, limits, and 1.2 KB.
const CHEAP: &str = "/v1/auth/me";

/// The server of `crates/bench/fastify`; ended when dropped.
struct Fastify {
    child: Child,
    address: String,
}

impl Fastify {
    fn start(folder: &Path, url: &str, query: &str, same: &str) -> Result<Self> {
        let mut child = Command::new("node")
            .arg("server.mjs")
            .current_dir(folder)
            .env("NODE_ENV", "production")
            .env("DATABASE_URL", url)
            .env("QUERY", query)
            .env("SAME", same)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("node")?;
        let told = child.stdout.take().context("node says nothing")?;
        let mut port = String::new();
        BufReader::new(told).read_line(&mut port)?;
        ensure!(!port.is_empty(), "Fastify did not start");
        let address = format!("127.0.0.1:{}", port.trim());
        Ok(Self { child, address })
    }
}

impl Drop for Fastify {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn same(body: web::Data<Bytes>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .body(body.get_ref().clone())
}

impl Bench<'_> {
    /// `fastify` is the folder of that server, installed.
    pub(crate) async fn reads(&self, fastify: Option<&Path>) -> Result<Vec<Figure>> {
        let mut figures = Vec::new();
        let wants_fastify = fastify.is_some() && self.plan.wants(&OF_FASTIFY);
        if !self.plan.wants(&[CHEAP_ACTIX]) && !wants_fastify {
            return Ok(figures);
        }
        let mut connection = load::Connection::open(self.address()).await?;
        let request = load::get(self.address(), CHEAP, &self.target.token);
        let body = Bytes::from(connection.ask(&request).await?.body);
        drop(connection);
        let cheap = self.asked(CHEAP).await?;
        let against = |name: &str, speed: f64, other: f64, who: &str| Figure {
            ratio: Some(rounded(speed / other)),
            against: Some(format!("{other:.0} requests/s of {who}")),
            ..self.figure(name, speed, "requests/s")
        };
        if self.plan.wants(&[CHEAP_ACTIX]) {
            let told = web::Data::new(body.clone());
            let listener = TcpListener::bind(("127.0.0.1", 0))?;
            let address = listener.local_addr()?.to_string();
            let app = move || {
                let app = App::new().app_data(told.clone());
                app.route("/same", web::get().to(same))
            };
            let server = HttpServer::new(app).disable_signals().listen(listener)?;
            let server = server.shutdown_timeout(1).run();
            let handle = server.handle();
            tokio::spawn(server);
            let request = load::get(&address, "/same", &self.target.token);
            let bare = self.closed(&address, request).await?;
            handle.stop(false).await;
            self.say(&format!("actix-web, the same bytes: {}", described(&bare)));
            let who = "actix-web that answers the same bytes";
            figures.push(against(CHEAP_ACTIX, cheap.per_second, bare.per_second, who));
        }
        let (Some(folder), Place::Postgres(url)) = (fastify, &self.target.place) else {
            return Ok(figures);
        };
        if !wants_fastify {
            return Ok(figures);
        }
        let (from, to) = self.days();
        let shared = Shared::connected(&self.target.place, &from, &to).await?;
        let query = json!({
            "text": shared.text,
            "values": [shared.workspace, shared.store, from, to],
        });
        let node = Fastify::start(folder, url, &query.to_string(), std::str::from_utf8(&body)?)?;
        let ask = async |path: &str| {
            let request = load::get(&node.address, path, &self.target.token);
            let speed = self.closed(&node.address, request).await?;
            self.say(&format!("Fastify, {path}: {}", described(&speed)));
            Ok::<_, anyhow::Error>(speed.per_second)
        };
        if self.plan.wants(&[CHEAP_FASTIFY]) {
            let other = ask("/same").await?;
            let who = "Fastify that answers the same bytes";
            figures.push(against(CHEAP_FASTIFY, cheap.per_second, other, who));
        }
        if self.plan.wants(&[ASKING_FASTIFY]) {
            let other = ask("/me").await?;
            let who = "Fastify that looks up token and user";
            figures.push(against(ASKING_FASTIFY, cheap.per_second, other, who));
        }
        if self.plan.wants(&[REPORT_FASTIFY]) {
            let path = format!("/v1/reports/profit?by=day&from={from}&to={to}");
            let report = self.asked(&path).await?;
            let other = ask("/").await?;
            let who = "Fastify with one indexed query";
            figures.push(against(REPORT_FASTIFY, report.per_second, other, who));
        }
        Ok(figures)
    }
}
