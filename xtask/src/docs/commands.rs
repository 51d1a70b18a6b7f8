//! Commands that documents name: `royal` as its own reference has it, `cargo xtask` as it is parsed, and scripts of the front end.
use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, ensure};
use clap::{Parser as _, error::ErrorKind};
use serde_json::Value;

use super::text::{shell_lines, spans};
use crate::Arguments;

/// Not in the reference.
const HIDDEN: [&str; 1] = ["reference"];
/// Options of `royal` itself.
const EVERYWHERE: [&str; 3] = ["--help", "--version", "-h"];

pub(super) struct Commands {
    /// `change-sets list` → its help.
    royal: BTreeMap<String, String>,
    npm: Vec<String>,
}

impl Commands {
    pub(super) fn load(root: &Path) -> Result<Self> {
        let text = fs::read_to_string(root.join("docs/CLI.md")).context("docs/CLI.md")?;
        let royal: BTreeMap<_, _> = text
            .split("\n## `royal ")
            .skip(1)
            .filter_map(|section| section.split_once('`'))
            .map(|(name, help)| (name.to_owned(), help.to_owned()))
            .collect();
        ensure!(royal.contains_key("serve"), "docs/CLI.md has no commands");
        let package = fs::read_to_string(root.join("frontend/package.json"))?;
        let package: Value = serde_json::from_str(&package).context("frontend/package.json")?;
        let scripts = package["scripts"]
            .as_object()
            .into_iter()
            .flat_map(|s| s.keys());
        Ok(Self {
            royal,
            npm: scripts.cloned().collect(),
        })
    }

    pub(super) fn missing(&self, text: &str, say: &mut impl FnMut(String)) {
        let lines = shell_lines(text);
        let code = spans(text)
            .into_iter()
            .chain(lines.iter().map(String::as_str));
        for command in code.flat_map(simple) {
            let words: Vec<&str> = words(command);
            if let Some(wrong) = self.wrong(&words) {
                say(format!("names `{command}`: {wrong}"));
            }
        }
    }

    fn wrong(&self, words: &[&str]) -> Option<String> {
        match words {
            ["cargo", "xtask", rest @ ..] => wrong_of_xtask(rest),
            ["npm", "--prefix", "frontend", "run", script, ..] | ["npm", "run", script, ..]
                if !self.npm.iter().any(|known| known == script) =>
            {
                Some(format!("frontend/package.json has no script {script}"))
            }
            // Run in a container: `docker compose exec royal royal …`.
            ["docker", ..] => {
                let pair = words
                    .windows(2)
                    .position(|pair| pair == ["royal", "royal"])?;
                self.wrong_of_royal(words.get(pair + 2..)?)
            }
            [program, rest @ ..] if *program == "royal" || program.ends_with("/royal") => {
                self.wrong_of_royal(rest)
            }
            _ => None,
        }
    }

    fn wrong_of_royal(&self, words: &[&str]) -> Option<String> {
        // `royal` alone, `royal --help`.
        let first = words.first().filter(|word| !word.starts_with('-'))?;
        let two = words.get(..2).map(|two| two.join(" "));
        let names = two.iter().map(String::as_str).chain([*first]);
        let Some((name, help)) = names
            .filter_map(|name| self.royal.get_key_value(name))
            .next()
        else {
            let group = format!("{first} ");
            let is_group = words.len() == 1 && self.royal.keys().any(|n| n.starts_with(&group));
            let is_there = is_group || HIDDEN.contains(first);
            return (!is_there).then(|| "royal has no such command".to_owned());
        };
        let knows = |option: &str| {
            let mut words = help.split([' ', '\n', ',', '[', ']']);
            EVERYWHERE.contains(&option) || words.any(|word| word == option)
        };
        let options = words.iter().filter(|w| w.len() > 1 && w.starts_with('-'));
        let mut unknown = options
            .filter_map(|option| option.split('=').next())
            .filter(|option| !knows(option));
        let option = unknown.next()?;
        Some(format!("`royal {name}` has no option {option}"))
    }
}

/// Parsed as it would be; a value in capitals stands for others.
fn wrong_of_xtask(words: &[&str]) -> Option<String> {
    let parsed = Arguments::try_parse_from(["cargo xtask"].iter().chain(words));
    let error = parsed.err()?;
    let is_placeholder =
        |word: &&str| word.len() > 2 && word.chars().all(|c| c.is_ascii_uppercase());
    let is_fine = match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => true,
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => words.iter().any(is_placeholder),
        _ => false,
    };
    let said = error.to_string();
    (!is_fine).then(|| said.lines().next().unwrap_or_default().to_owned())
}

/// A line as the commands that a shell would run one after the other.
fn simple(line: &str) -> impl Iterator<Item = &str> {
    line.split([';', '|', '&', '\n'])
        .map(str::trim)
        .filter(|command| !command.is_empty())
}

/// Without what stands before the program, and up to what is left out.
fn words(command: &str) -> Vec<&str> {
    let is_before = |word: &&str| {
        *word == "sudo"
            || word
                .split_once('=')
                .is_some_and(|(name, _)| !name.is_empty() && !name.starts_with('-'))
    };
    command
        .split_whitespace()
        .skip_while(is_before)
        .take_while(|word| !word.contains('…') && !word.starts_with(['>', '<', '#']))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Workspace;

    fn found(text: &str) -> Vec<String> {
        let commands = Commands::load(&Workspace::load().unwrap().root).unwrap();
        let mut report = Vec::new();
        commands.missing(text, &mut |what| report.push(what));
        report
    }

    #[test]
    fn commands_that_can_be_called_are_there() {
        let good = "`royal`, `royal --help`, `royal secrets`, `royal change-sets list --status proposed`, `cargo xtask`, \
                    `cargo xtask test --only GROUP`, `npm --prefix frontend run dev`, `royal user add …`\n\
                    ```sh\nDATA_DIR=x sudo /usr/local/bin/royal doctor --repair && cargo xtask test --only docs\n\
                    docker compose exec royal royal audit verify --json > file\n```\n";
        assert_eq!(found(good), [""; 0]);
    }

    #[test]
    fn commands_that_cannot_are_seen() {
        for wrong in [
            "royal dcotor",
            "royal secrets rewarp",
            "royal doctor --mend",
            "cargo xtask tset",
            "cargo xtask test --only dosc",
            "cargo xtask up --third-store",
            "npm --prefix frontend run nothing",
        ] {
            assert_eq!(found(&format!("`{wrong}`")).len(), 1, "{wrong}");
            assert_eq!(
                found(&format!("```sh\ncd x; {wrong}\n```\n")).len(),
                1,
                "{wrong}"
            );
        }
    }
}
