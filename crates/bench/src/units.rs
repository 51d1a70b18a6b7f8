//! Daily units of made-up products; each series is a function of its number.

use std::f64::consts::TAU;

/// Smooth, rare, growing, promoted, at a new level, out of stock for a while.
pub(crate) const KINDS: usize = 6;

/// Numbers that look like chance.
struct Chance(u64);

impl Chance {
    fn of(seed: usize) -> Self {
        // Neighbouring numbers must not begin alike.
        let mut state = seed as u64 ^ 0x5DEE_CE66_D1CE_4E5B;
        for _ in 0..2 {
            state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        }
        Self(state | 1)
    }

    fn share(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let top = u32::try_from(self.0 >> 32).unwrap_or_default();
        f64::from(top) / 4_294_967_296.0
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.share()
    }

    /// A standard normal number, nearly (the sum of twelve).
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.share()).sum::<f64>() - 6.0
    }

    /// A count with this mean: Knuth's product for small ones, a rounded normal number for large ones.
    fn count(&mut self, mean: f64) -> f64 {
        if mean > 30.0 {
            return (mean + mean.sqrt() * self.normal()).round().max(0.0);
        }
        let (least, mut product, mut count) = ((-mean).exp(), 1.0, -1.0);
        while product > least {
            product *= self.share();
            count += 1.0;
        }
        count
    }
}

/// Units of so many days, from a Monday on.
pub(crate) fn series(number: usize, days: usize) -> Vec<f64> {
    let mut chance = Chance::of(number);
    let kind = number % KINDS;
    let level = match kind {
        1 => chance.between(-2.5, 0.5).exp(),
        _ => chance.between(1.0, 4.5).exp(),
    };
    let week: Vec<f64> = (0..7).map(|_| (0.25 * chance.normal()).exp()).collect();
    let (amplitude, phase) = (chance.between(0.05, 0.4), chance.between(0.0, TAU));
    let growth = if kind == 2 {
        chance.between(-0.3, 0.6)
    } else {
        0.0
    };
    let turn = at(days) * chance.between(0.4, 0.85);
    let step = if chance.share() < 0.5 { 0.5 } else { 1.9 };
    let (rare, mut drift) = (kind == 1, 0.0);
    let mut out = Vec::with_capacity(days);
    for day in 0..days {
        let year = at(day) / 365.25;
        drift += 0.012 * chance.normal();
        let mut mean = level
            * week[day % 7]
            * (amplitude * (TAU * year + phase).sin() + growth * year + drift).exp();
        let late = at(day) > turn;
        match kind {
            3 if day % 61 < 5 => mean *= 1.9,
            4 if late => mean *= step,
            5 if late && at(day) < turn + 21.0 => mean = 0.0,
            _ => {}
        }
        // More of a spread than chance alone; much more where little is sold.
        let noise = if rare {
            chance.between(0.0, 1.0).powi(2) * 3.0
        } else {
            chance.between(0.7, 1.3)
        };
        out.push(chance.count(mean * noise));
    }
    out
}

fn at(day: usize) -> f64 {
    u32::try_from(day).map_or(0.0, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_is_the_same_each_time_and_no_other() {
        assert_eq!(series(3, 200), series(3, 200));
        assert_ne!(series(3, 200), series(9, 200));
    }

    #[test]
    fn rare_is_rare_and_nothing_is_negative() {
        let zeros = |number| series(number, 730).iter().filter(|v| **v == 0.0).count();
        let rare: usize = (0..20).map(|k| zeros(1 + KINDS * k)).sum();
        let smooth: usize = (0..20).map(|k| zeros(KINDS * k)).sum();
        assert!(rare > 20 * 250 && smooth < 20 * 60, "{rare} {smooth}");
        assert!(series(1, 730).iter().all(|v| *v >= 0.0 && v.fract() == 0.0));
    }
}
