//! Whether a migration only adds, so that a process of the release before goes on over the schema that it leaves.
//!
//! A migration is read statement by statement; what is not on the list of what an older release cannot notice is named. What a
//! release does not use any more is taken away by a later one, when nobody runs the older one: by hand, and said in the changelog.

use std::collections::{BTreeMap, BTreeSet};

/// Sentences about what an older release could stumble over; none when it cannot.
#[must_use]
pub fn contractions(sql: &str) -> Vec<String> {
    let statements: Vec<Vec<String>> = statements(sql).iter().map(|s| words(s)).collect();
    let mut made = Made::default();
    for words in &statements {
        made.note(words);
    }
    let mut found = Vec::new();
    for words in &statements {
        if let Some(why) = made.why_not(words) {
            let head = words.iter().take(8).cloned().collect::<Vec<_>>().join(" ");
            found.push(format!("{head} …: {why}"));
        }
    }
    found
}

/// What the migration itself adds: nobody knew it before.
#[derive(Default)]
struct Made {
    tables: BTreeSet<String>,
    columns: BTreeMap<String, BTreeSet<String>>,
    indexes: BTreeSet<String>,
}

impl Made {
    fn note(&mut self, words: &[String]) {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["create", "table", name, ..] => {
                self.tables.insert((*name).to_owned());
            }
            ["create", "index", name, ..] | ["create", "unique", "index", name, ..] => {
                self.indexes.insert((*name).to_owned());
            }
            ["alter", "table", table, "add", "column", name, ..] => {
                let columns = self.columns.entry((*table).to_owned()).or_default();
                columns.insert((*name).to_owned());
            }
            _ => {}
        }
    }

    fn is_new(&self, table: &str) -> bool {
        self.tables.contains(table)
    }

    fn why_not(&self, words: &[String]) -> Option<&'static str> {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let has = |word: &str| words.contains(&word);
        match words.as_slice() {
            ["create", "table", ..] | ["create", "index", ..] | ["insert", "into", ..] => None,
            ["create", "unique", "index", _, "on", table, ..] => {
                (!self.is_new(table)).then_some("the older release may write what this refuses")
            }
            ["alter", "table", table, "add", "column", ..] => {
                if self.is_new(table) {
                    return None;
                }
                if has("not") && has("null") && !has("default") {
                    return Some("the older release writes rows without this column");
                }
                ["unique", "check", "references", "generated"]
                    .into_iter()
                    .any(has)
                    .then_some("the older release may write what this refuses")
            }
            ["update", table, ..] => self.only_fills(table, &words),
            // One that comes again under its name: planners and hints find it.
            ["drop", "index", name] => (!self.indexes.contains(*name))
                .then_some("the older release may name this index in a statement"),
            _ => Some("nothing says that the older release goes on over this"),
        }
    }

    /// An update sets nothing but what this migration added.
    fn only_fills(&self, table: &str, words: &[&str]) -> Option<&'static str> {
        if self.is_new(table) {
            return None;
        }
        let added = self.columns.get(table);
        let from = words.iter().position(|w| *w == "set").map_or(0, |i| i + 1);
        // Assignments stand outside of brackets, before the condition.
        let mut depth = 0;
        let mut names = Vec::new();
        for (i, word) in words.iter().enumerate().skip(from) {
            match *word {
                "(" => depth += 1,
                ")" => depth -= 1,
                "where" | "from" if depth == 0 => break,
                "=" if depth == 0 => names.push(words[i - 1]),
                _ => {}
            }
        }
        let known = |name: &&str| added.is_none_or(|columns| !columns.contains(*name));
        (names.is_empty() || names.iter().any(known))
            .then_some("it changes what the older release wrote and reads")
    }
}

/// Without comments, split where a statement ends.
fn statements(sql: &str) -> Vec<String> {
    let bare: Vec<&str> = sql
        .lines()
        .map(|line| line.split_once("--").map_or(line, |(before, _)| before))
        .collect();
    let bare = bare.join("\n");
    let all = bare.split(';').map(str::trim);
    all.filter(|s| !s.is_empty()).map(str::to_owned).collect()
}

/// In small letters; brackets and equals signs are words of their own.
fn words(statement: &str) -> Vec<String> {
    let mut spaced = String::with_capacity(statement.len() + 16);
    for c in statement.chars() {
        match c {
            '(' | ')' | '=' | ',' => {
                spaced.push(' ');
                spaced.push(c);
                spaced.push(' ');
            }
            c => spaced.extend(c.to_lowercase()),
        }
    }
    spaced.split_whitespace().map(str::to_owned).collect()
}

/// Reads every migration of a folder.
///
/// # Panics
/// When one does more than add, or the folder cannot be read.
pub fn assert_migrations_only_add(folder: &std::path::Path) {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it is read").path())
        .collect();
    files.sort();
    assert!(files.len() > 30, "{} migrations", files.len());
    for file in files {
        let sql = std::fs::read_to_string(&file).expect("it is read");
        let found = contractions(&sql);
        assert!(found.is_empty(), "{}: {found:#?}", file.display());
    }
}

#[cfg(test)]
mod tests {
    use super::contractions;

    #[test]
    fn what_adds_is_let_through() {
        let sql = "-- A note; with a semicolon and DROP TABLE in it.
            CREATE TABLE a (id BIGINT NOT NULL PRIMARY KEY);
            CREATE UNIQUE INDEX a_once ON a (id);
            ALTER TABLE b ADD COLUMN c BIGINT;
            ALTER TABLE b ADD COLUMN d TEXT NOT NULL DEFAULT '';
            UPDATE b SET c = (SELECT x FROM y WHERE x = 1), d = 'z' WHERE e = 2;
            DROP INDEX b_span;
            CREATE INDEX b_span ON b (c, d);
            INSERT INTO a (id) VALUES (1)";
        assert_eq!(contractions(sql), [""; 0]);
    }

    #[test]
    fn what_takes_away_or_tightens_is_named() {
        for sql in [
            "DROP TABLE a",
            "ALTER TABLE a DROP COLUMN b",
            "ALTER TABLE a RENAME TO b",
            "ALTER TABLE a RENAME COLUMN b TO c",
            "ALTER TABLE a ALTER COLUMN b TYPE TEXT",
            "ALTER TABLE a ALTER COLUMN b SET NOT NULL",
            "ALTER TABLE a ADD COLUMN b BIGINT NOT NULL",
            "ALTER TABLE a ADD COLUMN b BIGINT UNIQUE",
            "ALTER TABLE a ADD COLUMN b BIGINT CHECK (b > 0)",
            "ALTER TABLE a ADD CONSTRAINT c UNIQUE (b)",
            "CREATE UNIQUE INDEX a_once ON a (b)",
            "DROP INDEX a_span",
            "DELETE FROM a",
            "UPDATE a SET b = 1",
            "ALTER TABLE a ADD COLUMN c BIGINT; UPDATE a SET c = 1, b = 2",
            "TRUNCATE a",
            "CREATE TRIGGER t BEFORE INSERT ON a EXECUTE FUNCTION f()",
        ] {
            assert_eq!(contractions(sql).len(), 1, "{sql}");
        }
    }
}
