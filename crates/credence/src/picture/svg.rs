use std::fmt::Write as _;

use crate::terminal::plain;

/// A picture while it is drawn. Words of reports stand in it as text and never as markup.
#[derive(Debug, Default)]
pub(super) struct Svg(String);

/// What a picture is called and says, for those who cannot see it.
pub(super) struct Heading<'a> {
    pub(super) title: &'a str,
    pub(super) description: &'a str,
}

/// Looks in daylight and in the dark. Nothing is told apart by colour alone.
const STYLE: &str = "text{font:13px system-ui,sans-serif;fill:#1b1b1b}.ground{fill:#fff}.faint{fill:#5b5b5b}.axis{stroke:#8a8a8a;fill:none}\
    .band{fill:#2a6f97;opacity:.13}.mark{stroke-width:2;fill:#fff}.bound{stroke-width:2;fill:none}.head{font-weight:600}\
    .box{fill:#f4f4f2;stroke:#444;stroke-width:1.2}.first{stroke-width:3}.line{fill:none;stroke:#333;stroke-width:1.6}\
    .syndicated{stroke-dasharray:9 5}.rewritten{stroke-dasharray:2 5}\
    .sea{fill:#dfe8ee}.land{fill:#f8f6f0;stroke:#8fa0aa;stroke-width:.7;fill-rule:evenodd}.border{fill:none;stroke:#9a9384;stroke-width:1}\
    .disputed{stroke:#6d6657;stroke-dasharray:5 4}.net{stroke:#7d8b94;stroke-width:.5;opacity:.35;fill:none}.degree{font-size:11px;fill:#56636b}\
    .dot{fill:#8c2f1d;stroke:#fff;stroke-width:1.5}.extent{fill:#8c2f1d;fill-opacity:.06;stroke:#8c2f1d;stroke-width:1.2;stroke-dasharray:6 4}\
    .somewhere{fill:#fff;stroke:#8c2f1d;stroke-width:1.8}.count{fill:#fff;font-weight:600;font-size:12px}.somewhere-count{fill:#8c2f1d}\
    .ringed{fill:none;stroke:#1b1b1b;stroke-width:1.8}.town-dot{fill:#5f5a50}.country,.town{fill:#57534a;paint-order:stroke;stroke:#f8f6f0;stroke-width:3;stroke-linejoin:round}\
    .country{font-size:12px;letter-spacing:1.2px}.town{font-size:11.5px}\
    .name{font-weight:600;paint-order:stroke;stroke:#f8f6f0;stroke-width:3.5;stroke-linejoin:round}\
    @media(prefers-color-scheme:dark){.sea{fill:#10161c}.land{fill:#262a31;stroke:#56636b}.border{stroke:#6d7480}.disputed{stroke:#a3a9b3}.degree{fill:#9fb0ba}\
    .dot{fill:#f3a893;stroke:#15161a}.extent{fill:#f3a893;stroke:#f3a893;fill-opacity:.08}.somewhere{fill:#15161a;stroke:#f3a893}.count{fill:#15161a}\
    .somewhere-count{fill:#f3a893}.name,.country,.town{stroke:#262a31}.ringed{stroke:#f0f0f0}.town-dot{fill:#b9bdc4}text{fill:#f0f0f0}.country,.town{fill:#bfc3ca}.ground{fill:#161616}.faint{fill:#b5b5b5}.mark{fill:#161616}.band{opacity:.35}.box{fill:#242424;stroke:#bbb}.line{stroke:#ccc}}\
    @media print{.town,.town-dot{display:none}}";

impl Svg {
    /// Draws an element without content. Values of attributes are numbers and fixed words.
    pub(super) fn element(&mut self, name: &str, attributes: &[(&str, &dyn std::fmt::Display)]) {
        write!(self.0, "<{name}").expect("a string takes all that is written");
        for (key, value) in attributes {
            write!(self.0, " {key}=\"{value}\"").expect("a string takes all that is written");
        }
        self.0 += "/>\n";
    }

    /// Writes words at a point. `look` is a class, and where the words are anchored: `start`, `middle` or `end`.
    pub(super) fn text(&mut self, (x, y): (f64, f64), (class, anchor): (&str, &str), words: &str) {
        let words = escaped(words);
        writeln!(
            self.0,
            "<text x=\"{x:.1}\" y=\"{y:.1}\" class=\"{class}\" text-anchor=\"{anchor}\">{words}</text>"
        )
        .expect("a string takes all that is written");
    }

    /// Opens a link around what is drawn next, until [`Svg::close_link`]; what it says shows when it is pointed at.
    pub(super) fn open_link(&mut self, path: &str, says: &str) {
        let (path, says) = (escaped(path), escaped(says));
        writeln!(self.0, "<a href=\"{path}\"><title>{says}</title>")
            .expect("a string takes all that is written");
    }

    pub(super) fn close_link(&mut self) {
        self.0 += "</a>\n";
    }

    /// Puts the frame around what was drawn.
    pub(super) fn finished(self, (width, height): (f64, f64), heading: &Heading<'_>) -> String {
        let (title, description) = (escaped(heading.title), escaped(heading.description));
        // What is an image to a reader of screens has no links in it.
        let role = if self.0.contains("<a ") { "group" } else { "img" };
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" \
             role=\"{role}\">\n<title>{title}</title>\n<desc>{description}</desc>\n\
             <style>{STYLE}</style>\n<rect class=\"ground\" width=\"100%\" height=\"100%\"/>\n{}</svg>\n",
            self.0
        )
    }
}

/// Returns a picture as it stands in a page that has [`looks_within`]: a page may carry no looks of its own inside.
pub(crate) fn inline(picture: &str) -> String {
    picture.replacen(&format!("<style>{STYLE}</style>\n"), "", 1)
}

/// Returns a picture in the colours of the night, whatever the browser takes for the time: not all of them tell pictures.
pub(crate) fn at_night(picture: &str) -> String {
    picture.replacen("@media(prefers-color-scheme:dark)", "@media all", 1)
}

/// Returns the looks of pictures that stand inside an element of a page, as a style sheet.
pub(crate) fn looks_within(selector: &str) -> String {
    format!("{selector} svg{{{STYLE}}}\n")
}

/// Makes words harmless in XML: marks that XML knows are named, and those that no text holds are dropped.
fn escaped(words: &str) -> String {
    let mut text = String::new();
    for mark in plain(words).chars() {
        match mark {
            '&' => text += "&amp;",
            '<' => text += "&lt;",
            '>' => text += "&gt;",
            '"' => text += "&quot;",
            '\u{FFFE}' | '\u{FFFF}' => {}
            _ => text.push(mark),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_reports_are_text() {
        assert_eq!(
            escaped("<script>\"a\" & b\u{1b}[2J</script>"),
            "&lt;script&gt;&quot;a&quot; &amp; b [2J&lt;/script&gt;"
        );
    }
}
