//! Customers: their days, kept with the orders; what is drawn from the days; looking people up.

mod book;
pub(crate) mod days;
mod filter;
mod kept;

use crate::{Cells, SqlRow, Undecodable};
use domain::customers::{CustomerDay, Standing};

pub(crate) fn day_sums<R: SqlRow>(c: &mut Cells<'_, R>) -> Result<CustomerDay, Undecodable> {
    Ok(CustomerDay::from_values([
        c.int()?,
        c.int()?,
        c.int()?,
        c.int()?,
        c.int()?,
    ]))
}

/// In the order of [`STANDING`].
fn standing<R: SqlRow>(c: &mut Cells<'_, R>) -> Result<Standing, Undecodable> {
    Ok(Standing {
        customer: domain::ids::CustomerId(c.int()?),
        first_day: c.day()?,
        last_day: c.day()?,
        orders: c.int()?,
        net_revenue: c.int()?,
        net_revenue_without_cost: c.int()?,
        cm2: c.int()?,
    })
}

const STANDING: &str = "s.customer, s.first_day, s.last_day, s.orders, s.net_revenue, \
     s.net_revenue_without_cost, s.cm2";
