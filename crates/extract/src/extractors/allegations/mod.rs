//! Allegations: who is said to have done what harm to whom.

mod actors;
mod acts;
mod blames;
mod circumstances;
mod clauses;
mod deeds;
mod evidence;
mod grammar;
mod lexicon;
mod phrases;
mod polarity;
mod targets;
#[cfg(test)]
mod tests;
mod verdicts;

use std::ops::Range;

use model::{Act, Allegation, Claim, ClaimKind, Mention, Place, Polarity, Span};

use super::Extractor;
use crate::attribution::{Attribution, Stance};
use crate::context::Context;
use acts::Trigger;
use blames::Blame;
use deeds::Deed;
use grammar::{Class, Words};
use lexicon::{LEXICON, Needs};
use verdicts::Charge;

/// Finds allegations of harm that could breach the laws of war: shelled homes, killed prisoners, stolen aid.
///
/// The act follows from what was hit: a protected or civilian object, or persons and places where they live. One
/// allegation is made for each class of target in a list. Denials, questions and the accused's other version are
/// allegations too, marked as such. Left alone: combat between fighters, a bare "invasion", disasters, accidents,
/// and figures of speech. An allegation says that the report contains it, not that it is true.
pub(super) const ALLEGATIONS: Extractor =
    Extractor { name: "allegations", example: "Troops shelled a hospital in Varden.", find };

/// A sentence that never ends is read in stretches of this many tokens, so that no scan depends on its length.
const LONGEST: usize = 240;

fn find(context: &Context<'_>, found: &mut Vec<Claim>) {
    let mut reader = Reader { context, war: None, last_actor: None, last_denial: None, told: None };
    for (number, sentence) in context.doc.sentences().iter().enumerate() {
        let mut start = sentence.start;
        while start < sentence.end {
            let end = sentence.end.min(start + LONGEST);
            reader.read(number, start..end, found);
            start = end;
        }
    }
}

/// Reads the sentences of one report in order, and remembers what later ones lean on.
struct Reader<'c> {
    context: &'c Context<'c>,
    /// Whether the report speaks of a war; looked up at the first trigger that needs it.
    war: Option<bool>,
    /// The last actor that was named and not a pronoun, and the sentence.
    last_actor: Option<(usize, String)>,
    last_denial: Option<Denial>,
    told: Option<LastDeed>,
}

/// The deed that was told last, for words that only say who is behind it.
struct LastDeed {
    sentence: usize,
    /// One allegation for each class of what was hit, as they stand among the claims.
    claims: Vec<usize>,
}

/// A denial that a counter-version may follow.
struct Denial {
    sentence: usize,
    actor: Option<String>,
    denier: Option<String>,
}

impl<'c> Reader<'c> {
    fn read(&mut self, sentence: usize, tokens: Range<usize>, found: &mut Vec<Claim>) {
        let doc = self.context.doc;
        let tells = tokens.clone().any(|i| {
            LEXICON.cues.at(doc, i, tokens.end).is_some() || LEXICON.cues.apart(doc, i, tokens.end).is_some()
        });
        let leans = self.told.as_ref().is_some_and(|told| sentence - told.sentence <= FURTHEST);
        if !tells && !leans {
            return;
        }
        let words = Words::new(self.context, tokens);
        let first = found.len();
        if tells {
            self.read_deeds(sentence, &words, found);
        }
        let own = first..found.len();
        // "Denied it had fired on the convoy and said the rebels did it": a deed that was not read is meant.
        let is_unread = |blame: &Blame| own.is_empty() && acts::are_named(&words, blame.before(&words));
        for blame in blames::blames(&words).into_iter().filter(|blame| !is_unread(blame)) {
            self.lean(sentence, &words, &blame, own.clone(), found);
        }
        self.remember(sentence, own, found);
    }

    fn read_deeds(&mut self, sentence: usize, words: &Words<'c>, found: &mut Vec<Claim>) {
        let triggers = acts::triggers(words);
        let triggers: Vec<_> = triggers.into_iter().filter(|trigger| self.counts(words, trigger)).collect();
        let deeds: Vec<_> = triggers.iter().map(|trigger| deeds::read(words, trigger)).collect();
        for deed in deeds::join(words, deeds) {
            for charge in verdicts::charges(words, &deed) {
                if !self.is_of_war(words, &deed, &charge) {
                    continue;
                }
                let clause = deeds::whole_clause(words, &deed);
                self.push(&Found { words, sentence, deed: &deed, clause, charge }, found);
            }
        }
    }

    /// Remembers the deed that a sentence told first.
    fn remember(&mut self, sentence: usize, own: Range<usize>, found: &[Claim]) {
        let told = first_deed(own.clone().filter(|&at| tells_deed(&found[at])).collect(), found);
        if !told.is_empty() {
            self.told = Some(LastDeed { sentence, claims: told });
        } else if found.len() > own.end
            && let Some(told) = &mut self.told
        {
            told.sentence = sentence;
        }
    }

    /// Returns the deed that a blame is about: the first one told before it in its own sentence, unless others are said to
    /// have done that, else the last one told.
    fn meant(&self, blame: &Laid<'_, 'c>, found: &[Claim]) -> Vec<usize> {
        let in_front =
            |claim: &usize| trigger(&found[*claim]).is_some_and(|deed| deed.end() <= blame.at.start());
        let is_open = |claim: &usize| match &found[*claim].kind {
            ClaimKind::Allegation(told) => {
                let is_other = |actor: &Mention| !share_word(&actor.name, &blame.actor.name);
                // "Denied the shelling and said the rebels did it".
                let denied = found[*claim].polarity == Polarity::Denied;
                denied || blame.blame.denied || !told.actor.as_ref().is_some_and(is_other)
            }
            _ => false,
        };
        let own = blame.own.clone().filter(|claim| tells_deed(&found[*claim]) && in_front(claim));
        let own = first_deed(own.filter(is_open).collect(), found);
        let claims = match &self.told {
            _ if !own.is_empty() => own,
            Some(told) if blame.sentence - told.sentence <= blame.blame.reach() => told.claims.clone(),
            _ => return Vec::new(),
        };
        let can_mean = |claim: &usize| match &found[*claim].kind {
            ClaimKind::Allegation(allegation) => blame.blame.can_mean(allegation.act),
            _ => false,
        };
        claims.into_iter().filter(can_mean).collect()
    }

    /// Adds what words say of who is behind a deed that others tell.
    fn lean(
        &mut self,
        sentence: usize,
        words: &Words<'c>,
        blame: &Blame,
        own: Range<usize>,
        found: &mut Vec<Claim>,
    ) {
        let context = self.context;
        let spans = (context.span(blame.trigger.clone()), context.span(blame.said()));
        let (Some(at), Some(said)) = spans else { return };
        let said = context.attributions.governing(said).filter(|said| !said.said_by.is_empty());
        if said.is_none() && blame.needs_voice(words) {
            return;
        }
        let Some(actor) = self.blamed(words, blame, said) else { return };
        // "Was responsible for the massacre of civilians" was read with its deed.
        let is_read = |claim: &Claim| match &claim.kind {
            ClaimKind::Allegation(told) => {
                told.actor.as_ref().is_some_and(|told| told.span.overlaps(actor.span))
            }
            _ => false,
        };
        if found[own.start..].iter().any(is_read) {
            return;
        }
        let laid = Laid { words, sentence, blame, at, said, actor, own };
        let told = self.meant(&laid, found);
        let Some(span) = laid.span().filter(|_| !told.is_empty()) else { return };
        let speaker = said.and_then(|said| said.said_by.first()).map(|speaker| speaker.name.clone());
        let denial = Denial { sentence, actor: Some(laid.actor.name.clone()), denier: speaker };
        let mut polarity = if laid.is_denied() { Polarity::Denied } else { Polarity::Asserted };
        self.follow_denial(denial, true, &mut polarity);
        for told in told {
            found.extend(laid.claim(&found[told], span, polarity));
        }
    }

    /// Names who is blamed; one who speaks of themselves is the speaker.
    fn blamed(&self, words: &Words<'c>, blame: &Blame, said: Option<&Attribution>) -> Option<Mention> {
        let named = mention(self.context, blame.actor.clone())?;
        if blame.actor.len() > 1 || !words.is(blame.actor.start, Class::Subject) {
            return Some(named);
        }
        let name = self.speaker_of(words, blame.actor.start, blame.denied, said?)?;
        Some(Mention { name, ..named })
    }

    /// Names the speaker, where the pronoun at `at` stands for them: "the rebels said they did it", "we did it".
    fn speaker_of(&self, words: &Words<'c>, at: usize, denied: bool, said: &Attribution) -> Option<String> {
        let speaker = said.said_by.first()?;
        // "Said it was", "said that they": what stands between would be somebody else who is meant.
        let cue = said.cue.map_or(0, |cue| self.context.doc.token_at(cue.end()));
        let mut between = cue.max(words.tokens.start)..at;
        let follows = between.all(|at| words.lower(at) == "that" || !words.is_word(at));
        let body = || speaker.mention.filter(|_| follows);
        let own = match words.lower(at) {
            "we" | "i" => true,
            "it" => body().is_some_and(|mention| blames::is_body(words, mention)),
            // "The agency said they did it": those it speaks of.
            "they" => body().is_some_and(|mention| {
                let last = self.context.doc.token_at(mention.end().saturating_sub(1));
                blames::is_armed(words, last) || denied && blames::is_body(words, mention)
            }),
            _ => false,
        };
        own.then(|| speaker.name.clone())
    }

    /// Tells whether a trigger counts in this report and this sentence.
    fn counts(&mut self, words: &Words<'_>, trigger: &Trigger) -> bool {
        match trigger.entry().needs {
            Needs::Nothing => true,
            Needs::Target => !is_other_harm(words),
            Needs::War | Needs::Crime => {
                (self.can_be_of_war(words) || verdicts::names_force(words)) && !is_other_harm(words)
            }
        }
    }

    /// Tells whether a report speaks of a war, is too short to, or does so in this sentence.
    fn can_be_of_war(&mut self, words: &Words<'_>) -> bool {
        let doc = self.context.doc;
        let war = *self.war.get_or_insert_with(|| verdicts::speaks_of_war(doc));
        war || verdicts::is_note(doc) || verdicts::names_war(words)
    }

    /// Tells whether a charge of a report that names no war is one by who did it, and one of a note by what was hit alone.
    fn is_of_war(&mut self, words: &Words<'_>, deed: &Deed, charge: &Charge) -> bool {
        let open = matches!(deed.trigger.entry().needs, Needs::War | Needs::Crime);
        if !open || verdicts::is_by_force(words, deed) {
            return true;
        }
        if !self.can_be_of_war(words) {
            return false;
        }
        let thing = match charge.act {
            Act::AttackOnObject => true,
            Act::AttackOnCivilians => !charge.classes.is_empty(),
            Act::Destruction => charge.target.is_some(),
            _ => false,
        };
        let armed = || words.tokens.clone().any(|i| words.is_weapon(i));
        let blow = || verdicts::tells_blow(words, deed, charge);
        thing || armed() || blow() || self.war != Some(false) || verdicts::names_war(words)
    }

    fn push(&mut self, charge: &Found<'_, 'c>, found: &mut Vec<Claim>) {
        let (words, deed) = (charge.words, charge.deed);
        let context = self.context;
        let Some(trigger) = context.span(deed.trigger.tokens.clone()) else { return };
        let said = context.attributions.governing(trigger);
        let target = charge.charge.target.as_ref().and_then(|target| context.span(target.tokens.clone()));
        let is_told = || clauses::told_subject(words, clauses::group_start(words, deed.trigger.tokens.start));
        if target.is_some_and(|target| said.is_some_and(|said| is_beside(said, trigger, target)))
            && is_told().is_none()
        {
            return;
        }
        let Some(span) = charge.span(
            said.filter(|said| bounds(said))
                .and_then(|said| said.content.iter().find(|part| part.contains(trigger)).copied()),
        ) else {
            return;
        };
        let mut polarity = polarity::polarity(words, deed, said);
        let actor = self.actor(charge, polarity, said);
        let speaker = said.and_then(|said| said.said_by.first()).map(|speaker| speaker.name.clone());
        let denial = Denial {
            sentence: charge.sentence,
            actor: actor.as_ref().map(|actor| actor.name.clone()),
            denier: speaker,
        };
        self.follow_denial(denial, polarity::is_blaming(words, deed), &mut polarity);
        let content = said.map(|said| said.content.iter().copied().reduce(Span::hull).unwrap_or(said.span));
        let allegation = Allegation {
            trigger,
            act: charge.charge.act,
            actor,
            target: charge.charge.target.as_ref().and_then(|target| mention(context, target.tokens.clone())),
            object_class: charge.charge.classes.clone(),
            place: circumstances::place(words, deed, said).map(|mention| mention.place.clone()),
            time: circumstances::time(words, trigger, span, content).cloned(),
            weapon: circumstances::weapon(words, deed).and_then(|tokens| mention(context, tokens)),
            certainty: polarity::certainty(words, &deed.tokens, said),
            caveats: Vec::new(),
            comparison: false,
        };
        let told = evidence::Told { words, deed, allegation: &allegation, polarity, said };
        let evidence = evidence::of(&told);
        let claim = |allegation| Claim {
            span,
            evidence: evidence.clone(),
            said_by: said.map(|said| said.said_by.clone()).unwrap_or_default(),
            cue: said.and_then(|said| said.cue),
            polarity,
            denies: None,
            supersedes: None,
            rule: rule(deed),
            kind: ClaimKind::Allegation(Box::new(allegation)),
        };
        let likened = circumstances::comparisons(words, charge.clause.clone());
        if likened.is_empty() {
            found.push(claim(allegation));
            return;
        }
        for place in likened {
            found.push(claim(compared(&allegation, &place.place)));
        }
    }

    /// Names the actor; one that a denial leaves out is the denier.
    fn actor(
        &mut self,
        charge: &Found<'_, 'c>,
        polarity: Polarity,
        said: Option<&Attribution>,
    ) -> Option<Mention> {
        let (words, deed) = (charge.words, charge.deed);
        let denier = || {
            let verb = polarity::denial(words, deed);
            verb.and_then(|verb| polarity::denier(words, verb)).or_else(|| polarity::disclaimer(words, deed))
        };
        let tokens = match &deed.actor {
            Some(actor) if polarity == Polarity::Denied && polarity::own_forces(words, actor) => {
                denier().or(Some(actor.clone()))
            }
            None if polarity == Polarity::Denied => denier(),
            None => return self.own_deed(words, deed, said?),
            actor => actor.clone(),
        }?;
        let mut named = mention(self.context, tokens.clone())?;
        let pronoun = tokens.len() == 1 && words.is_any(tokens.start, &[Class::Possessive, Class::Subject]);
        // "The rebels said they had nothing to do with it": they speak of themselves.
        let speaker = said.and_then(|said| said.said_by.first()).filter(|_| {
            pronoun && polarity::disclaimer(words, deed).is_some_and(|subject| subject == tokens)
        });
        // "The rebels said they had shelled the town".
        let aside = words.lower(tokens.end) == ",";
        let own = || {
            said.filter(|_| pronoun && !aside)
                .and_then(|said| self.speaker_of(words, tokens.start, false, said))
        };
        if let Some(name) = speaker.map(|speaker| speaker.name.clone()).or_else(own) {
            named.name = name;
        } else if pronoun {
            // Further back than a sentence, "they" can be anybody.
            let last = self.last_actor.as_ref().filter(|(at, _)| charge.sentence - at <= 1);
            named.name = last.map_or(named.name, |(_, name)| name.clone());
        } else {
            self.last_actor = Some((charge.sentence, named.name.clone()));
        }
        Some(named)
    }

    /// Names the speaker who tells of a deed of their own: "the army said it had shelled the town".
    fn own_deed(&self, words: &Words<'c>, deed: &Deed, said: &Attribution) -> Option<Mention> {
        let (it, verb) = deeds::pronoun_subject(words, deed)?;
        // "A missile came in at dawn. The ministry said it hit a school".
        let doc = self.context.doc;
        let before = doc.tokens()[it].sentence().saturating_sub(1);
        let mut near = doc.sentences()[before].start.max(it.saturating_sub(LONGEST))..it;
        let tells_blow =
            |at: usize| LEXICON.blows.contains(doc.lower(at)) || LEXICON.weapons.at(doc, at, it).is_some();
        if words.lower(it) == "it" && !deeds::needs_person(words.lower(verb)) && near.any(tells_blow) {
            return None;
        }
        let speaker = said.said_by.first()?.mention?;
        if words.lower(it) == "it" && !blames::can_strike(words, speaker) {
            return None;
        }
        let name = self.speaker_of(words, it, false, said)?;
        mention(self.context, it..it + 1).map(|named| Mention { name, ..named })
    }

    /// Marks the accused's other version, and remembers denials for it.
    ///
    /// The version is another's deed that the words blame, or that the denier goes on to tell in the same sentence.
    fn follow_denial(&mut self, said: Denial, blames: bool, polarity: &mut Polarity) {
        if *polarity == Polarity::Denied {
            self.last_denial = Some(said);
            return;
        }
        let Some(denial) = &self.last_denial else { return };
        let distance = said.sentence - denial.sentence;
        let bare = |name: &Option<String>| name.as_deref().map(bare);
        let another = said.actor.is_some() && bare(&said.actor) != bare(&denial.actor);
        let same_voice = distance == 0 && said.denier.is_some() && said.denier == denial.denier;
        if another && *polarity == Polarity::Asserted && (blames && distance <= 1 || same_voice) {
            *polarity = Polarity::CounterVersion;
        }
    }
}

/// Tells whether a sentence speaks of a disaster, an accident or a game.
fn is_other_harm(words: &Words<'_>) -> bool {
    words.tokens.clone().any(|i| LEXICON.not_war.contains(words.lower(i)))
}

/// A charge, and the words that it was read from.
struct Found<'w, 'c> {
    words: &'w Words<'c>,
    sentence: usize,
    deed: &'w Deed,
    /// The clause, with the one that it hangs on if that likens another war to this one.
    clause: Range<usize>,
    charge: Charge,
}

impl Found<'_, '_> {
    /// Cuts the clause, no further than what is said by the same speaker.
    fn span(&self, content: Option<Span>) -> Option<Span> {
        let context = self.words.context;
        let tokens = self.words.trim(self.clause.clone());
        let mut bytes = context.doc.bytes(tokens)?;
        if let Some(content) = content {
            bytes = bytes.start.max(content.start())..bytes.end.min(content.end());
        }
        context.text().trimmed(bytes)
    }
}

/// Words that lay a deed at somebody's door which others tell, and what is known of them.
struct Laid<'w, 'c> {
    words: &'w Words<'c>,
    sentence: usize,
    blame: &'w Blame,
    /// Where the words stand that do so.
    at: Span,
    said: Option<&'w Attribution>,
    actor: Mention,
    /// The claims of their own sentence.
    own: Range<usize>,
}

impl Laid<'_, '_> {
    /// Cuts the clause, no further than what is said by the same speaker.
    fn span(&self) -> Option<Span> {
        let context = self.words.context;
        let clause = context.doc.bytes(self.words.trim(self.blame.tokens.clone()))?;
        let said = self.said.filter(|said| bounds(said));
        let content = said.and_then(|said| said.content.iter().find(|part| part.contains(self.at)));
        context.text().trimmed(match content {
            Some(content) => clause.start.max(content.start())..clause.end.min(content.end()),
            None => clause,
        })
    }

    /// Tells whether the words say that it was not so: "were not responsible", "denied that it was responsible".
    fn is_denied(&self) -> bool {
        let (words, at) = (self.words, self.blame.trigger.start);
        let stance = self.said.is_some_and(|said| said.stance == Stance::Denying);
        let told_after = polarity::is_told_after_denial(words, at);
        // "Denied it, and its army blamed the rebels": another clause.
        let governs =
            |verb: usize| !(verb..at).any(|i| words.lower(i) == "," && words.is(i + 1, Class::Conjunction));
        let denial = || polarity::denial_before(words, at).is_some_and(governs);
        self.blame.denied || !self.blame.is_speech() && (stance && !told_after || denial())
    }

    /// Makes the claim that somebody did, or did not do, what another tells.
    fn claim(&self, told: &Claim, span: Span, polarity: Polarity) -> Option<Claim> {
        let ClaimKind::Allegation(deed) = &told.kind else { return None };
        let negation = self.words.context.span(self.blame.tokens.clone()).filter(|_| self.blame.denied);
        let evidence = [self.actor.span, self.at, deed.trigger].into_iter().chain(negation);
        let allegation = Allegation {
            trigger: self.at,
            actor: Some(self.actor.clone()),
            certainty: polarity::certainty(self.words, &self.blame.tokens, self.said),
            caveats: Vec::new(),
            ..(**deed).clone()
        };
        Some(Claim {
            span,
            evidence: crate::evidence::in_order(evidence),
            said_by: self.said.map(|said| said.said_by.clone()).unwrap_or_default(),
            cue: self.said.and_then(|said| said.cue),
            polarity,
            denies: None,
            supersedes: None,
            rule: "allegation-blame",
            kind: ClaimKind::Allegation(Box::new(allegation)),
        })
    }
}

/// Returns the claims of the deed that comes first among `told`, an attack before the dead of it.
fn first_deed(mut told: Vec<usize>, found: &[Claim]) -> Vec<usize> {
    let attack = told.iter().find(|&&at| is_attack(&found[at])).or(told.first());
    let first = attack.and_then(|&at| trigger(&found[at]));
    told.retain(|&at| trigger(&found[at]) == first);
    told
}

/// Tells whether two names have a word in common, an article aside: "regime forces" and "the regime".
fn share_word(one: &str, other: &str) -> bool {
    let (one, other) = (bare(one), bare(other));
    one.split(' ').any(|word| other.split(' ').any(|other| other == word))
}

/// Returns a name as it is compared: in lower case, without an article.
fn bare(name: &str) -> String {
    let lower = name.to_lowercase();
    lower.strip_prefix("the ").map(str::to_owned).unwrap_or(lower)
}

/// Tells whether words stand outside what is said, where the deed stands inside: "A missile struck a house, the head of the
/// city's administration said" names who speaks, and nothing that was hit.
fn is_beside(said: &Attribution, deed: Span, target: Span) -> bool {
    bounds(said)
        && said.content.iter().any(|part| part.contains(deed))
        && !said.content.iter().any(|part| part.overlaps(target))
}

/// Tells whether what is said bounds an allegation: "reportedly" and "denies" stand within its own clause.
fn bounds(said: &Attribution) -> bool {
    !said.said_by.is_empty() && said.stance != Stance::Denying
}

/// How many sentences behind a deed words may stand that lean on it.
const FURTHEST: usize = 3;

/// Tells whether a claim tells a deed that others can lean on.
fn tells_deed(claim: &Claim) -> bool {
    let told = matches!(&claim.kind, ClaimKind::Allegation(told) if !told.comparison);
    told && !matches!(claim.polarity, Polarity::Hypothetical)
}

fn is_attack(claim: &Claim) -> bool {
    let ClaimKind::Allegation(told) = &claim.kind else { return false };
    matches!(told.act, Act::AttackOnObject | Act::AttackOnCivilians | Act::IndiscriminateAttack)
}

fn trigger(claim: &Claim) -> Option<Span> {
    match &claim.kind {
        ClaimKind::Allegation(allegation) => Some(allegation.trigger),
        _ => None,
    }
}

/// Returns the words at `tokens` as a mention that is its own name.
fn mention(context: &Context<'_>, tokens: Range<usize>) -> Option<Mention> {
    let span = context.span(tokens)?;
    Some(Mention { span, name: context.text().quote(span).to_owned() })
}

/// Moves an allegation to a place that the incident is likened to.
fn compared(allegation: &Allegation, place: &Place) -> Allegation {
    Allegation { place: Some(place.clone()), comparison: true, ..allegation.clone() }
}

/// Names the rule that read a deed.
fn rule(deed: &Deed) -> &'static str {
    match deed.trigger.reading {
        acts::Reading::Active => "allegation-active-verb",
        acts::Reading::Passive => "allegation-passive-verb",
        acts::Reading::Gerund => "allegation-gerund",
        acts::Reading::Adjectival => "allegation-participle",
        acts::Reading::Noun => "allegation-noun",
        acts::Reading::Phrase => "allegation-phrase",
    }
}
