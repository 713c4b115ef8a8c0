use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Span, Spans};

/// One claim, in the format.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Claim {
    /// The id of its report, `#`, and its number among the report's claims, from 1.
    pub(crate) id: String,
    /// The id of its report.
    pub(crate) report: String,
    #[serde(flatten)]
    pub(crate) fields: Fields,
    pub(crate) span: Span,
    /// Nearest to the fact first, outermost speaker last; empty: the outlet itself.
    pub(crate) said_by: Vec<Speaker>,
    pub(crate) cue: Option<Span>,
    pub(crate) polarity: String,
    /// The id of the claim of the same report that this one denies.
    #[serde(default)]
    pub(crate) denies: Option<String>,
    /// The id of the claim of the same report that this one corrects or brings up to date.
    #[serde(default)]
    pub(crate) supersedes: Option<String>,
    pub(crate) rule: String,
    /// The words by which the rule fired. Rows of before this field have none.
    #[serde(default)]
    pub(crate) evidence: Vec<Span>,
}

/// The fields of each kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
#[expect(clippy::large_enum_variant, reason = "claims are written one after the other and not kept")]
pub(crate) enum Fields {
    Statement {
        form: String,
        speaker: Option<Speaker>,
        content: Vec<Span>,
        said_on: Option<Date>,
    },
    Figure {
        measure: String,
        population: String,
        lower: Option<u64>,
        upper: Option<u64>,
        stated: Option<u64>,
        approx: bool,
        vague: bool,
        scope: String,
        subset_of: Option<String>,
        place: Option<Place>,
        period: Option<Period>,
        caveats: Vec<String>,
    },
    Allegation {
        trigger: Span,
        act: String,
        actor: Option<Mention>,
        target: Option<Mention>,
        object_class: Vec<String>,
        place: Option<Place>,
        time: Option<Time>,
        weapon: Option<Mention>,
        certainty: String,
        #[serde(default)]
        caveats: Vec<String>,
        comparison: bool,
    },
    Determination {
        authority: Option<Speaker>,
        finding: String,
        standard: String,
        basis: Option<Span>,
        said_on: Option<Date>,
    },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Speaker {
    pub(crate) name: String,
    pub(crate) span: Option<Span>,
    pub(crate) resolution: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Mention {
    pub(crate) name: String,
    pub(crate) span: Span,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Place {
    pub(crate) span: Span,
    pub(crate) located: Option<Located>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Located {
    pub(crate) name: String,
    pub(crate) geonames: Option<u32>,
    pub(crate) country: String,
    pub(crate) latitude: f64,
    pub(crate) longitude: f64,
    pub(crate) precision: String,
    pub(crate) rule: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Time {
    pub(crate) span: Span,
    /// EDTF: a day, a month, a year, or two days with a slash between them.
    pub(crate) iso: String,
    /// A time of day or hours, as in ISO 8601-1: `15:00`, `09:30/11:00`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) hours: Option<String>,
    /// `after` or `before`, where it was on that side of the time: "since Monday", "by Monday".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) bound: Option<String>,
    pub(crate) rule: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Period {
    pub(crate) from: Option<Date>,
    pub(crate) to: Option<Date>,
}

impl Claim {
    pub(super) fn new(claim: &model::Claim, number: usize, report: &str, spans: &Spans<'_>) -> Claim {
        Claim {
            id: claim_id(report, number),
            report: report.to_owned(),
            fields: Fields::new(claim, report, spans),
            span: spans.span(claim.span),
            said_by: claim.said_by.iter().map(|speaker| Speaker::new(speaker, spans)).collect(),
            cue: claim.cue.map(|cue| spans.span(cue)),
            polarity: claim.polarity.name().to_owned(),
            denies: claim.denies.map(|denied| claim_id(report, denied)),
            supersedes: claim.supersedes.map(|earlier| claim_id(report, earlier)),
            rule: claim.rule.to_owned(),
            evidence: claim.evidence.iter().map(|&words| spans.span(words)).collect(),
        }
    }
}

/// Returns the id of the claim at `number`, counted from 0.
pub(crate) fn claim_id(report: &str, number: usize) -> String {
    format!("{report}#{}", number + 1)
}

/// Returns the number, counted from 0, of the claim of that id in its report.
pub(crate) fn claim_number(id: &str) -> Option<usize> {
    id.rsplit_once('#')?.1.parse::<usize>().ok()?.checked_sub(1)
}

impl Fields {
    /// Returns the kind of claim.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Fields::Statement { .. } => "statement",
            Fields::Figure { .. } => "figure",
            Fields::Allegation { .. } => "allegation",
            Fields::Determination { .. } => "determination",
        }
    }

    fn new(claim: &model::Claim, report: &str, spans: &Spans<'_>) -> Fields {
        match &claim.kind {
            model::ClaimKind::Statement(statement) => Fields::Statement {
                form: statement.form.name().to_owned(),
                speaker: claim.said_by.first().map(|speaker| Speaker::new(speaker, spans)),
                content: statement.content.iter().map(|&content| spans.span(content)).collect(),
                said_on: statement.said_on,
            },
            model::ClaimKind::Figure(figure) => Fields::Figure {
                measure: figure.measure.name().to_owned(),
                population: figure.population.clone(),
                lower: figure.lower,
                upper: figure.upper,
                stated: figure.stated,
                approx: figure.approx,
                vague: figure.vague,
                scope: figure.scope.name().to_owned(),
                subset_of: figure.subset_of.map(|whole| claim_id(report, whole)),
                place: figure.place.as_ref().map(|place| Place::new(place, spans)),
                period: figure.period.map(|period| Period { from: period.from, to: period.to }),
                caveats: figure.caveats.iter().map(|caveat| caveat.name().to_owned()).collect(),
            },
            model::ClaimKind::Allegation(allegation) => Fields::Allegation {
                trigger: spans.span(allegation.trigger),
                act: allegation.act.name().to_owned(),
                actor: allegation.actor.as_ref().map(|actor| Mention::new(actor, spans)),
                target: allegation.target.as_ref().map(|target| Mention::new(target, spans)),
                object_class: allegation.object_class.iter().map(|class| class.name().to_owned()).collect(),
                place: allegation.place.as_ref().map(|place| Place::new(place, spans)),
                time: allegation.time.as_ref().map(|time| Time::new(time, spans)),
                weapon: allegation.weapon.as_ref().map(|weapon| Mention::new(weapon, spans)),
                certainty: allegation.certainty.name().to_owned(),
                caveats: allegation.caveats.iter().map(|caveat| caveat.name().to_owned()).collect(),
                comparison: allegation.comparison,
            },
            model::ClaimKind::Determination(determination) => Fields::Determination {
                authority: determination.authority.as_ref().map(|authority| Speaker::new(authority, spans)),
                finding: determination.finding.clone(),
                standard: determination.standard.name().to_owned(),
                basis: determination.basis.map(|basis| spans.span(basis)),
                said_on: determination.said_on,
            },
        }
    }
}

impl Speaker {
    fn new(speaker: &model::Speaker, spans: &Spans<'_>) -> Speaker {
        Speaker {
            name: speaker.name.clone(),
            span: speaker.mention.map(|mention| spans.span(mention)),
            resolution: speaker.resolution.name().to_owned(),
        }
    }
}

impl Mention {
    fn new(mention: &model::Mention, spans: &Spans<'_>) -> Mention {
        Mention { name: mention.name.clone(), span: spans.span(mention.span) }
    }
}

impl Place {
    pub(super) fn new(place: &model::Place, spans: &Spans<'_>) -> Place {
        let located = place.located.as_ref().map(|located| Located {
            name: located.name.clone(),
            geonames: located.geonames,
            country: located.country.clone(),
            latitude: located.latitude,
            longitude: located.longitude,
            precision: located.precision.name().to_owned(),
            rule: located.rule.to_owned(),
        });
        Place { span: spans.span(place.span), located }
    }
}

impl Time {
    pub(super) fn new(time: &model::TimeMention, spans: &Spans<'_>) -> Time {
        let hours = time.hours.map(|hours| hours.to_string());
        let bound = (time.bound != model::Bound::Within).then(|| time.bound.name().to_owned());
        Time {
            span: spans.span(time.span),
            iso: time.when.to_string(),
            hours,
            bound,
            rule: time.rule.to_owned(),
        }
    }
}
