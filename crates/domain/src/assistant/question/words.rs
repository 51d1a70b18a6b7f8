//! A text as words: lower case, without punctuation and short forms, with quoted names and days in one piece.

use chrono::NaiveDate;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// In lower case; of a quoted name as it was written.
    pub(super) text: String,
    /// As it was written.
    pub(super) raw: String,
    pub(super) is_quoted: bool,
}

impl Word {
    pub(super) fn day(&self) -> Option<NaiveDate> {
        NaiveDate::parse_from_str(&self.text, "%Y-%m-%d").ok()
    }
}

/// What stands for two words, or for one that the vocabulary knows.
const SHORT: &[(&str, &str)] = &[
    ("what's", "what is"),
    ("whats", "what is"),
    ("how's", "how is"),
    ("who's", "who is"),
    ("where's", "where is"),
    ("that's", "that is"),
    ("it's", "it is"),
    ("let's", "let us"),
    ("didn't", "did not"),
    ("doesn't", "does not"),
    ("don't", "do not"),
    ("isn't", "is not"),
    ("aren't", "are not"),
    ("wasn't", "was not"),
    ("i'm", "i am"),
    ("i've", "i have"),
    ("we've", "we have"),
    ("we're", "we are"),
    ("you've", "you have"),
    ("vs", "versus"),
    ("compared", "versus"),
    ("comparing", "versus"),
    ("yoy", "versus last year"),
    ("mom", "by month"),
    ("mtd", "this month"),
    ("ytd", "this year"),
    ("wtd", "this week"),
    ("qtd", "this quarter"),
    ("yday", "yesterday"),
    ("pls", "please"),
];

const OPENING: &[char] = &['"', '“', '„', '«'];
const CLOSING: &[char] = &['"', '”', '“', '»'];

pub(super) fn split(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(OPENING) {
        let mark = rest[start..].chars().next().map_or(1, char::len_utf8);
        let inside = &rest[start + mark..];
        let Some(end) = inside.find(CLOSING) else {
            break;
        };
        plain(&rest[..start], &mut words);
        let name = inside[..end].trim();
        if !name.is_empty() {
            words.push(Word {
                text: name.to_owned(),
                raw: name.to_owned(),
                is_quoted: true,
            });
        }
        let mark = inside[end..].chars().next().map_or(1, char::len_utf8);
        rest = &inside[end + mark..];
    }
    plain(rest, &mut words);
    words
}

fn plain(text: &str, words: &mut Vec<Word>) {
    let text = text.replace(['’', '‘', '`'], "'");
    for raw in text.split_whitespace() {
        for piece in raw.split(['/', ',', ';', '(', ')', '…', '–', '—']) {
            word(piece, words);
        }
    }
}

fn word(raw: &str, words: &mut Vec<Word>) {
    let bare = raw.trim_matches(|c: char| !c.is_alphanumeric() && c != '%' && c != '#');
    if bare.is_empty() || bare.chars().all(|c| c == '%' || c == '#') {
        return;
    }
    let lower = bare.to_lowercase();
    let mut push = |text: &str| {
        words.push(Word {
            text: text.to_owned(),
            raw: bare.to_owned(),
            is_quoted: false,
        });
    };
    if let Some((_, long)) = SHORT.iter().find(|(short, _)| *short == lower) {
        long.split(' ').for_each(push);
        return;
    }
    let owned = lower.strip_suffix("'s").or(lower.strip_suffix('\''));
    let lower = owned.unwrap_or(&lower);
    // 7-day, year-over-year: one word for the eye; a day and a SKU with digits stay whole.
    let digits_after = lower
        .split('-')
        .skip(1)
        .any(|part| part.starts_with(|c: char| c.is_ascii_digit()));
    if lower.contains('-') && !digits_after {
        lower.split('-').filter(|p| !p.is_empty()).for_each(push);
    } else {
        push(lower);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        split(text).into_iter().map(|w| w.text).collect()
    }

    #[test]
    fn short_forms_punctuation_and_case_are_gone() {
        assert_eq!(
            texts("What’s my Net-Profit, yesterday?!"),
            ["what", "is", "my", "net", "profit", "yesterday"]
        );
        assert_eq!(
            texts("yesterday's sales vs. last week"),
            ["yesterday", "sales", "versus", "last", "week"]
        );
        assert_eq!(texts("  ?? … "), Vec::<String>::new());
    }

    #[test]
    fn names_and_days_stay_in_one_piece() {
        assert_eq!(
            texts("units of \"Blue Mug, 300 ml\" on 2026-10-03"),
            ["units", "of", "Blue Mug, 300 ml", "on", "2026-10-03"]
        );
        assert!(split("2026-02-30")[0].day().is_none());
        assert_eq!(texts("an open \"quote"), ["an", "open", "quote"]);
        assert_eq!(texts("sku AB-12"), ["sku", "ab-12"]);
    }
}
