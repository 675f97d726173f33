"""Chat templates of the tiny models: each behaves as those of its family's models do."""

CHATML = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)

# ChatML that begins with a system prompt of its own where the conversation has none.
QWEN2 = (
    "{% if messages[0].role != 'system' %}{{ '<|im_start|>system\nYou switch lights.<|im_end|>\n' }}{% endif %}" + CHATML
)

# Reasoning is a field of the message or stands in the content before </think>. Answers that a later question follows lose
# it; answers after the last question keep it, and the very last has an empty block where there is none.
QWEN3 = """\
{%- set asked = namespace(last=-1) -%}
{%- for message in messages -%}
  {%- if message.role == 'user' -%}{%- set asked.last = loop.index0 -%}{%- endif -%}
{%- endfor -%}
{%- for message in messages -%}
  {{- '<|im_start|>' + message.role + '\\n' -}}
  {%- if message.role == 'assistant' -%}
    {%- set reasoning = '' -%}
    {%- set answer = message.content -%}
    {%- if message.reasoning_content is string -%}
      {%- set reasoning = message.reasoning_content.strip() -%}
    {%- elif '</think>' in answer -%}
      {%- set parts = answer.split('</think>') -%}
      {%- set reasoning = parts[0].split('<think>')[-1].strip() -%}
      {%- set answer = parts[-1].lstrip() -%}
    {%- endif -%}
    {%- if loop.index0 > asked.last and (loop.last or reasoning) -%}
      {{- '<think>\\n' + reasoning + '\\n</think>\\n\\n' -}}
    {%- endif -%}
    {{- answer -}}
  {%- else -%}
    {{- message.content -}}
  {%- endif -%}
  {{- '<|im_end|>\\n' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}
  {{- '<|im_start|>assistant\\n' -}}
  {%- if enable_thinking is defined and not enable_thinking -%}{{- '<think>\\n\\n</think>\\n\\n' -}}{%- endif -%}
{%- endif -%}
"""

# Roles alternate, or the template refuses. The system text stands in front of the last question, wherever that is; there is
# no generation prompt: a question's end asks for the answer.
MISTRAL = """\
{%- if messages[0].role == 'system' -%}
  {%- set system = messages[0].content + '\\n\\n' -%}
  {%- set turns = messages[1:] -%}
{%- else -%}
  {%- set system = '' -%}
  {%- set turns = messages -%}
{%- endif -%}
{%- set asked = namespace(last=-1) -%}
{%- for message in turns -%}
  {%- if (message.role == 'user') != (loop.index0 % 2 == 0) -%}
    {{- raise_exception('After an optional system message, user and assistant must take turns.') -}}
  {%- endif -%}
  {%- if message.role == 'user' -%}{%- set asked.last = loop.index0 -%}{%- endif -%}
{%- endfor -%}
{{- bos_token -}}
{%- for message in turns -%}
  {%- if message.role == 'user' -%}
    {{- '[INST] ' + (system if loop.index0 == asked.last else '') + message.content + '[/INST]' -}}
  {%- elif message.role == 'assistant' -%}
    {{- ' ' + message.content + eos_token -}}
  {%- else -%}
    {{- raise_exception('Only user and assistant take turns.') -}}
  {%- endif -%}
{%- endfor -%}
"""

# Roles alternate, or the template refuses, and contents are trimmed; the assistant is called `model`.
GEMMA_TURNS = """\
{%- for message in turns -%}
  {%- if (message.role == 'user') != (loop.index0 % 2 == 0) -%}
    {{- raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') -}}
  {%- endif -%}
  {{- '<|im_start|>' + ('model' if message.role == 'assistant' else message.role) + '\\n' -}}
  {{- (system if loop.first else '') + message.content | trim + '<|im_end|>\\n' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- '<|im_start|>model\\n' -}}{%- endif -%}
"""

# No system role at all.
GEMMA2 = (
    """\
{{- bos_token -}}
{%- if messages[0].role == 'system' -%}{{- raise_exception('System role not supported') -}}{%- endif -%}
{%- set system = '' -%}
{%- set turns = messages -%}
"""
    + GEMMA_TURNS
)

# The system text is the beginning of the first question.
GEMMA3 = (
    """\
{{- bos_token -}}
{%- if messages[0].role == 'system' -%}
  {%- set system = messages[0].content + '\\n\\n' -%}
  {%- set turns = messages[1:] -%}
{%- else -%}
  {%- set system = '' -%}
  {%- set turns = messages -%}
{%- endif -%}
"""
    + GEMMA_TURNS
)

# The end of the text stands after the last message, where no answer is asked for.
PHI3 = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% else %}{{ eos_token }}{% endif %}"
)

# For families whose models have none: names before the texts, and an answer ends as the texts of a base model do.
PLAIN = (
    "{% for message in messages %}"
    "{{ message['role'] | capitalize + ': ' + message['content'] }}"
    "{{ eos_token if message['role'] == 'assistant' else '\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ 'Assistant: ' }}{% endif %}"
)

# Roles on lines of their own, and an answer ends as the texts of a base model do; after the last one there is no new line.
OLMOE = (
    "{{ bos_token }}"
    "{% for message in messages %}"
    "{{ '<|' + message['role'] + '|>\n' + message['content'] }}"
    "{% if message['role'] == 'assistant' %}{{ eos_token + ('' if loop.last else '\n') }}{% else %}{{ '\n' }}{% endif %}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% endif %}"
)
