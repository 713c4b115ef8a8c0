use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::{report, words};
use crate::hints::Sayable;
use crate::serve::api::{SaidAsked, said_of};
use crate::serve::fault::{Code, Fault};
use crate::serve::site::Site;

/// What a form says of a report. A field that is left empty says nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    pub(super) published: String,
    pub(super) outlet: String,
}

impl Said {
    /// Returns what is said, if it can be read.
    fn asked(&self) -> Result<SaidAsked, Fault> {
        let published = match self.published.trim() {
            "" => None,
            day => {
                let unread = |_| Fault::new(Code::BadRequest, "the day has to be written as in 2031-03-12");
                Some(day.parse().map_err(unread)?)
            }
        };
        Ok(SaidAsked { published, outlet: Some(self.outlet.clone()) })
    }

    fn is_empty(&self) -> bool {
        self.published.trim().is_empty() && self.outlet.trim().is_empty()
    }
}

/// The form by which somebody says of a report what it does not say.
pub(super) struct Saying {
    original: String,
    pub(super) sayable: Sayable,
    pub(super) sent: Said,
    /// Why what was sent before was not kept.
    pub(super) wrong: Option<String>,
}

impl Saying {
    pub(super) fn of(original: &str, sayable: &Sayable) -> Saying {
        Saying { original: original.to_owned(), sayable: *sayable, sent: Said::default(), wrong: None }
    }

    /// Fills it in as it was sent, with what was wrong.
    pub(super) fn again(self, sent: Said, fault: &Fault) -> Saying {
        let wrong = match (sent.is_empty(), self.sayable.published, self.sayable.outlet) {
            (true, true, true) => "give the day of publication, the outlet, or both",
            (true, true, false) => "give the day of publication",
            (true, false, _) => "give the outlet",
            (false, ..) => fault.message.as_str(),
        };
        Saying { wrong: Some(wrong.to_owned()), sent, ..self }
    }

    pub(super) fn is_needed(&self) -> bool {
        self.sayable.published || self.sayable.outlet
    }

    pub(super) fn path(&self) -> String {
        format!("{}/said#say", words::report(&self.original))
    }

    pub(super) fn asks_for(&self) -> &'static str {
        match (self.sayable.published, self.sayable.outlet) {
            (true, true) => "Say when it was published, and by whom",
            (true, false) => "Say when it was published",
            (false, _) => "Say who published it",
        }
    }
}

/// Keeps what a form says of a report, and shows what becomes of it. What cannot be kept is said in the form, as it was filled
/// in, on the page of the report.
pub(super) async fn say(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    Form(said): Form<Said>,
) -> Response {
    let told = match said.asked() {
        Ok(asked) => said_of(Arc::clone(&site), (id.clone(), asked)).await,
        Err(fault) => Err(fault),
    };
    match told {
        Ok(_) => Redirect::to("/collect#came").into_response(),
        Err(fault) => report::asked_again((site, id), said, fault).await,
    }
}
