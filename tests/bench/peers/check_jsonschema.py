"""Checks a JSON Lines file with Python's jsonschema: check_jsonschema.py SCHEMA FILE.

It prints a line ``NUMBER<tab>MESSAGE`` for each line with a fault.
"""

import json
import sys

from jsonschema import validators


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    validator = validators.validator_for(schema)(schema)
    with open(sys.argv[2], "rb") as file:
        for number, line in enumerate(file, 1):
            try:
                error = next(validator.iter_errors(json.loads(line)), None)
                message = error and error.message
            except ValueError as error:  # not JSON, or not UTF-8
                message = str(error)
            if message is not None:
                print("%d\t%s" % (number, " ".join(message.split())[:200]))


if __name__ == "__main__":
    main()
