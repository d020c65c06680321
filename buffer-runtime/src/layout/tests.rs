//! Arithmetic, the mapping to shared memory, and the placement rules on bare items. The rules as users see them are
//! tested through the registry.

use super::*;
use crate::element::ElementType;
use crate::location::Location;

#[test]
fn arithmetic_reports_overflow() {
    let most = usize::MAX;
    assert_eq!(Elements::new(most).checked_add(Elements::new(1)), None);
    assert_eq!(Elements::new(most / 8 + 1).checked_bytes(ElementType::F64), None);
    assert_eq!(Elements::new(3).checked_bytes(ElementType::I64), Some(Bytes::new(24)));
    assert_eq!(Bytes::new(most).checked_add(Bytes::new(1)), None);
    assert_eq!(Bytes::new(most).checked_mul(2), None);
    assert_eq!(Bytes::new(most).checked_round_up(Word::Eight), None);
    assert_eq!(Bytes::new(9).checked_round_up(Word::Eight), Some(Bytes::new(16)));
    assert_eq!(Offset::new(most).checked_align(Word::Four), None);
    assert_eq!(Offset::new(5).checked_align(Word::Four), Some(Offset::new(8)));
    assert_eq!(ByteRange::new(Offset::new(most), Bytes::new(1)), None);
}

fn range(start: usize, end: usize) -> ByteRange {
    ByteRange::new(Offset::new(start), Bytes::new(end - start)).unwrap()
}

#[test]
fn ranges_overlap_where_they_share_a_byte() {
    assert!(range(0, 4).overlaps(range(3, 5)));
    assert!(!range(0, 4).overlaps(range(4, 8)));
    assert!(!range(0, 4).overlaps(range(2, 2)), "an empty range has no bytes");
    assert!(range(0, 4).contains(range(4, 4)) && !range(0, 4).contains(range(2, 5)));
    assert_eq!(range(8, 24).in_words(Word::Eight), 1..3);
    assert_eq!(range(8, 24).to_string(), "8..24");
}

#[test]
fn every_byte_of_a_block_has_one_address_and_granules_stay_together() {
    for granule in [Word::Four, Word::Eight] {
        let interleave = Interleave { granule, threads: 6 };
        let shared = Bytes::new(20);
        let block = interleave.block_bytes(shared).unwrap().get();
        let mut taken = vec![false; block];
        for thread in 0..6 {
            for byte in 0..20 {
                let address = interleave.address(Offset::new(byte), thread).unwrap();
                assert!(!std::mem::replace(&mut taken[address], true), "byte {byte} of thread {thread}");
                assert_eq!(address % granule.bytes(), byte % granule.bytes());
            }
        }
    }
}

#[test]
fn elements_of_the_granules_size_are_free_of_bank_conflicts() {
    // A warp is served in one pass per 32 banks of 4 bytes: half a warp at a time for 8-byte elements.
    for (granule, at_once) in [(Word::Four, 32), (Word::Eight, 16)] {
        let interleave = Interleave { granule, threads: 64 };
        let mut banks = vec![0; 32];
        for thread in 0..at_once {
            let address = interleave.address(Offset::new(16), thread).unwrap();
            for byte in (0..granule.bytes()).step_by(4) {
                banks[(address + byte) / 4 % 32] += 1;
            }
        }
        assert_eq!(banks, [1; 32]);
    }
}

#[test]
fn addresses_outside_the_block_are_none() {
    let interleave = Interleave { granule: Word::Eight, threads: 32 };
    assert_eq!(interleave.address(Offset::ZERO, 32), None);
    assert_eq!(interleave.address(Offset::new(usize::MAX), 0), None);
    assert_eq!(interleave.block_bytes(Bytes::new(usize::MAX)), None);
    assert_eq!(interleave.block_bytes(Bytes::new(12)), Some(Bytes::new(16 * 32)));
}

fn item(words: usize, location: Location) -> Item<'static> {
    Item {
        bytes: Bytes::new(4 * words),
        alignment: Word::Four,
        content: Word::Four,
        elements: Elements::new(words),
        location,
        persistent: false,
        target: None,
        held: &[],
    }
}

#[test]
fn an_alias_of_a_later_alias_finds_it_unplaced() {
    let items = [
        Item { target: Some(1), ..item(2, Location::Local) },
        Item { target: Some(2), ..item(2, Location::Local) },
        item(4, Location::Shared),
    ];
    let layout = place(&items, Word::Four).unwrap();
    assert_eq!(layout.entries()[0].alias, Some(AliasOutcome::Fallback(FallbackReason::TargetNotShared)));
    assert_eq!(layout.entries()[1].placement, Placement::Shared(range(0, 8)));
}

#[test]
fn a_circle_of_aliases_falls_back_all_round() {
    let items =
        [Item { target: Some(1), ..item(2, Location::Shared) }, Item { target: Some(0), ..item(2, Location::Shared) }];
    let layout = place(&items, Word::Four).unwrap();
    assert_eq!(layout.entries()[0].alias, Some(AliasOutcome::Fallback(FallbackReason::TargetNotShared)));
    assert_eq!(layout.entries()[1].placement, Placement::Shared(range(0, 8)), "the first has a place by then");
}

#[test]
fn a_target_that_does_not_exist_is_not_shared() {
    let layout = place(&[Item { target: Some(7), ..item(2, Location::Local) }], Word::Four).unwrap();
    assert_eq!(layout.entries()[0].alias, Some(AliasOutcome::Fallback(FallbackReason::TargetNotShared)));
}

#[test]
fn overflow_names_the_entry() {
    let huge = Item { bytes: Bytes::new(usize::MAX - 15), ..item(0, Location::Shared) };
    assert_eq!(place(&[item(4, Location::Shared), huge], Word::Four), Err(Overflow { entry: 1 }));
    let locals = [item(usize::MAX / 4, Location::Local); 5];
    assert_eq!(place(&locals, Word::Four), Err(Overflow { entry: 4 }));
}

#[test]
fn an_empty_alias_always_fits_and_empty_wide_entries_need_no_alignment_of_the_group() {
    let wide = Item { alignment: Word::Eight, ..item(0, Location::Shared) };
    let items = [
        item(1, Location::Shared),
        Item { target: Some(0), ..item(1, Location::Local) },
        Item { target: Some(0), ..item(0, Location::Local) },
        wide,
    ];
    let layout = place(&items, Word::Four).unwrap();
    assert_eq!(layout.entries()[2].placement, Placement::Shared(range(4, 4)));
    assert_eq!(layout.entries()[3].placement, Placement::Shared(range(8, 8)));
    assert_eq!(layout.shared_alignment(), Word::Four);
}

#[test]
fn reasons_read_as_sentences() {
    let full = FallbackReason::TargetFull { available: Bytes::new(8), needed: Bytes::new(12) };
    assert_eq!(AliasOutcome::Fallback(full).to_string(), "own storage: the target has 8 B left of the 12 B needed");
    let held = FallbackReason::TargetHoldsPersistent { held: range(4, 8) };
    assert_eq!(held.to_string(), "the next free place in the target holds a persistent buffer at bytes 4..8");
}
