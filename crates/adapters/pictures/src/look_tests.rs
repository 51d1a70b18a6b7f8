//! Hostile files, and what a hash says of a picture and its relatives.

use super::*;
use image::imageops::FilterType;
use image::{ExtendedColorType, ImageEncoder as _, Rgb, Rgba, RgbaImage};

/// Some goods on white: shapes of their own by a number, with shades.
fn goods(number: u32, side: u32) -> RgbImage {
    let mut state = number.wrapping_mul(2_654_435_761) | 1;
    let mut next = move |most: u32| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state % most
    };
    let shapes: Vec<[u32; 7]> = (0..9)
        .map(|_| {
            let (x, y) = (next(70), next(70));
            let (w, h) = (15 + next(40), 15 + next(40));
            [x, y, w, h, next(220), next(220), next(220)]
        })
        .collect();
    RgbImage::from_fn(side, side, |px, py| {
        let (x, y) = (px * 100 / side, py * 100 / side);
        let over = shapes
            .iter()
            .rev()
            .find(|s| (s[0]..s[0] + s[2]).contains(&x) && (s[1]..s[1] + s[3]).contains(&y));
        over.map_or(Rgb([255; 3]), |s| {
            let shade = u8::try_from((x - s[0]) * 30 / s[2]).unwrap();
            Rgb([s[4], s[5], s[6]].map(|c| u8::try_from(c).unwrap() + shade))
        })
    })
}

fn jpeg(picture: &RgbImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    picture.write_with_encoder(encoder).unwrap();
    bytes
}

fn encoded(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn hash(bytes: &[u8]) -> Option<PictureHash> {
    look(bytes).unwrap().hash
}

#[track_caller]
fn refused(bytes: &[u8], why: &str) {
    let failed = look(bytes).err().expect("refused");
    assert!(failed.contains(why), "{failed}");
}

/// As PNG (ISO/IEC 15948) ends each chunk.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                crc >> 1 ^ 0xedb8_8320
            } else {
                crc >> 1
            }
        })
    })
}

/// A small file that says it is so large.
fn bomb(width: u32, height: u32) -> Vec<u8> {
    let mut png = encoded(&RgbImage::new(8, 8), ImageFormat::Png);
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let check = crc(&png[12..29]);
    png[29..33].copy_from_slice(&check.to_be_bytes());
    png
}

#[test]
fn what_is_no_picture_that_is_shown_is_refused_by_its_first_bytes() {
    let none = "no JPEG, PNG, WebP or GIF";
    refused(b"", none);
    refused(b"<!doctype html><html><body>Please wait", none);
    refused(
        b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>1</script></svg>",
        none,
    );
    refused(b"<?xml version=\"1.0\"?><svg/>", none);
    refused(b"BM\x46\0\0\0", none);
    refused(b"II*\0\x08\0\0\0", none);
    refused(b"%PDF-1.7", none);
}

#[test]
fn a_small_file_that_says_it_is_huge_is_refused_before_it_is_unpacked() {
    refused(&bomb(200_000, 200_000), "too many pixels");
    refused(&bomb(9_999, 9_999), "too many pixels");
    assert!(
        look(&bomb(8, 8)).is_ok(),
        "the file is well-formed but for its size"
    );
}

#[test]
fn what_was_cut_off_is_refused() {
    let whole = jpeg(&goods(1, 300), 90);
    assert!(look(&whole).is_ok());
    assert!(look(&whole[..40]).is_err());
    let png = encoded(&goods(1, 300), ImageFormat::Png);
    assert!(look(&png[..png.len() / 2]).is_err());
}

#[test]
fn what_is_shown_is_small_and_encoded_anew() {
    let looked = look(&jpeg(&goods(2, 1_500), 95)).unwrap();
    assert_eq!(format_of(&looked.bytes), Some(ImageFormat::Jpeg));
    let shown = image::load_from_memory(&looked.bytes).unwrap();
    assert_eq!((shown.width(), shown.height()), (480, 480));
    let small = look(&encoded(&goods(2, 100), ImageFormat::Png)).unwrap();
    let shown = image::load_from_memory(&small.bytes).unwrap();
    assert_eq!(shown.width(), 100, "nothing is blown up");
}

#[test]
fn what_is_seen_through_is_white() {
    let clear = RgbaImage::from_pixel(40, 40, Rgba([0, 0, 0, 0]));
    let mut bytes = Vec::new();
    let encoder = image::codecs::png::PngEncoder::new(&mut bytes);
    encoder
        .write_image(&clear, 40, 40, ExtendedColorType::Rgba8)
        .unwrap();
    let looked = look(&bytes).unwrap();
    let shown = image::load_from_memory(&looked.bytes).unwrap().into_rgb8();
    assert!(shown.pixels().all(|p| p.0.iter().all(|c| *c > 250)));
    assert_eq!(looked.hash, None);
}

#[test]
fn a_picture_and_its_relatives_have_nearly_one_hash_and_others_do_not() {
    let mut farthest = 0;
    let mut all = Vec::new();
    for number in 1..=40 {
        let large = goods(number, 900);
        let whole = hash(&jpeg(&large, 92)).expect("there is enough on it");
        let small = image::imageops::resize(&large, 350, 350, FilterType::Lanczos3);
        let relatives = [
            jpeg(&large, 40),
            jpeg(&small, 60),
            encoded(&small, ImageFormat::Png),
            encoded(&large, ImageFormat::WebP),
            encoded(&small, ImageFormat::Gif),
        ];
        for relative in relatives {
            let distance = hash(&relative).expect("as much is on it").distance(whole);
            farthest = farthest.max(distance);
        }
        all.push(whole);
    }
    assert!(farthest <= 4, "{farthest}");
    for (n, one) in all.iter().enumerate() {
        for other in &all[n + 1..] {
            assert!(one.distance(*other) > 4, "{one} and {other}");
        }
    }
}

#[test]
fn placeholders_have_no_hash() {
    let blank = RgbImage::from_pixel(500, 500, Rgb([244, 244, 246]));
    assert_eq!(hash(&jpeg(&blank, 70)), None);
    // A grey frame with a bar in it, as shops show where there is no picture.
    let frame = RgbImage::from_fn(500, 500, |x, y| {
        let is_bar = (230..270).contains(&y) && (150..350).contains(&x);
        Rgb([if is_bar { 200 } else { 240 }; 3])
    });
    assert_eq!(hash(&jpeg(&frame, 70)), None);
}
