//! Where a figure comes from: its value with all that stands behind it, off the same report that shows it.

use super::customer_figures::CustomerFigures;
use super::subject::Subject;
use super::{ProfitReport, ReportError, ReportQuery, Reports, View};
use crate::reconciliation::{Summary, summarise};
use chrono::{DateTime, Utc};
use domain::calendar::DayRange;
use domain::connection::ConnectionState;
use domain::fx::RateSource;
use domain::ids::{ConnectionId, ImportId, StoreId};
use domain::import::{ImportKind, ImportStatus};
use domain::passport::{self, Definition, Role, Value};
use ports::PageRequest;
use ports::page::MAX_LIMIT;
use std::collections::BTreeSet;

/// One figure over a range, with its passport.
#[derive(Debug, Clone)]
pub struct FigurePassport {
    pub definition: &'static Definition,
    pub value: Option<Value>,
    /// Why there is no value.
    pub reason: Option<String>,
    pub inputs: Vec<FigureInput>,
    pub sources: Vec<FigureSource>,
    /// How the sales of these days stand against the provider's own totals, by store.
    pub reconciled: Vec<(StoreId, Summary)>,
    /// Files that brought something of it, newest first.
    pub imports: Vec<FigureImport>,
    /// Where inputs are of other days than the report's.
    pub inputs_of: Option<DayRange>,
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

/// A file that fed a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureImport {
    pub id: ImportId,
    pub store: StoreId,
    pub file: String,
    pub kind: ImportKind,
    pub finished_at: Option<DateTime<Utc>>,
}

/// A value off the report that shows it, without what stands behind it.
#[derive(Debug, Clone)]
pub struct FigureValue {
    pub value: Option<Value>,
    /// Why there is no value.
    pub reason: Option<String>,
    pub report: ProfitReport,
}

/// A report and what it does not tell itself.
struct Read {
    report: ProfitReport,
    customers: Option<CustomerFigures>,
}

impl Read {
    fn value(&self, definition: &Definition) -> (Option<Value>, Option<String>) {
        let own = self.customers.as_ref().and_then(|c| c.read(definition));
        own.unwrap_or_else(|| read(&self.report, definition))
    }
}

impl Reports {
    /// `None` when no figure has that name, or there is no such product or order. Its time does not grow with the number of orders.
    pub async fn figure(
        &self,
        query: &ReportQuery,
        subject: Subject,
        name: &str,
    ) -> Result<Option<FigureValue>, ReportError> {
        let Some(definition) = passport::find(name) else {
            return Ok(None);
        };
        let read = self.read_figure(query, subject, definition).await?;
        Ok(read.map(|read| {
            let (value, reason) = read.value(definition);
            FigureValue {
                value,
                reason,
                report: read.report,
            }
        }))
    }

    async fn read_figure(
        &self,
        query: &ReportQuery,
        subject: Subject,
        definition: &'static Definition,
    ) -> Result<Option<Read>, ReportError> {
        let Some(report) = self.of_subject(query, subject).await? else {
            return Ok(None);
        };
        let customers = match subject {
            _ if !CustomerFigures::tells(definition) => None,
            Subject::All => Some(self.customer_figures(&report.view, definition).await?),
            _ => Some(CustomerFigures::unknown(
                "Customers are counted over all that a store sells.",
            )),
        };
        Ok(Some(Read { report, customers }))
    }

    /// `None` when no figure has that name, or there is no such product or order.
    pub async fn passport(
        &self,
        query: &ReportQuery,
        subject: Subject,
        name: &str,
    ) -> Result<Option<FigurePassport>, ReportError> {
        let Some(definition) = passport::find(name) else {
            return Ok(None);
        };
        let Some(read) = self.read_figure(query, subject, definition).await? else {
            return Ok(None);
        };
        let (value, reason) = read.value(definition);
        let inputs = definition
            .inputs
            .iter()
            .filter_map(|(role, name)| {
                let definition = passport::find(name)?;
                let (value, reason) = read.value(definition);
                Some(FigureInput {
                    role: *role,
                    definition,
                    value,
                    reason,
                })
            })
            .collect();
        let Read { report, customers } = read;
        Ok(Some(FigurePassport {
            definition,
            value,
            reason,
            inputs,
            sources: self.figure_sources(&report.view).await?,
            reconciled: self.reconciled(&report.view).await?,
            imports: self.fed_by(&report, definition).await?,
            inputs_of: customers.and_then(|c| c.of_days),
            report,
        }))
    }

    async fn reconciled(&self, view: &View) -> Result<Vec<(StoreId, Summary)>, ReportError> {
        let mut all = Vec::new();
        for store in &view.stores {
            let days = &self.ports.reconciliations;
            let days = days.days(store.scope, view.range).await?;
            all.push((store.scope.store, summarise(view.range, &days)));
        }
        Ok(all)
    }

    /// Of the newest imports of the view's stores those that stand and told something of the figure.
    async fn fed_by(
        &self,
        report: &ProfitReport,
        definition: &Definition,
    ) -> Result<Vec<FigureImport>, ReportError> {
        let mut names = BTreeSet::new();
        gather(definition, &mut names);
        let mut fed = Vec::new();
        for store in &report.view.stores {
            let (workspace, id) = (store.scope.workspace, store.scope.store);
            let page = PageRequest::first(MAX_LIMIT);
            let imports = self.ports.imports.list(workspace, Some(id), &page).await?;
            for import in imports.items {
                let kind = import.mapping.as_ref().map(|m| m.kind);
                let stands = import.status == ImportStatus::Done;
                if let Some(kind) = kind.filter(|k| stands && feeds(*k, &names, report)) {
                    fed.push(FigureImport {
                        id: import.id,
                        store: id,
                        file: import.file.name,
                        kind,
                        finished_at: import.finished_at,
                    });
                }
            }
        }
        Ok(fed)
    }

    async fn figure_sources(&self, view: &View) -> Result<Vec<FigureSource>, ReportError> {
        let mut sources = Vec::new();
        for store in &view.stores {
            let orders = self.stores.orders(store).await?;
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
                newest_observed_at: self.stores.as_of(store).await?,
                orders,
            });
        }
        Ok(sources)
    }
}

/// The figure and all that it is made of.
fn gather(definition: &Definition, names: &mut BTreeSet<&'static str>) {
    if names.insert(definition.name) {
        for (_, name) in definition.inputs {
            if let Some(input) = passport::find(name) {
                gather(input, names);
            }
        }
    }
}

fn feeds(kind: ImportKind, names: &BTreeSet<&'static str>, report: &ProfitReport) -> bool {
    let told = match kind {
        // Every figure is one of orders, but for what is told by day alone.
        ImportKind::Orders => {
            return names
                .iter()
                .any(|n| !["ad_spend", "fixed_costs"].contains(n));
        }
        ImportKind::Products | ImportKind::Costs => "cost_of_goods",
        ImportKind::ShippingCosts => "shipping_cost",
        ImportKind::PaymentFees => "payment_fees",
        ImportKind::AdSpend => "ad_spend",
        ImportKind::FixedCosts => "fixed_costs",
        // What suppliers offer is in no figure before somebody sells it.
        ImportKind::SupplierOffers => return false,
        ImportKind::ExchangeRates => {
            let imported = |rate: &super::RateUse| rate.source == RateSource::Imported;
            return report.rates.iter().any(imported);
        }
    };
    let of_margin = names.iter().any(|n| n.starts_with("ltv_"))
        && ["cost_of_goods", "shipping_cost", "payment_fees"].contains(&told);
    names.contains(told) || of_margin
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
        _ => "It is not told by this report.",
    }
    .to_owned()
}
