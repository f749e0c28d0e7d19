//! Work on all cores, if the feature `rayon` is on, with results that do not depend on how many there are.

use std::cmp::Ordering;

#[cfg(not(feature = "rayon"))]
use crate::sorting::SortRows;
use crate::task::Stage;

/// Works on items each by itself; the results are in the order of the items.
#[cfg(feature = "rayon")]
pub(crate) fn map_each<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> R + Send + Sync) -> Vec<R> {
    use rayon::prelude::*;
    let stage = Stage::new(items.len());
    // Where the task is cancelled, what is left over is passed by: to leave each of thousands by itself would take long.
    let each = |item| stage.wanted().then(|| stage.after(work(item)));
    let results: Vec<Option<R>> = items.into_par_iter().map_init(|| stage.enter(), |_, item| each(item)).collect();
    stage.advance(0);
    results.into_iter().flatten().collect()
}

#[cfg(not(feature = "rayon"))]
pub(crate) fn map_each<T, R>(items: Vec<T>, work: impl Fn(T) -> R) -> Vec<R> {
    let stage = Stage::new(items.len());
    let _here = stage.enter();
    let mut results = Vec::with_capacity(items.len());
    for item in items {
        stage.advance(0);
        results.push(stage.after(work(item)));
    }
    results
}

/// A column of the cells of these rows, in their order.
#[cfg(feature = "rayon")]
pub(crate) fn gather<T: Send>(rows: &[u32], cell: impl Fn(u32) -> T + Send + Sync) -> Vec<T> {
    use rayon::prelude::*;
    rows.par_iter().with_min_len(1 << 15).map(|row| cell(*row)).collect()
}

#[cfg(not(feature = "rayon"))]
pub(crate) fn gather<T>(rows: &[u32], cell: impl Fn(u32) -> T) -> Vec<T> {
    rows.iter().map(|row| cell(*row)).collect()
}

/// Puts items in an order. Which of two that are equal in it comes first is not said.
#[cfg(feature = "rayon")]
pub(crate) fn sort<T: Send>(items: &mut [T], order: impl Fn(&T, &T) -> Ordering + Sync) {
    use rayon::prelude::*;
    items.par_sort_unstable_by(order);
}

#[cfg(not(feature = "rayon"))]
pub(crate) fn sort<T>(items: &mut [T], order: impl Fn(&T, &T) -> Ordering) {
    items.sort_rows_by(order);
}

/// The same for items of which there are as many as journeys, or times: without threads it is compiled for them, which [`sort`] is not.
#[cfg(feature = "rayon")]
pub(crate) use sort as sort_many;

#[cfg(not(feature = "rayon"))]
pub(crate) fn sort_many<T>(items: &mut [T], order: impl Fn(&T, &T) -> Ordering) {
    items.sort_unstable_by(order);
}

/// Works on items as `next` brings them, and hands the results to `take` in the order of the items.
///
/// `next` and `take` run on the calling thread, the work on all cores. Only a few items more than there are cores are
/// under way at a time. The first error, in the order of the items, ends it.
#[cfg(feature = "rayon")]
pub(crate) fn in_order<T: Send, R: Send, E>(
    mut next: impl FnMut() -> Result<Option<T>, E>,
    work: impl Fn(T) -> R + Send + Sync,
    mut take: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    use std::collections::BTreeMap;
    use std::sync::mpsc::{TryRecvError, channel};

    let most = rayon::current_num_threads() + 2;
    let (send, receive) = channel();
    rayon::in_place_scope(|scope| {
        let (mut begun, mut taken, mut ended) = (0usize, 0usize, false);
        let mut early = BTreeMap::new();
        let mut failed = None;
        loop {
            while !ended && failed.is_none() && begun - taken < most {
                match next() {
                    Ok(Some(item)) => {
                        let (send, work, place) = (send.clone(), &work, begun);
                        // The receiver lives as long as the scope.
                        scope.spawn(move |_| drop(send.send((place, work(item)))));
                        begun += 1;
                    }
                    Ok(None) => ended = true,
                    // What came before may hold an earlier error.
                    Err(error) => failed = Some(error),
                }
            }
            if taken == begun {
                return failed.map_or(Ok(()), Err);
            }
            let result = loop {
                if let Some(result) = early.remove(&taken) {
                    break result;
                }
                let (place, result) = match receive.try_recv() {
                    Ok(done) => done,
                    // On a thread of the pool itself, waiting without working could be waiting for ever.
                    Err(TryRecvError::Empty) if rayon::yield_now() == Some(rayon::Yield::Executed) => continue,
                    Err(_) => match receive.recv() {
                        Ok(done) => done,
                        // A worker has panicked; the scope passes that on.
                        Err(_) => return Ok(()),
                    },
                };
                early.insert(place, result);
            };
            take(result)?;
            taken += 1;
        }
    })
}

#[cfg(not(feature = "rayon"))]
pub(crate) fn in_order<T, R, E>(
    mut next: impl FnMut() -> Result<Option<T>, E>,
    work: impl Fn(T) -> R,
    mut take: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    while let Some(item) = next()? {
        take(work(item))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items_until_the_first_error() {
        let run = |count: u64, bad: u64| {
            let mut items = 0..count;
            let mut taken = Vec::new();
            let result = in_order(
                || Ok(items.next()),
                |item| {
                    std::thread::sleep(std::time::Duration::from_micros((item * 7919) % 97));
                    item
                },
                |item| {
                    taken.push(item);
                    if item == bad { Err(item) } else { Ok(()) }
                },
            );
            (taken, result)
        };
        assert_eq!(run(100, 1000), ((0..100).collect(), Ok(())));
        assert_eq!(run(100, 42), ((0..=42).collect(), Err(42)));
        assert_eq!(run(0, 0), (vec![], Ok(())));
    }

    #[test]
    #[cfg(feature = "rayon")]
    fn a_pool_of_one_thread_that_calls_it_does_not_wait_for_itself() {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let sum = pool.install(|| {
            let (mut items, mut sum) = (0..50, 0);
            in_order::<_, _, ()>(
                || Ok(items.next()),
                |item| item * 2,
                |item| {
                    sum += item;
                    Ok(())
                },
            )
            .map(|()| sum)
        });
        assert_eq!(sum, Ok(2450));
    }
}
