"""OpenAI chat examples for gen.py (``--format openai``), and their faults.

Each line is one supervised fine-tuning example: ``messages`` with texts only, and in some lines ``tools``, a call and
its result. The faults are mistakes that the service is known to reject, or that teach something unwanted.
"""

import json
import random

from texts import LANGUAGES, Lines, editing, encode_inner, json_faults, weighted

SYSTEM_TEXTS = (
    "You are a helpful assistant. Answer in the language of the question.",
    "You are a support agent of a web shop.\nBe brief, and never promise a refund.",
    'Classify the message. Answer with JSON: {"topic": "...", "urgent": true|false}',
)
CITIES = ("Accra", "Bern", "Cusco", "Dakar", "Espoo", "Fukuoka", "Graz", "Hanoi")


def _tool(name, description, **parameters):
    """A tool whose parameters have these types."""
    schema = {"type": "object", "properties": {key: {"type": kind} for key, kind in parameters.items()},
              "required": list(parameters)}
    function = {"name": name, "description": description, "parameters": schema}
    return json.dumps([{"type": "function", "function": function}], separators=(",", ":"))


# The tools of a line, the name of the one to call, its arguments, and its result.
TOOLS = (
    (_tool("weather", "The weather of a day", city="string", day="integer"), "weather",
     lambda rng: {"city": rng.choice(CITIES), "day": rng.randrange(7)},
     lambda rng: {"celsius": rng.randint(-10, 35), "rain": rng.random() < 0.4}),
    (_tool("find_order", "Finds an order by its number", number="string"), "find_order",
     lambda rng: {"number": "A-%06d" % rng.randrange(1_000_000)},
     lambda rng: {"status": rng.choice(("open", "sent", "returned")), "items": rng.randint(1, 9)}),
)


class ChatLines(Lines):
    OVERHEAD = 550.0

    def __init__(self, seed, avg_bytes):
        super().__init__(seed, avg_bytes)
        self.systems = [encode_inner(text) for text in SYSTEM_TEXTS]

    def call(self):
        """A call of a tool and its result, as two messages; and the tools of the line."""
        rng = self.rng
        tools, name, arguments, result = rng.choice(TOOLS)
        identifier = "call_%08d" % rng.randrange(100_000_000)
        content = rng.choice(("", '"content":null,'))
        return ('{"role":"assistant",%s"tool_calls":[{"id":"%s","type":"function","function":{"name":"%s","arguments":"%s"}}]},'
                '{"role":"tool","tool_call_id":"%s","content":"%s"}') % (
            content, identifier, name, encode_inner(json.dumps(arguments(rng))),
            identifier, encode_inner(json.dumps(result(rng)))), tools

    def line(self):
        rng = self.rng
        pool = self.pools[weighted(rng, LANGUAGES)]
        budget = self.budget()
        messages, tools, weight = [], None, ""
        if rng.random() < 0.5:
            messages.append('{"role":"system","content":"%s"}' % rng.choice(self.systems))
        # The number keeps two lines from having different answers to the same question.
        messages.append('{"role":"user","content":"Case %d: %s"}' % (self.lines_made + 1, self.prose(pool, 40 + budget * 0.4)))
        if rng.random() < 0.4:
            called, tools = self.call()
            messages.append(called)
        two_turns = rng.random() < 0.4
        if two_turns and rng.random() < 0.3:
            weight = ',"weight":%d'
        messages.append('{"role":"assistant","content":"%s"%s}' % (self.prose(pool, 60 + budget * 0.5), weight and weight % 0))
        if two_turns:
            messages.append('{"role":"user","content":"%s"}' % self.prose(pool, 40 + budget * 0.1))
            messages.append('{"role":"assistant","content":"%s"%s}' % (
                self.prose(pool, 60 + budget * 0.2), weight and weight % 1))
        return self.made('{"messages":[%s]%s}' % (",".join(messages), ',"tools":' + tools if tools else ""))

    def long_line(self, size):
        """An example of about ``size`` bytes: a conversation of many turns."""
        pool, turns, used = self.pools["en"], [], 0
        self.rng, rng = random.Random("long/%d" % size), self.rng  # so that the other lines stay the same
        while used < size:
            for role in ("user", "assistant"):
                turns.append('{"role":"%s","content":"%s"}' % (role, self.prose(pool, 900)))
                used += len(turns[-1]) + 1
        self.rng = rng
        return '{"messages":[%s]}' % ",".join(turns)


# --------------------------------------------------------------------------
# Faults
# --------------------------------------------------------------------------


def _messages(value, role):
    return [message for message in value["messages"] if message["role"] == role]


def _in(role, **fields):
    """A fault that sets fields of the first message with this role."""
    return editing(lambda value, _rng: _messages(value, role)[0].update(fields))


def _without(role, field):
    """A fault that removes a field of the first message with this role."""
    return editing(lambda value, _rng: _messages(value, role)[0].pop(field))


def _in_answer(field, *values):
    """A fault that sets a field of the last answer to one of the values."""
    return editing(lambda value, rng: _messages(value, "assistant")[-1].update({field: rng.choice(values)}))


def _of_call(change):
    """A fault that edits the call of a line."""
    return editing(lambda value, _rng: [change(message["tool_calls"][0], value)
                                        for message in value["messages"] if "tool_calls" in message])


def _ends_with_user(value, _rng):
    value["messages"].append({"role": "user", "content": "And then?"})


def _no_answer(value, _rng):
    value["messages"] = _messages(value, "system") + _messages(value, "user")[:1]
    value.pop("tools", None)


def _control_token(value, rng):
    message = _messages(value, rng.choice(("user", "assistant")))[-1]
    message["content"] += rng.choice(("<|im_end|>", "<|endoftext|>", "<|fim_suffix|>"))


def _no_call(value, _rng):
    value["messages"] = [message for message in value["messages"] if "tool_calls" not in message]


def _no_result(value, _rng):
    value["messages"] = [message for message in value["messages"] if message["role"] != "tool"]


# The faults of calls only fit lines with a call.
CALL_FAULTS = {
    "arguments-object": _of_call(lambda call, _v: call["function"].update(arguments=json.loads(call["function"]["arguments"]))),
    "arguments-not-json": _of_call(lambda call, _v: call["function"].update(arguments=call["function"]["arguments"][:-1])),
    "result-without-call": editing(_no_call),
    "no-tool-call-id": _without("tool", "tool_call_id"),
    "call-without-result": editing(_no_result),
    "result-as-list": editing(lambda v, _r: [
        message.update(content=[{"type": "text", "text": message["content"]}]) for message in _messages(v, "tool")]),
}
FAULTS = {
    # JSON syntax
    **json_faults('"content":"', '"role":"assistant"', lambda _rng, line: line[:-1] + ",}"),
    # Shape
    "no-messages": editing(lambda v, _r: v.pop("messages")),
    "empty-messages": editing(lambda v, _r: v.update(messages=[])),
    "no-role": _without("user", "role"),
    "bad-role": editing(lambda v, r: _messages(v, "assistant")[-1].update(role=r.choice(("bot", "gpt", "Assistant")))),
    "no-content": _without("user", "content"),
    "content-not-string": _in("user", content=42),
    "unknown-field": _in("user", timestamp=1700000000),
    "extra-key": editing(lambda v, _r: v.update(source="export")),
    "weight-of-line": editing(lambda v, _r: v.update(weight=1)),
    "weight-of-user": _in("user", weight=0),
    "bad-weight": _in_answer("weight", 0.5, True, 2, "1"),
    # Meaning (valid JSON and valid shape; wrong for tuning)
    "no-answer": editing(_no_answer),
    "ends-with-user": editing(_ends_with_user),
    "empty-answer": _in_answer("content", "", " ", "\n"),
    "control-token": editing(_control_token),
    **CALL_FAULTS,
}


def fits(name, line):
    """Whether a line can have the fault."""
    return name not in CALL_FAULTS or '"tool_calls"' in line
