//! The laws: one function a sentence of a port's documentation, each over one fresh database.

pub mod accounts;
pub mod ads;
pub mod agents;
pub mod analysis;
pub mod audit;
pub mod catalog;
pub mod catalog_lists;
pub mod change_claims;
pub mod change_intents;
pub mod change_sets;
pub mod connection_removals;
pub mod connections;
pub mod conversations;
pub mod credentials;
pub mod customers;
pub mod deliveries;
pub mod dockets;
pub mod events;
pub mod forecasts;
pub mod grants;
pub mod guardrails;
pub mod idempotency;
pub mod identities;
pub mod imports;
pub mod inbox;
pub mod inputs;
pub mod isolation;
pub mod isolation_reports;
pub mod jobs;
pub mod labels;
pub mod letters;
pub mod links;
pub mod marks;
pub mod members;
pub mod notices;
pub mod opportunities;
pub mod order_events;
pub mod order_filters;
pub mod order_lists;
pub mod order_races;
pub mod order_removals;
pub mod order_walks;
pub mod orders;
pub mod outreach;
pub mod passkeys;
pub mod pictures;
pub mod privacy;
pub mod purchases;
pub mod rates;
pub mod reconciliations;
pub mod recosts;
pub mod replicas;
pub mod reports;
pub mod rollups;
pub mod run_claims;
pub mod run_notes;
pub mod run_starts;
pub mod runs;
pub mod second_factors;
pub mod secrets;
pub mod stock;
pub mod stops;
pub mod store_facts;
pub mod supplier_accounts;
pub mod supplier_book;
pub mod supplier_orders;
pub mod supplier_platforms;
pub mod suppliers;
pub mod support;
pub mod sync_ends;
pub mod syncs;
mod tools;
pub mod traces;
pub mod vault;
pub mod workspaces;

/// Expands to a module with one `#[tokio::test]` per law, so that a failure is named after adapter, port and law.
#[doc(hidden)]
#[macro_export]
macro_rules! laws {
    ($module:ident, $make:ident, [$($law:ident),+ $(,)?]) => {
        mod $module {
            $(#[::tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $law() {
                $crate::laws::$module::$law(super::$make().await).await;
            })+
        }
    };
}

/// Every law of every storage port; `make` is an `async fn() -> testkit::Stores` of the same module.
#[macro_export]
macro_rules! all_laws {
    ($make:ident) => {
        $crate::order_laws!($make);
        $crate::report_laws!($make);
        $crate::catalog_laws!($make);
        $crate::store_facts_laws!($make);
        $crate::connection_laws!($make);
        $crate::conversation_laws!($make);
        $crate::sync_laws!($make);
        $crate::import_laws!($make);
        $crate::inbox_laws!($make);
        $crate::event_laws!($make);
        $crate::mark_laws!($make);
        $crate::trace_laws!($make);
        $crate::account_laws!($make);
        $crate::credential_laws!($make);
        $crate::member_laws!($make);
        $crate::link_laws!($make);
        $crate::grant_laws!($make);
        $crate::audit_laws!($make);
        $crate::idempotency_laws!($make);
        $crate::second_factor_laws!($make);
        $crate::passkey_laws!($make);
        $crate::letter_laws!($make);
        $crate::identity_laws!($make);
        $crate::secret_laws!($make);
        $crate::rate_laws!($make);
        $crate::input_laws!($make);
        $crate::recost_laws!($make);
        $crate::reconciliation_laws!($make);
        $crate::job_laws!($make);
        $crate::change_set_laws!($make);
        $crate::stop_laws!($make);
        $crate::run_laws!($make);
        $crate::agent_config_laws!($make);
        $crate::guardrail_laws!($make);
        $crate::isolation_laws!($make);
        $crate::customer_laws!($make);
        $crate::privacy_laws!($make);
        $crate::notice_laws!($make);
        $crate::forecast_laws!($make);
        $crate::stock_laws!($make);
        $crate::purchase_laws!($make);
        $crate::supplier_laws!($make);
        $crate::supplier_account_laws!($make);
        $crate::supplier_book_laws!($make);
        $crate::opportunity_laws!($make);
        $crate::outreach_laws!($make);
        $crate::docket_laws!($make);
        $crate::picture_laws!($make);
        $crate::analysis_laws!($make);
        $crate::support_laws!($make);
        $crate::ad_laws!($make);
    };
}
