use crate::Span;

/// A place named in a report.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// The words, such as "Mariupol".
    pub span: Span,
    /// Where that is, if the gazetteer knows; `None` keeps the name as a name.
    pub located: Option<Located>,
}

/// An entry of the gazetteer that a name was resolved to.
#[derive(Debug, Clone, PartialEq)]
pub struct Located {
    /// The main name of the entry, in Latin letters.
    pub name: String,
    /// The identifier in GeoNames, where the point is from there.
    pub geonames: Option<u32>,
    /// The country, two letters after ISO 3166-1; empty for what lies in several or none.
    pub country: String,
    /// Degrees north, -90 to 90 (WGS 84).
    pub latitude: f64,
    /// Degrees east, -180 to 180 (WGS 84).
    pub longitude: f64,
    /// How much ground the name covers; its point is about the middle.
    pub precision: Precision,
    /// The rule that chose this entry among those of the same name, such as `only-one` or `largest`.
    pub rule: &'static str,
}

/// How much ground a named place covers, from small to large.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// A city, town or village.
    Settlement,
    /// "Near", "outside", "north of" a settlement.
    Near,
    /// A region, province or district.
    Region,
    /// A country.
    Country,
    /// A continent, a sea, a mountain range.
    PartOfTheWorld,
}

crate::claim::names! {
    Precision { Settlement = "settlement", Near = "near", Region = "region", Country = "country",
        PartOfTheWorld = "part-of-the-world" }
}
