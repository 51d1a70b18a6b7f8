//! Settings of connections that nothing depends on.

use super::{Group, Key, key};

pub(super) const CONNECTED: &[Key] = &[
    key(
        Group::Connected,
        "GITHUB_REPOSITORY",
        "",
        "owner/name of the repository whose issues tell what is wrong here; without it nothing is sent to GitHub.",
    ),
    key(
        Group::Connected,
        "GITHUB_TOKEN",
        "",
        "A fine-grained token of that repository that reads and writes its issues, and its contents for dispatches. Looked up like every secret.",
    ),
    key(
        Group::Connected,
        "GITHUB_BASE_URL",
        "https://api.github.com",
        "Where GitHub's REST API is: https://HOST/api/v3 of an Enterprise server, or /github of a sandbox.",
    ),
    key(
        Group::Connected,
        "BIGQUERY_PROJECT_ID",
        "",
        "The project whose dataset gets orders, ledger entries, daily figures and ad spend of every store once a day; without it nothing is sent to BigQuery.",
    ),
    key(
        Group::Connected,
        "BIGQUERY_DATASET",
        "",
        "The dataset; it has to be there. Every store has tables of its own in it.",
    ),
    key(
        Group::Connected,
        "BIGQUERY_LOCATION",
        "US",
        "Where the dataset is, e.g. EU or europe-west3.",
    ),
    key(
        Group::Connected,
        "BIGQUERY_CREDENTIALS",
        "",
        "The JSON of a service account with roles/bigquery.dataEditor on the dataset and roles/bigquery.jobUser on the project. Looked up like every secret.",
    ),
    key(
        Group::Connected,
        "BIGQUERY_BASE_URL",
        "https://bigquery.googleapis.com/bigquery/v2",
        "Where BigQuery's API is, e.g. /bigquery of a sandbox.",
    ),
    key(
        Group::Connected,
        "BIGQUERY_UPLOAD_URL",
        "https://bigquery.googleapis.com/upload/bigquery/v2",
        "Where its uploads go, e.g. /bigquery-upload of a sandbox.",
    ),
    key(
        Group::Connected,
        "BIGQUERY_TOKEN_URL",
        "https://oauth2.googleapis.com/token",
        "Where tokens for the service account are, e.g. /bigquery-token of a sandbox.",
    ),
];
