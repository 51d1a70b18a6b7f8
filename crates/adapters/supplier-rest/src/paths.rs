//! Paths with placeholders, filled with what is asked for. Nothing that is filled in leads anywhere else.

use adapter_kit::Request;

/// What stands for a placeholder; empty: nothing does.
pub(crate) type Fill<'a> = [(&'a str, &'a str)];

fn fill(template: &str, with: &Fill<'_>, encode: fn(&str) -> String) -> String {
    let mut text = template.to_owned();
    for (name, value) in with {
        text = text.replace(&format!("{{{name}}}"), &encode(value));
    }
    text
}

/// Within one part of a path (RFC 3986, section 2.3): whatever is not unreserved is written by its bytes.
fn part(value: &str) -> String {
    let mut text = String::new();
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

/// A read of the path; a parameter whose placeholder stands for nothing is left out.
pub(crate) fn get(operation: &'static str, template: &str, with: &Fill<'_>) -> Request {
    let (path, query) = template.split_once('?').unwrap_or((template, ""));
    let mut request = Request::get(operation, fill(path, with, part));
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let filled = fill(value, with, str::to_owned);
        if filled.is_empty() && value.contains('{') {
            continue;
        }
        request = request.query(name, filled);
    }
    request
}

/// As [`get`] asks for it, for people to read.
pub(crate) fn shown(base: &str, template: &str, with: &Fill<'_>) -> String {
    let base = base.trim_end_matches('/');
    format!("{base}{}", fill(template, with, part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_stays_in_its_part() {
        assert_eq!(part("A-1_b~2"), "A-1_b~2");
        assert_eq!(part("../a b?c#d%é"), "%2E%2E%2Fa%20b%3Fc%23d%25%C3%A9");
        let shown = shown("https://x.example/v1/", "/p/{id}", &[("id", "a/b")]);
        assert_eq!(shown, "https://x.example/v1/p/a%2Fb");
    }
}
