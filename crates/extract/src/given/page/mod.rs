//! Pages: what a reader sees of them, and where the article stands in it.

mod cards;
mod choose;
mod hints;
mod meta;
mod references;
mod scan;
mod view;

use model::Text;

use super::Given;
use super::decode::Decoded;
use crate::Source;

/// Takes the words out of a page, with the parts that its markup speaks against.
pub(super) fn take(source: &Source<'_>, decoded: Decoded) -> Given {
    let Decoded { text: page, encoding, notes } = decoded;
    let mut head = meta::Head::default();
    let mut view = view::View::of(&page, &mut head);
    let metadata = head.completed(source.metadata);
    let text = Text::viewed(source.digest, page, std::mem::take(&mut view.pieces));
    view.find_headline(text.read(), metadata.title.as_deref());
    let blocks = choose::article(&view, text.read());
    Given { text, encoding, metadata, language: head.language(), blocks, notes }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use model::{Digest, Kind, Metadata};

    use super::*;

    fn check(page: &str, expected: Expect) {
        let metadata =
            Metadata { id: "page.html".into(), outlet: Some("handed over".into()), ..Metadata::default() };
        let bytes = page.as_bytes();
        let source = Source { bytes, digest: Digest::of(bytes), kind: Kind::Page, metadata: &metadata };
        let given = crate::given::take(&source);
        let mut shown = String::new();
        for block in &given.blocks {
            let span = given.text.span(block.range.clone()).expect("blocks lie inside what is read");
            let aside = block.aside.map_or("body", |reason| reason.name());
            shown +=
                &format!("{aside}: {:?} <- {:?}\n", given.text.quote(span), given.text.given_quote(span));
        }
        let metadata = given.metadata;
        let published = metadata.published.map(|day| day.to_string());
        shown += &format!("{:?} {published:?} {:?} {:?} ", metadata.title, metadata.outlet, metadata.url);
        shown += &format!("{:?}\n", given.language);
        expected.assert_eq(&shown);
    }

    #[test]
    fn an_article_among_the_parts_of_a_page() {
        check(
            "<!doctype html><html lang=en-GB><head><title>Shells fall - Dobrove Times</title><meta charset=utf-8>\
             <meta property='og:site_name' content='Dobrove Times'><link rel=canonical href='https://times.example/1?a=1&amp;b=2'>\
             <script type='application/ld+json'>{\"datePublished\":\"2031-03-15T10:00:00Z\",\"headline\":\"Shells fall\"}</script>\
             <style>p{}</style></head><body><nav><a href=/>Home</a></nav><main><h1>Shells fall</h1>\
             <p class=byline>By Ana Sorel</p><p>Shells fell on <b>Dobrove</b>&nbsp;on Friday,\n the mayor said &mdash; caf&eacute; &quot;M&quot; burned.\
             <p>Three people were hurt, police said, and a school was hit.<div class='related-stories'><a href=x>Old bridge reopens</a></div>\
             <p>The shelling went on until the evening, she said.<ul class=share-bar><li>Share<li>Tweet</ul></main>\
             <footer>All rights reserved</footer>",
            expect![[r#"
                navigation: "Home" <- "Home"
                body: "Shells fall" <- "Shells fall"
                credit: "By Ana Sorel" <- "By Ana Sorel"
                body: "Shells fell on Dobrove on Friday, the mayor said — café \"M\" burned." <- "Shells fell on <b>Dobrove</b>&nbsp;on Friday,\n the mayor said &mdash; caf&eacute; &quot;M&quot; burned."
                body: "Three people were hurt, police said, and a school was hit." <- "Three people were hurt, police said, and a school was hit."
                teaser: "Old bridge reopens" <- "Old bridge reopens"
                body: "The shelling went on until the evening, she said." <- "The shelling went on until the evening, she said."
                share: "Share" <- "Share"
                share: "Tweet" <- "Tweet"
                navigation: "All rights reserved" <- "All rights reserved"
                Some("Shells fall") Some("2031-03-15") Some("Dobrove Times") Some("https://times.example/1?a=1&b=2") Some("en")
            "#]],
        );
    }

    #[test]
    fn the_first_of_two_articles_is_the_one_below_the_headline() {
        check(
            "<title>Šedý most - Dobrove Times</title><div><article class=post><h1>Šedý most</h1>\
             <p>The grey bridge at Dobrove was closed on Friday, the mayor said, after shells fell near it.</article>\
             <article class=post><h2>Harvest begins</h2><p>Farmers around Tarsk went back to their fields this week, \
             where mines had been cleared, and began to bring in the harvest before the rain.</article></div>",
            expect![[r#"
                body: "Šedý most" <- "Šedý most"
                body: "The grey bridge at Dobrove was closed on Friday, the mayor said, after shells fell near it." <- "The grey bridge at Dobrove was closed on Friday, the mayor said, after shells fell near it."
                navigation: "Harvest begins" <- "Harvest begins"
                navigation: "Farmers around Tarsk went back to their fields this week, where mines had been cleared, and began to bring in the harvest before the rain." <- "Farmers around Tarsk went back to their fields this week, where mines had been cleared, and began to bring in the harvest before the rain."
                Some("Šedý most") None Some("handed over") None None
            "#]],
        );
    }

    #[test]
    fn teasers_of_one_shape_below_an_article() {
        let teaser = "<div class=tile><h3><a href=/1>Old bridge reopens</a></h3><p>The bridge at Tarsk, closed since \
                      the flood, was opened by the mayor on Friday.</div>";
        check(
            &format!(
                "<h1>Shells fall on Dobrove</h1><p>Shells fell on Dobrove on Friday, the mayor said to reporters.{}",
                teaser.repeat(4)
            ),
            expect![[r#"
                body: "Shells fall on Dobrove" <- "Shells fall on Dobrove"
                body: "Shells fell on Dobrove on Friday, the mayor said to reporters." <- "Shells fell on Dobrove on Friday, the mayor said to reporters."
                teaser: "Old bridge reopens" <- "Old bridge reopens"
                teaser: "The bridge at Tarsk, closed since the flood, was opened by the mayor on Friday." <- "The bridge at Tarsk, closed since the flood, was opened by the mayor on Friday."
                teaser: "Old bridge reopens" <- "Old bridge reopens"
                teaser: "The bridge at Tarsk, closed since the flood, was opened by the mayor on Friday." <- "The bridge at Tarsk, closed since the flood, was opened by the mayor on Friday."
                teaser: "Old bridge reopens" <- "Old bridge reopens"
                teaser: "The bridge at Tarsk, closed since the flood, was opened by the mayor on Friday." <- "The bridge at Tarsk, closed since the flood, was opened by the mayor on Friday."
                teaser: "Old bridge reopens" <- "Old bridge reopens"
                teaser: "The bridge at Tarsk, closed since the flood, was opened by the mayor on Friday." <- "The bridge at Tarsk, closed since the flood, was opened by the mayor on Friday."
                Some("Shells fall on Dobrove") None Some("handed over") None None
            "#]],
        );
    }

    #[test]
    fn words_below_pictures_and_over_lines() {
        check(
            "<div><p>Shells fell on <span>Ana Sorel<span class=tooltip-content>The mayor since 2029</span></span>’s town \
             on Friday.<p class=paywall>Three people were hurt, police said, and a school was hit.<img src=a.png>\
             <div>The school in Dobrove</div><div>12</div><h2>Questions</h2><figure><img><figcaption>A street\
             </figcaption></figure><p>Nobody said who had fired the shells, or from where.</div>",
            expect![[r#"
                body: "Shells fell on Ana Sorel’s town on Friday." <- "Shells fell on <span>Ana Sorel<span class=tooltip-content>The mayor since 2029</span></span>’s town on Friday."
                body: "Three people were hurt, police said, and a school was hit." <- "Three people were hurt, police said, and a school was hit."
                credit: "The school in Dobrove" <- "The school in Dobrove"
                navigation: "12" <- "12"
                body: "Questions" <- "Questions"
                credit: "A street" <- "A street"
                body: "Nobody said who had fired the shells, or from where." <- "Nobody said who had fired the shells, or from where."
                None None Some("handed over") None None
            "#]],
        );
    }

    #[test]
    fn prose_without_marks() {
        let prose = "shells fell on the town on friday and three people were hurt in the school ".repeat(3);
        check(
            &format!(
                "<div><p>All that was shown here before noon, in brief.</div><div class=x><p>{prose}</div>"
            ),
            expect![[r#"
                body: "All that was shown here before noon, in brief." <- "All that was shown here before noon, in brief."
                body: "shells fell on the town on friday and three people were hurt in the school shells fell on the town on friday and three people were hurt in the school shells fell on the town on friday and three people were hurt in the school" <- "shells fell on the town on friday and three people were hurt in the school shells fell on the town on friday and three people were hurt in the school shells fell on the town on friday and three people were hurt in the school"
                None None Some("handed over") None None
            "#]],
        );
    }

    #[test]
    fn a_page_without_a_frame() {
        check(
            "Shells fell.<br><br>Three people were hurt &lt;he said",
            expect![[r#"
            body: "Shells fell." <- "Shells fell."
            body: "Three people were hurt <he said" <- "Three people were hurt &lt;he said"
            None None Some("handed over") None None
        "#]],
        );
        check(
            "<td>Name<td>Age<tr><td>Mira<td>41",
            expect![[r#"
            body: "Name Age" <- "Name<td>Age"
            body: "Mira 41" <- "Mira<td>41"
            None None Some("handed over") None None
        "#]],
        );
        check(
            "",
            expect![[r#"
            None None Some("handed over") None None
        "#]],
        );
    }
}
