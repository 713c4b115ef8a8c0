//! Heads as trees: how far each token's tree reaches, where sentences start, and arcs put back where they belong.

/// Heads and labels of a block, by token.
#[derive(Default)]
pub(super) struct Tree {
    pub(super) heads: Vec<u32>,
    pub(super) labels: Vec<u8>,
    pub(super) starts_sentence: Vec<bool>,
    left_edges: Vec<u32>,
    right_edges: Vec<u32>,
}

/// How often edges are worked out anew before a tree is left as it is; spaCy's own bound.
const ROUNDS: usize = 12;

impl Tree {
    /// Takes over arcs; a token without one is a root, with the label 0.
    pub(super) fn set(&mut self, arcs: impl Iterator<Item = Option<(u32, u8)>>) {
        self.heads.clear();
        self.labels.clear();
        for (token, arc) in arcs.enumerate() {
            let (head, label) = arc.unwrap_or((token as u32, 0));
            self.heads.push(head);
            self.labels.push(label);
        }
        self.set_edges();
    }

    /// Works out how far the tree of each token reaches, and from that where sentences start.
    fn set_edges(&mut self) {
        let count = self.heads.len();
        for edges in [&mut self.left_edges, &mut self.right_edges] {
            edges.clear();
            edges.extend(0..count as u32);
        }
        for _ in 0..ROUNDS {
            (0..count).for_each(|token| self.widen_head(token));
            (0..count).rev().for_each(|token| self.widen_head(token));
            self.mark_starts();
            if self.heads_are_in_sentences() {
                break;
            }
        }
    }

    fn widen_head(&mut self, token: usize) {
        let head = self.heads[token] as usize;
        self.left_edges[head] = self.left_edges[head].min(self.left_edges[token]);
        self.right_edges[head] = self.right_edges[head].max(self.right_edges[token]);
    }

    fn mark_starts(&mut self) {
        self.starts_sentence.clear();
        self.starts_sentence.resize(self.heads.len(), false);
        for (token, head) in self.heads.iter().enumerate() {
            if token as u32 == *head {
                self.starts_sentence[self.left_edges[token] as usize] = true;
            }
        }
    }

    /// Tells whether no arc leaves its sentence. The last token of each sentence is not looked at, as in spaCy.
    fn heads_are_in_sentences(&self) -> bool {
        let mut start = 0;
        for end in 0..self.heads.len() {
            if (end > 0 && self.starts_sentence[end]) || end + 1 == self.heads.len() {
                let allowed = start as u32..=end as u32;
                if !self.heads[start..end].iter().all(|head| allowed.contains(head)) {
                    return false;
                }
                start = end;
            }
        }
        true
    }

    /// Returns the dependents of a token, from left to right, within what was its reach when edges were last set.
    fn dependents(&self, token: u32) -> impl Iterator<Item = u32> {
        let reach = self.left_edges[token as usize]..=self.right_edges[token as usize];
        reach.filter(move |&other| other != token && self.heads[other as usize] == token)
    }
}

/// The labels of arcs that were lifted so that no two cross: "pobj||prep" is a `pobj` of a `prep` further down.
pub(super) struct Lifted {
    /// For each label, the one below and the one of the true head.
    parts: Vec<Option<(u8, Option<u8>)>>,
}

impl Lifted {
    /// Reads the labels, to which plain ones are added where they are missing.
    pub(super) fn new(labels: &mut Vec<String>) -> Lifted {
        let mut parts = Vec::new();
        for at in 0..labels.len() {
            let number = |label: &str, labels: &[String]| labels.iter().position(|known| known == label);
            let Some((plain, head)) = labels[at].split_once("||") else {
                parts.push(None);
                continue;
            };
            let (plain, head) = (plain.to_owned(), number(head, labels).map(|head| head as u8));
            let known = number(&plain, labels).unwrap_or_else(|| {
                labels.push(plain);
                labels.len() - 1
            });
            parts.push(Some((known as u8, head)));
        }
        parts.resize(labels.len(), None);
        Lifted { parts }
    }

    /// Puts lifted arcs back: the nearest token with the right label below the head is the true head.
    pub(super) fn lower(&self, tree: &mut Tree, is_space: &[bool]) {
        let mut any = false;
        for token in 0..tree.heads.len() {
            let Some((plain, head_label)) = self.parts[usize::from(tree.labels[token])] else { continue };
            any = true;
            let head = head_label.and_then(|label| find_below(tree, token as u32, label, is_space));
            tree.heads[token] = head.unwrap_or(tree.heads[token]);
            tree.labels[token] = plain;
        }
        if any {
            tree.set_edges();
        }
    }
}

/// How many tokens are looked at below a head. Sentences are far shorter; it keeps endless ones from costing
/// the square of their length.
const LOOKED_AT: usize = 512;

fn find_below(tree: &Tree, token: u32, label: u8, is_space: &[bool]) -> Option<u32> {
    let mut queue = vec![tree.heads[token as usize]];
    let mut at = 0;
    while at < queue.len().min(LOOKED_AT) {
        for child in tree.dependents(queue[at]) {
            if is_space[child as usize] || child == token {
                continue;
            }
            if tree.labels[child as usize] == label {
                return Some(child);
            }
            queue.push(child);
        }
        at += 1;
    }
    None
}
