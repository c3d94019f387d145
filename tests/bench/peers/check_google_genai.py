"""Checks a JSON Lines file with the types of google-genai: check_google_genai.py FILE.

It prints a line ``NUMBER<tab>MESSAGE`` for each line with a fault. A line is held to a model that is put together of
the library's own types, as one would write it: they know the fields and refuse others. What the library itself only
warns of, such as a value that an enum does not have, counts as a fault too.
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
