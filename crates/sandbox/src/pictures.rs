//! Pictures of suppliers' products, as their hosts have them: drawn from what a product is called, so that the same thing looks the same at every
//! supplier, each of which has it in its own size and format. Words that say only where a thing is used draw nothing.

use std::io::Cursor;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, ServiceConfig};
use image::codecs::jpeg::JpegEncoder;
use image::{ImageFormat, Rgb, RgbImage};
use sha2::{Digest as _, Sha256};

use crate::app::App;
use crate::random::Random;

const PLAIN_WORDS: [&str; 1] = ["camping"];
/// More than any picture has.
const HUGE: usize = 12_000_000;
const SHAPES: usize = 10;
/// Drawn on a ground of so many squares a side.
const GROUND: i64 = 120;

pub(crate) fn routes(config: &mut ServiceConfig) {
    config.route("/pictures/{supplier}/{file}", web::get().to(picture));
}

/// Where a supplier has the picture of what is called so.
pub(crate) fn address(base: &str, supplier: &str, title: &str) -> String {
    let words: Vec<String> = title
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let ending = if supplier == "autods" { "png" } else { "jpg" };
    format!("{base}/pictures/{supplier}/{}.{ending}", words.join("-"))
}

async fn picture(app: Data<App>, path: Path<(String, String)>) -> HttpResponse {
    let (supplier, file) = path.into_inner();
    if app.strikes("picture_missing") {
        return HttpResponse::NotFound().finish();
    }
    if app.strikes("picture_slow") {
        tokio::time::sleep(Duration::from_secs(30)).await;
    }
    if app.strikes("picture_html") {
        let page = "<!DOCTYPE html><html><body>Please wait, you are being redirected";
        return HttpResponse::Ok().content_type("image/jpeg").body(page);
    }
    if app.strikes("picture_huge") {
        let mut body = vec![0; HUGE];
        body[..3].copy_from_slice(&[0xff, 0xd8, 0xff]);
        return HttpResponse::Ok().content_type("image/jpeg").body(body);
    }
    let Some((name, _)) = file.rsplit_once('.') else {
        return HttpResponse::NotFound().finish();
    };
    let name = name.to_owned();
    let drawn = web::block(move || drawn(&supplier, &name)).await;
    match drawn {
        Ok(Some((media_type, bytes))) => HttpResponse::Ok().content_type(media_type).body(bytes),
        _ => HttpResponse::NotFound().finish(),
    }
}

fn drawn(supplier: &str, name: &str) -> Option<(&'static str, Vec<u8>)> {
    let (side, quality) = match supplier {
        "cj" => (800, Some(88)),
        "printful" => (600, Some(60)),
        "autods" => (420, None),
        _ => return None,
    };
    let picture = draw(name, side);
    let mut bytes = Cursor::new(Vec::new());
    match quality {
        Some(quality) => {
            let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
            picture.write_with_encoder(encoder).ok()?;
            Some(("image/jpeg", bytes.into_inner()))
        }
        None => {
            picture.write_to(&mut bytes, ImageFormat::Png).ok()?;
            Some(("image/png", bytes.into_inner()))
        }
    }
}

struct Shape {
    middle: (i64, i64),
    half: (i64, i64),
    round: bool,
    colour: [u8; 3],
}

impl Shape {
    fn covers(&self, x: i64, y: i64) -> bool {
        let (dx, dy) = ((x - self.middle.0).abs(), (y - self.middle.1).abs());
        let (w, h) = self.half;
        if self.round {
            dx * dx * h * h + dy * dy * w * w <= w * w * h * h
        } else {
            dx <= w && dy <= h
        }
    }
}

fn shapes(name: &str) -> Vec<Shape> {
    let words = name.split('-').filter(|word| !PLAIN_WORDS.contains(word));
    let thing = words.collect::<Vec<_>>().join(" ");
    let seed = Sha256::digest(thing.as_bytes());
    let seed = seed
        .iter()
        .take(8)
        .fold(0, |all, byte| all << 8 | u64::from(*byte));
    let mut random = Random::new(seed);
    let mut part = || u8::try_from(random.within(30, 210)).unwrap_or(128);
    let tone = [part(), part(), part()];
    (0..SHAPES)
        .map(|_| Shape {
            middle: (random.within(25, 95), random.within(25, 95)),
            half: (random.within(8, 26), random.within(8, 26)),
            round: random.chance(500),
            colour: tone.map(|c| {
                let moved = i64::from(c) + random.within(-45, 45);
                u8::try_from(moved.clamp(0, 225)).unwrap_or(c)
            }),
        })
        .collect()
}

fn draw(name: &str, side: u32) -> RgbImage {
    let shapes = shapes(name);
    RgbImage::from_fn(side, side, |px, py| {
        let x = i64::from(px) * GROUND / i64::from(side);
        let y = i64::from(py) * GROUND / i64::from(side);
        let over = shapes.iter().rev().find(|shape| shape.covers(x, y));
        over.map_or(Rgb([252; 3]), |shape| {
            // Light comes from the left.
            let light = (shape.middle.0 + shape.half.0 - x).clamp(0, 30);
            let light = u8::try_from(light).unwrap_or(0);
            Rgb(shape.colour.map(|c| c.saturating_add(light)))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_thing_looks_the_same_everywhere_and_other_things_do_not() {
        let (one, other) = (
            draw("compact-camping-headlamp-1", 60),
            draw("compact-headlamp-1", 60),
        );
        assert_eq!(one, other);
        assert_ne!(one, draw("compact-headlamp-2", 60));
        let url = address("http://here", "cj", "Compact Camping Headlamp 1");
        assert_eq!(
            url,
            "http://here/pictures/cj/compact-camping-headlamp-1.jpg"
        );
        assert_eq!(drawn("cj", "mug"), drawn("cj", "mug"), "to the byte");
        assert_eq!(drawn("nobody", "mug"), None);
    }
}
