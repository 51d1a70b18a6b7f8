//! The JSONL file of a bulk operation.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use super::Job;
use crate::app::lock;
use crate::graphql::execute::{Nested, Writer};
use crate::graphql::plan::Plan;
use crate::graphql::value::{Node, Object, Value};
use crate::random::Random;

/// What stands under `edges { node { … } }`.
pub(super) fn node_plan(connection: &Plan) -> Option<&Plan> {
    let edges = connection
        .fields(&connection.ty)
        .iter()
        .find(|f| f.name == "edges")?;
    let inner = edges.plan.as_ref()?;
    inner
        .fields(&inner.ty)
        .iter()
        .find(|f| f.name == "node")?
        .plan
        .as_ref()
}

/// The file while it is written. Without grouping, rows are mixed within a chunk, and some children are held back to
/// the very end: nothing may be concluded from where a row stands.
pub(super) struct Rows {
    path: PathBuf,
    out: BufWriter<File>,
    late: BufWriter<File>,
    late_path: PathBuf,
    rows: Vec<(bool, String)>,
    group: bool,
    random: Random,
    objects: u64,
    roots: u64,
}

impl Rows {
    pub(super) fn create(path: PathBuf, job: &Job) -> std::io::Result<Self> {
        let late_path = path.with_extension("late");
        Ok(Self {
            out: BufWriter::new(File::create(&path)?),
            late: BufWriter::new(File::create(&late_path)?),
            path,
            late_path,
            rows: Vec::new(),
            group: job.group,
            random: Random::new(u64::try_from(job.number).unwrap_or(0)),
            objects: 0,
            roots: 0,
        })
    }

    pub(super) fn root<'a, 'p>(
        &mut self,
        writer: &mut Writer<'a, 'p>,
        object: &Object<'a>,
        plan: &'p Plan,
    ) {
        self.roots += 1;
        self.row(writer, object, plan, None);
    }

    fn row<'a, 'p>(
        &mut self,
        writer: &mut Writer<'a, 'p>,
        object: &Object<'a>,
        plan: &'p Plan,
        parent: Option<&str>,
    ) {
        writer.out.clear();
        writer.out.push('{');
        writer.fields(object, plan);
        if let Some(parent) = parent {
            if writer.out.len() > 1 {
                writer.out.push(',');
            }
            writer.out.push_str("\"__parentId\":\"");
            writer.out.push_str(parent);
            writer.out.push('"');
        }
        writer.out.push('}');
        let text = writer.out.clone();
        let nested = writer.nested.replace(Vec::new()).unwrap_or_default();
        let id = if nested.is_empty() {
            String::new()
        } else {
            id_of(writer, object)
        };
        self.rows.push((parent.is_some(), text));
        self.objects += 1;
        for Nested { nodes, plan } in nested {
            let Some(inner) = node_plan(plan) else {
                continue;
            };
            for Node { object, .. } in nodes {
                self.row(writer, &object, inner, Some(&id));
            }
        }
    }

    pub(super) fn flush(&mut self, job: &Job) -> std::io::Result<()> {
        let mut rows = std::mem::take(&mut self.rows);
        if !self.group {
            for i in (1..rows.len()).rev() {
                let other = self.random.index(i + 1);
                rows.swap(i, other);
            }
        }
        for (child, row) in rows {
            let late = !self.group && child && self.random.chance(90);
            let out = if late { &mut self.late } else { &mut self.out };
            out.write_all(row.as_bytes())?;
            out.write_all(b"\n")?;
        }
        let mut state = lock(&job.state);
        (state.objects, state.roots) = (self.objects, self.roots);
        Ok(())
    }

    pub(super) fn end(mut self, job: &Job) -> std::io::Result<()> {
        self.late.flush()?;
        std::io::copy(&mut File::open(&self.late_path)?, &mut self.out)?;
        self.out.flush()?;
        std::fs::remove_file(&self.late_path)?;
        let size = std::fs::metadata(&self.path)?.len();
        let mut state = lock(&job.state);
        (state.objects, state.roots, state.size) = (self.objects, self.roots, Some(size));
        Ok(())
    }
}

fn id_of<'a>(writer: &Writer<'a, '_>, object: &Object<'a>) -> String {
    match crate::graphql::resolve::resolve(
        writer.context,
        object,
        "id",
        &crate::graphql::argument::Arguments::default(),
    ) {
        Value::Text(id) => id.into_owned(),
        _ => String::new(),
    }
}
