//! Ids in addresses. One that cannot exist is not found, like one that does not.

use crate::problem::Problem;
use std::str::FromStr;

pub(crate) fn own_id<Id: FromStr>(text: &str, thing: &str) -> Result<Id, Problem> {
    text.parse().map_err(|_| Problem::not_found(thing))
}
