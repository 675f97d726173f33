"""A byte-level BPE tokenizer of 288 tokens, in the shape of SmolLM2's."""

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from tiny_models import VOCAB

SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
TEXT = [
    "turn on the light in the kitchen",
    "set the bedroom light to 40 percent",
    '{"action":"light.on","room":"kitchen"}',
    '{"action":"light.set","room":"bedroom","brightness":40}',
]

def build_tokenizer(chat_template: str) -> PreTrainedTokenizerFast:
    """Bytes, three special tokens (ids 0, 1, 2) and the merges that the sentences above suggest."""
    tokenizer = Tokenizer(models.BPE())
    digits = pre_tokenizers.Split(Regex(r"\p{N}"), "isolated")
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([digits, byte_level])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCAB, special_tokens=SPECIAL, show_progress=False,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
    )
    tokenizer.train_from_iterator(TEXT, trainer)
    assert tokenizer.get_vocab_size() == VOCAB
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<|im_start|>", eos_token="<|im_end|>",
        pad_token="<|im_end|>", unk_token="<|endoftext|>", chat_template=chat_template,
        clean_up_tokenization_spaces=False,
    )
