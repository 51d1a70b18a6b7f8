//! Failures of change-sets and of agents as problems.

use super::{FieldError, Problem};
use actix_web::http::StatusCode;
use application::agents::AgentError;
use application::changes::ChangeError;

impl From<ChangeError> for Problem {
    fn from(error: ChangeError) -> Self {
        let said = error.to_string();
        let conflict = |slug, title| Self::new(StatusCode::CONFLICT, slug, title, said.clone());
        match error {
            ChangeError::Store(error) => error.into(),
            ChangeError::Invalid(faults) => {
                Self::unprocessable("change-refused", FieldError::all(&faults))
            }
            ChangeError::NoConnection => conflict("no-connection", "Not connected"),
            ChangeError::UnknownSet => Self::not_found("change-set"),
            ChangeError::OtherDigest => conflict("other-digest", "Changed meanwhile"),
            ChangeError::NotWaiting(_) | ChangeError::DecidedMeanwhile => {
                conflict("already-decided", "Decided already")
            }
            ChangeError::Expired => conflict("expired", "Too late"),
            ChangeError::NeedsPerson | ChangeError::OwnProposal => Self::forbidden(said),
            ChangeError::NeedsSecond(_) => Self::new(
                StatusCode::FORBIDDEN,
                "needs-somebody-else",
                "Not by you alone",
                said,
            ),
            ChangeError::Stopped(_) => {
                Self::new(StatusCode::LOCKED, "stopped", "A stop is on", said)
            }
            ChangeError::Order(refusal) => refusal.into(),
            ChangeError::NothingUnknown => conflict("nothing-unknown", "Known already"),
            ChangeError::NothingToUndo => conflict("nothing-to-undo", "Nothing to put back"),
            ChangeError::UndoUnderWay => conflict("undo-under-way", "Proposed already"),
            ChangeError::SetMeanwhile => conflict("set-meanwhile", "Changed meanwhile"),
            ChangeError::UnknownStop => Self::not_found("stop"),
            ChangeError::Port(error) => error.into(),
        }
    }
}

impl From<AgentError> for Problem {
    fn from(error: AgentError) -> Self {
        let said = error.to_string();
        let conflict = |slug, title| Self::new(StatusCode::CONFLICT, slug, title, said.clone());
        match error {
            AgentError::Store(error) => error.into(),
            AgentError::UnknownAgent => Self::not_found("agent"),
            AgentError::UnknownRun => Self::not_found("run"),
            AgentError::AlreadyRunning(run) => {
                conflict("already-running", "Under way already").with_run(run)
            }
            AgentError::Stopped(_) => {
                Self::new(StatusCode::LOCKED, "stopped", "A stop is on", said)
            }
            AgentError::OverBudget(_) => Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "over-budget",
                "Used up",
                said,
            ),
            AgentError::Invalid(faults) => {
                Self::unprocessable("agent-refused", FieldError::all(&faults))
            }
            AgentError::ChangedMeanwhile => conflict("conflict", "Changed meanwhile"),
            AgentError::Ended => conflict("run-ended", "It has ended"),
            AgentError::FactsForgotten => Self::new(
                StatusCode::GONE,
                "facts-forgotten",
                "Not kept any more",
                said,
            ),
            AgentError::Port(error) => error.into(),
        }
    }
}
