"""Tiny models that classify: encoders and a decoder with a head, seeded random weights, and tokenizers of their families' kinds."""

import string
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import AutoConfig, AutoModelForSequenceClassification, PreTrainedModel, PreTrainedTokenizerFast

from families import FAMILIES
from tiny_models import THETA, VOCAB, draw
from tiny_tokenizer import TEXT, build_tokenizer

WORDS = ["turn", "on", "off", "the", "light", "in", "kitchen", "is", "set", "to", "##room", "##er", "##ing"]


def wordpiece(types: bool) -> PreTrainedTokenizerFast:
    """Of BERT's kind: lower case, characters and a few words, a pair in two token types, which DistilBERT has none of."""
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    letters = string.ascii_lowercase + string.digits
    pieces = [*special, *letters, *".,?!", *(f"##{letter}" for letter in letters), *WORDS]
    tokenizer = Tokenizer(models.WordPiece({piece: i for i, piece in enumerate(pieces)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.post_processor = processors.TemplateProcessing(
        "[CLS]:0 $A:0 [SEP]:0", "[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1", [("[CLS]", 2), ("[SEP]", 3)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]",
        mask_token="[MASK]", model_input_names=["input_ids", *(["token_type_ids"] if types else []), "attention_mask"],
    )


def roberta_bpe() -> PreTrainedTokenizerFast:
    """Of RoBERTa's kind: byte-level BPE, two separators in the middle of a pair."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCAB, special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"], show_progress=False,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
    )
    tokenizer.train_from_iterator(TEXT, trainer)
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=False)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", pad_token="<pad>", unk_token="<unk>",
        cls_token="<s>", sep_token="</s>", mask_token="<mask>", model_input_names=["input_ids", "attention_mask"],
    )


def plain_bpe() -> PreTrainedTokenizerFast:
    """The decoders' of the other fixtures: it adds nothing, and a pair is one text after the other."""
    return build_tokenizer(FAMILIES["qwen3"].chat_template)


@dataclass(frozen=True)
class Classifier:
    """A model, what it tells apart, and the modules that its adapter is on."""

    seed: int
    model_type: str
    tokenizer: Callable[[], PreTrainedTokenizerFast]
    options: dict
    problem: str
    targets: tuple[str, ...]
    # Of the head, beside `classifier` and `score`, which PEFT saves whole by itself.
    head: tuple[str, ...] = ()


# No dropout, which would be active in training.
BERT = dict(
    hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, max_position_embeddings=64,
    hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
)
# Rows for positions 0 and 1 are never looked up: those of tokens begin after the id of the padding, which is 1.
ROBERTA = {**BERT, "max_position_embeddings": 66, "type_vocab_size": 1, "layer_norm_eps": 1e-5, "pad_token_id": 1}
DISTILBERT = dict(
    dim=32, hidden_dim=48, n_layers=2, n_heads=4, max_position_embeddings=64, dropout=0.0, attention_dropout=0.0,
    seq_classif_dropout=0.0,
)
QWEN3 = dict(
    hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, head_dim=16,
    max_position_embeddings=512, tie_word_embeddings=True, rope_parameters=THETA, bos_token_id=1, eos_token_id=2,
    pad_token_id=2,
)
# `dense` is four modules: of the attention's output, of both halves of the MLP, and of BERT's pooler; not of a head.
DENSE = ("query", "key", "value", "dense")
SINGLE, MULTI, REGRESSION = "single_label_classification", "multi_label_classification", "regression"
CLASSIFIERS: dict[str, Classifier] = {
    "tiny-bert": Classifier(301, "bert", partial(wordpiece, types=True), BERT, SINGLE, DENSE),
    "tiny-bert-multi-label": Classifier(302, "bert", partial(wordpiece, types=True), BERT, MULTI, ("query", "value")),
    "tiny-bert-regression": Classifier(303, "bert", partial(wordpiece, types=True), BERT, REGRESSION, ("query", "value")),
    "tiny-roberta": Classifier(304, "roberta", roberta_bpe, ROBERTA, SINGLE, DENSE),
    "tiny-distilbert": Classifier(
        305, "distilbert", partial(wordpiece, types=False), DISTILBERT, SINGLE,
        ("q_lin", "k_lin", "v_lin", "out_lin", "lin1", "lin2"), head=("pre_classifier",),
    ),
    "tiny-qwen3-score": Classifier(306, "qwen3", plain_bpe, QWEN3, SINGLE, FAMILIES["qwen3"].linear),
}


def labels_of(name: str) -> tuple[str, ...]:
    """What the model tells apart, or the one number that it gives."""
    return ("brightness",) if CLASSIFIERS[name].problem == REGRESSION else ("off", "on", "unclear")


def build_classifier(name: str) -> PreTrainedModel:
    """The model called `name` in float32, its head included, all its weights drawn from its own seed."""
    classifier, labels = CLASSIFIERS[name], labels_of(name)
    config = AutoConfig.for_model(
        classifier.model_type, vocab_size=len(classifier.tokenizer()), problem_type=classifier.problem,
        id2label=dict(enumerate(labels)), label2id={label: i for i, label in enumerate(labels)}, **classifier.options,
    )
    return draw(config, classifier.seed, AutoModelForSequenceClassification)
