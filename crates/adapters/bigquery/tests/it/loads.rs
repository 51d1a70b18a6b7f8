//! Days that are loaded, and what becomes of lost answers, limits and jobs that fail.

use crate::{key, open, sandbox, settings};
use adapter_bigquery::BigQuery;
use chrono::NaiveDate;
use domain::ids::StoreId;
use domain::warehouse::{MirrorTable, spend_row};
use ports::warehouse::{DayLoad, JobState, Warehouse as _};
use ports::{Kind, Retry};
use serde_json::{Value, json};
use uuid::Uuid;

pub(crate) fn day() -> NaiveDate {
    "2026-11-01".parse().unwrap()
}

pub(crate) fn spend(micros: &[i64]) -> DayLoad {
    let store = StoreId(Uuid::from_u128(7));
    let currency = "EUR".parse().unwrap();
    let rows = micros
        .iter()
        .map(|micros| spend_row(store, ("1", "meta"), currency, day(), *micros));
    DayLoad {
        table: MirrorTable::AdSpend,
        store,
        day: day(),
        lines: rows.map(|row| row.line() + "\n").collect(),
    }
}

async fn end(bigquery: &BigQuery, job: &str) -> JobState {
    for _ in 0..3 {
        match bigquery.job(&key(), job).await.unwrap().unwrap() {
            JobState::Running => {}
            other => return other,
        }
    }
    panic!("{job} runs for ever")
}

fn rows(told: &Value) -> &Value {
    let table = "ad_spend_00000000000000000000000000000007";
    &told["tables"][table]["20261101"]
}

#[tokio::test]
async fn a_day_is_loaded_whole_and_written_anew() {
    let sandbox = sandbox().await;
    let bigquery = open(settings(&sandbox));
    assert_eq!(bigquery.job(&key(), "a").await.unwrap(), None);
    bigquery
        .load(&key(), "a", &spend(&[1_500_000, 20_000]))
        .await
        .unwrap();
    assert_eq!(
        bigquery.job(&key(), "a").await.unwrap(),
        Some(JobState::Running)
    );
    assert_eq!(end(&bigquery, "a").await, JobState::Done { rows: 2 });
    let told = sandbox.bigquery();
    assert_eq!(rows(&told)[0]["spend"], json!("1.5"));
    bigquery.load(&key(), "b", &spend(&[7])).await.unwrap();
    assert_eq!(end(&bigquery, "b").await, JobState::Done { rows: 1 });
    let told = sandbox.bigquery();
    assert_eq!(rows(&told).as_array().unwrap().len(), 1);
    assert_eq!(rows(&told)[0]["spend"], json!("0.000007"));
    // Nothing is left of a day without rows.
    bigquery.load(&key(), "c", &spend(&[])).await.unwrap();
    assert_eq!(end(&bigquery, "c").await, JobState::Done { rows: 0 });
    assert_eq!(rows(&sandbox.bigquery()), &json!([]));
    assert_eq!(told["tokens"], json!(1), "one token serves all calls");
}

#[tokio::test]
async fn a_lost_answer_is_sent_again_under_the_same_name() {
    let sandbox = sandbox().await;
    let bigquery = open(settings(&sandbox));
    for fault in ["bq_lost", "bq_unsent", "bq_status", "bq_limit", "bq_token"] {
        sandbox.fault("limit", 1.0).unwrap();
        sandbox.fault(fault, 1.0).unwrap();
        bigquery.load(&key(), fault, &spend(&[5])).await.unwrap();
        assert_eq!(end(&bigquery, fault).await, JobState::Done { rows: 1 });
        sandbox.fault(fault, 0.0).unwrap();
    }
    let told = sandbox.bigquery();
    assert_eq!(told["jobs"].as_array().unwrap().len(), 5);
    assert_eq!(rows(&told).as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_job_that_fails_says_so_in_its_state_and_leaves_the_day_as_it_was() {
    let sandbox = sandbox().await;
    let bigquery = open(settings(&sandbox));
    bigquery.load(&key(), "good", &spend(&[1])).await.unwrap();
    for (fault, passing) in [("bq_job_fail", false), ("bq_job_backend", true)] {
        sandbox.fault(fault, 1.0).unwrap();
        bigquery.load(&key(), fault, &spend(&[2])).await.unwrap();
        sandbox.fault(fault, 0.0).unwrap();
        let JobState::Failed { reason, again } = end(&bigquery, fault).await else {
            panic!("it failed")
        };
        assert_eq!(again, passing, "{reason}");
    }
    // Of another day, and of another type.
    let mut other = spend(&[3]);
    other.lines = other.lines.replace("2026-11-01", "2026-11-02");
    bigquery.load(&key(), "other", &other).await.unwrap();
    assert!(matches!(
        end(&bigquery, "other").await,
        JobState::Failed { .. }
    ));
    let mut float = spend(&[3]);
    float.lines = float.lines.replace("\"0.000003\"", "3e-6");
    bigquery.load(&key(), "float", &float).await.unwrap();
    assert!(matches!(
        end(&bigquery, "float").await,
        JobState::Failed { .. }
    ));
    assert_eq!(rows(&sandbox.bigquery())[0]["spend"], json!("0.000001"));
}

#[tokio::test]
async fn refusals_say_what_to_do() {
    let sandbox = sandbox().await;
    let bigquery = open(settings(&sandbox));
    let told = bigquery.check(&key()).await.unwrap();
    assert_eq!(
        (told.name.as_str(), told.location.as_str()),
        ("sandbox-project:royal", "EU")
    );
    let refusal = async |fault: &str| {
        sandbox.fault(fault, 1.0).unwrap();
        let refused = bigquery.check(&key()).await.unwrap_err();
        sandbox.fault(fault, 0.0).unwrap();
        refused
    };
    let denied = refusal("bq_denied").await;
    assert_eq!((denied.kind, denied.retry), (Kind::Forbidden, Retry::Never));
    assert!(denied.detail.contains("bigquery.jobUser"), "{denied}");
    let quota = refusal("bq_quota").await;
    assert_eq!(quota.kind, Kind::RateLimited);
    let token = refusal("bq_token").await;
    assert_eq!(token.kind, Kind::Unauthorized);
    let mut elsewhere = settings(&sandbox);
    elsewhere.location = "US".to_owned();
    let wrong = open(elsewhere).check(&key()).await.unwrap_err();
    assert!(wrong.detail.contains("BIGQUERY_LOCATION"), "{wrong}");
    let mut unknown = settings(&sandbox);
    unknown.dataset = "other".to_owned();
    let wrong = open(unknown).check(&key()).await.unwrap_err();
    assert_eq!(wrong.kind, Kind::NotFound);
    for credential in ["", "{}", "{\"client_email\":\"x\",\"private_key\":\"y\"}"] {
        let wrong = bigquery.check(&credential.into()).await.unwrap_err();
        assert_eq!(wrong.kind, Kind::Configuration, "{credential}");
    }
    let other = crate::key();
    let other = secrecy::ExposeSecret::expose_secret(&other).replace("loader@", "nobody@");
    let refused = bigquery.check(&other.into()).await.unwrap_err();
    assert_eq!(refused.kind, Kind::Unauthorized);
}
