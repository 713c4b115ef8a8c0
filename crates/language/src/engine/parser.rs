//! Heads and labels: an arc-eager transition system that may also end a sentence.
//!
//! The system and its order of moves are spaCy's. A state is a stack, a buffer and the arcs so far; the parser
//! always takes the best move that is allowed.

use super::asset::{Asset, BadModel};
use super::kernels::{MOST_MOVES, position_of_greatest};
use super::transitions::{Brought, Scorer};
use super::tree::{Lifted, Tree};

/// Parses blocks of tokens.
pub(super) struct Parser {
    pub(super) scorer: Scorer,
    moves: Vec<(Move, u8)>,
    /// The moves of each kind, which stand together.
    kinds: Vec<(Move, std::ops::Range<usize>)>,
    /// The labels of arcs; the first one is the root's.
    pub(super) labels: Vec<String>,
    lifted: Lifted,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Move {
    /// Moves the first token of the buffer onto the stack.
    Shift,
    /// Takes the top off the stack, or puts it back into the buffer if it has no head yet.
    Reduce,
    /// Makes the first token of the buffer the head of the top of the stack.
    Left,
    /// Makes the top of the stack the head of the first token of the buffer.
    Right,
    /// Ends the sentence before the second token of the buffer.
    Break,
}

impl Parser {
    pub(super) fn new(asset: &Asset<'_>, names: &[String]) -> Result<Parser, BadModel> {
        let bad = || BadModel::Part("moves of the parser".to_owned());
        let mut labels = vec!["ROOT".to_owned()];
        let mut moves: Vec<(Move, u8)> = Vec::new();
        let mut kinds: Vec<(Move, std::ops::Range<usize>)> = Vec::new();
        for (at, name) in names.iter().enumerate() {
            let (kind, label) = name.split_once('-').unwrap_or((name, ""));
            let kind = match kind {
                "S" => Move::Shift,
                "D" => Move::Reduce,
                "L" => Move::Left,
                "R" => Move::Right,
                "B" => Move::Break,
                _ => return Err(bad()),
            };
            let number = labels.iter().position(|known| known == label).unwrap_or_else(|| {
                labels.push(label.to_owned());
                labels.len() - 1
            });
            moves.push((kind, u8::try_from(number).map_err(|_| bad())?));
            match kinds.last_mut() {
                Some((last, range)) if *last == kind => range.end = at + 1,
                _ => kinds.push((kind, at..at + 1)),
            }
        }
        let scorer = Scorer::new(asset, "parser", (8, moves.len()))?;
        let lifted = Lifted::new(&mut labels);
        if kinds.len() == 5 { Ok(Parser { scorer, moves, kinds, labels, lifted }) } else { Err(bad()) }
    }

    /// Parses a block of tokens, of which `is_space` says which are white space.
    pub(super) fn parse(&self, is_space: &[bool], brought: &Brought, state: &mut State, tree: &mut Tree) {
        state.reset(is_space.len());
        let mut scores = [0.0; MOST_MOVES];
        while !state.is_final() {
            self.scorer.score(brought, state.features(), &mut scores);
            // A move is always allowed: shift on an empty stack, else reduce.
            let Some((action, label)) = self.best(state, &scores) else { break };
            state.take(action, label);
        }
        tree.set(state.arcs.iter().copied());
        self.lifted.lower(tree, is_space);
    }

    /// Returns the best allowed move, the first one in the model's order if several are equally good.
    fn best(&self, state: &State, scores: &[f32]) -> Option<(Move, u8)> {
        let mut best: Option<usize> = None;
        for (kind, range) in &self.kinds {
            if state.allows(*kind) {
                let at = range.start + position_of_greatest(&scores[range.clone()]);
                if best.is_none_or(|best| scores[at] > scores[best]) {
                    best = Some(at);
                }
            }
        }
        best.map(|best| self.moves[best])
    }
}

/// A state of the transition system.
#[derive(Default)]
pub(super) struct State {
    stack: Vec<u32>,
    /// Tokens that were put back, before those that were never moved.
    put_back: Vec<u32>,
    next: u32,
    count: u32,
    arcs: Vec<Option<(u32, u8)>>,
    /// The dependents of each token on its left and on its right, in the order in which they were found.
    left: Dependents,
    right: Dependents,
    was_put_back: Vec<bool>,
    starts_sentence: Vec<bool>,
}

/// Dependents of each token, as chains from the one found last.
///
/// A token may stand in two chains: when it gets another head, the old one forgets it only if it was found last.
#[derive(Default)]
struct Dependents {
    last: Vec<Option<u32>>,
    /// A token, and the link before it.
    links: Vec<(u32, Option<u32>)>,
}

impl Dependents {
    fn reset(&mut self, count: usize) {
        self.last.clear();
        self.last.resize(count, None);
        self.links.clear();
    }

    fn add(&mut self, head: u32, token: u32) {
        self.links.push((token, self.last[head as usize]));
        self.last[head as usize] = Some(self.links.len() as u32 - 1);
    }

    fn remove(&mut self, head: u32, token: u32) {
        if let Some(link) = self.last[head as usize] {
            let (last, before) = self.links[link as usize];
            if last == token {
                self.last[head as usize] = before;
            }
        }
    }

    fn last(&self, head: Option<u32>) -> Option<u32> {
        self.last[head? as usize].map(|link| self.links[link as usize].0)
    }
}

impl State {
    fn reset(&mut self, count: usize) {
        self.stack.clear();
        self.put_back.clear();
        (self.next, self.count) = (0, count as u32);
        self.arcs.clear();
        self.arcs.resize(count, None);
        self.left.reset(count);
        self.right.reset(count);
        for marks in [&mut self.was_put_back, &mut self.starts_sentence] {
            marks.clear();
            marks.resize(count, false);
        }
    }

    fn is_final(&self) -> bool {
        self.stack.is_empty() && self.waiting() == 0
    }

    /// Returns the number of tokens in the buffer.
    fn waiting(&self) -> usize {
        (self.count - self.next) as usize + self.put_back.len()
    }

    fn stack(&self, depth: usize) -> Option<u32> {
        self.stack.len().checked_sub(depth + 1).map(|at| self.stack[at])
    }

    fn buffer(&self, depth: usize) -> Option<u32> {
        match self.put_back.len().checked_sub(depth + 1) {
            Some(at) => Some(self.put_back[at]),
            None => {
                let token = self.next + (depth - self.put_back.len()) as u32;
                (token < self.count).then_some(token)
            }
        }
    }

    fn features(&self) -> [Option<u32>; 8] {
        let (first, top) = (self.buffer(0), self.stack(0));
        let (second, third) = (self.stack(1), self.stack(2));
        let (left_of_first, left_of_top) = (self.left.last(first), self.left.last(top));
        [first, self.buffer(1), top, second, third, left_of_first, left_of_top, self.right.last(top)]
    }

    fn allows(&self, action: Move) -> bool {
        let has_stack = !self.stack.is_empty();
        let Some(first) = self.buffer(0) else { return action == Move::Reduce && has_stack };
        let starts = self.starts_sentence[first as usize];
        match action {
            Move::Shift => {
                !has_stack || (self.waiting() >= 2 && !starts && !self.was_put_back[first as usize])
            }
            Move::Reduce => has_stack,
            Move::Left | Move::Right => has_stack && !starts,
            Move::Break => self
                .buffer(1)
                .is_some_and(|second| second == first + 1 && !self.starts_sentence[second as usize]),
        }
    }

    /// Takes a move that is allowed.
    fn take(&mut self, action: Move, label: u8) {
        let (first, top) = (self.buffer(0), self.stack(0));
        match (action, first, top) {
            (Move::Shift, ..) => self.push(),
            (Move::Reduce, _, Some(top)) => {
                self.stack.pop();
                if self.arcs[top as usize].is_none() && !self.stack.is_empty() {
                    self.was_put_back[top as usize] = true;
                    self.put_back.push(top);
                }
            }
            (Move::Left, Some(first), Some(top)) => {
                self.add_arc(first, top, label);
                self.was_put_back[first as usize] = false;
                self.stack.pop();
            }
            (Move::Right, Some(first), Some(top)) => {
                self.add_arc(top, first, label);
                self.push();
            }
            (Move::Break, Some(first), _) => self.starts_sentence[first as usize + 1] = true,
            _ => {}
        }
    }

    fn push(&mut self) {
        let token = self.put_back.pop().unwrap_or_else(|| {
            self.next += 1;
            self.next - 1
        });
        self.stack.push(token);
    }

    fn add_arc(&mut self, head: u32, token: u32, label: u8) {
        if let Some((old, _)) = self.arcs[token as usize] {
            let side = if old > token { &mut self.left } else { &mut self.right };
            side.remove(old, token);
        }
        let side = if head > token { &mut self.left } else { &mut self.right };
        side.add(head, token);
        self.arcs[token as usize] = Some((head, label));
    }
}
