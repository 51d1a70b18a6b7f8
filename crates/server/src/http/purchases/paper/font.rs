//! Letters of a PDF that carries its own font: those that are used, of DejaVu Sans.
//!
//! It has the letters of Latin, Greek, Cyrillic, Armenian and Georgian. What it has no glyph for, and writing from right to left, whose letters join and turn, stands as a
//! question mark: a wrong order would be worse.

use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Finish as _, Name, Pdf, Rect, Ref, Str};
use std::collections::BTreeMap;
use subsetter::GlyphRemapper;
use ttf_parser::{Face, GlyphId};

/// Objects that a font takes in a file.
const OBJECTS: i32 = 5;
const SYSTEM: SystemInfo<'static> = SystemInfo {
    registry: Str(b"Adobe"),
    ordering: Str(b"Identity"),
    supplement: 0,
};
const UNKNOWN: char = '?';
/// Hebrew to Syriac and Arabic's other blocks, and their forms of presentation.
const RIGHT_TO_LEFT: [std::ops::RangeInclusive<char>; 3] = [
    '\u{590}'..='\u{8ff}',
    '\u{fb1d}'..='\u{fdff}',
    '\u{fe70}'..='\u{feff}',
];

/// A font with the letters that were written by it so far.
pub(super) struct Font {
    name: &'static str,
    data: &'static [u8],
    /// `None` only if the font that is compiled in were broken.
    face: Option<Face<'static>>,
    glyphs: GlyphRemapper,
    letters: BTreeMap<u16, (char, GlyphId)>,
}

impl Font {
    pub(super) fn new(name: &'static str, data: &'static [u8]) -> Self {
        Self {
            name,
            data,
            face: Face::parse(data, 0).ok(),
            glyphs: GlyphRemapper::new(),
            letters: BTreeMap::new(),
        }
    }

    /// The text in the font's own numbers, two bytes a letter.
    pub(super) fn encode(&mut self, text: &str) -> Vec<u8> {
        let Some(face) = &self.face else {
            return Vec::new();
        };
        let mut bytes = Vec::with_capacity(text.len() * 2);
        for letter in text.chars() {
            let turned = RIGHT_TO_LEFT.iter().any(|block| block.contains(&letter));
            let own = face.glyph_index(letter).filter(|_| !turned);
            let found = own.map(|glyph| (letter, glyph));
            let found = found.or_else(|| Some((UNKNOWN, face.glyph_index(UNKNOWN)?)));
            let Some((letter, glyph)) = found else {
                continue;
            };
            let place = self.glyphs.remap(glyph.0);
            self.letters.entry(place).or_insert((letter, glyph));
            bytes.extend(place.to_be_bytes());
        }
        bytes
    }

    /// Writes the font with what was encoded; answers the object that pages name.
    pub(super) fn embed(&self, pdf: &mut Pdf, next: &mut Ref) -> Option<Ref> {
        let face = self.face.as_ref()?;
        let file = subsetter::subset(self.data, 0, &self.glyphs).ok()?;
        let ids: Vec<Ref> = (0..OBJECTS).map(|_| next.bump()).collect();
        let [font, descendant, descriptor, data, unicode] = ids[..] else {
            return None;
        };
        // A subset is named by six letters before the font's own name.
        let base = format!("ROYALS+{}", self.name);
        let base = Name(base.as_bytes());
        pdf.type0_font(font)
            .base_font(base)
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(descendant)
            .to_unicode(unicode);
        let scale = 1000.0 / f32::from(face.units_per_em());
        let scaled = |units: i16| f32::from(units) * scale;
        let mut cid = pdf.cid_font(descendant);
        cid.subtype(CidFontType::Type2)
            .base_font(base)
            .system_info(SYSTEM)
            .font_descriptor(descriptor)
            .default_width(0.0)
            .cid_to_gid_map_predefined(Name(b"Identity"));
        let mut widths = cid.widths();
        for (place, (_, glyph)) in &self.letters {
            let advance = face.glyph_hor_advance(*glyph).unwrap_or(0);
            widths.consecutive(*place, [f32::from(advance) * scale]);
        }
        widths.finish();
        cid.finish();
        let bounds = face.global_bounding_box();
        pdf.font_descriptor(descriptor)
            .name(base)
            .flags(FontFlags::NON_SYMBOLIC)
            .bbox(Rect::new(
                scaled(bounds.x_min),
                scaled(bounds.y_min),
                scaled(bounds.x_max),
                scaled(bounds.y_max),
            ))
            .italic_angle(0.0)
            .ascent(scaled(face.ascender()))
            .descent(scaled(face.descender()))
            .cap_height(scaled(face.capital_height().unwrap_or(face.ascender())))
            .stem_v(80.0)
            .font_file2(data);
        pdf.stream(data, &file).pair(
            Name(b"Length1"),
            i32::try_from(file.len()).unwrap_or(i32::MAX),
        );
        let mut map = UnicodeCmap::new(Name(b"Royal"), SYSTEM);
        for (place, (letter, _)) in &self.letters {
            map.pair(*place, *letter);
        }
        pdf.stream(unicode, &map.finish());
        Some(font)
    }
}
