"""Chat templates that behave as those of well-known models do where a conversation is not plain; no tiny model has them."""

# As Gemma 2's: no system prompt, and roles alternate. `{system}` is what is done with one.
_GEMMA = """\
{{%- {system} -%}}
{{{{- bos_token -}}}}
{{%- for message in turns -%}}
  {{%- if (message.role == 'user') != (loop.index0 % 2 == 0) -%}}
    {{{{- raise_exception('User and model must take turns.') -}}}}
  {{%- endif -%}}
  {{{{- '<start_of_turn>' + ('model' if message.role == 'assistant' else message.role) + '\\n' -}}}}
  {{{{- (prefix if loop.first else '') + message.content | trim + '<end_of_turn>\\n' -}}}}
{{%- endfor -%}}
{{%- if add_generation_prompt -%}}{{{{- '<start_of_turn>model\\n' -}}}}{{%- endif -%}}
"""
GEMMA = _GEMMA.format(
    system="if messages[0].role == 'system' -%}{{- raise_exception('There is no system role.') -}}{%- endif -%}"
    "{%- set turns = messages -%}{%- set prefix = ''"
)
# As Gemma 3's: the system prompt stands in front of the first question.
GEMMA3 = _GEMMA.format(
    system="if messages[0].role == 'system' -%}{%- set prefix = messages[0].content + '\\n\\n' -%}{%- set turns = messages[1:] -%}"
    "{%- else -%}{%- set prefix = '' -%}{%- set turns = messages -%}{%- endif"
)

# As Mistral Nemo's: the system prompt stands in front of a question that nothing follows, and nowhere once it is answered.
NEMO = """\
{%- set turns = messages[1:] if messages[0].role == 'system' else messages -%}
{{- bos_token -}}
{%- for message in turns -%}
  {%- if (message.role == 'user') != (loop.index0 % 2 == 0) -%}
    {{- raise_exception('User and assistant must take turns.') -}}
  {%- endif -%}
  {%- if message.role == 'user' -%}
    {%- set system = messages[0].content + '\\n\\n' if loop.last and messages[0].role == 'system' else '' -%}
    {{- '[INST]' + system + message.content + '[/INST]' -}}
  {%- else -%}
    {{- message.content | trim + eos_token -}}
  {%- endif -%}
{%- endfor -%}
"""

# As LLaMA 3.2's, with every format that the library of dates and Python's both have.
DATED = """\
{{- 'Today: ' + strftime_now('%d %b %Y') + '\\n' -}}
{{- strftime_now('%A %a %B %-d %e %y %m %j %H:%M:%S %I %p %U %W %u %w %x %X %c 100%%') + '\\n' -}}
{%- for message in messages -%}
  {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- '<|im_start|>assistant\\n' -}}{%- endif -%}
"""

# As Qwen3's: only line breaks are taken away round an answer, not the spaces that a list or a program begins with.
STRIPS = """\
{%- for message in messages -%}
  {%- set content = message.content.lstrip('\\n') if loop.last else message.content.strip('\\n ') -%}
  {{- '<|im_start|>' + message.role + '\\n' + content.rstrip('\\n') + '|' + (content ~ '\\n').strip() + '<|im_end|>\\n' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- '<|im_start|>assistant\\n' -}}{%- endif -%}
"""

KINDS = {"gemma": GEMMA, "gemma3": GEMMA3, "nemo": NEMO, "dated": DATED, "strips": STRIPS}
