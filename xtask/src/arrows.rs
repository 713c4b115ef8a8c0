use std::collections::BTreeSet;

/// Who may know whom, from the picture in `ARCHITECTURE.md`. Adding an arrow means changing both in one commit.
const ARROWS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("language", &[]),
    ("extract", &["language", "model"]),
    ("corroborate", &["model"]),
    ("preserve", &["model"]),
    ("collect", &["model", "preserve"]),
    ("store", &[]),
    ("evaluate", &["collect", "corroborate", "extract", "model"]),
    (
        "credence",
        &["collect", "corroborate", "evaluate", "extract", "language", "model", "preserve", "store"],
    ),
    ("xtask", &[]),
];

#[test]
fn arrows_point_down_only() {
    let metadata = super::metadata();
    let packages = metadata["packages"].as_array().unwrap();
    let ours: BTreeSet<&str> = packages
        .iter()
        .filter(|package| package["source"].is_null())
        .map(|package| package["name"].as_str().unwrap())
        .collect();
    assert_eq!(ours, ARROWS.iter().map(|(name, _)| *name).collect(), "every crate has its line in ARROWS");
    for package in packages.iter().filter(|package| package["source"].is_null()) {
        let name = package["name"].as_str().unwrap();
        let (_, allowed) = ARROWS.iter().find(|(from, _)| *from == name).unwrap();
        for dependency in package["dependencies"].as_array().unwrap() {
            let to = dependency["name"].as_str().unwrap();
            let for_tests = dependency["kind"] == "dev";
            assert!(!ours.contains(to) || allowed.contains(&to) || for_tests, "{name} must not know {to}");
        }
    }
}

/// The pure crates: the same input gives the same output, on one machine and on many.
#[test]
fn pure_crates_have_no_door_to_the_world() {
    let doors =
        ["std::fs", "std::net", "std::process", "std::env", "std::time", "Timestamp::now", "Zoned::now"];
    for crate_name in ["model", "language", "extract", "corroborate"] {
        let folder = format!("{}/../crates/{crate_name}/src", env!("CARGO_MANIFEST_DIR"));
        for (path, text) in sources(folder.as_ref()) {
            for door in doors {
                assert!(!text.contains(door), "{} uses {door}", path.display());
            }
        }
    }
}

/// Reads all sources below `folder`, each up to its tests.
fn sources(folder: &std::path::Path) -> Vec<(std::path::PathBuf, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
            found.push((path, code));
        }
    }
    found
}
