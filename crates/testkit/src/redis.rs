//! A real Redis for one test: the system's `redis-server` on a free port of loopback, without persistence, killed when it is dropped.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

pub struct RedisServer {
    port: u16,
    child: Option<Child>,
}

impl RedisServer {
    /// Ready when it returns.
    ///
    /// # Panics
    /// Without `redis-server`: the tests that need one fail instead of passing without it.
    #[must_use]
    pub fn start() -> Self {
        let port = TcpListener::bind(("127.0.0.1", 0)).and_then(|l| l.local_addr());
        let mut server = Self {
            port: port.expect("a free port").port(),
            child: None,
        };
        server.start_again();
        server
    }

    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/0", self.port)
    }

    /// Cut off as by a lost machine: whoever is connected hears nothing more. Everything in it is gone.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// At the same address, empty.
    ///
    /// # Panics
    /// As [`RedisServer::start`].
    pub fn start_again(&mut self) {
        self.kill();
        let mut command = Command::new("redis-server");
        command.args(["--port", &self.port.to_string(), "--bind", "127.0.0.1"]);
        command.args(["--save", "", "--appendonly", "no", "--dir", "/tmp"]);
        let started = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child = started.expect(
            "redis-server is needed for this test: install the package redis-server, or run cargo xtask test, which does",
        );
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let mut lines = lines.map_while(Result::ok);
        let ready = lines.any(|line| line.contains("Ready to accept connections"));
        assert!(ready, "redis-server ended before it was ready");
        // Whoever writes into a pipe that nobody reads stops one day.
        std::thread::spawn(move || lines.for_each(drop));
        self.child = Some(child);
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.kill();
    }
}
