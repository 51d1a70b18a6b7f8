//! What is a workspace's: every row of it, to be handed over or taken away.
//!
//! Which tables and columns there are is asked of the database; here stands only whose a row is where its table has no column
//! `workspace`, and what is handed to nobody. A new table with that column is handed over and taken away without a line here.

use crate::audit::record;
use crate::{Arg, Backend, Database, Maintenance, Session, Sql, SqlRow, Writer};
use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use domain::audit::NewEntry;
use domain::ids::WorkspaceId;
use ports::{Kind, PortError, PortResult};
use serde::de::IgnoredAny;
use std::fmt::Write as _;
use uuid::Uuid;

/// Rows of one statement, whose documents are held at once.
const PAGE: usize = 500;
/// Whose the rows of a table are that has no column for it: what holds of those of workspace `$1`. Others come before those that
/// they are named by.
const BY_OTHERS: &[(&str, &str)] = &[
    ("checkpoints", OF_CONNECTIONS),
    ("inbox", OF_CONNECTIONS),
    (
        "import_problems",
        "import_id IN (SELECT id FROM imports WHERE workspace = $1)",
    ),
    (
        "notice_reads",
        "notice IN (SELECT id FROM notices WHERE workspace = $1)",
    ),
    (
        "delivery_notices",
        "delivery IN (SELECT id FROM deliveries WHERE workspace = $1)",
    ),
    ("assistant_frames", OF_SESSIONS),
    ("assistant_messages", OF_SESSIONS),
    ("assistant_cancels", OF_SESSIONS),
    ("assistant_wishes", OF_SESSIONS),
    ("identities", OF_USERS),
    ("passkeys", OF_USERS),
    ("passkey_ceremonies", OF_USERS),
    ("pending_sign_ins", OF_USERS),
    ("recovery_codes", OF_USERS),
    ("second_factors", OF_USERS),
    ("sessions", OF_USERS),
];
const OF_CONNECTIONS: &str = "connection IN (SELECT id FROM connections WHERE workspace = $1)";
const OF_SESSIONS: &str = "session IN (SELECT id FROM assistant_sessions WHERE workspace = $1)";
const OF_USERS: &str = "user_id IN (SELECT id FROM users WHERE workspace = $1)";
/// A message that a worker took and has not answered for yet at `$2`. One that waits to be tried again has its error, which taking it
/// clears.
const INBOX_HELD: &str = "state = 'pending' AND attempts > 0 AND error IS NULL AND due_at > $2";
/// Nobody's workspace's: keys, numbers and settings of the installation.
const OF_THE_INSTALLATION: &[&str] = &[
    "canaries",
    "event_head",
    "key_uses",
    "settings",
    "sign_in_journeys",
    "workspace_deletions",
];
/// Handed to nobody, and why.
const WITHHELD: &[(&str, &str)] = &[
    (
        "secrets",
        "credentials; `royal backup` keeps them, sealed with their key",
    ),
    ("sessions", "who is signed in at this moment"),
    ("links", "invitations and links that open something"),
    ("passkeys", "what people sign in with"),
    ("passkey_ceremonies", "a sign-in under way"),
    ("pending_sign_ins", "a sign-in under way"),
    ("recovery_codes", "what people sign in with"),
    ("second_factors", "what people sign in with"),
    (
        "idempotency_keys",
        "answers that are kept for a repeated request",
    ),
    ("users.password_hash", "what people sign in with"),
];
/// Of bytes only these are handed over: the rest is sealed, hashed or taken from what stands beside it.
const HANDED_BYTES: &[(&str, &str)] = &[
    ("audit", "previous"),
    ("audit", "hash"),
    ("audit_checkpoints", "hash"),
    ("audit_checkpoints", "signature"),
    ("audit_heads", "hash"),
    ("inbox", "body"),
];
/// SQLite has one type for bytes and ids; these are bytes.
const BYTES: &[&str] = &[
    "audit_hash",
    "blob",
    "body",
    "content",
    "credential",
    "fingerprint",
    "hash",
    "previous",
    "signature",
    "state",
];
/// Texts that hold JSON, which stands in a line as it is.
const JSON: &[&str] = &[
    "after",
    "answer",
    "attribution",
    "before",
    "conversions",
    "data",
    "decision",
    "document",
    "facts",
    "input",
    "ledger",
    "mapping",
    "mark",
    "origin",
    "scopes",
    "settings",
    "watch",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Int,
    Text,
    Bytes,
    Id,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct ColumnOf {
    name: String,
    shape: Shape,
    /// Place in the primary key from 1; 0: it is not in it.
    key: i64,
}

/// A table of a workspace, as the database describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Table {
    name: String,
    columns: Vec<ColumnOf>,
    owner: String,
}

impl Table {
    fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|c| c.name == column)
    }

    fn key(&self) -> Vec<&ColumnOf> {
        let mut key: Vec<_> = self.columns.iter().filter(|c| c.key > 0).collect();
        key.sort_by_key(|c| c.key);
        key
    }

    fn is_withheld(&self) -> bool {
        WITHHELD.iter().any(|(name, _)| *name == self.name)
    }

    fn is_handed(&self, column: &ColumnOf) -> bool {
        let named = |(table, name): &(&str, &str)| *table == self.name && *name == column.name;
        let full = format!("{}.{}", self.name, column.name);
        match column.shape {
            Shape::Bytes => HANDED_BYTES.iter().any(named),
            _ => WITHHELD.iter().all(|(name, _)| *name != full),
        }
    }
}

/// Some rows of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub table: String,
    /// One JSON object a row, each with a line break behind it.
    pub lines: String,
    pub rows: u64,
}

/// What a deletion took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deleted {
    pub name: String,
    pub rows: u64,
}

/// The rows of one workspace as of one moment, table by table, a page at a time.
#[async_trait]
pub trait Walk: Send {
    /// Every table is told, one without rows by a piece without lines. `None`: that was all.
    async fn next(&mut self) -> PortResult<Option<Piece>>;
}

/// A workspace as a whole, for the operator.
#[async_trait]
pub trait Belongings: Maintenance {
    /// What `Walk` leaves out, and why.
    fn withheld(&self) -> &'static [(&'static str, &'static str)] {
        WITHHELD
    }
    async fn walk(&self, workspace: WorkspaceId) -> PortResult<Box<dyn Walk>>;
    /// Takes every row away in one transaction and keeps that it was done, by whom, and where its audit ended; `entry` is the
    /// last of that. `NotFound`: there is no such workspace. `Conflict`: a worker holds something of it at `entry.at`.
    async fn delete_workspace(&self, entry: &NewEntry) -> PortResult<Deleted>;
    /// Id, name, time and by whom, newest first.
    async fn deletions(&self) -> PortResult<Vec<(Uuid, String, DateTime<Utc>, String)>>;
    /// Names of tables that are nobody's: a defect of this list.
    async fn unowned(&self) -> PortResult<Vec<String>>;
    /// Table, column, shape and place in the key, the same for both databases.
    async fn described(&self) -> PortResult<Vec<String>>;
}

fn quoted<'a>(columns: impl IntoIterator<Item = &'a ColumnOf>) -> String {
    let quoted = columns.into_iter().map(|c| format!("\"{}\"", c.name));
    quoted.collect::<Vec<_>>().join(", ")
}

fn shape(kind: &str, column: &str) -> Shape {
    match kind.to_ascii_lowercase().as_str() {
        "int8" | "integer" => Shape::Int,
        "uuid" => Shape::Id,
        "bytea" => Shape::Bytes,
        "blob" if BYTES.contains(&column) => Shape::Bytes,
        "blob" => Shape::Id,
        _ => Shape::Text,
    }
}

/// Every table with its columns, in the order of their names.
async fn all<S: Session>(session: &mut S, columns: &'static str) -> PortResult<Vec<Table>> {
    let rows = session.rows(Sql::new(columns)).await?;
    let mut tables: Vec<Table> = Vec::new();
    for row in &rows {
        let mut c = crate::Cells::of(row);
        let (table, name, kind, key) = (c.text()?, c.text()?, c.text()?, c.int()?);
        // The two names that both mean bytes in one table and an id or a word in another.
        let shape = match (table.as_str(), name.as_str()) {
            ("passkeys", "key") if kind.eq_ignore_ascii_case("blob") => Shape::Bytes,
            _ => shape(&kind, &name),
        };
        let column = ColumnOf { name, shape, key };
        match tables.last_mut().filter(|t| t.name == table) {
            Some(known) => known.columns.push(column),
            None => tables.push(Table {
                name: table,
                columns: vec![column],
                owner: String::new(),
            }),
        }
    }
    Ok(tables)
}

/// Those of a workspace, in the order in which they may be taken away; and the names of those that are nobody's.
fn owned(all: Vec<Table>) -> (Vec<Table>, Vec<String>) {
    let (mut first, mut middle, mut last, mut unowned) = (vec![], vec![], vec![], vec![]);
    for mut table in all {
        if OF_THE_INSTALLATION.contains(&table.name.as_str()) {
            continue;
        }
        let by_others = BY_OTHERS.iter().find(|(name, _)| *name == table.name);
        if let Some((_, owner)) = by_others {
            table.owner = (*owner).to_owned();
            first.push(table);
        } else if table.name == "workspaces" {
            table.owner = "id = $1".to_owned();
            last.push(table);
        } else if table.has("workspace") {
            table.owner = "workspace = $1".to_owned();
            middle.push(table);
        } else {
            unowned.push(table.name);
        }
    }
    first.append(&mut middle);
    first.append(&mut last);
    (first, unowned)
}

fn value<R: SqlRow>(row: &R, at: usize, column: &ColumnOf) -> Result<Arg, sqlx::Error> {
    Ok(match column.shape {
        Shape::Int => Arg::Int(row.int(at)?),
        Shape::Text => Arg::Text(row.text(at)?),
        Shape::Bytes => Arg::Bytes(row.bytes(at)?),
        Shape::Id => Arg::Id(row.id(at)?),
    })
}

fn push_json(line: &mut String, column: &ColumnOf, value: &Arg) {
    match value {
        Arg::Int(Some(v)) => {
            write!(line, "{v}").ok();
        }
        Arg::Id(Some(v)) => {
            write!(line, "\"{v}\"").ok();
        }
        Arg::Bytes(Some(v)) => {
            write!(line, "\"{}\"", STANDARD.encode(v)).ok();
        }
        Arg::Text(Some(v)) => {
            let is_json = JSON.contains(&column.name.as_str())
                && !v.contains('\n')
                && serde_json::from_str::<IgnoredAny>(v).is_ok();
            match is_json {
                true => line.push_str(v),
                false => line.push_str(&serde_json::Value::from(v.as_str()).to_string()),
            }
        }
        _ => line.push_str("null"),
    }
}

struct Walking<W> {
    session: W,
    tables: std::vec::IntoIter<Table>,
    /// With the key of the last row that was told; empty before the first.
    now: Option<(Table, Vec<Arg>)>,
    workspace: WorkspaceId,
    provider: &'static str,
}

impl<W: Writer> Walking<W> {
    async fn page(&mut self, table: &Table, after: &[Arg]) -> PortResult<(Piece, Vec<Arg>)> {
        let key = table.key();
        let names = quoted(key.iter().copied());
        let mut sql = Sql::new(format!(
            "SELECT {} FROM {} WHERE {}",
            quoted(&table.columns),
            table.name,
            table.owner
        ))
        .bind(self.workspace);
        if !after.is_empty() {
            sql.push(&format!(" AND ({names}) > ("));
            for (i, value) in after.iter().enumerate() {
                if i > 0 {
                    sql.push(", ");
                }
                sql.args.push(value.clone());
                let n = sql.args.len();
                sql.push(&format!("${n}"));
            }
            sql.push(")");
        }
        sql.push(&format!(" ORDER BY {names} LIMIT {PAGE}"));
        let rows = self.session.rows(sql).await?;
        let mut piece = Piece {
            table: table.name.clone(),
            lines: String::new(),
            rows: rows.len() as u64,
        };
        let mut last = Vec::new();
        for row in &rows {
            last = vec![Arg::Int(None); key.len()];
            piece.lines.push('{');
            let mut is_first = true;
            for (at, column) in table.columns.iter().enumerate() {
                let value =
                    value(row, at, column).map_err(|e| self.unreadable(table, column, e))?;
                if table.is_handed(column) {
                    if !is_first {
                        piece.lines.push(',');
                    }
                    is_first = false;
                    write!(piece.lines, "\"{}\":", column.name).ok();
                    push_json(&mut piece.lines, column, &value);
                }
                let place = usize::try_from(column.key - 1).ok();
                if let Some(slot) = place.and_then(|p| last.get_mut(p)) {
                    *slot = value;
                }
            }
            piece.lines.push_str("}\n");
        }
        Ok((piece, last))
    }

    fn unreadable(&self, table: &Table, column: &ColumnOf, error: sqlx::Error) -> PortError {
        let detail = format!(
            "column {} of a row of {} cannot be read; check the database with `royal doctor`, or restore a backup",
            column.name, table.name
        );
        PortError::new(
            Kind::Corrupt,
            ports::Retry::Never,
            self.provider,
            "belongings.walk",
            detail,
        )
        .with_source(error)
    }
}

#[async_trait]
impl<W: Writer> Walk for Walking<W>
where
    W: 'static,
{
    async fn next(&mut self) -> PortResult<Option<Piece>> {
        let now = self.now.take();
        let Some((table, after)) =
            now.or_else(|| self.tables.next().map(|table| (table, Vec::new())))
        else {
            return Ok(None);
        };
        let (piece, last) = self.page(&table, &after).await?;
        if piece.rows == PAGE as u64 {
            self.now = Some((table, last));
        }
        Ok(Some(piece))
    }
}

#[async_trait]
impl<B: Backend> Belongings for Database<B>
where
    B::Writer: 'static,
{
    async fn walk(&self, workspace: WorkspaceId) -> PortResult<Box<dyn Walk>> {
        let mut session = self.0.frozen("belongings.walk").await?;
        let (mut tables, _) = owned(all(&mut session, B::COLUMNS).await?);
        tables.retain(|table| !table.is_withheld());
        // As people look for them.
        tables.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Box::new(Walking {
            session,
            tables: tables.into_iter(),
            now: None,
            workspace,
            provider: B::PROVIDER,
        }))
    }

    async fn delete_workspace(&self, entry: &NewEntry) -> PortResult<Deleted> {
        const OPERATION: &str = "belongings.delete";
        let workspace = entry.workspace;
        let mut tx = self.0.write(OPERATION).await?;
        for statement in B::PATIENT {
            tx.run(Sql::new(*statement)).await?;
        }
        let sql = format!("SELECT name FROM workspaces WHERE id = $1{}", B::FOR_UPDATE);
        let Some(row) = tx.one(Sql::new(sql).bind(workspace)).await? else {
            let detail = format!("there is no workspace {workspace}");
            return Err(Self::refuse(Kind::NotFound, OPERATION, detail));
        };
        let name = crate::Cells::of(&row).text()?;
        drop(row);
        let (tables, _) = owned(all(&mut tx, B::COLUMNS).await?);
        for table in &tables {
            let held = match table.name.as_str() {
                "inbox" => INBOX_HELD,
                _ if table.has("leased_until") => "leased_until > $2",
                _ => continue,
            };
            let sql = format!(
                "SELECT count(*) FROM {} WHERE {} AND {held}",
                table.name, table.owner
            );
            let row = tx.one(Sql::new(sql).bind(workspace).bind(entry.at)).await?;
            let held = row.map(|row| crate::Cells::of(&row).int()).transpose()?;
            if held.unwrap_or(0) > 0 {
                let detail = format!(
                    "a worker is at work for it ({}): stop the product first, and wait for its leases to end (WORK_LEASE seconds)",
                    table.name
                );
                return Err(Self::refuse(Kind::Conflict, OPERATION, detail));
            }
        }
        record(&mut tx, std::slice::from_ref(entry)).await?;
        let sql = "INSERT INTO workspace_deletions (id, name, deleted_at, deleted_by, audit_seq, audit_hash) \
             SELECT $1, $2, $3, $4, seq, hash FROM audit_heads WHERE workspace = $1";
        let kept = Sql::new(sql)
            .bind(workspace)
            .bind(name.as_str())
            .bind(entry.at)
            .bind(entry.actor.name.as_str());
        tx.run(kept).await?;
        // Settings of the installation that speak of it.
        let own = Sql::new("SELECT id FROM connections WHERE workspace = $1").bind(workspace);
        let mut names = vec![format!("mail.last_failure.{workspace}")];
        for row in &tx.rows(own).await? {
            let id = crate::Cells::of(row).id()?;
            names.push(format!("circuit/%/{id}/%"));
        }
        for name in names {
            let sql = Sql::new("DELETE FROM settings WHERE name LIKE $1").bind(name);
            tx.run(sql).await?;
        }
        let mut rows = 0;
        for table in &tables {
            let sql = format!("DELETE FROM {} WHERE {}", table.name, table.owner);
            rows += tx.run(Sql::new(sql).bind(workspace)).await?;
        }
        tx.commit().await?;
        Ok(Deleted { name, rows })
    }

    async fn deletions(&self) -> PortResult<Vec<(Uuid, String, DateTime<Utc>, String)>> {
        let sql = "SELECT id, name, deleted_at, deleted_by FROM workspace_deletions ORDER BY deleted_at DESC, id";
        let mut session = self.0.read("belongings.deletions").await?;
        let rows = session.rows(Sql::new(sql)).await?;
        let mut found = Vec::new();
        for row in &rows {
            let mut c = crate::Cells::of(row);
            found.push((c.id()?, c.text()?, c.at()?, c.text()?));
        }
        Ok(found)
    }

    async fn unowned(&self) -> PortResult<Vec<String>> {
        let mut session = self.0.read("belongings.unowned").await?;
        Ok(owned(all(&mut session, B::COLUMNS).await?).1)
    }

    async fn described(&self) -> PortResult<Vec<String>> {
        let mut session = self.0.read("belongings.described").await?;
        let tables = all(&mut session, B::COLUMNS).await?;
        let lines = tables.iter().flat_map(|t| {
            let line = |c: &ColumnOf| format!("{}.{} {:?} {}", t.name, c.name, c.shape, c.key);
            t.columns.iter().map(line)
        });
        let mut lines: Vec<String> = lines.collect();
        lines.sort();
        Ok(lines)
    }
}
