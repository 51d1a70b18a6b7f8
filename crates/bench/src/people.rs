//! What it costs to know who is calling, and whether a sign-in tells by its time that an address is unknown.

use crate::load::{self, Connection};
use crate::measure::{Bench, Figure};
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const PASSWORD: &str = "a long enough password";
/// An account may fail so often a minute that this many share the tries.
const ACCOUNTS: usize = 8;
/// Of each kind; fewer where a run is short.
const TRIES: f64 = 200.0;

impl Bench<'_> {
    /// The median of `GET /v1/auth/me` with a session's cookie, which looks at nothing else, without that of `GET /v1/healthz`, which
    /// looks at nobody: one kept connection each, one request at a time.
    pub(crate) async fn session_check(&self) -> Result<Figure> {
        let cookie = self.joined("session@example.com").await?;
        let me = format!(
            "GET /v1/auth/me HTTP/1.1\r\nhost: {}\r\ncookie: {cookie}\r\n\r\n",
            self.address()
        );
        let span = Duration::from_secs_f64(self.plan.seconds);
        let ask = |request| load::closed(self.address(), request, 1, span / 4, span);
        let with = ask(me.into_bytes()).await?;
        let without = ask(load::get(self.address(), "/v1/healthz", "")).await?;
        self.say(&format!(
            "with a session {:.3} ms, without {:.3} ms",
            with.p50_ms, without.p50_ms
        ));
        // What is lost in the noise is not negative.
        let check = (with.p50_ms - without.p50_ms).max(0.001);
        Ok(self.figure("session_check_ms", check, "ms"))
    }

    /// Of so many sign-ins with an unknown address and with a wrong password, by turns: the probability that two samples of one
    /// distribution differ as much (Mann-Whitney, two-sided). Below 0.01 they can be told apart.
    pub(crate) async fn sign_in(&self) -> Result<Figure> {
        let tries = (TRIES.min(self.plan.seconds * TRIES / 10.0).max(10.0)) as usize;
        let address = |n: usize| format!("known{}@example.com", n % ACCOUNTS);
        for n in 0..ACCOUNTS {
            self.joined(&address(n)).await?;
        }
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        let mut connection = Connection::open(self.address()).await?;
        for n in 0..tries {
            for (times, email) in [
                (&mut known, address(n)),
                (&mut unknown, format!("nobody{}@example.com", n % ACCOUNTS)),
            ] {
                // From elsewhere each time: the limit of an address is not what is measured.
                let place = format!("203.0.{}.{}", n / 250, n % 250);
                let body = json!({ "email": email, "password": "not the password" });
                let headers = [("x-forwarded-for", place)];
                let body = body.to_string();
                let path = "/v1/auth/login";
                let request = load::post(self.address(), path, &headers, body.as_bytes());
                let began = Instant::now();
                let answer = connection.ask(&request).await?;
                times.push(began.elapsed().as_secs_f64() * 1e3);
                ensure!(answer.status == 401, "{email}: answered {}", answer.status);
            }
        }
        self.say(&format!(
            "{tries} sign-ins each: wrong password {:.2} ms, unknown address {:.2} ms (medians)",
            median(&known),
            median(&unknown)
        ));
        Ok(Figure {
            ratio: Some((median(&unknown) / median(&known) * 1e3).round() / 1e3),
            against: Some("the median time of a wrong password".to_owned()),
            ..self.figure(
                "sign_in_indistinguishable_p",
                mann_whitney(&known, &unknown).max(0.001),
                "p",
            )
        })
    }

    /// A new person, by an invitation; answers the cookie of their session.
    pub(crate) async fn joined(&self, email: &str) -> Result<String> {
        let body = json!({ "email": email, "role": "viewer" });
        let invited: Value = self.post("/v1/invitations", &body).await?;
        let url = invited["url"]
            .as_str()
            .context("an invitation without a link")?;
        let (_, link) = url.split_once('#').context("a link without a secret")?;
        let body = json!({ "link": link, "password": PASSWORD }).to_string();
        // From elsewhere each time, as in `sign_in`.
        let sum = email
            .bytes()
            .fold(0_u16, |sum, b| sum.wrapping_mul(31).wrapping_add(b.into()));
        let headers = [(
            "x-forwarded-for",
            format!("198.51.{}.{}", sum >> 8, sum & 255),
        )];
        let request = load::post(self.address(), "/v1/auth/accept", &headers, body.as_bytes());
        let answer = Connection::open(self.address())
            .await?
            .ask(&request)
            .await?;
        ensure!(
            answer.status == 201,
            "joining was answered {}",
            answer.status
        );
        answer.cookie.context("no session after joining")
    }
}

fn median(times: &[f64]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Two-sided p by the normal approximation with correction for ties, which is good from ten values each on.
fn mann_whitney(a: &[f64], b: &[f64]) -> f64 {
    let mut all: Vec<(f64, bool)> = a.iter().map(|x| (*x, true)).collect();
    all.extend(b.iter().map(|x| (*x, false)));
    all.sort_by(|x, y| x.0.total_cmp(&y.0));
    let (n, m) = (a.len() as f64, b.len() as f64);
    let total = n + m;
    let (mut rank_sum, mut ties, mut from) = (0.0, 0.0, 0);
    while from < all.len() {
        let equal = all[from..]
            .iter()
            .take_while(|x| x.0 == all[from].0)
            .count();
        // Equal values share the mean of their ranks.
        let rank = from as f64 + (equal as f64 + 1.0) / 2.0;
        let ours = all[from..from + equal].iter().filter(|x| x.1).count();
        rank_sum += rank * ours as f64;
        ties += (equal as f64).powi(3) - equal as f64;
        from += equal;
    }
    let u = rank_sum - n * (n + 1.0) / 2.0;
    let variance = n * m / 12.0 * (total + 1.0 - ties / (total * (total - 1.0)));
    if variance <= 0.0 {
        return 1.0;
    }
    let z = ((u - n * m / 2.0).abs() - 0.5).max(0.0) / variance.sqrt();
    2.0 * upper_tail(z)
}

/// Of the standard normal distribution above `z ≥ 0` (Abramowitz and Stegun 26.2.17, error below 7.5e-8).
fn upper_tail(z: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * z);
    let terms = [
        0.319_381_530,
        -0.356_563_782,
        1.781_477_937,
        -1.821_255_978,
        1.330_274_429,
    ];
    let sum = terms.iter().rev().fold(0.0, |sum, c| (sum + c) * t);
    (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt() * sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_distribution_is_the_one_of_the_tables() {
        for (z, p) in [
            (0.0, 0.5),
            (1.0, 0.158_655),
            (1.959_964, 0.025),
            (3.0, 0.001_350),
        ] {
            assert!((upper_tail(z) - p).abs() < 1e-6, "{z}");
        }
    }

    #[test]
    fn samples_that_are_shifted_are_told_apart_and_equal_ones_are_not() {
        // Neither sorted nor random: a fixed walk over the residues of a prime.
        let sample = |shift: f64| -> Vec<f64> {
            (1..=200).map(|n| f64::from(n * 37 % 211) + shift).collect()
        };
        assert!(mann_whitney(&sample(0.0), &sample(0.0)) > 0.99);
        assert!(mann_whitney(&sample(0.0), &sample(1.0)) > 0.5);
        assert!(mann_whitney(&sample(0.0), &sample(40.0)) < 0.001);
        assert!((mann_whitney(&[1.0; 20], &[1.0; 20]) - 1.0).abs() < 1e-9);
        // As R's wilcox.test(1:10, 6:15, exact = FALSE) tells it.
        let run = |from: i32| -> Vec<f64> { (from..from + 10).map(f64::from).collect() };
        let p = mann_whitney(&run(1), &run(6));
        assert!((p - 0.005_0).abs() < 0.002, "{p}");
    }
}
