//! The dashboards' queries, run by the role that Grafana gets, on a database as this version leaves it: tables, columns and
//! grants are there. What they answer is not looked at.
use std::{path::Path, process::Command};

use anyhow::{Result, ensure};

use super::dashboards;
use crate::{
    temp::TempDir,
    test::{Postgres, build_servers},
    tools,
    workspace::{Workspace, output},
};

const ROLE: &str = "royal_monitoring";
/// What Grafana puts in for its macros, more or less.
const MACROS: [(&str, &str); 2] = [
    ("$__timeFrom()", "(now() - interval '1 day')"),
    ("$__timeTo()", "now()"),
];

struct Query {
    panel: String,
    sql: String,
}

/// What is wrong with them, a sentence each.
pub(super) fn run(workspace: &Workspace) -> Result<Vec<String>> {
    let queries = queries(&workspace.root)?;
    ensure!(!queries.is_empty(), "the dashboards have no queries");
    build_servers(workspace)?;
    let postgres = Postgres::start()?;
    let data = TempDir::new("queries")?;
    let mut migrate = Command::new(workspace.binary("royal", false));
    migrate
        .arg("migrate")
        .current_dir(data.path())
        .env("DATA_DIR", data.path())
        .env("DATABASE_URL", postgres.url());
    output(&mut migrate, "royal migrate")?;

    let psql = tools::postgres_programs()?.join("psql");
    let psql = |user: &str| {
        let url = postgres.url().replacen("postgres@", &format!("{user}@"), 1);
        let mut command = Command::new(&psql);
        command
            .args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"])
            .args(["--dbname", &url])
            .env("MONITORING_PASSWORD", "of no use here");
        command
    };
    let grants = workspace.root.join("deploy/postgres/monitoring.sql");
    // Twice: an upgrade runs it again.
    for _ in 0..2 {
        let mut command = psql("postgres");
        output(command.arg("--file").arg(&grants), "monitoring.sql")?;
    }
    let mut failures = Vec::new();
    for Query { panel, sql } in queries {
        let answer = output(psql(ROLE).args(["--command", &sql]), &panel);
        failures.extend(answer.err().map(|error| format!("{error:#}")));
    }
    // Whoever reads dashboards reads no person's data and writes nothing.
    for forbidden in [
        "SELECT * FROM users",
        "SELECT document FROM change_sets",
        "SET TRANSACTION READ WRITE; DELETE FROM stops",
    ] {
        if output(psql(ROLE).args(["--command", forbidden]), ROLE).is_ok() {
            failures.push(format!("{ROLE} may do this: {forbidden}"));
        }
    }
    Ok(failures)
}

fn queries(root: &Path) -> Result<Vec<Query>> {
    let put_in = |sql: String, (name, value): &(&str, &str)| sql.replace(name, value);
    let targets = dashboards::targets(root)?.into_iter();
    let queries = targets.filter_map(|target| {
        let sql = target.query["rawSql"].as_str()?.to_owned();
        Some(Query {
            panel: target.panel,
            sql: MACROS.iter().fold(sql, put_in),
        })
    });
    Ok(queries.collect())
}
