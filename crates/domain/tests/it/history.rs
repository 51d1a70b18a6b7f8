//! Histories of orders: what was sold is kept as pools of money and units, independent of the ledger, and told to the
//! ledger as a provider would tell it.

use chrono::{DateTime, Duration, Utc};
use domain::catalog::{CostBook, CostRecord, CostSource, UnitCost};
use domain::ids::{
    AgreementId, CustomerId, LineId, OrderId, ProductId, RefundId, SaleId, TransactionId, VariantId,
};
use domain::inputs::{Band, Per, ShippingRate};
use domain::money::{Currency, allocate};
use domain::order::{
    Agreement, AgreementReason, Order, OrderLine, OrderTotals, Refund, RefundLine, Restock, Sale,
    SaleAction, SaleKind, Transaction, TransactionKind, TransactionStatus,
};
use proptest::prelude::*;
use rust_decimal::Decimal;

#[derive(Debug, Clone)]
pub(crate) struct LinePlan {
    pub(crate) price: i64,
    pub(crate) quantity: i64,
    pub(crate) discount: i64,
    pub(crate) tax_permille: i64,
    /// In ten-thousandths of the main unit; `None`: unknown.
    pub(crate) cost: Option<i64>,
    pub(crate) gift_card: bool,
    pub(crate) custom: bool,
}

#[derive(Debug, Clone)]
pub(crate) enum Step {
    Refund {
        line: usize,
        units: i64,
        restock: bool,
    },
    RemoveByEdit {
        line: usize,
        units: i64,
    },
    /// A return of which no refund tells, or one whose refund tells what became of the goods.
    Return {
        line: usize,
        units: i64,
        told: Option<bool>,
    },
    AddByEdit {
        line: usize,
        units: i64,
    },
    RefundShipping {
        share: i64,
    },
    AmountOnly {
        amount: i64,
    },
    ReturnFee {
        amount: i64,
    },
    CancelRest {
        restock: bool,
    },
}

#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) currency: &'static str,
    pub(crate) taxes_included: bool,
    pub(crate) lines: Vec<LinePlan>,
    pub(crate) shipping: i64,
    pub(crate) tip: i64,
    pub(crate) duty: i64,
    pub(crate) fee: i64,
    pub(crate) steps: Vec<Step>,
}

/// An order with the money and the units that its history left, by a bookkeeping of its own.
pub(crate) struct Told {
    pub(crate) order: Order,
    pub(crate) costs: CostBook,
    pub(crate) owed: i64,
    pub(crate) tips: i64,
    pub(crate) gift_cards: i64,
    /// Units per line that are sold and not back on the shelf.
    pub(crate) gone: Vec<i64>,
    pub(crate) unit_costs: Vec<Option<Decimal>>,
    pub(crate) fees: i64,
    /// What sending it costs by the table; `None` without one.
    pub(crate) sending: Option<i64>,
}

struct Pool {
    units: i64,
    net: i64,
    discount: i64,
    tax: i64,
}

struct Teller {
    order: Order,
    pools: Vec<Pool>,
    shipping: i64,
    extra: i64,
    gone: Vec<i64>,
    next_id: i64,
    now: DateTime<Utc>,
}

pub(crate) fn plans() -> impl Strategy<Value = Plan> {
    let line = (
        1_i64..20_000,
        1_i64..6,
        0_i64..500,
        0_i64..250,
        prop::option::of(1_i64..900_000),
        0_u8..20,
        0_u8..10,
    )
        .prop_map(
            |(price, quantity, discount, tax_permille, cost, gift, custom)| LinePlan {
                price,
                quantity,
                discount: discount.min(price * quantity),
                tax_permille,
                cost,
                gift_card: gift == 0,
                custom: custom == 0,
            },
        );
    let step = prop_oneof![
        (0_usize..5, 1_i64..4, any::<bool>()).prop_map(|(line, units, restock)| Step::Refund {
            line,
            units,
            restock
        }),
        (0_usize..5, 1_i64..4).prop_map(|(line, units)| Step::RemoveByEdit { line, units }),
        (0_usize..5, 1_i64..4).prop_map(|(line, units)| Step::AddByEdit { line, units }),
        (0_usize..5, 1_i64..4, any::<Option<bool>>())
            .prop_map(|(line, units, told)| Step::Return { line, units, told }),
        (1_i64..100).prop_map(|share| Step::RefundShipping { share }),
        (1_i64..300).prop_map(|amount| Step::AmountOnly { amount }),
        (1_i64..300).prop_map(|amount| Step::ReturnFee { amount }),
        any::<bool>().prop_map(|restock| Step::CancelRest { restock }),
    ];
    (
        prop::sample::select(vec!["USD", "JPY", "KWD"]),
        any::<bool>(),
        prop::collection::vec(line, 1..5),
        (0_i64..2_000, 0_i64..500, 0_i64..400, 0_i64..900),
        prop::collection::vec(step, 0..8),
    )
        .prop_map(
            |(currency, taxes_included, lines, (shipping, tip, duty, fee), steps)| Plan {
                currency,
                taxes_included,
                lines,
                shipping,
                tip,
                duty,
                fee,
                steps,
            },
        )
}

pub(crate) fn tell(plan: &Plan) -> Told {
    let mut teller = Teller::new(plan);
    teller.sell(plan);
    for step in &plan.steps {
        teller.now += Duration::hours(17);
        teller.apply(step);
    }
    teller.finish(plan)
}

fn start() -> DateTime<Utc> {
    "2026-03-06T22:15:00Z".parse().unwrap()
}

impl Teller {
    fn new(plan: &Plan) -> Self {
        let lines = (0_i64..).zip(&plan.lines).map(|(i, line)| OrderLine {
            id: LineId(100 + i),
            product: (!line.custom).then_some(ProductId(10 + i / 2)),
            variant: (!line.custom).then_some(VariantId(20 + i)),
            title: format!("Thing {i}"),
            variant_title: None,
            sku: None,
            quantity: line.quantity,
            current_quantity: line.quantity,
            unit_price: line.price,
            discount: line.discount,
            tax: 0,
            gift_card: line.gift_card,
            requires_shipping: None,
            grams: None,
        });
        let order = Order {
            id: OrderId(1),
            name: "#1".into(),
            currency: Currency::parse(plan.currency).unwrap(),
            taxes_included: plan.taxes_included,
            test: false,
            processed_at: start(),
            created_at: start() + Duration::days(2),
            updated_at: start() + Duration::days(30),
            cancelled_at: None,
            channel: "web".into(),
            country: Some("CA".into()),
            financial_status: "paid".into(),
            fulfillment_status: "fulfilled".into(),
            customer: Some(CustomerId(5)),
            tags: vec![],
            edited: false,
            lines: lines.collect(),
            shipping_lines: vec![],
            agreements: vec![],
            transactions: vec![],
            refunds: vec![],
            totals: OrderTotals::default(),
            total_grams: None,
            billing_country: None,
            provider_risk: None,
            journey: Some(domain::attribution::Journey::default()),
        };
        Self {
            gone: vec![0; plan.lines.len()],
            order,
            pools: vec![],
            shipping: 0,
            extra: 0,
            next_id: 1000,
            now: start(),
        }
    }

    fn id(&mut self) -> i64 {
        self.next_id += 1;
        self.next_id
    }

    /// `money` is net, discount and tax.
    fn sale(
        &mut self,
        action: SaleAction,
        kind: SaleKind,
        line: Option<LineId>,
        units: Option<i64>,
        money: [i64; 3],
    ) -> Sale {
        let [net, discount, tax] = money;
        Sale {
            id: SaleId(self.id()),
            action,
            kind,
            quantity: units,
            line,
            amount: net + tax,
            discount,
            tax,
        }
    }

    fn agree(&mut self, reason: AgreementReason, sales: Vec<Sale>) {
        let agreement = Agreement {
            id: AgreementId(self.id()),
            happened_at: self.now,
            reason,
            sales,
        };
        self.order.agreements.push(agreement);
    }

    fn sell(&mut self, plan: &Plan) {
        let mut sales = Vec::new();
        for (i, line) in plan.lines.iter().enumerate() {
            let after = line.price * line.quantity - line.discount;
            let tax = if plan.taxes_included {
                after * line.tax_permille / (1000 + line.tax_permille)
            } else {
                after * line.tax_permille / 1000
            };
            let net = if plan.taxes_included {
                after - tax
            } else {
                after
            };
            let kind = if line.gift_card {
                SaleKind::GiftCard
            } else {
                SaleKind::Product
            };
            let id = self.order.lines[i].id;
            sales.push(self.sale(
                SaleAction::Order,
                kind,
                Some(id),
                Some(line.quantity),
                [net, line.discount, tax],
            ));
            self.pools.push(Pool {
                units: line.quantity,
                net,
                discount: line.discount,
                tax,
            });
            self.gone[i] += line.quantity;
        }
        self.shipping = plan.shipping;
        self.extra = plan.tip + plan.duty;
        for (kind, amount) in [
            (SaleKind::Shipping, plan.shipping),
            (SaleKind::Tip, plan.tip),
            (SaleKind::Duty, plan.duty),
        ] {
            sales.push(self.sale(SaleAction::Order, kind, None, Some(1), [amount, 0, 0]));
        }
        // The agreement was recorded when the order was imported, two days after the sale.
        self.now = self.order.created_at;
        self.agree(AgreementReason::Order, sales);
    }

    /// Takes units out of a line's pool with their share of money.
    fn take(&mut self, line: usize, units: i64) -> Option<(i64, i64, i64, i64)> {
        let pool = self.pools.get_mut(line)?;
        let units = units.min(pool.units);
        if units == 0 {
            return None;
        }
        let share = |amount: i64| allocate(amount, &[units, pool.units - units])[0];
        let (net, discount, tax) = (share(pool.net), share(pool.discount), share(pool.tax));
        pool.units -= units;
        pool.net -= net;
        pool.discount -= discount;
        pool.tax -= tax;
        Some((units, net, discount, tax))
    }

    fn kind(&self, line: usize) -> SaleKind {
        if self.order.lines[line].gift_card {
            SaleKind::GiftCard
        } else {
            SaleKind::Product
        }
    }

    fn apply(&mut self, step: &Step) {
        match *step {
            Step::Refund {
                line,
                units,
                restock,
            } => self.refund(&[(line, units)], restock),
            Step::CancelRest { restock } => {
                let rest: Vec<_> = self
                    .pools
                    .iter()
                    .enumerate()
                    .map(|(i, p)| (i, p.units))
                    .collect();
                self.refund(&rest, restock);
                self.order.cancelled_at = Some(self.now);
            }
            Step::Return { line, units, told } => {
                if let Some((units, net, discount, tax)) = self.take(line, units) {
                    let (kind, id) = (self.kind(line), self.order.lines[line].id);
                    let sale = self.sale(
                        SaleAction::Return,
                        kind,
                        Some(id),
                        Some(-units),
                        [-net, -discount, -tax],
                    );
                    self.agree(AgreementReason::Return, vec![sale]);
                    if let Some(restock) = told {
                        let how = if restock {
                            Restock::Return
                        } else {
                            Restock::NoRestock
                        };
                        let lines = vec![RefundLine {
                            line: id,
                            quantity: units,
                            restock: how,
                            subtotal: net,
                            tax,
                        }];
                        let refund = Refund {
                            id: RefundId(self.id()),
                            at: self.now,
                            amount: 0,
                            lines: Some(lines),
                        };
                        self.order.refunds.push(refund);
                    }
                    if told.unwrap_or(true) {
                        self.gone[line] -= units;
                    }
                }
            }
            Step::RemoveByEdit { line, units } => {
                if let Some((units, net, discount, tax)) = self.take(line, units) {
                    let (kind, id) = (self.kind(line), self.order.lines[line].id);
                    let sale = self.sale(
                        SaleAction::Update,
                        kind,
                        Some(id),
                        Some(-units),
                        [-net, -discount, -tax],
                    );
                    self.agree(AgreementReason::OrderEdit, vec![sale]);
                    self.gone[line] -= units;
                }
            }
            Step::AddByEdit { line, units } if line < self.pools.len() => {
                let (kind, of) = (self.kind(line), self.order.lines[line].clone());
                let net = of.unit_price * units;
                let sale = self.sale(
                    SaleAction::Update,
                    kind,
                    Some(of.id),
                    Some(units),
                    [net, 0, 0],
                );
                self.agree(AgreementReason::OrderEdit, vec![sale]);
                self.pools[line].units += units;
                self.pools[line].net += net;
                self.gone[line] += units;
            }
            Step::AddByEdit { .. } => {}
            Step::RefundShipping { share } => {
                let back = self.shipping * share / 100;
                self.shipping -= back;
                let sale = self.sale(
                    SaleAction::Return,
                    SaleKind::Shipping,
                    None,
                    Some(-1),
                    [-back, 0, 0],
                );
                self.agree(AgreementReason::Refund, vec![sale]);
            }
            Step::AmountOnly { amount } => {
                self.extra -= amount;
                let sale = self.sale(
                    SaleAction::Return,
                    SaleKind::Adjustment,
                    None,
                    None,
                    [-amount, 0, 0],
                );
                self.agree(AgreementReason::Refund, vec![sale]);
            }
            Step::ReturnFee { amount } => {
                self.extra += amount;
                let sale = self.sale(
                    SaleAction::Return,
                    SaleKind::Fee,
                    None,
                    Some(1),
                    [amount, 0, 0],
                );
                self.agree(AgreementReason::Return, vec![sale]);
            }
        }
    }

    fn refund(&mut self, wanted: &[(usize, i64)], restock: bool) {
        let (mut sales, mut lines) = (Vec::new(), Vec::new());
        for (line, units) in wanted {
            if let Some((units, net, discount, tax)) = self.take(*line, *units) {
                let (kind, id) = (self.kind(*line), self.order.lines[*line].id);
                sales.push(self.sale(
                    SaleAction::Return,
                    kind,
                    Some(id),
                    Some(-units),
                    [-net, -discount, -tax],
                ));
                let how = if restock {
                    Restock::Return
                } else {
                    Restock::NoRestock
                };
                lines.push(RefundLine {
                    line: id,
                    quantity: units,
                    restock: how,
                    subtotal: net,
                    tax,
                });
                if restock {
                    self.gone[*line] -= units;
                }
            }
        }
        if !sales.is_empty() {
            self.agree(AgreementReason::Refund, sales);
            let refund = Refund {
                id: RefundId(self.id()),
                at: self.now,
                amount: 0,
                lines: Some(lines),
            };
            self.order.refunds.push(refund);
        }
    }

    fn finish(mut self, plan: &Plan) -> Told {
        let is_gift = |i: usize| plan.lines[i].gift_card;
        let pool = |i: usize| self.pools[i].net + self.pools[i].tax;
        let owed = (0..self.pools.len()).map(pool).sum::<i64>() + self.shipping + self.extra;
        let gift_cards = (0..self.pools.len())
            .filter(|i| is_gift(*i))
            .map(|i| self.pools[i].net)
            .sum();
        self.order.totals.current_total = owed;
        let transaction = Transaction {
            id: TransactionId(9000),
            kind: TransactionKind::Sale,
            status: TransactionStatus::Success,
            gateway: "shopify_payments".into(),
            amount: owed,
            fee: Some(plan.fee),
            processed_at: start() + Duration::hours(1),
            test: false,
        };
        self.order.transactions.push(transaction);
        let mut costs = CostBook::default();
        let mut unit_costs = Vec::new();
        for (line, of) in plan.lines.iter().zip(&self.order.lines) {
            let amount = line
                .cost
                .filter(|_| of.variant.is_some())
                .map(|c| Decimal::new(c, 4));
            if let (Some(amount), Some(variant)) = (amount, of.variant) {
                let cost = Some(UnitCost {
                    amount,
                    currency: self.order.currency,
                });
                costs.insert(CostRecord {
                    variant,
                    valid_from: None,
                    cost,
                    source: CostSource::Store,
                    observed_at: start(),
                    origin: None,
                });
            }
            unit_costs.push(amount);
        }
        let ships = self.order.lines.iter().any(OrderLine::ships);
        let sending = i64::from(ships) * plan.fee * 3;
        if plan.fee % 2 == 0 {
            costs.shipping.insert(ShippingRate {
                country: None,
                grams: Band::default(),
                value: Band::default(),
                per: Per::Order,
                amount: plan.fee * 3,
                currency: self.order.currency,
                valid_from: None,
            });
        }
        Told {
            sending: (plan.fee % 2 == 0 || !ships).then_some(sending),
            owed,
            tips: plan.tip,
            gift_cards,
            gone: self.gone,
            unit_costs,
            fees: plan.fee,
            costs,
            order: self.order,
        }
    }
}
