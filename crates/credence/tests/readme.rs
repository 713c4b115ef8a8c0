//! What the README shows is what the program prints.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it has to be")]

mod common;

use std::path::Path;

use common::{Folder, samples};

const MARK: &str = "a test compares them. -->\n```text\n";

#[test]
fn the_first_command_prints_what_the_readme_shows() {
    let folder = Folder::new();
    // The command of the README names the folder as it is from the root of the repository.
    std::fs::create_dir(folder.path().join("samples")).unwrap();
    copy(&samples().join("reports"), &folder.path().join("samples/reports"));
    let printed = folder.run(&["track", "samples/reports"]).fine().stdout;
    // The summary and the first story, whole.
    let printed: String = printed.split("\n\n").take(2).map(|part| format!("{part}\n\n")).collect();
    let printed = printed.trim_end().to_owned() + "\n";

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let start = readme.find(MARK).unwrap() + MARK.len();
    let end = start + readme[start..].find("```").unwrap();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let updated = format!("{}{printed}{}", &readme[..start], &readme[end..]);
        std::fs::write(&path, updated).unwrap();
        return;
    }
    assert!(
        readme[start..end] == printed,
        "the README shows another output; UPDATE_EXPECT=1 cargo test writes it\n{printed}"
    );
}

#[test]
fn every_command_of_the_readme_exists() {
    let readme =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md")).unwrap();
    let folder = Folder::new();
    let help = folder.run(&["--help"]).fine().stdout;
    for line in readme.lines().filter(|line| line.starts_with("credence ")) {
        let command = line.split_whitespace().nth(1).unwrap();
        assert!(help.contains(&format!("  {command}")), "{command} is not in --help");
    }
}

#[test]
fn help_is_as_it_was() {
    let folder = Folder::new();
    let help = folder.run(&["--help"]).fine().stdout;
    let help: String = help.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    expect_test::expect![[r#"
        Tracks reports of war crimes, weighs how credible they are, and keeps the proof.

        Data goes to standard output, talk to standard error. Exit codes: 0 fine, 1 nothing found, 2 error,
        3 damage found.

        Usage: credence [OPTIONS] <COMMAND>

        Commands:
          track           Collect reports into the record, then print its stories: who alleges what, with
                          which numbers, from how many origins
          collect         Collect reports into the record, from files and from the web: keep the bytes, then
                          read them
          watch           Watch the sources in credence.toml, and collect what they bring, until stopped
          sources         Show how the watched sources stand
          versions        Show what was collected from one address over time, and what changed
          read            Read reports without a record, and print them and their claims as JSON Lines
          reindex         Read everything in the record again from its originals, and rebuild all that
                          follows from it
          reports         List the reports of the record
          stories         List the stories: reports of one news development, what is alleged in them, and
                          from how many origins
          incidents       List the incidents: alleged events in the world, each with the reports that tell
                          of it
          incident        Show one incident: what is alleged, by whom, from how many origins, its figures
                          side by side, and who denies it
          origins         Show where a claim comes from: how many independent origins, who they are, and
                          which reports only pass them on
          family          Show the copies of a report: one text in many outlets, how each is like another,
                          and where it likely comes from
          link            Decide that a report or claim belongs to an incident, or a report to a story: it
                          is not left to suggestion
          unlink          Decide that it does not belong there. No later report brings it back
          merge           Decide that several incidents, or several stories, are one
          split           Decide that some reports or claims of an incident, or some reports of a story, are
                          one of their own
          undo            Take back a decision. It stays in the history
          decisions       List what people decided on incidents and stories: when, who, what and why
          changes         Tell what changed since a moment: new incidents, tolls that rose or fell, denials,
                          corrections, decisions, lost sources
          claims          List claims
          figures         List figures by what they measure and whom they count, over time. They are never
                          summed
          contradictions  List where figures of one incident or situation do not fit together, and what is
                          denied
          show            Show a report with its claims marked in place, or one claim
          explain         Explain a claim: what it says, by which words and which rule it was read, and the
                          way back to the bytes
          search          Search the words of all reports
          serve           Open the desk: the record in a browser, on this machine alone
          verify          Check that the record is what was kept: originals, log, rows and search index.
                          Exit code 3 and a list on damage
          log             Prove to others what the record holds: checkpoints, proofs, witnesses, time stamps
          erase           Remove an original for good, by law: its bytes, what was read from it, and what
                          the log says of it
          sign            Sign a file so that `ssh-keygen -Y verify` is enough to check it
          eval            Measure the quality of reading against labelled corpora
          help            Print this message or the help of the given subcommand(s)

        Options:
              --record <FOLDER>
                  The folder of the record

                  [default: record]

              --color <WHEN>
                  When to use colour

                  Possible values:
                  - auto:   On a terminal, unless NO_COLOR is set
                  - always
                  - never

                  [default: auto]

          -h, --help
                  Print help (see a summary with '-h')

          -V, --version
                  Print version
    "#]]
    .assert_eq(&help);
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}
