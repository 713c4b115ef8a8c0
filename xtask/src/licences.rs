/// Every dependency can be had under a licence of the list in `deny.toml`.
#[test]
fn dependencies_are_permissive() {
    let allowed = allowed();
    for package in super::metadata()["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        let licence = package["license"].as_str().unwrap_or_else(|| panic!("{name} states no licence"));
        assert!(permits(licence, &allowed), "{name} is under {licence:?}, which deny.toml does not allow");
    }
}

/// What runs in the browser, and what checks it there, is under the same licences.
#[test]
fn packages_of_npm_are_permissive() {
    let allowed = allowed();
    for lock in ["crates/credence/islands/package-lock.json", "tests/desk/package-lock.json"] {
        let text = std::fs::read_to_string(format!("{}/../{lock}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let lock: serde_json::Value = serde_json::from_str(&text).unwrap();
        for (name, package) in lock["packages"].as_object().unwrap() {
            // axe-core looks at pages while they are checked, and is in nothing that is handed on.
            if name.ends_with("/axe-core") {
                continue;
            }
            let licence = package["license"].as_str().unwrap_or_else(|| panic!("{name} states no licence"));
            assert!(
                permits(licence, &allowed),
                "{name} is under {licence:?}, which deny.toml does not allow"
            );
        }
    }
}

/// Returns the names in the `allow` list of `deny.toml`.
fn allowed() -> Vec<String> {
    let file = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../deny.toml")).unwrap();
    let list = file.split_once("allow = [").and_then(|(_, rest)| rest.split_once(']')).expect("a list").0;
    list.lines()
        .filter_map(|line| Some(line.trim().strip_prefix('"')?.split('"').next()?.to_owned()))
        .collect()
}

/// Tells whether an SPDX expression of one level, perhaps with brackets, can be met by the allowed licences.
fn permits(expression: &str, allowed: &[String]) -> bool {
    let flat = expression.replace(['(', ')'], " ").replace('/', " OR ");
    flat.split(" AND ").all(|all| all.split(" OR ").any(|one| allowed.iter().any(|name| name == one.trim())))
}

#[test]
fn expressions_are_read() {
    let allowed = ["MIT".to_owned(), "BSD-3-Clause".to_owned()];
    assert!(permits("GPL-3.0 OR MIT", &allowed));
    assert!(permits("(Apache-2.0 OR MIT) AND BSD-3-Clause", &allowed));
    assert!(!permits("MIT AND MPL-2.0", &allowed));
}
