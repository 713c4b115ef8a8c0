use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt as _;
use serde::Serialize;
use utoipa::{ToResponse, ToSchema};

/// Why a request was not answered, as everybody gets it who asks for JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToResponse, ToSchema)]
pub(crate) struct Fault {
    /// One of the codes in `docs/api.md`: what a program decides by.
    #[schema(value_type = String, example = "not_found")]
    #[serde(serialize_with = "name_of")]
    pub(crate) code: Code,
    /// What is wrong, for people.
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) hint: String,
    /// Which of several may be meant: their ids, and what they are in words. Pages lead to them.
    #[serde(skip)]
    #[schema(ignore)]
    pub(crate) choices: Vec<(String, String)>,
}

/// The kinds of faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    BadRequest,
    NoSecret,
    ForeignHost,
    ForeignOrigin,
    NotFound,
    Ambiguous,
    Changed,
    NotAllowed,
    TooLarge,
    Refused,
    TooLong,
    Busy,
    Damaged,
    Internal,
}

/// One row for each code: its name, its status of HTTP (RFC 9110), and what to do.
const CODES: &[(Code, &str, StatusCode, &str)] = &[
    (Code::BadRequest, "bad_request", StatusCode::BAD_REQUEST, "docs/api.md lists what can be asked"),
    (
        Code::NoSecret,
        "no_secret",
        StatusCode::UNAUTHORIZED,
        "open the link that `credence serve` prints, or send its secret as a bearer token",
    ),
    (
        Code::ForeignHost,
        "foreign_host",
        StatusCode::MISDIRECTED_REQUEST,
        "ask the address that `credence serve` prints",
    ),
    (
        Code::ForeignOrigin,
        "foreign_origin",
        StatusCode::FORBIDDEN,
        "only pages of the desk itself may ask it",
    ),
    (Code::NotFound, "not_found", StatusCode::NOT_FOUND, "the lists name what there is"),
    (
        Code::Ambiguous,
        "ambiguous",
        StatusCode::CONFLICT,
        "give more of the id, or the digest of the original",
    ),
    (
        Code::Changed,
        "changed",
        StatusCode::CONFLICT,
        "begin again from the first page, or ask for the whole list at once",
    ),
    (Code::NotAllowed, "not_allowed", StatusCode::METHOD_NOT_ALLOWED, "docs/api.md lists what can be asked"),
    (
        Code::TooLarge,
        "too_large",
        StatusCode::PAYLOAD_TOO_LARGE,
        "give less at a time, or use `credence collect`",
    ),
    (
        Code::Refused,
        "refused",
        StatusCode::UNPROCESSABLE_ENTITY,
        "mend what the message names, and ask again",
    ),
    (
        Code::TooLong,
        "too_long",
        StatusCode::SERVICE_UNAVAILABLE,
        "ask for less, such as a kind, a report or some days",
    ),
    (
        Code::Busy,
        "busy",
        StatusCode::SERVICE_UNAVAILABLE,
        "ask again in a while: something else is being written or worked out",
    ),
    (
        Code::Damaged,
        "damaged",
        StatusCode::INTERNAL_SERVER_ERROR,
        "`credence verify` says what is damaged; `credence reindex` makes the rows again from the originals",
    ),
    (
        Code::Internal,
        "internal",
        StatusCode::INTERNAL_SERVER_ERROR,
        "this is a bug: please report it with the message",
    ),
];

impl Code {
    fn row(self) -> &'static (Code, &'static str, StatusCode, &'static str) {
        CODES.iter().find(|row| row.0 == self).expect("the table has a row for each code")
    }

    fn of(status: StatusCode) -> Code {
        let rest = if status.is_server_error() { Code::Internal } else { Code::BadRequest };
        CODES.iter().find(|row| row.2 == status).map_or(rest, |row| row.0)
    }

    pub(crate) fn name(self) -> &'static str {
        self.row().1
    }

    pub(crate) fn status(self) -> StatusCode {
        self.row().2
    }
}

impl Fault {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Fault {
        Fault { code, message: message.into(), hint: code.row().3.to_owned(), choices: Vec::new() }
    }

    /// Says that something is not there.
    pub(crate) fn not_found(kind: &str, id: &str) -> Fault {
        Fault::new(Code::NotFound, format!("there is no {kind} called {id:?}"))
    }
}

fn name_of<S: serde::Serializer>(code: &Code, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(code.name())
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let status = self.code.status();
        let mut response = (status, Json(self)).into_response();
        if status == StatusCode::UNAUTHORIZED {
            // RFC 9110, 15.5.2, wants it said how to ask.
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// Puts what a layer below refused in words of its own into the one form.
pub(super) async fn in_one_form(response: Response) -> Response {
    let allowed = response.headers().get(header::ALLOW).cloned();
    match plain(response).await {
        Ok(fault) => {
            let mut shaped = fault.into_response();
            if let Some(allowed) = allowed {
                shaped.headers_mut().insert(header::ALLOW, allowed);
            }
            shaped
        }
        Err(response) => response,
    }
}

/// Reads what a layer below refused in words of its own; any other response is given back.
pub(super) async fn plain(response: Response) -> Result<Fault, Response> {
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE);
    let is_plain = kind.is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if !is_plain || !(status.is_client_error() || status.is_server_error()) {
        return Err(response);
    }
    let words = response.into_body().collect().await;
    let words = words.map(|body| String::from_utf8_lossy(&body.to_bytes()).into_owned());
    let message = words.ok().filter(|words| !words.is_empty());
    let message = message.unwrap_or_else(|| status.canonical_reason().unwrap_or("refused").to_lowercase());
    Ok(Fault::new(Code::of(status), message))
}

impl From<store::Error> for Fault {
    fn from(error: store::Error) -> Fault {
        let code = match &error {
            store::Error::TooLong => Code::TooLong,
            store::Error::Query { .. } => Code::BadRequest,
            store::Error::Locked { .. } => Code::Busy,
            error if error.is_damage() => Code::Damaged,
            _ => Code::Internal,
        };
        Fault::new(code, format!("{:#}", anyhow::Error::from(error)))
    }
}

impl From<anyhow::Error> for Fault {
    fn from(error: anyhow::Error) -> Fault {
        let error = match error.downcast::<store::Error>() {
            Ok(error) => return error.into(),
            Err(error) => error,
        };
        let code = if crate::is_damage(&error) { Code::Damaged } else { Code::Internal };
        Fault::new(code, format!("{error:#}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_stands_in_the_document() {
        let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/api.md");
        let page = std::fs::read_to_string(page).expect("the document is there");
        for (_, name, status, hint) in CODES {
            let row = format!("| `{name}` | {} | {hint} |", status.as_u16());
            assert!(page.contains(&row), "docs/api.md lacks {row}");
        }
    }

    #[test]
    fn each_code_has_a_row_of_its_own() {
        for (at, (code, name, ..)) in CODES.iter().enumerate() {
            assert_eq!(code.name(), *name);
            assert!(CODES[..at].iter().all(|(_, other, ..)| other != name), "{name}");
        }
    }
}
