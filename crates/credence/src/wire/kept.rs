use extract::Family;
use model::{
    Act, Allegation, Caveat, Certainty, ClaimKind, Determination, Figure, Form, Measure, ObjectClass,
    Polarity, Precision, Resolution, Scope, Standard, Statement, Text,
};

use super::claim::{Mention, Speaker, Time};
use super::{Claim, Fields, Place, Span, claim_number};

/// Makes the claims of a report again from its rows, over its text; `None` if the rows are of another version, or if a
/// span of theirs cannot be found in the text without doubt.
///
/// They are those that reading found, but for the side of a time (`until`, `since`), which the format does not tell.
pub(crate) fn kept_claims(bodies: &[String], text: &Text) -> Option<Vec<model::Claim>> {
    let kept = Kept { text };
    bodies.iter().map(|body| kept.claim(&serde_json::from_str(body).ok()?)).collect()
}

/// Makes a figure again from its fields, without its place, which needs the text; `None` if they are of another version,
/// or of another kind of claim.
pub(crate) fn kept_figure(fields: &Fields) -> Option<Figure> {
    let Fields::Figure {
        measure,
        population,
        lower,
        upper,
        stated,
        approx,
        vague,
        scope,
        subset_of,
        period,
        caveats,
        ..
    } = fields
    else {
        return None;
    };
    Some(Figure {
        measure: Measure::from_name(measure)?,
        population: population.clone(),
        lower: *lower,
        upper: *upper,
        stated: *stated,
        approx: *approx,
        vague: *vague,
        scope: Scope::from_name(scope)?,
        subset_of: subset_of.as_deref().and_then(claim_number),
        place: None,
        period: period.as_ref().map(|period| model::Period { from: period.from, to: period.to }),
        caveats: all(caveats, |name| Caveat::from_name(name))?,
    })
}

/// The text that the spans of some claims are cut from.
struct Kept<'t> {
    text: &'t Text,
}

impl Kept<'_> {
    fn claim(&self, claim: &Claim) -> Option<model::Claim> {
        Some(model::Claim {
            span: self.span(&claim.span)?,
            said_by: all(&claim.said_by, |speaker| self.speaker(speaker))?,
            cue: self.maybe(claim.cue.as_ref(), Kept::span)?,
            polarity: Polarity::from_name(&claim.polarity)?,
            denies: claim.denies.as_deref().and_then(claim_number),
            supersedes: claim.supersedes.as_deref().and_then(claim_number),
            rule: rule(Family::Claim, &claim.rule)?,
            evidence: all(&claim.evidence, |span| self.span(span))?,
            kind: self.kind(&claim.fields)?,
        })
    }

    fn kind(&self, fields: &Fields) -> Option<ClaimKind> {
        Some(match fields {
            Fields::Statement { form, content, said_on, .. } => ClaimKind::Statement(Statement {
                form: Form::from_name(form)?,
                content: all(content, |span| self.span(span))?,
                said_on: *said_on,
            }),
            Fields::Figure { .. } => ClaimKind::Figure(Box::new(self.figure(fields)?)),
            Fields::Allegation { .. } => ClaimKind::Allegation(Box::new(self.allegation(fields)?)),
            Fields::Determination { authority, finding, standard, basis, said_on } => {
                ClaimKind::Determination(Box::new(Determination {
                    authority: self.maybe(authority.as_ref(), Kept::speaker)?,
                    finding: finding.clone(),
                    standard: Standard::from_name(standard)?,
                    basis: self.maybe(basis.as_ref(), Kept::span)?,
                    said_on: *said_on,
                }))
            }
        })
    }

    fn figure(&self, fields: &Fields) -> Option<Figure> {
        let place = match fields {
            Fields::Figure { place, .. } => place.as_ref(),
            _ => None,
        };
        Some(Figure { place: self.maybe(place, Kept::place)?, ..kept_figure(fields)? })
    }

    fn allegation(&self, fields: &Fields) -> Option<Allegation> {
        let Fields::Allegation {
            trigger,
            act,
            actor,
            target,
            object_class,
            place,
            time,
            weapon,
            certainty,
            caveats,
            comparison,
        } = fields
        else {
            return None;
        };
        Some(Allegation {
            trigger: self.span(trigger)?,
            act: Act::from_name(act)?,
            actor: self.maybe(actor.as_ref(), Kept::mention)?,
            target: self.maybe(target.as_ref(), Kept::mention)?,
            object_class: all(object_class, |name| ObjectClass::from_name(name))?,
            place: self.maybe(place.as_ref(), Kept::place)?,
            time: self.maybe(time.as_ref(), Kept::time)?,
            weapon: self.maybe(weapon.as_ref(), Kept::mention)?,
            certainty: Certainty::from_name(certainty)?,
            caveats: all(caveats, |name| Caveat::from_name(name))?,
            comparison: *comparison,
        })
    }

    fn span(&self, span: &Span) -> Option<model::Span> {
        let found = self.text.span_of_given(span.bytes[0]..span.bytes[1])?;
        (self.text.quote(found) == span.words()).then_some(found)
    }

    fn speaker(&self, speaker: &Speaker) -> Option<model::Speaker> {
        Some(model::Speaker {
            name: speaker.name.clone(),
            mention: self.maybe(speaker.span.as_ref(), Kept::span)?,
            resolution: Resolution::from_name(&speaker.resolution)?,
        })
    }

    fn mention(&self, mention: &Mention) -> Option<model::Mention> {
        Some(model::Mention { span: self.span(&mention.span)?, name: mention.name.clone() })
    }

    fn place(&self, place: &Place) -> Option<model::Place> {
        let located = |located: &super::claim::Located| {
            Some(model::Located {
                name: located.name.clone(),
                geonames: located.geonames,
                country: located.country.clone(),
                latitude: located.latitude,
                longitude: located.longitude,
                precision: Precision::from_name(&located.precision)?,
                rule: rule(Family::Place, &located.rule)?,
            })
        };
        let located = match &place.located {
            Some(place) => Some(located(place)?),
            None => None,
        };
        Some(model::Place { span: self.span(&place.span)?, located })
    }

    fn time(&self, time: &Time) -> Option<model::TimeMention> {
        Some(model::TimeMention {
            span: self.span(&time.span)?,
            when: time.iso.parse().ok()?,
            hours: None,
            bound: match &time.bound {
                Some(bound) => model::Bound::from_name(bound)?,
                None => model::Bound::Within,
            },
            rule: rule(Family::Time, &time.rule)?,
        })
    }

    /// Makes what may be missing; `None` alone if it is there and cannot be made.
    fn maybe<T, R>(&self, thing: Option<&T>, make: impl Fn(&Self, &T) -> Option<R>) -> Option<Option<R>> {
        thing.map_or(Some(None), |thing| make(self, thing).map(Some))
    }
}

fn all<T, R>(things: &[T], make: impl Fn(&T) -> Option<R>) -> Option<Vec<R>> {
    things.iter().map(make).collect()
}

fn rule(family: Family, name: &str) -> Option<&'static str> {
    extract::rule(family, name).map(|rule| rule.name.as_str())
}

#[cfg(test)]
mod tests {
    use model::{Digest, Kind, Metadata};

    use super::*;
    use crate::reading::Original;

    fn check(kind: Kind, text: &str) {
        let metadata = Metadata { published: Some(jiff::civil::date(2031, 3, 14)), ..Metadata::default() };
        let bytes = text.as_bytes().to_vec();
        let original = Original { digest: Digest::of(&bytes), bytes, kind, metadata };
        let mut reading = original.read();
        let bodies: Vec<String> = original.wire(&reading).claims.iter().map(crate::wire::json).collect();
        let report = original.article();
        assert_eq!(report, reading.report);
        for claim in &mut reading.claims {
            if let ClaimKind::Allegation(allegation) = &mut claim.kind
                && let Some(time) = &mut allegation.time
            {
                time.hours = None;
            }
        }
        assert!(bodies.len() > 3);
        assert_eq!(kept_claims(&bodies, &report.text), Some(reading.claims));
    }

    const STRIKE: [&str; 3] = [
        "Rockets hit a school in Halvorek on Tuesday at noon, killing at least 12 people, among them three children,          Governor Mira Vey said. “They aimed at it,” she said.",
        "The defence ministry denied that its forces had attacked the school. The court in Odesa convicted two soldiers          of war crimes since Monday.",
        "Ten houses were destroyed near Kharkiv, according to the emergency service, which estimates that 3,000 fled.",
    ];

    #[test]
    fn of_plain_text() {
        check(Kind::PlainText, &STRIKE.join("\n\n"));
    }

    #[test]
    fn of_a_page() {
        let paragraphs = STRIKE
            .map(|words| format!("<p>{}</p>", words.replace(' ', "&#32;").replace("two", "<b>two</b>")));
        check(Kind::Page, &format!("<html><body><article>{}</article></body></html>", paragraphs.join("\n")));
    }
}
