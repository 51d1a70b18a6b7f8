//! What people say about an unusual day.

use super::{Analysis, AnalysisError};
use crate::changes::Fault;
use domain::analysis::{Kept, Mark, Standing};
use domain::audit::{Actor, NewEntry};
use domain::ids::{AnomalyId, WorkspaceId};
use ports::Kind;
use serde_json::json;

const LONGEST_REASON: usize = 500;

#[derive(Debug, Clone)]
pub struct Said {
    /// Of the anomaly that was looked at.
    pub version: i64,
    pub standing: Standing,
    /// Needed to dismiss it.
    pub reason: Option<String>,
}

impl Analysis {
    pub async fn mark(
        &self,
        workspace: WorkspaceId,
        id: AnomalyId,
        said: Said,
        by: &Actor,
    ) -> Result<Kept, AnalysisError> {
        let fault =
            |message: String| Err(AnalysisError::Invalid(vec![Fault::new("reason", message)]));
        let reason = said.reason.as_deref().unwrap_or_default().trim();
        if reason.chars().count() > LONGEST_REASON {
            return fault(format!("has at most {LONGEST_REASON} characters"));
        }
        if reason.is_empty() && said.standing == Standing::Dismissed {
            return fault("is needed: whoever sees it next asks why".to_owned());
        }
        let mut kept = self.find(workspace, id).await?;
        if kept.version != said.version {
            return Err(AnalysisError::ChangedMeanwhile);
        }
        let at = self.ports.clock.now();
        let (name, figure) = (id.to_string(), kept.anomaly.figure.title());
        let title = format!("{figure} of {}", kept.anomaly.day);
        let target = ("anomaly", name.as_str(), title.as_str());
        kept.version += 1;
        let entry = NewEntry::done(workspace, at, by.clone(), "anomaly.mark", target)
            .after(&json!({ "standing": said.standing, "version": kept.version }));
        let entry = if reason.is_empty() {
            entry
        } else {
            entry.because(reason)
        };
        kept.mark = Some(Mark {
            standing: said.standing,
            by: by.clone(),
            at,
            reason: (!reason.is_empty()).then(|| reason.to_owned()),
        });
        let stored = self.ports.analysis.mark_anomaly(&kept, &entry).await;
        stored.map_err(|error| match error.kind {
            Kind::Conflict => AnalysisError::ChangedMeanwhile,
            _ => AnalysisError::Port(error),
        })?;
        self.hub.wake();
        Ok(kept)
    }
}
