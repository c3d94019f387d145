"""Checks a JSON Lines file with the types of google-genai: check_google_genai.py FILE.

It prints a line ``NUMBER<tab>MESSAGE`` for each line with a fault. Each line is validated with a model of the library's
own types, which reject unknown fields. Warnings of the library, such as an unknown value of an enum, count as faults,
too.
"""

import sys
import warnings
from typing import Optional

from google.genai import types
from pydantic import BaseModel, ConfigDict, alias_generators


class Example(BaseModel):
    model_config = ConfigDict(extra="forbid", alias_generator=alias_generators.to_camel, populate_by_name=True)

    contents: list[types.Content]
    system_instruction: Optional[types.Content] = None
    generation_config: Optional[types.GenerationConfig] = None


def main():
    warnings.simplefilter("error")
    with open(sys.argv[1], "rb") as file:
        for number, line in enumerate(file, 1):
            try:
                Example.model_validate_json(line)
            except Exception as error:  # a validation error, or a warning
                print("%d\t%s" % (number, " ".join(str(error).split())[:200]))


if __name__ == "__main__":
    main()
