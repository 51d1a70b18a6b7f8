//! Addresses of the product that documents name, held against the API's description.
use std::{collections::BTreeSet, fs, path::Path};

use anyhow::{Context, Result};
use serde_json::Value;

use super::text::{shell_lines, spans};

const METHODS: [&str; 6] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"];
/// Where an address of ours begins; what else begins with a slash is a path of some system.
const BEGINNINGS: [&str; 7] = [
    "/v1/", "/healthz", "/readyz", "/health", "/metrics", "/events", "/jobs",
];
/// Described by no API.
const OTHERS: [&str; 1] = ["/v1/auth/oidc/callback"];

pub(super) struct Addresses {
    /// With their methods in capitals.
    described: Vec<(String, BTreeSet<String>)>,
}

impl Addresses {
    pub(super) fn load(root: &Path) -> Result<Self> {
        let text =
            fs::read_to_string(root.join("docs/openapi.json")).context("docs/openapi.json")?;
        let description: Value = serde_json::from_str(&text).context("docs/openapi.json")?;
        let paths = description["paths"].as_object();
        let described = paths.context("docs/openapi.json has no paths")?;
        let methods = |item: &Value| {
            let names = item.as_object().into_iter().flat_map(|o| o.keys());
            names.map(|name| name.to_uppercase()).collect()
        };
        Ok(Self {
            described: described
                .iter()
                .map(|(path, item)| (path.clone(), methods(item)))
                .collect(),
        })
    }

    pub(super) fn missing(&self, text: &str, say: &mut impl FnMut(String)) {
        let lines = shell_lines(text);
        let words = lines.iter().flat_map(|line| line.split([' ', '"', '\'']));
        for word in spans(text).into_iter().chain(words) {
            let (method, address) = match word.split_once(' ') {
                Some((method, rest)) if METHODS.contains(&method) => (Some(method), rest),
                Some(_) => continue,
                None => (None, word),
            };
            let path = path_of(address);
            if !BEGINNINGS.iter().any(|b| path.starts_with(b)) || path.contains(['…', '*']) {
                continue;
            }
            if !self.is_described(method, path) && !OTHERS.contains(&path) {
                say(format!("names {word}, which the API does not have"));
            }
        }
    }

    fn is_described(&self, method: Option<&str>, path: &str) -> bool {
        self.described.iter().any(|(template, methods)| {
            fits(template, path) && method.is_none_or(|m| m == "HEAD" || methods.contains(m))
        })
    }
}

/// Without host and query.
fn path_of(address: &str) -> &str {
    let path = address.split_once("://").map_or(address, |(_, rest)| {
        rest.find('/').map_or("", |slash| &rest[slash..])
    });
    path.split(['?', '#']).next().unwrap_or_default()
}

/// `{id}` stands for whatever stands there.
fn fits(template: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(w), Some(g)) if w == g || (w.starts_with('{') && !g.is_empty()) => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Workspace;

    fn found(text: &str) -> Vec<String> {
        let addresses = Addresses::load(&Workspace::load().unwrap().root).unwrap();
        let mut report = Vec::new();
        addresses.missing(text, &mut |what| report.push(what));
        report
    }

    #[test]
    fn what_the_description_has_is_there() {
        let good = "`GET /v1/orders`, `/v1/syncs/{id}/cancel`, `/healthz`, `/etc/passwd`, `/v1/…`\n\
                    ```sh\ncurl \"http://localhost:10000/v1/orders?limit=2\"\n```\n";
        assert_eq!(found(good), [""; 0]);
    }

    #[test]
    fn another_path_or_method_is_missed() {
        assert_eq!(found("`/v1/odrers`").len(), 1);
        assert_eq!(found("`DELETE /v1/orders`").len(), 1);
        assert_eq!(
            found("```sh\ncurl http://localhost:10000/v1/nowhere\n```\n").len(),
            1
        );
    }
}
