//! Unusual days and briefs as the API shows them.

use crate::http::amounts::amount;
use chrono::{DateTime, NaiveDate, Utc};
use domain::analysis::anomaly::Scale;
use domain::analysis::brief::FigureKind;
use domain::analysis::{Anomaly, Brief, Kept, Standing, Watched};
use domain::money::Currency;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = WatchedFigure)]
pub(crate) enum FigureBody {
    NetSales,
    Orders,
    /// Returns of the day ÷ (gross sales − discounts) of the day.
    RefundRate,
    /// CM2 ÷ net revenue of known cost.
    Margin,
    AdSpend,
    /// CM2 ÷ ad spend.
    Poas,
    /// Cost of goods ÷ units sold.
    UnitCost,
}

impl From<Watched> for FigureBody {
    fn from(figure: Watched) -> Self {
        match figure {
            Watched::NetSales => Self::NetSales,
            Watched::Orders => Self::Orders,
            Watched::RefundRate => Self::RefundRate,
            Watched::Margin => Self::Margin,
            Watched::AdSpend => Self::AdSpend,
            Watched::Poas => Self::Poas,
            Watched::UnitCost => Self::UnitCost,
        }
    }
}

/// How a number is read: an amount of money, a count, or a ratio (0.05 is 5 %).
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AnalysisNumberKind)]
pub(crate) enum NumberKind {
    Money,
    Count,
    Ratio,
}

impl From<FigureKind> for NumberKind {
    fn from(kind: FigureKind) -> Self {
        match kind {
            FigureKind::Money => Self::Money,
            FigureKind::Count => Self::Count,
            FigureKind::Share => Self::Ratio,
        }
    }
}

/// As a decimal string: `"1234.50"`, `"17"`, `"0.0512"`.
fn number(value: i64, kind: FigureKind, currency: Currency) -> String {
    match kind {
        FigureKind::Money => amount(value, currency),
        FigureKind::Count => value.to_string(),
        FigureKind::Share => Decimal::new(value, 4).to_string(),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AnomalyStatus)]
pub(crate) enum StatusBody {
    Open,
    Seen,
    Dismissed,
}

impl From<Standing> for StatusBody {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::Open => Self::Open,
            Standing::Seen => Self::Seen,
            Standing::Dismissed => Self::Dismissed,
        }
    }
}

impl From<StatusBody> for Standing {
    fn from(status: StatusBody) -> Self {
        match status {
            StatusBody::Open => Self::Open,
            StatusBody::Seen => Self::Seen,
            StatusBody::Dismissed => Self::Dismissed,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UnusualDay)]
pub(crate) struct UnusualBody {
    id: String,
    store_id: String,
    figure: FigureBody,
    title: &'static str,
    kind: NumberKind,
    day: NaiveDate,
    currency: String,
    value: String,
    expected: String,
    /// What would have been usual.
    low: String,
    high: String,
    /// Robust standard deviations from what was expected; below zero: less than that.
    score: f64,
    /// Two days together say it, neither alone.
    over_two_days: bool,
    /// Days of the past that it was held against.
    history_days: u32,
    /// The figures of the day are estimated in part, or may still change.
    may_move: bool,
    found_at: DateTime<Utc>,
}

impl UnusualBody {
    pub(crate) fn of(a: &Anomaly) -> Self {
        let kind = FigureKind::from(a.figure.scale());
        let show = |value| number(value, kind, a.currency);
        #[expect(clippy::cast_precision_loss, reason = "some hundreds")]
        let score = a.score as f64 / 100.0;
        Self {
            id: a.id.to_string(),
            store_id: a.scope.store.to_string(),
            figure: a.figure.into(),
            title: a.figure.title(),
            kind: kind.into(),
            day: a.day,
            currency: a.currency.to_string(),
            value: show(a.value),
            expected: show(a.expected),
            // What cannot be below nothing is not told to be.
            low: show(match a.figure.scale() {
                Scale::Share if a.value >= 0 && a.figure == Watched::RefundRate => a.low.max(0),
                _ => a.low,
            }),
            high: show(a.high),
            score,
            over_two_days: a.over_two_days,
            history_days: a.history,
            may_move: a.may_move,
            found_at: a.found_at,
        }
    }
}

/// What somebody said about it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AnomalyMark)]
pub(crate) struct MarkBody {
    status: StatusBody,
    by: String,
    at: DateTime<Utc>,
    reason: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Anomaly)]
pub(crate) struct AnomalyBody {
    #[serde(flatten)]
    unusual: UnusualBody,
    status: StatusBody,
    version: i64,
    /// Looked at again, the day is usual by now.
    gone: bool,
    mark: Option<MarkBody>,
}

impl AnomalyBody {
    pub(crate) fn of(kept: &Kept) -> Self {
        Self {
            unusual: UnusualBody::of(&kept.anomaly),
            status: kept.standing().into(),
            version: kept.version,
            gone: kept.gone,
            mark: kept.mark.as_ref().map(|mark| MarkBody {
                status: mark.standing.into(),
                by: mark.by.name.clone(),
                at: mark.at,
                reason: mark.reason.clone(),
            }),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BriefFigure)]
pub(crate) struct BriefFigureBody {
    key: String,
    title: String,
    kind: NumberKind,
    value: Option<String>,
    /// The same weekday of the week before.
    before: Option<String>,
    /// Why there is no value.
    reason: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BriefPart)]
pub(crate) struct PartBody {
    title: String,
    change: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BriefNeed)]
pub(crate) struct NeedBody {
    text: String,
    /// An address inside the command center.
    link: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BriefGap)]
pub(crate) struct GapBody {
    code: String,
    text: String,
    link: Option<String>,
}

/// A figure that was told as another one in the version before.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BriefMoved)]
pub(crate) struct MovedBody {
    key: String,
    title: String,
    kind: NumberKind,
    /// Null: it was not known.
    from: Option<String>,
    to: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Brief)]
pub(crate) struct BriefBody {
    store_id: String,
    /// The day that it speaks of.
    day: NaiveDate,
    /// With which it is compared.
    against: NaiveDate,
    currency: String,
    made_at: DateTime<Utc>,
    /// When the newest order behind it was observed.
    as_of: Option<DateTime<Utc>>,
    headline: String,
    figures: Vec<BriefFigureBody>,
    /// Of the change of net profit, the largest first; they add up to it.
    parts: Vec<PartBody>,
    /// Why there are none.
    parts_unknown: Option<String>,
    needs: Vec<NeedBody>,
    anomalies: Vec<UnusualBody>,
    gaps: Vec<GapBody>,
    /// The run that wrote it; of briefs from before there were runs it is null.
    #[schema(format = "uuid")]
    run_id: Option<String>,
    /// 1 when it was first written.
    version: i64,
    /// Figures that were others in the version before.
    moved: Vec<MovedBody>,
}

impl BriefBody {
    pub(crate) fn of(brief: &Brief) -> Self {
        let figure = |f: &domain::analysis::BriefFigure| {
            let show = |value| number(value, f.kind, brief.currency);
            BriefFigureBody {
                key: f.key.clone(),
                title: f.title.clone(),
                kind: f.kind.into(),
                value: f.value.map(show),
                before: f.before.map(show),
                reason: f.reason.clone(),
            }
        };
        let part = |p: &domain::analysis::Part| PartBody {
            title: p.title.clone(),
            change: amount(p.change, brief.currency),
        };
        let need = |n: &domain::analysis::Need| NeedBody {
            text: n.text.clone(),
            link: n.link.clone(),
        };
        let gap = |g: &domain::analysis::Gap| GapBody {
            code: g.code.clone(),
            text: g.text.clone(),
            link: g.link.clone(),
        };
        let moved = |m: &domain::analysis::Moved| {
            let show = |value| number(value, m.kind, brief.currency);
            MovedBody {
                key: m.key.clone(),
                title: m.title.clone(),
                kind: m.kind.into(),
                from: m.from.map(show),
                to: m.to.map(show),
            }
        };
        Self {
            store_id: brief.scope.store.to_string(),
            day: brief.day,
            against: brief.against,
            currency: brief.currency.to_string(),
            made_at: brief.made_at,
            as_of: brief.as_of,
            headline: brief.headline.clone(),
            figures: brief.figures.iter().map(figure).collect(),
            parts: brief.parts.iter().map(part).collect(),
            parts_unknown: brief.parts_unknown.clone(),
            needs: brief.needs.iter().map(need).collect(),
            anomalies: brief.anomalies.iter().map(UnusualBody::of).collect(),
            gaps: brief.gaps.iter().map(gap).collect(),
            run_id: brief.run.map(|run| run.to_string()),
            version: brief.version,
            moved: brief.moved.iter().map(moved).collect(),
        }
    }
}
