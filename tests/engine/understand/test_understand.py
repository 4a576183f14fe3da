"""What people type is understood: symptoms, facts, negations, numbers; and nothing is believed that was not said."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lossclinic.engine.understand import Heard, understand
from lossclinic.kb import load

KB = load()

def hear(text: str) -> Heard:
    """What the product hears in `text`."""
    return understand(text, KB)


@pytest.mark.parametrize(
    ("text", "fact", "value"),
    [
        ("没开梯度裁剪", "grad_clipping", False),
        ("没有梯度裁剪", "grad_clipping", False),
        ("I clip gradients at 1.0", "grad_clipping", True),
        ("lowering lr didn't help", "lower_lr_helps", False),
        ("调小学习率也没用", "lower_lr_helps", False),
        ("lr=3e-4", "learning_rate", 3e-4),
        ("trained in fp16", "mixed_precision", "fp16"),
        ("batch size 8", "batch_size", 8.0),
        ("shuffle=False", "shuffle", False),
        ("batch size is 4 here, their repo uses 512", "batch_size", 4.0),
        ("I kept everything and set the batch: 8 -> 32 (paper: 64)", "batch_size", 32.0),
        ("2 clips per gpu", "batch_size", 2.0),
        ("its lr still reads 0.2", "learning_rate", 0.2),
        ("loss went from 8.1 (lr 5) to 2.2", "learning_rate", 5.0),
        ("lr 0.01 like the tutorial says", "learning_rate", 0.01),
        ("trained on four 24G cards", "distributed", True),
        ("several GPUs, while the single GPU original is fine", "distributed", True),
        ("official weights loaded", "init_scheme", "pretrained"),
        ("started from the released checkpoint", "init_scheme", "pretrained"),
        ("missing values were all imputed", "nan_in_inputs", False),
        ("it dies, and never at the same place", "reproduces_same_step", False),
        ("each time it crashes at i=733", "reproduces_same_step", True),
        ("initialised from the COCO model", "init_scheme", "pretrained"),
        ("the older torch works, updating broke it", "other_version_fixes", True),
        ("labels are 1..10 instead of 0..9", "target_range_ok", False),
        ("I standardize the inputs in training but not at inference", "preprocessing_consistent", False),
        ("there is dropout in the network", "regularization", "normal"),
        ("a time series classifier", "task_kind", "classification"),
        ("my own FooBarCNN", "architecture", "cnn"),
        ("a PoseFormer", "architecture", "transformer"),
        ("bf16，200 条数据", "mixed_precision", "bf16"),
        ("bf16，200 条数据", "dataset_size", 200.0),
        ("显存不够就把 batch 从 256 改到 48", "batch_size", 48.0),
        ("batch size，8 改成 64（论文是 32）", "batch_size", 64.0),
        ("lr 照教程 0.005", "learning_rate", 0.005),
        ("adam 加固定 lr", "lr_schedule", "none"),
        ("就一张 4090", "distributed", False),
        ("空值都填过默认值了", "nan_in_inputs", False),
        ("每次都挂在第 1200 步", "reproduces_same_step", True),
        ("每次崩的位置都不一样", "reproduces_same_step", False),
        ("二分类分割任务", "task_kind", "detection_segmentation"),
        ("GRPO 训 Qwen2.5", "task_kind", "reinforcement"),
    ],
)
def test_facts_come_with_their_values_and_negations(text: str, fact: str, value: object) -> None:
    """Values, units and "not" are taken as they are meant."""
    assert hear(text).facts[fact][0] == value


def test_training_on_is_no_resuming() -> None:
    """I trained a few hundred steps more; I did not stop."""
    heard = hear("降到 0.05 都挺正常，可是接着训几百步 cost 就开始往上涨")
    assert "resumed_at_onset" not in heard.facts
    assert list(heard.symptoms) == ["loss_divergence"]


@pytest.mark.parametrize(
    ("text", "symptom"),
    [
        ("Why isn't my loss decreasing?", "loss_plateau"),
        ("Why hasn't my loss changed from the beginning to the end of training?", "loss_plateau"),
        ("What could cause the loss to explode after 2000 steps?", "loss_divergence"),
        ("为什么 loss 会突然变大？", "loss_surge"),
        ("有没有人遇到过 loss 一直不降的", "loss_plateau"),
    ],
)
def test_trouble_that_is_asked_about_is_heard(text: str, symptom: str) -> None:
    """I ask why it happens, so it does happen."""
    assert symptom in hear(text).symptoms


@pytest.mark.parametrize(
    ("text", "symptom"),
    [
        ("accuracy tops out at 40% no matter how long it trains", "loss_plateau"),
        ("after 200k steps the alignment is still nothing like a diagonal", "loss_plateau"),
        ("reward is still about random after 3M steps", "loss_plateau"),
        ("the loss goes to 1.2 and stops", "loss_plateau"),
        ("accuracy 0.25, always", "loss_plateau"),
        ("train loss drops like a rock and settles at 0", "loss_too_low"),
        ("everything is classified as background", "constant_prediction"),
        ("not a single box is detected, the output is empty", "constant_prediction"),
        ("training shows nothing unusual, but the model translates terribly", "val_only_bad"),
        ("loss looks fine, but when I reload it for inference the outputs are garbage", "val_only_bad"),
        ("training accuracy is lovely, validation fell off a cliff", "val_only_bad"),
        ("on the test set precision, recall and F1 are 0, the training loss decreases nicely", "val_only_bad"),
        ("mAP was rising until epoch 40 and has been going down since", "overfitting_gap"),
        ("job was killed; after a hot start from the saved weights the learning rate falls off a cliff", "jump_at_resume"),
        ("loss: 3.1\nloss: 12.7\nloss: 60.2\nloss: 402.9", "loss_divergence"),
        ("the loss rose and rose", "loss_divergence"),
        ("AUC is 8 points above anything we ever had, I don't believe it", "loss_too_low"),
        ("the forecasts are a flat line", "constant_prediction"),
        ("all embeddings collapse to a single point", "constant_prediction"),
        ("it transcribes everything as the same word", "constant_prediction"),
        ("mAP drops after resume", "jump_at_resume"),
        ("the mAP suddenly became 0 while the loss keeps falling", "val_only_bad"),
        ("predictions are random after the weights are loaded for inference, the loss looked fine", "val_only_bad"),
        ("the agent still acts randomly after 2M steps", "loss_plateau"),
        ("every epoch prints the same accuracy", "loss_plateau"),
        ("dice has not exceeded 0.1 in 50 epochs", "loss_plateau"),
        ("mean reward is about what a random policy gets", "loss_plateau"),
        ("when I run test.py the boxes are scattered all over the image, the training loss was good", "val_only_bad"),
        ("validation images looked perfect during training, now my own script gives me pure noise", "val_only_bad"),
        ("it never predicts the minority class", "constant_prediction"),
        ("all outputs collapse to a single action", "constant_prediction"),
        ("it has learned the training set by heart", "overfitting_gap"),
        ("the loss doesn't go any further after a quick drop", "loss_plateau"),
        ("the bot is as clueless as on day one", "loss_plateau"),
        ("the logits don't depend on the input", "constant_prediction"),
        ("it suggests the same ten films to everybody", "constant_prediction"),
        ("the prediction is always negative", "constant_prediction"),
        ("96% in training and 10% in testing", "val_only_bad"),
        ("chance level performance after 80 epochs", "loss_plateau"),
        ("the loss after 5k steps is the same as at step 1", "loss_plateau"),
        ("test MSE is almost zero, can this be true?", "loss_too_low"),
        ("whatever state I give it, the policy returns action 3", "constant_prediction"),
        ("loss goes 0.9, 0.7, 0.6, 0.8, 1.5, 4, 19", "loss_divergence"),
    ],
)
def test_trouble_told_in_idioms_is_heard(text: str, symptom: str) -> None:
    """I say it as people talk, with another metric than the loss, in a list or in pasted lines of a log."""
    assert symptom in hear(text).symptoms


@pytest.mark.parametrize("text", ["I hope somebody can help, it is my first model", "the slogan of my project", "the model doesn't fit on my card", "it overfits on purpose, that is the plan", "all the recordings are in the same folder", "what is going on with my setup?"])
def test_everyday_words_are_no_trouble(text: str) -> None:
    """Words that sound like a jump, a plateau or a resumed run are none of them here."""
    assert not hear(text).symptoms
    assert hear(text).facts.keys().isdisjoint(("resumed_at_onset", "architecture"))


@pytest.mark.parametrize("text", ["验证集只有 200 条", "the validation set has 300 images", "一共 8 张 A100", "on 8 V100 cards", "second shard of data"])
def test_a_count_of_something_else_is_not_the_size_of_the_training_data(text: str) -> None:
    """Validation samples, graphics cards and ordinals are no training samples, and no score that falls short."""
    assert "dataset_size" not in hear(text).facts
    assert "loss_slow" not in hear(text).symptoms


@pytest.mark.parametrize("text", ["RuntimeError: CUDA error: device-side assert triggered", "报错 device-side assert triggered"])
def test_a_device_side_assert_is_about_labels(text: str) -> None:
    """A label index out of range is no broken graphics card."""
    heard = hear(text)
    assert heard.facts["target_range_ok"][0] is False
    assert "gpu_errors_logged" not in heard.facts
    assert "hardware_alarm" not in heard.symptoms


@pytest.mark.parametrize(
    ("text", "symptom"),
    [
        ("二十个 epoch 过去准确率还是连瞎猜都不如", "loss_plateau"),
        ("loss 死活下不了 0.69", "loss_plateau"),
        ("打印了权重，跟初始化的时候比分毫未动", "loss_plateau"),
        ("这网络怎么都练不起来，等于白跑", "loss_plateau"),
        ("换了 SGD 之后 loss 不像以前那样往下走了", "loss_plateau"),
        ("Tacotron 训了五万步，对齐图还是糊的，看不到对角线", "loss_plateau"),
        ("模型收敛不下去", "loss_plateau"),
        ("训练的时候好好的，一推理就满口胡话", "val_only_bad"),
        ("loss 正常下降，拿自己的图去测，什么都识别不出来", "val_only_bad"),
        ("保存下来再读进来，效果就毁了，训练时验证还挺好", "val_only_bad"),
        ("重开 python 从文件加载之后，准确率完全对不上训练时的", "val_only_bad"),
        ("CTC 识别出来每句都是空的", "constant_prediction"),
        ("解码一个字都不出，全是 blank", "constant_prediction"),
        ("跑到一半 loss 一下子就 0 了，之后再没变过", "loss_zero_tail"),
        ("第一个 epoch 验证 AUC 就 0.99，也太好了吧，靠谱吗", "loss_too_low"),
        ("loss 先降到 0.1，然后又一路爬回去", "loss_divergence"),
        ("昨天断了，今天接着来，loss 跟新开的一样", "jump_at_resume"),
        ("断点接上之后 loss 不是从停的地方开始，高一截", "jump_at_resume"),
        ("每回重新起来 loss 都要往上抬一截", "jump_at_resume"),
        ("loss 曲线像梳子一样", "periodic_pattern"),
        ("前面的图都挺好，第 30 个 epoch 突然就烂了，后面全毁", "loss_surge"),
        ("训练 loss 一直在降，AP 升到一半就开始往回掉", "overfitting_gap"),
        ("lora 合并之后回答乱，合并之前测着很好", "val_only_bad"),
        ("训练 loss 挺漂亮，一采样出来全是噪点", "val_only_bad"),
        ("部署之后吐乱码，训练的时候 loss 正常下降", "val_only_bad"),
        ("训练合成器一直对不齐，对齐曲线是一条横线，loss 也没降", "loss_plateau"),
        ("奖励到了一定阶段不再增长，一点进步没有", "loss_plateau"),
        ("acc=0，epoch 都跑到 20 了还是不动", "loss_plateau"),
        ("训完 loss 成一条平线", "loss_plateau"),
        ("无论问什么都回答同一句话", "constant_prediction"),
        ("平均 loss 来回转圈，降到 0.2 又到 0.5", "loss_oscillation"),
        ("断点继续之后学习率没有接着降，又从初始的 1e-3 开始", "jump_at_resume"),
        ("训了 20 多个 epoch 之后 loss 不降反增", "loss_divergence"),
        ("acc 磨了一晚上还在 10% 打转", "loss_plateau"),
        ("测试的时候关掉探索就站着不动，训练 reward 都有 200", "val_only_bad"),
        ("训练打印的样本都认对了，写个脚本单张读图认得乱七八糟", "val_only_bad"),
        ("dqn 只会往左走，啥状态都选同一个动作", "constant_prediction"),
        ("每过 800 iter loss 就抬一下头，特别规律", "periodic_pattern"),
        ("loss 从 30 掉到 3 就歇菜了", "loss_plateau"),
        ("lora 训练 ppl 很低，起服务之后一问三不知", "val_only_bad"),
        ("检测网络每张图的框都在同一个位置", "constant_prediction"),
        ("从第 60 轮恢复，mAP 直接回到第 8 轮的水平", "jump_at_resume"),
        ("lora sft loss 一路掉到 0.003，太顺了有点慌", "loss_too_low"),
        ("训了半天 acc 就没离开过 50%", "loss_plateau"),
        ("训完换个进程加载，预测跟瞎蒙一样", "val_only_bad"),
        ("ner 全打成 O 标签", "constant_prediction"),
    ],
)
def test_chinese_turns_of_speech_are_heard(text: str, symptom: str) -> None:
    """I say it the way one says it in chat, and it is understood, with at most one symptom more."""
    found = list(hear(text).symptoms)
    assert symptom in found
    assert len(found) <= 2


@pytest.mark.parametrize(
    ("text", "symptom"),
    [
        ("大 batch 怎么才能不掉点", "loss_plateau"),
        ("grad norm 动不动就飙到几百", "loss_plateau"),
        ("用的是单机 4 卡，卡数不一样要改哪些参数", "ranks_disagree"),
        ("检测出来的框都是歪的，训练 loss 很低", "overfitting_gap"),
        ("padding 那些 token 没 mask 掉", "loss_plateau"),
        ("每次都挂在第 1200 步", "loss_plateau"),
        ("loss 还在三十往上", "loss_divergence"),
    ],
)
def test_chinese_words_inside_other_words_mislead_nobody(text: str, symptom: str) -> None:
    """The characters of a trouble stand there, but the word says something else."""
    assert symptom not in hear(text).symptoms


def test_everything_heard_carries_its_words() -> None:
    """Each thing heard can be shown beside the words it was heard in."""
    text = "lr=3e-4, fp16, loss goes to nan after resuming from epoch 20"
    heard = hear(text)
    assert heard.symptoms
    assert all(words and words in text for words in heard.symptoms.values())
    assert all(words and words in text for _, words in heard.facts.values())


def test_full_width_letters_are_read_as_plain_ones() -> None:
    """What a Chinese keyboard types in full width means the same."""
    assert hear("ｌｒ＝１ｅ－３，ｌｏｓｓ 变 ｎａｎ").symptoms.keys() == hear("lr=1e-3, loss 变 nan").symptoms.keys()


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    """Whatever is typed, it is heard or not heard, and never an error."""
    heard = hear(text)
    assert all(id in KB.names["symptoms"] for id in heard.symptoms)
    assert all(id in KB.names["facts"] for id in heard.facts)
