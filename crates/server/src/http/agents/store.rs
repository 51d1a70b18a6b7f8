//! Of which store an agent is meant.

use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use domain::store::Store;
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// The first one when left out.
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store: Option<String>,
}

impl Query {
    pub(crate) async fn pick(&self, app: &App, who: &Caller) -> Result<Store, Problem> {
        pick(app, who, self.store.as_deref()).await
    }
}

pub(super) async fn pick(app: &App, who: &Caller, id: Option<&str>) -> Result<Store, Problem> {
    let id = id.filter(|id| !id.is_empty());
    let id = id.map(|id| own_id(id, "store")).transpose()?;
    Ok(app.stores.pick(who.workspace.id, id).await?)
}
