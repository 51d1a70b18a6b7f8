//! What came as a picture: known by its first bytes, decoded within bounds, scaled down, hashed, encoded anew.

use domain::supplier::{GRID_HEIGHT, GRID_WIDTH, Grid, PictureHash};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits, RgbImage};
use std::io::Cursor;

/// Pixels of the longer side of what is shown.
pub(crate) const LONGEST_SIDE: u32 = 480;
const QUALITY: u8 = 82;
/// Pixels of a side of what comes.
const MOST_SIDE: u32 = 10_000;
/// Bytes of a decoded picture: 22 million pixels of three colours.
pub(crate) const MOST_MEMORY: u64 = 64 << 20;

pub(crate) struct Looked {
    /// JPEG.
    pub(crate) bytes: Vec<u8>,
    pub(crate) hash: Option<PictureHash>,
}

fn format_of(bytes: &[u8]) -> Option<ImageFormat> {
    use ImageFormat::{Gif, Jpeg, Png, WebP};
    let format = image::guess_format(bytes).ok()?;
    matches!(format, Gif | Jpeg | Png | WebP).then_some(format)
}

/// The answer to the failure is a sentence.
pub(crate) fn look(bytes: &[u8]) -> Result<Looked, String> {
    let Some(format) = format_of(bytes) else {
        return Err("what came is no JPEG, PNG, WebP or GIF".to_owned());
    };
    let whole = decoded(bytes, format)?;
    let small = if whole.width().max(whole.height()) > LONGEST_SIDE {
        whole.thumbnail(LONGEST_SIDE, LONGEST_SIDE)
    } else {
        whole
    };
    let small = on_white(small);
    let hash = PictureHash::of(&grid(&small));
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
    let encoded = small.write_with_encoder(encoder);
    encoded.map_err(|e| format!("the picture cannot be encoded: {e}"))?;
    Ok(Looked { bytes, hash })
}

fn decoded(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage, String> {
    let cannot = |e: image::ImageError| match e {
        image::ImageError::Limits(_) => "the picture has too many pixels".to_owned(),
        other => format!("the picture cannot be decoded: {other}"),
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_SIDE);
    limits.max_image_height = Some(MOST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(cannot)?;
    if decoder.total_bytes() > MOST_MEMORY {
        return Err("the picture has too many pixels".to_owned());
    }
    let turned = decoder.orientation().map_err(cannot)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(cannot)?;
    picture.apply_orientation(turned);
    Ok(picture)
}

/// Shops are white, and JPEG knows nothing that is seen through.
fn on_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let picture = picture.into_rgba8();
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [r, g, b, alpha] = picture.get_pixel(x, y).0.map(u32::from);
        let over = |colour: u32| {
            let mixed = (colour * alpha + 255 * (255 - alpha) + 127) / 255;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        image::Rgb([over(r), over(g), over(b)])
    })
}

/// The mean brightness of each part, without regard to the sides' proportion.
fn grid(picture: &RgbImage) -> Grid {
    let grey = image::imageops::grayscale(picture);
    let (width, height) = (GRID_WIDTH as u32, GRID_HEIGHT as u32);
    let small =
        image::imageops::resize(&grey, width, height, image::imageops::FilterType::Triangle);
    let mut grid = [[0; GRID_WIDTH]; GRID_HEIGHT];
    for (row, line) in grid.iter_mut().zip(small.rows()) {
        for (cell, pixel) in row.iter_mut().zip(line) {
            *cell = pixel.0[0];
        }
    }
    grid
}

#[cfg(test)]
#[path = "look_tests.rs"]
mod tests;
