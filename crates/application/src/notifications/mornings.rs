//! Briefs and unusual days as notices.

use super::Notifications;
use super::words::fact;
use chrono::{DateTime, Utc};
use domain::analysis::{Anomaly, Brief, Standing};
use domain::assistant::answer::Amount;
use domain::ids::WorkspaceId;
use domain::notifications::{News, NoticeKind};
use ports::{PageRequest, PortResult};

/// Briefs that are looked at: the newest.
const BRIEFS: u32 = 3;
/// Causes of a change of profit that are told.
const PARTS: usize = 3;

impl Notifications {
    /// What was written and found since.
    pub(super) async fn mornings(
        &self,
        workspace: WorkspaceId,
        since: DateTime<Utc>,
    ) -> PortResult<Vec<News>> {
        let mut news = Vec::new();
        for store in self.stores.list(workspace).await? {
            let (port, page) = (
                &self.ports.analysis,
                PageRequest::first(super::gather::NEWEST),
            );
            let briefs = port
                .briefs(store.scope, &PageRequest::first(BRIEFS))
                .await?;
            let briefs = briefs.items.iter().filter(|b| b.made_at >= since);
            news.extend(briefs.map(of_brief));
            let open = Some(Standing::Open);
            let found = port.anomalies(store.scope, open, &page).await?.items;
            let found = found
                .iter()
                .filter(|k| !k.gone && k.anomaly.found_at >= since);
            news.extend(found.map(|k| of_anomaly(&k.anomaly)));
        }
        Ok(news)
    }
}

fn of_brief(brief: &Brief) -> News {
    let money = |minor| {
        let currency = brief.currency;
        Amount::Money { minor, currency }.words()
    };
    let mut facts: Vec<_> = brief
        .parts
        .iter()
        .take(PARTS)
        .map(|part| fact(&part.title, money(part.change)))
        .collect();
    facts.extend(brief.parts_unknown.iter().map(|why| fact("Why", why)));
    facts.extend(brief.needs.iter().map(|need| fact("Waits", &need.text)));
    let unusual = brief.anomalies.iter();
    facts.extend(unusual.map(|a| fact("Unusual", a.title())));
    News {
        key: format!("brief/{}/{}", brief.scope.store, brief.day),
        cause: format!("brief/{}/{}", brief.scope.store, brief.day),
        kind: NoticeKind::DailyBrief,
        store: Some(brief.scope.store),
        title: brief.headline.clone(),
        facts,
        link: "/brief".to_owned(),
        at: brief.made_at,
    }
}

/// One that stays as it is goes on as one.
fn of_anomaly(anomaly: &Anomaly) -> News {
    let (low, high) = (anomaly.words(anomaly.low), anomaly.words(anomaly.high));
    let mut facts = vec![
        fact("Expected", anomaly.words(anomaly.expected)),
        fact("Usual", format!("{low} to {high}")),
    ];
    if anomaly.may_move {
        facts.push(fact("Note", "the day's figures may still move"));
    }
    News {
        key: format!("anomaly/{}", anomaly.id),
        cause: format!(
            "anomaly/{}/{}",
            anomaly.scope.store,
            anomaly.figure.as_str()
        ),
        kind: NoticeKind::AnomalyFound,
        store: Some(anomaly.scope.store),
        title: anomaly.title(),
        facts,
        link: "/anomalies".to_owned(),
        at: anomaly.found_at,
    }
}
