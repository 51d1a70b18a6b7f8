//! Barcodes: what is printed on goods all over the world, told by suppliers as text.

/// The longest form of a Global Trade Item Number.
const DIGITS: usize = 14;

/// The number as one of 14 digits, so that the same goods have the same one whether an EAN-8, a UPC-A, an EAN-13 or a GTIN-14 was told.
/// `None` for what is none: another length, other signs, only zeros, or a last digit that does not follow from the others (GS1 General
/// Specifications, section 7.9.1).
#[must_use]
pub fn gtin(text: &str) -> Option<String> {
    let kept = text.chars().filter(|c| !matches!(c, ' ' | '-'));
    let digits: Vec<u32> = kept.map(|c| c.to_digit(10)).collect::<Option<_>>()?;
    if !matches!(digits.len(), 8 | 12 | 13 | 14) || digits.iter().all(|d| *d == 0) {
        return None;
    }
    let (check, own) = digits.split_last()?;
    let weighed = own.iter().rev().zip([3, 1].into_iter().cycle());
    let sum: u32 = weighed.map(|(digit, weight)| digit * weight).sum();
    if (10 - sum % 10) % 10 != *check {
        return None;
    }
    let told = digits.iter().map(u32::to_string).collect::<String>();
    Some(format!("{told:0>DIGITS$}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(gtin(text).as_deref(), expected, "{text:?}");
    }

    #[test]
    fn the_same_goods_have_the_same_number_in_each_of_its_forms() {
        check("4006381333931", Some("04006381333931"));
        check("400-6381 333931", Some("04006381333931"));
        check("036000291452", Some("00036000291452"));
        check("0036000291452", Some("00036000291452"));
        check("96385074", Some("00000096385074"));
    }

    #[test]
    fn what_is_mistyped_or_made_up_is_no_number() {
        check("4006381333932", None);
        check("0000000000000", None);
        check("123", None);
        check("40063813339x1", None);
        check("", None);
    }
}
