//! What of a Markdown text is code: spans between backticks, and the lines of shell blocks. Knows nothing of what they mean.

/// Blocks whose lines are commands.
const SHELL: [&str; 3] = ["sh", "bash", "console"];

/// Between backticks, outside of blocks.
pub(super) fn spans(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut in_block = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        } else if !in_block {
            found.extend(line.split('`').skip(1).step_by(2));
        }
    }
    found
}

/// Lines of shell blocks without their comments; one that goes on behind a backslash is one.
pub(super) fn shell_lines(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut block: Option<bool> = None;
    let mut begun = String::new();
    for line in text.lines() {
        if let Some(language) = line.trim_start().strip_prefix("```") {
            block = match block {
                Some(_) => None,
                None => Some(SHELL.contains(&language.trim())),
            };
            continue;
        }
        if block != Some(true) {
            continue;
        }
        let line = line.split(" #").next().unwrap_or_default().trim();
        if line.starts_with('#') {
            continue;
        }
        begun.push_str(line);
        match begun.strip_suffix('\\') {
            Some(start) => begun.truncate(start.len()),
            None => found.push(std::mem::take(&mut begun)),
        }
    }
    found
}

/// Every heading as its anchor is written.
pub(super) fn anchors(text: &str) -> Vec<String> {
    let mut in_block = false;
    let mut found = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        } else if !in_block && line.starts_with('#') {
            found.push(anchor(line.trim_start_matches('#')));
        }
    }
    found
}

/// As the sites that show Markdown make it: letters, digits, dashes; a space is a dash.
fn anchor(heading: &str) -> String {
    heading
        .trim()
        .chars()
        .filter_map(|c| match c {
            ' ' | '-' => Some('-'),
            '_' => Some('_'),
            c if c.is_alphanumeric() => c.to_lowercase().next(),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# What it *is*\nSee `a` and `b c`.\n```sh\n# why\nroyal serve   # now\nroyal sync \\\n  --wait\n```\n\
                        ```text\n`not this`\n## nor this\n```\n### One, two: `three`\n";

    #[test]
    fn code_is_found_where_it_stands() {
        assert_eq!(spans(TEXT), ["a", "b c", "three"]);
        assert_eq!(shell_lines(TEXT), ["royal serve", "royal sync --wait"]);
        assert_eq!(anchors(TEXT), ["what-it-is", "one-two-three"]);
    }
}
