"""What the actions of the audit log are called, and the words of what they changed."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

ACTIONS: Mapping[str, Any] = {
    "user.create": _("新建账号"),
    "admin.grant": _("设为管理员"),
    "admin.revoke": _("取消管理员"),
    "password.change": _("修改密码"),
    "membership.grant": _("加入店铺"),
    "membership.role": _("改变角色"),
    "membership.revoke": _("移出店铺"),
    "token.create": _("新建 API 令牌"),
    "token.revoke": _("停用 API 令牌"),
    "import.applied": _("导入文件"),
    "demo.begun": _("开始装入演示数据"),
    "demo.loaded": _("装好演示数据"),
    "run.retry": _("重新运行"),
    "shard.retry": _("重试分片"),
    "second_factor.enrol": _("启用两步验证"),
    "second_factor.codes": _("新的备用码"),
    "second_factor.reset": _("重设两步验证"),
    "password.reset": _("重设密码"),
    "violation.register": _("登记违规"),
    "violation.weigh": _("认定性质与分值"),
    "violation.execute": _("执行违规"),
    "violation.revoke": _("撤销违规"),
    "violation.silence": _("期满未申诉，自动执行"),
    "violation.undo": _("撤回上一步"),
    "appeal.file": _("提交申诉"),
    "appeal.paper": _("补充申诉材料"),
    "appeal.refuse": _("驳回申诉"),
    "appeal.uphold": _("申诉成立"),
    "exam.record": _("记录考试结果"),
    "shift.add": _("排班"),
    "shift.drop": _("删掉班次"),
    "live.add": _("计划直播"),
    "live.drop": _("删掉直播"),
    "user.close": _("停用账号"),
    "user.reopen": _("恢复账号"),
    "invitation.create": _("生成邀请码"),
    "application.begin": _("开始入驻申请"),
    "application.paper_add": _("上传材料"),
    "application.paper_drop": _("删除材料"),
    "application.submit": _("提交申请"),
    "application.withdraw": _("撤回申请"),
    "application.ask": _("要求补充材料"),
    "application.approve": _("通过审核"),
    "application.reject": _("驳回申请"),
    "application.deposit": _("登记保证金到账"),
    "application.open": _("开店并发布第一个商品"),
    "mode.ask": _("申请自主客服"),
    "mode.exam": _("记录基础考试"),
    "mode.switch": _("切换客服模式"),
    "mode.withdraw": _("撤回自主客服申请"),
    "sample.draw": _("抽取质检会话"),
    "sample.mark": _("给质检会话打分"),
    "settings.change": _("改店铺设置"),
    "settings.image_add": _("添加店铺照片"),
    "settings.image_drop": _("删除店铺照片"),
    "webhook.create": _("设置推送地址"),
    "webhook.change": _("更换推送地址"),
    "webhook.drop": _("删除推送地址"),
    "email.ask": _("发出邮箱确认"),
    "email.change": _("更换邮箱"),
    "email.drop": _("删除邮箱"),
}
OBJECTS: Mapping[str, Any] = {
    "user": _("账号"),
    "membership": _("成员"),
    "token": _("API 令牌"),
    "import": _("导入"),
    "import_batch": _("导入"),
    "demo": _("演示数据"),
    "run": _("运行"),
    "violation": _("违规"),
    "exam": _("考试"),
    "shift": _("班次"),
    "live": _("直播"),
    "mode": _("客服模式"),
    "sample": _("质检会话"),
    "shard": _("运行分片"),
    "webhook": _("推送地址"),
    "application": _("入驻申请"),
    "invitation": _("邀请码"),
    "shop": _("店铺"),
    "shop_image": _("店铺照片"),
}


def action_word(action: str) -> str:
    """An action in words; its own name when nobody gave it one."""
    return str(ACTIONS.get(action, action))


def object_word(object_type: str) -> str:
    """A kind of object in words; its own name when nobody gave it one."""
    return str(OBJECTS.get(object_type, object_type))
