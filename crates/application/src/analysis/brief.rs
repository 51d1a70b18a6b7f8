//! The brief of a day: what it brought against the same weekday a week before, of what the change is made, what waits, what is not known.

use super::reading::Reading;
use super::series::{query, value};
use crate::reports::{ProfitReport, ReportError, ReportRow, Split, side};
use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::analysis::brief::FigureKind;
use domain::analysis::{Brief, BriefFigure, Gap, Need, Part, Watched};
use domain::assistant::answer::Amount;
use domain::assistant::bridge::bridge;
use domain::changes::ChangeSetStatus;
use domain::connection::ConnectionState;
use domain::money::Currency;
use domain::store::Store;
use ports::changes::ChangeFilter;
use ports::{PageRequest, PortResult};

fn unfinished(day: NaiveDate) -> Gap {
    Gap {
        code: "unfinished_day".to_owned(),
        text: format!(
            "No sync has succeeded since {day} ended, so orders of it may be missing, and it was not searched for unusual figures."
        ),
        link: Some("/connections".to_owned()),
    }
}

impl Reading {
    /// The brief of a day without what is unusual about it.
    pub(crate) async fn draft(
        &self,
        store: &Store,
        day: NaiveDate,
        is_read: bool,
        now: DateTime<Utc>,
    ) -> Result<Brief, ReportError> {
        let against = day - Days::new(7);
        let after = query(store, day, day);
        let after = self.reports.profit(&after, Split::Product).await?;
        let before = query(store, against, against);
        let before = self.reports.profit(&before, Split::Product).await?;
        let (parts, parts_unknown) = parts(&after, &before);
        let mut gaps = if is_read {
            Vec::new()
        } else {
            vec![unfinished(day)]
        };
        gaps.extend(gaps_of(&after));
        Ok(Brief {
            scope: store.scope,
            day,
            against,
            currency: store.currency,
            made_at: now,
            as_of: after.as_of,
            headline: headline(day, store.currency, &after.total, &before.total),
            figures: figures(&after.total, &before.total),
            parts,
            parts_unknown,
            needs: self.needs(store, now).await?,
            anomalies: Vec::new(),
            gaps,
            run: None,
            version: 1,
            moved: Vec::new(),
        })
    }

    /// What waits for a person, the most urgent first.
    async fn needs(&self, store: &Store, now: DateTime<Utc>) -> PortResult<Vec<Need>> {
        let mut needs = Vec::new();
        let scope = store.scope;
        let connections = self.ports.connections.list(Some(scope.workspace)).await?;
        let down = |c: &&domain::connection::Connection| {
            c.store == scope.store && c.state == ConnectionState::Down
        };
        needs.extend(connections.iter().filter(down).map(|c| Need {
            text: format!("{} does not answer, or refuses our credentials.", c.name),
            link: "/connections".to_owned(),
        }));
        for (status, one, many, link) in [
            (
                ChangeSetStatus::Unknown,
                "change-set may or may not be in effect: look at it.",
                "change-sets may or may not be in effect: look at them.",
                "/change-sets",
            ),
            (
                ChangeSetStatus::Proposed,
                "change-set waits for approval.",
                "change-sets wait for approval.",
                "/inbox",
            ),
        ] {
            let filter = ChangeFilter {
                store: Some(scope.store),
                status: Some(status),
                ..ChangeFilter::default()
            };
            let page = PageRequest::first(1);
            let sets = self.ports.changes.list(scope.workspace, &filter, &page);
            let found = sets.await?.total.unwrap_or(0);
            needs.extend(counted(found, one, many, link));
        }
        let port = &self.ports.opportunities;
        let sums = port.opportunity_sums(scope, now, now).await?;
        needs.extend(counted(
            sums.high,
            "opportunity with a high potential waits.",
            "opportunities with a high potential wait.",
            "/opportunities",
        ));
        Ok(needs)
    }
}

fn counted(count: u64, one: &str, many: &str, link: &str) -> Option<Need> {
    (count > 0).then(|| Need {
        text: format!("{count} {}", if count == 1 { one } else { many }),
        link: link.to_owned(),
    })
}

fn parts(after: &ProfitReport, before: &ProfitReport) -> (Vec<Part>, Option<String>) {
    let withheld = after.total.withheld.as_ref();
    if let Some(reason) = withheld.or(before.total.withheld.as_ref()) {
        return (Vec::new(), Some(reason.clone()));
    }
    match bridge(&side(before), &side(after)) {
        Some(parts) => {
            let part = |(cause, change): (domain::assistant::bridge::Cause, i64)| Part {
                title: cause.title().to_owned(),
                change,
            };
            (parts.into_iter().map(part).collect(), None)
        }
        None => {
            let reason =
                "Net profit of one of the two days is not known: nothing that was sold has a cost.";
            (Vec::new(), Some(reason.to_owned()))
        }
    }
}

fn headline(day: NaiveDate, currency: Currency, now: &ReportRow, then: &ReportRow) -> String {
    let weekday = day.format("%A");
    let words = |minor: i64| Amount::Money { minor, currency }.words();
    let Some(profit) = now.net_profit() else {
        let orders = now.figures.measures.orders;
        return format!("{weekday}: {orders} orders. Net profit is not known.");
    };
    let start = format!("{weekday} brought a net profit of {}", words(profit));
    match then.net_profit() {
        None => format!("{start}. That of the {weekday} before is not known."),
        Some(before) if before == profit => format!("{start}, as the {weekday} before."),
        Some(before) => {
            let change = profit.saturating_sub(before);
            let than = if change > 0 { "more" } else { "less" };
            let size = words(change.saturating_abs());
            format!("{start}, {size} {than} than the {weekday} before.")
        }
    }
}

fn figures(now: &ReportRow, then: &ReportRow) -> Vec<BriefFigure> {
    let missing = |value: Option<i64>, why: &str| {
        let reason = now.withheld.clone().unwrap_or_else(|| why.to_owned());
        value.is_none().then_some(reason)
    };
    let profit = BriefFigure {
        key: "net_profit".to_owned(),
        title: "Net profit".to_owned(),
        kind: FigureKind::Money,
        value: now.net_profit(),
        before: then.net_profit(),
        reason: missing(now.net_profit(), "nothing that was sold has a cost"),
    };
    let watched = Watched::ALL.map(|figure| {
        let told = value(figure, now);
        let why = match figure {
            Watched::NetSales | Watched::Orders => "it is withheld",
            Watched::RefundRate => "nothing was sold",
            Watched::Margin => "nothing with a cost was sold",
            Watched::AdSpend => "nobody told the spend of this day",
            Watched::Poas => "ad spend or costs are not known",
            Watched::UnitCost => "some of what was sold has no cost, or nothing was sold",
        };
        BriefFigure {
            key: figure.as_str().to_owned(),
            title: figure.title().to_owned(),
            kind: figure.scale().into(),
            value: told,
            before: value(figure, then),
            reason: missing(told, why),
        }
    });
    std::iter::once(profit).chain(watched).collect()
}

/// What the day's report says itself that it does not know.
fn gaps_of(report: &ProfitReport) -> Vec<Gap> {
    let costs = Some("/costs".to_owned());
    let mut gaps = Vec::new();
    if let Some(reason) = &report.total.withheld {
        gaps.push(Gap {
            code: "missing_rate".to_owned(),
            text: reason.clone(),
            link: Some("/settings/currencies".to_owned()),
        });
    }
    gaps.extend(report.unavailable.notes.iter().map(|note| Gap {
        code: note.code.to_owned(),
        text: note.message.clone(),
        link: costs.clone(),
    }));
    let excluded = report.excludes.0.get("net_profit").into_iter().flatten();
    gaps.extend(excluded.map(|cost| Gap {
        code: format!("not_told_{cost}"),
        text: format!(
            "{} of the day is not told, so net profit is without it.",
            match *cost {
                "shipping_cost" => "Shipping cost",
                "ad_spend" => "Ad spend",
                _ => "Fixed costs",
            }
        ),
        link: costs.clone(),
    }));
    gaps.push(Gap {
        code: "conversion_not_read".to_owned(),
        text: "Visits are not read from the store, so conversion is not known.".to_owned(),
        link: None,
    });
    gaps
}
