//! `credence explain`: every claim explains itself, in words, and leads back to its bytes.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it has to be")]

mod common;

use std::process::Command;

use common::{Folder, samples};
use expect_test::{Expect, expect};

const REPORT: &str = "date 2031-03-12 More than 953 civilians were killed in Kharkiv on Monday, Mirela Sandor said. \
    She denied that soldiers had shelled a school.";

/// Collects one report, and explains its claim that `holds` these words and is of this kind.
fn explained(kind: &str, words: &str) -> String {
    let folder = Folder::new();
    let path = folder.write("tuesday.txt", REPORT);
    folder.run(&["collect", path.to_str().unwrap()]).fine();
    let id = claim(&folder, kind, words);
    let explained = folder.run(&["explain", &id]).fine().stdout;
    // Where a record begins and ends in its segment: packed, it holds the path of the file, which is another in each run.
    let (before, from) = explained.split_once("tail -c +").unwrap();
    let (_, behind) = from.split_once(" | gunzip").unwrap();
    format!("{before}tail -c +… | head -c … | gunzip{behind}")
}

/// Returns the id of the first claim of this kind that holds these words.
fn claim(folder: &Folder, kind: &str, words: &str) -> String {
    let claims = folder.run(&["claims", "--json"]).fine().json();
    let holds = |claim: &&serde_json::Value| {
        claim["kind"] == kind && claim["span"]["quote"].as_str().unwrap().contains(words)
    };
    claims.iter().find(holds).unwrap()["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_figure_is_explained_in_full() {
    expect![[r#"
        tuesday.txt#3: figure

        What the report says
          By the report of 12 March 2031 of an outlet that is not named: according to Mirela Sandor, at
          least 954 civilians were killed, at “Kharkiv”, on 10 March 2031. The words “More than 953” set a
          lower bound of 954 and no upper bound.
          This says what the report contains. It does not say that it is true, and it finds nobody guilty.

        How this was read
          - The source is named: “Mirela Sandor”.
          - The words of saying or deciding: “said”.
          - It is said to be so.
          - It counts one event.
          - “Kharkiv” was taken for Kharkiv in the country with the ISO code UA (entry 706483 of the
            GeoNames gazetteer, latitude 49.98, longitude 36.26), a city, town or village. The gazetteer has
            one place of this name.
          - “on Monday” is 10 March 2031. A weekday in a sentence that looks back: the latest such day up to
            the anchor, the anchor included. The report’s anchor is the day of its dateline, or else of its
            publication. The anchor is 12 March 2031, the day of publication.

        The words
          ‹More than› ‹953› ‹civilians› were ‹killed› in Kharkiv on Monday, Mirela Sandor said.
          The words between ‹ and › are those by which the rule applied.

        The grammar of the words
              word       what it is                  belongs to   as
          1   More       adjective, comparative      3 953        an adjective to it
          2   than       preposition or conjunction  3 953        what qualifies the number
          3   953        number                      4 civilians  its number
          4   civilians  noun, plural                6 killed     its subject, to whom or which it is done
          5   were       verb, past                  6 killed     its auxiliary of the passive voice
          6   killed     past participle             14 said      a clause that says what
          7   in         preposition or conjunction  6 killed     a preposition to it
          8   Kharkiv    proper name                 7 in         what the preposition governs
          9   on         preposition or conjunction  6 killed     a preposition to it
          10  Monday     proper name                 9 on         what the preposition governs
          11  ,          comma                       14 said      punctuation
          12  Mirela     proper name                 13 Sandor    the first part of its name or term
          13  Sandor     proper name                 14 said      its subject
          14  said       verb, past                               the core of the sentence
          15  .          end of sentence             14 said      punctuation

          Each word belongs to the word that the fourth column names, as what the last column says. A
          statistical model finds this and can be wrong; it shows how the program took the sentence.

        The rule
          - figure-counted-people: A number, with its quantifier (“at least”, “about”), counts people, and a
            word of harm in the same sentence says what happened to them. “More than 953” is read as 954 or
            more, “up to 300” as 300 or fewer; “about 50” sets no bound.
          - For example: At least 12 civilians were killed in Varden.
          - What does not follow: That the number is right, or that it is complete. Bounds follow from the
            words alone; figures are never added up.

        The way back to the bytes
          Report: tuesday.txt.
          Words: bytes 16 to 39 of the original, counted from 0, the last one not included.
          Original: 140 bytes, received 2031-03-27T00:00:00Z. It was checked just now against its SHA-256
          digest, a number that no other bytes are known to have:
            sha256:981966a2b3032de96de807b173aa93dea87a2536b50382c2191d987e13a8c59d
          This command takes the bytes out of the record and works out the digest again:
            tail -c +… | head -c … | gunzip | sed '1,/^\r$/d' | head -c 140 | sha256sum
    "#]]
    .assert_eq(&explained("figure", "953"));
}

#[test]
fn a_denial_is_explained_in_full() {
    expect![[r#"
        tuesday.txt#5: allegation

        What the report says
          By the report of 12 March 2031 of an outlet that is not named: according to Mirela Sandor, this
          did not happen: an attack on a civilian or protected object (class of object: school). Alleged
          actor: “soldiers”. Whom or what it hit: “a school”. Place: “Kharkiv”.
          This says what the report contains. It does not say that it is true, and it finds nobody guilty.

        How this was read
          - “She” is taken for Mirela Sandor. The words are “he”, “she”, “it” or “they”; the name is that of
            the speaker or person last named who fits in gender and number.
          - The words of saying or deciding: “denied”.
          - It is denied: the words say that it is not so.
          - It is said without reservation.
          - The word for the act: “shelled”.
          - “Kharkiv” was taken for Kharkiv in the country with the ISO code UA (entry 706483 of the
            GeoNames gazetteer, latitude 49.98, longitude 36.26), a city, town or village. The gazetteer has
            one place of this name.

        The words
          She ‹denied› that ‹soldiers› had ‹shelled› ‹a school›.
          The words between ‹ and › are those by which the rule applied.

        The grammar of the words
             word      what it is                  belongs to  as
          1  She       pronoun                     2 denied    its subject
          2  denied    verb, past                              the core of the sentence
          3  that      preposition or conjunction  6 shelled   the word that opens its clause
          4  soldiers  noun, plural                6 shelled   its subject
          5  had       verb, past                  6 shelled   its auxiliary verb
          6  shelled   past participle             2 denied    a clause that says what
          7  a         article or determiner       8 school    its article or determiner
          8  school    noun                        6 shelled   its object
          9  .         end of sentence             2 denied    punctuation

          Each word belongs to the word that the fourth column names, as what the last column says. A
          statistical model finds this and can be wrong; it shows how the program took the sentence.

        The rule
          - allegation-active-verb: A verb of harm in the active voice: its subject is the alleged actor,
            its object is what was hit. The class of act follows from what was hit.
          - For example: Vardian troops shelled a hospital in Dobrove.
          - What does not follow: That the act happened, that it was unlawful, or that anybody is guilty:
            only a court decides that.
          - Taken from: the Rome Statute of the International Criminal Court, Article 8, and the Geneva
            Conventions, for the kinds of act; the words that name them were collected for this program

        The way back to the bytes
          Report: tuesday.txt.
          Words: bytes 110 to 139 of the original, counted from 0, the last one not included.
          Original: 140 bytes, received 2031-03-27T00:00:00Z. It was checked just now against its SHA-256
          digest, a number that no other bytes are known to have:
            sha256:981966a2b3032de96de807b173aa93dea87a2536b50382c2191d987e13a8c59d
          This command takes the bytes out of the record and works out the digest again:
            tail -c +… | head -c … | gunzip | sed '1,/^\r$/d' | head -c 140 | sha256sum
    "#]]
    .assert_eq(&explained("allegation", "shelled"));
}

/// Prints what the report says and how it was read, up to the words.
fn check(kind: &str, words: &str, expected: Expect) {
    let folder = Folder::new();
    folder.run(&["collect", samples().join("reports").to_str().unwrap()]).fine();
    let shown = folder.run(&["explain", &claim(&folder, kind, words)]).fine().stdout;
    expected.assert_eq(shown.split("\nThe words\n").next().unwrap());
}

#[test]
fn samples_are_explained() {
    check(
        "figure",
        "at least nine people",
        expect![[r#"
        01-agency-halvorek.txt#3: figure

        What the report says
          By the report of 12 March 2031 of an outlet that is not named, crediting the agency Norvane Press:
          according to Ludrava regional administration, at least 9 people were killed, at “Halvorek”, on 11
          March 2031. The words “at least nine” set a lower bound of 9 and no upper bound.
          This says what the report contains. It does not say that it is true, and it finds nobody guilty.

        How this was read
          - “regional administration” is taken for Ludrava regional administration. The words describe the
            speaker (“the ministry”, “the official”); the name is the fullest one that the report gives to
            such a speaker.
          - The words of saying or deciding: “said”.
          - It is said to be so.
          - It counts one event.
          - “Halvorek” is not in the gazetteer; it is kept as a name, without a point on the map.
          - “on Tuesday evening” is 11 March 2031. A weekday in a sentence that looks back: the latest such
            day up to the anchor, the anchor included. The report’s anchor is the day of its dateline, or
            else of its publication. The anchor is 12 March 2031, the day of the dateline.
    "#]],
    );
    check(
        "statement",
        "great blow",
        expect![[r#"
            05-halvorek-witnesses.html#3: statement

            What the report says
              By the report of 13 March 2031 of Quillhaven Post: according to Nela Torvik, in these words, which
              stand in quotation marks: “First there was one great blow, … Then small ones, a great many, all
              over the yard. … They came from across the river, where the Kaldrians are. I know what comes from
              there by now. I pulled out two girls I had fed that noon, and neither of them was breathing.”
              This says what the report contains. It does not say that it is true, and it finds nobody guilty.

            How this was read
              - “Torvik” is taken for Nela Torvik. The words are a part of a name that stands in full elsewhere
                in the report.
              - The words of saying or deciding: “said”.
        "#]],
    );
    check(
        "determination",
        "convicted",
        expect![[r#"
        14-sergeant-convicted.txt#1: determination

        What the report says
          By the report of 29 March 2031 of an outlet that is not named: court in the Brevanian capital
          convicted: “A court in the Brevanian capital, Asterholm, on Friday convicted a former Kaldrian
          sergeant of murdering two prisoners of war during the Dessin conflict, and sentenced him to 19
          years in prison”.
          This says what the report contains. It does not say that it is true, and it finds nobody guilty.

        How this was read
          - The source is mentioned as “court in the Brevanian capital”; no fuller name was found.
          - The words of saying or deciding: “convicted”.
          - Said on 28 March 2031. “on Friday” is 28 March 2031. A weekday in a sentence that looks back:
            the latest such day up to the anchor, the anchor included. The report’s anchor is the day of its
            dateline, or else of its publication. The anchor is 29 March 2031, the day of publication.
    "#]],
    );
    check(
        "allegation",
        "air-defence missile",
        expect![[r#"
        06-ministry-denial.txt#4: allegation

        What the report says
          By the report of 14 March 2031 of an outlet that is not named: according to Kaldria's defence
          ministry, against the accusation, this is what happened: destruction (class of object: other).
          Alleged actor: “Sorvenian”. Whom or what it hit: “the building”. Weapon: “missile”. Place:
          “Sorvenian”.
          This says what the report contains. It does not say that it is true, and it finds nobody guilty.

        How this was read
          - The source is named: “Kaldria's defence ministry”.
          - The words of saying or deciding: “said”.
          - It is a counter-version: the side that is accused tells the same event differently.
          - It is said without reservation.
          - The word for the act: “destroyed”.
          - “Sorvenian” is not in the gazetteer; it is kept as a name, without a point on the map.
    "#]],
    );
}

#[test]
fn every_claim_of_the_samples_explains_itself() {
    let folder = Folder::new();
    folder.run(&["collect", samples().join("reports").to_str().unwrap()]).fine();
    let claims = folder.run(&["claims", "--json"]).fine().json();
    // One in nineteen: each is a run of its own.
    for claim in claims.iter().step_by(19) {
        let id = claim["id"].as_str().unwrap();
        let text = folder.run(&["explain", id]).fine().stdout;
        for heading in ["What the report says", "How this was read", "The words", "The rule", "The way back"]
        {
            assert!(text.contains(&format!("\n{heading}")), "{id} lacks {heading}:\n{text}");
        }
        let json = &folder.run(&["explain", "--json", id]).fine().json()[0];
        assert_eq!(&json["claim"], claim);
        assert_eq!(json["rule"]["name"], claim["rule"]);
        assert!(!json["sentences"][0]["words"].as_array().unwrap().is_empty(), "{id}");
    }
}

#[test]
fn the_command_shown_prints_the_digest() {
    let folder = Folder::new();
    folder.run(&["collect", samples().join("reports").to_str().unwrap()]).fine();
    for id in ["01-agency-halvorek.txt#1", "05-halvorek-witnesses.html#1"] {
        let way = folder.run(&["explain", "--json", id]).fine().json()[0]["way_back"].clone();
        let command = way["command"].as_str().unwrap();
        let ran = Command::new("sh").args(["-c", command]).current_dir(folder.path()).output().unwrap();
        let digest = String::from_utf8(ran.stdout).unwrap();
        let digest = digest.split_whitespace().next().unwrap();
        assert_eq!(way["original"], format!("sha256:{digest}"), "{command}");
    }
}

#[test]
fn a_report_cannot_steer_the_terminal_or_forge_a_line() {
    let folder = Folder::new();
    let text = "date 2031-03-12 Mirela\u{1b}[2J Sandor\u{202e} said that at least 12 civilians\u{85} were killed\u{200f} in \
                Var\u{7f}den.\u{7}";
    let path = folder.write("bad\u{1b}#1.txt", text);
    folder.run(&["collect", path.to_str().unwrap()]).fine();
    for claim in folder.run(&["claims", "--json"]).fine().json() {
        let shown = folder.run(&["explain", claim["id"].as_str().unwrap()]).fine().stdout;
        let steers = |c: char| c != '\n' && (c.is_control() || "\u{202e}\u{200f}".contains(c));
        assert!(!shown.contains(steers), "{shown:?}");
    }
}

#[test]
fn what_is_no_claim_is_told() {
    let folder = Folder::new();
    let path = folder.write("tuesday.txt", REPORT);
    folder.run(&["collect", path.to_str().unwrap()]).fine();
    for (id, told) in [
        ("tuesday.txt", "is a report; its claims are called tuesday.txt#1"),
        ("tuesday.txt#99", "tuesday.txt has "),
        ("monday.txt#1", "there is no report called"),
    ] {
        let ran = folder.run(&["explain", id]);
        assert_eq!(ran.code, Some(2), "{id}");
        assert!(ran.stderr.contains(told), "{}", ran.stderr);
    }
}
