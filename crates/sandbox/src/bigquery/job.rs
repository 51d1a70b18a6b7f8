//! Load jobs: what is refused at once, what fails at their end, and what they write.

use super::{DATASET, LOCATION, PROJECT, types};
use crate::app::{App, lock};
use serde_json::{Value, json};

/// Status, reason, message.
pub(super) type Refused = (u16, &'static str, String);

#[derive(Debug, Clone)]
pub(crate) struct Job {
    id: String,
    configuration: Value,
    table: String,
    partition: String,
    rows: Vec<Value>,
    /// `None` until it is at its end.
    end: Option<Result<u64, (String, String)>>,
    /// How often it is still running when it is looked at.
    looks: u32,
}

fn bad(message: impl Into<String>) -> Refused {
    (400, "invalid", message.into())
}

/// The configuration and the rows of `multipart/related`.
pub(super) fn parts(kind: &str, body: &[u8]) -> Result<(Value, String), Refused> {
    let boundary = kind
        .strip_prefix("multipart/related; boundary=")
        .filter(|boundary| (1..=70).contains(&boundary.len()))
        .ok_or_else(|| bad("Media type is no multipart/related"))?;
    let text = std::str::from_utf8(body).map_err(|_| bad("no UTF-8"))?;
    let line = format!("--{boundary}");
    let mut parts = text.split(line.as_str()).skip(1);
    let mut next = || {
        let part = parts.next()?.strip_prefix("\r\n")?;
        let (head, content) = part.split_once("\r\n\r\n")?;
        Some((head.to_lowercase(), content.strip_suffix("\r\n")?))
    };
    let ((head, configuration), (_, rows)) = next()
        .zip(next())
        .ok_or_else(|| bad("Bad multipart body"))?;
    if !head.contains("application/json") || parts.next() != Some("--\r\n") {
        return Err(bad("Bad multipart body"));
    }
    let configuration = serde_json::from_str(configuration).map_err(|_| bad("Bad metadata"))?;
    Ok((configuration, rows.to_owned()))
}

pub(super) fn insert(app: &App, configuration: Value, rows: String) -> Result<Value, Refused> {
    let reference = &configuration["jobReference"];
    let id = reference["jobId"].as_str().unwrap_or_default().to_owned();
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if id.is_empty()
        || id.len() > 1024
        || !id.chars().all(fits)
        || reference["projectId"] != PROJECT
    {
        return Err(bad("Invalid job ID"));
    }
    if reference["location"] != LOCATION {
        return Err((
            404,
            "notFound",
            format!("Not found: Dataset {PROJECT}:{DATASET} was not found in this location"),
        ));
    }
    if lock(&app.warehouse).jobs.contains_key(&id) {
        return Err((
            409,
            "duplicate",
            format!("Already Exists: Job {PROJECT}:{LOCATION}.{id}"),
        ));
    }
    let load = &configuration["configuration"]["load"];
    let target = &load["destinationTable"];
    if target["projectId"] != PROJECT || target["datasetId"] != DATASET {
        return Err((404, "notFound", "Not found: Dataset".to_owned()));
    }
    for (name, wanted) in [
        ("sourceFormat", "NEWLINE_DELIMITED_JSON"),
        ("createDisposition", "CREATE_IF_NEEDED"),
        ("writeDisposition", "WRITE_TRUNCATE"),
    ] {
        if load[name] != wanted {
            return Err(bad(format!("{name} is not spoken here")));
        }
    }
    let table = target["tableId"].as_str().unwrap_or_default();
    let (table, partition) = table
        .split_once('$')
        .ok_or_else(|| bad("only partitions are written here"))?;
    let named = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if table.is_empty() || !table.chars().all(named) || partition.len() != 8 {
        return Err(bad("Invalid table ID"));
    }
    let mut job = Job {
        id: id.clone(),
        table: table.to_owned(),
        partition: partition.to_owned(),
        configuration,
        rows: Vec::new(),
        end: None,
        looks: 1,
    };
    job.run(app, &rows);
    let told = job.json();
    lock(&app.warehouse).jobs.insert(id, job);
    Ok(told)
}

impl Job {
    fn fails(&mut self, reason: &str, message: impl Into<String>) {
        self.end = Some(Err((reason.to_owned(), message.into())));
    }

    /// Decides its end; what it writes is seen with its end.
    fn run(&mut self, app: &App, rows: &str) {
        if app.strikes("bq_job_backend") {
            return self.fails("backendError", "Error encountered during job execution");
        }
        if app.strikes("bq_job_fail") {
            return self.fails("invalid", "Error while reading data");
        }
        let load = self.configuration["configuration"]["load"].clone();
        let schema = &load["schema"];
        let known = lock(&app.warehouse).schemas.get(&self.table).cloned();
        let added = load["schemaUpdateOptions"]
            .as_array()
            .is_some_and(|all| all.iter().any(|option| option == "ALLOW_FIELD_ADDITION"));
        if let Some(known) = known {
            let old = known["fields"].as_array().cloned().unwrap_or_default();
            let new = schema["fields"].as_array().cloned().unwrap_or_default();
            if !old.iter().all(|field| new.contains(field)) || (new.len() > old.len() && !added) {
                return self.fails("invalid", "Provided Schema does not match Table");
            }
        }
        let column = load["timePartitioning"]["field"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        for (place, line) in rows.lines().enumerate() {
            let row: Result<Value, _> = serde_json::from_str(line);
            let Ok(row) = row else {
                return self.fails("invalid", format!("JSON parsing error in row {place}"));
            };
            if let Err(why) = types::check(&row, schema, (&column, &self.partition)) {
                return self.fails("invalid", format!("Error in row {place}: {why}"));
            }
            self.rows.push(row);
        }
        let mut own = lock(&app.warehouse);
        own.schemas.insert(self.table.clone(), schema.clone());
        own.rows.insert(
            (self.table.clone(), self.partition.clone()),
            self.rows.clone(),
        );
        self.end = Some(Ok(self.rows.len() as u64));
    }

    fn json(&self) -> Value {
        let mut told = json!({"kind": "bigquery#job", "id": format!("{PROJECT}:{LOCATION}.{}", self.id),
            "jobReference": {"projectId": PROJECT, "jobId": self.id, "location": LOCATION},
            "configuration": self.configuration["configuration"], "status": {"state": "RUNNING"},
            "statistics": {"load": {}}});
        if self.looks > 0 {
            return told;
        }
        match &self.end {
            Some(Ok(rows)) => {
                told["status"] = json!({"state": "DONE"});
                told["statistics"]["load"] =
                    json!({"outputRows": rows.to_string(), "badRecords": "0"});
            }
            Some(Err((reason, message))) => {
                let error = json!({"reason": reason, "message": message});
                told["status"] = json!({"state": "DONE", "errorResult": error, "errors": [error]});
            }
            None => {}
        }
        told
    }

    pub(super) fn told(&self) -> Value {
        let end = match &self.end {
            Some(Ok(rows)) => json!(rows),
            Some(Err((reason, _))) => json!(reason),
            None => Value::Null,
        };
        json!({"id": self.id, "table": self.table, "partition": self.partition, "end": end, "configuration": self.configuration})
    }
}

/// `None`: there is none of this name.
pub(super) fn look(app: &App, id: &str) -> Option<Value> {
    let mut own = lock(&app.warehouse);
    let job = own.jobs.get_mut(id)?;
    let told = job.json();
    job.looks = job.looks.saturating_sub(1);
    Some(told)
}
