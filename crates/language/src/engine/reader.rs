use std::ops::Range;

use super::lexeme::{Fresh, Slots};
use super::model::Engine;
use super::ner::{Block, Found};
use super::parse::{Parse, Word};
use super::parser::State;
use super::tok2vec::{Memory, Scratch};
use super::tokenizer::Piece;
use super::transitions::Brought;
use super::tree::Tree;

/// The most tokens that are read as one text: what each brings to the parser takes 4 kB. Longer texts are cut,
/// at the end of a paragraph if there is one in the second half.
const BLOCK: usize = 4096;
/// Kinds of tokens that are remembered: 7.7 kB each, 63 MB in all.
const ROOM: usize = 2 * BLOCK;

/// Reads texts one after the other, and remembers the encodings of the words it has met.
pub struct Reader<'e> {
    engine: &'e Engine,
    slots: Slots,
    shared: Memory,
    named: Memory,
    pieces: Vec<Piece>,
    block: BlockRoom,
}

/// Room for one block, used again for the next.
#[derive(Default)]
struct BlockRoom {
    slots: Vec<u32>,
    is_space: Vec<bool>,
    fresh: Vec<Fresh>,
    scratch: Scratch,
    scores: Vec<f32>,
    tags: Vec<u8>,
    brought: Brought,
    state: State,
    tree: Tree,
    names: Vec<Found>,
}

impl<'e> Reader<'e> {
    pub(super) fn new(engine: &'e Engine) -> Reader<'e> {
        Reader {
            engine,
            slots: Slots::new(ROOM),
            shared: Memory::default(),
            named: Memory::default(),
            pieces: Vec::new(),
            block: BlockRoom::default(),
        }
    }

    /// Reads a text: any text, of up to 4 GiB; what lies further on gets no tokens.
    pub fn parse(&mut self, text: &str) -> Parse {
        let text = &text[..text.floor_char_boundary(u32::MAX as usize)];
        let mut pieces = std::mem::take(&mut self.pieces);
        pieces.clear();
        self.engine.tokenizer.cut(text, &mut pieces);
        let mut parse = Parse::new(text, self.engine.labels.clone(), pieces.len());
        let mut start = 0;
        while start < pieces.len() {
            let end = block_end(text, &pieces, start);
            self.read_block(text, &pieces[start..end]);
            self.write_block(start, &pieces[start..end], &mut parse);
            start = end;
        }
        parse.finish();
        self.pieces = pieces;
        parse
    }

    fn read_block(&mut self, text: &str, pieces: &[Piece]) {
        self.look_up(text, pieces);
        let Reader { engine, shared, named, block, .. } = self;
        let BlockRoom { slots, is_space, scratch, scores, tags, brought, state, tree, names, .. } = block;
        let rows = engine.shared.encode(slots, shared, scratch);
        tags.clear();
        engine.tagger.tag(rows, scores, tags);
        engine.parser.scorer.prepare(rows, brought);
        engine.parser.parse(is_space, brought, state, tree);
        let rows = engine.named.encode(slots, named, scratch);
        engine.recogniser.scorer.prepare(rows, brought);
        names.clear();
        let known = Block { starts_sentence: &tree.starts_sentence, is_space };
        engine.recogniser.find(&known, brought, names);
    }

    /// Finds the slot of each token, and encodes the kinds of tokens that are new.
    fn look_up(&mut self, text: &str, pieces: &[Piece]) {
        let Reader { engine, slots: known, shared, named, block, .. } = self;
        let BlockRoom { slots, is_space, fresh, scratch, .. } = block;
        slots.clear();
        is_space.clear();
        fresh.clear();
        known.begin_block();
        for piece in pieces {
            let word = &text[piece.start as usize..piece.end as usize];
            let (slot, is_new) = known.slot(piece);
            if is_new {
                let features = engine.norms.features(word, piece, &engine.tokenizer);
                fresh.push(Fresh { slot, features, vector: engine.vectors.row(piece.orth) });
            }
            slots.push(slot);
            is_space.push(engine.tokenizer.is_space(word));
        }
        engine.shared.learn(fresh, shared, scratch);
        engine.named.learn(fresh, named, scratch);
    }

    fn write_block(&self, start: usize, pieces: &[Piece], parse: &mut Parse) {
        let BlockRoom { tags, tree, names, .. } = &self.block;
        for (i, piece) in pieces.iter().enumerate() {
            parse.words.push(Word {
                start: piece.start,
                end: piece.end,
                head: start as u32 + tree.heads[i],
                tag: tags[i],
                label: tree.labels[i],
                starts_sentence: tree.starts_sentence[i],
            });
        }
        let from = start as u32;
        parse.names.extend(names.iter().map(|(first, end, label)| (from + first, from + end, *label)));
    }
}

/// Returns the end of the block that begins at `start`.
fn block_end(text: &str, pieces: &[Piece], start: usize) -> usize {
    if pieces.len() - start <= BLOCK {
        return pieces.len();
    }
    let second_half: Range<usize> = start + BLOCK / 2..start + BLOCK;
    let ends_paragraph = |piece: &Piece| {
        let word = &text[piece.start as usize..piece.end as usize];
        word.starts_with(char::is_whitespace) && word.contains('\n')
    };
    let end = pieces[second_half.clone()].iter().rposition(ends_paragraph);
    end.map_or(second_half.end, |at| second_half.start + at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a text of so many sentences in which almost every word is new.
    fn new_words(sentences: usize) -> String {
        let letters = |mut number: usize| {
            let mut word = String::new();
            while number > 0 {
                word.push((b'a' + (number % 26) as u8) as char);
                number /= 26;
            }
            word
        };
        (0..sentences)
            .map(|i| format!("Colonel B{} denied the {}. ", letters(i), letters(7 * i + 99)))
            .collect()
    }

    fn arcs(parse: &Parse) -> Vec<(usize, String)> {
        parse.tokens().map(|token| (token.head().index(), token.label().to_owned())).collect()
    }

    #[test]
    fn words_that_were_forgotten_are_met_again_as_new() {
        let text = new_words(40);
        let mut reader = Engine::shipped().reader();
        let first = arcs(&reader.parse(&text));
        let many = new_words(8000);
        assert!(reader.parse(&many).len() > 5 * ROOM, "enough to forget everything");
        assert_eq!(arcs(&reader.parse(&text)), first);
        assert_eq!(arcs(&Engine::shipped().reader().parse(&text)), first);
    }

    #[test]
    fn long_texts_are_cut_at_a_paragraph() {
        let paragraph = "He left, they said. ".repeat(500);
        let text = format!("{paragraph}\n\n{paragraph}\n\n{paragraph}");
        let mut reader = Engine::shipped().reader();
        let parse = reader.parse(&text);
        assert!(parse.len() > BLOCK);
        let mut pieces = Vec::new();
        Engine::shipped().tokenizer.cut(&text, &mut pieces);
        let end = block_end(&text, &pieces, 0);
        assert_eq!(parse.token(end - 1).text(), "\n\n");
        assert!(parse.token(end).starts_sentence());
        assert!(parse.tokens().skip(end).all(|token| token.head().index() >= end));
    }
}
