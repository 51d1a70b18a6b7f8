//! Penalised least squares by Cholesky's decomposition; small and dense.

/// Normal equations that rows are added to.
#[derive(Debug, Clone)]
pub(crate) struct Normal {
    size: usize,
    left: Vec<f64>,
    right: Vec<f64>,
}

impl Normal {
    pub(crate) fn new(size: usize) -> Self {
        Self {
            size,
            left: vec![0.0; size * size],
            right: vec![0.0; size],
        }
    }

    /// A row of features with its target and weight.
    pub(crate) fn add(&mut self, row: &[f64], target: f64, weight: f64) {
        for (i, a) in row.iter().enumerate() {
            let weighted = weight * a;
            self.right[i] += weighted * target;
            let line = &mut self.left[i * self.size..=i * self.size + i];
            for (cell, b) in line.iter_mut().zip(row) {
                *cell += weighted * b;
            }
        }
    }

    /// The coefficients under a penalty for each; `None` where they are not determined.
    pub(crate) fn solve(mut self, penalties: &[f64]) -> Option<Vec<f64>> {
        let n = self.size;
        for (i, penalty) in penalties.iter().enumerate() {
            self.left[i * n + i] += penalty;
        }
        for i in 0..n {
            for j in 0..=i {
                let dot: f64 = (0..j)
                    .map(|k| self.left[i * n + k] * self.left[j * n + k])
                    .sum();
                let rest = self.left[i * n + j] - dot;
                if i == j {
                    if rest.is_nan() || rest <= 1e-12 {
                        return None;
                    }
                    self.left[i * n + i] = rest.sqrt();
                } else {
                    self.left[i * n + j] = rest / self.left[j * n + j];
                }
            }
        }
        let mut x = self.right;
        for i in 0..n {
            let dot: f64 = (0..i).map(|k| self.left[i * n + k] * x[k]).sum();
            x[i] = (x[i] - dot) / self.left[i * n + i];
        }
        for i in (0..n).rev() {
            let dot: f64 = (i + 1..n).map(|k| self.left[k * n + i] * x[k]).sum();
            x[i] = (x[i] - dot) / self.left[i * n + i];
        }
        Some(x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found() {
        let mut normal = Normal::new(2);
        for x in [0.0, 1.0, 2.0, 3.0] {
            normal.add(&[1.0, x], 2.0 + 3.0 * x, 1.0);
        }
        let found = normal.solve(&[0.0, 0.0]).unwrap();
        assert!((found[0] - 2.0).abs() < 1e-9 && (found[1] - 3.0).abs() < 1e-9);
    }

    #[test]
    fn what_is_not_determined_has_no_answer() {
        let mut normal = Normal::new(2);
        normal.add(&[1.0, 1.0], 2.0, 1.0);
        assert!(normal.clone().solve(&[0.0, 0.0]).is_none());
        assert!(normal.solve(&[0.1, 0.1]).is_some());
    }
}
