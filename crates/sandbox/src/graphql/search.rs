//! Shopify's search syntax: `field:value`, comparisons, quotes, `AND`, `OR`, `NOT`, parentheses. A filter that a list
//! does not know matches everything and is told as a warning, as on a real shop.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone};
use chrono_tz::Tz;
use serde_json::{Value, json};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compare {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// One condition; an empty field is a word that is looked for in the default fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Term {
    pub field: String,
    pub compare: Compare,
    pub value: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Search {
    Everything,
    Term(Term),
    Not(Box<Search>),
    All(Vec<Search>),
    Any(Vec<Search>),
}

impl Term {
    pub(crate) fn number(&self, n: i64) -> bool {
        self.value
            .rsplit('/')
            .next()
            .and_then(|v| v.parse::<i64>().ok())
            .is_some_and(|v| self.holds(n.cmp(&v)))
    }

    /// Case does not matter; a `*` at the end stands for anything.
    pub(crate) fn word(&self, text: &str) -> bool {
        let (text, value) = (text.to_lowercase(), self.value.to_lowercase());
        value
            .strip_suffix('*')
            .map_or_else(|| text == value, |start| text.starts_with(start))
    }

    pub(crate) fn flag(&self, flag: bool) -> bool {
        self.value
            .eq_ignore_ascii_case(if flag { "true" } else { "false" })
    }

    /// A time compared with the value: a date alone means its whole day in the shop's zone.
    pub(crate) fn time(&self, at: i64, zone: Tz) -> bool {
        let Some((from, to)) = moment(&self.value, zone) else {
            return false;
        };
        match self.compare {
            Compare::Equal => (from..=to).contains(&at),
            Compare::Less => at < from,
            Compare::LessOrEqual => at <= to,
            Compare::Greater => at > to,
            Compare::GreaterOrEqual => at >= from,
        }
    }

    fn holds(&self, order: std::cmp::Ordering) -> bool {
        match self.compare {
            Compare::Equal => order.is_eq(),
            Compare::Less => order.is_lt(),
            Compare::LessOrEqual => order.is_le(),
            Compare::Greater => order.is_gt(),
            Compare::GreaterOrEqual => order.is_ge(),
        }
    }
}

/// The first and the last second that a time value means.
fn moment(text: &str, zone: Tz) -> Option<(i64, i64)> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some((at.timestamp(), at.timestamp()));
    }
    let local = |naive: NaiveDateTime| {
        zone.from_local_datetime(&naive)
            .earliest()
            .map(|t| t.timestamp())
    };
    for format in ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M"] {
        if let Ok(naive) = NaiveDateTime::parse_from_str(text, format) {
            return local(naive).map(|at| (at, at));
        }
    }
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    let start = |d: NaiveDate| d.and_hms_opt(0, 0, 0).and_then(local);
    Some((start(day)?, start(day.succ_opt()?)? - 1))
}

impl Search {
    pub(crate) fn parse(query: &str) -> Self {
        let tokens = tokens(query);
        let mut at = 0;
        any(&tokens, &mut at)
    }

    /// `test` answers `None` for a field that the list does not know.
    pub(crate) fn matches(&self, test: &dyn Fn(&Term) -> Option<bool>) -> bool {
        match self {
            Self::Everything => true,
            Self::Term(term) => test(term).unwrap_or(true),
            Self::Not(inner) => !inner.matches(test),
            Self::All(parts) => parts.iter().all(|p| p.matches(test)),
            Self::Any(parts) => parts.iter().any(|p| p.matches(test)),
        }
    }

    pub(crate) fn terms(&self) -> Vec<&Term> {
        match self {
            Self::Everything => Vec::new(),
            Self::Term(term) => vec![term],
            Self::Not(inner) => inner.terms(),
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::terms).collect(),
        }
    }

    /// The entry of `extensions.search` when a filter is unknown.
    pub(crate) fn warnings(
        &self,
        field: &str,
        query: &str,
        known: &dyn Fn(&str) -> bool,
    ) -> Option<Value> {
        let unknown: Vec<&Term> = self
            .terms()
            .into_iter()
            .filter(|t| !t.field.is_empty() && !known(&t.field))
            .collect();
        let first = unknown.first()?;
        let warnings: Vec<Value> = unknown
            .iter()
            .map(|t| json!({"field": t.field, "message": "Invalid search field for this query.", "code": "invalid_field"}))
            .collect();
        Some(json!({
            "path": [field],
            "query": query,
            "parsed": {"field": first.field, "match_all": first.value},
            "warnings": warnings,
        }))
    }
}

fn tokens(query: &str) -> Vec<String> {
    let (mut out, mut word, mut quote) = (Vec::new(), String::new(), None);
    let mut letters = query.chars();
    while let Some(c) = letters.next() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (Some(_), '\\') => word.extend(letters.next()),
            (Some(_), c) => word.push(c),
            (None, '"' | '\'') => {
                quote = Some(c);
                // Marks a quoted word, which is never a connective.
                if word.is_empty() {
                    word.push('\u{1}');
                }
            }
            (None, '(' | ')') => {
                out.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
                out.push(c.to_string());
            }
            (None, c) if c.is_whitespace() => {
                out.extend((!word.is_empty()).then(|| std::mem::take(&mut word)))
            }
            (None, c) => word.push(c),
        }
    }
    out.extend((!word.is_empty()).then_some(word));
    out
}

fn any(tokens: &[String], at: &mut usize) -> Search {
    let mut parts = vec![all(tokens, at)];
    while tokens.get(*at).is_some_and(|t| t == "OR") {
        *at += 1;
        parts.push(all(tokens, at));
    }
    if parts.len() == 1 {
        parts.remove(0)
    } else {
        Search::Any(parts)
    }
}

fn all(tokens: &[String], at: &mut usize) -> Search {
    let mut parts = Vec::new();
    while let Some(token) = tokens.get(*at) {
        match token.as_str() {
            "OR" | ")" => break,
            "AND" => *at += 1,
            _ => parts.push(one(tokens, at)),
        }
    }
    match parts.len() {
        0 => Search::Everything,
        1 => parts.remove(0),
        _ => Search::All(parts),
    }
}

fn one(tokens: &[String], at: &mut usize) -> Search {
    let token = tokens[*at].as_str();
    *at += 1;
    match token {
        "NOT" if *at < tokens.len() => Search::Not(Box::new(one(tokens, at))),
        "(" => {
            let inner = any(tokens, at);
            *at += usize::from(tokens.get(*at).is_some_and(|t| t == ")"));
            inner
        }
        _ => match token.strip_prefix('-').filter(|rest| rest.contains(':')) {
            Some(rest) => Search::Not(Box::new(Search::Term(term(rest)))),
            None => Search::Term(term(token)),
        },
    }
}

fn term(token: &str) -> Term {
    let plain = token.strip_prefix('\u{1}');
    let (field, rest) = match (plain, token.split_once(':')) {
        (None, Some((field, rest))) => (field, rest),
        _ => ("", plain.unwrap_or(token)),
    };
    let forms = [
        (">=", Compare::GreaterOrEqual),
        ("<=", Compare::LessOrEqual),
        (">", Compare::Greater),
        ("<", Compare::Less),
        ("=", Compare::Equal),
    ];
    let (compare, value) = forms
        .iter()
        .find_map(|(sign, c)| rest.strip_prefix(sign).map(|v| (*c, v)))
        .unwrap_or((Compare::Equal, rest));
    Term {
        field: field.to_owned(),
        compare,
        value: value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_quotes_and_connectives_are_understood() {
        let search = Search::parse(
            r#"updated_at:>='2026-01-01T00:00:00Z' updated_at:<2026-02-01 (tag:a OR tag:"b c") -status:open"#,
        );
        let seen: Vec<_> = search
            .terms()
            .iter()
            .map(|t| (t.field.as_str(), t.compare, t.value.as_str()))
            .collect();
        let expected = vec![
            (
                "updated_at",
                Compare::GreaterOrEqual,
                "2026-01-01T00:00:00Z",
            ),
            ("updated_at", Compare::Less, "2026-02-01"),
            ("tag", Compare::Equal, "a"),
            ("tag", Compare::Equal, "b c"),
            ("status", Compare::Equal, "open"),
        ];
        assert_eq!(seen, expected);
        assert!(search.matches(&|t| Some(t.field == "updated_at" || t.value == "a")));
        assert!(!search.matches(&|t| Some(t.field == "updated_at")));
    }

    #[test]
    fn a_date_is_the_day_of_the_shop() {
        let zone = chrono_tz::America::New_York;
        let term = term("created_at:2026-03-08");
        let start = DateTime::parse_from_rfc3339("2026-03-08T05:00:00Z")
            .unwrap()
            .timestamp();
        // The clocks go forward on that day: it has 23 hours.
        let seen = [start - 1, start, start + 23 * 3600 - 1, start + 23 * 3600]
            .map(|at| term.time(at, zone));
        assert_eq!(seen, [false, true, true, false]);
    }
}
