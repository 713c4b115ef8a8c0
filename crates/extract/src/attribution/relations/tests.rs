use expect_test::{Expect, expect};
use model::{Digest, Kind, Metadata};
use proptest::prelude::*;

use crate::{Attributed, Source};

fn read(text: &str) -> (model::Report, Vec<Attributed>) {
    let metadata = Metadata::default();
    let source = Source {
        bytes: text.as_bytes(),
        digest: Digest::of(text.as_bytes()),
        kind: Kind::PlainText,
        metadata: &metadata,
    };
    let reading = crate::read(&source);
    let said = reading.attributions();
    (reading.report, said)
}

/// Prints each relation as source | cue | content.
fn check(text: &str, expected: Expect) {
    let (report, said) = read(text);
    let quote = |span: &model::Span| report.text.quote(*span).to_owned();
    let lines = said.iter().map(|said| {
        let part = |span: &Option<model::Span>| span.as_ref().map_or("-".to_owned(), quote);
        let content: Vec<String> = said.content.iter().map(quote).collect();
        format!("{} | {} | {}\n", part(&said.source), part(&said.cue), content.join(" … "))
    });
    expected.assert_eq(&lines.collect::<String>());
}

#[test]
fn a_clause_and_the_whole_phrase_of_its_speaker() {
    check(
        "Anna Żuk, the mayor of Tesmin, said that the bridge was gone.",
        expect![[r#"
        Anna Żuk, the mayor of Tesmin, | said | that the bridge was gone
    "#]],
    );
}

#[test]
fn quotations_before_and_behind_an_inverted_speaker() {
    check(
        "“The bridge is gone,” said Mayor Anna Żuk. “We have no other.”",
        expect![[r#"
        Mayor Anna Żuk | said | “The bridge is gone,” … “We have no other.”
    "#]],
    );
}

#[test]
fn the_verb_of_phase_and_the_occasion_belong_to_the_cue() {
    check(
        "Żuk went on to say in a statement that the bridge was gone.",
        expect![[r#"
        Żuk | went on to say in a statement | that the bridge was gone
    "#]],
    );
    check(
        "The mayor tried to argue that the road was safe.",
        expect![[r#"
        The mayor | tried to argue | that the road was safe
    "#]],
    );
}

#[test]
fn a_light_verb_with_a_noun() {
    check(
        "The mayor made the case that the road was safe.",
        expect![[r#"
        The mayor | made the case | that the road was safe
    "#]],
    );
    check(
        "Żuk has expressed strong support for the plan.",
        expect![[r#"
        Żuk | has expressed strong support for | the plan
    "#]],
    );
    check("The mayor faced criticism from farmers.", expect![[""]]);
}

#[test]
fn a_name_behind_a_dash_signs_a_quotation() {
    check(
        "“The bridge is gone for good.” ― Anna Żuk",
        expect![[r#"
        Anna Żuk | ― | “The bridge is gone for good.”
    "#]],
    );
}

#[test]
fn whom_the_words_name_as_the_source_of_what_another_said() {
    check(
        "“The bridge is gone,” Żuk said, according to the Tesmin Post.",
        expect![[r#"
        Żuk | said | “The bridge is gone,”
        the Tesmin Post | according to | “The bridge is gone,” Żuk said
    "#]],
    );
}

#[test]
fn the_agent_of_a_passive_asks() {
    check(
        "The economics professor was asked by host Anna Venn whether it was true.",
        expect![[r#"
            host Anna Venn | was asked | whether it was true
        "#]],
    );
}

#[test]
fn an_aside_is_no_part_of_the_source() {
    check(
        "The mayor, facing calls to go, said that the bridge was gone.",
        expect![[r#"
        The mayor | said | that the bridge was gone
    "#]],
    );
    check(
        "The mayor, who built the bridge, said that it was gone.",
        expect![[r#"
        The mayor, who built the bridge, | said | that it was gone
    "#]],
    );
}

#[test]
fn a_headline_says_who_says_what() {
    let (report, said) = read(
        "Żuk says the bridge is gone\n\nTesmin, 4 May 2031\n\nThe bridge of Tesmin was hit. It burned all night.",
    );
    let cues: Vec<_> = said.iter().filter_map(|said| said.cue).map(|cue| report.text.quote(cue)).collect();
    assert_eq!(cues, ["says"]);
}

#[test]
fn a_sentence_broken_off_for_its_speaker() {
    check(
        "The bridge, the mayor said, had been mined.",
        expect![[r#"
        the mayor | said | The bridge … had been mined
    "#]],
    );
}

#[test]
fn according_to_takes_the_sentence_around_it() {
    check(
        "Twelve houses burned down, according to the Varden fire service.",
        expect![[r#"
        the Varden fire service | according to | Twelve houses burned down
    "#]],
    );
    check(
        "According to the Varden fire service, twelve houses burned down.",
        expect![[r#"
        the Varden fire service | According to | twelve houses burned down
    "#]],
    );
}

#[test]
fn objects_and_prepositions() {
    check(
        "The ministry has repeatedly denied the report.",
        expect![[r#"
        The ministry | has repeatedly denied | the report
    "#]],
    );
    check(
        "Two senators called for an inquiry into the raid.",
        expect![[r#"
        Two senators | called for | an inquiry into the raid
    "#]],
    );
    check(
        "The council accused the army of burning the village.",
        expect![[r#"
        The council | accused | the army of burning the village
    "#]],
    );
}

#[test]
fn infinitives() {
    check(
        "The general refused to leave Varden.",
        expect![[r#"
        The general | refused | to leave Varden
    "#]],
    );
    check(
        "The mayor urged the residents to leave.",
        expect![[r#"
        The mayor | urged | the residents to leave
    "#]],
    );
}

#[test]
fn in_the_passive_nobody_or_the_agent_speaks() {
    check(
        "The army was accused of burning the village.",
        expect![[r#"
            - | was accused of | The army … burning the village
        "#]],
    );
    check(
        "The death was confirmed by two doctors.",
        expect![[r#"
        two doctors | was confirmed | The death
    "#]],
    );
    check(
        "The convoy is expected to arrive on Monday.",
        expect![[r#"
        - | is expected | The convoy … to arrive on Monday
    "#]],
    );
    check(
        "Residents were told that the road was closed.",
        expect![[r#"
        - | were told | that the road was closed
    "#]],
    );
}

#[test]
fn nouns_and_adverbs() {
    check(
        "The claim that the bridge was mined spread quickly.",
        expect![[r#"
        - | claim | that the bridge was mined
    "#]],
    );
    check(
        "Rebels reportedly shelled a school.",
        expect![[r#"
        - | reportedly | Rebels … shelled a school
    "#]],
    );
}

#[test]
fn joined_verbs_share_their_speaker() {
    check(
        "The mayor condemned the raid and demanded an inquiry.",
        expect![[r#"
        The mayor | condemned | the raid
        The mayor | demanded | an inquiry
    "#]],
    );
    check(
        "The bridge was gone, the mayor said, adding that two men had drowned.",
        expect![[r#"
        the mayor | said | The bridge was gone
        the mayor | adding | that two men had drowned
    "#]],
    );
}

#[test]
fn a_relative_clause_speaks_for_its_pronoun() {
    check(
        "A nurse who said she had seen the raid fled to Varden.",
        expect![[r#"
        who | said | she had seen the raid fled to Varden
    "#]],
    );
}

#[test]
fn a_quotation_goes_on_in_the_next_paragraph() {
    check(
        "“It was dark,” the nurse said.\n\n“Nobody came to help us that night.”",
        expect![[r#"
        the nurse | said | “It was dark,” … “Nobody came to help us that night.”
    "#]],
    );
}

#[test]
fn adjectives_of_feeling_and_belief() {
    check(
        "The council is opposed to the plan.",
        expect![[r#"
        The council | is opposed to | the plan
    "#]],
    );
    check(
        "Residents were afraid that the raid would go on.",
        expect![[r#"
        Residents | were afraid | that the raid would go on
    "#]],
    );
}

#[test]
fn as_somebody_said() {
    check(
        "As the mayor noted, the bridge was gone.",
        expect![[r#"
        the mayor | noted | the bridge was gone
    "#]],
    );
}

#[test]
fn who_is_asked_does_not_ask() {
    check(
        "Asked whether the bridge was mined, the mayor declined to answer.",
        expect![[r#"
        - | Asked | whether the bridge was mined
        the mayor | declined | to answer
    "#]],
    );
}

#[test]
fn names_before_colons_speak() {
    check(
        "Anna Żuk: The bridge was gone before we came.",
        expect![[r#"
        Anna Żuk | : | The bridge was gone before we came
    "#]],
    );
}

#[test]
fn what_stands_in_a_quotation_is_not_read_again() {
    check(
        "“They said that the bridge was mined,” the mayor said.",
        expect![[r#"
        the mayor | said | “They said that the bridge was mined,”
    "#]],
    );
}

proptest! {
    #[test]
    fn any_text_is_read_with_spans_inside(text in "(?s)(said|told us|\"|“|”|''|:|,|\\.|according to|Żuk|the claim that|\\PC){0,40}") {
        let (report, said) = read(&text);
        for span in said.iter().flat_map(|said| said.content.iter().chain(&said.source).chain(&said.cue)) {
            prop_assert!(!report.text.quote(*span).is_empty());
        }
    }
}
