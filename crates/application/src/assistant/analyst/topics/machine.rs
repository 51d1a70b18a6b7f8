//! Whether the data is fresh and the machine well.

use super::super::say;
use super::super::{Analyst, AnswerError, Shop};
use domain::assistant::answer::{Answer, Outcome};
use domain::connection::ConnectionState;

impl Analyst {
    pub(in super::super) async fn health(&self, shop: &Shop) -> Result<Answer, AnswerError> {
        let now = self.ports.clock.now();
        let ago = |at: chrono::DateTime<chrono::Utc>| {
            let minutes = (now - at).num_minutes();
            match minutes {
                0..2 => "just now".to_owned(),
                2..120 => format!("{minutes} minutes ago"),
                120..2880 => format!("{} hours ago", minutes / 60),
                _ => format!("{} days ago", minutes / 1440),
            }
        };
        let (mut lines, mut wrong) = (Vec::new(), 0);
        let connections = self.desk.connections.list(shop.workspace).await?;
        for view in &connections {
            let connection = &view.connection;
            let state = match connection.state {
                ConnectionState::Ok => "is connected",
                ConnectionState::Degraded => "works in part",
                ConnectionState::Down => "does not answer",
                ConnectionState::NotConnected => "is not connected",
            };
            wrong += usize::from(connection.state != ConnectionState::Ok);
            let mut line = format!("{} {state}", connection.name);
            if let Some(reason) = &connection.state_reason {
                line += &format!(" ({reason})");
            }
            line += &match (view.open_sync, view.last_sync_at) {
                (Some(_), _) => "; a sync is under way".to_owned(),
                (None, Some(at)) => format!("; last synced {}", ago(at)),
                (None, None) => "; never synced".to_owned(),
            };
            if let Some(at) = connection.last_success_at {
                line += &format!("; it answered {}", ago(at));
            }
            lines.push(format!("{line}."));
        }
        if connections.is_empty() {
            lines.push("No shop is connected: what is here came from files.".to_owned());
        }
        for store in &shop.stores {
            if let Some(at) = self.stores.as_of(store).await? {
                lines.push(format!(
                    "The newest order of {} was read {}.",
                    store.name,
                    ago(at)
                ));
            }
        }
        match self.desk.backups.standing().await? {
            None => lines.push("No backups are made by themselves.".to_owned()),
            Some(standing) => {
                let is_bad = standing.is_late || standing.failure.is_some();
                wrong += usize::from(is_bad);
                lines.push(match (&standing.failure, &standing.newest) {
                    (Some(why), _) => format!("The last backup failed: {why}."),
                    (None, Some(kept)) => {
                        format!("The newest backup was made {}.", ago(kept.made_at))
                    }
                    (None, None) => "No backup was made yet.".to_owned(),
                });
            }
        }
        let first = match wrong {
            0 => "Nothing is wrong that I can see.".to_owned(),
            1 => "One thing is wrong.".to_owned(),
            n => format!("{n} things are wrong."),
        };
        lines.insert(0, first);
        let facts = vec![say::count(
            "Things that are wrong",
            wrong,
            "health",
            "/connections",
        )];
        let answer = Answer {
            facts,
            ..Answer::of(Outcome::Answered, lines.join("\n"))
        };
        Ok(answer
            .link("Connections", "/connections")
            .link("Jobs", "/jobs"))
    }
}
