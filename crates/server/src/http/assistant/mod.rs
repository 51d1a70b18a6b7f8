//! Conversations with the assistant, at the addresses of the earlier system.

pub(crate) mod export;
pub(crate) mod message;
pub(crate) mod messages;
pub(crate) mod running;
pub(crate) mod sessions;
pub(crate) mod stream;
pub(crate) mod view;

use crate::auth::{Caller, Permission};
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use application::assistant::SayError;
use domain::assistant::session::Conversation;
use domain::ids::UserId;

/// Whose sessions a caller sees: one's own, and all for who may read all.
fn readable(who: &Caller) -> Option<UserId> {
    (!who.may(Permission::AssistantReadAll)).then_some(who.user.id)
}

/// One that the caller may read; `not found` for every other.
async fn read(app: &App, who: &Caller, id: &str) -> Result<Conversation, Problem> {
    let id = own_id(id, "session").map_err(|_| Problem::from(SayError::Unknown))?;
    let workspace = who.workspace.id;
    Ok(app.assistant.session(workspace, readable(who), id).await?)
}

/// One of the caller's own, to speak in.
async fn own(app: &App, who: &Caller, id: &str) -> Result<Conversation, Problem> {
    let id = own_id(id, "session").map_err(|_| Problem::from(SayError::Unknown))?;
    let (workspace, user) = (who.workspace.id, who.user.id);
    Ok(app.assistant.session(workspace, Some(user), id).await?)
}
