//! Where the records with a meaning are.

use crate::analysis::store::block::Block;
use crate::analysis::store::meanings::RecordId;

/// Finds the block of a record, and the block's position. An edit updates only the blocks after it.
#[derive(Debug, Default)]
pub struct Places {
    /// The block id of each record.
    block_ids: Vec<u32>,
    /// The position of each block, by its id.
    positions: Vec<u32>,
    free_ids: Vec<u32>,
}

impl Places {
    /// The position of a record's block, and of its entry in the block.
    pub fn of(&self, record: RecordId, blocks: &[Block]) -> (usize, usize) {
        let position = self.positions[self.block_ids[record as usize] as usize] as usize;
        let at = blocks[position].entries.iter().position(|entry| entry.record == record);
        (position, at.unwrap_or(0))
    }

    /// Puts a record into a block.
    pub fn set(&mut self, record: RecordId, block: &Block) {
        let bound = self.block_ids.len().max(record as usize + 1);
        self.block_ids.resize(bound, 0);
        self.block_ids[record as usize] = block.id;
    }

    /// Sets the positions of the blocks from `first` on, and gives an id to each new one.
    /// O(these blocks + entries of new blocks).
    pub fn update(&mut self, blocks: &mut [Block], first: usize) {
        for (position, block) in blocks.iter_mut().enumerate().skip(first) {
            if block.id == 0 {
                block.id = self.free_ids.pop().unwrap_or_else(|| {
                    // The id 0 means no id.
                    self.positions.resize(self.positions.len().max(1) + 1, 0);
                    u32::try_from(self.positions.len() - 1).unwrap_or(0)
                });
                for entry in block.entries.iter().filter(|entry| entry.record != 0) {
                    self.block_ids[entry.record as usize] = block.id;
                }
            }
            self.positions[block.id as usize] = u32::try_from(position).unwrap_or(u32::MAX);
        }
    }

    /// Makes the id of a removed block available to others.
    pub fn free(&mut self, block: &Block) {
        self.free_ids.push(block.id);
    }
}
