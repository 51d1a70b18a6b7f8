//! Which customers a list shows, over the narrow rows alone.

use crate::{Backend, Sql, codec};
use domain::customers::Quintiles;
use domain::ids::{CustomerId, StoreScope};
use domain::money::Currency;
use ports::customers::{CustomerQuery, WorthFilter};

pub(super) fn filter<B: Backend>(
    sql: &mut Sql,
    scope: StoreScope,
    currency: Currency,
    query: &CustomerQuery,
) {
    sql.push(" WHERE s.workspace = ")
        .push_arg(scope.workspace)
        .push(" AND s.store = ")
        .push_arg(scope.store)
        .push(" AND s.currency = ")
        .push_arg(currency.code());
    if let Some(needle) = codec::needle(query.text.as_deref()) {
        let number = needle.parse::<CustomerId>().ok();
        let n = sql.number(needle);
        sql.push(&format!(
            " AND (EXISTS (SELECT 1 FROM customer_profiles p WHERE p.workspace = s.workspace \
             AND p.store = s.store AND p.id = s.customer AND {})",
            B::contains("p.search", n)
        ));
        if let Some(number) = number {
            sql.push(" OR s.customer = ").push_arg(number);
        }
        sql.push(")");
    }
    if let Some(country) = &query.country {
        sql.push(
            " AND EXISTS (SELECT 1 FROM orders o WHERE o.workspace = s.workspace \
             AND o.store = s.store AND o.customer = s.customer AND o.country = ",
        )
        .push_arg(country.as_str())
        .push(")");
    }
    for (condition, day) in [
        ("first_day >= ", query.first_from),
        ("first_day <= ", query.first_to),
        ("last_day > ", query.last_after),
        ("last_day <= ", query.last_until),
    ] {
        if let Some(day) = day {
            sql.push(" AND s.").push(condition).push_arg(day);
        }
    }
    if let Some(above) = query.revenue_above {
        sql.push(" AND s.net_revenue > ").push_arg(above);
    }
    if let Some(orders) = query.orders {
        sql.push(" AND s.orders = ").push_arg(orders);
    }
    if let Some(worth) = &query.worth {
        worth_between(sql, worth);
    }
}

/// The rounded mean of two scores, as [`domain::customers::Rfm::scores`] computes it.
fn worth_between(sql: &mut Sql, worth: &WorthFilter) {
    sql.push(" AND (");
    score(sql, "s.orders", &worth.frequency);
    sql.push(" + ");
    score(sql, "s.net_revenue", &worth.money);
    sql.push(" + 1) / 2 BETWEEN ")
        .push_arg(i64::from(worth.from))
        .push(" AND ")
        .push_arg(i64::from(worth.to));
}

fn score(sql: &mut Sql, column: &str, cuts: &Quintiles) {
    sql.push("CASE");
    for (score, cut) in [
        (5, cuts.0[3]),
        (4, cuts.0[2]),
        (3, cuts.0[1]),
        (2, cuts.0[0]),
    ] {
        sql.push(&format!(" WHEN {column} > "))
            .push_arg(cut)
            .push(&format!(" THEN {score}"));
    }
    sql.push(" ELSE 1 END");
}
