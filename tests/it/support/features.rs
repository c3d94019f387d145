//! What the editors' users are promised, and the tests that guard it.

use std::fmt::Write;
use std::path::Path;

/// A group of promises: each with the tests that fail if it is broken.
type Group = (&'static str, &'static [(&'static str, &'static [&'static str])]);

const GROUPS: &[Group] = &[
    (
        "Protocol",
        &[
            (
                "an edit only rechecks the record that it touches",
                &[
                    "an_edit_costs_its_record_whatever_the_size_of_the_file",
                    "an_edit_looks_at_one_record_of_fifty_thousand",
                ],
            ),
            (
                "columns in UTF-8, UTF-16 and UTF-32",
                &["every_recorded_editor_gets_an_answer_and_columns_in_its_own_units"],
            ),
            (
                "pushed or pulled diagnostics, never both, and the same",
                &["a_client_that_pulls_gets_what_others_are_sent_and_nothing_is_pushed"],
            ),
            (
                "workspace diagnostics, in parts",
                &[
                    "all_files_of_the_workspace_are_pulled_and_those_that_are_gone_are_cleared",
                    "many_findings_of_the_workspace_come_in_parts",
                ],
            ),
            ("changed settings act at once", &["settings_act_at_once_and_a_wrong_one_is_said"]),
            (
                "changes on disk reach open files",
                &[
                    "a_client_that_watches_nothing_is_still_told_of_changes_on_disk",
                    "changes_on_disk_are_registered_for_and_reading_a_large_file_is_shown",
                ],
            ),
            ("files without a workspace", &["untitled_buffers_are_judged_and_views_of_old_versions_are_not"]),
            ("the server ends with its client", &["the_session_ends_when_the_clients_process_is_gone"]),
            ("no answer for an older text", &["an_outline_of_an_older_text_is_not_sent"]),
        ],
    ),
    (
        "Findings",
        &[
            (
                "each line is a document of its own",
                &["clean datasets and logs have no findings", "a_broken_line_still_completes"],
            ),
            ("every fault in a line is reported", &["three_faults_give_three_findings"]),
            ("code, page and related places", &["the_code_of_a_diagnostic_opens_its_page_from_disk"]),
            ("too many findings are capped", &["too_many_findings_are_capped_and_the_rest_is_said_first"]),
            ("a fault of every line is one finding", &["a_fault_of_every_line_is_one_finding_and_fixed_on_every_line"]),
            ("accepted findings stay hidden", &["accepted_findings_are_hidden_until_their_line_changes"]),
            (
                "a file that the editor does not send is checked from disk",
                &["a_file_that_the_editor_does_not_send_gets_the_same_diagnostics_from_disk"],
            ),
            (
                "the editor and the command line agree",
                &["the_editor_and_the_command_line_give_the_same_findings_at_the_same_places"],
            ),
        ],
    ),
    (
        "Datasets",
        &[
            ("the drop rate of a job", &["eleven_of_a_hundred_that_are_too_long_fail_the_job_before_any_upload"]),
            (
                "one shared value in all files",
                &["each_file_of_a_dataset_is_told_of_the_other_and_one_action_fixes_both"],
            ),
            ("leaks between files", &["a_leaked_clip_names_the_other_file_and_line"]),
            ("labels and lengths", &["few_short_targets_are_labels_and_prose_is_none"]),
            (
                "lengths, sizes and types from local copies or a manifest",
                &[
                    "the_server_reads_media_in_the_background_and_again_when_the_manifest_changes",
                    "the_hover_of_a_location_says_what_is_known_about_the_file",
                    "titles_and_hints_have_the_length_of_the_file",
                    "an_outlook_and_statistics_count_what_is_unknown",
                ],
            ),
        ],
    ),
    (
        "Reading and writing",
        &[
            (
                "completion of keys, values and whole examples",
                &[
                    "keys_are_offered_by_position",
                    "an_empty_line_becomes_a_whole_valid_example",
                    "three video examples are written from an empty file",
                    "a new dataset begins with an example of a kind",
                    "a new dataset is opened with an example of a kind",
                ],
            ),
            ("hover", &["every_key_and_value_says_what_it_is", "a_long_or_escaped_text_is_shown_decoded_and_inert"]),
            (
                "definition, references and highlights",
                &[
                    "all_examples_of_a_file_are_found_in_open_and_closed_files_of_both_formats",
                    "a_clip_of_the_validation_file_leads_to_overlapping_clips_of_the_training_file",
                    "a held-out clip leads to its training line",
                    "a_response_leads_to_its_call_and_a_call_to_its_declaration_as_a_link_or_a_location",
                ],
            ),
            (
                "renaming labels, locations and functions",
                &[
                    "a_label_is_renamed_in_open_and_closed_files_and_nothing_else_changes",
                    "what_cannot_be_renamed_and_names_that_cannot_be_are_refused",
                    "nothing_is_renamed_in_a_view_and_what_is_found_there_is_in_its_example",
                    "a_copy_of_a_media_file_is_renamed_in_the_lines_that_name_it",
                    "a label is renamed in two files",
                    "a label is renamed in two files, and a held-out clip leads to its training line",
                ],
            ),
            ("links to media", &["a_cloud_storage_object_opens_its_page_when_the_link_is_resolved"]),
            (
                "an outline with a name for each example",
                &[
                    "the_outline_has_an_example_per_line_with_its_parts",
                    "fifty_thousand_lines_are_listed_up_to_a_limit_that_is_named",
                ],
            ),
            (
                "search over all files",
                &["examples_are_found_in_open_documents_and_in_the_other_files_of_their_datasets"],
            ),
            (
                "folds and growing selections",
                &[
                    "neighboring_examples_of_a_file_and_records_over_several_lines_fold",
                    "a_selection_grows_from_a_text_to_its_line_and_never_beyond",
                ],
            ),
            ("semantic tokens", &["tokens_tell_values_apart_at_the_columns_of_each_encoding"]),
            (
                "inlay hints and a code lens",
                &[
                    "hints_are_at_the_start_of_the_requested_lines_and_say_what_hover_says",
                    "the_lens_has_the_figures_of_the_file_and_is_refreshed_when_settings_change_them",
                ],
            ),
            ("formatting of white space only", &["formatting_changes_white_space_only"]),
            (
                "one example as a document of its own",
                &[
                    "a_view_shows_how_its_example_relates_to_other_lines_until_it_is_edited",
                    "a line of 20 KB is read and edited in the view, saved and undone",
                    "a line of 20 KB is read and edited in a view, written and undone",
                    "editing_one_value_of_a_view_replaces_that_value_in_the_line_and_nothing_else",
                    "an_edited_view_is_written_into_its_line_and_nothing_else",
                    "an example is edited as a document of its own and written back",
                    "an example is edited in a buffer of its own and written back",
                ],
            ),
            (
                "copies, new examples and moves in the view",
                &[
                    "an_example_is_copied_below_itself_and_in_an_array_before_itself",
                    "the_brackets_of_an_array_are_no_examples",
                    "an example is duplicated and looked through in its view",
                    "an example is duplicated in its view and in the file",
                ],
            ),
            (
                "expanding an example in editors without a view",
                &["an_editor_without_a_view_expands_an_example_in_place_and_collapses_it"],
            ),
            (
                "pasting JSON, Python, tables, calls and YAML",
                &[
                    "pasted_text_becomes_lines_of_the_format_of_the_file",
                    "a_selected_table_is_replaced_by_its_examples",
                    "the cells of a spreadsheet are pasted as examples",
                    "a dict, cells of a spreadsheet and pretty JSON are pasted",
                    "a dict, cells of a spreadsheet and pretty JSON are pasted with keys",
                ],
            ),
            (
                "an example as a conversation, with its recording",
                &[
                    "an_example_is_shown_as_a_conversation_with_the_places_of_its_parts",
                    "a_player_sets_the_offsets_of_its_line_and_of_nothing_else",
                    "its video plays in the segment, again and again",
                    "an example is shown as a conversation",
                    "a recording is played in its segment",
                ],
            ),
            ("a long segment split into examples", &["a_segment_over_the_limit_can_be_split_in_its_place"]),
            (
                "a segment that starts at 0:00 after its file was cut",
                &[
                    "an_action_makes_the_segment_start_at_zero",
                    "an_action_that_cannot_be_done_says_why_if_the_client_can_show_it",
                ],
            ),
            ("progress and cancel", &["a_search_shows_its_progress_and_can_be_cancelled"]),
            (
                "quick fixes and \"fix all\"",
                &["actions_fix_a_finding_or_a_file_and_only_the_requested_kind", "fixes_keep_every_value"],
            ),
        ],
    ),
    (
        "Clients",
        &[
            (
                "the figures of the dataset in the status bar",
                &[
                    "a_file_with_too_many_dropped_examples_fails",
                    "an example is duplicated and looked through in its view",
                    "the status line has the figures of the dataset",
                ],
            ),
            ("VS Code", &["a broken dataset gets what the command line finds, at the same places"]),
            ("Neovim", &["a dataset is checked without any setup, as on the command line"]),
            ("big files in Neovim", &["a dataset with the type of a big file is still checked"]),
        ],
    ),
];

/// The promises as tables in Markdown.
pub fn tables() -> String {
    let mut out = String::new();
    for (title, rows) in GROUPS {
        let _ = write!(out, "## {title}\n\n| what works | tests |\n|---|---|\n");
        for (what, tests) in *rows {
            let tests: Vec<_> = tests.iter().map(|test| format!("`{test}`")).collect();
            let _ = writeln!(out, "| {what} | {} |", tests.join(", "));
        }
        out.push('\n');
    }
    out.trim_end().to_owned() + "\n"
}

/// The named tests that don't exist.
pub fn missing() -> Vec<&'static str> {
    let tests = GROUPS.iter().flat_map(|(_, rows)| rows.iter().flat_map(|(_, tests)| tests.iter().copied()));
    without_test(tests)
}

/// Those of the names that no test has.
pub fn without_test<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = ["tests/it", "editors/neovim/tests", "editors/vscode/tests", "server"];
    let mut text = String::new();
    let mut folders: Vec<_> = files.iter().map(|file| root.join(file)).collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| ["rs", "lua", "js", "mjs"].iter().any(|known| kind == *known))
            {
                text.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let is_there = |test: &str| {
        [format!("fn {test}()"), format!("test('{test}'"), format!("async '{test}'()")]
            .iter()
            .any(|name| text.contains(name))
    };
    names.filter(|test| !is_there(test)).collect()
}
