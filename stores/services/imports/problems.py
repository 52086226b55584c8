"""What is wrong with a row, kept as a code and particulars and put into words when shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shopguard.lib.scrub import scrub
from stores.models import ImportBatch

MAX_VALUE_CHARS = 80

ERROR = "error"
WARNING = "warning"


@dataclass(frozen=True)
class Problem:
    """One thing about one record of a file; ``line`` is where the record begins."""

    line: int
    column: str
    value: str
    code: str
    severity: str = ERROR
    params: Mapping[str, Any] = field(default_factory=dict)

    def stored(self) -> dict[str, Any]:
        """The form kept in the ledger."""
        return {
            "line": self.line,
            "column": self.column,
            "value": self.value,
            "code": self.code,
            "params": dict(self.params),
            "severity": self.severity,
        }


def shown_value(text: str) -> str:
    """A cell as it may be shown: scrubbed and not endless."""
    text = scrub(text)
    return text if len(text) <= MAX_VALUE_CHARS else f"{text[:MAX_VALUE_CHARS]}…"


def problem_reported(stored: Mapping[str, Any]) -> dict[str, Any]:
    """A ledger problem as the report shows it, in the language in force."""
    return {
        "line": stored["line"],
        "column": stored["column"],
        "value": stored["value"],
        "reason": reason_text(stored["code"], stored["params"]),
        "severity": stored["severity"],
    }


def refusal_text(batch: ImportBatch) -> str:
    """Why a file was refused whole, in the language in force; empty for one that was not."""
    told = batch.refusal
    if "code" not in told:
        return batch.reason
    return reason_text(told["code"], told["params"])


def reason_text(code: str, params: Mapping[str, Any]) -> str:
    """The sentence for a code: what is wrong and what to do."""
    return _sentences(get_language() or "")[code] % params


@cache
def _sentences(language: str) -> dict[str, str]:
    """Every sentence in the language in force, which is ``language``."""
    return {**_of_cells(), **_of_rows(), **_of_files(), **_of_workbooks()}


def _of_cells() -> dict[str, str]:
    return {
        "too_long": _("内容超过 %(limit)s 个字符，请缩短"),
        "control_character": _("编号里有换行或控制字符，请删除"),
        "exponent": _("长编号已被 Excel 变成科学计数法，原值已丢失，请以文本格式重新导出"),
        "unknown_code": _("不在可用值之列，可用：%(codes)s"),
        "not_a_flag": _("应为 yes 或 no（也可用 1 或 0）"),
        "not_a_whole_number": _("应为不带单位的整数"),
        "out_of_range": _("应在 %(low)s 到 %(high)s 之间"),
        "not_money": _("应为以元为单位、最多两位小数的金额，例如 1280.50，不带货币符号和千分位"),
        "negative_money": _("金额不能为负"),
        "money_too_large": _("金额过大，请检查是否填错"),
        "not_a_weight": _("应为以千克为单位的小数，例如 0.35"),
        "not_a_decimal": _("应为不小于 0 的小数，例如 0.985；百分比请写成小数"),
        "date_without_time": _("只有日期，缺少时刻，应为 YYYY-MM-DD HH:MM:SS"),
        "not_a_time": _("不是有效的时间，应为 YYYY-MM-DD HH:MM:SS"),
        "not_a_date": _("不是有效的日期，应为 YYYY-MM-DD"),
        "before_2000": _("早于 2000-01-01，请检查"),
        "in_future": _("晚于导入时间一天以上，请检查"),
        "identity_missing": _("编号为空，无法识别这一行"),
        "cannot_erase": _("必填项不能用 \\N 清空"),
        "required": _("新建记录必须填写此列"),
        "fixed": _("已知的值不能改为另一个值"),
        "unknown_shop": _("店铺不存在，请先导入店铺"),
        "other_shop": _("这一行属于另一个店铺，本次只导入指定店铺"),
    }


def _of_rows() -> dict[str, str]:
    return {
        "signed_before_paid": _("签收早于支付（非货到付款）"),
        "closed_before_applied": _("结束早于申请"),
        "shipped_before_paid": _("发货早于支付，请核对"),
        "signed_before_shipped": _("签收早于发货，请核对"),
        "cutoffs_not_in_order": _("五个分位值应从差到好排列：p10 最差，p95 最好"),
        "clause_not_in_force": _("违规发生当天没有这一条款，请核对条款代码与发生时间"),
        "weight_is_fixed": _("此条款的类型和分值由条款目录决定，填写的值不用于计分"),
        "executed_without_time": _("已执行但没有执行时间，暂不计分"),
        "no_trade_modes": _("此指标不分贸易方式，请留空"),
        "superseded": _("同一编号在第 %(line)s 行再次出现，以后者为准"),
        "order_differs": _("订单列与该订单首行（第 %(line)s 行）不同，以首行为准"),
        "reserved": _("此值只能由管理员设置，已忽略"),
        "wrong_cell_count": _(
            "这一行有 %(found)s 格，表头有 %(expected)s 格；文字里的逗号和换行需要加引号"
        ),
        "nul": _("含有空字符（NUL），文件可能已损坏"),
        "replacement_character": _("含有无法识别的字符（�），文字已在别处损坏，请从源头重新导出"),
        "bad_quotes": _("引号没有正确闭合（第 %(first)s–%(last)s 行）"),
        "cell_too_long": _("有一格超过 %(limit)s 个字符，也可能是引号没有闭合"),
        "not_a_record": _("不是一条完整的记录；从这里到行尾都没有读取"),
        "too_many_rows": _("同一条记录在文件里超过 %(limit)s 行"),
    }


def _of_workbooks() -> dict[str, str]:
    return {
        "old_workbook": _("这是旧版 Excel 文件（xls）；请另存为 xlsx 或 CSV"),
        "encrypted": _("工作簿有密码；请去掉密码后再导入"),
        "not_a_workbook": _("这是压缩包，但不是 xlsx 工作簿；请另存为 xlsx 或 CSV"),
        "broken_workbook": _("工作簿已损坏或不完整；请重新导出，或另存为 CSV"),
        "workbook_bomb": _("工作簿解压后的内容与声明不符或异常巨大，已拒绝；请另存为 CSV"),
        "workbook_too_large": _("工作簿过大，上限为 %(limit)s MiB；请另存为 CSV"),
        "workbook_too_heavy": _("读取工作簿需要的内存或时间超过上限；请另存为 CSV"),
        "too_many_sheet_rows": _("工作表超过 %(limit)s 行；请另存为 CSV"),
        "formulas_without_values": _(
            "有公式没有保存计算结果；请在 Excel 中打开并保存一次，或另存为 CSV"
        ),
        "json_needs_preset": _("JSON 文件要选择开放平台的预设：%(presets)s"),
    }


def _of_files() -> dict[str, str]:
    return {
        "no_such_shop": _("没有编号为 %(shop)s 的店铺，请先导入店铺"),
        "unreadable": _("无法读取文件：%(error)s"),
        "too_large": _("文件有 %(size)s 字节，上限为 %(limit)s 字节；请拆分后再导入"),
        "empty_file": _("文件是空的"),
        "not_text": _("这不是表格文件（看起来是图片、压缩包或其他格式）；请另存为 CSV 或 xlsx"),
        "html": _("这是网页或 XML，不是表格文件；请用 Excel 打开后另存为 CSV 或 xlsx"),
        "undecodable": _("无法识别文字编码：全文既不是 UTF-8、带标记的 UTF-16，也不是 GB18030"),
        "too_many_columns": _("表头有 %(found)s 列，上限为 %(limit)s 列"),
        "too_many_records": _("文件超过 %(limit)s 行；请拆分后再导入"),
        "missing_columns": _("表头缺少必需的列：%(columns)s。最接近的预设：%(presets)s"),
        "missing_columns_no_preset": _(
            "表头缺少必需的列：%(columns)s。没有相近的预设，请检查第一行是否为表头"
        ),
        "doubled_columns": _("表头有重复的列：%(columns)s"),
        "admin_only": _("这是「%(kind)s」文件，只能由管理员导入"),
        "personal_column": _("「%(column)s」是个人信息，不能对应到任何字段"),
        "interrupted": _("文件没有传完，什么都没有保存；请再选一次"),
        "disk_full": _("服务器空间不足，什么都没有保存；请稍后再传"),
    }
