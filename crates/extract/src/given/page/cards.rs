//! Lists of other reports, told by their repeated shape.

use std::collections::HashMap;

use super::view::View;

/// What is held by a part of a page, its own parts included.
#[derive(Clone, Copy, Default)]
struct Held {
    chars: usize,
    headings: usize,
    /// Headings that are nothing but a link.
    linked: usize,
}

/// How many parts of one shape make a list.
const LIST: usize = 4;

/// The longest teaser, in characters. A section of an article is rarely as short, and its heading rarely a link.
const LONGEST: usize = 600;

/// Marks the parts that are teasers: short, under one heading that is a link, and with others of the same tag and
/// classes on the page.
pub(super) fn of(view: &View) -> Vec<bool> {
    let held = held(view);
    let card = |i: usize| {
        let held = held[i];
        view.nodes[i].shape.is_some() && (held.headings, held.linked) == (1, 1) && held.chars <= LONGEST
    };
    let mut alike: HashMap<Option<u64>, usize> = HashMap::new();
    for i in (1..view.nodes.len()).filter(|&i| card(i)) {
        *alike.entry(view.nodes[i].shape).or_default() += 1;
    }
    let listed = |i: usize| card(i) && alike.get(&view.nodes[i].shape).is_some_and(|&count| count >= LIST);
    (0..view.nodes.len()).map(listed).collect()
}

fn held(view: &View) -> Vec<Held> {
    let mut held = vec![Held::default(); view.nodes.len()];
    for block in &view.blocks {
        let part = &mut held[block.node];
        part.chars += block.chars;
        let heading = view.is_heading(block);
        part.headings += usize::from(heading);
        part.linked += usize::from(heading && block.linked * 10 >= block.chars * 9);
    }
    for i in (1..held.len()).rev() {
        let Held { chars, headings, linked } = held[i];
        let holder = &mut held[view.nodes[i].parent];
        *holder = Held {
            chars: holder.chars + chars,
            headings: holder.headings + headings,
            linked: holder.linked + linked,
        };
    }
    held
}
