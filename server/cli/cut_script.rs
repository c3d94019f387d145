//! The script that cuts media files with FFmpeg.

use crate::cli::output::printable::{is_harmful, printable};
use crate::ide::cut::Cut;
use crate::rules::secrets::masked;
use crate::schema::scalar::Duration;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The file to read for each piece, or the reason why there is none.
pub type Cuts = BTreeMap<Cut, Result<String, String>>;

/// What the script does before its list.
const HEAD: &str = r##"# Written by `tuning-ls cut-list`. Read it, then run it with `sh`. It needs FFmpeg. An argument names another folder for
# the clips.
#
# Clips are encoded again. Copied video (`-c copy`) could only begin at a keyframe, which may be seconds too early.
# `-ss` before `-i` jumps close to the start, and then decodes up to the exact frame. `-t` is the length of the clip.
# A clip that exists is kept: delete it to make it again. A clip gets its name when it is complete, so you can stop the
# script and run it again. If a clip can't be made, the script names it, goes on, and exits with 1 at the end.
"##;

/// How a clip is made.
const CLIP: &str = r##"mkdir -p -- "$folder"

failed=0
# FFmpeg handles Ctrl+C itself, so the script has to stop, too.
trap 'exit 130' INT

# clip NAME SOURCE START LENGTH; without LENGTH, up to the end.
clip() {
  if [ -e "$folder/$1" ]; then
    printf 'exists: %s\n' "$folder/$1"
    return
  fi
  printf 'making: %s\n' "$folder/$1"
  case $1 in
    *.3gp) codecs='-c:v libx264 -c:a aac' ;;
    # The default quality of these is low.
    *.avi | *.flv | *.mpeg | *.mpg | *.wmv) codecs='-q:v 3' ;;
    *) codecs= ;;
  esac
  rm -f -- "$folder/.part-$1"
  # $codecs is several arguments.
  if ffmpeg -nostdin -hide_banner -loglevel error -n -ss "$3" -i "$2" ${4:+-t "$4"} $codecs "file:$folder/.part-$1" &&
    mv -- "$folder/.part-$1" "$folder/$1"
  then
    return
  fi
  printf 'failed: %s\n' "$folder/$1" >&2
  failed=1
}

"##;

/// The script.
pub fn script(cuts: &Cuts, folder: &str) -> String {
    let mut script = format!("#!/bin/sh\n{HEAD}set -eu\nfolder={}\nfolder=${{1:-$folder}}\n{CLIP}", quote(folder));
    for (cut, source) in cuts {
        let length = cut.end.map(|end| end - cut.start);
        let end = cut.end.map_or_else(|| "the end".to_owned(), Duration::clock);
        let location = masked(&cut.location);
        let what = format!("{} from {} to {end}", printable(&location), cut.start.clock());
        // Writing to a string doesn't fail.
        let _ = match source {
            Ok(source) => writeln!(
                script,
                "clip {} {} {}{}",
                quote(&cut.name()),
                quote(source),
                cut.start,
                length.map_or_else(String::new, |length| format!(" {length}"))
            ),
            Err(reason) => writeln!(script, "# not cut: {what}: {}", printable(&masked(reason))),
        };
    }
    script.push_str("exit \"$failed\"\n");
    script
}

/// An argument for a POSIX shell, without harmful characters. It must not have a zero byte, or end with a line break.
fn quote(text: &str) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', r"'\''"));
    if !text.contains(is_harmful) {
        return quoted(text);
    }
    let mut format = String::new();
    for letter in text.chars() {
        match letter {
            '\\' => format.push_str(r"\\"),
            '%' => format.push_str("%%"),
            _ if is_harmful(letter) => {
                let mut bytes = [0; 4];
                letter.encode_utf8(&mut bytes).bytes().for_each(|byte| format.push_str(&format!(r"\{byte:03o}")));
            }
            _ => format.push(letter),
        }
    }
    format!("\"$(printf {})\"", quoted(&format))
}
