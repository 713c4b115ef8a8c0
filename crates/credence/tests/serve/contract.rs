//! What is promised in the description of the API.

use std::collections::BTreeSet;

use expect_test::expect_file;
use serde_json::{Value, json};

use crate::common::Folder;
use crate::common::desk::{Answer, Desk};

/// The description of the API, as the desk gives it.
pub(crate) struct Contract(pub(crate) Value);

impl Contract {
    pub(crate) fn of(desk: &Desk) -> Contract {
        Contract(desk.json("/api/v1/openapi.json"))
    }

    /// Lists all that can be asked, such as `get /api/v1/reports`.
    pub(crate) fn operations(&self) -> BTreeSet<String> {
        let paths = self.0["paths"].as_object().unwrap().iter();
        let named = |(path, item): (&String, &Value)| {
            let methods: Vec<String> = item.as_object().unwrap().keys().cloned().collect();
            methods.into_iter().map(move |method| format!("{method} {path}")).collect::<Vec<_>>()
        };
        paths.flat_map(named).collect()
    }

    /// Fails the test if an answer is not what is promised for its status.
    pub(crate) fn holds(&self, operation: &str, answer: &Answer) {
        let (method, path) = operation.split_once(' ').unwrap();
        let responses = &self.0["paths"][path][method]["responses"];
        let family = format!("{}XX", answer.status / 100);
        let promised =
            [&answer.status.to_string(), &family].into_iter().find_map(|status| responses.get(status));
        let mut promised =
            promised.unwrap_or_else(|| panic!("{operation}: {} is not promised", answer.status));
        if let Some(name) = promised["$ref"].as_str() {
            promised = self.0.pointer(name.trim_start_matches('#')).unwrap();
        }
        let kind = answer.header("content-type").unwrap().split(';').next().unwrap();
        let content = promised["content"].get(kind);
        let content = content.unwrap_or_else(|| panic!("{operation}: {kind} is not promised: {promised}"));
        if kind != "application/json" {
            return;
        }
        let mut schema = content["schema"].clone();
        // What the schema refers to has to lie in it.
        schema["components"] = self.0["components"].clone();
        let schema = jsonschema::validator_for(&schema).unwrap();
        let answer = answer.json();
        if let Some(error) = schema.iter_errors(&answer).next() {
            panic!("{operation}: {error} at {} in {answer}", error.instance_path());
        }
    }
}

#[test]
fn the_description_is_kept_in_the_documents() {
    let folder = Folder::new();
    folder.run(&["collect", folder.write("a.txt", "date 2031-03-12 Nothing.").to_str().unwrap()]).fine();
    let contract = Contract::of(&Desk::open(&folder)).0;
    let text = serde_json::to_string_pretty(&contract).unwrap() + "\n";
    expect_file!["../../../../docs/openapi.json"].assert_eq(&text);
}

#[test]
fn all_that_can_be_asked_is_described() {
    let folder = Folder::new();
    folder.run(&["collect", folder.write("a.txt", "date 2031-03-12 Nothing.").to_str().unwrap()]).fine();
    let contract = Contract::of(&Desk::open(&folder));
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/api.md");
    let page = std::fs::read_to_string(page).unwrap();
    let tags: Vec<&Value> = contract.0["tags"].as_array().unwrap().iter().map(|tag| &tag["name"]).collect();
    let mut ids = BTreeSet::new();
    for name in contract.operations() {
        let (method, path) = name.split_once(' ').unwrap();
        let operation = &contract.0["paths"][path][method];
        assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{name}: its id is taken");
        assert!(operation["summary"].as_str().is_some_and(|words| words.ends_with('.')), "{name}");
        assert!(operation["tags"].as_array().unwrap().iter().all(|tag| tags.contains(&tag)), "{name}");
        for parameter in operation["parameters"].as_array().unwrap_or(&Vec::new()) {
            assert!(
                parameter["description"].as_str().is_some_and(|words| !words.is_empty()),
                "{name}: {parameter}"
            );
        }
        let line = format!("`{} {path}`", method.to_uppercase());
        assert!(page.contains(&line), "docs/api.md does not speak of {line}");
    }
    let secret = json!([{"secret": []}]);
    assert_eq!(contract.0["paths"]["/api/v1/reports"]["get"]["security"], secret);
    assert_eq!(contract.0["paths"]["/healthz"]["get"]["security"], Value::Null);
}
