//! A passport as the API and the command line write it.

use crate::http::amounts::amount;
use crate::http::imports::view::KindBody as ImportKindBody;
use crate::http::reconciliation::standing::ReconciledBody;
use crate::http::reports::figures::{
    CoverageBody, NoteBody, RateUseBody, ShareBody, StoreInReport, StoreRef,
};
use crate::http::reports::profit::notes;
use application::reconciliation::Summary;
use application::reports::{FigureImport, FigureInput, FigurePassport, FigureSource};
use chrono::{DateTime, NaiveDate, Utc};
use domain::money::Currency;
use domain::passport::{Covered, Definition, Value};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Formula)]
pub(crate) struct FormulaBody {
    pub(crate) words: String,
    /// Names of figures, joined by operators.
    pub(crate) symbols: String,
}

/// How somebody else defines a figure of the same or a similar name, as they have published it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FigureElsewhere)]
pub(crate) struct PeerBody {
    who: String,
    calls_it: String,
    formula: String,
    /// What follows for a comparison.
    so: String,
    source: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FigureInput)]
pub(crate) struct InputBody {
    name: String,
    title: String,
    unit: String,
    /// `plus`, `minus` or `divided_by`.
    role: String,
    value: Option<String>,
    reason: Option<String>,
    /// Of its own passport, over the same days.
    href: String,
}

/// An account whose facts a figure is made of.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FigureSource)]
pub(crate) struct SourceBody {
    store: StoreRef,
    provider: String,
    connection_id: String,
    /// `ok`, `degraded`, `down`, `sandbox` or `not_connected`.
    state: String,
    last_success_at: Option<DateTime<Utc>>,
    last_error: Option<String>,
    /// When the newest order was observed.
    newest_observed_at: Option<DateTime<Utc>>,
    orders: u64,
}

/// Of the net sales of these days, how much of it this figure knows.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FigureCoverage)]
pub(crate) struct CoverageOf {
    /// `cost`, `shipping`, `fees` or `ad_spend`.
    of: String,
    share: ShareBody,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Passport)]
pub(crate) struct PassportBody {
    pub(crate) name: String,
    pub(crate) title: String,
    /// `money`, `count`, `ratio`, `percent` (0.1234 is 12.34 %) or `days`.
    pub(crate) unit: String,
    /// Of amounts.
    pub(crate) currency: Option<String>,
    /// As the report of the same days shows it; null is unknown, and `reason` says why.
    pub(crate) value: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) store: StoreRef,
    pub(crate) stores: Vec<StoreInReport>,
    pub(crate) timezone: Option<String>,
    pub(crate) from: NaiveDate,
    pub(crate) to: NaiveDate,
    pub(crate) formula: FormulaBody,
    pub(crate) inputs: Vec<InputBody>,
    pub(crate) sources: Vec<SourceBody>,
    /// Rates by which amounts were converted, with their age.
    pub(crate) rates: Vec<RateUseBody>,
    /// What has to be known for the figure to speak for all sales; empty when nothing has to.
    pub(crate) coverage: Vec<CoverageOf>,
    /// Costs that are not in it because nobody told them.
    pub(crate) excludes: Vec<String>,
    pub(crate) notes: Vec<NoteBody>,
    pub(crate) rounding: String,
    pub(crate) elsewhere: Vec<PeerBody>,
    /// How these days stand against the provider's own totals, by store.
    pub(crate) reconciliation: Vec<ReconciledBody>,
    /// Files that told something of it, newest first.
    pub(crate) imports: Vec<FedBody>,
    /// When the newest order behind it was observed; of several stores, where that is longest ago.
    pub(crate) as_of: Option<DateTime<Utc>>,
}

/// A file that told something of a figure.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FigureImport)]
pub(crate) struct FedBody {
    id: String,
    store_id: String,
    file: String,
    kind: ImportKindBody,
    finished_at: Option<DateTime<Utc>>,
}

fn reconciled(passport: &FigurePassport) -> Vec<ReconciledBody> {
    let stores = &passport.report.view.stores;
    let of = |(id, summary): &(domain::ids::StoreId, Summary)| {
        let store = stores.iter().find(|s| s.scope.store == *id)?;
        Some(ReconciledBody::of(store, summary))
    };
    passport.reconciled.iter().filter_map(of).collect()
}

impl FedBody {
    fn of(import: &FigureImport) -> Self {
        Self {
            id: import.id.to_string(),
            store_id: import.store.to_string(),
            file: import.file.clone(),
            kind: import.kind.into(),
            finished_at: import.finished_at,
        }
    }
}

fn of_other_days(days: domain::calendar::DayRange) -> NoteBody {
    NoteBody {
        code: "other_days".to_owned(),
        message: format!(
            "Of the days for which a spend is told, {} to {}: the spend of one month says nothing about customers of others.",
            days.from, days.to
        ),
    }
}

impl FormulaBody {
    pub(crate) fn of(definition: &Definition) -> Self {
        Self {
            words: definition.words.to_owned(),
            symbols: definition.symbols.to_owned(),
        }
    }
}

impl PeerBody {
    pub(crate) fn of(definition: &Definition) -> Vec<Self> {
        let one = |peer: &domain::passport::Peer| Self {
            who: peer.who.to_owned(),
            calls_it: peer.calls_it.to_owned(),
            formula: peer.formula.to_owned(),
            so: peer.so.to_owned(),
            source: peer.source.to_owned(),
        };
        definition.peers.iter().map(one).collect()
    }
}

impl SourceBody {
    fn of(source: &FigureSource) -> Self {
        use domain::connection::ConnectionState as S;
        let state = match source.state {
            None | Some(S::NotConnected) => "not_connected",
            Some(S::Down) => "down",
            Some(S::Degraded) => "degraded",
            Some(S::Ok) if source.is_sandbox => "sandbox",
            Some(S::Ok) => "ok",
        };
        Self {
            store: StoreRef {
                id: source.store.to_string(),
                name: source.name.clone(),
            },
            provider: source.provider.to_owned(),
            connection_id: source.connection.to_string(),
            state: state.to_owned(),
            last_success_at: source.last_success_at,
            last_error: source.last_error.clone(),
            newest_observed_at: source.newest_observed_at,
            orders: source.orders,
        }
    }
}

impl SourceBody {
    pub(crate) fn in_words(&self) -> String {
        let observed = self
            .newest_observed_at
            .map_or_else(|| "never".to_owned(), |at| at.to_rfc3339());
        format!(
            "from {} ({}, {}): {} orders, the newest observed {observed}",
            self.store.name, self.provider, self.state, self.orders
        )
    }
}

impl InputBody {
    pub(crate) fn in_words(&self) -> String {
        let sign = match self.role.as_str() {
            "minus" => "\u{2212}",
            "divided_by" => "\u{f7}",
            _ => "+",
        };
        let value = self.value.as_deref().unwrap_or("?");
        format!("{sign} {:<26} {value:>16}", self.name)
    }
}

impl PeerBody {
    pub(crate) fn in_words(&self) -> String {
        format!(
            "{}, {}: {}. {} ({})",
            self.who, self.calls_it, self.formula, self.so, self.source
        )
    }
}

/// Decimal text; of a percentage the plain quotient.
pub(crate) fn value_text(value: Option<Value>, currency: Currency) -> Option<String> {
    value.map(|value| match value {
        Value::Money(minor) => amount(minor, currency),
        Value::Count(count) => count.to_string(),
        Value::Quotient(quotient) => {
            let mut quotient = quotient;
            quotient.rescale(4);
            quotient.to_string()
        }
    })
}

impl PassportBody {
    pub(crate) fn of(passport: &FigurePassport) -> Self {
        let (definition, report) = (passport.definition, &passport.report);
        let (view, coverage) = (&report.view, CoverageBody::of(&report.total.coverage));
        let covered = |kind: &Covered| CoverageOf::of(*kind, &coverage);
        let currency = view.currency;
        let in_money = definition.unit == domain::passport::Unit::Money;
        let excluded = report.excludes.0.get(definition.name);
        let store = StoreRef::of_view(view);
        let input = |input: &FigureInput| InputBody {
            name: input.definition.name.to_owned(),
            title: input.definition.title.to_owned(),
            unit: input.definition.unit.as_str().to_owned(),
            role: input.role.as_str().to_owned(),
            value: value_text(input.value, currency),
            reason: input.reason.clone(),
            href: format!(
                "/v1/figures/{}?store={}&from={}&to={}&currency={currency}",
                input.definition.name, store.id, view.range.from, view.range.to
            ),
        };
        Self {
            name: definition.name.to_owned(),
            title: definition.title.to_owned(),
            unit: definition.unit.as_str().to_owned(),
            currency: in_money.then(|| currency.to_string()),
            value: value_text(passport.value, currency),
            reason: passport.reason.clone(),
            stores: StoreInReport::of_view(view),
            timezone: view.zone().map(str::to_owned),
            from: view.range.from,
            to: view.range.to,
            formula: FormulaBody::of(definition),
            inputs: passport.inputs.iter().map(input).collect(),
            sources: passport.sources.iter().map(SourceBody::of).collect(),
            rates: report.rates.iter().map(RateUseBody::of).collect(),
            coverage: definition.covered.iter().map(covered).collect(),
            excludes: excluded
                .map(|costs| costs.iter().map(|c| (*c).to_owned()).collect())
                .unwrap_or_default(),
            notes: notes(&report.unavailable)
                .into_iter()
                .chain(passport.inputs_of.map(of_other_days))
                .collect(),
            rounding: definition.rounding().to_owned(),
            elsewhere: PeerBody::of(definition),
            reconciliation: reconciled(passport),
            imports: passport.imports.iter().map(FedBody::of).collect(),
            as_of: report.as_of,
            store,
        }
    }
}

impl CoverageOf {
    fn of(kind: Covered, coverage: &CoverageBody) -> Self {
        let (of, share) = match kind {
            Covered::Cost => ("cost", &coverage.cost),
            Covered::Shipping => ("shipping", &coverage.shipping),
            Covered::Fees => ("fees", &coverage.fees),
            Covered::AdSpend => ("ad_spend", &coverage.ad_spend),
        };
        Self {
            of: of.to_owned(),
            share: share.clone(),
        }
    }
}
