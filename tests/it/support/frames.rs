//! Examples with a gap: a page shows the fragment that matters, and the test puts it into a whole line.

/// A line of a dataset around a fragment.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// The word after `in=`.
    name: &'static str,
    /// The text before the fragment.
    pub before: &'static str,
    /// The text after it.
    pub after: &'static str,
}

/// The frame of this name.
pub fn frame(name: &str) -> Option<Frame> {
    FRAMES.into_iter().find(|frame| frame.name == name)
}

const FRAMES: [Frame; 13] = [
    // A part of the user's turn.
    Frame {
        name: "part",
        before: r#"{"contents":[{"role":"user","parts":["#,
        after: r#",{"text":"Describe the clip."}]},{"role":"model","parts":[{"text":"A goal."}]}]}"#,
    },
    // The value of `fileData`.
    Frame {
        name: "fileData",
        before: r#"{"contents":[{"role":"user","parts":[{"fileData":"#,
        after: r#"},{"text":"Describe the clip."}]},{"role":"model","parts":[{"text":"A goal."}]}]}"#,
    },
    // The value of `videoMetadata`, next to a video.
    Frame {
        name: "videoMetadata",
        before: r#"{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://clips/match-1.mp4","mimeType":"video/mp4"},"videoMetadata":"#,
        after: r#"},{"text":"Describe the clip."}]},{"role":"model","parts":[{"text":"A goal."}]}],"generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_LOW"}}"#,
    },
    // The user's turn.
    Frame { name: "turn", before: r#"{"contents":["#, after: r#",{"role":"model","parts":[{"text":"A goal."}]}]}"# },
    // The model's turn.
    Frame {
        name: "answer",
        before: r#"{"contents":[{"role":"user","parts":[{"text":"Describe the clip."}]},"#,
        after: "]}",
    },
    // The text of the answer, which is a JSON string.
    Frame {
        name: "answerText",
        before: r#"{"contents":[{"role":"user","parts":[{"text":"Describe the clip."}]},{"role":"model","parts":[{"text":"#,
        after: "}]}]}",
    },
    // All turns: the value of `contents`.
    Frame { name: "contents", before: r#"{"contents":"#, after: "}" },
    // Members of the line after `contents`.
    Frame {
        name: "line",
        before: r#"{"contents":[{"role":"user","parts":[{"text":"Describe the clip."}]},{"role":"model","parts":[{"text":"A goal."}]}],"#,
        after: "}",
    },
    // A tool of the line: an element of `tools`.
    Frame {
        name: "tool",
        before: r#"{"contents":[{"role":"user","parts":[{"text":"Describe the clip."}]},{"role":"model","parts":[{"text":"A goal."}]}],"tools":["#,
        after: "]}",
    },
    // The members of a preference line next to its prompt.
    Frame {
        name: "preference",
        before: r#"{"contents":[{"role":"user","parts":[{"text":"Describe the clip."}]}],"#,
        after: "}",
    },
    // All messages of an OpenAI chat line: the value of `messages`.
    Frame { name: "messages", before: r#"{"messages":"#, after: "}" },
    // A message of an OpenAI chat line, as its answer.
    Frame { name: "message", before: r#"{"messages":[{"role":"user","content":"Describe the clip."},"#, after: "]}" },
    // A call of the function `weather` in an OpenAI chat line.
    Frame {
        name: "toolCall",
        before: r#"{"messages":[{"role":"user","content":"Weather in Bern?"},{"role":"assistant","tool_calls":["#,
        after: r#"]}],"tools":[{"type":"function","function":{"name":"weather"}}]}"#,
    },
];
