//! A set of which it is not known what came into effect: somebody has the shop looked at again, and says what looking does not tell.

use super::decide::{because, note_of};
use super::{ChangeError, Changes, Fault, words};
use domain::audit::Actor;
use domain::changes::{ChangeSet, ChangeSetStatus, OperationState, Seen, Verdict, plan};
use domain::ids::{ChangeSetId, WorkspaceId};
use serde_json::json;

/// What a person saw in the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    pub no: u32,
    pub in_effect: bool,
}

impl Changes {
    /// Looks at the shop again. What it shows as planned or as before is settled by that; of the rest, `told` counts. What neither tells
    /// stays unknown.
    pub async fn settle(
        &self,
        workspace: WorkspaceId,
        id: ChangeSetId,
        by: &Actor,
        told: &[Told],
        note: Option<&str>,
    ) -> Result<ChangeSet, ChangeError> {
        let note = note_of(note)?;
        let set = self.find(workspace, id).await?;
        let mut set = set.ok_or(ChangeError::UnknownSet)?;
        if set.status != ChangeSetStatus::Unknown {
            return Err(ChangeError::NothingUnknown);
        }
        check(&set, told, note.as_deref())?;
        let seen = self.seen_now(&set).await?;
        let currency = self.stores.find(set.scope).await?.map(|s| s.currency);
        let now = self.ports.clock.now();
        let mut settled = Vec::new();
        for (no, seen) in seen {
            let Some(operation) = set.operations.iter_mut().find(|o| o.no == no) else {
                continue;
            };
            let said = told.iter().find(|t| t.no == no).map(|t| t.in_effect);
            let shown = match operation.action.verdict(&seen) {
                Verdict::Done => Some(true),
                Verdict::Ready => Some(false),
                Verdict::Drifted => said,
            };
            let drifted = currency.map(|c| words::drifted(&operation.action, &seen, c));
            operation.seen = Some(seen);
            match shown {
                Some(true) => {
                    operation.state = OperationState::Applied;
                    operation.error = None;
                }
                Some(false) => {
                    operation.state = OperationState::Failed;
                    operation.error = Some("the shop never showed it".to_owned());
                }
                None => {
                    operation.error = drifted.map(|d| format!("the answer was lost, and {d}"));
                    continue;
                }
            }
            operation.ended_at = Some(now);
            settled.push(json!({ "no": no, "state": operation.state, "said": said }));
        }
        set.status = plan::status(&set.operations);
        set.error = words::outcome(&set);
        let entry = self.entry(&set, by, "change_set.settle");
        let entry = entry.after(&json!({ "settled": settled, "status": set.status }));
        self.decide(&set, because(entry, note.as_deref())).await
    }

    /// What the shop shows now of all that is unknown.
    async fn seen_now(&self, set: &ChangeSet) -> Result<Vec<(u32, Seen)>, ChangeError> {
        let connection = self
            .ports
            .connections
            .find(set.scope.workspace, set.connection)
            .await?
            .ok_or(ChangeError::NoConnection)?;
        let store = self.stores.find(set.scope).await?;
        let store = store.ok_or(ChangeError::NoConnection)?;
        let writer = self.hands(set, &store, &connection).await?;
        let unknown = || {
            let all = set.operations.iter();
            all.filter(|o| o.state == OperationState::Unknown)
        };
        let targets: Vec<_> = unknown().map(|o| o.action.target()).collect();
        let seen = writer.look(&targets).await?;
        Ok(unknown().map(|o| o.no).zip(seen).collect())
    }
}

fn check(set: &ChangeSet, told: &[Told], note: Option<&str>) -> Result<(), ChangeError> {
    let fault =
        |field: &str, message: &str| Err(ChangeError::Invalid(vec![Fault::new(field, message)]));
    let is_unknown = |no| {
        let operation = set.operation(no);
        operation.is_some_and(|o| o.state == OperationState::Unknown)
    };
    if let Some(place) = told.iter().position(|t| !is_unknown(t.no)) {
        return fault(
            &format!("outcomes[{place}].no"),
            "names no operation whose state is unknown",
        );
    }
    if !told.is_empty() && note.is_none() {
        return fault(
            "note",
            "is needed where a person says what the shop does not show",
        );
    }
    Ok(())
}
