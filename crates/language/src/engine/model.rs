use std::sync::{Arc, LazyLock};

use serde_json::Value;

use super::affixes::Affixes;
use super::asset::{Asset, BadModel};
use super::characters::Characters;
use super::lexeme::Norms;
use super::ner::Recogniser;
use super::parse::Labels;
use super::parser::Parser;
use super::reader::Reader;
use super::special_cases::{Rule, RulePiece};
use super::strings::Strings;
use super::tagger::Tagger;
use super::tok2vec::{Encoder, VectorKeys};
use super::tokenizer::Tokenizer;

static SHIPPED: &[u8] = include_bytes!("../../model/en_core_web_md.bin");
static DIGEST: &str = include_str!("../../model/en_core_web_md.sha256");

/// The model: what a text is read with. It does not change and can be shared between threads.
pub struct Engine {
    pub(super) tokenizer: Tokenizer,
    pub(super) norms: Norms,
    pub(super) vectors: VectorKeys,
    /// The encoder that the tagger and the parser share.
    pub(super) shared: Encoder,
    pub(super) tagger: Tagger,
    pub(super) parser: Parser,
    /// The encoder of the recogniser of names.
    pub(super) named: Encoder,
    pub(super) recogniser: Recogniser,
    pub(super) labels: Arc<Labels>,
}

impl Engine {
    /// Returns the engine with the model that is part of the program, read when it is first asked for.
    pub fn shipped() -> &'static Engine {
        static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
            let asset = Asset::verified(SHIPPED, DIGEST).expect("the digest beside the model is its own");
            Engine::build(&asset).expect("a test reads the shipped model")
        });
        &ENGINE
    }

    /// Reads another model file of the same kind, such as one with weights at full precision.
    ///
    /// # Errors
    /// When the file is damaged or its parts do not fit together.
    pub fn load(bytes: &[u8]) -> Result<Engine, BadModel> {
        Engine::build(&Asset::open(bytes)?)
    }

    /// Returns a reader that has met no words yet.
    pub fn reader(&self) -> Reader<'_> {
        Reader::new(self)
    }

    /// Returns the names of parts of speech that a token can have.
    pub fn tags(&self) -> &[String] {
        &self.labels.tags
    }

    /// Returns the names of what a token can be to its head.
    pub fn relations(&self) -> impl Iterator<Item = &str> {
        self.labels.arcs.iter().map(String::as_str).filter(|label| !label.is_empty() && !label.contains("||"))
    }

    fn build(asset: &Asset<'_>) -> Result<Engine, BadModel> {
        let lists = Lists::new(asset)?;
        let strings = Strings::new(asset)?;
        let affixes = Affixes::new(Characters::new(asset)?, &lists.words("after_digit")?);
        let rules = lists.rules(&strings)?;
        let tags = lists.words("tags")?;
        let parser = Parser::new(asset, &lists.words("parser")?)?;
        let recogniser = Recogniser::new(asset, &lists.words("ner")?)?;
        Ok(Engine {
            tokenizer: Tokenizer::new(strings, affixes, rules),
            norms: Norms::new(asset)?,
            vectors: VectorKeys::new(asset)?,
            shared: Encoder::new(asset, "shared", 6)?,
            tagger: Tagger::new(asset, tags.len())?,
            named: Encoder::new(asset, "names", 4)?,
            labels: Arc::new(Labels { tags, arcs: parser.labels.clone(), names: recogniser.labels.clone() }),
            parser,
            recogniser,
        })
    }
}

/// The lists of words in the model.
struct Lists {
    lists: Value,
}

impl Lists {
    fn new(asset: &Asset<'_>) -> Result<Lists, BadModel> {
        let lists = serde_json::from_slice(asset.bytes("strings")?).map_err(|_| Lists::bad("strings"))?;
        Ok(Lists { lists })
    }

    fn bad(name: &str) -> BadModel {
        BadModel::Part(name.to_owned())
    }

    fn words(&self, name: &str) -> Result<Vec<String>, BadModel> {
        let list = self.lists[name].as_array().ok_or_else(|| Lists::bad(name))?;
        let words = list.iter().map(|word| word.as_str().map(str::to_owned));
        words.collect::<Option<_>>().ok_or_else(|| Lists::bad(name))
    }

    fn rules(&self, strings: &Strings) -> Result<Vec<(String, Rule)>, BadModel> {
        let rule = |rule: &Value| {
            let pieces = rule[1].as_array()?.iter().map(|piece| {
                let (word, norm) = (piece[0].as_str()?, piece[1].as_u64()?);
                Some(RulePiece { length: word.len() as u32, orth: strings.number(word), norm })
            });
            Some((rule[0].as_str()?.to_owned(), Rule { pieces: pieces.collect::<Option<_>>()? }))
        };
        let list = self.lists["rules"].as_array().ok_or_else(|| Lists::bad("rules"))?;
        list.iter().map(rule).collect::<Option<_>>().ok_or_else(|| Lists::bad("rules"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_model_is_the_one_with_the_digest() {
        assert!(Engine::load(SHIPPED).is_ok());
        let mut changed = SHIPPED.to_vec();
        changed[SHIPPED.len() / 2] ^= 1;
        assert!(matches!(Asset::verified(&changed, DIGEST), Err(BadModel::OtherDigest { .. })));
    }

    #[test]
    fn a_model_that_is_cut_short_is_refused() {
        for length in [0, 4, 11, 12, 100, 2600, 20_000, SHIPPED.len() / 2, SHIPPED.len() - 8] {
            assert_eq!(Engine::load(&SHIPPED[..length]).err(), Some(BadModel::Damaged), "{length}");
        }
    }
}
