use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::fault::{Code, Fault};

/// The parameters of a request; what is not known or cannot be read is refused by name.
pub(crate) struct Asked<T>(pub(crate) T);

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Asked<T>, Fault> {
        // A form sends a field that was left empty with nothing in it: nothing is asked by it.
        let given = parts.uri.query().unwrap_or_default();
        let is_filled = |pair: &&str| pair.split_once('=').is_none_or(|(_, value)| !value.is_empty());
        let filled: Vec<&str> = given.split('&').filter(is_filled).collect();
        let uri = format!("/?{}", filled.join("&"));
        let read = uri.parse().map_err(|_| Fault::new(Code::BadRequest, "the parameters cannot be read"))?;
        let Query(asked) = Query::try_from_uri(&read)
            .map_err(|rejection| Fault::new(Code::BadRequest, rejection.body_text()))?;
        Ok(Asked(asked))
    }
}

/// Refuses a name that stands for nothing, and says which do.
pub(crate) fn one_of(parameter: &str, given: Option<&str>, names: &[&str]) -> Result<(), Fault> {
    match given {
        Some(name) if !names.contains(&name) => Err(Fault::new(
            Code::BadRequest,
            format!("{parameter}={name}: no such name; it can be {}", names.join(", ")),
        )),
        _ => Ok(()),
    }
}
