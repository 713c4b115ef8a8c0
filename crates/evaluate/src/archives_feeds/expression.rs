//! The small part of Python that feedparser's expectations are written in.

/// An expression: comparisons, `and`, `or`, `not`, paths into a feed, and literals.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expression {
    Or(Vec<Expression>),
    And(Vec<Expression>),
    Not(Box<Expression>),
    /// `a == b == c`; the flag of each says whether it is `==` rather than `!=`.
    Compare(Box<Expression>, Vec<(bool, Expression)>),
    /// A name, and what is taken from it.
    Path(String, Vec<Step>),
    /// `len(…)`, `ord(…)`.
    Call(String, Box<Expression>),
    Text(String),
    Number(i64),
    List(Vec<Expression>),
    Map(Vec<(String, Expression)>),
    None,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    Key(String),
    Index(usize),
    /// `.has_key('…')`.
    Has(String),
}

/// Reads an expression; `None` if it needs more of Python than is understood here.
pub(super) fn read(text: &str) -> Option<Expression> {
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens: &tokens, at: 0 };
    let expression = parser.or()?;
    (parser.at == tokens.len()).then_some(expression)
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Name(String),
    Text(String),
    Number(i64),
    Sign(&'static str),
}

const SIGNS: [&str; 12] = ["==", "!=", "(", ")", "[", "]", "{", "}", ",", ":", ".", "="];

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        if first.is_alphabetic() || first == '_' {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            let is_prefix = matches!(&rest[..end], "u" | "b" | "r") && rest[end..].starts_with(['\'', '"']);
            if !is_prefix {
                tokens.push(Token::Name(rest[..end].to_owned()));
            }
            rest = &rest[end..];
        } else if first.is_ascii_digit() {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            tokens.push(Token::Number(rest[..end].parse().ok()?));
            rest = &rest[end..];
        } else if matches!(first, '\'' | '"') {
            let (text, length) = string(rest)?;
            tokens.push(Token::Text(text));
            rest = &rest[length..];
        } else {
            let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign))?;
            tokens.push(Token::Sign(sign));
            rest = &rest[sign.len()..];
        }
        rest = rest.trim_start();
    }
    Some(tokens)
}

/// Reads a string literal: what it says, and its length.
fn string(text: &str) -> Option<(String, usize)> {
    let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| text.starts_with(quote))?;
    let mut value = String::new();
    let mut at = quote.len();
    loop {
        let rest = text.get(at..)?;
        if rest.starts_with(quote) {
            return Some((value, at + quote.len()));
        }
        let c = rest.chars().next()?;
        if c != '\\' {
            value.push(c);
            at += c.len_utf8();
            continue;
        }
        let kind = rest.chars().nth(1)?;
        let digits = match kind {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        if digits > 0 {
            value.push(char::from_u32(u32::from_str_radix(rest.get(2..2 + digits)?, 16).ok()?)?);
        } else {
            match kind {
                'n' => value.push('\n'),
                't' => value.push('\t'),
                'r' => value.push('\r'),
                '\\' | '\'' | '"' => value.push(kind),
                _ => value.extend(['\\', kind]),
            }
        }
        at += 1 + kind.len_utf8() + digits;
    }
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn is_sign(&self, sign: &str) -> bool {
        matches!(self.peek(), Some(Token::Sign(found)) if *found == sign)
    }

    fn take_sign(&mut self, sign: &str) -> bool {
        let is = self.is_sign(sign);
        self.at += usize::from(is);
        is
    }

    fn take_name(&mut self, name: &str) -> bool {
        let is = matches!(self.peek(), Some(Token::Name(found)) if found == name);
        self.at += usize::from(is);
        is
    }

    fn or(&mut self) -> Option<Expression> {
        let mut parts = vec![self.and()?];
        while self.take_name("or") {
            parts.push(self.and()?);
        }
        Some(if parts.len() == 1 { parts.remove(0) } else { Expression::Or(parts) })
    }

    fn and(&mut self) -> Option<Expression> {
        let mut parts = vec![self.not()?];
        while self.take_name("and") {
            parts.push(self.not()?);
        }
        Some(if parts.len() == 1 { parts.remove(0) } else { Expression::And(parts) })
    }

    fn not(&mut self) -> Option<Expression> {
        if self.take_name("not") {
            return Some(Expression::Not(Box::new(self.not()?)));
        }
        let first = self.operand()?;
        let mut others = Vec::new();
        loop {
            let is_equal = if self.take_sign("==") || self.take_name("is") {
                true
            } else if self.take_sign("!=") {
                false
            } else {
                break;
            };
            others.push((is_equal, self.operand()?));
        }
        Some(if others.is_empty() { first } else { Expression::Compare(Box::new(first), others) })
    }

    fn operand(&mut self) -> Option<Expression> {
        let token = self.peek()?.clone();
        self.at += 1;
        match token {
            Token::Text(text) => Some(Expression::Text(text)),
            Token::Number(number) => Some(Expression::Number(number)),
            Token::Sign("(") => self.list(")"),
            Token::Sign("[") => self.list("]"),
            Token::Sign("{") => self.map(),
            Token::Name(name) if name == "None" => Some(Expression::None),
            Token::Name(name) if matches!(name.as_str(), "True" | "False") => {
                Some(Expression::Number(i64::from(name == "True")))
            }
            Token::Name(name) if matches!(name.as_str(), "len" | "ord") && self.take_sign("(") => {
                let inside = self.or()?;
                self.take_sign(")").then_some(Expression::Call(name, Box::new(inside)))
            }
            Token::Name(name) => self.path(name),
            Token::Sign(_) => None,
        }
    }

    /// Reads a tuple or list, or an expression in brackets.
    fn list(&mut self, end: &str) -> Option<Expression> {
        let mut items = Vec::new();
        let mut has_comma = end == "]";
        while !self.take_sign(end) {
            items.push(self.or()?);
            let comma = self.take_sign(",");
            has_comma |= comma;
            if !comma && !self.is_sign(end) {
                return None;
            }
        }
        Some(if has_comma || items.len() != 1 { Expression::List(items) } else { items.remove(0) })
    }

    fn map(&mut self) -> Option<Expression> {
        let mut items = Vec::new();
        while !self.take_sign("}") {
            let Token::Text(key) = self.peek()?.clone() else { return None };
            self.at += 1;
            if !self.take_sign(":") {
                return None;
            }
            items.push((key, self.or()?));
            self.take_sign(",");
        }
        Some(Expression::Map(items))
    }

    fn path(&mut self, name: String) -> Option<Expression> {
        let mut steps = Vec::new();
        loop {
            if self.take_sign(".") {
                let Token::Name(key) = self.peek()?.clone() else { return None };
                self.at += 1;
                steps.push(if key == "has_key" { self.has()? } else { Step::Key(key) });
            } else if self.take_sign("[") {
                let step = match self.peek()? {
                    Token::Text(key) => Step::Key(key.clone()),
                    Token::Number(index) => Step::Index(usize::try_from(*index).ok()?),
                    _ => return None,
                };
                self.at += 1;
                steps.push(step);
                if !self.take_sign("]") {
                    return None;
                }
            } else {
                return Some(Expression::Path(name, steps));
            }
        }
    }

    fn has(&mut self) -> Option<Step> {
        let opened = self.take_sign("(");
        let Token::Text(key) = self.peek()?.clone() else { return None };
        self.at += 1;
        (opened && self.take_sign(")")).then_some(Step::Has(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparisons_and_paths() {
        let path = Expression::Path("entries".into(), vec![Step::Index(0), Step::Key("title".into())]);
        let expected = Expression::And(vec![
            Expression::Not(Box::new(Expression::Path("bozo".into(), vec![]))),
            Expression::Compare(Box::new(path), vec![(true, Expression::Text("Тесмін's".into()))]),
        ]);
        assert_eq!(read("not bozo and entries[0]['title'] == '\\u0422есмін\\'s'"), Some(expected));
    }

    #[test]
    fn literals() {
        assert_eq!(
            read("(1, 'a')"),
            Some(Expression::List(vec![Expression::Number(1), Expression::Text("a".into())]))
        );
        assert_eq!(read("\"\"\"a\"b\"\"\""), Some(Expression::Text("a\"b".into())));
        assert_eq!(
            read("not feed.has_key('a')"),
            Some(Expression::Not(Box::new(Expression::Path("feed".into(), vec![Step::Has("a".into())]))))
        );
    }

    #[test]
    fn what_is_more_than_that_is_not_read() {
        assert_eq!(read("isinstance(a, b.c)"), None);
        assert_eq!(read("a in b"), None);
        assert_eq!(read("'a"), None);
    }
}
