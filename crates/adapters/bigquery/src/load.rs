//! The job that loads a day: its configuration and its rows, in one message.

use crate::BigQuerySettings;
use domain::ids::StoreId;
use domain::warehouse::{ColumnType, MirrorTable};
use ports::warehouse::DayLoad;
use serde_json::{Value, json};

/// `orders_0f8fad5bd9cb469fa16570867728950e`
pub(crate) fn table_name(table: MirrorTable, store: StoreId) -> String {
    format!("{}_{}", table.as_str(), store.0.simple())
}

const fn kind(column: ColumnType) -> &'static str {
    match column {
        ColumnType::Text => "STRING",
        ColumnType::Whole => "INTEGER",
        ColumnType::Decimal => "NUMERIC",
        ColumnType::Day => "DATE",
        ColumnType::Time => "TIMESTAMP",
        ColumnType::Truth => "BOOLEAN",
    }
}

pub(crate) fn configuration(settings: &BigQuerySettings, job: &str, day: &DayLoad) -> Value {
    let columns = day.table.columns().into_iter().map(|column| {
        let mode = if column.required {
            "REQUIRED"
        } else {
            "NULLABLE"
        };
        json!({"name": column.name, "type": kind(column.kind), "mode": mode})
    });
    let partition = day.day.format("%Y%m%d");
    let table = format!("{}${partition}", table_name(day.table, day.store));
    json!({
        "jobReference": {"projectId": settings.project, "jobId": job, "location": settings.location},
        "configuration": {
            "labels": {"source": "royal_equips"},
            "load": {
                "destinationTable": {"projectId": settings.project, "datasetId": settings.dataset, "tableId": table},
                "schema": {"fields": columns.collect::<Vec<_>>()},
                "sourceFormat": "NEWLINE_DELIMITED_JSON",
                "createDisposition": "CREATE_IF_NEEDED",
                "writeDisposition": "WRITE_TRUNCATE",
                // A later release may have columns that a table of before lacks.
                "schemaUpdateOptions": ["ALLOW_FIELD_ADDITION"],
                "timePartitioning": {"type": "DAY", "field": "day"},
                "maxBadRecords": 0,
            },
        },
    })
}

/// The type of the message, and the message (`multipart/related`, RFC 2387).
pub(crate) fn body(settings: &BigQuerySettings, job: &str, day: &DayLoad) -> (String, String) {
    let configuration = configuration(settings, job, day);
    // Job names are letters, digits and `_-`, and no row holds this one: rows are JSON objects, which begin with a brace.
    let boundary = format!("royal_{job}");
    let boundary: String = boundary.chars().take(70).collect();
    let body = format!(
        "--{boundary}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n{configuration}\r\n\
         --{boundary}\r\nContent-Type: application/octet-stream\r\n\r\n{}\r\n--{boundary}--\r\n",
        day.lines
    );
    (format!("multipart/related; boundary={boundary}"), body)
}
