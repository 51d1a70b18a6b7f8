//! Shopify's refusals, told in the words of the port: one pure function. Knows no HTTP library.
//!
//! The code in the body outranks the HTTP status, because GraphQL puts nearly all failures inside a 200.

use ports::{Kind, Retry};
use std::time::Duration;

/// What Shopify said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said<'a> {
    /// A status other than 2xx, with the host that a redirect names.
    Status {
        status: u16,
        redirect: Option<&'a str>,
    },
    /// An entry of `errors` in a GraphQL answer.
    Graph {
        code: &'a str,
        message: &'a str,
        field: &'a str,
        required: Option<&'a str>,
    },
    /// An entry of a mutation's `userErrors`: nothing was changed. `code` is empty where the type has none.
    User {
        code: &'a str,
        message: &'a str,
        field: &'a str,
    },
    /// The token endpoint refused the app's credentials.
    Token { status: u16, error: &'a str },
    /// An `extensions.search` warning: a filter that was not understood matches everything.
    Search { message: &'a str },
}

/// Of whom it is said: what messages name.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    pub shop: &'a str,
    pub version: &'a str,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    pub kind: Kind,
    pub retry: Retry,
    pub detail: String,
}

const SOON: Retry = Retry::After(Duration::from_secs(5));
const LATER: Retry = Retry::After(Duration::from_secs(60));

/// What it means, and what a person can do.
#[must_use]
pub fn translate(said: Said<'_>, about: About<'_>) -> Trouble {
    let (kind, retry, detail) = match said {
        Said::Status { status, redirect } => status_trouble(status, redirect, about),
        Said::Graph {
            code,
            message,
            field,
            required,
        } => graph_trouble(code, message, field, required, about),
        Said::User {
            code,
            message,
            field,
        } => user_trouble(code, message, field, about),
        Said::Token { status, error } => token_trouble(status, error, about),
        Said::Search { message } => (
            Kind::Corrupt,
            Retry::Never,
            format!(
                "{} did not understand a search filter and would have answered with everything: {message}. API version {} may have changed; update this program.",
                about.shop, about.version
            ),
        ),
    };
    Trouble {
        kind,
        retry,
        detail,
    }
}

fn status_trouble(status: u16, redirect: Option<&str>, about: About<'_>) -> (Kind, Retry, String) {
    let About { shop, version } = about;
    match status {
        401 => (
            Kind::Unauthorized,
            Retry::Never,
            format!(
                "{shop} refuses the access token. Enter a valid one: in the shop's admin, Settings → Apps and sales channels → Develop apps → your app → API credentials; or use the client id and secret of an app from the Dev Dashboard."
            ),
        ),
        403 => (
            Kind::Unauthorized,
            Retry::Never,
            format!(
                "{shop} forbids access to this app. Check in the shop's admin that the app is installed and its token was not revoked."
            ),
        ),
        // Not `Forbidden`, which would only skip a part of a run: nothing at all can be read.
        402 => (
            Kind::Rejected,
            Retry::Never,
            format!(
                "{shop} is frozen: a bill to Shopify is open. Settle it in the shop's admin, then connect again."
            ),
        ),
        423 => (
            Kind::Rejected,
            Retry::Never,
            format!("{shop} is locked by Shopify. Contact Shopify's support, then connect again."),
        ),
        404 => (
            Kind::Configuration,
            Retry::Never,
            format!(
                "There is no shop {shop}, or no Admin API {version} there. Check the name: in the shop's admin it stands under Settings → Domains and ends in .myshopify.com."
            ),
        ),
        300..=399 => {
            let to = redirect.map_or_else(String::new, |host| format!(" to {host}"));
            (
                Kind::Configuration,
                Retry::Never,
                format!(
                    "{shop} is only another name: it redirects{to}. Enter the shop's permanent name, which ends in .myshopify.com (Settings → Domains)."
                ),
            )
        }
        429 | 430 => (
            Kind::RateLimited,
            LATER,
            format!("{shop} asks for fewer calls. It is tried again by itself."),
        ),
        500..=599 => (
            Kind::Unavailable,
            SOON,
            format!("{shop} answered {status}. It is tried again by itself."),
        ),
        _ => (
            Kind::Rejected,
            Retry::Never,
            format!("{shop} refused a request with status {status}."),
        ),
    }
}

fn graph_trouble(
    code: &str,
    message: &str,
    field: &str,
    required: Option<&str>,
    about: About<'_>,
) -> (Kind, Retry, String) {
    let About { shop, version } = about;
    match code {
        "THROTTLED" => (
            Kind::RateLimited,
            Retry::After(Duration::from_secs(2)),
            format!("{shop} asks for fewer calls. It is tried again by itself."),
        ),
        "ACCESS_DENIED" => {
            let needs = required
                .unwrap_or("another access scope")
                .trim_end_matches('.');
            (
                Kind::Forbidden,
                Retry::Never,
                format!(
                    "{shop} does not grant {field}: it needs {needs}. Add it under the app's Admin API access scopes, install the app again and connect again."
                ),
            )
        }
        "MAX_COST_EXCEEDED" => (
            Kind::Rejected,
            Retry::Never,
            format!("{shop} finds the query too dear: {message}"),
        ),
        "INTERNAL_SERVER_ERROR" | "TIMEOUT" => (
            Kind::Unavailable,
            SOON,
            format!(
                "{shop} failed inside: {}. It is tried again by itself.",
                one_line(message)
            ),
        ),
        "RESOURCE_NOT_FOUND" | "NOT_FOUND" => (
            Kind::NotFound,
            Retry::Never,
            format!("{shop} does not know {field}: {message}"),
        ),
        "SHOP_INACTIVE" => (
            Kind::Rejected,
            Retry::Never,
            format!("{shop} is not active: {message}"),
        ),
        // Codes of the static check begin in lower case: the document does not fit the version that answers.
        _ if code.starts_with(|c: char| c.is_ascii_lowercase()) => (
            Kind::Configuration,
            Retry::Never,
            format!(
                "Admin API {version} of {shop} does not understand a query of this program: {message}. Set the API version that this program was made for ({}), or update this program.",
                crate::config::API_VERSION
            ),
        ),
        _ => (
            Kind::Rejected,
            Retry::Never,
            format!("{shop} refused a query ({code}): {}", one_line(message)),
        ),
    }
}

fn user_trouble(code: &str, message: &str, field: &str, about: About<'_>) -> (Kind, Retry, String) {
    let shop = about.shop;
    let message = one_line(message);
    match code {
        "CHANGE_FROM_QUANTITY_STALE" | "COMPARE_QUANTITY_STALE" => (
            Kind::Conflict,
            Retry::Never,
            format!("{shop} has another quantity by now: {message}"),
        ),
        "PRODUCT_DOES_NOT_EXIST"
        | "PRODUCT_VARIANT_DOES_NOT_EXIST"
        | "INVALID_INVENTORY_ITEM"
        | "INVALID_LOCATION"
        | "FULFILLMENT_ORDER_NOT_FOUND" => (
            Kind::Conflict,
            Retry::Never,
            format!("{shop} does not know it any more: {message}"),
        ),
        "IDEMPOTENCY_CONCURRENT_REQUEST" => (
            Kind::Unavailable,
            SOON,
            format!("{shop} is still at the same change. It is tried again by itself."),
        ),
        "INVALID_ACCESS" => (
            Kind::Forbidden,
            Retry::Never,
            format!("{shop} does not let this app change that: {message}"),
        ),
        _ => {
            let at = match (field, code) {
                ("", "") => String::new(),
                (one, "") | ("", one) => format!(" ({one})"),
                (field, code) => format!(" ({field}, {code})"),
            };
            (
                Kind::Rejected,
                Retry::Never,
                format!("{shop} refuses the change: {message}{at}"),
            )
        }
    }
}

fn token_trouble(status: u16, error: &str, about: About<'_>) -> (Kind, Retry, String) {
    let shop = about.shop;
    match status {
        404 | 300..=399 => status_trouble(404, None, about),
        429 | 430 | 500..=599 => status_trouble(status, None, about),
        _ if error == "shop_not_permitted" => (
            Kind::Unauthorized,
            Retry::Never,
            format!(
                "{shop} does not belong to the organisation of this app, so a client id and secret cannot be used. Create the app in the organisation that owns the shop, or use an access token."
            ),
        ),
        _ => (
            Kind::Unauthorized,
            Retry::Never,
            format!(
                "{shop} refuses the client id and secret ({}). Copy them again from the app's settings in the Dev Dashboard, and check that the app is installed in the shop.",
                if error.is_empty() {
                    "no reason given"
                } else {
                    error
                }
            ),
        ),
    }
}

/// The request id that Shopify's support asks for stays in; line breaks go.
fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABOUT: About<'static> = About {
        shop: "acme.myshopify.com",
        version: "2026-10",
    };

    #[track_caller]
    fn check(said: Said<'_>, kind: Kind, again: bool, words: &[&str]) {
        let trouble = translate(said, ABOUT);
        let repeats = matches!(trouble.retry, Retry::After(_));
        assert_eq!((trouble.kind, repeats), (kind, again), "{trouble:?}");
        for word in words.iter().chain(&["acme.myshopify.com"]) {
            assert!(trouble.detail.contains(word), "{:?} in {trouble:?}", word);
        }
    }

    fn status(status: u16) -> Said<'static> {
        Said::Status {
            status,
            redirect: None,
        }
    }

    fn graph(code: &'static str) -> Said<'static> {
        Said::Graph {
            code,
            message: "said\nso",
            field: "orders",
            required: Some("`read_orders` access scope."),
        }
    }

    #[test]
    fn statuses() {
        check(
            status(401),
            Kind::Unauthorized,
            false,
            &["access token", "API credentials"],
        );
        check(status(402), Kind::Rejected, false, &["frozen", "bill"]);
        check(status(403), Kind::Unauthorized, false, &["installed"]);
        check(
            status(404),
            Kind::Configuration,
            false,
            &["2026-10", "Settings → Domains"],
        );
        check(status(423), Kind::Rejected, false, &["locked"]);
        check(status(429), Kind::RateLimited, true, &[]);
        check(status(430), Kind::RateLimited, true, &[]);
        check(status(503), Kind::Unavailable, true, &["503"]);
        check(status(418), Kind::Rejected, false, &["418"]);
        let moved = Said::Status {
            status: 301,
            redirect: Some("other.myshopify.com"),
        };
        check(
            moved,
            Kind::Configuration,
            false,
            &["redirects to other.myshopify.com"],
        );
    }

    #[test]
    fn codes_of_graphql() {
        check(graph("THROTTLED"), Kind::RateLimited, true, &[]);
        check(
            graph("ACCESS_DENIED"),
            Kind::Forbidden,
            false,
            &["orders", "`read_orders`"],
        );
        check(graph("MAX_COST_EXCEEDED"), Kind::Rejected, false, &[]);
        check(
            graph("INTERNAL_SERVER_ERROR"),
            Kind::Unavailable,
            true,
            &["said so"],
        );
        check(graph("RESOURCE_NOT_FOUND"), Kind::NotFound, false, &[]);
        check(
            graph("undefinedField"),
            Kind::Configuration,
            false,
            &["2026-10", "version"],
        );
        check(
            graph("INVALID_VARIABLE"),
            Kind::Rejected,
            false,
            &["INVALID_VARIABLE"],
        );
        check(graph(""), Kind::Rejected, false, &[]);
    }

    #[test]
    fn refusals_of_changes() {
        let user = |code, field| Said::User {
            code,
            message: "said\nso",
            field,
        };
        check(
            user("CHANGE_FROM_QUANTITY_STALE", "input.quantities.0"),
            Kind::Conflict,
            false,
            &["said so"],
        );
        check(
            user("PRODUCT_VARIANT_DOES_NOT_EXIST", ""),
            Kind::Conflict,
            false,
            &["any more"],
        );
        check(
            user("IDEMPOTENCY_CONCURRENT_REQUEST", ""),
            Kind::Unavailable,
            true,
            &[],
        );
        check(
            user("IDEMPOTENCY_KEY_PARAMETER_MISMATCH", ""),
            Kind::Rejected,
            false,
            &["IDEMPOTENCY_KEY_PARAMETER_MISMATCH"],
        );
        check(user("INVALID_ACCESS", ""), Kind::Forbidden, false, &[]);
        check(
            user("GREATER_THAN_OR_EQUAL_TO", "variants.0.price"),
            Kind::Rejected,
            false,
            &["said so (variants.0.price, GREATER_THAN_OR_EQUAL_TO)"],
        );
        check(user("", "id"), Kind::Rejected, false, &["said so (id)"]);
    }

    #[test]
    fn tokens_and_searches() {
        let token = |status, error| Said::Token { status, error };
        check(
            token(400, "invalid_client"),
            Kind::Unauthorized,
            false,
            &["Dev Dashboard"],
        );
        check(
            token(400, "shop_not_permitted"),
            Kind::Unauthorized,
            false,
            &["organisation"],
        );
        check(token(404, ""), Kind::Configuration, false, &["no shop"]);
        check(token(502, ""), Kind::Unavailable, true, &[]);
        check(
            Said::Search {
                message: "invalid_field",
            },
            Kind::Corrupt,
            false,
            &["invalid_field"],
        );
    }
}
