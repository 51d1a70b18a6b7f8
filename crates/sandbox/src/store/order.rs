//! An order and what happened to it, as the shop recorded it: amounts are signed only where noted.

use super::Seconds;

/// Up to two taxes lie on a line (state and city, or one VAT).
pub(crate) type Taxes = [i64; 2];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    Product,
    GiftCard,
    Tip,
    /// A line of its own without a product (manual lines, fees of a marketplace).
    Custom,
    /// A discount given as a line of an imported invoice: `gross` is signed and is a discount, not a sale.
    Discount,
    /// Goods that an imported credit note takes back without naming the order: never sold on this order.
    TakenBack,
    /// The same of a line without a variant.
    CustomTakenBack,
}

#[derive(Debug, Clone)]
pub struct Line {
    pub kind: LineKind,
    /// Position of the variant, or of the text for lines without one.
    pub what: u32,
    pub quantity: i32,
    pub price: i64,
    /// price × quantity, except where prices have more digits than the currency.
    pub gross: i64,
    pub line_discount: i64,
    pub order_discount: i64,
    pub taxes: Taxes,
    /// The step that added this line, for lines that were not part of the first sale.
    pub added_by: Option<u8>,
    /// Units taken off again by edits, refunds, returns.
    pub removed: i32,
}

impl Line {
    pub fn discount(&self) -> i64 {
        self.line_discount + self.order_discount
    }

    pub fn tax(&self) -> i64 {
        self.taxes.iter().sum()
    }

    /// Taken back by an imported credit note, never sold here.
    pub fn only_taken_back(&self) -> bool {
        matches!(self.kind, LineKind::TakenBack | LineKind::CustomTakenBack)
    }

    pub fn variant(&self) -> Option<u32> {
        matches!(
            self.kind,
            LineKind::Product | LineKind::GiftCard | LineKind::TakenBack
        )
        .then_some(self.what)
        .filter(|w| *w != u32::MAX)
    }
}

#[derive(Debug, Clone)]
pub struct Ship {
    pub title: &'static str,
    pub price: i64,
    pub discount: i64,
    pub taxes: Taxes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restock {
    Return,
    Cancel,
    Nothing,
}

impl Restock {
    pub fn name(self) -> &'static str {
        match self {
            Self::Return => "RETURN",
            Self::Cancel => "CANCEL",
            Self::Nothing => "NO_RESTOCK",
        }
    }
}

/// Units of a line that were taken off, with the amounts that went with them (positive).
#[derive(Debug, Clone)]
pub struct Returned {
    pub line: usize,
    pub quantity: i32,
    pub restock: Restock,
    pub gross: i64,
    pub discount: i64,
    pub taxes: Taxes,
}

impl Returned {
    pub fn tax(&self) -> i64 {
        self.taxes.iter().sum()
    }
}

#[derive(Debug, Clone)]
pub enum StepKind {
    /// Lines that the order edit added are found by their `added_by`.
    Edit { removed: Vec<Returned> },
    Refund {
        lines: Vec<Returned>,
        /// Shipping given back, as charged (with tax only where prices include it), and its tax.
        shipping: i64,
        shipping_taxes: Taxes,
        /// Money given back for no goods at all.
        extra: i64,
        cancel: bool,
        note: Box<str>,
    },
    /// Goods that came back through a return: new lines of an exchange are found by their `added_by`.
    Return {
        lines: Vec<Returned>,
        shipping: i64,
        fee: i64,
    },
}

#[derive(Debug, Clone)]
pub struct Step {
    pub at: Seconds,
    pub kind: StepKind,
}

impl Step {
    pub fn returned(&self) -> &[Returned] {
        match &self.kind {
            StepKind::Edit { removed } => removed,
            StepKind::Refund { lines, .. } | StepKind::Return { lines, .. } => lines,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TxnKind {
    Sale,
    Authorization,
    Capture,
    Refund,
    Void,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TxnStatus {
    Success,
    Failure,
    Pending,
}

#[derive(Debug, Clone)]
pub struct Transaction {
    pub at: Seconds,
    pub kind: TxnKind,
    pub status: TxnStatus,
    pub gateway: &'static str,
    pub amount: i64,
    /// Taken by Shopify Payments: 0 elsewhere.
    pub fee: i64,
    pub fee_ppm: u32,
    pub fee_flat: i64,
    pub parent: Option<u8>,
    /// The step that gave the money back.
    pub step: Option<u8>,
}

impl Transaction {
    pub fn moved(&self) -> bool {
        self.status == TxnStatus::Success
            && matches!(
                self.kind,
                TxnKind::Sale | TxnKind::Capture | TxnKind::Refund
            )
    }

    pub fn has_fees(&self) -> bool {
        self.fee != 0
    }
}

#[derive(Debug, Clone)]
pub struct Order {
    pub index: u32,
    pub name: Box<str>,
    pub placed: Seconds,
    pub updated: Seconds,
    pub cancelled: Option<Seconds>,
    pub deleted: Option<Seconds>,
    pub customer: Option<u32>,
    pub place: u16,
    pub channel: u8,
    pub test: bool,
    pub taxes_included: bool,
    /// Position in the table of buyers' currencies, when the buyer paid in another one.
    pub presentment: Option<u8>,
    pub code: Option<u8>,
    pub code_share: i64,
    pub fulfilled: bool,
    pub lines: Vec<Line>,
    pub ship: Option<Ship>,
    pub steps: Vec<Step>,
    pub transactions: Vec<Transaction>,
}

impl Order {
    pub fn remaining(&self, line: usize) -> i32 {
        self.lines[line].quantity - self.lines[line].removed
    }

    pub fn added_in(&self, step: usize) -> impl Iterator<Item = (usize, &Line)> {
        self.lines
            .iter()
            .enumerate()
            .filter(move |(_, l)| l.added_by.map(usize::from) == Some(step))
    }
}
