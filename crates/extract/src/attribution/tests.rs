use std::fmt::Write;

use expect_test::{Expect, expect};
use model::{Claim, ClaimKind, Digest, Kind, Metadata, Text};
use proptest::prelude::*;

use crate::{Source, read};

fn claims(words: &str) -> (Text, Vec<Claim>) {
    let metadata = Metadata { published: "2031-03-12".parse().ok(), ..Metadata::default() };
    let bytes = words.as_bytes();
    let reading =
        read(&Source { bytes, digest: Digest::of(bytes), kind: Kind::PlainText, metadata: &metadata });
    (reading.report.text, reading.claims)
}

/// Prints the statements and determinations, each beside the words that its spans cut.
fn print(words: &str) -> String {
    let (text, claims) = claims(words);
    let mut out = String::new();
    for claim in &claims {
        let said_by: Vec<String> = claim
            .said_by
            .iter()
            .map(|speaker| {
                let mention = speaker.mention.map_or("", |span| text.quote(span));
                format!("{} ({} {mention:?})", speaker.name, speaker.resolution)
            })
            .collect();
        let cue = claim.cue.map_or("", |cue| text.quote(cue));
        match &claim.kind {
            ClaimKind::Statement(statement) => {
                let content: Vec<_> = statement.content.iter().map(|&span| text.quote(span)).collect();
                let day = statement.said_on.map_or(String::new(), |day| format!(" on {day}"));
                let _ = writeln!(out, "{} {cue:?}{day} {}", statement.form, said_by.join(" < "));
                for words in content {
                    let _ = writeln!(out, "    {words}");
                }
            }
            ClaimKind::Determination(act) => {
                let day = act.said_on.map_or(String::new(), |day| format!(" on {day}"));
                let _ = writeln!(out, "= {} {cue:?}{day} {}", act.standard, said_by.join(" < "));
                let _ = writeln!(out, "    {}", act.finding);
                if let Some(basis) = act.basis {
                    let _ = writeln!(out, "    basis: {}", text.quote(basis));
                }
            }
            _ => {}
        }
    }
    out
}

fn check(words: &str, expected: Expect) {
    expected.assert_eq(&print(words));
}

#[test]
fn the_clause_after_the_verb() {
    check(
        "The shelling of Varden went on all night, the mayor said.",
        expect![[r#"
        indirect "said" mayor (stated "mayor")
            The shelling of Varden went on all night
    "#]],
    );
    check(
        "Ada Venn, governor of the Tesmin region, told a briefing that two villages were hit.",
        expect![[r#"
            indirect "told" Ada Venn (stated "Ada Venn")
                two villages were hit
        "#]],
    );
    check(
        "Brevanian defence minister Oskar Dahl said in a statement on Monday that troops had left.",
        expect![[r#"
            indirect "said" on 2031-03-10 Oskar Dahl (stated "Oskar Dahl")
                troops had left
        "#]],
    );
}

#[test]
fn what_is_said_ends_where_the_tree_ends_it() {
    check(
        "Officers assumed that the guard was dead and posted a notice on the gate.",
        expect![[r#"
        indirect "assumed" Officers (stated "Officers")
            the guard was dead
    "#]],
    );
    check(
        "The mayor said the town was shelled after the troops had left.",
        expect![[r#"
        indirect "said" mayor (stated "mayor")
            the town was shelled after the troops had left
    "#]],
    );
    check(
        "The mayor said the bridge was gone and the road was mined.",
        expect![[r#"
        indirect "said" mayor (stated "mayor")
            the bridge was gone and the road was mined
    "#]],
    );
}

#[test]
fn names_without_a_comma_before_them() {
    check(
        "The Brevanian state news agency Sorva said two villages were hit.",
        expect![[r#"
        indirect "said" Sorva (stated "Sorva")
            two villages were hit
    "#]],
    );
    check(
        "The head of the League for Civic Rights Omar Żukin said two villages were hit.",
        expect![[r#"
            indirect "said" Omar Żukin (stated "Omar Żukin")
                two villages were hit
        "#]],
    );
}

#[test]
fn a_quotation_with_its_speaker_before_after_and_between() {
    check(
        "“They fired at the clinic,” said the mayor, Iwan Orlov.",
        expect![[r#"
        direct "said" Iwan Orlov (stated "Iwan Orlov")
            “They fired at the clinic,”
    "#]],
    );
    check(
        "Ada Venn, 54, a farmer from Tesmin, said the road was mined.",
        expect![[r#"
        indirect "said" Ada Venn (stated "Ada Venn")
            the road was mined
    "#]],
    );
    check(
        "“They fired at the clinic,” he said. “Nobody was warned.”",
        expect![[r#"
        direct "said" he (stated "he")
            “They fired at the clinic,”
            “Nobody was warned.”
    "#]],
    );
    check(
        "Mira Orlova said: “The bridge is gone.”",
        expect![[r#"
        direct "said" Mira Orlova (stated "Mira Orlova")
            “The bridge is gone.”
    "#]],
    );
    check(
        "«Ils ont tiré», said Élodie Ménard of the aid group.",
        expect![[r#"
            direct "said" Élodie Ménard (stated "Élodie Ménard")
                «Ils ont tiré»
        "#]],
    );
    check(
        "The raid was “barbaric”, Mira Orlova told the Lantern.",
        expect![[r#"
        mixed "told" Mira Orlova (stated "Mira Orlova")
            The raid was “barbaric”
    "#]],
    );
}

#[test]
fn marks_that_do_not_close() {
    check(
        "“We saw the soldiers, Mira Orlova said.\n\nThe town was quiet.",
        expect![[r#"
        indirect "said" Mira Orlova (stated "Mira Orlova")
            We saw the soldiers
    "#]],
    );
    check(
        "“They burned the school. As Mayor Dahl has said, “nothing is left,” Mira Orlova added.",
        expect![[r#"
            direct "added" Mira Orlova (stated "Mira Orlova")
                “They burned the school. As Mayor Dahl has said, “nothing is left,”
            direct "said" Dahl (stated "Dahl") < Mira Orlova (stated "Mira Orlova")
                “nothing is left,”
        "#]],
    );
    check(
        "“They came at night,” Mira Orlova said. “We hid.\n\n“In the morning they had gone.”",
        expect![[r#"
            direct "said" Mira Orlova (stated "Mira Orlova")
                “They came at night,”
                “We hid.
                “In the morning they had gone.”
        "#]],
    );
    check(
        "Its 'peace mission' ended, the soldiers' families said.",
        expect![[r#"
        mixed "said" soldiers' families (stated "soldiers' families")
            Its 'peace mission' ended
    "#]],
    );
}

#[test]
fn a_quotation_that_goes_on() {
    check(
        "“The strike was planned,” Mira Orlova said.\n\n“Everybody in the town knew of it and did nothing.”",
        expect![[r#"
            direct "said" Mira Orlova (stated "Mira Orlova")
                “The strike was planned,”
            direct "" Mira Orlova (carried_on "Mira Orlova")
                “Everybody in the town knew of it and did nothing.”
        "#]],
    );
    check(
        "Mira Orlova told the Lantern:\n\n“We were never asked about the camp.”",
        expect![[r#"
            direct "told" Mira Orlova (stated "Mira Orlova")
                “We were never asked about the camp.”
        "#]],
    );
}

#[test]
fn sources_in_front_and_at_the_end() {
    check(
        "According to the Varden health ministry, 12 people died.",
        expect![[r#"
        indirect "According to" Varden health ministry (stated "Varden health ministry")
            12 people died
    "#]],
    );
    check(
        "Twelve people died, according to the health ministry, which noted that more were missing.",
        expect![[r#"
            indirect "according to" health ministry (stated "health ministry")
                Twelve people died
            indirect "noted" health ministry (relative "which")
                more were missing
        "#]],
    );
    check(
        "According to a statement on the website of the Varden council, twelve people died. A bridge fell, according to a \
         report by the fire service.",
        expect![[r#"
            indirect "According to" Varden council (stated "Varden council")
                twelve people died
            indirect "according to" fire service (stated "fire service")
                A bridge fell
        "#]],
    );
    check("The dead are thought to be in the hundreds.", expect![[""]]);
}

#[test]
fn speakers_over_speakers() {
    check(
        "The league said on Wednesday it has concluded that troops committed war crimes, Secretary Oskar Dahl said, adding that its view was based on satellite images.",
        expect![[r#"
            indirect "said" on 2031-03-12 Oskar Dahl (stated "Oskar Dahl")
                The league said on Wednesday it has concluded that troops committed war crimes
            indirect "said" on 2031-03-12 league (stated "league") < Oskar Dahl (stated "Oskar Dahl")
                it has concluded that troops committed war crimes
            indirect "adding" on 2031-03-12 Oskar Dahl (stated "Oskar Dahl")
                its view was based on satellite images
        "#]],
    );
    check(
        "Seven people were killed, the Lantern news agency reported, citing a local official.",
        expect![[r#"
            indirect "reported" local official (stated "local official") < Lantern news agency (stated "Lantern news agency")
                Seven people were killed
        "#]],
    );
    check(
        "State media quoted an official in Tesmin as saying the road was open.",
        expect![[r#"
        indirect "saying" official in Tesmin (stated "official in Tesmin") < State media (stated "State media")
            the road was open
    "#]],
    );
    check(
        "Mira Orlova was quoted by state media as saying the road was open.",
        expect![[r#"
        indirect "saying" Mira Orlova (stated "Mira Orlova") < state media (stated "state media")
            the road was open
    "#]],
    );
    check(
        "Mira Orlova said Oskar Dahl had told the council that the dam would be blown up.",
        expect![[r#"
        indirect "said" Mira Orlova (stated "Mira Orlova")
            Oskar Dahl had told the council that the dam would be blown up
        indirect "told" Oskar Dahl (stated "Oskar Dahl") < Mira Orlova (stated "Mira Orlova")
            the dam would be blown up
    "#]],
    );
}

#[test]
fn names_behind_pronouns_and_descriptions() {
    check(
        "Mira Orlova met President Oskar Dahl in Varden. Orlova said the talks had failed. He said they would go on. She denied any threat.",
        expect![[r#"
            indirect "said" Mira Orlova (short_form "Orlova")
                the talks had failed
            indirect "said" Oskar Dahl (pronoun "He")
                they would go on
            indirect "denied" Mira Orlova (pronoun "She")
                any threat
        "#]],
    );
    check(
        "Russia warned that it would answer.\n\n“This is a provocation,” the foreign ministry said.",
        expect![[r#"
            indirect "warned" Russia (stated "Russia")
                it would answer
            direct "said" Russian foreign ministry (description "foreign ministry")
                “This is a provocation,”
        "#]],
    );
    check(
        "A source at the Varden morgue said nine bodies came in. The source added that more would follow.",
        expect![[r#"
            indirect "said" source at the Varden morgue (stated "source at the Varden morgue")
                nine bodies came in
            indirect "added" source at the Varden morgue (description "source")
                more would follow
        "#]],
    );
    check(
        "The council said it believes the dam is safe. It stressed, however: “The gates are open.”",
        expect![[r#"
            indirect "said" council (stated "council")
                it believes the dam is safe
            direct "stressed" council (pronoun "It")
                “The gates are open.”
        "#]],
    );
}

#[test]
fn accusing_denying_and_describing() {
    check(
        "Oskar Dahl accused the army of shelling a market. The army denied targeting civilians.",
        expect![[r#"
            indirect "accused" Oskar Dahl (stated "Oskar Dahl")
                the army of shelling a market
            indirect "denied" army (stated "army")
                targeting civilians
        "#]],
    );
    check(
        "Dahl calls his campaign a “policing action” to restore order.",
        expect![[r#"
        mixed "calls" Dahl (stated "Dahl")
            his campaign a “policing action” to restore order
    "#]],
    );
    check(
        "The attack prompted Brevania’s government to warn that the border would close.",
        expect![[r#"
        indirect "warn" Brevania’s government (stated "Brevania’s government")
            the border would close
    "#]],
    );
}

#[test]
fn what_is_no_statement() {
    check("The ministry declined to say how many died. Nobody could say where they went.", expect![[""]]);
    check("The reported attack came after a call for peace. State media were silent.", expect![[""]]);
    check("The so-called “green line” runs north of Varden.", expect![[""]]);
}

#[test]
fn the_fullest_name_and_the_right_person() {
    check(
        "Nine people died, the regional council said. Dorin Vask of the Tesmin regional council told reporters more were missing.",
        expect![[r#"
            indirect "said" Tesmin regional council (description "regional council")
                Nine people died
            indirect "told" Dorin Vask (stated "Dorin Vask")
                more were missing
        "#]],
    );
    check(
        "Six people were killed, the mayor said. Mayor Lida Orsk asked for help.",
        expect![[r#"
        indirect "said" Lida Orsk (description "mayor")
            Six people were killed
    "#]],
    );
    check(
        "Kaldovia's defence ministry denied it. The ministry's spokesman, Major Ivo Pelk, spoke of lies. The army had left, the ministry claimed.",
        expect![[r#"
            indirect "denied" Kaldovia's defence ministry (stated "Kaldovia's defence ministry")
                it
            indirect "spoke of" Ivo Pelk (stated "Ivo Pelk")
                lies
            indirect "claimed" Kaldovia's defence ministry (description "ministry")
                The army had left
        "#]],
    );
    check(
        "Kaldovia is no member of the court. Its foreign ministry said it would not answer.",
        expect![[r#"
            indirect "said" Kaldovia’s foreign ministry (description "Its foreign ministry")
                it would not answer
        "#]],
    );
    check(
        "About 40 families had been living in School No. 9, he said.",
        expect![[r#"
        indirect "said" he (stated "he")
            About 40 families had been living in School No. 9
    "#]],
    );
    check(
        "A list exists, according to the head of the village council.\n\nThe official, Oskar Dahl, read it out. “Twelve came back,” he said.",
        expect![[r#"
            indirect "according to" head of the village council (stated "head of the village council")
                A list exists
            direct "said" Oskar Dahl (pronoun "he")
                “Twelve came back,”
        "#]],
    );
    check(
        "One of the men who returned said he had been held in a barn. Guards beat prisoners, he said.",
        expect![[r#"
            indirect "said" One of the men (stated "One of the men")
                he had been held in a barn
            indirect "said" One of the men (pronoun "he")
                Guards beat prisoners
        "#]],
    );
    check(
        "A woman who sold bread at the market said she heard two blasts.",
        expect![[r#"
        indirect "said" woman (stated "woman")
            she heard two blasts
    "#]],
    );
    check(
        "The council answered the army. “First they say they were not here,” its spokesman, Dorin Vask, said.",
        expect![[r#"
            direct "said" Dorin Vask (stated "Dorin Vask")
                “First they say they were not here,”
            indirect "say" they (stated "they") < Dorin Vask (stated "Dorin Vask")
                they were not here
        "#]],
    );
    check(
        "State television quoted an official in Varden on Thursday as saying the road was open.",
        expect![[r#"
            indirect "saying" on 2031-03-06 official in Varden (stated "official in Varden") < State television (stated "State television")
                the road was open
        "#]],
    );
}

#[test]
fn officials_who_relay_what_their_body_found() {
    check(
        "Brevania’s foreign ministry has assessed that soldiers committed war crimes in Sorland, the minister, Hedda Lund, said on Wednesday.",
        expect![[r#"
            indirect "said" on 2031-03-12 Hedda Lund (stated "Hedda Lund")
                Brevania’s foreign ministry has assessed that soldiers committed war crimes in Sorland
            indirect "assessed" Brevania’s foreign ministry (stated "Brevania’s foreign ministry") < Hedda Lund (stated "Hedda Lund")
                soldiers committed war crimes in Sorland
            = assessed "assessed" on 2031-03-12 Brevania’s foreign ministry (stated "Brevania’s foreign ministry") < Hedda Lund (stated "Hedda Lund")
                soldiers committed war crimes in Sorland
        "#]],
    );
    check(
        "Mira Orlova said in a statement that the army had “unleashed cruelty on Varden”.",
        expect![[r#"
        mixed "said" Mira Orlova (stated "Mira Orlova")
            the army had “unleashed cruelty on Varden”
    "#]],
    );
    check(
        "Mira Orlova said rebels reportedly shelled a school.",
        expect![[r#"
        indirect "said" Mira Orlova (stated "Mira Orlova")
            rebels reportedly shelled a school
    "#]],
    );
    check(
        "The council, which on Monday put the number of dead at nine, accuses the army of the attack.",
        expect![[r#"
            indirect "accuses" on 2031-03-10 council (stated "council")
                the army of the attack
            indirect "put the number" on 2031-03-10 council (relative "which")
                of dead at nine
        "#]],
    );
}

#[test]
fn findings_at_the_end_and_in_the_middle() {
    check(
        "The rockets were fired from the hills, an independent commission found on Thursday.",
        expect![[r#"
            indirect "found" on 2031-03-06 independent commission (stated "independent commission")
                The rockets were fired from the hills
        "#]],
    );
    check(
        "The panel met for a year. At least three of the five rockets, it concluded, carried cluster warheads.",
        expect![[r#"
            indirect "concluded" it (stated "it")
                At least three of the five rockets
                carried cluster warheads
        "#]],
    );
    check(
        "The army, which on Monday claimed the town had fallen, said nine soldiers were missing.",
        expect![[r#"
            indirect "said" on 2031-03-10 army (stated "army")
                nine soldiers were missing
            indirect "claimed" on 2031-03-10 army (relative "which")
                the town had fallen
        "#]],
    );
    check("They were beaten in a place where everyone knew that they were prisoners.", expect![[""]]);
    check(
        "The council blames Kaldovia, which denies the attack.",
        expect![[r#"
        indirect "blames" council (stated "council")
            Kaldovia
        indirect "denies" Kaldovia (relative "which")
            the attack
    "#]],
    );
    check(
        "TESMIN, Sorland, March 12 (Agency) - Rockets hit a market, the mayor said.",
        expect![[r#"
        indirect "said" mayor (stated "mayor")
            Rockets hit a market
    "#]],
    );
}

#[test]
fn days_of_saying_and_days_of_what_is_told() {
    check(
        "Kaldovia, which sent troops on 3 February, says its campaign spares civilians.",
        expect![[r#"
        indirect "says" Kaldovia (stated "Kaldovia")
            its campaign spares civilians
    "#]],
    );
    check(
        "The army maintains that the campaign it began on 3 February is over.",
        expect![[r#"
        indirect "maintains" army (stated "army")
            the campaign it began on 3 February is over
    "#]],
    );
    check(
        "On Monday the army said the road was open.",
        expect![[r#"
        indirect "said" on 2031-03-10 army (stated "army")
            the road was open
    "#]],
    );
}

#[test]
fn days_and_courts_of_formal_acts() {
    check(
        "A court in Varden on Friday convicted a sergeant of murdering two prisoners. The judges acquitted him of a third killing.",
        expect![[r#"
            = convicted "convicted" on 2031-03-07 court in Varden (stated "court in Varden")
                A court in Varden on Friday convicted a sergeant of murdering two prisoners
            = acquitted "acquitted" on 2031-03-07 court in Varden (description "court in Varden")
                The judges acquitted him of a third killing
        "#]],
    );
    check(
        "The prosecutor of the Standing Court opened a formal inquiry on Monday into the killing of six farmers on 11 March.",
        expect![[r#"
            = inquiry_opened "opened" on 2031-03-10 prosecutor of the Standing Court (stated "prosecutor of the Standing Court")
                The prosecutor of the Standing Court opened a formal inquiry on Monday into the killing of six farmers on 11 March
        "#]],
    );
    check(
        "“We have verified through the register that they have deported 400 people,” mayor Lida Orsk said. “We have found that bread is dear.”",
        expect![[r#"
            direct "said" Lida Orsk (stated "Lida Orsk")
                “We have verified through the register that they have deported 400 people,”
                “We have found that bread is dear.”
            = found "verified" Lida Orsk (stated "Lida Orsk")
                We have verified through the register that they have deported 400 people
        "#]],
    );
    check(
        "“We call these murders and expect a thorough investigation,” mayor Lida Orsk said.",
        expect![[r#"
            direct "said" Lida Orsk (stated "Lida Orsk")
                “We call these murders and expect a thorough investigation,”
            = called_for "expect" Lida Orsk (stated "Lida Orsk")
                expect a thorough investigation
        "#]],
    );
}

#[test]
fn formal_acts() {
    check(
        "The court convicted two officers of torture.",
        expect![[r#"
        = convicted "convicted" court (stated "court")
            The court convicted two officers of torture
    "#]],
    );
    check(
        "A sergeant was sentenced to nine years for murder by a court in Tesmin.",
        expect![[r#"
        = convicted "sentenced" court in Tesmin (stated "court in Tesmin")
            A sergeant was sentenced to nine years for murder by a court in Tesmin
    "#]],
    );
    check(
        "Prosecutors opened an investigation into the killing of six farmers.",
        expect![[r#"
        = inquiry_opened "opened" Prosecutors (stated "Prosecutors")
            Prosecutors opened an investigation into the killing of six farmers
    "#]],
    );
    check(
        "The commission found that the army carried out unlawful strikes, based on 40 interviews.",
        expect![[r#"
            indirect "found" commission (stated "commission")
                the army carried out unlawful strikes, based on 40 interviews
            = found "found" commission (stated "commission")
                the army carried out unlawful strikes, based on 40 interviews
                basis: 40 interviews
        "#]],
    );
    check(
        "Oskar Dahl called him a war criminal. Police found a body in the river.",
        expect![[r#"
        indirect "called" Oskar Dahl (stated "Oskar Dahl")
            him a war criminal
    "#]],
    );
}

/// Sentences of speech made of parts, so that marks and cues meet in odd orders.
fn speech() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "“",
        "”",
        "\"",
        "'",
        "’",
        "«",
        "»",
        "said",
        "says",
        "he",
        "she",
        "Mira Orlova",
        "the ministry",
        "that",
        ",",
        ".",
        "adding",
        "according to",
        "citing",
        "as saying",
        "quoted",
        "was",
        "by",
        "and",
        "accused",
        "told",
        "reporters",
        "who",
        "which",
        "on Monday",
        "convicted",
        "investigation",
        "опит",
        "\n\n",
        ":",
        "—",
        "it",
        "killed",
        "(",
        ")",
    ]);
    prop::collection::vec(part, 0..40).prop_map(|parts| parts.join(" "))
}

#[test]
fn a_speaker_behind_a_clause_in_a_text_without_commas() {
    check(
        "Shells hit a mill in the town of Tesmin on Monday a monitor said. Another nine houses burned down in Varden the \
         Tesmin Register said Tuesday. Six people died when a rocket hit the market in Varden state media reported.",
        expect![[r#"
            indirect "said" monitor (stated "monitor")
                Shells hit a mill in the town of Tesmin on Monday
            indirect "said" on 2031-03-11 Tesmin Register (stated "Tesmin Register")
                Another nine houses burned down in Varden
            indirect "reported" state media (stated "state media")
                Six people died when a rocket hit the market in Varden
        "#]],
    );
    check("It is more than what the mayor said.", expect![""]);
    check(
        "At least 2,000 people died in Varden by Brevanian estimates.",
        expect![[r#"
        indirect "by" Brevanian estimates (stated "Brevanian estimates")
            At least 2,000 people died in Varden
    "#]],
    );
    check(
        "At least 2,000 people died in Varden by rough estimates.",
        expect![[r#"
        indirect "by" rough estimates (stated "rough estimates")
            At least 2,000 people died in Varden
    "#]],
    );
    check(
        "Officials said the shelling went on, killing at least 2,000 people by Brevanian estimates.",
        expect![[r#"
        indirect "said" Officials (stated "Officials")
            the shelling went on, killing at least 2,000 people
        indirect "by" Brevanian estimates (stated "Brevanian estimates")
            killing at least 2,000 people
    "#]],
    );
}

proptest! {
    #[test]
    fn any_speech_is_readable(words in speech()) {
        let (text, claims) = claims(&words);
        for claim in &claims {
            prop_assert!(!text.quote(claim.span).is_empty());
            if let ClaimKind::Statement(statement) = &claim.kind {
                prop_assert!(!claim.said_by.is_empty());
                for content in &statement.content {
                    prop_assert!(claim.span.contains(*content));
                }
            }
        }
    }

    #[test]
    fn any_text_is_readable(words in "\\PC{0,200}") {
        claims(&words);
    }
}

#[test]
fn a_bound_opens_what_is_said() {
    check(
        "Ila Brann said at least nine people were killed in Zarvo.",
        expect![[r#"
        indirect "said" Ila Brann (stated "Ila Brann")
            at least nine people were killed in Zarvo
    "#]],
    );
    check(
        "The council of Zarvo said up to 40 houses were burned on Monday.",
        expect![[r#"
        indirect "said" council of Zarvo (stated "council of Zarvo")
            up to 40 houses were burned on Monday
    "#]],
    );
    check(
        "The mayor said at most 12 men had died in the attack.",
        expect![[r#"
        indirect "said" mayor (stated "mayor")
            at most 12 men had died in the attack
    "#]],
    );
    check(
        "The mayor said at noon that the bridge of Zarvo was shelled.",
        expect![[r#"
        indirect "said" mayor (stated "mayor")
            the bridge of Zarvo was shelled
    "#]],
    );
    // The text ends where the number would stand.
    for cut in ["up to", "about", "at", "between"] {
        print(&format!("Ila Brann said {cut}"));
        print(&format!("a dozen says {cut} "));
    }
}

#[test]
fn harm_that_is_counted() {
    check(
        "The Brann Institute has documented the killing of 58 men in Zarvo.",
        expect![[r#"
        indirect "documented" Brann Institute (stated "Brann Institute")
            the killing of 58 men in Zarvo
    "#]],
    );
    check(
        "The panel recorded 14 deaths in Zarvo in May.",
        expect![[r#"
        indirect "recorded" panel (stated "panel")
            14 deaths in Zarvo in May
    "#]],
    );
    check("The choir recorded a song about the deaths.", expect![[""]]);
    check(
        "The list has 137 raids on clinics documented by the Brann Institute.",
        expect![[r#"
        indirect "documented" Brann Institute (stated "Brann Institute")
            137 raids on clinics
    "#]],
    );
    check(
        "14 deaths were recorded by the panel in Zarvo.",
        expect![[r#"
        indirect "recorded" panel in Zarvo (stated "panel in Zarvo")
            14 deaths
    "#]],
    );
    check(
        "The ministry of Zarvo put the number of dead at 21.",
        expect![[r#"
        indirect "put the number" ministry of Zarvo (stated "ministry of Zarvo")
            of dead at 21
    "#]],
    );
}

#[test]
fn who_claims_a_deed() {
    check(
        "The army of Vardia claimed to have killed 40 men near Zarvo.",
        expect![[r#"
        indirect "claimed" army of Vardia (stated "army of Vardia")
            to have killed 40 men near Zarvo
    "#]],
    );
    check("20 houses were reported to have been burned in Zarvo.", expect![[""]]);
    check(
        "A fighter claims some girls were killed in Zarvo.",
        expect![[r#"
        indirect "claims" fighter (stated "fighter")
            some girls were killed in Zarvo
    "#]],
    );
}

#[test]
fn a_clause_behind_the_speaker() {
    check(
        "Shells hit a school in Zarvo, the mayor said, and at least nine people were killed.",
        expect![[r#"
        indirect "said" mayor (stated "mayor")
            Shells hit a school in Zarvo
            at least nine people were killed
    "#]],
    );
    check(
        "Looting is a part of it, the panel said, as is the shelling of two towns.",
        expect![[r#"
        indirect "said" panel (stated "panel")
            Looting is a part of it
            is the shelling of two towns
    "#]],
    );
    // Another speaks.
    check(
        "Shells hit a school in Zarvo, the mayor said, and the army denied it.",
        expect![[r#"
            indirect "said" mayor (stated "mayor")
                Shells hit a school in Zarvo
            indirect "denied" army (stated "army")
                it
        "#]],
    );
    check(
        "Shells hit a school in Zarvo, the mayor said, and asked for help.",
        expect![[r#"
        indirect "said" mayor (stated "mayor")
            Shells hit a school in Zarvo
    "#]],
    );
}

#[test]
fn before_and_behind() {
    check(
        "As the Zarvo Post reports, shells killed six men at the mill.",
        expect![[r#"
        indirect "reports" Zarvo Post (stated "Zarvo Post")
            shells killed six men at the mill
    "#]],
    );
    check(
        "Ila Brann wrote late on Tuesday: “The mill burns. Six men are dead.”",
        expect![[r#"
        direct "wrote" on 2031-03-11 Ila Brann (stated "Ila Brann")
            “The mill burns. Six men are dead.”
    "#]],
    );
    check(
        "Shells killed six men, in what the mayor called a crime of the army.",
        expect![[r#"
        indirect "called" mayor (stated "mayor")
            a crime of the army
    "#]],
    );
    check(
        "The mayor called that claim a lie.",
        expect![[r#"
        indirect "called" mayor (stated "mayor")
            that claim a lie
    "#]],
    );
}

#[test]
fn marks_in_a_name() {
    check(
        "Vardia’s Command ‘South’ said that three men died in Zarvo.",
        expect![[r#"
        indirect "said" Vardia’s Command ‘South’ (stated "Vardia’s Command ‘South’")
            three men died in Zarvo
    "#]],
    );
    check(
        "The mayor said “Yes” and left Zarvo in ruins, the panel said.",
        expect![[r#"
        mixed "said" panel (stated "panel")
            The mayor said “Yes” and left Zarvo in ruins
        mixed "said" mayor (stated "mayor") < panel (stated "panel")
            “Yes” and left Zarvo in ruins
    "#]],
    );
}

#[test]
fn what_is_added_behind_a_speaker_can_be_anothers() {
    check(
        "Shells hit the mill, the mayor said, and two people were killed.",
        expect![[r#"
        indirect "said" mayor (stated "mayor")
            Shells hit the mill
            two people were killed
    "#]],
    );
    check(
        "Nine people died, police said, and the army shelled the school.",
        expect![[r#"
        indirect "said" police (stated "police")
            Nine people died
    "#]],
    );
    check(
        "Nine people died, police said, and two reporters saw soldiers shoot a boy.",
        expect![[r#"
            indirect "said" police (stated "police")
                Nine people died
            indirect "saw" two reporters (stated "two reporters")
                soldiers shoot a boy
        "#]],
    );
    check("In what the mayor of Zarvo called a crime, troops shot nine men.", expect![[""]]);
    check(
        "Asked about the attack, Colonel Bo told Reuters “Never” and walked away.",
        expect![[r#"
        mixed "told" Bo (stated "Bo")
            “Never” and walked away
    "#]],
    );
    check("The band recorded about 20 songs in Zarvo, where troops killed nine men.", expect![[""]]);
}

#[test]
fn who_counts_and_who_only_stands_near() {
    check(
        "Nine men were shot in the yard, the panel verified.",
        expect![[r#"
        indirect "verified" panel (stated "panel")
            Nine men were shot in the yard
    "#]],
    );
    check(
        "The shells, the panel documented, came from the east.",
        expect![[r#"
        indirect "documented" panel (stated "panel")
            came from the east
    "#]],
    );
    check("More than 200 civilian deaths were documented in areas held by Vardian forces.", expect![[r#""#]]);
    check("The attack was recorded by cameras in the street.", expect![[r#""#]]);
    check(
        "Fourteen deaths were documented by the panel.",
        expect![[r#"
        indirect "documented" panel (stated "panel")
            Fourteen deaths
        = found "documented" panel (stated "panel")
            Fourteen deaths
    "#]],
    );
    check("The band recorded about 20 songs, and troops killed nine men.", expect![[r#""#]]);
    check(
        "Last year 14 deaths were documented by the panel.",
        expect![[r#"
        indirect "documented" panel (stated "panel")
            14 deaths
        = found "documented" panel (stated "panel")
            14 deaths
    "#]],
    );
    check(
        "In May the killing of two men was documented by the panel.",
        expect![[r#"
        indirect "documented" panel (stated "panel")
            the killing of two men
        = found "documented" panel (stated "panel")
            the killing of two men
    "#]],
    );
    check(
        "Two men claimed to have been tortured in the cells.",
        expect![[r#"
        indirect "claimed" Two men (stated "Two men")
            to have been tortured in the cells
    "#]],
    );
    check(
        "The ministry dismissed as lies reports that its planes had bombed the camp.",
        expect![[r#"
        indirect "dismissed" ministry (stated "ministry")
            as lies reports that its planes had bombed the camp
    "#]],
    );
    check(
        "Shells hit a school in Zarvo, the mayor said, and two officials denied it.",
        expect![[r#"
        indirect "said" mayor (stated "mayor")
            Shells hit a school in Zarvo
        indirect "denied" two officials (stated "two officials")
            it
    "#]],
    );
    check(
        "The council estimates that nine men were shot.",
        expect![[r#"
        indirect "estimates" council (stated "council")
            nine men were shot
    "#]],
    );
    check(
        "A film showed five men who fighters said were shot by the army.",
        expect![[r#"
        indirect "said" fighters (stated "fighters")
            were shot by the army
    "#]],
    );
    check(
        "Troops continued “to destroy settlements”, the governor said.",
        expect![[r#"
        mixed "said" governor (stated "governor")
            Troops continued “to destroy settlements”
    "#]],
    );
}

#[test]
fn who_wrote_it_and_who_opens_with_it() {
    check(
        "The army is reporting it. Norland’s Operational Command ‘South’ reported that three men died in Zarvo.",
        expect![[r#"
            indirect "reporting" army (stated "army")
                it
            indirect "reported" Norland’s Operational Command ‘South’ (stated "Norland’s Operational Command ‘South’")
                three men died in Zarvo
        "#]],
    );
    check(
        "The envoy at the Joint Centre (JC) in Zarvo has said that soldiers shot two farmers.",
        expect![[r#"
            indirect "said" envoy at the Joint Centre (JC) in Zarvo (stated "envoy at the Joint Centre (JC) in Zarvo")
                soldiers shot two farmers
        "#]],
    );
    check(
        "Soldiers shot two farmers in Zarvo, the report by Tavra Watch said.",
        expect![[r#"
        indirect "said" Tavra Watch (stated "Tavra Watch")
            Soldiers shot two farmers in Zarvo
    "#]],
    );
    check(
        "Soldiers shot two farmers in Zarvo, a study published by Tavra Watch found.",
        expect![[r#"
        indirect "found" Tavra Watch (stated "Tavra Watch")
            Soldiers shot two farmers in Zarvo
    "#]],
    );
    check(
        "Saying that soldiers shelled a school in Zarvo, the mayor called for help.",
        expect![[r#"
            indirect "Saying" mayor (stated "mayor")
                soldiers shelled a school in Zarvo
            indirect "called for" mayor (description "mayor")
                help
        "#]],
    );
    check(
        "After alleging that the army had carried out a strike on the old mill of Zarvo and its houses, the council appealed for aid.",
        expect![[r#"
            indirect "alleging" council (stated "council")
                the army had carried out a strike on the old mill of Zarvo and its houses
            indirect "appealed for" council (stated "council")
                aid
        "#]],
    );
    check(
        "Rockets came from a ship, President Ila Brann's office said. It said three men had died.",
        expect![[r#"
            indirect "said" President Ila Brann's office (stated "President Ila Brann's office")
                Rockets came from a ship
            indirect "said" President Ila Brann's office (pronoun "It")
                three men had died
        "#]],
    );
    check(
        "A drone struck a bakery, the mayor said, and a subsequent raid on the town killed ten farmers.",
        expect![[r#"
            indirect "said" mayor (stated "mayor")
                A drone struck a bakery
                a subsequent raid on the town killed ten farmers
        "#]],
    );
}
