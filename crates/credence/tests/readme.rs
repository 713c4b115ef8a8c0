//! What the README shows is what the program prints.

mod common;

use std::path::Path;

use common::{Folder, samples};

const MARK: &str = "a test compares them. -->\n```text\n";

/// How much of the output the README shows.
const LINES: usize = 44;

#[test]
fn the_first_command_prints_what_the_readme_shows() {
    let folder = Folder::new();
    // The command of the README names the folder as it is from the root of the repository.
    std::fs::create_dir(folder.path().join("samples")).unwrap();
    copy(&samples().join("reports"), &folder.path().join("samples/reports"));
    let printed = folder.run(&["track", "samples/reports"]).fine().stdout;
    let printed: String = printed.lines().take(LINES).map(|line| format!("{line}\n")).collect();

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
    expect_test::expect![[r#""#]].assert_eq(&help);
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}
