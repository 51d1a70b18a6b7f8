//! A QR code as one path, which a page draws in its own colours.

use qrcode::{Color, EcLevel, QrCode};
use serde::Serialize;
use std::fmt::Write as _;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QrCode)]
pub(crate) struct QrBody {
    /// Modules from one side to the other, without the quiet zone of four that belongs around.
    size: usize,
    /// The dark modules, as the path of an SVG with the view box `0 0 size size`.
    path: String,
}

impl QrBody {
    /// `None` when the text is too long for any code.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let size = code.width();
        let mut path = String::new();
        for (y, row) in code.to_colors().chunks(size).enumerate() {
            let mut x = 0;
            while x < size {
                let dark = row[x..].iter().take_while(|c| **c == Color::Dark).count();
                if dark > 0 {
                    // Runs of a row are one rectangle: no seams between modules.
                    write!(path, "M{x} {y}h{dark}v1h-{dark}z").ok();
                }
                x += dark.max(1);
            }
        }
        Some(Self { size, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_corners_are_where_readers_look_for_them() {
        let code = QrBody::of("otpauth://totp/Royal%20Equips:a%40b?secret=GEZDGNBV").unwrap();
        let right = code.size - 7;
        // The upper edges of the finders above, the lower edge of the one below.
        assert!(code.path.starts_with("M0 0h7v1h-7z"), "{}", code.path);
        assert!(code.path.contains(&format!("M{right} 0h7v1h-7z")));
        assert!(code.path.contains(&format!("M0 {}h7v1h-7z", code.size - 1)));
        assert!(QrBody::of(&"x".repeat(5000)).is_none());
    }
}
