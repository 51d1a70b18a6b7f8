//! Settings of connections that nothing depends on: the tracker of issues, the warehouse.

use super::ConfigError;
use super::settings::{http_url, needed};
use super::values::Values;

/// The repository whose issues tell what is wrong; its token is looked up when it is needed.
#[derive(Debug, Clone)]
pub struct GithubPlace {
    pub base_url: String,
    /// `owner/name`; the adapter looks whether it can be one.
    pub repository: String,
}

pub(super) fn github(values: &Values) -> Result<Option<GithubPlace>, ConfigError> {
    let base_url = http_url(values, "GITHUB_BASE_URL")?;
    let repository = values.text("GITHUB_REPOSITORY").map(str::to_owned);
    Ok(repository.map(|repository| GithubPlace {
        base_url: base_url.unwrap_or_else(|| "https://api.github.com".to_owned()),
        repository,
    }))
}

/// The dataset that gets every store's days; its credentials are looked up when they are needed.
#[derive(Debug, Clone)]
pub struct BigQueryPlace {
    pub base_url: String,
    pub upload_url: String,
    pub token_url: String,
    pub project: String,
    pub dataset: String,
    pub location: String,
}

pub(super) fn bigquery(values: &Values) -> Result<Option<BigQueryPlace>, ConfigError> {
    let place = |name, usual: &str| {
        let url = http_url(values, name)?;
        Ok::<_, ConfigError>(url.unwrap_or_else(|| usual.to_owned()))
    };
    let (base_url, upload_url, token_url) = (
        place(
            "BIGQUERY_BASE_URL",
            "https://bigquery.googleapis.com/bigquery/v2",
        )?,
        place(
            "BIGQUERY_UPLOAD_URL",
            "https://bigquery.googleapis.com/upload/bigquery/v2",
        )?,
        place("BIGQUERY_TOKEN_URL", "https://oauth2.googleapis.com/token")?,
    );
    let Some(project) = values.text("BIGQUERY_PROJECT_ID") else {
        return Ok(None);
    };
    Ok(Some(BigQueryPlace {
        base_url,
        upload_url,
        token_url,
        project: project.to_owned(),
        dataset: needed(
            values,
            "BIGQUERY_DATASET",
            "BIGQUERY_PROJECT_ID is set: name the dataset",
        )?,
        location: values.text("BIGQUERY_LOCATION").unwrap_or("US").to_owned(),
    }))
}
