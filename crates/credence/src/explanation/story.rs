//! The claim in words, and how each part of it was read.

use extract::{Family, rule};
use model::{
    Allegation, Claim, ClaimKind, Determination, Figure, Mention, Place, Polarity, Resolution, Span, Speaker,
    Statement, TimeMention, When,
};

use super::{Explanation, terms};

impl Explanation<'_> {
    fn quote(&self, span: Span) -> String {
        format!("“{}”", self.bare(span))
    }

    /// The words at `span` without quotation marks of their own.
    fn bare(&self, span: Span) -> &str {
        self.reading.report.text.quote(span).trim().trim_matches(['"', '“', '”', '«', '»'])
    }

    /// Says who says, by the report of which outlet, that what.
    pub(super) fn story(&self) -> Vec<String> {
        let claim = self.claim();
        let what = match &claim.kind {
            ClaimKind::Statement(statement) => self.statement(claim, statement),
            ClaimKind::Figure(figure) => self.figure(claim, figure),
            ClaimKind::Allegation(allegation) => self.allegation(claim, allegation),
            ClaimKind::Determination(determination) => self.determination(claim, determination),
        };
        let caution = "This says what the report contains. It does not say that it is true, and it finds nobody guilty.";
        vec![format!("{} {what}", self.outlet()), caution.to_owned()]
    }

    fn outlet(&self) -> String {
        let known = &self.reading.report.metadata;
        let outlet = known.outlet.as_deref().unwrap_or("an outlet that is not named");
        let day =
            known.published.map_or("of an unknown day".to_owned(), |day| format!("of {}", terms::day(day)));
        let wire = self.reading.report.wire.as_ref();
        let wire = wire.map_or(String::new(), |wire| format!(", crediting the agency {}", wire.agency));
        format!("By the report {day} of {outlet}{wire}:")
    }

    /// "According to Dorel Havik", "according to X, as told by Y".
    fn source(claim: &Claim) -> String {
        let Some((first, relays)) = claim.said_by.split_first() else {
            return "by the words of the outlet itself, which names no source,".to_owned();
        };
        let relays = relays.iter().map(|speaker| format!(", as told by {}", speaker.name));
        format!("according to {}{},", first.name, relays.collect::<String>())
    }

    fn statement(&self, claim: &Claim, statement: &Statement) -> String {
        let content: Vec<&str> = statement.content.iter().map(|&content| self.bare(content)).collect();
        let form = terms::form(statement.form);
        format!("{} {form}: “{}”", Self::source(claim), content.join(" … "))
    }

    fn figure(&self, claim: &Claim, figure: &Figure) -> String {
        let denied = if claim.polarity == Polarity::Denied { "it is not so that " } else { "" };
        format!(
            "{} {denied}{} {} were {}{}. The words {} {}.",
            Self::source(claim),
            terms::amount(figure),
            figure.population,
            terms::measure(figure.measure),
            self.place_and_period(figure),
            self.quote(self.counting_words(claim)),
            terms::bounds(figure)
        )
    }

    fn place_and_period(&self, figure: &Figure) -> String {
        let place = figure.place.as_ref().map(|place| format!(", at {}", self.quote(place.span)));
        let period = figure.period.and_then(|period| match (period.from, period.to) {
            (Some(from), Some(to)) if from == to => Some(format!(", on {}", terms::day(from))),
            (Some(from), Some(to)) => Some(format!(", from {} to {}", terms::day(from), terms::day(to))),
            (Some(from), None) => Some(format!(", since {}", terms::day(from))),
            (None, Some(to)) => Some(format!(", by {}", terms::day(to))),
            (None, None) => None,
        });
        place.unwrap_or_default() + &period.unwrap_or_default()
    }

    /// Returns quantifier and number, without the noun that they count.
    fn counting_words(&self, claim: &Claim) -> Span {
        let within: Vec<Span> =
            claim.evidence.iter().copied().filter(|&words| claim.span.contains(words)).collect();
        let counted = match &within[..] {
            [counted @ .., noun] if !counted.is_empty() && !self.holds_digit(*noun) => counted,
            all => all,
        };
        counted.iter().copied().reduce(Span::hull).unwrap_or(claim.span)
    }

    fn holds_digit(&self, span: Span) -> bool {
        self.reading.report.text.quote(span).contains(|c: char| c.is_ascii_digit())
    }

    fn allegation(&self, claim: &Claim, allegation: &Allegation) -> String {
        let classes = match allegation.object_class.is_empty() {
            true => String::new(),
            false => format!(" (class of object: {})", terms::classes(&allegation.object_class)),
        };
        let named = |name: &str, mention: &Option<Mention>| {
            mention.as_ref().map(|mention| format!(" {name}: “{}”.", mention.name))
        };
        let place = allegation.place.as_ref().map(|place| format!(" Place: {}.", self.quote(place.span)));
        let time = allegation.time.as_ref().map(|time| format!(" Time: {}.", when(&time.when)));
        let parts = [
            named("Alleged actor", &allegation.actor).or_else(|| Some(" No actor is named.".to_owned())),
            named("Whom or what it hit", &allegation.target),
            named("Weapon", &allegation.weapon),
            place,
            time,
        ];
        let (source, act) = (Self::source(claim), terms::act(allegation.act));
        let happened = terms::happened(claim.polarity, allegation.certainty);
        format!("{source} {happened}: {act}{classes}.{}", parts.into_iter().flatten().collect::<String>())
    }

    fn determination(&self, claim: &Claim, determination: &Determination) -> String {
        let authority =
            determination.authority.as_ref().map_or("an authority that is not named", |one| &one.name);
        let said_by = claim.said_by.iter().filter(|speaker| speaker.name != authority);
        let through: Vec<&str> = said_by.map(|speaker| speaker.name.as_str()).collect();
        let through =
            if through.is_empty() { String::new() } else { format!(", as told by {},", through.join(", ")) };
        let basis = determination.basis.map(|basis| format!(" It is said to rest on {}.", self.quote(basis)));
        format!(
            "{authority}{through} {}: “{}”.{}",
            terms::standard(determination.standard),
            determination.finding,
            basis.unwrap_or_default()
        )
    }

    /// Says how each part of the claim was read.
    pub(super) fn facts(&self) -> Vec<String> {
        let claim = self.claim();
        let mut facts = self.speakers(claim);
        match &claim.kind {
            ClaimKind::Statement(statement) => facts.extend(statement.said_on.map(|day| self.said_on(day))),
            ClaimKind::Figure(figure) => facts.extend(self.figure_facts(claim, figure)),
            ClaimKind::Allegation(allegation) => facts.extend(self.allegation_facts(claim, allegation)),
            ClaimKind::Determination(determination) => {
                facts.extend(determination.said_on.map(|day| self.said_on(day)));
            }
        }
        facts
    }

    fn speakers(&self, claim: &Claim) -> Vec<String> {
        let cue = claim.cue.map(|cue| format!("The words of saying or deciding: {}.", self.quote(cue)));
        let none = claim.said_by.is_empty().then(|| {
            "No words of the report name a source for it, so it is the outlet’s own; none was guessed."
                .to_owned()
        });
        claim.said_by.iter().map(|speaker| self.named(speaker)).chain(none).chain(cue).collect()
    }

    /// Says how the name of a speaker was found.
    fn named(&self, speaker: &Speaker) -> String {
        let how = rule(Family::Speaker, speaker.resolution.name()).map_or("", |rule| &rule.words);
        match speaker.mention {
            Some(mention) if speaker.name.starts_with(char::is_lowercase) => {
                format!("The source is mentioned as {}; no fuller name was found.", self.quote(mention))
            }
            Some(mention) if speaker.resolution == Resolution::Stated => {
                format!("The source is named: {}.", self.quote(mention))
            }
            Some(mention) => format!("{} is taken for {}. {how}", self.quote(mention), speaker.name),
            None => format!("No words here name {}. {how}", speaker.name),
        }
    }

    /// Says how the day of saying was reckoned, if words near the claim stand for it.
    fn said_on(&self, day: jiff::civil::Date) -> String {
        let near = |time: &&TimeMention| time.when == When::Day(day);
        let away = |time: &&TimeMention| time.span.start().abs_diff(self.claim().span.start());
        let said = format!("Said on {}.", terms::day(day));
        match self.reading.times.iter().filter(near).min_by_key(away) {
            Some(time) => format!("{said} {}", self.reckoned(time)),
            None => said,
        }
    }

    /// "“On Tuesday” is 11 March 2031", with the rule and the anchor.
    fn reckoned(&self, time: &TimeMention) -> String {
        let words = rule(Family::Time, time.rule).map_or("", |rule| &rule.words);
        let report = &self.reading.report;
        let filed = report.dateline.as_ref().and_then(|dateline| dateline.date);
        let anchor = match (filed, report.metadata.published) {
            (Some(day), _) => format!(" The anchor is {}, the day of the dateline.", terms::day(day)),
            (None, Some(day)) => format!(" The anchor is {}, the day of publication.", terms::day(day)),
            (None, None) => String::new(),
        };
        let anchor = if words.contains("anchor") { anchor } else { String::new() };
        format!("{} is {}. {words}{anchor}", self.quote(time.span), when(&time.when))
    }

    fn figure_facts(&self, claim: &Claim, figure: &Figure) -> Vec<String> {
        let mut facts =
            vec![terms::polarity(claim.polarity).to_owned(), terms::scope(figure.scope).to_owned()];
        if figure.vague {
            facts.push(
                "The words give a quantity without a number, so the bound is the least that they can mean."
                    .into(),
            );
        }
        if figure.approx {
            facts.push("The words say that the number is approximate.".into());
        }
        if let Some(whole) = figure.subset_of {
            let words = self.quote(self.reading.claims[whole].span);
            let id = &self.wired.claims[whole].id;
            facts.push(format!("It is a part of the figure {words} ({id}), and is not added to it."));
        }
        facts.extend(figure.caveats.iter().map(|&caveat| format!("Reservation: {}.", terms::caveat(caveat))));
        facts.extend(figure.place.as_ref().map(|place| self.place(place)));
        facts.extend(figure.period.and_then(|period| self.period_words(period)));
        facts
    }

    /// Finds the words near a figure that stand for an end of its period.
    fn period_words(&self, period: model::Period) -> Option<String> {
        let stands = |time: &&TimeMention| {
            period.from.is_none_or(|from| from == time.when.first())
                && period.to.is_none_or(|to| to == time.when.last())
        };
        let away = |time: &&TimeMention| time.span.start().abs_diff(self.claim().span.start());
        self.reading.times.iter().filter(stands).min_by_key(away).map(|time| self.reckoned(time))
    }

    fn allegation_facts(&self, claim: &Claim, allegation: &Allegation) -> Vec<String> {
        let mut facts = vec![
            terms::polarity(claim.polarity).to_owned(),
            terms::certainty(allegation.certainty).to_owned(),
        ];
        let trigger = self.quote(allegation.trigger);
        facts.push(match claim.rule {
            "allegation-blame" => {
                format!("The words that say who is behind it: {trigger}. The deed is told before.")
            }
            _ => format!("The word for the act: {trigger}."),
        });
        let mentions = [&allegation.actor, &allegation.target].into_iter().flatten();
        let resolved =
            mentions.filter(|mention| mention.name != self.reading.report.text.quote(mention.span));
        facts.extend(resolved.map(|mention| {
            format!("{} is taken for “{}”, named before.", self.quote(mention.span), mention.name)
        }));
        facts.extend(allegation.time.as_ref().map(|time| self.reckoned(time)));
        facts.extend(allegation.place.as_ref().map(|place| self.place(place)));
        if allegation.comparison {
            facts.push("It is another event, to which the one of the report is likened; its place is not where the report’s event happened.".into());
        }
        facts
    }

    /// Says where a place lies and how it was chosen.
    fn place(&self, place: &Place) -> String {
        let words = self.quote(place.span);
        let Some(located) = &place.located else {
            return format!(
                "{words} is not in the gazetteer; it is kept as a name, without a point on the map."
            );
        };
        let how = rule(Family::Place, located.rule).map_or("", |rule| &rule.words);
        format!("{words} was taken for {}. {how}", terms::located(located))
    }
}

fn when(when: &When) -> String {
    match *when {
        When::Day(day) => terms::day(day),
        When::Month(..) => when.first().strftime("some day of %B %Y").to_string(),
        When::Year(year) => format!("some day of {year}"),
        When::Interval(from, to) => format!("from {} to {}", terms::day(from), terms::day(to)),
    }
}
