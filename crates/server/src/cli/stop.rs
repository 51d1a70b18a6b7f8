//! `royal stop`: the emergency stop from a shell.

use super::{Exit, open, print};
use crate::compose::Composed;
use crate::config::Settings;
use application::changes::ChangeError;
use domain::audit::Actor;
use ports::changes::StopScope;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Why; it is kept with the stop and in the audit
    #[arg(long, default_value = "from the command line")]
    reason: String,
    /// Let changes be written again
    #[arg(long)]
    lift: bool,
}

pub(super) async fn run(settings: Settings, args: Args) -> Result<(), Exit> {
    let composed = open(&settings).await?;
    let ended = act(&composed, &args).await;
    composed.database.close().await;
    ended
}

/// In every workspace: whoever has a shell is responsible for all of them.
async fn act(composed: &Composed, args: &Args) -> Result<(), Exit> {
    let (by, mut lifted) = (Actor::command_line(), 0);
    for workspace in composed.ports.accounts.workspaces().await? {
        let (changes, scope) = (&composed.changes, StopScope::All);
        if !args.lift {
            changes.stop(workspace.id, scope, &args.reason, &by).await?;
            print(&format!(
                "{}: no change is written any more\n",
                workspace.name
            ))?;
            continue;
        }
        match changes.lift(workspace.id, &scope, &args.reason, &by).await {
            Ok(_) => {
                lifted += 1;
                print(&format!("{}: changes are written again\n", workspace.name))?;
            }
            Err(ChangeError::UnknownStop) => {}
            Err(error) => return Err(error.into()),
        }
    }
    if args.lift && lifted == 0 {
        return Err(Exit::data("the emergency stop is not on"));
    }
    Ok(())
}

impl From<ChangeError> for Exit {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::Port(error) => error.into(),
            ChangeError::Store(error) => error.into(),
            ChangeError::Invalid(faults) => {
                let faults = faults.iter().map(|f| format!("{} {}", f.field, f.message));
                Self::usage(faults.collect::<Vec<_>>().join("; "))
            }
            other => Self::data(other.to_string()),
        }
    }
}
