"""Checks a JSON Lines file with the types of OpenAI's Python package: check_openai.py FILE.

The types are those of a request, because the package has none for a training file. They ignore unknown fields. The
script prints a line ``NUMBER<tab>MESSAGE`` for each line with a fault.
"""

import sys
from typing import List

from openai.types.chat import ChatCompletionFunctionToolParam, ChatCompletionMessageParam
from pydantic import TypeAdapter
from typing_extensions import Required, TypedDict


class Example(TypedDict, total=False):
    messages: Required[List[ChatCompletionMessageParam]]
    tools: List[ChatCompletionFunctionToolParam]


def read_calls(example):
    """Read all calls: pydantic validates the items of an iterable only while they are read."""
    for message in example["messages"]:
        list(message.get("tool_calls") or ())


def main():
    adapter = TypeAdapter(Example)
    with open(sys.argv[1], "rb") as file:
        for number, line in enumerate(file, 1):
            try:
                read_calls(adapter.validate_json(line))
            except ValueError as error:
                print("%d\t%s" % (number, " ".join(str(error).split())[:200]))


if __name__ == "__main__":
    main()
