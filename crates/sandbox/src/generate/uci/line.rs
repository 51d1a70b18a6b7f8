//! One line of a file of invoices.

use anyhow::Context as _;
use chrono::{NaiveDateTime, TimeZone};
use chrono_tz::Europe::London;

use crate::store::Seconds;

/// One line of the file.
pub(super) struct Row<'a> {
    pub(super) invoice: &'a str,
    pub(super) code: &'a str,
    pub(super) description: &'a str,
    pub(super) quantity: i32,
    pub(super) date: &'a str,
    /// Thousandths of a pound.
    pub(super) price: i64,
    pub(super) customer: &'a str,
    pub(super) country: &'a str,
}

impl<'a> Row<'a> {
    /// # Errors
    /// Names the column that cannot be read.
    pub(super) fn read(record: &'a csv::ByteRecord) -> anyhow::Result<Self> {
        let text = |n: usize| {
            std::str::from_utf8(record.get(n).unwrap_or_default())
                .map(str::trim)
                .with_context(|| format!("column {} is not UTF-8", n + 1))
        };
        Ok(Self {
            invoice: text(0)?,
            code: text(1)?,
            description: text(2)?,
            quantity: text(3)?.parse().with_context(|| {
                format!(
                    "the quantity is no whole number: {}",
                    text(3).unwrap_or_default()
                )
            })?,
            date: text(4)?,
            price: thousandths(text(5)?).with_context(|| {
                format!(
                    "the price is no number with up to three decimals: {}",
                    text(5).unwrap_or_default()
                )
            })?,
            customer: text(6)?,
            country: text(7)?,
        })
    }
}

/// Five digits, then letters.
pub(super) fn is_stock_code(code: &str) -> bool {
    let (digits, letters) = code.split_at_checked(5).unwrap_or(("", ""));
    digits.len() == 5
        && digits.bytes().all(|b| b.is_ascii_digit())
        && letters
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b' ')
}

fn thousandths(text: &str) -> Option<i64> {
    let (sign, size) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, part) = size.split_once('.').unwrap_or((size, ""));
    let zeros = part.bytes().skip(3).all(|b| b == b'0');
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) || !zeros {
        return None;
    }
    let part: i64 = format!("{:0<3}", &part[..part.len().min(3)]).parse().ok()?;
    Some(sign * (whole.parse::<i64>().ok()?.checked_mul(1000)? + part))
}

/// London time; of an hour that comes twice the first, of an hour that is left out the next one.
pub(super) fn moment(text: &str) -> anyhow::Result<Seconds> {
    let naive = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S")
        .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M"));
    let naive =
        naive.with_context(|| format!("the date is not like 2009-12-01 07:45:00: {text}"))?;
    let local = London.from_local_datetime(&naive).earliest();
    let local = local.or_else(|| {
        London
            .from_local_datetime(&(naive + chrono::TimeDelta::hours(1)))
            .earliest()
    });
    local
        .map(|t| t.timestamp())
        .with_context(|| format!("no such time in London: {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_read_to_the_thousandth() {
        let seen = ["6.95", "0.001", "-1.5", "12", "0.0010", "0.0001", "x", ""].map(thousandths);
        assert_eq!(
            seen,
            [
                Some(6950),
                Some(1),
                Some(-1500),
                Some(12_000),
                Some(1),
                None,
                None,
                None
            ]
        );
    }

    #[test]
    fn stock_codes_are_five_digits_and_letters() {
        let seen = [
            "85048",
            "79323P",
            "POST",
            "M",
            "gift_0001_30",
            "DCGS0058",
            "15056BL",
        ]
        .map(is_stock_code);
        assert_eq!(seen, [true, true, false, false, false, false, true]);
    }
}
