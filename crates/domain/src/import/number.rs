//! Numbers as people and spreadsheets write them: `1,234.56`, `1.234,56`, `1 234,56`, `(12.00)`, `€ 5`.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Which sign stands before the decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberStyle {
    /// `1,234.56`
    Dot,
    /// `1.234,56`
    Comma,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotANumber {
    #[error("is not a number")]
    Words,
    /// A spreadsheet cut it: its last digits are lost.
    #[error("was shortened by a spreadsheet, its last digits are lost")]
    Exponent,
    #[error("has separators at places where no number has them")]
    Separators,
    #[error("has more digits than can be kept")]
    TooLong,
}

/// Digits, signs and separators alone: without currency signs, spaces and the Swiss apostrophe.
fn bare(text: &str) -> Option<(bool, String)> {
    let text = text.trim();
    let (negative, text) = match text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        Some(inner) => (true, inner),
        None => (false, text),
    };
    let mut bare = String::with_capacity(text.len());
    let mut minus = negative;
    for (i, c) in text.char_indices() {
        match c {
            '0'..='9' | '.' | ',' => bare.push(c),
            '-' | '\u{2212}' if bare.is_empty() || i + c.len_utf8() == text.len() => minus = true,
            '+' if bare.is_empty() => {}
            '\'' | '’' | '%' | '$' | '€' | '£' | '¥' | '₹' => {}
            c if c.is_whitespace() => {}
            _ => return None,
        }
    }
    bare.bytes()
        .any(|b| b.is_ascii_digit())
        .then_some((minus, bare))
}

/// What one value says about its column: which style it must be, that either fits with another meaning, or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hint {
    Nothing,
    Either,
    Sure(NumberStyle),
}

pub(super) fn hint(text: &str) -> Hint {
    let Some((_, bare)) = bare(text) else {
        return Hint::Nothing;
    };
    let (dots, commas) = (bare.matches('.').count(), bare.matches(',').count());
    let sure = Hint::Sure;
    match (dots, commas) {
        (0, 0) => Hint::Nothing,
        (1, 0) | (0, 1) => {
            let at = bare.find(['.', ',']).unwrap_or(0);
            let (before, after) = (&bare[..at], &bare[at + 1..]);
            let grouped = after.len() == 3 && (1..=3).contains(&before.len()) && before != "0";
            match (grouped, dots) {
                (true, _) => Hint::Either,
                (false, 1) => sure(NumberStyle::Dot),
                (false, _) => sure(NumberStyle::Comma),
            }
        }
        (_, 0) => sure(NumberStyle::Comma),
        (0, _) => sure(NumberStyle::Dot),
        _ if bare.rfind('.') > bare.rfind(',') => sure(NumberStyle::Dot),
        _ => sure(NumberStyle::Comma),
    }
}

/// Exact; `style` decides what a separator means.
pub fn parse_number(text: &str, style: NumberStyle) -> Result<Decimal, NotANumber> {
    let Some((minus, bare)) = bare(text) else {
        return Err(if is_exponent(text) {
            NotANumber::Exponent
        } else {
            NotANumber::Words
        });
    };
    let (group, point) = match style {
        NumberStyle::Dot => (',', '.'),
        NumberStyle::Comma => ('.', ','),
    };
    let (whole, fraction) = match bare.split_once(point) {
        Some((whole, fraction)) => (whole, fraction),
        None => (bare.as_str(), ""),
    };
    if fraction.contains([group, point]) || !is_grouped(whole, group) {
        return Err(NotANumber::Separators);
    }
    let mut plain: String = whole.chars().filter(char::is_ascii_digit).collect();
    if plain.is_empty() {
        plain.push('0');
    }
    if !fraction.is_empty() {
        plain.push('.');
        plain.push_str(fraction);
    }
    let number = Decimal::from_str_exact(&plain).map_err(|_| NotANumber::TooLong)?;
    Ok(if minus { -number } else { number })
}

/// Groups behind the first have three digits (two in India, before the last).
fn is_grouped(whole: &str, group: char) -> bool {
    let mut parts = whole.split(group).rev();
    let last = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.collect();
    let Some((first, middle)) = rest.split_last() else {
        return true;
    };
    last.len() == 3
        && (1..=3).contains(&first.len())
        && middle.iter().all(|part| (2..=3).contains(&part.len()))
}

/// `5.27763E+12`
pub(super) fn is_exponent(text: &str) -> bool {
    let upper = text.trim().to_ascii_uppercase();
    let Some((mantissa, exponent)) = upper.split_once('E') else {
        return false;
    };
    let digits = |t: &str| {
        t.bytes()
            .all(|b| b.is_ascii_digit() || b == b'.' || b == b',')
    };
    let exponent = exponent.trim_start_matches(['+', '-']);
    !mantissa.is_empty()
        && digits(mantissa.trim_start_matches('-'))
        && !exponent.is_empty()
        && exponent.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, style: NumberStyle, expected: &str) {
        let number = parse_number(text, style).unwrap();
        assert_eq!(number, expected.parse::<Decimal>().unwrap(), "{text}");
    }

    #[test]
    fn numbers_are_read_as_their_column_writes_them() {
        check("1,234.56", NumberStyle::Dot, "1234.56");
        check("1.234,56", NumberStyle::Comma, "1234.56");
        check("1 234,5", NumberStyle::Comma, "1234.5");
        check("12,34,567.00", NumberStyle::Dot, "1234567");
        check("1'234.50", NumberStyle::Dot, "1234.5");
        check("€ 5", NumberStyle::Comma, "5");
        check("(12.00)", NumberStyle::Dot, "-12");
        check("12.00-", NumberStyle::Dot, "-12");
        check(".5", NumberStyle::Dot, "0.5");
        check("2.9 %", NumberStyle::Dot, "2.9");
    }

    #[test]
    fn what_is_no_number_says_why() {
        assert_eq!(
            parse_number("free", NumberStyle::Dot),
            Err(NotANumber::Words)
        );
        assert_eq!(
            parse_number("5.27763E+12", NumberStyle::Dot),
            Err(NotANumber::Exponent)
        );
        for (text, style) in [
            ("1.234,56", NumberStyle::Dot),
            ("1,23", NumberStyle::Dot),
            ("1.2.3", NumberStyle::Dot),
        ] {
            assert_eq!(
                parse_number(text, style),
                Err(NotANumber::Separators),
                "{text}"
            );
        }
    }

    #[test]
    fn a_value_tells_its_style_or_that_it_could_be_either() {
        for (text, expected) in [
            ("1.234,56", Hint::Sure(NumberStyle::Comma)),
            ("1,234,567", Hint::Sure(NumberStyle::Dot)),
            ("1.5", Hint::Sure(NumberStyle::Dot)),
            ("1,5", Hint::Sure(NumberStyle::Comma)),
            ("0.125", Hint::Sure(NumberStyle::Dot)),
            ("1234.567", Hint::Sure(NumberStyle::Dot)),
            ("1.234", Hint::Either),
            ("12", Hint::Nothing),
            ("free", Hint::Nothing),
        ] {
            assert_eq!(hint(text), expected, "{text}");
        }
    }
}
