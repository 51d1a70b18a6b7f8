//! `royal reference`: pages of documentation that are made from the code.

use clap::{Command, ValueEnum};
use std::fmt::Write as _;

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Page {
    Config,
    Cli,
}

pub(super) fn text(page: Page, command: Command) -> String {
    match page {
        Page::Config => crate::config::markdown(),
        Page::Cli => cli(command),
    }
}

const INTRODUCTION: &str = "# Command line\n\nMade by `royal reference cli`; do not edit by hand.\n\n\
Settings come from the environment and `royal.toml`: see [CONFIG.md](CONFIG.md). Logs and messages go to stderr, results to stdout.\n\n\
| exit code | meaning |\n|---|---|\n| 0 | done, or stopped when asked to |\n| 1 | done, and it found what nobody can explain (`royal reconcile`) |\n| 64 | the command was called in a way that cannot be |\n\
| 65 | the data is refused, or was found to be wrong |\n| 69 | something that is needed does not answer |\n| 70 | a defect of this program |\n\
| 78 | the configuration cannot work, or the key is the wrong one |\n";

fn cli(mut command: Command) -> String {
    command.build();
    let mut out = INTRODUCTION.to_owned();
    for sub in command.get_subcommands_mut() {
        section(&mut out, "royal", sub);
    }
    out
}

fn section(out: &mut String, parent: &str, command: &mut Command) {
    if command.is_hide_set() || command.get_name() == "help" {
        return;
    }
    let name = format!("{parent} {}", command.get_name());
    let children: Vec<String> = command
        .get_subcommands()
        .map(|c| c.get_name().to_owned())
        .collect();
    if children.iter().all(|c| c == "help") {
        let help = command.render_long_help().to_string();
        let help: Vec<&str> = help.lines().map(str::trim_end).collect();
        // Writing to a string cannot fail.
        let _ = write!(
            out,
            "\n## `{name}`\n\n```text\n{}\n```\n",
            help.join("\n").trim_end()
        );
        return;
    }
    for child in command.get_subcommands_mut() {
        section(out, &name, child);
    }
}
