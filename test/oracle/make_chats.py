"""Writes test/fixtures/expected/chats: conversations as transformers renders them with the chat template of each family and kind."""

from datetime import datetime
from unittest.mock import patch

from jinja2.exceptions import TemplateError

from families import FAMILIES
from provenance import FIXTURES, write_json, write_provenance
from template_kinds import KINDS
from tiny_tokenizer import build_tokenizer


def turn(role: str, content: str, **more: str) -> dict:
    return {"role": role, "content": content, **more}


SYSTEM = turn("system", "Answer in JSON.")
FIRST, FIRST_ANSWER = turn("user", "Kitchen light on"), turn("assistant", '{"on":true}')
SECOND, SECOND_ANSWER = turn("user", "Now off"), turn("assistant", '{"on":false}')
THOUGHT = turn("assistant", "<think>\nIt is on.\n</think>\n\n" + SECOND_ANSWER["content"])
THOUGHT_FIRST = turn("assistant", "<think>\nIt is off.\n</think>\n\n" + FIRST_ANSWER["content"])
THOUGHT_APART = turn("assistant", SECOND_ANSWER["content"], reasoning_content="It is on.")

CONVERSATIONS = {
    "one exchange": [FIRST, FIRST_ANSWER],
    "two exchanges": [FIRST, FIRST_ANSWER, SECOND, SECOND_ANSWER],
    "a system text and two exchanges": [SYSTEM, FIRST, FIRST_ANSWER, SECOND, SECOND_ANSWER],
    "reasoning in both answers": [FIRST, THOUGHT_FIRST, SECOND, THOUGHT],
    "reasoning as a field": [FIRST, FIRST_ANSWER, SECOND, THOUGHT_APART],
    "white space around": [turn("user", " on \n"), turn("assistant", "\n yes \n")],
    "a question": [FIRST],
    "a system text and a second question": [SYSTEM, FIRST, FIRST_ANSWER, SECOND],
    "two questions in a row": [FIRST, SECOND],
    "two answers in a row": [FIRST, FIRST_ANSWER, SECOND_ANSWER],
    "an answer first": [FIRST_ANSWER, SECOND],
}
# Questions are rendered with the beginning of an answer, too, and with one that leaves reasoning out.
FOR_ANSWERS = [{"add_generation_prompt": True}, {"add_generation_prompt": True, "enable_thinking": False}]


# A leap day and the first of a year: days of one and two digits, in week 0 and later.
DATES = ["2024-02-29", "2027-01-01"]


def cases_of(template: str) -> list[dict]:
    tokenizer = build_tokenizer(template)
    return [
        {"name": name, "messages": messages, "options": options, **rendered(tokenizer, messages, options)}
        for name, messages in CONVERSATIONS.items()
        for options in [{}, *(FOR_ANSWERS if messages[-1]["role"] == "user" else [])]
    ]


def rendered(tokenizer, messages: list[dict], options: dict) -> dict:
    """The text, or what the template says against the conversation."""
    try:
        return {"text": tokenizer.apply_chat_template(messages, tokenize=False, **options)}
    except TemplateError as error:
        return {"error": str(error)}


def main() -> None:
    folder = FIXTURES / "expected" / "chats"
    for model_type, family in FAMILIES.items():
        write_json(folder / f"{model_type}.json", {"cases": cases_of(family.chat_template)})
    for kind, template in KINDS.items():
        days = {}
        for day in DATES if kind == "dated" else DATES[:1]:
            with patch("transformers.utils.chat_template_utils.datetime") as clock:
                clock.now.return_value = datetime.fromisoformat(day)
                days[day] = cases_of(template)
        write_json(folder / f"kind-{kind}.json", {"template": template, "days": days})
    write_provenance(folder, "Conversations rendered by transformers with the chat template of each family's tiny models and of each kind, or its error.", 0)


if __name__ == "__main__":
    main()
