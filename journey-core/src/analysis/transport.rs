//! Moving goods from where they are to where they are wanted, at the least cost.

/// A part of the goods, and which way it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Move {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) amount: u64,
}

/// The cheapest way to move all supplies to the demands, which add up to the same; costs are not negative.
///
/// Successive shortest paths with potentials (Ahuja, Magnanti and Orlin, *Network Flows*, 9.7), in whole numbers: supplies
/// are moved on, each time along the path that costs least, taking back earlier moves where that pays.
///
/// # Complexity
/// O(supplies × demands) for each path; there are hardly more paths than supplies and demands.
pub(super) fn cheapest_moves(supplies: &[u64], demands: &[u64], cost: impl Fn(usize, usize) -> i64) -> Vec<Move> {
    let costs = supplies.iter().enumerate().map(|(from, _)| (0..demands.len()).map(|to| cost(from, to)).collect());
    let mut plan = Plan {
        costs: costs.collect(),
        moved: vec![vec![0; demands.len()]; supplies.len()],
        wanted: demands.to_vec(),
        supply_prices: vec![0; supplies.len()],
        demand_prices: vec![0; demands.len()],
    };
    for (from, supply) in supplies.iter().enumerate() {
        let mut left = *supply;
        while left > 0 {
            match plan.push(from, left) {
                0 => break,
                amount => left -= amount,
            }
        }
    }
    plan.moves()
}

struct Plan {
    costs: Vec<Vec<i64>>,
    moved: Vec<Vec<u64>>,
    wanted: Vec<u64>,
    /// The potentials: `cost + price of the supply - price of the demand` is never negative, and 0 where goods move.
    supply_prices: Vec<i64>,
    demand_prices: Vec<i64>,
}

/// The cheapest paths from one supply, as far as they are known.
struct Search {
    /// For each supply, what it costs to get there and the demand it was reached from.
    supplies: Vec<Option<(i64, Option<usize>)>>,
    /// For each demand, what it costs to get there and the supply it was reached from.
    demands: Vec<Option<(i64, usize)>>,
    settled: Vec<bool>,
}

impl Plan {
    /// Moves goods from a supply to the demand that is reached at the least cost; returns how much.
    fn push(&mut self, from: usize, left: u64) -> u64 {
        let mut search = Search {
            supplies: vec![None; self.costs.len()],
            demands: vec![None; self.wanted.len()],
            settled: vec![false; self.wanted.len()],
        };
        self.visit(&mut search, from, 0, None);
        while let Some((to, length)) = search.nearest() {
            if self.wanted.get(to).is_some_and(|wanted| *wanted > 0) {
                self.reprice(&search, length);
                return self.augment(&search, to, left);
            }
            if let Some(settled) = search.settled.get_mut(to) {
                *settled = true;
            }
            // What moves here may be taken back: its supply is reached at no further cost.
            for supply in 0..self.costs.len() {
                if self.amount(supply, to) > 0 && search.supplies.get(supply).is_some_and(Option::is_none) {
                    self.visit(&mut search, supply, length, Some(to));
                }
            }
        }
        0
    }

    fn visit(&self, search: &mut Search, supply: usize, length: i64, by: Option<usize>) {
        if let Some(slot) = search.supplies.get_mut(supply) {
            *slot = Some((length, by));
        }
        let (Some(costs), Some(price)) = (self.costs.get(supply), self.supply_prices.get(supply)) else { return };
        for ((cost, demand_price), known) in costs.iter().zip(&self.demand_prices).zip(&mut search.demands) {
            let length = length + cost + price - demand_price;
            if known.is_none_or(|(before, _)| length < before) {
                *known = Some((length, supply));
            }
        }
    }

    /// Keeps the prices right after the search: what was reached on the way gets cheaper by what was left to go.
    fn reprice(&mut self, search: &Search, length: i64) {
        for (price, reached) in self.supply_prices.iter_mut().zip(&search.supplies) {
            *price -= reached.map_or(0, |(at, _)| length - at);
        }
        for ((price, reached), settled) in self.demand_prices.iter_mut().zip(&search.demands).zip(&search.settled) {
            *price -= reached.filter(|_| *settled).map_or(0, |(at, _)| length - at);
        }
    }

    fn augment(&mut self, search: &Search, to: usize, left: u64) -> u64 {
        let ways = search.path(to);
        let wanted = self.wanted.get(to).copied().unwrap_or(0);
        let taken_back = ways.iter().filter_map(|way| way.back).map(|(supply, demand)| self.amount(supply, demand));
        let amount = taken_back.fold(left.min(wanted), u64::min);
        for Way { supply, demand, back } in ways {
            if let Some(moved) = self.moved.get_mut(supply).and_then(|row| row.get_mut(demand)) {
                *moved += amount;
            }
            if let Some(moved) = back.and_then(|(supply, demand)| self.moved.get_mut(supply)?.get_mut(demand)) {
                *moved -= amount;
            }
        }
        if let Some(wanted) = self.wanted.get_mut(to) {
            *wanted -= amount;
        }
        amount
    }

    fn amount(&self, supply: usize, demand: usize) -> u64 {
        self.moved.get(supply).and_then(|row| row.get(demand)).copied().unwrap_or(0)
    }

    fn moves(self) -> Vec<Move> {
        let rows = self.moved.into_iter().enumerate();
        rows.flat_map(|(from, row)| row.into_iter().enumerate().map(move |(to, amount)| Move { from, to, amount }))
            .filter(|part| part.amount > 0)
            .collect()
    }
}

/// A step of a path: goods move from a supply to a demand; before, some of what that supply moved elsewhere is taken back.
struct Way {
    supply: usize,
    demand: usize,
    back: Option<(usize, usize)>,
}

impl Search {
    /// The nearest demand that is not settled.
    fn nearest(&self) -> Option<(usize, i64)> {
        let open = self.demands.iter().zip(&self.settled).enumerate().filter(|(_, (_, settled))| !**settled);
        open.filter_map(|(place, (reached, _))| Some((place, (*reached)?.0))).min_by_key(|(place, at)| (*at, *place))
    }

    /// The steps of the path to a demand, the last one first.
    fn path(&self, to: usize) -> Vec<Way> {
        let mut ways = Vec::new();
        let mut next = Some(to);
        while let Some(demand) = next {
            let Some((_, supply)) = self.demands.get(demand).copied().flatten() else { break };
            next = self.supplies.get(supply).copied().flatten().and_then(|(_, by)| by);
            ways.push(Way { supply, demand, back: next.map(|before| (supply, before)) });
        }
        ways
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(supplies: &[u64], demands: &[u64], costs: &[&[i64]]) -> i64 {
        let moves = cheapest_moves(supplies, demands, |from, to| costs[from][to]);
        for (from, supply) in supplies.iter().enumerate() {
            assert_eq!(moves.iter().filter(|m| m.from == from).map(|m| m.amount).sum::<u64>(), *supply);
        }
        for (to, demand) in demands.iter().enumerate() {
            assert_eq!(moves.iter().filter(|m| m.to == to).map(|m| m.amount).sum::<u64>(), *demand);
        }
        moves.iter().map(|m| i64::try_from(m.amount).unwrap() * costs[m.from][m.to]).sum()
    }

    #[test]
    fn an_earlier_move_is_taken_back_where_that_pays() {
        // The first supply takes the cheap demand, until the second, which can hardly go elsewhere, wants it.
        assert_eq!(total(&[1, 1], &[1, 1], &[&[1, 2], &[1, 9]]), 3);
    }

    #[test]
    fn the_textbook_s_transportation_problem() {
        // Winston, Operations Research, Powerco: 1020.
        let costs: [&[i64]; 3] = [&[8, 6, 10, 9], &[9, 12, 13, 7], &[14, 9, 16, 5]];
        assert_eq!(total(&[35, 50, 40], &[45, 20, 30, 30], &costs), 1020);
    }

    #[test]
    fn every_assignment_tried_by_hand_costs_at_least_as_much() {
        let mut state = 5u64;
        let mut draw = |of: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % of
        };
        for _ in 0..200 {
            let costs: Vec<Vec<i64>> =
                (0..4).map(|_| (0..4).map(|_| i64::try_from(draw(10)).unwrap()).collect()).collect();
            let rows: Vec<&[i64]> = costs.iter().map(Vec::as_slice).collect();
            let mut best = i64::MAX;
            for code in 0..256usize {
                let to = [code % 4, code / 4 % 4, code / 16 % 4, code / 64];
                if (0..4).all(|place| to.contains(&place)) {
                    best = best.min((0..4).map(|from| costs[from][to[from]]).sum());
                }
            }
            assert_eq!(total(&[1; 4], &[1; 4], &rows), best);
        }
    }

    #[test]
    fn nothing_to_move_is_no_move() {
        assert_eq!(cheapest_moves(&[], &[], |_, _| 0), []);
    }
}
