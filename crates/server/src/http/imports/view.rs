//! An import as the API shows it.

use chrono::{DateTime, NaiveDate, Utc};
use domain::import::{CheckReport, Import, ImportKind, Mapping, Question, RowProblem, Severity};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ImportKind)]
pub(crate) enum KindBody {
    Orders,
    Products,
    Costs,
    ShippingCosts,
    PaymentFees,
    AdSpend,
    FixedCosts,
    ExchangeRates,
    SupplierOffers,
}

impl From<ImportKind> for KindBody {
    fn from(kind: ImportKind) -> Self {
        match kind {
            ImportKind::Orders => Self::Orders,
            ImportKind::Products => Self::Products,
            ImportKind::Costs => Self::Costs,
            ImportKind::ShippingCosts => Self::ShippingCosts,
            ImportKind::PaymentFees => Self::PaymentFees,
            ImportKind::AdSpend => Self::AdSpend,
            ImportKind::FixedCosts => Self::FixedCosts,
            ImportKind::ExchangeRates => Self::ExchangeRates,
            ImportKind::SupplierOffers => Self::SupplierOffers,
        }
    }
}

impl From<KindBody> for ImportKind {
    fn from(kind: KindBody) -> Self {
        match kind {
            KindBody::Orders => Self::Orders,
            KindBody::Products => Self::Products,
            KindBody::Costs => Self::Costs,
            KindBody::ShippingCosts => Self::ShippingCosts,
            KindBody::PaymentFees => Self::PaymentFees,
            KindBody::AdSpend => Self::AdSpend,
            KindBody::FixedCosts => Self::FixedCosts,
            KindBody::ExchangeRates => Self::ExchangeRates,
            KindBody::SupplierOffers => Self::SupplierOffers,
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = ImportMapping)]
pub(crate) struct MappingBody {
    pub(crate) kind: KindBody,
    /// Field → header, exactly as it stands in the file.
    pub(crate) columns: BTreeMap<String, String>,
    /// Question → answer.
    #[serde(default)]
    pub(crate) answers: BTreeMap<String, String>,
}

impl From<&Mapping> for MappingBody {
    fn from(mapping: &Mapping) -> Self {
        Self {
            kind: mapping.kind.into(),
            columns: mapping.columns.clone(),
            answers: mapping.answers.clone(),
        }
    }
}

impl From<MappingBody> for Mapping {
    fn from(body: MappingBody) -> Self {
        Self {
            kind: body.kind.into(),
            columns: body.columns,
            answers: body.answers,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportFile)]
pub(crate) struct FileBody {
    pub(crate) name: String,
    pub(crate) bytes: u64,
    pub(crate) encoding: String,
    pub(crate) delimiter: String,
    pub(crate) headers: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportFault)]
pub(crate) struct FaultBody {
    pub(crate) field: String,
    pub(crate) message: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportChoice)]
pub(crate) struct ChoiceBody {
    pub(crate) value: String,
    pub(crate) label: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportQuestion)]
pub(crate) struct QuestionBody {
    /// Answer it in `mapping.answers` under this key.
    pub(crate) key: String,
    pub(crate) column: Option<String>,
    pub(crate) row: Option<u64>,
    pub(crate) example: Option<String>,
    pub(crate) question: String,
    pub(crate) choices: Vec<ChoiceBody>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportReport)]
pub(crate) struct ReportBody {
    pub(crate) rows: u64,
    /// Orders, products, costs …
    pub(crate) things: u64,
    pub(crate) good: u64,
    pub(crate) refused: u64,
    pub(crate) noted: u64,
    /// Rows with a problem that refuses them.
    pub(crate) problems: u64,
    pub(crate) questions: Vec<QuestionBody>,
    /// What the file does not tell, and what is done about it.
    pub(crate) notes: Vec<String>,
    pub(crate) first_day: Option<NaiveDate>,
    pub(crate) last_day: Option<NaiveDate>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportCounts)]
pub(crate) struct CountsBody {
    pub(crate) created: u64,
    pub(crate) changed: u64,
    pub(crate) unchanged: u64,
    /// Known from a connection, which knows better.
    pub(crate) kept: u64,
    pub(crate) refused: u64,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportProgress)]
pub(crate) struct ProgressBody {
    pub(crate) rows_done: u64,
    /// Null until the file was read once.
    pub(crate) rows_total: Option<u64>,
    /// 0 to 1.
    pub(crate) share: Option<f64>,
    pub(crate) rows_per_second: Option<f64>,
    pub(crate) eta_seconds: Option<u64>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportFailure)]
pub(crate) struct FailureBody {
    pub(crate) message: String,
    pub(crate) remedy: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Import)]
pub(crate) struct ImportBody {
    pub(crate) id: String,
    pub(crate) store_id: String,
    pub(crate) file: FileBody,
    /// `mapping, checking, checked, importing, done, refused, failed, cancelling, cancelled, undoing, undone`
    pub(crate) status: String,
    /// Null while no kind was recognised or chosen.
    pub(crate) kind: Option<KindBody>,
    pub(crate) mapping: Option<MappingBody>,
    /// Kept from an earlier file with the same columns.
    pub(crate) mapping_reused: bool,
    /// What keeps the columns from being ready.
    pub(crate) faults: Vec<FaultBody>,
    pub(crate) progress: ProgressBody,
    pub(crate) report: Option<ReportBody>,
    pub(crate) good_rows_only: bool,
    pub(crate) counts: CountsBody,
    /// Things that a rollback or an undo has put back.
    pub(crate) undone: u64,
    pub(crate) error: Option<FailureBody>,
    /// An import of the same bytes that stands.
    pub(crate) same_as: Option<String>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) started_at: Option<DateTime<Utc>>,
    pub(crate) finished_at: Option<DateTime<Utc>>,
    /// How often work went on after a stop or a crash.
    pub(crate) resumed_times: u32,
}

impl ImportBody {
    pub(crate) fn of(import: &Import, now: DateTime<Utc>) -> Self {
        let counts = import.place.counts;
        Self {
            id: import.id.to_string(),
            store_id: import.scope.store.to_string(),
            file: FileBody {
                name: import.file.name.clone(),
                bytes: import.file.bytes,
                encoding: import.file.encoding.clone(),
                delimiter: import.file.delimiter.to_string(),
                headers: import.file.headers.clone(),
            },
            status: import.status.as_str().to_owned(),
            kind: import.mapping.as_ref().map(|m| m.kind.into()),
            mapping: import.mapping.as_ref().map(MappingBody::from),
            mapping_reused: import.mapping_reused,
            faults: import
                .faults
                .iter()
                .map(|f| FaultBody {
                    field: f.field.clone(),
                    message: f.message.clone(),
                })
                .collect(),
            progress: progress(import, now),
            report: import.report.as_ref().map(report),
            good_rows_only: import.good_rows_only,
            counts: CountsBody {
                created: counts.created,
                changed: counts.changed,
                unchanged: counts.unchanged,
                kept: counts.kept,
                refused: counts.refused,
            },
            undone: import.undone,
            error: import.error.as_ref().map(|e| FailureBody {
                message: e.message.clone(),
                remedy: e.remedy.clone(),
            }),
            same_as: import.same_as.map(|id| id.to_string()),
            created_at: import.created_at,
            started_at: import.started_at,
            finished_at: import.finished_at,
            resumed_times: import.resumed,
        }
    }
}

/// Before this there is nothing to judge a rate by.
const WARM_UP_MS: i64 = 1_500;

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an estimate for people"
)]
fn progress(import: &Import, now: DateTime<Utc>) -> ProgressBody {
    let done = import.progress.rows_done;
    let total = import.progress.rows_total;
    let elapsed = import
        .started_at
        .map(|at| (import.finished_at.unwrap_or(now) - at).num_milliseconds());
    let rate = elapsed
        .filter(|ms| *ms >= WARM_UP_MS && done > 0)
        .map(|ms| done as f64 * 1000.0 / ms as f64);
    let left = total.map(|t| t.saturating_sub(done));
    let moving = import.status.is_work();
    ProgressBody {
        rows_done: done,
        rows_total: total,
        share: import.share(),
        rows_per_second: rate.map(|r| (r * 10.0).round() / 10.0),
        eta_seconds: rate
            .zip(left)
            .filter(|_| moving)
            .map(|(rate, left)| (left as f64 / rate).ceil() as u64),
    }
}

fn report(report: &CheckReport) -> ReportBody {
    ReportBody {
        rows: report.rows,
        things: report.things,
        good: report.good,
        refused: report.refused,
        noted: report.noted,
        problems: report.problems,
        questions: report.questions.iter().map(question).collect(),
        notes: report.notes.clone(),
        first_day: report.first_day,
        last_day: report.last_day,
    }
}

fn question(question: &Question) -> QuestionBody {
    QuestionBody {
        key: question.key.clone(),
        column: question.column.clone(),
        row: question.row,
        example: question.example.clone(),
        question: question.question.clone(),
        choices: question
            .choices
            .iter()
            .map(|c| ChoiceBody {
                value: c.value.clone(),
                label: c.label.clone(),
            })
            .collect(),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ImportSeverity)]
pub(crate) enum SeverityBody {
    Refused,
    Noted,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportProblem)]
pub(crate) struct ProblemRowBody {
    /// As a spreadsheet counts: the header is row 1.
    pub(crate) row: u64,
    pub(crate) line: u64,
    pub(crate) column: Option<String>,
    pub(crate) value: Option<String>,
    pub(crate) reason: String,
    pub(crate) severity: SeverityBody,
}

impl From<&RowProblem> for ProblemRowBody {
    fn from(problem: &RowProblem) -> Self {
        Self {
            row: problem.row,
            line: problem.line,
            column: problem.column.clone(),
            value: problem.value.clone(),
            reason: problem.reason.clone(),
            severity: match problem.severity {
                Severity::Refused => SeverityBody::Refused,
                Severity::Noted => SeverityBody::Noted,
            },
        }
    }
}
