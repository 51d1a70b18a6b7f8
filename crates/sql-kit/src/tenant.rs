//! Whose work is under way: what is done within [`within_workspace`] is for one workspace, and a database that knows row-level security
//! shows and takes no row of another one. Whatever is done outside of it, or in a task that was spawned inside, is for all of them.

use domain::ids::WorkspaceId;

tokio::task_local! {
    static WORKSPACE: WorkspaceId;
}

pub async fn within_workspace<F: Future>(workspace: WorkspaceId, work: F) -> F::Output {
    WORKSPACE.scope(workspace, work).await
}

/// `None`: for all of them.
#[must_use]
pub fn workspace_now() -> Option<WorkspaceId> {
    WORKSPACE.try_with(|workspace| *workspace).ok()
}
