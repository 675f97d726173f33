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

/** As Gemma's: roles alternate, and there is none for a system prompt. */
export const refusesSystem = `
{%- for m in messages %}
  {%- if (m.role == 'user') != (loop.index0 % 2 == 0) %}{{- raise_exception('Roles must alternate') }}{%- endif %}
  {{- '<|im_start|>' + ('model' if m.role == 'assistant' else m.role) + '\n' + (m.content | trim) + '<|im_end|>\n' }}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>model\n' }}{%- endif %}`;

/** As Mistral Nemo's: the system prompt stands in a question that nothing follows, and nowhere once that is answered. */
export const hidesSystem = `
{%- set turns = messages[1:] if messages[0].role == 'system' else messages %}
{%- for m in turns %}
  {%- if m.role == 'user' %}
    {{- '[INST]' + (messages[0].content + '\n\n' if loop.last and messages[0].role == 'system' else '') + m.content + '[/INST]' }}
  {%- else %}{{- (m.content | trim) + eos_token }}
  {%- endif %}
{%- endfor %}`;

/** As Qwen3's: the prompt holds an empty thought where none is wanted, and answers are stored with theirs. */
export const asksForThought = `${dropsThoughts}
{%- if add_generation_prompt and enable_thinking is defined and not enable_thinking %}{{- '<think>\n\n</think>\n\n' }}{%- endif %}`;

/** As RWKV's: the prompt holds an empty thought where none is wanted, and answers are stored without. */
export const closesThought = `
{%- for m in messages %}{{- m.role + ': ' + m.content + '<|im_end|>' }}{%- endfor %}
{%- if add_generation_prompt %}
  {{- 'assistant:' }}{%- if enable_thinking is defined %}{{- ' <think>' + ('' if enable_thinking else '\n</think>') }}{%- endif %}
{%- endif %}`;

/** As that of Command R7B: an answer is closed by a token of its own before its turn ends. */
export const closesAnswers = `
{%- for m in messages %}
  {{- '<|im_start|>' + m.role + '\n' }}
  {%- if m.role == 'assistant' %}{{- m.content + '<|endoftext|>' }}{%- else %}{{- m.content }}{%- endif %}
  {{- '<|im_end|>' }}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\n' }}{%- endif %}`;

/** As GPT-OSS's: the thought is a field of another name, and another token ends the last turn. */
export const otherField = `
{%- for m in messages %}
  {{- '<|im_start|>' + m.role }}
  {%- if m.role == 'assistant' and m.thinking and loop.last %}{{- ' thinks\n' + m.thinking + '\n' }}{%- endif %}
  {{- '\n' + m.content + ('<|im_end|>' if loop.last and m.role == 'assistant' else '<|endoftext|>') }}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant' }}{%- endif %}`;

/** As those with a name of "tool_use": goes through the tools whether or not there are any. */
export const needsTools = `
{%- for tool in tools %}{{- tool.function.name + '\n' }}{%- endfor %}
{%- for m in messages %}{{- '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>\n' }}{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\n' }}{%- endif %}`;

/** As those that refuse nothing and join what one speaker says in a row. */
export const mergesNeighbours = `
{%- for m in messages %}
  {%- if loop.first or messages[loop.index0 - 1].role != m.role %}{{- '<|im_start|>' + m.role + '\n' }}{%- else %}{{- '\n' }}{%- endif %}
  {{- m.content }}
  {%- if loop.last or messages[loop.index0 + 1].role != m.role %}{{- '<|im_end|>\n' }}{%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\n' }}{%- endif %}`;

/** As DeepSeek's: calls are written where there is no content, with their arguments as text. */
export const callsForNull = `
{%- for m in messages %}
  {{- '<|im_start|>' + m.role + '\n' }}
  {%- if m.role == 'assistant' and m.content is none %}
    {%- for call in m.tool_calls %}{{- '<call>' + call.function.name + '\n' + call.function.arguments + '</call>' }}{%- endfor %}
  {%- else %}{{- m.content }}
  {%- endif %}
  {{- '<|im_end|>\n' }}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\n' }}{%- endif %}`;

/** Writes the last three messages alone. */
export const forgetsBeginning = `
{%- for m in messages[-3:] %}{{- '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>\n' }}{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\n' }}{%- endif %}`;
