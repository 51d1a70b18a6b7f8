//! Series from a seed.

/// Numbers that look like chance and are the same each time.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// Between 0 and 1.
    pub(crate) fn share(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let top = u32::try_from(self.0 >> 32).unwrap();
        f64::from(top) / (f64::from(u32::MAX) + 1.0)
    }

    /// A count with this mean (Knuth; for small means).
    pub(crate) fn poisson(&mut self, mean: f64) -> f64 {
        let (least, mut product, mut count) = ((-mean).exp(), 1.0, -1.0);
        while product > least {
            product *= self.share();
            count += 1.0;
        }
        count
    }
}

/// Daily units with a week and a year.
pub(crate) fn units(seed: u64, days: usize, level: f64) -> Vec<f64> {
    let mut chance = Chance::new(seed);
    let week: Vec<f64> = (0..7).map(|_| 0.6 + 0.8 * chance.share()).collect();
    let phase = 6.0 * chance.share();
    let day = |at: usize| {
        let turn = f64::from(u32::try_from(at).unwrap()) / 365.25 * std::f64::consts::TAU;
        level * week[at % 7] * (1.0 + 0.25 * (turn + phase).sin())
    };
    let means: Vec<f64> = (0..days).map(day).collect();
    means.into_iter().map(|mean| chance.poisson(mean)).collect()
}
