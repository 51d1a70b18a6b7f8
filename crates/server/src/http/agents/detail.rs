//! One agent with its settings.

use super::budget::BudgetBody;
use super::view::AgentBody;
use application::agents::Standing;
use chrono::{DateTime, Utc};
use domain::agents::{AgentConfig, Field, Unit, Value, Values};
use domain::changes::outcome::Calibration;
use domain::store::Store;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A number as its field counts it, a switch, or words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(as = AgentValue)]
pub(crate) enum ValueBody {
    Flag(bool),
    Number(i64),
    Words(Vec<String>),
}

pub(super) type ValuesBody = BTreeMap<String, ValueBody>;

fn written(values: &Values) -> ValuesBody {
    let value = |value: &Value| match value {
        Value::Flag(on) => Some(ValueBody::Flag(*on)),
        Value::Number(number) => Some(ValueBody::Number(*number)),
        Value::Words(words) => Some(ValueBody::Words(words.clone())),
        // Rules are read and written as such.
        Value::Rule(_) => None,
    };
    let values = values.iter();
    values
        .filter_map(|(key, v)| Some((key.clone(), value(v)?)))
        .collect()
}

pub(super) fn read(values: &ValuesBody) -> Values {
    let value = |value: &ValueBody| match value {
        ValueBody::Flag(on) => Value::Flag(*on),
        ValueBody::Number(number) => Value::Number(*number),
        ValueBody::Words(words) => Value::Words(words.clone()),
    };
    let values = values.iter();
    values.map(|(key, v)| (key.clone(), value(v))).collect()
}

/// How it is set. A run names the version that it used.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgentSettings)]
pub(crate) struct SettingsBody {
    /// 0: nobody set anything.
    version: i64,
    /// What is not here has the default of its field.
    values: ValuesBody,
    /// Why it was set like this.
    reason: Option<String>,
    updated_at: Option<DateTime<Utc>>,
    updated_by: Option<String>,
}

impl SettingsBody {
    fn of(config: &AgentConfig) -> Self {
        let is_set = config.version > 0;
        Self {
            version: config.version,
            values: written(&config.values),
            reason: config.reason.clone(),
            updated_at: is_set.then_some(config.updated_at),
            updated_by: is_set.then(|| config.updated_by.name.clone()),
        }
    }
}

/// How the numbers of a field are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AgentFieldUnit)]
pub(crate) enum UnitBody {
    /// Ten-thousandths: 1500 is 15 %.
    Share,
    Count,
    Hours,
    Days,
    /// Points of a score.
    Points,
    /// Ten-thousandths of something without a unit: 20000 is 2.0.
    Ratio,
    /// Minor units of the store's currency.
    Money,
    /// On or off.
    Flag,
    Words,
}

impl From<Unit> for UnitBody {
    fn from(unit: Unit) -> Self {
        match unit {
            Unit::Share => Self::Share,
            Unit::Count => Self::Count,
            Unit::Hours => Self::Hours,
            Unit::Days => Self::Days,
            Unit::Points => Self::Points,
            Unit::Ratio => Self::Ratio,
            Unit::Money => Self::Money,
            Unit::Flag => Self::Flag,
            Unit::Words => Self::Words,
        }
    }
}

/// A weight or a threshold of the policy.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgentField)]
pub(crate) struct FieldBody {
    key: String,
    label: String,
    help: String,
    unit: UnitBody,
    /// Of a flag 0 or 1; words have none (0).
    default: i64,
    /// Both included; of words, how many there may be.
    min: i64,
    max: i64,
}

impl FieldBody {
    fn of(field: &Field) -> Self {
        Self {
            key: field.key.to_owned(),
            label: field.label.to_owned(),
            help: field.help.to_owned(),
            unit: field.unit.into(),
            default: field.default,
            min: field.min,
            max: field.max,
        }
    }
}

/// How its predictions came true, over the last half year.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgentCalibration)]
pub(crate) struct CalibrationBody {
    /// Predictions that could be measured.
    measured: u32,
    /// Of these, whose interval and the measured one have something in common.
    agreed: u32,
    /// The share, from 0 to 1; null below five measurements.
    score: Option<f64>,
}

impl CalibrationBody {
    fn of(calibration: Calibration) -> Self {
        Self {
            measured: calibration.measured,
            agreed: calibration.agreed,
            score: calibration.score().map(|s| f64::from(s) / 1_000.0),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgentDetail)]
pub(crate) struct DetailBody {
    #[serde(flatten)]
    agent: AgentBody,
    calibration: CalibrationBody,
    settings: SettingsBody,
    /// In the order in which they are shown.
    fields: Vec<FieldBody>,
    budget: BudgetBody,
    /// Types of events that start it.
    triggers: Vec<String>,
    /// After so many seconds a run is ended.
    time_limit_s: u32,
    schedule_default: String,
    timezone: String,
    currency: String,
}

impl DetailBody {
    pub(crate) fn of(standing: &Standing, calibration: Calibration, store: &Store) -> Self {
        let spec = &standing.spec;
        Self {
            agent: AgentBody::of(standing),
            calibration: CalibrationBody::of(calibration),
            settings: SettingsBody::of(&standing.config),
            fields: spec.fields.iter().map(FieldBody::of).collect(),
            budget: BudgetBody::of(&standing.config.budget, store.currency),
            triggers: spec.triggers.iter().map(ToString::to_string).collect(),
            time_limit_s: spec.time_limit_s,
            schedule_default: spec.schedule.to_string(),
            timezone: store.timezone.clone(),
            currency: store.currency.to_string(),
        }
    }
}
