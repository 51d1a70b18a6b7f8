//! Phrases of a list, the longest first.

use super::words::Word;

/// What the longest phrase at the beginning of the words stands for, and how many words it takes.
pub(super) fn longest<T: Copy>(list: &[(&str, T)], words: &[Word]) -> Option<(T, usize)> {
    list.iter()
        .filter_map(|(phrase, meaning)| Some((*meaning, taken(phrase, words)?)))
        .max_by_key(|(_, taken)| *taken)
}

/// Whether one of the phrases stands at the beginning, and how many words it takes.
pub(super) fn any(list: &[&str], words: &[Word]) -> Option<usize> {
    list.iter().filter_map(|p| taken(p, words)).max()
}

fn taken(phrase: &str, words: &[Word]) -> Option<usize> {
    let mut count = 0;
    for wanted in phrase.split(' ') {
        let word = words.get(count).filter(|w| !w.is_quoted)?;
        if word.text != wanted {
            return None;
        }
        count += 1;
    }
    Some(count)
}
