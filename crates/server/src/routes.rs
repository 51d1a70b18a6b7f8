//! Every route in one table, with what it asks for. What is not here does not exist.

use crate::answers;
use crate::auth::{Access, Permission, gate};
use crate::config::Role;
use crate::http::{
    ads, agents, analysis, assistant, audit, auth, changes, channels, circuits, connections, costs,
    customers, events, figures, forecasts, github, imports, inventory, jobs, mail, mcp,
    notifications, offers, opportunities, orders, passkeys, privacy, products, purchases, rates,
    recommendations, reconciliation, reports, rules, runs, second_factor, secrets, segments,
    service, sessions, setup, stores, stream, supplier_accounts, supply, support, syncs, tokens,
    users, warehouse, webhooks, what_if, workspace, ws,
};
use crate::idempotency::{self, Repeats};
use crate::problem::Problem;
use crate::recorded;
use crate::request;
use crate::throttle;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::{self, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, Resource, Route};

/// A row of the table.
pub struct Entry {
    pub method: Method,
    /// As the router reads it: `{name:.*}` takes slashes too.
    pub path: &'static str,
    pub access: Access,
    /// Whether its answer is given again while nothing was written.
    pub kept: bool,
    /// What an `Idempotency-Key` means to it.
    pub repeats: Repeats,
    /// The word under which the audit tells it, where no use case records it with what it changes.
    pub recorded: Option<&'static str>,
    /// Without its method yet.
    route: fn() -> Route,
}

impl Entry {
    /// Whether calls of it are counted against the limits on requests.
    #[must_use]
    pub fn is_limited(&self) -> bool {
        throttle::is_limited(self.path, self.access)
    }

    /// As the API description writes it.
    #[must_use]
    pub fn documented_path(&self) -> String {
        self.path.replace(":.*}", "}")
    }
}

macro_rules! table {
    ($($method:ident $path:literal $access:expr => $handler:path),+ $(,)?) => {
        vec![$(Entry {
            method: Method::$method,
            path: $path,
            access: $access,
            kept: answers::are_kept($path),
            repeats: idempotency::rule(&Method::$method, $path, $access),
            recorded: recorded::action(&Method::$method, $path),
            route: || web::route().to($handler),
        }),+]
    };
}

const fn needs(permission: Permission) -> Access {
    Access::Needs(permission)
}

/// All routes.
#[must_use]
pub fn table() -> Vec<Entry> {
    use Access::{Metrics, Open, Signed};
    use Permission as P;
    table![
        GET "/" Open => service::root::handle,
        GET "/command-center" Open => service::command_center::home,
        GET "/command-center/{path:.*}" Open => service::command_center::handle,
        GET "/control-center" Open => service::root::moved,
        GET "/dashboard" Open => service::root::dashboard,
        GET "/docs" Open => service::docs::page,
        GET "/docs/{file}" Open => service::docs::file,
        GET "/openapi.json" Open => service::openapi::handle,
        GET "/favicon.ico" Open => service::favicon::handle,
        GET "/healthz" Open => service::healthz::text,
        GET "/v1/healthz" Open => service::healthz::json,
        GET "/readyz" Open => service::readyz::handle,
        GET "/v1/readyz" Open => service::readyz::handle_v1,
        GET "/health" needs(P::HealthRead) => service::health::handle,
        GET "/v1/health" needs(P::HealthRead) => service::health::handle_v1,
        POST "/v1/circuits" needs(P::CircuitsWrite) => circuits::switch,
        GET "/metrics" Metrics => service::metrics::handle,

        GET "/v1/setup" Open => setup::state::handle,
        POST "/v1/auth/setup" Open => setup::owner::handle,
        POST "/v1/auth/login" Open => auth::login::handle,
        POST "/v1/auth/login/code" Open => auth::code::handle,
        POST "/v1/auth/login/passkey/challenge" Open => passkeys::sign_in::begin,
        POST "/v1/auth/login/passkey" Open => passkeys::sign_in::finish,
        GET "/v1/auth/methods" Open => auth::methods::handle,
        POST "/v1/auth/forgot" Open => auth::forgot::handle,
        GET "/v1/auth/oidc" Open => auth::elsewhere::depart,
        GET "/v1/auth/oidc/callback" Open => auth::elsewhere::arrive,
        POST "/v1/auth/logout" needs(P::ProfileRead) => auth::logout::handle,
        GET "/v1/auth/me" needs(P::ProfileRead) => auth::me::handle,
        POST "/v1/auth/password" needs(P::ProfileWrite) => sessions::password::handle,
        GET "/v1/auth/sessions" needs(P::ProfileRead) => sessions::list::handle,
        DELETE "/v1/auth/sessions" needs(P::ProfileWrite) => sessions::revoke_others::handle,
        DELETE "/v1/auth/sessions/{id}" needs(P::ProfileWrite) => sessions::revoke::handle,
        GET "/v1/auth/second-factor" needs(P::ProfileRead) => second_factor::state::handle,
        POST "/v1/auth/second-factor" needs(P::ProfileWrite) => second_factor::enrol::handle,
        POST "/v1/auth/second-factor/confirm" needs(P::ProfileWrite) => second_factor::confirm::handle,
        POST "/v1/auth/second-factor/recovery-codes" needs(P::ProfileWrite) => second_factor::recovery_codes::handle,
        POST "/v1/auth/second-factor/remove" needs(P::ProfileWrite) => second_factor::remove::handle,
        GET "/v1/auth/passkeys" needs(P::ProfileRead) => passkeys::list::handle,
        POST "/v1/auth/passkeys/challenge" needs(P::ProfileWrite) => passkeys::begin::handle,
        POST "/v1/auth/passkeys" needs(P::ProfileWrite) => passkeys::add::handle,
        PATCH "/v1/auth/passkeys/{id}" needs(P::ProfileWrite) => passkeys::rename::handle,
        DELETE "/v1/auth/passkeys/{id}" needs(P::ProfileWrite) => passkeys::remove::handle,
        POST "/v1/auth/link" Open => users::link::handle,
        POST "/v1/auth/accept" Open => users::accept::handle,

        GET "/v1/tokens" needs(P::ProfileRead) => tokens::list::handle,
        POST "/v1/tokens" needs(P::ProfileWrite) => tokens::create::handle,
        DELETE "/v1/tokens/{id}" needs(P::ProfileWrite) => tokens::revoke::handle,

        GET "/v1/roles" needs(P::ProfileRead) => users::roles::handle,
        GET "/v1/users" needs(P::PeopleRead) => users::list::handle,
        PATCH "/v1/users/{id}" needs(P::PeopleWrite) => users::update::handle,
        POST "/v1/users/{id}/reset-link" needs(P::PeopleWrite) => users::reset::handle,
        DELETE "/v1/users/{id}/second-factor" needs(P::PeopleWrite) => second_factor::reset::handle,
        POST "/v1/service-accounts" needs(P::PeopleWrite) => users::service::handle,
        GET "/v1/invitations" needs(P::PeopleRead) => users::invitations::handle,
        POST "/v1/invitations" needs(P::PeopleWrite) => users::invite::handle,
        DELETE "/v1/invitations/{id}" needs(P::PeopleWrite) => users::uninvite::handle,
        GET "/v1/mail" needs(P::PeopleRead) => mail::handle,
        GET "/v1/audit" needs(P::AuditRead) => audit::list::handle,
        GET "/v1/audit/check" needs(P::AuditRead) => audit::check::handle,

        GET "/v1/connections" needs(P::ConnectionsRead) => connections::list::handle,
        POST "/v1/connections" needs(P::ConnectionsWrite) => connections::create::handle,
        GET "/v1/connections/{id}" needs(P::ConnectionsRead) => connections::find::handle,
        DELETE "/v1/connections/{id}" needs(P::ConnectionsWrite) => connections::remove::handle,
        POST "/v1/connections/{id}/check" needs(P::SyncsRun) => connections::check::handle,
        GET "/v1/github" needs(P::ConnectionsRead) => github::find,
        POST "/v1/github/test" needs(P::ConnectionsWrite) => github::test,
        POST "/v1/github/dispatches" needs(P::ConnectionsWrite) => github::dispatch,
        GET "/v1/warehouse" needs(P::ConnectionsRead) => warehouse::find,
        POST "/v1/warehouse/test" needs(P::ConnectionsWrite) => warehouse::test,
        POST "/v1/warehouse/runs" needs(P::ConnectionsWrite) => warehouse::run,
        GET "/v1/workspace" needs(P::ProfileRead) => workspace::find::handle,
        PUT "/v1/workspace" needs(P::WorkspaceWrite) => workspace::update::handle,
        GET "/v1/stores" needs(P::ConnectionsRead) => stores::list::handle,
        POST "/v1/stores" needs(P::ConnectionsWrite) => stores::create::handle,

        GET "/v1/imports" needs(P::ImportsRead) => imports::list::handle,
        POST "/v1/imports" needs(P::ImportsWrite) => imports::create::handle,
        GET "/v1/imports/kinds" needs(P::ImportsRead) => imports::kinds::handle,
        GET "/v1/imports/mappings" needs(P::ImportsRead) => imports::mappings::list,
        DELETE "/v1/imports/mappings/{header_set}" needs(P::ImportsWrite) => imports::mappings::forget,
        GET "/v1/imports/{id}" needs(P::ImportsRead) => imports::find::handle,
        GET "/v1/imports/{id}/preview" needs(P::ImportsWrite) => imports::preview::handle,
        GET "/v1/imports/{id}/problems" needs(P::ImportsRead) => imports::problems::handle,
        GET "/v1/imports/{id}/mapping" needs(P::ImportsRead) => imports::mapping::get,
        PUT "/v1/imports/{id}/mapping" needs(P::ImportsWrite) => imports::mapping::put,
        POST "/v1/imports/{id}/check" needs(P::ImportsWrite) => imports::actions::check,
        POST "/v1/imports/{id}/start" needs(P::ImportsWrite) => imports::actions::start,
        POST "/v1/imports/{id}/cancel" needs(P::ImportsWrite) => imports::actions::cancel,
        POST "/v1/imports/{id}/undo" needs(P::ImportsWrite) => imports::actions::undo,

        GET "/v1/syncs" needs(P::SyncsRead) => syncs::list::handle,
        POST "/v1/syncs" needs(P::SyncsRun) => syncs::start::handle,
        GET "/v1/syncs/{id}" needs(P::SyncsRead) => syncs::find::handle,
        POST "/v1/syncs/{id}/cancel" needs(P::SyncsRun) => syncs::cancel::handle,
        POST "/v1/syncs/{id}/resume" needs(P::SyncsRun) => syncs::resume::handle,

        GET "/v1/reports/profit" needs(P::ReportsRead) => reports::profit::handle,
        GET "/v1/reports/pulse" needs(P::ReportsRead) => reports::pulse::handle,
        GET "/v1/figures" needs(P::ReportsRead) => figures::catalogue::handle,
        GET "/v1/figures/{name}" needs(P::ReportsRead) => figures::find::handle,
        GET "/v1/rates" needs(P::ReportsRead) => rates::list::handle,
        PUT "/v1/rates" needs(P::RatesWrite) => rates::enter::handle,
        GET "/v1/rates/status" needs(P::ReportsRead) => rates::status::handle,
        POST "/v1/rates/refresh" needs(P::RatesWrite) => rates::refresh::handle,
        DELETE "/v1/rates/{day}/{base}/{quote}" needs(P::RatesWrite) => rates::remove::handle,
        GET "/v1/metrics" needs(P::ReportsRead) => reports::kpis::handle,

        GET "/v1/reconciliation" needs(P::ReconciliationRead) => reconciliation::days::handle,
        GET "/v1/reconciliation/runs" needs(P::ReconciliationRead) => reconciliation::runs::handle,
        POST "/v1/reconciliation/runs" needs(P::ReconciliationRun) => reconciliation::start::handle,
        GET "/v1/reconciliation/runs/{id}" needs(P::ReconciliationRead) => reconciliation::run::handle,
        POST "/v1/reconciliation/runs/{id}/cancel" needs(P::ReconciliationRun) => reconciliation::cancel::handle,
        POST "/v1/reconciliation/mend" needs(P::ReconciliationRun) => reconciliation::mend::handle,
        GET "/v1/reconciliation/{day}" needs(P::ReconciliationRead) => reconciliation::day::handle,

        GET "/v1/orders" needs(P::OrdersRead) => orders::list::handle,
        GET "/v1/orders/{id:.*}" needs(P::OrdersRead) => orders::find::handle,
        GET "/v1/products" needs(P::ProductsRead) => products::list::handle,
        GET "/v1/products/{id}/refunds" needs(P::ProductsRead) => products::refunds::handle,
        GET "/v1/products/{id:.*}" needs(P::ProductsRead) => products::find::handle,

        GET "/v1/inventory" needs(P::InventoryRead) => inventory::list::handle,
        GET "/v1/inventory/{variant}" needs(P::InventoryRead) => inventory::find::handle,
        GET "/v1/inventory-settings" needs(P::InventoryRead) => inventory::settings::find,
        GET "/v1/inventory-settings/bundles" needs(P::InventoryConfigure) => inventory::bundles::handle,
        PUT "/v1/inventory-settings" needs(P::InventoryConfigure) => inventory::settings::set,
        GET "/v1/forecasts" needs(P::InventoryRead) => forecasts::find::handle,
        POST "/v1/forecasts/refresh" needs(P::InventoryWrite) => forecasts::refresh::handle,
        POST "/v1/forecasts/runs/{id}/cancel" needs(P::InventoryWrite) => forecasts::cancel::handle,
        GET "/v1/forecasts/accuracy" needs(P::InventoryRead) => forecasts::accuracy::handle,
        GET "/v1/forecasts/runs" needs(P::InventoryRead) => forecasts::runs::handle,
        GET "/v1/forecasts/runs/{id}" needs(P::InventoryRead) => forecasts::run::handle,
        GET "/v1/suppliers" needs(P::InventoryRead) => purchases::suppliers::list,
        POST "/v1/suppliers" needs(P::InventoryWrite) => purchases::suppliers::create,
        PUT "/v1/suppliers/{id}" needs(P::InventoryWrite) => purchases::suppliers::set,
        GET "/v1/purchase-orders" needs(P::InventoryRead) => purchases::list::handle,
        POST "/v1/purchase-orders" needs(P::InventoryWrite) => purchases::create::handle,
        GET "/v1/purchase-orders/outlook" needs(P::InventoryRead) => purchases::outlook::handle,
        GET "/v1/purchase-orders/{id}" needs(P::InventoryRead) => purchases::find::handle,
        PUT "/v1/purchase-orders/{id}" needs(P::InventoryWrite) => purchases::write::handle,
        POST "/v1/purchase-orders/{id}/approve" needs(P::InventoryWrite) => purchases::approve::handle,
        POST "/v1/purchase-orders/{id}/send" needs(P::InventoryWrite) => purchases::send::handle,
        POST "/v1/purchase-orders/{id}/receive" needs(P::InventoryWrite) => purchases::receive::handle,
        POST "/v1/purchase-orders/{id}/close" needs(P::InventoryWrite) => purchases::end::close,
        POST "/v1/purchase-orders/{id}/cancel" needs(P::InventoryWrite) => purchases::end::cancel,
        GET "/v1/purchase-orders/{id}/file" needs(P::InventoryRead) => purchases::file::handle,

        GET "/v1/anomalies" needs(P::ReportsRead) => analysis::anomalies::handle,
        POST "/v1/anomalies/{id}/mark" needs(P::AnomaliesWrite) => analysis::mark::handle,
        GET "/v1/briefs" needs(P::ReportsRead) => analysis::briefs::handle,
        GET "/v1/recommendations" needs(P::ReportsRead) => recommendations::list::handle,
        GET "/v1/support/tickets" needs(P::SupportRead) => support::list::list,
        POST "/v1/support/tickets" needs(P::SupportWrite) => support::list::open,
        GET "/v1/support/tickets/{id}" needs(P::SupportRead) => support::ticket::find,
        POST "/v1/support/tickets/{id}/drafts" needs(P::SupportWrite) => support::ticket::draft,
        POST "/v1/support/tickets/{id}/replies" needs(P::SupportWrite) => support::ticket::reply,
        POST "/v1/support/tickets/{id}/notes" needs(P::SupportWrite) => support::ticket::note,
        PUT "/v1/support/tickets/{id}/status" needs(P::SupportWrite) => support::ticket::status,
        PUT "/v1/support/tickets/{id}/order" needs(P::SupportWrite) => support::ticket::order,
        POST "/v1/webhooks/support/{store}" Signed => support::receive::handle,
        GET "/v1/what-if" needs(P::ReportsRead) => what_if::ask::handle,
        GET "/v1/recommendations/export" needs(P::ReportsRead) => recommendations::export::handle,
        GET "/v1/attribution" needs(P::ReportsRead) => ads::attribution::show,
        GET "/v1/ad-profit" needs(P::ReportsRead) => ads::profit::show,
        GET "/v1/campaigns" needs(P::ReportsRead) => ads::campaigns::list,
        GET "/v1/campaigns/{id}" needs(P::ReportsRead) => ads::campaigns::find,
        GET "/v1/campaigns/{id}/ad-sets" needs(P::ReportsRead) => ads::ad_sets::list,
        GET "/v1/campaigns/{id}/ads" needs(P::ReportsRead) => ads::of_campaign::list,
        GET "/v1/ad-accounts" needs(P::ConnectionsRead) => ads::accounts::list,
        POST "/v1/ad-accounts" needs(P::ConnectionsWrite) => ads::accounts::create,
        GET "/v1/ad-accounts/{id}" needs(P::ConnectionsRead) => ads::accounts::find,
        DELETE "/v1/ad-accounts/{id}" needs(P::ConnectionsWrite) => ads::accounts::remove,
        POST "/v1/ad-accounts/{id}/sync" needs(P::SyncsRun) => ads::accounts::sync,
        GET "/v1/opportunities" needs(P::OpportunitiesRead) => opportunities::list::handle,
        GET "/v1/opportunities/{id}" needs(P::OpportunitiesRead) => opportunities::find::handle,
        POST "/v1/opportunities/{id}/approve" needs(P::ChangesWrite) => opportunities::decide::approve,
        POST "/v1/opportunities/{id}/reject" needs(P::OpportunitiesWrite) => opportunities::decide::reject,
        POST "/v1/opportunities/{id}/snooze" needs(P::OpportunitiesWrite) => opportunities::decide::snooze,
        GET "/v1/opportunity-settings" needs(P::OpportunitiesRead) => opportunities::settings::find,
        PUT "/v1/opportunity-settings" needs(P::OpportunitiesConfigure) => opportunities::settings::set,
        GET "/v1/trends" needs(P::OpportunitiesRead) => opportunities::trends::list,
        DELETE "/v1/trends/{id}" needs(P::OpportunitiesConfigure) => opportunities::trends::forget,
        POST "/v1/trend-file" needs(P::OpportunitiesConfigure) => opportunities::trends::import,
        POST "/v1/trend-file/preview" needs(P::OpportunitiesRead) => opportunities::trends::preview,
        GET "/v1/opportunity-research" needs(P::OpportunitiesRead) => opportunities::research::handle,
        GET "/v1/supplier-matches" needs(P::OpportunitiesRead) => opportunities::matches::list,
        POST "/v1/supplier-matches" needs(P::OpportunitiesWrite) => opportunities::matches::set,
        GET "/v1/supplier-products" needs(P::OpportunitiesRead) => offers::list::handle,
        GET "/v1/supplier-products/{id}" needs(P::OpportunitiesRead) => offers::find::handle,
        GET "/v1/supplier-products/{id}/image" needs(P::OpportunitiesRead) => offers::image::handle,
        GET "/v1/supplier-pictures" needs(P::OpportunitiesRead) => offers::pictures::handle,
        GET "/v1/supplier-platforms" needs(P::OpportunitiesRead) => offers::platforms::handle,
        POST "/v1/supplier-logins" needs(P::ConnectionsWrite) => supplier_accounts::login::begin,
        POST "/v1/supplier-contracts/test" needs(P::ConnectionsWrite) => supplier_accounts::contract::test,
        GET "/v1/supplier-accounts" needs(P::ConnectionsRead) => supplier_accounts::accounts::list,
        POST "/v1/supplier-accounts" needs(P::ConnectionsWrite) => supplier_accounts::accounts::create,
        GET "/v1/supplier-accounts/{id}" needs(P::ConnectionsRead) => supplier_accounts::accounts::find,
        PUT "/v1/supplier-accounts/{id}" needs(P::ConnectionsWrite) => supplier_accounts::accounts::set,
        DELETE "/v1/supplier-accounts/{id}" needs(P::ConnectionsWrite) => supplier_accounts::accounts::remove,
        POST "/v1/supplier-accounts/{id}/sync" needs(P::SyncsRun) => supplier_accounts::accounts::sync,
        GET "/v1/supplier-changes" needs(P::OpportunitiesRead) => supplier_accounts::changes::handle,
        GET "/v1/supplier-mappings" needs(P::OpportunitiesRead) => supply::mappings::list,
        POST "/v1/supplier-mappings" needs(P::OpportunitiesWrite) => supply::mappings::create,
        PUT "/v1/supplier-mappings/{id}" needs(P::OpportunitiesWrite) => supply::mappings::set,
        DELETE "/v1/supplier-mappings/{id}" needs(P::OpportunitiesWrite) => supply::mappings::remove,
        GET "/v1/supplier-alerts" needs(P::OpportunitiesRead) => supply::alerts::handle,
        GET "/v1/supplier-mapping-file" needs(P::OpportunitiesRead) => supply::mapping_file::export,
        POST "/v1/supplier-mapping-file" needs(P::OpportunitiesWrite) => supply::mapping_file::import,
        POST "/v1/supplier-mapping-file/preview" needs(P::OpportunitiesRead) => supply::mapping_file::preview,
        GET "/v1/supplier-mapping-suggestions" needs(P::OpportunitiesRead) => supply::mappings::suggestions,
        POST "/v1/supplier-mapping-suggestions/accept" needs(P::OpportunitiesWrite) => supply::accept::accept,
        GET "/v1/supplier-offers" needs(P::OpportunitiesRead) => supply::orders::offers,
        GET "/v1/supplier-orders" needs(P::OpportunitiesRead) => supply::orders::list,
        POST "/v1/supplier-orders" needs(P::ChangesWrite) => supply::orders::create,
        POST "/v1/supplier-orders/{id}/cancel" needs(P::ChangesWrite) => supply::orders::call_off,

        GET "/v1/secrets" needs(P::SecretsRead) => secrets::list::handle,
        PUT "/v1/secrets/{name}" needs(P::SecretsWrite) => secrets::set::handle,
        DELETE "/v1/secrets/{name}" needs(P::SecretsWrite) => secrets::delete::handle,
        GET "/v1/secrets/{name}/source" needs(P::SecretsRead) => secrets::source::handle,
        GET "/v1/secret-keys" needs(P::SecretsRead) => secrets::keys::handle,
        POST "/v1/secret-keys/rotate" needs(P::KeysRotate) => secrets::rotate::handle,
        GET "/v1/coverage" needs(P::CostsRead) => costs::coverage::handle,
        GET "/v1/costs" needs(P::CostsRead) => costs::variants::list,
        POST "/v1/costs/preview" needs(P::CostsRead) => costs::preview::handle,
        POST "/v1/costs/changes" needs(P::CostsWrite) => costs::changes::handle,
        GET "/v1/costs/{variant}" needs(P::CostsRead) => costs::variants::find,
        PUT "/v1/costs/{variant}" needs(P::CostsWrite) => costs::variants::set,
        GET "/v1/cost-settings" needs(P::CostsRead) => costs::settings::find,
        PUT "/v1/cost-settings" needs(P::CostsWrite) => costs::settings::set,
        GET "/v1/shipping-costs" needs(P::CostsRead) => costs::entries::shipping,
        GET "/v1/fee-rules" needs(P::CostsRead) => costs::entries::fees,
        GET "/v1/spend" needs(P::CostsRead) => costs::entries::spend,
        GET "/v1/fixed-costs" needs(P::CostsRead) => costs::entries::fixed,
        PUT "/v1/cost-entries" needs(P::CostsWrite) => costs::entries::put,
        DELETE "/v1/cost-entries/{id}" needs(P::CostsWrite) => costs::entries::remove,
        GET "/v1/recosts" needs(P::CostsRead) => costs::recosts::list,
        GET "/v1/recosts/{id}" needs(P::CostsRead) => costs::recosts::find,
        POST "/v1/recosts/{id}/cancel" needs(P::CostsWrite) => costs::recosts::cancel,
        POST "/v1/recosts/{id}/resume" needs(P::CostsWrite) => costs::recosts::resume,
        GET "/v1/customers" needs(P::CustomersRead) => customers::list::handle,
        GET "/v1/customers/overview" needs(P::ReportsRead) => customers::overview::handle,
        GET "/v1/customers/ltv" needs(P::ReportsRead) => customers::ltv::handle,
        GET "/v1/customers/segments" needs(P::ReportsRead) => customers::segments::handle,
        GET "/v1/customers/segments/{segment}/export" needs(P::CustomersExport) => customers::export::handle,
        GET "/v1/customers/settings" needs(P::ReportsRead) => customers::settings::read,
        PUT "/v1/customers/settings" needs(P::CustomersConfigure) => customers::settings::write,
        GET "/v1/customers/{id:.*}" needs(P::CustomersRead) => customers::find::handle,
        GET "/v1/segments" needs(P::ReportsRead) => segments::list::list,
        GET "/v1/segments/{id}" needs(P::ReportsRead) => segments::list::find,
        POST "/v1/segments/{id}/export" needs(P::SegmentsExport) => segments::export::file,
        POST "/v1/segments/{id}/send" needs(P::SegmentsExport) => segments::export::send,
        GET "/v1/segment-exports" needs(P::ReportsRead) => segments::list::exports,
        POST "/v1/segment-exports/{id}/retry" needs(P::SegmentsExport) => segments::delivery::retry,
        POST "/v1/segment-exports/{id}/give-up" needs(P::SegmentsExport) => segments::delivery::give_up,
        GET "/v1/segment-settings" needs(P::ReportsRead) => segments::settings::find,
        PUT "/v1/segment-settings" needs(P::CustomersConfigure) => segments::settings::set,
        GET "/v1/cohorts" needs(P::ReportsRead) => customers::cohorts::handle,
        GET "/v1/privacy/requests" needs(P::PrivacyRead) => privacy::list::handle,
        POST "/v1/privacy/requests/{id}/answer" needs(P::PrivacyAnswer) => privacy::download::handle,

        GET "/v1/change-sets" needs(P::ChangesRead) => changes::list::handle,
        POST "/v1/change-sets" needs(P::ChangesWrite) => changes::create::handle,
        GET "/v1/change-sets/{id}" needs(P::ChangesRead) => changes::find::handle,
        POST "/v1/change-sets/{id}/approve" needs(P::ChangesWrite) => changes::approve::handle,
        POST "/v1/change-sets/{id}/reject" needs(P::ChangesWrite) => changes::reject::handle,
        POST "/v1/change-sets/{id}/settle" needs(P::ChangesWrite) => changes::settle::handle,
        POST "/v1/change-sets/{id}/undo" needs(P::ChangesWrite) => changes::undo::handle,
        GET "/v1/refund-allowance" needs(P::ChangesRead) => changes::allowance::handle,
        GET "/v1/guardrails" needs(P::ChangesRead) => changes::guardrails::find,
        PUT "/v1/guardrails" needs(P::GuardrailsWrite) => changes::guardrails::set,
        GET "/v1/stops" needs(P::ChangesRead) => changes::stops::list,
        POST "/v1/stops" needs(P::StopsWrite) => changes::stops::stop,
        POST "/v1/stops/lift" needs(P::StopsLift) => changes::stops::lift,

        GET "/v1/notifications" needs(P::NotificationsRead) => notifications::list::handle,
        POST "/v1/notifications/read" needs(P::NotificationsWrite) => notifications::read::handle,
        GET "/v1/notifications/preferences" needs(P::NotificationsRead) => notifications::preferences::find,
        PUT "/v1/notifications/preferences" needs(P::NotificationsWrite) => notifications::preferences::set,
        GET "/v1/notification-channels" needs(P::ChannelsRead) => channels::list::handle,
        POST "/v1/notification-channels" needs(P::ChannelsWrite) => channels::create::handle,
        GET "/v1/notification-channels/{id}" needs(P::ChannelsRead) => channels::find::handle,
        PUT "/v1/notification-channels/{id}" needs(P::ChannelsWrite) => channels::set::handle,
        DELETE "/v1/notification-channels/{id}" needs(P::ChannelsWrite) => channels::remove::handle,
        POST "/v1/notification-channels/{id}/test" needs(P::ChannelsTest) => channels::test::handle,
        POST "/v1/notification-channels/{id}/secret" needs(P::ChannelsWrite) => channels::secret::handle,
        GET "/v1/notification-deliveries" needs(P::ChannelsRead) => notifications::deliveries::handle,

        POST "/agents/session" needs(P::AssistantUse) => assistant::sessions::open,
        GET "/agents/sessions" needs(P::AssistantUse) => assistant::sessions::list,
        PUT "/agents/session/{id}" needs(P::AssistantUse) => assistant::sessions::name,
        DELETE "/agents/session/{id}" needs(P::AssistantUse) => assistant::sessions::forget,
        GET "/agents/session/{id}/export" needs(P::AssistantUse) => assistant::export::handle,
        POST "/agents/session/{id}/cancel" needs(P::AssistantUse) => assistant::running::cancel,
        GET "/agents/usage" needs(P::AssistantUse) => assistant::running::usage,
        GET "/agents/session/{id}/messages" needs(P::AssistantUse) => assistant::messages::handle,
        POST "/agents/message" needs(P::AssistantUse) => assistant::message::handle,
        GET "/agents/stream" needs(P::AssistantUse) => assistant::stream::handle,
        POST "/mcp" needs(P::AssistantUse) => mcp::handle,
        GET "/v1/agents" needs(P::AgentsRead) => agents::list::handle,
        GET "/v1/agents/{id}" needs(P::AgentsRead) => agents::find::handle,
        PUT "/v1/agents/{id}" needs(P::AgentsWrite) => agents::set::handle,
        POST "/v1/agents/{id}/run" needs(P::AgentsRun) => agents::run::handle,
        POST "/v1/agents/{id}/rewind" needs(P::ChangesWrite) => agents::rewind::handle,
        GET "/v1/agents/{id}/runs" needs(P::AgentsRead) => agents::runs::handle,
        POST "/v1/agents/{id}/rehearsals" needs(P::AgentsRun) => agents::rehearse::handle,
        GET "/v1/rules" needs(P::AgentsRead) => rules::list::handle,
        POST "/v1/rules" needs(P::AgentsWrite) => rules::create::handle,
        POST "/v1/rules/preview" needs(P::AgentsRead) => rules::preview::draft,
        GET "/v1/rules/{id}" needs(P::AgentsRead) => rules::find::handle,
        PUT "/v1/rules/{id}" needs(P::AgentsWrite) => rules::set::handle,
        DELETE "/v1/rules/{id}" needs(P::AgentsWrite) => rules::remove::handle,
        GET "/v1/rules/{id}/versions" needs(P::AgentsRead) => rules::versions::handle,
        POST "/v1/rules/{id}/preview" needs(P::AgentsRead) => rules::preview::kept,
        GET "/v1/runs" needs(P::AgentsRead) => runs::list::handle,
        GET "/v1/runs/{id}" needs(P::AgentsRead) => runs::find::handle,
        GET "/v1/runs/{id}/log" needs(P::AgentsRead) => runs::log::handle,
        POST "/v1/runs/{id}/cancel" needs(P::AgentsRun) => runs::cancel::handle,
        POST "/v1/runs/{id}/replay" needs(P::AgentsRun) => runs::replay::handle,
        GET "/jobs" needs(P::JobsRead) => jobs::handle,
        POST "/events" needs(P::EventsWrite) => events::handle,

        GET "/v1/stream" needs(P::StreamRead) => stream::handle,
        GET "/v1/ws" needs(P::StreamRead) => ws::handle,
        POST "/v1/webhooks/shopify/{connection}" Signed => webhooks::handle,
        POST "/v1/webhooks/cjdropshipping/{account}" Signed => supply::messages::handle,
        POST "/v1/webhooks/printful/{account}" Signed => supply::messages::printful,
    ]
}

/// What a process that only works answers.
const OF_A_WORKER: &[&str] = &[
    "/healthz",
    "/v1/healthz",
    "/readyz",
    "/v1/readyz",
    "/health",
    "/v1/health",
    "/metrics",
];

/// Puts the table into the router, each route behind its gate. The router tries one after the other, so what begins alike is tried together,
/// and what is compared as it is comes before what has parts to be found.
pub(crate) fn configure(role: Role, config: &mut ServiceConfig) {
    let mut table = table();
    table.retain(|entry| role.answers() || OF_A_WORKER.contains(&entry.path));
    let mut areas: Vec<(&str, Vec<&str>)> = Vec::new();
    for path in table.iter().map(|entry| entry.path) {
        let area = area(path);
        match areas.iter_mut().find(|(known, _)| *known == area) {
            Some((_, paths)) if paths.contains(&path) => {}
            Some((_, paths)) => paths.push(path),
            None => areas.push((area, vec![path])),
        }
    }
    // The area of all that lies nowhere else would take everything.
    areas.sort_by_key(|(area, _)| area.is_empty());
    for (area, mut paths) in areas {
        paths.sort_by_key(|path| path.contains('{'));
        if area.is_empty() {
            for path in paths {
                config.service(resource(&table, path, path));
            }
        } else {
            let mut scope = web::scope(area).default_service(web::to(nowhere));
            for path in paths {
                scope = scope.service(resource(&table, path, &path[area.len()..]));
            }
            config.service(scope);
        }
    }
    config.default_service(web::to(nowhere));
}

/// What the addresses of an area of the API begin with: `/v1/orders` of `/v1/orders/{id}`. Empty for the few that lie nowhere.
fn area(path: &str) -> &str {
    let Some(rest) = path.strip_prefix("/v1/") else {
        return "";
    };
    let end = rest.find('/').unwrap_or(rest.len());
    &path[..path.len() - rest.len() + end]
}

/// All methods of an address. `place` is what is left of its path where it is put.
fn resource(table: &[Entry], path: &str, place: &str) -> Resource {
    let mut resource = web::resource(place);
    for entry in table.iter().filter(|e| e.path == path) {
        let (access, limited) = (entry.access, entry.is_limited());
        let (repeats, recorded) = (entry.repeats, entry.recorded);
        let mut methods = vec![entry.method.clone()];
        if entry.method == Method::GET {
            methods.push(Method::HEAD);
        }
        for method in methods {
            let mut route = (entry.route)().method(method);
            if entry.kept {
                route = route.wrap(from_fn(answers::keep));
            }
            if let Some(action) = recorded {
                route = route.wrap(from_fn(move |request, next| {
                    recorded::record(action, request, next)
                }));
            }
            if repeats != Repeats::Free {
                route = route.wrap(from_fn(move |request, next| {
                    idempotency::once(repeats, request, next)
                }));
            }
            let row = entry.path;
            let behind_gate = from_fn(move |came: ServiceRequest, next| {
                request::came_to(row);
                gate(access, limited, came, next)
            });
            resource = resource.route(route.wrap(behind_gate));
        }
    }
    let allowed = allowed(table.iter().filter(|e| e.path == path));
    resource.default_service(web::to(move || wrong_method(allowed.clone())))
}

/// As the header `Allow` lists them.
fn allowed<'a>(entries: impl Iterator<Item = &'a Entry>) -> String {
    let mut methods = Vec::new();
    for entry in entries {
        methods.push(entry.method.to_string());
        if entry.method == Method::GET {
            methods.push(Method::HEAD.to_string());
        }
    }
    methods.join(", ")
}

async fn wrong_method(allowed: String) -> HttpResponse {
    let problem = Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "Method not allowed",
        format!("this address takes {allowed}: see /docs"),
    );
    let mut response = HttpResponse::from_error(problem);
    if let Ok(allowed) = HeaderValue::from_str(&allowed) {
        response.headers_mut().insert(header::ALLOW, allowed);
    }
    response
}

async fn nowhere() -> Result<HttpResponse, Problem> {
    Err(Problem::new(
        StatusCode::NOT_FOUND,
        "not-found",
        "Not found",
        "there is nothing at this address: see /docs",
    ))
}

#[cfg(test)]
mod tests {
    use super::area;

    #[test]
    fn an_area_is_the_first_part_below_the_api() {
        assert_eq!(area("/v1/orders"), "/v1/orders");
        assert_eq!(area("/v1/orders/{id}/lines"), "/v1/orders");
        assert_eq!(area("/healthz"), "");
        assert_eq!(area("/agents/session/{id}"), "");
    }
}
