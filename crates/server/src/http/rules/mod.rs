//! Rules: agents that people write. How they run, and how far they may go, is told under `/v1/agents/rule:…` as of any agent.

pub(crate) mod create;
pub(crate) mod document;
pub(crate) mod find;
pub(crate) mod list;
pub(crate) mod preview;
pub(crate) mod remove;
pub(crate) mod set;
pub(crate) mod versions;
pub(crate) mod view;

use crate::problem::Problem;
use application::agents::AgentError;

/// Here the agent that is not there is a rule.
fn refused(error: AgentError) -> Problem {
    match error {
        AgentError::UnknownAgent => Problem::not_found("rule"),
        error => error.into(),
    }
}
