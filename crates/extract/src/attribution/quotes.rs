//! Quotation spans, from the marks alone.

use language::{Doc, TokenKind};

/// One quotation: from its opening mark to its closing mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quote {
    /// The token of the opening mark.
    pub(super) open: usize,
    /// The token after the last one, which is the closing mark if there is one.
    pub(super) end: usize,
    /// The quotation that this one stands in, by its position in the list.
    pub(super) within: Option<usize>,
    /// Whether a closing mark was found.
    pub(super) closed: bool,
}

/// All quotations of a report.
#[derive(Debug, Default)]
pub(super) struct Quotes {
    /// In the order of their opening marks.
    pub(super) all: Vec<Quote>,
    /// For every token, the innermost quotation that it stands in; a mark stands in its own.
    inside: Vec<Option<u32>>,
}

/// Tells whether marks stand around a part of a name, as in "Operational Command ‘South’": a few words in capitals right
/// behind another.
fn is_name(doc: &Doc<'_>, quote: &Quote) -> bool {
    let is_capital =
        |at: usize| doc.tokens()[at].kind == TokenKind::Word && doc.word(at).starts_with(char::is_uppercase);
    let inner = quote.open + 1..quote.end - 1;
    let joined = |at: usize| doc.tokens()[at].sentence() == doc.tokens()[quote.open].sentence();
    let told = |at: usize| joined(at) && !super::lexicon::LEXICON.verbs(doc.lower(at)).is_empty();
    quote.closed
        && !(quote.open.saturating_sub(6)..quote.open).any(told)
        && (1..=NAME).contains(&inner.len())
        && inner.clone().all(is_capital)
        && quote.open.checked_sub(1).is_some_and(|before| is_capital(before) && joined(before))
        && doc.tokens().get(quote.end).is_some_and(|after| after.kind == TokenKind::Word)
}

/// Words in marks that can be a part of a name.
const NAME: usize = 3;

/// The families of marks, each with marks that open and marks that close.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Double,
    Low,
    Single,
    Angle,
    Straight,
    StraightSingle,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Open,
    Close,
}

/// How deep a closing mark looks for its opening one. News nests two or three deep; a text of opening marks alone
/// must not make every mark search all the others.
const DEEPEST: usize = 8;

struct Pending {
    quote: usize,
    family: Family,
    /// The end of the last quotation that was closed inside this one.
    inner_end: Option<usize>,
}

impl Quotes {
    /// Pairs the quotation marks of every paragraph. No quotation runs past its paragraph.
    pub(super) fn find(doc: &Doc<'_>) -> Quotes {
        let mut quotes = Quotes { all: Vec::new(), inside: vec![None; doc.tokens().len()] };
        for paragraph in doc.paragraphs() {
            let sentences = &doc.sentences()[paragraph.clone()];
            let (Some(first), Some(last)) = (sentences.first(), sentences.last()) else { continue };
            quotes.read_paragraph(doc, first.start..last.end);
        }
        quotes.all.retain(|quote| quote.end > quote.open + 1 && !is_name(doc, quote));
        quotes.all.sort_by_key(|quote| (quote.open, std::cmp::Reverse(quote.end)));
        quotes.nest();
        quotes
    }

    fn read_paragraph(&mut self, doc: &Doc<'_>, paragraph: std::ops::Range<usize>) {
        let mut pending: Vec<Pending> = Vec::new();
        for at in paragraph.clone() {
            if doc.tokens()[at].kind != TokenKind::Quote {
                continue;
            }
            let Some((family, side)) = read_mark(doc, at, &pending) else { continue };
            match side {
                Side::Open => {
                    pending.push(Pending { quote: self.all.len(), family, inner_end: None });
                    self.all.push(Quote { open: at, end: at, within: None, closed: false });
                }
                Side::Close => self.close(&mut pending, family, at),
            }
        }
        self.close_rest(doc, &pending, paragraph.end);
    }

    /// Ends the innermost open quotation of the family; marks left open inside it are ended before.
    fn close(&mut self, pending: &mut Vec<Pending>, family: Family, at: usize) {
        let near = pending.len().saturating_sub(DEEPEST);
        let Some(found) = pending[near..].iter().rposition(|open| open.family == family) else { return };
        let found = near + found;
        for open in pending.drain(found..) {
            let quote = &mut self.all[open.quote];
            quote.end = at + 1;
            quote.closed = true;
        }
        if let Some(outer) = pending.last_mut() {
            outer.inner_end = Some(at + 1);
        }
    }

    /// Ends what was never closed: with the last quotation closed inside it (one mark did for both), or with its
    /// sentence; a quotation that opens the paragraph goes on to its end, as speech over several paragraphs does.
    fn close_rest(&mut self, doc: &Doc<'_>, pending: &[Pending], paragraph_end: usize) {
        for (depth, open) in pending.iter().enumerate() {
            let quote = &mut self.all[open.quote];
            let sentence = doc.tokens()[quote.open].sentence();
            quote.end = match open.inner_end {
                Some(end) => end,
                None if depth == 0 && opens_paragraph(doc, quote.open) => paragraph_end,
                None => doc.sentences()[sentence].end,
            };
            quote.closed = open.inner_end.is_some();
        }
    }

    /// Notes for each quotation and each token where it stands.
    fn nest(&mut self) {
        let mut stack: Vec<usize> = Vec::new();
        for at in 0..self.all.len() {
            let quote = self.all[at];
            while stack.last().is_some_and(|&outer| self.all[outer].end <= quote.open) {
                stack.pop();
            }
            if let Some(&outer) = stack.last() {
                self.all[at].end = quote.end.min(self.all[outer].end);
                self.all[at].within = Some(outer);
            }
            stack.push(at);
        }
        self.mark_tokens();
    }

    /// Sets `inside` with one walk over the tokens.
    fn mark_tokens(&mut self) {
        let mut stack: Vec<usize> = Vec::new();
        let mut next = 0;
        for at in 0..self.inside.len() {
            while stack.last().is_some_and(|&quote| self.all[quote].end <= at) {
                stack.pop();
            }
            while self.all.get(next).is_some_and(|quote| quote.open == at) {
                stack.push(next);
                next += 1;
            }
            self.inside[at] = stack.last().map(|&quote| quote as u32);
        }
    }

    /// Returns the innermost quotation that the token stands in.
    pub(super) fn around(&self, token: usize) -> Option<usize> {
        self.inside.get(token).copied().flatten().map(|quote| quote as usize)
    }

    /// Returns the quotation that opens at the token.
    pub(super) fn opening_at(&self, token: usize) -> Option<usize> {
        let first = self.all.partition_point(|quote| quote.open < token);
        self.all.get(first).filter(|quote| quote.open == token).map(|_| first)
    }

    /// Returns the outermost quotation inside `level` that holds the token.
    pub(super) fn under(&self, level: Option<usize>, token: usize) -> Option<usize> {
        let mut at = self.around(token)?;
        if Some(at) == level {
            return None;
        }
        // A text nests quotations a few deep; a hostile one must not make this walk long.
        for _ in 0..8 {
            match self.all[at].within {
                outer if outer == level => return Some(at),
                Some(outer) => at = outer,
                None => return None,
            }
        }
        None
    }
}

fn opens_paragraph(doc: &Doc<'_>, token: usize) -> bool {
    let sentence = doc.tokens()[token].sentence();
    let paragraph = doc.paragraphs().partition_point(|sentences| sentences.end <= sentence);
    doc.paragraphs().get(paragraph).is_some_and(|sentences| doc.sentences()[sentences.start].start == token)
}

/// Reads the mark at a token: its family, and whether it opens or closes.
fn read_mark(doc: &Doc<'_>, at: usize, pending: &[Pending]) -> Option<(Family, Side)> {
    let is_open = |family| pending.iter().rev().take(DEEPEST).any(|open| open.family == family);
    let by_spacing = |family| {
        let side = if is_open(family) && !leads(doc, at) { Side::Close } else { side_by_spacing(doc, at) };
        (family, side)
    };
    Some(match doc.word(at) {
        // „Low“ quotations close with the mark that opens “high” ones.
        "“" | "”" if is_open(Family::Low) => (Family::Low, Side::Close),
        "„" => (Family::Low, Side::Open),
        "“" | "‟" => (Family::Double, Side::Open),
        "”" => (Family::Double, Side::Close),
        "«" | "‹" => (Family::Angle, Side::Open),
        "»" | "›" => (Family::Angle, Side::Close),
        "‘" | "‚" => (Family::Single, Side::Open),
        "’" => (Family::Single, Side::Close),
        "'" | "`" | "´" => by_spacing(Family::StraightSingle),
        "``" => (Family::Straight, Side::Open),
        "''" => (Family::Straight, Side::Close),
        "\"" => by_spacing(Family::Straight),
        _ => return None,
    })
}

/// Tells whether white space or an opening bracket stands before the mark, and a word right after it.
fn leads(doc: &Doc<'_>, at: usize) -> bool {
    let token = doc.tokens()[at];
    let before = doc.text()[..token.start()].chars().next_back();
    let after = doc.text()[token.end()..].chars().next();
    before.is_none_or(|c| c.is_whitespace() || "([{—–-".contains(c))
        && after.is_some_and(char::is_alphanumeric)
}

fn side_by_spacing(doc: &Doc<'_>, at: usize) -> Side {
    let token = doc.tokens()[at];
    let before = doc.text()[..token.start()].chars().next_back();
    let after = doc.text()[token.end()..].chars().next();
    let space_before = before.is_none_or(|c| c.is_whitespace() || "([{—–".contains(c));
    let space_after = after.is_none_or(|c| c.is_whitespace() || ".,;:!?)]}".contains(c));
    if space_before && !space_after { Side::Open } else { Side::Close }
}
