"""Checks a JSON Lines file as the notebook in OpenAI's cookbook does: check_cookbook.py FILE.

The notebook is "Data preparation and analysis for chat model fine-tuning",
https://github.com/openai/openai-cookbook/blob/main/examples/Chat_finetuning_data_prep.ipynb. It is code to copy, not a
package, so this script makes the same checks in its own words: those of the notebook's section on the format, which
count the errors of each name. It leaves out the statistics and the token counts.

The notebook stops at the first line that it can't parse, and its counts are for the whole file. This script goes on, and
prints a line ``NUMBER<tab>NAME COUNT, ...`` for each line with a fault.
"""

import collections
import json
import sys

ROLES = {"system", "user", "assistant", "function"}
KEYS = {"role", "content", "name", "function_call", "weight"}


def errors(example):
    """The names of the notebook's errors in an example; a name can occur several times."""
    if not isinstance(example, dict):
        yield "data_type"
    elif not example.get("messages"):
        yield "missing_messages_list"
    else:
        messages = example["messages"]
        for message in messages:
            yield from errors_of_message(message)
        if "assistant" not in [message.get("role") for message in messages]:
            yield "example_missing_assistant_message"


def errors_of_message(message):
    keys = set(message)
    if not keys >= {"role", "content"}:
        yield "message_missing_key"
    if keys - KEYS:
        yield "message_unrecognized_key"
    if message.get("role") not in ROLES:
        yield "unrecognized_role"
    content = message.get("content")
    is_empty = not content and not message.get("function_call")
    if is_empty or not isinstance(content, str):
        yield "missing_content"


def main():
    with open(sys.argv[1], "rb") as file:
        for number, line in enumerate(file, 1):
            try:
                counts = collections.Counter(errors(json.loads(line.decode("utf-8"))))
                message = ", ".join("%s %d" % pair for pair in sorted(counts.items()))
            except ValueError as error:  # not JSON, or not UTF-8
                message = " ".join(str(error).split())
            if message:
                print("%d\t%s" % (number, message))


if __name__ == "__main__":
    main()
