//! Files that tell how much is looked for what: looked at first, then taken over, and everything is scored by them.

use super::{Opportunities, OpportunityError};
use crate::changes::Fault;
use crate::imports::table;
use domain::audit::{Actor, NewEntry};
use domain::ids::TrendSeriesId;
use domain::opportunity::{MOST_TRENDS, TrendAbout, TrendSeries, read_trends};
use domain::store::Store;
use ports::{Kind, PortResult};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Rows of a file, at most.
const MOST_ROWS: usize = 20_000;
/// Of a file.
pub const MOST_TREND_BYTES: usize = 8 << 20;
const LONGEST_SOURCE: usize = 80;
/// Lines before the header, at most: exports begin with a title.
const MOST_TITLE_LINES: usize = 5;

/// A series of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrendTold {
    pub series: TrendSeries,
    /// Whether one of the same term stands there.
    pub replaces: bool,
}

/// What a file would do, or has done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrendsTold {
    pub series: Vec<TrendTold>,
    /// Lines that cannot be read, and why.
    pub refused: Vec<(u64, String)>,
    /// Terms that are left out because of them.
    pub left_out: BTreeSet<String>,
    pub applied: bool,
}

fn fault<T>(field: &str, message: impl Into<String>) -> Result<T, OpportunityError> {
    Err(OpportunityError::Invalid(vec![Fault::new(field, message)]))
}

/// Without the lines before the header, which have no second cell; and how many these were.
fn without_title(file: &[u8]) -> (&[u8], u64) {
    let (mut rest, mut dropped) = (file, 0);
    for _ in 0..MOST_TITLE_LINES {
        let end = rest.iter().position(|b| *b == b'\n');
        let Some(end) = end else { break };
        let has_cells = rest[..end].iter().any(|b| matches!(b, b',' | b';' | b'\t'));
        if has_cells {
            break;
        }
        (rest, dropped) = (&rest[end + 1..], dropped + 1);
    }
    (rest, dropped)
}

impl Opportunities {
    /// By their term.
    pub async fn trends(&self, store: &Store) -> PortResult<Vec<TrendSeries>> {
        let mut all = self.ports.opportunities.trends(store.scope).await?;
        all.sort_by_key(|s| (s.about.text().to_lowercase(), s.id));
        Ok(all)
    }

    /// Looks at a file, and takes it over when `apply`: a series of it replaces the one of the same term, as indexes of two files are not
    /// comparable. Terms with lines that cannot be read are left out, and named.
    ///
    /// # Errors
    /// `Invalid` where it is no such table, its source is not named, or nothing of it can be taken over.
    pub async fn trends_from_file(
        &self,
        store: &Store,
        (file, source): (Vec<u8>, &str),
        apply: bool,
        by: &Actor,
    ) -> Result<TrendsTold, OpportunityError> {
        let source = source.trim();
        if source.is_empty() || source.chars().count() > LONGEST_SOURCE {
            let message =
                format!("says where the file is from, in at most {LONGEST_SOURCE} letters");
            return fault("source", message);
        }
        if file.len() > MOST_TREND_BYTES {
            return fault("file", format!("has at most {MOST_TREND_BYTES} bytes"));
        }
        let sha256 = hex::encode(Sha256::digest(&file));
        let (bare, dropped) = without_title(&file);
        let read = match table(bare.to_vec(), MOST_ROWS).await? {
            Ok(table) => read_trends(&table),
            Err(message) => Err(message),
        };
        let read = match read {
            Ok(read) => read,
            Err(message) => return fault("file", message),
        };
        let known: BTreeMap<TrendSeriesId, TrendAbout> = self
            .ports
            .opportunities
            .trends(store.scope)
            .await?
            .into_iter()
            .map(|s| (s.id, s.about))
            .collect();
        let now = self.ports.clock.now();
        let series = read.series.into_iter().map(|one| {
            let id = one.about.id(store.scope);
            let series = TrendSeries {
                scope: store.scope,
                id,
                about: one.about,
                source: source.to_owned(),
                sha256: sha256.clone(),
                read_at: now,
                read_by: by.clone(),
                points: one.points,
            };
            let replaces = known.contains_key(&id);
            TrendTold { series, replaces }
        });
        let refused = read.refused.into_iter();
        let mut told = TrendsTold {
            series: series.collect(),
            refused: refused.map(|(line, why)| (line + dropped, why)).collect(),
            left_out: read.left_out,
            applied: false,
        };
        let new = told.series.iter().filter(|t| !t.replaces).count();
        if known.len() + new > MOST_TRENDS {
            let message = format!("would make more than {MOST_TRENDS} terms in the store");
            return fault("file", message);
        }
        if !apply {
            return Ok(told);
        }
        if told.series.is_empty() {
            return fault("file", "has no term that can be taken over");
        }
        let id = store.scope.store.to_string();
        let target = ("trends", id.as_str(), store.name.as_str());
        let workspace = store.scope.workspace;
        let entry = NewEntry::done(workspace, now, by.clone(), "trends.import", target);
        let entry = entry.after(&json!({
            "source": source, "sha256": sha256, "terms": told.series.len(), "left_out": told.left_out,
        }));
        let series: Vec<_> = told.series.iter().map(|t| t.series.clone()).collect();
        let port = &self.ports.opportunities;
        port.save_trends(store.scope, &series, &entry).await?;
        self.scoring.rescore(store).await?;
        told.applied = true;
        Ok(told)
    }

    /// It counts no more, and everything is scored without it.
    ///
    /// # Errors
    /// `UnknownTrend` where there is none.
    pub async fn forget_trend(
        &self,
        store: &Store,
        id: TrendSeriesId,
        by: &Actor,
    ) -> Result<(), OpportunityError> {
        let all = self.ports.opportunities.trends(store.scope).await?;
        let series = all.into_iter().find(|s| s.id == id);
        let series = series.ok_or(OpportunityError::UnknownTrend)?;
        let (workspace, now) = (store.scope.workspace, self.ports.clock.now());
        let name = id.to_string();
        let target = ("trends", name.as_str(), series.about.text());
        let entry = NewEntry::done(workspace, now, by.clone(), "trends.forget", target)
            .before(&json!({ "source": series.source, "sha256": series.sha256 }));
        let port = &self.ports.opportunities;
        let forgotten = port.forget_trend(store.scope, id, &entry).await;
        forgotten.map_err(|error| match error.kind {
            Kind::NotFound => OpportunityError::UnknownTrend,
            _ => error.into(),
        })?;
        self.scoring.rescore(store).await?;
        Ok(())
    }
}
