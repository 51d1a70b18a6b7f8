//! Where a figure comes from: its value with all that stands behind it, off the same report that shows it.

use super::{ProfitReport, ReportError, ReportQuery, Reports, Split, View};
use chrono::{DateTime, Utc};
use domain::connection::ConnectionState;
use domain::ids::{ConnectionId, StoreId};
use domain::passport::{self, Definition, Role, Value};

/// One figure over a range, with its passport.
#[derive(Debug, Clone)]
pub struct FigurePassport {
    pub definition: &'static Definition,
    pub value: Option<Value>,
    /// Why there is no value.
    pub reason: Option<String>,
    pub inputs: Vec<FigureInput>,
    pub sources: Vec<FigureSource>,
    /// The report it was read off: whose, when, coverage, rates, notes.
    pub report: ProfitReport,
}

#[derive(Debug, Clone)]
pub struct FigureInput {
    pub role: Role,
    pub definition: &'static Definition,
    pub value: Option<Value>,
    pub reason: Option<String>,
}

/// The account whose facts a figure is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureSource {
    pub store: StoreId,
    pub name: String,
    pub provider: &'static str,
    pub connection: ConnectionId,
    /// `None` when the connection was taken away; the facts stayed.
    pub state: Option<ConnectionState>,
    pub is_sandbox: bool,
    pub last_success_at: Option<DateTime<Utc>>,
    pub last_error: Option<String>,
    /// When the newest order was observed.
    pub newest_observed_at: Option<DateTime<Utc>>,
    pub orders: u64,
}

impl Reports {
    /// `None` when no figure has that name.
    pub async fn passport(
        &self,
        query: &ReportQuery,
        name: &str,
    ) -> Result<Option<FigurePassport>, ReportError> {
        let Some(definition) = passport::find(name) else {
            return Ok(None);
        };
        let report = self.profit(query, Split::Store).await?;
        let (value, reason) = read(&report, definition);
        let inputs = definition
            .inputs
            .iter()
            .filter_map(|(role, name)| {
                let definition = passport::find(name)?;
                let (value, reason) = read(&report, definition);
                Some(FigureInput {
                    role: *role,
                    definition,
                    value,
                    reason,
                })
            })
            .collect();
        Ok(Some(FigurePassport {
            definition,
            value,
            reason,
            inputs,
            sources: self.figure_sources(&report.view).await?,
            report,
        }))
    }

    async fn figure_sources(&self, view: &View) -> Result<Vec<FigureSource>, ReportError> {
        let mut sources = Vec::new();
        for store in &view.stores {
            let span = self.stores.span(store).await?;
            let connection = self
                .ports
                .connections
                .find(store.scope.workspace, store.connection)
                .await?;
            sources.push(FigureSource {
                store: store.scope.store,
                name: store.name.clone(),
                provider: connection
                    .as_ref()
                    .map_or("shopify", |c| c.provider.as_str()),
                connection: store.connection,
                state: connection.as_ref().map(|c| c.state),
                is_sandbox: store.is_sandbox,
                last_success_at: connection.as_ref().and_then(|c| c.last_success_at),
                last_error: connection.and_then(|c| c.last_error).map(|e| e.message),
                newest_observed_at: span.as_of,
                orders: span.count,
            });
        }
        Ok(sources)
    }
}

/// The value of the report's total, or why there is none.
pub(super) fn read(
    report: &ProfitReport,
    definition: &Definition,
) -> (Option<Value>, Option<String>) {
    if let Some(reason) = report.unavailable.fields.get(definition.name) {
        return (None, Some(reason.clone()));
    }
    for (_, name) in definition.inputs {
        if let Some(reason) = report.unavailable.fields.get(name)
            && is_needed(report, definition)
        {
            return (None, Some(reason.clone()));
        }
    }
    match (definition.read)(&report.total.figures) {
        Some(value) => (Some(value), None),
        None => (None, Some(why(report, definition))),
    }
}

/// Whether the figure is unknown with any of its inputs. A margin is not: it says what it leaves out.
fn is_needed(report: &ProfitReport, definition: &Definition) -> bool {
    report.total.withheld.is_some() || (definition.read)(&report.total.figures).is_none()
}

fn why(report: &ProfitReport, definition: &Definition) -> String {
    let zero = definition.inputs.iter().find(|(role, name)| {
        let read = passport::find(name).and_then(|d| (d.read)(&report.total.figures));
        *role == Role::Over && matches!(read, Some(Value::Money(n) | Value::Count(n)) if n <= 0)
    });
    if let Some((_, name)) = zero {
        let title = passport::find(name).map_or(*name, |d| d.title);
        return format!("{title}: zero on these days, so there is nothing to divide by.");
    }
    match definition.name {
        "orders_containing" => "Only by product and variant.",
        "roas" => "No ad account is connected, so nobody tells which revenue its ads brought.",
        _ => "Customers are not counted in this version.",
    }
    .to_owned()
}
