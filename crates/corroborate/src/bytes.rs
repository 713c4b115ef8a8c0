use jiff::civil::Date;

/// Writes the parts of a sketch: numbers as LEB128, lists of rising numbers as their differences.
pub(crate) struct Out(pub(crate) Vec<u8>);

impl Out {
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    pub(crate) fn number(&mut self, mut number: u32) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.number(text.len() as u32);
        self.raw(text.as_bytes());
    }

    pub(crate) fn rising(&mut self, numbers: &[u32]) {
        self.number(numbers.len() as u32);
        let mut last = 0;
        for &number in numbers {
            self.number(number.wrapping_sub(last));
            last = number;
        }
    }

    /// Writes year, month and day; no day is month 0.
    pub(crate) fn day(&mut self, day: Option<Date>) {
        let (year, month, day) = day.map_or((0, 0, 0), |day| (day.year(), day.month(), day.day()));
        self.raw(&year.to_be_bytes());
        self.raw(&[month as u8, day as u8]);
    }
}

/// Reads what [`Out`] wrote; every step is `None` at the end of the bytes or on a value that cannot be.
pub(crate) struct Bytes<'a>(pub(crate) &'a [u8]);

impl<'a> Bytes<'a> {
    pub(crate) fn raw(&mut self, len: usize) -> Option<&'a [u8]> {
        let (raw, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(raw)
    }

    pub(crate) fn number(&mut self) -> Option<u32> {
        let mut number = 0u64;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.raw(1)?[0];
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return u32::try_from(number).ok();
            }
        }
        None
    }

    pub(crate) fn text(&mut self) -> Option<String> {
        let len = self.number()? as usize;
        String::from_utf8(self.raw(len)?.to_vec()).ok()
    }

    /// Reads rising numbers. Each takes a byte at least, so the bytes bound the list.
    pub(crate) fn rising(&mut self) -> Option<Vec<u32>> {
        let len = self.number()? as usize;
        if len > self.0.len() {
            return None;
        }
        let mut numbers: Vec<u32> = Vec::with_capacity(len);
        for _ in 0..len {
            let next = numbers.last().copied().unwrap_or(0).checked_add(self.number()?)?;
            if numbers.last().is_some_and(|&last| last >= next) {
                return None;
            }
            numbers.push(next);
        }
        Some(numbers)
    }

    pub(crate) fn day(&mut self) -> Option<Option<Date>> {
        let raw = self.raw(4)?;
        let year = i16::from_be_bytes([raw[0], raw[1]]);
        match (raw[2], raw[3]) {
            (0, 0) => Some(None),
            (month, day) => {
                Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok().map(Some)
            }
        }
    }
}
