//! MP4 files in fragments. Their length is in the last fragment, and a list at the end of the file says where that is.
//!
//! Layout of the boxes: ISO/IEC 14496-12.

use mp4_atom::{Decode, Header, Mfra};

/// The length of a part that has the list, or the headers of a fragment.
pub(super) const PART: u64 = 64 << 10;

/// The start of a file in fragments, up to the end of the box with its tracks.
pub(super) fn start(head: &[u8]) -> Option<&[u8]> {
    let mut at = 0;
    loop {
        let rest = head.get(at..)?;
        let (kind, len) = first(rest)?;
        let end = at.checked_add(len).filter(|end| *end <= head.len())?;
        match &kind {
            b"moov" => {
                let is_in_fragments = memchr::memmem::find(&head[at..end], b"mvex").is_some();
                return is_in_fragments.then(|| &head[..end]);
            }
            b"ftyp" | b"styp" | b"free" | b"skip" | b"uuid" | b"pdin" => at = end,
            _ => return None,
        }
    }
}

/// Where the last fragment begins, from the last bytes of a file.
pub(super) fn last(tail: &[u8]) -> Option<u64> {
    let len = u32::from_be_bytes(*tail.last_chunk()?);
    let mut list = &tail[tail.len().checked_sub(usize::try_from(len).ok()?)?..];
    let list = Mfra::decode(&mut list).ok()?;
    list.tfra.iter().flat_map(|track| &track.entries).map(|entry| entry.moof_offset).max()
}

/// A short file: the start of a file, and the headers of its last fragment.
pub(super) fn joined(start: &[u8], fragment: &[u8]) -> Option<Vec<u8>> {
    let (kind, len) = first(fragment)?;
    let headers = fragment.get(..len).filter(|_| kind == *b"moof")?;
    Some([start, headers].concat())
}

/// The kind of the first box, and its length with its header.
fn first(bytes: &[u8]) -> Option<([u8; 4], usize)> {
    let mut rest = bytes;
    let header = Header::decode(&mut rest).ok()?;
    Some((*header.kind.as_ref(), header.size?.checked_add(bytes.len() - rest.len())?))
}
