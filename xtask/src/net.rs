//! Loopback only: is a port free, who has it, does a server answer. Enough HTTP for a readiness check and no more.
use std::{
    fs,
    io::{ErrorKind, Read, Write},
    net::{Ipv4Addr, SocketAddrV4, TcpListener, TcpStream},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::process::{Running, pause};

const LIMIT: Duration = Duration::from_secs(5);

/// A port that nobody listens on at this moment.
pub(crate) fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port")?;
    Ok(listener.local_addr()?.port())
}

/// An error that names the program on the port and the way out, when the port is taken.
pub(crate) fn must_be_free(port: u16, flag: &str) -> Result<()> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            let who = holder(port).unwrap_or_else(|| "another program".to_owned());
            bail!(
                "port {port} is in use by {who}.\nStop it, or choose another port: cargo xtask up {flag} {}",
                free_port()?
            )
        }
        Err(error) => Err(error).with_context(|| format!("port {port} cannot be used")),
    }
}

/// Name and process id of the program that listens on a port, as far as Linux lets us see it.
fn holder(port: u16) -> Option<String> {
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(fs::read_to_string);
    let inode = tables
        .iter()
        .flatten()
        .find_map(|table| listening_inode(table, port))?;
    let socket = format!("socket:[{inode}]");
    fs::read_dir("/proc").ok()?.flatten().find_map(|process| {
        let pid: u32 = process.file_name().to_str()?.parse().ok()?;
        let held = fs::read_dir(process.path().join("fd"))
            .ok()?
            .flatten()
            .any(|fd| fs::read_link(fd.path()).is_ok_and(|to| to.to_str() == Some(&socket)));
        let name = fs::read_to_string(process.path().join("comm")).ok()?;
        held.then(|| format!("{} (process {pid})", name.trim()))
    })
}

/// `/proc/net/tcp`: column 1 is `address:port` in hex, 3 the state (0A = listening), 9 the inode.
fn listening_inode(table: &str, port: u16) -> Option<&str> {
    let suffix = format!(":{port:04X}");
    table.lines().skip(1).find_map(|line| {
        let columns: Vec<_> = line.split_whitespace().collect();
        let listens = columns.get(1)?.ends_with(&suffix) && *columns.get(3)? == "0A";
        listens.then(|| columns.get(9).copied()).flatten()
    })
}

/// Status of `GET path` on 127.0.0.1.
pub(crate) fn status(port: u16, path: &str) -> Result<u16> {
    request(port, &format!("GET {path}"), "")
}

/// Status of `POST path` with a JSON body on 127.0.0.1.
pub(crate) fn post(port: u16, path: &str, json: &str) -> Result<u16> {
    request(port, &format!("POST {path}"), json)
}

fn request(port: u16, line: &str, body: &str) -> Result<u16> {
    let address = SocketAddrV4::new(Ipv4Addr::LOCALHOST, port);
    let mut stream = TcpStream::connect_timeout(&address.into(), LIMIT)?;
    stream.set_read_timeout(Some(LIMIT))?;
    stream.set_write_timeout(Some(LIMIT))?;
    let request = format!(
        "{line} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.take(64 * 1024).read_to_string(&mut answer)?;
    parse_status(&answer).with_context(|| format!("port {port} does not speak HTTP"))
}

fn parse_status(answer: &str) -> Option<u16> {
    answer.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()
}

/// Waits until `GET path` answers 200; an error when the server ends first or takes longer than `limit`.
pub(crate) fn wait_for_200(
    server: &mut Running,
    name: &str,
    port: u16,
    path: &str,
    limit: Duration,
) -> Result<()> {
    let started = Instant::now();
    loop {
        let answer = status(port, path);
        if matches!(answer, Ok(200)) {
            return Ok(());
        }
        if let Some(how) = server.ended()? {
            bail!("{name} ended before it was ready ({how}); its last lines above say why");
        }
        if started.elapsed() > limit {
            let last = match answer {
                Ok(status) => format!("it answers {status}"),
                Err(error) => error.to_string(),
            };
            bail!(
                "{name} was not ready after {} s: http://127.0.0.1:{port}{path}: {last}",
                limit.as_secs()
            );
        }
        pause()?;
    }
}

#[cfg(test)]
mod tests {
    use std::{process::Command, thread};

    use super::*;

    #[test]
    fn a_taken_port_is_refused_with_the_name_of_its_holder() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let message = must_be_free(port, "--port").unwrap_err().to_string();
        let me = format!("process {}", std::process::id());
        assert!(message.contains(&me), "{message}");
        assert!(message.contains("cargo xtask up --port "), "{message}");
    }

    #[test]
    fn a_free_port_is_accepted() {
        must_be_free(free_port().unwrap(), "--port").unwrap();
    }

    /// Answers each connection with the next of these statuses.
    fn answering(statuses: &'static [u16]) -> u16 {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            for (status, stream) in statuses.iter().zip(listener.incoming()) {
                let mut stream = stream.unwrap();
                let mut request = [0; 1024];
                assert!(stream.read(&mut request).unwrap() > 0);
                write!(stream, "HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n").unwrap();
            }
        });
        port
    }

    fn child(script: &str) -> Running {
        Running::start(Command::new("sh").args(["-c", script]), "test").unwrap()
    }

    #[test]
    fn a_server_is_ready_at_its_first_200() {
        let port = answering(&[503, 503, 200]);
        let mut server = child("sleep 600");
        wait_for_200(&mut server, "royal", port, "/readyz", LIMIT).unwrap();
        assert!(
            status(port, "/readyz").is_err(),
            "it was asked three times, no more"
        );
    }

    #[test]
    fn a_server_that_ends_or_never_gets_ready_is_named() {
        let port = free_port().unwrap();
        let mut ending = child("exit 78");
        let error = wait_for_200(&mut ending, "royal", port, "/readyz", LIMIT).unwrap_err();
        assert!(error.to_string().contains("royal ended"), "{error}");
        assert!(error.to_string().contains("78"), "{error}");

        let mut silent = child("sleep 600");
        let limit = Duration::from_millis(100);
        let error = wait_for_200(&mut silent, "royal", port, "/readyz", limit).unwrap_err();
        assert!(error.to_string().contains("not ready"), "{error}");
    }

    #[test]
    fn only_a_status_line_is_a_status() {
        assert_eq!(
            parse_status("HTTP/1.1 503 Service Unavailable\r\n"),
            Some(503)
        );
        assert_eq!(parse_status("SSH-2.0-OpenSSH"), None);
        assert_eq!(parse_status(""), None);
    }
}
