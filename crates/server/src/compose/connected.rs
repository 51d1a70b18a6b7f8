//! Connections that nothing depends on: the tracker of issues, the warehouse.

use crate::config::Settings;
use adapter_bigquery::{BigQuery, BigQuerySettings};
use adapter_github::Github;
use adapter_kit::Registry;
use ports::PortResult;
use ports::tracker::Tracker;
use ports::warehouse::Warehouse;
use std::sync::Arc;

/// `None`: no repository is set.
fn tracker(settings: &Settings, registry: &Registry) -> PortResult<Option<Arc<dyn Tracker>>> {
    let Some(place) = &settings.github else {
        return Ok(None);
    };
    let github = Github::new(&place.base_url, &place.repository, registry)?;
    Ok(Some(Arc::new(github)))
}

/// Both; one that is not set is `None`.
pub(super) struct Connected {
    pub(super) tracker: Option<Arc<dyn Tracker>>,
    pub(super) warehouse: Option<Arc<dyn Warehouse>>,
}

pub(super) fn connected(settings: &Settings, registry: &Registry) -> PortResult<Connected> {
    Ok(Connected {
        tracker: tracker(settings, registry)?,
        warehouse: warehouse(settings, registry)?,
    })
}

fn warehouse(settings: &Settings, registry: &Registry) -> PortResult<Option<Arc<dyn Warehouse>>> {
    let Some(place) = settings.bigquery.clone() else {
        return Ok(None);
    };
    let settings = BigQuerySettings {
        base_url: place.base_url,
        upload_url: place.upload_url,
        token_url: place.token_url,
        project: place.project,
        dataset: place.dataset,
        location: place.location,
    };
    Ok(Some(Arc::new(BigQuery::new(settings, registry)?)))
}
