//! Amounts in minor units and the few roundings that a store makes. No floats.

/// Digits after the decimal point of an ISO 4217 currency.
pub(crate) fn exponent(currency: &str) -> u32 {
    match currency {
        "JPY" | "KRW" | "CLP" | "VND" | "ISK" | "XAF" | "XOF" => 0,
        "KWD" | "BHD" | "OMR" | "JOD" | "TND" => 3,
        _ => 2,
    }
}

/// The Admin API's decimal: the shortest form with at least one digit after the point (`"15.0"`, `"13.55"`).
pub(crate) fn decimal(minor: i64, exponent: u32) -> String {
    let fixed = fixed(minor, exponent);
    if exponent == 0 {
        return fixed + ".0";
    }
    let short = fixed.trim_end_matches('0');
    if short.ends_with('.') {
        format!("{short}0")
    } else {
        short.to_owned()
    }
}

/// The REST and webhook form: all digits of the currency (`"15.00"`).
pub(crate) fn fixed(minor: i64, exponent: u32) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let (unit, size) = (10u64.pow(exponent), minor.unsigned_abs());
    if exponent == 0 {
        return format!("{sign}{size}");
    }
    format!(
        "{sign}{}.{:0width$}",
        size / unit,
        size % unit,
        width = exponent as usize
    )
}

/// The part of `total` that belongs to the first `part` of `whole` units, rounded half up. The shares of successive
/// parts are differences of this function, so that they add up to `total` whatever the cuts.
pub(crate) fn share(total: i64, part: i64, whole: i64) -> i64 {
    if whole == 0 {
        0
    } else {
        divide(i128::from(total) * i128::from(part), i128::from(whole))
    }
}

/// Tax at `ppm` parts per million on top of `amount`.
pub(crate) fn tax_on(amount: i64, ppm: u32) -> i64 {
    divide(i128::from(amount) * i128::from(ppm), 1_000_000)
}

/// Tax at `ppm` parts per million contained in `amount`.
pub(crate) fn tax_in(amount: i64, ppm: u32) -> i64 {
    divide(
        i128::from(amount) * i128::from(ppm),
        1_000_000 + i128::from(ppm),
    )
}

fn divide(top: i128, bottom: i128) -> i64 {
    let (size, sign) = (top.abs(), if top < 0 { -1 } else { 1 });
    let rounded = (size * 2 + bottom) / (bottom * 2);
    i64::try_from(sign * rounded).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_have_the_shortest_form_and_the_fixed_form() {
        let seen: Vec<_> = [(1500, 2), (1355, 2), (0, 2), (-5, 2), (1200, 0), (1234, 3)]
            .map(|(m, e)| (decimal(m, e), fixed(m, e)))
            .into();
        let expected = [
            ("15.0", "15.00"),
            ("13.55", "13.55"),
            ("0.0", "0.00"),
            ("-0.05", "-0.05"),
            ("1200.0", "1200"),
            ("1.234", "1.234"),
        ]
        .map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(seen, expected);
    }

    #[test]
    fn shares_of_any_cuts_add_up() {
        let parts: i64 = [(0, 1), (1, 3), (3, 7)]
            .iter()
            .map(|(a, b)| share(1000, *b, 7) - share(1000, *a, 7))
            .sum();
        assert_eq!(parts, 1000);
    }
}
