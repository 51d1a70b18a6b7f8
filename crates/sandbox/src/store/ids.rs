//! Global ids. Every id is computed from the position of the thing, so none is stored: an order's children carry the
//! order's position and their own in one number.

/// Children of an order: the order's position above these bits, the child's below.
const CHILD_BITS: u32 = 12;

pub(crate) const ORDER: i64 = 5_600_000_000_000;
pub(crate) const PRODUCT: i64 = 8_100_000_000_000;
pub(crate) const VARIANT: i64 = 44_000_000_000_000;
pub(crate) const ITEM: i64 = 46_000_000_000_000;
pub(crate) const CUSTOMER: i64 = 7_200_000_000_000;
pub(crate) const LOCATION: i64 = 86_000_000_000;
pub(crate) const LINE: i64 = 14_300_000_000_000;
pub(crate) const REFUND: i64 = 930_000_000_000;
pub(crate) const REFUND_LINE: i64 = 640_000_000_000;
pub(crate) const RETURN: i64 = 15_700_000_000;
pub(crate) const RETURN_LINE: i64 = 17_100_000_000;
pub(crate) const TRANSACTION: i64 = 6_900_000_000_000;
pub(crate) const AGREEMENT: i64 = 9_400_000_000_000;
pub(crate) const SALE: i64 = 21_000_000_000_000;
pub(crate) const SHIPPING_LINE: i64 = 4_800_000_000_000;
pub(crate) const PAYOUT: i64 = 110_000_000_000;
pub(crate) const BALANCE: i64 = 3_100_000_000_000;
pub(crate) const EVENT: i64 = 980_000_000_000_000;
pub(crate) const FULFILLMENT_ORDER: i64 = 9_600_000_000_000;
pub(crate) const FULFILLMENT: i64 = 5_100_000_000_000;
pub(crate) const FULFILLMENT_LINE: i64 = 11_900_000_000_000;
pub(crate) const HOLD: i64 = 262_000_000_000;
pub(crate) const ADJUSTMENT: i64 = 370_000_000_000;
pub(crate) const BULK: i64 = 7_900_000_000_000;
pub(crate) const DISCOUNT: i64 = 1_120_000_000_000;
pub(crate) const JOB: i64 = 12_000_000;
pub(crate) const CHECKOUT: i64 = 37_000_000_000_000;
pub(crate) const WEBHOOK: i64 = 1_400_000_000_000;

pub(crate) fn child(base: i64, order: u32, index: usize) -> i64 {
    base + (i64::from(order) << CHILD_BITS) + index as i64
}

/// The order's position and the child's, from a child's number.
pub(crate) fn split(base: i64, number: i64) -> Option<(usize, usize)> {
    let offset = number.checked_sub(base).filter(|n| *n >= 0)?;
    Some((
        usize::try_from(offset >> CHILD_BITS).ok()?,
        usize::try_from(offset & ((1 << CHILD_BITS) - 1)).ok()?,
    ))
}

pub(crate) fn index(base: i64, number: i64) -> Option<usize> {
    usize::try_from(number.checked_sub(base)?).ok()
}

pub(crate) fn gid(kind: &str, number: i64) -> String {
    format!("gid://shopify/{kind}/{number}")
}

/// The type and the number of a global id; what follows `?` is ignored.
pub(crate) fn parse(gid: &str) -> Option<(&str, i64)> {
    let (kind, number) = gid.strip_prefix("gid://shopify/")?.split_once('/')?;
    Some((kind, number.split('?').next()?.parse().ok()?))
}
