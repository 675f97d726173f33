/** Chat templates that behave as those of well-known models do, over the tokens of the tiny tokenizer. */

/** As Qwen3's: earlier answers lose their thoughts, the last one gets a block for them, empty where there are none. */
export const dropsThoughts = `
{%- set ns = namespace(last=-1) %}
{%- for m in messages %}{%- if m.role == 'user' %}{%- set ns.last = loop.index0 %}{%- endif %}{%- endfor %}
{%- for m in messages %}
{{- '<|im_start|>' + m.role + '\n' }}
{%- if m.role == 'assistant' %}
  {%- set thought = m.reasoning_content | default('') %}
  {%- set answer = m.content %}
  {%- if '</think>' in answer %}
    {%- set thought = (answer.split('</think>')[0]).split('<think>')[-1] | trim %}
    {%- set answer = answer.split('</think>')[-1] | trim %}
  {%- endif %}
  {%- if loop.index0 > ns.last %}{{- '<think>\n' + thought + '\n</think>\n\n' }}{%- endif %}
  {{- answer }}
{%- else %}{{- m.content }}
{%- endif %}
{{- '<|im_end|>\n' }}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\n' }}{%- endif %}`;

/** As Mistral Nemo's: the system prompt stands in the last turn of the user. */
export const movesSystem = `
{%- set ns = namespace(system='', last=-1) %}
{%- for m in messages %}
  {%- if m.role == 'system' %}{%- set ns.system = m.content + '\n\n' %}{%- endif %}
  {%- if m.role == 'user' %}{%- set ns.last = loop.index0 %}{%- endif %}
{%- endfor %}
{%- for m in messages %}
  {%- if m.role == 'user' %}{{- '[INST]' + (ns.system if loop.index0 == ns.last else '') + m.content + '[/INST]' }}{%- endif %}
  {%- if m.role == 'assistant' %}{{- (m.content | trim) + eos_token }}{%- endif %}
{%- endfor %}`;

/** As those of R1 distills: the prompt opens a thought, and stored answers are written without theirs. */
export const opensThought = `
{%- for m in messages %}
  {%- if m.role == 'user' %}{{- '<|im_start|>user\n' + m.content + '<|im_end|>\n' }}{%- endif %}
  {%- if m.role == 'assistant' %}{{- '<|im_start|>assistant\n' + m.content.split('</think>')[-1] + '<|im_end|>\n' }}{%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\n<think>\n' }}{%- endif %}`;

/** Writes tools and the names of speakers. */
export const writesTools = `
{%- if tools %}{{- '<|im_start|>system\n' + (tools | tojson) + '<|im_end|>\n' }}{%- endif %}
{%- for m in messages %}{{- '<|im_start|>' + m.role + (' ' + m.name if m.name else '') + '\n' + m.content + '<|im_end|>\n' }}{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\n' }}{%- endif %}`;
