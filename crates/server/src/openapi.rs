//! The API's description (OpenAPI 3.1), made from the handlers and the route table.

use crate::auth::Access;
use crate::http::{
    ads, agents, analysis, assistant, audit, auth, changes, channels, circuits, connections, costs,
    customers, events, figures, forecasts, github, imports, inventory, jobs, mail, mcp,
    notifications, offers, opportunities, orders, passkeys, privacy, products, purchases, rates,
    recommendations, reconciliation, reports, rules, runs, second_factor, secrets, segments,
    service, sessions, setup, stores, stream, supplier_accounts, supply, support, syncs, tokens,
    users, warehouse, webhooks, what_if, workspace, ws,
};
use crate::idempotency::Repeats;
use crate::problem::ProblemBody;
use crate::routes::{Entry, table};
use actix_web::http::Method;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{OpenApi as Document, RefOr, Required};
use utoipa::{Modify, OpenApi, ToResponse};

/// A refusal or failure (RFC 9457).
#[derive(ToResponse)]
#[response(
    description = "what went wrong, and what to do",
    content_type = "application/problem+json"
)]
#[expect(dead_code, reason = "describes an answer; the body is made by Problem")]
pub(crate) struct ProblemResponse(ProblemBody);

const ABOUT: &str = "Amounts are decimal strings in the currency of the answer, dates are ISO 8601 days of the store's calendar, \
times are RFC 3339 in UTC. What is unknown is null and named in `unavailable`. Lists are pages: pass `next_cursor` on as `cursor`. \
State-changing calls with the session's cookie carry `X-CSRF-Token`; calls with an API token need none. \
Posts that start work or change money carry an `Idempotency-Key`; where it is a parameter, a repeat with the same key gives the same \
answer, marked `Idempotent-Replayed: true`. `RateLimit-Policy` and `RateLimit` tell how many requests are left, `Retry-After` when to go on. \
`X-Request-ID` is taken over when it is sane, and stands on every answer.";

#[derive(OpenApi)]
#[openapi(
    info(title = "Royal Equips Orchestrator", description = ABOUT, license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")),
    paths(
        service::root::handle, service::root::moved, service::root::dashboard,
        service::command_center::home, service::command_center::handle,
        service::docs::page, service::docs::file, service::openapi::handle, service::favicon::handle,
        service::healthz::text, service::healthz::json, service::readyz::handle, service::readyz::handle_v1,
        service::health::handle, service::health::handle_v1, circuits::switch, github::find, github::test, github::dispatch, warehouse::find, warehouse::test, warehouse::run, service::metrics::handle,
        setup::state::handle, setup::owner::handle, auth::login::handle, auth::code::handle, auth::methods::handle, auth::forgot::handle,
        auth::elsewhere::depart, auth::elsewhere::arrive, mail::handle, auth::logout::handle, auth::me::handle,
        sessions::password::handle, sessions::list::handle, sessions::revoke::handle, sessions::revoke_others::handle,
        second_factor::state::handle, second_factor::enrol::handle, second_factor::confirm::handle,
        second_factor::recovery_codes::handle, second_factor::remove::handle, second_factor::reset::handle,
        passkeys::list::handle, passkeys::begin::handle, passkeys::add::handle, passkeys::rename::handle, passkeys::remove::handle,
        passkeys::sign_in::begin, passkeys::sign_in::finish,
        users::link::handle, users::accept::handle, tokens::list::handle, tokens::create::handle, tokens::revoke::handle,
        users::roles::handle, users::list::handle, users::update::handle, users::reset::handle, users::service::handle,
        users::invitations::handle, users::invite::handle, users::uninvite::handle,
        audit::list::handle, audit::check::handle,
        connections::list::handle, connections::create::handle, connections::find::handle, connections::remove::handle,
        connections::check::handle, stores::list::handle, stores::create::handle,
        imports::list::handle, imports::create::handle, imports::kinds::handle, imports::mappings::list, imports::mappings::forget,
        imports::find::handle, imports::preview::handle, imports::problems::handle, imports::mapping::get, imports::mapping::put,
        imports::actions::check, imports::actions::start, imports::actions::cancel, imports::actions::undo,
        syncs::list::handle, syncs::start::handle, syncs::find::handle, syncs::cancel::handle, syncs::resume::handle,
        reports::profit::handle, reports::pulse::handle, reports::kpis::handle,
        workspace::find::handle, workspace::update::handle,
        rates::list::handle, rates::enter::handle, rates::status::handle, rates::refresh::handle, rates::remove::handle,
        figures::catalogue::handle, figures::find::handle,
        reconciliation::days::handle, reconciliation::runs::handle, reconciliation::start::handle, reconciliation::run::handle,
        reconciliation::cancel::handle, reconciliation::mend::handle, reconciliation::day::handle,
        orders::list::handle, orders::find::handle, products::list::handle, products::find::handle, products::refunds::handle,
        secrets::list::handle, secrets::set::handle, secrets::delete::handle, secrets::source::handle,
        secrets::keys::handle, secrets::rotate::handle,
        costs::coverage::handle, costs::variants::list, costs::variants::find, costs::variants::set,
        costs::preview::handle, costs::changes::handle, costs::settings::find, costs::settings::set,
        costs::entries::shipping, costs::entries::fees, costs::entries::spend, costs::entries::fixed,
        costs::entries::put, costs::entries::remove,
        costs::recosts::list, costs::recosts::find, costs::recosts::cancel, costs::recosts::resume,
        customers::list::handle, customers::find::handle, customers::overview::handle, customers::ltv::handle,
        customers::segments::handle, customers::export::handle, customers::settings::read, customers::settings::write,
        segments::list::list, segments::list::find, segments::list::exports, segments::export::file, segments::export::send, segments::delivery::retry, segments::delivery::give_up, segments::settings::find, segments::settings::set,
        customers::cohorts::handle, privacy::list::handle, privacy::download::handle,
        changes::list::handle, changes::create::handle, changes::find::handle, changes::approve::handle, changes::reject::handle,
        changes::settle::handle, changes::undo::handle, changes::allowance::handle, changes::guardrails::find, changes::guardrails::set, changes::stops::list, changes::stops::stop, changes::stops::lift,
        notifications::list::handle, notifications::read::handle, notifications::preferences::find, notifications::preferences::set,
        notifications::deliveries::handle, channels::list::handle, channels::create::handle, channels::find::handle, channels::set::handle,
        channels::remove::handle, channels::test::handle, channels::secret::handle,
        agents::list::handle, agents::find::handle, agents::set::handle, agents::rewind::handle, agents::run::handle, agents::runs::handle,
        rules::list::handle, rules::create::handle, rules::preview::draft, rules::find::handle, rules::set::handle, rules::remove::handle,
        rules::versions::handle, rules::preview::kept,
        agents::rehearse::handle, runs::list::handle, runs::find::handle, runs::log::handle, runs::cancel::handle,
        runs::replay::handle, jobs::handle, events::handle,
        inventory::list::handle, inventory::find::handle, inventory::settings::find, inventory::settings::set, inventory::bundles::handle,
        forecasts::find::handle, forecasts::refresh::handle, forecasts::cancel::handle, forecasts::accuracy::handle, forecasts::runs::handle, forecasts::run::handle,
        purchases::suppliers::list, purchases::suppliers::create, purchases::suppliers::set,
        purchases::list::handle, purchases::create::handle, purchases::outlook::handle, purchases::find::handle, purchases::write::handle,
        purchases::approve::handle, purchases::send::handle, purchases::receive::handle, purchases::end::close, purchases::end::cancel,
        purchases::file::handle,
        assistant::sessions::open, assistant::sessions::list, assistant::sessions::name, assistant::sessions::forget,
        assistant::export::handle, assistant::running::cancel, assistant::running::usage, assistant::messages::handle, assistant::message::handle, assistant::stream::handle, mcp::handle,
        ads::attribution::show, ads::profit::show, ads::campaigns::list, ads::campaigns::find, ads::ad_sets::list, ads::of_campaign::list, ads::accounts::list, ads::accounts::create, ads::accounts::find, ads::accounts::remove, ads::accounts::sync,
        analysis::anomalies::handle, analysis::mark::handle, analysis::briefs::handle,
        recommendations::list::handle, recommendations::export::handle, what_if::ask::handle,
        support::list::list, support::list::open, support::ticket::find, support::ticket::reply, support::ticket::note,
        support::ticket::draft, support::ticket::status, support::ticket::order, support::receive::handle,
        opportunities::list::handle, opportunities::find::handle, opportunities::decide::approve, opportunities::decide::reject, opportunities::decide::snooze,
        supply::alerts::handle, supply::mapping_file::export, supply::mapping_file::import, supply::mapping_file::preview,
        opportunities::trends::list, opportunities::trends::forget, opportunities::trends::import, opportunities::trends::preview,
        opportunities::research::handle, opportunities::matches::list, opportunities::matches::set,
        opportunities::settings::find, opportunities::settings::set, offers::list::handle, offers::find::handle, offers::image::handle, offers::pictures::handle, offers::platforms::handle,
        supplier_accounts::accounts::list, supplier_accounts::accounts::create, supplier_accounts::accounts::find, supplier_accounts::accounts::set,
        supplier_accounts::accounts::remove, supplier_accounts::accounts::sync, supplier_accounts::changes::handle, supplier_accounts::contract::test,
        supply::mappings::list, supply::mappings::create, supply::mappings::set, supply::mappings::remove, supply::mappings::suggestions, supply::accept::accept,
        supply::orders::offers, supply::orders::list, supply::orders::create, supply::orders::call_off, supply::messages::handle, supply::messages::printful, supplier_accounts::login::begin,
        stream::handle, ws::handle, webhooks::handle,
    ),
    components(
        responses(ProblemResponse),
        // Those that stand in addresses only.
        schemas(
            ProblemBody, stream::EventBody, stream::EntityBody, audit::list::OutcomeBody, reports::query::By, reports::query::Compare, reports::query::Format,
            orders::list::Has, orders::list::Sort, orders::list::Status, products::list::Cost, products::list::Sort,
            rates::list::Source,
            costs::variants::State, changes::view::StatusBody, runs::view::KindBody, jobs::KindBody,
            customers::list::Sort, customers::cohorts::By, customers::cohorts::Measure,
            inventory::list::Sort, inventory::view::UrgencyBody, inventory::view::AbcBody, inventory::view::XyzBody, inventory::view::StateBody,
            forecasts::view::LevelBody, purchases::view::StatusBody, purchases::file::Format,
            analysis::view::StatusBody, opportunities::view::StatusBody, offers::view::PlatformBody, assistant::stream::FrameBody,
        ),
    ),
    modifiers(&Rules),
    tags(
        (name = "people", description = "Signing in, users, sessions, tokens and the audit"),
        (name = "connections", description = "Accounts at providers, and their stores"),
        (name = "secrets", description = "Credentials: written, never read back; and the keys over them"),
        (name = "syncs", description = "Bringing the local copy up to date"),
        (name = "imports", description = "Files on their way into a store"),
        (name = "reports", description = "Profit"),
        (name = "rates", description = "Exchange rates"),
        (name = "reconciliation", description = "Our totals against the provider's own"),
        (name = "orders", description = "Orders with their ledgers"),
        (name = "products", description = "Products with their costs"),
        (name = "costs", description = "What goods, shipping, payments and advertisements cost, and how much of it is known"),
        (name = "inventory", description = "What will be sold, how long stock lasts, what to order, and how good forecasts were"),
        (name = "assistant", description = "Questions in words, answered from the store's own data with sources"),
        (name = "campaigns", description = "Ad accounts, and campaigns judged by profit"),
        (name = "analysis", description = "Days that are unlike their past, the briefs of mornings, and what is bought together"),
        (name = "segments", description = "People who agreed to be written to, for mail tools"),
        (name = "support", description = "What buyers write, drafts of answers, and replies that people send"),
        (name = "opportunities", description = "What suppliers offer, and what of it is worth selling"),
        (name = "customers", description = "What customers are worth: cohorts, lifetime value, segments"),
        (name = "privacy", description = "What people ask about their own data"),
        (name = "changes", description = "What is changed outside: proposed, looked at, applied, put back; and the emergency stop"),
        (name = "agents", description = "Policies that look at recorded facts and propose changes; their runs, and all durable work"),
        (name = "notifications", description = "What people are told: notices, by mail, to channels; who wants what, and when"),
        (name = "live", description = "What changes, as it changes"),
        (name = "webhooks", description = "What providers send"),
        (name = "service", description = "Liveness, readiness, health, figures, documentation"),
    )
)]
struct Api;

/// The whole description.
#[must_use]
pub fn document() -> Document {
    Api::openapi()
}

/// As it is committed: indented, with a line end.
#[must_use]
pub fn text() -> String {
    // Maps with text keys only: this cannot fail.
    let text = serde_json::to_string_pretty(&document()).unwrap_or_default();
    format!("{text}\n")
}

/// What the route table knows and handlers do not: who may call, and how refusals look.
struct Rules;

const SESSION: &str = "session";
const TOKEN: &str = "token";

impl Modify for Rules {
    fn modify(&self, document: &mut Document) {
        if let Some(components) = document.components.as_mut() {
            let cookie = ApiKeyValue::with_description(
                "royal_session",
                "set by /v1/auth/login; `__Host-royal_session` over TLS",
            );
            let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(cookie));
            let token = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
            components.add_security_scheme(SESSION, cookie);
            components.add_security_scheme(TOKEN, token);
        }
        for entry in table() {
            let item = document.paths.paths.get_mut(&entry.documented_path());
            if let Some(operation) = item.and_then(|i| operation(i, &entry.method)) {
                complete(operation, &entry);
            }
        }
    }
}

/// The operation of an item for a method.
pub fn operation<'a>(item: &'a mut PathItem, method: &Method) -> Option<&'a mut Operation> {
    match *method {
        Method::GET => item.get.as_mut(),
        Method::POST => item.post.as_mut(),
        Method::PUT => item.put.as_mut(),
        Method::PATCH => item.patch.as_mut(),
        Method::DELETE => item.delete.as_mut(),
        _ => None,
    }
}

/// The header that makes a request safe to repeat.
fn key_parameter(required: bool) -> Parameter {
    let key = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(255))
        .pattern(Some("^[!-~]+$"));
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(if required {
            Required::True
        } else {
            Required::False
        })
        .description(Some(
            "Names this request; sent again with the same key, it is answered as before and done once. Kept for 7 days.",
        ))
        .schema(Some(key))
        .build()
}

fn complete(operation: &mut Operation, entry: &Entry) {
    let summary = operation.summary.clone().unwrap_or_default();
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response
            && response.description.is_empty()
        {
            response.description.clone_from(&summary);
        }
    }
    let mut add = |status: &str| {
        let problem = RefOr::Ref(utoipa::openapi::Ref::from_response_name("ProblemResponse"));
        operation
            .responses
            .responses
            .entry(status.to_owned())
            .or_insert(problem);
    };
    add("default");
    if entry.is_limited() {
        add("429");
    }
    if entry.repeats != Repeats::Free {
        add("409");
        add("422");
        let required = entry.repeats == Repeats::Required;
        operation
            .parameters
            .get_or_insert_default()
            .push(key_parameter(required).into());
    }
    let needed = match entry.access {
        Access::Open | Access::Signed => None,
        Access::Metrics => Some(crate::auth::Permission::HealthRead),
        Access::Needs(permission) => Some(permission),
    };
    let Some(permission) = needed else {
        operation.security = Some(Vec::new());
        return;
    };
    add("401");
    add("403");
    let none: [&str; 0] = [];
    let mut security = vec![
        SecurityRequirement::new(SESSION, none),
        SecurityRequirement::new(TOKEN, none),
    ];
    if entry.access == Access::Metrics {
        // Nobody on loopback.
        security.push(SecurityRequirement::default());
    }
    operation.security = Some(security);
    let needs = format!(
        "Needs `{}` (role {} or higher).",
        permission.as_str(),
        permission.role()
    );
    operation.description = Some(match operation.description.take() {
        Some(text) => format!("{text}\n\n{needs}"),
        None => needs,
    });
}
