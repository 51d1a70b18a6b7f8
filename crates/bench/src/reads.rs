//! What the product's reads are held against: a cheap one against servers that answer the same bytes and look at nothing, a report against
//! Fastify with the query of the bare handler. One process of Node a core.

use crate::bare::Shared;
use crate::load::{self, Outcome};
use crate::measure::{Bench, Figure, described, rounded};
use crate::product::Place;
use actix_web::dev::ServerHandle;
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

/// Each is asked so often, each time for its share of the time.
const TURNS: u32 = 5;
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

/// Who is asked the same as the product, in turns with it: a machine's speed changes within a minute.
struct Rival {
    name: &'static str,
    who: &'static str,
    address: String,
    path: &'static str,
}

impl Bench<'_> {
    /// `fastify` is the folder of that server, installed.
    pub(crate) async fn reads(&self, fastify: Option<&Path>) -> Result<Vec<Figure>> {
        let mut figures = Vec::new();
        let wants_fastify = fastify.is_some() && self.plan.wants(&OF_FASTIFY);
        if !self.plan.wants(&[CHEAP_ACTIX]) && !wants_fastify {
            return Ok(figures);
        }
        self.at_rest().await?;
        let mut connection = load::Connection::open(self.address()).await?;
        let request = load::get(self.address(), CHEAP, &self.target.token);
        let body = Bytes::from(connection.ask(&request).await?.body);
        drop(connection);
        let mut rivals = Vec::new();
        let mut bare = None;
        if self.plan.wants(&[CHEAP_ACTIX]) {
            let (address, handle) = bare_server(body.clone())?;
            bare = Some(handle);
            rivals.push(Rival {
                name: CHEAP_ACTIX,
                who: "actix-web that answers the same bytes",
                address,
                path: "/same",
            });
        }
        let node = match (fastify, &self.target.place) {
            (Some(folder), Place::Postgres(url)) if wants_fastify => {
                let (from, to) = self.days();
                let shared = Shared::connected(&self.target.place, &from, &to).await?;
                let query = json!({
                    "text": shared.text,
                    "values": [shared.workspace, shared.store, from, to],
                });
                let same = std::str::from_utf8(&body)?;
                Some(Fastify::start(folder, url, &query.to_string(), same)?)
            }
            _ => None,
        };
        if let Some(node) = &node {
            let ask = |name, who, path| Rival {
                name,
                who,
                address: node.address.clone(),
                path,
            };
            let all = [
                ask(
                    CHEAP_FASTIFY,
                    "Fastify that answers the same bytes",
                    "/same",
                ),
                ask(
                    ASKING_FASTIFY,
                    "Fastify that looks up token and user",
                    "/me",
                ),
            ];
            rivals.extend(all.into_iter().filter(|r| self.plan.wants(&[r.name])));
        }
        figures.extend(self.against(CHEAP, &rivals).await?);
        if let Some(bare) = bare {
            bare.stop(false).await;
        }
        if let Some(node) = node.filter(|_| self.plan.wants(&[REPORT_FASTIFY])) {
            let (from, to) = self.days();
            let path = format!("/v1/reports/profit?by=day&from={from}&to={to}");
            let rival = Rival {
                name: REPORT_FASTIFY,
                who: "Fastify with one indexed query",
                address: node.address.clone(),
                path: "/",
            };
            figures.extend(self.against(&path, &[rival]).await?);
        }
        Ok(figures)
    }

    /// The product and each rival in turns; the ratio of what they did in all turns together.
    async fn against(&self, path: &str, rivals: &[Rival]) -> Result<Vec<Figure>> {
        if rivals.is_empty() {
            return Ok(Vec::new());
        }
        let ours = load::get(self.address(), path, &self.target.token);
        let mut asked = vec![(path, self.address(), ours)];
        for rival in rivals {
            let request = load::get(&rival.address, rival.path, &self.target.token);
            asked.push((rival.who, &rival.address, request));
        }
        let mut speeds = vec![Vec::new(); asked.len()];
        for _ in 0..TURNS {
            for ((_, address, request), speeds) in asked.iter().zip(&mut speeds) {
                let outcome = self.turn(address, request.clone(), TURNS).await?;
                speeds.push(outcome);
            }
        }
        for ((what, _, _), speeds) in asked.iter().zip(&speeds) {
            let turns: Vec<_> = speeds
                .iter()
                .map(|o| format!("{:.0}", o.per_second))
                .collect();
            if let Some(last) = speeds.last() {
                let last = described(last);
                self.say(&format!(
                    "{what}: {} requests/s; the last: {last}",
                    turns.join(", ")
                ));
            }
        }
        let mean = |of: &[Outcome]| of.iter().map(|o| o.per_second).sum::<f64>() / of.len() as f64;
        let speed = mean(&speeds[0]);
        let figure = |(rival, speeds): (&Rival, &Vec<Outcome>)| {
            let other = mean(speeds);
            Figure {
                ratio: Some(rounded(speed / other)),
                against: Some(format!("{other:.0} requests/s of {}", rival.who)),
                ..self.figure(rival.name, speed, "requests/s")
            }
        };
        Ok(rivals.iter().zip(&speeds[1..]).map(figure).collect())
    }
}

/// Answers `/same` with the bytes, by the defaults.
fn bare_server(body: Bytes) -> Result<(String, ServerHandle)> {
    let told = web::Data::new(body);
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
    Ok((address, handle))
}
