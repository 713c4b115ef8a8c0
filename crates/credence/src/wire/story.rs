use std::collections::BTreeMap;

use corroborate::{ClaimRef, ReportKey};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::StoredReport;
use utoipa::ToSchema;

use super::{Span, Spans};

/// Reports of one news development, and what they say together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Story {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) first_day: Option<Date>,
    pub(crate) last_day: Option<Date>,
    pub(crate) reports: Vec<Member>,
    pub(crate) families: Vec<Family>,
    pub(crate) matters: Vec<Matter>,
    /// The decisions of people that stand and name one of its reports.
    #[serde(default)]
    pub(crate) decisions: Vec<String>,
    /// The names of each speaker who has several in these reports, fullest first.
    #[serde(default)]
    pub(crate) speakers: Vec<Vec<String>>,
}

/// A report of a story.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Member {
    pub(crate) id: String,
    pub(crate) original: String,
    pub(crate) published: Option<Date>,
    pub(crate) outlet: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) wire: Option<String>,
}

impl From<&StoredReport> for Member {
    fn from(report: &StoredReport) -> Member {
        let row = &report.row;
        Member {
            id: row.name.clone(),
            original: model::Digest::from_bytes(row.digest).to_string(),
            published: row.published,
            outlet: row.outlet.clone(),
            title: row.title.clone(),
            wire: row.wire.clone(),
        }
    }
}

/// Reports that share text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Family {
    pub(crate) members: Vec<String>,
    /// The likely origin: the id of a member, the name of an agency, or nothing where it is unknown.
    pub(crate) origin: Option<String>,
    pub(crate) reason: String,
    pub(crate) links: Vec<Link>,
}

/// Two reports that share text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Link {
    pub(crate) a: String,
    pub(crate) b: String,
    /// `identical`, `syndicated` or `rewritten`: copies. `quotes_same_speaker`, `template`: none.
    pub(crate) kind: String,
    /// The share of the shorter report's own words that stand in the other, 0 to 1.
    pub(crate) containment: f32,
    pub(crate) passages: Vec<Passage>,
    pub(crate) reasons: Vec<String>,
}

/// The same words in two reports.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Passage {
    pub(crate) a: Span,
    pub(crate) b: Span,
    pub(crate) words: usize,
    pub(crate) quoted: bool,
}

/// One thing alleged, counted or found, and where that comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Matter {
    /// `allegation`, `figure` or `determination`.
    pub(crate) kind: String,
    pub(crate) title: String,
    /// Whether somebody is accused.
    pub(crate) accused: bool,
    pub(crate) claims: Vec<Said>,
    pub(crate) independent: Vec<Origin>,
    pub(crate) dependent: Vec<Relay>,
    pub(crate) unknown: Vec<Unknown>,
    pub(crate) denials: Vec<Denial>,
    /// What else the accused side says in these reports.
    #[serde(default)]
    pub(crate) answers: Vec<Answer>,
    #[serde(default)]
    pub(crate) weighing: Weighing,
}

/// One claim of a matter, in brief.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Said {
    pub(crate) claim: String,
    pub(crate) said_by: Vec<String>,
    pub(crate) words: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) bounds: Option<Bounds>,
}

/// The bounds of a figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Bounds {
    pub(crate) lower: Option<u64>,
    pub(crate) upper: Option<u64>,
    pub(crate) stated: Option<u64>,
    pub(crate) caveats: Vec<String>,
}

/// An origin that is independent of the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Origin {
    pub(crate) name: String,
    /// Other names for the same origin in these reports.
    pub(crate) also: Vec<String>,
    /// Whom it names as the one who did it; nothing where it names nobody.
    pub(crate) accuses: Option<String>,
    pub(crate) claims: Vec<String>,
    pub(crate) relayed_by: Vec<String>,
    pub(crate) reason: String,
    /// What it is to the event, such as `witness` or `monitor`.
    #[serde(default)]
    pub(crate) kind: String,
    /// What it says that this rests on, such as `saw` or `unspecified`.
    #[serde(default)]
    pub(crate) basis: String,
}

/// A report that relays an origin that is counted already.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Relay {
    pub(crate) report: String,
    pub(crate) origin: String,
    /// How it stands to the report in `of`, such as `syndicated` or `quotes_same_speaker`.
    #[serde(default)]
    pub(crate) relation: String,
    /// The earlier report that it is nearest to.
    #[serde(default)]
    pub(crate) of: String,
    pub(crate) reason: String,
}

/// What the accused side says beside its denials.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Answer {
    pub(crate) by: String,
    pub(crate) claims: Vec<String>,
    pub(crate) reports: Vec<String>,
}

/// What stands for and against a matter.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
pub(crate) struct Weighing {
    /// How many independent origins there are of each kind.
    pub(crate) kinds: BTreeMap<String, usize>,
    pub(crate) contradictions: Vec<String>,
    /// Which of `place`, `day`, `number` and `weapon` the claims state.
    pub(crate) states: Vec<String>,
    pub(crate) suggested: Suggested,
}

/// A suggested pair of the Admiralty code, with the rules that led there.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
pub(crate) struct Suggested {
    /// The pair, such as `F3`.
    pub(crate) pair: String,
    pub(crate) source_rule: String,
    pub(crate) source_reason: String,
    pub(crate) information_rule: String,
    pub(crate) information_reason: String,
}

/// Claims behind which nobody stands by name. Never counted as independent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Unknown {
    pub(crate) claims: Vec<String>,
    pub(crate) reports: Vec<String>,
    pub(crate) reason: String,
}

/// Somebody who denies it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Denial {
    pub(crate) by: Option<String>,
    pub(crate) claims: Vec<String>,
    /// `specific`, `counter_version` or `generic`.
    pub(crate) strength: String,
    pub(crate) reason: String,
}

/// What the reports of a story are called, and their readings.
pub(crate) trait Names {
    /// Returns the id of a report.
    fn report(&self, key: ReportKey) -> String;
    /// Returns the reading of a report.
    fn reading(&self, key: ReportKey) -> Option<&extract::Reading>;

    /// Returns the id of a claim.
    fn claim(&self, claim: ClaimRef) -> String {
        super::claim_id(&self.report(claim.report), claim.claim)
    }
}

fn reports(names: &dyn Names, keys: &[ReportKey]) -> Vec<String> {
    keys.iter().map(|&key| names.report(key)).collect()
}

fn claims(names: &dyn Names, claims: &[ClaimRef]) -> Vec<String> {
    claims.iter().map(|&claim| names.claim(claim)).collect()
}

impl Link {
    pub(crate) fn new(link: &corroborate::CopyLink, names: &dyn Names) -> Link {
        let spans = |key| names.reading(key).map(|reading| Spans::new(&reading.report.text));
        let passages = match (spans(link.a), spans(link.b)) {
            (Some(a), Some(b)) => link
                .passages
                .iter()
                .map(|passage| Passage {
                    a: a.span(passage.a),
                    b: b.span(passage.b),
                    words: passage.words,
                    quoted: passage.quoted,
                })
                .collect(),
            _ => Vec::new(),
        };
        Link {
            a: names.report(link.a),
            b: names.report(link.b),
            kind: link.class.name().to_owned(),
            containment: link.containment,
            passages,
            reasons: link.reasons.clone(),
        }
    }
}

impl Matter {
    pub(crate) fn new(matter: &corroborate::Matter, names: &dyn Names) -> Matter {
        let kind = match matter.subject {
            corroborate::Subject::Allegation { .. } => "allegation",
            corroborate::Subject::Figure { .. } => "figure",
            corroborate::Subject::Determination { .. } => "determination",
        };
        Matter {
            kind: kind.to_owned(),
            title: matter.title.clone(),
            accused: matches!(&matter.subject, corroborate::Subject::Allegation { actor: Some(_), .. }),
            claims: matter.claims.iter().filter_map(|&claim| said(claim, names)).collect(),
            independent: matter.independent.iter().map(|origin| Origin::new(origin, names)).collect(),
            dependent: matter
                .dependent
                .iter()
                .map(|relay| Relay {
                    report: names.report(relay.report),
                    origin: relay.origin.clone(),
                    relation: relay.relation.name().to_owned(),
                    of: names.report(relay.of),
                    reason: relay.reason.clone(),
                })
                .collect(),
            unknown: matter
                .unknown
                .iter()
                .map(|unknown| Unknown {
                    claims: claims(names, &unknown.claims),
                    reports: reports(names, &unknown.reports),
                    reason: unknown.reason.clone(),
                })
                .collect(),
            denials: matter
                .denials
                .iter()
                .map(|denial| Denial {
                    by: denial.by.clone(),
                    claims: claims(names, &denial.claims),
                    strength: denial.strength.name().to_owned(),
                    reason: denial.reason.clone(),
                })
                .collect(),
            answers: matter
                .answers
                .iter()
                .map(|answer| Answer {
                    by: answer.by.clone(),
                    claims: claims(names, &answer.claims),
                    reports: reports(names, &answer.reports),
                })
                .collect(),
            weighing: Weighing::from(&matter.weighing),
        }
    }
}

impl From<&corroborate::Weighing> for Weighing {
    fn from(weighing: &corroborate::Weighing) -> Weighing {
        let stated = weighing.specificity;
        let states = [
            (stated.place, "place"),
            (stated.day, "day"),
            (stated.number, "number"),
            (stated.weapon, "weapon"),
        ];
        let suggestion = &weighing.suggestion;
        Weighing {
            kinds: weighing.kinds.iter().map(|(kind, count)| (kind.name().to_owned(), *count)).collect(),
            contradictions: weighing.contradictions.clone(),
            states: states.iter().filter(|(is, _)| *is).map(|(_, name)| (*name).to_owned()).collect(),
            suggested: Suggested {
                pair: suggestion.pair(),
                source_rule: suggestion.source.name.to_owned(),
                source_reason: suggestion.source.sentence.to_owned(),
                information_rule: suggestion.information.name.to_owned(),
                information_reason: suggestion.information.sentence.to_owned(),
            },
        }
    }
}

impl Origin {
    fn new(origin: &corroborate::Origin, names: &dyn Names) -> Origin {
        Origin {
            name: origin.name.clone(),
            also: origin.also.clone(),
            accuses: origin.accuses.clone(),
            claims: claims(names, &origin.claims),
            relayed_by: reports(names, &origin.relayed_by),
            reason: origin.reason.clone(),
            kind: origin.kind.name().to_owned(),
            basis: origin.basis.name().to_owned(),
        }
    }
}

/// Puts a claim in brief.
pub(crate) fn said(at: ClaimRef, names: &dyn Names) -> Option<Said> {
    let reading = names.reading(at.report)?;
    let claim = reading.claims.get(at.claim)?;
    let bounds = match &claim.kind {
        model::ClaimKind::Figure(figure) => Some(Bounds {
            lower: figure.lower,
            upper: figure.upper,
            stated: figure.stated,
            caveats: figure.caveats.iter().map(|caveat| caveat.name().to_owned()).collect(),
        }),
        _ => None,
    };
    Some(Said {
        claim: names.claim(at),
        said_by: claim.said_by.iter().map(|speaker| speaker.name.clone()).collect(),
        words: reading.report.text.quote(claim.span).to_owned(),
        bounds,
    })
}
