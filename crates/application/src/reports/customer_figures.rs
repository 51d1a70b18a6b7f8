//! Figures about customers for a passport: off the same counts and the same analysis that the pages of customers show.

use super::{ReportError, Reports, View};
use crate::customers::{Acquisition, CustomerError};
use domain::calendar::DayRange;
use domain::customers::Payback;
use domain::money::format_minor;
use domain::passport::{Definition, Value, each, quotient};
use ports::customers::RangeCounts;
use std::collections::BTreeMap;

type Told = (Option<Value>, Option<String>);

const OF_COUNTS: [&str; 4] = [
    "new_customers",
    "customers",
    "returning_customers",
    "returning_customer_rate",
];
const OF_SPEND: [&str; 3] = ["cac", "ncac", "payback_day"];

/// What the pages of customers tell for the same days.
pub(super) struct CustomerFigures {
    told: BTreeMap<&'static str, Told>,
    /// Where nothing is told.
    reason: Option<String>,
    /// The days of spend, where they are not the report's.
    pub(super) of_days: Option<DayRange>,
}

impl CustomerFigures {
    pub(super) fn tells(definition: &Definition) -> bool {
        let name = definition.name;
        OF_COUNTS.contains(&name) || OF_SPEND.contains(&name) || name.starts_with("ltv_")
    }

    pub(super) fn unknown(reason: impl Into<String>) -> Self {
        Self {
            told: BTreeMap::new(),
            reason: Some(reason.into()),
            of_days: None,
        }
    }

    /// `None` for what a report tells.
    pub(super) fn read(&self, definition: &Definition) -> Option<Told> {
        let told = self.told.get(definition.name).cloned();
        let reason = self.reason.clone().filter(|_| Self::tells(definition));
        told.or_else(|| reason.map(|reason| (None, Some(reason))))
    }

    fn count(&mut self, counts: &RangeCounts) {
        let (all, back) = (whole(counts.customers), whole(counts.returning));
        self.tell("customers", Some(Value::Count(all)), "");
        self.tell("new_customers", Some(Value::Count(whole(counts.new))), "");
        self.tell("returning_customers", Some(Value::Count(back)), "");
        let rate = quotient(back, all).map(Value::Quotient);
        let reason = "Nobody who is known ordered on these days.";
        self.tell("returning_customer_rate", rate, reason);
    }

    fn tell(&mut self, name: &'static str, value: Option<Value>, reason: impl Into<String>) {
        let reason = value.is_none().then(|| reason.into());
        self.told.insert(name, (value, reason));
    }
}

impl Reports {
    pub(super) async fn customer_figures(
        &self,
        view: &View,
        definition: &Definition,
    ) -> Result<CustomerFigures, ReportError> {
        let Some(store) = view.single() else {
            return Ok(CustomerFigures::unknown(
                "Customers are counted store by store: choose one.",
            ));
        };
        if store.currency != view.currency {
            let reason = format!(
                "What customers are worth is told in the store's own currency, {}.",
                store.currency
            );
            return Ok(CustomerFigures::unknown(reason));
        }
        let (workspace, id) = (store.scope.workspace, Some(store.scope.store));
        let (from, to) = (Some(view.range.from), Some(view.range.to));
        let mut figures = CustomerFigures {
            told: BTreeMap::new(),
            reason: None,
            of_days: None,
        };
        let counts = self
            .ports
            .customers
            .counts_in(store.scope, store.currency, view.range)
            .await?;
        figures.count(&counts);
        if OF_COUNTS.contains(&definition.name) {
            return Ok(figures);
        }
        let report = self.customers.ltv(workspace, id, from, to).await;
        let report = report.map_err(from_customers)?;
        for value in &report.analysed.analysis.ltv.values {
            let name = match value.days {
                30 => "ltv_30",
                60 => "ltv_60",
                90 => "ltv_90",
                180 => "ltv_180",
                365 => "ltv_365",
                _ => continue,
            };
            let mean = value.observed.as_ref().map(|v| Value::Money(v.mean));
            let reason = format!("Nobody has been a customer for {} days yet.", value.days);
            figures.tell(name, mean, reason);
        }
        let days = match report.acquisition {
            Acquisition::Known { range, .. }
            | Acquisition::NoSpend { range }
            | Acquisition::NobodyNew { range } => range,
        };
        figures.of_days = (days != view.range).then_some(days);
        let why = match report.acquisition {
            Acquisition::NoSpend { .. } => {
                "No ad spend is recorded for these days. Enter or import it under Costs.".to_owned()
            }
            Acquisition::NobodyNew { .. } => {
                "Nobody ordered for the first time on the days for which a spend is told."
                    .to_owned()
            }
            Acquisition::Known { cost, .. } => format!(
                "LTV does not reach {} {} within the days that are observed.",
                format_minor(cost, store.currency),
                store.currency
            ),
        };
        let payback = match report.payback {
            Payback::Day(day) => Some(Value::Count(i64::from(day))),
            Payback::NotWithin { .. } | Payback::Unknown => None,
        };
        figures.tell("payback_day", payback, why.clone());
        if let Acquisition::Known {
            cost,
            spend,
            new_customers,
            customers,
            ..
        } = report.acquisition
        {
            figures.tell("ncac", Some(Value::Money(cost)), "");
            let blended = each(spend, whole(customers)).map(Value::Money);
            figures.tell("cac", blended, why);
            figures.tell("ad_spend", Some(Value::Money(spend)), "");
            // Of the days of the spend.
            figures.tell("customers", Some(Value::Count(whole(customers))), "");
            let new = Value::Count(whole(new_customers));
            figures.tell("new_customers", Some(new), "");
        } else {
            figures.tell("ncac", None, why.clone());
            figures.tell("cac", None, why);
        }
        Ok(figures)
    }
}

fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn from_customers(error: CustomerError) -> ReportError {
    match error {
        CustomerError::Store(error) => error.into(),
        CustomerError::Range(error) => error.into(),
        CustomerError::Port(error) => error.into(),
        error @ (CustomerError::Settings(_) | CustomerError::TooFew { .. }) => {
            ReportError::Port(ports::PortError::new(
                ports::Kind::Rejected,
                ports::Retry::Never,
                "royal",
                "reports.customers",
                error.to_string(),
            ))
        }
    }
}
